from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.accounts import passwords
from policytrack.accounts.models import User
from policytrack.commitments.models import Commitment, CommitmentRevision, Indicator
from policytrack.commitments.rules import UNITS, TextState
from policytrack.constituents.models import Constituent
from policytrack.constituents.queries import actor_of
from policytrack.core import changes, files
from policytrack.core.changes import Change
from policytrack.core.db import transaction
from policytrack.core.errors import RuleViolation
from policytrack.core.permissions import Role
from policytrack.demonstration import people, service
from policytrack.progress import queries, rules
from policytrack.progress import service as progress
from policytrack.progress.models import Evidence, LatestWord, Note, NoteRevision, Reading
from policytrack.progress.rules import State
from policytrack.rounds import queries as rounds
from policytrack.rounds.models import Round
from tests import factories

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
INVENTED = (User, Constituent, Round, Commitment, Note)


@pytest.fixture
def loaded(database: Session) -> Session:
    with transaction() as session:
        service.load(session, now=NOW)
    return database


def person(session: Session, name: str) -> User:
    return session.scalars(select(User).where(User.email == f"{name}@example.org")).one()


def test_every_invented_row_is_marked(loaded: Session) -> None:
    for model in INVENTED:
        assert loaded.scalar(select(func.count()).select_from(model)), model
        assert not loaded.scalars(select(model).where(~model.demonstration)).all()


def test_organisations_say_that_they_are_invented(loaded: Session) -> None:
    marks = {"en": "demonstration", "ar": "بيانات توضيحية", "fr": "démonstration"}
    for body in loaded.scalars(select(Constituent)):
        assert {code: mark in body.labels[code] for code, mark in marks.items()} == dict.fromkeys(
            marks, True
        )
    for user in loaded.scalars(select(User)):
        assert "demonstration" in user.name
        assert user.email.endswith("@example.org")


def test_all_states_of_notes_and_texts_are_there(loaded: Session) -> None:
    states = Counter(loaded.scalars(select(NoteRevision.state)))
    assert set(states) == set(State)
    texts = set(loaded.scalars(select(CommitmentRevision.state)))
    assert texts >= {
        TextState.DRAFT,
        TextState.PROPOSED,
        TextState.ACCEPTED,
        TextState.SUPERSEDED,
    }
    assert loaded.scalars(select(NoteRevision).where(NoteRevision.nothing_changed)).all()
    assert loaded.scalars(
        select(NoteRevision).where(NoteRevision.on_behalf, NoteRevision.state == State.PUBLISHED)
    ).all()
    assert {"en", "ar", "bn", "ne", "fr", "id", "ur"} <= set(
        loaded.scalars(select(NoteRevision.language))
    )


def test_commitments_answer_to_every_provision_and_key_area(loaded: Session) -> None:
    public = loaded.scalars(
        select(CommitmentRevision).where(CommitmentRevision.state == TextState.ACCEPTED)
    ).all()
    assert len(public) >= 24
    provisions = {provision.code for text in public for provision in text.provisions}
    assert provisions == {f"B{number}" for number in range(14)}
    assert {theme.code[:2] for text in public for theme in text.themes} == {"A1", "A2", "A3", "A4"}
    assert {text.gender_marker for text in public} == {0, 1, 2, 3}
    assert all(text.commitment.code and text.commitment.in_force is text for text in public)
    assert set(loaded.scalars(select(Indicator.unit))) <= set(UNITS)


def test_pointers_are_as_the_services_leave_them(loaded: Session) -> None:
    for note in loaded.scalars(select(Note)):
        revisions = {
            each.state: each
            for each in loaded.scalars(select(NoteRevision).where(NoteRevision.note_id == note.id))
        }
        assert note.published is revisions.get(State.PUBLISHED)
        assert (note.retracted_at is not None) == (State.RETRACTED in revisions)
        last = max(revisions.values(), key=lambda each: each.number)
        assert (note.open is last) == (State(last.state) in rules.OPEN_STATES)
    for revision in loaded.scalars(select(NoteRevision)):
        assert (revision.submitted_at is not None) == revision.people_protected
        if revision.reviewer_id is not None:
            assert revision.reviewer_id != revision.author_id
            assert revision.decisions[0].action == "take_up"
        if revision.submitted_at is not None and not revision.nothing_changed:
            assert revision.done
            assert revision.claimed_status


