"""Requests and plans as plain values and back: what a scenario is saved as. The fields of the dataclasses are the format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ektp_analysis.core.targets import ZERO, Target

_Made = TypeVar("_Made")


def plain(value: Any) -> Any:
    """A value of a request or plan as JSON has it: days as ISO text, enums as their value, dataclasses by field."""
    if isinstance(value, Target):
        return {"share": None if value.share is None else str(value.share), "source": value.source, "decimals": value.decimals}
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return value


def nearest(found: Any) -> dict[str, Any]:
    """Why there is no plan and what is nearest to one, as plain values; ``about`` is the area that it is about."""
    said = plain(found)
    return {"about": said.pop("area"), **{name: value for name, value in said.items() if name != "request"}}


def to_json(value: Any) -> str:
    """A request or plan as one line of JSON with sorted keys."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, allow_nan=False)


def from_json(kind: type[_Made], text: str) -> _Made:
    """The request or plan in a text that :func:`to_json` made.

    Raises:
        ValueError: the text holds none of this kind: a field is missing or unknown, or a value is of another type.
    """
    try:
        made = built(kind, json.loads(text))
    except (TypeError, KeyError, AttributeError) as wrong:
        raise ValueError(f"this is no {kind.__name__}: {wrong}") from wrong
    assert isinstance(made, kind)
    return made


def built(kind: Any, value: Any) -> Any:
    """A plain value as what a field of type ``kind`` holds.

    Raises:
        ValueError, TypeError: it is none.
    """
    if get_origin(kind) in (Union, UnionType):
        if value is None and NoneType in get_args(kind):
            return None
        return built(next(one for one in get_args(kind) if one is not NoneType), value)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        each = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(built(one, part) for one, part in zip(each, value, strict=True))
    if kind is Target:
        return _target(value)
    if is_dataclass(kind):
        return _dataclass(kind, value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    return _number(kind, value)


def _number(kind: Any, value: Any) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"{value!r} is no {kind.__name__}")
    return value


def _target(value: Mapping[str, Any]) -> Target:
    if value["share"] is None:
        return ZERO
    return Target.of(Decimal(value["share"]), source=value["source"], decimals=value["decimals"])


def _dataclass(kind: Any, value: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    unknown = set(value) - set(hints)
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    missing = [
        one.name for one in fields(kind) if one.name not in value and one.default is MISSING and one.default_factory is MISSING
    ]
    if missing:
        raise ValueError(f"{kind.__name__} without {', '.join(missing)}")
    return kind(**{name: built(hints[name], part) for name, part in value.items()})


@lru_cache(maxsize=64)
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)
