"""Find where the words of a text begin and end, as ICU's root rules say.

Most text is made of signs for which these rules come down to one regular expression, made here of
what ICU says about each sign; it finds the same words in half the time. Stretches between
spaces that hold any other sign (marks, scripts that need a dictionary) go to ICU.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import icu

_local = threading.local()
_WIDE = re.compile("[\U00010000-\U0010ffff]")

# Latin, Greek, Cyrillic, Armenian, Arabic and what stands between words in them.
_LOOKED_AT = (
    *range(0x0590),
    *range(0x0600, 0x0700),
    *range(0x1E00, 0x2000),
    *range(0x2010, 0x2028),
    *range(0x2030, 0x205F),
    *range(0x20A0, 0x20C0),
)
# ICU's short names of the kinds of signs that the expression knows; from XX on they part words.
_KNOWN = ("LE", "NU", "EX", "ML", "MN", "MB", "SQ", "XX", "CR", "LF", "NL", "WSegSpace", "DQ")


def _classes() -> dict[str, str]:
    """Return the signs of each kind as they stand in a character class."""
    found = dict.fromkeys(_KNOWN, "")
    for sign in map(chr, _LOOKED_AT):
        kind = icu.Char.getIntPropertyValue(sign, icu.UProperty.WORD_BREAK)
        name = icu.Char.getPropertyValueName(icu.UProperty.WORD_BREAK, kind)
        if name in found:
            found[name] += re.escape(sign)
    return found


def _expressions() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a word, and what finds a sign that it does not know."""
    of = _classes()
    letter, number = f"[{of['LE']}]", f"[{of['NU']}]"
    inner = f"[{of['LE']}{of['NU']}{of['EX']}]"
    run = f"{inner}+"
    lone = f"(?![{of['EX']}](?!{inner}))"  # one underscore by itself is no word
    between_letters = f"(?<={letter})[{of['ML']}{of['MB']}{of['SQ']}](?={letter})"
    between_numbers = f"(?<={number})[{of['MN']}{of['MB']}{of['SQ']}](?={number})"
    word = f"{lone}{run}(?:(?:{between_letters}|{between_numbers}){run})*"
    return re.compile(word), re.compile(f"[^{''.join(of.values())}]")


_WORD, _UNKNOWN = _expressions()


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words of a text begin and end, in characters."""
    for begin, end, known in _stretches(text):
        if known:
            for found in _WORD.finditer(text, begin, end):
                yield found.span()
        else:
            for start, stop in _told(text[begin:end]):
                yield begin + start, begin + stop


def written(text: str) -> list[str]:
    """Return the words of a text as they stand there."""
    found: list[str] = []
    for begin, end, known in _stretches(text):
        if known:
            found += _WORD.findall(text, begin, end)
        else:
            stretch = text[begin:end]
            found += [stretch[start:stop] for start, stop in _told(stretch)]
    return found


def ends(breaker: Any, text: str) -> Iterator[int]:
    """Yield where the pieces of a text end, in characters."""
    kept = icu.UnicodeString(text)  # the breaker reads it as it goes
    breaker.setText(kept)
    wide = [found.start() for found in _WIDE.finditer(text)]
    passed = 0
    for end_in_units in breaker:
        # ICU counts UTF-16 units: every character beyond the first plane is two of them.
        while passed < len(wide) and wide[passed] + passed < end_in_units:
            passed += 1
        yield end_in_units - passed


def breaker(kind: str) -> Any:
    """Return ICU's breaker of a kind, by the root's rules; it keeps the text it works on."""
    breakers: dict[str, Any] = _local.__dict__.setdefault("breakers", {})  # each thread its own
    if kind not in breakers:
        make = getattr(icu.BreakIterator, f"create{kind}Instance")
        breakers[kind] = make(icu.Locale.getRoot())
    return breakers[kind]


def _told(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words begin and end as ICU tells it."""
    words = breaker("Word")
    start = 0
    for end in ends(words, text):
        if words.getRuleStatus() >= icu.UWordBreak.NONE_LIMIT:
            yield start, end
        start = end


def _stretches(text: str) -> Iterator[tuple[int, int, bool]]:
    """Part a text at spaces into stretches of known signs and stretches with others."""
    done = 0
    unknown = _UNKNOWN.search(text)
    while unknown:
        begin = max(text.rfind(" ", done, unknown.start()), done)
        end = _until(text, unknown.end())
        if begin > done:
            yield done, begin, True
        yield begin, end, False
        done = end
        unknown = _UNKNOWN.search(text, end)
    if done < len(text):
        yield done, len(text), True


def _until(text: str, at: int) -> int:
    """Return where a stretch with an unknown sign ends: at a space before a word of known signs."""
    while (end := text.find(" ", at)) >= 0:
        following = text.find(" ", end + 1)
        following = len(text) if following < 0 else following
        unknown = _UNKNOWN.search(text, end, following)
        if unknown is None:
            return end
        at = unknown.end()
    return len(text)
