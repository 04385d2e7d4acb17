"""What questions need is read before they are asked, and says the same as when it is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from policytrack.core.db import db
from policytrack.core.permissions import ANONYMOUS
from policytrack.search import engine, ranking, warming
from policytrack.search.asking import question
from policytrack.search.engine import Wanted
from policytrack.search.index import generations, snapshot
from policytrack.search.index.follower import Follower
from policytrack.search.index.schema import TEXTS
from policytrack.search.index.segments import Places, Postings, Segment
from policytrack.search.index.snapshot import Snapshot, reading, search_of
from tests.search.sources import Shelf

ASKED = ("zebra", "zebra crossing", '"striped zebras"', "title:lion", "crossing OR lion", "seldom")


@pytest.fixture
def many(notes: Shelf, following: Follower, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Fill an index with what is enough to be read ahead."""
    monkeypatch.setattr(warming, "_SMALL", 5)
    monkeypatch.setattr(warming, "_COMMON", 0.8)
    for number in range(40):
        about = "zebra crossing" if number % 4 else "lion"
        rare = " seldom" if number == 7 else ""
        notes.put(f"n{number}", f"{about.title()} {number}", f"Striped {about}s cross{rare}.")
    following.rebuild()
    return notes


def told(app: Flask) -> list[object]:
    return [
        (found.total, [each.key for each in found.results], found.scores, found.counts)
        for typed in ASKED
        for found in (engine.search(app, Wanted(typed), actor=ANONYMOUS, language="en"),)
    ]


def add_one(shelf: Shelf, following: Follower) -> None:
    """Put one more thing that is asked for into the index."""
    shelf.put("new", "Zebra crossing", "A zebra crossing that is new.")
    following.follow()


def forget(app: Flask) -> None:
    """Let go of the open index and of all that was read of it."""
    search = search_of(app)
    search.close()
    search.segments = {}
    search.kept.only(frozenset())


