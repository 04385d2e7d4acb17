"""Pages on which notes are written keep what is typed and take what is sound."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from policytrack.core.db import session as current_session
from policytrack.progress import service
from policytrack.progress.models import Note, NoteRevision
from tests.factories import make_commitment, make_constituent
from tests.progress.scene import FORM, TEXTS, As, Scene, new_address, send, token, upload, values_of


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


# Who writes, and on what


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


# Bad input


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


# Evidence


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
