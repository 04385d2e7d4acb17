"""Pages of notes do what people come for, and show nobody what they may not see."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from policytrack.accounts.models import User
from policytrack.core.db import session as current_session
from policytrack.core.ids import new_id
from policytrack.core.permissions import Role
from policytrack.core.review import State
from policytrack.progress import service
from policytrack.progress.content import Link
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.rules import WORK_LIST
from tests.factories import (
    NOW,
    make_commitment,
    make_constituent,
    make_member,
    make_note,
    make_user,
)
from tests.progress.scene import TEXTS, Scene

SignIn = Callable[[FlaskClient, User], None]


@pytest.fixture
def as_(app: Flask, scene: Scene, sign_in: SignIn) -> Callable[[str], FlaskClient]:
    """Return a maker of browsers in which a person of the scene is signed in."""

    def browse(who: str) -> FlaskClient:
        browser = app.test_client()
        if who != "public":
            sign_in(browser, scene.users[who])
        return browser

    return browse


As = Callable[[str], FlaskClient]


def token(browser: FlaskClient, address: str) -> str:
    page = browser.get(address).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return unescape(found[1])


def values_of(page: str, name: str) -> list[str]:
    return [unescape(each) for each in re.findall(rf'name="{name}"[^>]*? value="([^"]*)"', page)]


def send(browser: FlaskClient, address: str, data: dict[str, Any], page: str = "") -> TestResponse:
    given = {"csrf_token": token(browser, page or address), **data}
    return browser.post(address, data=given, content_type="multipart/form-data")


def new_address(scene: Scene) -> str:
    return f"/notes/new?commitment={scene.commitment.address}"


FORM = {
    "version": "new",
    "language": "en",
    "claimed_status": "substantial",
    **TEXTS,
}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
    b"0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n167\n%%EOF\n"
)


def upload(name: str = "decree.pdf", data: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


# The main job


def test_a_delegate_writes_saves_prints_and_submits(scene: Scene, as_: As) -> None:
    contributor, focal = as_("contributor"), as_("focal")
    reading = f"reading_{scene.indicator().public_id}"
    answer = send(
        contributor,
        new_address(scene),
        {
            **FORM,
            f"{reading}-on": "2026-09-30",
            f"{reading}-women": "९०२",
            f"{reading}-men": "٢٧٨",
            f"{reading}-not_stated": "0",
            "links-0-title": "Gazette",
            "links-0-url": "https://example.org/gazette",
            "files": upload(),
            "do": "save",
        },
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    address = answer.headers["Location"]
    page = contributor.get(address).get_data(as_text=True)
    assert "The draft is saved." in page
    assert "902" in page
    assert "1,180" in page
    assert "decree.pdf" in page
    sheet = contributor.get(f"{address}/clearance").get_data(as_text=True)
    for text in (*TEXTS.values(), "decree.pdf", "Approved for submission by", "902"):
        assert text in sheet
    assert f'action="{address}/submit"' not in page, "a contributor does not submit"

    page = focal.get(address).get_data(as_text=True)
    stamp = next(each for each in values_of(page, "version") if each)
    answer = send(
        focal, f"{address}/submit", {"version": stamp, "people_protected": "y"}, page=address
    )
    assert answer.status_code == 303
    assert "Submitted" in focal.get(address).get_data(as_text=True)


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


# Who sees what

STRANGERS = ("public", "researcher", "outsider")
OFFICE = ("officer", "administrator")


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED])
def test_a_note_under_way_does_not_exist_for_strangers(scene: Scene, as_: As, state: State) -> None:
    public_id = scene.in_state(state)
    missing = new_id()
    for who in STRANGERS:
        browser = as_(who)
        for tail in ("", "/compare", "/clearance", "/edit", "/translations"):
            answer = browser.get(f"/notes/{public_id}{tail}")
            nobody = browser.get(f"/notes/{missing}{tail}")
            assert answer.status_code == nobody.status_code, (who, tail)
            assert answer.status_code in {404, 401, 302, 303}
            assert "household" not in answer.get_data(as_text=True)
        given = {"csrf_token": token(browser, "/about"), "reason": "x"}
        for action in ("publish", "withdraw", "take_up", "discard", "submit", "nonsense"):
            answer = browser.post(f"/notes/{public_id}/{action}", data=given)
            nobody = browser.post(f"/notes/{missing}/{action}", data=given)
            assert answer.status_code == nobody.status_code, (who, action)
            assert answer.status_code in {404, 401, 302, 303}
    expected = 404 if state is State.DRAFT else 200
    for who in OFFICE:
        assert as_(who).get(f"/notes/{public_id}").status_code == expected
    for who in ("focal", "contributor"):
        assert as_(who).get(f"/notes/{public_id}").status_code == 200


def test_an_open_revision_leaves_no_trace_on_the_published_page(scene: Scene, as_: As) -> None:
    public_id = scene.published()
    before = {who: bare(as_(who).get(f"/notes/{public_id}")) for who in STRANGERS}
    scene.do(service.revise, public_id, scene.focal)
    revision = scene.note(public_id).open
    assert revision is not None
    for who in STRANGERS:
        browser = as_(who)
        assert bare(browser.get(f"/notes/{public_id}")) == before[who]
        chosen = browser.get(f"/notes/{public_id}?revision={revision.public_id}")
        assert bare(chosen) == before[who]
        compared = browser.get(f"/notes/{public_id}/compare?to={revision.public_id}")
        assert compared.status_code == 404


def bare(answer: TestResponse) -> str:
    """Return a page without what is different each time: tokens and request ids."""
    text = answer.get_data(as_text=True).split("<main")[1].split("</main>")[0]
    text = re.sub(r'(name="(csrf_token|form_key)" value=)"[^"]*"', r"\1", text)
    return re.sub(r'name="form_key" type="hidden" value="[^"]*"', "", text)


def test_the_returned_text_stays_in_the_office_when_a_new_draft_is_written(
    scene: Scene, as_: As
) -> None:
    public_id = scene.returned()
    revision = scene.note(public_id).open
    assert revision is not None
    focal = as_("focal")
    answer = send(
        focal,
        f"/notes/{public_id}/edit",
        {**FORM, "version": revision.stamp, "done": "A secret second thought.", "do": "save"},
    )
    assert answer.status_code == 303
    page = as_("officer").get(f"/notes/{public_id}").get_data(as_text=True)
    assert "household" in page
    assert "Only the organisation and the secretariat see this text." in page
    assert "secret second thought" not in page


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


def test_small_counts_are_hidden_from_all_but_the_organisation_and_the_office(
    scene: Scene, as_: As
) -> None:
    public_id = scene.published(readings=(scene.reading(3, 278),))
    for who in STRANGERS:
        page = as_(who).get(f"/notes/{public_id}").get_data(as_text=True)
        assert "fewer than 5" in page
        # What is in tags, and the note's own address, is random.
        assert not re.search(r"\b281\b", re.sub(r"<[^>]+>", " ", page.replace(public_id, "")))
        assert ">3<" not in page
    for who in ("focal", *OFFICE):
        page = as_(who).get(f"/notes/{public_id}").get_data(as_text=True)
        assert "281" in page


def test_evidence_is_as_hidden_as_its_revision(scene: Scene, as_: As) -> None:
    contributor = as_("contributor")
    answer = send(contributor, new_address(scene), {**FORM, "files": upload(), "do": "save"})
    page = contributor.get(answer.headers["Location"]).get_data(as_text=True)
    found = re.search(r'href="(/evidence/\w+)"', page)
    assert found
    address = found[1]
    answer = contributor.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    for who in (*STRANGERS, *OFFICE):
        assert as_(who).get(address).status_code == 404
    current_session().rollback()
    note = current_session().scalars(select(Note)).one()
    scene.do(service.submit, note.public_id, scene.focal, people_protected=True)
    assert as_("officer").get(address).status_code == 200
    scene.do(service.take_up, note.public_id, scene.officer)
    scene.do(service.publish, note.public_id, scene.officer)
    answer = as_("public").get(address)
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]
    scene.do(service.retract, note.public_id, scene.officer, reason="Names.", language="en")
    assert as_("public").get(address).status_code == 404


def test_a_link_is_no_file(scene: Scene, as_: As) -> None:
    public_id = scene.published(links=(Link("Gazette", "https://example.org/gazette"),))
    evidence = scene.note(public_id).published.evidence[0]  # type: ignore[union-attr]  # published
    assert as_("public").get(f"/evidence/{evidence.public_id}").status_code == 404


def test_a_tombstone_says_when_and_why(scene: Scene, as_: As) -> None:
    public_id = scene.published()
    scene.do(service.retract, public_id, scene.officer, reason="It names a person.", language="en")
    answer = as_("public").get(f"/notes/{public_id}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "It names a person." in page
    assert "household" not in page


# Bad input


@pytest.mark.parametrize("bad", ["zzzzzzzzzz", "x", "1", "%00", "a" * 300, "k3v9qmt2a!"])
def test_wrong_ids_answer_404(scene: Scene, as_: As, bad: str) -> None:
    for who in ("public", "officer"):
        browser = as_(who)
        for tail in ("", "/compare"):
            assert browser.get(f"/notes/{bad}{tail}").status_code == 404
        assert browser.get(f"/evidence/{bad}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=abc", "page=99999999999", "page=1&page=2", "state=x&group=%00", "mine=maybe"],
)
def test_the_queue_survives_any_address(scene: Scene, as_: As, query: str) -> None:
    scene.submitted()
    assert as_("officer").get(f"/review?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "commitment=", "commitment=%00", "commitment=NOPE", "theme=A1", "country=XX&theme=A1.1",
     "corridor=%00&theme=A1.1", "theme=A1.1", "commitment=" + "A" * 3000],
)  # fmt: skip
def test_a_note_on_nothing_is_not_found(scene: Scene, as_: As, query: str) -> None:
    for who in ("focal", "officer"):
        assert as_(who).get(f"/notes/new?{query}").status_code == 404


def test_a_note_can_be_written_on_a_place_under_a_theme(scene: Scene, as_: As) -> None:
    focal = as_("focal")
    for query in ("country=NP&theme=A1.1", "corridor=NP-QA&theme=A1.1"):
        answer = send(focal, f"/notes/new?{query}", {**FORM, "do": "save"})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert focal.get(answer.headers["Location"]).status_code == 200
    assert focal.get("/notes/new?country=QA&theme=A1.1").status_code == 403


def test_nobody_unconcerned_writes(scene: Scene, as_: As) -> None:
    elsewhere = make_commitment(make_constituent(country_iso2="PH"), countries=("PH",))
    assert as_("focal").get(f"/notes/new?commitment={elsewhere.address}").status_code == 403
    assert as_("researcher").get(new_address(scene)).status_code == 403


def test_an_officer_chooses_whose_note_to_write(scene: Scene, as_: As) -> None:
    officer = as_("officer")
    page = officer.get(new_address(scene)).get_data(as_text=True)
    assert "For which organisation?" in page
    address = f"{new_address(scene)}&constituent={scene.ministry.public_id}"
    answer = send(officer, address, {**FORM, "do": "save"})
    assert answer.status_code == 303
    assert "on behalf" in officer.get(answer.headers["Location"]).get_data(as_text=True).lower()


HOSTILE = "<script>alert(1)</script>\u202egnp.exe\x00 'نص' \"q\" {{7*7}} \U0001f469\u200d\U0001f527"


def test_hostile_text_comes_back_as_text(scene: Scene, as_: As) -> None:
    focal = as_("focal")
    answer = send(
        focal,
        new_address(scene),
        {
            **FORM,
            **dict.fromkeys(TEXTS, HOSTILE),
            "links-0-title": HOSTILE,
            "links-0-url": "https://example.org/?a=1&b=2",
            "do": "save",
        },
    )
    assert answer.status_code == 303
    address = answer.headers["Location"]
    for tail in ("", "/edit", "/clearance"):
        page = focal.get(address + tail).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "\u202e" not in page
        assert "{{7*7}}" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("done", "x" * 20_001),
        ("language", "tlh"),
        ("claimed_status", "splendid"),
        ("links-0-url", "javascript:alert(1)"),
        ("links-0-url", "https://example.org/" + "x" * 2000),
        ("links-0-title", "A title without an address"),
        ("version", "x" * 5000),
    ],
)
def test_what_cannot_stand_is_said_and_nothing_is_lost(
    scene: Scene, as_: As, field: str, value: str
) -> None:
    focal = as_("focal")
    answer = send(focal, new_address(scene), {**FORM, "do": "save", field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "error-summary" in page
    for part, text in TEXTS.items():
        if part != field:
            assert text in page
    current_session().rollback()
    assert current_session().scalar(select(Note.id)) is None


@pytest.mark.parametrize(
    ("numbers", "on"),
    [
        ({"women": "many"}, "2026-09-30"),
        ({"women": "-3"}, "2026-09-30"),
        ({"women": "1e9"}, "2026-09-30"),
        ({"women": "9" * 30}, "2026-09-30"),
        ({"women": "1.5"}, "2026-09-30"),
        ({"women": "1", "men": "1", "not_stated": "0", "total": "9"}, "2026-09-30"),
        ({"women": "10"}, ""),
        ({"women": "10"}, "1066-10-14"),
        ({"women": "10"}, "9999-12-31"),
        ({"women": "10"}, "2026-02-30"),
        ({"women": "10"}, "yesterday"),
    ],
)
def test_readings_are_checked(scene: Scene, as_: As, numbers: dict[str, str], on: str) -> None:
    focal = as_("focal")
    name = f"reading_{scene.indicator().public_id}"
    given = {f"{name}-{key}": value for key, value in {**numbers, "on": on}.items()}
    answer = send(focal, new_address(scene), {**FORM, **given, "do": "save"})
    assert answer.status_code == 422
    assert TEXTS["done"] in answer.get_data(as_text=True)


def test_submitting_an_unfinished_note_says_what_is_missing(scene: Scene, as_: As) -> None:
    focal = as_("focal")
    answer = send(focal, new_address(scene), {"version": "new", "language": "en", "do": "submit"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for sentence in ("Say what was done.", "Choose how far", "Confirm that nobody"):
        assert sentence in page


def test_a_refused_file_costs_neither_the_text_nor_the_other_file(scene: Scene, as_: As) -> None:
    focal = as_("focal")
    answer = send(
        focal,
        new_address(scene),
        {**FORM, "files": [upload(), upload("virus.pdf", b"MZ\x90\x00")], "do": "save"},
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "virus.pdf" in page
    assert TEXTS["obstacles"] in page
    (waiting,) = values_of(page, "staged")
    answer = send(focal, new_address(scene), {**FORM, "staged": waiting, "do": "save"})
    assert answer.status_code == 303
    assert "decree.pdf" in focal.get(answer.headers["Location"]).get_data(as_text=True)


def test_nobody_attaches_a_file_that_waits_for_somebody_else(scene: Scene, as_: As) -> None:
    focal, contributor = as_("focal"), as_("contributor")
    answer = send(
        focal, new_address(scene), {**FORM, "files": upload(), "done": "x" * 20_001, "do": "save"}
    )
    (waiting,) = values_of(answer.get_data(as_text=True), "staged")
    answer = send(contributor, new_address(scene), {**FORM, "staged": waiting, "do": "save"})
    assert answer.status_code == 422
    assert "decree.pdf" not in answer.get_data(as_text=True)


def test_evidence_is_removed_where_it_was_asked_for(scene: Scene, as_: As) -> None:
    focal = as_("focal")
    answer = send(focal, new_address(scene), {**FORM, "files": upload(), "do": "save"})
    address = answer.headers["Location"]
    page = focal.get(f"{address}/edit").get_data(as_text=True)
    (evidence,) = values_of(page, "removed")
    (version,) = values_of(page, "version")
    answer = send(
        focal, f"{address}/edit", {**FORM, "version": version, "removed": evidence, "do": "save"}
    )
    assert answer.status_code == 303
    assert "decree.pdf" not in focal.get(address).get_data(as_text=True)


# Two at once


def test_a_stale_form_gets_the_newer_text_beside_its_own(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    focal, contributor = as_("focal"), as_("contributor")
    address = f"/notes/{public_id}/edit"
    (version,) = values_of(focal.get(address).get_data(as_text=True), "version")
    newer = {**FORM, "version": version, "done": "What the contributor wrote.", "do": "save"}
    assert send(contributor, address, newer).status_code == 303
    mine = {**FORM, "version": version, "done": "What the focal point wrote.", "do": "save"}
    answer = send(focal, address, mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "What the contributor wrote." in page
    assert "What the focal point wrote." in page
    (fresh,) = values_of(page, "version")
    assert send(focal, address, {**mine, "version": fresh}).status_code == 303
    assert scene.note(public_id).open.done == "What the focal point wrote."  # type: ignore[union-attr]  # a draft


def test_a_form_of_a_note_that_moved_on_loses_nothing(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    address = f"/notes/{public_id}/edit"
    contributor = as_("contributor")
    page = contributor.get(address).get_data(as_text=True)
    (version,) = values_of(page, "version")
    given = {"csrf_token": values_of(page, "csrf_token")[0], **FORM, "version": version}
    scene.do(service.submit, public_id, scene.focal, people_protected=True)
    answer = contributor.post(address, data={**given, "done": "Typed meanwhile.", "do": "save"})
    assert answer.status_code == 409
    assert "Typed meanwhile." in answer.get_data(as_text=True)


def test_two_tabs_begin_one_note(scene: Scene, as_: As) -> None:
    focal, contributor = as_("focal"), as_("contributor")
    first, second = token(focal, new_address(scene)), token(contributor, new_address(scene))
    answer = focal.post(new_address(scene), data={**FORM, "csrf_token": first, "do": "save"})
    assert answer.status_code == 303
    answer = contributor.post(
        new_address(scene),
        data={**FORM, "csrf_token": second, "done": "The other tab.", "do": "save"},
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert TEXTS["done"] in page
    assert "The other tab." in page
    found = contributor.get(new_address(scene))
    assert found.status_code == 303, "whoever comes later is led to the note"


def test_a_double_submit_acts_once(scene: Scene, as_: As) -> None:
    focal = as_("focal")
    page = focal.get(new_address(scene)).get_data(as_text=True)
    given = {
        **FORM,
        "csrf_token": values_of(page, "csrf_token")[0],
        "form_key": values_of(page, "form_key")[0],
        "people_protected": "y",
        "do": "submit",
    }
    answers = [focal.post(new_address(scene), data=given) for _ in range(2)]
    assert {each.status_code for each in answers} == {303}
    assert len({each.headers["Location"] for each in answers}) == 1
    current_session().rollback()
    assert len(current_session().scalars(select(NoteRevision)).all()) == 1


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


# Languages and weight


def test_a_reader_gets_the_translation_and_the_way_to_the_original(scene: Scene, as_: As) -> None:
    public_id = scene.published()
    command = service.TranslationCommand("ar", "official", {part: f"نص {part}" for part in TEXTS})
    scene.do(service.translate, public_id, scene.focal, command=command)
    browser = as_("public")
    page = browser.get(f"/notes/{public_id}", headers={"Accept-Language": "ar"}).get_data(
        as_text=True
    )
    assert "نص done" in page
    assert "household" not in page
    original = browser.get(
        f"/notes/{public_id}?language=en", headers={"Accept-Language": "ar"}
    ).get_data(as_text=True)
    assert "household" in original


def test_a_translation_is_added_by_its_form(scene: Scene, as_: As) -> None:
    public_id = scene.published()
    focal = as_("focal")
    address = f"/notes/{public_id}/translations"
    given = {"language": "ar", "kind": "official", **dict.fromkeys(TEXTS, "نص")}
    assert send(focal, address, {**given, "done": ""}).status_code == 422
    assert send(focal, address, given).status_code == 303
    assert send(as_("contributor"), address, given).status_code == 422, "official is not theirs"


def test_a_long_note_stays_light(scene: Scene, as_: As) -> None:
    burmese = "ရွှေ့ပြောင်းအလုပ်သမား " * 900
    texts = dict.fromkeys(TEXTS, burmese[:19000])
    public_id = scene.published(texts=texts)
    browser = as_("public")
    page = browser.get(f"/notes/{public_id}")
    assert len(page.get_data()) < 100_000
    for part in TEXTS:
        whole = browser.get(f"/notes/{public_id}?part={part}")
        assert len(whole.get_data()) < 100_000
        assert whole.get_data(as_text=True).count("အလုပ်သမား") > 700


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("who", ["focal", "officer", "public"])
def test_every_page_speaks_both_languages(scene: Scene, as_: As, who: str, language: str) -> None:
    public_id = scene.published(readings=(scene.reading(3, 278),))
    browser = as_(who)
    answer = browser.get(f"/notes/{public_id}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert page.count("<h1") == 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)), [each for each in ids if ids.count(each) > 1]


def test_forms_have_one_heading_and_no_double_ids(scene: Scene, as_: As) -> None:
    public_id = scene.in_review()
    pages = [
        as_("focal").get("/notes/new?country=NP&theme=A1.1"),
        as_("officer").get(f"/notes/{public_id}"),
        as_("officer").get("/review"),
        as_("officer").get(f"/notes/{public_id}/clearance"),
        as_("officer").get(new_address(scene)),
    ]
    for answer in pages:
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert page.count("<h1") == 1
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), [each for each in ids if ids.count(each) > 1]


def test_pages_of_people_without_a_seat_or_between_rounds(
    scene: Scene, as_: As, app: Flask, sign_in: SignIn
) -> None:
    observer = make_member(make_constituent(group="observers"), Role.OBSERVER)
    stranger = make_user()
    for user in (observer, stranger):
        browser = app.test_client()
        sign_in(browser, user)
        assert browser.get(new_address(scene)).status_code == 403
    public_id = scene.submitted()
    browser = app.test_client()
    sign_in(browser, observer)
    assert browser.get(f"/notes/{public_id}").status_code == 404


def test_a_note_of_a_closed_round_can_be_read_and_compared(scene: Scene, as_: As) -> None:
    public_id = scene.published()
    scene.do(service.revise, public_id, scene.focal)
    page = as_("focal").get(f"/notes/{public_id}/compare")
    assert page.status_code == 200
    assert "Nothing changed between these two versions." in page.get_data(as_text=True)


def test_demonstration_notes_carry_their_mark(scene: Scene, as_: As) -> None:
    note = make_note(scene.commitment, scene.ministry, scene.round)
    page = as_("public").get(f"/notes/{note.public_id}").get_data(as_text=True)
    assert "Demonstration" not in page.split("<main")[1]
    assert scene.round.closes_at > scene.now + timedelta(days=1)
