"""Widen a question to the same concept in the languages of the region: kafala, نظام الكفالة.

Words of a question that are a term of a concept are looked for by the concept's other terms as
well; what has the words themselves comes first (see `ranking`). The terms stand in
`data/glossary.csv`; docs/reference-data.md says what its columns mean and which are used for what.
What is widened depends on the question alone, never on what the index holds.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources

from policytrack.search.asking import question
from policytrack.search.asking.question import (
    Either,
    Every,
    Forms,
    Part,
    Phrase,
    Question,
    Run,
    Sought,
    Widened,
    Word,
)
from policytrack.search.language import analysis, folding

DATA = resources.files("policytrack.search.asking").joinpath("data", "glossary.csv")
# A question is widened by so many concepts; who writes of more has given words enough.
MOST = 4

# Translated without anybody who reads them: these may find, and are not shown.
_NOT_SHOWN = frozenset({"km", "lo", "my", "si", "am"})
_RELIABLE = frozenset({"high", "medium"})
_LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]")
_CAPITALS = re.compile(r"[A-Z0-9]*[A-Z][A-Z0-9]+")
_ARTICLES = ("ال", "وال", "بال", "لل", "و")
# What is written otherwise on the other side of the Atlantic, and in the style of the UN.
_SPELLINGS = {
    one: other
    for pair in (
        ("labour", "labor"),
        ("centre", "center"),
        ("licence", "license"),
        ("organization", "organisation"),
        ("nationalization", "nationalisation"),
        ("saudization", "saudisation"),
        ("emiratisation", "emiratization"),
        ("omanisation", "omanization"),
        ("regularization", "regularisation"),
    )
    for one, other in (pair, pair[::-1])
}


@dataclass(frozen=True, slots=True)
class Term:
    """Hold one way to say a concept; `shown` where its translation is good enough to be read."""

    language: str
    text: str
    shown: bool
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Concept:
    """Hold what is said in several languages, with every term that is looked for."""

    code: str
    terms: tuple[Term, ...]
    sought: Sought


@dataclass(frozen=True, slots=True)
class Recognised:
    """Hold a concept that a question names: in which words, and by which terms it is widened.

    Not `applied`: whoever asked wants their own words alone.
    """

    code: str
    typed: str
    terms: tuple[Term, ...]
    applied: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """Hold a term as it is known again in a question; `capitals`: only where it is written so."""

    words: tuple[frozenset[str], ...]
    capitals: str
    code: str


@cache
def _entries() -> dict[str, tuple[_Entry, ...]]:
    """Return by the forms of their first words the terms that name concepts, read once."""
    entries: dict[str, dict[_Entry, None]] = defaultdict(dict)
    for row in rows():
        if row["confidence"] in _RELIABLE:
            for column in ("terms", "asked"):
                for text in listed(row[column]):
                    entry = _entry(text, row, only_asked=column == "asked")
                    for form in entry.words[0]:
                        entries[form][entry] = None
    return {form: tuple(of) for form, of in entries.items()}


@cache
def concept(code: str) -> Concept:
    """Return a concept with its terms, read once."""
    terms = tuple(
        Term(
            row["language"],
            text,
            row["confidence"] in _RELIABLE and row["language"] not in _NOT_SHOWN,
            _phrase(text, row["language"]),
        )
        for row in rows()
        if row["concept"] == code
        for text in listed(row["terms"])
    )
    return Concept(code, terms, Sought(code, tuple((each.language, each.phrase) for each in terms)))


def _named(words: Sequence[Word], text: str) -> tuple[int, tuple[str, ...]]:
    """Return how many words from the first on are a term, the most that are, and of what."""
    known = _entries()
    longest, codes = 0, dict[str, None]()
    first = _meant(words[0].forms[0])
    for entry in {each: None for form in first for each in known.get(form, ())}:
        count = len(entry.words)
        if longest <= count <= len(words) and _says(words, entry, text):
            if count > longest:
                longest, codes = count, {}
            codes[entry.code] = None
    return longest, tuple(codes)


def _says(words: Sequence[Word], entry: _Entry, text: str) -> bool:
    if entry.capitals and not re.search(rf"(?<!\w){entry.capitals}(?!\w)", text):
        return False
    return all(
        not forms.isdisjoint(_meant(word.forms[0]))
        for word, forms in zip(words, entry.words, strict=False)
    )


@lru_cache(maxsize=4096)
def _meant(word: str) -> frozenset[str]:
    """Return what a word of a question may be in the languages of the glossary."""
    forms = set(analysis.spellings(word))
    for language in _languages():
        forms.update(analysis.stems(word, language))
    return frozenset(forms)


@cache
def _languages() -> tuple[str, ...]:
    return analysis.stemmed(dict.fromkeys(row["language"] for row in rows()))


@cache
def rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the file."""
    return tuple(csv.DictReader(io.StringIO(DATA.read_text(encoding="utf-8"))))


def listed(cell: str) -> list[str]:
    """Return what stands in a cell, separated by semicolons."""
    return [each.strip() for each in cell.split(";") if each.strip()]


def _phrase(text: str, language: str) -> Phrase:
    return Phrase(tuple(_forms(analysis.words(text, language), text, language)))


