"""Make the things that tests need, through the models, each with sensible values."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from policytrack.accounts.models import AccountState, Office, User
from policytrack.commitments.models import Commitment, CommitmentRevision, Indicator
from policytrack.commitments.rules import TextState
from policytrack.constituents.models import Constituent, Membership
from policytrack.constituents.queries import actor_of
from policytrack.constituents.rules import Group
from policytrack.core import changes
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.files import Accepted, store
from policytrack.core.permissions import Actor, Role
from policytrack.core.review import OPEN_STATES, State
from policytrack.dialogues.models import Dialogue
from policytrack.frameworks.models import (
    Instrument,
    Provision,
    Ratification,
    Sector,
    TargetGroup,
    Theme,
)
from policytrack.library.models import LibraryDocument, LibraryFile, LibraryRevision
from policytrack.places.models import Corridor, Country
from policytrack.programmes.models import Programme, ProgrammeCountry, ProgrammeItem
from policytrack.progress.models import LatestWord, Note, NoteRevision
from policytrack.progress.rules import Status
from policytrack.rounds.models import Round

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def make_user(*offices: Role, **overrides: Any) -> User:
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"person{number}@example.org",
        "name": f"Person {number}",
        "state": AccountState.ACTIVE,
        "created_at": NOW,
        **overrides,
    }
    with transaction() as session:
        user = User(**values)
        user.offices = [Office(role=role) for role in offices]
        session.add(user)
    return user


def make_constituent(**overrides: Any) -> Constituent:
    number = next(_numbers)
    values: dict[str, Any] = {
        "labels": {"en": f"Ministry of Labour {number}", "ar": f"وزارة العمل {number}"},
        "group": Group.GOVERNMENTS,
        "country_iso2": "NP",
        **overrides,
    }
    with transaction() as session:
        body = Constituent(**values)
        session.add(body)
    return body


def make_member(constituent: Constituent, role: Role = Role.FOCAL_POINT, **overrides: Any) -> User:
    user = make_user(**overrides)
    with transaction() as session:
        session.add(
            Membership(user_id=user.id, constituent_id=constituent.id, role=role, since=NOW)
        )
    return user


def actor_for(user: User) -> Actor:
    return actor_of(current_session(), user)


def make_round(**overrides: Any) -> Round:
    today = datetime.now(UTC).date()
    values: dict[str, Any] = {
        "name": f"Round {next(_numbers)}",
        "opens_on": today - timedelta(days=30),
        "closes_on": today + timedelta(days=40),
        "zone": "Asia/Bangkok",
        **overrides,
    }
    with transaction() as session:
        made = Round(**values)
        session.add(made)
    return made


def make_commitment(
    lead: Constituent,
    *,
    countries: tuple[str, ...] = ("NP",),
    corridors: tuple[str, ...] = (),
    provisions: tuple[str, ...] = ("B1",),
    themes: tuple[str, ...] = ("A1.1",),
    supporters: tuple[Constituent, ...] = (),
    state: TextState = TextState.ACCEPTED,
    indicator: bool = False,
    **overrides: Any,
) -> Commitment:
    """Make a commitment whose text stands in `state`; accepted ones have a code."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "number": 1,
        "state": state,
        "language": "en",
        "title": f"No recruitment fee for domestic workers {number}",
        "text": "No worker pays a fee.",
        "gender_marker": 3,
        "due_on": date(2027, 12, 31),
        "created_at": NOW,
        "decided_at": NOW if state is TextState.ACCEPTED else None,
        **overrides,
    }
    with transaction() as session:
        accepted = state is TextState.ACCEPTED
        made = Commitment(
            lead_id=lead.id,
            created_at=NOW,
            code=f"BALI-{provisions[0]}-{lead.country_iso2 or 'REG'}-{number:02d}"
            if accepted
            else None,
        )
        session.add(made)
        session.flush()
        revision = CommitmentRevision(commitment_id=made.id, **values)
        revision.provisions = list(
            session.scalars(
                select(Provision).where(
                    Provision.framework_code == "BALI", Provision.code.in_(provisions)
                )
            )
        )
        revision.themes = list(session.scalars(select(Theme).where(Theme.code.in_(themes))))
        revision.countries = list(
            session.scalars(select(Country).where(Country.iso2.in_(countries)))
        )
        revision.corridors = list(
            session.scalars(select(Corridor).where(Corridor.code.in_(corridors)))
        )
        revision.supporters = [session.get_one(Constituent, body.id) for body in supporters]
        session.add(revision)
        session.flush()
        if accepted:
            made.in_force_id = revision.id
        elif state in {TextState.DRAFT, TextState.PROPOSED}:
            made.open_id = revision.id
        if indicator:
            session.add(
                Indicator(
                    commitment_id=made.id,
                    labels={"en": "Workers who paid no fee"},
                    unit="people",
                    counts_people=True,
                )
            )
    return made


