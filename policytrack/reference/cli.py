"""Offer the command that loads data files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from policytrack.core import clock
from policytrack.core.db import transaction
from policytrack.reference import service
from policytrack.reference.files import PACKAGED
from policytrack.reference.rules import Outcome
from policytrack.reference.service import FaultyData, Report

commands = AppGroup("reference", help="Load reference data: countries, frameworks, programmes ...")


class _Rehearsed(Exception):
    """Undo a load that was only to be shown."""


@commands.command("load")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--overwrite", is_flag=True, help="Let the files prevail over what was edited on the site."
)
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take the files of this folder instead of the program's own.",
)
def load(*, dry_run: bool, overwrite: bool, folder: Path | None) -> None:
    """Bring the reference data to what the data files say.

    What was edited on the site stays, and every place is named where a file has changed as well.
    Rows that the files have no more stay too. With one fault in the files nothing is loaded.
    """
    try:
        report = _load(folder, dry_run=dry_run, overwrite=overwrite)
    except FaultyData as refusal:
        for fault in refusal.faults:
            click.echo(str(fault), err=True)
        raise click.ClickException(
            f"{_many(len(refusal.faults), 'fault')} in the data files; nothing was loaded"
        ) from None
    _tell(report, dry_run=dry_run)


def _load(folder: Path | None, *, dry_run: bool, overwrite: bool) -> Report:
    found: list[Report] = []
    try:
        with transaction() as session:
            found.append(
                service.load(
                    session, now=clock.now(), folder=folder or PACKAGED, overwrite=overwrite
                )
            )
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return found[0]


def _tell(report: Report, *, dry_run: bool) -> None:
    for line in service.written(report):
        click.echo(line)
    if lines := service.conflicts(report):
        click.echo("Edited here and new in the files; what stands here stays (--overwrite lets the")
        click.echo("files prevail):")
        for line in lines:
            click.echo(f"  {line}")
    for each in report.kinds:
        if each.gone:
            gone = ", ".join(each.gone)
            click.echo(f"{each.kind.name}: not in the file any more, and stays: {gone}")
        if each.dangling:
            rows = ", ".join(each.dangling)
            click.echo(
                f"{each.kind.name}: left out, as they point to what was removed here: {rows}"
            )
        if each.left_out:
            rows = _many(each.left_out, "row")
            click.echo(f"{each.kind.name}: {rows} of low confidence left out")
    click.echo(_summary(report, dry_run=dry_run))


def _summary(report: Report, *, dry_run: bool) -> str:
    rows = sum(each.rows for each in report.kinds)
    kept = len(report.cells_with(Outcome.KEPT, Outcome.CONFLICT))
    stay = "stays" if kept == 1 else "stay"
    edits = f" {_many(kept, 'edit')} made here {stay}." if kept else ""
    if not report.written:
        return f"Nothing to change: {_many(rows, 'row')} read.{edits}"
    added = sum(len(each.added) + len(each.returned) for each in report.kinds)
    cells = len(report.cells_with(Outcome.TAKEN, Outcome.OVERWRITTEN))
    done = f"{_many(rows, 'row')} read, {added} added, {_many(cells, 'cell')} changed.{edits}"
    return f"Nothing was written (--dry-run). It would be: {done}" if dry_run else done


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
