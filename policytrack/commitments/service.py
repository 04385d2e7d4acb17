"""Write commitments: draft, propose, decide, translate.

Every function is called inside `core.db.transaction` with a commitment from `queries.get`. Each
first locks it and reads it again, so that what is decided rests on what is stored now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from policytrack.commitments import policy, queries, rules
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    CommitmentTranslation,
    Indicator,
    Milestone,
)
from policytrack.commitments.rules import Plan, PlannedIndicator, PlannedMilestone, TextAction
from policytrack.commitments.rules import TextState as State
from policytrack.constituents.models import Constituent
from policytrack.core import audit, changes, files, outbox
from policytrack.core.audit import TrailEntry
from policytrack.core.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleViolation,
    StaleVersion,
)
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.core.translations import Kind, same_language
from policytrack.frameworks.models import Framework, Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country

KIND = "commitment"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Base:
    """Say which text a form was made from."""

    number: int
    version: int


@dataclass(frozen=True, slots=True)
class TextCommand:
    """Hold a text and its classification as they shall be; codes and ids, no objects."""

    language: str
    title: str
    text: str
    gender_marker: int
    provisions: tuple[str, ...]  # "BALI:B1"
    themes: tuple[str, ...]
    starts_on: date | None = None
    due_on: date | None = None
    sectors: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    plan: Plan = field(default_factory=Plan)


@dataclass(frozen=True, slots=True)
class TranslationCommand:
    """Hold a translation of the text numbered `revision`."""

    revision: int
    language: str
    kind: str
    title: str
    text: str


# --- writing a text ---------------------------------------------------------------------------


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
    _record(session, actor, commitment, "draft", now, {"revision": 1})
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
    _lock(session, commitment)
    present = editable(session, actor, commitment)
    if (present.number, present.version) != (base.number, base.version):
        raise StaleVersion(_("Somebody saved this text in the meantime."))
    if present is commitment.open:
        fields = _fill(session, commitment, present, command)
        present.version += 1
        _record(session, actor, commitment, "save", now, {"revision": present.number}, fields)
        return present
    return start_revision(session, actor=actor, commitment=commitment, command=command, now=now)


def start_revision(
    session: Session, *, actor: Actor, commitment: Commitment, command: TextCommand, now: datetime
) -> CommitmentRevision:
    """Open a new draft beside the text in force; raise `RuleViolation` where one is open."""
    require(actor, Permission.COMMITMENT_PROPOSE, commitment.lead_id)
    _lock(session, commitment)
    if commitment.open is not None:
        raise RuleViolation(_BUSY)
    revision = _open_draft(session, actor, commitment, command, now)
    _record(session, actor, commitment, "revise", now, {"revision": revision.number})
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
    _check_plan(session, commitment, command.plan)
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


# --- indicators and milestones ----------------------------------------------------------------


def plan_of(commitment: Commitment) -> Plan:
    """Return the plan in force, from its rows."""
    return Plan(
        tuple(
            PlannedIndicator(
                public_id=row.public_id,
                labels=row.labels,
                unit=row.unit,
                baseline=row.baseline,
                baseline_on=row.baseline_on,
                target=row.target,
                target_on=row.target_on,
            )
            for row in commitment.indicators
        ),
        tuple(
            PlannedMilestone(
                key=str(row.id), labels=row.labels, due_on=row.due_on, met_on=row.met_on
            )
            for row in commitment.milestones
        ),
    )


def plan_for(commitment: Commitment, revision: CommitmentRevision) -> Plan:
    """Return the plan that a form made from this text starts with."""
    if revision.id == commitment.in_force_id:
        return plan_of(commitment)
    return Plan.from_json(revision.plan)


def _check_plan(session: Session, commitment: Commitment, plan: Plan) -> None:
    wanted = {each.public_id for each in plan.indicators}
    present = {row.public_id for row in commitment.indicators}
    if wanted - present - {""} or (
        {each.key for each in plan.milestones} - {str(row.id) for row in commitment.milestones}
    ) - {""}:
        raise StaleVersion(_("The indicators or milestones have changed in the meantime."))
    if queries.indicators_in_use(session, commitment) - wanted:
        raise InvalidInput(
            fields={
                "indicators": _(
                    "An indicator for which readings were reported cannot be removed. Leave its"
                    " row as it is."
                )
            }
        )


def _carry_out(session: Session, commitment: Commitment, plan: Plan) -> None:
    """Turn the plan of an accepted text into rows."""
    _check_plan(session, commitment, plan)
    indicators = {row.public_id: row for row in commitment.indicators}
    for position, wanted in enumerate(plan.indicators):
        row = indicators.pop(wanted.public_id, None)
        if row is None:
            row = Indicator(commitment_id=commitment.id)
            session.add(row)
        row.position, row.labels = position, dict(wanted.labels)
        row.unit, row.counts_people = wanted.unit, wanted.counts_people
        row.baseline, row.baseline_on = wanted.baseline, wanted.baseline_on
        row.target, row.target_on = wanted.target, wanted.target_on
    milestones = {str(row.id): row for row in commitment.milestones}
    for step in plan.milestones:
        mark = milestones.pop(step.key, None)
        if mark is None:
            mark = Milestone(commitment_id=commitment.id)
            session.add(mark)
        mark.labels, mark.due_on, mark.met_on = dict(step.labels), step.due_on, step.met_on
    for gone in (*indicators.values(), *milestones.values()):
        session.delete(gone)
    session.flush()
    session.expire(commitment, ["indicators", "milestones"])


# --- the life of a text -----------------------------------------------------------------------


def propose(
    session: Session, *, actor: Actor, commitment: Commitment, base: Base, now: datetime
) -> None:
    """Put the draft before its lead, whose focal points are told."""
    revision = _step(session, actor, commitment, base, TextAction.PROPOSE)
    revision.state = rules.next_state(revision.state, TextAction.PROPOSE)
    revision.proposed_at = now
    _record(session, actor, commitment, "propose", now, {"revision": revision.number})
    _tell(session, actor, commitment, revision, "commitment_proposed", now)


def withdraw(
    session: Session, *, actor: Actor, commitment: Commitment, base: Base, now: datetime
) -> None:
    """Take a proposal back; it is a draft again, hidden from those who only read proposals."""
    revision = _step(session, actor, commitment, base, TextAction.WITHDRAW)
    revision.state = rules.next_state(revision.state, TextAction.WITHDRAW)
    revision.proposed_at = None
    _record(session, actor, commitment, "withdraw", now, {"revision": revision.number})


def discard(
    session: Session, *, actor: Actor, commitment: Commitment, base: Base, now: datetime
) -> None:
    """Drop the draft: gone from every list, kept in the trail."""
    revision = _step(session, actor, commitment, base, TextAction.DISCARD)
    revision.state = rules.next_state(revision.state, TextAction.DISCARD)
    commitment.open = None
    _record(session, actor, commitment, "discard", now, {"revision": revision.number})


def decline(
    session: Session,
    *,
    actor: Actor,
    commitment: Commitment,
    base: Base,
    reason: str,
    language: str,
    now: datetime,
) -> None:
    """Refuse a proposal with a reason that its author reads."""
    if not reason:
        raise InvalidInput(fields={"reason": _("Write why, so that the text can be improved.")})
    revision = _step(session, actor, commitment, base, TextAction.DECLINE)
    revision.state = rules.next_state(revision.state, TextAction.DECLINE)
    revision.reason, revision.reason_language = reason, language
    revision.decided_at, revision.decided_by_id = now, actor.user_id
    commitment.open = None
    _record(session, actor, commitment, "decline", now, {"revision": revision.number})
    _tell(session, actor, commitment, revision, "commitment_declined", now)


def accept(
    session: Session, *, actor: Actor, commitment: Commitment, base: Base, now: datetime
) -> None:
    """Put a proposed text in force, in the lead's name; it is public from now on."""
    revision = _step(session, actor, commitment, base, TextAction.ACCEPT)
    _put_in_force(session, actor, commitment, revision, TextAction.ACCEPT, now)
    _record(session, actor, commitment, "accept", now, {"revision": revision.number})
    _tell(session, actor, commitment, revision, "commitment_accepted", now)


