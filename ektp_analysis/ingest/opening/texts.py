"""Bytes -> a text: whether they are one, in which encoding, how its fields are parted, and where it is damaged."""

from __future__ import annotations

import csv
import re
from collections import Counter

from ektp_analysis.ingest.cells import words, written

WIDE = (b"\xff\xfe", b"\xfe\xff")  # marks of UTF-16
_LOOK, _ODD = 65_536, 200  # bytes that show whether they are text; of so many letters of a text one may be odd
_FEWEST_WIDE, _WIDE_ZEROS = 8, 0.9  # letters, and the share of them that stand in ASCII: tables of offices are nearly all so
_SAMPLE, _SAMPLE_LINES = 200_000, 200  # letters and lines that show how a text is delimited
_MARK = b"\xef\xbb\xbf"  # of UTF-8
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")  # letters that no program writes into a table
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 12, 13))
_UNUSED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))  # letters that cp1252 has not
_ITEM = re.compile(  # 'Kwandang: 123', as lists are written by hand and sent in a message
    r"\s*(?:[-–*•]\s*|\(?\d{1,3}[.)]\s*)?([^\W\d_][^:=\d]*?)\s*[:=]\s*(\d[\d.,/| ]*?)\s*(?:jiwa|orang|org|jw)?\s*[.;,]?\s*",
    re.IGNORECASE,
)
_BETWEEN_COUNTS = re.compile(r"\s*[/|]\s*")
FEWEST_ITEMS, MOSTLY_ITEMS, HALF = 3, 0.6, 0.5  # of a list; of the lines from its first to its last, and to the end
_END = "\x1a"  # of a file, as old programs write it
_BAD = "\ufffd"  # stands where bytes are no letter


def looks_like_text(data: bytes) -> bool:
    """Whether the first part of the bytes is text: hardly any control characters, no zero bytes unless UTF-16."""
    head = data[:_LOOK]
    if wide(data):
        return True
    control, odd = (len(head) - len(head.translate(None, codes)) for codes in (_CONTROLS, _UNUSED))
    return control == 0 or (head.count(0) == 0 and control + odd <= len(head) // _ODD)


def wide(data: bytes) -> str:
    """The encoding of a text in UTF-16: by its mark, or by a zero in nearly every second byte alone; '' for any other."""
    if data.startswith(WIDE):
        return "utf-16"
    first, second = data[:_LOOK:2], data[1:_LOOK:2]
    for zeros, letters, name in ((second, first, "utf-16-le"), (first, second, "utf-16-be")):
        if len(letters) >= _FEWEST_WIDE and letters.count(0) == 0 and zeros.count(0) >= _WIDE_ZEROS * len(zeros):
            return name
    return ""


def decode(data: bytes) -> str:
    """Text by its BOM, else UTF-16 without one, else UTF-8, else cp1252 (a guess by statistics misjudges short files)."""
    if encoding := wide(data):
        return data.decode(encoding, errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def delimiter_of(text: str) -> str:
    """The mark between fields: the one that cuts the first lines most evenly into most fields."""
    lines = [line for line in text[:_SAMPLE].splitlines()[:_SAMPLE_LINES] if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[4]
    if not lines:
        return ","
    best, best_score = ",", 0.0
    for mark in (";", "\t", "|", ","):
        widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        usual = max(set(widths), key=lambda width: (widths.count(width) * (width > 1), width))
        score = (usual - 1) * widths.count(usual) / len(widths)
        if score > best_score:
            best, best_score = mark, score
    return best


def as_list(text: str) -> list[list[str]] | None:
    """The rows of a list with an area and its counts in each line, below a line that says what is counted; None where a text is
    none. Each line is a row, so that rows are counted as lines are."""
    lines = text.splitlines() if len(text) < _SAMPLE and (":" in text or "=" in text) else []
    items = _items(lines)
    if len(items) < FEWEST_ITEMS:
        return None
    first, last = min(items), max(items)
    between, after = (_filled(lines[first:end]) for end in (last + 1, len(lines)))
    above = [(number, said) for number in range(first) if (said := _heads(lines[number], len(items[first]) - 1))]
    if not above or len(items) < max(MOSTLY_ITEMS * between, HALF * after):
        return None
    number, head = above[-1]
    rows = {number: [line.strip()] if line.strip() else [] for number, line in enumerate(lines)}
    beside = rows[first - 1] if number < first - 1 else []  # the header stands right above the list
    return list((rows | items | {first - 1: [*head, *beside]}).values())


def _items(lines: list[str]) -> dict[int, list[str]]:
    """The lines of a list by their numbers: those with as many counts as most of them."""
    found = {number: item for number, line in enumerate(lines) if (item := _item(line))}
    usual = Counter(map(len, found.values())).most_common(1)
    return {number: item for number, item in found.items() if len(item) == usual[0][0]}


def _filled(lines: list[str]) -> int:
    return sum(bool(line.strip()) for line in lines)


def _item(line: str) -> list[str]:
    """The area and the counts of a line of a list; [] where it is none."""
    found = _ITEM.fullmatch(line)
    return [found[1], *_BETWEEN_COUNTS.split(found[2])] if found and written.parse(found[2]) is None else []


def _heads(line: str, counts: int) -> list[str] | None:
    """The header that a line above a list of so many counts is; None where it does not say what is counted."""
    said = [line.strip(" :")] if counts == 1 else _BETWEEN_COUNTS.split(line.partition(":")[2].strip())
    named = [words.meaning([text]).measure for text in said]
    if len(said) != counts or not all(one in (words.ELIGIBLE, words.RECORDED, words.UNRECORDED) for one in named):
        return None
    return [line.partition(":")[0].strip() if counts > 1 else "", *said]


def odd_letter(data: bytes, text: str) -> int:
    """The first line, counted from 1, with a control character, or with bytes that are no UTF-8 where the others are; 0 where
    there is none. ``text``: what the bytes were decoded to."""
    found = _CONTROL.search(text.rstrip(_END))
    if found is None and not (data.isascii() or wide(data)):
        text = data.removeprefix(_MARK).decode("utf-8", errors="replace")
        bad = text.count(_BAD)
        good = sum(not letter.isascii() for letter in text) - bad if bad else 0
        if bad and (good > bad or data.startswith(_MARK)) and _BAD.encode() not in data:
            return len(re.findall("\r\n?|\n", text[: text.index(_BAD)])) + 1
    return len(re.findall("\r\n?|\n", text[: found.start()])) + 1 if found else 0


def ends_in_line(text: str) -> bool:
    """Whether a text ends with an end of line, and with a whole one."""
    return text.endswith("\n") or (text.endswith("\r") and "\r\n" not in text)
