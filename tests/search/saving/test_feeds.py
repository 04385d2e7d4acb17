"""A feed is valid, stays what it was, and shows what is public to who has its address."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from flask.testing import FlaskClient

from policytrack.accounts.models import AccountState, User
from policytrack.core.db import transaction
from policytrack.core.documents import PUBLIC, own
from policytrack.search.saving.models import SavedSearch
from tests.factories import make_constituent, make_member
from tests.search.saving.desk import Desk, SignIn
from tests.search.sources import Shelf

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
