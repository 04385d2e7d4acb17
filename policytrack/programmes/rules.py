"""Say what may be written of a programme, its items and its sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from policytrack.core.confidence import WEAK
from policytrack.core.errors import RuleViolation
from policytrack.core.i18n import lazy_gettext as _

SUMMARY_LENGTH = 4_000
NAME_LENGTH = 300
NAMES_LENGTH = 2_000
ITEM_LENGTH = 1_000
SOURCE_LENGTH = 2_000
# Of a free source: "12-14", "Annex II". Of a document of the library it is a number.
PAGE_LENGTH = 20
# No file of the library has so many; beyond it a number is no page.
MOST_PAGES = 20_000
# The largest number that a column of the database holds.
MOST_PEOPLE = 2_147_483_647

# How sure a fact is whose only witness is the programme itself.
OWN_WORD = "medium"


class ItemKind(StrEnum):
    """Name what an item is, in the order of the page."""

    ACHIEVEMENT = "achievement"
    LESSON = "lesson"
    FACT = "fact"


class Side(StrEnum):
    """Name on which side of migration a programme works in a country."""

    ORIGIN = "origin"
    DESTINATION = "destination"
    BOTH = "both"


def complete(women: int | None, men: int | None, total: int | None) -> int | None:
    """Return the total of a result, which follows from both parts where it was not given.

    Raises `RuleViolation` where the parts are more than the total: it can be larger than both, as
    the sex of some may not be known.
    """
    if total is None:
        return women + men if women is not None and men is not None else None
    if (women or 0) + (men or 0) > total:
        raise RuleViolation(_("Women and men are more than the total."))
    return total


def is_before(one: str, other: str) -> bool:
    """Tell whether a partial date (`2018`, `2018-05`, `2018-05-11`) lies before another."""
    exact = min(len(one), len(other))
    return one[:exact] < other[:exact]


def last_day(partial: str) -> date | None:
    """Return the day that a partial date names; None where it is less exact than that."""
    return date.fromisoformat(partial) if len(partial) == len("2018-05-11") else None


def confidence_after(before: str) -> str:
    """Return how sure a fact is once the programme's own people have written it.

    It is their word: no surer than that, and what the secretariat holds for weak stays weak.
    """
    return before if before in WEAK else OWN_WORD


def page_number(text: str, pages: int) -> int:
    """Return the number of a page of a document; `pages` is how many it has, 0 if not known.

    Raises `RuleViolation` for what is no page of it.
    """
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    if not 0 < number <= MOST_PAGES:
        raise RuleViolation(_("Write the number of a page, such as 12."))
    if pages and number > pages:
        raise RuleViolation(_("This document has no such page; its last is %(last)d.", last=pages))
    return number


def moved(order: Sequence[str], code: str, step: int) -> list[str]:
    """Return an order in which one thing stands a step earlier (-1) or later (1)."""
    found = list(order)
    place = found.index(code)
    other = place + step
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
    return found
