"""Read a cell as its column asks; one value has one text, so that texts can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from policytrack.core import codes, emails
from policytrack.core.forms import clean, clean_line, latin_digits, parse_number
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.text import isolated
from policytrack.reporting.workbook.columns import Column, Type
from policytrack.reporting.workbook.reading import Cell

_EXCEL_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SEPARATORS = re.compile(r"[;؛,،\n]")
_DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
_TRUE = frozenset({"yes", "y", "true", "1", "x", "نعم", "oui"})
_FALSE = frozenset({"no", "n", "false", "0", "لا", "non"})
# Days that spreadsheets count from here on are dates from 1927; below, somebody typed a year.
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 109_574
_START: Mapping[int, date] = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}


class Unfit(ValueError):
    """Refuse a cell, with a sentence."""

    def __init__(self, sentence: object) -> None:
        super().__init__()
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Listed:
    """Hold the codes of one list: as they are written here, by how they are compared."""

    name: str
    codes: Mapping[str, str]
    retired: frozenset[str] = frozenset()

    @classmethod
    def of(cls, name: str, known: Mapping[str, bool] | tuple[str, ...]) -> Listed:
        """Return a list from its codes; a mapping says which of them are offered no more."""
        retired = known if isinstance(known, Mapping) else {}
        return cls(
            name,
            {code.casefold(): str(code) for code in known},
            frozenset(code for code, gone in retired.items() if gone),
        )

    def find(self, text: str) -> str:
        """Return the code that is meant; raise `Unfit` for one that the list does not have."""
        found = self.codes.get(text.casefold())
        if found is None:
            raise Unfit(
                _(
                    "“%(code)s” is not in the list of %(list)s; the sheet “Codes” has them all.",
                    code=isolated(text[:60]),
                    list=self.name,
                )
            )
        return found


Lists = Mapping[str, Listed]


def value(column: Column, cell: Cell, lists: Lists, epoch: int) -> str:
    """Return the one text of what a cell says; raise `Unfit` where it cannot be that."""
    if cell.kind == "formula":
        raise Unfit(
            _(
                "This cell holds a formula. Copy the column and paste it as values: only those"
                " count."
            )
        )
    if cell.kind == "error":
        raise Unfit(_("This cell holds an error (%(error)s).", error=cell.value))
    if column.type is Type.DATE:
        return _day(cell, epoch)
    if cell.kind in {"date", "other"}:
        # “3-4” typed into a cell of general format has become a date already.
        raise Unfit(_("This cell holds a date or a time. Format it as text and write it again."))
    return _of_type(column, _text(cell), lists)


def _text(cell: Cell) -> str:
    """Return a cell as text; a number as it is seen."""
    if cell.kind == "truth":
        return "yes" if cell.value else "no"
    if cell.kind == "number":
        number = float(cell.value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"
    return _EXCEL_ESCAPE.sub(lambda found: chr(int(found[1], 16)), str(cell.value))


def escaped(text: str) -> str:
    """Return a text so that no program takes `_x000D_` in it for a sign of its own."""
    return _EXCEL_ESCAPE.sub(r"_x005F_x\1_", text)


def _of_type(column: Column, raw: str, lists: Lists) -> str:
    if column.type is Type.TEXT:
        return _bounded(column, clean(raw))
    if column.type is Type.SOME:
        parts = [clean_line(part) for part in _SEPARATORS.split(raw)]
        return ";".join(sorted({lists[column.of].find(part) for part in parts if part}))
    text = clean_line(raw)
    if not text:
        return ""
    match column.type:
        case Type.ONE:
            return lists[column.of].find(text)
        case Type.KEY:
            return _key(column, text)
        case Type.MAIL:
            return _mail(text)
        case Type.FLAG:
            return _flag(text)
        case Type.WHOLE:
            return _whole(column, text)
        case Type.DECIMAL:
            return _decimal(text)
    return _bounded(column, text)


def _bounded(column: Column, text: str) -> str:
    if len(text) > column.most:
        raise Unfit(
            _(
                "This is longer than %(most)s characters (it has %(length)s).",
                most=column.most,
                length=len(text),
            )
        )
    return text


def _key(column: Column, text: str) -> str:
    if not codes.is_code(text) or len(text) > column.most:
        raise Unfit(
            _(
                "“%(text)s” cannot be a key: use up to %(most)s Latin letters, digits, points and"
                " hyphens, beginning with a letter or digit.",
                text=isolated(text[:60]),
                most=column.most,
            )
        )
    return text


def _mail(text: str) -> str:
    try:
        return emails.parse(text)
    except ValueError:
        raise Unfit(_("Write a mail address, such as name@example.org.")) from None


def _flag(text: str) -> str:
    if text.casefold() in _TRUE:
        return "yes"
    if text.casefold() in _FALSE:
        return ""
    raise Unfit(_("Write “yes” or leave the cell empty."))


def _whole(column: Column, text: str) -> str:
    digits = latin_digits(text)
    if not re.fullmatch(r"[0-9]{1,6}", digits) or int(digits) > column.most:
        raise Unfit(
            _("Write a whole number between %(least)s and %(most)s.", least=0, most=column.most)
        )
    return str(int(digits))


def _decimal(text: str) -> str:
    try:
        number = parse_number(text)
    except ValueError:
        raise Unfit(
            _("Write a number without a sign and with at most two decimals, such as 61.5.")
        ) from None
    return of_number(number)


def of_number(number: Decimal | None) -> str:
    """Return the one text of a number."""
    return "" if number is None else format(number.normalize(), "f")


def _day(cell: Cell, epoch: int) -> str:
    wrong = Unfit(_("Write a date as year-month-day, such as 2027-03-31."))
    if cell.kind == "number":
        number = float(cell.value)
        if not (number.is_integer() and _FIRST_SERIAL <= number <= _LAST_SERIAL):
            raise wrong
        return (_START[epoch] + timedelta(days=int(number))).isoformat()
    if cell.kind == "date":
        moment = datetime.fromisoformat(cell.value)
        if moment.time() != datetime.min.time() or not 1900 <= moment.year < 2200:
            raise wrong
        return moment.date().isoformat()
    text = latin_digits(clean_line(_text(cell)))
    if not text:
        return ""
    try:
        if not _DAY.fullmatch(text):
            raise wrong
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise wrong from None
