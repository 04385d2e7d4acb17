"""Say how documents are cited: as text, as files for reference managers, in a page's head."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, url_for
from markupsafe import Markup

from policytrack.core.i18n import label, language
from policytrack.core.permissions import Actor
from policytrack.library import citing, policy, rules
from policytrack.library.citing import Citable
from policytrack.library.models import LibraryDocument, LibraryFile, LibraryRevision
from policytrack.library.rules import Type

# The ending of the file, its name for people, and what it is.
KINDS: Mapping[str, tuple[str, str]] = {
    "bib": ("BibTeX", "application/x-bibtex; charset=utf-8"),
    "ris": ("RIS", "application/x-research-info-systems; charset=utf-8"),
    "json": ("CSL-JSON", "application/vnd.citationstyles.csl+json"),
}
_PDF = "application/pdf"


def citable(
    actor: Actor, document: LibraryDocument, titles: Mapping[int, str], *, search: str = ""
) -> Citable:
    """Return what a citation of a published document says to an actor.

    `titles` are those of what revisions translate, by the revision's id; `search` says with which
    search it was found.
    """
    text = document.published
    assert text is not None  # noqa: S101 - only what is published is cited
    places = [label(each.labels) for each in text.countries]
    return Citable(
        key=document.public_id,
        # What came in unnamed is cited as a report.
        kind=Type(text.type or Type.RESEARCH),
        title=text.title,
        url=url_for("library.show", public_id=document.public_id, _external=True),
        title_language=text.language,
        authors=citing.authors_of(text.authors),
        issued=text.issued,
        publisher=text.publisher,
        place=text.place,
        jurisdiction=places[0] if text.type in rules.LEGAL and len(places) == 1 else "",
        number=text.official_number,
        source_url=text.source_url,
        pdf_url=_pdf(actor, document, text),
        language=text.language,
        translation_of=titles.get(text.id, ""),
        search=search,
    )


def _pdf(actor: Actor, document: LibraryDocument, text: LibraryRevision) -> str:
    if not policy.may_have_files(actor, document, text):
        return ""
    found = next((each for each in kept_files(text) if each.file.media_type == _PDF), None)
    return file_address(found, external=True) if found else ""


def kept_files(text: LibraryRevision) -> list[LibraryFile]:
    """Return the files of a revision that are still there: not those that were redacted."""
    return [each for each in text.files if each.file.redacted_at is None]


def file_address(file: LibraryFile, *, external: bool = False) -> str:
    """Return where a file is handed out, under its own name."""
    name = file.name or "-"
    return url_for("library.file", file_id=file.public_id, name=name, _external=external)


def addresses(document: LibraryDocument) -> list[tuple[str, str, str]]:
    """Return the files of citations of a document: name, address, and what they are."""
    return [
        (name, url_for("library.cite", public_id=document.public_id, kind=kind), media_type)
        for kind, (name, media_type) in KINDS.items()
    ]


@dataclass(frozen=True, slots=True)
class Style:
    """Hold a citation as text: the name of its style, an id for the page, and its pieces."""

    name: str
    id: str
    text: citing.Text


def styles(document: Citable, today: date) -> list[Style]:
    """Return how a document is cited in the usual styles, in the reader's language."""
    code = language().code
    return [
        Style("APA", "apa", citing.apa(document, today, code)),
        Style("Chicago", "chicago", citing.chicago(document, today, code)),
    ]


@dataclass(frozen=True, slots=True)
class Head:
    """Hold what a page's head tells reference managers and search engines."""

    meta: Sequence[tuple[str, str]]
    data: Markup


def head(document: Citable) -> Head:
    """Return what the head of a document's page says."""
    return Head(citing.highwire(document), citing.json_ld(citing.schema_org(document)))


def answer(documents: Sequence[Citable], kind: str, name: str, now: datetime) -> Response:
    """Answer with a file of citations, one of `KINDS`."""
    written: Mapping[str, Callable[[], str]] = {
        "bib": lambda: citing.bibtex(documents),
        "ris": lambda: citing.ris(documents),
        "json": lambda: json.dumps(
            citing.csl_json(documents, now.date()), ensure_ascii=False, indent=1
        ),
    }
    response = Response(written[kind](), content_type=KINDS[kind][1])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return response
