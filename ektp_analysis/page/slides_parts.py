"""The page Presentasi: the saved slides by name, all slides in a strip, the chosen one large with its edits, and the files.

What is changed and not saved yet is a draft: kept for each of the saved slides while the visit lasts, and said so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from ektp_analysis.access.people import Role
from ektp_analysis.core.errors import EktpError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import TN, T, Text, sentence
from ektp_analysis.narrative import notes
from ektp_analysis.office import decisions, reports, stores
from ektp_analysis.office import presentation as on_screen
from ektp_analysis.office.stores import Office
from ektp_analysis.page import choices, file_parts, whose
from ektp_analysis.page.choices import View, set_choice
from ektp_analysis.page.parts import dated, heading, plain
from ektp_analysis.report.deck import Deck, completed
from ektp_analysis.store.memory import LONGEST_DECK_NAME, LONGEST_NOTES, LONGEST_TITLE, deck_key
from ektp_analysis.store.records import Arrangement, Edit, SavedDeck

# On a wide screen strip, slide and edits are seen together without scrolling, on one that is 768 pixels high too.
HIGHER = """<style>@media (min-width: 900px) {
[data-testid=stApp]:has(.st-key-strip) { [data-testid=stHeader] { background: none; pointer-events: none; }
  [data-testid=stHeader] * { pointer-events: auto; } [data-testid=stMainBlockContainer] { padding-top: 1rem; }
  [data-testid=stMainBlockContainer] h1 { padding-top: 0; } } }</style>"""
STANDARD = "standard"  # in the address, for the slides as evaluated
Place = tuple[bool, str, str]  # on the sample, area, number of the saved slides or STANDARD
Drafts = dict[Place, "Draft"]


@dataclass(frozen=True)
class Draft:
    """Changes that are not saved yet. ``over`` is the version that they were made on, None for :data:`STANDARD`."""

    edits: tuple[Edit, ...]
    over: int | None


@dataclass(frozen=True)
class Desk:
    """What is worked on: the slides of the evaluation, what is saved of them, which of these is chosen, and how it stands."""

    view: View
    deck: Deck
    saved: dict[str, SavedDeck]
    chosen: str
    edits: tuple[Edit, ...]
    changed: bool

    @property
    def held(self) -> SavedDeck | None:
        """The saved slides that are chosen; None for those of the evaluation."""
        return self.saved.get(self.chosen)

    @property
    def seen(self) -> tuple[Edit, ...]:
        """The edits of those slides that the evaluation has today."""
        keys = {slide.key for slide in self.deck.slides}
        return tuple(edit for edit in self.edits if edit.key in keys)

    @property
    def place(self) -> Place:
        """Where the draft of what is chosen lies."""
        return self.view.office.sample, self.view.area, self.chosen


def presentation(view: View) -> None:
    """The saved slides, all slides of the one that is chosen, and the files to take away."""
    planned = view.aim, stores.events_of(view.office, view.area)
    token = view.office.store.token()  # slides say when the last file came in, from wherever
    desk = _desk(view, _deck(view.office.url, token, view.area, (view.on, view.today, repr(planned)), view.office))
    shown = sum(edit.shown for edit in desk.seen)
    st.html(HIGHER)
    heading(
        view,
        TN("{n} slide: {area}", "{n} slides: {area}", n=shown, area=sentence(desk.deck.named, view.lang)),
        below=notes.stands(view.standing, dated(view)),
    )
    wrong = decisions.with_personal_numbers(desk.seen)
    _choose(desk, ready=not wrong, shown=shown)
    with st.container(gap="xsmall"):  # one place however much is said, so that the fields below stay what they are
        _told(desk, wrong)
    keys = [edit.key for edit in desk.seen]
    place = keys.index(choices.choice("slide", keys, keys[0]))
    frames = file_parts.component()
    sent = file_parts.strip(view, desk.deck, desk.seen, keys[place])
    frames(key="strip", data=sent, on_chosen_change=_pick, on_newer_change=_newer)
    left, right = st.columns([1.85, 1.15], gap="medium")
    with left:
        frames(key="large", data={"place": "large"})
    with right:
        _slide(desk, place)
    _act(desk)
    file_parts.downloads(view, desk.edits, ready=bool(shown) and not wrong)
    st.caption(view.say(T("The files are made when you ask for them, with order, titles and notes as they stand here.")))
    file_parts.edit_identity(view)


@st.cache_resource(show_spinner=False, max_entries=8)
def _deck(url: str, token: str, area: str, at: tuple[Any, ...], _office: Office) -> Deck:
    """The slides of the evaluation on ``at[0]``, kept while nothing else in it changes; their pictures are drawn aside."""
    return reports.deck(_office, area, on=at[0])


def _pick() -> None:
    """A slide was chosen in the strip."""
    set_choice("slide", st.session_state["strip"]["chosen"])


def _newer() -> None:
    """Figures came in while the pictures were drawn: the page is made anew."""


def _desk(view: View, deck: Deck) -> Desk:
    saved = {str(one.id): one for one in decisions.decks(view.area, sample=view.office.sample)}
    asked, known = st.query_params.get("deck", STANDARD), (STANDARD, *saved)
    if asked not in known and (not asked.isdecimal() or decisions.deck(int(asked)) is None):  # else those of another area
        _say(T("There are no saved slides at this address, or no longer; choose others on the page Presentation."))
    chosen, drafts = choices.choice("deck", known, STANDARD), _drafts()
    place = view.office.sample, view.area, chosen
    for other in [one for one in drafts if one[:2] == place[:2] and one[2] not in known]:
        if (*place[:2], STANDARD) not in drafts:  # somebody else forgot them: what was changed here is not lost with them
            drafts[(*place[:2], STANDARD)] = replace(drafts.pop(other), over=None)
    held = completed(deck, saved[chosen].edits if chosen in saved else ())
    edits = completed(deck, drafts[place].edits) if place in drafts else held
    if edits == held:
        drafts.pop(place, None)
    return Desk(view, deck, saved, chosen, edits, edits != held)


def _choose(desk: Desk, *, ready: bool, shown: int) -> None:
    """Which slides: those of the evaluation, or saved ones by name, with a mark at unsaved changes; a name to save under; and
    the way to present what is saved, in a tab of its own."""
    view, field = desk.view, f"deck_name_{desk.chosen}_{_round()}"
    names = {STANDARD: view.say(T("as evaluated")), **{key: one.name for key, one in desk.saved.items()}}
    told = {
        number: view.say(T("{name} (changes not saved)", name=name)) if (*desk.place[:2], number) in _drafts() else name
        for number, name in names.items()
    }
    left, middle, right = st.columns([4, 5, 3], vertical_alignment="bottom")
    with left:
        choices.choose(st.selectbox, T("Which slides"), list(names), "deck", default=STANDARD, show=told.__getitem__)
    with middle, st.form("keep_deck", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            view.say(T("Save under the name")), value=desk.held.name if desk.held else "", key=field, max_chars=LONGEST_DECK_NAME
        )
        st.form_submit_button(
            view.say(T("Save")),
            icon=":material/save:",
            on_click=_save,
            args=(desk, field),
            **whose.offered(view.lang, _lacking(desk), disabled=not ready),
        )
    with right:
        if shown and not desk.changed:
            what = on_screen.Asked(view.area, view.on, None, choices.asks_sample(), view.lang, view.theme, desk.held)
            st.link_button(
                view.say(T("Present")), on_screen.address(what), type="primary", icon=":material/slideshow:", width="stretch"
            )
        else:  # a link that is switched off is still a link to keyboard and screen reader
            st.button(
                view.say(T("Present")),
                key="cannot_present",
                type="primary",
                icon=":material/slideshow:",
                disabled=True,
                width="stretch",
            )


def _lacking(desk: Desk) -> Text | None:
    """What is lacking to save slides here, and to take them off the list."""
    return whose.lacking(Role.UPLOADER, desk.view.area)


def _told(desk: Desk, wrong: list[int]) -> None:
    """What was done, and how the chosen slides stand."""
    view, held = desk.view, desk.held
    for said, kind in st.session_state.pop("deck_said", []):
        place, icon = {"done": (st.success, "check"), "told": (st.info, "info")}.get(kind, (st.error, "error"))
        place(plain(view.say(said)), icon=f":material/{icon}:")
    if wrong:
        st.error(
            view.say(
                T(
                    "The title or the notes of slide {number} hold a personal number (NIK). Remove it: until then "
                    "nothing is saved or made into a file.",
                    number=str(wrong[0]),
                )
            ),
            icon=":material/error:",
        )
    if desk.changed:
        said = view.say(T("The changes are not saved: they hold until this page is reloaded. Save them to present them."))
        st.caption(f":material/edit: **{plain(said)}**")
    elif held is not None:
        st.caption(plain(view.say(T("Saved by {who} on {at}.", who=held.by or "-", at=held.at.astimezone(settings().zone)))))
    elif not whose.may(view.lang, _lacking(desk)):
        pass
    elif view.office.sample:
        st.caption(
            view.say(
                T("Change the slides and save them under a name. What is saved while the sample is shown stays with the sample.")
            )
        )
    else:
        st.caption(view.say(T("Change the slides and save them under a name, for all who use this office's data.")))


def _act(desk: Desk) -> None:
    """Discard the changes; forget what is saved, asked a second time."""
    view, held = desk.view, desk.held
    leaving = held is not None and st.session_state.get("deck_leaving") == held.id
    if not desk.changed and held is None:
        return
    with st.container(horizontal=True):
        if desk.changed:
            st.button(view.say(T("Discard the changes")), key="leave_deck", icon=":material/undo:", on_click=_leave, args=(desk,))
        if held is not None and not leaving:
            st.button(
                view.say(T("Remove from the list")),
                key="forget_deck",
                icon=":material/delete:",
                on_click=st.session_state.update,
                kwargs={"deck_leaving": held.id},
                **whose.offered(view.lang, _lacking(desk)),
            )
    if held is None or not leaving:
        return
    st.warning(
        plain(
            view.say(
                T(
                    "'{name}' is then gone from this list for everyone, and its address no longer opens any slides.",
                    name=held.name,
                )
            )
        ),
        icon=":material/delete:",
    )
    with st.container(horizontal=True):
        st.button(view.say(T("Yes, remove it")), key="forget_deck_now", on_click=_forget, args=(desk, held))
        st.button(view.say(T("Keep")), key="keep_deck_now", on_click=st.session_state.pop, args=("deck_leaving", None))


def _slide(desk: Desk, place: int) -> None:
    """What can be changed on the chosen slide."""
    view, edit = desk.view, desk.seen[place]
    slide = next(one for one in desk.deck.slides if one.key == edit.key)
    number, notes = str(place + 1), "\n".join(sentence(line, view.lang) for line in slide.notes)
    key = f"slide_{view.area}_{desk.chosen}_{_round()}_{edit.key}"
    st.toggle(
        view.say(T("Show slide {number}", number=number)),
        value=edit.shown,
        key=key + "_shown",
        on_change=_take,
        args=(desk, edit.key, key, "shown"),
    )
    st.text_input(
        view.say(T("Own title of slide {number}", number=number)),
        value=edit.title,
        key=key + "_title",
        max_chars=LONGEST_TITLE,
        placeholder=sentence(slide.title, view.lang),
        on_change=_take,
        args=(desk, edit.key, key, "title"),
    )
    st.text_area(
        view.say(T("Notes of slide {number}", number=number)),
        key=key + "_notes",
        height=116,
        max_chars=LONGEST_NOTES,
        value=edit.notes or notes,
        on_change=_take,
        args=(desk, edit.key, key, "notes", notes),
    )
    with st.container(horizontal=True):
        for sign, step, label in (("arrow_back", -1, T("Move earlier")), ("arrow_forward", 1, T("Move later"))):
            st.button(
                view.say(label),
                icon=f":material/{sign}:",
                key=f"move_{sign}",
                on_click=_move,
                args=(desk, place, step),
                disabled=not 0 <= place + step < len(desk.seen),
            )


def _drafts() -> Drafts:
    """All changes of this visit that are not saved."""
    drafts: Drafts = st.session_state.setdefault("deck_drafts", {})
    return drafts


def _round() -> int:
    """Part of the fields' keys; another number shows what is saved in the place of what was written."""
    return int(st.session_state.setdefault("deck_round", 0))


