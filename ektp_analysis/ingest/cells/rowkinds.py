"""What one row of cells looks like: a header, a line of a title, a row of column numbers, a total; where a body begins, which
rows above it are its header, and whether a text was cut off or torn apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from ektp_analysis.ingest.cells import ages, names, numerals, topics, words, written

SEQUENCE, MOSTLY = 3, 0.7  # numbers that make a row of column numbers, and their share of its cells: a note may stand beside
HEADER_LETTERS, BLOCK_LETTERS = 80, 60  # longer texts are sentences, no header and no name of an area
KEY_NUMBERS = 2  # cells of which one is a number: more numbers in a row are no line of a title
KEY_CELLS, BLOCK_CELLS = 4, 2  # cells of a line of a title ('TAHUN : 2023' and one beside), of a name above its rows
FEW_HEADERS = 2  # words of headers that a total may hold, such as its own label
MOST_HEADERS, MOST_WORDS = 6, 3  # rows of a header; rows of few words that may stand between it and the body
WIDE, FEWEST = 0.3, 2  # of the cells of the widest row above the body, and cells: a row with fewer is no header by itself
TITLE_CELLS, TITLE_LETTERS = 2, 45  # so few cells, of which one is longer, are a title
WORD_LETTERS = 30  # a row of shorter texts may belong to a header
GROUP_PLACE = 2  # columns left of the first group: those of the areas
ENDING_ALIKE = 3  # rows above the last one that end with the same text
FEWEST_WHOLE = 2  # rows that show how wide a text is: a header and a row
SAMPLE_LINES = 200  # of a text that show whether marks between thousands part its cells
PLAIN_DIGITS = 15  # no count has more, so that nothing need be tried with digits alone
NUMBER_ROWS = 2  # rows of column numbers beneath a header

COUNTS = frozenset({words.ELIGIBLE, words.RECORDED, words.UNRECORDED})

Row = Sequence[object]
Merged = Sequence[tuple[int, int, int, int]]  # top, left, bottom, right

_KEY = re.compile(r"(?:tahun|semester|smt|bulan|periode|tanggal|tgl|per|keadaan|posisi|sumber|update)\b", re.IGNORECASE)
_CODE = re.compile(r"\d\d(?:[. ]\d\d){1,2}(?:[. ]\d{4})?|\d{4}|\d{6,7}|\d{10}")  # of a kabupaten, kecamatan or desa
_DIGIT = re.compile("[0-9]")
_SOURCE = re.compile(r"sumber\b", re.IGNORECASE)  # no number is a source


def is_number(cell: object) -> bool:
    """Whether a cell holds a number, as such or as text."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, (int, float)):
        return cell == cell
    if not isinstance(cell, str) or not _has_digit(cell):
        return False
    if cell.isdecimal() and cell.isascii() and len(cell) <= PLAIN_DIGITS:
        return True
    try:
        return numerals.percent(cell) is not None
    except numerals.NotANumber:
        pass
    try:
        return numerals.count(cell) is not None
    except numerals.NotANumber:
        return False


def _has_digit(text: str) -> bool:
    if text.isascii():
        return _DIGIT.search(text) is not None
    return any(letter.isdigit() for letter in text)


def filled(cell: object) -> bool:
    """Whether a cell shows anything."""
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def numbers_in(row: Sequence[object]) -> int:
    return sum(is_number(cell) for cell in row)


def is_sequence(row: Sequence[object]) -> bool:
    """1, 2, 3, ... beneath a header: a row of column numbers, also as (1) or with 3 = 1 + 2."""
    marks = [str(cell).split("=")[0].strip().strip("()[]").split(".")[0] for cell in row if filled(cell)]
    digits = [int(mark) for mark in marks if mark.isascii() and mark.isdigit()]
    return (
        len(digits) >= SEQUENCE
        and len(digits) >= MOSTLY * len(marks)
        and all(b - a == 1 for a, b in itertools.pairwise(digits))
        and digits[0] in (0, 1)
        and not any(isinstance(cell, str) and words.level_of([cell]) for cell in row)
    )


def has_header_words(row: Sequence[object]) -> int:
    return sum(
        1
        for cell in row
        if isinstance(cell, str)
        and cell.strip()
        and len(cell) < HEADER_LETTERS
        and (words.meaning([cell]).measure or words.meaning([cell]).sex or words.level_of([cell]))
    )


_FIRST_YEAR = 1900  # of birth, that heads a column


