"""Find out what kind of document a file is, from its first bytes."""

from __future__ import annotations

import re

from policytrack.core.files.kinds import Found, sniff
from policytrack.library.reading.draft import Unreadable
from policytrack.library.reading.results import Kind, Outcome
from policytrack.library.reading.text.encodings import decode

HEAD_BYTES = 65_536
# Readers of PDFs look for their mark this far.
_PDF_WITHIN = 1_024
_FOUND = {
    Found.PDF: Kind.PDF,
    Found.OLD_OFFICE: Kind.DOC,
    Found.RICH_TEXT: Kind.RTF,
    Found.WEB_PAGE: Kind.HTML,
}
_MARKDOWN_NAMES = frozenset({"md", "markdown", "mdown", "mkd"})
_TAG = re.compile(r"</?(html|head|body|p|div|br|table|h[1-6]|span|li)\b[^>]{0,200}>", re.I)
_HEADING = re.compile(r"^#{1,6} \S", re.M)
_XML = re.compile(r"\s*<\?xml\b")
_FEWEST_TAGS = 3
# Signs that no text has, whatever its encoding.
_ODD = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_MOST_ODD = 0.01


def kind_of(head: bytes, extension: str) -> Kind | None:
    """Return the kind of a content, or None for an archive, which must be opened to be told.

    `extension` only decides between Markdown and plain text. Raises `Unreadable` for what is no
    document.
    """
    if not head:
        raise Unreadable(Outcome.BROKEN, "empty")
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return Kind.PDF
    found = sniff(head)
    if found is Found.ZIP:
        return None
    if found in _FOUND:
        return _FOUND[found]
    if found not in {Found.TEXT, Found.UNKNOWN, Found.DRAWING}:
        raise Unreadable(Outcome.REFUSED, found.value)
    return _kind_of_text(head, extension)


def _kind_of_text(head: bytes, extension: str) -> Kind:
    text = decode(head)
    if len(_ODD.findall(text)) > _MOST_ODD * len(text):
        raise Unreadable(Outcome.REFUSED, Found.UNKNOWN.value)
    if extension in _MARKDOWN_NAMES:
        return Kind.MARKDOWN
    if _XML.match(text) or len(_TAG.findall(text[:16_384])) >= _FEWEST_TAGS:
        return Kind.HTML
    if len(_HEADING.findall(text)) > 1 and extension != "txt":
        return Kind.MARKDOWN
    return Kind.TEXT
