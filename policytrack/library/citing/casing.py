"""Put English titles into the capitals that Chicago and lawyers ask for; leave all others alone."""

from __future__ import annotations

# Articles, conjunctions, and prepositions of up to four letters (Chicago Manual, 18th edition).
_SMALL = frozenset(
    {
        "a", "an", "and", "as", "at", "but", "by", "down", "for", "from", "in", "into", "nor",
        "of", "on", "onto", "or", "over", "so", "the", "till", "to", "up", "via", "with", "yet",
    }
)  # fmt: skip


def headline(title: str, english: bool) -> str:
    """Return an English title with capitals where it has none: `Rights of Workers: A Study`.

    What has a capital anywhere (ILO, iPhone) stays.
    """
    if not english:
        return title
    words, before = [], ":"
    for word in title.split(" "):
        opens = before.endswith((":", ".", "?", "!", "—"))
        words.append(_capital(word) if word.islower() and (opens or word not in _SMALL) else word)
        before = word or before
    return " ".join(words)


def _capital(word: str) -> str:
    """Return a word with its first letter as a capital, past a bracket or quotation mark."""
    for position, letter in enumerate(word):
        if letter.isalpha():
            return word[:position] + letter.upper() + word[position + 1 :]
        if letter.isdigit():
            return word
    return word


def first_capital(text: str) -> str:
    """Return text whose first letter is a capital."""
    return text[:1].upper() + text[1:]
