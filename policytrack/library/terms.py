"""Say what a law lays down on one point: what a term may hold, and how it is kept in one cell.

Pure decisions: what columns there are for which theme is reference data (`LawColumn`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from policytrack.core import currencies, languages
from policytrack.core.i18n import lazy_gettext as _

VALUE_LENGTH = 2_000
ARTICLE_LENGTH = 100
MOST_TERMS = 150
LAST_PAGE = 99_999
_LARGEST = Decimal(10) ** 14
_HUNDREDTH = Decimal("0.01")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class ColumnKind(StrEnum):
    """Name what a column asks for; whatever it is, words can stand beside it."""

    TEXT = "text"
    CHOICE = "choice"
    AMOUNT = "amount"  # a sum of money
    NUMBER = "number"  # of the column's unit: days, hours a week


@dataclass(frozen=True, slots=True)
class Term:
    """Hold what a law says on one point, and where: article, and page of its first file.

    `choice` is the code of one of the column's choices, `value` the words, in `language`; empty
    where they are in the language of the document.
    """

    column: str
    choice: str = ""
    amount: Decimal | None = None
    currency: str = ""
    value: str = ""
    language: str = ""
    article: str = ""
    page: int | None = None

    @property
    def says(self) -> bool:
        """Tell whether it says anything: where, without what, says nothing."""
        return bool(self.choice or self.value or self.amount is not None)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing at all was filled in."""
        return not (self.says or self.currency or self.article or self.page is not None)


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what a column asks for: its kind, and the codes of its choices."""

    kind: ColumnKind
    choices: frozenset[str] = frozenset()


def problems(term: Term, asked: Asked) -> dict[str, object]:
    """Return what is wrong with a term, a sentence for each of its fields."""
    found: dict[str, object] = {}
    if term.choice and term.choice not in asked.choices:
        found["choice"] = _("Choose one of the list.")
    if term.amount is not None:
        if asked.kind not in {ColumnKind.AMOUNT, ColumnKind.NUMBER}:
            found["amount"] = _("No number is asked for here.")
        elif not 0 <= term.amount < _LARGEST or term.amount != term.amount.quantize(_HUNDREDTH):
            found["amount"] = _("Write a number without a sign, such as 1180 or 61.5.")
    found |= _of_currency(term, asked)
    for name, most in (("value", VALUE_LENGTH), ("article", ARTICLE_LENGTH)):
        if len(getattr(term, name)) > most:
            found[name] = _("This is longer than %(max)d characters; please shorten it.", max=most)
    if term.language and term.language not in languages.CONTENT:
        found["language"] = _("Choose one of the list.")
    if term.page is not None and not 1 <= term.page <= LAST_PAGE:
        found["page"] = _("Write the number of a page, such as 4.")
    if not found and not term.says and not term.is_blank:
        found["value"] = _("Say what the law lays down there, or empty the article and the page.")
    return found


def _of_currency(term: Term, asked: Asked) -> dict[str, object]:
    if asked.kind is not ColumnKind.AMOUNT:
        return {"currency": _("No currency is asked for here.")} if term.currency else {}
    if term.currency and term.currency not in currencies.CODES:
        return {"currency": _("Choose a currency by its code of ISO 4217, such as USD.")}
    if term.amount is not None and not term.currency:
        return {"currency": _("Say in which currency.")}
    if term.currency and term.amount is None:
        return {"amount": _("Say how much.")}
    return {}


_NAMES = tuple(each.name for each in fields(Term))


def encode(terms: Iterable[Term]) -> str:
    """Return terms as the text of one cell, which `decode` reads back without loss, in order.

    A JSON list with an object for each term; what a term does not say is left out. Empty for none.
    """
    found = [
        {
            name: _plain(getattr(each, name))
            for name in _NAMES
            if getattr(each, name) not in ("", None)
        }
        for each in in_order(terms)
    ]
    return json.dumps(found, ensure_ascii=False) if found else ""


def _plain(value: Any) -> Any:
    # A sum as text: a program that reads JSON makes a binary fraction of a number.
    return format(value, "f") if isinstance(value, Decimal) else value


def decode(cell: str) -> tuple[Term, ...]:
    """Return the terms of a cell; raise `ValueError` for what `encode` never writes."""
    if not cell.strip():
        return ()
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        raise ValueError("this is no JSON") from None
    if not isinstance(found, list) or len(found) > MOST_TERMS:
        raise ValueError("this is no list of terms")
    terms = tuple(_term(each) for each in found)
    if len({each.column for each in terms}) < len(terms):
        raise ValueError("a column stands there twice")
    return in_order(terms)


def _term(given: object) -> Term:
    if not isinstance(given, dict) or set(given) - set(_NAMES):
        raise ValueError("this is no term")
    said = {name: value for name, value in given.items() if name not in {"amount", "page"}}
    if not all(isinstance(value, str) and "\x00" not in value for value in said.values()):
        raise ValueError("a field of a term is no text")
    if not _CODE.fullmatch(said.get("column", "")):
        raise ValueError("a term names no column")
    page = given.get("page")
    if page is not None and (not isinstance(page, int) or isinstance(page, bool)):
        raise ValueError("the page of a term is no whole number")
    return Term(**said, amount=_amount(given.get("amount")), page=page)


def _amount(given: object) -> Decimal | None:
    if given is None:
        return None
    try:
        if not isinstance(given, str) or not re.fullmatch(r"\d{1,14}(\.\d{1,2})?", given):
            raise InvalidOperation
        return Decimal(given)
    except InvalidOperation:
        raise ValueError("the amount of a term is no number") from None


def in_order(given: Iterable[Term]) -> tuple[Term, ...]:
    """Return terms in their one order, by column, without those that say nothing at all."""
    said = (each for each in given if not each.is_blank)
    return tuple(sorted(said, key=lambda each: each.column))
