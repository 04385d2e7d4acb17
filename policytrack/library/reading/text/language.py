"""Tell in which language a text is written, by its script and its smallest words.

Small words (the, dan, que) are a third of any running text and hardly shared between languages,
so a paragraph is enough; a list of names or figures stays without a language.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

# (script's letters, the language that it stands for), where a script is told at once.
_SCRIPTS: Mapping[str, str] = {
    "latin": "",
    "arabic": "",
    "cyrillic": "",
    "devanagari": "",
    "thai": "th",
    "lao": "lo",
    "khmer": "km",
    "myanmar": "my",
    "ethiopic": "am",
    "bengali": "bn",
    "tamil": "ta",
    "sinhala": "si",
    "kana": "ja",
    "hangul": "ko",
    "han": "zh",
    "greek": "el",
    "hebrew": "he",
    "georgian": "ka",
    "armenian": "hy",
}
_LETTERS = {
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff",
    "cyrillic": "\u0400-\u04ff",
    "devanagari": "\u0900-\u097f",
    "thai": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "lao": "\u0e81-\u0eda",
    "khmer": "\u1780-\u17d3",
    "myanmar": "\u1000-\u109f",
    "ethiopic": "\u1200-\u137f",
    "bengali": "\u0980-\u09ff",
    "tamil": "\u0b80-\u0bff",
    "sinhala": "\u0d80-\u0dff",
    "kana": "\u3040-\u30ff",
    "hangul": "\uac00-\ud7a3",
    "han": "\u4e00-\u9fff",
    "greek": "\u0370-\u03ff",
    "hebrew": "\u05d0-\u05ea",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0530-\u058f",
}
_NOT_LATIN = re.compile("[^\x00-\u024f\u1e00-\u206f]")
_OF_SCRIPT = {name: re.compile(f"[{letters}]") for name, letters in _LETTERS.items()}
# The letters and the words of texts of ASCII alone, byte by byte.
_PLAIN_LETTERS = bytes(sign for sign in range(128) if chr(sign).isalpha())
_PLAIN_WORDS = bytes(sign if chr(sign).isalpha() else 32 for sign in range(256))
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u064b-\u065f\u0900-\u097f\u200c]+[^\W\d_]*)*")


def _read_small_words() -> dict[str, dict[str, list[str]]]:
    """Return for each script the languages that a word belongs to."""
    found: dict[str, dict[str, list[str]]] = {}
    with Path(__file__).with_name("small_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = found.setdefault(row["script"], {})
            for word in row["words"].split():
                words.setdefault(word, []).append(row["language"])
    return found


_LANGUAGES = _read_small_words()
# Letters that other languages of the Arabic script need; what has none of them is Arabic.
_OWN_LETTERS = {
    "fa": re.compile("[پچژگکی]"),
    "ur": re.compile("[ٹڈڑںےہ]"),
    "ps": re.compile("[ټډړږښځڅېۍ]"),
}
_FEWEST_OWN = 3
# These are a hundred and fifty words: more change nothing.
SAMPLE = 1_000
_FEWEST_LETTERS = 20
_FEWEST_FOUND = 3
_LEAST_SHARE = 0.12


def language_of(text: str) -> str:
    """Return the language of a text as a BCP 47 tag, or nothing where it cannot be told."""
    sample = text[:SAMPLE]
    script = script_of(sample)
    if script not in _LANGUAGES:
        return _SCRIPTS.get(script, "")
    if script == "arabic" and not any(
        len(own.findall(sample)) >= _FEWEST_OWN for own in _OWN_LETTERS.values()
    ):
        return "ar"
    language, found, different = _most(sample, script)
    enough = found >= _LEAST_SHARE and different >= _FEWEST_FOUND
    return language if enough else ""


def share_of_small_words(text: str) -> float:
    """Return how many of a text's words are the small ones of one language, from 0 to 1."""
    script = script_of(text)
    return _most(text, script)[1] if script in _LANGUAGES else 0.0


def _most(text: str, script: str) -> tuple[str, float, int]:
    """Return the language with the most small words, their share, and how many different ones."""
    words = _words(text.lower())
    scores: Counter[str] = Counter()
    different: Counter[str] = Counter()
    languages = _LANGUAGES[script]
    known = [word for word in words if word in languages]
    for word, count in Counter(known).items():
        for language in languages[word]:
            scores[language] += count
            different[language] += 1
    if not scores:
        return "", 0.0, 0
    best = max(scores, key=lambda language: scores[language])
    return best, scores[best] / len(words), different[best]


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.encode("ascii").translate(_PLAIN_WORDS).decode("ascii").split()
    return _WORD.findall(text)


def script_of(text: str) -> str:
    """Return the script in which most letters of a text are written, or nothing."""
    if text.isascii():
        letters = len(text) - len(text.encode("ascii").translate(None, _PLAIN_LETTERS))
        return "latin" if letters >= _FEWEST_LETTERS else ""
    if not _NOT_LATIN.search(text):
        letters = sum(map(str.isalpha, text))
        return "latin" if letters >= _FEWEST_LETTERS else ""
    counts = {name: len(pattern.findall(text)) for name, pattern in _OF_SCRIPT.items()}
    if counts["kana"] > 0.1 * counts["han"]:  # Japanese writes both
        counts["kana"] += counts["han"]
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= _FEWEST_LETTERS else ""
