"""What the store remembers of names and layouts: events in order, and what is remembered after them."""

from __future__ import annotations

from dataclasses import dataclass

Event = tuple[str, ...]


@dataclass(frozen=True)
class Memory:
    """Events and what they leave: aliases as scope -> name -> code, layouts as fingerprint -> level."""

    name: str
    given: tuple[Event, ...]
    aliases: dict[str, dict[str, str]]
    layouts: dict[str, str]


def alias(scope: str, name: str, code: str) -> Event:
    return "alias", scope, name, code


def forget(scope: str, name: str) -> Event:
    return "forget_alias", scope, name


def layout(fingerprint: str, level: str) -> Event:
    return "layout", fingerprint, level


def forget_layout(fingerprint: str) -> Event:
    return "forget_layout", fingerprint


CASES = (
    Memory("nothing", (), {}, {}),
    Memory(
        "a name in two kabupaten means two areas",
        (alias("75.05", "Kec. X", "75.05.03"), alias("75.01", "Kec. X", "75.01.02")),
        {"75.05": {"Kec. X": "75.05.03"}, "75.01": {"Kec. X": "75.01.02"}},
        {},
    ),
    Memory(
        "the later decision holds, however it is spelled",
        (alias("75.05", "Kec. X", "75.05.03"), alias("75.05", " KEC.  x", "75.05.04")),
        {"75.05": {"KEC. x": "75.05.04"}},
        {},
    ),
    Memory(
        "what is forgotten is gone in its scope alone",
        (alias("75.05", "X", "75.05.03"), alias("75.01", "X", "75.01.02"), forget("75.05", "x ")),
        {"75.01": {"X": "75.01.02"}},
        {},
    ),
    Memory(
        "what was forgotten can be remembered again",
        (alias("75.05", "X", "75.05.03"), forget("75.05", "X"), alias("75.05", "X", "75.05.04")),
        {"75.05": {"X": "75.05.04"}},
        {},
    ),
    Memory(
        "a name may mean the kabupaten itself, or a desa",
        (alias("75.05", "Gorut", "75.05"), alias("75.05", "Kwandang / Y", "75.05.02.2001")),
        {"75.05": {"Gorut": "75.05", "Kwandang / Y": "75.05.02.2001"}},
        {},
    ),
    Memory(
        "layouts are told apart by their fingerprint",
        (layout("a1", "desa"), layout("b2", "desa"), layout("a1", "kecamatan"), forget_layout("b2")),
        {},
        {"a1": "kecamatan"},
    ),
    Memory(
        "a forgotten layout can be remembered again",
        (layout("a1", "desa"), forget_layout("a1"), layout("a1", "desa")),
        {},
        {"a1": "desa"},
    ),
)
