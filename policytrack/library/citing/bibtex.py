"""Write citations as BibTeX, so that no title can end its field or run as a command of TeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from policytrack.library.citing.citable import Author, Citable, Person, with_keys
from policytrack.library.citing.kinds import NAMES, genre, says_its_kind

MIMETYPE = "application/x-bibtex"

# BibTeX counts braces even where TeX would not: `\{` must not stand for one.
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)
# Signs that TeX joins into another one: `--`, ``, '', ?`.
_JOINING = re.compile(r"(?<=[-`',<>?!])(?=[-`',<>])")
# Addresses stand as they are, but for what BibTeX would count.
_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
_AND = re.compile(r"\band\b|[,{}]", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(documents: Iterable[Citable]) -> str:
    """Return documents as one file of BibTeX, in UTF-8."""
    return "\n".join(bibtex_parts(documents))


def bibtex_parts(documents: Iterable[Citable]) -> Iterator[str]:
    """Yield documents as entries of BibTeX, to be parted by an empty line."""
    for key, document in with_keys(documents):
        yield _entry(key, document)


def comment(text: str) -> str:
    """Return a line that BibTeX passes over: it reads from one at-sign to the next."""
    return f"% {' '.join(text.split()).replace('@', '%40')}\n"


def escaped(text: str) -> str:
    """Return text as TeX prints it."""
    return _JOINING.sub("{}", text.translate(_SPECIAL))


def _entry(key: str, document: Citable) -> str:
    names = NAMES[document.kind]
    report = names.bibtex == "techreport"
    first, last = document.page_range
    values = {
        "title": _title(document),
        "author": " and ".join(_name(author) for author in document.authors),
        "year": f"{document.parts[0]:04}" if document.parts else "",
        "date": document.issued,
        "institution" if report else "publisher": escaped(document.publisher),
        "address": escaped(document.place),
        "type" if report else "howpublished": _described(document, with_number=not report),
        "number": escaped(document.number),
        "series": escaped(document.container),
        "location": escaped(document.jurisdiction),
        "pages": "--".join(escaped(page) for page in (first, last) if page),
        "isbn": document.isbn,
        "doi": document.doi.translate(_ADDRESS),
        "url": document.url.translate(_ADDRESS),
        "language": escaped(document.language or document.title_language),
        "titleaddon": escaped(document.translated_title),
        "origtitle": escaped(document.translation_of),
        "note": _note(document),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value]
    if len(document.parts) > 1:
        lines.append(f"  month = {_MONTHS[document.parts[1] - 1]},")
    return "\n".join([f"@{names.bibtex}{{{key},", *lines, "}", ""])


def _described(document: Citable, *, with_number: bool) -> str:
    """Return what the document is; with its number where styles print no other."""
    if with_number and says_its_kind(document.number):
        return escaped(document.number)
    parts = [genre(document.kind, document.genre), document.number if with_number else ""]
    return escaped(" ".join(filter(None, parts)))


def _title(document: Citable) -> str:
    """Return the title; if it is not English, safe from styles that change its capitals."""
    title = escaped(document.title)
    return title if document.english else f"{{{title}}}"


def _name(author: Author) -> str:
    if isinstance(author, Person) and author.given:
        return f"{_part(author.family)}, {_part(author.given)}"
    return f"{{{escaped(author.whole)}}}"


def _part(name: str) -> str:
    """Return a part of a name, in braces where BibTeX would take it for several."""
    return f"{{{escaped(name)}}}" if _AND.search(name) or " " in name else escaped(name)


def _note(document: Citable) -> str:
    return (
        rf"Source: \url{{{document.source_url.translate(_ADDRESS)}}}" if document.source_url else ""
    )
