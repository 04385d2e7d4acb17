"""A search is saved, run again, changed and shared; others see nothing but what is shared."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from policytrack.accounts.models import AccountState, User
from policytrack.core import clock
from policytrack.core.audit import TrailEntry
from policytrack.core.db import db, transaction
from policytrack.core.permissions import Role
from policytrack.search.saving import rules
from tests.factories import make_user
from tests.search.saving.desk import Desk, SignIn


def test_a_search_is_saved_run_changed_and_deleted(desk: Desk) -> None:
    saved = desk.save("q=zebra&country=NP&country=BD&sort=date&page=3&nonsense=1", alert="none")
    assert saved.query == "q=zebra&country=NP&country=BD&sort=date"
    page = desk.client.get("/account/searches").text
    assert "zebra country:NP,BD" in page
    assert desk.client.get(f"/searches/{saved.public_id}").location == f"/search?{saved.query}"
    where = f"/account/searches/{saved.public_id}"
    assert desk.client.get(where).status_code == 200
    desk.client.post(where, data={"name": "  Zebras  of\nNepal", "alert": "weekly"})
    changed = desk.kept("Zebras of Nepal")
    assert changed.alert == "weekly"
    assert changed.alert_due_at is not None
    assert changed.alert_due_at > clock.now() + timedelta(days=6)
    for _ in range(2):
        desk.client.post(f"{where}/delete", data={})
    assert desk.client.get(where).status_code == 404
    db.session.rollback()
    acts = db.session.scalars(
        select(TrailEntry.action).where(TrailEntry.kind == "saved_search").order_by(TrailEntry.id)
    )
    assert list(acts) == ["search.save", "search.change", "search.delete"]


def test_the_page_of_results_offers_to_save(desk: Desk) -> None:
    desk.following.follow()
    page = desk.client.get("/search?q=zebra&country=&kind=note&sort=date").text
    found = re.search(r'name="search" value="([^"]*)"', page)
    assert found
    saved = desk.save(found[1].replace("&amp;", "&"))
    assert saved.query == "q=zebra&kind=note&sort=date"
    assert "Save this search" in desk.client.get("/search?q=nothingatall").text
    outside = desk.app.test_client().get("/search?q=zebra").text
    assert "Save this search" not in outside
    assert "Take these results along" in outside


def test_sent_twice_it_is_saved_once_and_names_are_not_shared(desk: Desk) -> None:
    desk.save("q=zebra")
    desk.save("q=zebra")
    answer = desk.client.post(
        "/account/searches", data={"search": "q=lion", "name": "Mine", "alert": "none"}
    )
    assert answer.status_code == 422
    assert "You have a search of this name already" in answer.text
    assert 'value="q=lion"' in answer.text
    second = desk.save("q=lion", name="Other")
    answer = desk.client.post(
        f"/account/searches/{second.public_id}", data={"name": "Mine", "alert": "none"}
    )
    assert answer.status_code == 422


def test_bad_input_is_answered_and_nothing_is_lost(desk: Desk) -> None:
    desk.following.follow()
    for given in (
        {},
        {"search": "", "name": "x", "alert": "none"},
        {"search": "page=3", "name": "x", "alert": "none"},
        {"search": "q=zebra", "name": "", "alert": "daily"},
        {"search": "q=zebra", "name": "x" * 121, "alert": "daily"},
        {"search": "q=zebra", "name": "x", "alert": "hourly"},
        {"search": "&".join(["q=a"] * 5000), "name": "x", "alert": "none"},
    ):
        assert desk.client.post("/account/searches", data=given).status_code == 422, given
    hostile = "q=" + "z%00%E2%80%AE" * 4000 + "&country=<script>&country=../.."
    given = {"search": hostile, "name": "a\x00\u202eb<script>", "alert": "none"}
    assert desk.client.post("/account/searches", data=given).status_code == 303
    assert len(desk.kept("ab<script>").query) < 10_000
    page = desk.client.get("/account/searches").text
    assert "ab&lt;script&gt;" in page
    for where in ("abcdefghij", "x" * 500, "%00", "ABC"):
        for method, end in (
            ("get", ""),
            ("post", "/delete"),
            ("post", "/feed"),
            ("post", "/share"),
        ):
            answer = getattr(desk.client, method)(f"/account/searches/{where}{end}")
            assert answer.status_code in {400, 404}, (where, end)


def test_there_is_a_bound(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_SAVED", 2)
    for number in range(2):
        desk.save("q=zebra", name=f"s{number}", alert="none")
    answer = desk.client.post(
        "/account/searches", data={"search": "q=x", "name": "s2", "alert": "none"}
    )
    assert answer.status_code == 422
    assert "You have 2 searches." in answer.text


def test_others_see_nothing_of_it_but_a_shared_link(desk: Desk, sign_in: SignIn) -> None:
    saved = desk.save("q=zebra", name="My secret plan")
    where = f"/account/searches/{saved.public_id}"
    other = desk.app.test_client()
    link = f"/searches/{saved.public_id}"
    assert other.get(link).status_code == 404
    desk.client.post(f"{where}/share", data={"shared": "yes"})
    assert other.get(link).location == "/search?q=zebra"
    sign_in(other, make_user(Role.ADMINISTRATOR))
    assert other.get(link).location == "/search?q=zebra"
    for path in ("", "/delete", "/share", "/feed", "/feed/end"):
        method = "get" if not path else "post"
        assert getattr(other, method)(f"{where}{path}").status_code == 404
        assert other.post(f"{where}{path}", data={"name": "x", "alert": "none"}).status_code == 404
    assert "My secret plan" not in other.get("/account/searches").text
    desk.client.post(f"{where}/share", data={"shared": "no"})
    assert other.get(link).status_code == 404
    # With the account the link goes, too.
    desk.client.post(f"{where}/share", data={"shared": "yes"})
    with transaction() as session:
        session.get_one(User, desk.user_id).state = AccountState.SUSPENDED
    assert other.get(link).status_code == 404


def test_the_list_takes_a_fixed_number_of_statements(desk: Desk) -> None:
    def count() -> int:
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert desk.client.get("/account/searches").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    desk.save("q=zebra", name="first", alert="none")
    before = count()
    for number in range(5):
        desk.save("q=zebra", name=f"n{number}", alert="none")
    assert count() == before
