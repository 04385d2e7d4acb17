"""A dialogue names documents of the library, in an order, for those who may read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from policytrack.accounts.models import User
from policytrack.core import clock
from policytrack.core.audit import TrailEntry
from policytrack.core.changes import Change
from policytrack.core.db import transaction
from policytrack.core.permissions import Role
from policytrack.core.redaction import table_of
from policytrack.core.review import State
from policytrack.dialogues.models import Dialogue, DialogueDocument
from policytrack.library.models import LibraryDocument, LibraryRevision
from tests.factories import make_constituent, make_dialogue, make_document, make_member, make_user
from tests.pages.conftest import Count, Read, count_queries, read
from tests.programmes.conftest import carried, fresh

__all__ = ["count_queries", "read"]

SignIn = Callable[[FlaskClient, User], None]


@dataclass
class Scene:
    """Hold a dialogue, and whoever looks at it."""

    here: str
    dialogue: Dialogue
    browse: Callable[[str], FlaskClient]

    @property
    def place(self) -> str:
        """Return where the documents are set."""
        return f"{self.here}/documents"

    def send(
        self, address: str = "", /, *, who: str = "officer", expected: int = 303, **data: Any
    ) -> TestResponse:
        """Send a form of that page with these fields filled in."""
        browser = self.browse(who)
        shown = browser.get(self.place).get_data(as_text=True)
        answer = browser.post(address or self.place, data={**carried(shown), **data})
        assert answer.status_code == expected, answer.get_data(as_text=True)[-3000:]
        return answer

    def link(self, *documents: LibraryDocument) -> None:
        """Have the officer name documents, one after the other."""
        for each in documents:
            self.send(document=each.public_id)

    def named(self) -> list[int]:
        """Return the ids of the documents in their order, as the database has them."""
        rows = select(DialogueDocument.document_id).order_by(DialogueDocument.position)
        return list(fresh().scalars(rows))


@pytest.fixture
def scene(app: Flask, database: Session, sign_in: SignIn) -> Scene:
    made = make_dialogue(labels={"en": "In Doha", "ar": "في الدوحة"})
    users = {
        "officer": make_user(Role.SECRETARIAT),
        "administrator": make_user(Role.ADMINISTRATOR),
        "researcher": make_user(Role.RESEARCHER),
        "focal": make_member(make_constituent()),
        "observer": make_member(make_constituent(group="observers"), Role.OBSERVER),
    }

    def browse(who: str) -> FlaskClient:
        browser = app.test_client()
        if who != "public":
            sign_in(browser, users[who])
        return browser

    return Scene(f"/dialogues/{made.public_id}", made, browse)


def trail() -> list[str]:
    lines = select(TrailEntry.action).where(TrailEntry.kind == "dialogue").order_by(TrailEntry.id)
    return list(fresh().scalars(lines))


def test_the_secretariat_says_which_and_readers_see_what_they_are(scene: Scene, read: Read) -> None:
    paper = make_document(
        type="meeting_document", title="ورقة معلومات", language="ar", issued="2024-05"
    )
    scene.send(document=f"https://example.org/library/{paper.public_id}/text?page=2")
    page = read(scene.here)
    assert f'href="/library/{paper.public_id}"' in page
    for words in ("ورقة معلومات", "Meeting document", "May 2024", "Arabic"):
        assert words in page
    assert "/documents" not in page
    assert "Link documents" in read(scene.here, browser=scene.browse("officer"))
    citing = read(f"/library/{paper.public_id}")
    assert f'href="{scene.here}"' in citing
    assert "In Doha" in citing
    assert trail() == ["dialogue.document_link"]
    logged = select(Change).where(Change.public_id == scene.dialogue.public_id)
    assert len(fresh().scalars(logged).all()) == 1


def test_a_document_is_found_by_its_words_and_linked_without_script(
    scene: Scene, read: Read
) -> None:
    make_document(title="Act on quokkas")
    other = make_document(title="Paper on wombats", type="policy")
    officer = scene.browse("officer")
    page = read(f"{scene.place}?q=wombats", browser=officer)
    assert "Paper on wombats" in page
    assert "Act on quokkas" not in page
    answer = scene.send(f"{scene.place}?q=wombats", document=other.public_id)
    assert answer.location.endswith(f"{scene.place}?q=wombats")
    assert "Linked already" in read(f"{scene.place}?q=wombats", browser=officer)


def test_documents_stand_in_the_order_that_was_set(scene: Scene, read: Read) -> None:
    one, two, three = (make_document(title=f"Paper {n}") for n in ("one", "two", "three"))
    scene.link(one, two, three)
    scene.send(f"{scene.place}/{three.public_id}/earlier")
    scene.send(f"{scene.place}/{one.public_id}/later")
    assert scene.named() == [three.id, one.id, two.id]
    page = read(scene.here)
    places = [page.index(f"Paper {n}") for n in ("three", "one", "two")]
    assert places == sorted(places)
    # Nothing stands before the first.
    before = trail()
    scene.send(f"{scene.place}/{three.public_id}/earlier")
    assert scene.named() == [three.id, one.id, two.id]
    assert trail() == before
    assert before[-2:] == ["dialogue.document_move"] * 2


def test_moving_leaves_what_is_withdrawn_where_it_stands(scene: Scene) -> None:
    one, gone, two = (make_document(title=f"Paper {n}") for n in ("one", "gone", "two"))
    scene.link(one, gone, two)
    with transaction() as session:
        document = session.get_one(LibraryDocument, gone.id)
        document.published_id, document.retracted_at = None, clock.now()
    scene.send(f"{scene.place}/{two.public_id}/earlier")
    assert scene.named() == [two.id, gone.id, one.id]
    scene.send(f"{scene.place}/{gone.public_id}/earlier", expected=404)
    scene.send(f"{scene.place}/{gone.public_id}/remove", expected=404)


def test_readers_see_those_that_they_may_read_and_no_trace_of_others(
    scene: Scene, read: Read
) -> None:
    shared = make_document(title="For constituents", visibility="constituents")
    later = make_document(title="Under embargo", embargo_until=clock.now() + timedelta(days=3))
    gone = make_document(title="Withdrawn paper")
    scene.link(shared, later, gone)
    with transaction() as session:
        document = session.get_one(LibraryDocument, gone.id)
        document.published_id, document.retracted_at = None, clock.now()
        document.retracted_for = "public"
    hidden = {"For constituents": shared, "Under embargo": later, "Withdrawn paper": gone}
    sees = {
        "public": (),
        "researcher": (),
        "observer": (),
        "focal": ("For constituents",),
        "officer": ("For constituents", "Under embargo"),
        "administrator": ("For constituents", "Under embargo"),
    }
    for who, seen in sees.items():
        browser = scene.browse(who)
        page = read(scene.here, browser=browser)
        assert ('id="documents"' in page) is bool(seen), who
        parts = [
            page,
            browser.get(f"{scene.here}/data.json").text,
            browser.get("/dialogues/data.csv").text,
            browser.get("/dialogues/data.json").text,
        ]
        for title, document in hidden.items():
            assert (title in parts[0]) is (title in seen), (who, title)
            for part in parts[1:]:
                assert (document.public_id in part) is (title in seen), (who, title)
    with transaction() as session:
        # Time passes: what was submitted never changes.
        table = table_of(LibraryRevision)
        ended = clock.now() - timedelta(minutes=1)
        session.execute(
            update(table).where(table.c.document_id == later.id).values(embargo_until=ended)
        )
    assert "Under embargo" in read(scene.here)


def test_only_who_keeps_dialogues_sets_them(scene: Scene) -> None:
    paper = make_document()
    scene.link(paper)
    for who in ("public", "researcher", "focal", "observer"):
        browser = scene.browse(who)
        expected = {302, 303, 401, 403}
        assert browser.get(scene.place).status_code in expected, who
        for address in (scene.place, f"{scene.place}/{paper.public_id}/remove"):
            form = carried(browser.get("/sign-in").get_data(as_text=True))
            answer = browser.post(address, data={**form, "document": paper.public_id})
            assert answer.status_code in {*expected, 400}, (who, address)
    assert scene.named() == [paper.id]
    scene.send(f"{scene.place}/{paper.public_id}/remove", who="administrator")
    assert scene.named() == []
    assert trail() == ["dialogue.document_link", "dialogue.document_unlink"]


def test_what_cannot_be_linked_is_refused(scene: Scene) -> None:
    ministry = make_constituent()
    hidden = [
        make_document(ministry, state=State.DRAFT),
        make_document(ministry, state=State.SUBMITTED),
        make_document(state=State.RETRACTED),
    ]
    for address in (*(each.public_id for each in hidden), "bcdfghjkmn"):
        answer = scene.send(expected=422, document=address)
        assert "There is no published document at this address, or none that" in answer.text
    for address in ("", "nonsense", "/library/", "\x00", "x" * 2001, "‮gpj.exe", "../../etc"):
        scene.send(expected=422, document=address)
    paper = make_document()
    scene.link(paper)
    assert (
        "This document is linked already."
        in scene.send(expected=422, document=paper.public_id).text
    )
    assert scene.named() == [paper.id]


def test_a_form_sent_twice_links_once(scene: Scene) -> None:
    paper, officer = make_document(), scene.browse("officer")
    form = carried(officer.get(scene.place).get_data(as_text=True))
    for _ in range(2):
        answer = officer.post(scene.place, data={**form, "document": paper.public_id})
        assert answer.status_code == 303
    assert scene.named() == [paper.id]
    assert trail() == ["dialogue.document_link"]


def test_addresses_that_lead_nowhere(scene: Scene) -> None:
    officer = scene.browse("officer")
    weak = make_dialogue(confidence="low")
    for public_id in ("bcdfghjkmn", "..%2F..", "x" * 300, weak.public_id):
        assert officer.get(f"/dialogues/{public_id}/documents").status_code == 404, public_id
    for query in ("page=-1", "page=abc", "page=99999999999", "type=%00", "q=" + "x" * 5000):
        assert officer.get(f"{scene.place}?{query}").status_code == 200, query
    scene.send(f"{scene.place}/bcdfghjkmn/remove", expected=404)
    scene.send(f"{scene.place}/bcdfghjkmn/later", expected=404)


def test_a_dialogue_that_is_removed_lets_its_documents_go(scene: Scene, read: Read) -> None:
    paper = make_document()
    scene.link(paper)
    with transaction() as session:
        session.delete(session.get_one(Dialogue, scene.dialogue.id))
    assert scene.named() == []
    assert "In Doha" not in read(f"/library/{paper.public_id}")


def test_more_documents_cost_no_more_statements(scene: Scene, count_queries: Count) -> None:
    browsers = {scene.here: scene.browse("public"), scene.place: scene.browse("officer")}
    addresses = [
        *((address, browser) for address, browser in browsers.items()),
        ("/dialogues/data.json", browsers[scene.here]),
        (f"{scene.here}/data.json", browsers[scene.here]),
    ]

    def counts() -> list[int]:
        return [count_queries(lambda a=a, b=b: b.get(a)) for a, b in addresses]

    scene.link(make_document(), make_document())
    counts()
    few = counts()
    scene.link(*(make_document() for _ in range(6)))
    for _ in range(5):
        make_dialogue(corridors=("NP-QA",), countries=("NP",))
    assert counts() == few
