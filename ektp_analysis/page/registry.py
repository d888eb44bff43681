"""The pages in the order of the navigation: the router and the server read this one tuple.

A new page is one file in pages/, one entry here, and its translations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ektp_analysis.core.errors import StoreError
from ektp_analysis.core.settings import PROJECT
from ektp_analysis.core.text import T, Text

FOLDER = PROJECT / "pages"
ROUTER = "router"  # the one file there that is no page: it leads to all of them
EVERYWHERE = ("Html", "Selectbox", "ButtonGroup")  # elements of Streamlit that stand on every page (the sidebar)


@dataclass(frozen=True)
class Page:
    """One page; the first of :data:`PAGES` is the one that opens.

    Attributes:
        file: its file in pages/ without .py, which is its name in addresses.
        title: its name in the navigation.
        icon: a Material symbol.
        elements: elements of Streamlit beside :data:`EVERYWHERE` that it shows at once, whose scripts its address sends for.
        former: names that it had in addresses; a link to one of them still opens it.
    """

    file: str
    title: Text
    icon: str
    elements: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its file as the router names it."""
        return f"{self.file}.py"


PAGES: tuple[Page, ...] = (
    Page("position", T("Position"), ":material/dashboard:", ("ComponentInstance", "BidiComponent"), former=("overview",)),
    Page("area_map", T("Map"), ":material/map:", ("ComponentInstance", "Slider", "Button")),
    Page("projection", T("Projection"), ":material/event_upcoming:"),
    Page("plan", T("Plan"), ":material/edit_calendar:", ("DateInput", "NumberInput")),
    Page("slides", T("Presentation"), ":material/slideshow:"),
    Page("data", T("Data"), ":material/upload_file:"),
    Page("method", T("Method"), ":material/menu_book:"),
)


def elements(pages: Iterable[Page]) -> dict[str, tuple[str, ...]]:
    """By name in addresses, the elements that stand on a page at once."""
    named = {name: one for one in pages for name in (one.file, *one.former)}
    return {ROUTER: EVERYWHERE, **{name: (*EVERYWHERE, *one.elements) for name, one in named.items()}}


def check(pages: Iterable[Page], folder: Path = FOLDER) -> None:
    """Every entry is complete and has its file, and every file its entry.

    Raises:
        StoreError: one has not; the sentence names it.
    """
    named = [ROUTER]
    for one in pages:
        if not (one.file and one.title.msgid and one.icon.startswith(":material/")):
            raise StoreError(T("The page '{name}' is not complete: it needs a file, a title and an icon.", name=one.file))
        if one.file in named:
            raise StoreError(T("The page '{name}' appears twice, or is the router.", name=one.file))
        if not (folder / one.path).is_file():
            raise StoreError(T("The page '{name}' has no file {file}.", name=one.file, file=f"pages/{one.path}"))
        named.append(one.file)
    for path in sorted(folder.glob("*.py")):
        if path.stem not in named:
            raise StoreError(
                T(
                    "The file {file} is not a page: it has no entry in {registry}.",
                    file=f"pages/{path.name}",
                    registry="ektp_analysis/page/registry.py",
                )
            )
