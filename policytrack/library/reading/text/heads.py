"""Leave out what stands on most pages only because they are pages: heads, feet, page numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

FEWEST_PAGES = 4
# How much of a page's top and bottom may be a head or a foot.
_LINES = 4
_LONGEST = 160
# Left and right pages have heads of their own, which then stand on less than half of all.
_SHARE = 0.4
_FEWEST = 4
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,8}")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
# What counts up from page to page may also be the law itself.
_OF_THE_LAW = re.compile(
    r"\W*(art(icle|icles|ículo|ikel|igo)?\b|sec(tion|ción)?\b|rule\b|regulation\b|clause\b|chap"
    r"|part\b|pasal\b|bab\b|mada\b|§|المادة|مادة|ماده|الفصل|الباب|มาตรา|ข้อ|หมวด|điều)",
    re.IGNORECASE,
)


def without_heads(pages: Sequence[str]) -> list[str]:
    """Return the pages without lines that repeat at the top or bottom of many of them.

    A line counts as the same when only its page number moves on with the pages. Short documents
    stay as they are, as nothing can be known of them, and so does the first page: there a head is
    the document's own title.
    """
    if len(pages) < FEWEST_PAGES:
        return list(pages)
    split = [page.split("\n") for page in pages]
    edges = [
        {line: list(_keys(line, index)) for line in (*lines[:_LINES], *lines[-_LINES:])}
        for index, lines in enumerate(split)
    ]
    counts: Counter[str] = Counter()
    for keys in edges:
        counts.update(set(chain.from_iterable(keys.values())))
    least = max(_FEWEST, int(_SHARE * len(pages)))
    heads = {key for key, count in counts.items() if count >= least}
    if not heads:
        return list(pages)
    rest = (
        _without(lines, {line for line in keys if not line or not heads.isdisjoint(keys[line])})
        for lines, keys in zip(split[1:], edges[1:], strict=True)
    )
    return [pages[0], *rest]


def _without(lines: list[str], heads: set[str]) -> str:
    first, last = 0, len(lines)
    while first < min(_LINES, last) and lines[first] in heads:
        first += 1
    while last > max(len(lines) - _LINES, first) and lines[last - 1] in heads:
        last -= 1
    return "\n".join(lines[first:last]).strip("\n")


def _keys(line: str, index: int) -> Iterator[str]:
    """Return what a line is counted as: itself, and itself with a number relative to its page."""
    if len(line) > _LONGEST:
        return
    line = line.casefold()
    numbers = list(_NUMBER.finditer(line))
    if not numbers:
        if _ROMAN.fullmatch(line):
            yield f"#{_roman(line) - index}"
        # A lone sign or letter is as likely a bullet or a row of a table.
        elif len(line) > 3:
            yield line
        return
    if len(line) > 3 and not _NUMBER.fullmatch(line):
        yield line
    if _OF_THE_LAW.match(line) or len(numbers) > 6:
        return
    for number in numbers:
        if len(number[0]) <= 5:
            relative = _value(number[0]) - index
            yield f"{line[: number.start()]}#{relative}{line[number.end() :]}"


def _value(digits: str) -> int:
    return int("".join(str(unicodedata.digit(digit, 0)) for digit in digits))


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[sign] for sign in text]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )
