"""Find in a text the words that have one of some forms, without taking all of it apart.

Most words of most languages begin as their stems do: only what begins as anything that is asked for
is looked into.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as with_default
from functools import lru_cache
from typing import NamedTuple

from policytrack.search.language import analysis

# Languages whose stemmers change the beginnings of words, too.
_CHANGING = frozenset({"de", "fi", "ga", "id", "ms", "nl", "sr", "st"})
# So many letters of a word stand at the beginning of its stem, and of one that is longer by this or
# more so many: what endings become (actrices, acteur) is within that.
_ALIKE, _MORE_ALIKE = 3, 5
_CHANGED = 3
_SIGNS = "".join(sign for sign in map(chr, range(33, 127)) if not sign.isalnum() and sign != "_")
_NOT_ASCII = re.compile("[^\x00-\x7f]+")
# What stands between two spaces and is longer than this is judged each time it is met, and so much
# of it at most is remembered.
_LONGEST, _REMEMBERED = 48, 4096


class Met(NamedTuple):
    """Hold a word of a text: where it stands (in characters) and which forms asked for it has."""

    start: int
    end: int
    forms: frozenset[str]


def words(text: str, language: str, asked: frozenset[str]) -> list[Met]:
    """Return the words of a text that have one of these forms, each with those that it has."""
    text = analysis.readable(text)
    sought = _sought_in(analysis.base(language), asked)
    if not sought.forms:
        return []
    spaced = text.replace("\n", " ") if "\n" in text else text
    judged, judge, find = sought.judged, sought.judge, spaced.find
    found: list[Met] = []
    for start in sought.places(text, spaced):
        end = find(" ", start)
        written = text[start:end] if end >= 0 else text[start:]
        there = judged.get(written)
        for begins, ends, forms in judge(written) if there is None else there:
            found.append(Met(start + begins, start + ends, forms))
    return found


@dataclass(frozen=True, slots=True)
class _Sought:
    """Hold which forms words of a language may have of those that are asked for.

    A word of ASCII letters that has one begins as one of `beginnings`, and as one of the longer
    ones. `judged` are what stood between spaces and was looked into, with the words that have a
    form, by their places in it.
    """

    tongue: str
    forms: frozenset[str]
    beginnings: tuple[str, ...]
    longer: tuple[str, ...]
    judged: dict[str, tuple[Met, ...]] = with_default(default_factory=dict)

    def places(self, text: str, spaced: str) -> list[int]:
        """Return where, after a space, something begins in which words may have a form."""
        read = text.lower()
        plain = text.isascii()
        # A Turkish capital becomes two signs.
        quick = len(read) == len(text) and self.tongue not in _CHANGING
        if not quick or not (plain or len(text.encode()) < len(text) * 5 / 4):
            return self._among_all(text, spaced)
        # English stems put an i in the place of a y: happy, happi.
        read = read.replace("y", "i")
        found = set() if plain else {_begins(spaced, at) for at in _early(read)}
        for beginning in self.longer if plain else self.beginnings:
            at = 0
            for before in read.split(beginning)[:-1]:
                at += len(before)
                sign = before[-1:]
                if sign == " ":
                    found.add(at)
                elif not sign.isalnum():
                    found.add(_begins(spaced, at))
                at += len(beginning)
        return sorted(found)

    def judge(self, written: str) -> tuple[Met, ...]:
        """Return the words that have a form in what stands between two spaces."""
        bare = written.strip(_SIGNS)
        found: tuple[Met, ...] = ()
        if bare.isascii() and bare.isalpha():  # as most of it is
            if forms := self.forms & _forms_of(bare.lower(), self.tongue):
                at = written.index(bare)
                found = (Met(at, at + len(bare), forms),)
        else:
            found = tuple(
                Met(word.start, word.end, forms)
                for word in analysis.between_spaces(written, self.tongue)
                if (forms := self.forms.intersection(word.forms))
            )
        if len(written) <= _LONGEST:
            if len(self.judged) >= _REMEMBERED:
                self.judged.clear()
            self.judged[written] = found
        return found

    def _among_all(self, text: str, spaced: str) -> list[int]:
        found: set[int] = set()
        for written in {*text.split()}:
            if len(written) > _LONGEST or not self.forms.isdisjoint(_within(written, self.tongue)):
                at = text.find(written)
                while at >= 0:
                    found.add(_begins(spaced, at))
                    at = text.find(written, at + 1)
        return sorted(found)


@lru_cache(maxsize=64)
def _sought_in(tongue: str, asked: frozenset[str]) -> _Sought:
    # Whatever the language of a text, an Arabic word in it is stemmed as such.
    own = f"{tongue}~", "ar~"
    forms = frozenset(
        form
        for form in asked
        if ("~" not in form or form.startswith(own)) and not form.startswith(analysis.AS_WRITTEN)
    )
    return _Sought(
        tongue,
        forms,
        tuple(filter(None, {_beginning(form, _ALIKE) for form in forms})),
        tuple(filter(None, {_beginning(form, _MORE_ALIKE) for form in forms})),
    )


def _beginning(form: str, most: int) -> str:
    """Return how a word of ASCII letters begins that has a form."""
    _language, of_a_stem, written = form.rpartition("~")
    if written[:1].isdigit():
        return written[:1]  # signs may part the others
    if of_a_stem:
        # The last letter of a short stem may be another: dying, die.
        least = min(max(len(written) - 1, 1), _ALIKE)
        most = min(max(len(written) - _CHANGED, least), most)
    return written[:most].replace("y", "i")


@lru_cache(maxsize=32768)
def _forms_of(word: str, tongue: str) -> frozenset[str]:
    return frozenset(analysis.forms(word, tongue))


@lru_cache(maxsize=32768)
def _within(written: str, tongue: str) -> frozenset[str]:
    """Return the forms of all words of what stands between two spaces."""
    words = analysis.between_spaces(written, tongue)
    return frozenset(form for word in words for form in word.forms)


def _early(read: str) -> Iterable[int]:
    """Yield signs beyond ASCII that are among the letters that a word may be known by."""
    for each in _NOT_ASCII.finditer(read):
        at = each.start()
        if at < _ALIKE or not read[at - _ALIKE : at].isalnum():
            yield at


def _begins(spaced: str, at: int) -> int:
    return spaced.rfind(" ", 0, at) + 1
