"""List documents: rows, and the filters with only what occurs among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from policytrack.constituents.words import GROUP_WORDS
from policytrack.core import languages
from policytrack.core.i18n import collated, format_number, label, language, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.library.models import LibraryDocument
from policytrack.library.presenters import naming
from policytrack.library.presenters.naming import Named, Standing
from policytrack.library.queries import Filters, Option
from policytrack.library.rules import Visibility
from policytrack.library.words import LEGAL_STATUS_WORDS, TYPE_WORDS


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row of the list."""

    url: str
    title: str
    language: str
    language_name: str
    type: str
    organisation: Named | None
    countries: Sequence[Named]
    issued: str
    standing: Standing | None
    restricted: bool
    embargoed: bool
    demonstration: bool


def rows(found: Sequence[LibraryDocument], now: datetime) -> list[Row]:
    """Return published documents as the list shows them."""
    return [_row(document, now) for document in found]


def _row(document: LibraryDocument, now: datetime) -> Row:
    text = document.published
    assert text is not None  # noqa: S101 - lists are of published documents
    return Row(
        url=url_for("library.show", public_id=document.public_id),
        title=text.title,
        language=text.language,
        language_name=languages.name(text.language) if text.language else "",
        type=str(TYPE_WORDS.get(text.type, "")),
        organisation=naming.organisation(document.constituent),
        countries=naming.countries(text.countries),
        issued=naming.day(text.issued),
        standing=naming.standing(text, now.date()) if text.legal_status else None,
        restricted=text.visibility == Visibility.CONSTITUENTS,
        embargoed=text.embargo_until is not None and text.embargo_until > now,
        demonstration=document.demonstration,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold one value of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """Hold one filter of a list: a select with its choices, in groups where there are any."""

    name: str
    label: str
    groups: Sequence[tuple[str, Sequence[Choice]]]


def filters_of(options: Mapping[str, Sequence[Option]], given: Filters) -> list[Filter]:
    """Return the filters that have something to choose."""

    def among(name: str, heading: str, words: Mapping[Any, Any]) -> Filter:
        used = {option.value for option in options.get(name, ())}
        pairs = [(code, str(word)) for code, word in words.items() if code in used]
        return _flat(name, heading, pairs, given)

    def labelled(name: str, heading: str) -> Filter:
        pairs = [(option.value, _label(option)) for option in options.get(name, ())]
        return _flat(name, heading, _sorted(pairs), given)

    tongues = [(each.value, languages.name(each.value)) for each in options.get("language", ())]
    found = [
        among("type", _("Kind of document"), TYPE_WORDS),
        _themes(options.get("theme", ()), given),
        labelled("country", _("Country or territory")),
        labelled("corridor", _("Corridor")),
        among("status", _("In force"), LEGAL_STATUS_WORDS),
        _flat("language", _("Language"), _sorted(tongues), given),
        labelled("sector", _("Sector")),
        labelled("target_group", _("Target group")),
        among("group", _("Submitted by"), GROUP_WORDS),
        labelled("organisation", _("Organisation")),
    ]
    return [each for each in found if any(choices for _heading, choices in each.groups)]


def _label(option: Option) -> str:
    own = label(option.labels or {})
    return f"{own} – {label(option.end_labels)}" if option.end_labels else own


def _sorted(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return collated(list(pairs), [text for _code, text in pairs], language().code)


def _flat(name: str, heading: str, pairs: Sequence[tuple[str, str]], given: Filters) -> Filter:
    chosen = getattr(given, name)
    return Filter(name, heading, [("", [Choice(*pair, pair[0] == chosen) for pair in pairs])])


def _themes(options: Sequence[Option], given: Filters) -> Filter:
    groups: list[tuple[str, Sequence[Choice]]] = []
    for area in (option for option in options if not option.parent):
        whole = Choice(area.value, _("All of this area"), given.theme == area.value)
        parts = [
            Choice(each.value, label(each.labels or {}), each.value == given.theme)
            for each in options
            if each.parent == area.value
        ]
        groups.append((label(area.labels or {}), [whole, *parts]))
    return Filter("theme", _("Theme"), groups)


def in_use(filters: Sequence[Filter], given: Filters) -> list[tuple[str, str]]:
    """Return the filters that narrow the list, as (heading, value); words have no heading."""
    found = [("", given.q)] if given.q else []
    found += [
        (each.label, choice.label)
        for each in filters
        for _heading, choices in each.groups
        for choice in choices
        if choice.chosen
    ]
    years = [(_("Issued from"), given.since), (_("Issued until"), given.until)]
    return found + [(heading, str(year)) for heading, year in years if year]


def found_sentence(total: int) -> str:
    """Return how many documents a list holds."""
    return ngettext("%(count)s document", "%(count)s documents", total, count=format_number(total))


def found_practices(total: int) -> str:
    """Return how many practices a list holds."""
    return ngettext("%(count)s practice", "%(count)s practices", total, count=format_number(total))