def _edits(desk: Desk) -> tuple[Edit, ...]:
    """As it stands now: another field may have changed since the page was drawn."""
    draft = _drafts().get(desk.place)
    return desk.edits if draft is None else completed(desk.deck, draft.edits)


def _over(desk: Desk) -> int | None:
    """The version of what is chosen that the person has seen, or saved just now."""
    draft, own = _drafts().get(desk.place), st.session_state.get("deck_own", {}).get(desk.place, 0)
    return draft.over if draft else None if desk.held is None else max(desk.held.version, own)


def _change(desk: Desk, edits: tuple[Edit, ...]) -> None:
    _drafts()[desk.place] = Draft(edits, _over(desk))


def _take(desk: Desk, key: str, widget: str, field: str, own: str = "") -> None:
    """What was written in a field; ``own`` is what stands there without any own words, and comes back when they are gone."""
    name = f"{widget}_{field}"
    value = st.session_state[name]
    if field == "notes" and value.strip() in ("", own.strip()):
        st.session_state[name], value = own, ""
    _change(desk, tuple(replace(edit, **{field: value}) if edit.key == key else edit for edit in _edits(desk)))


def _move(desk: Desk, place: int, step: int) -> None:
    seen = list(desk.seen)
    seen.insert(place + step, seen.pop(place))
    now = {edit.key: edit for edit in _edits(desk)}
    order = iter([now[edit.key] for edit in seen])
    keys = {edit.key for edit in seen}
    _change(desk, tuple(next(order) if key in keys else edit for key, edit in now.items()))


