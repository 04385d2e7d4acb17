"""The way of two officers, as they go it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from policytrack.core.redaction import MARK
from tests.library.scene import Scene as Library
from tests.library.scene import send
from tests.progress.scene import Scene as Notes
from tests.redaction.conftest import Browse
from tests.redaction.scene import NAME, WORDS, ask, columns_with, redact, work
from tests.redaction.test_service import PAPER, SAYING, attached, officers, shelved, told

REASON = {"reason": "She can be recognised.", "sentence": "A name was taken out.", "language": "en"}


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_two_officers_redact_a_passage(
    app: Flask, notes: Notes, database: Session, browse: Browse
) -> None:
    public_id = told(notes)
    first, second = browse(notes.users["officer"]), browse(notes.users["second"])
    page = first.get(f"/notes/{public_id}").get_data(as_text=True)
    assert f"/redactions/new/note/{public_id}" in page
    address = f"/redactions/new/note/{public_id}"
    looked = send(first, address, {"passage": NAME, **REASON, "look": "1"})
    said = text_of(looked.get_data(as_text=True))
    assert looked.status_code == 200
    assert "What changed for women migrant workers" in said
    assert "In the shelter [redacted] said that fees went on." in said
    assert "Ask for this redaction" in said
    asked = send(first, address, {"passage": NAME, **REASON, "ask": "1"})
    assert asked.status_code == 303
    location = asked.headers["Location"]
    # The one who asked sees it, and may only take it back.
    own = first.get(location).get_data(as_text=True)
    assert f"{location}/confirm" not in own
    assert "Take it back" in own
    assert send(first, f"{location}/confirm", {}).status_code == 403
    assert "1 redaction waits" in text_of(second.get("/").get_data(as_text=True))
    assert "redaction waits" not in text_of(first.get("/").get_data(as_text=True))
    queue = second.get("/redactions").get_data(as_text=True)
    assert location in queue
    assert f"{location}/confirm" in second.get(location).get_data(as_text=True)
    done = send(second, f"{location}/confirm", {})
    assert done.status_code == 303
    work()
    assert columns_with(database, WORDS[1]) == []
    kept = second.get(location).get_data(as_text=True)
    assert NAME not in kept
    public = app.test_client().get(f"/notes/{public_id}").get_data(as_text=True)
    assert "[redacted]" in public
    assert MARK not in text_of(public)
    assert "Something was redacted here" in public
    assert "A name was taken out." in public
    assert "/redactions/" not in public
    # What is taken along says it plainly.
    arabic = app.test_client().get(f"/notes/{public_id}", headers={"Accept-Language": "ar"})
    assert arabic.status_code == 200


def test_a_form_sent_twice_asks_once(notes: Notes, browse: Browse) -> None:
    public_id = notes.published(texts=SAYING)
    browser = browse(notes.users["officer"])
    address = f"/redactions/new/note/{public_id}"
    page = browser.get(address).get_data(as_text=True)
    found = re.search(r'name="form_key"[^>]* value="([^"]+)"', page)
    assert found
    given = {"form_key": found[1], "passage": NAME, **REASON, "ask": "1"}
    answers = [send(browser, address, given) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert len({each.headers["Location"] for each in answers}) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"passage": "Ran"}, "at least four letters"),
        ({"passage": "not here at all"}, "stands nowhere here"),
        ({"passage": NAME, "reason": ""}, "Give the reason."),
        ({"passage": NAME, "reason": f"It is {NAME}"}, "Do not repeat here"),
        ({"passage": NAME, "sentence": f"It is {NAME}"}, "Do not repeat here"),
        ({"passage": "", "file": ""}, "Give the passage, or choose a file."),
        ({"passage": NAME, "file": "nosuchfile"}, "Choose from the list."),
        ({"passage": "x" * 20_001}, "longer than"),
        ({"passage": NAME, "language": "tlh"}, "Choose from the list."),
        ({"passage": "a\x00b\u202ec"}, "at least four letters"),
    ],
)
def test_what_cannot_be_asked_for_is_said_beside_the_field_and_what_was_typed_stays(
    notes: Notes, browse: Browse, given: dict[str, str], said: str
) -> None:
    public_id = notes.published(texts=SAYING)
    browser = browse(notes.users["officer"])
    given = {**REASON, **given, "ask": "1"}
    answer = send(browser, f"/redactions/new/note/{public_id}", given)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in unescape(page)
    assert unescape(page).count(given["reason"][:40]) >= (1 if given["reason"] else 0)


def test_nobody_else_comes_near(app: Flask, notes: Notes, browse: Browse) -> None:
    public_id = notes.published(texts=SAYING)
    made = ask("note", public_id, notes.officer)
    addresses = ("/redactions", f"/redactions/{made}", f"/redactions/new/note/{public_id}")
    for name in ("focal", "contributor", "administrator", "researcher", "outsider"):
        browser = browse(notes.users[name])
        for address in addresses:
            assert browser.get(address).status_code == 403
        for act in ("confirm", "refuse"):
            assert send(browser, f"/redactions/{made}/{act}", {}).status_code == 403
        assert "/redactions" not in browser.get(f"/notes/{public_id}").get_data(as_text=True)
    for address in addresses:
        assert app.test_client().get(address).status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "/redactions/nosuchone1",
        "/redactions/%00",
        "/redactions/new/note/nosuchone1",
        "/redactions/new/round/nosuchone1",
        "/redactions/new/note/x" + "y" * 300,
    ],
)
def test_wrong_addresses_lead_nowhere(notes: Notes, browse: Browse, address: str) -> None:
    assert browse(notes.users["officer"]).get(address).status_code == 404


@pytest.mark.parametrize("query", ["page=-1", "page=abc", "page=9999", "state=bogus", "state=done"])
def test_the_register_takes_whatever_an_address_says(
    notes: Notes, browse: Browse, query: str
) -> None:
    ask("note", notes.published(texts=SAYING), notes.officer)
    assert browse(notes.users["officer"]).get(f"/redactions?{query}").status_code == 200


def test_a_refusal_needs_its_reason(notes: Notes, browse: Browse) -> None:
    made = ask("note", notes.published(texts=SAYING), notes.officer)
    browser = browse(notes.users["second"])
    assert send(browser, f"/redactions/{made}/refuse", {}).status_code == 422
    answer = send(browser, f"/redactions/{made}/refuse", {"refusal": "It names an office."})
    assert answer.status_code == 303
    page = browser.get(f"/redactions/{made}").get_data(as_text=True)
    assert "It names an office." in page
    assert NAME not in page
    assert send(browser, f"/redactions/{made}/confirm", {}).status_code == 409
    assert send(browser, f"/redactions/{made}/bogus", {}).status_code == 404


def test_a_document_keeps_a_tombstone_of_its_file(
    app: Flask, library: Library, browse: Browse
) -> None:
    public_id = shelved(library, text=(NAME,))
    page = app.test_client().get(f"/library/{public_id}").get_data(as_text=True)
    address = re.search(r'href="(/library/files/[^"]+)"', page)
    assert address
    assert app.test_client().get(address[1]).status_code == 200
    redact("document", public_id, *officers(library))
    public = app.test_client()
    after = public.get(f"/library/{public_id}")
    assert after.status_code == 200
    said = text_of(after.get_data(as_text=True))
    assert "This file was redacted on" in said
    assert "Something was redacted here" in said
    assert public.get(address[1]).status_code == 410
    file_id = address[1].split("/")[3]
    assert public.get(f"/library/{public_id}/text?file={file_id}").status_code == 410
    assert public.get(f"/library/{public_id}.ris").status_code == 200
    for kind in ("json", "csv"):
        table = public.get(f"/library.{kind}").get_data(as_text=True)
        assert WORDS[1] not in table
    # Its people take it further without the file, and without stumbling over it.
    focal = browse(library.users["focal"])
    assert send(focal, f"/library/{public_id}/revise", {}).status_code == 303
    edit = focal.get(f"/library/{public_id}/edit")
    assert edit.status_code == 200
    assert "This file was redacted on" in edit.get_data(as_text=True)


def test_a_note_keeps_a_tombstone_of_its_file(app: Flask, notes: Notes, browse: Browse) -> None:
    public_id = attached(notes, PAPER)
    page = app.test_client().get(f"/notes/{public_id}").get_data(as_text=True)
    address = re.search(r'href="(/evidence/[^"]+)"', page)
    assert address
    officer = browse(notes.users["officer"])
    offered = officer.get(f"/redactions/new/note/{public_id}").get_data(as_text=True)
    assert f"{NAME}.pdf" in unescape(offered)
    redact("note", public_id, notes.officer, notes.second, file_id=address[1].split("/")[2])
    after = app.test_client().get(f"/notes/{public_id}").get_data(as_text=True)
    assert "This file was redacted on" in text_of(after)
    assert address[1] not in after
    assert app.test_client().get(address[1]).status_code == 410
    focal = browse(notes.users["focal"])
    assert send(focal, f"/notes/{public_id}/revise", {}).status_code == 303
    assert focal.get(f"/notes/{public_id}/edit").status_code == 200


def test_the_same_file_is_refused_with_a_sentence(
    notes: Notes, library: Library, browse: Browse
) -> None:
    import io

    public_id = attached(notes, PAPER)
    found = notes.note(public_id).published
    assert found is not None
    redact("note", public_id, notes.officer, notes.second, file_id=found.evidence[0].public_id)
    browser = browse(library.users["focal"])
    answer = send(browser, "/library/uploads", {"file": (io.BytesIO(PAPER), "again.pdf")})
    assert answer.status_code == 422
    assert "redacted by the secretariat" in answer.get_json()["error"]


def test_the_register_asks_no_more_of_the_database_when_it_grows(
    notes: Notes, library: Library, browse: Browse, count_queries: Callable[..., int]
) -> None:
    public_id = notes.published(texts=SAYING)
    ask("note", public_id, notes.officer)
    browser = browse(notes.users["second"])

    def look() -> None:
        assert browser.get("/redactions").status_code == 200

    look()
    few = count_queries(look)
    ask("note", public_id, notes.officer, passage="said that fees")
    for number in range(3):
        other = shelved(library, title=f"{NAME} {number}")
        ask("document", other, library.actors["officer"])
    # The documents are a kind of their own; five of them ask no more than one.
    with_documents = count_queries(look)
    ask("document", other, library.actors["officer"], passage=f"{NAME} 2")
    assert count_queries(look) == with_documents <= few + 4
