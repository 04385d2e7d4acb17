"""Take a text of any language apart into words, and each word into the forms that find it.

The same for what is stored and for what is asked. A form is either the folded word itself, found
whatever the language, or a stem that carries its language (`en~recruit`), so that a stem meets
only stems of the same language. What is asked has no known language: its words get the stems of
every language that the index holds in their script.
"""

from __future__ import annotations

import importlib.metadata
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import icu
import Stemmer

from policytrack.search.language import boundaries, folding

# Longer texts are read up to here; a note or a page of a document is far shorter.
LONGEST_TEXT = 1_000_000

# Before letters that are marked where they stand, whatever words they are part of.
AS_WRITTEN = "\u2263"

# What changes the words of the same text; an index made under another is made anew.
FINGERPRINT = f"2 icu{icu.ICU_VERSION} snowball{importlib.metadata.version('pystemmer')}"

_LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_DEVANAGARI = re.compile("[\u0900-\u097f]")
_PERSIAN = re.compile("[\u0600-\u06ff]")

# Language -> (Snowball algorithm, the script in which it reads).
_STEMMERS: dict[str, tuple[str, re.Pattern[str]]] = {
    **{
        language: (algorithm, _LATIN)
        for language, algorithm in {
            "ca": "catalan",
            "cs": "czech",
            "da": "danish",
            "de": "german",
            "en": "english",
            "es": "spanish",
            "et": "estonian",
            "eu": "basque",
            "fi": "finnish",
            "fr": "french",
            "ga": "irish",
            "hu": "hungarian",
            "id": "indonesian",
            "it": "italian",
            "lt": "lithuanian",
            "ms": "indonesian",
            "nb": "norwegian",
            "nl": "dutch",
            "nn": "norwegian",
            "no": "norwegian",
            "pl": "polish",
            "pt": "portuguese",
            "ro": "romanian",
            "st": "sesotho",
            "sv": "swedish",
            "tr": "turkish",
        }.items()
    },
    "el": ("greek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    "fa": ("persian", _PERSIAN),
    "hi": ("hindi", _DEVANAGARI),
    "hy": ("armenian", re.compile("[\u0530-\u058f]")),
    "ne": ("nepali", _DEVANAGARI),
    "prs": ("persian", _PERSIAN),
    "ru": ("russian", _CYRILLIC),
    "sr": ("serbian", re.compile("[a-z\u00df-\u024f\u0400-\u052f]")),
    "ta": ("tamil", re.compile("[\u0b80-\u0bff]")),
    "yi": ("yiddish", re.compile("[\u0590-\u05ff]")),
}
# Languages in the Arabic script that do not stem as Arabic does.
_NOT_ARABIC = frozenset({"fa", "prs", "ur", "ps", "sd", "ckb", "ug", "ks", "pnb", "azb"})

# Words before an apostrophe that are not part of what they stand before (l'emploi), and after it.
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w{2})")
_FRENCH_FEMININE = re.compile("(?:euses?|(?<=t)rices?)$")

# Scripts whose words stand together, or with a sign between them that people leave out: Thai, Lao,
# Tibetan, Burmese, Ethiopic, Khmer, Japanese and Chinese.
_IDEOGRAPHS = (
    "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u0f40-\u0fbc\u1000-\u103f\u1050-\u109d"
    "\u1200-\u135f\u1380-\u138f\u1780-\u17d3\u17dc\u17dd\u2d80-\u2dde\ua9e0-\ua9ef\ua9fa-\ua9fe"
    f"\uaa60-\uaa76\uaa7a-\uaa7f\uab01-\uab2e{_IDEOGRAPHS}"
)
# Spaces and signs between them are set as people please.
_RUN = re.compile(rf"[{_UNSPACED}](?:[{_UNSPACED}\W_]*[{_UNSPACED}])?")
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")

# So common that they tell nothing; left out of a question that has other words. Only words that
# mean nothing else in another of the languages.
_COMMON_WORDS = (
    "a about an and any are as at be been being but by can could did do does for from had has have"
    " how i if in into is it its may of on or our shall should so some such than that the their"
    " them then there these they this those to was we were what when where which while why will"
    " with would you your",
    "des du et aux dans que qui ce cette ces la les le un une",
    "في من على الي عن ان و ما هذا هذه التي الذي مع او",  # folded, as all words here
)
COMMON = frozenset(folding.folded(word) for words in _COMMON_WORDS for word in words.split())

_local = threading.local()


