"""Offer the commands of the library: take a folder in, hand it over, show a text, verify."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import click
from flask.cli import AppGroup

from policytrack.core import clock, db, outbox
from policytrack.core.cells import guarded
from policytrack.core.files.models import StoredFile
from policytrack.core.terminal import bar
from policytrack.library import queries, recognition, service
from policytrack.library.exchange import folder, manifest, rows
from policytrack.library.exchange.cli import PROFILES, export, tell_lost
from policytrack.library.exchange.conversion import Lost, Names, Reader
from policytrack.library.exchange.manifest import Manifest, Unusable
from policytrack.library.exchange.preparing import Ended
from policytrack.library.exchange.profiles import profiles
from policytrack.library.exchange.taking import Line, Order, run
from policytrack.library.reading import recognition as tesseract
from policytrack.library.rules import Recognition, Type

commands = AppGroup(
    "library", help="Take documents in, show their text, read pictures of text, verify the library."
)

_COLUMNS = ("path", "outcome", "sha256", "pages", "characters", "language", "reason")


@commands.command("import")
@click.argument(
    "source", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--manifest",
    "table",
    metavar="FILE.csv",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table that says what the files are: the column “path”, and any field of a document.",
)
@click.option(
    "--profile",
    type=PROFILES,
    help="The table has the columns of this database of practices.",
)
@click.option("--organisation", metavar="CODE", default="", help="Whose documents these are.")
@click.option(
    "--language", metavar="TAG", default="", help="Their language, where nothing else says it."
)
@click.option(
    "--type",
    "type_",
    type=click.Choice([each.value for each in Type]),
    help="What they are, where no row says it.",
)
@click.option("--publish", is_flag=True, help="Publish them, instead of handing them to review.")
@click.option("--dry-run", is_flag=True, help="Look at everything and keep nothing.")
@click.option(
    "--report",
    metavar="FILE.csv",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write a line for each file into this table.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), help="How many files are looked at side by side."
)
def import_(
    *,
    source: Path,
    table: Path | None,
    profile: str | None,
    organisation: str,
    language: str,
    type_: str | None,
    publish: bool,
    dry_run: bool,
    report: Path | None,
    jobs: int | None,
) -> None:
    """Take all documents of a folder in, however deep they lie.

    It can be stopped and begun again at any time: a file that is known is not taken twice, and what
    the table says anew of a known document is brought up to date. It ends with exit code 1 when a
    file was refused.
    """
    reader = Reader(profiles()[profile], _names()) if profile else None
    found = _manifest(table, reader)
    lost = _lost(found, reader)
    leave = frozenset(path.resolve() for path in (table, report) if path is not None)
    order = Order(
        folder=source,
        manifest=found,
        leave=leave,
        organisation=organisation,
        language=language,
        type=type_ or "",
        publish=publish,
        dry_run=dry_run,
        jobs=jobs or 0,
    )
    ended: Counter[Ended] = Counter()
    waiting = 0
    with ExitStack() as stack:
        shown = stack.enter_context(bar("Documents"))
        written = stack.enter_context(_report(report)) if report else None
        for done, line in enumerate(_lines(order), start=1):
            ended[line.ended] += 1
            waiting += line.waits
            shown.reach(done, done, folder.shown(line.path))
            if written is not None:
                written.write(line)
            if line.ended in _TOLD:
                click.echo(f"{line.ended}: {folder.shown(line.path)}: {line.reason}", err=True)
        if written is not None and table is not None:
            for each in lost:
                written.unmapped(table.name, each)
    tell_lost(lost)
    _tell(ended, dry_run=dry_run)
    if waiting:
        click.echo(f"{waiting} of them wait for review: they lack what publishing needs.")
    if ended[Ended.REFUSED]:
        raise SystemExit(1)


_TOLD = frozenset({Ended.REFUSED, Ended.BROKEN, Ended.ENCRYPTED})


def _lines(order: Order) -> Iterator[Line]:
    try:
        yield from run(order)
    except OSError as error:
        raise click.ClickException(f"the folder cannot be read any more: {error}") from None


def _names() -> Names:
    return Names.of(queries.reference(db.session()))


def _manifest(table: Path | None, reader: Reader | None) -> Manifest:
    if table is None:
        return Manifest()
    try:
        return manifest.read(table, rows.COLUMNS, reader)
    except Unusable as fault:
        raise click.ClickException(f"the manifest cannot be used: {fault}") from None


def _lost(found: Manifest, reader: Reader | None) -> list[Lost]:
    unknown = [
        Lost(name, count, "this column means nothing here") for name, count in found.unknown.items()
    ]
    return [*(reader.lost() if reader else ()), *unknown]


class _Report:
    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._rows = csv.writer(file)
        self._rows.writerow(_COLUMNS)

    def write(self, line: Line) -> None:
        cells = (
            line.path,
            line.ended,
            line.sha256,
            line.pages,
            line.characters,
            line.language,
            line.reason,
        )
        self._put(*cells)

    def unmapped(self, table: str, lost: Lost) -> None:
        reason = f"column “{lost.column}”, {lost.cells} cells: {lost.reason}"
        self._put(table, "unmapped", "", "", "", "", reason)

    def _put(self, *cells: object) -> None:
        self._rows.writerow([guarded(str(cell)) for cell in cells])
        # Whoever stops the command keeps what it did.
        self._file.flush()


class _report:  # noqa: N801 - used as a context manager, like a function
    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> _Report:
        self._file = self._path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
        return _Report(self._file)

    def __exit__(self, *_how: object) -> None:
        self._file.close()


def _tell(ended: Counter[Ended], *, dry_run: bool) -> None:
    width = max(len(_words(each)) for each in Ended)
    for each in Ended:
        click.echo(f"{_words(each):<{width}} {ended[each]:>7}")
    click.echo(f"{'in all':<{width}} {sum(ended.values()):>7}")
    if dry_run:
        click.echo("Nothing was kept (--dry-run).")


def _words(ended: Ended) -> str:
    return ended.value.replace("_", " ")


commands.add_command(export)


@commands.command("text")
@click.argument("sha256", metavar="SHA256")
@click.option("--page", type=click.IntRange(1), help="Only this page.")
@click.option(
    "--recognise",
    is_flag=True,
    help="First have pages that are pictures read by machine, once more where that failed.",
)
def text(*, sha256: str, page: int | None, recognise: bool) -> None:
    """Print what was read out of a file, by the hash of what was handed in or of what is kept."""
    found = queries.text_by_hash(db.session(), sha256.lower())
    if found and recognise:
        _recognise_file(found[0].file_id)
        found = queries.text_by_hash(db.session(), sha256.lower())
    if found is None:
        raise click.ClickException("there is no such file, or it has not been read yet")
    pages = [each for each in found if page is None or each.number == page]
    if not pages:
        raise click.ClickException("there is no such page")
    for each in pages:
        if page is None:
            click.echo(f"--- {each.number} ---")
        click.echo(
            each.text if each.origin != "none" else f"({_NO_TEXT[Recognition(each.recognition)]})"
        )


_NO_TEXT = {
    Recognition.WAITING: "no text layer",
    Recognition.READ: "no text",
    Recognition.BEGUN: "no text layer; being read by machine",
    Recognition.AGAIN: "no text layer; being read by machine",
    Recognition.NOTHING: "no text layer, and nothing that a machine could read",
    Recognition.FAILED: "no text layer; it could not be read by machine",
    Recognition.NO_DATA: "no text layer; tesseract has no data for its language here",
}
_UNREAD = (Recognition.NO_DATA, Recognition.FAILED)


@commands.command("recognise")
@click.option("--limit", metavar="N", type=click.IntRange(1), help="At most so many pages.")
@click.option("--failed", is_flag=True, help="Those too that could not be read before.")
def recognise(*, limit: int | None, failed: bool) -> None:
    """Read pages by machine that are pictures, now and here, as the worker does in the background.

    It can be stopped at any time; what was read is kept.
    """
    _require_tesseract()
    if failed:
        with db.transaction() as session:
            service.try_again(session, None, Recognition.FAILED)
    while recognition.list_pages():
        pass
    waiting = queries.picture_standing(db.session()).waiting
    read = _read_pages(min(waiting, limit or waiting))
    for each in tesseract.Legible:
        click.echo(f"{_SAID[each]:<20} {read[each]:>7}")
    _tell_pictures()


_SAID = {
    tesseract.Legible.READ: "read by machine",
    tesseract.Legible.NOTHING: "nothing to read",
    tesseract.Legible.FAILED: "could not be read",
}


def _require_tesseract() -> None:
    if tesseract.program() is None:
        raise click.ClickException("tesseract is not installed (Debian: tesseract-ocr)")


def _read_pages(most: int, key: str | None = None) -> Counter[tesseract.Legible]:
    """Read so many pages, of all files or of one; return what came of them."""
    read: Counter[tesseract.Legible] = Counter()
    with bar("Pages", most) as shown:

        def told(legible: tesseract.Legible) -> None:
            read[legible] += 1
            shown.step("")

        def act(payload: Mapping[str, Any], item: str) -> None:
            recognition.read_pages(
                payload["sha256"], item, seconds=0, told=told, enough=lambda: read.total() >= most
            )

        while read.total() < most and outbox.work_one(
            {recognition.KIND: act}, clock.now(), key=key
        ):
            pass
    return read


def _recognise_file(file_id: int) -> None:
    _require_tesseract()
    with db.transaction() as session:
        service.try_again(session, [file_id], *_UNREAD, Recognition.NOTHING)
        stored = session.get_one(StoredFile, file_id)
        key = queries.recognise_key(stored.sha256)
        waiting = service.have_recognised(session, stored, clock.now())
    if not waiting:
        return
    read = _read_pages(len(queries.waiting_of(db.session(), file_id)), key)
    if not read:
        click.echo("the worker is reading this file at this moment", err=True)


def _tell_pictures() -> None:
    """Say what still waits, and what it wants."""
    standing = queries.picture_standing(db.session())
    if standing.waiting:
        click.echo(f"{standing.waiting} pages of {standing.files} files wait to be read by machine")
    if standing.failed:
        click.echo(f"{standing.failed} pages could not be read by machine (again: --failed)")
    if standing.no_data:
        wanted = [tesseract.package_for(each) or each for each in standing.languages]
        click.echo(
            f"{standing.no_data} pages are in languages for which tesseract has no data here;"
            f" wanted: {', '.join(wanted)}"
        )


@commands.command("verify")
def verify() -> None:
    """Say whether each file has its document and each document its files; exit code 1 if not."""
    faults = 0
    for fault in queries.faults(db.session()):
        faults += 1
        click.echo(fault)
    documents, kept = queries.sizes(db.session())
    _tell_pictures()
    click.echo(f"{documents} documents, {kept} files, {faults} faults")
    if faults:
        raise SystemExit(1)
