"""Load the demonstration set: invented, marked item by item, the same from the same seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import AccountState, Office, User
from policytrack.commitments.models import Commitment
from policytrack.constituents.models import Constituent, Membership
from policytrack.core import audit, changes, files
from policytrack.core.errors import RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import ANONYMOUS, OFFICE_ROLES, Role
from policytrack.demonstration import (
    content,
    edits,
    funded,
    meetings,
    memory,
    papers,
    people,
    plan,
    promises,
    record,
    redactions,
    searches,
    shelf,
    tabled,
    trail,
)
from policytrack.demonstration.dates import ZONE, Calendar
from policytrack.demonstration.people import PASSWORD, SIGN_INS, SignIn
from policytrack.demonstration.stage import SEED, Stage
from policytrack.dialogues.models import Dialogue
from policytrack.library.models import LibraryDocument
from policytrack.programmes.models import Programme
from policytrack.progress.models import Note
from policytrack.reference.models import LoadedRow
from policytrack.rounds.models import Round

__all__ = ["PASSWORD", "SIGN_INS", "SignIn", "load", "may_load"]

ROUNDS = 3
_WITH_PASSWORD = frozenset({AccountState.ACTIVE, AccountState.SUSPENDED})
_YEARS_AGO = timedelta(days=4 * 365)
# For how long whoever closed their account had one.
_STAYED = timedelta(days=400)
Progress = Callable[[str, int, int], None]


def may_load(session: Session) -> bool:
    """Tell whether the database holds nothing but reference data and administrators.

    What is invented never mixes with what is meant, and is never loaded twice.
    """
    addresses = [person.email for person in people.everybody()]
    in_office = select(Office.user_id).where(Office.role == Role.ADMINISTRATOR)
    others = (
        select(Constituent.id).where(Constituent.code.not_in(_loaded("constituents"))),
        select(Dialogue.id).where(Dialogue.code.not_in(_loaded("dialogues"))),
        select(LibraryDocument.id),
        select(Programme.code).where(Programme.code.not_in(_loaded("programmes"))),
        select(Commitment.id),
        select(Note.id),
        select(Round.id),
        select(User.id).where(User.id.not_in(in_office) | User.email.in_(addresses)),
    )
    return all(session.scalar(each.limit(1)) is None for each in others)


def _loaded(kind: str) -> Select[str]:
    return select(LoadedRow.key).where(LoadedRow.kind == kind)


def load(session: Session, *, now: datetime, progress: Progress | None = None) -> None:
    """Load the whole set; call it inside `transaction()`.

    `progress` is told the name of each step, how many are done and how many there are. Raises
    `RuleViolation` where the database holds anything beside reference data and administrators.
    """
    if not may_load(session):
        raise RuleViolation(
            _(
                "This installation already holds content. Demonstration content is loaded into an"
                " empty one only."
            )
        )
    stage = Stage(session, Calendar(now))
    planned = plan.plan(SEED)
    promised = [*content.commitments(), *planned.commitments]
    reported = [*content.notes(), *planned.notes]
    total = 3 + len(promised) + len(reported)
    tell = progress or _silent
    _add_people(stage)
    tell("organisations and people", 1, total)
    _add_rounds(stage)
    _add_files(stage)
    tell("rounds and files", 2, total)
    meetings.add(stage)
    edits.add(stage)
    shelf.add(stage)
    tabled.add(stage)
    tell("meetings, programmes and terms", 3, total)
    for done, entry in enumerate(promised, start=4):
        promises.add(stage, entry)
        tell("commitments", done, total)
    notes = []
    for done, entry in enumerate(reported, start=4 + len(promised)):
        notes.append(record.add(stage, entry))
        tell("progress notes", done, total)
    record.keep_latest_words(stage, notes)
    funded.add(stage)
    redactions.add(stage, notes)
    memory.add(stage)
    searches.add(stage)
    trail.add(stage, notes)
    audit.record(
        session,
        actor=ANONYMOUS,
        action="demonstration.load",
        kind="demonstration",
        public_id="",
        now=now,
        details={"commitments": len(promised), "notes": len(reported)},
    )


def _silent(_step: str, _done: int, _total: int) -> None:
    pass


def _add_people(stage: Stage) -> None:
    now = stage.calendar.now
    for body in content.organisations().values():
        stage.bodies[body.key] = Constituent(
            public_id=stage.new_id(),
            code=f"DEMO-{body.key.upper()}",
            labels=dict(body.labels),
            group=body.group,
            country_iso2=body.country_iso2,
            focal_ministry=body.focal_ministry,
            retired=body.retired,
            source="invented",
            demonstration=True,
        )
    stage.session.add_all(stage.bodies.values())
    for added in stage.bodies.values():
        changes.append(stage.session, "constituent", added.public_id)
    for person in people.everybody():
        since = now - (_YEARS_AGO if person.days is None else timedelta(days=person.days))
        user = User(
            public_id=stage.new_id(),
            email=person.email,
            name=person.name,
            password_hash=people.HASHED if person.state in _WITH_PASSWORD else None,
            language=person.language,
            state=person.state,
            created_at=since,
            closed_at=since + _STAYED if person.state is AccountState.CLOSED else None,
            demonstration=True,
        )
        if person.role in OFFICE_ROLES and person.state is AccountState.ACTIVE:
            user.offices = [Office(role=person.role)]
        stage.users[person.email] = user
        stage.session.add(user)
        if person.organisation is not None:
            ended = None if person.left is None else now - timedelta(days=person.left)
            seat = Membership(user=user, role=person.role, since=since, ended_at=ended)
            seat.constituent = stage.bodies[person.organisation]
            stage.session.add(seat)
    stage.session.flush()


def _add_rounds(stage: Stage) -> None:
    for back in range(ROUNDS):
        span = stage.calendar.round(back)
        stage.rounds[back] = Round(
            public_id=stage.new_id(),
            name=span.name,
            opens_on=span.opens_on,
            closes_on=span.closes_on,
            zone=ZONE,
            demonstration=True,
        )
    stage.session.add_all(stage.rounds.values())
    stage.session.flush()


def _add_files(stage: Stage) -> None:
    for key, paper in content.papers().items():
        accepted = files.inspect(papers.pdf(paper["lines"]), name=paper["name"])
        stored = files.store(stage.session, accepted, stage.calendar.now)
        stored.public_id = stage.new_id()
        stage.files[key] = (stored, accepted.name)
    stage.session.flush()
