"""Say who may do what: one enum, one table, and the actor it is asked of.

The table is the only place that grants. Routes declare a permission, services enforce it, lists
filter through each feature's `visible_to`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from policytrack.core.errors import NotPermitted


class Role(StrEnum):
    """Name what an actor is; one person may hold several."""

    PUBLIC = "public"
    RESEARCHER = "researcher"
    OBSERVER = "observer"
    CONTRIBUTOR = "contributor"
    FOCAL_POINT = "focal_point"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"


OFFICE_ROLES = frozenset({Role.RESEARCHER, Role.SECRETARIAT, Role.ADMINISTRATOR})


class Reach(StrEnum):
    """Name how far a grant reaches."""

    ANY = "any"
    OWN = "own"  # of the actor's own organisation
    SUBMITTED = "submitted"  # only once it has been submitted
    ON_BEHALF = "on_behalf"  # marked as written on behalf, decided by another officer


class Permission(StrEnum):
    """Name an act, in the words of the table."""

    PUBLISHED_READ = "published.read"
    ACCOUNT_USE = "account.use"
    SEARCH_SAVE = "search.save"
    DRAFT_READ = "draft.read"
    NOTE_WRITE = "note.write"
    NOTE_SUBMIT = "note.submit"
    NOTE_REVIEW = "note.review"
    LIBRARY_WRITE = "library.write"
    LIBRARY_SUBMIT = "library.submit"
    LIBRARY_REVIEW = "library.review"
    RESTRICTED_READ = "restricted.read"
    COMMITMENT_PROPOSE = "commitment.propose"
    COMMITMENT_ACCEPT = "commitment.accept"
    PROGRAMME_WRITE = "programme.write"
    REDACT = "redact"
    MEMBER_INVITE = "member.invite"
    TRAIL_READ = "trail.read"
    SILENCE_READ = "silence.read"
    ROUND_MANAGE = "round.manage"
    REFERENCE_MANAGE = "reference.manage"
    ADMINISTER = "administer"


_EVERYONE: Mapping[Role, Reach] = dict.fromkeys(Role, Reach.ANY)
_SIGNED_IN: Mapping[Role, Reach] = {role: Reach.ANY for role in Role if role != Role.PUBLIC}

TABLE: Mapping[Permission, Mapping[Role, Reach]] = MappingProxyType(
    {
        Permission.PUBLISHED_READ: _EVERYONE,
        Permission.ACCOUNT_USE: _SIGNED_IN,
        Permission.SEARCH_SAVE: _SIGNED_IN,
        Permission.DRAFT_READ: {
            Role.OBSERVER: Reach.OWN,
            Role.CONTRIBUTOR: Reach.OWN,
            Role.FOCAL_POINT: Reach.OWN,
            Role.SECRETARIAT: Reach.SUBMITTED,
            Role.ADMINISTRATOR: Reach.SUBMITTED,
        },
        Permission.NOTE_WRITE: {
            Role.CONTRIBUTOR: Reach.OWN,
            Role.FOCAL_POINT: Reach.OWN,
            Role.SECRETARIAT: Reach.ON_BEHALF,
        },
        Permission.NOTE_SUBMIT: {Role.FOCAL_POINT: Reach.OWN},
        Permission.NOTE_REVIEW: {Role.SECRETARIAT: Reach.ANY},
        Permission.LIBRARY_WRITE: {
            Role.OBSERVER: Reach.OWN,
            Role.CONTRIBUTOR: Reach.OWN,
            Role.FOCAL_POINT: Reach.OWN,
            Role.SECRETARIAT: Reach.ON_BEHALF,
        },
        Permission.LIBRARY_SUBMIT: {Role.OBSERVER: Reach.OWN, Role.FOCAL_POINT: Reach.OWN},
        Permission.LIBRARY_REVIEW: {Role.SECRETARIAT: Reach.ANY},
        # What constituents share among themselves; observers stand beside them.
        Permission.RESTRICTED_READ: {
            Role.CONTRIBUTOR: Reach.ANY,
            Role.FOCAL_POINT: Reach.ANY,
            Role.SECRETARIAT: Reach.ANY,
            Role.ADMINISTRATOR: Reach.ANY,
        },
        Permission.COMMITMENT_PROPOSE: {
            Role.FOCAL_POINT: Reach.OWN,
            Role.SECRETARIAT: Reach.ANY,
        },
        Permission.COMMITMENT_ACCEPT: {Role.FOCAL_POINT: Reach.OWN},
        # What is written of a programme is public at once: who drafts only does not write it.
        Permission.PROGRAMME_WRITE: {
            Role.OBSERVER: Reach.OWN,
            Role.FOCAL_POINT: Reach.OWN,
            Role.SECRETARIAT: Reach.ANY,
        },
        # A second officer confirms. Administrators take no part: what waits holds the passage.
        Permission.REDACT: {Role.SECRETARIAT: Reach.ANY},
        Permission.MEMBER_INVITE: {
            Role.FOCAL_POINT: Reach.OWN,
            Role.SECRETARIAT: Reach.ANY,
            Role.ADMINISTRATOR: Reach.ANY,
        },
        Permission.TRAIL_READ: {
            Role.CONTRIBUTOR: Reach.OWN,
            Role.FOCAL_POINT: Reach.OWN,
            Role.SECRETARIAT: Reach.ANY,
            Role.ADMINISTRATOR: Reach.ANY,
        },
        Permission.SILENCE_READ: {
            Role.CONTRIBUTOR: Reach.ANY,
            Role.FOCAL_POINT: Reach.ANY,
            Role.SECRETARIAT: Reach.ANY,
            Role.ADMINISTRATOR: Reach.ANY,
        },
        Permission.ROUND_MANAGE: {
            Role.SECRETARIAT: Reach.ANY,
            Role.ADMINISTRATOR: Reach.ANY,
        },
        Permission.REFERENCE_MANAGE: {
            Role.SECRETARIAT: Reach.ANY,
            Role.ADMINISTRATOR: Reach.ANY,
        },
        Permission.ADMINISTER: {Role.ADMINISTRATOR: Reach.ANY},
    }
)


@dataclass(frozen=True, slots=True)
class Seat:
    """Hold one membership: what the actor is in one organisation."""

    constituent_id: int
    role: Role
    group: str
    country: str | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Hold who is asking: plain values only, so that it outlives any database session."""

    user_id: int | None = None
    public_id: str = ""
    name: str = ""
    language: str | None = None
    roles: frozenset[Role] = frozenset()
    seats: tuple[Seat, ...] = field(default=())

    @property
    def signed_in(self) -> bool:
        """Tell whether this is a person with an account."""
        return self.user_id is not None

    def reaches(self, permission: Permission) -> frozenset[Reach]:
        """Return the reaches that any of the actor's roles gives for a permission."""
        granted = TABLE[permission]
        held = {Role.PUBLIC, *self.roles, *(seat.role for seat in self.seats)}
        return frozenset(granted[role] for role in held if role in granted)

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor may ever do this, whatever it is done to."""
        return bool(self.reaches(permission))

    def own(self, permission: Permission) -> frozenset[int]:
        """Return the ids of the organisations for which the actor may do this as their own."""
        granted = TABLE[permission]
        return frozenset(
            seat.constituent_id for seat in self.seats if granted.get(seat.role) is Reach.OWN
        )

    def may_for(self, permission: Permission, constituent_id: int | None) -> bool:
        """Tell whether the actor may do this to a thing of that organisation."""
        return Reach.ANY in self.reaches(permission) or (
            constituent_id is not None and constituent_id in self.own(permission)
        )


ANONYMOUS = Actor()


def require(actor: Actor, permission: Permission, constituent_id: int | None = None) -> None:
    """Raise `NotPermitted` unless the actor may do this to a thing of that organisation."""
    if not actor.may_for(permission, constituent_id):
        raise NotPermitted()
