"""Show organisations and their members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policytrack.accounts.models import AccountState
from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.queries import Member
from policytrack.constituents.rules import Group
from policytrack.constituents.words import GROUP_WORDS
from policytrack.core import i18n
from policytrack.core.i18n import gettext
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Role

_ROLES = {
    Role.CONTRIBUTOR: _("Contributor: writes notes and drafts"),
    Role.FOCAL_POINT: _("Focal point: also submits, accepts commitments and invites members"),
    Role.OBSERVER: _("Observer: contributes without a tripartite voice"),
}
_SHORT_ROLES = {
    Role.CONTRIBUTOR: _("Contributor"),
    Role.FOCAL_POINT: _("Focal point"),
    Role.OBSERVER: _("Observer"),
}


def group_words() -> dict[str, str]:
    """Return the words for the groups that report, in their order."""
    return {group: word for group, word in all_group_words().items() if group != Group.OBSERVERS}


def all_group_words() -> dict[str, str]:
    """Return the words for all groups in their order, observers last."""
    return {group: str(word) for group, word in GROUP_WORDS.items()}


def role_label(role: str, *, short: bool = False) -> object:
    """Return the name of a seat's role, with what it may do unless `short`."""
    return (_SHORT_ROLES if short else _ROLES)[Role(role)]


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Hold one line of the page of members."""

    person: str
    name: str
    email: str
    role: object
    since: datetime
    invited: bool
    invited_until: datetime | None
    is_me: bool
    last_focal_point: bool


def member_rows(found: Sequence[Member], actor: Actor, now: datetime) -> list[MemberRow]:
    """Return an organisation's members as the page lists them; expired invitations say so."""
    focal_points = [
        member
        for member in found
        if member.membership.role == Role.FOCAL_POINT and member.user.state == AccountState.ACTIVE
    ]
    return [
        MemberRow(
            person=member.user.public_id,
            name=member.user.name,
            email=member.user.email,
            role=role_label(member.membership.role, short=True),
            since=member.membership.since,
            invited=member.user.state == AccountState.INVITED,
            invited_until=member.invited_until
            if member.invited_until and member.invited_until > now
            else None,
            is_me=member.user.id == actor.user_id,
            last_focal_point=focal_points == [member],
        )
        for member in found
    ]


@dataclass(frozen=True, slots=True)
class FormerSeat:
    """Hold whose seat, or a seat where, has ended: `who` is the person or the organisation."""

    who: str
    role: object
    since: datetime
    until: datetime | None


def former_members(seats: Sequence[Membership]) -> list[FormerSeat]:
    """Return the ended seats of an organisation as its page lists them."""
    return [_former(seat, seat.user.name) for seat in seats]


def former_seats(seats: Sequence[Membership]) -> list[FormerSeat]:
    """Return the ended seats of a person as their page lists them."""
    return [_former(seat, place_of(seat.constituent)) for seat in seats]


def _former(seat: Membership, who: str) -> FormerSeat:
    return FormerSeat(who, role_label(seat.role, short=True), seat.since, seat.ended_at)


def place_of(body: Constituent) -> str:
    """Return an organisation's name with its country."""
    name = i18n.label(body.labels)
    if body.country is None:
        return name
    country = i18n.label(body.country.labels)
    return gettext("%(organisation)s, %(country)s", organisation=name, country=country)


def organisation_choices(
    bodies: Sequence[Constituent], language: str
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return organisations for a selection, gathered under their countries, in given order."""
    gathered: dict[str, list[dict[str, Any]]] = {}
    for body in bodies:
        country = i18n.label(body.country.labels, language) if body.country else ""
        gathered.setdefault(country, []).append(
            {"value": body.public_id, "label": i18n.label(body.labels, language)}
        )
    return list(gathered.items())
