"""The presentation in the browser as a page: the slides of the other files, saved own words, frozen and newer figures."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import Response

from ektp_analysis import server
from ektp_analysis.core.errors import UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.text import sentence
from ektp_analysis.core.theme import palette
from ektp_analysis.office import decisions, presentation, reports, stores
from ektp_analysis.report import pictures, screen
from ektp_analysis.report.blocks import Map
from ektp_analysis.report.deck import Deck
from ektp_analysis.report.fitting import pages
from ektp_analysis.store.records import Arrangement, Edit, SavedDeck
from tests.breadth import first_of_each
from tests.engines import kept, reading
from tests.pdf_words import texts
from tests.reports import CASES, row, weekly

HOSTILE = "<img src=x onerror=alert(1)>"
FIRST, SECOND = date(2025, 3, 3), date(2025, 3, 10)
KEYS = ["answer", "trend", "fan", "map", "ranking", "when", "changes", "data", "method"]


@pytest.fixture(autouse=True, scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    patch, folder = pytest.MonkeyPatch(), tmp_path_factory.mktemp("presentation")
    patch.setenv("EKTP_DATA_DIR", str(folder))
    patch.delenv("EKTP_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield folder
    stores.close_all()
    patch.undo()
    settings.cache_clear()


@pytest.fixture(scope="module")
def deck() -> Deck:
    return reports.deck(stores.current(sample=True), "75.05")


@pytest.fixture(scope="module")
def drawn(deck: Deck) -> dict[str, tuple[str, ...]]:
    return pictures.drawn(deck, "id")


class Page(HTMLParser):
    """What stands in a page: elements, text, titles of slides, and what each body holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.titles: list[str] = []
        self.text = ""
        self._in: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _value in attrs if name.startswith("on")]
        self._in.append(tag)
        if tag == "h2":
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "script" in self._in or "style" in self._in:
            return
        self.text += data + "\n"
        if "h2" in self._in:
            self.titles[-1] += data


def query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


SAMPLE = presentation.Asked("75.05", None, None, True, "id", "light")


def saved(*edits: Edit, name: str) -> SavedDeck:
    """Slides saved for the sample's area; over those of the name."""
    held = next((one for one in decisions.decks("75.05", sample=True) if one.name == name), None)
    return decisions.save_deck(Arrangement("75.05", True, name, edits), over=held.version if held else None)


def shown(what: presentation.Asked = SAMPLE) -> str:
    return presentation.html(presentation.asked(query(presentation.address(what))))


def framed(deck: Deck, drawn: dict[str, tuple[str, ...]], lang: str = "id") -> str:
    return screen.html(deck, lang, drawn, screen.Frame(HOSTILE, None, "auto", "x", None, "../slides"))


