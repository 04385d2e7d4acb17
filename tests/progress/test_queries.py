"""Lists hold what they should, in a fixed number of queries however long they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from policytrack.commitments.models import Commitment
from policytrack.constituents.rules import Group
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.permissions import ANONYMOUS
from policytrack.core.review import State
from policytrack.places import queries as places
from policytrack.progress import presenters, queries, service
from policytrack.progress.models import Evidence, NoteTranslation
from policytrack.progress.queries import QueueFilters
from policytrack.progress.rules import WORK_LIST
from tests.factories import NOW, make_commitment, make_constituent, make_note, make_round
from tests.progress.scene import Scene


@contextmanager
def counted() -> Iterator[list[str]]:
    """Count the statements that are sent to the database."""
    engine = current_session().get_bind()
    statements: list[str] = []

    def note(*given: object) -> None:
        if given[2] != "BEGIN":
            statements.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def fixed(read: Callable[[Session], object], grow: Callable[[int], None], most: int) -> None:
    """Fail when reading takes more queries with sixty things than with one."""
    numbers = []
    for size in (1, 59):
        grow(size)
        # In a session of its own, as a new request has it: nothing is known yet.
        with Session(current_session().get_bind()) as fresh, counted() as statements:
            read(fresh)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], numbers
    assert numbers[1] <= most, statements


def test_the_queue_takes_a_fixed_number_of_queries(scene: Scene, database: Session) -> None:
    def grow(size: int) -> None:
        for _ in range(size):
            body = make_constituent()
            make_note(
                make_commitment(body), body, scene.round, state=State.IN_REVIEW,
                reviewer_id=scene.officer.user_id,
            )  # fmt: skip

    def read(fresh: Session) -> object:
        page = queries.queue(fresh, scene.officer, QueueFilters())
        return [(each.note.round.name, each.reviewer and each.reviewer.name,
                 each.note.commitment and each.note.commitment.in_force.translations)
                for each in page.items]  # fmt: skip

    fixed(read, grow, 4)


def test_what_is_owed_takes_a_fixed_number_of_queries(scene: Scene, database: Session) -> None:
    def grow(size: int) -> None:
        for _ in range(size):
            make_note(make_commitment(scene.ministry), scene.ministry, scene.round)

    seats, current = scene.focal.seats, scene.round
    assert current.id

    def read(fresh: Session) -> object:
        page = queries.owed(fresh, seats=seats, reporting_round=current).page
        return [(each.commitment.in_force.title, each.commitment.in_force.translations,
                 each.constituent.labels) for each in page.items]  # fmt: skip

    fixed(read, grow, 5)


def test_voices_take_a_fixed_number_of_queries(scene: Scene, database: Session) -> None:
    def grow(size: int) -> None:
        for _ in range(size):
            body = make_constituent(group="workers")
            note = make_note(scene.commitment, body, scene.round)
            with transaction() as session:
                session.add(
                    NoteTranslation(
                        revision_id=note.published_id, language="ar", kind="official",
                        done="نص", created_at=NOW,
                    )
                )  # fmt: skip
                session.add(Evidence(revision_id=note.published_id, url="https://example.org"))

    def read(fresh: Session) -> object:
        found = queries.voices(fresh, fresh.get_one(Commitment, commitment_id), now)
        return [(v.revision and v.revision.translations, v.constituent.country)
                for voices in found.values() for v in voices]  # fmt: skip

    commitment_id, now = scene.commitment.id, scene.now
    fixed(read, grow, 9)


def test_the_timeline_and_places_take_a_fixed_number_of_queries(
    scene: Scene, database: Session
) -> None:
    commitment_id = scene.commitment.id

    def grow(size: int) -> None:
        for _ in range(size):
            make_note(scene.commitment, make_constituent(), scene.round)

    def read(fresh: Session) -> object:
        lists = [
            queries.timeline(fresh, fresh.get_one(Commitment, commitment_id)),
            queries.published(fresh, queries.about_country("NP")).items,
            queries.published(fresh, queries.about_corridor(places.corridor(fresh, "NP-QA"))).items,
            queries.recent(fresh),
        ]
        return [
            (note.constituent.labels, note.round.name, note.published and note.published.done)
            for notes in lists
            for note in notes
        ]

    fixed(read, grow, 16)


def test_the_queue_is_oldest_first_and_filtered(scene: Scene, database: Session) -> None:
    notes = []
    for days, state in ((1, State.SUBMITTED), (3, State.IN_REVIEW), (2, State.SUBMITTED)):
        body = make_constituent(group="workers" if state is State.IN_REVIEW else "employers")
        notes.append(
            make_note(
                make_commitment(body), body, scene.round, state=state,
                submitted_at=NOW - timedelta(days=days),
                reviewer_id=scene.officer.user_id if state is State.IN_REVIEW else None,
            )
        )  # fmt: skip
    make_note(make_commitment(scene.ministry), scene.ministry, scene.round, state=State.DRAFT)

    def found(**filters: object) -> list[int]:
        page = queries.queue(database, scene.officer, QueueFilters(**filters))  # type: ignore[arg-type]  # of the right kinds
        return [each.note_id for each in page.items]

    assert found() == [notes[1].id, notes[2].id, notes[0].id]
    assert found(state="in_review") == [notes[1].id]
    assert found(group="employers") == [notes[2].id, notes[0].id]
    assert found(mine=True) == [notes[1].id]
    assert queries.queue(database, scene.second, QueueFilters(mine=True)).total == 0


def test_what_is_owed_begins_with_who_was_heard_longest_ago(
    scene: Scene, database: Session
) -> None:
    before = make_round(
        opens_on=scene.round.opens_on - timedelta(days=200),
        closes_on=scene.round.opens_on - timedelta(days=100),
    )
    heard, published = make_commitment(scene.ministry), make_commitment(scene.ministry)
    make_note(heard, scene.ministry, before, claimed_status="limited")
    make_note(published, scene.ministry, scene.round)
    make_commitment(make_constituent(country_iso2="PH"), countries=("PH",))
    scene.start()
    owed = queries.owed(database, seats=scene.focal.seats, reporting_round=scene.round)
    page = owed.page
    assert [each.commitment.id for each in page.items] == [
        scene.commitment.id, heard.id, published.id
    ]  # fmt: skip
    assert [each.state for each in page.items] == [State.DRAFT, None, State.PUBLISHED]
    assert [each.status for each in page.items] == [None, "limited", "substantial"]
    assert owed.outstanding == 2
    none = queries.owed(database, seats=(), reporting_round=scene.round)
    assert (none.outstanding, none.page.total, list(none.page.items)) == (0, 0, [])


def test_beyond_the_last_page_of_what_is_owed_it_is_the_last(
    scene: Scene, database: Session
) -> None:
    for _ in range(WORK_LIST + 2):
        make_commitment(scene.ministry)

    def page(number: int) -> tuple[int, int, int]:
        owed = queries.owed(
            database, seats=scene.focal.seats, reporting_round=scene.round, page=number
        )
        return owed.page.number, len(owed.page.items), owed.outstanding

    everything = WORK_LIST + 3
    assert page(1) == (1, WORK_LIST, everything)
    assert page(2) == page(99) == (2, 3, everything)


def test_what_was_returned_comes_first_then_what_one_leads(scene: Scene, database: Session) -> None:
    body = make_constituent(country_iso2="PH")
    others = make_commitment(body, countries=("NP",))
    led = make_commitment(scene.ministry)
    scene.returned()
    page = queries.owed(database, seats=scene.focal.seats, reporting_round=scene.round).page
    assert [each.commitment.id for each in page.items] == [scene.commitment.id, led.id, others.id]
    assert page.items[0].state == State.RETURNED


def voice_kinds(scene: Scene, database: Session) -> dict[str, list[str]]:
    database.rollback()
    found = queries.voices(database, scene.commitment, scene.now)
    return {
        group.value: [
            "silent" if voice.revision is None or voice.lapsed else "spoken" for voice in voices
        ]
        for group, voices in found.items()
    }


def test_voices_tell_silence_from_nobody_there(scene: Scene, database: Session) -> None:
    closed = make_round(
        opens_on=NOW.date() + timedelta(days=1), closes_on=NOW.date() + timedelta(days=5)
    )
    make_note(scene.commitment, scene.ministry, closed)
    found = queries.voices(database, scene.commitment, scene.now)
    assert found[Group.EMPLOYERS] == [], "no organisation listed, never silent"
    (silent,) = found[Group.WORKERS]
    # The day on which the round opens where it is held, whatever day that is in UTC.
    assert closed.opens_at.date() < closed.opens_on
    assert (silent.revision, silent.since) == (None, closed.opens_on)
    (spoken,) = found[Group.GOVERNMENTS]
    assert not spoken.lapsed
    assert list(found) == list(Group)


def test_what_was_said_lapses_with_the_next_closed_round(scene: Scene, database: Session) -> None:
    first = make_round(
        opens_on=NOW.date() + timedelta(days=1), closes_on=NOW.date() + timedelta(days=3)
    )
    make_note(scene.commitment, scene.ministry, first)
    assert voice_kinds(scene, database)["governments"] == ["spoken"]
    make_round(opens_on=NOW.date() + timedelta(days=4), closes_on=NOW.date() + timedelta(days=8))
    assert voice_kinds(scene, database)["governments"] == ["silent"]


def test_an_unpublished_note_is_no_voice(scene: Scene, database: Session) -> None:
    public_id = scene.in_review()
    assert voice_kinds(scene, database)["governments"] == ["silent"]
    assert queries.timeline(database, scene.commitment) == []
    assert queries.published(database, queries.about_country("NP")).total == 0
    scene.do(service.publish, public_id, scene.officer)
    assert voice_kinds(scene, database)["governments"] == ["spoken"]
    assert len(queries.timeline(database, scene.commitment)) == 1
    corridor = places.corridor(database, "NP-QA")
    assert queries.published(database, queries.about_corridor(corridor)).total == 1
    assert queries.published(database, queries.about_country("NP")).total == 1


def test_groups_that_differ_are_told_by_organisation(
    app: Flask, scene: Scene, database: Session
) -> None:
    union = make_constituent(group="workers", labels={"en": "Union of Workers"})
    make_note(scene.commitment, scene.ministry, scene.round, claimed_status="complete")
    note = make_note(scene.commitment, union, scene.round, claimed_status="complete")
    with app.test_request_context("/"):
        found = queries.voices(database, scene.commitment, scene.now)
        assert presenters.divergence(found) == ""
        with transaction() as session:
            session.execute(
                text("UPDATE note_revision SET claimed_status = 'limited' WHERE id = :id"),
                {"id": note.published_id},
            )
        found = queries.voices(database, scene.commitment, scene.now)
        sentence = presenters.divergence(found)
        assert "Limited progress (Union of Workers" in sentence
        assert "Complete (Ministry of Labour" in sentence
        groups = presenters.voice_groups(found)
        assert [group.key for group in groups] == [each.value for each in Group]


def test_readings_come_by_indicator_and_organisation(scene: Scene, database: Session) -> None:
    public_id = scene.published(readings=(scene.reading(902, 278),))
    assert public_id
    (series,) = queries.readings(database, scene.commitment)
    assert series.constituent.id == scene.ministry.id
    ((on, split),) = series.points
    assert (on.isoformat(), split.total) == ("2026-09-30", 1180)
    assert queries.get(database, ANONYMOUS, public_id)
