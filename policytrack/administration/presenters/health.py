"""Show how the site stands, without addresses and secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policytrack.administration.queries import IndexStanding, OutboxStanding
from policytrack.core.i18n import ago, format_number, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.core.machine import MEGABYTE, ROOM_NEEDED, ROOM_WANTED
from policytrack.core.outbox import OutboxItem

_ITEM_KINDS: Mapping[str, Any] = {
    "mail": _l("Mail"),
    "search_news": _l("Mail about what is new"),
    "password_reset": _l("Request for a new password"),
    "registration": _l("Registration"),
    "read": _l("Reading the text of a file"),
    "recognise": _l("Reading pictures of text"),
}
# What a mail server or a library may put into an error: addresses of mail, of sites, of machines,
# and the long random words of links.
_PRIVATE = (
    re.compile(r"\S*@\S*"),
    re.compile(r"\b\w+:/{2}\S*"),
    re.compile(r"/\S*/\S*"),
    re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b"),
    re.compile(r"\b(?:[0-9a-fA-F]{0,4}:){2,}[0-9a-fA-F.]*"),
    re.compile(r"\b(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{20,}"),
)
_LONGEST = 200


def safe_error(said: str) -> str:
    """Return the first line of an error without addresses and secrets."""
    line = next(iter(said.strip().splitlines()), "")
    for pattern in _PRIVATE:
        line = pattern.sub("…", line)
    return line[:_LONGEST]


@dataclass(frozen=True, slots=True)
class FailedRow:
    """Hold one item that was given up."""

    id: int
    kind: str
    created_at: datetime
    failed_at: datetime | None
    attempts: int
    error: str


def failed_rows(items: Sequence[OutboxItem]) -> list[FailedRow]:
    """Return failed items as the page shows them; what they carry is not shown."""
    return [
        FailedRow(
            id=item.id,
            kind=str(_ITEM_KINDS.get(item.kind, item.kind)),
            created_at=item.created_at,
            failed_at=item.failed_at,
            attempts=item.attempts,
            error=safe_error(item.last_error),
        )
        for item in items
    ]


@dataclass(frozen=True, slots=True)
class Fact:
    """Hold one thing that was looked at; `mend` says what to do where it is not well."""

    subject: str
    seen: str
    mend: str = ""


def facts(
    *,
    outbox: OutboxStanding,
    index: IndexStanding | None,
    revision: str,
    outdated: bool,
    free: int,
    worker: bool,
    machine: str,
) -> list[Fact]:
    """Return what was looked at, in one line each."""
    return [
        _outbox(outbox),
        Fact(_("Worker of %(machine)s", machine=machine), _("running"))
        if worker
        else Fact(
            _("Worker of %(machine)s", machine=machine),
            _("not running: no mail goes out from here and search does not follow"),
            _("Start the service of the worker on this machine."),
        ),
        _index(index, machine),
        Fact(
            _("Database"),
            _("revision %(revision)s", revision=revision),
            _("The tables are of another version: run “policytrack db upgrade”.")
            if outdated
            else "",
        ),
        _disk(free, machine),
    ]


def _outbox(outbox: OutboxStanding) -> Fact:
    said = [
        ngettext("%(count)s waits", "%(count)s wait", outbox.waiting, count=outbox.waiting),
        ngettext("%(count)s failed", "%(count)s failed", outbox.failed, count=outbox.failed),
        ngettext(
            "%(count)s done in the last day",
            "%(count)s done in the last day",
            outbox.done,
            count=outbox.done,
        ),
    ]
    if outbox.oldest:
        said.append(_("the longest waiting is from %(ago)s", ago=ago(outbox.oldest)))
    mend = _("Mend the cause, then have the failed work tried again.") if outbox.failed else ""
    return Fact(_("Outbox"), " · ".join(said), mend)


def _index(index: IndexStanding | None, machine: str) -> Fact:
    subject = _("Search index of %(machine)s", machine=machine)
    if index is None:
        return Fact(
            subject,
            _("there is none that can be trusted"),
            _("The worker makes one; or run “policytrack search rebuild” on this machine."),
        )
    state = (
        ngettext(
            "%(count)s change behind", "%(count)s changes behind", index.behind, count=index.behind
        )
        if index.behind
        else _("up to date")
    )
    built = _("generation %(name)s, built %(ago)s", name=index.generation, ago=ago(index.built_at))
    return Fact(
        subject,
        f"{state} · {built}",
        _("It catches up by itself while the worker runs.") if index.behind else "",
    )


def _disk(free: int, machine: str) -> Fact:
    seen = _("%(megabytes)s MB free", megabytes=format_number(free // MEGABYTE))
    mend = ""
    if free < ROOM_NEEDED:
        mend = _("Make room now: below this, saving begins to fail.")
    elif free < ROOM_WANTED:
        mend = _("Make room before it runs out.")
    return Fact(_("Disk of %(machine)s", machine=machine), seen, mend)