def test_the_latest_word_is_the_latest_published_note(loaded: Session) -> None:
    words = loaded.scalars(select(LatestWord)).all()
    pairs = {
        (note.commitment_id, note.constituent_id)
        for note in loaded.scalars(select(Note).where(Note.published_id.is_not(None)))
        if note.commitment_id is not None
    }
    assert {(word.commitment_id, word.constituent_id) for word in words} == pairs
    for word in words:
        latest = queries.latest_published(loaded, word.commitment_id, word.constituent_id)
        assert latest is not None
        assert word.revision is latest
        assert (word.status, word.heard_at) == (latest.claimed_status, latest.published_at)


def test_no_two_notes_say_the_same(loaded: Session) -> None:
    for part in rules.PARTS:
        texts = Counter(
            (part, getattr(note, part))
            for note in {
                revision.note_id: revision for revision in loaded.scalars(select(NoteRevision))
            }.values()
            if getattr(note, part)
        )
        assert [text for text, times in texts.items() if times > 1] == []


def test_readings_can_stand_and_some_are_suppressed(loaded: Session) -> None:
    readings = loaded.scalars(select(Reading)).all()
    assert all(rules.complete_split(each.split) == each.split for each in readings)
    assert all(
        each.indicator.commitment_id == each.revision.note.commitment_id for each in readings
    )
    people_counted = [each for each in readings if each.indicator.counts_people]
    assert any(rules.suppress(each.split).suppressed for each in people_counted)


def test_evidence_is_at_example_org_or_opens(loaded: Session) -> None:
    proofs = loaded.scalars(select(Evidence)).all()
    assert all(each.url.startswith("https://example.org/") for each in proofs if each.url)
    kept = [each.file for each in proofs if each.file is not None]
    assert len({file.sha256 for file in kept}) == 2
    for file in kept:
        with files.open_stored(loaded, file) as content:
            assert content.read(5) == b"%PDF-"


def test_nepal_finds_something_to_do_in_the_open_round(loaded: Session) -> None:
    current = rounds.open_round(loaded, NOW)
    assert current is not None
    seats = actor_of(loaded, person(loaded, "contributor.np")).seats
    owed = queries.owed(loaded, seats=seats, reporting_round=current)
    untouched = [each.commitment for each in owed.page.items if each.note_id is None]
    assert len(untouched) >= 5
    to_qatar = [
        each
        for each in untouched
        if each.in_force and "NP-QA" in {corridor.code for corridor in each.in_force.corridors}
    ]
    assert len(to_qatar) >= 3


@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 2, 11, 23, 0, tzinfo=UTC),
        datetime(2027, 2, 12, 0, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    ],
    ids=lambda now: now.date().isoformat(),
)
def test_on_any_day_a_round_is_open_and_nothing_lies_ahead(
    database: Session, now: datetime
) -> None:
    with transaction() as session:
        service.load(session, now=now)
    states = [each.state(now) for each in rounds.every(database)]
    assert states == ["open", "closed", "closed"]
    moments: list[Any] = []
    for column in ("created_at", "saved_at", "submitted_at", "decided_at", "published_at"):
        moments += database.scalars(select(getattr(NoteRevision, column)))
    for column in ("created_at", "proposed_at", "decided_at"):
        moments += database.scalars(select(getattr(CommitmentRevision, column)))
    assert max(moment for moment in moments if moment) <= now
    for note in database.scalars(select(Note).where(Note.commitment_id.is_not(None))):
        first = database.scalar(
            select(func.min(CommitmentRevision.decided_at)).where(
                CommitmentRevision.commitment_id == note.commitment_id
            )
        )
        assert first is not None
        assert first < note.created_at, note.key
        assert note.created_at >= note.round.opens_at


def _contents(session: Session) -> list[tuple[object, ...]]:
    """Return what is the same in each load: not the numbers that a database gives."""
    revision = select(
        NoteRevision.public_id, NoteRevision.done, NoteRevision.published_at, NoteRevision.version
    )
    asked = (
        revision.order_by(NoteRevision.public_id),
        select(User.public_id, User.email, User.password_hash).order_by(User.email),
        select(Constituent.public_id).order_by(Constituent.public_id),
        select(Commitment.public_id, Commitment.code).order_by(Commitment.public_id),
        select(Note.public_id).order_by(Note.public_id),
        select(Evidence.public_id, Evidence.url).order_by(Evidence.public_id),
        select(Indicator.public_id).order_by(Indicator.public_id),
        select(Round.public_id, Round.opens_on).order_by(Round.name),
    )
    return [tuple(row) for each in asked for row in session.execute(each)]


