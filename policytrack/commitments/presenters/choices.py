"""Offer what a text can be classified by, in the reader's order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from policytrack.commitments.models import Commitment
from policytrack.commitments.presenters.naming import Named, by_name, named
from policytrack.commitments.queries import Reference, possible_leads
from policytrack.constituents.models import Constituent
from policytrack.core.i18n import collated, label, label_language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language as present_language
from policytrack.core.permissions import Actor
from policytrack.frameworks.models import Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor

_Term = TypeVar("_Term", Provision, Theme, Sector, TargetGroup, Constituent)


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Hold choices under one heading; an empty heading is none."""

    heading: str
    items: tuple[Named, ...]


def choice_groups(
    reference: Reference, actor: Actor, commitment: Commitment | None
) -> dict[str, list[ChoiceGroup]]:
    """Return, by field of the form, what can be chosen, in the reader's order.

    What is retired is offered only where a text of this commitment has it.
    """
    held = _held(commitment)

    def offered(terms: Iterable[_Term]) -> list[_Term]:
        return [each for each in terms if not each.retired or each in held]

    bodies = [
        body
        for body in offered(reference.organisations)
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
                    for each in offered(reference.provisions)
                    if each.framework_code == framework.code
                ),
            )
            for framework in reference.frameworks
        ],
        "themes": _areas(reference.themes, offered(reference.themes)),
        "sectors": _terms(offered(reference.sectors)),
        "target_groups": _terms(offered(reference.target_groups)),
        "countries": [
            ChoiceGroup("", by_name(named(x.iso2, x.labels) for x in reference.countries))
        ],
        "corridors": _by_origin(reference.corridors),
        "supporters": _by_country(bodies),
    }


def _held(commitment: Commitment | None) -> set[object]:
    """Return what the texts of a commitment have, retired or not."""
    texts = (commitment.in_force, commitment.open) if commitment else ()
    return {
        each
        for text in texts
        if text is not None
        for terms in (
            text.provisions,
            text.themes,
            text.sectors,
            text.target_groups,
            text.supporters,
        )
        for each in terms
    }


def _terms(terms: Sequence[Sector] | Sequence[TargetGroup]) -> list[ChoiceGroup]:
    return [ChoiceGroup("", tuple(named(each.code, each.labels) for each in terms))]


def _areas(themes: Sequence[Theme], offered: Sequence[Theme]) -> list[ChoiceGroup]:
    return [
        ChoiceGroup(
            label(area.labels),
            tuple(
                named(each.code, each.labels)
                for each in offered
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
