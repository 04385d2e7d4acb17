"""Hold what the parts of a load share: the dates, the ids of the seed, and who is who."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from policytrack.accounts.models import User
from policytrack.commitments.models import Commitment
from policytrack.constituents.models import Constituent
from policytrack.core import ids
from policytrack.core.files.models import StoredFile
from policytrack.core.permissions import Role
from policytrack.demonstration import people
from policytrack.demonstration.dates import Calendar
from policytrack.library.models import LibraryDocument
from policytrack.progress.models import NoteRevision
from policytrack.rounds.models import Round

SEED = 2016
# What marks the trail and the outbox, which have no column for it.
MARK = "demonstration"
T = TypeVar("T")


@dataclass(slots=True)
class Stage:
    """Gather what has been made so far, by the keys of the files."""

    session: Session
    calendar: Calendar
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - no secret
    users: dict[str, User] = field(default_factory=dict)
    bodies: dict[str, Constituent] = field(default_factory=dict)
    rounds: dict[int, Round] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    revisions: dict[int, list[NoteRevision]] = field(default_factory=dict)
    documents: dict[str, LibraryDocument] = field(default_factory=dict)
    files: dict[str, tuple[StoredFile, str]] = field(default_factory=dict)

    def new_id(self) -> str:
        """Return the next public id of the seed."""
        return "".join(self.random.choice(ids.ALPHABET) for _ in range(ids.LENGTH))

    def focal_point(self, organisation: str) -> User | None:
        """Return who submits for an organisation; None where the person has left since."""
        return self.users.get(people.address(Role.FOCAL_POINT, organisation))

    def officer(self, number: int) -> User:
        """Return the first or the second officer: 0 or 1."""
        return self.users[people.OFFICERS[number]]

    def found(self, key: InstrumentedAttribute[str], codes: Iterable[str]) -> list[Any]:
        """Return the reference rows of these codes; raise `KeyError` for one that is missing."""
        wanted = list(codes)
        rows = self.session.scalars(select(key.class_).where(key.in_(wanted))) if wanted else ()
        by_code = {getattr(row, key.key): row for row in rows}
        return [by_code[code] for code in wanted]


def labels(given: Mapping[str, Any], languages: Sequence[str]) -> dict[str, str]:
    """Return what an entry says in each language that it has."""
    return {code: given[code] for code in languages if code in given}


def text(given: str) -> str:
    """Return a text of the files as a form would save it: one line for each paragraph."""
    paragraphs = given.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
