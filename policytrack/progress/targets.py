"""Find what a note is to be written about, and for which organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from policytrack.commitments import queries as commitments
from policytrack.commitments.models import Commitment
from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import TRIPARTITE, group_order
from policytrack.core import ids
from policytrack.core.errors import NotFound, NotPermitted, RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission
from policytrack.frameworks.models import Theme
from policytrack.places import queries as places
from policytrack.places.models import Corridor, Country
from policytrack.progress import policy
from policytrack.rounds import queries as rounds
from policytrack.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Subject:
    """Hold what is reported on: a commitment; or a country or a corridor under a theme."""

    commitment: Commitment | None = None
    country: Country | None = None
    corridor: Corridor | None = None
    theme: Theme | None = None

    @property
    def arguments(self) -> dict[str, str]:
        """Return what names the subject in an address."""
        if self.commitment is not None:
            return {"commitment": self.commitment.address}
        named = {"theme": self.theme.code if self.theme else ""}
        if self.corridor is not None:
            return {"corridor": self.corridor.code, **named}
        return {"country": self.country.iso2 if self.country else "", **named}


@dataclass(frozen=True, slots=True)
class Target:
    """Hold the place of one note: (round, subject, country, constituent)."""

    round: Round
    subject: Subject
    constituent: Constituent

    @property
    def country_iso2(self) -> str | None:
        """Return the country reported on: the subject's own, else that of the organisation."""
        if self.subject.commitment is None and self.subject.corridor is None:
            return self.subject.country.iso2 if self.subject.country else None
        return self.constituent.country_iso2

    @property
    def key(self) -> str:
        """Return what is unique to the note."""
        subject = self.subject
        if subject.commitment is not None:
            named = f"commitment {subject.commitment.id}"
        else:
            place = f"corridor {subject.corridor.id} " if subject.corridor else ""
            named = f"{place}theme {subject.theme.code if subject.theme else ''}"
        return f"{self.round.id}:{named}:{self.country_iso2 or '-'}:{self.constituent.id}"


def subject(session: Session, given: Mapping[str, str]) -> Subject:
    """Return what an address names; raise `NotFound` for what is not public or not there."""
    if code := given.get("commitment"):
        found = session.scalar(
            select(Commitment)
            .where(Commitment.code == code, Commitment.in_force_id.is_not(None))
            .options(joinedload(Commitment.in_force))
        )
        if found is None:
            raise NotFound()
        return Subject(commitment=found)
    theme = session.get(Theme, given.get("theme", "")) if given.get("theme") else None
    if theme is None:
        raise NotFound()
    if code := given.get("corridor"):
        return Subject(corridor=places.corridor(session, code), theme=theme)
    return Subject(country=places.country(session, given.get("country", "")), theme=theme)


def candidates(session: Session, actor: Actor, about: Subject) -> Sequence[Constituent]:
    """Return the organisations concerned for which the actor may write, in the order of groups."""
    if about.commitment is not None:
        bodies = commitments.concerned(session, about.commitment)
    else:
        bodies = _of_place(session, about)
    speaking = [each for each in bodies if each.group in TRIPARTITE]
    own = actor.own(Permission.NOTE_WRITE)
    found = speaking if policy.writes_on_behalf(actor) else [b for b in speaking if b.id in own]
    return sorted(
        found, key=lambda each: (group_order(each.group), each.country_iso2 or "", each.id)
    )


def _of_place(session: Session, about: Subject) -> Sequence[Constituent]:
    ends = (
        [about.corridor.origin_iso2, about.corridor.destination_iso2]
        if about.corridor
        else [about.country.iso2 if about.country else ""]
    )
    here = Constituent.country_iso2.in_(ends)
    clause = here | Constituent.country_iso2.is_(None) if about.corridor else here
    return session.scalars(select(Constituent).where(clause)).all()


def target(
    session: Session, actor: Actor, about: Subject, constituent_id: str, now: datetime
) -> Target | None:
    """Return the place of the note to be written; None when the organisation is to be chosen.

    `constituent_id` is a public id, empty for the only one there is. Raises `RuleViolation`
    between rounds, `NotPermitted` where the actor may write for nobody concerned.
    """
    current = rounds.open_round(session, now)
    if current is None:
        raise RuleViolation(_("No round is open at the moment, so no note can be begun."))
    bodies = candidates(session, actor, about)
    if constituent_id:
        if not ids.PATTERN.fullmatch(constituent_id):
            raise NotFound()
        bodies = [each for each in bodies if each.public_id == constituent_id]
    if not bodies:
        raise NotPermitted(_("None of your organisations is concerned with this."))
    if len(bodies) > 1:
        return None
    return Target(round=current, subject=about, constituent=bodies[0])
