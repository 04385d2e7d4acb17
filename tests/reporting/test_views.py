"""The pages: an administrator looks first, then brings in, once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from policytrack.accounts.models import User
from policytrack.constituents.models import Constituent
from policytrack.core.audit import TrailEntry
from policytrack.core.db import transaction
from policytrack.core.files.models import StagedFile
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from tests.accounts.browsing import form, send
from tests.core import files_made
from tests.factories import make_constituent, make_member, make_user
from tests.reporting.books import BODY, PERSON, PROMISE, book, cells, count

SignIn = Callable[[FlaskClient, User], None]

START = "/administration/workbook"
WHOLE = {
    "Constituents": [{**BODY, "Name (en)": "Ministry <b>of</b> Labour"}],
    "People": [{**PERSON, "Organisation": "NP-MOL", "Role": "contributor"}],
    "Commitments": [{**PROMISE, "Title": "=HYPERLINK(1)"}],
}


@pytest.fixture
def admin(database: Session, client: FlaskClient, sign_in: SignIn) -> User:
    user = make_user(Role.ADMINISTRATOR, name="Admin", email="admin@example.org")
    sign_in(client, user)
    return user


def upload(client: FlaskClient, data: bytes, name: str = "moving.xlsx") -> TestResponse:
    page = client.get(START)
    fields = dict(form(page, START).fields)
    return client.post(START, data={**fields, "file": (io.BytesIO(data), name)})


def test_an_administrator_looks_and_then_brings_in(
    client: FlaskClient, admin: User, database: Session
) -> None:
    answer = upload(client, book(**WHOLE))
    assert answer.status_code == 303
    place = answer.headers["Location"]
    page = client.get(place)
    assert "moving.xlsx" in page.text
    assert "Ministry &lt;b&gt;of&lt;/b&gt; Labour" in page.text
    assert "Bring in: 1 organisation, 1 person, 1 commitment" in page.text
    assert "Send an invitation to the 1 new person" in page.text
    assert count(database, Constituent) == 0
    answer = send(client, page, f"{place}/apply", invite="y")
    assert (answer.status_code, answer.headers["Location"]) == (303, START)
    after = client.get(START)
    assert "The workbook is in: 1 organisation, 1 person, 1 commitment." in after.text
    assert [count(database, each) for each in (Constituent, OutboxItem, StagedFile)] == [1, 1, 0]
    # It waits no more.
    assert client.get(place).status_code == 404


def test_sending_the_word_twice_does_it_once(
    client: FlaskClient, admin: User, database: Session
) -> None:
    place = upload(client, book(**WHOLE)).headers["Location"]
    page = client.get(place)
    answers = [send(client, page, f"{place}/apply") for _ in range(2)]
    assert [each.headers["Location"] for each in answers] == [START, START]
    assert "This was done already." in client.get(START).text
    database.rollback()
    entries = database.query(TrailEntry).filter_by(action="workbook.applied").count()
    assert entries == 1


def test_what_changed_meanwhile_is_shown_again(
    client: FlaskClient, admin: User, database: Session
) -> None:
    place = upload(client, book(**WHOLE)).headers["Location"]
    page = client.get(place)
    make_constituent(code="NP-MOL", labels={"en": "Another"})
    answer = send(client, page, f"{place}/apply")
    assert answer.headers["Location"] == place
    again = client.get(place)
    assert "Nothing was written" in again.text
    assert "Another" in again.text
    assert count(database, User) == 1
    assert send(client, again, f"{place}/apply").headers["Location"] == START
    assert count(database, User) == 2


def test_faults_come_first_and_there_is_no_button(client: FlaskClient, admin: User) -> None:
    rows = [{**BODY, "Country": "<script>", "Code": f"C{n}"} for n in range(130)]
    place = upload(client, book(Constituents=rows)).headers["Location"]
    page = client.get(place)
    assert "130 faults: nothing can be brought in" in page.text
    assert "“\u2068&lt;script&gt;\u2069” is not in the list of countries" in page.text
    assert "And 30 more" in page.text
    assert f"{place}/apply" not in page.text
    # Asked for all the same, it is refused.
    fields = dict(form(page, f"{place}/discard").fields)
    answer = client.post(f"{place}/apply", data={**fields, "stamp": "0" * 40})
    assert answer.headers["Location"] == place
    assert "Nothing was written" in client.get(place).text


def test_the_whole_report_can_be_taken_along(client: FlaskClient, admin: User) -> None:
    place = upload(client, book(**WHOLE, Milestones=[{"Commitment": "", "Number": 1}]))
    report = client.get(f"{place.headers['Location']}/report.csv")
    rows = list(csv.reader(io.StringIO(report.get_data().decode("utf-8-sig"))))
    assert rows[1][:2] == ["Milestones", "2"]
    assert ["Commitments", "2", "K1", "new"] in [row[:4] for row in rows]
    made = client.get(f"{place.headers['Location']}/report.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(made.get_data())).sheetnames == ["about", "report"]
    assert client.get(f"{place.headers['Location']}/report.exe").status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "a.xlsx", "empty"),
        (files_made.pdf(), "a.pdf", "This is no Excel workbook"),
        (b"\x00" * 100, "a.xlsx", "damaged or incomplete"),
    ],
)
def test_what_is_no_workbook_is_refused_beside_the_field(
    client: FlaskClient, admin: User, data: bytes, name: str, why: str
) -> None:
    answer = upload(client, data, name)
    assert answer.status_code == 422
    assert why in answer.text
    assert client.post(START, data=dict(form(answer, START).fields)).status_code == 422


def test_nobody_reads_anothers_workbook(
    app: Flask, client: FlaskClient, admin: User, sign_in: SignIn
) -> None:
    place = upload(client, book(**WHOLE)).headers["Location"]
    other = make_user(Role.ADMINISTRATOR, email="other@example.org")
    officer = make_user(Role.SECRETARIAT)
    focal = make_member(make_constituent())
    for person, code in ((other, 404), (officer, 403), (focal, 403)):
        browser = app.test_client()
        sign_in(browser, person)
        assert browser.get(place).status_code == code
        assert browser.get(f"{place}/report.csv").status_code == code
    assert app.test_client().get(place).status_code in {303, 401}


def test_a_waiting_workbook_is_taken_away(
    client: FlaskClient, admin: User, database: Session
) -> None:
    place = upload(client, book(**WHOLE)).headers["Location"]
    answer = send(client, client.get(place), f"{place}/discard")
    assert answer.headers["Location"] == START
    assert count(database, StagedFile) == 0
    assert client.get(place).status_code == 404


def test_the_export_is_handed_out_and_noted(
    client: FlaskClient, admin: User, database: Session
) -> None:
    make_constituent(code="DEMO", demonstration=True)
    make_constituent(code="NP-MOL")
    answer = send(client, client.get(START), f"{START}/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [row["Code"] for row in cells(answer.get_data(), "Constituents")] == ["NP-MOL"]
    answer = send(client, client.get(START), f"{START}/export", demonstration="y")
    assert len(cells(answer.get_data(), "Constituents")) == 2
    assert count(database, TrailEntry) == 2
    place = upload(client, answer.get_data()).headers["Location"]
    assert "Nothing would change" in client.get(place).text


def test_an_arabic_reader_is_told_in_arabic_words(
    client: FlaskClient, admin: User, database: Session, tmp_path: Path
) -> None:
    with transaction() as session:
        session.get_one(User, admin.id).language = "ar"
    page = client.get(upload(client, book(**WHOLE)).headers["Location"])
    assert page.status_code == 200
    assert 'dir="rtl"' in page.text
    made = openpyxl.load_workbook(
        io.BytesIO(send(client, client.get(START), f"{START}/export").get_data())
    )
    assert made["People"].sheet_view.rightToLeft
    # Workbooks travel: their headings are the same in every language.
    assert made["People"]["A1"].value == "Mail address"
