"""Offer the commands that bring a workbook in, and take one along."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from policytrack.core import clock, db, errors
from policytrack.core.permissions import Actor, Role
from policytrack.core.requests import settings
from policytrack.core.text import excerpt
from policytrack.reporting import presenters, service
from policytrack.reporting.workbook import applying, planning, reading, writing
from policytrack.reporting.workbook.plans import Outcome, Planned, Report
from policytrack.reporting.workbook.reading import Book

commands = AppGroup("workbook", help="Move in with a workbook, or take one along.")

# Whoever may run commands on the machine stands above permissions; the trail names no person.
OPERATOR = Actor(name="PolicyTrack", roles=frozenset({Role.ADMINISTRATOR}))
_SHOWN = 200


@commands.command("export")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-demonstration", is_flag=True, help="Invented rows as well, marked as such.")
def export(*, path: Path, with_demonstration: bool) -> None:
    """Write organisations, people and commitments to FILE (.xlsx), which can come in again."""
    now = clock.now()
    data = writing.export(
        db.session(),
        actor=OPERATOR,
        address=settings().external_url,
        with_demonstration=with_demonstration,
        now=now,
    )
    with db.transaction() as session:
        writing.record_export(session, actor=OPERATOR, now=now)
    _write(path, data)
    click.echo(f"Written: {path} ({len(data)} bytes). It names people; keep it accordingly.")


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, for this user's eyes only."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None


@commands.command("import")
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--apply", "really", is_flag=True, help="Do it; without this, only say what it does.")
@click.option("--invite", is_flag=True, help="Send invitations to the people who are new.")
def bring_in(*, path: Path, really: bool, invite: bool) -> None:
    """Say what FILE would do, row by row; with --apply, do it, whole or not at all.

    Ends with 1 where the workbook holds a fault; nothing is written then.
    """
    book = _book(path)
    report = planning.plan(db.session(), actor=OPERATOR, book=book)
    _tell(report)
    if report.faults.total:
        raise click.ClickException(
            f"{_many(report.faults.total, 'fault')} in the workbook; nothing was written"
        )
    if not report.changes:
        click.echo("Nothing to change.")
    elif not really:
        click.echo("Nothing was written. With --apply this would be done.")
    else:
        _apply(book, report.stamp, invite=invite)


def _book(path: Path) -> Book:
    try:
        return reading.read(service.accepted(path.read_bytes(), path.name).data)
    except errors.InvalidInput as refusal:
        raise click.ClickException(str(refusal.message)) from None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}") from None


def _apply(book: Book, stamp: str, *, invite: bool) -> None:
    try:
        with db.transaction() as session:
            applying.apply(
                session, actor=OPERATOR, book=book, seen=stamp, invite=invite, now=clock.now()
            )
    except (errors.DomainError, IntegrityError) as refusal:
        why = refusal.message if isinstance(refusal, errors.DomainError) else "overtaken"
        raise click.ClickException(f"Nothing was written: {why}") from None
    click.echo("Done. The index follows with the worker.")


def _tell(report: Report) -> None:
    for fault in report.faults.listed[:_SHOWN]:
        line = f"{presenters.place(fault) or 'workbook'}: {fault.sentence}"
        # The marks that keep words apart on a page are boxes on a terminal.
        click.echo(line.replace("\u2068", "").replace("\u2069", ""), err=True)
    if report.faults.total > _SHOWN:
        click.echo(f"... and {_many(report.faults.total - _SHOWN, 'fault')} more", err=True)
    for sheet, planned in report.lines.items():
        told = [line for each in planned for line in _lines(sheet, each)]
        for line in told[:_SHOWN]:
            click.echo(line)
        if len(told) > _SHOWN:
            click.echo(f"... and {_many(len(told) - _SHOWN, 'line')} more")
    for sheet in report.lines:
        counts = report.counts(sheet)
        said = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])
        click.echo(f"{sheet}: {said or 'no rows'}")


def _lines(sheet: str, planned: Planned) -> list[str]:
    head = f"{sheet} {planned.line.number}, {planned.line.key}"
    if planned.outcome is Outcome.NEW:
        return [f"{head}: new"]
    return [
        f"{head}, {change.heading}: “{excerpt(change.before, 60)}” becomes"
        f" “{excerpt(change.after, 60)}”"
        for change in planned.changes
    ]


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
