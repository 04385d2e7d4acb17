"""Join words that were divided at the end of a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from itertools import pairwise

# How PDFium marks a hyphen at the end of a line; it leaves the line end out.
PDF_MARK = "\ufffe"
_LETTERS = r"[^\W\d_]"
# The hyphen alone is looked for, and the words beside it after that: texts have few of them.
_HYPHEN = re.compile(rf"\u00ad[ ]?\r?\n|[-\u2010] ?\r?\n|{PDF_MARK}(?:\r?\n)?")
# Without one of these there is none: found at once, where the expression tries every sign.
_SIGNS = ("-\n", "-\r", "- \n", "- \r", "\u00ad", "\u2010", PDF_MARK)
_BEFORE = re.compile(rf"(?:{_LETTERS}+['’-])*{_LETTERS}{{2,}}\Z")
_AFTER = re.compile(rf"{_LETTERS}+")
_LAST = re.compile(rf"{_LETTERS}+\Z")
# Longer than any word, so that a search in a text without spaces ends.
_REACH = 60


def has_divided(text: str) -> bool:
    """Tell whether a text may hold words divided at the end of a line."""
    if "-" not in text and text.isascii():
        return False
    return any(sign in text for sign in _SIGNS) and _HYPHEN.search(text) is not None


def compounds(texts: Iterable[str]) -> set[str]:
    """Return the words that are written with a hyphen within a line, in lower case."""
    found: set[str] = set()
    for text in texts:
        pieces = text.split("-")
        for before, after in pairwise(pieces):
            first, second = _LAST.search(before[-_REACH:]), _AFTER.match(after[:_REACH])
            if first and second:
                found.add(f"{first[0]}-{second[0]}".lower())
    return found


def join(text: str, known: Set[str] = frozenset()) -> str:
    """Return a text whose divided words are whole again.

    Only a continuation in small letters is joined: after figures, before capitals and in scripts
    without capitals the hyphen stays, and the line with it. `known` are the document's compounds,
    by which `well-` / `known` keeps its hyphen where the document writes it so.
    """
    parts: list[str] = []
    done = 0
    for found in _HYPHEN.finditer(text):
        parts.append(text[done : found.start()])
        parts.append(_instead(text, found, known))
        done = found.end()
    parts.append(text[done:])
    return "".join(parts)


def _instead(text: str, found: re.Match[str], known: Set[str]) -> str:
    """Return what stands in place of a hyphen and its line end."""
    sign = found[0]
    if sign[0] == "\u00ad":
        return ""
    before = _BEFORE.search(text, max(found.start() - _REACH, 0), found.start())
    after = _AFTER.match(text, found.end(), found.end() + _REACH)
    # PDFium's mark has lost its line end: Attorney-General stays on one line.
    kept = "-" if sign[0] == PDF_MARK else sign
    if before is None or after is None:
        return kept
    last = before[0].rpartition("-")[2]
    if not after[0].islower() or (last.isupper() and len(last) > 1):
        return kept
    doubled = after[0].startswith(last.lower())  # Indonesian and Malay: anak-anak
    return "-" if doubled or f"{last}-{after[0]}".lower() in known else ""
