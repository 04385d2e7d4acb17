"""Show the documents that came back to an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.core.i18n import gettext as _
from policytrack.core.text import excerpt
from policytrack.library.models import LibraryRevision


@dataclass(frozen=True, slots=True)
class ReturnedDocument:
    """Hold a document that came back: why, and where to take it further."""

    title: str
    language: str
    url: str
    at: datetime | None
    reason: str
    reason_language: str


def returned_documents(found: Sequence[LibraryRevision]) -> list[ReturnedDocument]:
    """Return documents that came back as the home page shows them."""
    return [_returned(each) for each in found]


def _returned(text: LibraryRevision) -> ReturnedDocument:
    decision = next((found for found in reversed(text.decisions) if found.reason), None)
    return ReturnedDocument(
        title=text.title or _("Without a title"),
        language=text.language if text.title else "",
        url=url_for("library.edit", public_id=text.document.public_id),
        at=text.decided_at,
        reason=excerpt(decision.reason) if decision else "",
        reason_language=decision.language if decision else "",
    )
