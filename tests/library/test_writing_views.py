"""Pages on which documents are begun and described keep what is typed and take what is sound."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from policytrack.constituents.models import Membership
from policytrack.core import clock, files
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.files.models import StagedFile, StoredFile
from policytrack.core.ids import new_id
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from policytrack.core.review import State
from policytrack.library import rules, service
from policytrack.library.models import FileText, LibraryDocument, LibraryFile, LibraryRevision
from policytrack.library.reading import Kind, Origin, Outcome, PageText, Reading, Unit
from policytrack.library.service.keeping import READ
from tests.core.files_made import picture, traces
from tests.factories import make_constituent, make_document
from tests.library.scene import SAID, TEXT, As, Scene, described, send, token, upload, values_of

NEW = "/library/new"


def documents() -> list[LibraryDocument]:
    fresh = current_session()
    fresh.rollback()
    return list(fresh.scalars(select(LibraryDocument).order_by(LibraryDocument.id)))


def waiting() -> int:
    fresh = current_session()
    fresh.rollback()
    return fresh.scalar(select(func.count()).select_from(StagedFile)) or 0


def form_of(scene: Scene, public_id: str, **overrides: Any) -> dict[str, Any]:
    return {**SAID, "version": scene.stamp(public_id), **overrides}


def has_read(public_id: str, reading: Reading) -> None:
    """Keep a reading of the first file of a draft, as the worker does."""
    with transaction() as session:
        stored = session.scalars(
            select(StoredFile)
            .join(LibraryFile, LibraryFile.file_id == StoredFile.id)
            .join(LibraryFile.revision)
            .join(LibraryRevision.document)
            .where(LibraryDocument.public_id == public_id)
        ).first()
        assert stored is not None
        service.keep_text(session, stored, reading, clock.now())


# To begin


@pytest.mark.parametrize("who", ["contributor", "focal", "observer"])
def test_a_delegate_begins_a_document_with_files(scene: Scene, as_: As, who: str) -> None:
    browser = as_(who)
    answer = send(browser, NEW, {"files": [upload(), upload("annex.md", b"# Annex\n")]})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    (document,) = documents()
    body = scene.network if who == "observer" else scene.ministry
    assert document.constituent_id == body.id
    assert document.open is not None
    assert not document.open.on_behalf
    assert [each.name for each in document.open.files] == ["act.txt", "annex.md"]
    assert document.open.files[0].source_sha256 == hashlib.sha256(TEXT).hexdigest()
    keys = current_session().scalars(select(OutboxItem.key).where(OutboxItem.kind == READ)).all()
    assert sorted(keys) == sorted(f"read:{each.file.sha256}" for each in document.open.files)
    page = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "act.txt" in page
    assert "has not been read yet" in page


def test_many_files_become_a_document_each(scene: Scene, as_: As) -> None:
    files = [upload(f"law-{number}.txt", b"Article %d\n" % number) for number in range(30)]
    browser = as_("focal")
    refused = send(browser, NEW, {"files": files})
    assert refused.status_code == 422, "a document carries twenty files"
    page = refused.get_data(as_text=True)
    assert "up to 20 files" in page
    staged = values_of(page, "staged")
    assert len(staged) == 30, "nothing has to be sent again"
    answer = send(browser, NEW, {"staged": staged, "each": "each"})
    assert answer.status_code == 303
    assert len(documents()) == 30
    page = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "30 drafts are begun." in page
    assert page.count("law-") >= 25
    assert "page=2" in page


def test_a_document_begins_without_a_file_only_when_asked(scene: Scene, as_: As) -> None:
    browser = as_("focal")
    answer = send(browser, NEW, {"do": "begin"})
    assert answer.status_code == 422
    assert "begin without one" in answer.get_data(as_text=True)
    assert documents() == []
    answer = send(browser, NEW, {"do": "without"})
    assert answer.status_code == 303
    assert "Without a title" in browser.get(answer.headers["Location"]).get_data(as_text=True)
    (document,) = documents()
    shown = browser.get(f"/library/{document.public_id}").get_data(as_text=True)
    assert "Without a title" in shown


def test_the_secretariat_begins_for_anybody_or_for_itself(scene: Scene, as_: As) -> None:
    browser = as_("officer")
    page = browser.get(NEW).get_data(as_text=True)
    assert "None: collected by the secretariat" in page
    assert send(browser, NEW, {"do": "without", "organisation": ""}).status_code == 303
    chosen = {"do": "without", "organisation": scene.ministry.public_id}
    assert send(browser, NEW, chosen).status_code == 303
    own, other = documents()
    assert own.constituent_id is None
    assert other.constituent_id == scene.ministry.id
    assert own.open is not None
    assert other.open is not None
    assert own.open.on_behalf
    assert other.open.on_behalf


def test_who_sits_in_two_organisations_chooses(scene: Scene, as_: As) -> None:
    second = make_constituent()
    with transaction() as session:
        session.add(
            Membership(
                user_id=scene.users["focal"].id,
                constituent_id=second.id,
                role=Role.CONTRIBUTOR,
                since=clock.now(),
            )
        )
    browser = as_("focal")
    page = browser.get(NEW).get_data(as_text=True)
    assert scene.ministry.public_id in page
    assert second.public_id in page
    assert scene.network.public_id not in page
    strange = {"do": "without", "organisation": scene.network.public_id}
    assert send(browser, NEW, strange).status_code == 422
    assert send(browser, NEW, {"do": "without", "organisation": ""}).status_code == 422
    assert documents() == []
    chosen = {"do": "without", "organisation": second.public_id}
    assert send(browser, NEW, chosen).status_code == 303
    assert documents()[0].constituent_id == second.id


@pytest.mark.parametrize("who", ["researcher", "administrator", "public"])
def test_others_do_not_begin_documents(scene: Scene, as_: As, who: str) -> None:
    browser = as_(who)
    expected = {303, 401} if who == "public" else {403}
    assert browser.get(NEW).status_code in expected
    assert browser.get("/library/mine").status_code in expected
    assert send(browser, NEW, {"do": "without"}).status_code in expected
    assert send(browser, "/library/uploads", {"file": upload()}).status_code in expected
    assert documents() == []


def test_a_form_sent_twice_begins_one_document(scene: Scene, as_: As) -> None:
    browser = as_("focal")
    data = {"do": "without", "form_key": "k" * 43}
    first, second = send(browser, NEW, data), send(browser, NEW, data)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(documents()) == 1


# Files one by one


def test_a_file_is_sent_alone_and_waits(scene: Scene, as_: As) -> None:
    browser = as_("focal")
    answer = send(browser, "/library/uploads", {"file": upload("قانون.txt")})
    assert answer.status_code == 200
    said = answer.get_json()
    assert said["name"] == "قانون.txt"
    assert said["known"] == []
    page = browser.get(f"{NEW}?staged={said['id']}").get_data(as_text=True)
    assert "قانون.txt" in page, "a page opened again has it still"
    answer = send(browser, NEW, {"staged": said["id"]})
    assert answer.status_code == 303
    (document,) = documents()
    assert document.open is not None
    assert document.open.files[0].name == "قانون.txt"
    assert waiting() == 0


def test_a_file_that_is_taken_away_waits_no_more(scene: Scene, as_: As) -> None:
    browser, other = as_("focal"), as_("outsider")
    said = send(browser, "/library/uploads", {"file": upload()}).get_json()
    assert send(other, said["forget"], {}).status_code == 204
    assert waiting() == 1
    assert send(browser, said["forget"], {}).status_code == 204
    assert waiting() == 0


def test_the_file_that_waits_for_another_person_is_never_taken(scene: Scene, as_: As) -> None:
    said = send(as_("outsider"), "/library/uploads", {"file": upload()}).get_json()
    browser = as_("focal")
    assert "act.txt" not in browser.get(f"{NEW}?staged={said['id']}").get_data(as_text=True)
    answer = send(browser, NEW, {"staged": said["id"]})
    assert answer.status_code == 422
    assert "no longer there" in answer.get_data(as_text=True)
    public_id = scene.start()
    given = form_of(scene, public_id, staged=said["id"])
    assert send(browser, f"/library/{public_id}/edit", given).status_code == 422
    document = scene.document(public_id)
    assert document.open is not None
    assert document.open.files == []


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is a vector drawing"),
        ("x.exe", b"MZ\x90\x00", "This is a program"),
        ("x.pdf", b"", "empty"),
        ("law.pdf", TEXT, "By its name this file is a PDF"),
        ("\x00\u202efdp.zip", b"PK\x05\x06" + bytes(18), "This is an archive of files"),
    ],
)
def test_a_file_of_a_kind_that_is_refused_is_told_so(
    scene: Scene, as_: As, name: str, data: bytes, sentence: str
) -> None:
    browser = as_("focal")
    answer = send(browser, "/library/uploads", {"file": upload(name, data)})
    assert answer.status_code == 422
    assert sentence in answer.get_json()["error"]
    answer = send(browser, NEW, {"files": [upload(name, data), upload()]})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert sentence in page
    assert len(values_of(page, "staged")) == 1, "the other one has arrived"
    assert documents() == []


def test_no_file_is_no_file(scene: Scene, as_: As) -> None:
    assert send(as_("focal"), "/library/uploads", {}).status_code == 422
    assert send(as_("focal"), "/library/uploads", {"file": "text"}).status_code == 422


def test_a_photograph_is_known_again_by_what_was_handed_in(scene: Scene, as_: As) -> None:
    browser = as_("focal")
    sent = picture(exif=traces())
    given = send(browser, "/library/uploads", {"file": upload("page.jpg", sent)}).get_json()
    send(browser, NEW, {"staged": given["id"]})
    (document,) = documents()
    assert document.open is not None
    (kept,) = document.open.files
    assert kept.source_sha256 == hashlib.sha256(sent).hexdigest()
    assert kept.file.sha256 != kept.source_sha256
    again = send(browser, "/library/uploads", {"file": upload("page.jpg", sent)}).get_json()
    assert [each["url"] for each in again["known"]] == [f"/library/{document.public_id}"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ({}, {"focal", "outsider", "observer", "officer"}),
        ({"visibility": "constituents"}, {"focal", "outsider", "officer"}),
        ({"state": State.DRAFT}, {"focal"}),
        ({"state": State.SUBMITTED}, {"focal", "officer"}),
        ({"state": State.RETRACTED}, {"focal", "officer"}),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_file_known_already_is_named_to_those_who_may_see_it(
    app: Flask, scene: Scene, as_: As, kind: dict[str, Any], told: set[str]
) -> None:
    with app.test_request_context():
        accepted = files.inspect(TEXT, name="act.txt", library=True)
    make_document(scene.ministry, title="The hidden act", files=[accepted], **kind)
    found = set()
    for who in ("focal", "outsider", "observer", "officer"):
        browser = as_(who)
        said = send(browser, "/library/uploads", {"file": upload()}).get_json()
        page = browser.get(f"{NEW}?staged={said['id']}").get_data(as_text=True)
        assert bool(said["known"]) == ("The hidden act" in page)
        if said["known"]:
            found.add(who)
    assert found == told


# To describe


def test_all_that_is_said_of_a_document_is_kept(scene: Scene, as_: As) -> None:
    other = make_document(scene.ministry, title="The former act")
    public_id = scene.start()
    browser = as_("contributor")
    given = form_of(
        scene,
        public_id,
        type="practice",
        title="مكاتب مجانية للعمال المهاجرين",
        language="ar",
        summary="خدمات بلا رسوم.\nفي كل ولاية.",
        authors="Adhikari, Sita\nMinistry of Labour\n“Department of Work, Pensions, and Care”",
        publisher="وزارة العمل",
        place="Kathmandu",
        official_number="رقم 12",
        issued="٢٠١٩-٠٦",
        source_url="https://example.org/act?x=1",
        legal_status="in_force",
        in_force_from="2019",
        in_force_until="2029-12-31",
        visibility="constituents",
        embargo_on="2030-01-31",
        rights="link",
        licence="CC BY 4.0",
        themes=["A1"],
        countries=["NP", "QA"],
        corridors=["NP-QA"],
        why_good="لأنها مجانية",
        implementer="Ministry",
        lessons="Begin small.",
        gcm_objectives=["6", "14"],
        gcm_principles=["7"],
        sdgs="5.2, 10.7; 8.b",
        contact="person@example.org",
    )
    given |= {"relations-0-kind": "replaces"}
    given |= {"relations-0-target": f"https://localhost/library/{other.public_id}?x#p3"}
    answer = send(browser, f"/library/{public_id}/edit", given)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer.headers["Location"] == f"/library/{public_id}"
    said = scene.document(public_id).open
    assert said is not None
    assert said.title == "مكاتب مجانية للعمال المهاجرين"
    assert said.summary == "خدمات بلا رسوم.\nفي كل ولاية."
    assert said.authors == [
        {"family": "Adhikari", "given": "Sita"},
        {"literal": "Ministry of Labour"},
        {"literal": "Department of Work, Pensions, and Care"},
    ]
    assert said.issued == "2019-06"
    assert str(said.embargo_until) == "2030-01-31 00:00:00+00:00"
    assert {each.iso2 for each in said.countries} == {"NP", "QA"}
    assert said.practice["gcm_objectives"] == ["6", "14"]
    assert said.practice["sdgs"] == ["5.2", "10.7", "8.b"]
    assert said.practice["contact"] == "person@example.org"
    assert "scope" not in said.practice
    assert [(each.kind, each.target_id) for each in said.relations] == [("replaces", other.id)]

    # Opened and sent again as it stands, nothing changes.
    page = browser.get(f"/library/{public_id}/edit").get_data(as_text=True)
    for text in ("لأنها مجانية", "“Department of Work, Pensions, and Care”", "5.2; 10.7; 8.b"):
        assert text in page
    before = said.stamp
    assert send(browser, f"/library/{public_id}/edit", {**given, "version": before}).status_code
    after = scene.document(public_id).open
    assert after is not None
    assert after.authors == said.authors
    assert len(after.relations) == 1


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": "x" * (rules.TITLE_LENGTH + 1)}, "longer than 500 characters"),
    ({"summary": "x" * (rules.SUMMARY_LENGTH + 1)}, "longer than 10000 characters"),
    ({"why_good": "x" * (rules.PRACTICE_LENGTH + 1)}, "longer than 20000 characters"),
    ({"authors": "x\n" * 41}, "up to 40 authors"),
    ({"authors": "x" * 301}, "longer than 300 characters"),
    ({"type": "novel"}, "Choose"),
    ({"language": "xx"}, "Choose"),
    ({"visibility": "nobody"}, "Choose from the list"),
    ({"rights": ""}, "Choose from the list"),
    ({"legal_status": "odd"}, "Choose"),
    ({"issued": "2019-13"}, "Write a date such as"),
    ({"issued": "June 2019"}, "Write a date such as"),
    ({"in_force_from": "2020", "in_force_until": "2019"}, "before the beginning"),
    ({"embargo_on": "9999-99-99"}, "Write a date"),
    ({"source_url": "javascript:alert(1)"}, "Write a web address"),
    ({"themes": ["Z9"]}, "Choose from the list"),
    ({"countries": ["XX"]}, "Choose from the list"),
    ({"corridors": ["NP-QA", "x" * 5000]}, "Choose from the list"),
    ({"gcm_objectives": ["24"]}, "Choose from the list"),
    ({"sdgs": "18.1"}, "no goal or target"),
    ({"relations-0-kind": "eats", "relations-0-target": "k3v9qmt2rb"}, "Choose from the list"),
    ({"relations-0-target": "k3v9qmt2rb"}, "Say how this document stands"),
    ({"relations-0-kind": "amends", "relations-0-target": "the law"}, "Copy the address"),
    ({"relations-0-kind": "amends", "relations-0-target": "k3v9qmt2rb"}, "no document at this"),
]


@pytest.mark.parametrize(("given", "sentence"), WRONG, ids=[next(iter(each[0])) for each in WRONG])
def test_what_cannot_stand_is_said_beside_the_field(
    scene: Scene, as_: As, given: dict[str, Any], sentence: str
) -> None:
    public_id = scene.start()
    kept = form_of(scene, public_id, publisher="Typed with care", **given)
    answer = send(as_("focal"), f"/library/{public_id}/edit", kept)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert "Typed with care" in page
    said = scene.document(public_id).open
    assert said is not None
    assert said.publisher == ""


def test_signs_that_no_text_has_are_left_out(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    given = form_of(scene, public_id, title="A\x00ct \u202eof\x07 2019", summary="a\x00b\r\nc")
    assert send(as_("focal"), f"/library/{public_id}/edit", given).status_code == 303
    said = scene.document(public_id).open
    assert said is not None
    assert (said.title, said.summary) == ("Act of 2019", "ab\nc")


def test_a_document_is_no_relation_of_itself_nor_of_what_is_hidden(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    hidden = make_document(scene.network, state=State.DRAFT, title="The hidden draft")
    for target in (public_id, hidden.public_id, new_id()):
        given = form_of(scene, public_id)
        given |= {"relations-0-kind": "amends", "relations-0-target": f"/library/{target}"}
        answer = send(as_("focal"), f"/library/{public_id}/edit", given)
        assert answer.status_code == 422, target
        assert "The hidden draft" not in answer.get_data(as_text=True)


def test_what_a_person_may_not_see_stays_related(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    other = make_document(scene.network, state=State.DRAFT, title="The hidden draft")
    scene.do(
        service.save,
        public_id,
        "focal",
        given=described(relations=(("amends", other.id),)),
        seen=scene.stamp(public_id),
    )
    browser = as_("focal")
    page = browser.get(f"/library/{public_id}/edit").get_data(as_text=True)
    assert other.public_id not in page
    answer = send(browser, f"/library/{public_id}/edit", form_of(scene, public_id))
    assert answer.status_code == 303
    said = scene.document(public_id).open
    assert said is not None
    assert [each.target_id for each in said.relations] == [other.id]


def test_what_a_file_says_is_offered_and_never_imposed(scene: Scene, as_: As) -> None:
    browser = as_("focal")
    address = send(browser, NEW, {"files": upload()}).headers["Location"]
    public_id = address.split("/")[2]
    reading = Reading(
        Outcome.READ,
        Kind.TEXT,
        unit=Unit.PAGE,
        pages=(PageText(1, "No fee", Origin.LAYER, "en"),),
        language="en",
        title="Recruitment Fees Act, 2019",
        authors=("Adhikari, Sita; Ministry of Labour",),
        created="2019-06-12",
    )
    has_read(public_id, reading)
    page = browser.get(address).get_data(as_text=True)
    assert "Recruitment Fees Act, 2019" in page
    assert "12 Jun 2019" in page
    assert "1 page in English." in page
    assert "has not been read yet" not in page
    said = scene.document(public_id).open
    assert said is not None
    assert (said.title, said.language) == ("", "")

    given = {"version": said.stamp, "rights": "copy", "visibility": "public", "place": "Typed"}
    for name, value in (
        ("title", "Recruitment Fees Act, 2019"),
        ("issued", "2019-06-12"),
        ("authors", "Adhikari, Sita\nMinistry of Labour"),
    ):
        answer = send(browser, address, {**given, "use": name})
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        assert f'id="{name}"' in page
        assert value in page
        assert "Typed" in page
    assert send(browser, address, {**given, "use": "version"}).status_code == 404
    said = scene.document(public_id).open
    assert said is not None
    assert said.title == "", "only a save saves"


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome.NO_TEXT, "No text was found in it"),
        (Outcome.ENCRYPTED, "opens with a password only"),
        (Outcome.BROKEN, "the file is damaged"),
        (Outcome.TOO_HARD, "took too long"),
        (Outcome.REFUSED, "cannot be read"),
    ],
)
def test_what_could_not_be_read_is_said(
    scene: Scene, as_: As, outcome: Outcome, sentence: str
) -> None:
    browser = as_("focal")
    address = send(browser, NEW, {"files": upload()}).headers["Location"]
    has_read(address.split("/")[2], Reading(outcome, Kind.UNKNOWN))
    assert sentence in browser.get(address).get_data(as_text=True)


def test_files_come_and_go(scene: Scene, as_: As) -> None:
    browser = as_("focal")
    address = send(browser, NEW, {"files": [upload(), upload("b.txt", b"b")]}).headers["Location"]
    public_id = address.split("/")[2]
    said = scene.document(public_id).open
    assert said is not None
    first = said.files[0].public_id
    given = form_of(scene, public_id, removed=first, files=upload("c.txt", b"c"))
    assert send(browser, address, given).status_code == 303
    said = scene.document(public_id).open
    assert said is not None
    assert [each.name for each in said.files] == ["b.txt", "c.txt"]
    assert current_session().scalar(select(func.count()).select_from(FileText)) == 0


# What others did meanwhile


def test_a_stale_form_gets_the_newer_text_beside_its_own(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    stale = scene.stamp(public_id)
    mine, theirs = as_("focal"), as_("contributor")
    address = f"/library/{public_id}/edit"
    newer = form_of(scene, public_id, summary="Theirs", countries=["NP"], type="policy")
    assert send(theirs, address, newer).status_code == 303
    typed = {**SAID, "version": stale, "summary": "Mine", "publisher": "Mine too"}
    answer = send(mine, address, {**typed, "files": upload()})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody saved this document after you opened it" in page
    for text in ("Mine", "Mine too", "Theirs", "Nepal", "Policy or strategy"):
        assert text in page
    assert page.count("Saved in the meantime") == 4
    (staged,) = values_of(page, "staged")
    version = next(each for each in values_of(page, "version") if each)
    assert version == scene.stamp(public_id)
    answer = send(mine, address, {**typed, "version": version, "staged": staged})
    assert answer.status_code == 303
    said = scene.document(public_id).open
    assert said is not None
    assert (said.summary, len(said.files)) == ("Mine", 1)


def test_what_was_submitted_meanwhile_is_not_saved_over(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    stale = scene.stamp(public_id)
    scene.do(service.submit, public_id, "focal", people_protected=True, seen=stale)
    browser = as_("contributor")
    address = f"/library/{public_id}/edit"
    assert browser.get(address).status_code == 409
    answer = send(browser, address, {**SAID, "version": stale, "summary": "Kept here"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Kept here" in page
    assert 'value="save"' not in page


def test_a_save_sent_twice_saves_once(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    given = form_of(scene, public_id, form_key="k" * 43, summary="Once")
    address = f"/library/{public_id}/edit"
    browser = as_("focal")
    assert send(browser, address, given).status_code == 303
    stamp = scene.stamp(public_id)
    assert send(browser, address, given).status_code == 303
    assert scene.stamp(public_id) == stamp


def test_save_and_submit_asks_and_submits(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    browser = as_("focal")
    address = f"/library/{public_id}/edit"
    given = form_of(scene, public_id, do="submit")
    answer = send(browser, address, given)
    assert answer.status_code == 422
    assert "Confirm that nobody can be identified." in answer.get_data(as_text=True)
    empty = {**given, "title": "", "people_protected": "y"}
    answer = send(browser, address, empty)
    assert answer.status_code == 422
    assert "Give the document its title." in answer.get_data(as_text=True)
    answer = send(browser, address, {**given, "people_protected": "y"})
    assert answer.status_code == 303
    said = scene.document(public_id).open
    assert said is not None
    assert said.state == State.SUBMITTED


def test_a_contributor_is_not_offered_to_submit(scene: Scene, as_: As) -> None:
    public_id = scene.start()
    page = as_("contributor").get(f"/library/{public_id}/edit").get_data(as_text=True)
    assert 'value="save"' in page
    assert 'value="submit"' not in page
    given = form_of(scene, public_id, do="submit", people_protected="y")
    assert send(as_("contributor"), f"/library/{public_id}/edit", given).status_code == 403


@pytest.mark.parametrize(
    ("who", "state", "code"),
    [
        ("outsider", State.DRAFT, 404),
        ("researcher", State.DRAFT, 404),
        ("officer", State.DRAFT, 404),
        ("observer", State.SUBMITTED, 404),
        ("officer", State.SUBMITTED, 403),
        ("administrator", State.IN_REVIEW, 403),
        ("researcher", State.PUBLISHED, 403),
        ("outsider", State.PUBLISHED, 403),
        ("focal", State.PUBLISHED, 409),
        ("focal", State.SUBMITTED, 409),
        ("focal", State.RETURNED, 200),
        ("contributor", State.RETURNED, 200),
    ],
)
def test_who_edits_what(scene: Scene, as_: As, who: str, state: State, code: int) -> None:
    public_id = scene.in_state(state)
    browser = as_(who)
    answer = browser.get(f"/library/{public_id}/edit")
    assert answer.status_code == code
    if state is State.RETURNED:
        assert "Which article is it?" in answer.get_data(as_text=True)
        assert "Third time." not in answer.get_data(as_text=True)
    if code in {403, 404}:
        sent = browser.post(
            f"/library/{public_id}/edit", data={**SAID, "csrf_token": token(browser)}
        )
        assert sent.status_code == code


def test_a_returned_document_is_taken_further_with_its_files(scene: Scene, as_: As) -> None:
    browser = as_("focal")
    address = send(browser, NEW, {"files": [upload(), upload("b.txt", b"b")]}).headers["Location"]
    public_id = address.split("/")[2]
    given = form_of(scene, public_id, do="submit", people_protected="y")
    assert send(browser, address, given).status_code == 303
    scene.do(service.take_up, public_id, "officer")
    scene.do(service.return_, public_id, "officer", reason="Why?", language="en")
    said = scene.document(public_id).open
    assert said is not None
    removed = said.files[0].public_id
    given = form_of(scene, public_id, title="Put right", removed=removed)
    assert send(browser, address, given).status_code == 303
    said = scene.document(public_id).open
    assert said is not None
    assert (said.state, said.number, said.title) == (State.DRAFT, 2, "Put right")
    assert [each.name for each in said.files] == ["b.txt"]


def test_editing_asks_as_much_of_the_database_however_much_there_is(
    scene: Scene, as_: As, count_queries: Any
) -> None:
    browser = as_("focal")

    def asked(files: int) -> int:
        given = [upload(f"{n}-{files}.txt", b"%d %d" % (n, files)) for n in range(files)]
        address = send(browser, NEW, {"files": given}).headers["Location"]
        browser.get(address)
        return int(count_queries(lambda: browser.get(address)))

    assert asked(1) == asked(12)


def test_what_is_lacking_is_shown_beside_the_fields_on_request(scene: Scene, as_: As) -> None:
    public_id = scene.start(title="", type="")
    answer = as_("focal").get(f"/library/{public_id}/edit?check=1")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "Give the document its title." in page
    assert "Say what kind of document this is." in page
    assert "Confirm that nobody" not in page