def body_start(rows: Sequence[Sequence[object]], shown: Sequence[int]) -> int | None:
    """The first row of the body: holds numbers like the rows after it, is no row of column numbers, no header. A name
    without figures ("KEC. X") or a total may stand between it and the header."""
    counts = {number: numbers_in(rows[number]) for number in shown}
    usual = sorted(count for count in counts.values() if count)
    if not usual:
        return None
    typical = usual[len(usual) // 2]
    enough = max(1, (typical + 1) // 2)
    for place in range(1 if len(shown) > 1 else 0, len(shown)):
        after = rows[shown[place + 1]] if place + 1 < len(shown) else ()
        if counts[shown[place]] >= enough and _may_begin(rows[shown[place]], after):
            while place > 0 and _stands_in_body(rows[shown[place - 1]], typical):
                place -= 1
            return shown[_with_silent(rows, shown, place)]
    return None


def _stands_in_body(row: Row, typical: int) -> bool:
    """Whether a row above the first of figures is of the body: a name without figures, or a total."""
    return is_block_row(row, typical) or (is_total_row(row) and not heads_groups(row))


def _with_silent(rows: Sequence[Row], shown: Sequence[int], place: int) -> int:
    """The first row of the body with the areas above it that show no figure yet, where a header stands above these."""
    body, first = rows[shown[place]], place
    while first > 0 and is_silent(rows[shown[first - 1]], body):
        first -= 1
    return first if first > 0 and has_header_words(rows[shown[first - 1]]) else place


def is_silent(row: Row, body: Row) -> bool:
    """Whether a row says an area as ``body`` does, and leaves out figures that ``body`` has."""
    area = leaves_out = False
    for cell, below in itertools.zip_longest(row, body):
        figure = is_number(below)
        if not filled(cell) or (isinstance(cell, str) and not any(map(str.isalnum, cell))):
            leaves_out |= figure
        elif not filled(below) or (figure and not is_number(cell)):
            return False
        else:
            area |= _says_an_area(str(cell).strip())
    return area and leaves_out and not is_sequence(row)


def _says_an_area(text: str) -> bool:
    return bool(_CODE.fullmatch(text)) or any(names.compact(text, level) in names.everywhere(level) for level in (3, 2, 4))


def _may_begin(row: Sequence[object], after: Sequence[object]) -> bool:
    """Whether a body may begin with a row of numbers; those of a long form all speak like a header."""
    if is_sequence(row) or is_key_value(row) or heads_days(row) or heads_groups(row):
        return False
    return not speaks_like_a_header(row) or speaks_like_a_header(after) or _names_an_area_of_words(row)


def heads_groups(row: Sequence[object]) -> bool:
    """Whether a row is a header of areas, of ages or years of birth in numbers, and of their total: 'DESA', 17, 18, 'JUMLAH'."""
    shown = [str(cell).strip() for cell in row if filled(cell)]
    total = shown and shown[-1].lower() in ("jumlah", "jml", "total")
    if not total or not any(words.level_of([text]) for text in shown[:2]):
        return False
    numbers = [int(text) for text in (text.removesuffix(".0") for text in shown) if text.isascii() and text.isdecimal()]
    last = max(numbers, default=0)
    return (
        len(numbers) > 1
        and numbers == sorted({*numbers})
        and (last <= topics.MOST_AGE or numbers[0] >= _FIRST_YEAR > last - topics.MOST_AGE)
    )


def heads_days(row: Sequence[object]) -> bool:
    """Whether a row is a header of areas and of days by their numbers, of a month or as workbooks count them:
    'NO', 'KECAMATAN', 7, 14, 21."""
    shown = [cell for cell in row if filled(cell)]
    texts = [cell for cell in shown if not is_number(cell)]
    if not any(words.level_of([str(cell)]) for cell in texts):
        return False
    if not all(words.level_of([str(cell)]) or words.is_row_number([str(cell)]) for cell in texts):
        return False
    numbers = [written.day_number(cell) for cell in shown[len(texts) :]]
    rising = all(left < right for left, right in itertools.pairwise(numbers))
    return len(numbers) >= FEWEST and len(numbers) + len(texts) == len(shown) and all(numbers) and rising


def _names_an_area_of_words(row: Sequence[object]) -> bool:
    """Whether a row with a number names an area of several words: 'Medan Kota' is no header, though 'Kota' is a word of one."""
    texts = [cell.strip() for cell in row if isinstance(cell, str) and not is_number(cell)]
    return numbers_in(row) > 0 and any(" " in text and _says_an_area(text) for text in texts)


class _Line(Enum):
    """What a row above the body is: of the header, a few words that may belong to it, a title."""

    HEADER, WORDS, TITLE = auto(), auto(), auto()


def header_rows(rows: Sequence[Row], above: Sequence[int], merged: Merged) -> list[int]:
    """Those of the rows above the body that are its header, looked for from the body upwards."""
    if not above:
        return []
    width = max(sum(map(filled, rows[number])) for number in above[-MOST_HEADERS:])
    taken: list[int] = []
    words_below: list[int] = []  # rows of a few words ("L", "P") between header and body; taken if a header stands above them
    real = False
    for number in reversed(above):
        if _parted(number, min([*taken, *words_below], default=number + 1), merged):
            break
        if is_sequence(rows[number]) and len(taken) < NUMBER_ROWS:
            taken.append(number)
            continue
        below = rows[number + 1] if number + 1 < len(rows) else ()
        line = _line(_Above(rows[number], number, width, bool(taken), merged, below))
        if line is _Line.HEADER:
            taken, words_below, real = [*taken, *words_below, number], [], True
        elif real and not ages.only_words(filter(filled, rows[number])):
            break
        elif (real or line is _Line.WORDS) and len(words_below) < MOST_WORDS:
            words_below.append(number)
        if real and len(taken) == MOST_HEADERS:
            break
    return sorted(taken)


def _parted(number: int, below: int, merged: Merged) -> bool:
    """Whether blank rows part a row from the one below, as they part titles from the header, and no cell spans them."""
    return below - number > 1 and not any(top <= number < below <= bottom for top, _, bottom, _ in merged)


@dataclass(frozen=True)
class _Above:
    """A row above the body. ``width``: cells of the widest such row; ``under``: whether rows below it are of the header;
    ``below``: the next of the sheet."""

    row: Row
    number: int
    width: int
    under: bool
    merged: Merged
    below: Row = ()

    @cached_property
    def cells(self) -> list[object]:
        """Those that show anything."""
        return [cell for cell in self.row if filled(cell)]

    def is_wide(self) -> bool:
        return len(self.cells) >= max(FEWEST, WIDE * self.width)

    def is_single(self) -> bool:
        return self.width == 1 and not self.under

    def has_groups(self) -> bool:
        """Whether it names groups of the columns right of the areas."""
        first = next(place for place, cell in enumerate(self.row) if filled(cell))
        groups = any(top <= self.number <= bottom and right > left for top, left, bottom, right in self.merged)
        return self.under and groups and first >= GROUP_PLACE

    def names_counts(self) -> bool:
        """Whether it names several counts, each over so many columns that it has few cells; no line of a title does."""
        texts = [cell for cell in self.cells if isinstance(cell, str) and len(cell) < WORD_LETTERS]
        counts = {measure for cell in texts if (measure := words.meaning([cell]).measure) in COUNTS}
        return self.under and len(counts) >= FEWEST and len(texts) == len(self.cells)

    def names_one_count(self) -> bool:
        """Whether it names one count and nothing else, and men, women or all stand below."""
        place = next(place for place, cell in enumerate(self.row) if filled(cell))
        below = self.below[place] if place < len(self.below) else ""
        counts = len(self.cells) == 1 and words.meaning([str(self.row[place])]).measure in COUNTS
        return self.under and counts and bool(words.sex_alone(str(below), total=True))

    def has_sexes(self) -> bool:
        return self.under and any(isinstance(cell, str) and words.sex_alone(cell) for cell in self.row)


_HEADER_RULES = (
    _Above.is_wide,
    _Above.is_single,
    _Above.has_groups,
    _Above.names_counts,
    _Above.names_one_count,
    _Above.has_sexes,
)  # each is enough for a header


def _line(above: _Above) -> _Line:
    longest, count = max(len(str(cell)) for cell in above.cells), len(above.cells)
    if is_key_value(above.row) or any(isinstance(cell, str) and cell.strip().startswith(":") for cell in above.row):
        return _Line.TITLE
    if count == 1 and not above.under and written.parse(above.cells[0]) is not None:
        return _Line.TITLE  # a day that heads the rows below it
    if any(rule(above) for rule in _HEADER_RULES) and not (count <= TITLE_CELLS < above.width and longest > TITLE_LETTERS):
        return _Line.HEADER
    return _Line.WORDS if longest < WORD_LETTERS else _Line.TITLE


def speaks_like_a_header(row: Sequence[object]) -> bool:
    return has_header_words(row) > max(1, numbers_in(row))


def is_key_value(row: Sequence[object]) -> bool:
    """A line of a title such as 'TAHUN | 2023'."""
    cells = [cell for cell in row if filled(cell)]
    if len(cells) > 1 and all(map(is_number, cells[1:])) and (len(cells) > KEY_NUMBERS or _SOURCE.match(str(cells[0]).strip())):
        return False  # figures of a desa such as 'SUMBER TANI': who writes a line of a title names each number
    if len(cells) > 1 and all(isinstance(cell, str) and _KEY.match(cell.strip()) for cell in cells):
        return False  # days side by side, each with its word
    return (
        len(cells) <= KEY_CELLS
        and isinstance(cells[0], str)
        and bool(_KEY.match(cells[0].strip()))
        and not has_header_words(cells[1:])  # a column may be named TAHUN
    )


def is_total_row(row: Sequence[object]) -> bool:
    """A total above the data, which may show fewer numbers than the rows of areas."""
    return (
        numbers_in(row) > 0
        and any(isinstance(cell, str) and words.TOTAL_ROW.search(cell) for cell in row)
        and not (is_sequence(row) or has_header_words(row) > FEW_HEADERS)
    )


def is_block_row(row: Sequence[object], typical: int) -> bool:
    texts = [cell for cell in row if filled(cell)]
    return (
        len(texts) <= BLOCK_CELLS
        and typical > 1
        and bool(texts)
        and isinstance(texts[-1], str)
        and (
            words.level_of([texts[-1]]) in ((3,), (4,))
            and len(str(texts[-1]).split()) >= 2
            and words.meaning([texts[-1]]).measure == ""
            and len(texts[-1]) < BLOCK_LETTERS
            and "/" not in texts[-1]
        )
    )


def ends_inside(rows: Sequence[Sequence[str]], *, open_quote: bool) -> bool:
    """Whether a text that ends without an end of line ends inside its last row: in a quoted cell that runs over lines, or with
    fewer cells than the row above, in a text whose rows are all as wide or with cells as a row of the table begins, or in a word
    that the rows above have whole. A note below a table is no such row, nor is a total that leaves cells out."""
    if len(rows) < FEWEST_WHOLE:
        return False
    last, above = rows[-1], next((row for row in reversed(rows[:-1]) if "".join(row).strip()), [])
    if (open_quote and any("\n" in cell for cell in last[-1:])) or _ends_in_a_word(rows):
        return True
    if not 0 < len(last) < len(above):
        return False
    if len({len(row) for row in rows[:-1] if row}) == 1:
        return True
    return _begins_as_a_row(last)


def _begins_as_a_row(row: Sequence[str]) -> bool:
    """Whether the cells of a row are the first of one of areas: no note, no total."""
    told = any(":" in cell or words.TOTAL_ROW.search(cell) for cell in row)
    return bool(row[0].strip()) and not told and (len(row) > 1 or row[0].strip().isdigit())


def _ends_in_a_word(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the last cell is the beginning of the text that the rows above all end with."""
    *above, last = rows[-1 - ENDING_ALIKE :]
    ends = {row[-1] for row in above if len(row) == len(last) > 1}
    if len(above) < ENDING_ALIKE or len(ends) != 1:
        return False
    (whole,) = ends
    return any(map(str.isalpha, whole)) and whole != last[-1] != "" and whole.startswith(last[-1])


def torn(rows: Sequence[Sequence[str]]) -> int:
    """The first row that unquoted marks between thousands have torn apart, counted from 1: most rows have more cells than the
    header, and the cells that are too many are the last three digits of numbers. 0 where there is none."""
    shown = [number for number, row in enumerate(rows[:SAMPLE_LINES]) if len(row) > 1]
    head = next((number for number in shown if not any(cell.strip().isdigit() for cell in rows[number])), -1)
    body = [number for number in shown if number > head >= 0]
    wider = [number for number in body if len(rows[number]) > len(rows[head])]
    if not wider or len(wider) <= len(body) / 2:
        return 0
    torn = [number for number in wider if _pairs_of_digits(rows[number]) >= len(rows[number]) - len(rows[head])]
    return torn[0] + 1 if len(torn) > len(wider) / 2 else 0


def _pairs_of_digits(row: Sequence[str]) -> int:
    """How many cells of three digits stand right of a cell of one to three."""
    return sum(
        1 <= len(left) <= 3 and left.isdigit() and len(right) == 3 and right.isdigit()
        for left, right in itertools.pairwise(cell.strip() for cell in row)
    )
