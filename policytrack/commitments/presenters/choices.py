"""Offer what a text can be classified by, in the reader's order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policytrack.commitments.models import Commitment
from policytrack.commitments.presenters.naming import Named, by_name, named
from policytrack.commitments.queries import Reference, possible_leads
from policytrack.constituents.models import Constituent
from policytrack.core.i18n import collated, label, label_language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language as present_language
from policytrack.core.permissions import Actor
from policytrack.frameworks.models import Theme
from policytrack.places.models import Corridor


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Hold choices under one heading; an empty heading is none."""

    heading: str
    items: tuple[Named, ...]


def choice_groups(
    reference: Reference, actor: Actor, commitment: Commitment | None
) -> dict[str, list[ChoiceGroup]]:
    """Return, by field of the form, what can be chosen, in the reader's order."""
    bodies = [
        body
        for body in reference.organisations
        if commitment is None
        or (body.demonstration == commitment.demonstration and body.id != commitment.lead_id)
    ]
    return {
        "lead": _by_country(possible_leads(actor, bodies)),
        "provisions": [
            ChoiceGroup(
                label(framework.labels),
                tuple(
                    Named(
                        f"{each.framework_code}:{each.code}",
                        f"{each.code}. {label(each.labels)}",
                        label_language(each.labels),
                    )
                    for each in reference.provisions
                    if each.framework_code == framework.code
                ),
            )
            for framework in reference.frameworks
        ],
        "themes": _areas(reference.themes),
        "sectors": [ChoiceGroup("", tuple(named(x.code, x.labels) for x in reference.sectors))],
        "target_groups": [
            ChoiceGroup("", tuple(named(x.code, x.labels) for x in reference.target_groups))
        ],
        "countries": [
            ChoiceGroup("", by_name(named(x.iso2, x.labels) for x in reference.countries))
        ],
        "corridors": _by_origin(reference.corridors),
        "supporters": _by_country(bodies),
    }


def _areas(themes: Sequence[Theme]) -> list[ChoiceGroup]:
    return [
        ChoiceGroup(
            label(area.labels),
            tuple(
                named(each.code, each.labels)
                for each in themes
                if area.code in {each.code, each.parent_code}
            ),
        )
        for area in themes
        if area.parent_code is None
    ]


def _grouped(pairs: Iterable[tuple[str, Named]]) -> list[ChoiceGroup]:
    found: dict[str, list[Named]] = {}
    for heading, item in pairs:
        found.setdefault(heading, []).append(item)
    headings = collated(list(found), list(found), present_language().code)
    return [ChoiceGroup(heading, by_name(found[heading])) for heading in headings]


def _by_origin(corridors: Sequence[Corridor]) -> list[ChoiceGroup]:
    return _grouped(
        (
            label(each.origin.labels),
            Named(
                each.code,
                _(
                    "%(origin)s to %(destination)s",
                    origin=label(each.origin.labels),
                    destination=label(each.destination.labels),
                ),
                present_language().code,
            ),
        )
        for each in corridors
    )


def _by_country(bodies: Sequence[Constituent]) -> list[ChoiceGroup]:
    return _grouped(
        (
            label(body.country.labels) if body.country else _("Regional organisations"),
            named(body.public_id, body.labels),
        )
        for body in bodies
    )
