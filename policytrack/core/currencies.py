"""Know the currencies of the world by their codes (ISO 4217), and write sums of them."""

from __future__ import annotations

from decimal import Decimal

from babel.core import get_global
from babel.numbers import get_currency_name

from policytrack.core.i18n import collated, format_number, language

# Those that are legal tender somewhere today. Source: CLDR's supplemental data, as Babel has it.
CODES: frozenset[str] = frozenset(
    code
    for used in get_global("territory_currencies").values()
    for code, _since, until, is_tender in used
    if until is None and is_tender
)


def choices() -> list[tuple[str, str]]:
    """Return (code, `code, name`) of every currency, in the order of the codes."""
    spoken = language().code
    comma = "،" if spoken == "ar" else ","
    named = [
        (code, f"{code}{comma} {get_currency_name(code, locale=spoken)}") for code in sorted(CODES)
    ]
    return collated(named, [code for code, _words in named], "en")


def money(amount: Decimal, code: str) -> str:
    """Return a sum with the code of its currency, `1,500 NPR`, which no line end parts."""
    return f"{format_number(amount)}\u00a0{code}"
