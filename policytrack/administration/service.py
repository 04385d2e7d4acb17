"""Change what administrators look after: settings and the work that was given up."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.core import audit, errors, options, outbox
from policytrack.core.changes import Epoch
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.reference import queries as reference_queries
from policytrack.reference import rows
from policytrack.reference import service as reference
from policytrack.reference.kinds import KINDS
from policytrack.reference.service import EditCommand

_ITEM = re.compile(r"[0-9]{1,9}")


def stamp(session: Session) -> str:
    """Return what a form carries, so that settings changed meanwhile are noticed."""
    values = json.dumps(options.in_force(session), sort_keys=True)
    return hashlib.sha256(values.encode()).hexdigest()[:20]


def change_settings(
    session: Session, *, actor: Actor, wanted: Mapping[str, object], seen: str, now: datetime
) -> list[str]:
    """Set all settings or none; return the names of those that changed.

    Raises `NotPermitted`, `StaleVersion` where somebody changed one since the form was opened, and
    `InvalidInput` with a sentence for each value that cannot be.
    """
    require(actor, Permission.ADMINISTER)
    # One at a time: the single row of the epoch stands for all settings, most of which have none.
    session.execute(select(Epoch.id).with_for_update())
    if seen != stamp(session):
        raise errors.StaleVersion(
            _("Somebody else has changed the settings meanwhile. Look at them, then save again.")
        )
    return options.change(session, actor=actor, wanted=wanted, now=now)


def retire(
    session: Session,
    *,
    actor: Actor,
    body: Constituent,
    retired: bool,
    reason: str,
    now: datetime,
) -> None:
    """Retire an organisation, or bring it back: what it said stays, it is asked no more.

    It is an edit of reference data like any other, with its place in the history. Raises
    `NotPermitted`, and `RuleViolation` where that was done already.
    """
    require(actor, Permission.REFERENCE_MANAGE)
    kind = KINDS["constituents"]
    here = rows.read(kind, reference_queries.get(session, kind, body.code, lock=True))
    if (here["retired"] == "yes") is retired:
        raise errors.RuleViolation(
            _("This organisation is retired already.")
            if retired
            else _("This organisation is not retired.")
        )
    command = EditCommand(
        values={"retired": "yes" if retired else ""}, reason=reason, seen=rows.fingerprint(here)
    )
    reference.change(session, actor=actor, kind=kind, key=body.code, command=command, now=now)


def _item(given: str) -> int:
    if not _ITEM.fullmatch(given):
        raise errors.NotFound()
    return int(given)


def retry(session: Session, *, actor: Actor, item: str | None, now: datetime) -> int:
    """Have failed work tried again, one item or all; return how many.

    Raises `NotPermitted`, and `NotFound` for an item that is not among the failed ones.
    """
    require(actor, Permission.ADMINISTER)
    count = outbox.retry(session, now=now, item_id=_item(item) if item else None)
    if item and not count:
        raise errors.NotFound(_("This work is no longer among the failed."))
    if count:
        _record(session, actor, "outbox.retry", item or "all", now, {"count": count})
    return count


def drop(session: Session, *, actor: Actor, item: str, now: datetime) -> None:
    """Drop failed work for good; raise `NotPermitted`, and `NotFound` for anything else."""
    require(actor, Permission.ADMINISTER)
    kind = outbox.drop(session, _item(item))
    if kind is None:
        raise errors.NotFound(_("This work is no longer among the failed."))
    _record(session, actor, "outbox.drop", item, now, {"kind": kind})


def _record(
    session: Session,
    actor: Actor,
    action: str,
    public_id: str,
    now: datetime,
    details: dict[str, object],
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        kind="outbox",
        public_id=public_id,
        now=now,
        details=details,
    )
