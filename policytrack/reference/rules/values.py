"""Read and write the text of a cell; one value has one text, so that texts can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from policytrack.core.i18n import lazy_gettext as _
from policytrack.reference.rules.columns import LANGUAGES, YES, Column, Type

# Control characters but tab and line feed; and the overrides of direction, which make a text show
# other than it is.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ufff9-\ufffb]")
_DAY = r"(?:19|20|21)\d\d-\d\d-\d\d"
_NUMBERS = {Type.WHOLE: r"[0-9]{1,15}", Type.DECIMAL: r"[0-9]{1,12}(\.[0-9])?"}


class Unfit(ValueError):
    """Refuse a cell, with a sentence."""

    def __init__(self, sentence: object) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def listed(text: str) -> list[str]:
    """Return the parts of a list, each once."""
    parts = (part.strip() for part in text.split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def parse(column: Column, given: str) -> str:
    """Return the one text of what a cell says; raise `Unfit` where it cannot be that."""
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _FORBIDDEN.search(text):
        raise Unfit(_("there is a control character, or one that turns the direction of a text"))
    if not text:
        if column.required:
            raise Unfit(_("this must not be empty"))
        return ""
    if column.type is Type.LINE:
        text = re.sub(r"[ \t]+", " ", text)
    return _of_type(column, text)


def _of_type(column: Column, text: str) -> str:
    match column.type:
        case Type.WHOLE | Type.DECIMAL:
            return _number(column, text)
        case Type.DATE:
            return _day(text).isoformat()
        case Type.PARTIAL:
            return _partial(text)
        case Type.FLAG:
            if text != YES:
                raise Unfit(_("this is “yes” or empty, not “%(text)s”", text=text))
        case Type.CHOICE:
            words = [code for code, _words in column.choices]
            if text not in words:
                known = ", ".join(words)
                raise Unfit(_("“%(text)s” is none of %(known)s", text=text, known=known))
        case Type.CODES:
            return ";".join(sorted(listed(text)))
        case Type.WORDS:
            text = ";".join(listed(text))
    return _bounded(column, text)


def _bounded(column: Column, text: str) -> str:
    if column.type in {Type.LINE, Type.CODE} and "\n" in text:
        raise Unfit(_("this is one line only"))
    if len(text) > column.most:
        raise Unfit(
            _(
                "this is longer than %(most)s characters (it has %(length)s)",
                most=column.most,
                length=len(text),
            )
        )
    if column.pattern and not re.fullmatch(column.pattern, text):
        raise Unfit(_("“%(text)s” has not the form of such a code", text=text))
    return text


def _number(column: Column, text: str) -> str:
    if not re.fullmatch(_NUMBERS[column.type], text):
        if column.type is Type.WHOLE:
            raise Unfit(_("“%(text)s” is not a whole number", text=text))
        raise Unfit(_("“%(text)s” is not a number with at most one decimal", text=text))
    value = Decimal(text)
    if not column.least <= value <= column.most:
        raise Unfit(
            _(
                "%(text)s is not between %(least)s and %(most)s",
                text=text,
                least=column.least,
                most=column.most,
            )
        )
    return "" if column.nought_is_unknown and not value else format(value.normalize(), "f")


def _day(text: str) -> date:
    try:
        if not re.fullmatch(_DAY, text, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise Unfit(
            _("“%(text)s” is not a date written year-month-day, such as 2027-03-31", text=text)
        ) from None


def _partial(text: str) -> str:
    full = text + "-01-01"[3 * text.count("-") :]
    try:
        _day(full)
    except Unfit:
        raise Unfit(
            _("“%(text)s” is not a year, a month (2014-12) or a day (2014-12-31)", text=text)
        ) from None
    return text


def stored(column: Column, text: str) -> Any:
    """Return what the mapped class keeps of a text; not for codes of several rows."""
    match column.type:
        case Type.FLAG:
            return text == YES
        case Type.WORDS:
            return listed(text)
        case Type.WHOLE:
            return int(text) if text else None
        case Type.DECIMAL:
            return Decimal(text) if text else None
        case Type.DATE:
            return date.fromisoformat(text) if text else None
        case Type.CODE:
            return text or None
    return text


def canonical(column: Column, value: Any) -> str:
    """Return the one text of what the mapped class keeps."""
    if value is None or value is False:
        return ""
    match column.type:
        case Type.FLAG:
            return YES
        case Type.CODES:
            return ";".join(sorted(value))
        case Type.WORDS:
            return ";".join(value)
        case Type.DECIMAL:
            return format(Decimal(value).normalize(), "f")
    return str(value)


def missing_languages(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Return the languages in which something stands in English but not in them."""
    have = {language for language, text in texts if text}
    return [code for code in LANGUAGES if code not in have] if "en" in have else []


def folded(text: str) -> str:
    """Return a text for finding it: without case, accents and vowel signs."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