def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return a list that grows by what is read of any segment from now on."""
    read: list[tuple[str, str]] = []
    postings, places = Segment._read_postings, Segment.places

    def note_postings(segment: Segment, field: str, form: bytes) -> Postings:
        read.append((field, form.decode()))
        return postings(segment, field, form)

    def note_places(segment: Segment, field: str, form: str) -> Places:
        read.append((field, form))
        return places(segment, field, form)

    monkeypatch.setattr(Segment, "_read_postings", note_postings)
    monkeypatch.setattr(Segment, "places", note_places)
    return read


def test_frequent_words_are_read_ahead(
    app: Flask, many: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    cold = told(app)
    forget(app)
    assert warming.look(app)
    assert not warming.look(app)
    read = reads(monkeypatch)
    for typed in ("zebra crossings", "title:zebra", "lions"):
        assert engine.search(app, Wanted(typed), actor=ANONYMOUS, language="en").total
    assert read == []
    assert told(app) == cold


def test_a_change_is_noticed_without_a_question(
    app: Flask, database: Session, many: Shelf, following: Follower
) -> None:
    warming.look(app)
    before = told(app)
    first = search_of(app).snapshot
    add_one(many, following)
    warming.look(app)
    assert search_of(app).snapshot is not first
    after = told(app)
    assert after != before
    forget(app)
    assert told(app) == after


def test_what_is_read_has_bounds(app: Flask, many: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr(ranking, "read_ahead", lambda _segment, forms: read.append(forms))
    monkeypatch.setattr(warming, "_MOST", 2)
    assert warming.look(app)
    assert len(read) == 2
    forget(app)
    monkeypatch.setattr(warming, "_ROOM", -1)
    assert warming.look(app)
    assert len(read) == 2


def test_without_an_index_there_is_nothing_to_do(app: Flask, notes: Shelf) -> None:
    assert not warming.look(app)


def test_damage_is_doubted_and_costs_nobody_anything(app: Flask, many: Shelf) -> None:
    generation = generations.current(app)
    for path in generation.folder.glob("*.seg"):
        path.write_bytes(path.read_bytes()[:100])
    forget(app)
    assert not warming.look(app)
    assert generations.doubted(generation)


def test_a_watched_index_is_asked_as_it_was_at_the_last_look(
    app: Flask, many: Shelf, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    warming.look(app)
    before = told(app)
    add_one(many, following)
    opened: list[Snapshot] = []
    original = Snapshot.__init__

    def note(now: Snapshot, *arguments: Any) -> None:
        opened.append(now)
        original(now, *arguments)

    monkeypatch.setattr(Snapshot, "__init__", note)
    assert told(app) == before
    assert opened == []
    # Who asks for the latest is given it, and so is everybody then.
    with reading(app, None, latest=True) as now:
        assert now is opened[0]
    assert told(app) != before


def test_who_looks_no_longer_is_not_relied_on(
    app: Flask, many: Shelf, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    warming.look(app)
    before = told(app)
    add_one(many, following)
    assert told(app) == before
    later = time.monotonic() + 1.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert told(app) != before


def test_an_index_that_was_made_anew_is_asked_at_once(
    app: Flask, many: Shelf, following: Follower
) -> None:
    warming.look(app)
    before = told(app)
    many.put("new", "Zebra crossing", "A zebra crossing that is new.")
    following.rebuild()
    assert told(app) != before


def test_what_a_question_opened_is_made_ready(
    app: Flask, many: Shelf, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_WATCHED", 0)
    warming.look(app)
    add_one(many, following)
    read = reads(monkeypatch)
    with reading(app, None) as now:
        now.word(TEXTS, ("one",))
    assert read != []
    read.clear()
    warming.look(app)
    with reading(app, None) as now:
        now.word(TEXTS, ("two",))
    # What stands nowhere is known by heart.
    assert read == []


def test_a_question_may_be_quicker(
    app: Flask, many: Shelf, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_WATCHED", 0)
    warming.look(app)
    add_one(many, following)
    opened = []

    def ask(_seconds: float) -> None:
        with reading(app, None) as now:
            opened.append(now)

    monkeypatch.setattr(time, "sleep", ask)
    snapshot.look(app)
    assert search_of(app).snapshot is opened[0]
    assert len(told(app)) == len(ASKED)


def test_questions_look_and_changes_at_once(
    app: Flask, many: Shelf, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People ask while the index changes and is looked at: each sees one state of it, whole."""
    monkeypatch.setattr(snapshot, "_WATCHED", 0.01)
    stop, errors = threading.Event(), []

    def again(act: Callable[[], object]) -> None:
        with app.app_context():
            while not stop.is_set():
                try:
                    act()
                except Exception as error:  # noqa: BLE001 - whatever it is fails the test
                    errors.append(error)
                finally:
                    db.session.remove()

    def ask() -> None:
        with reading(app, None) as now:
            answers = ranking.Ranking(now, ("public",)).answer(question.read("zebra crossing", ()))
            keys = {now.stored(number)["key"] for number in answers.numbers.tolist()}
            # What changes does so in one commit.
            assert len(keys & {"note:first:whole", "note:second:whole"}) != 1

    people = [
        threading.Thread(target=again, args=(act,)) for act in (ask, ask, lambda: warming.look(app))
    ]
    for each in people:
        each.start()
    try:
        for turn in range(15):
            for name in ("first", "second"):
                many.put(name, f"Zebra crossing {turn}", f"A zebra crossing {turn}.")
            following.follow()
    finally:
        stop.set()
        for each in people:
            each.join()
    assert errors == []
    assert following.verify() == []


def test_groups_of_people_are_bounded(app: Flask, many: Shelf) -> None:
    with reading(app, None) as now:
        for number in range(200):
            assert now.total(("public", f"own:{number}")) == 40
        assert len(now._findable) <= 64
        assert len(now.legacy.means) <= 16
