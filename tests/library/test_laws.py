"""Laws compared: how terms are written, reviewed and carried on, and the table they stand in."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core.db import transaction
from policytrack.core.errors import InvalidInput
from policytrack.core.review import State
from policytrack.frameworks.models import Theme
from policytrack.library import description as descriptions
from policytrack.library import service
from policytrack.library.models import LawColumn, LibraryRevision
from policytrack.library.terms import Term
from policytrack.search.index.follower import Follower
from tests.library.scene import As, Scene, send, values_of
from tests.library.shelf import Shelved, shelve
from tests.pages.conftest import Count, Read

PAYS = Term("fees-who-pays", choice="employer", value="also the ticket", article="7 (2)", page=2)
EIGHT = ("NP", "QA", "BD", "SA", "LK", "KW", "ID", "PH")
CAP = Term("fees-cap", amount=Decimal(45000), currency="NPR")


def lay_down(of: Shelved, *said: Term) -> Shelved:
    """Have a law say these terms."""
    with transaction() as session:
        revision = session.get_one(LibraryRevision, of.revision_id)
        given = descriptions.described(revision)
        descriptions.put(session, revision, _with(given, said))
    return of


def _with(given: descriptions.Description, said: tuple[Term, ...]) -> descriptions.Description:
    values: dict[str, Any] = {name: getattr(given, name) for name in descriptions.NAMES}
    return descriptions.Description(**{**values, "terms": said})


def law(title: str, *said: Term, country: str = "NP", **more: Any) -> Shelved:
    tied = {"countries": [country], "themes": ["A1.1"]}
    return lay_down(shelve(**{"title": title, "tied": tied, **more}), *said)


def group(page: str, heading: str) -> str:
    """Return the rows that stand under a country or side."""
    parts = page.partition("<table")[2].split("<tbody>")[1:]
    return next(part for part in parts if heading in part.partition("</tr>")[0])


# --- Writing


def test_a_law_is_asked_point_by_point_for_its_themes_only(scene: Scene, as_: As) -> None:
    public_id = scene.start(themes=("A1.1",))
    page = as_("focal").get(f"/library/{public_id}/edit").text
    asked = values_of(page, r"terms-\d+-column")
    assert asked == ["fees-who-pays", "fees-cap", "fees-workers", "fees-sanction"]
    assert "What it lays down" not in as_("focal").get(f"/library/{scene.start()}/edit").text


def _filled(page: str, **typed: str) -> dict[str, str]:
    found = {
        "form_key": values_of(page, "form_key")[-1],
        "version": values_of(page, "version")[0],
        "type": "law",
        "title": "Act",
        "summary": "It forbids fees.",
        "language": "en",
        "themes": "A1.1",
        "rights": "copy",
        "visibility": "public",
    }
    for row, code in enumerate(values_of(page, r"terms-\d+-column")):
        found[f"terms-{row}-column"] = code
    return found | typed


def test_what_was_typed_is_kept_goes_into_a_new_version_and_is_read(
    scene: Scene, as_: As, read: Read
) -> None:
    public_id = scene.start(themes=("A1.1",), countries=("NP",))
    browser = as_("focal")
    address = f"/library/{public_id}/edit"
    typed = {
        "terms-0-choice": "employer",
        "terms-0-value": "أيضًا التذكرة",
        "terms-0-language": "ar",
        "terms-0-article": "7 (2)",
        "terms-0-page": "٢",
        "terms-1-amount": "٤٥٬٠٠٠",  # noqa: RUF001 - as it is typed in Arabic
        "terms-1-currency": "NPR",
    }
    given = _filled(browser.get(address).text, countries="NP", **typed)
    assert send(browser, address, given).status_code == 303
    seen = scene.stamp(public_id)
    scene.do(service.submit, public_id, "focal", people_protected=True, seen=seen)
    scene.do(service.take_up, public_id, "officer")
    scene.do(service.publish, public_id, "officer")
    scene.do(service.revise, public_id, "focal")
    revision = scene.document(public_id).open
    assert revision is not None
    said = [each.as_term() for each in revision.terms]
    assert said[1] == Term(
        "fees-who-pays", choice="employer", value="أيضًا التذكرة", language="ar",
        article="7 (2)", page=2,
    )  # fmt: skip
    assert said[0] == CAP
    page = read(f"/library/{public_id}").partition('id="terms"')[2]
    assert "The employer" in page
    assert '<p lang="ar" dir="auto">أيضًا التذكرة</p>' in page
    assert "45,000\u00a0NPR" in page
    assert "/library/laws?theme=A1.1&amp;country=NP" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"terms-0-choice": "nobody"}, "Choose from the list."),
        ({"terms-0-value": "x", "terms-0-page": "four"}, "Write the number of a page"),
        ({"terms-0-value": "x", "terms-0-page": "0"}, "Write the number of a page"),
        ({"terms-0-value": "x", "terms-0-page": "9" * 30}, "Write the number of a page"),
        ({"terms-1-amount": "5"}, "Say in which currency."),
        ({"terms-1-amount": "-5", "terms-1-currency": "NPR"}, "Write a number without a sign"),
        ({"terms-1-amount": "5", "terms-1-currency": "XXX"}, "Choose from the list."),
        ({"terms-0-article": "7"}, "Say what the law lays down there"),
        ({"terms-0-value": "x" * 2_001}, "This is longer than 2000 characters"),
        ({"terms-0-value": "x", "terms-0-language": "xx"}, "Choose from the list."),
        ({"terms-0-column": "no-such", "terms-0-value": "x"}, "Choose from the list."),
        ({"terms-1-column": "fees-who-pays", "terms-0-value": "x", "terms-1-value": "y"}, "twice"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_typed_is_lost(
    scene: Scene, as_: As, typed: dict[str, str], sentence: str
) -> None:
    public_id = scene.start(themes=("A1.1",))
    browser = as_("focal")
    address = f"/library/{public_id}/edit"
    given = _filled(browser.get(address).text, **{"terms-3-value": "A fine.", **typed})
    answer = send(browser, address, given)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "A fine." in answer.text
    revision = scene.document(public_id).open
    assert revision is not None
    assert revision.terms == []


def test_a_column_that_is_not_there_is_refused_whoever_asks(scene: Scene) -> None:
    with pytest.raises(InvalidInput):
        scene.start(terms=(Term("no-such", value="x"),))


def test_a_stale_form_shows_the_newer_terms(scene: Scene, as_: As) -> None:
    public_id = scene.start(themes=("A1.1",))
    browser = as_("focal")
    address = f"/library/{public_id}/edit"
    old = browser.get(address).text
    send(browser, address, _filled(old, **{"terms-0-choice": "worker"}))
    answer = send(browser, address, _filled(old, form_key="k" * 20, **{"terms-0-value": "mine"}))
    assert answer.status_code == 409
    assert "Who pays: The worker" in answer.text
    assert "mine" in answer.text


# --- The table


def test_each_law_stands_under_its_country_with_its_place(read: Read, database: Session) -> None:
    one = law("Fees Act", PAYS, CAP, text=["One.", "Two."], in_force_from="2019",
              legal_status="in_force")  # fmt: skip
    law("Older Act", Term("fees-who-pays", choice="worker"), legal_status="repealed")
    law("Bare Act")
    page = read("/library/laws?theme=A1.1&country=NP&country=QA")
    nepal = group(page, "Nepal")
    assert nepal.index("Fees Act") < nepal.index("Older Act")
    assert "The employer" in nepal
    assert "Article <bdi>7 (2)</bdi>" in nepal
    assert f'href="/library/{one.public_id}/text?file={one.file}&amp;page=2#p2"' in nepal
    assert ">In force</span>" in nepal
    assert "in force from 2019" in nepal
    assert 'not-in-force">Repealed</span>' in nepal
    assert "not filled in point by point yet" in nepal
    assert "Bare Act" in nepal.partition("not filled in point by point yet")[2]
    assert "No law of Qatar is recorded here" in group(page, "Qatar")


def test_a_corridor_has_two_sides_and_what_was_agreed(read: Read, database: Session) -> None:
    law("Act of Nepal", PAYS)
    law("Act of Qatar", PAYS, country="QA")
    lay_down(shelve(title="Memorandum", type="agreement", corridors=["NP-QA"]), PAYS)
    lay_down(shelve(title="Other memorandum", type="agreement", corridors=["NP-SA"]), PAYS)
    page = read("/library/laws?theme=A1.1&corridor=NP-QA&country=BD")
    assert "Act of Nepal" in group(page, "/countries/NP")
    assert "Act of Qatar" in group(page, "/countries/QA")
    both = group(page, "both sides")
    assert "Memorandum" in both
    assert "Other memorandum" not in both
    assert "Bangladesh</bdi></a></h2>" not in page


def test_what_one_may_not_read_is_not_there(as_: As, scene: Scene, database: Session) -> None:
    law("For constituents", PAYS, visibility="constituents")
    law("A draft", PAYS, state=State.DRAFT)
    law("Retracted", PAYS, state=State.RETRACTED)
    address = "/library/laws?theme=A1.1&country=NP"
    public = as_("public").get(address).text
    assert "No law of Nepal is recorded here" in public
    assert "For constituents" in as_("outsider").get(address).text
    assert not re.search("A draft|Retracted", as_("outsider").get(address).text)
    data = as_("public").get("/library/laws.json?theme=A1.1&country=NP").text
    assert "For constituents" not in data


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Choose a theme, and countries or a corridor."),
        ("theme=Z9&country=NP", "There is no such theme: Z9."),
        ("theme=%00&country=NP", "There is no such theme."),
        ("theme=A4.5&country=NP", "Laws are not compared under"),
        ("theme=A1&country=NP", "Laws are not compared under"),
        ("country=ZZ&country=NP", "There is no such country or territory: ZZ."),
        ("country=<script>&country=NP", "There is no such country or territory."),
        ("corridor=NP-NP", "There is no such corridor: NP-NP."),
        (
            "&".join(f"country={each}" for each in (*EIGHT, "JO")),
            "Up to 8 countries stand beside each other; left out: Jordan.",
        ),
        ("&".join("country=NP" for _ in range(500)), "No law of Nepal is recorded here"),
    ],
)
def test_what_cannot_be_compared_is_said(
    client: FlaskClient, database: Session, query: str, sentence: str
) -> None:
    answer = client.get(f"/library/laws?{query}")
    assert answer.status_code == 200
    assert sentence in answer.text
    assert answer.text.count("No law of Nepal") <= 1
    assert client.get(f"/library/laws.csv?{query}").status_code == 200


def test_a_retired_column_is_asked_no_more_and_shows_where_it_was_used(
    read: Read, scene: Scene, as_: As
) -> None:
    law("Fees Act", PAYS)
    with transaction() as session:
        for code in ("fees-who-pays", "fees-cap"):
            session.get_one(LawColumn, code).retired = True
    head = read("/library/laws?theme=A1.1&country=NP").partition("<thead>")[2]
    head = head.partition("</thead>")[0]
    assert "Who pays" in head
    assert "Cap" not in head
    page = as_("focal").get(f"/library/{scene.start(themes=('A1.1',))}/edit").text
    assert values_of(page, r"terms-\d+-column") == ["fees-workers", "fees-sanction"]


def test_the_table_is_taken_along_point_by_point(client: FlaskClient, database: Session) -> None:
    made = law("Fees Act", PAYS, CAP)
    address = "/library/laws.{}?theme=A1.1&country=NP&country=QA"
    answer = client.get(address.format("csv"))
    lines = answer.data.decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(lines)))
    assert [row["column"] for row in found[:2]] == ["fees-who-pays", "fees-cap"]
    assert (found[0]["answer"], found[0]["article"], found[0]["page"]) == (
        "The employer", "7 (2)", "2",
    )  # fmt: skip
    assert (found[1]["amount"], found[1]["currency"]) == ("45000", "NPR")
    assert found[0]["address"].endswith(made.page)
    data = json.loads(client.get(address.format("json")).data)
    assert "No law of Qatar is recorded here" in json.dumps(data)


def test_the_table_costs_the_same_however_much_stands_in_it(
    client: FlaskClient, database: Session, count_queries: Count
) -> None:
    address = "/library/laws?theme=A1.1&" + "&".join(f"country={each}" for each in EIGHT)
    law("Fees Act", PAYS, CAP, text=["One."], corridors=["NP-QA"])
    client.get(address)
    before = count_queries(partial(client.get, address))
    for number, country in enumerate((*EIGHT, "NP", "NP")):
        law(f"Act {number}", PAYS, CAP, country=country, text=[f"{number}."], corridors=["NP-QA"])
    assert count_queries(partial(client.get, address)) == before


def test_what_a_law_lays_down_is_found_by_its_words(
    app: Flask, client: FlaskClient, database: Session
) -> None:
    law("Fees Act", Term("fees-sanction", value="Repayment in quadruplicate."))
    Follower(app).rebuild()
    assert "Fees Act" in client.get("/search?q=quadruplicate").text


def test_every_column_belongs_to_a_sub_theme_and_every_choice_to_a_column(
    database: Session,
) -> None:
    columns = database.scalars(select(LawColumn)).all()
    areas = set(database.scalars(select(Theme.code).where(Theme.parent_code.is_(None))))
    assert len({each.theme_code for each in columns}) >= 6
    assert not {each.theme_code for each in columns} & areas
    assert all(each.choices for each in columns if each.kind == "choice")
