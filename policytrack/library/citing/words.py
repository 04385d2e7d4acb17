"""Say the words of a citation in the languages of the site.

The words are those of the CSL locales where these are right; in French "consulté le", and ordinal
first days, in Arabic its own comma, the joined "و" and the months as the UN writes them are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from policytrack.core.i18n import ARABIC_MONTHS


@dataclass(frozen=True, slots=True)
class Words:
    """Hold the words and signs of one language."""

    comma: str
    semicolon: str
    ampersand: str
    conjunction: str
    et_al: str
    no_date: str
    retrieved: str
    accessed: str
    page: str
    pages: str
    number: str
    quotes: tuple[str, str]
    stop_inside_quotes: bool
    months: tuple[str, ...]
    month: str
    day: str
    within_year: str

    def date(self, parts: tuple[int, ...]) -> str:
        """Return a date as far as it is known: `March 1, 2020`."""
        if len(parts) < 2:
            return f"{parts[0]}" if parts else ""
        month = self.months[parts[1] - 1]
        if len(parts) == 2:
            return self.month.format(month=month, year=parts[0])
        return self.day.format(month=month, year=parts[0], day=self._day(parts[2]))

    def year_first(self, parts: tuple[int, ...]) -> str:
        """Return a date as APA gives it: `2020, March 1`."""
        if len(parts) < 2:
            return f"{parts[0]}" if parts else self.no_date
        month = self.months[parts[1] - 1]
        if len(parts) == 2:
            return f"{parts[0]}{self.comma}{month}"
        rest = self.within_year.format(month=month, day=self._day(parts[2]))
        return f"{parts[0]}{self.comma}{rest}"

    def _day(self, day: int) -> str:
        return "1er" if day == 1 and self is WORDS["fr"] else f"{day}"

    def label(self, pages: tuple[str, str]) -> str:
        """Return pages with their label: `p. 12`, `pp. 12–14`."""
        first, last = pages
        if not first:
            return ""
        several = last or "," in first
        return f"{self.pages if several else self.page}\u00a0{span(pages)}"


def span(pages: tuple[str, str]) -> str:
    """Return pages as they are printed."""
    return "–".join(filter(None, pages))


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "en": Words(
            comma=", ",
            semicolon="; ",
            ampersand="& ",
            conjunction="and ",
            et_al="et al.",
            no_date="n.d.",
            retrieved="Retrieved {date}, from",
            accessed="Accessed {date}",
            page="p.",
            pages="pp.",
            number="No.",
            quotes=("“", "”"),
            stop_inside_quotes=True,
            months=(
                "January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December",
            ),
            month="{month} {year}",
            day="{month} {day}, {year}",
            within_year="{month} {day}",
        ),
        "fr": Words(
            comma=", ",
            semicolon="; ",
            ampersand="& ",
            conjunction="et ",
            et_al="et al.",
            no_date="s.\u00a0d.",
            retrieved="Consulté le {date}, à l’adresse",
            accessed="Consulté le {date}",
            page="p.",
            pages="p.",
            number="N°",
            quotes=("«\u00a0", "\u00a0»"),
            stop_inside_quotes=False,
            months=(
                "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                "septembre", "octobre", "novembre", "décembre",
            ),
            month="{month} {year}",
            day="{day} {month} {year}",
            within_year="{day} {month}",
        ),
        "ar": Words(
            comma="، ",
            semicolon="؛ ",
            ampersand="و",
            conjunction="و",
            et_al="وآخرون",
            no_date="د.ت",
            retrieved="استرجع في {date}، من",
            accessed="تاريخ الوصول {date}",
            page="ص",
            pages="ص",
            number="رقم",
            quotes=("«", "»"),
            stop_inside_quotes=False,
            months=ARABIC_MONTHS,
            month="{month} {year}",
            day="{day} {month} {year}",
            within_year="{day} {month}",
        ),
    }
)  # fmt: skip


def of(language: str) -> Words:
    """Return the words of a language, else the English ones."""
    return WORDS.get(language.split("-")[0].lower(), WORDS["en"])
