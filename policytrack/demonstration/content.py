"""Read the invented texts, which lie as TOML files in `data`, and make their labels."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from policytrack.reference import service as reference

LANGUAGES = reference.LANGUAGES
# How each language marks what is invented, and sets it off from the name.
_MARKS = {"en": ", demonstration", "ar": "، بيانات توضيحية", "fr": ", démonstration"}


@dataclass(frozen=True, slots=True)
class Organisation:
    """Hold an invented organisation; `key` is its name among the files: `np-labour`."""

    key: str
    kind: str
    group: str
    country_iso2: str | None
    focal_ministry: bool
    retired: bool
    labels: Mapping[str, str]
    country: Mapping[str, str]


def _read(name: str) -> dict[str, Any]:
    path = resources.files("policytrack.demonstration").joinpath("data", name)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _gathered(folder: str, table: str) -> Sequence[Mapping[str, Any]]:
    """Return the entries of all files of a folder, in the order of their names."""
    path = resources.files("policytrack.demonstration").joinpath("data", folder)
    names = sorted(each.name for each in path.iterdir() if each.name.endswith(".toml"))
    return [entry for name in names for entry in _read(f"{folder}/{name}")[table]]


@cache
def organisations() -> Mapping[str, Organisation]:
    """Return the invented organisations by key."""
    data = _read("constituents.toml")
    names = {
        row["iso2"]: reference.labels(row, "name")
        for row in reference.read("countries")
        if row["iso2"] in data["countries"]
    }
    found = [
        _organisation(data, kind, iso2, names[iso2])
        for iso2, kinds in data["countries"].items()
        for kind in kinds
    ]
    found += [_organisation(data, kind, None, {}) for kind in data["regional"]["kinds"]]
    return {each.key: each for each in found}


def _organisation(
    data: Mapping[str, Any], kind: str, iso2: str | None, country: Mapping[str, str]
) -> Organisation:
    words = data["kinds"][kind]
    labels = {code: words[code] + _MARKS[code] for code in LANGUAGES}
    key = f"{iso2.lower()}-{kind}" if iso2 else kind
    return Organisation(
        key=key,
        kind=kind,
        group=words["group"],
        country_iso2=iso2,
        focal_ministry=iso2 is not None and data["focal"].get(iso2) == kind,
        retired=key in data["retired"]["keys"],
        labels=labels,
        country=country,
    )


@cache
def left() -> frozenset[str]:
    """Return the keys of the organisations whose focal point has left, and nobody followed."""
    return frozenset(_read("constituents.toml")["left"]["keys"])


def commitments() -> Sequence[Mapping[str, Any]]:
    """Return the invented commitments as their files hold them."""
    return _gathered("commitments", "commitment")


def notes() -> Sequence[Mapping[str, Any]]:
    """Return the invented notes as their files hold them."""
    return _gathered("notes", "note")


def promises() -> Sequence[Mapping[str, Any]]:
    """Return what an organisation of some country might promise."""
    return _gathered("promises", "promise")


def stories() -> Sequence[Mapping[str, Any]]:
    """Return what an organisation of some country might report, each with its language."""
    path = resources.files("policytrack.demonstration").joinpath("data", "stories")
    names = sorted(each.name for each in path.iterdir() if each.name.endswith(".toml"))
    return [
        {**entry, "language": name.partition(".")[0].partition("-")[0]}
        for name in names
        for entry in _read(f"stories/{name}")["story"]
    ]


def words() -> Mapping[str, Any]:
    """Return the sentences that officers and links say in several places."""
    return _read("words.toml")


def dialogues() -> Sequence[Mapping[str, Any]]:
    """Return the invented meetings."""
    return _sequence("dialogues.toml", "dialogue")


def edits() -> Sequence[Mapping[str, Any]]:
    """Return the edits of reference data, the oldest first."""
    return _sequence("edits.toml", "edit")


def library() -> Sequence[Mapping[str, Any]]:
    """Return the invented documents of the library."""
    return _sequence("library.toml", "document")


def programmes() -> Sequence[Mapping[str, Any]]:
    """Return the invented programmes."""
    return _sequence("programmes.toml", "programme")


def _sequence(name: str, table: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = _read(name)[table]
    return found


def papers() -> Mapping[str, Any]:
    """Return the lines of the invented files, by their key."""
    return _read("papers.toml")
