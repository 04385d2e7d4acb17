"""Set the scene that most tests of the library's work need: who writes, who decides, and files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policytrack.accounts.models import User
from policytrack.constituents.models import Constituent
from policytrack.core import clock
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.permissions import Actor, Role
from policytrack.core.review import State
from policytrack.library import queries, service
from policytrack.library.description import Description
from policytrack.library.models import LibraryDocument
from tests.factories import actor_for, make_constituent, make_member, make_user

SignIn = Callable[[FlaskClient, User], None]
As = Callable[[str], FlaskClient]

TEXT = b"No fee shall be charged to any worker.\n"
SAID = {
    "type": "law",
    "title": "Recruitment Fees Act",
    "language": "en",
    "summary": "It forbids fees charged to workers.",
    "rights": "copy",
    "visibility": "public",
}


def described(**overrides: Any) -> Description:
    return Description(**{**SAID, **overrides})


@dataclass
class Scene:
    """Hold who a test is about; people are kept as actors."""

    ministry: Constituent
    network: Constituent
    users: dict[str, User] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def start(self, who: str = "focal", body: Constituent | None = None, **overrides: Any) -> str:
        """Begin a document of the ministry, or another body, and return its public id."""
        with transaction() as session:
            document = service.start(
                session,
                actor=self.actors[who],
                organisation=session.get_one(Constituent, (body or self.ministry).id),
                given=described(**overrides),
                now=clock.now(),
            )
            return document.public_id

    def document(self, public_id: str, who: str = "focal") -> LibraryDocument:
        fresh = current_session()
        fresh.rollback()
        return queries.get(fresh, self.actors[who], public_id, clock.now())

    def stamp(self, public_id: str, who: str = "focal") -> str:
        revision = self.document(public_id, who).open
        assert revision is not None
        return revision.stamp

    def do(self, verb: Any, public_id: str, who: str, **values: Any) -> Any:
        """Carry out one verb of the service in a transaction of its own."""
        with transaction() as session:
            document = queries.get(session, self.actors[who], public_id, clock.now())
            return verb(
                session, actor=self.actors[who], document=document, now=clock.now(), **values
            )

    def submitted(self, who: str = "focal", **overrides: Any) -> str:
        public_id = self.start(who, **overrides)
        seen = self.stamp(public_id)
        self.do(service.submit, public_id, "focal", people_protected=True, seen=seen)
        return public_id

    def in_review(self, **overrides: Any) -> str:
        public_id = self.submitted(**overrides)
        self.do(service.take_up, public_id, "officer")
        return public_id

    def returned(self, **overrides: Any) -> str:
        public_id = self.in_review(**overrides)
        self.do(
            service.return_,
            public_id,
            "officer",
            reason="Which article is it?",
            language="en",
            internal_comment="Third time.",
        )
        return public_id

    def published(self, **overrides: Any) -> str:
        public_id = self.in_review(**overrides)
        self.do(service.publish, public_id, "officer")
        return public_id

    def in_state(self, state: State) -> str:
        """Return a document whose open or published revision stands in a state."""
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
    network = make_constituent(group="observers")
    users = {
        "focal": make_member(ministry),
        "contributor": make_member(ministry, Role.CONTRIBUTOR),
        "observer": make_member(network, Role.OBSERVER),
        "outsider": make_member(make_constituent(group="workers")),
        "officer": make_user(Role.SECRETARIAT),
        "second": make_user(Role.SECRETARIAT),
        "administrator": make_user(Role.ADMINISTRATOR),
        "researcher": make_user(Role.RESEARCHER),
    }
    actors = {name: actor_for(user) for name, user in users.items()}
    return Scene(ministry, network, users, actors)


def token(browser: FlaskClient, address: str = "/about") -> str:
    page = browser.get(address).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return unescape(found[1])


def values_of(page: str, name: str) -> list[str]:
    return [unescape(each) for each in re.findall(rf'name="{name}"[^>]*? value="([^"]*)"', page)]


def send(browser: FlaskClient, address: str, data: dict[str, Any]) -> TestResponse:
    given = {"csrf_token": token(browser), **data}
    return browser.post(address, data=given, content_type="multipart/form-data")


def upload(name: str = "act.txt", data: bytes = TEXT) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name
