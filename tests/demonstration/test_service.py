from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.accounts import passwords
from policytrack.accounts.models import AccountState, User
from policytrack.administration import words
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    CommitmentTranslation,
    Indicator,
    revision_corridor,
)
from policytrack.commitments.rules import UNITS, TextState
from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.queries import actor_of
from policytrack.constituents.rules import Group
from policytrack.core import clock, files
from policytrack.core.audit import TrailEntry
from policytrack.core.changes import Change
from policytrack.core.db import db, transaction
from policytrack.core.db import session as current_session
from policytrack.core.errors import RuleViolation
from policytrack.core.outbox import MAX_ATTEMPTS, OutboxItem
from policytrack.core.permissions import Permission, Role
from policytrack.core.review import OPEN_STATES, State
from policytrack.demonstration import content, people, plan, service
from policytrack.frameworks.models import Provision, Sector, TargetGroup, Theme
from policytrack.library.models import LibraryRevision
from policytrack.library.rules import Rights, Type, Visibility
from policytrack.places.models import Corridor
from policytrack.progress import queries, rules
from policytrack.progress import service as progress
from policytrack.progress.models import Evidence, LatestWord, Note, NoteRevision, Reading
from policytrack.reference import queries as known
from policytrack.reference import service as reference
from policytrack.reference.models import ReferenceEdit
from policytrack.rounds import queries as rounds
from policytrack.rounds.models import Round
from tests import factories
from tests.conftest import LOADED_AT

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
INVENTED = (User, Constituent, Round, Commitment, Note)


@pytest.fixture
def whole(demonstrated: Flask) -> Iterator[Session]:
    """Give the set as it was loaded once for all: for reading only."""
    with demonstrated.app_context():
        yield current_session()
        db.session.remove()


@pytest.fixture
def own(own_demonstration: Flask) -> Iterator[Session]:
    """Give a copy of the set, to write in."""
    with own_demonstration.app_context():
        yield current_session()


def person(session: Session, name: str) -> User:
    return session.scalars(select(User).where(User.email == f"{name}@example.org")).one()


def test_every_invented_row_is_marked(whole: Session) -> None:
    for model in INVENTED:
        assert whole.scalar(select(func.count()).where(model.demonstration)), model
    listed = {row["code"] for row in reference.read("constituents")}
    for model in (User, Round, Commitment, Note):
        assert not whole.scalars(select(model).where(~model.demonstration)).all()
    for body in whole.scalars(select(Constituent).where(~Constituent.demonstration)):
        assert body.code in listed


def test_organisations_say_that_they_are_invented(whole: Session) -> None:
    marks = {"en": "demonstration", "ar": "بيانات توضيحية", "fr": "démonstration"}
    for body in whole.scalars(select(Constituent).where(Constituent.demonstration)):
        assert {code: mark in body.labels[code] for code, mark in marks.items()} == dict.fromkeys(
            marks, True
        )
    for user in whole.scalars(select(User)):
        # A closed account has no name of its own any more.
        assert "demonstration" in user.name or user.state == AccountState.CLOSED
        assert user.email.endswith("@example.org")


def test_all_states_of_notes_and_texts_are_there(whole: Session) -> None:
    states = Counter(whole.scalars(select(NoteRevision.state)))
    assert set(states) == set(State)
    texts = set(whole.scalars(select(CommitmentRevision.state)))
    assert texts >= {
        TextState.DRAFT,
        TextState.PROPOSED,
        TextState.ACCEPTED,
        TextState.SUPERSEDED,
    }
    assert whole.scalars(select(NoteRevision).where(NoteRevision.nothing_changed)).all()
    assert whole.scalars(
        select(NoteRevision).where(NoteRevision.on_behalf, NoteRevision.state == State.PUBLISHED)
    ).all()
    assert {"en", "ar", "bn", "ne", "fr", "id", "ur"} <= set(
        whole.scalars(select(NoteRevision.language))
    )


