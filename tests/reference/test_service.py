"""Editing: who may, what is refused, what is kept, what follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.commitments.rules import TextState
from policytrack.constituents.models import Constituent
from policytrack.core import clock
from policytrack.core.audit import TrailEntry
from policytrack.core.changes import Change
from policytrack.core.db import db, transaction
from policytrack.core.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleViolation,
    StaleVersion,
)
from policytrack.core.permissions import ANONYMOUS, Actor, Role
from policytrack.core.review import State
from policytrack.frameworks.models import Sector
from policytrack.places.models import Country, Designation
from policytrack.reference import queries, rows, service
from policytrack.reference.kinds import KINDS
from policytrack.reference.service import EditCommand, InUse
from tests.factories import (
    actor_for,
    make_commitment,
    make_constituent,
    make_member,
    make_note,
    make_round,
    make_user,
)
from tests.reference.writing import COUNTRY, cells, is_there

WHY = "a letter of the ministry"


@pytest.fixture
def officer(database: Session) -> Actor:
    return actor_for(make_user(Role.SECRETARIAT))


def seen(kind: str, key: str) -> str:
    return rows.fingerprint(cells(kind, key))


def change(actor: Actor, kind: str, key: str, *, since: str = "", authority: str = "",
           stamp: str = "", **values: str) -> None:  # fmt: skip
    command = EditCommand(values, WHY, stamp or seen(kind, key), since, authority)
    with transaction() as session:
        service.change(
            session, actor=actor, kind=KINDS[kind], key=key, command=command, now=clock.now()
        )


def add(actor: Actor, kind: str, naming: tuple[str, str] = ("", ""), **values: str) -> str:
    command = EditCommand(values, WHY, "", *naming)
    with transaction() as session:
        return service.add(session, actor=actor, kind=KINDS[kind], command=command, now=clock.now())


def remove(actor: Actor, kind: str, key: str, stamp: str = "") -> None:
    stamp = stamp or seen(kind, key)
    with transaction() as session:
        service.remove(
            session,
            actor=actor,
            kind=KINDS[kind],
            key=key,
            reason=WHY,
            seen=stamp,
            now=clock.now(),
        )


def history(kind: str, key: str) -> list[Any]:
    return list(queries.history(db.session(), KINDS[kind], key))


def refused_fields(act: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        act()
    return {name: str(sentence) for name, sentence in refused.value.fields.items()}


def test_an_edit_is_kept_with_who_when_why_and_what_stood_before(
    database: Session, officer: Actor
) -> None:
    change(officer, "themes", "A1", label_fr="Recrutement juste", position="1")
    assert cells("themes", "A1")["label_fr"] == "Recrutement juste"
    (entry,) = history("themes", "A1")
    assert (entry.action, entry.actor_id, entry.reason) == ("changed", officer.user_id, WHY)
    assert entry.before == {"label_fr": "Recrutement équitable"}
    assert entry.after == {"label_fr": "Recrutement juste"}
    trail = database.scalars(select(TrailEntry).where(TrailEntry.kind == "themes")).one()
    assert (trail.action, trail.public_id, trail.fields) == (
        "reference_changed",
        "A1",
        ["label_fr"],
    )
    noted = [(each.kind, each.public_id) for each in database.scalars(select(Change))]
    assert noted == [("theme", "A1")]


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.FOCAL_POINT, None])
def test_only_the_secretariat_and_administrators_edit(database: Session, role: Role | None) -> None:
    actor = ANONYMOUS
    if role is Role.FOCAL_POINT:
        actor = actor_for(make_member(make_constituent()))
    elif role is not None:
        actor = actor_for(make_user(role))
    with pytest.raises(NotPermitted):
        change(actor, "themes", "A1", label_fr="x")
    with pytest.raises(NotPermitted):
        add(actor, "sectors", code="salt", label_en="Salt", position="90")
    with pytest.raises(NotPermitted):
        remove(actor, "sectors", "care")
    change(actor_for(make_user(Role.ADMINISTRATOR)), "themes", "A1", label_fr="x")


def test_a_stale_form_changes_nothing(officer: Actor) -> None:
    stamp = seen("themes", "A1")
    change(officer, "themes", "A1", label_fr="newer")
    with pytest.raises(StaleVersion):
        change(officer, "themes", "A1", stamp=stamp, label_ar="older")
    with pytest.raises(StaleVersion):
        remove(officer, "themes", "A1", stamp)
    assert cells("themes", "A1")["label_fr"] == "newer"


def test_nothing_different_is_no_edit(officer: Actor) -> None:
    with pytest.raises(InvalidInput):
        change(officer, "themes", "A1", label_en="Fair recruitment")
    assert history("themes", "A1") == []


def test_what_identifies_a_row_stays(officer: Actor) -> None:
    with pytest.raises(InvalidInput):
        change(officer, "corridors", "NP-QA", origin="LK", code="LK-QA")
    assert cells("corridors", "NP-QA")["origin"] == "NP"


def test_there_is_no_row_of_a_wrong_key(officer: Actor) -> None:
    for kind, key in (("themes", "Z"), ("provisions", "B1"), ("designations", "NP:soon")):
        with pytest.raises(NotFound):
            queries.get(db.session(), KINDS[kind], key)


def test_a_row_is_checked_as_in_a_file(officer: Actor) -> None:
    assert "parent" in refused_fields(lambda: change(officer, "themes", "A1", parent="A1.1"))
    assert "parent" in refused_fields(lambda: change(officer, "themes", "A1.1", parent="A1.2"))
    assert "themes" in refused_fields(
        lambda: change(officer, "provisions", "BALI:B1", themes="A1;Z9")
    )
    assert "women_2020" in refused_fields(
        lambda: change(officer, "corridors", "NP-QA", women_2020="99999999")
    )
    assert "code" in refused_fields(
        lambda: add(officer, "sectors", code="care", label_en="Care", position="1")
    )


def test_a_row_is_added_and_removed_and_can_be_added_again(officer: Actor) -> None:
    given = {"code": "salt", "label_en": "Salt", "position": "90"}
    assert add(officer, "sectors", **given) == "salt"
    remove(officer, "sectors", "salt")
    assert not is_there("sectors", "salt")
    assert [entry.action for entry in history("sectors", "salt")] == ["removed", "added"]
    before = history("sectors", "salt")[0].before
    assert {name: before[name] for name in given} == given
    add(officer, "sectors", **before)
    assert is_there("sectors", "salt")


def test_an_organisation_added_here_is_found_under_its_random_id(
    database: Session, officer: Actor
) -> None:
    add(
        officer,
        "constituents",
        code="NP-X",
        country="NP",
        group="workers",
        label_en="X",
        source="s",
        confidence="high",
    )
    body = database.scalars(select(Constituent).where(Constituent.code == "NP-X")).one()
    assert ("constituent", body.public_id) in {
        (each.kind, each.public_id) for each in database.scalars(select(Change))
    }


def test_the_program_keeps_its_own_words(officer: Actor) -> None:
    with pytest.raises(RuleViolation):
        remove(officer, "status_words", "complete")
    with pytest.raises(RuleViolation):
        add(officer, "status_words", code="complete")


# What is used


def uses_of(kind: str, key: str) -> Any:
    session = db.session()
    return queries.uses(session, KINDS[kind], queries.get(session, KINDS[kind], key))


def test_what_uses_a_row_is_counted_by_kind(officer: Actor) -> None:
    ministry = make_constituent()
    commitment = make_commitment(ministry, themes=("A1.1",), countries=("BT",))
    make_note(commitment, ministry, make_round())
    found = uses_of("themes", "A1.1")
    assert found.counts["commitment"] == 1
    assert found.counts["provisions"] >= 1
    assert not found.hidden
    found = uses_of("themes", "A1")
    assert found.counts["themes"] == 7
    nepal = uses_of("countries", "NP").counts
    assert nepal["note"] == 1
    assert nepal["corridors"] > 3
    assert nepal["constituents"] == 1
    assert "designations" not in nepal
    with pytest.raises(InUse):
        remove(officer, "themes", "A1.1")
    assert is_there("themes", "A1.1")


def test_a_draft_keeps_what_it_uses_and_is_not_counted(officer: Actor) -> None:
    add(officer, "sectors", code="salt", label_en="Salt", position="90")
    ministry = make_constituent()
    commitment = make_commitment(ministry, state=TextState.DRAFT)
    with transaction() as session:
        draft = session.merge(commitment).open
        assert draft is not None
        draft.sectors = [session.get_one(Sector, "salt")]
    with pytest.raises(InUse) as refused:
        remove(officer, "sectors", "salt")
    assert (refused.value.uses.counts, refused.value.uses.hidden) == ({}, True)


def test_a_note_that_is_not_public_is_not_counted(officer: Actor) -> None:
    ministry = make_constituent()
    other = make_constituent(country_iso2="BT")
    note = make_note(make_commitment(ministry), other, make_round(), state=State.DRAFT)
    assert note.country_iso2 == "BT"
    found = uses_of("countries", "BT")
    assert "note" not in found.counts
    assert found.hidden


def test_retiring_keeps_the_row_and_what_has_it(officer: Actor) -> None:
    make_commitment(make_constituent(), themes=("A1.1",))
    change(officer, "themes", "A1.1", retired="yes")
    assert cells("themes", "A1.1")["retired"] == "yes"
    assert uses_of("themes", "A1.1").counts["commitment"] == 1


# Names of countries and territories


def designations(session: Session, iso2: str) -> list[Designation]:
    session.rollback()
    return list(
        session.scalars(
            select(Designation)
            .where(Designation.country_iso2 == iso2)
            .order_by(Designation.since.desc())
        )
    )


def test_a_new_name_needs_its_date_and_its_authority(officer: Actor) -> None:
    fields = refused_fields(lambda: change(officer, "countries", "NP", name_en="Nepaul"))
    assert set(fields) == {"since", "authority"}
    assert cells("countries", "NP")["name_en"] == "Nepal"


def test_a_new_name_is_a_dated_designation(database: Session, officer: Actor) -> None:
    today = clock.now().date()
    before = len(designations(database, "NP"))
    change(
        officer,
        "countries",
        "NP",
        name_en="Nepaul",
        since=today.isoformat(),
        authority="UN terminology",
    )
    found = designations(database, "NP")
    assert len(found) in {before, before + 1}
    assert (found[0].since, found[0].authority) == (today, "UN terminology")
    assert found[0].labels["en"] == "Nepaul"
    assert found[0].labels["ar"] == database.get_one(Country, "NP").labels["ar"]
    assert history("designations", f"NP:{today}")[0].reason == WHY


@pytest.mark.parametrize("days", [1, -40_000])
def test_a_name_holds_neither_in_the_future_nor_before_the_latest(
    officer: Actor, days: int
) -> None:
    day = (clock.now().date() + timedelta(days=days)).isoformat()
    fields = refused_fields(
        lambda: change(officer, "countries", "NP", name_en="x", since=day, authority="y")
    )
    assert set(fields) == {"since"}


def test_the_country_follows_its_designations(database: Session, officer: Actor) -> None:
    today = clock.now().date()
    latest = designations(database, "NP")[0]
    key = f"NP:{latest.since}"
    change(officer, "designations", key, name_en="Nepaul")
    assert cells("countries", "NP")["name_en"] == "Nepaul"
    assert history("countries", "NP")[0].after == {"name_en": "Nepaul"}
    old = (latest.since - timedelta(days=4000)).isoformat()
    add(officer, "designations", country="NP", since=old, name_en="Gorkha", authority="history")
    assert cells("countries", "NP")["name_en"] == "Nepaul"
    remove(officer, "designations", key)
    assert cells("countries", "NP")["name_en"] == "Gorkha"
    with pytest.raises(RuleViolation):
        remove(officer, "designations", f"NP:{old}")
    assert latest.since <= today


def test_a_designation_of_the_future_is_refused(officer: Actor) -> None:
    day = clock.now().date() + timedelta(days=2)
    fields = refused_fields(
        lambda: add(
            officer, "designations", country="NP", since=f"{day}", name_en="x", authority="y"
        )
    )
    assert set(fields) == {"since"}


def test_a_country_comes_and_goes_with_its_designation(database: Session, officer: Actor) -> None:
    given = {**COUNTRY, "name_ar": "لا مكان"}
    assert set(refused_fields(lambda: add(officer, "countries", **given))) == {
        "since",
        "authority",
    }
    add(officer, "countries", ("2020-01-01", "a test"), **given)
    assert designations(database, "ZZ")[0].since == date(2020, 1, 1)
    remove(officer, "countries", "ZZ")
    assert designations(database, "ZZ") == []
    assert not is_there("countries", "ZZ")
