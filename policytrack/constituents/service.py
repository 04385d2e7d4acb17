"""Give and end seats in organisations, and close the accounts of who held them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts import service as accounts
from policytrack.accounts.models import AccountState, User
from policytrack.constituents import queries
from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.rules import seat_roles
from policytrack.core import audit, errors
from policytrack.core.i18n import label
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, Role, require
from policytrack.core.text import isolated


def _record(
    session: Session, actor: Actor, action: str, seat: Membership, user: User, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        kind="membership",
        public_id=user.public_id,
        constituent_id=seat.constituent_id,
        now=now,
        details={"role": seat.role},
    )


def _lock(session: Session, constituent: Constituent) -> None:
    # One at a time for each organisation: two invitations of one person are one seat.
    session.execute(
        select(Constituent.id).where(Constituent.id == constituent.id).with_for_update()
    )


def invite_member(
    session: Session,
    *,
    actor: Actor,
    constituent: Constituent,
    email: str,
    name: str,
    role: str,
    language: str | None,
    now: datetime,
) -> User:
    """Give the person at an address a seat, and write to them.

    Who has no account yet is invited to make one; who was invited before is invited again.
    Raises `NotPermitted` for another's organisation; `InvalidInput` for a bad address, a role
    that the organisation's group does not have, or a person who holds another role there.
    """
    require(actor, Permission.MEMBER_INVITE, constituent.id)
    if role not in seat_roles(constituent.group):
        raise errors.InvalidInput(
            fields={"role": _("An organisation of this group does not give this role.")}
        )
    _lock(session, constituent)
    user = accounts.invite(
        session,
        actor=actor,
        email=email,
        name=name,
        language=language,
        now=now,
        organisation=constituent.labels,
        role=role,
    )
    present = session.scalar(
        select(Membership).where(
            Membership.constituent_id == constituent.id,
            Membership.user_id == user.id,
            Membership.ended_at.is_(None),
        )
    )
    if present is None:
        _give_seat(session, actor, constituent, user, role, now)
    elif present.role != role:
        raise errors.InvalidInput(
            fields={
                "role": _("This person has another role in this organisation. End that seat first.")
            }
        )
    return user


def _give_seat(
    session: Session,
    actor: Actor,
    constituent: Constituent,
    user: User,
    role: str,
    now: datetime,
) -> None:
    seat = Membership(user_id=user.id, constituent_id=constituent.id, role=role, since=now)
    session.add(seat)
    session.flush()
    _record(session, actor, "seat_given", seat, user, now)
    if user.state == AccountState.ACTIVE:
        accounts.write_to(
            session,
            user=user,
            template="seat_given",
            values={
                "name": user.name,
                "inviter": actor.name,
                "organisation": constituent.labels,
                "role": role,
            },
            key=f"seat:{user.public_id}:{constituent.public_id}:{now.isoformat()}",
            now=now,
        )


def seat(
    session: Session,
    *,
    actor: Actor,
    constituent: Constituent,
    users: Mapping[User, str],
    now: datetime,
) -> None:
    """Give people seats with these roles, without an invitation; those in use are told.

    Raises `NotPermitted` unless the actor may invite for the organisation; `InvalidInput` for a
    role that its group does not have. A database refuses a second seat in one organisation.
    """
    require(actor, Permission.MEMBER_INVITE, constituent.id)
    if not set(users.values()) <= set(seat_roles(constituent.group)):
        raise errors.InvalidInput(
            fields={"role": _("An organisation of this group does not give this role.")}
        )
    _lock(session, constituent)
    for user, role in users.items():
        _give_seat(session, actor, constituent, user, role, now)


def invite_again(
    session: Session, *, actor: Actor, constituent: Constituent, person: str, now: datetime
) -> User:
    """Send a fresh invitation to somebody who did not accept yet.

    Raises `RuleViolation` for a person whose account is in use.
    """
    require(actor, Permission.MEMBER_INVITE, constituent.id)
    seat = queries.present_seat(session, constituent.id, person, lock=True)
    if seat.user.state != AccountState.INVITED:
        raise errors.RuleViolation(_("This person has accepted already."))
    return accounts.invite(
        session,
        actor=actor,
        email=seat.user.email,
        name=seat.user.name,
        language=seat.user.language,
        now=now,
        organisation=constituent.labels,
        role=seat.role,
    )


def end_membership(
    session: Session,
    *,
    actor: Actor,
    constituent: Constituent,
    person: str,
    confirmed: bool,
    now: datetime,
) -> User:
    """End a person's seat, and with their last one an invitation that is still open.

    Raises `RuleViolation` for the last focal point's seat unless that was `confirmed`.
    """
    require(actor, Permission.MEMBER_INVITE, constituent.id)
    _lock(session, constituent)
    seat = queries.present_seat(session, constituent.id, person, lock=True)
    if (
        seat.role == Role.FOCAL_POINT
        and seat.user.state == AccountState.ACTIVE
        and not confirmed
        and not queries.other_focal_points(session, seat)
    ):
        raise errors.RuleViolation(
            _(
                "This is the organisation's last focal point: without one, nobody can submit for"
                " it. Tick the box to confirm, or appoint another focal point first."
            )
        )
    seat.ended_at = now
    session.flush()
    _record(session, actor, "seat_ended", seat, seat.user, now)
    if not queries.belongs_anywhere(session, seat.user_id):
        accounts.withdraw_invitation(session, actor=actor, user=seat.user, now=now)
    return seat.user


def close_account(
    session: Session, *, actor: Actor, user: User, confirmed: bool, now: datetime
) -> None:
    """End all seats of a person and close their account; see `accounts.service.close`.

    Raises `NotPermitted` unless it is the actor's own account or the actor administers;
    `RuleViolation` where an organisation would be left without a focal point, unless that was
    `confirmed`, and for the last administrator.
    """
    if actor.user_id != user.id:
        require(actor, Permission.ADMINISTER)
    _lock_all(session, user)
    sole = queries.sole_focal_seats(session, user)
    if sole and not confirmed:
        raise errors.RuleViolation(
            _(
                "Nobody else can submit for %(organisation)s. Tick the box to confirm, or appoint"
                " another focal point first.",
                organisation=isolated(label(sole[0].constituent.labels)),
            )
        )
    for seat in queries.seats_of(session, [user.id]):
        seat.ended_at = now
        session.flush()
        _record(session, actor, "seat_ended", seat, user, now)
    accounts.close(session, actor=actor, user=user, now=now)


def _lock_all(session: Session, user: User) -> None:
    # In one order for everybody, so that two who close cannot wait for each other.
    seated = select(Membership.constituent_id).where(
        Membership.user_id == user.id, Membership.ended_at.is_(None)
    )
    session.execute(
        select(Constituent.id)
        .where(Constituent.id.in_(seated))
        .order_by(Constituent.id)
        .with_for_update()
    )
