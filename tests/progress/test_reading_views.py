"""A note's page shows each reader what they may see, in their language, and no more."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from policytrack.core.db import session as current_session
from policytrack.core.ids import new_id
from policytrack.core.permissions import Role
from policytrack.core.review import State
from policytrack.progress import service
from policytrack.progress.content import Link
from policytrack.progress.models import Note
from tests.factories import make_constituent, make_member, make_note, make_user
from tests.progress.scene import FORM, TEXTS, As, Scene, SignIn, new_address, send, token, upload

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


@pytest.mark.parametrize("bad", ["zzzzzzzzzz", "x", "1", "%00", "a" * 300, "k3v9qmt2a!"])
def test_wrong_ids_answer_404(scene: Scene, as_: As, bad: str) -> None:
    for who in ("public", "officer"):
        browser = as_(who)
        for tail in ("", "/compare"):
            assert browser.get(f"/notes/{bad}{tail}").status_code == 404
        assert browser.get(f"/evidence/{bad}").status_code == 404


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
