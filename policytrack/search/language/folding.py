"""Fold the spellings of a word into one, script by script.

What is folded here is what people type in several ways for the same word. Vowel signs of Indic and
South-East Asian scripts are letters there and stay; marks above Latin, Greek and Cyrillic letters
stay in one form of the word and fall in another (see `analysis`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# A word is cut here: no language writes longer ones, and a hostile text may.
LONGEST_WORD = 64

# Letters of Arabic, Persian, Urdu, Pashto, Sindhi and Kurdish that stand for one another between
# keyboards and languages, or that hurried writers leave bare.
_ARABIC = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳٵ", "ا"),  # noqa: RUF001 - Arabic, not Latin letters
        **dict.fromkeys("ؤٶٷ", "و"),
        **dict.fromkeys("ئىیېےۓۍێ", "ي"),
        **dict.fromkeys("ةۃہھۀۂەۿە", "ه"),  # noqa: RUF001 - Arabic, not Latin letters
        **dict.fromkeys("کڪګڬڭڮ", "ك"),
        **dict.fromkeys("ںڼڽ", "ن"),
        "ء": None,
        "ـ": None,
        # Signs of vowels, doubling and recitation; the superscript alef.
        **dict.fromkeys(map(chr, (*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670))),
        **dict.fromkeys(map(chr, range(0x06D6, 0x06EE))),
    }
)
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9]")

# Ethiopic letters that Amharic pronounces alike and spells by habit: three more letters as ha, one
# as sa, one as a, one as tsa, each in its seven orders; the fourth orders of ha and a as the first.
_ETHIOPIC = str.maketrans(
    {
        **{
            chr(other + order): chr(plain + order)
            for others, plain in (
                ((0x1210, 0x1280, 0x12B8), 0x1200),
                ((0x1220,), 0x1230),
                ((0x12D0,), 0x12A0),
                ((0x1340,), 0x1338),
            )
            for other in others
            for order in range(7)
        },
        **{chr(base + 3): "\u1200" for base in (0x1200, 0x1210, 0x1280, 0x12B8)},
        "\u12a3": "\u12a0",
        "\u12d3": "\u12a0",
    }
)

# Latin letters that have no decomposition, and what people type who lack them.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe"}
)
_MARKED = re.compile("[a-z\u00e0-\u024f\u0370-\u03ff\u0400-\u052f\u1e00-\u1fff]")
_SEPARATORS = str.maketrans({"\u066b": ".", "\u066c": ","})
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\uff07\u02bb", "'"))
_DECORATION = ("Cf", "Cc", "Cs", "Co", "Cn")

# What Arabic writes together with a word: articles with their prepositions, and endings. After
# light10 (Larkey, Ballesteros and Connell, 2002).
_ARABIC_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
_ARABIC_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")  # noqa: RUF001 - Arabic, not Latin letters
_ARABIC_PREPOSITIONS = "لبكفس"


def _latin_digit(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """Return a word in one spelling: compatibility form, no case, Latin digits, one Arabic."""
    if word.isascii():
        return word[:LONGEST_WORD].lower()
    text = unicodedata.normalize("NFKC", word[: 4 * LONGEST_WORD]).casefold()
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).translate(_SEPARATORS)
    if not text.isascii():
        text = "".join(
            _latin_digit(sign) for sign in text if unicodedata.category(sign) not in _DECORATION
        )
        text = text.translate(_ARABIC).translate(_ETHIOPIC)
    return text[:LONGEST_WORD]


@lru_cache(maxsize=16384)
def letter(sign: str) -> str:
    """Return the letters that a letter of a script without spaces is read as."""
    return unicodedata.normalize("NFKC", sign).translate(_ETHIOPIC)


def unmarked(word: str) -> str:
    """Return a folded word without the marks above its Latin, Greek or Cyrillic letters."""
    if word.isascii() or not _MARKED.search(word):
        return word
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFD", word.translate(_PLAIN))
        if unicodedata.category(sign) != "Mn"
    )
    return unicodedata.normalize("NFC", plain)


def is_arabic(word: str) -> bool:
    """Tell whether a word is written in the Arabic script."""
    return bool(_ARABIC_LETTER.search(word))


def _without_ending(word: str) -> str:
    for ending in _ARABIC_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
    return word


def arabic_stems(word: str) -> tuple[str, ...]:
    """Return the light stems of a folded Arabic word: without article and endings.

    A single letter before it may be a preposition (لحماية) or part of the word (لبنان): both
    readings are returned.
    """
    bare = word[1:] if word.startswith("و") and len(word) >= 4 else word
    for article in _ARABIC_ARTICLES:
        if bare.startswith(article) and len(bare) - len(article) >= 2:
            return (_without_ending(bare.removeprefix(article)),)
    stems = [_without_ending(bare)]
    if bare != word:
        stems.append(_without_ending(word))
    if bare[:1] in _ARABIC_PREPOSITIONS and len(bare) >= 5:
        stems.append(_without_ending(bare[1:]))
    return tuple(dict.fromkeys(stems))