def _forms(words: Sequence[analysis.Word], text: str, language: str) -> list[Forms]:
    """Return the forms by which each word of a term is found."""
    found = []
    for word in words:
        written = [text[word.start : word.end]]
        if language == "en" and (other := _SPELLINGS.get(word.forms[0])):
            written.append(other)
        akin = _akin if len(words) == 1 else analysis.stems
        found.append(
            tuple(
                dict.fromkeys(
                    form
                    for each in written
                    for form in (*analysis.spellings(each), *akin(each, language))
                )
            )
        )
    return found


def _akin(word: str, language: str) -> tuple[str, ...]:
    """Return other forms of a word that stands alone: those that can be no other word.

    Its stem can be: Oman for Omanisation, agreement (اتفاق) for convention (اتفاقية).
    """
    form = folding.folded(word)
    if folding.is_arabic(form) and language == "ar":
        bare = form.removeprefix("ال")
        return tuple(f"{before}{bare}" for before in ("", *_ARTICLES))
    if _LATIN.match(form):
        return (f"{form}s", form.removesuffix("s"))
    stems = analysis.stems(word, language)
    return tuple(stem for stem in stems if len(stem.partition("~")[2]) >= len(form) - 2)


def _entry(text: str, row: Mapping[str, str], *, only_asked: bool) -> _Entry:
    language = row["language"]
    words = analysis.words(text, language)
    # A question leaves out what tells nothing, so that it is left out here.
    telling = [word for word in words if word.forms[0] not in analysis.COMMON] or words
    forms = _forms(telling, text, language)
    capitals = text if only_asked and _CAPITALS.fullmatch(text) else ""
    return _Entry(tuple(frozenset(each) for each in forms), capitals, row["concept"])


def widen(
    asked: Question, *, exact: Collection[str] = (), expand: bool = True
) -> tuple[Question, tuple[Recognised, ...]]:
    """Return a question widened by the concepts that its words name, and those concepts.

    Not by those of `exact`, and by none unless `expand`. What stands in quotation marks, what is
    left out and what is asked of the title stays as it was typed.
    """
    widening = _Widening(asked.text, frozenset(exact), expand)
    parts = tuple(widening.parts(asked.parts))
    if not widening.found:
        return asked, ()
    return replace(asked, parts=parts), tuple(widening.found.values())


class _Widening:
    """Widen one question."""

    def __init__(self, text: str, exact: frozenset[str], expand: bool) -> None:
        self._text = text
        self._quoted = question.quoted(text)
        self._exact = exact
        self._expand = expand
        self.found: dict[str, Recognised] = {}

    def parts(self, parts: Sequence[Part]) -> Iterator[Part]:
        """Yield parts that belong together, with those that are a term made one."""
        at = 0
        while at < len(parts):
            run = self._run(parts[at:])
            count, codes = _named(run, self._text) if run else (0, ())
            part = parts[at]
            if isinstance(part, Run):
                # A run is a term as a whole, or none.
                whole = count == len(run) and self._widened(run, codes)
                yield Widened((part,), whole.added) if whole else part
                at += 1
            elif count and (wide := self._widened(run[:count], codes)):
                yield wide
                at += count
            else:
                # Words of a concept that is not widened are none of another.
                yield from map(self._inner, parts[at : at + max(count, 1)])
                at += max(count, 1)

    def _inner(self, part: Part) -> Part:
        match part:
            case Every(parts):
                found = tuple(self.parts(parts))
                return found[0] if len(found) == 1 else Every(found)
            case Either(parts):
                return Either(tuple(each for one in parts for each in self.parts((one,))))
        return part

    def _widened(self, words: Sequence[Word], codes: Iterable[str]) -> Widened | None:
        concepts = [concept(code) for code in codes]
        for each in concepts:
            if each.code not in self.found and len(self.found) < MOST:
                self.found[each.code] = Recognised(
                    each.code,
                    self._typed(words),
                    tuple(term for term in each.terms if not _holds(term.phrase, words)),
                    self._expand and each.code not in self._exact,
                )
        applied = [
            each.sought
            for each in concepts
            if each.code in self.found and self.found[each.code].applied
        ]
        return Widened(tuple(words), tuple(applied)) if applied else None

    def _run(self, parts: Sequence[Part]) -> list[Word]:
        """Return the words with which these parts begin."""
        if isinstance(parts[0], Run):
            return [Word(forms) for forms in parts[0].words]
        found: list[Word] = []
        for part in parts:
            if not isinstance(part, Word) or part.forms[0] in self._quoted:
                break
            found.append(part)
        return found

    def _typed(self, words: Sequence[Word]) -> str:
        """Return the words as they were typed, with what stood between them."""
        wanted = [word.forms[0] for word in words]
        start, at = 0, 0
        for word in analysis.asked(self._text, ()):
            if word.forms[0] != wanted[at] and word.forms[0] not in analysis.COMMON:
                at = 0
            if word.forms[0] == wanted[at]:
                start = start if at else word.start
                at += 1
            if at == len(wanted):
                return self._text[start : word.end]
        return " ".join(wanted)


def _holds(phrase: Phrase, words: Sequence[Word]) -> bool:
    """Tell whether a phrase has these words in it: it is found by them alone."""
    return any(
        all(each[0] in word.forms for each, word in zip(phrase.words[at:], words, strict=False))
        for at in range(len(phrase.words) - len(words) + 1)
    )
