"""Show what a text is classified by, and its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.presenters.naming import Named, by_name, named
from policytrack.commitments.queries import Classification, Tag
from policytrack.commitments.rules import UNITS, Plan
from policytrack.core.i18n import format_date, format_number, label, label_language
from policytrack.core.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class CorridorView:
    """Hold a corridor with the names of both ends."""

    code: str
    origin: Named
    destination: Named


@dataclass(frozen=True, slots=True)
class ProvisionView:
    """Hold a provision; `wording` says whether its label is quoted, paraphrased or editorial."""

    framework: Named
    code: str
    name: str
    language: str
    wording: str


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """Hold an indicator; figures are ready words, empty where there are none."""

    public_id: str
    name: str
    language: str
    unit: str
    baseline: str
    target: str


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """Hold a milestone."""

    name: str
    language: str
    due_on: date
    met_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold what a text is classified by."""

    lead: Named
    lead_country: Named | None
    supporters: tuple[Named, ...]
    provisions: tuple[ProvisionView, ...]
    themes: tuple[Named, ...]
    sectors: tuple[Named, ...]
    target_groups: tuple[Named, ...]
    countries: tuple[Named, ...]
    corridors: tuple[CorridorView, ...]
    gender_marker: int
    starts_on: date | None
    due_on: date | None
    indicators: tuple[IndicatorView, ...]
    milestones: tuple[MilestoneView, ...]


def facts(
    commitment: Commitment, revision: CommitmentRevision, classification: Classification
) -> Facts:
    """Return the facts of a text; `classification` is what `queries.classification` read of it."""
    lead = commitment.lead

    def tags(kind: str) -> Sequence[Tag]:
        return classification.get((revision.id, kind), ())

    plan = Plan.from_json(revision.plan)
    rows_count = revision.id == commitment.in_force_id
    return Facts(
        lead=named(lead.public_id, lead.labels),
        lead_country=named(lead.country.iso2, lead.country.labels) if lead.country else None,
        supporters=by_name(_tagged(tags("supporter"))),
        provisions=tuple(_provision(each) for each in tags("provision")),
        themes=_tagged(tags("theme")),
        sectors=_tagged(tags("sector")),
        target_groups=_tagged(tags("target_group")),
        countries=by_name(_tagged(tags("country"))),
        corridors=tuple(_corridor(each) for each in tags("corridor")),
        gender_marker=revision.gender_marker,
        starts_on=revision.starts_on,
        due_on=revision.due_on,
        indicators=tuple(
            _indicator(each) for each in (commitment.indicators if rows_count else plan.indicators)
        ),
        milestones=tuple(
            MilestoneView(label(each.labels), label_language(each.labels), each.due_on, each.met_on)
            for each in (commitment.milestones if rows_count else plan.milestones)
        ),
    )


def _tagged(tags: Sequence[Tag]) -> tuple[Named, ...]:
    return tuple(named(each.value, each.labels) for each in tags)


def _provision(tag: Tag) -> ProvisionView:
    framework, _, code = tag.value.partition(":")
    return ProvisionView(
        framework=named(framework, tag.end_labels or {}),
        code=code,
        name=label(tag.labels),
        language=label_language(tag.labels),
        wording=tag.note,
    )


def _corridor(tag: Tag) -> CorridorView:
    origin, _, destination = tag.value.partition("-")
    return CorridorView(
        tag.value, named(origin, tag.labels), named(destination, tag.end_labels or {})
    )


def unit_name(unit: str) -> str:
    """Return the word for a unit."""
    return str(UNITS.get(unit, unit))


def _indicator(indicator: Any) -> IndicatorView:
    return IndicatorView(
        public_id=indicator.public_id,
        name=label(indicator.labels),
        language=label_language(indicator.labels),
        unit=unit_name(indicator.unit),
        baseline=_figure(indicator.baseline, indicator.baseline_on),
        target=_figure(indicator.target, indicator.target_on),
    )


def _figure(value: Any, on: date | None) -> str:
    if value is None:
        return ""
    number = format_number(value)
    return _("%(number)s on %(date)s", number=number, date=format_date(on)) if on else number


def gender_words() -> tuple[str, ...]:
    """Return the words of the gender marker, from 0 to 3."""
    return (_("Not targeted"), _("Partial"), _("Significant"), _("Principal focus"))