def test_the_set_is_as_large_as_it_says(whole: Session) -> None:
    def count(model: type[Any]) -> int:
        return whole.scalar(select(func.count()).select_from(model)) or 0

    assert count(Commitment) == plan.COMMITMENTS == 240
    assert count(Note) == plan.NOTES == 900
    assert count(Round) == 3
    assert count(User) >= 40
    invented = whole.scalars(select(Constituent).where(Constituent.demonstration)).all()
    assert len(invented) >= 110
    assert len({body.country_iso2 for body in invented if body.country_iso2}) == 36
    assert {body.group for body in invented} == {group.value for group in Group}
    corridors = whole.scalars(select(func.count(revision_corridor.c.corridor_id.distinct()))).one()
    assert corridors >= 45
    assert len(set(whole.scalars(select(NoteRevision.language)))) >= 10


def test_some_countries_have_two_unions_some_none_and_some_two_ministries(whole: Session) -> None:
    kinds: dict[str | None, Counter[str]] = {}
    for body in whole.scalars(select(Constituent).where(Constituent.demonstration)):
        kinds.setdefault(body.country_iso2, Counter())[body.group] += 1
    assert kinds["BD"]["workers"] == 2
    assert kinds["QA"]["workers"] == 0
    assert kinds["PH"]["governments"] == 2
    assert kinds[None]["observers"] >= 4


def test_commitments_answer_to_all_that_there_is(whole: Session) -> None:
    public = whole.scalars(
        select(CommitmentRevision).where(CommitmentRevision.state == TextState.ACCEPTED)
    ).all()
    provisions = {(each.framework_code, each.code) for text in public for each in text.provisions}
    assert provisions == {
        (row.framework_code, row.code) for row in whole.scalars(select(Provision))
    }
    sub_themes = {row.code for row in whole.scalars(select(Theme)) if row.parent_code}
    assert {theme.code for text in public for theme in text.themes} >= sub_themes
    assert {each.code for text in public for each in text.sectors} == set(
        whole.scalars(select(Sector.code))
    )
    assert {each.code for text in public for each in text.target_groups} == set(
        whole.scalars(select(TargetGroup.code).where(TargetGroup.code.not_like("DEMO-%")))
    )
    assert {text.gender_marker for text in public} == {0, 1, 2, 3}
    assert all(text.commitment.code and text.commitment.in_force is text for text in public)
    assert set(whole.scalars(select(Indicator.unit))) <= set(UNITS)


def test_every_state_of_the_office_has_something_to_show(whole: Session) -> None:
    """A retired term, edits of all kinds, one that differs from its file, mail given up."""
    edits = whole.scalars(select(ReferenceEdit)).all()
    assert {edit.action for edit in edits} == {"added", "changed", "removed", "overwritten"}
    assert all(edit.demonstration for edit in edits)
    differing = known.differences(whole)
    assert [(each.key, each.columns) for each in differing["corridors"]] == [
        ("NP-QA", ("note",)),
        ("SG-MY", ()),
    ]
    assert whole.scalars(select(TargetGroup).where(TargetGroup.retired)).one().code == "DEMO-1"
    untranslated = whole.scalars(select(TargetGroup).where(TargetGroup.code == "DEMO-2")).one()
    assert set(untranslated.labels) == {"en"}
    gone = whole.scalars(select(Constituent).where(Constituent.retired)).one()
    assert gone.code == "DEMO-KH-EMPLOYERS"
    failed = whole.scalars(select(OutboxItem).where(OutboxItem.failed_at.is_not(None))).all()
    assert len(failed) == 2
    assert all(item.attempts == MAX_ATTEMPTS for item in failed)
    mirror = whole.scalars(select(Corridor).where(Corridor.demonstration)).one()
    assert whole.scalars(
        select(Corridor).where(
            Corridor.origin_iso2 == mirror.destination_iso2,
            Corridor.destination_iso2 == mirror.origin_iso2,
        )
    ).one()


def test_the_trail_holds_every_act_in_the_order_in_which_it_came(whole: Session) -> None:
    lines = whole.scalars(select(TrailEntry).order_by(TrailEntry.id)).all()
    acts = {code for said in words.ACTS.values() for code in said}
    # Who has removed the set reads of it in a trail without the rest.
    assert acts - {line.action for line in lines} == {"demonstration.remove"}
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    # Nobody but the system itself acts without a name.
    nameless = {line.action for line in lines if line.actor_id is None}
    assert nameless == {
        "demonstration.load",
        "offices_given",
        "registration_requested",
        "reference_overwritten",
        "document.import",
        "redaction.apply",
    }
    assert {line.action for line in lines if not line.details.get("demonstration")} == {
        "demonstration.load"
    }