@pytest.mark.parametrize(
    ("lang", "figures", "stamp"),
    first_of_each(
        [
            ("id", ("862", "650", "554", "99,30 %", "99,40 %"), "CONTOH, sebagian hasil pemodelan"),
            ("en", ("862", "650", "554", "99.30%", "99.40%"), "SAMPLE, partly modelled"),
        ]
    ),
)
def test_the_slides_and_figures_are_those_of_the_pdf(deck: Deck, lang: str, figures: tuple[str, ...], stamp: str) -> None:
    html = shown(replace(SAMPLE, lang=lang))
    page = Page(html)
    assert page.titles[:-1] == [sentence(one.title, lang) for slide in deck.slides for one in pages(slide, lang)]
    assert len(page.titles) - 1 == len(texts(reports.file(deck, "pdf", lang))) == 9  # the last heading is that of the keys
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    for figure in figures:
        assert figure in text, figure
    bars = re.findall(r'<th scope="row">Anggrek</th><td><span class="measure"><span class="bar" style="--share:([\d.]+)', html)
    assert bars == [f"{72 / 126:.3f}", f"{12 / 22:.3f}"], "its residents by the most, its change by the largest"
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.S)
    named = re.findall(r"script-src ([^;]*)", screen.policy())
    assert named == [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"], "its own script runs, and nothing else"
    assert text.count(stamp) == 9 and html.count(deck.fingerprint[:12]) >= 9 and f'<html lang="{lang}"' in html


def test_an_area_with_little_data_has_fewer_slides_and_none_with_holes(tmp_path: Path) -> None:
    now, area = CASES["no projection"](tmp_path)
    few = reports.deck(now, area)
    html = framed(few, pictures.drawn(few, "id"))
    bodies = re.findall(r'<div class="body">(.*?)</div><div class="more"', html, re.S)
    assert len(bodies) == html.count('class="slide"') == 5
    for body in bodies:
        assert re.sub(r"<[^>]+>|\s", "", body), body
    assert not {"nan", "None", "NaT"} & set(Page(html).text.split())


def test_a_short_address_opens_what_was_saved_last() -> None:
    edits = (
        Edit("map"),
        Edit("answer", title=HOSTILE, notes="Sambutan\nTerima kasih"),
        Edit("fan", shown=False),
        *(Edit(key) for key in KEYS if key not in ("map", "answer", "fan")),
    )
    deck = saved(*edits, name="Rapat <b>")
    address = presentation.address(replace(SAMPLE, deck=deck, on=date(2023, 6, 20), theme="dark"))
    assert address == f"slides/show?deck={deck.id}&on=2023-06-20&lang=id&theme=dark"
    what = presentation.asked(query(address))
    assert what.deck == deck and what.on == date(2023, 6, 20) and what.theme == "dark" and what.sample and what.area == "75.05"
    html = presentation.html(presentation.asked({"deck": str(deck.id)}))
    page = Page(html)
    assert page.titles[1] == HOSTILE and len(page.titles) - 1 == 8
    assert "Sambutan" in page.text and "img" not in page.tags and page.handlers == []
    assert f'href="../slides?area=75.05&amp;on=latest&amp;data=sample&amp;lang=id&amp;deck={deck.id}"' in html
    stores.close_all()  # as a restart does
    saved(Edit("answer", title="Pembukaan"), name="Rapat <b>")
    again = Page(presentation.html(presentation.asked(query(address) | {"on": "latest"})))
    assert again.titles[0] == "Pembukaan" and len(again.titles) - 1 == 9


def test_saved_slides_as_they_were_known_at_a_moment() -> None:
    deck = saved(Edit("answer", title="Pertama"), name="Beku")
    saved(Edit("answer", title="Kedua"), name="Beku")
    known = deck.at.isoformat()
    assert presentation.asked({"deck": str(deck.id), "known": known}).deck == deck
    frozen = presentation.html(presentation.asked({"deck": str(deck.id), "known": known}))
    assert Page(frozen).titles[0] == "Pertama" and "data-ask" not in frozen.partition("<script>")[0]
    assert Page(presentation.html(presentation.asked({"deck": str(deck.id)}))).titles[0] == "Kedua"
    decisions.forget_deck(deck.id)
    assert presentation.asked({"deck": str(deck.id), "known": known}).deck == deck
    with pytest.raises(presentation.NotThereError):
        presentation.asked({"deck": str(deck.id), "known": "2001-01-01"})


def answered(view: Callable[[Request], Response], **query: str) -> Response:
    return view(
        Request(
            {"type": "http", "method": "GET", "path": "/slides/show", "headers": [], "query_string": urlencode(query).encode()}
        )
    )


@pytest.mark.parametrize(
    "part",
    [
        {"deck": "4711"},
        {"deck": "-1"},
        {"deck": "9" * 40},
        {"deck": HOSTILE},
        {"deck": ""},
        {"deck": "٣"},
        {"deck": "forgotten"},
        {"deck": "one", "area": "75.01"},
        {"made": "eNqLjgUAARUAuQ"},
    ],
)
def test_what_is_not_there_is_one_sentence_and_404(part: dict[str, str]) -> None:
    gone, one = saved(Edit("map"), name="Terlupakan"), saved(Edit("map"), name="Ada")
    decisions.forget_deck(gone.id)
    asked = {key: {"forgotten": str(gone.id), "one": str(one.id)}.get(value, value) for key, value in part.items()}
    answer = answered(server.show, **asked, lang="id")
    page = Page(bytes(answer.body).decode())
    assert answer.status_code == 404 and answer.headers["cache-control"] == "no-store"
    said = "versi terdahulu" if "made" in part else "tidak ada atau sudah tidak ada lagi"
    assert said in page.text and "halaman Presentasi" in page.text and "Traceback" not in page.text
    assert "img" not in page.tags and page.handlers == []
    assert answered(server.show_state, **asked).status_code == 400


def test_the_server_shows_saved_slides_and_makes_no_key(home: Path) -> None:
    deck = saved(Edit("answer", title="Lewat alamat"), name="Alamat")
    answer = answered(server.show, deck=str(deck.id))
    assert answer.status_code == 200 and Page(bytes(answer.body).decode()).titles[0] == "Lewat alamat"
    assert not list(home.rglob("links.key"))


def test_the_page_asks_for_its_pictures_by_figures_and_gets_those_of_the_screen(
    deck: Deck, drawn: dict[str, tuple[str, ...]]
) -> None:
    address = presentation.pictures_address("75.05", None, sample=True, lang="id")
    answer = answered(server.show_pictures, **query(address))
    told = json.loads(bytes(answer.body))
    assert set(told["pictures"]) == set(drawn) and all(svg.startswith("<svg") for svg in told["pictures"].values())
    assert answer.headers["cache-control"] == "no-store"
    assert told["state"] == presentation.named(stores.current(sample=True), deck) == presentation.state(SAMPLE)
    refused = answered(server.show_pictures, area="11.01", data="sample", lang="id")
    assert refused.status_code == 400 and "Belum ada angka" in json.loads(bytes(refused.body))["reason"]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"area": "99.99"}, "99.99"),
        ({"area": HOSTILE}, "no area"),
        ({"on": "kemarin"}, "kemarin"),
        ({"known": "2023-13-01"}, "2023-13-01"),
        ({"known": "0001-01-01"}, "0001-01-01"),
        ({"known": "0001-01-01T00:00:00+14:00"}, "0001-01-01"),
        ({"known": "9999-12-31"}, "9999-12-31"),
        ({"on": "9999-12-31"}, "9999-12-31"),
        ({"on": "2023-06-21"}, "21 June 2023 lies outside the figures, which are of 14 June 2023 to 20 June 2023"),
        ({"on": "2023-06-13"}, "13 June 2023"),
        ({"known": "2023-06-18"}, "What was known on 18 June 2023 cannot be shown; choose a day from 20 June 2023"),
        ({"known": "2150-01-01"}, "What was known on 1 January 2150"),
    ],
)
def test_an_address_that_cannot_be_shown_says_which_part(part: dict[str, str], said: str) -> None:
    drawn = presentation._drawn.cache_info().misses
    for answer in (presentation.html, presentation.pictures, presentation.state):
        with pytest.raises(UserError, match=said) as refused:
            answer(presentation.asked({"area": "75.05", "data": "sample"} | part))
    assert presentation._drawn.cache_info().misses == drawn  # refused before any work
    page = Page(presentation.refusal(refused.value.message, {"lang": HOSTILE}))
    assert said.split()[-1] in page.text or "wilayah" in page.text
    assert "img" not in page.tags and page.handlers == []


