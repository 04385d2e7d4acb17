"""The trail: in words, by key, and never of what the reader may not know."""

from __future__ import annotations

import contextvars
import csv
import gc
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import QueuePool, select, update
from sqlalchemy.orm import Session

from policytrack.accounts import service as accounts
from policytrack.accounts.models import NetworkAddress, User
from policytrack.administration.queries import PAGE
from policytrack.commitments.rules import TextState
from policytrack.core import audit, clock
from policytrack.core.db import db, transaction
from policytrack.core.permissions import ANONYMOUS, Actor, Role
from policytrack.core.review import State
from tests.administration.conftest import As
from tests.factories import (
    actor_for,
    make_commitment,
    make_constituent,
    make_member,
    make_note,
    make_round,
    make_user,
)

# The second of January 2026.
ARABIC_DIGITS = "2026-01-02".translate({ord("0") + n: ord("\u0660") + n for n in range(10)})


def record(actor: Actor, action: str, kind: str, public_id: str, **more: Any) -> None:
    with transaction() as session:
        audit.record(
            session,
            actor=actor,
            action=action,
            kind=kind,
            public_id=public_id,
            **{"now": clock.now(), **more},
        )


def lines(page: Any) -> list[str]:
    """Return the rows of the table, in which everything stands."""
    assert page.status_code == 200
    if "<tbody>" not in page.text:
        return []
    return page.text.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]


@pytest.fixture
def scene(database: Session) -> dict[str, Any]:
    """Give two organisations with a published note each, a draft each, and lines about all."""
    made: dict[str, Any] = {}
    reporting = make_round()
    for who in ("mine", "theirs"):
        body = make_constituent(labels={"en": f"Ministry {who}"})
        focal = make_member(body, name=f"Focal {who}")
        note = make_note(make_commitment(body, title=f"Fees {who}"), body, reporting)
        secret = make_commitment(body, state=TextState.DRAFT, title=f"Secret {who}")
        draft = make_note(make_commitment(body), body, reporting, state=State.DRAFT)
        for thing, kind, act in (
            (note, "note", "note.publish"),
            (draft, "note", "note.save"),
            (secret, "commitment", "commitment.save"),
        ):
            record(actor_for(focal), act, kind, thing.public_id, constituent_id=body.id)
        record(
            actor_for(focal), "seat_given", "membership", focal.public_id, constituent_id=body.id
        )
        made |= {who: body, f"focal-{who}": focal, f"note-{who}": note, f"draft-{who}": draft}
    record(actor_for(made["focal-mine"]), "signed_in", "account", made["focal-mine"].public_id)
    return made


def test_lines_speak_in_words_and_lead_to_the_thing(
    browser: FlaskClient, scene: dict[str, Any]
) -> None:
    row = next(row for row in lines(browser.get("/trail")) if "Ministry mine" in row)
    rows = "".join(lines(browser.get("/trail")))
    assert "published a note" in rows
    assert f'href="/notes/{scene["note-mine"].public_id}"' in rows
    assert "Fees mine" in rows
    assert "Focal mine" in row
    arabic = browser.get("/trail", headers={"Accept-Language": "ar"})
    assert arabic.status_code == 200


def test_members_read_the_lines_of_their_own_organisation_only(
    as_: As, scene: dict[str, Any]
) -> None:
    for who, other in (("mine", "theirs"), ("theirs", "mine")):
        browser = as_(scene[f"focal-{who}"])
        for query in (
            "",
            f"?organisation={scene[other].public_id}",
            f"?thing={scene[f'draft-{other}'].public_id}",
            f"?person={scene[f'focal-{other}'].public_id}",
            f"?who=Focal+{other}",
            "?kind=account",
            "?kind=note&act=note.save",
        ):
            rows = "".join(lines(browser.get(f"/trail{query}")))
            # The address of the page, at the end, repeats what was asked.
            file = browser.get(f"/trail.csv{query}").get_data(as_text=True).split("\r\n\r\n")[0]
            found = json.loads(browser.get(f"/trail.json{query}").get_data())["trail"]
            for text in (rows, file, json.dumps(found)):
                assert f"Ministry {other}" not in text, query
                assert f"Secret {other}" not in text, query
                assert f"Fees {other}" not in text, query
                assert f"Focal {other}" not in text, query
                assert scene[f"draft-{other}"].public_id not in text, query
                assert "signed in" not in text, query
        own = "".join(lines(browser.get("/trail")))
        assert f"Secret {who}" in own
        assert "/administration/" not in own, "those pages are closed to them"


