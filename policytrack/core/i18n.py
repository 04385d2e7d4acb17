"""Speak the reader's language: choose it, and format dates, numbers and names in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast

import flask_babel
import icu
from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale
from flask_babel.speaklater import LazyString
from markupsafe import escape

from policytrack.core import clock

__all__ = ["gettext", "lazy_gettext", "ngettext"]


def gettext(message: str, **values: object) -> str:
    """Return a message in the reader's language."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return a message in the reader's language, in the plural form that the number asks for."""
    return str(flask_babel.ngettext(singular, plural, num, **values))


class _Later(LazyString):  # type: ignore[misc]  # Flask-Babel has no types
    """Be a message in the language of whoever reads it, spoken when it is shown.

    Flask-Babel's own passes for markup, so that what somebody typed would stand in a page as it is.
    """

    def __html__(self) -> str:
        """Return the message as text of a page."""
        return str(escape(str(self)))


def lazy_gettext(message: str, **values: object) -> LazyString:
    """Return a message that is put into the reader's language when it is shown."""
    return _Later(flask_babel.gettext, message, **values)


@dataclass(frozen=True, slots=True)
class Language:
    """Hold a language in which the site speaks."""

    code: str
    name: str
    direction: str


LANGUAGES: Mapping[str, Language] = {
    "en": Language("en", "English", "ltr"),
    "ar": Language("ar", "العربية", "rtl"),
    "fr": Language("fr", "Français", "ltr"),
}
DEFAULT = "en"
COOKIE = "language"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "sd", "ckb", "dv"})

babel = Babel()

_T = TypeVar("_T")


def init_app(app: Flask) -> None:
    """Bind translations to an application."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    babel.init_app(app, locale_selector=choose)
    # A page says hundreds of words: Flask-Babel looks up the locale and catalogue for each.
    extension: Any = app.jinja_env
    extension.install_gettext_callables(
        lambda message: _translations().ugettext(message),
        lambda one, many, number: _translations().ungettext(one, many, number),
        newstyle=True,
    )


def _translations() -> Any:
    """Return the catalogue of the present page, found once for each request."""
    if not has_request_context():
        return flask_babel.get_translations()
    if "translations" not in g:
        g.translations = flask_babel.get_translations()
    return g.translations


def choose() -> str:
    """Return the language to speak: the person's, the browser cookie's, or the one it accepts."""
    if not has_request_context():
        return DEFAULT
    actor = getattr(g, "actor", None)
    if actor is not None and actor.language in LANGUAGES:
        return str(actor.language)
    if (wanted := request.cookies.get(COOKIE, "")) in LANGUAGES:
        return wanted
    # Region and script do not matter: who reads ar-QA reads ar, even where en is accepted too.
    accepted = (tag.split("-")[0].lower() for tag, _quality in request.accept_languages)
    return next((code for code in accepted if code in LANGUAGES), DEFAULT)


def language() -> Language:
    """Return the language of the present page."""
    if has_request_context() and "language" in g:
        return cast(Language, g.language)
    locale = get_locale()
    found = LANGUAGES.get(locale.language if locale else DEFAULT, LANGUAGES[DEFAULT])
    if has_request_context():
        g.language = found
    return found


def direction(code: str) -> str:
    """Return `rtl` or `ltr` for any language tag."""
    return "rtl" if code.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def label(labels: Mapping[str, str], wanted: str | None = None) -> str:
    """Return a label in the reader's language, else in English, else in any."""
    code = wanted or language().code
    return labels.get(code) or labels.get("en") or next(iter(labels.values()), "")


def label_language(labels: Mapping[str, str], wanted: str | None = None) -> str:
    """Return the language in which `label` speaks."""
    code = wanted or language().code
    return code if labels.get(code) else "en" if labels.get("en") else next(iter(labels), "en")


