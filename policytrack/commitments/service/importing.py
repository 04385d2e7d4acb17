"""Bring in commitments from elsewhere, many at once: proposed in the name of their leads.

Nothing that is in force changes: each text waits for its lead's word, as any other proposal does.
Codes become things once for all of them, so that the number of queries hardly grows with theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from policytrack.accounts import service as accounts
from policytrack.accounts.models import AccountState, User
from policytrack.commitments import rules
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    CommitmentTranslation,
)
from policytrack.commitments.rules import TextAction
from policytrack.commitments.rules import TextState as State
from policytrack.commitments.service.commands import TextCommand, TranslationCommand
from policytrack.commitments.service.keeping import record
from policytrack.constituents.models import Constituent, Membership
from policytrack.core.errors import InvalidInput, NotFound, NotPermitted, RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.ids import new_id
from policytrack.core.permissions import Actor, Permission, Role, require
from policytrack.core.translations import Kind, same_language
from policytrack.frameworks.models import Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country

_MANY = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """Hold a text that comes in, with its translations (their `revision` says nothing).

    `commitment_id` is 0 for a new commitment, which gets `key` and the lead with that public id.
    """

    command: TextCommand
    translations: tuple[TranslationCommand, ...] = ()
    commitment_id: int = 0
    key: str = ""
    lead: str = ""


def bring_in(session: Session, *, actor: Actor, arrivals: Sequence[Arrival], now: datetime) -> None:
    """Propose texts to their leads, whose focal points get one mail each.

    A proposal that was written on behalf of the lead and still waits is replaced, as if it had been
    withdrawn and proposed again. Raises `NotPermitted` unless the actor administers; `InvalidInput`
    for unknown codes; `RuleViolation` where somebody else prepares another text.
    """
    require(actor, Permission.ADMINISTER)
    things = _Things(session)
    leads: Counter[int] = Counter()
    for start in range(0, len(arrivals), _MANY):
        some = arrivals[start : start + _MANY]
        present = _present(session, [each.commitment_id for each in some if each.commitment_id])
        with session.no_autoflush:
            done = [_propose(session, actor, things, present, each, now) for each in some]
        session.flush()
        for commitment, revision, is_new in done:
            commitment.open = revision
            details = {"revision": revision.number, "imported": True}
            action = "propose" if is_new else "revise"
            record(session, actor, commitment, action, now, details)
            leads[commitment.lead_id] += 1
        session.flush()
    _tell(session, actor, leads, now)


def bring_in_translations(
    session: Session,
    *,
    actor: Actor,
    translations: Mapping[int, Sequence[TranslationCommand]],
    now: datetime,
) -> None:
    """Add translations to texts in force, by the id of the commitment.

    Raises `NotPermitted` for an official one, which only the lead's focal point adds;
    `RuleViolation` where a better one stands.
    """
    require(actor, Permission.ADMINISTER)
    ids = list(translations)
    for start in range(0, len(ids), _MANY):
        for commitment in _present(session, ids[start : start + _MANY]).values():
            text = commitment.in_force
            if text is None:
                raise RuleViolation(_("A text is translated once it has been accepted."))
            for command in translations[commitment.id]:
                _translate(actor, text, command, now)
                details = {
                    "revision": text.number,
                    "language": command.language,
                    "kind": command.kind,
                }
                record(session, actor, commitment, "translate", now, details)
        session.flush()


def _present(session: Session, ids: Sequence[int]) -> dict[int, Commitment]:
    """Return commitments by id, locked and read anew, with their open texts."""
    chosen = Commitment.id.in_(ids)
    session.execute(
        select(Commitment.id).where(chosen).order_by(Commitment.id).with_for_update(key_share=True)
    )
    text = CommitmentRevision
    lists = (
        text.provisions,
        text.themes,
        text.sectors,
        text.target_groups,
        text.countries,
        text.corridors,
        text.supporters,
        text.translations,
    )
    found = session.scalars(
        select(Commitment)
        .where(chosen)
        .options(
            joinedload(Commitment.open).options(*(selectinload(each) for each in lists)),
            joinedload(Commitment.in_force).selectinload(text.translations),
            selectinload(Commitment.indicators),
            selectinload(Commitment.milestones),
        )
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in found}


def _propose(
    session: Session,
    actor: Actor,
    things: _Things,
    present: Mapping[int, Commitment],
    arrival: Arrival,
    now: datetime,
) -> tuple[Commitment, CommitmentRevision, bool]:
    if not arrival.commitment_id:
        lead = things.one("organisations", arrival.lead, "lead")
        commitment = Commitment(
            public_id=new_id(),
            external_key=arrival.key,
            lead_id=lead.id,
            created_at=now,
            demonstration=lead.demonstration,
        )
        session.add(commitment)
        revision = _new_text(actor, 1, now)
    else:
        if arrival.commitment_id not in present:
            raise NotFound()
        commitment = present[arrival.commitment_id]
        revision = _open_text(session, actor, commitment, now)
    _check_plan(commitment, arrival.command)
    _fill(revision, arrival.command, things, commitment.lead_id)
    _replace_translations(session, actor, revision, arrival, now)
    revision.state, revision.proposed_at = rules.next_state(State.DRAFT, TextAction.PROPOSE), now
    # Its number of the commitment comes with the flush, as does the other's of its text.
    revision.commitment = commitment
    session.add(revision)
    return commitment, revision, not arrival.commitment_id


def _new_text(actor: Actor, number: int, now: datetime) -> CommitmentRevision:
    return CommitmentRevision(
        number=number, version=1, author_id=actor.user_id, on_behalf=True, created_at=now
    )


def _open_text(
    session: Session, actor: Actor, commitment: Commitment, now: datetime
) -> CommitmentRevision:
    present = commitment.open
    if present is None:
        last = session.scalar(
            select(func.max(CommitmentRevision.number)).where(
                CommitmentRevision.commitment_id == commitment.id
            )
        )
        return _new_text(actor, (last or 0) + 1, now)
    if not present.on_behalf or present.state != State.PROPOSED:
        raise RuleViolation(
            _(
                "Another text of this commitment is being prepared. Ask the focal point of its"
                " lead about it."
            )
        )
    # Whoever read the words before must read these: nobody agrees to what they have not seen.
    present.version += 1
    present.author_id = actor.user_id
    return present


def _check_plan(commitment: Commitment, command: TextCommand) -> None:
    """Refuse a plan that names unknown rows; a proposal before may have left some out."""
    indicators = {each.public_id for each in command.plan.indicators} - {""}
    milestones = {each.key for each in command.plan.milestones} - {""}
    is_new = commitment.id is None
    rows = set() if is_new else {row.public_id for row in commitment.indicators}
    marks = set() if is_new else {str(row.id) for row in commitment.milestones}
    if indicators - rows or milestones - marks:
        raise RuleViolation(_("The indicators or milestones have changed in the meantime."))


def _fill(
    revision: CommitmentRevision, command: TextCommand, things: _Things, lead_id: int
) -> None:
    if command.starts_on and command.due_on and command.starts_on > command.due_on:
        raise InvalidInput(fields={"due_on": _("The due date lies before the start.")})
    if not command.provisions:
        raise InvalidInput(fields={"provisions": _("Choose at least one provision.")})
    for name in ("language", "title", "text", "gender_marker", "starts_on", "due_on"):
        setattr(revision, name, getattr(command, name))
    revision.plan = command.plan.to_json()
    for name in ("provisions", "themes", "sectors", "target_groups", "countries", "corridors"):
        setattr(revision, name, things.several(name, getattr(command, name)))
    supporters = things.several("organisations", command.supporters)
    revision.supporters = [body for body in supporters if body.id != lead_id]


def _replace_translations(
    session: Session, actor: Actor, revision: CommitmentRevision, arrival: Arrival, now: datetime
) -> None:
    """Give a proposal these translations and no others: those of older words would mislead."""
    before = {each.language: each for each in revision.translations}
    for command in arrival.translations:
        if same_language(revision.language, command.language):
            raise InvalidInput(fields={"language": _("This is the language of the original.")})
        present = before.pop(command.language, None)
        if present is None:
            revision.translations.append(_made(actor, command, now))
        elif (present.kind, present.title, present.text) != _words(command):
            _put(present, actor, command, now)
    for gone in before.values():
        session.delete(gone)


def _words(command: TranslationCommand) -> tuple[str, str, str]:
    return command.kind, command.title, command.text


def _put(
    present: CommitmentTranslation, actor: Actor, command: TranslationCommand, now: datetime
) -> None:
    present.kind, present.title, present.text = _words(command)
    present.author_id, present.created_at = actor.user_id, now


def _made(actor: Actor, command: TranslationCommand, now: datetime) -> CommitmentTranslation:
    return CommitmentTranslation(
        language=command.language,
        kind=command.kind,
        title=command.title,
        text=command.text,
        author_id=actor.user_id,
        created_at=now,
    )


def _translate(
    actor: Actor, text: CommitmentRevision, command: TranslationCommand, now: datetime
) -> None:
    if same_language(text.language, command.language):
        raise InvalidInput(fields={"language": _("This is the language of the original.")})
    if command.kind == Kind.OFFICIAL:
        raise NotPermitted(_("Only the lead's focal point adds an official translation."))
    present = next((each for each in text.translations if each.language == command.language), None)
    if not rules.may_replace(present.kind if present else None, command.kind):
        raise RuleViolation(_("A better translation stands here already."))
    if present is None:
        text.translations.append(_made(actor, command, now))
    else:
        _put(present, actor, command, now)


class _Things:
    """Find things by what commands call them, each kind read once."""

    def __init__(self, session: Session) -> None:
        self._kinds: dict[str, dict[str, Any]] = {
            "provisions": {
                f"{each.framework_code}:{each.code}": each
                for each in session.scalars(select(Provision))
            },
            "themes": {each.code: each for each in session.scalars(select(Theme))},
            "sectors": {each.code: each for each in session.scalars(select(Sector))},
            "target_groups": {each.code: each for each in session.scalars(select(TargetGroup))},
            "countries": {each.iso2: each for each in session.scalars(select(Country))},
            "corridors": {each.code: each for each in session.scalars(select(Corridor))},
            "organisations": {
                each.public_id: each for each in session.scalars(select(Constituent))
            },
        }

    def one(self, kind: str, code: str, field: str) -> Any:
        """Return a thing; raise `InvalidInput` at that field for an unknown code."""
        found = self._kinds[kind].get(code)
        if found is None:
            raise InvalidInput(fields={field: _("Choose from the list.")})
        return found

    def several(self, kind: str, codes: Sequence[str]) -> list[Any]:
        """Return things, each once."""
        return [self.one(kind, code, kind) for code in dict.fromkeys(codes)]


def _tell(session: Session, actor: Actor, leads: Mapping[int, int], now: datetime) -> None:
    """Write to the focal points in use, one mail for each organisation they speak for."""
    ids = list(leads)
    for start in range(0, len(ids), _MANY):
        seats = session.execute(
            select(User, Constituent)
            .join(Membership, Membership.user_id == User.id)
            .join(Constituent, Constituent.id == Membership.constituent_id)
            .where(
                Membership.constituent_id.in_(ids[start : start + _MANY]),
                Membership.role == Role.FOCAL_POINT,
                Membership.ended_at.is_(None),
                User.state == AccountState.ACTIVE,
            )
            .order_by(User.id, Constituent.id)
        )
        for user, body in seats:
            if user.id == actor.user_id:
                continue
            accounts.write_to(
                session,
                user=user,
                template="commitments_proposed",
                values={
                    "name": user.name,
                    "organisation": body.labels,
                    "count": leads[body.id],
                },
                key=f"proposed:{body.public_id}:{user.public_id}:{now.isoformat()}",
                now=now,
            )
