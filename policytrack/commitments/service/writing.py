"""Write drafts: begin, save, start the next text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from policytrack.commitments import policy
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import TextState as State
from policytrack.commitments.service.commands import Base, TextCommand
from policytrack.commitments.service.keeping import lock, record
from policytrack.commitments.service.plans import check_plan
from policytrack.constituents.models import Constituent
from policytrack.core.errors import InvalidInput, NotFound, RuleViolation, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.frameworks.models import Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country


def draft(
    session: Session, *, actor: Actor, lead: str, command: TextCommand, now: datetime
) -> Commitment:
    """Begin a commitment of the lead with that public id; return it with its first draft."""
    body = session.scalar(select(Constituent).where(Constituent.public_id == lead))
    if body is None:
        raise InvalidInput(fields={"lead": _("Choose an organisation from the list.")})
    require(actor, Permission.COMMITMENT_PROPOSE, body.id)
    commitment = Commitment(lead_id=body.id, created_at=now, demonstration=body.demonstration)
    session.add(commitment)
    session.flush()
    _open_draft(session, actor, commitment, command, now)
    record(session, actor, commitment, "draft", now, {"revision": 1})
    return commitment


def save(
    session: Session,
    *,
    actor: Actor,
    commitment: Commitment,
    base: Base,
    command: TextCommand,
    now: datetime,
) -> CommitmentRevision:
    """Save the draft, or begin the next one from the text in force, which stays so meanwhile.

    Raises `StaleVersion` where the form was made from an older text, `RuleViolation` while a
    proposed text waits for its decision.
    """
    require(actor, Permission.COMMITMENT_PROPOSE, commitment.lead_id)
    lock(session, commitment)
    present = editable(session, actor, commitment)
    if (present.number, present.version) != (base.number, base.version):
        raise StaleVersion(_("Somebody saved this text in the meantime."))
    if present is commitment.open:
        fields = _fill(session, commitment, present, command)
        present.version += 1
        record(session, actor, commitment, "save", now, {"revision": present.number}, fields)
        return present
    return start_revision(session, actor=actor, commitment=commitment, command=command, now=now)


def start_revision(
    session: Session, *, actor: Actor, commitment: Commitment, command: TextCommand, now: datetime
) -> CommitmentRevision:
    """Open a new draft beside the text in force; raise `RuleViolation` where one is open."""
    require(actor, Permission.COMMITMENT_PROPOSE, commitment.lead_id)
    lock(session, commitment)
    if commitment.open is not None:
        raise RuleViolation(_BUSY)
    revision = _open_draft(session, actor, commitment, command, now)
    record(session, actor, commitment, "revise", now, {"revision": revision.number})
    return revision


_BUSY = _(
    "Another text of this commitment is being prepared. Ask the focal point of its lead about it."
)


def editable(session: Session, actor: Actor, commitment: Commitment) -> CommitmentRevision:
    """Return the text that a form starts from: the draft, else the one in force, else the last.

    Raises `RuleViolation` where an open text cannot be edited by this actor now.
    """
    if commitment.open is not None:
        if policy.open_text(actor, commitment) is None:
            raise RuleViolation(_BUSY)
        if commitment.open.state != State.DRAFT:
            raise RuleViolation(
                _("This text waits for the lead's decision. Withdraw it first to change it.")
            )
        return commitment.open
    if commitment.in_force is not None:
        return commitment.in_force
    last = session.scalar(
        select(CommitmentRevision)
        .where(
            CommitmentRevision.commitment_id == commitment.id,
            CommitmentRevision.state == State.DECLINED,
        )
        .order_by(CommitmentRevision.number.desc())
        .limit(1)
    )
    if last is None:
        raise NotFound()
    return last


def _open_draft(
    session: Session, actor: Actor, commitment: Commitment, command: TextCommand, now: datetime
) -> CommitmentRevision:
    last = session.scalar(
        select(func.max(CommitmentRevision.number)).where(
            CommitmentRevision.commitment_id == commitment.id
        )
    )
    own = commitment.lead_id in actor.own(Permission.COMMITMENT_PROPOSE)
    revision = CommitmentRevision(
        commitment_id=commitment.id,
        number=(last or 0) + 1,
        state=State.DRAFT,
        version=1,
        author_id=actor.user_id,
        on_behalf=not own,
        created_at=now,
    )
    with session.no_autoflush:
        _fill(session, commitment, revision, command)
    session.add(revision)
    session.flush()
    commitment.open = revision
    session.flush()
    return revision


def _fill(
    session: Session, commitment: Commitment, revision: CommitmentRevision, command: TextCommand
) -> list[str]:
    """Write a command into a draft; return the names of the fields that changed."""
    if command.starts_on and command.due_on and command.starts_on > command.due_on:
        raise InvalidInput(fields={"due_on": _("The due date lies before the start.")})
    check_plan(session, commitment, command.plan)
    wanted: dict[str, Any] = {
        "language": command.language,
        "title": command.title,
        "text": command.text,
        "gender_marker": command.gender_marker,
        "starts_on": command.starts_on,
        "due_on": command.due_on,
        "plan": command.plan.to_json(),
        "provisions": _provisions(session, command.provisions),
        "themes": _found(session, Theme.code, command.themes, "themes"),
        "sectors": _found(session, Sector.code, command.sectors, "sectors"),
        "target_groups": _found(session, TargetGroup.code, command.target_groups, "target_groups"),
        "countries": _found(session, Country.iso2, command.countries, "countries"),
        "corridors": _found(session, Corridor.code, command.corridors, "corridors"),
        "supporters": _supporters(session, commitment, command.supporters),
    }
    changed = []
    for name, value in wanted.items():
        present = getattr(revision, name)
        same = set(present) == set(value) if isinstance(value, list) else present == value
        if not same:
            setattr(revision, name, value)
            changed.append(name)
    return changed


_UNKNOWN = _("Choose from the list.")


def _found(
    session: Session, key: InstrumentedAttribute[str], codes: Sequence[str], field: str
) -> list[Any]:
    if not codes:
        return []
    things = list(session.scalars(select(key.class_).where(key.in_(codes))))
    if len(things) != len(set(codes)):
        raise InvalidInput(fields={field: _UNKNOWN})
    return things


def _provisions(session: Session, codes: Sequence[str]) -> list[Provision]:
    key = Provision.framework_code + ":" + Provision.code
    things = list(session.scalars(select(Provision).where(key.in_(codes))))
    if not things or len(things) != len(set(codes)):
        raise InvalidInput(fields={"provisions": _UNKNOWN})
    return things


def _supporters(session: Session, commitment: Commitment, ids: Sequence[str]) -> list[Constituent]:
    found = _found(session, Constituent.public_id, ids, "supporters")
    return [body for body in found if body.id != commitment.lead_id]
