"""Write two of our fields into one cell of another database, and read them back.

What is usual is written as usual; only where that would be read as something else a backslash
takes a sign its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Two = tuple[str, str]
# A dash parts two dates; a hyphen does so between spaces or between years alone.
_UNPARTED = r"((?:\\[\\–—-]|\\(?![\\–—-])|[^\\–—])*?)"
_PARTED = re.compile(
    rf"{_UNPARTED}(?:\s*[–—]\s*|\s+-\s+|(?<=^\d{{4}})-(?=\d{{4}}$))(.*)", re.DOTALL
)
_MARKED_DASH = re.compile(r"\\([\\–—-])")
_DASH = re.compile(r"[\\–—-]")
# Funders stand on lines of their own, after the partners.
_FUNDERS = re.compile(r"^[ \t]*(?:funders?|donors?)[ \t]*:[ \t]*", re.IGNORECASE | re.MULTILINE)
_BEFORE_FUNDERS = re.compile(r"^(?=\\*[ \t]*(?:funders?|donors?)[ \t]*:)", re.I | re.M)
_MARKED_FUNDERS = re.compile(r"^\\(?=\\*[ \t]*(?:funders?|donors?)[ \t]*:)", re.I | re.M)


def split_dates(text: str) -> Two:
    """Return a beginning and an end: `2016 – Present`, `2016`, `– 2018`."""
    found = _PARTED.fullmatch(text.strip())
    start, end = found.groups() if found else (text, "")
    return _unmarked(start), _unmarked(end)


def _unmarked(text: str) -> str:
    return _MARKED_DASH.sub(r"\1", text.strip())


def join_dates(start: str, end: str) -> str:
    """Return a beginning and an end as one text, which `split_dates` reads back."""
    plain = f"{start} – {end}".strip() if end else start
    if split_dates(plain) == (start, end):
        return plain
    marked = [_DASH.sub(r"\\\g<0>", each) for each in (start, end)]
    return f"{marked[0]} – {marked[1]}".strip() if end else marked[0]


def split_partners(text: str) -> Two:
    """Return partners, and the funders after a line that begins with `Funders:` or `Donors:`."""
    found = _FUNDERS.search(text)
    partners, funders = (text[: found.start()], text[found.end() :]) if found else (text, "")
    return _MARKED_FUNDERS.sub("", partners.strip()), funders.strip()


def join_partners(partners: str, funders: str) -> str:
    """Return partners and funders as one text, which `split_partners` reads back."""
    marked = _BEFORE_FUNDERS.sub(r"\\", partners)
    return f"{marked}\nFunders: {funders}".strip() if funders else marked


# Of each pair of fields, how it is written and read.
PAIRS: Mapping[Two, tuple[Callable[[str, str], str], Callable[[str], Two]]] = {
    ("start", "end"): (join_dates, split_dates),
    ("partners", "funders"): (join_partners, split_partners),
}
