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
from itertools import accumulate

from policytrack.search.language import analysis, folding

# Languages whose stemmers change the beginnings of words, too.
_CHANGING = frozenset({"de", "fi", "ga", "id", "ms", "nl", "sr", "st"})
# So many letters of a word stand at the beginning of its stem, of a short one fewer: what endings
# become (actrices, acteur) is within the last ones. In English only the last letter may be another
# (dying, die).
_ALIKE, _LEAST_ALIKE = 5, 3
_CHANGED = {"en": 1}
_MOST_CHANGED = 3
# Languages whose stems stand within their words, some of them but for the first letter.
_PREFIXED = frozenset({"id", "ms"})
_INNER = _PREFIXED | {"ar", "hi", "ne"}
# What is neither ASCII nor a sign of Arabic or Hindi that is read as it is written, or as follows.
_UNPLAIN = re.compile(
    "[^\x00-\x7f\xab\xbb\u060c\u061b\u061f\u0621-\u063a\u0641-\u064a\u0660-\u0669"
    "\u0900-\u0928\u092a-\u0930\u0932\u0933\u0935-\u093b\u093d-\u0950\u0964-\u096f\u2013\u2014]"
)
_READ_AS = (
    *((alef, "\u0627") for alef in "\u0622\u0623\u0625"),
    ("\u0624", "\u0648"),
    *((yeh, "\u064a") for yeh in "\u0626\u0649"),
    ("\u0629", "\u0647"),
    ("\u0621", ""),
)
# Letters with marks have a byte each in this page of codes; signs that part words become one that
# parts words, too, and what else there is may be read as several letters.
_PAGE = "cp1252"
_MARKS = {
    "\u2018": "'",
    "\u2019": "'",
    **dict.fromkeys("\u2013\u2014\u2026\u201c\u201d\xab\xbb\xa0", "-"),
}
for _sign in "àáâãäåçèéêëìíîïñòóôõöùúûüýÿš\u017e":
    _MARKS[_sign] = folding.unmarked(_sign)
_UNMARKED = bytes(
    ord(_MARKS.get(bytes([byte]).decode(_PAGE, "replace"), "?" if byte > 127 else chr(byte)))
    for byte in range(256)
)
_OTHERS = re.compile(f"[^\x00-\x7f{''.join(_MARKS)}]+")
_SIGNS = "".join(sign for sign in map(chr, range(33, 127)) if not sign.isalnum() and sign != "_")
# What stands between two spaces and is longer than this is judged each time it is met, and so much
# of it at most is remembered.
_LONGEST, _REMEMBERED = 48, 4096


# A word of a text: where it begins and ends (in characters), and which forms asked for it has. Many
# are made for each result, so that they are plain.
Met = tuple[int, int, frozenset[str]]


def words(text: str, language: str, asked: frozenset[str]) -> list[Met]:
    """Return the words of a readable text that have one of these forms, with those they have."""
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
            found.append((start + begins, start + ends, forms))
    return found


@dataclass(frozen=True, slots=True)
class _Sought:
    """Hold which forms words of a language may have of those that are asked for.

    A word of Latin letters that has one begins as one of `beginnings`, but for the marks above its
    letters; in languages whose stems stand within their words it has one of `cores` in it. `judged`
    is what stood between spaces and was looked into, with the words that have a form, by their
    places in it.
    """

    tongue: str
    forms: frozenset[str]
    beginnings: tuple[str, ...]
    cores: tuple[str, ...]
    judged: dict[str, tuple[Met, ...]] = with_default(default_factory=dict)

    def places(self, text: str, spaced: str) -> list[int]:
        """Return where, after a space, something begins in which words may have a form."""
        plain = text.isascii()
        if self.cores and (plain if self.tongue in _PREFIXED else not _UNPLAIN.search(text)):
            return self._around_cores(spaced)
        read = text.lower()
        # A Turkish capital becomes two signs.
        quick = len(read) == len(text) and self.tongue not in _CHANGING
        if not quick or not (plain or len(text.encode()) < len(text) * 5 / 4):
            return self._among_all(text, spaced)
        found: set[int] = set()
        if not plain:
            found.update(_begins(spaced, at) for at in _early(read))
            read = read.encode(_PAGE, "replace").translate(_UNMARKED).decode("ascii")
        # English stems put an i in the place of a y: happy, happi.
        read = read.replace("y", "i")
        for beginning in self.beginnings:
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
                found = ((at, at + len(bare), forms),)
        else:
            found = tuple(
                (word.start, word.end, forms)
                for word in analysis.between_spaces(written, self.tongue)
                if (forms := self.forms.intersection(word.forms))
            )
        if len(written) <= _LONGEST:
            if len(self.judged) >= _REMEMBERED:
                self.judged.clear()
            self.judged[written] = found
        return found

    def _around_cores(self, spaced: str) -> list[int]:
        folded = spaced.lower()
        if not folded.isascii():
            for written, read in _READ_AS:
                folded = folded.replace(written, read)
        found = set()
        for core in self.cores:
            at = folded.find(core)
            while at >= 0:
                found.add(_begins(folded, at))
                after = folded.find(" ", at)
                at = folded.find(core, after) if after >= 0 else -1
        if not found or len(folded) == len(spaced):
            return sorted(found)
        # Letters fall away, spaces never do: as many stand before as there.
        starts = list(accumulate((len(each) + 1 for each in spaced.split(" ")), initial=0))
        return [starts[folded.count(" ", 0, at)] for at in sorted(found)]

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
        _beginnings(forms),
        _cores(tongue, forms) if tongue in _INNER else (),
    )


def _cores(tongue: str, forms: frozenset[str]) -> tuple[str, ...]:
    """Return what stands in every word that has one of these forms; nothing where that is unsure.

    Signs stand between digits in many ways.
    """
    found = set()
    for form in forms:
        _language, of_a_stem, written = form.rpartition("~")
        # A stem may begin with another letter than its word: memukul, pukul.
        found.add(written[1:] if of_a_stem and tongue in _PREFIXED else written)
    if any(not core or any(map(str.isdigit, core)) for core in found):
        return ()
    return tuple(core for core in found if not any(each in core for each in found - {core}))


def _beginnings(forms: Iterable[str]) -> tuple[str, ...]:
    found = set(filter(None, map(_beginning, forms)))
    # What begins as another does is found where that is.
    return tuple(each for each in found if not any(map(each.startswith, found - {each})))


def _beginning(form: str) -> str:
    """Return how a word of Latin letters begins that has a form, without marks."""
    language, of_a_stem, written = form.rpartition("~")
    if written[:1].isdigit():
        return written[:1]  # signs may part the others
    most = _ALIKE
    if of_a_stem:
        least = min(max(len(written) - 1, 1), _LEAST_ALIKE)
        most = min(max(len(written) - _CHANGED.get(language, _MOST_CHANGED), least), most)
    return folding.unmarked(written[:most]).replace("y", "i")


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
    for each in _OTHERS.finditer(read):
        at = each.start()
        if at < _ALIKE or not read[at - _ALIKE : at].isalnum():
            yield at


def _begins(spaced: str, at: int) -> int:
    return spaced.rfind(" ", 0, at) + 1
