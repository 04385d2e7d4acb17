"""Compose the command `policytrack` from each feature's commands.

They speak English: their readers are the operator and the log. What they cannot do they say in one
line, with exit code 2 for a wrong setting and 1 for anything else.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError

import policytrack
from policytrack.core import errors, locks
from policytrack.demonstration import cli as demonstration
from policytrack.library import cli as library
from policytrack.operations import cli as operations
from policytrack.redaction import cli as redaction
from policytrack.reference import cli as reference
from policytrack.reporting import cli as reporting
from policytrack.search import cli as search
from policytrack.settings import SettingsError


class _WrongSettings(click.ClickException):
    """End with exit code 2 and one line."""

    exit_code = 2

    def format_message(self) -> str:
        """Return the line."""
        return f"settings: {self.message}"


@click.group(
    "policytrack",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="policytrack")
def commands() -> None:
    """Install, run and look after PolicyTrack."""


for command in (
    *operations.COMMANDS,
    demonstration.load,
    library.commands,
    redaction.commands,
    reference.commands,
    reporting.commands,
    search.commands,
):
    commands.add_command(command)


def load_app() -> Flask:
    """Return the application, or end with one line where a setting is wrong."""
    try:
        return policytrack.create_app()
    except SettingsError as error:
        raise _WrongSettings(str(error)) from None
    except OSError as error:
        raise _WrongSettings(
            f"the instance folder cannot be used: {error.strerror} ({error.filename})"
        ) from None


def init_app(app: Flask) -> None:
    """Add the commands to an application."""
    for command in commands.commands.values():
        app.cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; without `arguments`, that of the process."""
    # Never with the debugging flag of Flask's own command: it would open the machine to visitors.
    start = ScriptInfo(create_app=load_app, set_debug_flag=False)
    try:
        commands(arguments, prog_name="policytrack", obj=start)
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
        _fail(f"the database refused: {said}. `policytrack doctor` looks further")
    except locks.LockTimeout:
        _fail("another program keeps writing to the database; try again in a moment")
    except errors.DomainError as error:
        _fail(str(error.message))


def _fail(line: str) -> None:
    click.echo(f"Error: {line}", err=True)
    sys.exit(1)
