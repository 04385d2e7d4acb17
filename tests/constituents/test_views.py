from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.rules import Group
from policytrack.core.db import db
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from tests.accounts.browsing import forms, send
from tests.factories import make_constituent, make_member, make_user

SignIn = Callable[[FlaskClient, User], None]

TYPED = {"email": "noor@example.org", "name": "Noor", "role": "contributor", "language": "ar"}


@pytest.fixture
def body(database: Session) -> Constituent:
    made = make_constituent(labels={"en": "Ministry <b>of</b> Labour", "ar": "وزارة العمل"})
    database.refresh(made)
    database.expunge(made)
    return made


@pytest.fixture
def focal(body: Constituent, client: FlaskClient, sign_in: SignIn) -> User:
    user = make_member(body, name="Asha")
    sign_in(client, user)
    return user


def count(database: Session, thing: Any) -> int:
    database.rollback()
    return database.scalar(select(func.count()).select_from(thing)) or 0


def token_of(page: Any) -> str:
    return next(value for name, value in forms(page)[-1].fields if name == "csrf_token")


def test_a_focal_point_sees_and_invites_own_members(
    client: FlaskClient, focal: User, database: Session
) -> None:
    page = client.get("/members")
    assert "Ministry &lt;b&gt;of&lt;/b&gt; Labour" in page.text
    assert '<select id="organisation"' not in page.text
    answer = send(client, page, "/members", **TYPED)
    assert answer.status_code == 303
    after = client.get(answer.headers["Location"])
    assert "noor@example.org has a seat now. We have written to them." in after.text
    assert "invited; the link is good until" in after.text
    assert count(database, OutboxItem) == 1


def test_sending_the_invitation_twice_invites_once(
    client: FlaskClient, focal: User, database: Session
) -> None:
    page = client.get("/members")
    places = [send(client, page, "/members", **TYPED).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert count(database, OutboxItem) == 1
    assert count(database, Membership) == 2


def test_the_answer_is_the_same_for_a_known_address(
    client: FlaskClient, focal: User, database: Session
) -> None:
    make_user(email="noor@example.org")
    answer = send(client, client.get("/members"), "/members", **TYPED)
    said = client.get(answer.headers["Location"]).text
    assert "noor@example.org has a seat now. We have written to them." in said


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "nobody"}, "Write a mail address"),
        ({"email": ""}, "Write a mail address"),
        ({"name": " \x00 "}, "Write a name"),
        ({"name": "n" * 201}, "longer than 200"),
        ({"role": "administrator"}, "Choose from the list"),
        ({"role": "observer"}, "Choose from the list"),
        ({"language": "xx"}, "Choose from the list"),
        ({"email": "taken@example.org", "role": "focal_point"}, "has another role"),
    ],
)
def test_what_cannot_be_sent_is_said_and_kept(
    client: FlaskClient,
    focal: User,
    body: Constituent,
    database: Session,
    changed: dict[str, str],
    sentence: str,
) -> None:
    make_member(body, Role.CONTRIBUTOR, email="taken@example.org")
    answer = send(client, client.get("/members"), "/members", **{**TYPED, **changed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{changed.get("name", "Noor").strip(chr(0) + " ")}"' in answer.text
    assert count(database, OutboxItem) == 0


def test_other_organisations_are_closed_to_a_focal_point(
    client: FlaskClient, focal: User, database: Session
) -> None:
    other = make_constituent()
    member = make_member(other)
    other_id, person = other.public_id, member.public_id
    assert client.get("/members", query_string={"organisation": other_id}).status_code == 403
    assert client.get("/members?organisation=nothing").status_code == 404
    assert client.get("/members?organisation=a&organisation=%00").status_code == 404
    page = client.get("/members")
    token = token_of(page)
    sent = {**TYPED, "organisation": other_id, "csrf_token": token}
    assert client.post("/members", data=sent).status_code == 403
    for act in ("end", "invite-again"):
        path = f"/members/{other_id}/{person}/{act}"
        assert client.post(path, data={"csrf_token": token}).status_code == 403
    assert count(database, OutboxItem) == 0


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.OBSERVER, None])
def test_the_page_is_closed_to_who_may_not_invite(
    client: FlaskClient, database: Session, sign_in: SignIn, role: Role | None
) -> None:
    group = Group.OBSERVERS if role is Role.OBSERVER else Group.WORKERS
    sign_in(client, make_member(make_constituent(group=group), role) if role else make_user())
    assert client.get("/members").status_code == 403