def designations() -> str:
    """Return the United Nations' disclaimer, due wherever countries and territories are named."""
    return gettext(
        "The designations employed and the presentation of material do not imply any opinion on"
        " the legal status of any country, territory, city or area or of its authorities, or on"
        " its frontiers or boundaries."
    )


def collated(things: Sequence[_T], names: Sequence[str], code: str) -> list[_T]:
    """Return things in the order in which a reader of that language expects their names."""
    key = icu.Collator.createInstance(icu.Locale(code)).getSortKey
    paired = sorted(zip(names, range(len(things)), strict=True), key=lambda pair: key(pair[0]))
    return [things[position] for _, position in paired]


# Arabic readers from Morocco to Iraq know different names for the same month, so the UN writes
# both. Source: the practice of the UN's and the ILO's Arabic pages.
ARABIC_MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيو",
    "تموز/يوليو",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)


def format_date(day: date | datetime | None, code: str | None = None) -> str:
    """Return a day that no reader can mistake: `5 Dec 2023`; empty for None."""
    if day is None:
        return ""
    code = code or language().code
    if code == "ar":
        return f"{day.day} {ARABIC_MONTHS[day.month - 1]} {day.year}"
    written = babel_date(day, "d MMM y", locale=code)
    # The first of a month is an ordinal in French, and nowhere else.
    return f"1er{written[1:]}" if code == "fr" and day.day == 1 else written


def format_month(day: date, code: str | None = None) -> str:
    """Return a month with its year: `Dec 2023`."""
    code = code or language().code
    if code == "ar":
        return f"{ARABIC_MONTHS[day.month - 1]} {day.year}"
    return babel_date(day, "MMM y", locale=code)


def iso(day: date | datetime) -> str:
    """Return a day, or a moment to its second, as programs read it."""
    return day.isoformat(timespec="seconds") if isinstance(day, datetime) else day.isoformat()


def format_datetime(moment: datetime | None, code: str | None = None) -> str:
    """Return a moment with its minute, in UTC and saying so; empty for None."""
    if moment is None:
        return ""
    code = code or language().code
    comma = "،" if code == "ar" else ","
    return f"{format_date(moment, code)}{comma} {babel_time(moment, 'HH:mm', locale='en')} UTC"


def ago(moment: date | datetime | None, today: date | None = None) -> str:
    """Return how many days, months or years ago that was; empty for None."""
    if moment is None:
        return ""
    day = moment.date() if isinstance(moment, datetime) else moment
    days = ((today or clock.now().date()) - day).days
    if days == 0:
        return gettext("today")
    if days < 0:
        return ngettext("in %(num)d day", "in %(num)d days", -days)
    if days < 120:
        return ngettext("%(num)d day ago", "%(num)d days ago", days)
    if days < 730:
        return ngettext("%(num)d month ago", "%(num)d months ago", days // 30)
    return ngettext("%(num)d year ago", "%(num)d years ago", days // 365)


def format_number(value: int | float | Decimal | None) -> str:
    """Return a number in the reader's way of writing, with Latin digits; empty for None."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and 0 <= value < 1000 and not value % 1:
        return str(int(value))  # nothing to group: most numbers of a page, and Babel is slow
    code = language().code
    return format_decimal(value, locale="en" if code == "ar" else code)


def format_size(size: int) -> str:
    """Return the size of a file in thousands of bytes or more, `2.5 kB`; nothing is `0 kB`."""
    tenths = -(-size // 100)
    if tenths < 10_000:
        return gettext("%(number)s kB", number=format_number(Decimal(tenths) / 10))
    tenths //= 1000
    if tenths < 10_000:
        return gettext("%(number)s MB", number=format_number(Decimal(tenths) / 10))
    return gettext("%(number)s GB", number=format_number(Decimal(tenths // 1000) / 10))


def format_percent(value: int | float | Decimal | None) -> str:
    """Return a percentage, `75 %`, with a space that does not break; empty for None."""
    return "" if value is None else f"{format_number(value)}\u00a0%"
