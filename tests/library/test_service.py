from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.core.audit import TrailEntry
from policytrack.core.changes import Change
from policytrack.core.db import transaction
from policytrack.core.errors import (
    DomainError,
    InvalidInput,
    NotPermitted,
    StaleVersion,
)
from policytrack.core.outbox import OutboxItem, work_one
from policytrack.core.permissions import Actor, Role
from policytrack.core.review import State
from policytrack.library import service
from policytrack.library.description import Description, described
from policytrack.library.later import follow
from policytrack.library.models import LibraryDocument
from policytrack.library.service.keeping import FOLLOW
from tests.factories import (
    NOW,
    actor_for,
    make_constituent,
    make_document,
    make_member,
    make_user,
)

LATER = NOW + timedelta(days=1)
ACT = Description(
    type="law",
    language="en",
    title="Act on domestic work",
    summary="A weekly day of rest.",
    issued="2019-06",
    authors=({"literal": "Parliament"},),
    countries=("NP",),
    themes=("A2.6",),
    corridors=("NP-QA",),
    legal_status="in_force",
)


@pytest.fixture
def body(database: Session) -> Constituent:
    return make_constituent()


@pytest.fixture
def focal(body: Constituent) -> Actor:
    return actor_for(make_member(body))


@pytest.fixture
def officer(database: Session) -> Actor:
    return actor_for(make_user(Role.SECRETARIAT))


def _start(actor: Actor, body: Constituent | None, given: Description = ACT) -> LibraryDocument:
    with transaction() as session:
        return service.start(session, actor=actor, organisation=body, given=given, now=NOW)


def _stamp(document: LibraryDocument) -> str:
    assert document.open is not None
    return document.open.stamp


def _submit(actor: Actor, document: LibraryDocument) -> None:
    with transaction() as session:
        service.submit(
            session,
            actor=actor,
            document=document,
            people_protected=True,
            seen=_stamp(document),
            now=NOW,
        )


def _publish(officer: Actor, document: LibraryDocument) -> None:
    with transaction() as session:
        service.take_up(session, actor=officer, document=document, now=NOW)
    with transaction() as session:
        service.publish(session, actor=officer, document=document, now=NOW)


def test_a_document_goes_from_draft_to_the_next_version(
    database: Session, body: Constituent, focal: Actor, officer: Actor
) -> None:
    document = _start(focal, body)
    _submit(focal, document)
    _publish(officer, document)
    assert document.open is None
    published = document.published
    assert published is not None
    assert described(published) == ACT
    with transaction() as session:
        service.revise(session, actor=focal, document=document, now=LATER)
    with transaction() as session:
        service.save(
            session,
            actor=focal,
            document=document,
            given=replace(ACT, title="Act on domestic work, amended", countries=("NP", "QA")),
            seen=_stamp(document),
            now=LATER,
        )
    assert document.published is published
    _submit(focal, document)
    _publish(officer, document)
    assert document.published.title == "Act on domestic work, amended"
    assert published.state == State.SUPERSEDED
    assert published.title == "Act on domestic work"
    acts = database.scalars(
        select(TrailEntry.action).where(TrailEntry.public_id == document.public_id)
    ).all()
    assert acts == [
        f"document.{act}"
        for act in (
            "start", "submit", "take_up", "publish", "revise", "save", "submit", "take_up",
            "publish",
        )
    ]  # fmt: skip
    assert database.scalars(
        select(Change).where(Change.kind == "document", Change.public_id == document.public_id)
    ).all()


def test_a_returned_one_is_taken_further_beside_what_was_submitted(
    body: Constituent, focal: Actor, officer: Actor
) -> None:
    document = _start(focal, body)
    _submit(focal, document)
    with transaction() as session:
        service.take_up(session, actor=officer, document=document, now=NOW)
    with transaction() as session:
        service.return_(
            session, actor=officer, document=document, reason="Who?", language="en", now=NOW
        )
    returned = document.open
    assert returned is not None
    with transaction() as session:
        revision = service.save(
            session,
            actor=focal,
            document=document,
            given=replace(ACT, publisher="Ministry"),
            seen=returned.stamp,
            now=LATER,
        )
    assert (revision.number, revision.publisher) == (2, "Ministry")
    assert (returned.state, returned.publisher) == (State.RETURNED, "")


