"""Count attempts in the database, so that every machine counts the same ones."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from policytrack.accounts.models import Attempts
from policytrack.accounts.rules import Limit
from policytrack.core import errors
from policytrack.core.i18n import lazy_gettext as _


def network_key(address: str) -> str:
    """Return what counts as one network address: IPv6 users own a whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _key(limit: Limit, subject: str) -> str:
    # Neither an address of mail nor of the network is kept here in the clear.
    return f"{limit.name}:{hashlib.sha256(subject.encode()).hexdigest()[:48]}"


def spend(session: Session, now: datetime, *attempts: tuple[Limit, str]) -> None:
    """Count one attempt under each limit; raise `TooManyAttempts` when one is used up."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for limit, subject in attempts:
        statement = (
            insert(Attempts)
            .values(key=_key(limit, subject), window_start=limit.window_start(now), count=1)
            .on_conflict_do_update(
                index_elements=[Attempts.key, Attempts.window_start],
                set_={"count": Attempts.count + 1},
            )
            .returning(Attempts.count)
        )
        if session.execute(statement).scalar_one() > limit.most:
            raise errors.TooManyAttempts(
                _("There were too many attempts. Please wait a few minutes, then try again."),
                limit.wait(now),
            )


def give_back(session: Session, now: datetime, *attempts: tuple[Limit, str]) -> None:
    """Take back one attempt that turned out to be in order."""
    for limit, subject in attempts:
        session.execute(
            update(Attempts)
            .where(
                Attempts.key == _key(limit, subject),
                Attempts.window_start == limit.window_start(now),
                Attempts.count > 0,
            )
            .values(count=Attempts.count - 1)
        )


def forget(session: Session, limit: Limit, subject: str) -> None:
    """Forget all attempts of a subject, who has proved another way who they are."""
    session.execute(delete(Attempts).where(Attempts.key == _key(limit, subject)))