def test_the_library_holds_every_kind_and_state(whole: Session) -> None:
    revisions = whole.scalars(select(LibraryRevision)).all()
    assert {each.type for each in revisions} == {"", *Type}
    assert {each.state for each in revisions} == set(State)
    published = [each for each in revisions if each.state == State.PUBLISHED]
    assert {each.visibility for each in published} == set(Visibility)
    assert {each.language for each in published} == {"en", "ar", "fr"}
    assert any(each.embargo_until for each in published)
    assert any(each.rights == Rights.LINK for each in published)
    assert {tie.kind for each in published for tie in each.relations} >= {
        "amends",
        "translation_of",
        "responds_to",
    }
    assert all(each.document.demonstration for each in revisions)
    for each in revisions:
        if each.language != "fr":
            assert "demonstration" in each.title or "بيانات توضيحية" in each.title


def test_seats_and_letters_of_the_past_are_there(whole: Session) -> None:
    ended = whole.scalars(select(Membership).where(Membership.ended_at.is_not(None))).all()
    assert {seat.role for seat in ended} == {Role.CONTRIBUTOR, Role.FOCAL_POINT}
    text = whole.scalars(
        select(CommitmentRevision).where(CommitmentRevision.letter_id.is_not(None))
    ).one()
    assert text.on_behalf
    assert text.author_id != text.decided_by_id


def test_texts_under_way_are_recent_and_who_declined_said_why(
    whole: Session, demonstrated: Flask
) -> None:
    declined = whole.scalars(
        select(CommitmentRevision).where(CommitmentRevision.state == TextState.DECLINED)
    ).all()
    assert len(declined) >= 3
    assert all(text.reason and text.decided_at for text in declined)
    assert all(text.commitment.open is None for text in declined)
    begun = demonstrated.config[LOADED_AT] - timedelta(days=400)
    passing = (TextState.DRAFT, TextState.PROPOSED, TextState.DECLINED)
    for text in whole.scalars(
        select(CommitmentRevision).where(CommitmentRevision.state.in_(passing))
    ):
        assert text.created_at > begun, text.title


def test_organisations_disagree_fall_silent_and_take_back(whole: Session) -> None:
    words: dict[int, set[str]] = {}
    for word in whole.scalars(select(LatestWord)):
        words.setdefault(word.commitment_id, set()).add(word.status or "")
    assert sum(len(claims) > 1 for claims in words.values()) >= 20
    retracted = whole.scalar(select(func.count()).where(Note.retracted_at.is_not(None)))
    assert (retracted or 0) >= 8
    heard = {word.constituent_id for word in whole.scalars(select(LatestWord))}
    invented = whole.scalars(
        select(Constituent).where(Constituent.demonstration, Constituent.group == "workers")
    ).all()
    assert [body for body in invented if body.id not in heard]


def test_translations_are_official_and_not_and_some_are_outdated(whole: Session) -> None:
    assert set(whole.scalars(select(CommitmentTranslation.kind))) == {
        "official",
        "unofficial",
        "machine",
    }
    outdated = whole.scalars(
        select(CommitmentTranslation)
        .join(CommitmentTranslation.revision)
        .where(CommitmentRevision.state == TextState.SUPERSEDED)
    ).all()
    assert len(outdated) >= 3


def test_written_texts_name_no_country() -> None:
    names = {
        name
        for row in reference.read("countries")
        for name in reference.labels(row, "name").values()
        if len(name) > 4
    }
    # A name that is also a common word of another language.
    names -= {"Niger", "Comores", "Gabon"}
    told = [
        (story["language"], " ".join(story[part] for part in rules.PARTS))
        for story in content.stories()
    ]
    told += [("promise", str(promise["text"])) for promise in content.promises()]
    said = re.compile(r"\b(" + "|".join(map(re.escape, sorted(names))) + r")\b")
    assert [(where, found[0]) for where, text in told if (found := said.search(text))] == []


def test_a_number_is_written_as_the_language_writes_it() -> None:
    assert plan.written(12345, "en") == "12,345"
    assert plan.written(12345, "id") == "12.345"
    assert plan.written(2345, "en") == "2345"
    assert plan.written(405, "bn") == "৪০৫"
    assert plan.filled(Random(1), "{7-7} of {20-20}", "en") == "7 of 20"


