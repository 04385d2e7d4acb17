"""Show a document's files: what they are, how long, and whether their text was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from policytrack.core import languages
from policytrack.core.files.kinds import extension_of
from policytrack.core.i18n import format_number, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.core.redaction import file_said
from policytrack.library.models import FileText, LibraryDocument, LibraryFile
from policytrack.library.presenters.citations import file_address
from policytrack.library.queries import Origins
from policytrack.library.reading import Outcome, Unit

PDF = "application/pdf"
_SHORT_HASH = 12
# Why there is no text to read, where it is not that the pages hold pictures only.
_OUTCOMES: Mapping[str, Any] = {
    Outcome.ENCRYPTED: _l("Its text cannot be read: it opens with a password only."),
    Outcome.BROKEN: _l("Its text cannot be read: the file is damaged."),
    Outcome.TOO_HARD: _l("Its text was not read: that took too long."),
    Outcome.REFUSED: _l("Its text cannot be read: it is no kind of document that this site reads."),
}


@dataclass(frozen=True, slots=True)
class FileView:
    """Hold a file as its document's page shows it; `text_url` is empty where no text was read.

    Of one that was redacted only `redacted` says anything.
    """

    public_id: str
    name: str
    url: str
    kind: str
    size: int
    sha256: str
    short_hash: str
    language: str
    pages: str
    text_url: str
    notes: tuple[str, ...]
    redacted: str = ""


def files(
    document: LibraryDocument,
    found: Iterable[LibraryFile],
    texts: Mapping[int, FileText],
    origins: Mapping[int, Origins],
) -> list[FileView]:
    """Return the files of a revision."""
    return [
        _file(document, each, texts.get(each.file_id), origins.get(each.file_id, Origins()))
        for each in found
    ]


def _file(
    document: LibraryDocument, file: LibraryFile, text: FileText | None, origins: Origins
) -> FileView:
    stored = file.file
    return FileView(
        public_id=file.public_id,
        name=file.name,
        url=file_address(file),
        kind=extension_of(file.name).upper(),
        size=stored.size,
        sha256=stored.sha256,
        short_hash=stored.sha256[:_SHORT_HASH],
        language=languages.name(file.language) if file.language else "",
        pages=counted(text.unit, text.pages) if text is not None and text.pages else "",
        text_url=text_address(document, file) if text is not None and text.characters else "",
        notes=() if stored.redacted_at else tuple(_notes(text, origins)),
        redacted=file_said(stored.redacted_at) if stored.redacted_at else "",
    )


def text_address(document: LibraryDocument, file: LibraryFile, **values: str) -> str:
    """Return where the text of a file is read, page by page."""
    given: dict[str, Any] = {name: value for name, value in values.items() if value}
    return url_for("library.text", public_id=document.public_id, file=file.public_id, **given)


def _notes(text: FileText | None, origins: Origins) -> Iterable[str]:
    if text is None:
        yield _("Its text has not been read yet.")
        return
    if text.outcome in _OUTCOMES:
        yield str(_OUTCOMES[text.outcome])
    if origins.without and origins.without == text.pages:
        yield _("No text layer: its pages are pictures.")
    elif origins.without:
        yield ngettext(
            "%(count)s page has no text layer.",
            "%(count)s pages have no text layer.",
            origins.without,
            count=format_number(origins.without),
        )
    if origins.by_machine:
        yield ngettext(
            "%(count)s page was read by machine; it may hold mistakes.",
            "%(count)s pages were read by machine; they may hold mistakes.",
            origins.by_machine,
            count=format_number(origins.by_machine),
        )


def counted(unit: str, count: int) -> str:
    """Return how many pages, sheets, slides, chapters or parts there are."""
    said = format_number(count)
    if unit == Unit.SLIDE:
        return ngettext("%(count)s slide", "%(count)s slides", count, count=said)
    if unit == Unit.SHEET:
        return ngettext("%(count)s sheet", "%(count)s sheets", count, count=said)
    if unit == Unit.CHAPTER:
        return ngettext("%(count)s chapter", "%(count)s chapters", count, count=said)
    if unit == Unit.PART:
        return ngettext("%(count)s part", "%(count)s parts", count, count=said)
    return ngettext("%(count)s page", "%(count)s pages", count, count=said)


def numbered(unit: str, number: int) -> str:
    """Return what a page is called: by its number where a reader of the file sees the same."""
    said = format_number(number)
    if unit == Unit.SLIDE:
        return _("Slide %(number)s", number=said)
    if unit == Unit.SHEET:
        return _("Sheet %(number)s", number=said)
    if unit == Unit.CHAPTER:
        return _("Chapter %(number)s", number=said)
    if unit == Unit.PART:
        return _("Part %(number)s", number=said)
    return _("Page %(number)s", number=said)
