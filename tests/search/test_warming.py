"""What questions need is read before they are asked, and says the same as when it is not."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from policytrack.core.permissions import ANONYMOUS
from policytrack.search import engine, ranking, warming
from policytrack.search.engine import Wanted
from policytrack.search.index import generations
from policytrack.search.index.follower import Follower
from policytrack.search.index.segments import Places, Postings, Segment
from policytrack.search.index.snapshot import search_of
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
    search_of(app).close()
    search_of(app).kept.only(frozenset())
    search_of(app).segments = {}
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
    many.put("new", "Zebra crossing", "A zebra crossing that is new.")
    following.follow()
    warming.look(app)
    assert search_of(app).snapshot is not first
    after = told(app)
    assert after != before
    search_of(app).close()
    search_of(app).segments = {}
    search_of(app).kept.only(frozenset())
    assert told(app) == after


def test_what_is_read_has_bounds(app: Flask, many: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr(ranking, "read_ahead", lambda _segment, forms: read.append(forms))
    monkeypatch.setattr(warming, "_MOST", 2)
    assert warming.look(app)
    assert len(read) == 2
    search_of(app).close()
    search_of(app).segments = {}
    monkeypatch.setattr(warming, "_ROOM", -1)
    assert warming.look(app)
    assert len(read) == 2


def test_without_an_index_there_is_nothing_to_do(app: Flask, notes: Shelf) -> None:
    assert not warming.look(app)


def test_damage_is_doubted_and_costs_nobody_anything(app: Flask, many: Shelf) -> None:
    generation = generations.current(app)
    for path in generation.folder.glob("*.seg"):
        path.write_bytes(path.read_bytes()[:100])
    search_of(app).close()
    search_of(app).segments = {}
    assert not warming.look(app)
    assert generations.doubted(generation)
