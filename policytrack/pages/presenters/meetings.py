"""List dialogues, programmes, and the papers published with notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from policytrack.constituents.words import full_name
from policytrack.core.confidence import WEAK
from policytrack.core.i18n import format_date, label, label_language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.core.paging import Page
from policytrack.dialogues.models import Dialogue
from policytrack.dialogues.words import KIND_WORDS
from policytrack.pages.presenters.reference import SIDES, partial_date
from policytrack.pages.presenters.sources import Source, source
from policytrack.pages.queries import Paper
from policytrack.programmes.models import Programme
from policytrack.progress.presenters import subject_of


@dataclass(frozen=True, slots=True)
class DialogueLine:
    """Hold a meeting in a list; `where` names its place and host as far as they are known."""

    name: str
    language: str
    url: str
    kind: str
    when: str
    where: str
    demonstration: bool
    source: Source | None


def dialogue_lines(found: Sequence[Dialogue]) -> list[DialogueLine]:
    """Return meetings as lists show them; those that are weakly sourced are left out."""
    return [_dialogue(each) for each in found if each.confidence not in WEAK]


def _dialogue(each: Dialogue) -> DialogueLine:
    places = [label(each.place), label(each.host.labels) if each.host else ""]
    return DialogueLine(
        name=label(each.labels),
        language=label_language(each.labels),
        url=url_for("pages.dialogue", public_id=each.public_id),
        kind=str(KIND_WORDS[each.kind]),
        when=_when(each),
        where=_(", ").join(dict.fromkeys(place for place in places if place))
        or (_("online") if each.online else ""),
        demonstration=each.demonstration,
        source=None if each.demonstration else source(each.source, each.confidence),
    )


def _when(each: Dialogue) -> str:
    begins = format_date(each.starts_on) or partial_date(each.starts)
    if each.ends_on and each.ends_on != each.starts_on:
        return _("%(first)s to %(last)s", first=begins, last=format_date(each.ends_on))
    return begins


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """Hold a programme in a list; `side` says on which side it works in the country asked for."""

    name: str
    language: str
    url: str
    when: str
    agencies: str
    side: str
    summary: str
    summary_language: str
    demonstration: bool
    source: Source | None


_SIDES: Mapping[str, Any] = {
    **SIDES,
    "both": _l("on both sides"),
}


def programme_lines(found: Sequence[Programme], iso2: str = "") -> list[ProgrammeLine]:
    """Return programmes as lists show them; those that are weakly sourced are left out."""
    return [_programme(each, iso2) for each in found if each.confidence not in WEAK]


def _programme(each: Programme, iso2: str) -> ProgrammeLine:
    side = next((found.side for found in each.countries if found.country_iso2 == iso2), "")
    return ProgrammeLine(
        name=label(each.labels),
        language=label_language(each.labels),
        url=url_for("pages.programme", code=each.code),
        when=_(
            "%(first)s to %(last)s", first=partial_date(each.starts), last=partial_date(each.ends)
        )
        if each.starts and each.ends
        else partial_date(each.starts),
        agencies=_(", ").join(each.agencies),
        side=str(_SIDES.get(side, "")),
        summary=label(each.summary),
        summary_language=label_language(each.summary),
        demonstration=each.demonstration,
        source=None if each.demonstration else source(each.source, each.confidence),
    )


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """Hold a piece of evidence in a list: what it is, and the note that it was published with."""

    title: str
    url: str
    is_file: bool
    kind: str
    note: str
    note_language: str
    note_url: str
    organisation: str
    at: datetime | None
    demonstration: bool


def document_lines(page: Page[Paper]) -> Page[DocumentLine]:
    """Return a page of the evidence published with notes."""
    lines = [_document(each) for each in page.items]
    return Page(lines, page.number, page.total, page.size, page.url)


def _document(paper: Paper) -> DocumentLine:
    each, note = paper.evidence, paper.note
    subject = subject_of(note)
    is_file = each.file is not None
    return DocumentLine(
        title=each.title or each.file_name or each.url or "",
        url=url_for("progress.evidence", evidence_id=each.public_id) if is_file else each.url or "",
        is_file=is_file,
        kind=each.file_name.rpartition(".")[2].upper() if is_file else _("Link"),
        note=subject.name,
        note_language=subject.language,
        note_url=url_for("progress.show", note_id=note.public_id),
        organisation=full_name(note.constituent),
        at=paper.revision.published_at,
        demonstration=note.demonstration,
    )