def file_letter(
    session: Session,
    *,
    actor: Actor,
    commitment: Commitment,
    base: Base,
    letter: files.Accepted,
    now: datetime,
) -> None:
    """Put a proposed text in force on the strength of the lead's signed letter.

    Raises `NotPermitted` for an officer who wrote the text: another one files the letter.
    """
    revision = _step(session, actor, commitment, base, TextAction.FILE_LETTER)
    if actor.user_id == revision.author_id or _has_written(session, actor, commitment, revision):
        raise NotPermitted(
            _("You wrote this text yourself, so another officer must file the letter.")
        )
    stored = files.store(session, letter, now)
    revision.letter = stored
    _put_in_force(session, actor, commitment, revision, TextAction.FILE_LETTER, now)
    _record(session, actor, commitment, "file_letter", now, {"revision": revision.number})
    _tell(session, actor, commitment, revision, "commitment_accepted", now)


def _lock(session: Session, commitment: Commitment) -> None:
    # The row alone: reading a commitment joins others, and no database locks what may be missing.
    session.execute(
        select(Commitment.id).where(Commitment.id == commitment.id).with_for_update(key_share=True)
    )
    session.expire(commitment)
    session.refresh(commitment)
    if commitment.open is not None:
        session.refresh(commitment.open)


def _step(
    session: Session, actor: Actor, commitment: Commitment, base: Base, action: TextAction
) -> CommitmentRevision:
    """Return the open text if the action may be done to it as it was shown; raise otherwise."""
    require(actor, rules.PERMISSIONS[action], commitment.lead_id)
    _lock(session, commitment)
    revision = policy.open_text(actor, commitment)
    if revision is None:
        raise RuleViolation(_("This text has moved on in the meantime; that step is closed."))
    rules.next_state(revision.state, action)
    if not policy.may_act(actor, commitment, revision, action):
        raise NotPermitted()
    # One agrees to the words that one has read, not to whatever stands there by now.
    if (revision.number, revision.version) != (base.number, base.version):
        raise StaleVersion(_("The text has changed since you read it. Read it again first."))
    return revision


