"""Look at the data: the database, its shape, the outbox, the files, the index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from policytrack.accounts.models import AccountState
from policytrack.accounts.queries import officers
from policytrack.core import changes, clock, migrations
from policytrack.core.changes import Change
from policytrack.core.db import session
from policytrack.core.files import service as files
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from policytrack.library import recognition
from policytrack.library.queries import picture_standing
from policytrack.library.reading import recognition as tesseract
from policytrack.operations.findings import Finding, error, fine, warning
from policytrack.operations.queries import database_answers
from policytrack.places.models import Country

_CLOCK_TOLERANCE = timedelta(minutes=2)
_OUTBOX_PATIENCE = timedelta(minutes=10)
_SHOWN = 5


def database() -> Iterator[Finding]:
    """Look whether the database answers; what else is looked at needs it."""
    try:
        database_answers()
    except DBAPIError as problem:
        said = str(problem.orig).strip().splitlines()[0]
        yield error(
            "database",
            f"it does not answer ({said})",
            "start it, and look at database_url in the settings",
        )
    else:
        yield fine("database", f"{session().get_bind().dialect.name} answers")


def shape() -> Iterator[Finding]:
    """Look whether the tables are those of this version."""
    current, newest = migrations.current(), migrations.newest()
    if current is None:
        yield error("tables", "there are none yet", "run `policytrack init`")
    elif migrations.outdated():
        yield error(
            "tables",
            f"they are of revision {current}, this version needs {newest}",
            "run `policytrack db upgrade`; if the database is the newer one, install its version",
        )
    else:
        yield fine("tables", f"revision {current}")


def soundness() -> Iterator[Finding]:
    """Look whether an SQLite file is sound and no row points at nothing."""
    if session().get_bind().dialect.name != "sqlite":
        return
    said = session().scalars(text("PRAGMA integrity_check(5)")).all()
    if said != ["ok"]:
        yield error(
            "database file",
            "; ".join(said)[:300],
            "stop the services, keep a copy of the file, restore the last backup",
        )
        return
    broken = session().execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        yield error(
            "database file",
            f"{len(broken)} rows point at missing ones, the first in {broken[0][0]}",
            "restore the last backup; a row was removed from outside the program",
        )
    else:
        yield fine("database file", "sound, all references hold")


def contents() -> Iterator[Finding]:
    """Look whether what `init` makes is there."""
    if not changes.epoch(session()):
        yield error("epoch", "the database was never initialised", "run `policytrack init`")
    if not session().scalar(select(func.count()).select_from(Country)):
        yield error("reference data", "there are no countries", "run `policytrack init`")
    else:
        yield fine("reference data", "loaded")
    people = officers(session(), Role.ADMINISTRATOR)
    if any(user.state == AccountState.ACTIVE for user in people):
        yield fine("administrator", "there is one")
    else:
        yield warning(
            "administrator",
            "nobody has that office, or has opened the invitation yet",
            "run `policytrack init --admin name@example.org` and open the link it prints",
        )


def moment() -> Iterator[Finding]:
    """Look whether this machine and the database agree on the time."""
    now = clock.now()
    last = session().scalar(select(func.max(Change.at)))
    if last is not None and last > now + _CLOCK_TOLERANCE:
        yield error(
            "clock",
            f"the newest change is dated {last:%d %b %Y, %H:%M} UTC, in the future",
            "set the clocks of all machines (NTP)",
        )
    if session().get_bind().dialect.name == "postgresql":
        there = session().execute(text("SELECT now()")).scalar_one()
        if abs(there - now) > _CLOCK_TOLERANCE:
            yield error(
                "clock",
                f"this machine and the database differ by {abs(there - now)}",
                "set the clocks of both (NTP)",
            )


def outbox() -> Iterator[Finding]:
    """Look whether work was given up, or waits for long."""
    failed = session().scalars(
        select(OutboxItem).where(OutboxItem.failed_at.is_not(None)).order_by(OutboxItem.id.desc())
    )
    given_up = failed.all()
    if given_up:
        yield warning(
            "outbox",
            f"{len(given_up)} given up, the last ({given_up[0].kind}) with:"
            f" {given_up[0].last_error.splitlines()[0] if given_up[0].last_error else 'no reason'}",
            "mend the cause (mail: see the mail line), then `policytrack outbox retry`",
        )
    waiting = session().scalar(
        select(func.count())
        .select_from(OutboxItem)
        .where(
            OutboxItem.done_at.is_(None),
            OutboxItem.failed_at.is_(None),
            OutboxItem.due_at < clock.now() - _OUTBOX_PATIENCE,
            # A page takes seconds, and each file waits for all others.
            OutboxItem.kind != recognition.KIND,
        )
    )
    if waiting:
        yield warning(
            "outbox", f"{waiting} wait for more than ten minutes", "look whether the worker runs"
        )
    if not given_up and not waiting:
        yield fine("outbox", "nothing is stuck")


def pictures() -> Iterator[Finding]:
    """Look whether pages that are pictures wait for what is not here."""
    standing = picture_standing(session())
    seen = f"{standing.waiting} pages wait to be read by machine"
    if standing.no_data:
        wanted = [tesseract.package_for(each) or each for each in standing.languages]
        yield warning(
            "pictures of text",
            f"{standing.no_data} pages are in languages that no machine here reads",
            f"install {', '.join(wanted)}; the worker then reads on by itself",
        )
    elif standing.waiting and not recognition.possible():
        yield warning(
            "pictures of text",
            f"{seen}, and this machine does not read them",
            "install tesseract-ocr on a machine with a worker; the setting recognition must be on",
        )
    else:
        yield fine("pictures of text", seen)


def stored() -> Iterator[Finding]:
    """Read every stored file and look whether it is whole."""
    problems = list(files.verify(session()))
    if not problems:
        yield fine("files", "all whole")
        return
    more = f" (and {len(problems) - _SHOWN} more)" if len(problems) > _SHOWN else ""
    yield error(
        "files",
        "; ".join(problems[:_SHOWN]) + more,
        "bring the missing ones back from a backup (`backup --verify` lists what it holds)",
    )
