"""Take the register of redactions along, and carry it out again on a restored backup."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from policytrack.accounts import queries as people
from policytrack.core import clock, locks
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.redaction import erasing, queries, register, service, shelves
from policytrack.redaction.models import Redaction
from policytrack.redaction.register import Entry
from policytrack.redaction.rules import State


@click.group("redactions")
def commands() -> None:
    """Keep the register of redactions, and carry it out again on a restored backup."""


@commands.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write the register as `apply` reads it.")
@with_appcontext
def list_(as_json: bool) -> None:
    """Say what was redacted: where, when and by whom, never what."""
    done = queries.carried_out(current_session())
    if as_json:
        click.echo(register.written(done, clock.now()))
        return
    for each in done:
        at = each.decided_at.date().isoformat() if each.decided_at else ""
        times = sum(len(place["spans"]) or 1 for place in each.places)
        line = f"{at}  {each.kind} {each.thing_id}  places: {times}, files: {len(each.files)}"
        click.echo(f"{line}  redaction {each.public_id}")
    if not done:
        click.echo("Nothing was redacted.")


@commands.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def apply(file: Path) -> None:
    """Carry the redactions of a register out again, after an older backup was restored.

    Those that this database knows as carried out are left alone. Ends with `erase`.
    """
    try:
        entries = register.read(file.read_text(encoding="utf-8"))
        done = sum(_carried_out(entry) for entry in entries)
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from None
    hashes = [str(each["sha256"]) for entry in entries for each in entry.files]
    _erase(hashes)
    click.echo(f"Carried out: {done} of {len(entries)}; the others had been already.")


def _carried_out(entry: Entry) -> bool:
    now = clock.now()
    if entry.kind not in {each.kind for each in shelves.FEATURES}:
        raise click.ClickException(f"there are no things of the kind {entry.kind!r:.40}")
    with transaction() as session:
        found = session.scalar(
            select(Redaction).where(Redaction.public_id == entry.public_id).with_for_update()
        )
        if found is not None and found.state == State.DONE:
            return False
        redaction = found or Redaction(public_id=entry.public_id)
        redaction.state, redaction.passage = State.DONE, ""
        for name in ("kind", "thing_id", "target", "reason", "sentence", "language"):
            setattr(redaction, name, getattr(entry, name))
        redaction.asked_at, redaction.decided_at = entry.asked_at, entry.decided_at
        asker = people.of_public_id(session, entry.asked_by)
        decider = people.of_public_id(session, entry.decided_by)
        redaction.asked_by_id = asker.id if asker else None
        redaction.decided_by_id = decider.id if decider else None
        redaction.places = [dict(each) for each in entry.places]
        redaction.files = [dict(each) for each in entry.files]
        session.add(redaction)
        session.flush()
        service.apply(session, redaction=redaction, now=now)
    return True


@commands.command()
@with_appcontext
def erase() -> None:
    """Write the database anew, so that none of its files holds what was redacted.

    Takes as long as copying the database, and nobody can save anything meanwhile.
    """
    session = current_session()
    _erase([str(file["sha256"]) for each in queries.carried_out(session) for file in each.files])
    click.echo("The database was written anew.")


def _erase(hashes: list[str]) -> None:
    try:
        erasing.erase(hashes, thorough=True)
    except erasing.StillRead as reason:
        raise click.ClickException(f"{reason}; stop the site, or try again in a moment") from None
    except locks.LockTimeout:
        raise click.ClickException("somebody keeps writing; try again in a moment") from None
