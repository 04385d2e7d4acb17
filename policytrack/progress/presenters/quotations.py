"""Show quotations from documents of the library to one reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.core.i18n import direction
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.core.review import State
from policytrack.core.text import excerpt, isolated
from policytrack.library import policy as library
from policytrack.library.models import LibraryDocument, LibraryFile
from policytrack.library.presenters.files import numbered, text_address
from policytrack.progress.models import Evidence

_SHORT_HASH = 12
# A quotation is named by so many characters where it stands in a line with others.
_NAMED_BY = 120


@dataclass(frozen=True, slots=True)
class Reader:
    """Hold who reads, and when: which quotations they read depends on both."""

    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Quotation:
    """Hold a quotation as a page shows it: without `text`, it was redacted.

    `url` leads to the page that it stands on, or to the document where its text is not to be read
    here. `notes` say what has become of the file since; `public` whether everybody reads it.
    """

    text: str
    language: str
    direction: str
    title: str
    title_language: str
    url: str
    page: str
    sha256: str
    short_hash: str
    notes: tuple[str, ...]
    public: bool

    @property
    def words(self) -> str:
        """Return its beginning and where it comes from, for a list in a sentence."""
        said = _("“%(quote)s”", quote=excerpt(self.text, _NAMED_BY)) if self.text else _("Redacted")
        return _(
            "%(quote)s (%(title)s, %(page)s)",
            quote=isolated(said),
            title=isolated(self.title),
            page=self.page,
        )


def quotation(evidence: Evidence, reader: Reader) -> Quotation | None:
    """Return a quotation as a reader may see it; None where they may not read its document."""
    file = evidence.library_file
    assert file is not None  # noqa: S101 - asked of quotations alone
    return quotation_from(
        file,
        reader,
        quote=evidence.quote or "",
        language=evidence.quote_language,
        page=evidence.page or 1,
        sha256=evidence.sha256,
    )


def quotation_from(
    file: LibraryFile, reader: Reader, *, quote: str, language: str, page: int, sha256: str
) -> Quotation | None:
    """Return words of a file's page as a quotation that a reader may see, or None."""
    revision, document = file.revision, file.revision.document
    if not library.quotation_visible(reader.actor, document, revision, reader.now):
        return None
    current = _current(document, file)
    shown = current or file
    readable = library.revision_visible(
        reader.actor, document, shown.revision, reader.now
    ) and library.may_have_files(reader.actor, document, shown.revision)
    return Quotation(
        text=" ".join(quote.split()),
        language=language,
        direction=direction(language) if language else "auto",
        title=revision.title,
        title_language=revision.language,
        url=f"{text_address(document, shown, page=str(page))}#p{page}"
        if readable
        else url_for("library.show", public_id=document.public_id),
        page=numbered(file.said.unit if file.said else "", page),
        sha256=sha256,
        short_hash=sha256[:_SHORT_HASH],
        notes=tuple(_since(document, file, current)),
        public=library.quotation_visible(ANONYMOUS, document, revision, reader.now),
    )


def _current(document: LibraryDocument, file: LibraryFile) -> LibraryFile | None:
    """Return the same file where the document's present version still carries it."""
    present = document.published.files if document.published is not None else []
    return next((each for each in present if each.file_id == file.file_id), None)


def _since(document: LibraryDocument, file: LibraryFile, current: LibraryFile | None) -> list[str]:
    if document.published is None and document.retracted_at is not None:
        return [_("The document has since been withdrawn.")]
    if file.revision.state == State.RETRACTED:
        return [_("This version of the document has since been withdrawn.")]
    if current is None:
        return [_("From an earlier version of the file, which has since been replaced.")]
    return []
