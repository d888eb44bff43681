"""Figures that stand in disjoint groups, by age or otherwise, with a total or without: traps on a page of
:mod:`tests.layouts.trapped`, made apart from the code that reads them. A group alone is never everyone."""

from __future__ import annotations

from itertools import pairwise

from tests.layouts.trapped import Page

_BOUNDS = ([20, 40], [20, 30, 40, 50], [21, 59], [18, 25, 60], [30], [22, 35, 45, 55, 65])
_TOTALS = ("JUMLAH", "TOTAL", "JML", "Jumlah")


def _ages(page: Page) -> list[str]:
    """The groups from 17 up, in one of the ways in which offices write them."""
    bounds = page.rng.choice(_BOUNDS)
    way = page.rng.choice(["{}-{}", "{} - {}", "{} s/d {}", "{}–{}", "{} sd {}"])
    youngest = page.rng.choice([way.format(17, bounds[0]), way.format(16, bounds[0]), f"<={bounds[0]}", f"< {bounds[0] + 1}"])
    last = bounds[-1]
    oldest = page.rng.choice([f">{last}", f"> {last}", f">={last + 1}", f"{last + 1}+", f"{last + 1} KE ATAS", f"DI ATAS {last}"])
    return [youngest, *(way.format(low + 1, high) for low, high in pairwise(bounds)), oldest]


def _split(page: Page, counts: list[int], parts: int) -> list[list[int]]:
    """Columns that add up to the counts in each row."""
    columns: list[list[int]] = [[] for _ in range(parts)]
    for count in counts:
        cuts = sorted(page.rng.randint(0, count) for _ in range(parts - 1))
        for column, low, high in zip(columns, [0, *cuts], [*cuts, count], strict=True):
            column.append(high - low)
    return columns


def _headed(page: Page, head: str, groups: list[str]) -> list[tuple[str, ...]]:
    """The header cells of the groups: under one head, below a word for age, or written out."""
    way, years = page.rng.choice(["under", "under", "between", "out", "out"]), page.rng.choice(["", " TAHUN", " TH"])
    if way == "between":
        said = page.rng.choice(["USIA", "KELOMPOK UMUR", "MENURUT UMUR"])
        return [(head, said, group) for group in groups]
    age = page.rng.choice(["USIA ", "UMUR "])
    return [(head, group + years) if way == "under" else (f"{head} {age}{group}{years}",) for group in groups]


def _columns(page: Page, role: str, groups: list[str], total: str = "", head: str = "") -> list[list]:
    """The columns of a role in groups, with a total at either end."""
    head, counts = head or page.heads[role], page.of(role)
    heads = _headed(page, head, groups)
    made = [[path, cells] for path, cells in zip(heads, _split(page, counts, len(groups)), strict=True)]
    if total:
        path = (head, *[""] * (len(heads[0]) - 2), total) if len(heads[0]) > 1 else (f"{total} {head}",)
        made.insert(page.rng.choice([0, len(made)]), [path, counts])
    return made


def _divide(page: Page, roles: str, divided: str, groups: list[str], total: str = "") -> None:
    page.roles, page.truth = roles, None
    columns = [
        _columns(page, role, groups, total) if role in divided else [[(page.heads[role],), page.of(role)]] for role in roles
    ]
    page.cols = [column for several in columns for column in several]


def ages_with_a_total(page: Page) -> None:
    """A total beside the groups is the figure, whatever stands beside."""
    roles = page.rng.choice(["eru", "eu", "ru", "u", "er"])
    _divide(page, roles, page.rng.choice([roles[-1], roles]), _ages(page), page.rng.choice(_TOTALS))
    page.truth = page.said()


def ages_that_add_up(page: Page) -> None:
    """No total, but the other two figures give the sum of the groups."""
    _divide(page, "eru", page.rng.choice(["u", "u", "r", "e", "ru"]), _ages(page))
    page.truth = page.said()


def ages_of_all_roles(page: Page) -> None:
    """All three in the same groups: each group adds up by itself, and so do their sums."""
    _divide(page, "eru", "eru", _ages(page))
    groups = len(page.cols) // 3
    recorded, unrecorded = ([cells for _, cells in page.cols[start : start + groups]] for start in (groups, 2 * groups))
    eligible = [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(recorded, unrecorded, strict=True)]
    page.cols = [*([path, cells] for (path, _), cells in zip(page.cols, eligible, strict=False)), *page.cols[groups:]]
    page.truth = page.said()


def ages_alone(page: Page) -> None:
    """Nothing proves that the groups are everyone: it is asked."""
    roles = page.rng.choice(["eu", "ru", "u", "er"])
    _divide(page, roles, roles[-1], _ages(page))
    page.truth = page.said()


def some_ages(page: Page) -> None:
    """The young alone, in groups, with a total of theirs or without: no reading is right."""
    groups = _ages(page)[:-1]
    groups = ["17-20", "21-25"] if len(groups) < 2 else groups
    roles = page.rng.choice(["u", "ru", "u"])
    _divide(page, roles, roles, groups, page.rng.choice(["", *_TOTALS]))


def one_group(page: Page) -> None:
    """One group, and no other column of its role."""
    _divide(page, page.rng.choice(["eu", "u"]), "u", [page.rng.choice(["17-20", "> 60", "USIA 21-40", "< 21", "17 - 20 TAHUN"])])


def ages_off_the_total(page: Page) -> None:
    """A total that the groups miss in all rows: which is meant is asked."""
    ages_with_a_total(page)
    total = next(number for number, (_, cells) in enumerate(page.cols) if cells == page.of(page.roles[-1]))
    page.cols = [
        [path, cells if number == total or cells in map(page.of, page.roles) else [count + 7 for count in cells]]
        for number, (path, cells) in enumerate(page.cols)
    ]


def active_or_not(page: Page) -> None:
    """Two groups that exclude each other by their words."""
    one = page.rng.choice(["AKTIF", "DOMISILI", "ADA DI TEMPAT"])
    no = page.rng.choice(["NON", "TIDAK", "TDK"])
    roles = page.rng.choice(["eru", "eu", "u"])
    page.roles, head = roles, page.heads["u"]
    page.cols = [[(page.heads[role],), page.of(role)] for role in roles if role != "u"]
    under = page.rng.random() < 0.6
    for group, cells in zip([one, f"{no} {one}"], _split(page, page.of("u"), 2), strict=True):
        page.cols.append([(head, group) if under else (f"{head} {group}",), cells])
    page.truth = page.said()


TRAPS = (
    *(ages_with_a_total, ages_with_a_total, ages_that_add_up, ages_that_add_up),
    *(ages_of_all_roles, ages_alone, ages_alone, some_ages, one_group, ages_off_the_total, active_or_not),
)
