"""Give the shape of the land and a point for each place. `data/README.md` says where from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

_DATA = resources.files("policytrack.places").joinpath("data")


@lru_cache(maxsize=1)
def land() -> Sequence[Sequence[tuple[float, float]]]:
    """Return the rings of the land: closed lines of (longitude, latitude), without boundaries."""
    stored = json.loads(_DATA.joinpath("land.json").read_text(encoding="utf-8"))
    grid = stored["grid"]
    return [
        [(x / grid, y / grid) for x, y in zip(ring[::2], ring[1::2], strict=True)]
        for ring in stored["rings"]
    ]


@lru_cache(maxsize=1)
def positions() -> Mapping[str, tuple[float, float]]:
    """Return a point (longitude, latitude) inside each country or territory, by its code."""
    text = _DATA.joinpath("positions.csv").read_text(encoding="utf-8")
    return {
        row["iso2"]: (float(row["longitude"]), float(row["latitude"]))
        for row in csv.DictReader(io.StringIO(text, newline=""))
    }
