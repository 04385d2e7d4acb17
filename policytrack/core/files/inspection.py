"""Find out what an upload is, and say in a sentence why one is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from policytrack.core import errors
from policytrack.core.files import checking, quarantine
from policytrack.core.files.kinds import KINDS, Found, Kind, extension_of
from policytrack.core.files.names import safe_name
from policytrack.core.files.refusals import Reason, Refused
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.requests import settings

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Accepted:
    """Hold an upload that may be kept: its name made safe, its bytes without what must go.

    `laid` is how many bytes lie on the disk already, in which case `data` is left empty.
    """

    kind: Kind
    name: str
    sha256: str
    data: bytes = field(repr=False)
    laid: int | None = None

    @property
    def media_type(self) -> str:
        """Return the media type that was found."""
        return self.kind.media_type

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return len(self.data) if self.laid is None else self.laid


_NAMES: Mapping[Found, Any] = {
    Found.PDF: _("a PDF"),
    Found.DOCX: _("a Word document"),
    Found.XLSX: _("an Excel workbook"),
    Found.ODT: _("an OpenDocument text"),
    Found.PPTX: _("a PowerPoint presentation"),
    Found.DOC: _("a Word document of an older version"),
    Found.JPEG: _("a JPEG picture"),
    Found.PNG: _("a PNG picture"),
    Found.WEBP: _("a WebP picture"),
    Found.ZIP: _("a ZIP archive"),
    Found.ARCHIVE: _("an archive of files"),
    Found.PROGRAM: _("a program"),
    Found.WEB_PAGE: _("a web page"),
    Found.DRAWING: _("a vector drawing"),
    Found.OLD_OFFICE: _("a file of an older Office version"),
    Found.OTHER_OFFICE: _("an Office file of another kind"),
    Found.BOOK: _("an electronic book"),
    Found.RICH_TEXT: _("a rich text file"),
    Found.OTHER_PICTURE: _("a picture of another kind"),
    Found.FILM: _("a film or a sound recording"),
    Found.TEXT: _("plain text"),
    Found.MARKDOWN: _("plain text"),
    Found.UNKNOWN: _("something unknown"),
}
_SENTENCES: Mapping[Reason, Any] = {
    Reason.EMPTY: _("This file is empty (0 bytes). Choose the file again."),
    Reason.ENCRYPTED: _(
        "This file is protected with a password or against copying. Save a copy without"
        " protection and send that."
    ),
    Reason.DAMAGED: _(
        "This file is damaged or incomplete. Open it, save it anew and send that copy."
    ),
    Reason.DAMAGED_PICTURE: _(
        "A picture in this file is damaged or incomplete. Save it anew and send that copy."
    ),
    Reason.MACROS: _(
        "This file holds macros or other active parts. Save it without them, or as a PDF."
    ),
    Reason.SCRIPTS: _(
        "This PDF holds scripts, films or actions of its own. Print it to a new PDF and send that."
    ),
    Reason.ATTACHMENTS: _(
        "Other files are enclosed in this file. Send each of them on its own, and this one without"
        " them or printed to a PDF."
    ),
    Reason.REMOTE: _(
        "This document loads parts from another place when it is opened. Save it as a PDF and send"
        " that."
    ),
    Reason.BOMB: _(
        "This file unpacks to far more than a document holds. Save it anew, or as a PDF."
    ),
    Reason.ENTITIES: _(
        "This file defines its text in a way that documents do not use and that can do harm. Save"
        " it anew, or as a PDF."
    ),
    Reason.PIXELS: _(
        "A picture in this file has too many pixels: more than 50 million. Make it smaller and"
        " send that copy."
    ),
    Reason.MOVING: _("A picture in this file moves. Send still pictures, or a link to the film."),
    Reason.PICTURE_INSIDE: _(
        "This document holds a picture of a kind from which place and device cannot be removed"
        " (such as TIFF or HEIC). Turn it into a JPEG or PNG picture, or save the document as a"
        " PDF."
    ),
    Reason.SIGNED_PHOTOGRAPH: _(
        "This PDF is digitally signed and holds photographs that tell place or device. They cannot"
        " be removed without breaking the signature. Take them out and sign it again."
    ),
    Reason.TOO_HARD: _(
        "This file is too large or too intricate to be checked. Save it anew in a simpler form, or"
        " split it."
    ),
}


def inspect(
    data: bytes | BinaryIO, *, name: str, library: bool = False, megabytes: int | None = None
) -> Accepted:
    """Return what may be kept of an upload, its kind found out from its content alone.

    `library`: the kinds that only the library takes are taken too. `megabytes` is how large it may
    be, else what the settings say. Call it outside any transaction: it takes a tenth of a second
    and up to a minute. Raises
    `errors.InvalidInput` with a sentence for what is empty, too large, of no kind that is taken,
    other than its name claims, damaged, protected or dangerous, or was not found clean by the
    malware scanner.
    """
    megabytes = megabytes or settings().max_upload_megabytes
    content = data if isinstance(data, bytes) else data.read(megabytes * _MEGABYTE + 1)
    if len(content) > megabytes * _MEGABYTE:
        raise errors.InvalidInput(
            _(
                "This file is larger than %(limit)d megabytes. Send a smaller one, or a link to"
                " it.",
                limit=megabytes,
            )
        )
    checking.check(content)
    try:
        found, kept = quarantine.examine(content, extension_of(name), library=library)
    except Refused as refusal:
        raise told(refusal, library=library) from None
    kind = KINDS[found]
    digest = hashlib.sha256(kept).hexdigest()
    return Accepted(kind=kind, name=safe_name(name, kind), sha256=digest, data=kept)


def told(refusal: Refused, *, library: bool) -> errors.InvalidInput:
    """Return what says to a person why a file is refused."""
    return errors.InvalidInput(_sentence(refusal, library=library))


def _sentence(refusal: Refused, *, library: bool = False) -> object:
    named = {key: _NAMES[Found(value)] for key, value in refusal.values.items()}
    if refusal.reason is Reason.NOT_TAKEN and library:
        return _(
            "This is %(found)s. The library takes PDF, Word, OpenDocument text, RTF, PowerPoint,"
            " Excel, EPUB, web pages, Markdown, plain text, and JPEG, PNG and WebP pictures.",
            **named,
        )
    if refusal.reason is Reason.NOT_TAKEN:
        return _(
            "This is %(found)s. PDF, Word (DOCX), Excel (XLSX), OpenDocument text (ODT), JPEG, PNG"
            " and WebP files can be handed in.",
            **named,
        )
    if refusal.reason is Reason.DISGUISED:
        return _(
            "By its name this file is %(claimed)s, but its content is %(found)s. Send the file"
            " itself, not a renamed one.",
            **named,
        )
    return _SENTENCES[refusal.reason]
