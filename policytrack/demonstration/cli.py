"""Offer the command that loads the demonstration set into an empty installation, or removes it."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from policytrack.core import clock
from policytrack.core.db import transaction
from policytrack.core.errors import RuleViolation
from policytrack.demonstration import removal, service


@click.command("demo")
@click.option("--remove", is_flag=True, help="Take away all that is marked as demonstration.")
@with_appcontext
def load(*, remove: bool) -> None:
    """Load invented content, marked as such, into an installation that holds nothing else."""
    try:
        if remove:
            _remove()
            return
        with transaction() as session:
            service.load(session, now=clock.now())
    except RuleViolation as refusal:
        raise click.ClickException(str(refusal.message)) from None
    click.echo("Loaded. The index follows with the worker. Sign in as:")
    for entry in service.SIGN_INS:
        click.echo(f"  {entry}")


def _remove() -> None:
    with transaction() as session:
        counts = removal.remove(session, now=clock.now())
    if not any(counts.values()):
        click.echo("There is no demonstration content here.")
        return
    click.echo("Removed. The index follows with the worker.")
    for kind, count in counts.items():
        click.echo(f"  {count:>6} {kind.replace('_', ' ')}")