def _save(desk: Desk, field: str) -> None:
    """Over what is chosen where the name is still the same, else as slides of another name."""
    name, held = st.session_state[field], desk.held
    same = held is not None and deck_key(held.name) == deck_key(name)
    wanted = Arrangement(desk.view.area, desk.view.office.sample, name, _edits(desk))
    try:
        kept = decisions.save_deck(wanted, over=_over(desk) if same else None)
    except EktpError as error:
        _say(error.message, "wrong")
        return
    _drafts().pop(desk.place, None)
    st.session_state["deck_own"] = {(*desk.place[:2], str(kept.id)): kept.version}
    set_choice("deck", str(kept.id))
    _say(T("Saved as '{name}'.", name=kept.name), "done")


def _leave(desk: Desk) -> None:
    _drafts().pop(desk.place, None)
    st.session_state["deck_round"] = _round() + 1


def _forget(desk: Desk, held: SavedDeck) -> None:
    try:
        decisions.forget_deck(held.id)
    except EktpError as error:
        _say(error.message, "wrong")
        return
    st.session_state.pop("deck_leaving", None)
    set_choice("deck", STANDARD)
    _say(T("'{name}' is removed from the list.", name=held.name), "done")


def _say(said: Text, kind: str = "told") -> None:
    """A sentence for the next time that the page is drawn."""
    st.session_state.setdefault("deck_said", []).append((said, kind))
