"""Put words in order that a file draws from the end of each line to its beginning.

Programs that set a translation in the frame of an Arabic text do this: the letters of each word
are in order, the words are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from policytrack.library.reading.righttoleft import Letter, lines_of

# Of a page, so many of its longer lines are looked at.
LINES, LONG = 8, 20
_FEWEST, _SHARE = 2, 0.6
# In parts of the size of the letters: what still belongs to a word, and what is a space.
_NEAR, _GAP = 0.3, 0.12


def are_backwards(ends: Sequence[tuple[float, float]]) -> bool:
    """Tell from where lines begin and end, from left to right, whether they run backwards."""
    turned = sum(last < first for first, last in ends)
    return turned >= _FEWEST and turned > _SHARE * len(ends)


def cannot_be(ends: Sequence[tuple[float, float]]) -> bool:
    """Tell whether so many lines run forwards that it does not matter where the others do."""
    return sum(last >= first for first, last in ends) >= (1 - _SHARE) * LINES


def text_of(letters: Iterable[Letter]) -> str:
    """Return the text of a page with its words from left to right."""
    return "\n".join(filter(None, map(_read, lines_of(letters))))


def _read(line: Sequence[Letter]) -> str:
    pieces: list[list[Letter]] = []
    for letter in line:
        if letter.sign.isspace():
            pieces.append([])
            continue
        before = pieces[-1][-1] if pieces and pieces[-1] else None
        if before is None or abs(letter.left - before.right) > _NEAR * letter.size:
            pieces.append([])
        pieces[-1].append(letter)
    words = sorted(filter(None, pieces), key=lambda piece: piece[0].left)
    text = "".join(letter.sign for letter in words[0]) if words else ""
    for before_it, word in pairwise(words):
        apart = word[0].left - before_it[-1].right > _GAP * word[0].size
        text += (" " if apart else "") + "".join(letter.sign for letter in word)
    return text
