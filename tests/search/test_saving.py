"""A saved search is run again, shared, and tells what is new: once, and only what may be seen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_string, policy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, User
from policytrack.constituents import service as constituents
from policytrack.constituents.models import Membership
from policytrack.core import clock, outbox
from policytrack.core.audit import TrailEntry
from policytrack.core.db import db, transaction
from policytrack.core.documents import PUBLIC, own
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from policytrack.search import generations
from policytrack.search.follower import Follower
from policytrack.search.saving import alerts, feeds, finding, queries, rules, service
from policytrack.search.saving.models import SavedSearch
from policytrack.search.saving.rules import Alert
from tests.factories import NOW, actor_for, make_constituent, make_member, make_user
from tests.search.sources import Shelf

SignIn = Callable[[FlaskClient, User], None]
DAY = timedelta(days=1)


class Desk:
    """Be a person at work with their searches, and the worker beside."""

    def __init__(self, app: Flask, client: FlaskClient, person: User, following: Follower) -> None:
        self.app, self.client, self.person, self.following = app, client, person, following
        self.email, self.user_id = person.email, person.id

    def save(self, search: str, name: str = "Mine", alert: str = "daily") -> SavedSearch:
        self.following.follow()
        given = {"search": search, "name": name, "alert": alert}
        answer = self.client.post("/account/searches", data=given)
        assert answer.status_code == 303, answer.text
        return self.kept(name)

    def kept(self, name: str = "Mine") -> SavedSearch:
        db.session.rollback()
        db.session.expire_all()
        return db.session.scalars(
            select(SavedSearch).where(SavedSearch.name == name, SavedSearch.user_id == self.user_id)
        ).one()

    def due(self) -> None:
        """Let the time come for all mail and feeds."""
        with transaction() as session:
            past = clock.now() - timedelta(minutes=1)
            for due in (SavedSearch.alert_due_at, SavedSearch.feed_due_at):
                session.execute(update(SavedSearch).where(due.is_not(None)).values({due: past}))

    def look(self, *, follow: bool = True) -> None:
        """Let the worker look once at all that is due."""
        if follow:
            self.following.follow()
        self.due()
        while alerts.look():
            pass
        while feeds.look():
            pass

    def send(self) -> list[Any]:
        """Let the worker send what waits; return the mails."""
        path = Path(self.app.instance_path) / "mail.log"
        path.unlink(missing_ok=True)
        handlers = self.app.extensions["outbox_handlers"]
        while outbox.work_one(handlers, clock.now()):
            pass
        failed = db.session.scalars(
            select(OutboxItem.last_error).where(OutboxItem.last_error != "")
        )
        assert failed.all() == []
        if not path.exists():
            return []
        written = path.read_text(encoding="utf-8").split("-" * 72 + "\n")
        return [message_from_string(each, policy=policy.default) for each in written if each]

    def news(self, *, follow: bool = True) -> list[str]:
        """Return the titles that the next mail names."""
        self.look(follow=follow)
        mails = self.send()
        assert len(mails) <= 1
        return sorted(re.findall(r"Zebra \w+", mails[0].get_payload())) if mails else []


@pytest.fixture
def unguarded(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def desk(
    app: Flask, client: FlaskClient, notes: Shelf, following: Follower, sign_in: SignIn,
    unguarded: None,
) -> Desk:  # fmt: skip
    person = make_user(Role.RESEARCHER)
    sign_in(client, person)
    notes.put("old", "Zebra old", "x")
    return Desk(app, client, person, following)


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
    assert changed.alert_due_at > clock.now() + 6 * DAY
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


def test_a_mail_tells_what_is_new_and_tells_it_once(desk: Desk, notes: Shelf) -> None:
    desk.save("q=zebra")
    assert desk.news() == []
    notes.put("one", "Zebra one", "x")
    notes.put("other", "Lion", "x")
    assert desk.news() == ["Zebra one"]
    assert desk.news() == []
    # A new version of it is no news, nor that it went and came back.
    notes.changed("one")
    assert desk.news() == []
    kept = notes.things["one"]
    notes.remove("one")
    assert desk.news() == []
    notes.things["one"] = kept
    notes.changed("one")
    notes.put("two", "Zebra two", "x")
    assert desk.news() == ["Zebra two"]


def test_it_is_written_in_the_person_s_language_with_ways_on_and_out(
    desk: Desk, notes: Shelf
) -> None:
    saved = desk.save("q=zebra")
    notes.put("one", "Zebra one", "x")
    desk.look()
    (mail,) = desk.send()
    assert mail["To"] == desk.email
    assert mail["Content-Language"] == "en"
    body = mail.get_payload()
    assert "/search?q=zebra" in body
    assert f"/account/searches/{saved.public_id}" in body
    stop = re.search(r"https?://\S+/searches/stop/\S+", body)
    assert stop
    assert mail["List-Unsubscribe"] == f"<{stop[0]}>"
    outside = desk.app.test_client()
    path = "/searches/stop/" + stop[0].rpartition("/")[2]
    assert "Get no more mail about it" in outside.get(path).text
    assert desk.kept().alert == "daily"  # looking changes nothing
    assert outside.post(path).status_code == 200
    assert (desk.kept().alert, desk.kept().alert_due_at) == ("none", None)
    for wrong in ("x" * 43, path.rpartition("/")[2][:-2] + "xx", "a.b"):
        assert outside.get(f"/searches/stop/{wrong}").status_code == 404
    with transaction() as session:
        session.get_one(User, desk.user_id).language = "ar"
    desk.client.post(
        f"/account/searches/{saved.public_id}", data={"name": "Mine", "alert": "daily"}
    )
    notes.put("two", "Zebra two", "x")
    desk.look()
    (mail,) = desk.send()
    assert mail["Content-Language"] == "ar"


def test_a_crash_between_changes_nothing_or_is_made_good(
    desk: Desk, notes: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.save("q=zebra")
    notes.put("one", "Zebra one", "x")
    desk.following.follow()
    desk.due()
    # It dies before the commit: nothing is remembered, nothing waits.
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        real = outbox.enqueue

        def dies(*args: Any, **values: Any) -> None:
            real(*args, **values)
            raise KeyboardInterrupt

        patch.setattr(outbox, "enqueue", dies)
        alerts.look()
    assert db.session.scalars(select(OutboxItem)).all() == []
    # It dies after the commit: what waits is sent, and no look adds it once more.
    while alerts.look():
        pass
    desk.due()
    while alerts.look():
        pass
    (mail,) = desk.send()
    assert "Zebra one" in mail.get_payload()
    # It dies after the server took the mail: the second has the same name, so that it is one.
    item = db.session.scalars(select(OutboxItem)).one()
    assert item.key.startswith("search_news:")
    assert desk.news() == []


def test_two_workers_tell_it_once(desk: Desk, notes: Shelf) -> None:
    desk.save("q=zebra")
    notes.put("one", "Zebra one", "x")
    desk.following.follow()
    desk.due()
    now = clock.now()
    seen = queries.due_alert(db.session, now)
    assert seen is not None
    find = finding.published(desk.app, seen.query, actor_for(seen.user))
    db.session.expunge(seen)
    assert alerts.look()
    with transaction() as session:
        service.report(session, seen=seen, find=find, fresh=find.keys, now=now)
    assert len(desk.send()) == 1


def test_what_the_index_learns_late_is_told_late_and_not_lost(desk: Desk, notes: Shelf) -> None:
    desk.save("q=zebra")
    notes.put("one", "Zebra one", "x")
    assert desk.news(follow=False) == []
    assert desk.news(follow=False) == []
    assert desk.news() == ["Zebra one"]
    notes.put("two", "Zebra two", "x")
    desk.following.rebuild()
    assert desk.news() == ["Zebra two"]


def test_without_an_index_nothing_is_told_and_nothing_is_lost(desk: Desk, notes: Shelf) -> None:
    saved = desk.save("q=zebra")
    notes.put("one", "Zebra one", "x")
    with transaction() as session:
        session.execute(update(SavedSearch).values(alert_due_at=clock.now()))
    shutil.rmtree(generations.root(desk.app))
    assert alerts.look() is False
    answer = desk.client.post(
        "/account/searches", data={"search": "q=x", "name": "y", "alert": "daily"}
    )
    assert answer.status_code == 422
    assert "The search index is being rebuilt" in answer.text
    assert desk.client.post(f"/account/searches/{saved.public_id}/feed").status_code == 422
    desk.following.rebuild()
    assert desk.news() == ["Zebra one"]


def test_news_is_what_became_visible_not_what_is_young(
    desk: Desk, notes: Shelf, sign_in: SignIn
) -> None:
    ministry = make_constituent()
    notes.put("shut", "Zebra shut", "x", access=(own(ministry.id),))
    notes.put("draft", "Zebra draft", "x", part="open", access=(PUBLIC,))
    desk.save("q=zebra")
    assert desk.news() == []
    # It is opened to all; a draft is published.
    notes.put("shut", "Zebra shut", "x")
    notes.put("draft", "Zebra draft", "x")
    assert desk.news() == ["Zebra draft", "Zebra shut"]
    # Somebody joins an organisation, and may see what it may see.
    notes.put("inner", "Zebra inner", "x", access=(own(ministry.id),))
    assert desk.news() == []
    with transaction() as session:
        seat = Membership(
            user_id=desk.user_id, constituent_id=ministry.id, role=Role.FOCAL_POINT, since=NOW
        )
        session.add(seat)
    assert desk.news() == ["Zebra inner"]


def test_a_mail_never_holds_what_its_reader_may_not_see_when_it_goes_out(
    desk: Desk, notes: Shelf
) -> None:
    desk.save("q=zebra")
    notes.put("one", "Zebra one", "x")
    notes.put("two", "Zebra two", "x")
    desk.look()
    notes.hidden.add("note:one:published")
    (mail,) = desk.send()
    assert "Zebra one" not in mail.get_payload()
    assert "Zebra two" in mail.get_payload()
    assert mail["Subject"].startswith("1 new result")
    # Where the index is not in step, the database decides; what it hides is told once it shows it.
    notes.hidden = {"note:three:published"}
    notes.put("three", "Zebra three", "x")
    assert desk.news() == []
    notes.hidden = set()
    assert desk.news() == ["Zebra three"]
    notes.put("four", "Zebra four", "x")
    desk.look()
    notes.hidden = {"note:four:published"}
    assert desk.send() == []


def test_lost_rights_and_accounts_out_of_use_get_no_mail(
    desk: Desk, notes: Shelf, sign_in: SignIn
) -> None:
    ministry = make_constituent()
    member = make_member(ministry)
    client = desk.app.test_client()
    sign_in(client, member)
    theirs = Desk(desk.app, client, member, desk.following)
    theirs.save("q=zebra")
    notes.put("inner", "Zebra inner", "x", access=(own(ministry.id),))
    theirs.look()
    with transaction() as session:
        session.execute(update(Membership).values(ended_at=clock.now()))
    assert theirs.send() == []
    # Who has left is told what anybody may read.
    notes.put("one", "Zebra one", "x")
    notes.put("more", "Zebra more", "x", access=(own(ministry.id),))
    assert theirs.news() == ["Zebra one"]
    desk.save("q=zebra")
    notes.put("two", "Zebra two", "x")
    desk.look()

    def put(state: AccountState) -> None:
        with transaction() as session:
            session.get_one(User, desk.user_id).state = state

    with transaction() as session:
        session.execute(delete(SavedSearch).where(SavedSearch.user_id == theirs.user_id))
    put(AccountState.SUSPENDED)
    assert desk.send() == []
    notes.put("three", "Zebra three", "x")
    assert desk.news() == []
    put(AccountState.ACTIVE)
    assert desk.news() == ["Zebra three"]


def test_closing_an_account_takes_its_searches_along(desk: Desk, notes: Shelf) -> None:
    desk.save("q=zebra")
    notes.put("one", "Zebra one", "x")
    desk.look()
    with transaction() as session:
        user = session.get_one(User, desk.user_id)
        constituents.close_account(
            session, actor=actor_for(user), user=user, confirmed=True, now=clock.now()
        )
    assert db.session.scalars(select(SavedSearch)).all() == []
    assert desk.send() == []


def test_what_finds_too_much_is_not_told_of(
    desk: Desk, notes: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_RESULTS", 2)
    saved = desk.save("q=zebra")
    notes.put("one", "Zebra one", "x")
    assert desk.news() == ["Zebra one"]
    notes.put("two", "Zebra two", "x")
    desk.look()
    (mail,) = desk.send()
    assert mail["Subject"].startswith("No more mail about your saved search")
    assert desk.kept().alert == Alert.NONE
    assert desk.news() == []
    answer = desk.client.post(
        f"/account/searches/{saved.public_id}", data={"name": "Mine", "alert": "daily"}
    )
    assert answer.status_code == 422
    assert "This search finds more than 2 results" in answer.text


def test_a_question_that_nothing_answers_whole_waits_for_what_does(
    desk: Desk, notes: Shelf
) -> None:
    desk.save("q=zebra crossing")  # there are zebras, and no crossings
    notes.put("one", "Zebra one", "x")
    assert desk.news() == []
    notes.put("two", "Zebra two", "a crossing")
    assert desk.news() == ["Zebra two"]


def test_times_to_come_keep_their_hour() -> None:
    assert rules.next_due(Alert.DAILY, NOW, NOW) == NOW + DAY
    assert rules.next_due(Alert.DAILY, NOW, NOW + timedelta(hours=30)) == NOW + 2 * DAY
    assert rules.next_due(Alert.WEEKLY, NOW, NOW + 15 * DAY) == NOW + 21 * DAY
    assert rules.next_due(Alert.WEEKLY, NOW, NOW - DAY) == NOW + 7 * DAY


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_RESULTS", 2)
    gone, there, told = (rules.digests(names) for names in (["a", "b"], ["c"], ["d"]))
    assert rules.remembered(gone | there, there, told) == gone | there | told
    assert rules.remembered(gone | there | rules.digests("e"), there, told) == there | told
    assert rules.unpacked(rules.packed(gone)) == gone
    assert rules.unpacked(None) == frozenset()


# The feed

ATOM = "{http://www.w3.org/2005/Atom}"


def feed_of(desk: Desk, saved: SavedSearch) -> str:
    answer = desk.client.post(f"/account/searches/{saved.public_id}/feed")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r"/feeds/\w+/[\w-]+\.atom", answer.text)
    assert found
    return found[0]


def entries(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    root = ElementTree.fromstring(answer.data)
    return [entry.findtext(f"{ATOM}title") or "" for entry in root.findall(f"{ATOM}entry")]


def test_a_feed_is_valid_and_stays_what_it_was(desk: Desk, notes: Shelf) -> None:
    notes.put("odd", "Zebra <b>&\x00\x1f", "a\x0b]]>b", language="ar")
    saved = desk.save("q=zebra", name="Zebras & others", alert="none")
    address = feed_of(desk, saved)
    outside = desk.app.test_client()
    answer = outside.get(address)
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    for required in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{required}")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    links = {each.get("rel"): each.get("href") or "" for each in root.findall(f"{ATOM}link")}
    assert links["self"].endswith(address)
    assert links["alternate"].endswith("/search?q=zebra")
    found = root.findall(f"{ATOM}entry")
    assert len(found) == 2
    ids = [each.findtext(f"{ATOM}id") or "" for each in found]
    assert all(re.fullmatch(r"tag:[^,]+,2026:note/\w+", each) for each in ids)
    moments = [each.findtext(f"{ATOM}updated") or "" for each in found]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", each) for each in moments)
    # What is as it was is not sent again, and a rebuilt index changes nothing.
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert outside.get(address, headers=tag).status_code == 304
    since = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert outside.get(address, headers=since).status_code == 304
    desk.following.rebuild()
    desk.look()
    assert outside.get(address, headers=tag).status_code == 304
    notes.put("new", "Zebra new", "x")
    desk.look()
    later = ElementTree.fromstring(outside.get(address, headers=tag).data)
    assert [each.findtext(f"{ATOM}id") for each in later.findall(f"{ATOM}entry")][1:] == ids
    assert "Zebra new" in entries(outside, address)[0]
    assert (later.findtext(f"{ATOM}updated") or "") >= (root.findtext(f"{ATOM}updated") or "")


def test_a_feed_shows_only_what_is_public(desk: Desk, notes: Shelf, sign_in: SignIn) -> None:
    ministry = make_constituent()
    member = make_member(ministry)
    client = desk.app.test_client()
    sign_in(client, member)
    theirs = Desk(desk.app, client, member, desk.following)
    notes.put("inner", "Zebra inner", "x", access=(own(ministry.id),))
    address = feed_of(theirs, theirs.save("q=zebra", alert="none"))
    assert entries(client, address) == ["Zebra old"]
    notes.put("later", "Zebra later", "x", access=(own(ministry.id),))
    notes.put("open", "Zebra open", "x", part="open", access=(PUBLIC,))
    theirs.look()
    assert entries(client, address) == ["Zebra old"]
    notes.put("inner", "Zebra inner", "x")
    theirs.look()
    assert entries(client, address) == ["Zebra inner", "Zebra old"]
    # What is taken back goes from the feed at once.
    notes.hidden.add("note:inner:published")
    assert entries(client, address) == ["Zebra old"]


def test_its_address_is_secret_and_can_be_renewed(desk: Desk, notes: Shelf) -> None:
    saved = desk.save("q=zebra", alert="none")
    outside = desk.app.test_client()
    assert outside.get(f"/feeds/{saved.public_id}/{'x' * 43}.atom").status_code == 404
    first = feed_of(desk, saved)
    token = first.rpartition("/")[2].removesuffix(".atom")
    kept = desk.kept()
    assert len(token) == 43
    assert token not in str(vars(kept))
    assert token not in desk.client.get(f"/account/searches/{saved.public_id}").text
    for wrong in (token[:-1], token + "A", token.swapcase(), "x" * 43):
        assert outside.get(f"/feeds/{saved.public_id}/{wrong}.atom").status_code == 404
    notes.put("new", "Zebra new", "x")
    desk.look()
    second = feed_of(desk, saved)
    assert outside.get(first).status_code == 404
    assert entries(outside, second) == ["Zebra new", "Zebra old"]  # it goes on where it was
    with transaction() as session:
        session.get_one(User, desk.user_id).state = AccountState.SUSPENDED
    assert outside.get(second).status_code == 404
    with transaction() as session:
        session.get_one(User, desk.user_id).state = AccountState.ACTIVE
    desk.client.post(f"/account/searches/{saved.public_id}/feed/end")
    assert outside.get(second).status_code == 404


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


def test_where_nothing_is_saved_there_is_nothing_to_do(database: Session) -> None:
    assert alerts.look() is False
    assert feeds.look() is False
