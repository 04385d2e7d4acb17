"""Prepare an installation: tables, epoch, reference data, the first administrator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from alembic import command
from alembic.script import Script
from alembic.util import CommandError
from flask import current_app

from policytrack.accounts import queries as accounts_queries
from policytrack.accounts import service as accounts
from policytrack.accounts.models import AccountState
from policytrack.core import changes, clock, emails, migrations
from policytrack.core.changes import Epoch
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.ids import new_token
from policytrack.core.permissions import Role
from policytrack.core.requests import settings
from policytrack.reference import service as reference
from policytrack.reference.service import Report

Tell = Callable[[str], None]


class SetupError(Exception):
    """Say in one line why the installation cannot be prepared."""


class Invited(StrEnum):
    """Name what became of the administrator's account."""

    NEW = "new"
    AGAIN = "again"
    PRESENT = "present"
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class Administrator:
    """Hold the administrator's address and what became of it; `link` only for an invitation."""

    email: str
    outcome: Invited
    link: str = ""


def migrate() -> bool:
    """Bring the tables up to this version; return whether anything was to do."""
    try:
        if migrations.current() == migrations.newest():
            return False
        migrations.upgrade()
    except CommandError as error:
        raise SetupError(
            f"the database was made by another version ({error}); install the newer version, or"
            " restore a backup that this one knows"
        ) from None
    return True


def new_revision(says: str) -> str:
    """Write the beginning of a migration from what the models say; return where it is.

    For a checkout: an installed program has no folder for it.
    """
    config = migrations.config()
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    number = f"{int(migrations.newest() or 0) + 1:04d}"
    made = command.revision(config, says.rstrip("."), autogenerate=True, rev_id=number)
    if not isinstance(made, Script):
        raise SetupError("nothing was written")
    return str(made.path)


def prepare(tell: Tell) -> Report:
    """Make tables, epoch and reference data where they are missing; twice is as good as once.

    Return what became of the reference data: what was edited on the site stays as it is.
    """
    tell("tables")
    migrate()
    with transaction() as session:
        if not changes.epoch(session):
            session.add(Epoch(id=1, name=new_token()))
        return reference.load(
            session,
            now=clock.now(),
            tell=lambda kind: tell(f"reference data: {kind.name.replace('_', ' ')}"),
        )


def administrator(address: str) -> Administrator:
    """Invite the administrator, once; an account in use is left as it is.

    Raises `SetupError` for what is no mail address.
    """
    try:
        email = emails.parse(address)
    except ValueError:
        raise SetupError(f"{address!r} is not a mail address") from None
    known = accounts_queries.of_email(current_session(), email)
    if known is not None:
        in_office = Role.ADMINISTRATOR in {office.role for office in known.offices}
        if in_office and known.state != AccountState.INVITED:
            return Administrator(email, Invited.PRESENT)
    with transaction() as session:
        _user, token = accounts.create_account(
            session,
            email=email,
            name=email.partition("@")[0],
            offices=[Role.ADMINISTRATOR],
            language=None,
            now=clock.now(),
        )
    if not token:
        return Administrator(email, Invited.PROMOTED)
    return Administrator(email, Invited.AGAIN if known else Invited.NEW, _link(token))


def _link(token: str) -> str:
    path = current_app.url_map.bind("").build("accounts.accept_invitation", {"token": token})
    return settings().external_url.rstrip("/") + path