def test_who_has_no_organisation_reads_no_trail(app: Flask, as_: As, database: Session) -> None:
    observer = make_member(make_constituent(group="observers"), Role.OBSERVER)
    for user in (make_user(Role.RESEARCHER), observer):
        for path in ("/trail", "/trail.csv", "/trail.json"):
            assert as_(user).get(path).status_code == 403
    assert app.test_client().get("/trail.csv").status_code == 303


def test_a_thing_that_is_hidden_is_not_named_to_the_office(as_: As, scene: dict[str, Any]) -> None:
    rows = "".join(lines(as_(make_user(Role.SECRETARIAT)).get("/trail")))
    assert "saved the text of a commitment" in rows
    assert "Secret" not in rows, "a draft is not theirs to read before it is proposed"
    assert scene["draft-mine"].public_id not in rows


def test_addresses_stand_beside_for_administrators_until_they_expire(
    browser: FlaskClient, as_: As, scene: dict[str, Any], database: Session
) -> None:
    user, now = make_user(name="Asha"), clock.now()
    with transaction() as session:
        accounts.note_address(
            session, user_id=user.id, address="192.0.2.77", action="signed_in", now=now
        )
    record(actor_for(user), "signed_in", "account", user.public_id, now=now)
    assert "192.0.2.77" in "".join(lines(browser.get("/trail")))
    assert "192.0.2.77" not in as_(make_user(Role.SECRETARIAT)).get("/trail").text
    assert "192.0.2.77" not in browser.get("/trail.csv").get_data(as_text=True)
    with transaction() as session:
        session.execute(update(NetworkAddress).values(expires_at=now - timedelta(seconds=1)))
    assert "192.0.2.77" not in browser.get("/trail").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"submitted", "signed in"}),
        ("q=SUBMIT", {"submitted"}),
        ("q=signed+in", {"signed in"}),
        ("q=nothing+like+that", set()),
        ("who=ash", {"submitted"}),
        ("who=%25", set()),
        ("person=ASHA", {"submitted"}),
        ("person=2222222222", set()),
        ("act=signed_in", {"signed in"}),
        ("act=unknown.act", set()),
        ("kind=note", {"submitted"}),
        ("kind=reference", set()),
        ("thing=abc", {"submitted"}),
        ("organisation=2222222222", set()),
        ("since=2026-01-02&until=2026-01-02", {"submitted"}),
        ("until=2026-01-01", {"signed in"}),
        ("since=2026-01-03", set()),
        ("since=" + ARABIC_DIGITS, {"submitted"}),
        ("since=2026-02-31&until=9999-99-99&before=abc&before=x", {"submitted", "signed in"}),
        ("until=2199-12-31&since=1900-01-01", {"submitted", "signed in"}),
        ("before=0", {"submitted", "signed in"}),
        ("before=1", set()),
        ("before=999999999999999", {"submitted", "signed in"}),
        (f"before={'9' * 60}", {"submitted", "signed in"}),
        ("person=%00&act=%00&kind=%00&thing=%00&organisation=%00&q=%00&who=%00",
         {"submitted", "signed in"}),
    ],
)  # fmt: skip
def test_the_trail_is_narrowed_by_its_address(
    browser: FlaskClient, query: str, found: set[str]
) -> None:
    asha = make_user(name="Asha")
    day = clock.now().replace(year=2026, month=1, day=1)
    record(ANONYMOUS, "signed_in", "account", "x", now=day)
    record(actor_for(asha), "note.submit", "note", "abc", now=day + timedelta(days=1))
    page = browser.get("/trail?" + query.replace("ASHA", asha.public_id))
    rows = "".join(lines(page))
    assert {word for word in ("submitted", "signed in") if word in rows} == found
    file = browser.get("/trail.csv?" + query.replace("ASHA", asha.public_id))
    assert file.status_code == 200
    assert {
        word for word in ("submitted", "signed in") if word in file.get_data(as_text=True)
    } == found


def test_pages_go_back_by_key_and_meet_every_line_once(browser: FlaskClient, admin: User) -> None:
    actor, start = actor_for(admin), clock.now()
    with transaction() as session:
        for number in range(2 * PAGE + 7):
            audit.record(
                session, actor=actor, action="note.save", kind="note",
                public_id=f"thing{number:04d}",
                now=start + timedelta(seconds=number),
            )  # fmt: skip
    seen: list[str] = []
    address, sizes = "/trail?act=note.save", []
    while address:
        page = browser.get(address)
        rows = lines(page)
        sizes.append(len(rows))
        seen += [row.split('datetime="')[1].split('"')[0] for row in rows]
        older = page.text.split('rel="next" href="')
        address = older[1].split('"')[0].replace("&amp;", "&") if len(older) > 1 else ""
        # A line that is written meanwhile shifts nothing.
        record(actor, "note.save", "note", "new")
    assert sizes == [PAGE, PAGE, 7]
    assert seen == sorted(set(seen), reverse=True)
    assert "Back to the newest" in page.text


