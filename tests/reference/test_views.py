"""The pages of those who keep the reference data."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from policytrack.accounts.models import User
from policytrack.core.db import db, transaction
from policytrack.core.permissions import Role
from policytrack.frameworks.models import Sector
from policytrack.reference.kinds import KINDS
from policytrack.reference.models import ReferenceEdit
from tests.factories import make_commitment, make_constituent, make_member, make_user
from tests.reference.writing import SECTOR, cells, folder, is_there, load

SignIn = Callable[[FlaskClient, User], None]
HOSTILE = "<script>alert(1)</script> \u202eملح"


@pytest.fixture
def unguarded(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def office(app: Flask, sign_in: SignIn, unguarded: None) -> Iterator[FlaskClient]:
    """Give the browser of an officer, in the application's context."""
    with app.app_context():
        browser = app.test_client()
        sign_in(browser, make_user(Role.SECRETARIAT, name="Ms Officer"))
        yield browser


def filled(browser: FlaskClient, path: str) -> dict[str, Any]:
    """Return what a browser would send from the form of a page, untouched."""
    page = browser.get(path).text
    form = re.search(r'<form method="post"[^>]*class="form".*?</form>', page, re.DOTALL)
    assert form, page
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or ('type="checkbox"' in tag and "checked" not in tag):
            continue
        sent.setdefault(name[1], []).append(html.unescape(value[1]) if value else "y")
    for name_of, text in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form[0], re.DOTALL
    ):
        sent[name_of] = html.unescape(text).strip()
    for name_of, options in re.findall(
        r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form[0], re.DOTALL
    ):
        chosen = re.search(r'<option selected[^>]*value="([^"]*)"', options)
        sent[name_of] = chosen[1] if chosen else ""
    return sent


def test_the_kinds_are_listed_with_their_rows(office: FlaskClient) -> None:
    page = office.get("/reference").text
    for kind in KINDS:
        assert f'href="/reference/{kind}"' in page
    assert ">63<" in page


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_kind_has_its_list_and_its_form(
    office: FlaskClient, kind: str, language: str
) -> None:
    make_constituent()
    listed = office.get(f"/reference/{kind}", headers={"Accept-Language": language})
    assert listed.status_code == 200
    first = re.search(rf'href="(/reference/{kind}/rows/[^"]+)"', listed.text)
    assert first, kind
    row = office.get(first[1], headers={"Accept-Language": language})
    assert row.status_code == 200
    for column in KINDS[kind].columns:
        asked = not (column.settled or column.elsewhere)
        assert (f'name="{column.name}"' in row.text) is asked
    new = office.get(f"/reference/{kind}/new")
    assert new.status_code == (404 if KINDS[kind].fixed else 200)


@pytest.mark.parametrize(
    "path",
    [
        "/reference/nothing",
        "/reference/nothing/new",
        "/reference/nothing/data.csv",
        "/reference/nothing/rows/x",
        "/reference/themes/rows/Z",
        "/reference/provisions/rows/B1",
        "/reference/provisions/rows/BALI:B1:B1",
        "/reference/designations/rows/NP:tomorrow",
        "/reference/themes/rows/%00",
    ],
)
def test_what_is_not_there_is_not_found(office: FlaskClient, path: str) -> None:
    assert office.get(path).status_code == 404
    assert office.post(path).status_code in {404, 405}


@pytest.mark.parametrize(
    "query",
    [
        "?page=-1",
        "?page=abc",
        "?page=99999",
        "?only=bogus",
        "?q=%00",
        "?q=a&q=b",
        "?q=" + "x" * 999,
    ],
)
def test_a_strange_question_gets_a_page(office: FlaskClient, query: str) -> None:
    assert office.get(f"/reference/themes{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["?restore=x", "?restore=99999999999999", "?restore=1", "?take=file", "?retire=1"]
)
def test_a_strange_suggestion_gets_the_form(office: FlaskClient, query: str) -> None:
    assert office.get(f"/reference/countries/rows/NP{query}").status_code == 200


@pytest.mark.parametrize("who", ["public", "researcher", "focal"])
def test_nobody_else_sees_any_of_it(app: Flask, sign_in: SignIn, unguarded: None, who: str) -> None:
    browser = app.test_client()
    with app.app_context():
        if who == "researcher":
            sign_in(browser, make_user(Role.RESEARCHER))
        if who == "focal":
            sign_in(browser, make_member(make_constituent()))
        expected = 303 if who == "public" else 403
        for path in ("/reference", "/reference/themes", "/reference/themes/rows/A1"):
            assert browser.get(path).status_code == expected
        assert browser.post("/reference/themes/rows/A1").status_code in {401, 403}
        assert browser.get("/reference/constituents/data.csv").status_code == expected
        assert "/reference" not in browser.get("/about").text


