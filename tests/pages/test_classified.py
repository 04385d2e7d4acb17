"""Themes, provisions, instruments, terms, programmes, dialogues, statuses: the answer, sourced."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.commitments.models import CommitmentRevision
from policytrack.commitments.rules import TextState
from policytrack.constituents.rules import Group
from policytrack.core.db import transaction
from policytrack.core.review import State
from policytrack.frameworks.models import Provision, Sector, StatusWord, TargetGroup, Theme
from policytrack.progress.rules import Status
from tests.factories import (
    make_commitment,
    make_constituent,
    make_dialogue,
    make_instrument,
    make_note,
    make_place_note,
    make_programme,
    make_programme_item,
    make_ratification,
    make_round,
)
from tests.pages.conftest import Read


def _words(page: str) -> str:
    text = re.sub(r"<svg.*?</svg>", "", page, flags=re.S)
    text = re.sub(r"<[^>]+>", " ", re.sub("[\u2066-\u2069]", "", text))
    return re.sub(r"\s+", " ", text)


def _row(page: str, name: str) -> str:
    """Return the words of the table row that a name heads."""
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", page, flags=re.S)
    return next(_words(row) for row in rows if name in row)


# Themes


def test_an_area_counts_its_sub_themes_each_commitment_once(database: Session, read: Read) -> None:
    lead = make_constituent()
    make_commitment(lead, themes=("A1.1", "A1.2"), title="On two sub-themes")
    make_commitment(lead, themes=("A1",), title="On the area")
    make_commitment(lead, themes=("A2.1",), title="Elsewhere")
    make_commitment(lead, themes=("A1.1",), title="Under way", state=TextState.PROPOSED)
    area, part = read("/themes/A1"), read("/themes/A1.1")
    assert "The leads of 2 commitments claim no progress yet." in area
    assert "On the area" in area
    assert "Elsewhere" not in area
    assert "The lead of 1 commitment claims no progress yet." in part
    assert "On the area" not in part
    assert "Under way" not in area + part
    themes = _words(read("/themes"))
    assert "2 commitments in all" in themes
    assert "No recruitment fees or related costs charged to workers 1 commitment" in themes


def test_a_theme_shows_notes_on_places_and_what_maps_to_it(database: Session, read: Read) -> None:
    lead, reporting_round = make_constituent(), make_round()
    make_place_note(lead, reporting_round, theme="A1.1", done="Twelve licences fell.")
    make_place_note(lead, reporting_round, corridor="NP-QA", theme="A1.2", done="A hotline.")
    make_place_note(lead, reporting_round, country="QA", theme="A2.1", done="Not of here.")
    area, part = read("/themes/A1"), read("/themes/A1.1")
    assert "Twelve licences fell." in area
    assert "A hotline." in area
    assert "A hotline." not in part
    assert "Not of here." not in area
    assert 'href="/frameworks/BALI/B1"' in part
    assert 'href="/instruments/C181"' in part
    assert "Labels are paraphrases" in part
    assert 'href="/themes/A1"' in part


def test_a_retired_theme_keeps_its_page_and_leaves_the_lists(database: Session, read: Read) -> None:
    with transaction() as session:
        session.get_one(Theme, "A1.1").retired = True
    assert "No longer offered" in read("/themes/A1.1")
    assert 'href="/themes/A1.1"' not in read("/themes") + read("/themes/A1")


# Frameworks and provisions


def test_a_framework_says_who_adopted_it_and_counts_by_provision(
    database: Session, read: Read
) -> None:
    lead = make_constituent()
    make_commitment(lead, provisions=("B1", "B2"))
    make_commitment(lead, provisions=("B1",))
    page = read("/frameworks/BALI")
    assert "16th Asia and the Pacific Regional Meeting of the ILO" in page
    assert "9 Dec 2016" in page
    assert "The leads of 2 commitments" in page
    assert _row(page, "/frameworks/BALI/B1").endswith(" 2 ")
    assert _row(page, "/frameworks/BALI/B3").endswith(" 0 ")
    assert _row(read("/frameworks"), "/frameworks/BALI").endswith(" 2 ")


@pytest.mark.parametrize(
    ("code", "word", "meaning"),
    [
        ("B1", "Paraphrased", "do not quote it as the text"),
        ("B5", "An editorial reading", "The text does not say this in so many words"),
        ("B12", "An editorial reading", "The text does not say this in so many words"),
    ],
)
def test_a_provision_says_how_it_is_sourced(
    database: Session, read: Read, code: str, word: str, meaning: str
) -> None:
    page = read(f"/frameworks/BALI/{code}")
    notice = page[page.index('class="notice') : page.index('class="lede"')]
    assert word in notice
    assert meaning in notice
    assert 'rel="external' in notice
    assert f"{code}</bdi>" in page
    assert word in _row(read("/frameworks/BALI"), f'/frameworks/BALI/{code}"')


def test_a_provision_that_nobody_checked_is_marked_in_lists(database: Session, read: Read) -> None:
    page = read("/frameworks/BALI")
    assert "low confidence" in _row(page, '/frameworks/BALI/B11"')
    assert "low confidence" not in _row(page, '/frameworks/BALI/B10"')
    assert page.count("low confidence") == 1


def test_what_is_quoted_says_so(database: Session, read: Read) -> None:
    with transaction() as session:
        found = session.scalars(
            select(Provision).where(Provision.framework_code == "BALI", Provision.code == "B1")
        ).one()
        found.wording = "quoted"
    assert "These are the words of the text itself." in read("/frameworks/BALI/B1")


def test_a_provision_counts_by_status_and_by_country_of_the_lead(
    database: Session, read: Read
) -> None:
    nepal, qatar = make_constituent(), make_constituent(country_iso2="QA")
    region = make_constituent(country_iso2=None, group=Group.WORKERS)
    reporting_round = make_round()
    told = make_commitment(nepal, countries=("QA",))
    make_note(told, nepal, reporting_round, claimed_status=Status.LIMITED)
    # What others say of it does not count: each status is the lead's.
    make_note(told, qatar, reporting_round, claimed_status=Status.COMPLETE)
    make_commitment(nepal)
    make_commitment(qatar)
    make_commitment(region)
    make_commitment(qatar, provisions=("B2",))
    page = read("/frameworks/BALI/B1")
    assert "Leads claim progress on 1 of 4 commitments." in page
    table = page[page.index('id="countries"') : page.index('id="mapped"')]
    assert _row(table, "Nepal").split()[1:] == ["1", "1", "2"]
    assert _row(table, "Qatar").split()[1:] == ["1", "1"]
    assert table.index("Qatar") < table.index("Regional organisations")
    mapped = page[page.index('id="mapped"') :]
    assert 'href="/frameworks/SDG/10.7.1"' in mapped
    assert 'href="/frameworks/BALI/' not in mapped


# Instruments


def test_an_instrument_says_who_ratified_and_as_of_when_not(database: Session, read: Read) -> None:
    made = make_instrument(code="X1")
    make_ratification(made, "PH", on=date(2012, 9, 5), year=2012)
    make_ratification(made, "KE", year=1979)
    make_ratification(made, "BD", state="pending")
    make_ratification(made, "NP", state="no", as_of=date(2020, 10, 5))
    make_ratification(made, "QA", state="no", as_of=date(2013, 12, 31))
    make_ratification(made, "SA", state="no")
    make_ratification(made, "TH", state="yes", confidence="low")
    page = _words(read("/instruments/X1"))
    assert "Ratified by 2 of the 5 countries and territories on record here." in page
    assert "ratified 5 Sep 2012" in page
    assert "ratified 1979" in page
    assert "under way" in page
    assert "not ratified as of 5 Oct 2020" in page
    assert "not ratified as of 31 Dec 2013" in page
    assert "Saudi Arabia" not in page  # a "no" without the date of its list says nothing
    weak = page[page.index("1 more from weak sources") :]
    assert "Thailand" in weak
    assert "Thailand" not in page.replace(weak, "")
    row = _row(read("/instruments"), "/instruments/X1")
    assert "2 of 5" in row
    assert "31 Dec 2013" in row


def test_without_a_no_there_is_no_whole(database: Session, read: Read) -> None:
    made = make_instrument(code="X1")
    make_ratification(made, "PH", year=2012)
    assert "Known here to be ratified by 1 country or territory." in read("/instruments/X1")
    assert "1 known" in _row(read("/instruments"), "/instruments/X1")
    make_instrument(code="X2", kind="recommendation")
    make_instrument(code="X3")
    assert "not open to ratification" in read("/instruments/X2")
    assert "no record of its ratification" in read("/instruments/X3")


def test_a_weak_instrument_is_in_no_list(database: Session, read: Read) -> None:
    make_instrument(code="X1", confidence="low")
    assert 'href="/instruments/X1"' not in read("/instruments")
    assert "low confidence" in read("/instruments/X1")


# Sectors and target groups


def _classify(commitment_id: int) -> None:
    with transaction() as session:
        text = session.scalars(
            select(CommitmentRevision).where(CommitmentRevision.commitment_id == commitment_id)
        ).one()
        text.sectors = [session.get_one(Sector, "domestic-work")]
        text.target_groups = [session.get_one(TargetGroup, "domestic-workers")]


@pytest.mark.parametrize("address", ["/sectors/domestic-work", "/target-groups/domestic-workers"])
def test_a_term_shows_its_commitments_and_programmes(
    database: Session, read: Read, address: str
) -> None:
    lead = make_constituent()
    chosen = make_commitment(lead, title="For cooks and carers")
    make_commitment(lead, title="For nobody in particular")
    _classify(chosen.id)
    make_programme(labels={"en": "Homes and Hands"})
    page = read(address)
    assert "For cooks and carers" in page
    assert "For nobody in particular" not in page
    assert "Homes and Hands" in page
    assert "The lead of 1 commitment" in page
    assert f'href="{address}"' in read("/sectors")
    assert f'href="{address}"' in read(f"/commitments/{chosen.code}")


# Programmes


def test_a_programme_says_who_where_when_and_what_came_of_it(database: Session, read: Read) -> None:
    made = make_programme(
        code="HH",
        partners=["UNODC"],
        funders=["European Union"],
        parent_initiative={"en": "Spotlight"},
    )
    make_programme_item(made, women=902, men=278, total=1180, page="14", country_iso2="NP")
    make_programme_item(made, labels={"en": "Few came"}, women=3, men=90, total=93)
    make_programme_item(made, kind="lesson", labels={"en": "Start with the unions."})
    make_programme_item(made, labels={"en": "Hearsay"}, confidence="low")
    page = _words(read("/programmes/HH"))
    for words in ("ILO", "UNODC", "European Union", "Spotlight", "2020 to 31 Dec 2023"):
        assert words in page
    assert "Women: 902 · Men: 278 · Total: 1,180" in page
    assert "page 14" in page
    assert "Start with the unions." in page
    assert "Hearsay" not in page
    few = page[page.index("Few came") :]
    assert "Men: 90" in few
    assert "Women: 3" not in few
    assert "Total: 93" not in few
    assert "Counts of fewer than five people are not shown" in few
    assert page.index("Countries and territories of origin") < page.index("of destination")


def test_data_of_a_programme_hides_the_same_counts(database: Session, client: FlaskClient) -> None:
    made = make_programme(code="HH")
    make_programme_item(made, women=3, men=90, total=93)
    make_programme_item(made, labels={"en": "Hearsay"}, confidence="low")
    (item,) = json.loads(client.get("/programmes/HH/data.json").get_data())["items"]
    assert (item["women"], item["men"], item["total"]) == (None, 90, None)


def test_a_programme_known_from_hearsay_is_nowhere(
    database: Session, client: FlaskClient, read: Read
) -> None:
    make_programme(code="HH", labels={"en": "Hearsay"}, confidence="low")
    assert client.get("/programmes/HH").status_code == 404
    assert "Hearsay" not in read("/programmes")


# Dialogues


def test_dialogues_stand_by_year_and_can_be_narrowed(database: Session, read: Read) -> None:
    make_dialogue(labels={"en": "In Doha"}, series="np-qa", corridors=("NP-QA",))
    make_dialogue(
        labels={"en": "In Kathmandu"},
        starts="2014-12",
        starts_on=None,
        ends_on=None,
        host_iso2="NP",
    )
    page = read("/dialogues")
    assert page.index("In Doha") < page.index("In Kathmandu")
    assert "In Kathmandu" not in read("/dialogues?series=np-qa")
    for country, kept in (("NP", 2), ("QA", 1)):
        listed = read(f"/dialogues?country={country}")
        assert ("In Doha" in listed) + ("In Kathmandu" in listed) == kept
    assert "No dialogue matches these filters." in read("/dialogues?series=none-such")


def test_only_the_month_is_said_where_no_day_is_known(database: Session, read: Read) -> None:
    made = make_dialogue(starts="2014-12", starts_on=None, ends_on=None, host_iso2="NP")
    page = _words(read(f"/dialogues/{made.public_id}"))
    assert "Dec 2014" in page
    assert "(only the month is known)" in page
    assert "1 Dec 2014" not in page
    assert "example.org" in page
    assert "كانون الأول/ديسمبر 2014" in _words(read(f"/dialogues/{made.public_id}", "ar"))
    exact = make_dialogue(place={"en": "Doha"}, online=True)
    page = _words(read(f"/dialogues/{exact.public_id}"))
    assert "21 May 2024 to 22 May 2024" in page
    assert "only the month" not in page
    assert "Doha · online" in page


def test_invented_meetings_are_marked_and_hearsay_is_nowhere(
    database: Session, client: FlaskClient, read: Read
) -> None:
    made = make_dialogue(demonstration=True)
    page = read(f"/dialogues/{made.public_id}")
    assert "Demonstration</span>" in page
    assert "example.org" not in page
    weak = make_dialogue(labels={"en": "Hearsay"}, confidence="unverified")
    assert client.get(f"/dialogues/{weak.public_id}").status_code == 404
    assert "Hearsay" not in read("/dialogues")
    assert "Hearsay" not in client.get("/dialogues/data.json").get_data(as_text=True)


# Statuses


def test_statuses_say_what_they_mean_and_what_they_ask_for(database: Session, read: Read) -> None:
    page = read("/statuses")
    row = _row(page, "Limited progress")
    assert "First steps, or a partial or pilot measure" in row
    assert "One legal or official source" in row
    assert "Partially implemented (low)" in row
    assert "Announced" not in page
    assert _words(page).count("of 3") == 4


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_words_of_the_table_are_those_of_the_site(
    database: Session, read: Read, language: str
) -> None:
    page = read("/statuses", language)
    for word in database.scalars(select(StatusWord)):
        row = re.search(rf'<tr id="{word.code}"><th scope="row">(.*?)</th>', page, flags=re.S)
        assert row is not None, word.code
        assert _words(row[1]).strip() == word.labels[language]


def test_every_status_of_the_rules_is_described(database: Session) -> None:
    found = {word.code: word.kind for word in database.scalars(select(StatusWord))}
    assert found == {
        **dict.fromkeys(Status, "status"),
        "stalled": "flag",
        "reversed": "flag",
        "no_information": "absence",
    }


# Who may see what


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED])
def test_nothing_under_way_is_counted_anywhere(database: Session, read: Read, state: State) -> None:
    lead, reporting_round = make_constituent(), make_round()
    commitment = make_commitment(lead)
    addresses = (
        "/browse",
        "/themes",
        "/themes/A1.1",
        "/frameworks",
        "/frameworks/BALI",
        "/frameworks/BALI/B1",
        "/sectors",
    )
    before = {address: _words(read(address)) for address in addresses}
    make_note(commitment, lead, reporting_round, state=state, done="Quokka regulation")
    make_commitment(lead, state=TextState.PROPOSED, title="Quokka promise")
    assert {address: _words(read(address)) for address in addresses} == before
