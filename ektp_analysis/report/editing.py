"""What a person makes of the slides: their order, which are shown, own titles and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ektp_analysis.report.deck import Deck, Slide
from ektp_analysis.text import T


@dataclass(frozen=True)
class Edit:
    """What a person made of a slide: whether it is shown, an own title, own notes ('' keeps what was there)."""

    key: str
    shown: bool = True
    title: str = ""
    notes: str = ""


def edited(deck: Deck, edits: Sequence[Edit]) -> Deck:
    """The slides in the order of the edits; those switched off are left out, those not named come last."""
    by_key = {slide.key: slide for slide in deck.slides}
    order = [edit for edit in edits if edit.key in by_key]
    order += [Edit(key) for key in by_key if key not in {edit.key for edit in order}]
    return replace(deck, slides=tuple(_edited(by_key[edit.key], edit) for edit in order if edit.shown))


def _edited(slide: Slide, edit: Edit) -> Slide:
    title = T("{one}", one=edit.title.strip()) if edit.title.strip() else slide.title
    lines = [line.strip() for line in edit.notes.splitlines() if line.strip()]
    return replace(slide, title=title, notes=tuple(T("{one}", one=line) for line in lines) or slide.notes)
