"""Notes are submitted, decided on and listed by those whose task it is."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest

from policytrack.core.review import State
from policytrack.progress import service
from policytrack.progress.rules import WORK_LIST
from tests.factories import NOW, make_commitment, make_constituent, make_note
from tests.progress.scene import FORM, As, Scene, send, token


def test_the_secretariat_takes_up_returns_and_publishes(scene: Scene, as_: As) -> None:
    public_id = scene.published()
    scene.do(service.revise, public_id, scene.focal)
    revision = scene.note(public_id).open
    assert revision is not None
    focal, officer, public = as_("focal"), as_("officer"), as_("public")
    address = f"/notes/{public_id}"
    answer = send(
        focal,
        f"{address}/edit",
        {**FORM, "version": revision.stamp, "done": "The fee ban covers every recruitment."}
        | {"people_protected": "y", "do": "submit"},
    )
    assert answer.status_code == 303

    queue = officer.get("/review").get_data(as_text=True)
    assert address in queue
    assert "Revises a published note" in queue
    assert send(officer, f"{address}/take_up", {}, page=address).status_code == 303
    page = officer.get(address).get_data(as_text=True)
    assert "What changed since the published version" in page
    assert re.search(r"<ins>.*?covers every", page, re.S)
    assert re.search(r"<del>.*?household", page, re.S)
    answer = send(
        officer,
        f"{address}/return",
        {"reason": "Since when?", "internal_comment": "Ask twice."},
        page=address,
    )
    assert answer.status_code == 303
    page = focal.get(address).get_data(as_text=True)
    assert "Since when?" in page
    assert "Ask twice." not in page
    assert "Ask twice." in officer.get(address).get_data(as_text=True)

    revision = scene.note(public_id).open
    assert revision is not None
    answer = send(
        focal,
        f"{address}/edit",
        {**FORM, "version": revision.stamp, "done": "Since 1 May the ban covers every case."}
        | {"people_protected": "y", "do": "submit"},
    )
    assert answer.status_code == 303
    send(officer, f"{address}/take_up", {}, page=address)
    assert "Since 1 May" not in public.get(address).get_data(as_text=True)
    assert send(officer, f"{address}/publish", {}, page=address).status_code == 303
    assert "Since 1 May" in public.get(address).get_data(as_text=True)


@pytest.mark.parametrize(
    ("who", "action", "code"),
    [
        ("contributor", "submit", 403),
        ("contributor", "publish", 403),
        ("focal", "publish", 403),
        ("focal", "take_up", 403),
        ("focal", "retract", 403),
        ("officer", "submit", 404),
        ("researcher", "publish", 404),
    ],
)
def test_who_sees_a_draft_but_may_not_act_is_told_so(
    scene: Scene, as_: As, who: str, action: str, code: int
) -> None:
    public_id = scene.start()
    browser = as_(who)
    data = {"csrf_token": token(browser, "/about"), "people_protected": "y", "reason": "x"}
    assert browser.post(f"/notes/{public_id}/{action}", data=data).status_code == code


@pytest.mark.parametrize("who", ["researcher", "outsider"])
def test_who_reads_a_published_note_may_not_act_on_it(scene: Scene, as_: As, who: str) -> None:
    public_id = scene.published()
    browser = as_(who)
    data = {"csrf_token": token(browser, "/about"), "reason": "x"}
    for action in ("retract", "revise"):
        assert browser.post(f"/notes/{public_id}/{action}", data=data).status_code == 403
    assert browser.get(f"/notes/{public_id}/clearance").status_code == 403
    assert browser.get(f"/notes/{public_id}/translations").status_code == 403


def test_taking_up_what_another_officer_has_answers_409(scene: Scene, as_: As) -> None:
    public_id = scene.in_review()
    second = as_("second")
    given = {"csrf_token": token(second, "/about")}
    assert second.post(f"/notes/{public_id}/take_up", data=given).status_code == 409


def test_a_return_without_a_reason_keeps_the_comment(scene: Scene, as_: As) -> None:
    public_id = scene.in_review()
    officer = as_("officer")
    answer = send(
        officer,
        f"/notes/{public_id}/return",
        {"reason": "", "internal_comment": "Call them."},
        page=f"/notes/{public_id}",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Give the reason." in page
    assert "Call them." in page


# The queue


def test_the_queue_is_the_secretariats(scene: Scene, as_: As) -> None:
    scene.submitted()
    assert as_("officer").get("/review").status_code == 200
    for who in ("focal", "researcher", "administrator"):
        assert as_(who).get("/review").status_code == 403
        assert as_(who).get("/review/data.csv").status_code == 403
    for address in ("/review", "/review/data.csv"):
        assert as_("public").get(address).status_code in {302, 303, 401}


def test_the_whole_queue_is_taken_along_as_it_is_narrowed(scene: Scene, as_: As) -> None:
    for number in range(WORK_LIST + 3):
        body = make_constituent(group="workers" if number % 2 else "employers")
        commitment = make_commitment(body, title=f"=Promise {number:02}")
        make_note(
            commitment, body, scene.round, state=State.SUBMITTED, done="What it says stays here.",
            submitted_at=NOW - timedelta(days=99 - number),
        )  # fmt: skip
    make_note(make_commitment(scene.ministry), scene.ministry, scene.round, state=State.DRAFT)
    officer = as_("officer")
    page = unescape(officer.get("/review?group=workers&page=1").get_data(as_text=True))
    for kind in ("csv", "json", "xlsx"):
        assert f'href="/review/data.{kind}?group=workers"' in page
    found = json.loads(officer.get("/review/data.json").data)
    subjects = [row["subject"] for row in found["progress_notes"]]
    assert subjects == [f"=Promise {number:02}" for number in range(WORK_LIST + 3)]
    answer = officer.get("/review/data.csv?group=workers")
    text = answer.data.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["state"] == "submitted"]
    assert {row["group"] for row in rows} == {"workers"}
    assert len(rows) == (WORK_LIST + 3) // 2
    assert rows[0]["subject"] == "'=Promise 01"
    assert officer.get(rows[0]["address"].partition("localhost")[2]).status_code == 200
    assert "What it says" not in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert officer.get("/review/data.xlsx").data[:2] == b"PK"


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=abc", "page=99999999999", "page=1&page=2", "state=x&group=%00", "mine=maybe"],
)
def test_the_queue_survives_any_address(scene: Scene, as_: As, query: str) -> None:
    scene.submitted()
    assert as_("officer").get(f"/review?{query}").status_code == 200
