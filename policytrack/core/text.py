"""Cut texts where a reader of their script would, and set names apart in sentences."""

from __future__ import annotations

import icu


def excerpt(text: str, limit: int = 240) -> str:
    """Return the beginning of a text, cut between words of its script, never inside a letter.

    `limit` is in code points. Paragraphs run on; what was cut ends in an ellipsis.
    """
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    breaks = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    # ICU counts UTF-16 units; the text is short enough to cut it in that measure.
    unit = icu.UnicodeString(flat)
    breaks.setText(unit)
    end = breaks.preceding(min(limit, len(unit)) + 1)
    if end < limit // 2:
        characters = icu.BreakIterator.createCharacterInstance(icu.Locale.getRoot())
        characters.setText(unit)
        end = characters.preceding(limit + 1)
    return str(unit[:end]).rstrip(" ,;:–،؛") + "…"


def isolated(name: str) -> str:
    """Return a name that the sentence around it cannot turn: 2025-26 after Arabic letters."""
    return f"\u2068{name}\u2069"
