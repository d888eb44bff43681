"""What is asked of the future: which target, what zero means, by which day; heavy answers are kept by the store's token."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date
from threading import Lock
from typing import cast

import streamlit as st

from ektp_analysis.core import text
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.targets import ZERO, Target
from ektp_analysis.core.text import T, Text
from ektp_analysis.figures.series import reached_on
from ektp_analysis.narrative import counts, forecasts
from ektp_analysis.office import foreseeing
from ektp_analysis.office.reports import first_deadline
from ektp_analysis.page import aim_parts, joint_answers
from ektp_analysis.page.choices import View, choice, choose, choose_day, chosen_day, language, set_choice
from ektp_analysis.projection import replay as past
from ektp_analysis.projection.result import Inside, Meaning, Projection

MEANINGS: tuple[Meaning, ...] = ("eligible", "list")
MOST_KEPT = 64  # replays
LONG = 0.3  # seconds after which whoever waits is told how far it is


class _Targets:
    """Every way in which a link may name a target, as options."""

    def __contains__(self, value: object) -> bool:
        try:
            Target.parse(str(value))
        except UserError:
            return False
        return True


def choose_target(view: View) -> Target:
    """The target: the national one, zero, or another coverage that the link or 'Advanced' names.

    A first visit shows what the office aims at, else the national target, until it is reached, then zero.
    """
    first = aim_parts.open_target(view)
    target = Target.parse(aim_parts.follow(view, "target", choice("target", _Targets(), first.key), first.key))
    set_choice("target", target.key)
    offered = {one.key: one for one in (aim_parts.target(view), Target.national(), ZERO, target)}
    choose(
        st.segmented_control,
        T("Target"),
        list(offered),
        "target",
        default=first.key,
        required=True,
        show=lambda key: view.sentence(counts.target_name(offered[key])),
    )
    return offered[target.key]


def choose_coverage(view: View, target: Target) -> None:
    """Any other coverage, in per cent."""
    st.session_state["widget_coverage"] = 99.0 if target.share is None else float(target.share * 100)
    st.number_input(
        view.say(T("Another coverage as target (%)")),
        min_value=1.0,
        max_value=99.99,
        step=0.1,
        format="%.2f",
        key="widget_coverage",
        on_change=_take_coverage,
        width=260,
    )


def _take_coverage() -> None:
    set_choice("target", Target.parse(f"{st.session_state['widget_coverage']:.2f}").key)


class _Numbers:
    """All whole numbers, as options."""

    def __contains__(self, value: object) -> bool:
        return str(value).isdecimal()


def choose_pace(label: Text, *, most: int, default: int) -> int:
    """People a day, 1 to ``most``, on a slider that lives in the URL."""
    value = min(max(int(choice("rate", _Numbers(), str(default))), 1), most)
    st.session_state["widget_rate"] = value
    st.slider(text.render(label, language()), 1, most, key="widget_rate", on_change=_take_pace)
    return value


def _take_pace() -> None:
    set_choice("rate", str(st.session_state["widget_rate"]))


def choose_meaning(view: View, target: Target) -> Meaning:
    """What zero means; at first what the figures themselves count. Asked only where there is a choice."""
    usual = view.project(target)
    origin = usual.origin
    if not target.is_zero or origin is None:
        return usual.meaning
    return cast(
        Meaning,
        choose(
            st.segmented_control,
            T("Zero for whom"),
            MEANINGS,
            "meaning",
            default=usual.meaning,
            required=True,
            show=lambda meaning: view.sentence(forecasts.whom(cast(Meaning, meaning), origin)),
        ),
    )


def choose_deadline(view: View, origin: date) -> date:
    """The day whose chance is asked for: that of the office's aim; for the sample the election it was about, else the end of
    the year.

    In December it is the end of the next one. No day before today is offered.
    """
    ahead = _ahead(view, origin)
    return choose_day(T("Chance by"), "by", default=deadline(view, origin), earliest=ahead)


def deadline(view: View, origin: date) -> date:
    """The day that :func:`choose_deadline` gives, without its widget."""
    ahead, first = _ahead(view, origin), usual_deadline(view, origin)
    chosen = chosen_day("by", default=first, earliest=ahead)
    return date.fromisoformat(aim_parts.follow(view, "by", chosen.isoformat(), first.isoformat()))


def _ahead(view: View, origin: date) -> date:
    """The day from which on there is something to ask about."""
    return origin if view.today is None else max(origin, view.today)


def usual_deadline(view: View, origin: date) -> date:
    """The day that :func:`deadline` gives where none is chosen; needs no session."""
    return first_deadline(view.aim, _ahead(view, origin), sampled=view.office.sample)


def forecast(view: View, target: Target, meaning: Meaning) -> Projection:
    """The projection of the chosen area; in the meaning that the figures have, it is the very object of Posisi."""
    usual = view.project(target)
    if meaning == usual.meaning:
        return usual
    return joint_answers.projection(view.basis, view.area, target, meaning)


def jointly(view: View, target: Target, meaning: Meaning) -> Inside | None:
    """The areas inside the chosen one, with joint draws; in the meaning that the figures have, each is what it is alone."""
    asked = None if meaning == view.project(target).meaning else meaning
    return joint_answers.inside(view.basis, view.area, target, asked)


def replay(view: View, target: Target) -> past.Replay:
    """The past answers about the chosen area; where it takes long, the first time, it says how far it is."""
    found = _replays().get(_replay_key(view, target))
    if found is None:
        words = view.say(T("Working out what would have been said at every past snapshot …"))
        place, begun = st.empty(), time.monotonic()

        def step(share: float) -> None:
            if time.monotonic() - begun > LONG:  # each word of it costs as much as the past answer that is at hand
                place.progress(share, text=words)

        found = replayed(view, target, step)
        place.empty()
    return found


def replayed(view: View, target: Target, step: Callable[[float], object] | None = None) -> past.Replay:
    """The same; ``step`` hears how far it is. Needs no session."""
    kept, key = _replays(), _replay_key(view, target)
    with _turns().setdefault(key, Lock()):  # of many who ask for the same, one works it out
        if key not in kept:
            kept[key] = foreseeing.replayed(view.office, view.around, view.area, target, step)
        found = kept[key]
    for old in list(kept)[:-MOST_KEPT]:
        kept.pop(old, None)
        _turns().pop(old, None)
    return found


def _replay_key(view: View, target: Target) -> tuple[object, ...]:
    return view.office.url, view.office.token, view.area, view.on, target.key, view.today


def usual_tested(view: View) -> tuple[Target, Mapping[str, Target]]:
    """The target whose past answers are shown first, one whose outcome is known, so that there is something to learn; and by
    their keys all that are offered."""
    passed = past.milestones(view.history)
    national = Target.national()
    reached = reached_on(view.history, national).first is not None
    return national if reached or not passed else passed[-1], {one.key: one for one in (*passed, national, ZERO)}


def choose_tested(view: View) -> Target:
    """The target whose past answers are shown."""
    first, offered = usual_tested(view)
    return offered[
        choose(
            st.segmented_control,
            T("Target"),
            list(offered),
            "tested",
            default=first.key,
            required=True,
            show=lambda key: view.sentence(counts.target_name(offered[key])),
        )
    ]


@st.cache_resource(show_spinner=False)
def _replays() -> dict[tuple[object, ...], past.Replay]:
    """What was replayed, oldest first, for all sessions; by hand, for a cached function cannot tell how far it is."""
    return {}


@st.cache_resource(show_spinner=False)
def _turns() -> dict[tuple[object, ...], Lock]:
    """Held by whoever works out a replay."""
    return {}