def test_the_menu_leads_there(office: FlaskClient) -> None:
    assert 'href="/reference"' in office.get("/about").text


# Lists


def test_a_list_is_searched_in_every_language_and_by_code(office: FlaskClient) -> None:
    for words in ("nepal", "نيبال", "NÉPAL", "np"):
        page = office.get("/reference/countries", query_string={"q": words}).text
        assert "/reference/countries/rows/NP" in page, words
        assert "/reference/countries/rows/QA" not in page


def test_a_list_can_be_narrowed_to_what_needs_an_eye(office: FlaskClient, tmp_path: Path) -> None:
    load(folder(tmp_path, sectors=[SECTOR]))
    page = office.get("/reference/sectors?only=missing").text
    assert "/rows/salt" in page
    assert "No text in Arabic" in page
    assert "/rows/care" not in page
    assert "/rows/salt" not in office.get("/reference/sectors?only=edited").text
    sent = filled(office, "/reference/sectors/rows/salt")
    office.post("/reference/sectors/rows/salt", data={**sent, "label_en": "Salts", "reason": "x"})
    assert "/rows/salt" in office.get("/reference/sectors?only=edited").text
    assert ">1<" in office.get("/reference").text


def test_a_list_takes_as_many_queries_however_many_rows(
    office: FlaskClient, tmp_path: Path
) -> None:
    def asked() -> int:
        statements: list[str] = []

        def note(*given: Any) -> None:
            statements.append(given[2])

        event.listen(db.engine, "before_cursor_execute", note)
        assert office.get("/reference/provisions").status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    few = asked()
    rows = [
        {
            "framework": "BALI",
            "code": f"X{number}",
            "label_en": "x",
            "wording": "editorial",
            "themes": "A1;A2",
            "position": "99",
            "source": "s",
            "confidence": "low",
        }
        for number in range(60)
    ]
    load(folder(tmp_path, provisions=rows))
    assert asked() == few


# Editing


def test_an_untouched_form_says_that_nothing_is_different(office: FlaskClient) -> None:
    for path in (
        "/reference/countries/rows/NP",
        "/reference/corridors/rows/NP-QA",
        "/reference/provisions/rows/BALI:B1",
        "/reference/programmes/rows/SAFE-AND-FAIR",
        "/reference/ratifications/rows/PH:C189",
        "/reference/dialogues/rows/INTERREGIONAL-2019",
    ):
        sent = filled(office, path)
        answer = office.post(path, data={**sent, "reason": "x"})
        assert answer.status_code == 422, path
        assert "Nothing is different" in answer.text, path


