"""Name what a note is about, for whom, and in which round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, label_language
from policytrack.core.i18n import language as present_language
from policytrack.core.translations import Offer, preferred
from policytrack.progress.models import Note


@dataclass(frozen=True, slots=True)
class Named:
    """Hold a name and the language it is in; `url` leads to the thing, where it has a page."""

    name: str
    language: str
    url: str = ""


def named(labels: Mapping[str, str], url: str = "") -> Named:
    """Return a label in the reader's language, or the nearest."""
    return Named(label(labels), label_language(labels), url)


@dataclass(frozen=True, slots=True)
class Heading:
    """Hold what names a note: its subject, organisation and round."""

    note_id: str
    subject: Named
    code: str
    corridor: tuple[Named, Named] | None
    country: Named | None
    organisation: Named
    group: str
    round: str
    demonstration: bool

    @property
    def title(self) -> str:
        """Return the title of the note's page."""
        return _("Note on: %(subject)s", subject=self.subject.name)


def heading(note: Note) -> Heading:
    """Return what names a note."""
    corridor = note.corridor
    return Heading(
        note_id=note.public_id,
        subject=subject_of(note),
        code=note.commitment.address if note.commitment else "",
        corridor=(named(corridor.origin.labels), named(corridor.destination.labels))
        if corridor
        else None,
        country=named(note.country.labels, url_for("pages.country", iso2=note.country.iso2))
        if note.country
        else None,
        organisation=named(
            note.constituent.labels,
            url_for("pages.constituent", public_id=note.constituent.public_id),
        ),
        group=note.constituent.group,
        round=note.round.name,
        demonstration=note.demonstration,
    )


def subject_of(note: Note) -> Named:
    """Return the commitment's title or the theme under which a place is reported on."""
    if note.commitment is not None:
        return commitment_title(note.commitment)
    place = url_for("pages.corridor", code=note.corridor.code) if note.corridor else ""
    if not place and note.country:
        place = url_for("pages.country", iso2=note.country.iso2)
    return named(note.theme.labels if note.theme else {}, place)


def commitment_title(commitment: Any) -> Named:
    """Return the title of a commitment in force, in the reader's language where there is one."""
    url = url_for("pages.commitment", address=commitment.address)
    text = commitment.in_force
    if text is None:
        return Named(commitment.address, "en", url)
    offers = [Offer(each.language, each.kind, each.title) for each in text.translations]
    chosen = preferred(text.language, offers, present_language().code)
    if chosen is not None:
        return Named(chosen.content, chosen.language, url)
    return Named(text.title, text.language, url)
