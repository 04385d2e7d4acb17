"""Make up a collection of texts: the same at every run, in several languages, of related subjects.

The words are invented, but stand as words do: a few are everywhere, most are rare (Zipf), each
subject has its own, and many have endings that stemming takes off.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from _index import Text
from numpy.typing import NDArray

DOCUMENTS = 50_000
_BLOCK = 1_000
_SUBJECTS, _OF_A_SUBJECT = 10, 80
# How much of a text is of its subjects.
_SUBJECT_SHARE = 0.6
# Frequent words are short: so many syllables have the first so many words.
_SYLLABLES = ((1, 100), (2, 6_000), (3, 10**9))
_FUNCTION_WORDS = (
    "the of and to in a for is on that by with as be are from or at an this it which not have"
    " their shall was may has all any its been who will such other more under into"
)


@dataclass(frozen=True, slots=True)
class _Tongue:
    """Hold how the words of a language look, its share of the texts and words in each."""

    syllables: tuple[str, str]
    endings: tuple[str, ...]
    share: float
    words: int
    known: int = 15_000
    first: str = ""


_LATIN = "b c d f g l m n p r s t v tr st"
_TONGUES: Mapping[str, _Tongue] = {
    "en": _Tongue(
        (_LATIN, "a e i o u ai er on"),
        ("s", "ing", "ed", "ment", "ation"),
        0.62,
        193,
        40_000,
        _FUNCTION_WORDS,
    ),
    "fr": _Tongue((_LATIN, "a e i o u é ou on"), ("s", "ement", "ation", "é"), 0.1, 193),
    "es": _Tongue((_LATIN, "a e i o u ia ar or"), ("s", "ación", "mente", "ando"), 0.08, 193),
    "ar": _Tongue(
        ("ب ت ج د ر س ع ف ق ك ل م ن", "ا و ي ر ل م"),  # noqa: RUF001 - Arabic, not Latin letters
        ("ات", "ين", "ها", "ية"),  # noqa: RUF001 - Arabic, not Latin letters
        0.1,
        129,
    ),
    "id": _Tongue((_LATIN, "a i u e o an ang"), ("kan", "nya", "i", "an"), 0.06, 193),
    "hi": _Tongue(("क ख ग च ज त द न प ब म र ल स ह", "ा ि ी ु े ो"), ("ों", "ें", "ी", "ना"), 0.04, 77),
}


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Hold words, the most frequent first, and those of each subject.

    `odds` and `of_a_subject` say how likely one of the first so many of them is.
    """

    words: Sequence[str]
    odds: NDArray[np.float64]
    subjects: NDArray[np.int64]
    of_a_subject: NDArray[np.float64]


def _zipf(count: int) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = np.cumsum(1 / (np.arange(count) + 2.7))
    odds /= odds[-1]
    return odds


@cache
def _vocabulary(language: str) -> _Vocabulary:
    tongue, chance = _TONGUES[language], random.Random(language)
    begins, ends = (part.split() for part in tongue.syllables)
    found = dict.fromkeys(tongue.first.split())
    while len(found) < tongue.known:
        syllables = next(count for count, most in _SYLLABLES if len(found) < most)
        word = "".join(chance.choice(begins) + chance.choice(ends) for _ in range(syllables))
        found[word] = None
        found[word + chance.choice(tongue.endings)] = None
    subjects = np.random.default_rng(0).integers(60, 6_000, (_SUBJECTS, _OF_A_SUBJECT))
    return _Vocabulary(tuple(found), _zipf(len(found)), subjects, _zipf(_OF_A_SUBJECT))


def made(documents: int = DOCUMENTS) -> Iterator[Text]:
    """Yield so many texts; the first of them are the same however many there are."""
    languages = list(_TONGUES)
    shares = [_TONGUES[language].share for language in languages]
    for start in range(0, documents, _BLOCK):
        numbers = np.random.default_rng(start)
        chosen = numbers.choice(len(languages), _BLOCK, p=shares)
        for offset in range(min(_BLOCK, documents - start)):
            yield _text(start + offset, languages[chosen[offset]], numbers)


def _text(number: int, language: str, numbers: np.random.Generator) -> Text:
    known = _vocabulary(language)
    length = 20 + int(numbers.gamma(2.0, _TONGUES[language].words / 2))
    places = np.searchsorted(known.odds, numbers.random(length))
    # Some subjects are written about more than others.
    own = np.minimum(numbers.geometric(0.2, numbers.integers(1, 4)) - 1, _SUBJECTS - 1)
    told = numbers.random(length) < _SUBJECT_SHARE
    which = np.searchsorted(known.of_a_subject, numbers.random(int(told.sum())))
    places[told] = known.subjects[numbers.choice(own, len(which)), which]
    words = [known.words[place] for place in places.tolist()]
    subjects = known.subjects[own[0], : _OF_A_SUBJECT // 3].tolist()
    title = [known.words[subjects[at]] for at in numbers.integers(0, len(subjects), 6).tolist()]
    return Text(f"d{number:06}", " ".join(title).capitalize(), _sentences(words), language)


def _sentences(words: Sequence[str]) -> str:
    each = (" ".join(words[at : at + 14]).capitalize() for at in range(0, len(words), 14))
    return ". ".join(each) + "."


# Facet -> its codes and how many of them a document has at least and at most.
_CODES: Mapping[str, tuple[Sequence[str], int, int]] = {
    "kind": (("document", "note", "practice", "commitment", "programme"), 1, 1),
    "theme": ([f"{letter}{number}" for letter in "ABCDE" for number in range(1, 9)], 1, 3),
    "sector": ([f"sector{number}" for number in range(12)], 0, 2),
    "country": ([first + second for first in "ABGILMNPQST" for second in "AEHLNRS"], 1, 3),
    "corridor": (
        [f"{first}A-{second}E" for first in "BILNPST" for second in "AGJKMQSTU"],
        0,
        2,
    ),
    "type": ([f"type{number}" for number in range(15)], 1, 1),
    "legal": (("binding", "persuasive", "internal", "draft"), 0, 1),
    "group": ([f"group{number}" for number in range(8)], 0, 3),
    "status": (("none", "limited", "partial", "substantial", "complete", "unknown"), 1, 1),
    "gender": (("yes",), 0, 1),
}
FACETS = (*_CODES, "language", "year")
KINDS = _CODES["kind"][0]


@dataclass(frozen=True, slots=True)
class About:
    """Hold what a document is about, by facet, and of when it is."""

    codes: Mapping[str, tuple[str, ...]]
    on: date


def about(text: Text) -> About:
    """Return what a text is about; chance, but always the same for the same id."""
    chance = random.Random(hashlib.blake2b(text.id.encode(), digest_size=8).digest())
    found: dict[str, tuple[str, ...]] = {}
    for facet, (codes, least, most) in _CODES.items():
        # The first of the codes are the most frequent.
        places = {
            int(len(codes) * chance.random() ** 2) for _ in range(chance.randint(least, most))
        }
        found[facet] = tuple(codes[place] for place in sorted(places))
    on = date(2025, 12, 31) - timedelta(days=int(9_000 * chance.random() ** 2))
    return About({**found, "language": (text.language,), "year": (str(on.year),)}, on)
