"""Charts put together without a copy of their parts: Altair copies each, with all that stands in it, at every step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import altair as alt

Way = Literal["layer", "vconcat", "concat"]  # over each other, below each other, in rows of ``columns``
_WHOLES: Mapping[Way, Any] = {"layer": alt.LayerChart, "vconcat": alt.VConcatChart, "concat": alt.ConcatChart}


class Joined:
    """Charts as one, asked for its Vega-Lite as an Altair chart is; each part is one of Altair or of this kind.

    ``given`` is what the whole has beside them, as Altair names it. Layers have no width or height of their own. Rows that are
    the same object in all parts stand once, with the whole.
    """

    def __init__(self, way: Way, parts: Iterable[Any], **given: Any) -> None:
        self._way, self._parts, self._given = way, tuple(parts), given
        first = self._parts[0].data if self._parts else alt.Undefined
        self.data = first if all(part.data is first for part in self._parts) else alt.Undefined

    def to_dict(self, validate: bool = True, *, context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The chart as Vega-Lite; ``context`` is what Altair tells a part of the whole.

        Raises:
            jsonschema.ValidationError: ``validate``, and it is not as Vega-Lite asks.
        """
        whole = _WHOLES[self._way]
        made: dict[str, Any] = whole(data=self.data, **{self._way: []}, **self._given).to_dict(validate=False, context=context)
        parts = [part.to_dict(validate=False, context={**(context or {}), "top_level": False}) for part in self._parts]
        once = () if self.data is alt.Undefined else ("data",)
        made[self._way] = [{key: value for key, value in part.items() if key not in once} for part in parts]
        if validate:
            whole.validate(made)
        return made
