"""Prepare what the forms of texts and translations start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policytrack.commitments.models import CommitmentRevision
from policytrack.commitments.rules import PUBLIC_STATES, Plan, TextState
from policytrack.core import languages
from policytrack.core.i18n import format_date, label
from policytrack.core.i18n import gettext as _


def form_values(revision: CommitmentRevision, plan: Plan) -> dict[str, Any]:
    """Return the values with which the form of a text begins."""
    return {
        "number": revision.number,
        "version": revision.version,
        "language": revision.language,
        "title": revision.title,
        "text": revision.text,
        "gender_marker": revision.gender_marker,
        "starts_on": revision.starts_on,
        "due_on": revision.due_on,
        "provisions": [f"{each.framework_code}:{each.code}" for each in revision.provisions],
        "themes": [each.code for each in revision.themes],
        "sectors": [each.code for each in revision.sectors],
        "target_groups": [each.code for each in revision.target_groups],
        "countries": [each.iso2 for each in revision.countries],
        "corridors": [each.code for each in revision.corridors],
        "supporters": [each.public_id for each in revision.supporters],
        "indicators": [
            {
                "public_id": each.public_id,
                "label": label(each.labels, revision.language),
                "unit": each.unit,
                "baseline": each.baseline,
                "baseline_on": each.baseline_on,
                "target": each.target,
                "target_on": each.target_on,
            }
            for each in plan.indicators
        ],
        "milestones": [
            {
                "key": each.key,
                "label": label(each.labels, revision.language),
                "due_on": each.due_on,
                "met_on": each.met_on,
            }
            for each in plan.milestones
        ],
    }


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """Hold one translation in the list of all."""

    number: int
    code: str
    name: str
    kind: str
    at: datetime
    outdated: bool


def translatable(texts: Sequence[CommitmentRevision]) -> list[CommitmentRevision]:
    """Return the texts that may be translated, the one in force first."""
    found = [text for text in texts if text.state in PUBLIC_STATES]
    return sorted(found, key=lambda text: -text.number)


def revision_choices(texts: Sequence[CommitmentRevision]) -> list[tuple[str, str]]:
    """Return the texts as choices that say which one is in force."""
    return [
        (
            str(text.number),
            _(
                "Text %(number)s, in force since %(date)s",
                number=text.number,
                date=format_date(text.decided_at),
            )
            if text.state == TextState.ACCEPTED
            else _(
                "Text %(number)s of %(date)s, superseded",
                number=text.number,
                date=format_date(text.decided_at),
            ),
        )
        for text in texts
    ]


def translation_rows(texts: Sequence[CommitmentRevision]) -> list[TranslationRow]:
    """Return all translations, those of the text in force first."""
    return [
        TranslationRow(
            text.number,
            each.language,
            languages.name(each.language),
            each.kind,
            each.created_at,
            text.state != TextState.ACCEPTED,
        )
        for text in texts
        for each in text.translations
    ]


def translation_values(
    texts: Sequence[CommitmentRevision], number: str, code: str
) -> dict[str, Any]:
    """Return the values with which the form of a translation begins."""
    text = next((each for each in texts if str(each.number) == number), texts[0])
    present = next((each for each in text.translations if each.language == code), None)
    values: dict[str, Any] = {"revision": str(text.number), "language": code}
    if present is not None:
        values |= {
            "kind": present.kind,
            "title": present.title,
            "text": present.text,
            "seen": present.stamp,
        }
    return values
