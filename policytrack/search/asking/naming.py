"""Know what codes are called, in every language, and which code somebody means by a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from policytrack.core import languages
from policytrack.core.db import Labels
from policytrack.core.i18n import LANGUAGES, label
from policytrack.search import queries
from policytrack.search.language import folding
from policytrack.search.words import CODE_WORDS, KIND_OF_ONE_WORDS

# Nobody's name has more words, and a hostile one may.
_MOST_TOKENS = 12
# Before so many signs, the space before a word included, nobody has said what they look for.
_SHORTEST = 3
# What stands between the two ends of a corridor, folded.
_BETWEEN = frozenset({"to", "from", "and", "a", "vers", "de", "et", "الي", "من", "و"})
_NO_LETTER = re.compile(r"[\W_]+")
_COUNTRY = re.compile("[a-z]{2}")

Row = tuple[str, str, Labels | None]

# The facets of which every code is known.
KNOWN = frozenset({*CODE_WORDS, "language", *queries.NAMED})


def tokens_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded, without Arabic articles and marks above letters."""
    text = folding.unmarked(folding.folded(name[: 4 * folding.LONGEST_WORD]))
    parts = _NO_LETTER.sub(" ", text).split()[:_MOST_TOKENS]
    return tuple(each if each in _BETWEEN else each.removeprefix("ال") or each for each in parts)


def _line(tokens: Sequence[str]) -> str:
    return f" {' '.join(tokens)} "


@dataclass(frozen=True)
class Names:
    """Hold the labels of codes by facet, in the order in which they are shown.

    A corridor is called by its two ends, so that its labels are empty.
    """

    rows: Sequence[Row]
    labels: Mapping[str, Mapping[str, Labels]]
    others: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    def code(self, facet: str, name: str) -> str | None:
        """Return the code that somebody means by a name; None where it could be several."""
        tokens = tokens_of(name)
        if facet not in self.labels or not tokens:
            return None
        if facet == "corridor":
            return self._corridor(tokens)
        if (code := self._of_code(facet, name)) is not None:
            return code
        return self._named(facet, tokens)

    def beginning(self, facet: str, typed: str) -> list[str]:
        """Return the codes called something in which words begin as was typed.

        Names that begin so come first.
        """
        line = _line(tokens_of(typed)).rstrip()
        if len(line) < _SHORTEST:
            return []
        found = [
            (not known.startswith(line), code)
            for code, known in self._lines[facet]
            if line in known
        ]
        return list(dict.fromkeys(code for _later, code in sorted(found, key=lambda each: each[0])))

    @cached_property
    def _lines(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        return {
            facet: [
                (code, _line(tokens_of(name)))
                for code, labels in codes.items()
                for name in self._called(facet, code, labels)
            ]
            for facet, codes in self.labels.items()
        }

    def _called(self, facet: str, code: str, labels: Labels) -> Iterator[str]:
        if facet == "corridor":
            ends = [self.labels["country"].get(end, {}) for end in code.split("-")]
            for language in LANGUAGES:
                yield " ".join(label(end, language) for end in ends)
        yield from labels.values()
        yield from self.others.get(facet, {}).get(code, ())

    @cached_property
    def _codes(self) -> Mapping[str, Mapping[str, str]]:
        return {
            facet: {code.casefold(): code for code in codes} for facet, codes in self.labels.items()
        }

    def _of_code(self, facet: str, name: str) -> str | None:
        return self._codes[facet].get(name.strip().casefold())

    def _named(self, facet: str, tokens: Sequence[str]) -> str | None:
        line = _line(tokens)
        exactly = {code for code, known in self._lines[facet] if known == line}
        return _only(exactly or {code for code, known in self._lines[facet] if line in known})

    def _corridor(self, tokens: Sequence[str]) -> str | None:
        found = set(self._pairs(tokens)) & set(self.labels["corridor"])
        return _only(found)

    def _pairs(self, tokens: Sequence[str]) -> Iterator[str]:
        for at in range(1, len(tokens)):
            for begin in (at, at + 1) if tokens[at] in _BETWEEN else (at,):
                origin = self._country(tokens[:at])
                destination = self._country(tokens[begin:])
                if origin and destination:
                    yield f"{origin}-{destination}"

    def _country(self, tokens: Sequence[str]) -> str | None:
        if len(tokens) == 1 and _COUNTRY.fullmatch(tokens[0]):
            return tokens[0].upper()
        return self._named("country", tokens) if tokens else None


def _only(codes: set[str]) -> str | None:
    """Return the one code, or the key area to which all of them belong."""
    for code in sorted(codes, key=len)[:1]:
        if all(each == code or each.startswith(f"{code}.") for each in codes):
            return code
    return None


class Later:
    """Read what codes are called once somebody asks for it."""

    def __init__(self, app: Flask, session: Session) -> None:
        self._app = app
        self._session = session

    @cached_property
    def names(self) -> Names:
        """Return what codes are called."""
        return names(self._app, self._session)

    def code(self, facet: str, name: str) -> str | None:
        """Return the code that somebody means by a name; None where it could be several."""
        return self.names.code(facet, name)


def names(app: Flask, session: Session) -> Names:
    """Return what codes are called now, with one query; what is made of it is kept."""
    rows = queries.named(session)
    held = cast("Names | None", app.extensions.get("search_names"))
    if held is None or held.rows != rows:
        app.extensions["search_names"] = held = _made(rows)
    return held


def _made(rows: Sequence[Row]) -> Names:
    labels: dict[str, dict[str, Labels]] = {facet: {} for facet in queries.NAMED}
    for facet, code, known in rows:
        labels[facet][code] = known or {}
    said, others = _said()
    return Names(rows, {**said, "language": _languages(), **labels}, {"kind": others})


def _said() -> tuple[dict[str, dict[str, Labels]], dict[str, list[str]]]:
    """Return what the catalogues call codes, in each language; beside that a single one's kind."""
    found: dict[str, dict[str, dict[str, str]]] = {
        facet: {code: {} for code in words} for facet, words in CODE_WORDS.items()
    }
    others: dict[str, list[str]] = {code: [] for code in KIND_OF_ONE_WORDS}
    for language in LANGUAGES:
        with cast(Any, force_locale)(language):
            for facet, words in CODE_WORDS.items():
                for code, word in words.items():
                    found[facet][code][language] = str(word)
            for code, word in KIND_OF_ONE_WORDS.items():
                others[code].append(str(word))
    return {facet: dict(codes) for facet, codes in found.items()}, others


def _languages() -> dict[str, Labels]:
    return {
        code: {reader: languages.name(code, reader) for reader in (*LANGUAGES, code)}
        for code in languages.CONTENT
    }
