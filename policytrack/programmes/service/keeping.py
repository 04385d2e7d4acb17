"""Begin an act on a programme, and keep what is to be known of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core import audit, changes
from policytrack.core.errors import StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.programmes import policy, queries
from policytrack.programmes.content import Description, ItemContent, stamp
from policytrack.programmes.models import Programme

KIND = "programme"


def begin(session: Session, actor: Actor, programme: Programme) -> None:
    """Lock a programme and read it again; raise `NotPermitted` where it is not the actor's."""
    queries.lock(session, programme)
    policy.require(actor, programme)


def refuse_stale(here: Description | ItemContent, seen: str) -> None:
    """Raise `StaleVersion` unless this is what the form was made from."""
    if stamp(here) != seen:
        raise StaleVersion(_("Somebody changed this in the meantime."))


def record(
    session: Session,
    actor: Actor,
    programme: Programme,
    action: str,
    now: datetime,
    fields: Iterable[str] = (),
    **details: str,
) -> None:
    """Keep an act in the trail and in the change log."""
    audit.record(
        session,
        actor=actor,
        action=f"{KIND}.{action}",
        kind=KIND,
        public_id=programme.code,
        now=now,
        constituent_id=policy.acts_for(actor, programme),
        fields=list(fields),
        details=details,
    )
    changes.append(session, KIND, programme.code)