def test_pointers_are_as_the_services_leave_them(whole: Session) -> None:
    for note in whole.scalars(select(Note)):
        revisions = {
            each.state: each
            for each in whole.scalars(select(NoteRevision).where(NoteRevision.note_id == note.id))
        }
        assert note.published is revisions.get(State.PUBLISHED)
        assert (note.retracted_at is not None) == (State.RETRACTED in revisions)
        last = max(revisions.values(), key=lambda each: each.number)
        assert (note.open is last) == (State(last.state) in OPEN_STATES)
    for revision in whole.scalars(select(NoteRevision)):
        assert (revision.submitted_at is not None) == revision.people_protected
        if revision.reviewer_id is not None:
            assert revision.reviewer_id != revision.author_id
            assert revision.decisions[0].action == "take_up"
        if revision.submitted_at is not None and not revision.nothing_changed:
            assert revision.done
            assert revision.claimed_status


def test_the_latest_word_is_the_latest_published_note(whole: Session) -> None:
    words = whole.scalars(select(LatestWord)).all()
    pairs = {
        (note.commitment_id, note.constituent_id)
        for note in whole.scalars(select(Note).where(Note.published_id.is_not(None)))
        if note.commitment_id is not None
    }
    assert {(word.commitment_id, word.constituent_id) for word in words} == pairs
    for word in words:
        latest = queries.latest_published(whole, word.commitment_id, word.constituent_id)
        assert latest is not None
        assert word.revision is latest
        assert (word.status, word.heard_at) == (latest.claimed_status, latest.published_at)


def test_no_two_notes_say_the_same(whole: Session) -> None:
    for part in rules.PARTS:
        texts = Counter(
            (part, getattr(note, part))
            for note in {
                revision.note_id: revision for revision in whole.scalars(select(NoteRevision))
            }.values()
            if getattr(note, part)
        )
        assert [text for text, times in texts.items() if times > 1] == []


def test_readings_can_stand_and_some_are_suppressed(whole: Session) -> None:
    readings = whole.scalars(select(Reading)).all()
    assert all(rules.complete_split(each.split) == each.split for each in readings)
    assert all(
        each.indicator.commitment_id == each.revision.note.commitment_id for each in readings
    )
    people_counted = [each for each in readings if each.indicator.counts_people]
    assert any(rules.suppress(each.split).suppressed for each in people_counted)


def test_evidence_is_at_example_org_or_opens(whole: Session) -> None:
    proofs = whole.scalars(select(Evidence)).all()
    assert all(each.url.startswith("https://example.org/") for each in proofs if each.url)
    kept = [each.file for each in proofs if each.file is not None]
    assert len({file.sha256 for file in kept}) == 2
    for file in kept:
        with files.open_stored(whole, file) as content:
            assert content.read(5) == b"%PDF-"


def test_nepal_finds_something_to_do_in_the_open_round(whole: Session) -> None:
    current = rounds.open_round(whole, clock.now())
    assert current is not None
    seats = actor_of(whole, person(whole, "contributor.np")).seats
    owed = queries.owed(whole, seats=seats, reporting_round=current)
    untouched = [each.commitment for each in owed.page.items if each.note_id is None]
    assert len(untouched) >= 5
    to_qatar = [
        each
        for each in untouched
        if each.in_force and "NP-QA" in {corridor.code for corridor in each.in_force.corridors}
    ]
    assert len(to_qatar) >= 3


# A day that most years have not, already the next one where rounds are held.
@pytest.mark.parametrize("moment", ["2028-02-29T20:30"])
def test_on_any_day_a_round_is_open_and_nothing_lies_ahead(
    once: None, database: Session, moment: str
) -> None:
    now = datetime.fromisoformat(f"{moment}Z")
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
        select(User.public_id, User.email, User.password_hash)
        .where(User.demonstration)
        .order_by(User.email),
        select(Constituent.public_id)
        .where(Constituent.demonstration)
        .order_by(Constituent.public_id),
        select(Commitment.public_id, Commitment.code).order_by(Commitment.public_id),
        select(Note.public_id).order_by(Note.public_id),
        select(Evidence.public_id, Evidence.url).order_by(Evidence.public_id),
        select(Indicator.public_id).order_by(Indicator.public_id),
        select(Round.public_id, Round.opens_on).order_by(Round.name),
    )
    return [tuple(row) for each in asked for row in session.execute(each)]


