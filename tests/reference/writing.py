"""Write small data files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policytrack.core import clock
from policytrack.core.db import db, transaction
from policytrack.reference import queries, rows, service
from policytrack.reference.kinds import KINDS
from policytrack.reference.service import FaultyData, Report

CORRIDOR = {
    "code": "NP-QA",
    "origin": "NP",
    "destination": "QA",
    "source": "UN DESA",
    "confidence": "high",
}
COUNTRY = {
    "iso2": "ZZ",
    "iso3": "ZZZ",
    "m49": "999",
    "name_en": "Nowhere",
    "ilo_region": "asia-pacific",
    "side": "origin",
    "source": "a test",
    "confidence": "high",
    "as_of": "2026-01-01",
}
SECTOR = {"code": "salt", "label_en": "Salt", "position": "90"}
THEME = {
    "code": "A9",
    "label_en": "New",
    "scope_en": "New things",
    "position": "90",
    "source": "a test",
    "confidence": "high",
}

RATIFICATION = {
    "country": "NP",
    "instrument": "C189",
    "state": "yes",
    "source": "a test",
    "confidence": "high",
}
INSTRUMENT = {
    "code": "C999",
    "kind": "convention",
    "label_en": "New",
    "position": "900",
    "source": "a test",
    "confidence": "high",
}
# A sound row of each kind, to be spoilt.
SOUND: dict[str, dict[str, str]] = {
    "countries": COUNTRY,
    "corridors": CORRIDOR,
    "themes": THEME,
    "sectors": SECTOR,
    "instruments": INSTRUMENT,
    "ratifications": RATIFICATION,
}


def csv_of(*rows: Mapping[str, str]) -> str:
    """Return rows as CSV, with all columns that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def folder(path: Path, **files: Any) -> Path:
    """Write files: rows, or a text, or bytes."""
    for name, content in files.items():
        target = path / f"{name}.csv"
        if isinstance(content, bytes):
            target.write_bytes(content)
        else:
            text = content if isinstance(content, str) else csv_of(*content)
            target.write_text(text, encoding="utf-8", newline="")
    return path


def load(path: Path, **more: Any) -> Report:
    """Load a folder in a transaction of its own."""
    with transaction() as session:
        return service.load(session, now=clock.now(), folder=path, **more)


def refusal(path: Path) -> list[str]:
    """Return the faults that a load is refused with."""
    try:
        load(path)
    except FaultyData as error:
        return [str(fault) for fault in error.faults]
    raise AssertionError("it was loaded")


def cells(kind: str, key: str) -> dict[str, str]:
    """Return what stands here of a row."""
    row = queries.get(db.session(), KINDS[kind], key)
    return rows.read(KINDS[kind], row)


def is_there(kind: str, key: str) -> bool:
    """Tell whether there is a row."""
    return queries.find(db.session(), KINDS[kind], key) is not None