def test_days_that_show_the_same_are_drawn_once() -> None:
    days = {date(2023, 6, 14): 14, date(2023, 6, 18): 14, date(2023, 6, 19): 19}
    for asked, seen in days.items():
        assert presentation._looked_at(replace(SAMPLE, on=asked))[1] == date(2023, 6, seen), asked
    assert presentation._looked_at(SAMPLE)[1] is None


def test_no_slide_and_no_figures_are_sentences() -> None:
    with pytest.raises(UserError, match="No slide is shown"):
        shown(replace(SAMPLE, deck=saved(*(Edit(key, shown=False) for key in KEYS), name="Kosong")))
    with pytest.raises(UserError):
        presentation.html(presentation.asked({"area": "11.01", "data": "sample"}))


def test_names_of_a_boundary_file_are_text(deck: Deck) -> None:
    slides = []
    for slide in deck.slides:
        if slide.key == "map":
            block = slide.blocks[0]
            assert isinstance(block, Map)
            shapes = tuple(replace(shape, name=HOSTILE + "\"'&") for shape in block.boundaries.shapes)
            slides.append(replace(slide, blocks=(replace(block, boundaries=replace(block.boundaries, shapes=shapes)),)))
    made = replace(deck, slides=tuple(slides))
    html = framed(made, pictures.drawn(made, "id"))
    page = Page(html)
    assert HOSTILE in page.text and "&lt;img src=x" in html
    assert "img" not in page.tags and page.handlers == []