def make_note(
    commitment: Commitment,
    constituent: Constituent,
    reporting_round: Round,
    *,
    state: State = State.PUBLISHED,
    author: User | None = None,
    **overrides: Any,
) -> Note:
    """Make a note with one revision in `state`."""
    values: dict[str, Any] = {
        "number": 1,
        "state": state,
        "language": "en",
        "done": "The fee ban was extended to household recruitment.",
        "results": "Refunds reached 1180 workers.",
        "women": "Of these, 902 were women.",
        "claimed_status": Status.SUBSTANTIAL,
        "people_protected": True,
        "author_id": author.id if author else None,
        "created_at": NOW,
        "saved_at": NOW,
        "submitted_at": None if state in {State.DRAFT, State.DISCARDED} else NOW,
        "published_at": NOW if state in {State.PUBLISHED, State.SUPERSEDED} else None,
        **overrides,
    }
    with transaction() as session:
        note = Note(
            key=f"{reporting_round.id}:commitment {commitment.id}"
            f":{constituent.country_iso2 or '-'}:{constituent.id}",
            round_id=reporting_round.id,
            constituent_id=constituent.id,
            commitment_id=commitment.id,
            country_iso2=constituent.country_iso2,
            created_at=NOW,
        )
        session.add(note)
        session.flush()
        revision = NoteRevision(note_id=note.id, **values)
        session.add(revision)
        session.flush()
        if state is State.PUBLISHED:
            note.published_id = revision.id
            session.merge(
                LatestWord(
                    commitment_id=commitment.id,
                    constituent_id=constituent.id,
                    revision_id=revision.id,
                    status=revision.claimed_status,
                    heard_at=NOW,
                )
            )
        elif state in {State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED}:
            note.open_id = revision.id
    return note


def make_place_note(
    constituent: Constituent,
    reporting_round: Round,
    *,
    country: str | None = "NP",
    corridor: str | None = None,
    theme: str = "A1.1",
    **overrides: Any,
) -> Note:
    """Make a published note on a country or a corridor, under a theme."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "number": 1,
        "state": State.PUBLISHED,
        "language": "en",
        "done": f"Twelve licences were withdrawn {number}.",
        "claimed_status": Status.LIMITED,
        "people_protected": True,
        "created_at": NOW,
        "saved_at": NOW,
        "submitted_at": NOW,
        "published_at": NOW,
        **overrides,
    }
    with transaction() as session:
        found = session.scalar(select(Corridor).where(Corridor.code == corridor))
        note = Note(
            key=f"{reporting_round.id}:place {number}",
            round_id=reporting_round.id,
            constituent_id=constituent.id,
            country_iso2=None if found else country,
            corridor_id=found.id if found else None,
            theme_code=theme,
            created_at=NOW,
        )
        session.add(note)
        session.flush()
        revision = NoteRevision(note_id=note.id, **values)
        session.add(revision)
        session.flush()
        note.published_id = revision.id
    return note


def make_programme(
    *,
    countries: Mapping[str, str] | None = None,
    themes: tuple[str, ...] = ("A1.1",),
    sectors: tuple[str, ...] = ("domestic-work",),
    target_groups: tuple[str, ...] = ("domestic-workers",),
    **overrides: Any,
) -> Programme:
    """Make a programme; `countries` says on which side it works in each."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"PROGRAMME-{number}",
        "labels": {"en": f"Homes and Hands {number}", "ar": f"بيوت وأيدٍ {number}"},
        "summary": {"en": "It works for domestic workers."},
        "agencies": ["ILO"],
        "starts": "2020",
        "ends": "2023-12-31",
        "position": number,
        "source": "https://example.org/programme",
        "confidence": "high",
        **overrides,
    }
    with transaction() as session:
        made = Programme(**values)
        made.countries = [
            ProgrammeCountry(country_iso2=iso2, side=side)
            for iso2, side in (countries or {"NP": "origin", "QA": "destination"}).items()
        ]
        made.themes = list(session.scalars(select(Theme).where(Theme.code.in_(themes))))
        made.sectors = list(session.scalars(select(Sector).where(Sector.code.in_(sectors))))
        made.target_groups = list(
            session.scalars(select(TargetGroup).where(TargetGroup.code.in_(target_groups)))
        )
        session.add(made)
    return made


