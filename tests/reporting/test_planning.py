"""Every fault has its place and a sentence; all are told at once, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, User
from policytrack.commitments.models import Commitment
from policytrack.commitments.rules import TextState
from policytrack.constituents.models import Constituent, Membership
from policytrack.core.errors import NotPermitted
from policytrack.core.permissions import Actor, Role
from tests.factories import actor_for, make_commitment, make_constituent, make_member, make_user
from tests.reporting.books import (
    BODY,
    INDICATOR,
    MILESTONE,
    PERSON,
    PROMISE,
    book,
    cells,
    count,
    export,
    faults,
    look,
    outcomes,
)


def test_a_whole_workbook_is_new(database: Session) -> None:
    report = look(
        book(
            Constituents=[BODY],
            People=[{**PERSON, "Organisation": "NP-MOL", "Role": "focal_point"}],
            Commitments=[PROMISE],
            Indicators=[INDICATOR],
            Milestones=[MILESTONE],
        )
    )
    assert faults(report) == []
    assert set(map(tuple, outcomes(report).values())) == {("new",)}
    assert [count(database, each) for each in (Constituent, User, Commitment)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("sheets", "place", "why"),
    [
        ({"Organisations": [BODY]}, ("Organisations", 0, ""), "knows no sheet of this name"),
        ({"Constituents": [{**BODY, "Colour": "red"}]}, ("Constituents", 1, "E"), "“Colour”"),
        (
            {"Constituents": [{"Group": "governments"}]},
            ("Constituents", 1, ""),
            "column “Code” is missing",
        ),
        (
            {"Constituents": [{**BODY, "Code": ""}]},
            ("Constituents", 2, "Code"),
            "which row is meant",
        ),
        (
            {"Constituents": [{**BODY, "Name (en)": ""}]},
            ("Constituents", 2, "Name (en)"),
            "Fill this in",
        ),
        (
            {"Constituents": [{"Code": "NP-MOL", "Name (en)": "Ministry"}]},
            ("Constituents", 2, "Group"),
            "Fill this in",
        ),
        ({"Constituents": [{**BODY, "Group": "unions"}]}, ("Constituents", 2, "Group"), "“unions”"),
        ({"Constituents": [{**BODY, "Country": "XX"}]}, ("Constituents", 2, "Country"), "“XX”"),
        (
            {"Constituents": [BODY, {**BODY, "Code": "np-mol"}]},
            ("Constituents", 3, "Code"),
            "stands in row 2 already",
        ),
        (
            {"Constituents": [{**BODY, "Group": "workers", "Focal ministry": "yes"}]},
            ("Constituents", 2, "Focal ministry"),
            "Only a ministry",
        ),
        (
            {"Constituents": [{**BODY, "Country": "", "Focal ministry": "yes"}]},
            ("Constituents", 2, "Focal ministry"),
            "belongs to a country",
        ),
        (
            {
                "Constituents": [
                    {**BODY, "Focal ministry": "yes"},
                    {**BODY, "Code": "NP-MFA", "Focal ministry": "yes"},
                ]
            },
            ("Constituents", 3, "Focal ministry"),
            "NP-MOL is the focal ministry of NP already",
        ),
        ({"People": [{**PERSON, "Mail address": "asha"}]}, ("People", 2, "Mail address"), "mail"),
        ({"People": [{**PERSON, "Name": None}]}, ("People", 2, "Name"), "Fill this in"),
        ({"People": [{**PERSON, "Language": "xx"}]}, ("People", 2, "Language"), "“xx”"),
        ({"People": [{**PERSON, "Office": "king"}]}, ("People", 2, "Office"), "“king”"),
        (
            {"People": [{**PERSON, "Organisation": "NP-XX", "Role": "contributor"}]},
            ("People", 2, "Organisation"),
            "“NP-XX” is not in the list of organisations",
        ),
        (
            {"Constituents": [BODY], "People": [{**PERSON, "Organisation": "NP-MOL", "Role": ""}]},
            ("People", 2, "Role"),
            "go together",
        ),
        (
            {
                "Constituents": [BODY],
                "People": [{**PERSON, "Organisation": "NP-MOL", "Role": "observer"}],
            },
            ("People", 2, "Role"),
            "contributor, focal_point",
        ),
        ({"People": [PERSON, PERSON]}, ("People", 3, "Mail address"), "row 2 already"),
        (
            {"People": [PERSON, {**PERSON, "Name": "Another"}]},
            ("People", 3, "Mail address"),
            "row 2 already",
        ),
        (
            {"Commitments": [PROMISE]},
            ("Commitments", 2, "Lead"),
            "“NP-MOL” is not in the list of organisations",
        ),
        (
            {"Constituents": [BODY], "Commitments": [{**PROMISE, "Provisions": "BALI:B99"}]},
            ("Commitments", 2, "Provisions"),
            "“BALI:B99”",
        ),
        (
            {"Constituents": [BODY], "Commitments": [{**PROMISE, "Themes": None}]},
            ("Commitments", 2, "Themes"),
            "Fill this in",
        ),
        (
            {"Constituents": [BODY], "Commitments": [{**PROMISE, "Corridors": "NP-NP"}]},
            ("Commitments", 2, "Corridors"),
            "“NP-NP”",
        ),
        (
            {"Constituents": [BODY], "Commitments": [{**PROMISE, "Gender marker": 4}]},
            ("Commitments", 2, "Gender marker"),
            "between 0 and 3",
        ),
        (
            {
                "Constituents": [BODY],
                "Commitments": [{**PROMISE, "Starts": "2027-02-01", "Due": "2027-01-01"}],
            },
            ("Commitments", 2, "Due"),
            "lies before the start",
        ),
        (
            {"Constituents": [BODY], "Commitments": [{**PROMISE, "Title (en)": "Again"}]},
            ("Commitments", 2, "Title (en)"),
            "the language of the original",
        ),
        (
            {"Constituents": [BODY], "Commitments": [{**PROMISE, "Title (ar)": "عنوان"}]},
            ("Commitments", 2, "Text (ar)"),
            "needs its title, its text",
        ),
        (
            {"Indicators": [INDICATOR]},
            ("Indicators", 2, "Commitment"),
            "no commitment with this key",
        ),
        (
            {
                "Constituents": [BODY],
                "Commitments": [PROMISE],
                "Indicators": [{**INDICATOR, "Number": 2}],
            },
            ("Indicators", 2, "Number"),
            "the next is 1",
        ),
        (
            {
                "Constituents": [BODY],
                "Commitments": [PROMISE],
                "Indicators": [INDICATOR, {**INDICATOR, "Name": "Other"}],
            },
            ("Indicators", 3, "Commitment"),
            "row 2 already",
        ),
        (
            {
                "Constituents": [BODY],
                "Commitments": [PROMISE],
                "Indicators": [{**INDICATOR, "Name": None, "Name (fr)": None}],
            },
            ("Indicators", 2, "Name"),
            "Fill this in",
        ),
        (
            {
                "Constituents": [BODY],
                "Commitments": [PROMISE],
                "Milestones": [{**MILESTONE, "Due": "soon"}],
            },
            ("Milestones", 2, "Due"),
            "year-month-day",
        ),
        (
            {
                "Constituents": [BODY],
                "Commitments": [PROMISE],
                "Milestones": [{**MILESTONE, "Name (en)": "Another"}],
            },
            ("Milestones", 2, "Name (en)"),
            "the language of the text",
        ),
    ],
)
def test_a_fault_says_where_and_what(
    database: Session, sheets: dict[str, Any], place: tuple[str, int, str], why: str
) -> None:
    found = faults(look(book(**sheets)))
    assert [each[:3] for each in found] == [place]
    assert why in found[0][3]


def test_all_faults_are_told_at_once_and_the_rest_is_counted(database: Session) -> None:
    report = look(
        book(
            Constituents=[{**BODY, "Code": f"C{n}", "Country": "XX"} for n in range(600)],
            People=[{**PERSON, "Name": ""}],
        )
    )
    assert report.faults.total == 601
    assert len(report.faults.listed) == 500


def test_a_hidden_sheet_merged_cells_formulas_and_stray_cells_are_told(database: Session) -> None:
    def change(made: Any) -> None:
        made["People"].sheet_state = "hidden"
        bodies = made["Constituents"]
        bodies["D3"] = '=HYPERLINK("https://example.org","x")'
        bodies.merge_cells("A2:A4")
        bodies["Z3"] = "lost"
        made.create_sheet("Sheet1")
        made.create_sheet("secret").sheet_state = "veryHidden"
        made["secret"]["A1"] = "an add-in's"

    data = book(
        change,
        Constituents=[BODY, {**BODY, "Code": "NP-2"}, {**BODY, "Code": "NP-3"}],
        People=[PERSON],
    )
    found = {each[:3]: each[3] for each in faults(look(data))}
    assert "hidden" in found["People", 0, ""]
    assert "A2:A4 are merged" in found["Constituents", 2, ""]
    assert "formula" in found["Constituents", 3, "Name (en)"]
    assert "outside the columns" in found["Constituents", 3, "Z"]
    assert "which row is meant" in found["Constituents", 4, "Code"]
    assert len(found) == 6  # and the same for the row that lost its key to the merger


def test_headings_may_be_written_otherwise_and_explanations_are_no_row(database: Session) -> None:
    row = {"  code ": "NP-MOL", "GROUP": "Governments", "country": "np", "name  (EN)": "Ministry"}
    explained = {**dict.fromkeys(row, "words"), "  code ": "↑ The key"}
    assert outcomes(look(book(constituents=[explained, row])))["Constituents"] == ["new"]


def test_an_empty_workbook_and_one_with_headings_only(database: Session) -> None:
    (only,) = faults(look(book(Sheet1=[])))
    assert "none of the sheets Constituents, People" in only[3]

    def change(made: Any) -> None:
        made["People"]["A1"], made["People"]["B1"] = "Mail address", "Name"

    report = look(book(change, People=[]))
    assert faults(report) == []
    assert not report.changes


def test_what_has_no_column_and_what_is_not_listed_is_left_alone(database: Session) -> None:
    body = make_constituent(code="NP-MOL", acronym="MoL", country_iso2="NP")
    make_constituent(code="NP-OTHER")
    report = look(book(Constituents=[{"Code": "NP-MOL", "Group": body.group}]))
    assert outcomes(report) == {"Constituents": ["unchanged"]}
    report = look(book(Constituents=[{"Code": "NP-MOL", "Acronym": ""}]))
    (planned,) = report.lines["Constituents"]
    assert [(each.heading, each.before, each.after) for each in planned.changes] == [
        ("Acronym", "MoL", "")
    ]


# People


def test_a_second_organisation_is_refused_with_both_rows(database: Session) -> None:
    make_constituent(code="NP-MOL")
    make_constituent(code="NP-MFA")
    seat = {**PERSON, "Organisation": "NP-MOL", "Role": "contributor"}
    (only,) = faults(look(book(People=[seat, {**seat, "Organisation": "NP-MFA"}])))
    assert only[:3] == ("People", 3, "Organisation")
    assert "NP-MOL in row 2, and NP-MFA in row 3" in only[3]


def test_two_seats_that_are_there_already_are_no_fault(database: Session) -> None:
    one, other = make_constituent(code="NP-MOL"), make_constituent(code="NP-MFA")
    user = make_member(one, email="asha@example.org", name="Asha")
    database.add(
        Membership(
            user_id=user.id, constituent_id=other.id, role="contributor", since=user.created_at
        )
    )
    database.commit()
    report = look(export())
    assert faults(report) == []
    assert outcomes(report)["People"] == ["unchanged", "unchanged"]


def test_a_seat_neither_moves_nor_changes_its_role(database: Session) -> None:
    body = make_constituent(code="NP-MOL")
    make_constituent(code="NP-MFA")
    make_member(body, email="asha@example.org", name="Asha Rai")
    moved = {**PERSON, "Organisation": "NP-MFA", "Role": "focal_point"}
    (only,) = faults(look(book(People=[moved])))
    assert "has a seat in NP-MOL" in only[3]
    assert "end it on the page of that organisation's members" in only[3]
    (only,) = faults(
        look(book(People=[{**moved, "Organisation": "NP-MOL", "Role": "contributor"}]))
    )
    assert only[2] == "Role"
    assert "does not change a role" in only[3]
    assert outcomes(look(book(People=[PERSON])))["People"] == ["unchanged"]


def test_the_last_administrator_is_not_demoted(database: Session) -> None:
    make_user(Role.ADMINISTRATOR, email="asha@example.org", name="Asha Rai")
    make_user(Role.ADMINISTRATOR, email="b@example.org", name="B", state=AccountState.INVITED)
    rows = [{**PERSON, "Office": "secretariat"}]
    (only,) = faults(look(book(People=rows)))
    assert only[:3] == ("People", 2, "Office")
    assert "last administrator" in only[3]
    # Somebody who has not come yet is no successor; somebody who works here is.
    rows.append({**PERSON, "Mail address": "c@example.org", "Office": "administrator"})
    assert len(faults(look(book(People=rows)))) == 1
    make_user(email="c@example.org", name="Asha Rai")
    assert faults(look(book(People=rows))) == []


def test_a_group_does_not_change_under_its_members(database: Session) -> None:
    make_member(make_constituent(code="NP-MOL"))
    (only,) = faults(look(book(Constituents=[{"Code": "NP-MOL", "Group": "observers"}])))
    assert "End their seats first" in only[3]


# Commitments


def test_what_a_lead_prepares_itself_is_not_written_over(database: Session) -> None:
    lead = make_constituent(code="NP-MOL")
    hidden = make_commitment(lead, state=TextState.DRAFT)
    asked = make_commitment(lead, state=TextState.PROPOSED)
    rows = [{"Key": each.public_id, "Title": "Another"} for each in (hidden, asked)]
    found = faults(look(book(Commitments=rows)))
    assert [each[:3] for each in found] == [("Commitments", 2, "Key"), ("Commitments", 3, "Key")]
    assert all("being prepared" in each[3] for each in found)
    # Nobody's drafts are taken along.
    assert [row["Key"] for row in cells(export(), "Commitments")] == [asked.public_id]


def test_the_lead_of_a_commitment_stays(database: Session) -> None:
    made = make_commitment(make_constituent(code="NP-MOL"))
    make_constituent(code="NP-MFA")
    (only,) = faults(look(book(Commitments=[{"Key": made.code, "Lead": "NP-MFA"}])))
    assert "The lead of this commitment is NP-MOL" in only[3]


def test_a_required_cell_of_a_known_row_is_not_emptied(database: Session) -> None:
    made = make_commitment(make_constituent(code="NP-MOL"))
    (only,) = faults(look(book(Commitments=[{"Key": made.code, "Text": ""}])))
    assert only == ("Commitments", 2, "Text", "Fill this in.")


def test_one_commitment_under_two_of_its_names_is_told(database: Session) -> None:
    made = make_commitment(make_constituent(code="NP-MOL"))
    rows = [{"Key": made.code, "Title": "One"}, {"Key": made.public_id, "Title": "Two"}]
    (only,) = faults(look(book(Commitments=rows)))
    assert "row 2 already" in only[3]


def test_demonstration_rows_are_never_touched(database: Session) -> None:
    body = make_constituent(code="DEMO-MOL", demonstration=True, labels={"en": "Ministry"})
    user = make_member(body, email="demo@example.org", demonstration=True, name="Demo")
    rows = {
        "Constituents": [{"Code": "DEMO-MOL", "Name (en)": "Mine now"}],
        "People": [{"Mail address": user.email, "Name": "Mine now"}],
        "Commitments": [{**PROMISE, "Lead": "DEMO-MOL"}],
    }
    found = faults(look(book(**rows)))
    assert [each[:3] for each in found] == [
        ("Constituents", 2, "Code"),
        ("People", 2, "Mail address"),
        ("Commitments", 2, "Lead"),
    ]
    marked = {
        name: [{**row, "Demonstration": "yes"} for row in each] for name, each in rows.items()
    }
    report = look(book(**marked))
    assert faults(report) == []
    assert set(map(tuple, outcomes(report).values())) == {("passed",)}


def test_only_administrators_look(database: Session) -> None:
    officer = actor_for(make_user(Role.SECRETARIAT))
    for actor in (Actor(), officer):
        with pytest.raises(NotPermitted):
            look(book(Constituents=[BODY]), actor)
