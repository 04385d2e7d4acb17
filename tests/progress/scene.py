"""Set the scene that most tests of notes need: a round, a commitment, and who deals with it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from policytrack.accounts.models import User
from policytrack.commitments.models import Commitment, Indicator
from policytrack.constituents.models import Constituent
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.permissions import Actor, Role
from policytrack.core.review import State
from policytrack.progress import queries, service, targets
from policytrack.progress.content import Content, ReadingInput
from policytrack.progress.models import Note
from policytrack.progress.rules import Split, Status
from policytrack.rounds.models import Round
from tests.factories import (
    actor_for,
    make_commitment,
    make_constituent,
    make_member,
    make_round,
    make_user,
)

SignIn = Callable[[FlaskClient, User], None]
As = Callable[[str], FlaskClient]

TEXTS = {
    "done": "The fee ban was extended to household recruitment.",
    "results": "Refunds reached 1180 workers.",
    "women": "Of these, 902 were women.",
    "obstacles": "Few complaint desks.",
    "next_steps": "Train inspectors by May.",
}
FORM = {
    "version": "new",
    "language": "en",
    "claimed_status": "substantial",
    **TEXTS,
}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
    b"0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n167\n%%EOF\n"
)


def content(**overrides: Any) -> Content:
    values: dict[str, Any] = {
        "language": "en",
        "texts": TEXTS,
        "claimed_status": Status.SUBSTANTIAL,
        **overrides,
    }
    return Content(**values)


@dataclass
class Scene:
    """Hold who and what a test is about; people are kept as actors."""

    round: Round
    ministry: Constituent
    commitment: Commitment
    focal: Actor
    contributor: Actor
    officer: Actor
    second: Actor
    outsider: Actor
    users: dict[str, User] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    @property
    def after(self) -> datetime:
        """Return a moment after the round has closed."""
        return self.round.closes_at + timedelta(hours=1)

    def indicator(self) -> Indicator:
        found = current_session().scalar(
            select(Indicator).where(Indicator.commitment_id == self.commitment.id)
        )
        assert found is not None
        return found

    def reading(self, women: int, men: int, not_stated: int = 0) -> ReadingInput:
        return ReadingInput(
            self.indicator().public_id,
            date(2026, 9, 30),
            Split(Decimal(women), Decimal(men), Decimal(not_stated)),
        )

    def target(self, session: Session, actor: Actor, constituent: Constituent) -> targets.Target:
        about = targets.subject(session, {"commitment": self.commitment.address})
        found = targets.target(session, actor, about, constituent.public_id, self.now)
        assert found is not None
        return found

    def start(self, actor: Actor | None = None, **overrides: Any) -> str:
        """Begin the ministry's note and return its public id."""
        actor = actor or self.focal
        with transaction() as session:
            note = service.start(
                session,
                actor=actor,
                target=self.target(session, actor, self.ministry),
                content=content(**overrides),
                now=self.now,
            )
            session.flush()
            return note.public_id

    def note(self, public_id: str, actor: Actor | None = None) -> Note:
        fresh = current_session()
        fresh.rollback()
        return queries.get(fresh, actor or self.focal, public_id)

    def do(self, verb: Any, public_id: str, actor: Actor, **values: Any) -> Any:
        """Carry out one verb of the service in a transaction of its own."""
        with transaction() as session:
            note = queries.get(session, actor, public_id)
            values.setdefault("now", self.now)
            return verb(session, actor=actor, note=note, **values)

    def submitted(self, **overrides: Any) -> str:
        public_id = self.start(**overrides)
        self.do(service.submit, public_id, self.focal, people_protected=True)
        return public_id

    def in_review(self, **overrides: Any) -> str:
        public_id = self.submitted(**overrides)
        self.do(service.take_up, public_id, self.officer)
        return public_id

    def returned(self, **overrides: Any) -> str:
        public_id = self.in_review(**overrides)
        self.do(
            service.return_,
            public_id,
            self.officer,
            reason="Say how many were women.",
            language="en",
            internal_comment="Third time.",
        )
        return public_id

    def published(self, **overrides: Any) -> str:
        public_id = self.in_review(**overrides)
        self.do(service.publish, public_id, self.officer)
        return public_id

    def in_state(self, state: State) -> str:
        """Return a note whose open or published revision stands in a state."""
        ways = {
            State.DRAFT: self.start,
            State.SUBMITTED: self.submitted,
            State.IN_REVIEW: self.in_review,
            State.RETURNED: self.returned,
            State.PUBLISHED: self.published,
        }
        return ways[state]()


def set_scene() -> Scene:
    ministry = make_constituent()
    commitment = make_commitment(ministry, corridors=("NP-QA",), indicator=True)
    users = {
        "focal": make_member(ministry),
        "contributor": make_member(ministry, Role.CONTRIBUTOR),
        "officer": make_user(Role.SECRETARIAT),
        "second": make_user(Role.SECRETARIAT),
        "administrator": make_user(Role.ADMINISTRATOR),
        "researcher": make_user(Role.RESEARCHER),
        "outsider": make_member(make_constituent(group="workers")),
    }
    return Scene(
        round=make_round(),
        ministry=ministry,
        commitment=commitment,
        focal=actor_for(users["focal"]),
        contributor=actor_for(users["contributor"]),
        officer=actor_for(users["officer"]),
        second=actor_for(users["second"]),
        outsider=actor_for(users["outsider"]),
        users=users,
    )


def new_address(scene: Scene) -> str:
    return f"/notes/new?commitment={scene.commitment.address}"


def token(browser: FlaskClient, address: str) -> str:
    page = browser.get(address).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return unescape(found[1])


def values_of(page: str, name: str) -> list[str]:
    return [unescape(each) for each in re.findall(rf'name="{name}"[^>]*? value="([^"]*)"', page)]


def send(browser: FlaskClient, address: str, data: dict[str, Any], page: str = "") -> TestResponse:
    given = {"csrf_token": token(browser, page or address), **data}
    return browser.post(address, data=given, content_type="multipart/form-data")


def upload(name: str = "decree.pdf", data: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name
