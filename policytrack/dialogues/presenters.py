"""Show those who keep a dialogue which documents it names, and which ones it could."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from policytrack.core.i18n import label, label_language
from policytrack.dialogues.models import Dialogue
from policytrack.library.models import LibraryDocument
from policytrack.library.presenters import listing


@dataclass(frozen=True, slots=True)
class Head:
    """Hold what the page of a dialogue's documents begins with."""

    public_id: str
    name: str
    language: str
    demonstration: bool


def head(dialogue: Dialogue) -> Head:
    """Return a dialogue's name."""
    return Head(
        dialogue.public_id,
        label(dialogue.labels),
        label_language(dialogue.labels),
        dialogue.demonstration,
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold a document that a dialogue names (`linked`), or could name."""

    public_id: str
    row: listing.Row
    linked: bool


def papers(found: Sequence[LibraryDocument], linked: Collection[str], now: datetime) -> list[Paper]:
    """Return documents with whether they are among the linked ones, known by public id."""
    return [
        Paper(document.public_id, row, document.public_id in linked)
        for document, row in zip(found, listing.rows(found, now), strict=True)
    ]