def _has_written(
    session: Session, actor: Actor, commitment: Commitment, revision: CommitmentRevision
) -> bool:
    entries = session.scalars(
        select(TrailEntry).where(
            TrailEntry.kind == KIND,
            TrailEntry.public_id == commitment.public_id,
            TrailEntry.actor_id == actor.user_id,
            TrailEntry.action == f"{KIND}.save",
        )
    )
    return any(entry.details.get("revision") == revision.number for entry in entries)


def _put_in_force(
    session: Session,
    actor: Actor,
    commitment: Commitment,
    revision: CommitmentRevision,
    action: TextAction,
    now: datetime,
) -> None:
    if commitment.in_force is not None:
        commitment.in_force.state = State.SUPERSEDED
    # Only one accepted text at a time: the old one must have left before the new one comes.
    session.flush()
    revision.state = rules.next_state(revision.state, action)
    revision.decided_at, revision.decided_by_id = now, actor.user_id
    commitment.in_force, commitment.open = revision, None
    _carry_out(session, commitment, Plan.from_json(revision.plan))
    if commitment.code is None:
        commitment.code = _next_code(session, commitment, revision)
    session.flush()


def _next_code(session: Session, commitment: Commitment, revision: CommitmentRevision) -> str:
    first = min(revision.provisions, key=lambda each: (each.framework_code, each.position))
    # Whoever numbers within this framework comes here one after the other.
    session.scalar(
        select(Framework.code)
        .where(Framework.code == first.framework_code)
        .with_for_update(key_share=True)
    )
    place = commitment.lead.country_iso2 or "REG"
    stem = f"{first.framework_code}-{first.code}-{place}-"
    taken = session.scalars(
        select(Commitment.code).where(Commitment.code.startswith(stem, autoescape=True))
    )
    return rules.make_code(
        first.framework_code, first.code, place, [code for code in taken if code]
    )


# --- translations -----------------------------------------------------------------------------


def translate(
    session: Session,
    *,
    actor: Actor,
    commitment: Commitment,
    command: TranslationCommand,
    seen: str,
    now: datetime,
) -> CommitmentTranslation:
    """Add a translation of a text that is or was in force, or replace the one there.

    `seen` is the stamp of the translation that the form showed, empty for none. Raises
    `StaleVersion` where another stands there by now.
    """
    require(actor, Permission.COMMITMENT_PROPOSE, commitment.lead_id)
    _lock(session, commitment)
    revision = queries.revision(session, actor, commitment, command.revision)
    if revision.state not in rules.PUBLIC_STATES:
        raise RuleViolation(_("A text is translated once it has been accepted."))
    if same_language(revision.language, command.language):
        raise InvalidInput(fields={"language": _("This is the language of the original.")})
    if command.kind == Kind.OFFICIAL and not policy.may_translate_officially(actor, commitment):
        raise NotPermitted(_("Only the lead's focal point adds an official translation."))
    present = next(
        (each for each in revision.translations if each.language == command.language), None
    )
    if (present.stamp if present else "") != seen:
        raise StaleVersion(_("Somebody saved this translation in the meantime."))
    if not rules.may_replace(present.kind if present else None, command.kind):
        raise RuleViolation(
            _("A better translation stands here already: an official one is not replaced.")
            if present and present.kind == Kind.OFFICIAL
            else _("A translation made by a person is not replaced by a machine's.")
        )
    translation = present or CommitmentTranslation(language=command.language)
    translation.kind = command.kind
    translation.title, translation.text = command.title, command.text
    translation.author_id, translation.created_at = actor.user_id, now
    if present is None:
        revision.translations.append(translation)
    session.flush()
    details = {"revision": revision.number, "language": command.language, "kind": command.kind}
    _record(session, actor, commitment, "translate", now, details)
    return translation


# --- what is kept of each act -----------------------------------------------------------------


def _record(
    session: Session,
    actor: Actor,
    commitment: Commitment,
    action: str,
    now: datetime,
    details: dict[str, Any],
    fields: Iterable[str] = (),
) -> None:
    audit.record(
        session,
        actor=actor,
        action=f"{KIND}.{action}",
        kind=KIND,
        public_id=commitment.public_id,
        now=now,
        constituent_id=commitment.lead_id,
        fields=list(fields),
        details=details,
    )
    changes.append(session, KIND, commitment.public_id)


def _tell(
    session: Session,
    actor: Actor,
    commitment: Commitment,
    revision: CommitmentRevision,
    template: str,
    now: datetime,
) -> None:
    """Send mail to the lead's focal points and to the author, but not to who just acted."""
    people = {user.id for user in queries.focal_points(session, commitment.lead_id)}
    if revision.author_id is not None:
        people.add(revision.author_id)
    for user_id in sorted(people - {actor.user_id}):
        outbox.enqueue(
            session,
            "mail",
            {
                "template": template,
                "user_id": user_id,
                "commitment": commitment.public_id,
                "revision": revision.number,
            },
            key=f"{template}:{commitment.public_id}:{revision.number}.{revision.version}:{user_id}",
            now=now,
        )
