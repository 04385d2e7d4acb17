"""Number the paragraphs of Word documents as Word does: the numbers stand in no paragraph.

A law's "Article 5" is often a list's fifth item. `numbering.xml` says how each level of a list is
written, `styles.xml` which styles are numbered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PLACE = re.compile(r"%([1-9])")
_MOST_LEVELS = 9
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ALPHABETS = {
    "lowerLetter": _LATIN,
    "upperLetter": _LATIN.upper(),
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "arabicAbjad": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
    "thaiLetters": "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
}
_DIGITS = {"hindiNumbers": "٠١٢٣٤٥٦٧٨٩", "thaiNumbers": "๐๑๒๓๔๕๖๗๘๙"}
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_BULLET = "•"


@dataclass(slots=True)
class _Level:
    """Hold how one level of a list is written."""

    start: int = 1
    form: str = "decimal"
    text: str = ""


@dataclass(slots=True)
class _List:
    """Hold a list: its levels, and how far each has been counted."""

    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Take `numbering.xml`, and count."""

    def __init__(self) -> None:
        self._abstract: dict[str, _List] = {}
        self._lists: dict[str, _List] = {}
        self._list = _List()
        self._level = _Level()
        self._number = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a list, a level, or what a level is like."""
        value = attributes.get("val", "")
        if name == "abstractNum":
            self._list = self._abstract[attributes.get("abstractNumId", "")] = _List()
        elif name == "lvl":
            self._level = self._list.levels[_whole(attributes.get("ilvl"), 0)] = _Level()
        elif name == "start":
            self._level.start = _whole(value, 1)
        elif name == "numFmt":
            self._level.form = value
        elif name == "lvlText":
            self._level.text = value[:100]
        elif name == "num":
            self._number = attributes.get("numId", "")
        elif name == "abstractNumId":
            # Lists of one kind go on counting, unless one says that it begins anew.
            self._list = self._lists[self._number] = self._abstract.get(value, _List())
        elif name == "lvlOverride":
            self._list = self._lists[self._number] = _List(dict(self._list.levels))
            place = _whole(attributes.get("ilvl"), 0)
            former = self._list.levels.get(place, _Level())
            self._level = _Level(former.start, former.form, former.text)
            self._list.levels[place] = self._level
        elif name == "startOverride":
            self._level.start = _whole(value, 1)

    def end(self, name: str) -> None:
        """Leave."""

    def data(self, text: str) -> None:
        """Pass over text."""

    def next(self, number: str, level: int) -> str:
        """Count a paragraph of a list and return what stands before it."""
        counted = self._lists.get(number)
        if counted is None or not 0 <= level < _MOST_LEVELS or level not in counted.levels:
            return ""
        before = counted.counts.get(level, counted.levels[level].start - 1)
        counted.counts[level] = before + 1
        for deeper in range(level + 1, _MOST_LEVELS):
            counted.counts.pop(deeper, None)
        return self._written(counted, level)

    def _written(self, counted: _List, level: int) -> str:
        this = counted.levels[level]
        if this.form == "bullet":
            return f"{_BULLET} "
        if this.form == "none" and "%" in this.text:
            return ""

        def place(found: re.Match[str]) -> str:
            other = int(found[1]) - 1
            like = counted.levels.get(other, this)
            return figure(counted.counts.get(other, like.start), like.form)

        text = _PLACE.sub(place, this.text).strip()
        return f"{text} " if text else ""


class Styles:
    """Take `styles.xml`: which styles are numbered, by themselves or by what they rest on."""

    def __init__(self) -> None:
        self._style = ""
        self._rests_on: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._levels: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a style or its number."""
        value = attributes.get("val", "")
        if name == "style":
            self._style = attributes.get("styleId", "")
        elif name == "basedOn":
            self._rests_on[self._style] = value
        elif name == "numId":
            self._numbers[self._style] = value
        elif name == "ilvl":
            self._levels[self._style] = _whole(value, 0)

    def end(self, name: str) -> None:
        """Leave."""

    def data(self, text: str) -> None:
        """Pass over text."""

    def numbered(self, style: str) -> tuple[str, int]:
        """Return the list and level of a style's paragraphs; no list where it has none."""
        number, level = "", -1
        for _step in range(20):
            number = number or self._numbers.get(style, "")
            level = level if level >= 0 else self._levels.get(style, -1)
            if not style or (number and level >= 0):
                break
            style = self._rests_on.get(style, "")
        return number, max(level, 0)


def figure(count: int, form: str) -> str:
    """Return a number as a level of a list writes it."""
    if form in {"lowerRoman", "upperRoman"} and 0 < count < 4_000:
        text = ""
        for value, sign in _ROMAN:
            text += sign * (count // value)
            count %= value
        return text if form == "lowerRoman" else text.upper()
    if (alphabet := _ALPHABETS.get(form)) and 0 < count <= 20 * len(alphabet):
        # After z comes aa.
        times, place = divmod(count - 1, len(alphabet))
        return alphabet[place] * (times + 1)
    text = f"{count:02}" if form == "decimalZero" else str(count)
    if (digits := _DIGITS.get(form)) is not None:
        return "".join(digits[int(digit)] for digit in text if digit.isdigit())
    return text


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 7 else otherwise
