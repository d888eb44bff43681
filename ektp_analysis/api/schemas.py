"""The shapes of answers, as JSON schemas: what the description says, and what tests hold every answer against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from ektp_analysis.api.questions import CHOICES
from ektp_analysis.core import contract
from ektp_analysis.core.area import Level
from ektp_analysis.office import imports

Schema = Mapping[str, Any]
TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
YES_NO: Schema = {"type": "boolean"}
YES_NO_OR_NULL: Schema = {"type": ["boolean", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
COUNT_OR_NULL: Schema = {"type": ["integer", "null"], "minimum": 0}
WHOLE_OR_NULL: Schema = {"type": ["integer", "null"]}
NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
SHARE_OR_NULL: Schema = {
    "type": ["number", "null"],
    "minimum": 0,
    "description": "0 to 1, or more",
}
CHANCE_OR_NULL: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
DAY: Schema = {"type": "string", "format": "date"}
DAY_OR_NULL: Schema = {"type": ["string", "null"], "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
CODE: Schema = {"type": "string", "pattern": r"^(ID|[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?)$"}
LEVEL: Schema = {"enum": [level.name.lower() for level in Level]}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def one(**properties: Schema) -> dict[str, Any]:
    """An object that has these, and nothing else."""
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def perhaps(of: Schema, **more: Schema) -> dict[str, Any]:
    """That object, which may have these as well."""
    return {**of, "properties": {**of["properties"], **more}}


def some(of: Schema) -> dict[str, Any]:
    """A list."""
    return {"type": "array", "items": of}


def by_name(of: Schema) -> dict[str, Any]:
    """An object whose names are codes, days or words."""
    return {"type": "object", "additionalProperties": of}


def or_null(of: Schema) -> dict[str, Any]:
    """That, or null."""
    return {"anyOf": [of, {"type": "null"}]}


def listed(item: Schema, **beside: Schema) -> dict[str, Any]:
    """A page of a list: how many there are in all, and the cursor of the next page."""
    return one(area=CODE, sample=YES_NO, known_at=TEXT_OR_NULL, **beside, total=COUNT, next=TEXT_OR_NULL, items=some(item))


def _more(of: Schema, **maybe: Schema) -> dict[str, Any]:
    """The same, with what is there only sometimes."""
    return {**of, "properties": {**of["properties"], **maybe}}


def _value(column: contract.Column) -> dict[str, Any]:
    if column.kind == "count":
        return {"type": ["integer", "null"], "minimum": column.minimum, "maximum": column.maximum}
    if column.kind in ("area", "date"):
        return dict(CODE if column.kind == "area" else DAY)
    return {"enum": [*column.choices]} if column.kind == "choice" else dict(TEXT_OR_NULL)


ERROR = one(error=one(status={"type": "integer"}, message=TEXT))
_TOTALS = one(eligible=COUNT_OR_NULL, recorded=COUNT_OR_NULL, unrecorded=COUNT_OR_NULL)
_OLDER = or_null(one(areas=COUNT, unrecorded=COUNT, since=DAY_OR_NULL))
_SHARES = {"coverage": SHARE_OR_NULL, "coverage_low": SHARE_OR_NULL, "coverage_high": SHARE_OR_NULL}
_FIGURE: dict[str, Schema] = {
    "totals": _TOTALS,
    **_SHARES,
    "coverage_reported": TEXT_OR_NULL,
    "basis": TEXT_OR_NULL,
    "status": TEXT_OR_NULL,
    "source": TEXT_OR_NULL,
    "complete": YES_NO_OR_NULL,
    "older": _OLDER,
}
_AIM = {"type": "object", "description": "What the office wants to reach by when, and its plan; only where there is an aim."}
_CLEANING = {
    "type": "object",
    "description": "Who can come, and who is to be cleaned off the list; only where it is known.",
}
CATALOGUE = listed(
    one(area=CODE, name=TEXT, level=LEVEL, first=DAY, last=DAY, days=COUNT),
    version=TEXT,
    who=TEXT,
    roles=by_name(TEXT),
    columns=some(
        one(
            name=TEXT,
            label=TEXT,
            about=TEXT,
            kind=TEXT,
            unit=TEXT,
            required=YES_NO,
            minimum=NUMBER_OR_NULL,
            maximum=NUMBER_OR_NULL,
            choices=some(TEXT),
        )
    ),
)
AREAS = listed(one(area=CODE, name=TEXT, level=LEVEL, parent=or_null(CODE)))
FIGURES = listed(
    one(
        **{column.name: _value(column) for column in contract.COLUMNS},
        batch=WHOLE_OR_NULL,
        sheet=TEXT,
        row=WHOLE_OR_NULL,
        received_at=MOMENT,
    )
)
_STATUS_ROW = one(
    as_of_date=DAY,
    eligible=COUNT_OR_NULL,
    recorded=COUNT_OR_NULL,
    unrecorded=COUNT_OR_NULL,
    **_SHARES,
    coverage_reported=TEXT_OR_NULL,
    source=TEXT,
    status=TEXT,
    complete=YES_NO,
    n_reported=COUNT,
    n_older=COUNT,
    unrecorded_older=COUNT,
)
STATUS = _more(
    one(
        area=CODE,
        name=TEXT,
        sample=YES_NO,
        known_at=TEXT_OR_NULL,
        trail=TEXT_OR_NULL,
        as_of_date=DAY_OR_NULL,
        **_FIGURE,
        heading=TEXT,
        own=or_null(one(**_FIGURE)),
        sum=or_null(one(**_FIGURE)),
        differences=some(one(column=TEXT, own=NUMBER_OR_NULL, sum=NUMBER_OR_NULL)),
        n_expected=COUNT_OR_NULL,
        n_reported=COUNT_OR_NULL,
        silent=some(one(area=CODE, name=TEXT, since=DAY_OR_NULL, overdue=YES_NO)),
        incomplete=some(CODE),
        above_hundred=some(CODE),
        uncounted=some(CODE),
        eligible_estimate=one(low=COUNT_OR_NULL, high=COUNT_OR_NULL, text=TEXT),
        change={"type": "object", "properties": {"from": DAY_OR_NULL, "to": DAY_OR_NULL, "unrecorded": WHOLE_OR_NULL,
                                                 "per_day": NUMBER_OR_NULL, "reason": TEXT_OR_NULL},
                "required": ["from", "to", "unrecorded", "per_day", "reason"], "additionalProperties": False},
        target=one(target=TEXT, verdict=TEXT, reached_on=DAY_OR_NULL),
        warnings=some(TEXT),
        history=some(_STATUS_ROW),
    ),
    cleaning=_CLEANING,
    aim=_AIM,
)  # fmt: skip
_OUTCOME = {"type": "string", "description": "A day, or why there is none: the target is not reached within the horizon."}
_CHANCES: dict[str, Schema] = {
    "quantiles": by_name(_OUTCOME),
    "probability_by": by_name(CHANCE_OR_NULL),
    "probability_never": CHANCE_OR_NULL,
}
_BOUNDS = {"type": "array", "items": NUMBER_OR_NULL, "minItems": 2, "maxItems": 2}
_STALL = or_null(one(since=DAY, pace_since={"type": "number"}, pace_before={"type": "number"}))
_PROJECTION: dict[str, Schema] = {
    "area_code": CODE,
    "target": TEXT,
    "meaning": TEXT,
    "origin": DAY_OR_NULL,
    "horizon_days": COUNT,
    **_CHANCES,
    "reason": or_null(one(code=TEXT, text=TEXT, on=DAY_OR_NULL)),
    "notes": some(TEXT),
    "inputs": one(
        dates=some(DAY),
        unrecorded=some(_BOUNDS),
        unit=TEXT,
        eligible=or_null(some(NUMBER_OR_NULL)),
        allowed=or_null(some(NUMBER_OR_NULL)),
        breaks=some(one(on=DAY, kind=TEXT, text=TEXT)),
        pooled={"type": ["integer", "boolean"]},
        parts=COUNT,
        inflow_per_day={"type": "number"},
    ),
    "method": TEXT,
    "seed": {"type": "integer"},
    "stall": _STALL,
}
PROJECTION = _more(
    one(
        **_PROJECTION,
        standing=one(
            as_of_date=DAY_OR_NULL, **_TOTALS["properties"], older=_OLDER, above_hundred=some(CODE), uncounted=some(CODE)
        ),
        rests_on=one(
            pace_recent=NUMBER_OR_NULL,
            pace_recent_days=WHOLE_OR_NULL,
            line=TEXT_OR_NULL,
            median_days=NUMBER_OR_NULL,
            median_pace=NUMBER_OR_NULL,
            last_tenth_days=NUMBER_OR_NULL,
        ),
        sample=YES_NO,
        known_at=TEXT_OR_NULL,
    ),
    inside=by_name(one(**_PROJECTION, probability_last=CHANCE_OR_NULL)),
    all_inside=or_null(one(**_CHANCES)),
    cleaning=_CLEANING,
    aim=_AIM,
)
OUTLINES = {
    **one(
        type={"const": "FeatureCollection"},
        area=CODE,
        level=LEVEL,
        credit=TEXT,
        source=TEXT,
        licence=TEXT,
        valid_from=TEXT,
        features=some(
            one(
                type={"const": "Feature"},
                properties=one(code=or_null(CODE), name=TEXT, label_lon={"type": "number"}, label_lat={"type": "number"}),
                geometry={"type": "object"},
            )
        ),
    ),
    "description": "GeoJSON (RFC 7946), longitude and latitude in degrees (WGS 84).",
}
BATCHES = listed(
    perhaps(
        one(
            batch=COUNT,
            file=TEXT,
            sha256=SHA256,
            size=COUNT,
            uploader=TEXT,
            received_at=MOMENT,
            as_of_dates=some(DAY),
            rows=COUNT,
            choices={"type": "object"},
            retracted=or_null(one(at=MOMENT, by=TEXT, reason=TEXT)),
        ),
        approved_by=TEXT,
    )
)
_READING = one(label=TEXT, choices={"type": "object"}, totals=by_name(NUMBER_OR_NULL))
_REPORT = one(
    status={"enum": [*get_args(imports.Status)]},
    file=TEXT,
    sha256=SHA256,
    size=COUNT,
    sheet=TEXT,
    as_of_date=DAY_OR_NULL,
    as_of_dates=some(DAY),
    rows_accepted=COUNT,
    rows_refused=COUNT,
    totals=_TOTALS,
    totals_by_date=some(
        one(
            date=DAY,
            areas=COUNT,
            eligible=COUNT_OR_NULL,
            recorded=COUNT_OR_NULL,
            unrecorded=COUNT_OR_NULL,
            missing=by_name(COUNT),
        )
    ),
    parts=some(one(part=TEXT, sheet=TEXT, date=DAY_OR_NULL, rows=COUNT, totals=by_name(COUNT_OR_NULL))),
    areas=COUNT,
    silent=some(CODE),
    warnings=some(TEXT),
    reason=TEXT_OR_NULL,
    faults=some(TEXT),
    changes=one(new=COUNT, same=COUNT, revised=COUNT),
    evidence=some(one(topic=TEXT, choice=TEXT, reasons=some(TEXT))),
    questions=some(one(topic=TEXT, question=TEXT, readings=some(_READING))),
    checks=some(one(name=TEXT, level=TEXT, text=TEXT, rows=some(COUNT), areas=some(CODE))),
    choices=CHOICES,
    content_key=TEXT,
    layout=TEXT,
    batch=WHOLE_OR_NULL,
    same_as=some(COUNT),
    revised=some(one(area_code=CODE, date=DAY, column=TEXT, old={}, new={})),
    key={"type": ["string", "null"], "description": "Accepts exactly this reading; null where there is nothing to accept."},
)
REPORT = _more(_REPORT, submission=WHOLE_OR_NULL)  # where a second person is to approve it
NAMED: Mapping[str, Schema] = {
    "Error": ERROR,
    "Catalogue": CATALOGUE,
    "Areas": AREAS,
    "Figures": FIGURES,
    "Status": STATUS,
    "Projection": PROJECTION,
    "Outlines": OUTLINES,
    "Batches": BATCHES,
    "Report": REPORT,
}
