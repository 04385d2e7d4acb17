"""Make links that work once, and use them up."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from policytrack.accounts import queries
from policytrack.accounts.models import LinkPurpose, OneTimeLink, User
from policytrack.accounts.queries import hash_of
from policytrack.core import errors
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.ids import new_token


def new_link(
    session: Session, user: User, purpose: LinkPurpose, life: timedelta, now: datetime
) -> str:
    """Return the token of a new link."""
    token = new_token()
    session.add(
        OneTimeLink(
            token_hash=hash_of(token),
            purpose=purpose,
            user_id=user.id,
            created_at=now,
            expires_at=now + life,
        )
    )
    session.flush()
    return token


def void_links(session: Session, user: User, now: datetime) -> None:
    """Make every open link of a person useless."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )


def use_link(session: Session, token: str, purpose: LinkPurpose, now: datetime) -> User:
    """Return whose link this is and use it up; raise `NotFound` for one that is spent."""
    link = queries.open_link(session, token, purpose, now, lock=True)
    if link is None:
        raise errors.NotFound(_("This link is no longer valid."))
    void_links(session, link.user, now)
    return link.user
