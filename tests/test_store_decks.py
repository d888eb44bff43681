"""Saved slides on both engines: by area and name, every version kept, nobody's replaced unseen, several writers at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from ektp_analysis.core.errors import StoreError, UserError
from ektp_analysis.store.memory import LONGEST_DECK_NAME, LONGEST_NOTES, LONGEST_TITLE, MOST_SLIDES
from ektp_analysis.store.records import Arrangement, Edit, SavedDeck
from ektp_analysis.store.store import Store
from tests.engines import kept, moment, reading

AT, LATER, LAST = moment("2024-07-01 02:00"), moment("2024-07-02 02:00"), moment("2024-07-03 02:00")
MONDAY = Arrangement(
    "75.05",
    False,
    "Rapat Senin",
    (Edit("map"), Edit("answer", title="Sambutan", notes="Salam\nTerima kasih"), Edit("fan", shown=False)),
)
SHORT = replace(MONDAY, edits=(Edit("answer"),))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


def save(store: Store, wanted: Arrangement = MONDAY, *, over: int | None = None, by: str = "petugas", at: Any = AT) -> SavedDeck:
    return store.save_deck(wanted, over=over, by=by, at=at)


def names(store: Store, **others: Any) -> list[tuple[str, bool, str]]:
    return [(one.area, one.sample, one.name) for one in store.decks(**others)]


def test_what_was_saved_is_there_after_opening_again_with_who_and_when(url: str) -> None:
    with Store.open(url) as store:
        made = save(store)
    with Store.open(url, read_only=True) as again:
        assert again.decks() == [made]
    assert (made.edits, made.by, made.at, made.sample) == (MONDAY.edits, "petugas", AT, False)


def test_several_by_name_and_area_apart_from_the_samples(store: Store) -> None:
    others = (replace(MONDAY, name="Bupati"), replace(MONDAY, area="75.01"), replace(MONDAY, sample=True))
    made = [save(store, one) for one in (MONDAY, *others)]
    assert names(store) == [
        ("75.01", False, "Rapat Senin"),
        ("75.05", False, "Bupati"),
        ("75.05", False, "Rapat Senin"),
        ("75.05", True, "Rapat Senin"),
    ]
    assert len({one.id for one in made}) == 4


def test_a_later_version_takes_the_place_of_the_one_that_was_seen(store: Store) -> None:
    first = save(store)
    second = save(store, replace(SHORT, name=" rapat  SENIN "), over=first.version, by="kepala", at=LATER)
    assert (second.id, second.name, second.edits, second.by, second.at) == (first.id, "rapat SENIN", SHORT.edits, "kepala", LATER)
    assert second.version > first.version and store.decks() == [second]


def test_nobodys_slides_are_replaced_unseen(store: Store) -> None:
    first = save(store)
    with pytest.raises(UserError, match=r"'Rapat Senin' were saved already, by petugas on .*Use another name"):
        save(store, replace(SHORT, name="RAPAT SENIN"))
    second = save(store, SHORT, over=first.version, by="kepala", at=LATER)
    with pytest.raises(UserError, match=r"was saved again by kepala on .* after you chose it"):
        save(store, replace(MONDAY, edits=(Edit("trend"),)), over=first.version, at=LAST)
    assert store.decks() == [second]
    assert save(store, SHORT, over=first.version, by="lain", at=LAST) == second, "the same again is no new version"


def test_under_another_name_it_is_saved_anew_and_the_former_stays(store: Store) -> None:
    first = save(store)
    renamed = save(store, replace(MONDAY, name="Rapat Selasa"), over=None, at=LATER)
    assert renamed.id != first.id and [one.name for one in store.decks()] == ["Rapat Selasa", "Rapat Senin"]
    store.forget_deck(first.id, by="petugas", at=LAST)
    assert store.decks() == [renamed]


def test_what_is_forgotten_is_gone_and_can_be_saved_again_under_its_number(store: Store) -> None:
    first = save(store)
    store.forget_deck(first.id, by="petugas", at=LATER)
    assert store.decks() == []
    for number in (first.id, 4711):
        with pytest.raises(UserError, match="no saved slides with the number"):
            store.forget_deck(number, by="petugas", at=LATER)
    again = save(store, over=first.version, at=LAST)
    assert again.id == first.id and again.version > first.version and store.decks() == [again]


def test_as_known_at_a_moment(store: Store) -> None:
    first = save(store)
    second = save(store, SHORT, over=first.version, at=LATER)
    store.forget_deck(first.id, by="petugas", at=LAST)
    assert store.decks(known_at=date(2024, 6, 30)) == []
    assert store.decks(known_at=date(2024, 7, 1)) == store.decks(known_at=AT) == [first]
    assert store.decks(known_at=LATER) == [second]
    assert store.decks(known_at=LAST) == store.decks() == []


def test_a_clock_that_runs_back_changes_nothing_of_what_was_known(store: Store) -> None:
    first = save(store, at=LATER)
    second = save(store, SHORT, over=first.version, at=AT)
    assert second.at == LATER and store.decks(known_at=AT) == [] and store.decks() == [second]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (replace(MONDAY, name=" \n "), "1 to 80 characters"),
        (replace(MONDAY, name="x" * (LONGEST_DECK_NAME + 1)), "1 to 80 characters"),
        (replace(MONDAY, area="7505"), "not an area code"),
        (
            replace(MONDAY, edits=(Edit("map"), Edit("fan", title="x" * (LONGEST_TITLE + 1)))),
            "title of slide 2 is longer than 200",
        ),
        (replace(MONDAY, edits=(Edit("map", notes="x" * (LONGEST_NOTES + 1)),)), "notes of slide 1 are longer than 5,000"),
        (replace(MONDAY, edits=tuple(Edit(str(n)) for n in range(MOST_SLIDES + 1))), "At most 100 slides"),
    ],
)
def test_what_cannot_be_saved_is_a_sentence(store: Store, wanted: Arrangement, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        save(store, wanted)
    assert store.decks() == []


def test_texts_are_kept_without_what_no_database_or_screen_takes(store: Store) -> None:
    made = save(
        store,
        Arrangement(
            "75.05", False, "Rapat\0 \u202eSenin\ud800", (Edit("map", title=" Peta\t\0baru ", notes="\n satu  \r\n\ndua\0\n"),)
        ),
    )
    assert (made.name, made.edits) == ("Rapat Senin", (Edit("map", title="Peta baru", notes="satu\n\ndua"),))
    assert store.decks() == [made]


def test_a_slide_is_named_once_and_a_moment_has_its_zone(store: Store) -> None:
    for edits in ((Edit("map"), Edit("map")), (Edit(""),)):
        with pytest.raises(ValueError, match="named once"):
            save(store, replace(MONDAY, edits=edits))
    with pytest.raises(ValueError, match="time zone"):
        save(store, at=AT.replace(tzinfo=None))


def test_rows_are_only_added_and_no_figure_rests_on_them(store: Store, url: str) -> None:
    kept(store, reading({"area_code": "75.05.01", "as_of_date": "2023-06-20", "unrecorded": 1}), "2023-06-20 10:00")
    token, seen = store.token(), []
    sa.event.listen(
        store._database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: seen.append(statement.split()[0].upper()),
    )
    first = save(store)
    save(store, SHORT, over=first.version, at=LATER)
    store.forget_deck(first.id, by="petugas", at=LAST)
    assert seen.count("INSERT") == 3 * 2 and set(seen) <= {"INSERT", "SELECT", "BEGIN", "SET"}
    assert store.token() == token
    with Store.open(url, read_only=True) as reader, pytest.raises(StoreError, match="reading only"):
        save(reader)


def _office(who: str, url: str, barrier: Barrier, answers: Any) -> None:
    """Several times at once with others: slides of one's own, and one name that everyone wants."""
    said = []
    with Store.open(url) as store:
        for number in range(6):
            barrier.wait()
            own = save(store, replace(MONDAY, name=f"{who} {number}"), by=who)
            try:
                save(store, Arrangement("75.05", False, f"Bersama {number}", (Edit("map", title=who),)), by=who)
                said.append((own.name, "saved"))
            except UserError as error:
                said.append((own.name, str(error)))
    answers.put((who, said))


def test_two_who_save_at_once_both_arrive_and_one_name_is_given_once(url: str) -> None:
    context = multiprocessing.get_context("fork")  # each opens the store for itself: nothing of this process is used
    barrier, answers = context.Barrier(2), context.Queue()
    children = [context.Process(target=_office, args=(who, url, barrier, answers)) for who in ("Kwandang", "Anggrek")]
    for child in children:
        child.start()
    told = dict(answers.get(timeout=120) for _ in children)
    for child in children:
        child.join(timeout=60)
        assert child.exitcode == 0
    with Store.open(url) as store:
        held = {one.name: one for one in store.decks()}
    assert len(held) == 18 and len({one.id for one in held.values()}) == 18
    for number in range(6):
        answer = {who: said[number][1] for who, said in told.items()}
        winner = held[f"Bersama {number}"].by
        assert answer.pop(winner) == "saved" and held[f"Bersama {number}"].edits[0].title == winner
        assert f"were saved already, by {winner}" in answer.popitem()[1]