def test_who_may_not_is_refused(
    database: Session, body: Constituent, focal: Actor, officer: Actor
) -> None:
    contributor = actor_for(make_member(body, Role.CONTRIBUTOR))
    stranger = actor_for(make_member(make_constituent()))
    researcher = actor_for(make_user(Role.RESEARCHER))
    document = _start(contributor, body)

    def refused(act: Callable[[], object]) -> bool:
        try:
            act()
        except DomainError as refusal:
            database.rollback()
            return isinstance(refusal, NotPermitted)
        return False

    assert refused(lambda: _start(stranger, body))
    assert refused(lambda: _start(researcher, None))
    assert refused(lambda: _start(focal, None))
    assert refused(lambda: _submit(contributor, document))
    assert refused(lambda: _submit(stranger, document))
    _submit(focal, document)
    assert refused(lambda: _publish(focal, document))
    own = _start(officer, body)
    _submit(officer, own)
    # What an officer wrote, another decides.
    assert refused(lambda: _publish(officer, own))
    _publish(actor_for(make_user(Role.SECRETARIAT)), own)
    assert own.published is not None
    assert own.published.on_behalf


def test_an_observer_submits_for_their_organisation(database: Session, officer: Actor) -> None:
    body = make_constituent(group="observers")
    observer = actor_for(make_member(body, Role.OBSERVER))
    document = _start(observer, body)
    _submit(observer, document)
    _publish(officer, document)
    assert document.published is not None


def test_a_stale_form_overwrites_nothing(body: Constituent, focal: Actor) -> None:
    document = _start(focal, body)
    seen = _stamp(document)
    for title in ("First", "Second"):
        try:
            with transaction() as session:
                service.save(
                    session,
                    actor=focal,
                    document=document,
                    given=replace(ACT, title=title),
                    seen=seen,
                    now=NOW,
                )
        except StaleVersion:
            assert title == "Second"
    assert document.open is not None
    assert document.open.title == "First"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "x" * 501}, "title"),
        ({"type": "poem"}, "type"),
        ({"language": "tlh"}, "language"),
        ({"issued": "last year"}, "issued"),
        ({"in_force_from": "2020", "in_force_until": "2019"}, "in_force_until"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "https://[bad"}, "source_url"),
        ({"countries": ("XX",)}, "countries"),
        ({"themes": ("A2.6", "Z9")}, "themes"),
        ({"relations": (("eats", 1),)}, "relations"),
        ({"practice": {"unheard_of": "x"}}, "unheard_of"),
        ({"practice": {"lessons": "x" * 20_001}}, "lessons"),
        ({"practice": {"sdgs": ["5.2"] * 61}}, "sdgs"),
        ({"authors": tuple({"literal": str(n)} for n in range(41))}, "authors"),
        ({"visibility": "friends"}, "visibility"),
    ],
)
def test_what_no_draft_may_hold_is_said_by_field(
    body: Constituent, focal: Actor, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _start(focal, body, replace(ACT, **changes))  # type: ignore[arg-type]  # any field of it
    assert set(refusal.value.fields) == {field}


def test_what_is_submitted_can_stand(body: Constituent, focal: Actor) -> None:
    document = _start(focal, body, Description(title="Only a title"))
    with pytest.raises(InvalidInput) as refusal:
        _submit(focal, document)
    assert set(refusal.value.fields) == {"type", "language", "files"}


def test_who_never_knew_of_a_document_does_not_learn_that_it_was_withdrawn(
    database: Session, officer: Actor
) -> None:
    embargoed = make_document(embargo_until=LATER)
    restricted = make_document(visibility="constituents")
    for document in (embargoed, restricted):
        with transaction() as session:
            service.retract(
                session,
                actor=officer,
                document=document,
                reason="It named somebody.",
                language="en",
                now=NOW,
            )
    assert embargoed.retracted_for == ""
    assert restricted.retracted_for == "constituents"


def test_the_end_of_an_embargo_has_the_index_look_again(
    database: Session, body: Constituent, focal: Actor, officer: Actor
) -> None:
    document = _start(focal, body, replace(ACT, embargo_until=LATER))
    _submit(focal, document)
    _publish(officer, document)
    item = database.scalars(select(OutboxItem).where(OutboxItem.kind == FOLLOW)).one()
    assert item.due_at == LATER
    changes = select(Change.seq).where(Change.public_id == document.public_id)
    before = set(database.scalars(changes))
    with transaction() as session:  # the mail on the way there
        session.execute(delete(OutboxItem).where(OutboxItem.kind != FOLLOW))
    handlers = {FOLLOW: follow}
    assert not work_one(handlers, LATER - timedelta(seconds=1))
    assert work_one(handlers, LATER)
    assert len(set(database.scalars(changes)) - before) == 1
