"""The answer about a total: by the draws of its parts where these carry it, else by its own series; and better answers about
the parts themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ektp_analysis.core.text import TN, Text
from ektp_analysis.projection.history import other_areas
from ektp_analysis.projection.joint import Family, outline
from ektp_analysis.projection.outlook import FEW
from ektp_analysis.projection.reasons import stall
from ektp_analysis.projection.result import ARRIVED, Inputs, Inside, Projection, Question
from ektp_analysis.projection.single import WIDE, beside_said, breaks_said

# What the total's own figures say for themselves, whatever its parts say.
ABOVE = "above_hundred"
OWN_WORD = {ARRIVED, ABOVE, "unknown_eligible", "no_figures"}


def can_carry(family: Family, question: Question, own: Projection) -> bool:
    """Whether the parts may carry the answer about their total, as far as that can be told without looking ahead; ``own`` as for
    :func:`carry`."""
    if family.silent or (own.reason is not None and own.reason.code in OWN_WORD):
        return False
    reasons = [found.reason for found in (outline(family, child, question) for child in family.seen) if found is not None]
    codes = {None if reason is None else reason.code for reason in reasons}
    return None in codes and codes <= {None, ARRIVED, ABOVE}


def carry(found: Inside, own: Projection) -> Inside:
    """The areas with ``whole`` as the answer about the total: its draws add up from those of its parts.

    ``own`` is the projection of the total's own series: it says what was seen, whether the target was met, and is the
    answer where the parts do not carry one: an area silent, without an answer, or known by a percentage alone.
    """
    if not carries(found, own):
        return replace(found, whole=own)
    whole, children = found.whole, found.children.values()
    seen = _up_to(own.inputs, whole)
    steps = found.broken_after(seen.broken_on)
    inputs = replace(
        seen,
        allowed=whole.inputs.allowed,
        parts=len(children) - len(_above(found)),
        pooled=0,
        inflow_per_day=whole.inputs.inflow_per_day,
        broken_inside=steps,
    )
    pooled = max(child.inputs.pooled for child in children if child.answered)
    remarks: list[Text] = [*breaks_said(own.inputs.breaks), *whole.notes]
    if above := len(_above(found)):
        remarks.append(
            TN(
                "{n} area inside is above 100%; its unrecorded are unknown and not included in this date.",
                "{n} areas inside are above 100%; their unrecorded are unknown and not included in this date.",
                n=above,
            )
        )
    if steps:
        remarks.append(
            TN(
                "In {n} area inside, a jump in the figures is not counted as recording.",
                "In {n} areas inside, a jump in the figures is not counted as recording.",
                n=len(steps),
            )
        )
    if stalled := sum(stall(child) is not None for child in children):
        remarks.append(
            TN(
                "In {n} area inside, recording has stalled; the date also depends on when it picks up again.",
                "In {n} areas inside, recording has stalled; the date also depends on when it picks up again.",
                n=stalled,
            )
        )
    if pooled:
        remarks.append(
            TN(
                "Few snapshots: each area inside was pooled with up to {n} sister area.",
                "Few snapshots: each area inside was pooled with up to {n} sister areas.",
                n=pooled,
            )
        )
    elif own.inputs.snapshots <= FEW:
        remarks.append(WIDE)
    remarks += beside_said(name for one in (own, *children) for name in one.inputs.beside)
    return replace(found, whole=replace(whole, inputs=inputs, notes=tuple(remarks)))


def _up_to(seen: Inputs, whole: Projection) -> Inputs:
    """What was seen of a total up to the day of its parts, which may count other areas than its own series did."""
    on = whole.origin
    if on is None or (seen.dates and seen.dates[-1] >= on):
        return seen
    breaks = (*seen.breaks, other_areas(len(seen.dates), on)) if seen.dates else seen.breaks
    return replace(seen, dates=(*seen.dates, on), unrecorded=(*seen.unrecorded, whole.inputs.unrecorded[-1]), breaks=breaks)


def carries(found: Inside, own: Projection) -> bool:
    """Whether the parts carry the total: all of them with an answer or arrived, up to its last day, and not all arrived."""
    whole = found.whole
    if own.reason is not None and own.reason.code in OWN_WORD:
        return False
    if found.silent or set(found.without) - set(_above(found)) or not whole.answered:
        return False
    behind = whole.origin is None or own.origin is None or whole.origin < own.origin
    return not behind and any(child.answered for child in found.children.values())


def _above(found: Inside) -> tuple[str, ...]:
    """The areas inside that stand above 100 %."""
    return tuple(code for code, child in found.children.items() if child.reason is not None and child.reason.code == ABOVE)


def with_answers(found: Inside, answers: Mapping[str, Projection]) -> Inside:
    """The areas with better answers about some of them, their draws in the order of the old ones.

    So each child is what it is when asked for alone, and good and bad times stay common.
    """
    children = dict(found.children)
    for code, answer in answers.items():
        old = children[code]
        draws = answer.draws
        if answer.answered and len(draws) == len(old.draws):
            draws = np.empty(len(answer.draws))
            draws[np.argsort(old.draws, kind="stable")] = np.sort(answer.draws)
        children[code] = replace(answer, draws=draws)
    return replace(found, children=children)
