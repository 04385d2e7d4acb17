"""Loading: what comes in, what stays as it was edited here, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from policytrack.core import changes, clock
from policytrack.core.audit import TrailEntry
from policytrack.core.changes import Change
from policytrack.core.db import db, transaction
from policytrack.core.permissions import Role
from policytrack.places.models import Corridor, Country
from policytrack.programmes.models import Programme
from policytrack.reference import queries, rows, service
from policytrack.reference.kinds import KINDS
from policytrack.reference.models import LoadedRow, ReferenceEdit
from policytrack.reference.rules import Outcome
from policytrack.reference.service import EditCommand, FaultyData
from tests.factories import actor_for, make_user
from tests.reference.writing import (
    CORRIDOR,
    RATIFICATION,
    SECTOR,
    THEME,
    cells,
    folder,
    is_there,
    load,
)


def edit(kind: str, key: str, **values: str) -> None:
    """Edit a row as the secretariat does."""
    actor = actor_for(make_user(Role.SECRETARIAT))
    seen = rows.fingerprint(cells(kind, key))
    with transaction() as session:
        service.change(
            session,
            actor=actor,
            kind=KINDS[kind],
            key=key,
            command=EditCommand(values, "a better source", seen),
            now=clock.now(),
        )


def remove(kind: str, key: str) -> None:
    actor = actor_for(make_user(Role.SECRETARIAT))
    seen = rows.fingerprint(cells(kind, key))
    with transaction() as session:
        service.remove(
            session,
            actor=actor,
            kind=KINDS[kind],
            key=key,
            reason="not needed",
            seen=seen,
            now=clock.now(),
        )


def contents() -> dict[str, Any]:
    """Return everything that a load writes."""
    db.session.rollback()
    return {
        table.name: [tuple(map(str, row)) for row in db.session.execute(select(table))]
        for table in [kind.model.__table__ for kind in KINDS.values()]
        + [LoadedRow.__table__, ReferenceEdit.__table__, Change.__table__]
    }


def noted() -> list[tuple[str, str]]:
    found = db.session.scalars(select(Change).order_by(Change.seq))
    return [(change.kind, change.public_id) for change in found]


def test_the_packaged_data_come_in_whole_and_only_once(database: Session) -> None:
    with transaction() as session:
        service.load(session, now=clock.now())
    before = contents()
    with transaction() as session:
        report = service.load(session, now=clock.now() + timedelta(days=1))
    assert not report.written
    assert contents() == before
    assert database.get_one(Country, "NP").labels["ar"] == "نيبال"
    assert queries.counts(database)["constituents"] > 100


def test_no_organisation_comes_in_on_a_weak_word(database: Session, tmp_path: Path) -> None:
    listed = [
        {"code": code, "country": "NP", "group": "workers", "label_en": code, "source": "s",
         "confidence": confidence}
        for code, confidence in (("A", "high"), ("B", "low"), ("C", "unverified"))
    ]  # fmt: skip
    report = load(folder(tmp_path, constituents=listed))
    assert report.kinds[0].left_out == 2
    assert is_there("constituents", "A")
    assert not is_there("constituents", "B")


def test_other_weak_rows_come_in_marked(database: Session, tmp_path: Path) -> None:
    load(folder(tmp_path, ratifications=[{**RATIFICATION, "confidence": "unverified"}]))
    assert cells("ratifications", "NP:C189")["confidence"] == "unverified"


def test_lists_mappings_and_sides_come_in_and_go_out_as_they_are(
    database: Session, tmp_path: Path
) -> None:
    programme = {
        "code": "P1",
        "label_en": "One",
        "label_fr": "Un",
        "summary_en": "What it does",
        "agencies": "ILO;UN Women",
        "starts": "2018",
        "origins": "PH;NP",
        "destinations": "QA",
        "both": "TH",
        "themes": "A2;A1",
        "sectors": "care",
        "position": "1",
        "source": "a test",
        "confidence": "high",
    }
    load(folder(tmp_path, programmes=[programme]))
    found = cells("programmes", "P1")
    assert {name: found[name] for name in programme} == {
        **programme,
        "origins": "NP;PH",
        "themes": "A1;A2",
    }
    row = database.scalars(select(Programme).where(Programme.code == "P1")).one()
    assert {link.country_iso2: link.side for link in row.countries} == {
        "NP": "origin",
        "PH": "origin",
        "QA": "destination",
        "TH": "both",
    }
    moved = {**programme, "origins": "NP", "both": "TH;PH", "themes": ""}
    load(folder(tmp_path, programmes=[moved]))
    found = cells("programmes", "P1")
    assert (found["origins"], found["both"], found["themes"]) == ("NP", "PH;TH", "")


def test_a_column_that_the_file_lacks_stays_as_it_is(database: Session, tmp_path: Path) -> None:
    before = cells("corridors", "NP-QA")
    load(folder(tmp_path, corridors=[{**CORRIDOR, "note": "new"}]))
    changed = {**before, "note": "new", "source": "UN DESA", "confidence": "high"}
    assert cells("corridors", "NP-QA") == changed


# Between the file and the site


def sector(**more: str) -> Mapping[str, str]:
    return {**SECTOR, "label_ar": "ملح", "label_fr": "Sel", **more}


def test_an_edit_stays_while_the_file_says_what_it_said(database: Session, tmp_path: Path) -> None:
    load(folder(tmp_path, sectors=[sector()]))
    edit("sectors", "salt", label_fr="Le sel")
    report = load(folder(tmp_path, sectors=[sector()]))
    assert not report.written
    assert report.cells_with(Outcome.CONFLICT) == []
    assert cells("sectors", "salt")["label_fr"] == "Le sel"


def test_a_new_word_of_the_file_reaches_the_cells_that_nobody_edited(
    database: Session, tmp_path: Path
) -> None:
    load(folder(tmp_path, sectors=[sector()]))
    edit("sectors", "salt", label_fr="Le sel")
    load(folder(tmp_path, sectors=[sector(label_ar="الملح", position="95")]))
    found = cells("sectors", "salt")
    assert (found["label_fr"], found["label_ar"], found["position"]) == ("Le sel", "الملح", "95")


def test_where_both_changed_the_edit_stays_and_it_is_said(
    database: Session, tmp_path: Path
) -> None:
    load(folder(tmp_path, sectors=[sector()]))
    edit("sectors", "salt", label_fr="Le sel")
    report = load(folder(tmp_path, sectors=[sector(label_fr="Du sel")]))
    assert service.conflicts(report) == [
        "sectors salt, label_fr: here “Le sel”, the file says “Du sel”"
    ]
    assert cells("sectors", "salt")["label_fr"] == "Le sel"
    # It was said; the file is known now, and the page of the row shows it.
    assert service.conflicts(load(folder(tmp_path, sectors=[sector(label_fr="Du sel")]))) == []
    file = queries.file_row(database, KINDS["sectors"], "salt")
    assert file is not None
    assert file.content["label_fr"] == "Du sel"


def test_overwriting_takes_the_files_word_and_keeps_what_stood_here(
    database: Session, tmp_path: Path
) -> None:
    load(folder(tmp_path, sectors=[sector()]))
    edit("sectors", "salt", label_fr="Le sel")
    load(folder(tmp_path, sectors=[sector(label_fr="Du sel")]))
    report = load(folder(tmp_path, sectors=[sector(label_fr="Du sel")]), overwrite=True)
    assert service.written(report) == [
        "sectors salt, label_fr: “Le sel” becomes “Du sel” (this had been edited here)"
    ]
    assert cells("sectors", "salt")["label_fr"] == "Du sel"
    kept = queries.history(database, KINDS["sectors"], "salt")[0]
    assert (kept.action, kept.actor) == ("overwritten", None)
    assert (kept.before, kept.after) == ({"label_fr": "Le sel"}, {"label_fr": "Du sel"})
    line = database.scalars(select(TrailEntry).order_by(TrailEntry.id.desc()).limit(1)).one()
    assert (line.action, line.public_id, line.fields) == (
        "reference_overwritten",
        "salt",
        ["label_fr"],
    )
    assert not load(folder(tmp_path, sectors=[sector(label_fr="Du sel")]), overwrite=True).written


def test_rows_of_a_time_that_kept_no_record_follow_the_file(
    database: Session, tmp_path: Path
) -> None:
    with transaction() as session:
        for row in session.scalars(select(LoadedRow)):
            session.delete(row)
        session.get_one(Country, "NP").labels = {"en": "Nepaul"}
    with transaction() as session:
        report = service.load(session, now=clock.now(), only=["regions", "countries"])
    assert service.conflicts(report) == []
    assert cells("countries", "NP")["name_en"] == "Nepal"


def test_a_row_added_here_is_not_overrun_by_one_of_the_same_code(
    database: Session, tmp_path: Path
) -> None:
    actor = actor_for(make_user(Role.SECRETARIAT))
    with transaction() as session:
        service.add(
            session,
            actor=actor,
            kind=KINDS["sectors"],
            command=EditCommand({"code": "salt", "label_en": "Salt pans", "position": "90"}, "why"),
            now=clock.now(),
        )
    report = load(folder(tmp_path, sectors=[SECTOR]))
    assert service.conflicts(report) == [
        "sectors salt, label_en: here “Salt pans”, the file says “Salt”"
    ]
    assert cells("sectors", "salt")["label_en"] == "Salt pans"


def test_a_row_that_the_file_has_no_more_stays_and_is_named(
    database: Session, tmp_path: Path
) -> None:
    load(folder(tmp_path, sectors=[SECTOR]))
    with transaction() as session:
        report = service.load(session, now=clock.now(), only=["sectors"])
    assert report.kinds[0].gone == ("salt",)
    assert is_there("sectors", "salt")


def test_a_row_removed_here_comes_back_only_when_asked_for(
    database: Session, tmp_path: Path
) -> None:
    load(folder(tmp_path, sectors=[SECTOR]))
    remove("sectors", "salt")
    assert service.conflicts(load(folder(tmp_path, sectors=[SECTOR]))) == []
    report = load(folder(tmp_path, sectors=[{**SECTOR, "position": "91"}]))
    assert service.conflicts(report) == ["sectors salt: removed here, and new in the file"]
    assert not is_there("sectors", "salt")
    report = load(folder(tmp_path, sectors=[{**SECTOR, "position": "91"}]), overwrite=True)
    assert service.written(report) == ["sectors: back again salt"]
    assert is_there("sectors", "salt")
    assert queries.history(database, KINDS["sectors"], "salt")[0].action == "overwritten"


def test_what_points_to_a_row_removed_here_is_left_out(database: Session, tmp_path: Path) -> None:
    load(folder(tmp_path, themes=[THEME]))
    remove("themes", "A9")
    below = {**THEME, "code": "A9.1", "parent": "A9"}
    report = load(folder(tmp_path, themes=[THEME, below]))
    assert report.kinds[0].dangling == ("A9.1",)
    assert not is_there("themes", "A9.1")
    load(folder(tmp_path, themes=[THEME, below]), overwrite=True)
    assert cells("themes", "A9.1")["parent"] == "A9"


def test_an_edit_and_a_file_that_make_a_circle_together_are_refused(
    database: Session, tmp_path: Path
) -> None:
    first, second = {**THEME, "code": "X"}, {**THEME, "code": "Y"}
    load(folder(tmp_path, themes=[first, second]))
    edit("themes", "X", parent="Y")
    with pytest.raises(FaultyData) as refused:
        load(folder(tmp_path, themes=[first, {**second, "parent": "X"}]))
    assert "together with what was edited here" in str(refused.value.faults[0])
    assert cells("themes", "Y")["parent"] == ""


def test_an_edit_and_a_file_that_contradict_each_other_are_refused(
    database: Session, tmp_path: Path
) -> None:
    load(folder(tmp_path, corridors=[{**CORRIDOR, "stock_2020": "100", "women_2020": "10"}]))
    edit("corridors", "NP-QA", women_2020="90")
    with pytest.raises(FaultyData, match="more women than people"):
        load(folder(tmp_path, corridors=[{**CORRIDOR, "stock_2020": "50", "women_2020": "10"}]))
    assert cells("corridors", "NP-QA")["stock_2020"] == "100"


# What follows


def test_the_index_learns_what_changed_and_nothing_else(database: Session, tmp_path: Path) -> None:
    load(folder(tmp_path, corridors=[{**CORRIDOR, "note": "new"}], sectors=[SECTOR]))
    assert noted() == [("corridor", "NP-QA")]
    load(folder(tmp_path, corridors=[{**CORRIDOR, "note": "new"}], sectors=[SECTOR]))
    assert noted() == [("corridor", "NP-QA")]


def test_a_new_name_reaches_the_corridors_that_carry_it(database: Session, tmp_path: Path) -> None:
    kind = KINDS["countries"]
    nepal = cells("countries", "NP")
    named = {column.name: nepal[column.name] for column in kind.loaded} | {"name_fr": "Le Népal"}
    load(folder(tmp_path, countries=[named]))
    touched = database.scalars(
        select(Corridor.code).where(
            (Corridor.origin_iso2 == "NP") | (Corridor.destination_iso2 == "NP")
        )
    )
    assert set(noted()) == {("country", "NP"), *(("corridor", code) for code in touched)}


def test_loading_again_takes_as_many_queries_however_many_rows(
    database: Session, tmp_path: Path
) -> None:
    def asked(count: int) -> int:
        many = [{**SECTOR, "code": f"s{number}"} for number in range(count)]
        load(folder(tmp_path, sectors=many))
        statements: list[str] = []

        def note(*given: Any) -> None:
            statements.append(given[2])

        event.listen(db.engine, "before_cursor_execute", note)
        load(folder(tmp_path, sectors=many))
        event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    assert asked(300) == asked(3)


def test_a_load_that_is_undone_leaves_nothing(database: Session, tmp_path: Path) -> None:
    before = contents()
    with pytest.raises(ZeroDivisionError), transaction() as session:
        service.load(session, now=clock.now(), folder=folder(tmp_path, sectors=[SECTOR]))
        raise ZeroDivisionError
    assert contents() == before
    assert changes.newest(database) == 0