def test_the_trail_takes_a_fixed_number_of_statements(
    browser: FlaskClient, counted: Callable[[], Any], scene: dict[str, Any]
) -> None:
    numbers = []
    for size in (1, 12):
        for _ in range(size):
            body = make_constituent()
            focal = make_member(body)
            note = make_note(make_commitment(body), body, make_round())
            record(actor_for(focal), "note.publish", "note", note.public_id, constituent_id=body.id)
        with counted() as statements:
            assert browser.get("/trail").status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], numbers


def test_the_file_is_a_table_in_which_nothing_runs(browser: FlaskClient, database: Session) -> None:
    user = make_user(name="=HYPERLINK(1)")
    body = make_constituent(labels={"en": "+Ministry"})
    record(
        actor_for(user), "note.save", "note", "abc", constituent_id=body.id, fields=["done", "due"]
    )
    answer = browser.get("/trail.csv?kind=note")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True).lstrip("\ufeff")
    row = next(iter(csv.DictReader(io.StringIO(text))))
    assert row["who"] == "'=HYPERLINK(1)"
    assert row["words"] == "saved the draft of a note"
    assert row["fields"] == "done, due"
    assert row["organisation"].startswith("'+Ministry")


def test_the_file_holds_every_line_with_where_it_leads(
    browser: FlaskClient, scene: dict[str, Any], admin: User
) -> None:
    actor, start = actor_for(admin), clock.now()
    with transaction() as session:
        for number in range(1_107):
            audit.record(
                session, actor=actor, action="note.save", kind="note",
                public_id=f"thing{number:04d}", now=start + timedelta(seconds=number),
            )  # fmt: skip
    page = browser.get("/trail?act=note.save").text
    for kind in ("csv", "json"):
        assert f'href="/trail.{kind}?act=note.save"' in page
    found = json.loads(browser.get("/trail.json?act=note.save").get_data())
    told = [line["thing"] for line in found["trail"]]
    assert told[:1_107] == [f"thing{number:04d}" for number in reversed(range(1_107))]
    assert len(told) == 1_107 + 2, "and the two of the scene"
    note = scene["note-mine"]
    lines = json.loads(browser.get(f"/trail.json?thing={note.public_id}").get_data())["trail"]
    assert lines[0]["name"] == "Fees mine"
    assert lines[0]["address"].endswith(f"/notes/{note.public_id}")
    assert browser.get("/trail.xlsx").status_code == 404


def test_a_closed_account_keeps_its_lines_and_loses_its_name(
    browser: FlaskClient, admin: User, database: Session
) -> None:
    user = make_user(name="Asha Rai", email="asha@example.org")
    record(actor_for(user), "note.save", "note", "abc")
    actor, user_id = actor_for(admin), user.id
    with transaction() as session:
        accounts.close(session, actor=actor, user=session.get_one(User, user_id), now=clock.now())
    page = browser.get("/trail?kind=note").text + browser.get("/trail.csv").get_data(as_text=True)
    assert "Closed account" in page
    assert "Asha" not in page
    assert "asha@" not in page


@pytest.mark.parametrize("read", ["to the end", "not at all"])
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_long_file_lets_go_of_the_database(
    demonstrated: Flask, sign_in: Callable[[FlaskClient, User], None], kind: str, read: str
) -> None:
    """A connection that waits for the collector of garbage is missed by others meanwhile."""
    browser = demonstrated.test_client()
    with demonstrated.app_context():
        officer = db.session.scalars(
            select(User).where(User.email == "officer.one@example.org")
        ).one()
        sign_in(browser, officer)
        pool = cast(QueuePool, db.engine.pool)

    def ask() -> None:
        # As a server does: what is asked and what is read stand in one context.
        answer = FlaskClient.open(browser, f"/trail.{kind}", buffered=False)
        assert answer.is_streamed
        if read == "to the end":
            assert len(answer.get_data()) > 100_000
        answer.close()

    gc.disable()
    try:
        contextvars.Context().run(ask)
        assert pool.checkedout() == 0
    finally:
        gc.enable()