def test_an_edit_is_saved_and_told(office: FlaskClient) -> None:
    path = "/reference/themes/rows/A1"
    sent = {**filled(office, path), "label_fr": "Recrutement juste", "reason": "A letter."}
    answer = office.post(path, data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = office.get(path).text
    assert 'value="Recrutement juste"' in page
    for words in ("Ms Officer", "A letter.", "Recrutement équitable", "What the file says"):
        assert words in page


def test_a_form_sent_twice_is_one_edit(office: FlaskClient) -> None:
    path = "/reference/themes/rows/A1"
    sent = {**filled(office, path), "label_fr": "Recrutement juste", "reason": "A letter."}
    answers = [office.post(path, data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(ReferenceEdit)) == 1


def test_an_edit_needs_its_reason(office: FlaskClient) -> None:
    path = "/reference/themes/rows/A1"
    sent = {**filled(office, path), "label_fr": "Recrutement juste", "reason": "  "}
    answer = office.post(path, data=sent)
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert 'value="Recrutement juste"' in answer.text


@pytest.mark.parametrize(
    ("kind", "key", "spoilt"),
    [
        ("themes", "A1", {"label_en": ""}),
        ("themes", "A1", {"label_en": "x" * 301}),
        ("themes", "A1", {"position": "first"}),
        ("themes", "A1", {"position": "9" * 14}),
        ("themes", "A1", {"position": "-1"}),
        ("themes", "A1", {"position": ""}),
        ("themes", "A1", {"confidence": "sure"}),
        ("themes", "A1", {"confidence": ""}),
        ("themes", "A1", {"parent": "Z9"}),
        ("themes", "A1", {"parent": "A1"}),
        ("themes", "A1", {"parent": "A1.1"}),
        ("countries", "NP", {"as_of": "soon"}),
        ("countries", "NP", {"women_pct_2020": "12.34"}),
        ("countries", "NP", {"women_pct_2020": "101"}),
        ("countries", "NP", {"iso3": "QAT"}),
        ("countries", "NP", {"iso3": "npl"}),
        ("countries", "NP", {"name_en": "Nepaul"}),
        ("corridors", "NP-QA", {"alt_year": "20225"}),
        ("provisions", "BALI:B1", {"themes": ["A1", "Z9"]}),
        ("programmes", "SAFE-AND-FAIR", {"starts": "2018-13"}),
    ],
)
def test_what_is_unfit_is_said_beside_its_field(
    office: FlaskClient, kind: str, key: str, spoilt: dict[str, Any]
) -> None:
    path = f"/reference/{kind}/rows/{key}"
    before = cells(kind, key)
    answer = office.post(path, data={**filled(office, path), **spoilt, "reason": "x"})
    assert answer.status_code == 422
    (name,) = spoilt
    named = "since" if name == "name_en" else name
    assert f'id="{named}-error"' in answer.text
    db.session.rollback()
    assert cells(kind, key) == before


def test_digits_of_other_scripts_and_hostile_words_are_taken(office: FlaskClient) -> None:
    path = "/reference/sectors/rows/care"
    sent = {**filled(office, path), "position": "٤٢", "label_fr": HOSTILE + "\0", "reason": HOSTILE}
    assert office.post(path, data=sent).status_code == 303
    db.session.rollback()
    found = cells("sectors", "care")
    assert found["position"] == "42"
    assert found["label_fr"] == "<script>alert(1)</script> ملح"
    for page in (path, "/reference/sectors"):
        assert "<script>alert" not in office.get(page, headers={"Accept-Language": "ar"}).text


def test_a_stale_form_gets_the_newer_beside_its_own_and_loses_nothing(
    office: FlaskClient,
) -> None:
    path = "/reference/themes/rows/A1"
    mine = {**filled(office, path), "label_fr": "À moi", "reason": "mine"}
    theirs = {**filled(office, path), "label_fr": "À eux", "label_ar": "لهم", "reason": "theirs"}
    assert office.post(path, data=theirs).status_code == 303
    answer = office.post(path, data=mine)
    assert answer.status_code == 409
    for words in ("À eux", "À moi", "لهم", 'value="À moi"', "mine"):
        assert words in answer.text
    db.session.rollback()
    assert cells("themes", "A1")["label_fr"] == "À eux"
    # The form of that page rests on what stands here now.
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', answer.text)
    assert seen
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', answer.text)
    assert key
    again = {**mine, "seen": seen[1], "form_key": key[1]}
    assert office.post(path, data=again).status_code == 303
    db.session.rollback()
    assert cells("themes", "A1")["label_fr"] == "À moi"


def test_an_earlier_state_comes_back_by_another_edit(office: FlaskClient) -> None:
    path = "/reference/themes/rows/A1"
    office.post(path, data={**filled(office, path), "label_fr": "Faux", "reason": "a slip"})
    link = re.search(r'href="([^"]*restore=\d+)#edit"', office.get(path).text)
    assert link
    sent = filled(office, html.unescape(link[1]))
    assert sent["label_fr"] == ["Recrutement équitable"]
    assert office.post(path, data={**sent, "reason": "back"}).status_code == 303
    db.session.rollback()
    assert cells("themes", "A1")["label_fr"] == "Recrutement équitable"
    assert db.session.scalar(select(func.count()).select_from(ReferenceEdit)) == 2


def test_what_the_file_says_can_be_taken(office: FlaskClient) -> None:
    path = "/reference/themes/rows/A1"
    office.post(path, data={**filled(office, path), "label_fr": "Faux", "reason": "a slip"})
    sent = filled(office, f"{path}?take=file")
    assert sent["label_fr"] == ["Recrutement équitable"]
    assert office.post(path, data={**sent, "reason": "as published"}).status_code == 303
    assert "What the file says" not in office.get(path).text


def test_a_new_name_of_a_country_asks_since_when_and_who_says_so(office: FlaskClient) -> None:
    path = "/reference/countries/rows/NP"
    sent = {**filled(office, path), "name_en": "Nepaul", "reason": "x"}
    assert office.post(path, data=sent).status_code == 422
    today = db.session.scalar(select(func.current_date()))
    answer = office.post(path, data={**sent, "since": str(today), "authority": "UN terminology"})
    assert answer.status_code == 303, answer.text
    assert "Nepaul" in office.get("/countries/NP").text
    assert "UN terminology" in office.get(f"/reference/designations/rows/NP:{today}").text


# Adding and removing


def test_a_row_is_added_removed_and_added_again(office: FlaskClient) -> None:
    given = {"code": "salt", "label_en": "Salt", "position": "90", "reason": "asked for"}
    answer = office.post("/reference/sectors/new", data=given)
    assert answer.headers["Location"] == "/reference/sectors/rows/salt"
    path = answer.headers["Location"]
    seen = filled(office, path)["seen"]
    refused = office.post(f"{path}/remove", data={"seen": seen})
    assert refused.status_code == 422
    gone = office.post(f"{path}/remove", data={"seen": seen, "reason": "a slip"})
    assert (gone.status_code, gone.headers["Location"]) == (303, "/reference/sectors")
    page = office.get(path).text
    assert "This was removed" in page
    link = re.search(r'href="(/reference/sectors/new\?restore=\d+)"', page)
    assert link
    sent = filled(office, link[1])
    assert office.post("/reference/sectors/new", data={**sent, "reason": "y"}).status_code == 303
    db.session.rollback()
    assert is_there("sectors", "salt")


def test_a_code_that_is_taken_is_refused(office: FlaskClient) -> None:
    given = {"code": "care", "label_en": "Care", "position": "90", "reason": "x"}
    answer = office.post("/reference/sectors/new", data=given)
    assert answer.status_code == 422
    assert "There is one with this code already." in answer.text


def test_a_term_in_use_is_not_removed_but_can_be_retired(office: FlaskClient) -> None:
    make_commitment(make_constituent(), themes=("A1.1",))
    path = "/reference/themes/rows/A1.1"
    seen = filled(office, path)["seen"]
    answer = office.post(f"{path}/remove", data={"seen": seen, "reason": "x"})
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    assert re.search(r"cannot be removed, because it is used by .*1 commitment", text)
    assert f"{path}?retire=1#edit" in text
    sent = filled(office, f"{path}?retire=1")
    assert office.post(path, data={**sent, "reason": "merged"}).status_code == 303
    db.session.rollback()
    assert cells("themes", "A1.1")["retired"] == "yes"


def test_a_stale_removal_is_refused(office: FlaskClient) -> None:
    with transaction() as session:
        session.add(Sector(code="salt", labels={"en": "Salt"}, position=90))
    path = "/reference/sectors/rows/salt"
    seen = filled(office, path)["seen"]
    office.post(path, data={**filled(office, path), "label_fr": "Sel", "reason": "x"})
    answer = office.post(f"{path}/remove", data={"seen": seen, "reason": "x"})
    assert answer.status_code == 422
    assert is_there("sectors", "salt")


# What follows elsewhere


def test_a_download_can_be_loaded_again_and_changes_nothing(
    office: FlaskClient, tmp_path: Path
) -> None:
    make_constituent(code="NP-X", source="s", confidence="high")
    office.post(
        "/reference/sectors/new",
        data={"code": "x", "label_en": "=1+1", "position": "90", "reason": "x"},
    )
    for kind in KINDS:
        answer = office.get(f"/reference/{kind}/data.csv")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f"attachment; filename={kind}.csv"
        folder(tmp_path, **{kind: answer.data})
    assert b"'=1+1" in (tmp_path / "sectors.csv").read_bytes()
    assert not load(tmp_path).written


def test_what_is_retired_is_offered_no_more(
    app: Flask, office: FlaskClient, sign_in: SignIn
) -> None:
    lead = make_constituent()
    commitment = make_commitment(lead, themes=("A1.1",))
    browser = app.test_client()
    sign_in(browser, make_member(lead))
    for address in ("/commitments/propose", f"/commitments/{commitment.code}/edit", "/commitments"):
        assert 'value="A1.1"' in browser.get(address).text, address
    path = "/reference/themes/rows/A1.1"
    office.post(path, data={**filled(office, path), "retired": "y", "reason": "merged"})
    assert 'value="A1.1"' not in browser.get("/commitments/propose").text
    assert 'value="A1.1"' not in browser.get("/commitments").text
    assert 'value="A1.1"' in browser.get(f"/commitments/{commitment.code}/edit").text
    assert "A1.1" in browser.get(f"/commitments/{commitment.code}").text
    assert 'value="A1.1"' not in office.get("/reference/provisions/new").text
