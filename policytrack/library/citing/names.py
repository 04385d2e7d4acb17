"""Put the names of authors into the order and the shortness that each style asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policytrack.library.citing.citable import Author, Citable, Person
from policytrack.library.citing.words import Words

_PART = re.compile(r"[^\s.]+\.?")


def initials(given: str) -> str:
    """Return given names as initials: `J.-P. M.`.

    Names in scripts without capitals (Arabic, Bengali, Thai) are never shortened, nor particles
    (bin), nor what is short already (Md.).
    """
    return " ".join(_initial(part) for part in _PART.findall(given))


def _initial(part: str) -> str:
    if (part.endswith(".") and len(part) > 2) or not part[0].isupper():
        return part
    return "-".join(f"{piece[0]}." for piece in part.rstrip(".").split("-") if piece)


def inverted(author: Author, words: Words, *, short: bool = False) -> str:
    """Return a name to sort by: `Al-Hassan, Fatima`, or shorter `Al-Hassan, F.`."""
    if isinstance(author, Person) and author.given:
        return f"{author.family}{words.comma}{initials(author.given) if short else author.given}"
    return author.whole


def family(author: Author) -> str:
    """Return the name that stands in a running text."""
    return author.family if isinstance(author, Person) else author.name


def listed(names: Sequence[str], words: Words, last: str, *, comma: bool) -> str:
    """Return names as a list, with `last` before the last one; of two, with a comma if asked."""
    if len(names) < 2:
        return "".join(names)
    comma = comma or len(names) > 2
    before = words.comma if comma else " "
    return f"{words.comma.join(names[:-1])}{before}{last}{names[-1]}"


def apa_reference(document: Citable, words: Words) -> str:
    """Return authors as APA lists them: up to twenty, else nineteen and the last."""
    authors = document.authors
    names = [inverted(author, words, short=True) for author in authors]
    if len(names) > 20:
        return f"{words.comma.join(names[:19])}{words.comma}… {names[-1]}"
    persons = any(isinstance(author, Person) for author in authors)
    return listed(names, words, words.ampersand, comma=persons)


def apa_in_text(document: Citable, words: Words) -> str:
    """Return authors as APA names them in a text: one, two, or the first and others."""
    names = [family(author) for author in document.authors]
    if len(names) > 2:
        return f"{names[0]} {words.et_al}"
    return listed(names, words, words.ampersand, comma=False)


def chicago_bibliography(document: Citable, words: Words) -> str:
    """Return authors as Chicago lists them: up to six, else three and others."""
    authors = document.authors
    names = [
        author.whole if position else inverted(author, words)
        for position, author in enumerate(authors)
    ]
    if len(names) > 6:
        return f"{words.comma.join(names[:3])}{words.comma}{words.et_al}"
    turned = bool(authors) and isinstance(authors[0], Person) and bool(authors[0].given)
    return listed(names, words, words.conjunction, comma=turned)


def chicago_note(document: Citable, words: Words) -> str:
    """Return authors as Chicago names them in a note: one, two, or the first and others."""
    names = [author.whole for author in document.authors]
    if len(names) > 2:
        return f"{names[0]} {words.et_al}"
    return listed(names, words, words.conjunction, comma=False)
