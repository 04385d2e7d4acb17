"""Hold what promises and stories share: the plan, chance, and where an organisation stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from policytrack.demonstration import content
from policytrack.demonstration.content import Organisation
from policytrack.reference import service as reference

Entry = dict[str, Any]
Given = Mapping[str, Any]

# The languages, beside English, in which the organisations of a country report.
SPOKEN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("AE", "BH", "EG", "IQ", "JO", "KW", "OM", "QA", "SA", "SD"), ("ar",)),
    **dict.fromkeys(("LB", "MA"), ("ar", "fr")),
    **dict.fromkeys(("BJ", "CM", "MG", "SN"), ("fr",)),
    **dict.fromkeys(("KE", "TZ", "UG"), ("sw",)),
    "BD": ("bn",),
    "ID": ("id",),
    "IN": ("hi",),
    "NP": ("ne",),
    "PK": ("ur",),
    "TH": ("th",),
}
# Seldom does an Arab or francophone organisation report in English.
_ENGLISH_TOO = frozenset(SPOKEN) - {"BJ", "CM", "IQ", "MA", "MG", "SD", "SN"}
_SIDES = frozenset({"origin", "destination"})


@dataclass(slots=True)
class Plan:
    """Gather what is planned; `random` is the only source of chance."""

    random: Random
    commitments: list[Entry] = field(default_factory=list)
    notes: list[Entry] = field(default_factory=list)


def pick(random: Random, shares: Sequence[tuple[str, int]]) -> str:
    """Return a name as often as its share says."""
    names, weights = zip(*shares, strict=True)
    return str(random.choices(names, weights)[0])


@cache
def corridors() -> Mapping[str, Sequence[str]]:
    """Return, by country, the codes of the corridors between countries of the set."""
    here = {body.country_iso2 for body in content.organisations().values()}
    found: dict[str, list[str]] = defaultdict(list)
    for row in reference.read("corridors"):
        if {row["origin"], row["destination"]} <= here:
            for end in (row["origin"], row["destination"]):
                found[end].append(row["code"])
    return found


@cache
def country_sides() -> Mapping[str, str]:
    """Return, by country, on which side of migration it stands."""
    return {row["iso2"]: row["side"] for row in reference.read("countries")}


def speaks(body: Organisation, language: str) -> bool:
    """Tell whether an organisation would report in a language."""
    place = body.country_iso2 or ""
    if language == "en":
        return place not in SPOKEN or place in _ENGLISH_TOO
    return language in SPOKEN.get(place, ())


def stands_on(body: Organisation, side: str) -> bool:
    """Tell whether an organisation could speak from a side of migration; regional ones can."""
    if side not in _SIDES:
        return True
    return body.country_iso2 is None or country_sides()[body.country_iso2] in {side, "both"}