class _Undo(Exception):
    pass


def test_two_loads_are_alike(database: Session) -> None:
    found = []
    for _turn in range(2):
        with pytest.raises(_Undo), transaction() as session:
            service.load(session, now=NOW)
            found.append(_contents(session))
            raise _Undo
    assert found[0] == found[1]
    assert len(found[0]) > 200


def test_a_load_tells_how_far_it_is(database: Session) -> None:
    steps: list[tuple[str, int, int]] = []
    with transaction() as session:
        service.load(session, now=NOW, progress=lambda *step: steps.append(step))
    assert [done for _name, done, _total in steps] == list(range(1, len(steps) + 1))
    assert {total for _name, _done, total in steps} == {len(steps)}


def test_everything_searchable_is_in_the_change_log(loaded: Session) -> None:
    logged = {(each.kind, each.public_id) for each in loaded.scalars(select(Change))}
    for kind, model in (("note", Note), ("commitment", Commitment)):
        assert {
            (kind, public_id) for public_id in loaded.scalars(select(model.public_id))
        } <= logged
    assert changes.newest(loaded) == len(logged)


def test_an_administrator_is_no_hindrance(database: Session) -> None:
    factories.make_user(Role.ADMINISTRATOR, email="operator@example.net")
    with transaction() as session:
        service.load(session, now=NOW)
    assert database.scalars(select(User).where(~User.demonstration)).one()


@pytest.mark.parametrize("what", ["constituent", "person", "namesake", "round", "second load"])
def test_nothing_is_loaded_beside_other_content(database: Session, what: str) -> None:
    if what == "constituent":
        factories.make_constituent()
    elif what == "person":
        factories.make_user(Role.RESEARCHER)
    elif what == "namesake":
        factories.make_user(Role.ADMINISTRATOR, email="focal.np@example.org")
    elif what == "round":
        factories.make_round()
    else:
        with transaction() as session:
            service.load(session, now=NOW)
    assert not service.may_load(database)
    before = database.scalar(select(func.count()).select_from(User))
    with pytest.raises(RuleViolation), transaction() as session:
        service.load(session, now=NOW)
    assert database.scalar(select(func.count()).select_from(User)) == before


def test_the_sign_ins_open_accounts_of_every_role(loaded: Session) -> None:
    assert passwords.matches(people.HASHED, service.PASSWORD)
    assert not passwords.outdated(people.HASHED)
    roles: set[Role] = set()
    for entry in service.SIGN_INS:
        user = loaded.scalars(select(User).where(User.email == entry.email)).one()
        assert user.password_hash == people.HASHED
        actor = actor_of(loaded, user)
        roles |= {*actor.roles, *(seat.role for seat in actor.seats)}
        assert entry.email in str(entry)
        assert service.PASSWORD in str(entry)
    assert roles == set(Role) - {Role.PUBLIC}


def test_the_services_take_it_from_here(loaded: Session) -> None:
    officer = actor_of(loaded, person(loaded, "officer.two"))
    focal_point = actor_of(loaded, person(loaded, "focal.np"))
    with transaction() as session:
        draft = session.scalars(
            select(Note)
            .join(NoteRevision, NoteRevision.id == Note.open_id)
            .join(Constituent, Constituent.id == Note.constituent_id)
            .where(NoteRevision.state == State.DRAFT, Constituent.country_iso2 == "NP")
        ).one()
        progress.submit(session, actor=focal_point, note=draft, people_protected=True, now=NOW)
        progress.take_up(session, actor=officer, note=draft, now=NOW)
        progress.publish(session, actor=officer, note=draft, now=NOW)
        number = draft.id
    published = loaded.get_one(Note, number).published
    assert published is not None
    word = loaded.scalars(select(LatestWord).where(LatestWord.revision_id == published.id)).one()
    assert word.heard_at == NOW


def test_the_command_loads_once(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo"])
    assert first.exit_code == 0, first.output
    assert "focal.np@example.org" in first.output
    again = runner.invoke(args=["demo"])
    assert again.exit_code == 1
    assert "already holds content" in again.output