class Word(NamedTuple):
    """Hold a word of a text: where it stands (in characters) and the forms that find it."""

    start: int
    end: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Hold letters of scripts without spaces that follow one another, as they are read.

    `places` says of each letter where in the text it stands; `end` is where the run ends.
    """

    letters: str
    places: tuple[int, ...]
    end: int

    @property
    def start(self) -> int:
        """Return where in the text it begins."""
        return self.places[0]


@lru_cache(maxsize=1024)
def base(language: str) -> str:
    """Return the language of a tag such as `en-GB`, in lower case."""
    return re.split("[-_]", language, maxsplit=1)[0].lower()


def _stemmer(algorithm: str) -> Any:
    # A stemmer keeps the word it works on, so each thread has its own.
    stemmers: dict[str, Any] = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = Stemmer.Stemmer(algorithm, 0)
    return stemmers[algorithm]


def _bare(written: str) -> str:
    return _ELISION.sub("", written).removesuffix("'s") if "'" in written else written


@lru_cache(maxsize=65536)
def spellings(word: str) -> tuple[str, ...]:
    """Return the forms of a word that hold in any language, the folded word first."""
    written = folding.folded(word)
    if not written:
        return ()
    forms = [written]
    if "'" in written:
        forms.append(_bare(written))
    if written[0].isdigit() and "," in written:
        forms.append(written.replace(",", ""))
    forms += [folding.unmarked(form) for form in forms]
    return tuple(dict.fromkeys(forms))


@lru_cache(maxsize=131072)
def stems(word: str, language: str) -> tuple[str, ...]:
    """Return the stems of a word in one language, each with the language before it."""
    forms = spellings(word)
    if not forms:
        return ()
    written = forms[0]
    is_plain = written.isascii()
    if not is_plain and folding.is_arabic(written) and language not in _NOT_ARABIC:
        return tuple(f"ar~{stem}" for stem in folding.arabic_stems(written))
    algorithm, script = _STEMMERS.get(language, ("", _LATIN))
    if not algorithm or not script.search(written):
        return ()
    # Snowball's Persian knows Persian letters, not the folded ones.
    plain = word.casefold() if algorithm == "persian" else _bare(written)
    plain = plain[: folding.LONGEST_WORD]
    # Women and men who do the same are one word: travailleuses, travailleurs.
    read = (plain, _FRENCH_FEMININE.sub("eur", plain)) if algorithm == "french" else (plain,)
    stemmer = _stemmer(algorithm)
    found = [stemmer.stemWord(each) for each in read]
    if not (is_plain and "".join(found).isascii()):
        found = [folding.folded(stem) for stem in found]
        found += [folding.unmarked(stem) for stem in found]
    return tuple(dict.fromkeys([f"{language}~{stem}" for stem in found]))


def stemmed(languages: Iterable[str]) -> tuple[str, ...]:
    """Return those of some languages that give a word all the stems that it has in any of them."""
    # In whichever other language an Arabic word stands it is stemmed as such.
    return tuple(each for each in languages if each in _STEMMERS or each == "ar")


_SURROGATE = re.compile("[\ud800-\udfff]")


def readable(text: str) -> str:
    """Return the part of a text that is read, without what breaks every codec on the way.

    Positions stay: a lone surrogate becomes one other character.
    """
    text = text[:LONGEST_TEXT]
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def cut(text: str, at: int) -> int:
    """Return the last place up to `at` where a text can be cut without breaking a character."""
    before = max(at - 64, 0)
    around = readable(text[before : at + 64])
    ends = [before + end for end in boundaries.ends(boundaries.breaker("Character"), around)]
    return max((end for end in ends if end <= at), default=before)


def runs(text: str) -> Iterator[Run]:
    """Yield what is written in scripts without spaces, whatever spaces and signs stand in it.

    A dictionary reads a part of a sentence otherwise than the whole, and knows no names: what
    people type is therefore also looked for letter by letter.
    """
    for found in _RUN.finditer(readable(text)):
        read = [
            (letter, found.start() + sign.start())
            for sign in _UNSPACED_LETTER.finditer(found[0])
            for letter in folding.letter(sign[0])
        ]
        letters, places = zip(*read, strict=True)
        yield Run("".join(letters), places, found.end())


def grams(letters: str) -> tuple[str, ...]:
    """Return what stands in the index for the places of a run: two ideographs or three letters."""
    sizes = [2 if _IDEOGRAPH.match(letter) else 3 for letter in letters]
    found = [letters[at : at + size] for at, size in enumerate(sizes) if at + size <= len(letters)]
    return tuple(found)


def forms(word: str, tongue: str) -> tuple[str, ...]:
    """Return the forms of a word in a language, as `base` tells it; none where it says nothing."""
    word = word[: 4 * folding.LONGEST_WORD]
    found = spellings(word)
    return (*found, *stems(word, tongue)) if found else ()


# What stands between two spaces and is longer than this is taken apart each time it is met.
_LONGEST_TOKEN = 48
_TOKEN = re.compile(r"\S+")


def words(text: str, language: str) -> list[Word]:
    """Return the words of a text whose language is known, with their forms in it."""
    tongue = base(language)
    found: list[Word] = []
    for token in _TOKEN.finditer(readable(text)):
        # No word reaches across a space, and most of what stands between two is met again.
        at = token.start()
        found += [
            Word(at + each.start, at + each.end, each.forms)
            for each in between_spaces(token[0], tongue)
        ]
    return found


def between_spaces(written: str, tongue: str) -> tuple[Word, ...]:
    """Return the words of what stands between two spaces, in a language as `base` tells it."""
    known = _words if len(written) <= _LONGEST_TOKEN else _words.__wrapped__
    return known(written, tongue)


@lru_cache(maxsize=32768)
def _words(token: str, tongue: str) -> tuple[Word, ...]:
    return tuple(
        Word(start, end, known)
        for start, end in boundaries.spans(token)
        if (known := forms(token[start:end], tongue))
    )


def starts(text: str) -> list[int]:
    """Return where the words of a text begin, in characters."""
    return [start for start, _end in boundaries.spans(text)]


def asked(text: str, languages: Iterable[str]) -> list[Word]:
    """Return the words of a question, with their forms in every one of these languages."""
    text = readable(text)
    tongues = frozenset({*languages, "ar"})
    found = []
    for start, end in boundaries.spans(text):
        word = text[start : min(end, start + 4 * folding.LONGEST_WORD)]
        if every := _in_any(word, tongues):
            found.append(Word(start, end, every))
    return found


@lru_cache(maxsize=4096)
def _in_any(word: str, tongues: frozenset[str]) -> tuple[str, ...]:
    """Return the forms of a word in any of these languages; none where it says nothing."""
    found = dict.fromkeys(spellings(word))
    for tongue in sorted(tongues) if found else ():
        found.update(dict.fromkeys(stems(word, tongue)))
    return tuple(found)
