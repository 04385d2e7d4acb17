"""Offer the command that hands the library over."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from policytrack.core import clock, db
from policytrack.core.permissions import ANONYMOUS, Actor, Role
from policytrack.core.requests import settings
from policytrack.exports import writers
from policytrack.exports.tables import Column, Table
from policytrack.library import queries
from policytrack.library.exchange import folder
from policytrack.library.exchange.conversion import Lost
from policytrack.library.exchange.giving import FORMATS, Giving, Order
from policytrack.library.exchange.profiles import profiles
from policytrack.library.rules import Type

# Whoever may run commands on the machine stands above permissions.
OPERATOR = Actor(name="PolicyTrack", roles=frozenset({Role.ADMINISTRATOR}))
PROFILES = click.Choice(sorted(profiles()))


@click.command("export")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), help="csv, unless --output says json."
)
@click.option(
    "--profile", type=PROFILES, help="Practices, in the columns of this database of practices."
)
@click.option(
    "--files",
    "files_into",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files too, into this empty folder, and the table beside them.",
)
@click.option(
    "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Not stdout."
)
@click.option(
    "--all", "everything", is_flag=True, help="What is not public as well: for operators."
)
@click.option("--organisation", metavar="CODE", default="", help="The documents of this one.")
@click.option("--type", "type", type=click.Choice([each.value for each in Type]))
@click.option("--country", metavar="CODE")
@click.option("--corridor", metavar="CODE")
@click.option("--theme", metavar="CODE")
@click.option("--sector", metavar="CODE")
@click.option("--language", metavar="TAG")
@click.option("--since", metavar="YEAR")
@click.option("--until", metavar="YEAR")
@click.option(
    "--report",
    metavar="FILE.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what the table could not carry into this one.",
)
@with_appcontext
def export(
    *,
    format_: str | None,
    profile: str | None,
    files_into: Path | None,
    output: Path | None,
    everything: bool,
    organisation: str,
    report: Path | None,
    **narrowed: str | None,
) -> None:
    """Write the documents as a table that comes in again: all fields, relations and addresses.

    Without --all, what everybody may read. With --files, `library import FOLDER --manifest
    FOLDER/manifest.csv --publish` makes the same library of it in an empty site.
    """
    format_ = format_ or ("json" if output and output.suffix == ".json" else "csv")
    if files_into:
        _make_empty(files_into)
        output = output or files_into / f"manifest.{format_}"
    made = Giving(
        db.session(),
        Order(
            actor=OPERATOR if everything else ANONYMOUS,
            filters=_narrowed(narrowed),
            organisation=organisation,
            everything=everything,
            profile=profiles()[profile] if profile else None,
            format=format_,
            folder=files_into,
        ),
        clock.now(),
    )
    with current_app.test_request_context(base_url=settings().external_url):
        _write(output, made.parts(), private=everything)
    lost = made.lost()
    tell_lost(lost)
    if report:
        _write(report, _lost_lines(lost), private=False)
    click.echo(f"{made.documents} documents written.", err=True)
    for path in made.missing:
        click.echo(f"missing: {folder.shown(path)}: its content is gone", err=True)
    if made.missing:
        raise SystemExit(1)


def _narrowed(given: dict[str, str | None]) -> queries.Filters:
    """Return the filters of the list; raise `UsageError` for one that the list would not know."""
    said = {name: value for name, value in given.items() if value is not None}
    found = queries.parse(said)
    for name, value in said.items():
        if found.active.get(name) != value:
            raise click.UsageError(f"--{name}: “{folder.shown(value)}” is none")
    return found


def _make_empty(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise click.ClickException(f"{path} is not empty: what lies there would come in too")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None


def _lost_lines(lost: Iterable[Lost]) -> Iterator[str]:
    columns = [Column(name, name) for name in ("column", "cells", "reason")]
    return writers.csv_parts(Table("lost", "lost", columns, list(lost)))


def _write(path: Path | None, parts: Iterable[str], *, private: bool) -> None:
    """Write a file whole or not at all; what is not public, for this user's eyes only."""
    if path is None:
        for part in parts:
            click.echo(part.encode(), nl=False)
        return
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    mode = 0o600 if private else 0o666
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        with os.fdopen(descriptor, "wb") as file:
            for part in parts:
                file.write(part.encode())
        unfinished.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def tell_lost(lost: Iterable[Lost]) -> None:
    """Say which columns did not go across."""
    for each in lost:
        said = "1 cell" if each.cells == 1 else f"{each.cells} cells"
        click.echo(f"column “{folder.shown(each.column)}” ({said}): {each.reason}", err=True)
