"""A total as its parts carry it: the same draws for the whole and for the areas inside, where all of them can be projected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ektp_analysis.projection.joint import Together
from ektp_analysis.projection.result import Projection
from ektp_analysis.projection.single import FEW, WIDE, breaks_said
from ektp_analysis.text import TN, Text

ARRIVED = "already_reached"
# What the total's own figures say for themselves, whatever its parts say.
OWN_WORD = {ARRIVED, "above_hundred", "unknown_eligible", "no_figures"}


def carried(found: Together, own: Projection) -> Together:
    """The joint projection with ``whole`` as the answer about the total: its draws add up from those of its parts.

    ``own`` is the projection of the total's own series: it says what was seen, whether the target was met, and is the
    answer where the parts do not carry one: an area silent, without an answer, or known by a percentage alone.
    """
    whole, children = found.whole, found.children.values()
    said = [child for child in children if child.answered]
    stands = own.reason is not None and own.reason.code in OWN_WORD
    open_ = found.silent or any(child.reason is not None and child.reason.code != ARRIVED for child in children)
    behind = whole.origin is None or own.origin is None or whole.origin < own.origin
    if stands or open_ or behind or not said or not whole.answered:
        return replace(found, whole=own)
    pooled = max(child.inputs.pooled for child in said)
    inputs = replace(own.inputs, allowed=whole.inputs.allowed, parts=len(found.children), pooled=0,
                     inflow_per_day=whole.inputs.inflow_per_day)
    notes: list[Text] = [*breaks_said(own.inputs.breaks), *whole.notes]
    broken = sum(bool(child.inputs.breaks) for child in children)
    if broken and not own.inputs.breaks:
        notes.append(TN("In {n} area inside a step of the figures is not learnt from as recording.",
                        "In {n} areas inside a step of the figures is not learnt from as recording.", n=broken))
    if not pooled and own.inputs.snapshots <= FEW:
        notes.append(WIDE)
    if pooled:
        notes.append(TN("Few snapshots: each area inside was pooled with up to {n} sister area.",
                        "Few snapshots: each area inside was pooled with up to {n} sister areas.", n=pooled))
    return replace(found, whole=replace(whole, inputs=inputs, notes=tuple(notes)))


def with_answers(found: Together, answers: Mapping[str, Projection]) -> Together:
    """The joint projection with better answers about some of its children, their draws in the order of the old ones.

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
