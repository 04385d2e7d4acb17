"""What is handed over comes in again without loss: fields, lists, relations, files, states."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from policytrack.core import clock
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.forms import clean, clean_line
from policytrack.core.review import State
from policytrack.library import rules
from policytrack.library.description import Description, described
from policytrack.library.exchange.profiles import profiles
from policytrack.library.models import (
    FileText,
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


NASTY = [
    "a", "B", ";", "; ", "\\", "\\;", ",", "،", '"', "“", "'", "=", "=1+1", "-", "@", "\n", " ",
    "\u0646\u0635", "\u200f", "é", "नेपाल", "\U0001f9f3", "\t",
]  # fmt: skip
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


# Each example moves a library; making a smaller one of a failure would take minutes.
EXAMPLES = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PRACTICES = st.builds(
    Description,
    type=st.just(Type.PRACTICE),
    language=st.just("en"),
    title=NAME,
    summary=TEXT.filter(bool),
    source_url=st.sampled_from(["", "https://example.org/a;b"]),
    practice=PRACTICE.map(lambda said: {**said, "why_good": said.get("why_good") or "It works."}),
    themes=st.sampled_from([(), ("A1.1",), ("A1.1", "A2")]),
    countries=st.sampled_from([(), ("NP", "QA"), ("CI",), ("HK",)]),
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
@settings(parent=EXAMPLES, max_examples=25)
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


@pytest.mark.parametrize("profile", sorted(profiles()))
@given(said=st.lists(PRACTICES, min_size=1, max_size=3))
@settings(parent=EXAMPLES, max_examples=8)
def test_what_a_profile_carries_comes_in_again(
    run: Run, scratch: Path, said: list[Description], profile: str
) -> None:
    _empty_the_library()
    first, second = scratch / "first.csv", scratch / "second.csv"
    for each in said:
        _keep(each)
    written = ("export", "--all", "--profile", profile, "--output")
    result = run(*written, str(first))
    assert f"“language” ({len(said)} cell" in result.output
    before = {each.public_id: _practice(each) for each in _documents()}
    _empty_the_library()
    table = ("--profile", profile, "--manifest", str(first), "--language", "en", "--publish")
    run("import", str(scratch / "empty"), *table)
    run(*written, str(second))
    assert second.read_bytes() == first.read_bytes()
    carried = profiles()[profile].carried
    for each in _documents():
        after = _practice(each)
        kept = {name: after[name] for name in carried & after.keys()}
        assert kept == {name: before[each.public_id][name] for name in kept}


def _practice(document: LibraryDocument) -> dict[str, object]:
    """Return what a practice says by field, empty ones as such."""
    text = document.published
    assert text is not None
    said = described(text)
    names = (*rules.PRACTICE_TEXTS, *rules.PRACTICE_LISTS)
    return {
        "title": said.title,
        "summary": said.summary,
        "countries": sorted(said.countries),
        "themes": sorted(said.themes),
        **{name: said.practice.get(name) or "" for name in names},
    }


def test_a_table_of_another_database_is_read_and_what_is_lost_is_told(
    run: Run, scratch: Path
) -> None:
    table = write_table(
        scratch / "gfmd.csv",
        "Title,Summary,Implementing country,Partners,GCM objective,SDG target,Actor type,"
        "Chairmanship,GFMD source(s),Date Shared,Contact,Votes",
        'A desk,Who and what,"Nepal; قطر; Asia; Global",Unions,"Objective 6: Fair recruitment; 16",'
        '"Target 8.8; SDG 10",Workers,Ecuador,GFMD 2019,2019-01,a@example.org,7',
        "Another desk,What,Atlantis,,,,,,,,,",
        ",,Nepal,,,,,,,,,",
    )
    report = scratch / "report.csv"
    given_ = ("--profile", "gfmd", "--manifest", str(table), "--language", "en", "--publish")
    result = run("import", str(scratch / "empty"), *given_, "--report", str(report), code=1)
    assert "line 4: it names no file" in result.output
    assert "“Chairmanship” (1 cell): we hold no such field" in result.output
    assert "“votes” (1 cell): this column means nothing here" in result.output
    assert "“Implementing country” (2 cells): what is no country" in result.output
    rows = list(csv.DictReader(io.StringIO(report.read_text(encoding="utf-8"))))
    assert [row["outcome"] for row in rows[:3]] == ["taken", "taken", "refused"]
    assert {row["path"] for row in rows if row["outcome"] == "unmapped"} == {"gfmd.csv"}
    one, other = _documents()
    said = _practice(one)
    assert said["countries"] == ["NP", "QA"]
    assert (said["scope"], said["subregions"]) == ("Global", "Asia")
    assert (said["gcm_objectives"], said["sdgs"]) == (["6", "16"], ["8.8", "10"])
    assert said["contact"] == "a@example.org"
    assert _practice(other)["subregions"] == "Atlantis"
    assert one.published is not None
    assert one.published.type == "practice"
    again = run("import", str(scratch / "empty"), *given_, code=1)
    assert re.search(r"unchanged +2\n", again.output)
    assert "a@example.org" not in run("export", "--profile", "gfmd").output
    assert "whom to ask is never public" in run("export", "--profile", "gfmd").output
    assert "a@example.org" in run("export", "--profile", "gfmd", "--all").output


def test_a_practice_without_a_title_is_called_by_its_beginning(run: Run, scratch: Path) -> None:
    table = write_table(
        scratch / "micic.csv",
        "Type of practice,Country,Stakeholder type,Description,Guideline / theme,"
        "Crisis type; phase",
        f"Service,Nepal,Union,{'A desk that stays open at night. ' * 9},A1.1,Flood; before",
    )
    given_ = ("--profile", "micic", "--manifest", str(table), "--language", "en", "--publish")
    result = run("import", str(scratch / "empty"), *given_)
    assert "“title” (1 cell): made of the beginning of the summary" in result.output
    assert "“Crisis type; phase” (1 cell): we hold no such field" in result.output
    (document,) = _documents()
    said = _practice(document)
    assert str(said["title"]).startswith("A desk that stays open at night. A desk")
    assert len(str(said["title"])) <= 121
    assert said["themes"] == ["A1.1"]


def test_a_document_travels_with_all_its_files_in_their_order(
    run: Run, scratch: Path, database: Session
) -> None:
    folder = scratch / "in"
    write_pdf(folder / "b" / "Act; signed.pdf", "The act as it was signed in the capital city.")
    write_pdf(folder / "a.pdf", "An annex with the form of the contract of employment.")
    write_pdf(folder / "z.pdf", "Another annex with the fees that nobody may be asked for.")
    write_pdf(folder / "lonely.pdf", "This one belongs with a file that is nowhere to be seen.")
    table = write_table(
        folder / "manifest.csv",
        "path,further_paths,title,type,source_id",
        "b/Act; signed.pdf,a.pdf; z.pdf,Act,law,1",
        "lonely.pdf,gone.pdf,Lonely,law,2",
    )
    result = run("import", str(folder), "--manifest", str(table), "--publish", code=1)
    assert "lonely.pdf: line 3: not all its files are there" in result.output
    assert "gone.pdf: line 3: there is no such file" in result.output
    (document,) = _documents()
    assert document.published is not None
    names = [each.name for each in document.published.files]
    assert names == ["Act; signed.pdf", "a.pdf", "z.pdf"]
    before = document.public_id
    run("export", "--files", str(scratch / "out"))
    _empty_the_library()
    moved = ("import", str(scratch / "out"), "--manifest", str(scratch / "out/manifest.csv"))
    run(*moved, "--publish")
    (after,) = _documents()
    assert after.public_id == before
    assert after.source_key == ":1"
    assert after.published is not None
    assert [each.name for each in after.published.files] == names
    refused = run("export", "--files", str(scratch / "out"), code=1)
    assert "is not empty" in refused.output


def test_files_of_one_name_lie_side_by_side(run: Run, scratch: Path, database: Session) -> None:
    first = write_pdf(scratch / "in" / "1" / "Act.pdf", "The act of the year two thousand and two.")
    write_pdf(scratch / "in" / "2" / "act.pdf", "Its regulations of the year two thousand and six.")
    table = write_table(
        scratch / "in/m.csv", "path,further_paths,title,type", "1/Act.pdf,2/act.pdf,Act,law"
    )
    run("import", str(scratch / "in"), "--manifest", str(table), "--publish")
    run("export", "--files", str(scratch / "out"))
    (folder,) = (each for each in (scratch / "out").iterdir() if each.is_dir())
    assert sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*.pdf")) == [
        "2/act.pdf",
        "Act.pdf",
    ]
    assert (folder / "Act.pdf").read_bytes() == first.read_bytes()


def test_a_content_that_a_row_names_twice_is_read_once(
    run: Run, scratch: Path, database: Session
) -> None:
    for name in ("1.pdf", "2.pdf"):
        write_pdf(scratch / "in" / name, "The act of the year two thousand and two.")
    table = write_table(
        scratch / "in/m.csv", "path,further_paths,title,type", "1.pdf,2.pdf,Act,law"
    )
    run("import", str(scratch / "in"), "--manifest", str(table), "--publish")
    (document,) = _documents()
    assert document.published is not None
    assert len({each.file_id for each in document.published.files}) == 1
    (text,) = database.scalars(select(FileText))
    assert text.pages == 1


def test_a_table_that_was_changed_brings_the_same_library_up_to_date(
    run: Run, scratch: Path, database: Session
) -> None:
    shelved = shelve(title="Act on fees", source_url="https://example.org/act")
    run("export", "--output", str(scratch / "list.csv"))
    changed = (
        (scratch / "list.csv").read_bytes().replace(b"Act on fees", b"Act on recruitment fees")
    )
    (scratch / "list.csv").write_bytes(changed)
    taken = ("import", str(scratch / "empty"), "--manifest", str(scratch / "list.csv"), "--publish")
    assert re.search(r"updated +1\n", run(*taken).output)
    assert re.search(r"unchanged +1\n", run(*taken).output)
    (document,) = _documents()
    assert document.public_id == shelved.public_id
    assert document.published is not None
    assert document.published.title == "Act on recruitment fees"


def test_what_is_not_public_is_handed_to_operators_only(
    run: Run, scratch: Path, database: Session
) -> None:
    open_ = shelve(title="Open act", practice={"contact": "hidden@example.org"})
    shelve(title="Restricted act", visibility="constituents")
    shelve(title="Embargoed act", embargo_until=datetime(2999, 1, 1, tzinfo=UTC))
    shelve(title="Linked act", rights="link", text=["Only a link."])
    hidden = _documents()[1]
    with transaction() as session:
        revision = session.scalars(
            select(LibraryRevision)
            .join(LibraryDocument, LibraryDocument.published_id == LibraryRevision.id)
            .where(LibraryDocument.public_id == open_.public_id)
        ).one()
        revision.relations = [LibraryRelation(kind=Relation.RELATED, target_id=hidden.id)]
    public = run("export").output
    assert "Open act" in public
    assert "Linked act" in public
    for word in ("Restricted", "Embargoed", "hidden@example.org", hidden.public_id):
        assert word not in public
    run("export", "--files", str(scratch / "files"))
    assert not list((scratch / "files").rglob("*.pdf"))
    run("export", "--all", "--output", str(scratch / "all.csv"))
    every = (scratch / "all.csv").read_text(encoding="utf-8")
    for word in ("Restricted act", "Embargoed act", "hidden@example.org", hidden.public_id):
        assert word in every
    assert stat.S_IMODE((scratch / "all.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "1"}, "id: this is no id"),
        ({"id": "k3v9qmt2ab\u202e"}, "id: this is no id"),
        ({"source_id": "1", "title": ""}, "title: a document without a file needs one"),
        ({"title": "No key"}, "names no file"),
        ({"source_id": "1", "title": "A", "further_paths": ["x.pdf"]}, "first file"),
        ({"source_id": "1", "title": "A", "state": "draft"}, "state: write one of"),
        ({"source_id": "1", "title": "A", "state": "withdrawn"}, "say why"),
        ({"source_id": "1", "title": "A", "embargo_until": "9999-12-31T23:00-23:59"}, "embargo"),
        ({"source_key": "x" * 161, "title": "A"}, "longer than 160"),
        ({"source_id": "1", "title": "x" * 501}, "longer than 500"),
        ({"source_id": "1", "title": "A", "amends": ["nothing\u0000"]}, "not here: nothing"),
        ({"source_id": "1", "title": "\ud800", "type": "law", "language": "en"}, ""),
        (["path"], "it is no object"),
    ],
)
def test_wrong_rows_are_told_with_their_place(
    run: Run, scratch: Path, row: object, said: str
) -> None:
    table = scratch / "m.json"
    table.write_text(json.dumps({"documents": [row]}), encoding="utf-8")
    taken = ("import", str(scratch / "empty"), "--manifest", str(table), "--publish")
    report = scratch / "report.csv"
    result = run(*taken, "--report", str(report), code=0 if "here" in said or not said else 1)
    assert "Traceback" not in result.output
    assert said in report.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["{", "[1", '{"documents": 1}', "{}", "[" * 100_000])
def test_a_table_that_is_no_table_is_refused_in_one_line(
    run: Run, scratch: Path, content: str
) -> None:
    table = scratch / "m.json"
    table.write_text(content, encoding="utf-8")
    result = run("import", str(scratch / "empty"), "--manifest", str(table), code=1)
    assert "the manifest cannot be used" in result.output


@pytest.mark.parametrize(
    "options", [("--country", "Nepal"), ("--since", "-1"), ("--theme", "%00"), ("--type", "poem")]
)
def test_a_filter_that_means_nothing_is_refused(run: Run, options: tuple[str, ...]) -> None:
    run("export", *options, code=2)


def test_a_table_is_narrowed_as_the_list_is(run: Run, database: Session) -> None:
    shelve(make_constituent(code="NP-GOV"), title="Act of 2019", issued_on=date(2019, 1, 1))
    shelve(title="Act of 2021", issued_on=date(2021, 1, 1))
    assert "Act of 2021" not in run("export", "--until", "2020").output
    assert "Act of 2021" not in run("export", "--organisation", "NP-GOV").output
    assert "1 documents written" in run("export", "--since", "2020", "--type", "law").output


def test_what_lacks_its_kind_or_language_waits_for_review(
    run: Run, scratch: Path, database: Session
) -> None:
    write_pdf(scratch / "in" / "act.pdf")
    report = scratch / "report.csv"
    taken = ("import", str(scratch / "in"), "--publish", "--report", str(report))
    assert "1 of them wait for review" in run(*taken).output
    assert "it waits for review: it lacks type" in report.read_text(encoding="utf-8")
    (document,) = _documents()
    assert document.published is None
    assert document.open is not None
    assert document.open.state == State.SUBMITTED
    again = run(*taken).output
    assert re.search(r"unchanged +1\n", again)
    assert "1 of them wait" in again
    run(*taken, "--type", "law")
    (document,) = _documents()
    assert document.published is not None
    # Nobody has confirmed that nobody can be identified in it.
    assert not document.published.people_protected
