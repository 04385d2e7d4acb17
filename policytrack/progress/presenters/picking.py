"""Prepare the pages on which a person finds a document and picks a passage of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from policytrack.core import paging
from policytrack.core.errors import InvalidInput
from policytrack.core.i18n import direction
from policytrack.core.i18n import gettext as _
from policytrack.library import policy as library_policy
from policytrack.library import queries as library
from policytrack.library.finding import Words
from policytrack.library.models import LibraryDocument, LibraryFile, TextPage
from policytrack.library.passages import sentences
from policytrack.library.presenters import listing, texts
from policytrack.library.presenters.files import numbered
from policytrack.library.reading import Origin
from policytrack.progress.models import Note
from policytrack.progress.presenters.naming import Heading, heading
from policytrack.progress.presenters.quotations import Reader

# A long page, such as a sheet of a workbook, is offered so many sentences at a time.
SENTENCES = 150


@dataclass(frozen=True, slots=True)
class Found:
    """Hold a document of the finder; `url` is empty where it has no text to quote."""

    row: listing.Row
    url: str


def found(
    note: Note,
    documents: Sequence[LibraryDocument],
    files: Mapping[int, Sequence[LibraryFile]],
    reader: Reader,
) -> list[Found]:
    """Return documents with the address on which they are quoted in a note."""
    return [
        Found(
            row,
            url_for("progress.quote_page", note_id=note.public_id, document_id=document.public_id)
            if _has_text(document, files, reader)
            else "",
        )
        for document, row in zip(documents, listing.rows(documents, reader.now), strict=True)
    ]


def _has_text(
    document: LibraryDocument, files: Mapping[int, Sequence[LibraryFile]], reader: Reader
) -> bool:
    text = document.published
    return (
        text is not None
        and text.id in files
        and library_policy.may_have_files(reader.actor, document, text)
    )


@dataclass(frozen=True, slots=True)
class Sentence:
    """Hold a sentence that can be ticked; `start` is its place in the page's text."""

    number: int
    start: int
    text: Markup
    begins: bool
    ticked: bool


@dataclass(frozen=True, slots=True)
class Picker:
    """Hold a page of a file from which a passage is picked."""

    note: Heading
    title: str
    title_language: str
    document_url: str
    file_id: str
    file_name: str
    files: Sequence[tuple[str, str]]
    number: int
    name: str
    language: str
    direction: str
    by_machine: bool
    public: bool
    sentences: paging.Page[Sentence]
    before: str
    after: str
    pages: int
    words: str


def picker(
    note: Note,
    file: LibraryFile,
    files: Sequence[LibraryFile],
    page: TextPage,
    numbers: Sequence[int],
    *,
    words: Words,
    part: int,
    public: bool,
    ticked: Collection[str] = (),
) -> Picker:
    """Return a page's sentences; `numbers` are those of all pages, `files` those with text."""
    revision = file.revision
    spoken = library.tongue(file, page)
    asked = " ".join(words.words)
    at = numbers.index(page.number)

    def to(place: int) -> str:
        if not 0 <= place < len(numbers):
            return ""
        return address(note, file, page=str(numbers[place]), q=asked)

    offered = list(_offered(page.text, spoken, words, ticked))
    shown, offset = paging.offset(part, len(offered), SENTENCES)
    return Picker(
        note=heading(note),
        title=revision.title,
        title_language=revision.language,
        document_url=url_for("library.show", public_id=revision.document.public_id),
        file_id=file.public_id,
        file_name=file.name,
        files=[(each.name, address(note, each)) for each in files if each.id != file.id],
        number=page.number,
        name=numbered(file.said.unit if file.said else "", page.number),
        language=spoken,
        direction=direction(spoken) if spoken else "auto",
        by_machine=page.origin == Origin.MACHINE,
        public=public,
        sentences=paging.Page(
            offered[offset : offset + SENTENCES],
            shown,
            len(offered),
            SENTENCES,
            url=lambda number: paging.here(part=str(number)),
        ),
        before=to(at - 1),
        after=to(at + 1),
        pages=len(numbers),
        words=asked,
    )


def _offered(text: str, language: str, words: Words, ticked: Collection[str]) -> Iterator[Sentence]:
    number = 0
    for paragraph in sentences(text, language):
        for place, (start, end) in enumerate(paragraph):
            said = text[start:end]
            spans = words.spans(said) if words else ()
            yield Sentence(
                number,
                start,
                texts.marked(said, spans),
                begins=place == 0,
                ticked=str(number) in ticked,
            )
            number += 1


def address(note: Note, file: LibraryFile, **values: str) -> str:
    """Return where a passage of a file is picked for a note."""
    return url_for(
        "progress.quote_page",
        note_id=note.public_id,
        document_id=file.revision.document.public_id,
        file=file.public_id,
        **{name: value for name, value in values.items() if value},  # type: ignore[arg-type]  # of Flask's own
    )


def hits(note: Note, file: LibraryFile, found: texts.Hits, words: Words) -> texts.Shown:
    """Return the pages that hold the words, each with the address on which it is quoted."""
    shown = texts.shown(file.revision.document, file, file.said, found, words)
    asked = " ".join(words.words)
    rows = [
        replace(hit, url=address(note, file, page=str(page.number), q=asked))
        for hit, page in zip(shown.page.items, found.pages, strict=True)
    ]
    return replace(shown, page=replace(shown.page, items=rows))


def joined(page: TextPage, language: str, ticked: Sequence[str]) -> tuple[int, str]:
    """Return where the sentences ticked begin and what they say; raise `InvalidInput`.

    They follow one another: a quotation leaves nothing out.
    """
    spans = [span for paragraph in sentences(page.text, language) for span in paragraph]
    numbers = sorted({int(each) for each in ticked if each.isascii() and each.isdecimal()})
    problem = ""
    if not numbers:
        problem = _("Choose a sentence first.")
    elif numbers[-1] >= len(spans):
        problem = _("This sentence does not stand on this page.")
    elif numbers != list(range(numbers[0], numbers[-1] + 1)):
        problem = _("Choose sentences that follow one another: a quotation leaves nothing out.")
    if problem:
        raise InvalidInput(_("Something needs to be put right"), {"quote": problem})
    start, end = spans[numbers[0]][0], spans[numbers[-1]][1]
    return start, page.text[start:end]


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold a draft into which a passage can go."""

    heading: Heading
    saved_at: datetime | None
    url: str


def drafts(notes: Sequence[Note], file: LibraryFile, page: str) -> list[Draft]:
    """Return drafts with the address on which this page of a file is quoted in each."""
    return [
        Draft(
            heading(note),
            note.open.saved_at if note.open else None,
            address(note, file, page=page),
        )
        for note in notes
    ]