def test_another_load_is_alike_and_tells_how_far_it_is(
    once: None, demonstrated: Flask, whole: Session, app: Flask
) -> None:
    found = _contents(whole)
    steps: list[tuple[str, int, int]] = []
    with app.app_context():
        operator = factories.make_user(Role.ADMINISTRATOR, email="operator@example.net")
        with transaction() as session:  # an administrator is no hindrance
            service.load(
                session,
                now=demonstrated.config[LOADED_AT],
                progress=lambda *step: steps.append(step),
            )
            assert _contents(session) == found
        assert current_session().scalars(select(User).where(~User.demonstration)).one() is operator
    assert len(found) > 2000
    assert [done for _name, done, _total in steps] == list(range(1, len(steps) + 1))
    assert {total for _name, _done, total in steps} == {len(steps)}


def test_everything_searchable_is_in_the_change_log(whole: Session) -> None:
    logged = {(each.kind, each.public_id) for each in whole.scalars(select(Change))}
    for kind, model in (("note", Note), ("commitment", Commitment)):
        assert {(kind, public_id) for public_id in whole.scalars(select(model.public_id))} <= logged


@pytest.mark.parametrize("what", ["constituent", "person", "namesake", "round"])
def test_nothing_is_loaded_beside_other_content(database: Session, what: str) -> None:
    if what == "constituent":
        factories.make_constituent()
    elif what == "person":
        factories.make_user(Role.RESEARCHER)
    elif what == "namesake":
        factories.make_user(Role.ADMINISTRATOR, email="focal.np@example.org")
    else:
        factories.make_round()
    assert not service.may_load(database)
    before = database.scalar(select(func.count()).select_from(User))
    with pytest.raises(RuleViolation), transaction() as session:
        service.load(session, now=NOW)
    assert database.scalar(select(func.count()).select_from(User)) == before


def test_the_sign_ins_open_accounts_of_every_role(whole: Session) -> None:
    assert passwords.matches(people.HASHED, service.PASSWORD)
    assert not passwords.outdated(people.HASHED)
    roles: set[Role] = set()
    for entry in service.SIGN_INS:
        user = whole.scalars(select(User).where(User.email == entry.email)).one()
        assert user.password_hash == people.HASHED
        actor = actor_of(whole, user)
        roles |= {*actor.roles, *(seat.role for seat in actor.seats)}
        assert entry.email in str(entry)
        assert service.PASSWORD in str(entry)
    assert roles == set(Role) - {Role.PUBLIC}


def test_the_services_take_it_from_here(own: Session) -> None:
    now = clock.now()
    officer = actor_of(own, person(own, "officer.two"))
    focal_point = actor_of(own, person(own, "focal.np"))
    with transaction() as session:
        draft = session.scalars(
            select(Note)
            .join(NoteRevision, NoteRevision.id == Note.open_id)
            .where(
                NoteRevision.state == State.DRAFT,
                NoteRevision.done != "",
                Note.commitment_id.is_not(None),
                Note.constituent_id.in_(focal_point.own(Permission.NOTE_SUBMIT)),
            )
            .limit(1)
        ).one()
        progress.submit(session, actor=focal_point, note=draft, people_protected=True, now=now)
        progress.take_up(session, actor=officer, note=draft, now=now)
        progress.publish(session, actor=officer, note=draft, now=now)
        number = draft.id
    published = own.get_one(Note, number).published
    assert published is not None
    word = own.scalars(select(LatestWord).where(LatestWord.revision_id == published.id)).one()
    assert word.heard_at == now


def test_the_command_loads_once(once: None, app: Flask) -> None:
    runner = app.test_cli_runner()
    nothing = runner.invoke(args=["demo", "--remove"])
    assert "no demonstration content" in nothing.output
    first = runner.invoke(args=["demo"])
    assert first.exit_code == 0, first.output
    assert "focal.np@example.org" in first.output
    again = runner.invoke(args=["demo"])
    assert again.exit_code == 1
    assert "already holds content" in again.output
    removed = runner.invoke(args=["demo", "--remove"])
    assert removed.exit_code == 0, removed.output
    assert "900 note" in removed.output
