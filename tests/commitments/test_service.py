"""What those who draft, decide and translate commitments rely on."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from policytrack.commitments import policy, queries, service
from policytrack.commitments.models import Commitment, CommitmentRevision, Indicator
from policytrack.commitments.rules import (
    Plan,
    PlannedIndicator,
    PlannedMilestone,
    TextState,
)
from policytrack.commitments.service import Base, TextCommand, TranslationCommand
from policytrack.core import files
from policytrack.core.audit import TrailEntry
from policytrack.core.changes import Change
from policytrack.core.db import db, transaction
from policytrack.core.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleViolation,
    StaleVersion,
)
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import ANONYMOUS, Actor, Role
from policytrack.progress.models import Reading
from tests.factories import (
    NOW,
    actor_for,
    make_commitment,
    make_constituent,
    make_member,
    make_note,
    make_round,
    make_user,
)

COMMAND = TextCommand(
    language="en",
    title="No fee for any worker",
    text="The employer pays every cost of recruitment.",
    gender_marker=2,
    provisions=("BALI:B1", "BALI:B2"),
    themes=("A1.1",),
    countries=("NP",),
    corridors=("NP-QA",),
    due_on=date(2027, 12, 31),
)


@pytest.fixture
def people(database):
    """Give a lead with two focal points and a contributor, another organisation, and officers."""
    lead, other = make_constituent(), make_constituent(group="workers")
    return {
        "lead": lead,
        "other": other,
        "F": actor_for(make_member(lead)),
        "F2": actor_for(make_member(lead)),
        "C": actor_for(make_member(lead, Role.CONTRIBUTOR)),
        "otherF": actor_for(make_member(other)),
        "officer": actor_for(make_user(Role.SECRETARIAT)),
        "officer2": actor_for(make_user(Role.SECRETARIAT)),
        "admin": actor_for(make_user(Role.ADMINISTRATOR)),
        "researcher": actor_for(make_user(Role.RESEARCHER)),
        "public": ANONYMOUS,
    }


def drafted(people, who="F", command=COMMAND) -> str:
    with transaction() as session:
        made = service.draft(
            session,
            actor=people[who],
            lead=session.merge(people["lead"]).public_id,
            command=command,
            now=NOW,
        )
        return made.public_id


def acted(verb, actor: Actor, address: str, *, base: Base | None = None, **known) -> None:
    with transaction() as session:
        thing = queries.get(session, actor, address)
        shown = thing.open
        base = base or (Base(shown.number, shown.version) if shown else Base(0, 0))
        verb(session, actor=actor, commitment=thing, base=base, now=NOW, **known)


def proposed(people, who="F", command=COMMAND) -> str:
    address = drafted(people, who, command)
    acted(service.propose, people[who], address)
    return address


def accepted(people, command=COMMAND) -> str:
    address = proposed(people, command=command)
    acted(service.accept, people["F"], address)
    return address


def letter() -> files.Accepted:
    kind = files.inspection.KINDS[files.inspection.Found.PDF]
    return files.Accepted(kind=kind, name="letter.pdf", sha256="0" * 64, data=b"letter")


# --- who may see what ---------------------------------------------------------------------------

READERS = {
    "draft": {"F", "F2", "C"},
    "draft on behalf": {"F", "F2", "C", "officer", "officer2", "admin"},
    "proposed": {"F", "F2", "C", "officer", "officer2", "admin"},
    "declined": {"F", "F2", "C", "officer", "officer2", "admin"},
    "discarded": set(),
    "accepted": {"F", "F2", "C", "otherF", "officer", "officer2", "admin", "researcher", "public"},
}


@pytest.mark.parametrize("state", list(READERS))
def test_who_sees_a_commitment_in_each_state(people, database, state):
    address = drafted(people, "officer" if state == "draft on behalf" else "F")
    if state in {"proposed", "declined", "accepted"}:
        acted(service.propose, people["F"], address)
    if state == "declined":
        acted(service.decline, people["F"], address, reason="Too vague.", language="en")
    if state == "accepted":
        acted(service.accept, people["F"], address)
    if state == "discarded":
        acted(service.discard, people["F"], address)

    def sees(actor: Actor) -> bool:
        try:
            thing = queries.get(database, actor, address)
        except NotFound:
            return False
        text = database.scalars(select(CommitmentRevision)).one()
        listed = bool(queries.revisions(database, actor, thing))
        assert listed is policy.revision_visible(actor, thing, text)
        return listed

    everyone = [name for name in people if name not in {"lead", "other"}]
    assert {name for name in everyone if sees(people[name])} == READERS[state]


def test_a_new_draft_of_a_public_commitment_is_hidden_like_any_draft(people, database):
    address = accepted(people)
    with transaction() as session:
        thing = queries.get(session, people["F"], address)
        service.save(
            session,
            actor=people["F"],
            commitment=thing,
            base=Base(1, 1),
            command=replace(COMMAND, title="A secret plan"),
            now=NOW,
        )

    thing = queries.get(database, ANONYMOUS, address)
    for outsider in ("public", "otherF", "officer", "researcher"):
        assert policy.open_text(people[outsider], thing) is None
        texts = queries.revisions(database, people[outsider], thing)
        assert [text.title for text in texts] == ["No fee for any worker"]
    assert [each.title for each in queries.open_texts(database, people["C"])] == ["A secret plan"]
    assert not queries.open_texts(database, people["officer"])
    assert not queries.open_texts(database, ANONYMOUS)


# --- who may do what ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "who", "outcome"),
    [
        ("accept", "F", None),
        ("accept", "F2", None),
        ("accept", "C", NotPermitted),
        ("accept", "officer", NotPermitted),
        ("accept", "admin", NotPermitted),
        ("accept", "otherF", NotFound),
        ("accept", "researcher", NotFound),
        ("accept", "public", NotFound),
        ("decline", "F", None),
        ("decline", "C", NotPermitted),
        ("decline", "officer", NotPermitted),
        ("decline", "otherF", NotFound),
        ("withdraw", "F", None),
        ("withdraw", "C", NotPermitted),
        ("withdraw", "officer", NotPermitted),
        ("withdraw", "otherF", NotFound),
        ("propose", "F", RuleViolation),
        ("discard", "F", RuleViolation),
        ("file_letter", "F", NotPermitted),
        ("file_letter", "C", NotPermitted),
        ("file_letter", "admin", NotPermitted),
        ("file_letter", "officer", None),
        ("file_letter", "otherF", NotFound),
    ],
)
def test_who_may_act_on_a_proposal_of_the_lead(people, verb, who, outcome):
    address = proposed(people)
    known = {
        "decline": {"reason": "Too vague.", "language": "en"},
        "file_letter": {"letter": letter()},
    }

    def act() -> None:
        acted(getattr(service, verb), people[who], address, **known.get(verb, {}))

    if outcome is None:
        act()
    else:
        with pytest.raises(outcome):
            act()


@pytest.mark.parametrize("who", ["C", "otherF", "researcher", "public", "admin"])
def test_only_the_leads_focal_point_and_the_secretariat_draft(people, who):
    with pytest.raises(NotPermitted):
        drafted(people, who)


def test_the_secretariat_drafts_on_behalf_and_another_officer_files_the_letter(people, database):
    address = proposed(people, "officer")
    with pytest.raises(NotPermitted):
        acted(service.file_letter, people["officer"], address, letter=letter())

    acted(service.file_letter, people["officer2"], address, letter=letter())

    thing = queries.get(database, ANONYMOUS, address)
    assert thing.in_force.on_behalf
    assert thing.in_force.letter.media_type == "application/pdf"


def test_an_officer_who_changed_the_draft_does_not_file_its_letter(people):
    address = drafted(people, "officer")
    with transaction() as session:
        thing = queries.get(session, people["officer2"], address)
        service.save(
            session,
            actor=people["officer2"],
            commitment=thing,
            base=Base(1, 1),
            command=replace(COMMAND, title="Another title"),
            now=NOW,
        )
    acted(service.propose, people["officer"], address)

    with pytest.raises(NotPermitted):
        acted(service.file_letter, people["officer2"], address, letter=letter())


# --- acceptance ---------------------------------------------------------------------------------


def test_acceptance_gives_the_code_and_makes_public(people, database):
    address = accepted(people)

    thing = queries.get(database, ANONYMOUS, address)
    assert thing.code == "BALI-B1-NP-01"
    assert thing.open is None
    assert thing.in_force.state == TextState.ACCEPTED
    assert thing.in_force.decided_by_id == people["F"].user_id
    assert queries.get(database, ANONYMOUS, "bali-b1-np-01") is thing


def test_the_accepted_text_stays_until_the_next_is_accepted(people, database):
    address = accepted(people)
    newer = replace(COMMAND, title="No fee, no deposit", provisions=("BALI:B3",))
    acted(service.save, people["F"], address, base=Base(1, 1), command=newer)
    thing = queries.get(database, ANONYMOUS, address)
    assert thing.in_force.title == "No fee for any worker"

    acted(service.propose, people["F"], address)
    acted(service.accept, people["F2"], address)

    thing = queries.get(database, ANONYMOUS, address)
    assert thing.in_force.title == "No fee, no deposit"
    assert thing.code == "BALI-B1-NP-01"
    states = [text.state for text in queries.revisions(database, ANONYMOUS, thing)]
    assert states == ["accepted", "superseded"]


def test_an_accepted_text_never_changes(people, database):
    address = accepted(people)
    before = queries.get(database, ANONYMOUS, address).in_force_id

    acted(
        service.save,
        people["F"],
        address,
        base=Base(1, 1),
        command=replace(COMMAND, text="Nothing at all.", themes=("A1.2",)),
    )

    text = database.get_one(CommitmentRevision, before)
    assert text.text == "The employer pays every cost of recruitment."
    assert [theme.code for theme in text.themes] == ["A1.1"]
    assert text.version == 1


def test_a_proposed_text_is_not_edited_under_its_readers_eyes(people):
    address = proposed(people)

    with pytest.raises(RuleViolation):
        acted(service.save, people["F"], address, command=COMMAND)


def test_one_accepts_only_the_words_one_has_read(people):
    address = proposed(people)
    read = Base(1, 1)
    acted(service.withdraw, people["F"], address)
    acted(service.save, people["F"], address, command=replace(COMMAND, text="Something else."))
    acted(service.propose, people["F"], address)

    with pytest.raises(StaleVersion):
        acted(service.accept, people["F2"], address, base=read)


def test_a_declined_text_can_be_taken_up_again(people, database):
    address = proposed(people)
    acted(service.decline, people["F2"], address, reason="لا موعد.", language="ar")

    acted(service.save, people["F"], address, base=Base(1, 1), command=COMMAND)

    thing = queries.get(database, people["F"], address)
    assert (thing.open.number, thing.open.state) == (2, "draft")
    old = queries.revision(database, people["F"], thing, 1)
    assert (old.reason, old.reason_language) == ("لا موعد.", "ar")


def test_a_refusal_needs_a_reason(people):
    address = proposed(people)

    with pytest.raises(InvalidInput):
        acted(service.decline, people["F"], address, reason="", language="en")


def test_a_hidden_draft_blocks_without_being_shown(people):
    address = accepted(people)
    acted(service.save, people["F"], address, base=Base(1, 1), command=COMMAND)

    with pytest.raises(RuleViolation) as refused:
        acted(service.save, people["officer"], address, base=Base(1, 1), command=COMMAND)
    assert "focal point" in str(refused.value.message)


# --- stale saves and races ------------------------------------------------------------------------


def test_a_stale_save_changes_nothing(people, database):
    address = drafted(people)
    acted(service.save, people["F"], address, command=replace(COMMAND, title="First"))

    with pytest.raises(StaleVersion):
        acted(
            service.save,
            people["F2"],
            address,
            base=Base(1, 1),
            command=replace(COMMAND, title="Second"),
        )
    assert queries.get(database, people["F"], address).open.title == "First"


def at_once(app, *acts):
    """Do things at the same moment, each in its own context; return what each ended with."""
    ends: list[object] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(index, act):
        with app.app_context():
            try:
                gate.wait()
                act()
                ends[index] = "done"
            except Exception as error:  # noqa: BLE001 - the kind of failure is what is tested
                ends[index] = type(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_two_focal_points_accept_at_once(people, database, app):
    address = proposed(people)
    database.rollback()

    ends = at_once(
        app,
        lambda: acted(service.accept, people["F"], address, base=Base(1, 1)),
        lambda: acted(service.accept, people["F2"], address, base=Base(1, 1)),
    )

    assert sorted(map(str, ends)) == sorted(map(str, ["done", RuleViolation]))
    told = database.scalars(
        select(TrailEntry).where(TrailEntry.action == "commitment.accept")
    ).all()
    assert len(told) == 1


def test_codes_given_at_once_are_different(people, database, app):
    addresses = [proposed(people) for _ in range(6)]
    database.rollback()

    ends = at_once(
        app,
        *(
            lambda address=address: acted(service.accept, people["F"], address, base=Base(1, 1))
            for address in addresses
        ),
    )

    assert ends == ["done"] * 6
    codes = database.scalars(select(Commitment.code).order_by(Commitment.code)).all()
    assert codes == [f"BALI-B1-NP-{number:02d}" for number in range(1, 7)]


def test_two_new_texts_begun_at_once_become_one(people, database, app):
    address = accepted(people)
    database.rollback()

    ends = at_once(
        app,
        *(
            lambda who=who: acted(
                service.save, people[who], address, base=Base(1, 1), command=COMMAND
            )
            for who in ("F", "F2")
        ),
    )

    assert sorted(map(str, ends)) == sorted(map(str, ["done", StaleVersion]))


# --- indicators and milestones --------------------------------------------------------------------

PLAN = Plan(
    (
        PlannedIndicator("", {"en": "Workers without fee"}, "people", Decimal(0), None, Decimal(5)),
        PlannedIndicator("", {"en": "Share of employers"}, "percent"),
    ),
    (PlannedMilestone("", {"en": "Decree signed"}, date(2026, 6, 30)),),
)


def test_the_plan_becomes_rows_at_acceptance_only(people, database):
    address = drafted(people, command=replace(COMMAND, plan=PLAN))
    assert not database.scalars(select(Indicator)).all()

    acted(service.propose, people["F"], address)
    acted(service.accept, people["F"], address)

    thing = queries.get(database, ANONYMOUS, address)
    assert [(row.labels["en"], row.counts_people) for row in thing.indicators] == [
        ("Workers without fee", True),
        ("Share of employers", False),
    ]
    assert thing.milestones[0].due_on == date(2026, 6, 30)


def test_targets_in_public_change_with_acceptance_only(people, database):
    address = accepted(people, replace(COMMAND, plan=PLAN))
    thing = queries.get(database, ANONYMOUS, address)
    kept = service.plan_of(thing)
    softer = Plan((replace(kept.indicators[0], target=Decimal(1)),), kept.milestones)

    acted(
        service.save, people["F"], address, base=Base(1, 1), command=replace(COMMAND, plan=softer)
    )
    thing = queries.get(database, ANONYMOUS, address)
    assert thing.indicators[0].target == 5
    ids = [row.public_id for row in thing.indicators]

    acted(service.propose, people["F"], address)
    acted(service.accept, people["F"], address)

    thing = queries.get(database, ANONYMOUS, address)
    assert [(row.public_id, row.target) for row in thing.indicators] == [(ids[0], 1)]


def test_an_indicator_with_readings_stays(people, database):
    address = accepted(people, replace(COMMAND, plan=PLAN))
    thing = queries.get(database, ANONYMOUS, address)
    indicator_id = thing.indicators[0].id
    kept = service.plan_of(thing)
    note = make_note(thing, people["lead"], make_round())
    with transaction() as session:
        session.add(
            Reading(
                revision_id=note.published_id,
                indicator_id=indicator_id,
                on=date(2026, 1, 1),
                total=Decimal(9),
            )
        )

    with pytest.raises(InvalidInput):
        acted(service.save, people["F"], address, base=Base(1, 1), command=COMMAND)
    acted(
        service.save,
        people["F"],
        address,
        base=Base(1, 1),
        command=replace(COMMAND, plan=Plan(kept.indicators[:1])),
    )


def test_indicators_of_another_commitment_cannot_be_taken_over(people, database):
    first = accepted(people, replace(COMMAND, plan=PLAN))
    theirs = service.plan_of(queries.get(database, ANONYMOUS, first))
    second = drafted(people)

    with pytest.raises(StaleVersion):
        acted(service.save, people["F"], second, command=replace(COMMAND, plan=theirs))


# --- translations ---------------------------------------------------------------------------------


def translated(people, who, address, kind, *, revision=1, language="ar", seen="", now=NOW):
    with transaction() as session:
        made = service.translate(
            session,
            actor=people[who],
            commitment=queries.get(session, people[who], address),
            command=TranslationCommand(revision, language, kind, f"عنوان {kind}", "نص"),
            seen=seen,
            now=now,
        )
        session.flush()
        return made.stamp


@pytest.mark.parametrize(
    ("who", "kind", "outcome"),
    [
        ("F", "official", None),
        ("F", "machine", None),
        ("officer", "unofficial", None),
        ("officer", "machine", None),
        ("officer", "official", NotPermitted),
        ("C", "unofficial", NotPermitted),
        ("otherF", "unofficial", NotPermitted),
        ("researcher", "machine", NotPermitted),
        ("public", "machine", NotPermitted),
    ],
)
def test_who_translates(people, who, kind, outcome):
    address = accepted(people)
    if outcome is None:
        translated(people, who, address, kind)
    else:
        with pytest.raises(outcome):
            translated(people, who, address, kind)


def test_an_official_translation_is_not_replaced_by_less(people):
    address = accepted(people)
    seen = translated(people, "F", address, "official")

    with pytest.raises(RuleViolation):
        translated(people, "officer", address, "unofficial", seen=seen)
    translated(people, "F2", address, "official", seen=seen, now=NOW + timedelta(minutes=1))
    with pytest.raises(StaleVersion):
        translated(people, "F", address, "official", seen=seen)


def test_a_translation_says_of_which_text_it_is(people, database):
    address = accepted(people)
    translated(people, "F", address, "official")
    acted(
        service.save,
        people["F"],
        address,
        base=Base(1, 1),
        command=replace(COMMAND, title="No fee and no debt"),
    )
    with pytest.raises(RuleViolation):
        translated(people, "F", address, "official", revision=2)
    acted(service.propose, people["F"], address)
    acted(service.accept, people["F"], address)

    translated(people, "officer", address, "unofficial", revision=2)

    thing = queries.get(database, ANONYMOUS, address)
    texts = queries.revisions(database, ANONYMOUS, thing)
    kinds = [(text.number, text.translations[0].kind) for text in texts]
    assert kinds == [(2, "unofficial"), (1, "official")]


def test_the_original_is_not_translated_into_itself(people):
    address = accepted(people)
    with pytest.raises(InvalidInput):
        translated(people, "F", address, "official", language="en")


# --- what is kept and told ------------------------------------------------------------------------


def test_everything_is_recorded_and_the_right_people_are_told(people, database):
    address = drafted(people, "officer")
    acted(service.propose, people["officer"], address)
    acted(service.accept, people["F"], address)

    trail = database.scalars(select(TrailEntry).order_by(TrailEntry.id)).all()
    assert [entry.action for entry in trail] == [
        "commitment.draft",
        "commitment.propose",
        "commitment.accept",
    ]
    assert {entry.constituent_id for entry in trail} == {people["lead"].id}
    assert len(database.scalars(select(Change).where(Change.kind == "commitment")).all()) == 3
    mails = database.scalars(select(OutboxItem).where(OutboxItem.kind == "mail")).all()
    told = {(mail.payload["template"], mail.payload["user_id"]) for mail in mails}
    assert told == {
        ("commitment_proposed", people["F"].user_id),
        ("commitment_proposed", people["F2"].user_id),
        ("commitment_accepted", people["F2"].user_id),
        ("commitment_accepted", people["officer"].user_id),
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("provisions", ("BALI:B999",)),
        ("provisions", ()),
        ("themes", ("Z9",)),
        ("countries", ("XX",)),
        ("corridors", ("NP-NP",)),
        ("supporters", ("nosuch2222",)),
    ],
)
def test_what_is_not_in_the_lists_is_refused(people, field, value):
    with pytest.raises(InvalidInput) as refused:
        drafted(people, command=replace(COMMAND, **{field: value}))
    assert field in refused.value.fields


# --- who is concerned -------------------------------------------------------------------------


def test_concerned_and_answerable_are_the_same_relation(database):
    lead = make_constituent(country_iso2="NP")
    bodies = [
        lead,
        make_constituent(country_iso2="NP", group="workers"),
        make_constituent(country_iso2="QA", group="employers"),
        make_constituent(country_iso2="PH", group="governments"),
        make_constituent(country_iso2="JO", group="governments"),
        make_constituent(country_iso2="NP", group="observers"),
        make_constituent(country_iso2=None, group="workers"),
        make_constituent(country_iso2=None, group="observers"),
        make_constituent(country_iso2="NP", group="workers", demonstration=True),
    ]
    supporter = make_constituent(country_iso2="LK", group="observers")
    things = [
        make_commitment(lead, corridors=("NP-QA",), supporters=(supporter,)),
        make_commitment(lead, countries=("PH",)),
        make_commitment(lead, state=TextState.PROPOSED, corridors=("NP-QA",)),
        make_commitment(bodies[3], countries=("PH",)),
    ]
    for thing in things[:2] + things[3:]:
        concerned = {body.id for body in queries.concerned(database, thing)}
        answering = {
            body.id
            for body in [*bodies, supporter]
            if database.scalar(
                select(Commitment.id).where(Commitment.id == thing.id, queries.answerable_by(body))
            )
        }
        assert concerned == answering
    first = {body.id for body in queries.concerned(database, things[0])}
    assert first == {bodies[0].id, bodies[1].id, bodies[2].id, bodies[6].id, supporter.id}
    hidden = select(Commitment.id).where(Commitment.id == things[2].id, queries.answerable_by(lead))
    assert database.scalar(hidden) is None


def test_related_begins_with_the_way_back(database):
    lead = make_constituent()
    thing = make_commitment(lead, corridors=("NP-QA",), themes=("A1.1", "A1.2"))
    by_theme = make_commitment(lead, themes=("A1.1",))
    by_two = make_commitment(lead, themes=("A1.1", "A1.2"))
    make_commitment(lead, themes=("A3.1",))
    make_commitment(lead, themes=("A1.1",), state=TextState.PROPOSED)

    found = queries.related(database, thing, reader="en")

    assert [row.address for row in found] == [by_two.address, by_theme.address]
