"""Load the project's own reference data into the database, as often as one likes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core import options as _options  # noqa: F401
from policytrack.core.db import Base
from policytrack.dialogues import models as _dialogues  # noqa: F401 - its tables belong to the database
from policytrack.frameworks.models import Framework, Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country, Region
from policytrack.programmes import models as _programmes  # noqa: F401 - likewise
from policytrack.reference import models as _reference  # noqa: F401 - likewise

Row = Mapping[str, str]
LANGUAGES = ("en", "ar", "fr")


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of one data file, `countries` for instance."""
    path = resources.files("policytrack.reference").joinpath("data", f"{name}.csv")
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def labels(row: Row, stem: str = "label") -> dict[str, str]:
    """Return the labels of a row by language."""
    return {code: row[f"{stem}_{code}"] for code in LANGUAGES if row.get(f"{stem}_{code}")}


def _whole(value: str) -> int | None:
    return int(value) if value else None


def _estimate(value: str) -> int | None:
    # The source writes 0 where it has no estimate; a zero would be a claim.
    return int(value) if value and int(value) else None


def _decimal(value: str) -> Decimal | None:
    return Decimal(value) if value else None


def _region(row: Row) -> dict[str, Any]:
    return {
        "code": row["code"],
        "parent_code": row["parent"] or None,
        "labels": labels(row),
        "position": int(row["position"]),
    }


def _country(row: Row) -> dict[str, Any]:
    return {
        "iso2": row["iso2"],
        "iso3": row["iso3"],
        "m49": row["m49"],
        "labels": labels(row, "name"),
        "region_code": row["ilo_region"],
        "subregion_code": row["subregion"] or None,
        "side": row["side"],
        "migrants_2020": _estimate(row["migrants_2020"]),
        "women_pct_2020": _decimal(row["women_pct_2020"]),
        "source": row["source"],
        "confidence": row["confidence"],
        "as_of": date.fromisoformat(row["as_of"]),
        "note": row["note"],
    }


def _corridor(row: Row) -> dict[str, Any]:
    return {
        "code": row["code"],
        "origin_iso2": row["origin"],
        "destination_iso2": row["destination"],
        "cluster": row["cluster"],
        "stock_2020": _estimate(row["stock_2020"]),
        "women_2020": _estimate(row["women_2020"]),
        "sex_split_quality": row["sex_split_quality"],
        "alt_figure": _whole(row["alt_figure"]),
        "alt_qualifier": row["alt_qualifier"],
        "alt_population": row["alt_population"],
        "alt_year": _whole(row["alt_year"]),
        "alt_women": _whole(row["alt_women"]),
        "alt_source": row["alt_source"],
        "source": row["source"],
        "confidence": row["confidence"],
        "note": row["note"],
    }


def _framework(row: Row) -> dict[str, Any]:
    return {
        "code": row["code"],
        "labels": labels(row, "name"),
        "adopted_by": labels({**row, "adopted_by_en": row["adopted_by"]}, "adopted_by"),
        "adopted_on": date.fromisoformat(row["adopted_on"]) if row["adopted_on"] else None,
        "source": row["source"],
        "confidence": row["confidence"],
    }


def _provision(row: Row) -> dict[str, Any]:
    return {
        "framework_code": row["framework"],
        "code": row["code"],
        "labels": labels(row),
        "wording": row["wording"],
        "position": int(row["position"]),
        "source": row["source"],
        "confidence": row["confidence"],
    }


def _theme(row: Row) -> dict[str, Any]:
    return {
        "code": row["code"],
        "parent_code": row["parent"] or None,
        "labels": labels(row),
        "scope": labels(row, "scope"),
        "position": int(row["position"]),
        "source": row["source"],
        "confidence": row["confidence"],
    }


def _term(row: Row) -> dict[str, Any]:
    return {"code": row["code"], "labels": labels(row), "position": int(row["position"])}


_Spec = tuple[str, type[Base], tuple[str, ...], Callable[[Row], dict[str, Any]]]
# File, class, natural key, reader; parents before children.
FILES: tuple[_Spec, ...] = (
    ("regions", Region, ("code",), _region),
    ("countries", Country, ("iso2",), _country),
    ("corridors", Corridor, ("code",), _corridor),
    ("frameworks", Framework, ("code",), _framework),
    ("provisions", Provision, ("framework_code", "code"), _provision),
    ("themes", Theme, ("code",), _theme),
    ("sectors", Sector, ("code",), _term),
    ("target_groups", TargetGroup, ("code",), _term),
)


def _parents_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row.get("parent_code") is not None)


def load(session: Session) -> Iterator[str]:
    """Bring the reference tables to what the data files say; yield each file's name when done.

    Idempotent: rows are found by their natural key; what already says the same stays untouched.
    Call it inside `transaction()`.
    """
    for name, model, key, reader in FILES:
        present = {
            tuple(getattr(row, part) for part in key): row for row in session.scalars(select(model))
        }
        for values in _parents_first([reader(row) for row in read(name)]):
            row = present.get(tuple(values[part] for part in key))
            if row is None:
                session.add(model(**values))
                continue
            for column, value in values.items():
                if getattr(row, column) != value:
                    setattr(row, column, value)
        session.flush()
        yield name