def test_a_signed_out_person_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/members").headers["Location"] == "/sign-in?next=/members"


@pytest.mark.parametrize("office", [Role.SECRETARIAT, Role.ADMINISTRATOR])
def test_the_office_chooses_any_organisation(
    client: FlaskClient, database: Session, sign_in: SignIn, office: Role
) -> None:
    watch = make_constituent(labels={"en": "Watch"}, group=Group.OBSERVERS, country_iso2=None)
    make_constituent(labels={"en": "Ministry"})
    chosen = watch.public_id
    sign_in(client, make_user(office))
    page = client.get("/members")
    assert '<optgroup label="Nepal">' in page.text
    assert '<optgroup label="Regional organisations">' in page.text
    page = client.get("/members", query_string={"organisation": chosen})
    assert f'<option value="{chosen}" selected>Watch</option>' in page.text
    answer = send(client, page, "/members", **{**TYPED, "role": "observer"})
    assert answer.status_code == 303


def test_ending_a_seat_twice_ends_it_once(
    client: FlaskClient, focal: User, body: Constituent, database: Session
) -> None:
    member = make_member(body, Role.CONTRIBUTOR, name="Noor")
    path = f"/members/{body.public_id}/{member.public_id}/end"
    page = client.get("/members")
    answers = [send(client, page, path) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    page = client.get("/members").text
    table, _table_ends, below = page.partition("<table")[2].partition("</table>")
    assert "Noor" not in table
    # Who spoke for the organisation, and until when, can still be told.
    assert re.search(r"Former members \(1\).*Noor</bdi>: Contributor, from ", below, re.DOTALL)


def test_the_last_focal_point_must_say_so(
    client: FlaskClient, focal: User, body: Constituent, database: Session
) -> None:
    path = f"/members/{body.public_id}/{focal.public_id}/end"
    page = client.get("/members")
    refused = send(client, page, path)
    assert refused.status_code == 422
    assert "last focal point" in refused.text
    assert send(client, page, path, confirmed="y").status_code == 303
    assert client.get("/members").status_code == 403


def test_an_invitation_is_sent_again_and_cancelled(
    client: FlaskClient, focal: User, body: Constituent, database: Session
) -> None:
    send(client, client.get("/members"), "/members", **TYPED)
    database.rollback()
    person = database.scalars(select(User.public_id).where(User.email == TYPED["email"])).one()
    base = f"/members/{body.public_id}/{person}"
    again = send(client, client.get("/members"), f"{base}/invite-again")
    assert "A new invitation is on its way" in client.get(again.headers["Location"]).text
    send(client, client.get("/members"), f"{base}/end")
    assert count(database, OutboxItem) == 2
    assert "invited;" not in client.get("/members").text


@pytest.fixture
def queries_made(app: Flask, database: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_queries_do_not_grow_with_members_or_organisations(
    client: FlaskClient, database: Session, sign_in: SignIn, queries_made: list[str]
) -> None:
    sign_in(client, make_user(Role.SECRETARIAT))
    body = make_constituent()
    make_member(body)
    address = f"/members?organisation={body.public_id}"
    queries_made.clear()
    client.get(address)
    few = len(queries_made)
    for _ in range(5):
        make_member(body, Role.CONTRIBUTOR)
        make_constituent(country_iso2="QA")
    queries_made.clear()
    client.get(address)
    assert len(queries_made) == few
    assert few <= 12
