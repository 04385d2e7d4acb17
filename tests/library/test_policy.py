"""Every role over every state, visibility and embargo: in the database and in the program alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.core.db import transaction
from policytrack.core.permissions import ANONYMOUS, Actor, Role
from policytrack.core.review import State
from policytrack.library import policy
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.library.rules import Visibility
from tests.factories import (
    NOW,
    actor_for,
    make_constituent,
    make_document,
    make_member,
    make_user,
)

SOON, BEFORE = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
WHO = ("public", "researcher", "observer", "stranger", "own", "officer", "administrator")
# Whom each document is there for, and by whom what is published of it is read.
ALL = frozenset(WHO)
CONSTITUENTS = frozenset({"stranger", "own", "officer", "administrator"})
INSIDE = frozenset({"own", "officer", "administrator"})
CASES: dict[str, tuple[dict[str, object], frozenset[str], frozenset[str]]] = {
    "public": ({}, ALL, ALL),
    "for constituents": ({"visibility": Visibility.CONSTITUENTS}, CONSTITUENTS, CONSTITUENTS),
    "embargoed": ({"embargo_until": SOON}, INSIDE, INSIDE),
    "embargo over": ({"embargo_until": BEFORE}, ALL, ALL),
    "embargo over, for constituents": (
        {"embargo_until": BEFORE, "visibility": Visibility.CONSTITUENTS},
        CONSTITUENTS,
        CONSTITUENTS,
    ),
    "draft": ({"state": State.DRAFT}, frozenset({"own"}), frozenset()),
    "draft on behalf": (
        {"state": State.DRAFT, "on_behalf": True},
        frozenset({"own", "officer"}),
        frozenset(),
    ),
    "submitted": ({"state": State.SUBMITTED}, INSIDE, frozenset()),
    "discarded": ({"state": State.DISCARDED}, frozenset(), frozenset()),
    "withdrawn": ({"state": State.RETRACTED}, ALL, frozenset()),
    "withdrawn, for constituents": (
        {"state": State.RETRACTED, "visibility": Visibility.CONSTITUENTS},
        CONSTITUENTS,
        frozenset(),
    ),
}


@pytest.fixture
def body(database: Session) -> Constituent:
    return make_constituent()


@pytest.fixture
def actors(body: Constituent) -> dict[str, Actor]:
    return {
        "public": ANONYMOUS,
        "researcher": actor_for(make_user(Role.RESEARCHER)),
        "observer": actor_for(make_member(make_constituent(group="observers"), Role.OBSERVER)),
        "stranger": actor_for(make_member(make_constituent())),
        "own": actor_for(make_member(body, Role.CONTRIBUTOR)),
        "officer": actor_for(make_user(Role.SECRETARIAT)),
        "administrator": actor_for(make_user(Role.ADMINISTRATOR)),
    }


def _for_whom(actors: dict[str, Actor], allows: Callable[[Actor], bool]) -> frozenset[str]:
    return frozenset(name for name, actor in actors.items() if allows(actor))


@pytest.mark.parametrize("name", CASES)
def test_a_document_is_there_for_whom_it_is_meant(
    database: Session, body: Constituent, actors: dict[str, Actor], name: str
) -> None:
    given, there, read = CASES[name]
    document = make_document(body, **given)  # type: ignore[arg-type]  # a case holds any of them

    def found(condition: Callable[..., object]) -> Callable[[Actor], bool]:
        return lambda actor: (
            database.scalar(select(LibraryDocument).where(condition(actor, NOW))) is document
        )

    assert _for_whom(actors, found(policy.visible_to)) == there
    assert _for_whom(actors, found(policy.readable_by)) == read
    assert (
        _for_whom(actors, lambda actor: policy.published_revision(actor, document, NOW) is not None)
        == read
    )
    revision = document.open
    if revision is not None:
        assert (
            _for_whom(actors, lambda actor: policy.revision_visible(actor, document, revision, NOW))
            == there
        )


def test_what_was_replaced_is_as_open_as_what_replaced_it(
    database: Session, body: Constituent, actors: dict[str, Actor]
) -> None:
    document = make_document(body, visibility=Visibility.CONSTITUENTS, number=2)
    with transaction() as session:
        former = LibraryRevision(
            document_id=document.id,
            number=1,
            state=State.SUPERSEDED,
            title="Act",
            created_at=NOW,
            saved_at=NOW,
            submitted_at=NOW,
        )
        session.add(former)
    assert former.visibility == Visibility.PUBLIC
    assert (
        _for_whom(actors, lambda actor: policy.revision_visible(actor, document, former, NOW))
        == CONSTITUENTS
    )