def make_programme_item(programme: Programme, **overrides: Any) -> ProgrammeItem:
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"ITEM-{number}",
        "programme_code": programme.code,
        "kind": "achievement",
        "labels": {"en": f"Centres opened {number}"},
        "position": number,
        "source": "https://example.org/evaluation",
        "confidence": "high",
        **overrides,
    }
    with transaction() as session:
        made = ProgrammeItem(**values)
        session.add(made)
    return made


def make_dialogue(
    *,
    countries: tuple[str, ...] = (),
    corridors: tuple[str, ...] = (),
    themes: tuple[str, ...] = ("A1.1",),
    **overrides: Any,
) -> Dialogue:
    number = next(_numbers)
    values: dict[str, Any] = {
        "kind": "corridor",
        "labels": {"en": f"Corridor meeting {number}", "ar": f"اجتماع الممر {number}"},
        "starts": "2024-05-21",
        "starts_on": date(2024, 5, 21),
        "ends_on": date(2024, 5, 22),
        "source": "https://example.org/meeting",
        "confidence": "high",
        **overrides,
    }
    with transaction() as session:
        made = Dialogue(**values)
        made.countries = list(session.scalars(select(Country).where(Country.iso2.in_(countries))))
        made.corridors = list(session.scalars(select(Corridor).where(Corridor.code.in_(corridors))))
        made.themes = list(session.scalars(select(Theme).where(Theme.code.in_(themes))))
        session.add(made)
    return made


def make_instrument(**overrides: Any) -> Instrument:
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"X{number}",
        "kind": "convention",
        "labels": {"en": f"Convention on Something, {number}"},
        "year": 2011,
        "position": number,
        "source": "https://example.org/text",
        "confidence": "high",
        **overrides,
    }
    with transaction() as session:
        made = Instrument(**values)
        session.add(made)
    return made


def make_ratification(instrument: Instrument, country: str, **overrides: Any) -> Ratification:
    values: dict[str, Any] = {
        "country_iso2": country,
        "instrument_code": instrument.code,
        "state": "yes",
        "source": "https://example.org/list",
        "confidence": "high",
        **overrides,
    }
    with transaction() as session:
        made = Ratification(**values)
        session.add(made)
    return made


def make_document(
    constituent: Constituent | None = None,
    *,
    state: State = State.PUBLISHED,
    author: User | None = None,
    files: Sequence[Accepted] = (),
    **overrides: Any,
) -> LibraryDocument:
    """Make a library document with one revision in `state`."""
    values: dict[str, Any] = {
        "number": 1,
        "state": state,
        "type": "law",
        "language": "en",
        "title": f"Act on the employment of domestic workers {next(_numbers)}",
        "summary": "It sets a weekly day of rest.",
        "people_protected": True,
        "on_behalf": constituent is None,
        "author_id": author.id if author else None,
        "created_at": NOW,
        "saved_at": NOW,
        "submitted_at": None if state in {State.DRAFT, State.DISCARDED} else NOW,
        "published_at": NOW if state in {State.PUBLISHED, State.RETRACTED} else None,
        **overrides,
    }
    with transaction() as session:
        document = LibraryDocument(
            constituent_id=constituent.id if constituent else None, created_at=NOW
        )
        session.add(document)
        session.flush()
        revision = LibraryRevision(document_id=document.id, **values)
        session.add(revision)
        session.flush()
        for position, accepted in enumerate(files):
            revision.files.append(
                LibraryFile(
                    file=store(session, accepted, NOW),
                    name=accepted.name,
                    source_sha256=accepted.sha256,
                    position=position,
                )
            )
        if state is State.PUBLISHED:
            document.published = revision
        elif state is State.RETRACTED:
            document.retracted_at = NOW
            document.retraction_reason = "It named somebody."
            document.retraction_language = "en"
            document.retracted_for = revision.visibility
        elif state in OPEN_STATES:
            document.open = revision
        changes.append(session, "document", document.public_id)
    return document
