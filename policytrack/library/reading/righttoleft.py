"""Put lines that run from right to left together again, by where their letters stand on the page.

PDFium turns such lines letter by letter. That turns ligatures inside out (اإل for الإ), leaves
brackets and the full stop of a list's number on the wrong side, loses spaces that are only a gap,
and breaks lines at vowel signs. So the letters are taken one by one, put on their lines from left
to right as they are seen, and the line is read by the Unicode bidirectional algorithm, backwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import icu

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LETTER = re.compile(r"[^\W\d_]")
_LEAST_SHARE = 0.2
# In parts of the size of the letters: how far signs stand off their line, and what is a space.
_OFF_LINE = 0.4
_GAP = 0.1
_GAP_LATIN = 0.14
# Behind so many lines a piece of a line may still be drawn; further on it is another column.
_PIECES = 3
# How far a blank may reach into a letter beside it.
_INTO = 0.1
# The file may call both brackets of a pair by the same name.
_UNPAIRED = re.compile(r"\(([^()]{1,60})\((?![^()]*\))")
_LAM, _ALEFS = "ل", frozenset("اأإآٱ")


class Letter(NamedTuple):
    """Hold a letter as PDFium found it; several that one glyph stands for share a place."""

    sign: str
    x: float
    y: float
    left: float
    right: float
    size: float


@dataclass(slots=True)
class _Glyph:
    """Hold what stands at one place of a line, in the order of reading."""

    text: str
    x: float
    left: float
    right: float

    @property
    def seen(self) -> str:
        """Return it as a string from left to right."""
        return self.text[::-1] if RIGHT_TO_LEFT.search(self.text) else self.text


def is_mostly(text: str) -> bool:
    """Tell whether a page runs from right to left, for a good part of it."""
    if text.isascii():
        return False
    found = len(RIGHT_TO_LEFT.findall(text))
    return found > 0 and found > _LEAST_SHARE * len(_LETTER.findall(text))


def text_of(letters: Iterable[Letter]) -> str:
    """Return the text of a page from its letters, in the order in which the file draws them."""
    lines = lines_of(letters)
    flipped = _are_flipped(lines)
    return "\n".join(filter(None, (_read(line, flipped) for line in lines)))


def lines_of(letters: Iterable[Letter]) -> list[list[Letter]]:
    """Return the letters of each line; one may be drawn in pieces, and its vowel signs apart."""
    lines: list[list[Letter]] = []
    marks: list[tuple[int, Letter]] = []
    for letter in letters:
        if unicodedata.combining(letter.sign):
            marks.append((len(lines), letter))
            continue
        recent = lines[-_PIECES:]
        line = min(recent, key=lambda line: abs(letter.y - line[0].y), default=None)
        size = max(letter.size, line[0].size) if line else 0.0
        if line is None or abs(letter.y - line[0].y) > _OFF_LINE * size:
            line = []
            lines.append(line)
        line.append(letter)
    for at, mark in marks:
        near = lines[max(at - _PIECES, 0) : at + 1]
        if near:
            min(near, key=lambda line: abs(mark.y - line[0].y)).append(mark)
    return lines


def _place(letter: Letter) -> tuple[float, float]:
    return letter.x, letter.y


def _shared(line: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Return what each glyph of a line stands for."""
    for _at, letters in groupby(line, _place):
        together = list(letters)
        # Blanks have no width, and then share the place of their neighbour.
        if any(letter.sign.isspace() for letter in together):
            yield from ([letter] for letter in together)
        else:
            yield together


def _are_flipped(lines: Iterable[Sequence[Letter]]) -> bool:
    """Tell from lam and alef, the commonest ligature, whether PDFium turned them inside out."""
    flipped = right = 0
    for line in lines:
        for letters in _shared(line):
            first, last = letters[0].sign, letters[-1].sign
            flipped += last == _LAM and first in _ALEFS and len(letters) > 1
            right += first == _LAM and last in _ALEFS and len(letters) > 1
    return flipped >= right


def _read(line: Sequence[Letter], flipped: bool) -> str:
    glyphs = [_glyph(letters, flipped) for letters in _shared(line)]
    bases = [glyph for glyph in glyphs if not _is_mark(glyph.text)]
    for mark in glyphs:
        if _is_mark(mark.text) and bases:
            _under(mark, bases).text += mark.text
    bases.sort(key=lambda glyph: glyph.x)
    size = max(letter.size for letter in line)
    return _logical("".join(_spaced(list(_without_strays(bases, size)), size)))


def _without_strays(glyphs: Sequence[_Glyph], size: float) -> Iterator[_Glyph]:
    """Leave out blanks that stand within a letter, as some files have them behind a line."""
    for index, glyph in enumerate(glyphs):
        if glyph.text.isspace():
            beside = glyphs[max(index - 1, 0) : index + 2]
            inner = glyph.x + _INTO * size
            if any(
                other.left + _INTO * size < inner < other.right - _INTO * size
                for other in beside
                if not other.text.isspace()
            ):
                continue
        yield glyph


def _glyph(letters: Sequence[Letter], flipped: bool) -> _Glyph:
    text = "".join(letter.sign for letter in letters)
    if len(text) > 1 and RIGHT_TO_LEFT.search(text):
        inside_out = text[-1] == _LAM and text[0] in _ALEFS
        sure = inside_out or (text[0] == _LAM and text[-1] in _ALEFS)
        if inside_out or (flipped and not sure):
            text = text[::-1]
    first = letters[0]
    return _Glyph(text, first.x, first.left, first.right)


def _is_mark(text: str) -> bool:
    return all(unicodedata.combining(sign) for sign in text)


def _under(mark: _Glyph, bases: Sequence[_Glyph]) -> _Glyph:
    middle = (mark.left + mark.right) / 2
    letters = [glyph for glyph in bases if not glyph.text.isspace()] or bases
    return min(letters, key=lambda glyph: max(glyph.left - middle, middle - glyph.right, 0.0))


def _spaced(glyphs: Sequence[_Glyph], size: float) -> Iterator[str]:
    """Return a line from left to right, with a space where there is a gap."""
    before: _Glyph | None = None
    for glyph in glyphs:
        if before is not None and not glyph.text.isspace() and not before.text.isspace():
            turned = RIGHT_TO_LEFT.search(glyph.text) or RIGHT_TO_LEFT.search(before.text)
            if glyph.left - before.right > (_GAP if turned else _GAP_LATIN) * size:
                yield " "
        yield glyph.seen
        before = glyph


def _logical(seen: str) -> str:
    """Return a line in the order of reading that looks like this from left to right."""
    seen = seen.strip()
    found = len(RIGHT_TO_LEFT.findall(seen))
    if not found:
        return seen
    latin = len(_LETTER.findall(seen)) - found
    bidi = icu.Bidi()
    bidi.setReorderingMode(icu.UBiDiReorderingMode.INVERSE_LIKE_DIRECT)
    # It looks at the string for as long as it lives.
    held = icu.UnicodeString(seen)
    bidi.setPara(held, 0 if latin > 2 * found else 1)
    return _UNPAIRED.sub(r"(\1)", str(bidi.writeReordered(icu.Bidi.DO_MIRRORING)))
