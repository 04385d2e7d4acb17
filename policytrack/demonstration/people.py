"""Name the invented people; they are called by what they do, and nobody stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policytrack.accounts.models import AccountState
from policytrack.constituents.rules import TRIPARTITE, Group
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Role
from policytrack.demonstration import content

DOMAIN = "example.org"
# Known to everybody who reads this file: what it opens is invented.
PASSWORD = "demonstration-only"  # noqa: S105 - printed with the sign-ins, guards nothing
# Its argon2id hash (a test keeps the two together): hashing is slow by design, and the set is
# loaded while the write lock is held.
HASHED = (
    "$argon2id$v=19$m=65536,t=3,p=4$+pvtQLP1xgSSY+hpwklmZg$"
    "BCp/cy9AO0cC9Iw+N1xToIKaxcXxv6cpj0Lb+ru90hY"
)

_ARABIC = frozenset({"AE", "BH", "EG", "IQ", "JO", "KW", "LB", "OM", "QA", "SA", "SD"})
_FRENCH = frozenset({"BJ", "CM", "MG", "SN"})
_TITLES: Mapping[Role, str] = {
    Role.CONTRIBUTOR: "Contributor",
    Role.FOCAL_POINT: "Focal point",
    Role.OBSERVER: "Observer",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Hold an invented person: with a seat in an organisation, or with an office."""

    email: str
    name: str
    role: Role
    organisation: str | None = None
    language: str | None = None
    state: AccountState = AccountState.ACTIVE
    # Since how many days there is an account; where nothing is said, for years.
    days: int | None = None
    # For how many days the seat has ended; None while it is held.
    left: int | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """Hold with what to sign in, and as whom; `organisation` is its name and its country's."""

    email: str
    role: object
    organisation: str = ""

    def __str__(self) -> str:
        """Return a line for a terminal."""
        where = f": {self.organisation}" if self.organisation else ""
        return f"{self.email:<42}{PASSWORD:<20}{self.role}{where}"


def address(role: Role, organisation: str) -> str:
    """Return the address of somebody in an organisation: `focal.np@example.org`."""
    title = "focal" if role is Role.FOCAL_POINT else role.value
    if organisation == _FIRST_OBSERVER:
        return f"{title}@{DOMAIN}"
    return f"{title}.{organisation.removesuffix('-labour')}@{DOMAIN}"


_FIRST_OBSERVER = "civil-society"
OFFICERS = (f"officer.one@{DOMAIN}", f"officer.two@{DOMAIN}")
ADMINISTRATOR = f"administrator@{DOMAIN}"
_OFFICES = (
    Person(OFFICERS[0], "First officer, demonstration", Role.SECRETARIAT),
    Person(OFFICERS[1], "Second officer, demonstration", Role.SECRETARIAT),
    Person(ADMINISTRATOR, "Administrator, demonstration", Role.ADMINISTRATOR),
    Person(f"researcher@{DOMAIN}", "Researcher, demonstration", Role.RESEARCHER),
)
# Accounts in the other states, and people whose seats have ended; nobody signs in with them.
_ASIDE = (
    Person(
        f"invited@{DOMAIN}",
        "Invited contributor, demonstration",
        Role.CONTRIBUTOR,
        "lk-labour",
        state=AccountState.INVITED,
        days=5,
    ),
    Person(
        f"uninvited@{DOMAIN}",
        "Contributor whose invitation was withdrawn, demonstration",
        Role.CONTRIBUTOR,
        "kw-employers",
        state=AccountState.INVITED,
        days=40,
        left=33,
    ),
    Person(
        f"former@{DOMAIN}",
        "Former contributor, demonstration",
        Role.CONTRIBUTOR,
        "np-labour",
        left=120,
    ),
    Person(
        f"suspended@{DOMAIN}",
        "Suspended contributor, demonstration",
        Role.CONTRIBUTOR,
        "id-labour",
        state=AccountState.SUSPENDED,
    ),
    Person(
        f"closed@{DOMAIN}",
        "Closed account, demonstration",
        Role.RESEARCHER,
        state=AccountState.CLOSED,
    ),
)
# Organisations with a contributor beside their focal point.
# So lately that what they wrote in the open round is theirs.
_JUST_GONE = 2
_WITH_CONTRIBUTOR = ("np-labour", "bd-labour", "qa-labour", "qa-employers", "np-workers")


def _full_name(body: content.Organisation) -> str:
    return ", ".join(filter(None, (body.labels["en"], body.country.get("en"))))


def _language(country: str | None) -> str | None:
    return "ar" if country in _ARABIC else "fr" if country in _FRENCH else None


def _member(role: Role, key: str) -> Person:
    body = content.organisations()[key]
    return Person(
        email=address(role, key),
        name=f"{_TITLES[role]}, {_full_name(body)}",
        role=role,
        organisation=key,
        language=_language(body.country_iso2),
        left=_JUST_GONE if key in content.left() else None,
    )


def everybody() -> list[Person]:
    """Return all invented people."""
    bodies = list(content.organisations().values())
    return [
        *_OFFICES,
        *(_member(Role.FOCAL_POINT, body.key) for body in bodies if body.group in TRIPARTITE),
        *(_member(Role.OBSERVER, body.key) for body in bodies if body.group == Group.OBSERVERS),
        *(_member(Role.CONTRIBUTOR, key) for key in _WITH_CONTRIBUTOR),
        *_ASIDE,
    ]


def _seated(role: Role, key: str, said: object) -> SignIn:
    person = _member(role, key)
    return SignIn(person.email, said, _full_name(content.organisations()[key]))


SIGN_INS: tuple[SignIn, ...] = (
    _seated(Role.CONTRIBUTOR, "np-labour", _("contributor of a government")),
    _seated(Role.FOCAL_POINT, "np-labour", _("focal point of a government")),
    _seated(Role.FOCAL_POINT, "qa-labour", _("focal point of a government, in Arabic")),
    _seated(Role.CONTRIBUTOR, "qa-employers", _("contributor of employers")),
    _seated(Role.FOCAL_POINT, "bd-workers", _("focal point of workers")),
    _seated(Role.OBSERVER, "civil-society", _("observer")),
    SignIn(OFFICERS[0], _("secretariat")),
    SignIn(OFFICERS[1], _("secretariat, a second officer")),
    SignIn(f"administrator@{DOMAIN}", _("administrator")),
    SignIn(f"researcher@{DOMAIN}", _("researcher")),
)
