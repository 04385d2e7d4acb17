"""Clean what a file says of itself: title, authors, day; offered to a person, never trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from policytrack.library.reading.text.characters import clean

_MOST_TITLE = 300
_MOST_AUTHOR = 120
_MOST_AUTHORS = 20
_OLDEST = 1900
# What programs put there by themselves.
_PROGRAM = re.compile(r"^(microsoft (office )?(word|powerpoint|excel)|libreoffice)\s*[-–]\s*", re.I)
_JUNK_TITLE = re.compile(
    r"(untitled|no title|title|document|documento?|dokumen\w*|layout|slide|presentation|powerpoint"
    r"( presentation)?|présentation powerpoint|book|sheet|blank|print|scan(ned)?|new|template"
    r"|عرض تقديمي|المستند)[\s_\-]*\d*|[\W\d_]*|.{0,2}|[a-z]:\\.*|/.*|https?:\S*|file:.*",
    re.I | re.S,
)
_FILE_NAME = re.compile(
    r"\.(docx?|dotx?|rtf|odt|pdf|indd|qxd|pptx?|xlsx?|html?|txt|wpd|pub|p65|pmd|qxp|cdr|ai|psd|fm|tmp|md)$",
    re.I,
)
_JUNK_AUTHOR = re.compile(
    r"(user|admin\w*|administrator|author|owner|default|unknown|anonymous|pc|hp|dell|acer|asus"
    r"|lenovo|toshiba|windows|microsoft|office|python-docx|unnamed|root|guest|utilisateur|usuario"
    r"|test|scanner|xerox|canon)([\s_\-]*(user|pc|inc))?[\s\d.]*|[\W\d_]*|.|\d.*",
    re.I | re.S,
)
_BETWEEN_AUTHORS = re.compile(r"\s*[;\n،؛]\s*")
_DAY = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})")


def title(text: str) -> str:
    """Return a title fit to be offered, or nothing."""
    line = _PROGRAM.sub("", _line(text))
    if _FILE_NAME.search(line) or _JUNK_TITLE.fullmatch(line):
        return ""
    return _cut(line, _MOST_TITLE)


def authors(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names that may be authors, each once, in their order."""
    names = (_line(name) for text in texts for name in _BETWEEN_AUTHORS.split(text[:10_000]))
    kept = (_cut(name, _MOST_AUTHOR) for name in names if not _JUNK_AUTHOR.fullmatch(name))
    return tuple(dict.fromkeys(kept))[:_MOST_AUTHORS]


def day(text: str) -> str:
    """Return an ISO day, or nothing for what is no day of a document's making."""
    found = _DAY.match(text[:40])
    if not found:
        return ""
    try:
        told = date(*map(int, found.groups()))
    except ValueError:
        return ""
    return told.isoformat() if told.year >= _OLDEST else ""


def _line(text: str) -> str:
    return " ".join(clean(text[:4_000]).split())


def _cut(line: str, most: int) -> str:
    if len(line) <= most:
        return line
    return line[:most].rpartition(" ")[0] or line[:most]
