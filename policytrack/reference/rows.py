"""Turn rows of the database into cells, and cells into rows, as the kinds declare it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, inspect
from sqlalchemy.orm import InstrumentedAttribute, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from policytrack.core.db import Base
from policytrack.programmes.models import ProgrammeCountry
from policytrack.reference.kinds import KINDS, Kind
from policytrack.reference.rules import Column, Type, canonical, listed, stored

# Finds the row of another kind by its key.
Lookup = Mapping[str, Mapping[str, Any]]


def read(kind: Kind, row: Base) -> dict[str, str]:
    """Return all cells of a row, each in its one way of writing."""
    return {column.name: _cell(column, row) for column in kind.columns}


def key_of(kind: Kind, row: Base) -> str:
    """Return what identifies a row."""
    return kind.key_of({name: _cell(kind.by_name[name], row) for name in kind.key})


def fingerprint(values: Mapping[str, str]) -> str:
    """Return a short sign of what a row holds: two that are equal hold the same."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _cell(column: Column, row: Base) -> str:
    value = getattr(row, column.holder)
    if column.type is Type.CODES:
        return canonical(column, _codes(column, value))
    if column.part:
        return canonical(column, value.get(column.part))
    return canonical(column, value)


def _codes(column: Column, linked: Iterable[Any]) -> list[str]:
    if column.part:  # a programme's countries by side
        return [link.country_iso2 for link in linked if link.side == column.part]
    attribute = _identity(KINDS[column.of])
    return [getattr(thing, attribute) for thing in linked]


def _identity(kind: Kind) -> str:
    return kind.by_name[kind.key[0]].holder


def write(kind: Kind, row: Base, values: Mapping[str, str], known: Lookup) -> None:
    """Put cells into a row; what it holds of columns that are not given stays."""
    for attribute in dict.fromkeys(kind.by_name[name].holder for name in values):
        given = [column for column in kind.stem(attribute) if column.name in values]
        setattr(row, attribute, _value(row, attribute, given, values, known))


def _value(
    row: Base, attribute: str, given: list[Column], values: Mapping[str, str], known: Lookup
) -> Any:
    first = given[0]
    if first.type is Type.CODES and first.part:
        return _sides(row, given, values)
    if first.type is Type.CODES:
        return [known[first.of][code] for code in listed(values[first.name])]
    if first.part:
        # A new mapping: a changed one would not be noticed.
        mapping = {**(getattr(row, attribute) or {})}
        mapping.update({column.part: values[column.name] for column in given})
        return {part: text for part, text in mapping.items() if text}
    value = stored(first, values[first.name])
    mapped = inspect(type(row)).columns[attribute]
    return "" if value is None and not mapped.nullable else value


def _sides(row: Any, given: list[Column], values: Mapping[str, str]) -> list[ProgrammeCountry]:
    present = {link.country_iso2: link for link in row.countries}
    parts = {column.part for column in given}
    links = [link for link in row.countries if link.side not in parts]
    for column in given:
        for code in listed(values[column.name]):
            link = present.get(code) or ProgrammeCountry(country_iso2=code)
            link.side = column.part
            if link not in links:
                links.append(link)
    return links


def whole(kind: Kind) -> list[ORMOption]:
    """Return what reads the lists of many rows at once."""
    attributes = dict.fromkeys(
        column.holder for column in kind.columns if column.type is Type.CODES
    )
    return [selectinload(getattr(kind.model, attribute)) for attribute in attributes]


def ordered(kind: Kind) -> list[InstrumentedAttribute[Any]]:
    """Return what rows are sorted by: their place in lists, where they have one, or their key."""
    keys = [_attribute(kind, kind.by_name[name]) for name in kind.key]
    place = kind.by_name.get("position")
    return [*keys[:-1], _attribute(kind, place), keys[-1]] if place else keys


def identified(kind: Kind, key: str) -> ColumnElement[bool]:
    """Return the condition that one row meets; raise `ValueError` for what is no such key."""
    if not is_key(key):
        raise ValueError(key)
    parts = key.split(":")
    columns = [kind.by_name[name] for name in kind.key]
    return and_(
        *(
            _attribute(kind, column) == stored(column, part)
            for column, part in zip(columns, parts, strict=True)
        )
    )


def is_key(key: str) -> bool:
    """Tell whether a text can be the key of a row."""
    return re.fullmatch(r"[A-Za-z0-9._:-]{1,80}", key) is not None


def _attribute(kind: Kind, column: Column) -> InstrumentedAttribute[Any]:
    found: InstrumentedAttribute[Any] = getattr(kind.model, column.holder)
    return found


def linked(kind: Kind) -> list[str]:
    """Return the kinds whose rows themselves, not their codes, stand in a row of this kind."""
    lists = (column for column in kind.columns if column.type is Type.CODES and not column.part)
    return list(dict.fromkeys(column.of for column in lists))
