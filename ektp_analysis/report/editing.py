"""What a person makes of the slides: their order, which are shown, own titles and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ektp_analysis.report.deck import Deck, Slide
from ektp_analysis.store import Edit
from ektp_analysis.text import T

__all__ = ["Edit", "completed", "edited"]


def completed(deck: Deck, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits, and those slides of the deck that they do not name, last. Edits of slides that it lacks today stay."""
    named = {edit.key for edit in edits}
    return *edits, *(Edit(slide.key) for slide in deck.slides if slide.key not in named)


def edited(deck: Deck, edits: Sequence[Edit]) -> Deck:
    """The slides in the order of the edits; those switched off are left out, those not named come last."""
    by_key = {slide.key: slide for slide in deck.slides}
    return replace(deck, slides=tuple(_edited(by_key[edit.key], edit) for edit in completed(deck, edits)
                                      if edit.shown and edit.key in by_key))


def _edited(slide: Slide, edit: Edit) -> Slide:
    title = T("{one}", one=edit.title.strip()) if edit.title.strip() else slide.title
    lines = [line.strip() for line in edit.notes.splitlines() if line.strip()]
    return replace(slide, title=title, notes=tuple(T("{one}", one=line) for line in lines) or slide.notes)
