"""What a workbook says is done whole or not at all; once done, it does nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, OneTimeLink, User
from policytrack.commitments import queries, service
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    CommitmentTranslation,
    Indicator,
    Milestone,
)
from policytrack.commitments.rules import TextState
from policytrack.commitments.service import Base
from policytrack.constituents.models import Constituent, Membership
from policytrack.core.audit import TrailEntry
from policytrack.core.changes import Change
from policytrack.core.db import transaction
from policytrack.core.errors import NotPermitted
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Actor, Role
from policytrack.reference.models import ReferenceEdit
from policytrack.reporting.cli import OPERATOR
from policytrack.reporting.workbook import applying, reading
from policytrack.reporting.workbook.applying import Different, Refused
from tests.factories import (
    NOW,
    actor_for,
    make_commitment,
    make_constituent,
    make_member,
    make_user,
)
from tests.reporting.books import (
    BODY,
    INDICATOR,
    MILESTONE,
    PERSON,
    PROMISE,
    book,
    bring_in,
    cells,
    count,
    edited,
    export,
    faults,
    look,
    outcomes,
)

TABLES = (Constituent, User, Membership, Commitment, CommitmentRevision, TrailEntry, OutboxItem)
WHOLE: dict[str, list[dict[str, Any]]] = {
    "Constituents": [
        {**BODY, "Name (ar)": "وزارة العمل", "As of": date(2026, 1, 31), "Focal ministry": "yes"},
        {"Code": "REG-TU", "Group": "workers", "Name (en)": "=SUM(unions)", "Acronym": "@TU"},
    ],
    "People": [
        {
            **PERSON,
            "Name": "আশা রাই",
            "Language": "ar",
            "Organisation": "NP-MOL",
            "Role": "focal_point",
        },
        {"Mail address": "officer@example.org", "Name": "Officer", "Office": "secretariat"},
    ],
    "Commitments": [
        {
            **PROMISE,
            "Title": "-1+1 রিক্রুটমেন্ট ফি নেই",
            "Text": "প্রথম অনুচ্ছেদ।\n\n=দ্বিতীয় _x000D_ “উদ্ধৃতি”",
            "Language": "bn",
            "Provisions": "BALI:B1;BALI:B5",
            "Themes": "A1.1; A1",
            "Countries": "NP; QA",
            "Corridors": "NP-QA",
            "Supporters": "REG-TU",
            "Starts": date(2026, 1, 1),
            "Due": "٢٠٢٧-١٢-٣١",
            "Title (ar)": "لا رسوم",
            "Text (ar)": "لا يدفع العامل أي رسوم.",
            "Translation (ar)": "official",
        },
        {**PROMISE, "Key": "K2", "Lead": "REG-TU"},
    ],
    "Indicators": [
        {**INDICATOR, "Name": "শ্রমিক", "Name (en)": "Workers", "Baseline": 61.5, "Target": 1180},
        {**INDICATOR, "Number": 2, "Name": "দিন", "Unit": "days", "Target": "12345678901234.5"},
    ],
    "Milestones": [MILESTONE, {**MILESTONE, "Number": 2, "Name": "আইন", "Due": "2026-06-30"}],
}


def one(database: Session, thing: Any, *where: Any) -> Any:
    database.rollback()
    return database.scalars(select(thing).where(*where)).one()


def test_everything_arrives_as_the_cells_say(database: Session) -> None:
    bring_in(book(**WHOLE))
    ministry = one(database, Constituent, Constituent.code == "NP-MOL")
    assert ministry.labels == {"en": "Ministry of Labour", "ar": "وزارة العمل"}
    assert (ministry.country_iso2, ministry.focal_ministry) == ("NP", True)
    assert (ministry.as_of, ministry.confidence) == (date(2026, 1, 31), "medium")
    assert ministry.source == f"Workbook of {NOW:%Y-%m-%d}"
    asha = one(database, User, User.email == "asha@example.org")
    assert (asha.name, asha.language, asha.state) == ("আশা রাই", "ar", AccountState.INVITED)
    seat = one(database, Membership)
    assert (seat.user_id, seat.constituent_id, seat.role) == (asha.id, ministry.id, "focal_point")
    officer = one(database, User, User.email == "officer@example.org")
    assert [office.role for office in officer.offices] == ["secretariat"]
    promise = one(database, Commitment, Commitment.external_key == "K1")
    assert (promise.code, promise.in_force, promise.lead.code) == (None, None, "NP-MOL")
    text = promise.open
    assert (text.state, text.on_behalf, text.proposed_at) == (TextState.PROPOSED, True, NOW)
    assert text.title == "-1+1 রিক্রুটমেন্ট ফি নেই"
    assert (
        text.text == "প্রথম অনুচ্ছেদ।\n\n=দ্বিতীয় \n “উদ্ধৃতি”"
    )  # as the spreadsheet reads its own sign
    assert text.due_on == date(2027, 12, 31)
    assert {each.code for each in text.provisions} == {"B1", "B5"}
    assert {each.code for each in text.themes} == {"A1", "A1.1"}
    assert [each.code for each in text.corridors] == ["NP-QA"]
    assert [each.code for each in text.supporters] == ["REG-TU"]
    assert [(each.language, each.kind) for each in text.translations] == [("ar", "official")]
    plan = text.plan["indicators"]
    assert plan[0]["labels"] == {"bn": "শ্রমিক", "en": "Workers"}
    assert [each["target"] for each in plan] == ["1180", "12345678901234.5"]
    assert len(text.plan["milestones"]) == 2
    # Nothing is public before its lead has accepted it; nobody was written to.
    assert queries.get(database, OPERATOR, promise.public_id) == promise
    assert count(database, Indicator) == count(database, OutboxItem) == 0
    assert count(database, OneTimeLink) == 0
    kinds = {each.kind for each in database.scalars(select(Change))}
    assert kinds == {"constituent", "commitment"}
    actions = [each.action for each in database.scalars(select(TrailEntry))]
    assert {"enrolled", "seat_given", "commitment.propose", "workbook.applied"} <= set(actions)


def test_the_same_workbook_again_changes_nothing(database: Session) -> None:
    bring_in(book(**WHOLE))
    before = [count(database, each) for each in TABLES if each is not TrailEntry]
    report = bring_in(book(**WHOLE))
    assert not report.changes
    assert {name for each in outcomes(report).values() for name in each} == {"unchanged"}
    assert [count(database, each) for each in TABLES if each is not TrailEntry] == before


def test_the_export_comes_in_and_changes_nothing(database: Session) -> None:
    bring_in(book(**WHOLE))
    lead = make_constituent(code="QA-MOL", country_iso2="QA")
    made = make_commitment(lead, indicator=True)
    add_milestones(made)
    data = export()
    assert cells(data, "Constituents")[2]["Name (en)"] == "=SUM(unions)"
    report = look(data)
    assert faults(report) == []
    assert {name for each in outcomes(report).values() for name in each} == {"unchanged"}
    # As another program saves it: other bytes, the same content.
    saved = edited(data, "Constituents", 1)
    assert saved != data
    assert not look(saved).changes


def add_milestones(made: Commitment) -> None:
    with transaction() as session:
        for due in (date(2028, 1, 1), date(2027, 1, 1)):
            session.add(Milestone(commitment_id=made.id, labels={"en": "Step"}, due_on=due))


def test_an_installation_moves_into_another(app: Flask, database: Session) -> None:
    bring_in(book(**WHOLE))
    data = export()
    before = {name: cells(data, name) for name in WHOLE}
    with transaction() as session:  # as empty as a new one
        for thing in (CommitmentTranslation, OneTimeLink):
            session.query(thing).delete()
        session.execute(Commitment.__table__.update().values(open_id=None))
        for link in CommitmentRevision.__mapper__.relationships:
            if link.secondary is not None:
                session.execute(link.secondary.delete())  # type: ignore[attr-defined]  # a table
        for thing in (CommitmentRevision, Commitment, Membership, User, Constituent):
            session.query(thing).delete()
    bring_in(data)
    after = export()
    assert {name: cells(after, name) for name in WHOLE} == before


@pytest.mark.parametrize("sheet", ["Constituents", "People", "Commitments", "Milestones"])
def test_one_fault_in_the_last_row_keeps_everything_out(database: Session, sheet: str) -> None:
    wrong = {
        "Constituents": {**BODY, "Code": "NP-X", "Country": "XX"},
        "People": {**PERSON, "Mail address": "nobody"},
        "Commitments": {**PROMISE, "Key": "K9", "Themes": "Z9"},
        "Milestones": {**MILESTONE, "Commitment": "K9"},
    }[sheet]
    data = book(**{**WHOLE, sheet: [*WHOLE[sheet], wrong]})
    report = look(data)
    assert report.faults.total == 1
    assert outcomes(report)[sheet][-1] == "refused"
    with pytest.raises(Refused), transaction() as session:
        applying.apply(
            session,
            actor=OPERATOR,
            book=reading.read(data),
            seen=report.stamp,
            invite=True,
            now=NOW,
        )
    assert [count(database, each) for each in TABLES] == [0] * len(TABLES)


def test_what_breaks_on_the_way_leaves_nothing(
    database: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any, **_values: Any) -> None:
        raise OSError("no room")

    monkeypatch.setattr(applying.commitments, "bring_in_translations", fail)
    with pytest.raises(OSError, match="no room"):
        bring_in(book(**WHOLE))
    assert [count(database, each) for each in TABLES] == [0] * len(TABLES)


def test_what_changed_since_it_was_looked_at_is_looked_at_again(database: Session) -> None:
    data = book(Constituents=[BODY], People=[PERSON])
    seen = look(data).stamp
    read = reading.read(data)
    make_constituent(code="NP-MOL", labels={"en": "Another"})

    def apply(stamp: str) -> None:
        with transaction() as session:
            applying.apply(session, actor=OPERATOR, book=read, seen=stamp, invite=False, now=NOW)

    with pytest.raises(Different):
        apply(seen)
    assert count(database, User) == 0
    # What has nothing to do with it does not matter.
    again = look(data).stamp
    make_constituent(code="QA-MOL")
    apply(again)
    assert count(database, User) == 1
    with pytest.raises(Different):
        apply("")


def test_only_an_administrator_brings_in(database: Session) -> None:
    data = book(Constituents=[BODY])
    stamp = look(data).stamp
    officer = actor_for(make_user(Role.SECRETARIAT))
    for actor in (Actor(), officer):
        with pytest.raises(NotPermitted), transaction() as session:
            applying.apply(
                session, actor=actor, book=reading.read(data), seen=stamp, invite=False, now=NOW
            )
        with pytest.raises(NotPermitted):
            export(actor=actor)


# Organisations


def test_a_changed_organisation_keeps_its_history(database: Session) -> None:
    bring_in(book(Constituents=[BODY]))
    report = bring_in(book(Constituents=[{"Code": "NP-MOL", "Name (fr)": "Ministère du Travail"}]))
    assert outcomes(report) == {"Constituents": ["changed"]}
    edits = database.scalars(select(ReferenceEdit).order_by(ReferenceEdit.id)).all()
    assert [(each.action, each.after) for each in edits][1:] == [
        ("changed", {"label_fr": "Ministère du Travail"})
    ]


# People


def test_invitations_go_to_the_new_people_when_asked(database: Session) -> None:
    body = make_constituent(code="NP-MOL")
    make_member(body, email="old@example.org", name="Old")
    rows = [
        {**PERSON, "Organisation": "NP-MOL", "Role": "contributor"},
        {"Mail address": "old@example.org", "Name": "Older"},
    ]
    report = bring_in(book(People=rows), invite=True)
    assert outcomes(report) == {"People": ["new", "changed"]}
    (item,) = database.scalars(select(OutboxItem))
    assert (item.payload["to"], item.payload["template"]) == ("asha@example.org", "invitation")
    assert item.payload["values"]["role"] == "contributor"
    assert one(database, User, User.email == "old@example.org").name == "Older"


def test_who_works_here_and_gets_a_seat_is_told(database: Session) -> None:
    make_constituent(code="NP-MOL")
    make_user(email="asha@example.org", name="Asha Rai")
    bring_in(book(People=[{**PERSON, "Organisation": "NP-MOL", "Role": "contributor"}]))
    (item,) = database.scalars(select(OutboxItem))
    assert item.payload["template"] == "seat_given"


def test_offices_are_given_before_they_are_taken(database: Session) -> None:
    make_user(Role.ADMINISTRATOR, email="asha@example.org", name="Asha Rai")
    make_user(email="b@example.org", name="Asha Rai")
    rows = [
        {**PERSON, "Office": ""},
        {**PERSON, "Mail address": "b@example.org", "Office": "administrator; secretariat"},
    ]
    bring_in(book(People=rows))
    found = database.scalars(select(User).order_by(User.id)).all()
    assert [{office.role for office in each.offices} for each in found] == [
        set(),
        {"administrator", "secretariat"},
    ]


# Commitments


@pytest.fixture
def in_force(database: Session) -> Commitment:
    """Bring a commitment in and have its lead accept it."""
    bring_in(book(**WHOLE))
    accept(database)
    return one(database, Commitment, Commitment.external_key == "K1")  # type: ignore[no-any-return]  # a commitment


def accept(database: Session) -> None:
    lead = one(database, Constituent, Constituent.code == "NP-MOL")
    promise = one(database, Commitment, Commitment.external_key == "K1")
    address, base = promise.address, Base(promise.open.number, promise.open.version)
    focal = replace(actor_for(make_member(lead)), user_id=None)
    with transaction() as session:
        found = queries.get(session, focal, address)
        service.accept(session, actor=focal, commitment=found, base=base, now=NOW)


def test_an_accepted_text_is_known_under_its_code_and_its_key(
    database: Session, in_force: Commitment
) -> None:
    assert in_force.code == "BALI-B1-NP-01"
    assert count(database, Indicator) == count(database, Milestone) == 2
    assert not look(book(**WHOLE)).changes
    assert not look(export()).changes
    by_code = [{**WHOLE["Commitments"][0], "Key": in_force.code}]
    assert not look(book(Commitments=by_code)).changes


def test_a_changed_text_is_proposed_beside_the_one_in_force(
    database: Session, in_force: Commitment
) -> None:
    focal = make_member(in_force.lead, language="ar")
    data = book(Commitments=[{"Key": "K1", "Due": "2028-12-31"}])
    report = bring_in(data)
    (planned,) = report.lines["Commitments"]
    assert [(each.heading, each.before, each.after) for each in planned.changes] == [
        ("Due", "2027-12-31", "2028-12-31")
    ]
    promise = one(database, Commitment, Commitment.external_key == "K1")
    assert promise.in_force.due_on == date(2027, 12, 31)
    assert (promise.open.number, promise.open.state) == (2, TextState.PROPOSED)
    # The words are the same, so are their translations.
    assert [each.language for each in promise.open.translations] == ["ar"]
    (item,) = [
        each
        for each in database.scalars(select(OutboxItem))
        if each.payload.get("to") == focal.email
    ]
    assert item.payload["template"] == "commitments_proposed"
    assert item.payload["values"]["count"] == 1
    # Again, it changes nothing; put right, it takes the place of the proposal.
    assert not look(data).changes
    bring_in(book(Commitments=[{"Key": "K1", "Due": "2029-12-31"}]))
    promise = one(database, Commitment, Commitment.external_key == "K1")
    assert (promise.open.number, promise.open.version) == (2, 2)
    assert promise.open.due_on == date(2029, 12, 31)
    # And once it is accepted, it is what the workbook says.
    accept(database)
    assert not look(book(Commitments=[{"Key": "K1", "Due": "2029-12-31"}])).changes


def test_translations_of_older_words_do_not_pass_for_those_of_new_ones(
    database: Session, in_force: Commitment
) -> None:
    row = {**WHOLE["Commitments"][0], "Title": "নতুন"}
    data = book(Commitments=[row])
    bring_in(data)
    promise = one(database, Commitment, Commitment.external_key == "K1")
    assert promise.open.translations == []
    assert len(promise.in_force.translations) == 1
    assert not look(data).changes


def test_translations_are_added_to_what_is_in_force(
    database: Session, in_force: Commitment
) -> None:
    given = {"Key": "K1", "Title (fr)": "Pas de frais", "Text (fr)": "Aucun frais."}
    (only,) = faults(look(book(Commitments=[{**given, "Translation (fr)": "official"}])))
    assert "Only the lead's focal point" in only[3]
    bring_in(book(Commitments=[{**given, "Translation (fr)": "unofficial"}]))
    promise = one(database, Commitment, Commitment.external_key == "K1")
    assert promise.open is None
    assert {(each.language, each.kind) for each in promise.in_force.translations} == {
        ("ar", "official"),
        ("fr", "unofficial"),
    }
    worse = {"Key": "K1", "Title (ar)": "x", "Text (ar)": "x", "Translation (ar)": "machine"}
    (only,) = faults(look(book(Commitments=[worse])))
    assert "A better translation stands here" in only[3]


def test_indicators_and_milestones_change_with_the_leads_word_only(
    database: Session, in_force: Commitment
) -> None:
    data = book(
        Indicators=[
            {"Commitment": "K1", "Number": 2, "Name": "দিন", "Unit": "days", "Target": 30},
            {"Commitment": "K1", "Number": 3, "Name": "Women", "Unit": "people", "Target": 5},
        ],
        Milestones=[{"Commitment": in_force.code, "Number": 1, "Due": "2029-01-01"}],
    )
    report = bring_in(data)
    assert outcomes(report) == {"Indicators": ["changed", "new"], "Milestones": ["changed"]}
    rows = database.scalars(select(Indicator).order_by(Indicator.position)).all()
    assert [each.target for each in rows] == [Decimal("1180"), Decimal("12345678901234.5")]
    assert not look(data).changes
    accept(database)
    rows = database.scalars(select(Indicator).order_by(Indicator.position)).all()
    assert [each.target for each in rows] == [Decimal("1180"), Decimal("30"), Decimal("5")]
    # The milestones now stand in another order of dates; their numbers have stayed.
    assert not look(data).changes
    assert not look(export()).changes


def test_what_the_lead_declined_is_not_proposed_again_unchanged(database: Session) -> None:
    bring_in(book(**WHOLE))
    lead = one(database, Constituent, Constituent.code == "NP-MOL")
    promise = one(database, Commitment, Commitment.external_key == "K1")
    address, base = promise.address, Base(promise.open.number, promise.open.version)
    focal = replace(actor_for(make_member(lead)), user_id=None)
    with transaction() as session:
        found = queries.get(session, focal, address)
        service.decline(
            session,
            actor=focal,
            commitment=found,
            base=base,
            reason="Not so.",
            language="en",
            now=NOW,
        )
    assert not look(book(**WHOLE)).changes
    assert [row["Key"] for row in cells(export(), "Commitments")] == ["K2"]
    bring_in(book(Commitments=[{"Key": "K1", "Due": "2030-01-01"}]))
    promise = one(database, Commitment, Commitment.external_key == "K1")
    assert (promise.open.number, promise.open.state) == (2, TextState.PROPOSED)
    assert len(promise.open.plan["indicators"]) == 2


def test_a_code_given_here_does_not_take_an_older_key_away(database: Session) -> None:
    made = make_commitment(make_constituent(code="NP-MOL"), title="Made here")
    rows = [{**PROMISE, "Key": f"X{n}"} for n in range(2)]
    bring_in(book(Commitments=rows))
    with transaction() as session:
        other = session.scalars(select(Commitment).where(Commitment.external_key == "X0")).one()
        other.external_key = made.code
    data = export()
    keys = {row["Key"]: row["Title"] for row in cells(data, "Commitments")}
    assert keys[made.code or ""] == PROMISE["Title"]
    assert keys[made.public_id] == "Made here"
    assert not look(data).changes


# Demonstration content


def test_demonstration_rows_go_out_only_when_asked_and_never_come_in(database: Session) -> None:
    demo = make_constituent(code="DEMO", demonstration=True)
    make_member(demo, email="demo@example.org", demonstration=True)
    made = make_commitment(demo)
    with transaction() as session:
        session.get_one(Commitment, made.id).demonstration = True
    make_constituent(code="NP-MOL")
    assert [row["Code"] for row in cells(export(), "Constituents")] == ["NP-MOL"]
    assert cells(export(), "People") == cells(export(), "Commitments") == []
    data = export(with_demonstration=True)
    assert [row["Demonstration"] for row in cells(data, "Commitments")] == ["yes"]
    report = look(data)
    assert outcomes(report)["Constituents"] == ["passed", "unchanged"]
    assert outcomes(report)["People"] == outcomes(report)["Commitments"] == ["passed"]


# The export


def test_the_export_explains_itself(app: Flask, database: Session) -> None:
    data = export()
    made = openpyxl.load_workbook(__import__("io").BytesIO(data))
    assert made.sheetnames == [
        "about",
        "Constituents",
        "People",
        "Commitments",
        "Indicators",
        "Milestones",
        "Codes",
    ]
    about = [str(row[0].value) for row in made["about"]]
    assert "https://example.org" in about
    assert any("What is not listed is left alone" in line for line in about)
    assert str(made["People"]["A2"].value).startswith("↑ The key")
    codes = {(row[0].value, row[1].value): row[2].value for row in made["Codes"]}
    assert codes["countries", "NP"] == "Nepal"
    assert codes["provisions", "BALI:B1"]
    assert ("roles", "focal_point") in codes
    assert codes["languages", "bn"] == "Bangla"
    for rows in made.worksheets:
        assert not [cell for row in rows for cell in row if cell.data_type == "f"]


# Cost


def reads(database: Session, data: bytes) -> int:
    read = reading.read(data)
    stamp = look(data).stamp
    seen: list[str] = []
    engine = database.get_bind()

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with transaction() as session:
            applying.apply(session, actor=OPERATOR, book=read, seen=stamp, invite=False, now=NOW)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_reads_hardly_grow_with_rows(database: Session) -> None:
    def rows(start: int, stop: int) -> bytes:
        return book(
            Constituents=[{**BODY, "Code": f"C{n}"} for n in range(start, stop)],
            People=[
                {**PERSON, "Mail address": f"p{n}@example.org", "Office": "researcher"}
                for n in range(start, stop)
            ],
            Commitments=[{**PROMISE, "Key": f"K{n}", "Lead": f"C{n}"} for n in range(start, stop)],
        )

    few, many = reads(database, rows(0, 5)), reads(database, rows(10, 60))
    assert many - few < 5
