"""The page of a country, and that of a corridor: first screen, facts, lists, files."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.core.db import transaction
from policytrack.core.i18n import LANGUAGES
from policytrack.core.review import State
from policytrack.dialogues.models import Dialogue
from policytrack.frameworks.models import Instrument, Ratification
from policytrack.pages.presenters.reference import partial_date
from policytrack.places.models import Agreement, Corridor, Country
from policytrack.progress.models import Evidence
from policytrack.progress.rules import Status
from policytrack.rounds.models import Round
from tests.factories import make_commitment, make_constituent, make_note, make_round
from tests.pages.conftest import Count, Read

EARLY = datetime(2020, 1, 1, tzinfo=UTC)


def _page(client: FlaskClient, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def _text(html: str) -> str:
    return re.sub(r"([(]) | ([):,])", r"\1\2", " ".join(re.sub(r"<[^>]+>", " ", html).split()))


def _section(html: str, name: str) -> str:
    """Return the text of the section that a heading of this id opens."""
    return _text(html.split(f'<h2 id="{name}">')[1].split("</section>")[0])


def _nobody(session: Session) -> str:
    """Return a country for which no organisation is listed."""
    listed = select(Constituent.country_iso2).where(Constituent.country_iso2.is_not(None))
    return str(session.scalars(select(Country.iso2).where(Country.iso2.not_in(listed))).first())


def _closed_round() -> Round:
    return make_round(opens_on=date(2021, 1, 1), closes_on=date(2021, 3, 31), zone="UTC")


def test_a_country_opens_with_where_things_stand(client: FlaskClient, database: Session) -> None:
    lead = make_constituent()
    make_note(make_commitment(lead), lead, make_round(), claimed_status=Status.LIMITED)
    make_commitment(lead, due_on=date(2020, 1, 1))
    page = _page(client, "/countries/NP")
    assert "Leads claim progress on 1 of 2 commitments. 1 is past its date." in page
    assert "/commitments?country=NP&amp;status=limited" in page


def test_a_group_without_an_organisation_is_not_called_silent(
    client: FlaskClient, database: Session
) -> None:
    iso2 = _nobody(database)
    heard = _section(_page(client, f"/countries/{iso2}"), "heard")
    assert heard.count("No organisation listed") == 3
    assert "Silent" not in heard


def test_who_was_never_asked_is_not_called_silent(client: FlaskClient, database: Session) -> None:
    iso2 = _nobody(database)
    make_constituent(country_iso2=iso2)
    # What is invented asks invented organisations only.
    invented = make_constituent(country_iso2=iso2, group=Group.WORKERS, demonstration=True)
    made = make_commitment(invented, countries=(iso2,), decided_at=EARLY)
    with transaction() as session:
        session.merge(made).demonstration = True
    _closed_round()
    heard = _section(_page(client, f"/countries/{iso2}"), "heard")
    assert "Governments Not asked yet" in heard
    assert "Workers Silent since 1 Jan 2021" in heard


def test_who_was_asked_and_did_not_answer_is_silent_and_who_answered_is_heard(
    client: FlaskClient, database: Session
) -> None:
    iso2 = _nobody(database)
    government = make_constituent(country_iso2=iso2)
    union = make_constituent(country_iso2=iso2, group=Group.WORKERS)
    commitment = make_commitment(government, countries=(iso2,), decided_at=EARLY)
    answered = _closed_round()
    make_note(commitment, union, answered, published_at=datetime(2021, 2, 3, tzinfo=UTC))
    page = _page(client, f"/countries/{iso2}")
    heard = _section(page, "heard")
    assert "Governments Silent since 1 Jan 2021" in heard
    assert "Workers 3 Feb 2021" in heard
    assert "Governments are silent since 1 Jan 2021." in page


def test_a_commitment_accepted_after_the_round_asked_nobody_in_it(
    client: FlaskClient, database: Session
) -> None:
    iso2 = _nobody(database)
    government = make_constituent(country_iso2=iso2)
    make_commitment(government, countries=(iso2,), decided_at=datetime(2021, 2, 1, tzinfo=UTC))
    _closed_round()
    assert "Governments Not asked yet" in _section(_page(client, f"/countries/{iso2}"), "heard")


def _ratified(iso2: str, **values: object) -> None:
    with transaction() as session:
        code = session.scalars(
            select(Instrument.code)
            .where(
                Instrument.code.not_in(
                    select(Ratification.instrument_code).where(Ratification.country_iso2 == iso2)
                )
            )
            .order_by(Instrument.position)
        ).first()
        session.add(
            Ratification(
                country_iso2=iso2,
                instrument_code=code,
                source="https://list.example/all",
                **{"confidence": "high", **values},
            )
        )


def test_ratifications_say_their_date_and_a_no_the_date_of_its_list(
    client: FlaskClient, database: Session
) -> None:
    iso2 = _nobody(database)
    _ratified(iso2, state="yes", on=date(2012, 9, 5))
    _ratified(iso2, state="yes", year=2009)
    _ratified(iso2, state="no", as_of=date(2020, 10, 5))
    told = _section(_page(client, f"/countries/{iso2}"), "ratifications")
    assert "ratified 5 Sep 2012" in told
    assert "ratified 2009" in told
    assert "not ratified as of 5 Oct 2020" in told
    assert "list.example" in told


def test_weak_ratifications_stand_apart_and_say_so(client: FlaskClient, database: Session) -> None:
    iso2 = _nobody(database)
    _ratified(iso2, state="yes", year=1999, confidence="low")
    page = _page(client, f"/countries/{iso2}")
    assert "ratified 1999" in page
    assert "ratified 1999" not in page.split('<details class="weakly">')[0]
    assert re.search(r"\d+ more from weak sources", page)


def test_migrants_are_told_by_sex_with_their_source(client: FlaskClient, database: Session) -> None:
    country = database.get_one(Country, "SA")
    assert country.women_pct_2020 is not None
    page = _text(_page(client, "/countries/SA"))
    assert f"{country.migrants_2020:,}" in page
    assert f"{country.women_pct_2020:.1f} % women" in page
    assert "UN DESA, International Migrant Stock 2020" in page


@pytest.mark.parametrize(("split", "shown"), [("origin-specific", True), ("x-average", False)])
def test_women_are_counted_only_where_they_were_for_the_corridor(
    client: FlaskClient, database: Session, split: str, shown: bool
) -> None:
    with transaction() as session:
        corridor = session.scalars(select(Corridor).where(Corridor.code == "NP-QA")).one()
        corridor.stock_2020, corridor.women_2020 = 200_000, 43_211
        corridor.alt_figure = None
        corridor.sex_split_quality = split
    for address in ("/corridors/NP-QA", "/countries/NP", "/countries/QA"):
        page = _page(client, address)
        assert "200,000" in page, address
        assert ("43,211" in page) is shown, address


def test_agreements_say_what_they_are_worth(client: FlaskClient, database: Session) -> None:
    def agreement(code: str, **values: object) -> Agreement:
        return Agreement(
            code=code,
            corridor_code="NP-QA",
            labels={"en": f"Agreement {code}"},
            position=9,
            source="https://papers.example/1",
            **{"confidence": "high", "state": "signed", **values},
        )

    with transaction() as session:
        session.add_all(
            [
                agreement("A", signed="2018-05-11"),
                agreement("B", signed="2025", year_inferred=True, confidence="medium"),
                agreement("C", state="announced"),
                agreement("D", signed="2001", confidence="low"),
                agreement("E", signed="2005", state="in_force", as_of="2017-10"),
                agreement("F", state="expired", as_of="2016-05-30"),
            ]
        )
    for address in ("/corridors/NP-QA", "/countries/NP"):
        page = _text(_page(client, address))
        assert "Agreement A signed 11 May 2018" in page
        assert "Agreement B signed 2025 (year inferred)" in page
        assert "Agreement E in force as of Oct 2017 · signed 2005" in page
        assert "Agreement F expired 30 May 2016" in page
        heads = ("In force Agreement E", "Signed The sources", "Announced, drafted, suspended")
        heads = heads if address.startswith("/corridors") else heads[1:]
        places = [page.index(head) for head in heads]
        assert places == sorted(places)
        assert page.index("Agreement C", places[-1]) > places[-1]
        assert "Agreement D" in page.rsplit("from weak sources", 1)[1]


def test_a_month_is_said_in_each_language(app: Flask) -> None:
    said = {}
    for language in LANGUAGES:
        with app.test_request_context(), force_locale(language):
            said[language] = partial_date("2018-05")
    assert said == {"en": "May 2018", "ar": "أيار/مايو 2018", "fr": "mai 2018"}


def test_a_corridor_leads_to_its_mirror(read: Read, database: Session) -> None:
    assert "The other way" not in read("/corridors/NP-QA")
    with transaction() as session:
        session.add(
            Corridor(
                code="QA-NP",
                origin_iso2="QA",
                destination_iso2="NP",
                source="test",
                confidence="medium",
            )
        )
    page = read("/corridors/NP-QA")
    assert 'href="/corridors/QA-NP">The other way' in page
    assert 'href="/corridors/NP-QA">The other way' in read("/corridors/QA-NP")


def test_both_ends_of_a_corridor_stand_side_by_side(client: FlaskClient, database: Session) -> None:
    here = make_constituent()
    there = make_constituent(country_iso2="QA")
    regional = make_constituent(country_iso2=None, group=Group.WORKERS)
    open_round = make_round()
    for lead, title in ((here, "From here"), (there, "From there"), (regional, "From afar")):
        made = make_commitment(lead, countries=(), corridors=("NP-QA",), title=title)
        make_note(made, lead, open_round, done=f"{title} we report.")
    page = _text(_page(client, "/corridors/NP-QA"))
    order = ["Led from Nepal", "From here", "Led from Qatar", "From there", "From afar"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    reported = page[page.index("From Nepal From here") :]
    assert reported.index("From here we report") < reported.index("From Qatar")
    assert reported.index("From there we report") < reported.index("From afar we report")


def test_lists_of_a_corridor_are_paged_each_on_its_own(
    client: FlaskClient, database: Session
) -> None:
    here, there = make_constituent(), make_constituent(country_iso2="QA")
    for number in range(7):
        made = make_commitment(here, corridors=("NP-QA",))
        open_round = make_round(
            opens_on=date(2010 + number, 1, 1), closes_on=date(2010 + number, 2, 1)
        )
        make_note(made, here, open_round, done=f"Here {number}.")
        make_note(made, there, open_round, done=f"There {number}.")
    first = _page(client, "/corridors/NP-QA")
    assert first.count("Here ") == 5
    second = _page(client, "/corridors/NP-QA?origin=2")
    assert second.count("Here ") == 2
    assert second.count("There ") == 5
    assert "/corridors/NP-QA?origin=2&amp;destination=2#destination" in second


def test_documents_are_those_published_with_notes(client: FlaskClient, database: Session) -> None:
    lead = make_constituent()
    commitment = make_commitment(lead, corridors=("NP-QA",))
    published = make_note(commitment, lead, make_round())
    draft = make_note(
        commitment, make_constituent(group=Group.WORKERS), make_round(), state=State.SUBMITTED
    )
    with transaction() as session:
        for note, title in ((published, "Circular 12"), (draft, "Quokka circular")):
            session.add(
                Evidence(
                    revision_id=note.published_id or note.open_id,
                    title=title,
                    url="https://ministry.example/circular",
                )
            )
    for address in ("/countries/NP", "/corridors/NP-QA"):
        page = _page(client, address)
        assert "Circular 12" in _section(page, "documents")
        assert "Quokka" not in page


def test_organisations_that_are_invented_or_retired_are_told_apart(
    client: FlaskClient, database: Session
) -> None:
    iso2 = _nobody(database)
    make_constituent(
        country_iso2=iso2, labels={"en": "Real Ministry"}, acronym="RM", as_of=date(2026, 1, 2)
    )
    make_constituent(country_iso2=iso2, labels={"en": "Invented Body"}, demonstration=True)
    make_constituent(country_iso2=iso2, labels={"en": "Former Body"}, retired=True)
    listed = _section(_page(client, f"/countries/{iso2}"), "organisations")
    assert "Real Ministry (RM) as of 2 Jan 2026" in listed
    assert "Invented Body Demonstration" in listed
    assert "Former Body" not in listed


@pytest.mark.parametrize("address", ["/countries/NP", "/corridors/NP-QA"])
def test_what_a_page_says_goes_along_as_data(
    client: FlaskClient, database: Session, address: str
) -> None:
    lead = make_constituent(source="For the secretariat", note="only", code="NP-X")
    commitment = make_commitment(lead, corridors=("NP-QA",), title="=1+1", language="ne")
    make_note(commitment, lead, make_round(), done="शुल्क फिर्ता गरियो।", language="ne")
    make_note(commitment, lead, make_round(), state=State.SUBMITTED, done="Quokka")
    answer = client.get(f"{address}/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    data = json.loads(answer.data)
    assert [(row["done"], row["language"]) for row in data["progress_notes"]] == [
        ("शुल्क फिर्ता गरियो।", "ne")
    ]
    qatar = [row for row in data["places"] if row["code"] == "QA"]
    assert qatar or address == "/countries/NP"
    assert all(row["migrants_2020"] and "DESA" in row["source"] for row in qatar)
    meetings = {row["code"] for row in data["dialogues"]}
    assert meetings <= set(database.scalars(select(Dialogue.code)))
    assert "programmes" in data
    told = json.dumps(data, ensure_ascii=False)
    assert "Quokka" not in told
    assert "For the secretariat" not in told
    assert "The designations employed" in told
    assert [row["title"] for row in data["commitments"]] == ["=1+1"]
    assert data["commitments"][0]["language"] == "ne"
    assert any(row["code"] == "NP-X" for row in data["organisations"])
    assert all(row["source"] for row in data["ratifications"])
    assert {row["code"] for row in data["corridors"]} >= {"NP-QA"}
    book = load_workbook(BytesIO(client.get(f"{address}/data.xlsx").data))
    assert {"commitments", "corridors", "ratifications", "agreements", "organisations"} <= set(
        book.sheetnames
    )
    assert book["commitments"]["B2"].value == "=1+1"
    assert book["commitments"]["B2"].data_type == "s"


@pytest.mark.parametrize(
    "address",
    [
        "/countries/np",
        "/countries/XX",
        "/countries/N%00",
        "/countries/NP/data.pdf",
        "/countries/XX/data.json",
        "/corridors/NP-NP",
        "/corridors/NP-QA/data.exe",
        "/corridors/XX-YY/data.xlsx",
    ],
)
def test_what_is_not_there_is_not_found(
    client: FlaskClient, database: Session, address: str
) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=abc&page=2", "documents=99999999999", "origin=0&destination=x", "page=%00"],
)
@pytest.mark.parametrize("address", ["/countries/NP", "/corridors/NP-QA"])
def test_whatever_page_is_asked_for_the_place_answers(
    client: FlaskClient, database: Session, address: str, query: str
) -> None:
    lead = make_constituent()
    make_note(make_commitment(lead, corridors=("NP-QA",)), lead, make_round())
    assert client.get(f"{address}?{query}").status_code == 200


def _fill(number: int) -> None:
    reporting_round = make_round()
    for _ in range(number):
        lead = make_constituent()
        for body in (lead, make_constituent(country_iso2="QA"), make_constituent(group="workers")):
            made = make_commitment(body, corridors=("NP-QA",))
            note = make_note(made, body, reporting_round)
            with transaction() as session:
                session.add(
                    Evidence(
                        revision_id=note.published_id, title="Proof", url="https://a.example/b"
                    )
                )


@pytest.mark.parametrize(
    "address",
    [
        "/countries/NP",
        "/corridors/NP-QA",
        "/countries/NP/data.json",
        "/corridors/NP-QA/data.json",
    ],
)
def test_a_place_costs_no_more_queries_with_more_rows(
    client: FlaskClient, database: Session, count_queries: Count, address: str
) -> None:
    _fill(1)
    few = count_queries(lambda: client.get(address))
    _fill(15)
    many = count_queries(lambda: client.get(address))
    assert few == many > 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_empty_country_says_what_it_has_not(
    client: FlaskClient, database: Session, language: str
) -> None:
    page = _page(client, f"/countries/{_nobody(database)}", language)
    assert page.count("<h1") == 1


def test_a_long_title_of_another_script_stays_whole(client: FlaskClient, database: Session) -> None:
    title = "عنوان طويل جدا " * 20
    make_commitment(make_constituent(), title=title.strip()[:300], language="ar")
    assert title.strip()[:300] in _page(client, "/countries/NP")
