"""Rebuild, verify and query the search index from the command line."""

from __future__ import annotations

import json
import sys

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from policytrack.constituents.queries import actor_of
from policytrack.core.db import session
from policytrack.core.documents import Result
from policytrack.core.i18n import DEFAULT, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.core.requests import settings
from policytrack.search import engine, queries
from policytrack.search.engine import Found, Wanted
from policytrack.search.index.follower import Follower
from policytrack.search.index.generations import Busy, Unusable

commands = AppGroup("search", help="Rebuild, verify and query the search index.")


@commands.command("rebuild")
def rebuild() -> None:
    """Make this machine's index anew beside the one in use, then swap."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as bar:
        task = bar.add_task(_("Search index"), total=None)
        try:
            Follower(current_app).rebuild(
                lambda done, total: bar.update(task, completed=done, total=total)
            )
        except Busy:
            raise click.ClickException(
                _("Another process is writing the search index. Try again when it has finished.")
            ) from None


@commands.command("verify")
def verify() -> None:
    """Compare the index with the database; exit with 1 and say which where they differ."""
    differences = Follower(current_app).verify()
    for line in differences:
        click.echo(line)
    if differences:
        sys.exit(1)
    click.echo(_("The search index and the database agree."))


@commands.command("query")
@click.argument("words", nargs=-1, required=True)
@click.option("--as", "email", default="", help="Search as this person; else as the public.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="Results to print.")
def query(words: tuple[str, ...], email: str, as_json: bool, limit: int) -> None:
    """Search for words, "phrases" and -exclusions (after `--`), as on the search page."""
    wanted = Wanted(typed=" ".join(words), size=limit)
    try:
        found = engine.search(current_app, wanted, actor=_asker(email), language=DEFAULT)
    except Unusable as error:
        raise click.ClickException(
            _("There is no usable index: %(reason)s.", reason=str(error))
        ) from None
    click.echo(_json(found) if as_json else _lines(found))


def _asker(email: str) -> Actor:
    if not email:
        return ANONYMOUS
    user = queries.person(session(), email)
    if user is None:
        raise click.ClickException(_("Nobody with this address has an active account."))
    return actor_of(session(), user)


def _address(result: Result) -> str:
    path = current_app.url_map.bind("").build(result.endpoint, dict(result.values))
    return settings().external_url.rstrip("/") + path


def _lines(found: Found) -> str:
    lines = [
        "\t".join((result.on.isoformat() if result.on else "-", result.title, _address(result)))
        for result in found.results
    ]
    return "\n".join([ngettext("%(num)d result", "%(num)d results", found.total), *lines])


def _json(found: Found) -> str:
    results = [
        {
            "key": result.key,
            "kind": result.kind,
            "title": result.title,
            "language": result.title_language,
            "on": result.on.isoformat() if result.on else None,
            "address": _address(result),
        }
        for result in found.results
    ]
    return json.dumps({"total": found.total, "results": results}, ensure_ascii=False)
