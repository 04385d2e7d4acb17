"""Give people accounts: invite, withdraw, accept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from policytrack.accounts import queries
from policytrack.accounts.models import AccountState, LinkPurpose, Office, User
from policytrack.accounts.queries import hash_of
from policytrack.accounts.service.keeping import as_actor, record, write_to
from policytrack.accounts.service.links import new_link, use_link, void_links
from policytrack.core import emails, errors, options
from policytrack.core.db import Labels
from policytrack.core.i18n import LANGUAGES
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import (
    ANONYMOUS,
    OFFICE_ROLES,
    Actor,
    Permission,
    Role,
    require,
)


def _person(
    session: Session, *, email: str, name: str, language: str | None, now: datetime
) -> User:
    try:
        address = emails.parse(email)
    except ValueError:
        raise errors.InvalidInput(
            fields={"email": _("Write a mail address, such as name@example.org.")}
        ) from None
    known = queries.of_email(session, address)
    if known is not None:
        if known.state == AccountState.INVITED:
            # Who has not come yet is called as the last who invited them says: a name from an
            # unconfirmed registration may be anybody's joke.
            known.name = name
        return known
    user = User(
        email=address,
        name=name,
        language=language if language in LANGUAGES else None,
        state=AccountState.INVITED,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:  # invited by somebody else at this very moment
        return session.scalars(select(User).where(User.email == address)).one()
    return user


def _invitation(session: Session, user: User, now: datetime) -> str:
    # Only the newest invitation opens the door.
    void_links(session, user, now)
    life = timedelta(days=options.value(options.INVITATION_DAYS))
    return new_link(session, user, LinkPurpose.INVITATION, life, now)


def create_account(
    session: Session,
    *,
    email: str,
    name: str,
    offices: Iterable[Role],
    language: str | None,
    now: datetime,
    actor: Actor = ANONYMOUS,
) -> tuple[User, str]:
    """Give a person offices; return them with a fresh invitation token.

    For the operator's commands, which stand above permissions. The token is empty for a person
    who is past the invitation. Raises `InvalidInput` for a bad address or a role of a seat.
    """
    wanted = set(offices)
    if not wanted <= OFFICE_ROLES:
        raise errors.InvalidInput(_("This role is given by an organisation, not by an office."))
    user = _person(session, email=email, name=name, language=language, now=now)
    held = {office.role for office in user.offices}
    user.offices.extend(Office(role=role) for role in sorted(wanted - held))
    session.flush()
    record(session, actor, "offices_given", user, now, details={"offices": sorted(wanted)})
    invited = user.state == AccountState.INVITED
    return user, _invitation(session, user, now) if invited else ""


def invite(
    session: Session,
    *,
    actor: Actor,
    email: str,
    name: str,
    language: str | None,
    now: datetime,
    organisation: Labels | None = None,
    role: str = "",
) -> User:
    """Return the person at an address; send an invitation to one who has no account yet.

    Raises `NotPermitted` unless the actor may invite, `InvalidInput` for a bad address.
    """
    if not actor.may(Permission.MEMBER_INVITE):
        raise errors.NotPermitted()
    user = _person(session, email=email, name=name, language=language, now=now)
    if user.state != AccountState.INVITED:
        return user
    _send(session, actor, user, _invitation(session, user, now), organisation, role, language, now)
    return user


def invite_newcomers(
    session: Session,
    *,
    actor: Actor,
    newcomers: Mapping[User, tuple[Labels, str]],
    now: datetime,
) -> None:
    """Send invitations to people whose accounts were made in this very transaction.

    They are given with their organisation's labels and their role there, empty for none. Raises
    `NotPermitted` unless the actor may invite.
    """
    if not actor.may(Permission.MEMBER_INVITE):
        raise errors.NotPermitted()
    life = timedelta(days=options.value(options.INVITATION_DAYS))
    for user, (organisation, role) in newcomers.items():
        token = new_link(session, user, LinkPurpose.INVITATION, life, now)
        _send(session, actor, user, token, organisation, role, None, now)


def _send(
    session: Session,
    actor: Actor,
    user: User,
    token: str,
    organisation: Labels | None,
    role: str,
    language: str | None,
    now: datetime,
) -> None:
    write_to(
        session,
        user=user,
        template="invitation",
        values={
            "token": token,
            "name": user.name,
            "inviter": actor.name,
            "organisation": organisation or {},
            "role": role,
            "days": options.value(options.INVITATION_DAYS),
        },
        key=f"invitation:{hash_of(token)}",
        language=language,
        now=now,
    )
    record(session, actor, "invited", user, now)


def appoint(
    session: Session,
    *,
    actor: Actor,
    email: str,
    name: str,
    language: str | None,
    office: Role,
    now: datetime,
) -> User:
    """Give the person at an address an office, and write to them.

    Who has no account yet is invited to make one. Raises `NotPermitted`; `InvalidInput` for a bad
    address or a role of a seat; `RuleViolation` for a suspended account.
    """
    require(actor, Permission.ADMINISTER)
    if office not in OFFICE_ROLES:
        raise errors.InvalidInput(_("This role is given by an organisation, not by an office."))
    user = invite(
        session, actor=actor, email=email, name=name, language=language, role=office, now=now
    )
    if user.state == AccountState.SUSPENDED:
        raise errors.RuleViolation(_("This account is suspended. Reinstate it first."))
    if office in {each.role for each in user.offices}:
        return user
    user.offices.append(Office(role=office))
    session.flush()
    record(session, actor, "offices_changed", user, now, details={"given": [office], "taken": []})
    if user.state == AccountState.ACTIVE:
        write_to(
            session,
            user=user,
            template="office_given",
            values={"name": user.name, "inviter": actor.name, "role": office},
            key=f"office:{user.public_id}:{office}:{now.isoformat()}",
            now=now,
        )
    return user


def invite_again(session: Session, *, actor: Actor, user: User, now: datetime) -> None:
    """Send a fresh invitation; raise `RuleViolation` for an account that was accepted already."""
    require(actor, Permission.ADMINISTER)
    if user.state != AccountState.INVITED:
        raise errors.RuleViolation(_("This person has accepted already."))
    invite(session, actor=actor, email=user.email, name=user.name, language=user.language, now=now)


def withdraw_invitation(session: Session, *, actor: Actor, user: User, now: datetime) -> None:
    """Make an invitation useless; an account in use is left alone."""
    if not actor.may(Permission.MEMBER_INVITE):
        raise errors.NotPermitted()
    if user.state == AccountState.INVITED:
        void_links(session, user, now)
        record(session, actor, "invitation_withdrawn", user, now)


def accept_invitation(
    session: Session,
    *,
    token: str,
    name: str,
    language: str,
    password_hash: str,
    now: datetime,
) -> User:
    """Let an invited person in, once; raise `NotFound` for a link that is spent."""
    user = use_link(session, token, LinkPurpose.INVITATION, now)
    user.name = name
    user.language = language if language in LANGUAGES else None
    user.password_hash = password_hash
    user.state = AccountState.ACTIVE
    record(session, as_actor(user), "invitation_accepted", user, now)
    return user
