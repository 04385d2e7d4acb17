"""Show the timeline of dialogues, and one dialogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from policytrack.core.i18n import label, label_language
from policytrack.core.i18n import lazy_gettext as _
from policytrack.dialogues.models import Dialogue
from policytrack.pages.presenters.meetings import DialogueLine, dialogue_lines
from policytrack.pages.presenters.terms import Term, country_term, country_terms, theme_terms

# Series that are known by a name; any other goes by its own word.
_SERIES: Mapping[str, Any] = {
    "abu-dhabi-dialogue": _("Abu Dhabi Dialogue"),
    "africa-arab-states": _("Africa and Arab States"),
    "aprm": _("Asia and the Pacific Regional Meetings of the ILO"),
    "doha-dialogue": _("Doha Dialogue"),
    "interregional-meetings": _("Interregional meetings of Asia, Africa and the Arab States"),
}


def series_word(code: str) -> str:
    """Return the name of a series of dialogues."""
    return str(_SERIES.get(code, code.replace("-", " ")))


@dataclass(frozen=True, slots=True)
class Year:
    """Hold the dialogues of a year."""

    year: str
    dialogues: Sequence[DialogueLine]


def years(found: Sequence[Dialogue]) -> list[Year]:
    """Return dialogues by the year in which they began; `found` begins with the latest."""
    by_year: dict[str, list[Dialogue]] = {}
    for each in found:
        by_year.setdefault(each.starts[:4], []).append(each)
    return [Year(year, dialogue_lines(group)) for year, group in by_year.items()]


@dataclass(frozen=True, slots=True)
class CorridorTerm:
    """Hold a corridor that a dialogue is about."""

    code: str
    origin: str
    destination: str
    url: str


@dataclass(frozen=True, slots=True)
class DialoguePage:
    """Hold a dialogue: what, when, where, about whom and what; `month` where no day is known."""

    line: DialogueLine
    month: bool
    online: bool
    summary: str
    summary_language: str
    series: str
    series_code: str
    place: str
    host: Term | None
    themes: Sequence[Term]
    countries: Sequence[Term]
    corridors: Sequence[CorridorTerm]
    others: Sequence[DialogueLine]


def dialogue_page(dialogue: Dialogue, others: Sequence[Dialogue]) -> DialoguePage:
    """Return the page of a dialogue; `others` are those of its series."""
    line = dialogue_lines([dialogue])[0]
    host = country_term(dialogue.host) if dialogue.host else None
    place = label(dialogue.place)
    return DialoguePage(
        line=line,
        month=dialogue.starts_on is None and len(dialogue.starts) == len("2014-12"),
        online=dialogue.online,
        summary=label(dialogue.summary),
        summary_language=label_language(dialogue.summary),
        series=series_word(dialogue.series) if dialogue.series else "",
        series_code=dialogue.series,
        # A city that is called as its country is said once.
        place="" if host and place == host.name else place,
        host=host,
        themes=theme_terms(dialogue.themes),
        countries=country_terms(dialogue.countries),
        corridors=[
            CorridorTerm(
                each.code,
                label(each.origin.labels),
                label(each.destination.labels),
                url_for("pages.corridor", code=each.code),
            )
            for each in dialogue.corridors
        ],
        others=dialogue_lines(others),
    )
