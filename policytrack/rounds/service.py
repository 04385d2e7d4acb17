"""Announce reporting rounds and change their dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from policytrack.core import audit
from policytrack.core.errors import InvalidInput
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.rounds import queries, rules
from policytrack.rounds.models import Round


@dataclass(frozen=True, slots=True)
class RoundCommand:
    """Hold what a round is to be."""

    name: str
    opens_on: date
    closes_on: date
    zone: str


def create(session: Session, *, actor: Actor, command: RoundCommand, now: datetime) -> Round:
    """Announce a round; raise `InvalidInput` where its name or dates cannot be."""
    require(actor, Permission.ROUND_MANAGE)
    _check(session, command, None, now)
    made = Round(
        name=command.name,
        opens_on=command.opens_on,
        closes_on=command.closes_on,
        zone=command.zone,
    )
    session.add(made)
    session.flush()
    audit.record(
        session, actor=actor, action="round.create", kind="round", public_id=made.public_id, now=now
    )
    return made


def edit(
    session: Session, *, actor: Actor, edited: Round, command: RoundCommand, now: datetime
) -> None:
    """Change a round; what has happened stays: raise `InvalidInput` where it would not."""
    require(actor, Permission.ROUND_MANAGE)
    _check(session, command, edited, now)
    names = ("name", "opens_on", "closes_on", "zone")
    fields = [name for name in names if getattr(edited, name) != getattr(command, name)]
    for name in fields:
        setattr(edited, name, getattr(command, name))
    audit.record(
        session,
        actor=actor,
        action="round.edit",
        kind="round",
        public_id=edited.public_id,
        now=now,
        fields=fields,
    )


def _check(session: Session, command: RoundCommand, edited: Round | None, now: datetime) -> None:
    others = [each for each in queries.every(session) if each is not edited]
    problems: dict[str, object] = dict(
        rules.problems(
            rules.Period(command.opens_on, command.closes_on, command.zone),
            others=[rules.Period(each.opens_on, each.closes_on, each.zone) for each in others],
            former=rules.Period(edited.opens_on, edited.closes_on, edited.zone) if edited else None,
            now=now,
        )
    )
    if not command.name.strip() or len(command.name) > rules.NAME_LENGTH:
        problems["name"] = _("Give the round a name of up to 40 characters.")
    elif command.name in {each.name for each in others}:
        problems["name"] = _("There is a round of this name already.")
    if problems:
        raise InvalidInput(_("Something needs to be put right"), problems)
