"""Which figure of a corridor is shown: nothing weak as strong, no part as the whole."""

from __future__ import annotations

from typing import Any

import pytest

from policytrack.places import atlas
from policytrack.places.rules import Basis, Figure, figure
from policytrack.reference.queries import packaged


def _figure(**given: Any) -> Figure:
    values: dict[str, Any] = {
        "stock": 1000,
        "women": 400,
        "split": "origin-specific",
        "national": None,
        "national_women": None,
        "population": "",
        "confidence": "medium",
        **given,
    }
    return figure(**values)


@pytest.mark.parametrize("stock", [None, 0])
def test_no_stock_is_no_estimate_and_never_nobody(stock: int | None) -> None:
    assert _figure(stock=stock) == Figure(Basis.NONE, None, None, weak=False)


@pytest.mark.parametrize(
    ("confidence", "weak"),
    [("high", False), ("medium", False), ("low", True), ("unverified", True)],
)
def test_what_is_badly_known_is_weak(confidence: str, weak: bool) -> None:
    assert _figure(confidence=confidence).weak is weak


@pytest.mark.parametrize("split", ["destination-average", "no-estimate", ""])
def test_women_are_given_only_where_they_were_counted_for_the_corridor(split: str) -> None:
    assert _figure().women == 400
    assert _figure(split=split).women is None


@pytest.mark.parametrize(
    ("stock", "national", "population", "people"),
    [
        (1000, 900, "all", 900),
        (1000, 2000, "all", 2000),
        (1000, 900, "valid-visas", 900),
        (1000, 900, "workers", 1000),
        (1000, 900, "domestic-workers", 1000),
        (1000, 1001, "domestic-workers", 1001),
        (None, 900, "domestic-workers", 900),
        (0, 900, "workers", 900),
        (1000, 0, "all", 1000),
    ],
)
def test_a_national_figure_stands_in_unless_it_is_a_smaller_part(
    stock: int | None, national: int, population: str, people: int
) -> None:
    found = _figure(stock=stock, national=national, population=population)
    assert found.people == people
    assert found.basis is (Basis.NATIONAL if people == national else Basis.ESTIMATE)


def test_women_of_the_estimate_are_never_put_beside_a_national_figure() -> None:
    assert _figure(national=2000, population="all").women is None
    assert _figure(national=2000, national_women=30, population="all").women == 30


def test_a_figure_of_low_confidence_is_weak() -> None:
    assert _figure(confidence="low").weak
    assert not _figure().weak


def test_every_country_or_territory_has_a_position_in_the_window() -> None:
    codes = {row["iso2"] for row in packaged("countries")}
    assert set(atlas.positions()) == codes
    for longitude, latitude in atlas.positions().values():
        assert -22 < longitude < 150
        assert -28 < latitude < 52


def test_land_is_rings_inside_the_window() -> None:
    rings = atlas.land()
    assert len(rings) > 100
    points = [point for ring in rings for point in ring]
    assert all(-22 <= x <= 150 and -28 <= y <= 52 for x, y in points)
    assert all(len(ring) > 2 for ring in rings)
