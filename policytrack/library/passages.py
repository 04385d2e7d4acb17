"""Find paragraphs, sentences and quoted passages in the text of a page.

Places are counted in characters of the page's text as it is stored, so that a passage can be cut
out of it letter for letter and marked in it again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import icu

from policytrack.library.finding import Span, Units

# What a line end that is kept stands as: Unicode's line separator.
BREAK = "\u2028"
# A line that is nearly as long as the longest of its page was broken by the page's edge.
_FILLED, _NARROW = 0.75, 40
# What begins an item of a list, or an article, stands on a line of its own.
_ITEM = re.compile(r"\s*(?:[-–•*·▪●○§(]|\w{1,4}[.)]\s|\d+(?:\.\d+)*\s)")
# Scripts that end no sentence with a sign are offered by the clause: no piece is longer.
_LONGEST_PIECE = 400


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Hold a paragraph and where in the page it begins.

    Its text has as many characters as it has in the page: line ends that only the page's edge
    made are line feeds, those that mean something are `BREAK`.
    """

    start: int
    text: str


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a page, which blank lines part."""
    longest = max(map(len, text.split("\n")))
    at = 0
    for part in text.split("\n\n"):
        bare = part.strip("\n")
        if bare.strip():
            yield Paragraph(at + part.index(bare), _broken(bare, longest))
        at += len(part) + 2


def _broken(text: str, longest: int) -> str:
    """Return a paragraph in which only the line ends that mean something are kept as such.

    A line that fills the page's measure runs on, so that the text can be read on a telephone. The
    others become separators; no character is added or lost.
    """
    lines = text.split("\n")
    kept = [lines[0]]
    for line, following in pairwise(lines):
        fills = longest > _NARROW and len(line) > _FILLED * longest
        kept.append("\n" if fills and not _ITEM.match(following) else BREAK)
        kept.append(following)
    return "".join(kept)


def sentences(text: str, language: str) -> Sequence[Sequence[Span]]:
    """Return where the sentences of a page stand, paragraph by paragraph, without outer spaces.

    ICU parts them by the rules of the language. What it leaves longer than a reader takes for a
    sentence, as in scripts that end none with a sign, is parted where a line may break.
    """
    # "No. 5" and "e.g." end no sentence.
    locale = icu.Locale(f"{language or 'root'}@ss=standard")
    found = []
    for paragraph in paragraphs(text):
        running = paragraph.text.replace("\n", " ")
        spans = [
            piece
            for span in _parted(running, icu.BreakIterator.createSentenceInstance(locale))
            for piece in _pieces(running, span, locale)
        ]
        trimmed = [_trimmed(running, span) for span in spans]
        found.append(
            [
                (paragraph.start + start, paragraph.start + end)
                for start, end in trimmed
                if start < end
            ]
        )
    return found


def _parted(text: str, breaks: icu.BreakIterator) -> list[Span]:
    units = Units(text)
    breaks.setText(text)
    places = [0, *(units.index(place) for place in breaks)]
    return list(pairwise(places))


def _pieces(text: str, span: Span, locale: icu.Locale) -> Iterator[Span]:
    start, end = span
    if end - start <= _LONGEST_PIECE:
        yield span
        return
    inside = text[start:end]
    places = [place for _, place in _parted(inside, icu.BreakIterator.createLineInstance(locale))]
    at = 0
    while len(inside) - at > _LONGEST_PIECE:
        near = [place for place in places if at < place <= at + _LONGEST_PIECE]
        # After a space or a comma rather than between two words that are written together.
        spaced = [place for place in near if inside[place - 1].isspace()]
        following = (spaced or near or [at + _LONGEST_PIECE])[-1]
        yield start + at, start + following
        at = following
    yield start + at, end


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip())


def locate(text: str, quoted: str, near: int = 0) -> Span | None:
    """Return where on a page a quoted passage stands; None where it does not.

    White space, line ends and signs that nobody sees are left aside on both sides; every letter
    has to be there. Of several places it is the one nearest to `near`.
    """
    places = [place for place, sign in enumerate(text) if _is_seen(sign)]
    wanted = "".join(sign for sign in quoted if _is_seen(sign))
    if not wanted:
        return None
    bare = "".join(text[place] for place in places)
    found = []
    at = bare.find(wanted)
    while at >= 0:
        found.append((places[at], places[at + len(wanted) - 1] + 1))
        at = bare.find(wanted, at + 1)
    return min(found, key=lambda span: abs(span[0] - near), default=None)


def _is_seen(sign: str) -> bool:
    return not sign.isspace() and unicodedata.category(sign) not in {"Cc", "Cf"}
