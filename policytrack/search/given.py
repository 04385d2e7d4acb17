"""Read what is searched for from the address of a search."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from policytrack.search import engine
from policytrack.search.asking import question
from policytrack.search.engine import FILTERS, SORTS, Wanted


def wanted(given: MultiDict[str, str]) -> Wanted:
    """Return what an address asks for; whatever makes no sense in it counts as not said."""
    sort = given.get("sort", "")
    number = given.get("page", "")
    return Wanted(
        typed=typed(given.get("q", "")),
        filters={name: chosen for name in FILTERS if (chosen := engine.codes(given.getlist(name)))},
        sort=sort if sort in SORTS else SORTS[0],
        page=int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1,
        exact=engine.codes(given.getlist("exact")),
        expand=given.get("expand") != "no",
    )


def typed(words: str) -> str:
    """Return what was typed on one line, one character longer than is read where it is longer."""
    return question.tidy(words[: 20 * question.LONGEST])[: question.LONGEST + 1]
