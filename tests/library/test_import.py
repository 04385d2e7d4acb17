"""A folder comes in: once, whole, from nowhere else, and with what a table says of it."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.review import State
from policytrack.library.description import described
from policytrack.library.models import LibraryDocument, LibraryRevision, TextPage
from tests.factories import make_constituent, make_document
from tests.library.exchange_scene import ENGLISH, write_locked, write_pdf, write_table
from tests.progress.test_queries import counted

Import = Callable[..., Result]
Report = Callable[[], dict[str, dict[str, str]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    return made


@pytest.fixture
def command(app: Flask, database: Session) -> Import:
    def run(*given: str, code: int = 0) -> Result:
        result = app.test_cli_runner().invoke(args=["library", *given])
        assert result.exit_code == code, result.output
        database.rollback()
        database.expire_all()
        return result

    return run


@pytest.fixture
def take(command: Import, folder: Path, tmp_path: Path) -> Import:
    def run(*options: str, code: int = 0) -> Result:
        report = str(tmp_path / "report.csv")
        return command("import", str(folder), "--report", report, *options, code=code)

    return run


@pytest.fixture
def report(tmp_path: Path) -> Report:
    def read() -> dict[str, dict[str, str]]:
        with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
            return {row["path"]: row for row in csv.DictReader(file)}

    return read


def _documents(session: Session) -> list[LibraryDocument]:
    return list(session.scalars(select(LibraryDocument).order_by(LibraryDocument.id)))


def _outcomes(read: Report) -> dict[str, str]:
    return {path: row["outcome"] for path, row in read().items()}


def test_a_folder_is_taken_once_whatever_is_in_it(
    take: Import, command: Import, report: Report, folder: Path, database: Session
) -> None:
    write_pdf(folder / "laws" / "2019" / "Act_on fees.pdf")
    (folder / "practice.md").write_text("# A practice\n\nWorkers meet before they leave.\n")
    (folder / "copy.pdf").write_bytes((folder / "laws/2019/Act_on fees.pdf").read_bytes())
    write_locked(folder / "locked.pdf")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "cut.pdf").write_bytes((folder / "copy.pdf").read_bytes()[:300])
    (folder / "tool.exe").write_bytes(b"MZ" + bytes(200))
    (folder / ".DS_Store").write_bytes(b"litter")
    result = take("--type", "law", code=1)
    assert _outcomes(report) == {
        "copy.pdf": "taken",
        "cut.pdf": "broken",
        "empty.pdf": "broken",
        "laws/2019/Act_on fees.pdf": "unchanged",
        "locked.pdf": "encrypted",
        "practice.md": "taken",
        "tool.exe": "refused",
    }
    assert "in all" in result.output
    first = report()["copy.pdf"]
    assert (first["pages"], first["language"]) == ("1", "en")
    documents = _documents(database)
    assert len(documents) == 2
    assert all(each.open and each.open.state == State.SUBMITTED for each in documents)
    assert ENGLISH[0] in command("text", first["sha256"], "--page", "1").output
    assert "no such page" in command("text", first["sha256"], "--page", "2", code=1).output
    assert "no such file" in command("text", "0" * 64, code=1).output
    assert "2 documents, 2 files, 0 faults" in command("verify").output
    take(code=1)
    assert set(_outcomes(report).values()) == {"unchanged", "encrypted", "broken", "refused"}
    assert len(_documents(database)) == 2


def test_a_table_says_what_documents_are_and_says_it_again(
    take: Import, report: Report, folder: Path, tmp_path: Path, database: Session
) -> None:
    body = make_constituent()
    write_pdf(folder / "act.pdf")
    write_pdf(folder / "amendment.pdf", "The act of 2019 is amended as follows.")
    table = write_table(
        tmp_path / "table.csv",
        "path;title;type;language;authors;issued;countries;themes;source;source_id;amends;lessons;mood",
        "act.pdf;Act on fees;law;en;Parliament;2019-06;NP;A1.1;npl;1;;;glad",
        "amendment.pdf;Amendment;Law;en;Rai, Sita;2021;;;npl;2;;;",
        "ghost.pdf;Nobody;law;en;;;;;;;;;",
        encoding="utf-16",
    )
    options = ("--manifest", str(table), "--publish", "--organisation", body.code)
    result = take(*options, code=1)
    assert "mood" in result.output
    assert _outcomes(report) == {
        "act.pdf": "taken",
        "amendment.pdf": "taken",
        "ghost.pdf": "refused",
        "table.csv": "unmapped",
    }
    assert "“mood”, 1 cells" in report()["table.csv"]["reason"]
    assert report()["ghost.pdf"]["reason"] == "line 4: there is no such file in the folder"
    act, amendment = _documents(database)
    assert act.source_key == "npl:1"
    assert act.constituent_id == amendment.constituent_id == body.id
    assert act.published is not None
    said = described(act.published)
    assert (said.title, said.type, said.issued) == ("Act on fees", "law", "2019-06")
    assert (said.countries, said.themes) == (("NP",), ("A1.1",))
    write_table(
        table,
        "path,title,type,language,source,source_id,amends",
        "act.pdf,Act on recruitment fees,law,en,npl,1,",
        "amendment.pdf,Amendment,law,en,npl,2,1",
    )
    take(*options)
    assert _outcomes(report) == {"act.pdf": "updated", "amendment.pdf": "updated"}
    act, amendment = _documents(database)
    assert act.published is not None
    assert amendment.published is not None
    # What the table does not speak of stays.
    assert described(act.published).countries == ("NP",)
    assert act.published.title == "Act on recruitment fees"
    assert [(each.kind, each.target_id) for each in amendment.published.relations] == [
        ("amends", act.id)
    ]
    take(*options)
    assert set(_outcomes(report).values()) == {"unchanged"}


def test_wrong_rows_are_named_and_do_not_stop_the_rest(
    take: Import, report: Report, folder: Path, tmp_path: Path, database: Session
) -> None:
    for name in ("a", "b", "c", "d", "e"):
        write_pdf(folder / f"{name}.pdf", f"Document {name} of the folder, which says little.")
    table = write_table(
        tmp_path / "table.csv",
        "path,title,type,countries,issued,organisation",
        "a.pdf,A,poem,NP,2019,",
        "b.pdf,B,law,XX,2019,",
        "c.pdf,C,law,NP,yesterday,",
        'd.pdf,"D',
        'on two lines",law,NP,2019,NOBODY',
        "e.pdf,E,law,NP,2019,",
        "e.pdf,E again,law,NP,2019,",
    )
    take("--manifest", str(table), code=1)
    rows = report()
    assert {path: row["outcome"] for path, row in rows.items() if path != "e.pdf"} == dict.fromkeys(
        ("a.pdf", "b.pdf", "c.pdf", "d.pdf"), "refused"
    )
    assert rows["a.pdf"]["reason"].startswith("line 2: type")
    assert "countries" in rows["b.pdf"]["reason"]
    assert rows["c.pdf"]["reason"].startswith("line 4: issued")
    assert "NOBODY" in rows["d.pdf"]["reason"]
    assert rows["e.pdf"]["reason"] == "line 8: line 7 names this file"
    assert [each.open and each.open.title for each in _documents(database)] == ["E"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title,type\nA,law\n", "no column"),
        (b"path,title,Title\na.pdf,A,B\n", "a column twice: title"),
        (b"path,title\n\xff\xfea,b\n", "neither UTF-8 nor UTF-16"),
        (b"path,ti\x00tle\na.pdf,A\n", "cannot be used"),
        (b"", "no column"),
        (b'path,title\na.pdf,"never ends' + b"x" * 17_000_000, "line"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_one_line(
    take: Import, folder: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(content)
    result = take("--manifest", str(table), code=1)
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_file_is_read_from_nowhere_but_the_folder(
    take: Import, report: Report, folder: Path, tmp_path: Path, database: Session
) -> None:
    secret = write_pdf(tmp_path / "secret" / "secret.pdf")
    (folder / "out.pdf").symlink_to(secret)
    (folder / "outside").symlink_to(secret.parent, target_is_directory=True)
    (folder / "nowhere.pdf").symlink_to(folder / "gone.pdf")
    (folder / "loop.pdf").symlink_to(folder / "loop.pdf")
    os.mkfifo(folder / "pipe.pdf")
    write_pdf(folder / "inside.pdf")
    (folder / "again.pdf").symlink_to(folder / "inside.pdf")
    table = write_table(
        tmp_path / "table.csv", "path,title", "../secret/secret.pdf,S", "/etc/passwd,P"
    )
    take("--manifest", str(table), code=1)
    found = _outcomes(report)
    assert found.pop("again.pdf") == "taken"
    assert found.pop("inside.pdf") == "unchanged"
    assert set(found) == {
        "../secret/secret.pdf", "/etc/passwd", "loop.pdf", "nowhere.pdf", "out.pdf", "outside",
        "pipe.pdf",
    }  # fmt: skip
    assert set(found.values()) == {"refused"}
    assert len(_documents(database)) == 1


def test_names_that_turn_around_or_break_lines_are_spelt_out(
    take: Import, report: Report, folder: Path, database: Session
) -> None:
    for number, name in enumerate(
        ("a\nb.pdf", "\u202efdp.exe.pdf", "=cmd().pdf", "ن" * 120 + ".pdf", "-.pdf")
    ):
        write_pdf(folder / name, f"Document number {number} is about the fees of recruitment.")
    write_table(folder / "broken\nname.exe", "MZ")
    result = take(code=1)
    assert "broken\\nname.exe" in result.output
    assert "broken\nname.exe" not in result.output
    assert len(_documents(database)) == 5
    assert "'=cmd().pdf" in report()


def test_a_dry_run_keeps_nothing(
    take: Import, report: Report, folder: Path, database: Session
) -> None:
    write_pdf(folder / "act.pdf")
    result = take("--dry-run")
    assert _outcomes(report) == {"act.pdf": "taken"}
    assert "Nothing was kept" in result.output
    assert _documents(database) == []
    assert database.scalar(select(func.count()).select_from(TextPage)) == 0


def test_what_is_not_taken_leaves_no_bytes(
    take: Import, command: Import, app: Flask, folder: Path, tmp_path: Path
) -> None:
    for name in ("a", "b", "c"):
        write_pdf(folder / f"{name}.pdf", f"Document {name} of the folder, which says little.")
    table = write_table(
        tmp_path / "table.csv",
        "path,title,type,organisation",
        "a.pdf,A,poem,",
        "b.pdf,B,law,NOBODY",
        "c.pdf,C,law,,too many cells",
    )
    take("--manifest", str(table), code=1)
    assert "0 documents, 0 files, 0 faults" in command("verify").output
    write_pdf(folder / "d.pdf", "A dry run looks at this one and keeps nothing.")
    take("--manifest", str(table), "--dry-run", code=1)
    kept = Path(app.instance_path) / "files"
    assert [path for path in kept.rglob("*") if path.is_file()] == []


def test_a_new_document_costs_the_database_a_few_statements(
    take: Import, folder: Path, database: Session
) -> None:
    counts = []
    for documents in (1, 2, 4):
        for number in range(documents):
            write_pdf(folder / f"{number}.pdf", f"Document {number} of {documents}, of one page.")
        with counted() as statements:
            take("--publish")
        counts.append(len(statements))
    first, second, third = counts
    assert third - second == 2 * (second - first), counts
    assert second - first <= 20, statements


def test_what_people_work_on_is_left_alone(
    take: Import, report: Report, folder: Path, tmp_path: Path, database: Session
) -> None:
    write_pdf(folder / "act.pdf")
    take("--publish", "--type", "law")
    (document,) = _documents(database)
    with transaction() as session:
        revision = LibraryRevision(
            document_id=document.id,
            number=2,
            title="Somebody’s draft",
            created_at=document.created_at,
            saved_at=document.created_at,
        )
        session.add(revision)
        session.flush()
        session.get_one(LibraryDocument, document.id).open = revision
    table = write_table(tmp_path / "table.csv", "path,title", "act.pdf,Another title")
    take("--publish", "--manifest", str(table), code=1)
    assert "People are at work" in report()["act.pdf"]["reason"]
    assert current_session().get_one(LibraryRevision, revision.id).title == "Somebody’s draft"


def test_verify_tells_what_is_missing_or_twice(
    command: Import, app: Flask, take: Import, folder: Path, database: Session
) -> None:
    write_pdf(folder / "act.pdf")
    take()
    (document,) = _documents(database)
    assert document.open is not None
    twin = make_document()
    with transaction() as session:
        (file,) = document.open.files
        assert twin.published is not None
        twin.published.files.append(
            type(file)(file_id=file.file_id, name=file.name, source_sha256=file.source_sha256)
        )
        session.delete(session.scalars(select(TextPage).limit(1)).one())
    output = command("verify", code=1).output
    assert "2 documents have it" in output
    assert "0 pages of 1 have their text" in output
