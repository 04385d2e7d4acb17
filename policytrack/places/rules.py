"""Decide which figure of a corridor is shown, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from policytrack.core.confidence import WEAK

# What counts these counts a part of the people of a corridor.
PARTS = frozenset({"workers", "domestic-workers"})


class Basis(StrEnum):
    """Name where a figure comes from."""

    ESTIMATE = "estimate"  # UN DESA, International Migrant Stock 2020
    NATIONAL = "national"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold how many people a corridor counts; `women` only where they were counted for it."""

    basis: Basis
    people: int | None
    women: int | None
    weak: bool


def own_split(women: int | None, quality: str) -> int | None:
    """Return the estimate of women only where it was made for this corridor.

    A share that was carried over from other origins is no fact about it.
    """
    return women if quality == "origin-specific" else None


def figure(
    *,
    stock: int | None,
    women: int | None,
    split: str,
    national: int | None,
    national_women: int | None,
    population: str,
    confidence: str,
) -> Figure:
    """Return the figure to show first; the other one, if there is one, belongs beside it.

    A national figure stands in the place of the estimate, except one that counts only a part of the
    people and is not larger: a part above the estimate proves the estimate too low. A stock of zero
    is no estimate.
    """
    weak = confidence in WEAK
    if national and (not stock or population not in PARTS or national > stock):
        return Figure(Basis.NATIONAL, national, national_women, weak)
    if stock:
        return Figure(Basis.ESTIMATE, stock, own_split(women, split), weak)
    return Figure(Basis.NONE, None, None, weak=False)
