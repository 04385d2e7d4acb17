"""Offer what a document can be about, in the reader's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policytrack.constituents.models import Constituent
from policytrack.core.i18n import collated, label, label_language, language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.frameworks.models import Provision, Sector, TargetGroup, Theme
from policytrack.library.models import LibraryRevision
from policytrack.library.queries import Reference
from policytrack.places.models import Corridor

# The ten guiding principles. Source: A/RES/73/195, paragraph 15.
PRINCIPLE_WORDS: Mapping[str, Any] = {
    "1": _l("People-centred"),
    "2": _l("International cooperation"),
    "3": _l("National sovereignty"),
    "4": _l("Rule of law and due process"),
    "5": _l("Sustainable development"),
    "6": _l("Human rights"),
    "7": _l("Gender-responsive"),
    "8": _l("Child-sensitive"),
    "9": _l("Whole-of-government"),
    "10": _l("Whole-of-society"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one choice and the language that its name is in."""

    code: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Hold choices under one heading; an empty heading is none."""

    heading: str
    items: tuple[Item, ...]


Groups = Mapping[str, Sequence[ChoiceGroup]]


def choice_groups(reference: Reference, revision: LibraryRevision | None) -> Groups:
    """Return, by field of the form, what can be chosen.

    What is retired, or not known here, is offered only where the text has it.
    """
    held = _held(revision)
    practice: Mapping[str, Any] = revision.practice if revision else {}
    return {
        "themes": _areas(reference.themes, held),
        "sectors": _terms(reference.sectors, held),
        "target_groups": _terms(reference.target_groups, held),
        "countries": [
            ChoiceGroup("", _by_name(_item(x.iso2, x.labels) for x in reference.countries))
        ],
        "corridors": _by_origin(reference.corridors),
        "gcm_objectives": _listed(_objectives(reference.objectives), practice, "gcm_objectives"),
        "gcm_principles": _listed(
            [_numbered(code, str(word)) for code, word in PRINCIPLE_WORDS.items()],
            practice,
            "gcm_principles",
        ),
    }


def organisation_groups(bodies: Iterable[Constituent]) -> list[ChoiceGroup]:
    """Return organisations by country, regional ones under a heading of their own."""
    return _grouped(
        (
            label(body.country.labels) if body.country else _("Regional organisations"),
            _item(body.public_id, body.labels),
        )
        for body in bodies
    )


def _held(revision: LibraryRevision | None) -> set[str]:
    if revision is None:
        return set()
    held = (revision.themes, revision.sectors, revision.target_groups)
    return {each.code for terms in held for each in terms}


def _item(code: str, labels: Mapping[str, str]) -> Item:
    return Item(code, label(labels), label_language(labels))


def _by_name(things: Iterable[Item]) -> tuple[Item, ...]:
    listed = list(things)
    return tuple(collated(listed, [each.name for each in listed], language().code))


def _terms(terms: Sequence[Sector] | Sequence[TargetGroup], held: set[str]) -> list[ChoiceGroup]:
    offered = (each for each in terms if not each.retired or each.code in held)
    return [ChoiceGroup("", tuple(_item(each.code, each.labels) for each in offered))]


def _areas(themes: Sequence[Theme], held: set[str]) -> list[ChoiceGroup]:
    return [
        ChoiceGroup(
            label(area.labels),
            tuple(
                _item(each.code, each.labels)
                for each in themes
                if area.code in {each.code, each.parent_code}
                and (not each.retired or each.code in held)
            ),
        )
        for area in themes
        if area.parent_code is None
    ]


def _grouped(pairs: Iterable[tuple[str, Item]]) -> list[ChoiceGroup]:
    found: dict[str, list[Item]] = {}
    for heading, item in pairs:
        found.setdefault(heading, []).append(item)
    headings = collated(list(found), list(found), language().code)
    return [ChoiceGroup(heading, _by_name(found[heading])) for heading in headings]


def _by_origin(corridors: Sequence[Corridor]) -> list[ChoiceGroup]:
    return _grouped(
        (
            label(each.origin.labels),
            Item(
                each.code,
                _(
                    "%(origin)s to %(destination)s",
                    origin=label(each.origin.labels),
                    destination=label(each.destination.labels),
                ),
                language().code,
            ),
        )
        for each in corridors
    )


def _numbered(code: str, name: str, spoken: str = "") -> Item:
    return Item(code, f"{code}. {name}", spoken or language().code)


def _objectives(provisions: Sequence[Provision]) -> list[Item]:
    return [
        _numbered(each.code, label(each.labels), label_language(each.labels)) for each in provisions
    ]


def _listed(items: list[Item], practice: Mapping[str, Any], name: str) -> list[ChoiceGroup]:
    known = {each.code for each in items}
    others = [Item(each, each, "") for each in practice.get(name, ()) if each not in known]
    return [ChoiceGroup("", (*items, *others))]
