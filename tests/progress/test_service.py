"""Notes move through their life on a real database, and keep what they must."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core.audit import TrailEntry
from policytrack.core.changes import Change
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleViolation,
    StaleVersion,
)
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.core.review import State
from policytrack.progress import queries, service
from policytrack.progress.content import Link
from policytrack.progress.models import Decision, LatestWord, Note, NoteRevision
from policytrack.progress.service import TranslationCommand
from tests.factories import make_constituent, make_member, make_note, make_round
from tests.progress.scene import TEXTS, Scene, content


def word(scene: Scene) -> LatestWord | None:
    current_session().rollback()
    return current_session().get(LatestWord, (scene.commitment.id, scene.ministry.id))


def mails(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.scalars(select(OutboxItem).where(OutboxItem.kind == "mail"))
    return sorted((row.payload["template"], row.payload["to"]) for row in rows)


def save(scene: Scene, public_id: str, actor: Actor, **overrides: Any) -> NoteRevision:
    seen = overrides.pop("seen", None) or scene.note(public_id, actor).open.stamp  # type: ignore[union-attr]  # there is one in these tests
    found = scene.do(service.save, public_id, actor, content=content(**overrides), seen=seen)
    assert isinstance(found, NoteRevision)
    return found


def test_a_note_goes_all_the_way(scene: Scene, database: Session) -> None:
    public_id = scene.start(scene.contributor, readings=(scene.reading(902, 278),))
    with pytest.raises(NotPermitted):
        scene.do(service.submit, public_id, scene.contributor, people_protected=True)
    scene.do(service.submit, public_id, scene.focal, people_protected=True)
    scene.do(service.take_up, public_id, scene.officer)
    scene.do(service.return_, public_id, scene.officer, reason="How many women?", language="en")

    first = scene.note(public_id).open
    assert first is not None
    assert first.state == State.RETURNED
    second = save(scene, public_id, scene.focal, texts={**TEXTS, "women": "902 women."})
    assert (second.number, second.state) == (2, State.DRAFT)
    scene.do(service.submit, public_id, scene.focal, people_protected=True)
    scene.do(service.take_up, public_id, scene.second)
    scene.do(service.publish, public_id, scene.second)

    note = queries.get(database, ANONYMOUS, public_id)
    assert note.published is not None
    assert note.published.women == "902 women."
    assert note.open is None
    states = database.scalars(select(NoteRevision.state).order_by(NoteRevision.number)).all()
    assert states == [State.RETURNED, State.PUBLISHED]
    latest = word(scene)
    assert latest is not None
    assert (latest.revision_id, latest.status) == (note.published.id, "substantial")

    trail = database.scalars(select(TrailEntry.action).where(TrailEntry.kind == "note")).all()
    assert [each.removeprefix("note.") for each in trail] == [
        "start", "submit", "take_up", "return", "save", "submit", "take_up", "publish",
    ]  # fmt: skip
    assert {each.kind for each in database.scalars(select(Change))} == {"note"}
    focal = scene.users["focal"].email
    officers = [scene.users["officer"].email, scene.users["second"].email]
    contributor = scene.users["contributor"].email
    assert mails(database) == sorted(
        [("note_submitted", each) for each in officers] * 2
        + [("note_returned", focal), ("note_returned", contributor)]
        + [("note_published", focal)]
    )


def test_no_mail_quotes_a_note(scene: Scene, database: Session) -> None:
    scene.returned()
    told = " ".join(str(row.payload) for row in database.scalars(select(OutboxItem)))
    assert "household" not in told
    assert "how many were women" not in told
    assert "Third time" not in told


def test_a_second_start_meets_the_first(scene: Scene) -> None:
    scene.start()
    with pytest.raises(StaleVersion):
        scene.start(scene.contributor)


def test_the_secretariat_cannot_begin_over_an_organisations_own_draft(scene: Scene) -> None:
    scene.start()
    with pytest.raises(RuleViolation):
        scene.start(scene.officer)


def test_nobody_writes_for_an_organisation_that_is_not_their_own(
    scene: Scene, database: Session
) -> None:
    target = scene.target(database, scene.focal, scene.ministry)
    with pytest.raises(NotPermitted), transaction() as session:
        service.start(
            session, actor=scene.outsider, target=target, content=content(), now=scene.now
        )


def test_a_note_begins_only_while_its_round_is_open(scene: Scene, database: Session) -> None:
    target = scene.target(database, scene.focal, scene.ministry)
    with pytest.raises(RuleViolation), transaction() as session:
        service.start(session, actor=scene.focal, target=target, content=content(), now=scene.after)


def test_a_draft_may_be_unfinished_but_not_be_submitted_so(scene: Scene) -> None:
    public_id = scene.start(texts={}, claimed_status=None)
    with pytest.raises(InvalidInput) as refused:
        scene.do(service.submit, public_id, scene.focal, people_protected=False)
    assert set(refused.value.fields) == {"done", "claimed_status", "people_protected"}
    assert scene.note(public_id).open.state == State.DRAFT  # type: ignore[union-attr]  # a draft


def test_a_draft_is_not_submitted_after_the_round_has_closed(scene: Scene) -> None:
    public_id = scene.start()
    with pytest.raises(RuleViolation):
        scene.do(service.submit, public_id, scene.focal, people_protected=True, now=scene.after)


def test_a_returned_note_can_be_put_right_for_two_weeks(scene: Scene) -> None:
    public_id = scene.in_review()
    closed = scene.after
    scene.do(service.return_, public_id, scene.officer, reason="Why?", language="en", now=closed)
    stamp = scene.note(public_id).open.stamp  # type: ignore[union-attr]  # the returned one
    late = closed + timedelta(days=15)
    with pytest.raises(RuleViolation):
        scene.do(service.save, public_id, scene.focal, content=content(), seen=stamp, now=late)
    in_time = closed + timedelta(days=13)
    scene.do(service.save, public_id, scene.focal, content=content(), seen=stamp, now=in_time)
    state = scene.do(service.submit, public_id, scene.focal, people_protected=True, now=in_time)
    assert state is State.SUBMITTED


def test_a_stale_save_overwrites_nothing(scene: Scene) -> None:
    public_id = scene.start()
    stamp = scene.note(public_id).open.stamp  # type: ignore[union-attr]  # a draft
    save(scene, public_id, scene.contributor, texts={"done": "Newer."}, seen=stamp)
    with pytest.raises(StaleVersion):
        save(scene, public_id, scene.focal, texts={"done": "Older form."}, seen=stamp)
    assert scene.note(public_id).open.done == "Newer."  # type: ignore[union-attr]  # a draft


def test_a_focal_point_submits_only_what_they_have_read(scene: Scene) -> None:
    public_id = scene.start()
    stamp = scene.note(public_id).open.stamp  # type: ignore[union-attr]  # a draft
    save(scene, public_id, scene.contributor, texts={"done": "Newer."})
    with pytest.raises(StaleVersion):
        scene.do(service.submit, public_id, scene.focal, people_protected=True, seen=stamp)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.PUBLISHED])
def test_what_was_submitted_never_changes(scene: Scene, state: State) -> None:
    public_id = scene.in_state(state)
    note = scene.note(public_id)
    revision = note.open or note.published
    assert revision is not None
    with pytest.raises(StaleVersion):
        scene.do(service.save, public_id, scene.focal, content=content(), seen=revision.stamp)
    with pytest.raises(RuntimeError, match="never changes"), transaction() as session:
        session.get_one(NoteRevision, revision.id).done = "Rewritten behind everybody's back."
    assert scene.note(public_id).constituent_id == scene.ministry.id
    found = current_session().get_one(NoteRevision, revision.id)
    assert found.done == TEXTS["done"]


def test_a_withdrawn_note_is_a_draft_again_and_hidden_again(
    scene: Scene, database: Session
) -> None:
    public_id = scene.submitted()
    assert queries.get(database, scene.officer, public_id)
    scene.do(service.withdraw, public_id, scene.focal)
    with pytest.raises(NotFound):
        queries.get(database, scene.officer, public_id)
    revision = scene.note(public_id).open
    assert revision is not None
    assert (revision.state, revision.submitted_at) == (State.DRAFT, None)


def test_a_note_taken_up_cannot_be_withdrawn(scene: Scene) -> None:
    public_id = scene.in_review()
    with pytest.raises(StaleVersion):
        scene.do(service.withdraw, public_id, scene.focal)


def test_only_the_reviewer_decides(scene: Scene) -> None:
    public_id = scene.in_review()
    with pytest.raises(NotPermitted):
        scene.do(service.publish, public_id, scene.second)
    with pytest.raises(NotPermitted):
        scene.do(service.return_, public_id, scene.second, reason="No.", language="en")
    scene.do(service.publish, public_id, scene.officer)


def test_the_second_officer_to_take_up_is_told_so(scene: Scene) -> None:
    public_id = scene.in_review()
    with pytest.raises(StaleVersion):
        scene.do(service.take_up, public_id, scene.second)


def test_a_return_needs_a_reason(scene: Scene) -> None:
    public_id = scene.in_review()
    with pytest.raises(InvalidInput) as refused:
        scene.do(service.return_, public_id, scene.officer, reason="  ", language="en")
    assert set(refused.value.fields) == {"reason"}


def test_what_is_written_on_behalf_is_decided_by_another_officer(
    scene: Scene, database: Session
) -> None:
    public_id = scene.start(scene.officer)
    revision = scene.note(public_id, scene.officer).open
    assert revision is not None
    assert revision.on_behalf
    with pytest.raises(NotPermitted):
        scene.do(service.submit, public_id, scene.second, people_protected=True)
    scene.do(service.submit, public_id, scene.officer, people_protected=True)
    with pytest.raises(NotPermitted):
        scene.do(service.take_up, public_id, scene.officer)
    scene.do(service.take_up, public_id, scene.second)
    scene.do(service.publish, public_id, scene.second)
    assert queries.get(database, ANONYMOUS, public_id).published.on_behalf  # type: ignore[union-attr]  # published


def test_an_organisation_takes_its_own_word_over(scene: Scene) -> None:
    public_id = scene.start(scene.officer)
    taken = save(scene, public_id, scene.focal, texts={"done": "In our own words."})
    assert (taken.on_behalf, taken.author_id) == (False, scene.focal.user_id)
    with pytest.raises(NotFound):
        scene.note(public_id, scene.officer)


def test_a_member_who_is_an_officer_too_does_not_review_their_own(
    scene: Scene, database: Session
) -> None:
    public_id = scene.submitted()
    both = Actor(
        user_id=scene.second.user_id, roles=scene.second.roles, seats=scene.contributor.seats
    )
    with pytest.raises(NotPermitted):
        scene.do(service.take_up, public_id, both)


def test_a_contributor_discards_only_what_they_wrote(scene: Scene, database: Session) -> None:
    public_id = scene.start(scene.focal)
    with pytest.raises(NotPermitted):
        scene.do(service.discard, public_id, scene.contributor)
    scene.do(service.discard, public_id, scene.focal)
    with pytest.raises(NotFound):
        scene.note(public_id)
    again = scene.start(scene.contributor)
    assert again == public_id, "one note for one place, begun anew"
    scene.do(service.discard, again, scene.contributor)
    numbers = database.scalars(select(NoteRevision.number).order_by(NoteRevision.number)).all()
    assert numbers == [1, 2], "kept in the trail"


def test_a_revised_note_replaces_the_published_one_only_when_published(
    scene: Scene, database: Session
) -> None:
    link = Link("Gazette", "https://example.org/gazette")
    public_id = scene.published(readings=(scene.reading(902, 278),), links=(link,))
    scene.do(service.revise, public_id, scene.focal)
    note = scene.note(public_id)
    assert note.open is not None
    assert note.published is not None
    assert note.open.texts == note.published.texts
    assert [each.split for each in note.open.readings] == [
        each.split for each in note.published.readings
    ]
    assert [each.url for each in note.open.evidence] == [link.url]
    with pytest.raises(StaleVersion):
        scene.do(service.revise, public_id, scene.focal)
    save(scene, public_id, scene.focal, texts={**TEXTS, "done": "More was done."})
    scene.do(service.submit, public_id, scene.focal, people_protected=True)
    scene.do(service.take_up, public_id, scene.officer)
    assert queries.get(database, ANONYMOUS, public_id).published.done == TEXTS["done"]  # type: ignore[union-attr]  # published
    scene.do(service.publish, public_id, scene.officer)
    states = database.scalars(select(NoteRevision.state).order_by(NoteRevision.number)).all()
    assert states == [State.SUPERSEDED, State.PUBLISHED]
    assert word(scene).revision_id == scene.note(public_id).published_id  # type: ignore[union-attr]  # it has spoken


def test_a_retraction_leaves_a_tombstone_and_the_word_of_the_round_before(
    scene: Scene, database: Session
) -> None:
    before = make_round(
        opens_on=scene.round.opens_on - timedelta(days=200),
        closes_on=scene.round.opens_on - timedelta(days=100),
    )
    earlier = make_note(scene.commitment, scene.ministry, before, claimed_status="limited")
    public_id = scene.published()
    assert word(scene).status == "substantial"  # type: ignore[union-attr]  # it has spoken
    with pytest.raises(NotPermitted):
        scene.do(service.retract, public_id, scene.focal, reason="Mistake.", language="en")
    scene.do(service.retract, public_id, scene.second, reason="It names a person.", language="en")
    note = queries.get(database, ANONYMOUS, public_id)
    assert (note.published_id, note.retraction_reason) == (None, "It names a person.")
    assert queries.history(database, ANONYMOUS, note) == []
    assert queries.history(database, scene.focal, note) != []
    latest = word(scene)
    assert latest is not None
    assert (latest.status, latest.revision_id) == ("limited", earlier.published_id)
    scene.do(service.retract, earlier.public_id, scene.officer, reason="That too.", language="en")
    assert word(scene) is None


def test_a_retracted_note_can_be_written_anew_in_its_round(scene: Scene) -> None:
    public_id = scene.published()
    scene.do(service.retract, public_id, scene.officer, reason="It names a person.", language="en")
    assert scene.start() == public_id
    scene.do(service.submit, public_id, scene.focal, people_protected=True)
    scene.do(service.take_up, public_id, scene.officer)
    scene.do(service.publish, public_id, scene.officer)
    note = scene.note(public_id)
    assert note.retracted_at is None
    hidden = queries.history(current_session(), ANONYMOUS, note)
    assert [each.number for each in hidden] == [2], "what was retracted stays hidden"


def earlier_note(scene: Scene) -> Note:
    before = make_round(
        opens_on=scene.round.opens_on - timedelta(days=200),
        closes_on=scene.round.opens_on - timedelta(days=100),
    )
    return make_note(scene.commitment, scene.ministry, before, claimed_status="limited")


def test_nothing_has_changed_is_published_at_once_with_the_last_status(
    scene: Scene, database: Session
) -> None:
    earlier_note(scene)
    public_id = scene.start(texts={}, claimed_status=None, nothing_changed=True)
    state = scene.do(service.submit, public_id, scene.focal, people_protected=True)
    assert state is State.PUBLISHED
    published = queries.get(database, ANONYMOUS, public_id).published
    assert published is not None
    assert (published.claimed_status, published.nothing_changed) == ("limited", True)


def test_nothing_has_changed_needs_something_that_has_not(scene: Scene) -> None:
    public_id = scene.start(texts={}, claimed_status=None, nothing_changed=True)
    with pytest.raises(InvalidInput):
        scene.do(service.submit, public_id, scene.focal, people_protected=True)


def test_nothing_has_changed_smuggles_no_text_past_the_review(scene: Scene) -> None:
    earlier_note(scene)
    public_id = scene.start(nothing_changed=True)
    with pytest.raises(InvalidInput):
        scene.do(service.submit, public_id, scene.focal, people_protected=True)


def test_nothing_has_changed_on_behalf_is_reviewed(scene: Scene) -> None:
    earlier_note(scene)
    public_id = scene.start(scene.officer, texts={}, claimed_status=None, nothing_changed=True)
    state = scene.do(service.submit, public_id, scene.officer, people_protected=True)
    assert state is State.SUBMITTED


def test_internal_comments_stay_in_the_office(scene: Scene, database: Session) -> None:
    scene.returned()
    found = database.scalars(select(Decision).where(Decision.action == "return")).one()
    assert found.internal_comment == "Third time."


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"language": "xx"}, "language"),
        ({"texts": {"done": "x" * 20_001}}, "done"),
        ({"claimed_status": "splendid"}, "claimed_status"),
        ({"links": tuple(Link("", f"https://e.org/{n}") for n in range(6))}, "links"),
    ],
)
def test_no_draft_holds_what_it_may_not(
    scene: Scene, overrides: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        scene.start(**overrides)
    assert set(refused.value.fields) == {field}


def test_readings_belong_to_the_commitment_and_count_whole_people(scene: Scene) -> None:
    given = scene.reading(902, 278)
    strange = type(given)("zzzzzzzzzz", given.on, given.split)
    half = type(given)(
        given.indicator_id, given.on, type(given.split)(Decimal("1.5"), Decimal(1), Decimal(0))
    )
    future = type(given)(given.indicator_id, scene.now.date() + timedelta(days=9), given.split)
    for wrong in (strange, half, future):
        with pytest.raises(InvalidInput):
            scene.start(readings=(wrong,))


def test_a_saved_reading_is_replaced_and_removed(scene: Scene) -> None:
    public_id = scene.start(readings=(scene.reading(902, 278),))
    save(scene, public_id, scene.focal, readings=(scene.reading(903, 278),))
    readings = scene.note(public_id).open.readings  # type: ignore[union-attr]  # a draft
    assert [each.total for each in readings] == [1181]
    save(scene, public_id, scene.focal)
    assert scene.note(public_id).open.readings == []  # type: ignore[union-attr]  # a draft


def test_a_translation_belongs_to_the_published_text(scene: Scene) -> None:
    public_id = scene.published()
    command = TranslationCommand("ar", "official", dict.fromkeys(TEXTS, "نص"))
    with pytest.raises(NotPermitted):
        scene.do(service.translate, public_id, scene.contributor, command=command)
    scene.do(service.translate, public_id, scene.focal, command=command)
    published = scene.note(public_id).published
    assert published is not None
    assert [(each.language, each.kind) for each in published.translations] == [("ar", "official")]
    half = TranslationCommand("fr", "unofficial", {"done": "Fait"})
    with pytest.raises(InvalidInput):
        scene.do(service.translate, public_id, scene.contributor, command=half)
    same = TranslationCommand("en", "unofficial", dict(TEXTS))
    with pytest.raises(InvalidInput):
        scene.do(service.translate, public_id, scene.contributor, command=same)


def test_an_observer_group_has_no_voice_even_on_behalf(scene: Scene, database: Session) -> None:
    observers = make_constituent(group="observers")
    member = make_member(observers)
    assert member.id
    target = scene.target(database, scene.officer, scene.ministry)
    wrong = type(target)(round=target.round, subject=target.subject, constituent=observers)
    with pytest.raises(NotPermitted), transaction() as session:
        service.start(session, actor=scene.officer, target=wrong, content=content(), now=scene.now)
