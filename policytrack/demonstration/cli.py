"""Offer the command that loads the demonstration set into an empty installation."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from policytrack.core import clock
from policytrack.core.db import transaction
from policytrack.core.errors import RuleViolation
from policytrack.demonstration import service


@click.command("demo")
@with_appcontext
def load() -> None:
    """Load invented content, marked as such, into an installation that holds nothing else."""
    try:
        with transaction() as session:
            service.load(session, now=clock.now())
    except RuleViolation as refusal:
        raise click.ClickException(str(refusal.message)) from None
    click.echo("Loaded. The index follows with the worker. Sign in as:")
    for entry in service.SIGN_INS:
        click.echo(f"  {entry}")
