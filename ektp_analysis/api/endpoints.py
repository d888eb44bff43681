"""The table of addresses: what each answers, what may be asked of it, in which shape; and the description made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ektp_analysis import __version__
from ektp_analysis.access.tokens import BASE
from ektp_analysis.api import replies, schemas, sendings
from ektp_analysis.api.questions import PARAMETERS, Question
from ektp_analysis.api.replies import Asked, Reply

DESCRIPTION = "openapi.json"
Kind = Literal["read", "costly", "upload"]  # as tokens.RATES
_PAGED = ("area", "known_at", "data", "lang", "limit", "cursor")


@dataclass(frozen=True)
class Endpoint:
    """An address below :data:`BASE`. One that is read has a ``reply``, and a ``table`` where there is CSV as well; one that a
    file is sent to has ``takes``. ``shape`` is the name of its answer in :data:`schemas.NAMED`."""

    path: str
    about: str
    parameters: tuple[str, ...]
    shape: str
    reply: Callable[[Asked], Reply] | None = None
    table: Callable[[Asked], Reply] | None = None
    takes: Callable[[Question, bytes, str], Reply] | None = None
    kind: Kind = "read"
    media: str = "application/json"

    @property
    def methods(self) -> tuple[str, ...]:
        """How it is asked."""
        return ("GET", "HEAD") if self.takes is None else ("POST",)


ENDPOINTS = (
    Endpoint(
        "catalogue",
        "The areas with figures, their first and last day; the columns of a figure with unit and meaning; who asks.",
        (*_PAGED, "level"),
        "Catalogue",
        replies.catalogue,
    ),
    Endpoint("areas", "The areas of the register.", (*_PAGED, "level"), "Areas", replies.areas),
    Endpoint(
        "figures",
        "The figures that hold, a row an area and day, as the files gave them: what they did not say is null. Of sister areas "
        "only the totals that the province allows; these have no batch.",
        (*_PAGED, "level"),
        "Figures",
        replies.figures,
        replies.figures_csv,
    ),
    Endpoint(
        "status",
        "Where an area stands: its figure, who is silent, what changed, its history; as the command status gives it.",
        ("area", "known_at", "data", "lang"),
        "Status",
        replies.status,
    ),
    Endpoint(
        "projections",
        "When a target is reached, as chances; a target that cannot be projected comes with the reason. As the command project "
        "gives it.",
        ("area", "known_at", "data", "lang", "target", "by", "horizon", "level"),
        "Projection",
        replies.projections,
        kind="costly",
    ),
    Endpoint(
        "boundaries",
        "The outlines of the areas inside an area, with their source and licence.",
        ("area", "data", "lang", "level", "on"),
        "Outlines",
        replies.boundaries,
        media="application/geo+json",
    ),
    Endpoint(
        "batches",
        "The files that were accepted, the latest first, also such as were withdrawn.",
        _PAGED,
        "Batches",
        replies.batches,
        replies.batches_csv,
    ),
    Endpoint(
        "uploads",
        "The bytes of a file, for a report: what was read in it, what is asked about it, what is refused. Nothing is stored.",
        ("name", "choices", "lang"),
        "Report",
        takes=sendings.look,
        kind="upload",
    ),
    Endpoint(
        "uploads/accept",
        "The same bytes with the same choices and the key of the report: exactly what it said is stored. The same again stores "
        "nothing.",
        ("name", "choices", "key", "lang"),
        "Report",
        takes=sendings.accept,
        kind="upload",
    ),
)
BY_PATH = {one.path: one for one in ENDPOINTS}
_REFUSALS: Mapping[str, str] = {
    "400": "The question or the file cannot be used; the sentence says why.",
    "401": "No token, or one that opens nothing.",
    "403": "The token does not open this area.",
    "404": "There is nothing of this kind.",
    "409": "What was asked about has changed since.",
    "413": "The file is too large.",
    "429": "Too many requests a minute; Retry-After says when to come again.",
    "503": "The queue is full, or the store cannot be read; Retry-After says when to come again.",
}


def description() -> dict[str, Any]:
    """The interface as OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "e-KTP",
            "version": __version__,
            "description": "Figures of the recording of e-KTP, where areas stand and when targets are reached. Whoever has "
            "a token sees what was granted to it. Counts are people where no unit says "
            "otherwise; days are those of the server's zone.",
        },
        "servers": [{"url": BASE.lstrip("/"), "description": "relative to the address of the app"}],
        "security": [{"token": []}, {"session": []}],
        "paths": {f"/{one.path}": _path(one) for one in ENDPOINTS} | _tables(),
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Made with the command tokens add."},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "ektp_session",
                    "description": "Who is logged in.",
                },
            },
            "schemas": dict(schemas.NAMED),
        },
    }


def _tables() -> dict[str, Any]:
    return {f"/{one.path}.csv": {"get": _operation(one, _csv(), "_csv")} for one in ENDPOINTS if one.table is not None}


def _path(one: Endpoint) -> dict[str, Any]:
    content = {one.media: {"schema": {"$ref": f"#/components/schemas/{one.shape}"}}, **({} if one.table is None else _csv())}
    if one.takes is None:
        return {"get": _operation(one, content)}
    body = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    return {"post": {**_operation(one, content), "requestBody": body}}


def _csv() -> dict[str, Any]:
    return {"text/csv": {"schema": {"type": "string"}}}


def _operation(one: Endpoint, content: Mapping[str, Any], end: str = "") -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    answers: dict[str, Any] = {"200": {"description": "The answer.", "content": dict(content)}}
    if one.takes is None:
        answers["304"] = {"description": "Unchanged since the ETag in If-None-Match."}
    return {
        "operationId": one.path.replace("/", "_") + end,
        "summary": one.about,
        "parameters": [_parameter(name) for name in one.parameters],
        "responses": {**answers, **{status: {"description": why, "content": error} for status, why in _REFUSALS.items()}},
    }


def _parameter(name: str) -> dict[str, Any]:
    one = PARAMETERS[name]
    schema = {"type": "array", "items": dict(one.schema)} if one.many else dict(one.schema)
    return {"name": name, "in": "query", "required": one.needed, "description": one.about, "schema": schema}
