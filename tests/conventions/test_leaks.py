"""What is not published leaves no trace: every page and every answer is as it was before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from policytrack.accounts.models import User
from policytrack.commitments import queries as commitments
from policytrack.commitments import service as texts
from policytrack.commitments.rules import TextState
from policytrack.core.db import transaction
from policytrack.core.permissions import Role
from policytrack.core.review import State
from policytrack.progress import service
from policytrack.search.index.follower import Follower
from tests.factories import make_commitment, make_constituent, make_member, make_note
from tests.progress.scene import Scene, content, set_scene

SECRET = "Zanzibar"
WHO = ("public", "researcher", "observer", "outsider", "neighbour", "administrator", "officer")
ON_BOTH_DATABASES = ("public", "neighbour")
NOTE_ACTS = ("submit", "discard", "withdraw", "take_up", "return", "publish", "revise", "retract")
TEXT_ACTS = ("propose", "withdraw", "discard", "accept", "decline", "letter")
COMMON_ACTS = ("edit", "translations", "bogus")


@pytest.fixture
def unguarded(app: Flask) -> Iterator[None]:
    """Let the test post without fetching a token first."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def scene(database: Session) -> Scene:
    made = set_scene()
    made.users["neighbour"] = make_member(make_constituent())
    made.users["observer"] = make_member(make_constituent(group="observers"), Role.OBSERVER)
    return made


SignIn = Callable[[FlaskClient, User], None]


def seen(answer: TestResponse) -> tuple[int, dict[str, str], list[str]]:
    """Return all that an answer tells, but for what differs at every request."""
    page = re.sub(r'value="[A-Za-z0-9_=-]{40,}"|dir="ltr">[a-z0-9]{10}<', "", answer.text)
    told = {
        name: answer.headers[name]
        for name in ("Location", "ETag", "Last-Modified", "Cache-Control", "Retry-After", "Allow")
        if name in answer.headers
    }
    return answer.status_code, told, page.splitlines()


def walk(browser: FlaskClient, scene: Scene, note: str) -> dict[str, Any]:
    """Return what every page says that could speak of a commitment and its notes."""
    code = scene.commitment.address
    pages = [
        "/",
        "/review",
        "/places",
        "/countries/NP",
        "/countries/QA",
        "/corridors/NP-QA",
        "/commitments",
        "/commitments?q=Zanzibar",
        "/search?q=Zanzibar",
        "/search?q=fee",
        "/search?q=Zanzibra",
        "/search?q=fee&country=QA&year=1999",
        "/search/suggestions?q=zanz",
        "/search/suggestions?q=fe",
        "/browse",
        "/themes",
        "/themes/A1.1",
        "/frameworks/BALI",
        "/frameworks/BALI/B1",
        "/sectors",
        f"/constituents/{scene.ministry.public_id}",
        f"/notes/new?commitment={code}",
        f"/commitments/{code}",
        f"/commitments/{code}/compare",
        f"/commitments/{code}/compare?new=2",
        f"/commitments/{code}/letter/2",
        f"/notes/{note}",
        f"/notes/{note}?part=done&language=ar",
        *(f"/notes/{note}/{what}" for what in ("edit", "compare", "clearance", "translations")),
    ]
    return {page: seen(browser.get(page)) for page in pages}


def act(browser: FlaskClient, scene: Scene, note: str) -> dict[str, Any]:
    """Return what every step is answered with: none of them is this person's to take."""
    code = scene.commitment.address
    steps = [f"/notes/{note}/{step}" for step in (*NOTE_ACTS, *COMMON_ACTS)]
    steps += [f"/commitments/{code}/{step}" for step in (*TEXT_ACTS, *COMMON_ACTS)]
    given = {"people_protected": "y", "number": "2", "version": "1"}
    return {f"POST {step}": seen(browser.post(step, data=given)) for step in steps}


@pytest.mark.parametrize("who", WHO)
def test_what_is_under_way_changes_no_page_and_no_answer(
    app: Flask, scene: Scene, sign_in: SignIn, unguarded: None, database_kind: str, who: str
) -> None:
    if database_kind != "sqlite" and who not in ON_BOTH_DATABASES:
        pytest.skip("what differs by database shows with the others")
    note = scene.published()
    employers = make_constituent(group="employers", country_iso2="QA")
    Follower(app).rebuild()
    browser = app.test_client()
    if who != "public":
        sign_in(browser, scene.users[who])

    def all_told() -> dict[str, Any]:
        told = walk(browser, scene, note)
        if who == "administrator":
            # Theirs is the trail, whose last lines stand on their home page: acts, never texts.
            assert SECRET not in str(told.pop("/"))
        # An officer may take some of these steps, and is told that a text is being prepared.
        return told if who == "officer" else told | act(browser, scene, note)

    before = all_told()
    scene.do(service.revise, note, scene.focal)
    revision = scene.note(note).open
    assert revision is not None
    scene.do(
        service.save,
        note,
        scene.focal,
        content=content(texts={"done": SECRET}),
        seen=revision.stamp,
    )
    with transaction() as session:
        commitment = commitments.get(session, scene.focal, scene.commitment.address)
        texts.start_revision(
            session,
            actor=scene.focal,
            commitment=commitment,
            command=texts.TextCommand(
                language="en",
                title=SECRET,
                text=f"{SECRET} fee",
                gender_marker=1,
                provisions=("BALI:B1",),
                themes=("A1.1",),
                plan=texts.plan_of(commitment),
            ),
            now=scene.now,
        )
    make_note(scene.commitment, employers, scene.round, state=State.DRAFT, done=f"{SECRET} fee")
    make_commitment(scene.ministry, state=TextState.DRAFT, title=SECRET, text=f"{SECRET} fee")
    Follower(app).rebuild()
    after = all_told()
    assert {page: after[page] for page in after if after[page] != before[page]} == {}


def test_numbers_of_versions_leave_no_gap_where_a_text_was_returned(
    app: Flask, scene: Scene, sign_in: SignIn
) -> None:
    """Whoever reads versions 1 and 3 would know of the one that the secretariat sent back."""
    note = scene.published()
    scene.do(service.revise, note, scene.focal)
    for verdict in (service.return_, service.publish):
        scene.do(service.submit, note, scene.focal, people_protected=True)
        scene.do(service.take_up, note, scene.officer)
        reason = {"reason": SECRET, "language": "en"} if verdict is service.return_ else {}
        scene.do(verdict, note, scene.officer, **reason)
        revision = scene.note(note).open
        if revision is not None:
            scene.do(service.save, note, scene.focal, content=content(), seen=revision.stamp)
    pages = [f"/notes/{note}", f"/notes/{note}/compare"]
    outside = [app.test_client().get(page).text for page in pages]
    browser = app.test_client()
    sign_in(browser, scene.users["focal"])
    inside = [browser.get(page).text for page in pages]
    assert "Version 2" in outside[0]
    assert "Version 3" not in outside[0]
    assert "From version 1 to version 2" in outside[1]
    assert ">3: " not in outside[1]
    assert "Version 3" in inside[0]
    assert ">3: " in inside[1]