def test_a_picture_follows_the_theme_and_tells_at_the_pointer(deck: Deck, drawn: dict[str, tuple[str, ...]]) -> None:
    known = pictures.colours(deck)
    assert set(drawn) == {"trend", "fan", "map", "when"}
    for key, svgs in drawn.items():
        for svg in svgs:
            assert set(re.findall(r'(?:fill|stroke)="(#\w+)"', svg)) <= {"#0b0c0e", "#ffffff"}, key
            used = set(re.findall(r"var\(--h(\w{6})\)", svg))
            assert used and used <= {colour[1:] for colour in known}, key
            tips = re.findall(r'data-tip="([^"]+)"', svg)
            assert tips and not any("#" in tip or "datum" in tip or "day:" in tip for tip in tips), key
            assert "aria-label" not in svg and "id=" not in svg.replace(f'id="{key}', "")
    assert known["#b5433f"] == palette("dark").accent and known["#ffffff"] == palette("dark").paper
    assert 'data-tip="Per tanggal: 19 Juni 2023\u2063Belum rekam: 650\u2063Status: dilaporkan"' in drawn["trend"][0]


@pytest.fixture
def anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A data folder in which nothing was kept later than what a test keeps in it."""
    monkeypatch.setenv("EKTP_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield
    stores.close_all()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("anew")
def test_newer_figures_are_noticed_and_a_fixed_moment_stays() -> None:
    store = stores.own_store()
    for number, batch in enumerate(weekly(["75.05.01", "75.05.02"], 2), 1):
        kept(store, reading(*batch), f"2025-04-{number:02} 03:00", name=f"{number}.csv")
    now, then = presentation.asked({"area": "75.05"}), presentation.asked({"area": "75.05", "known": "2025-04-01"})
    html, frozen = presentation.html(now), presentation.html(then)
    state = presentation.state(now)
    assert f'data-state="{state}"' in html and 'data-ask="show/state?area=75.05&amp;on=latest' in html
    assert "data-ask" not in frozen.partition("<script>")[0]
    assert "1.675" in html and "1.675" not in frozen and "1.795" in frozen and "diketahui per 1 April 2025" in frozen

    kept(store, reading(row("71.01", SECOND, eligible=100, unrecorded=7)), "2025-04-03 03:00", name="lain.csv")
    assert presentation.state(now) == state, "figures of another area change nothing on these slides"
    kept(store, reading(row("75.05.01", SECOND, eligible=8000, unrecorded=801)), "2025-04-04 03:00", name="koreksi.csv")
    assert presentation.state(now) != state
    assert f'data-state="{presentation.state(now)}"' in presentation.html(now)
    assert "1.795" in presentation.html(then) and FIRST < SECOND
