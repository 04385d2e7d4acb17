"""Mail tells what is new to a search: once, and only what its reader may see."""

from __future__ import annotations

import re
import shutil
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, User
from policytrack.constituents import service as constituents
from policytrack.constituents.models import Membership
from policytrack.core import clock, outbox
from policytrack.core.db import db, transaction
from policytrack.core.documents import PUBLIC, own
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from policytrack.search.index import generations
from policytrack.search.saving import alerts, feeds, finding, queries, rules, service
from policytrack.search.saving.models import SavedSearch
from policytrack.search.saving.rules import Alert
from tests.factories import NOW, actor_for, make_constituent, make_member
from tests.search.saving.desk import Desk, SignIn
from tests.search.sources import Shelf


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


def test_where_nothing_is_saved_there_is_nothing_to_do(database: Session) -> None:
    assert alerts.look() is False
    assert feeds.look() is False
