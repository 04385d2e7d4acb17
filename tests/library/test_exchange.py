"""What is handed over comes in again without loss: fields, lists, relations, files, states."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.forms import clean, clean_line
from policytrack.core.review import State
from policytrack.library import rules
from policytrack.library.description import Description
from policytrack.library.models import (
    LibraryDocument,
    LibraryFile,
    LibraryRelation,
    LibraryRevision,
)
from policytrack.library.rules import LegalStatus, Relation, Type
from policytrack.library.service import importing
from policytrack.library.service.importing import Wishes
from tests.factories import make_constituent
from tests.library.exchange_scene import write_pdf, write_table
from tests.library.shelf import shelve

Run = Callable[..., Result]


def _runner(app: Flask) -> Run:
    def run(*options: str, code: int = 0) -> Result:
        result = app.test_cli_runner().invoke(args=["library", *options])
        assert result.exit_code == code, result.output
        current_session().rollback()
        current_session().expire_all()
        return result

    return run


@pytest.fixture
def run(app: Flask, database: Session) -> Run:
    return _runner(app)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["id"] and row["address"]]


def _without_addresses_of_files(path: Path) -> list[dict[str, str]]:
    """Return the rows without what is made anew: under which address a file is handed out."""
    return [{**row, "files": ""} for row in _rows(path)]


def _empty_the_library() -> None:
    with transaction() as session:
        session.execute(update(LibraryDocument).values(published_id=None, open_id=None))
        for model in (LibraryRelation, LibraryFile):
            session.execute(delete(model))
        for table in ("theme", "sector", "target_group", "country", "corridor"):
            session.execute(delete(LibraryRevision.metadata.tables[f"library_{table}"]))
        session.execute(delete(LibraryRevision))
        session.execute(delete(LibraryDocument))


def test_the_demonstration_library_moves_to_an_empty_site(
    app: Flask, demonstrated: Flask, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with demonstrated.app_context():
        _runner(demonstrated)("export", "--all", "--files", str(first))
    rows = _rows(first / "manifest.csv")
    assert {row["state"] for row in rows} == {"published", "withdrawn", "submitted"}
    assert any(row["embargo_until"] for row in rows)
    assert any(row["path"] for row in rows)
    assert any(not row["path"] for row in rows)
    with app.app_context():
        run = _runner(app)
        for code in sorted({row["organisation"] for row in rows} - {""}):
            make_constituent(code=code)
        taken = ("import", str(first), "--manifest", str(first / "manifest.csv"), "--publish")
        run(*taken)
        run("export", "--all", "--files", str(second))
        assert _without_addresses_of_files(second / "manifest.csv") == _without_addresses_of_files(
            first / "manifest.csv"
        )
        assert "0 faults" in run("verify").output
        again = run(*taken).output
        assert re.search(rf"unchanged +{len(rows)}\n", again)
        run("export", "--output", str(tmp_path / "public.json"))
    public = json.loads((tmp_path / "public.json").read_text(encoding="utf-8"))["documents"]
    assert {row["visibility"] for row in public} == {"public"}
    assert len(public) < len(rows)
    contents = [
        sorted(path.read_bytes() for path in folder.rglob("*.pdf")) for folder in (first, second)
    ]
    assert contents[0] == contents[1] != []


NASTY = ["a", "B", ";", "; ", "\\", "\\;", ",", "،", '"', "“", "'", "=", "=1+1", "-", "@", "\n", " ",
    "\u0646\u0635", "\u200f", "é", "नेपाल", "\U0001f9f3", "\t"]  # fmt: skip
_PIECES = st.lists(st.sampled_from(NASTY), max_size=8).map("".join)
TEXT = _PIECES.map(lambda each: clean(clean(each)))
LINE = _PIECES.map(lambda each: clean_line(clean_line(each)))
NAME = LINE.filter(bool)
DATE = st.sampled_from(["", "2016", "2016-12", "2016-12-09"])
AUTHOR = st.one_of(
    st.builds(lambda name: {"literal": name}, NAME),
    st.builds(lambda name: {"family": name}, NAME),
    st.builds(lambda family, given: {"family": family, "given": given}, NAME, NAME),
)
PRACTICE = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(rules.PRACTICE_TEXTS, TEXT),
        **dict.fromkeys(rules.PRACTICE_LISTS, st.lists(NAME.map(lambda each: each[:20].strip()))),
    },
)
DESCRIPTIONS = st.builds(
    Description,
    type=st.sampled_from(list(Type)),
    language=st.sampled_from(["en", "ar", "th"]),
    title=NAME,
    summary=TEXT,
    authors=st.lists(AUTHOR, max_size=4).map(tuple),
    publisher=LINE,
    place=LINE,
    official_number=LINE,
    issued=DATE,
    source_url=st.just("https://example.org/a;b?c='=1"),
    legal_status=st.sampled_from(["", *LegalStatus]),
    in_force_from=DATE,
    licence=LINE,
    visibility=st.sampled_from(["public", "constituents"]),
    embargo_until=st.sampled_from([None, datetime(2031, 3, 4, 5, 6, 7, 8, tzinfo=UTC)]),
    practice=PRACTICE,
    themes=st.sampled_from([(), ("A1.1",), ("A1.1", "A2")]),
    countries=st.sampled_from([(), ("NP", "QA")]),
    corridors=st.sampled_from([(), ("NP-QA",)]),
)


def _keep(said: Description, **wishes: Any) -> int:
    with transaction() as session:
        _taken, document = importing.take(
            session,
            arrivals=(),
            wishes=Wishes(describe=lambda _before: said, publish=True, **wishes),
            now=clock.now(),
        )
        return document.id


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "empty").mkdir()
    return tmp_path


@given(
    said=st.lists(DESCRIPTIONS, min_size=1, max_size=3),
    source=LINE,
    format_=st.sampled_from(["csv", "json"]),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_documents_say_comes_in_again_byte_for_byte(
    run: Run, scratch: Path, said: list[Description], source: str, format_: str
) -> None:
    _empty_the_library()
    first, second = scratch / f"first.{format_}", scratch / f"second.{format_}"
    before: list[int] = []
    for number, each in enumerate(said):
        ties = tuple(
            (kind.value, target)
            for kind in (Relation.AMENDS, Relation.RELATED)
            for target in before
        )
        _keep(
            Description(**{**_fields(each), "relations": ties}),
            source_key=f"{source}:{number}" if number else None,
        )
        before = [document.id for document in _documents()]
    run("export", "--all", "--output", str(first))
    _empty_the_library()
    run("import", str(scratch / "empty"), "--manifest", str(first), "--publish")
    run("export", "--all", "--output", str(second))
    lost = [b"made_at"] if format_ == "json" else []
    kept = [
        [line for line in path.read_bytes().split(b"\n") if not any(each in line for each in lost)]
        for path in (first, second)
    ]
    assert kept[0] == kept[1]
    assert len(_documents()) == len(said)


def _fields(said: Description) -> dict[str, Any]:
    return {name: getattr(said, name) for name in Description.__dataclass_fields__}


def _documents() -> list[LibraryDocument]:
    return list(current_session().scalars(select(LibraryDocument).order_by(LibraryDocument.id)))
