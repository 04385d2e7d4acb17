"""Show the kinds, and the rows of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from policytrack.core.i18n import collated, language
from policytrack.core.i18n import gettext as _
from policytrack.exports.tables import Column as DataColumn
from policytrack.exports.tables import Table
from policytrack.reference.kinds import KINDS, Kind
from policytrack.reference.kinds.spec import CONFIDENCES, WEAK
from policytrack.reference.presenters.words import Text, of_cell, title
from policytrack.reference.queries import Difference, Names
from policytrack.reference.rules import NAMES, Type, folded, missing_languages


@dataclass(frozen=True, slots=True)
class ListedKind:
    """Hold one line of the page of all kinds; `differing` counts rows edited here."""

    words: str
    url: str
    count: int
    differing: int
    differing_url: str


def kinds(
    counts: Mapping[str, int], differences: Mapping[str, Sequence[Difference]]
) -> list[ListedKind]:
    """Return the kinds in the order of their declaration."""
    return [
        ListedKind(
            words=str(kind.words),
            url=url_for("reference.listed", kind_name=kind.name),
            count=counts.get(kind.name, 0),
            differing=len(differences.get(kind.name, ())),
            differing_url=url_for("reference.listed", kind_name=kind.name, only="edited"),
        )
        for kind in KINDS.values()
    ]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """Hold one row of a list; `missing` names the languages without a label."""

    key: str
    url: str
    title: Text
    missing: tuple[str, ...]
    confidence: str
    weak: bool
    retired: bool
    demonstration: bool
    edited: bool
    found_by: str


def listed_row(
    kind: Kind,
    key: str,
    values: Mapping[str, str],
    names: Names,
    *,
    edited: bool,
    demonstration: bool,
) -> ListedRow:
    """Return one row as lists show it."""
    shown = title(kind, values, names)
    texts = [values[column.name] for column in kind.columns if column.language]
    texts += [
        of_cell(column, values[column.name], names).text
        for column in kind.columns
        if column.type is Type.CODE
    ]
    confidence = values.get("confidence", "")
    return ListedRow(
        key=key,
        url=url_for("reference.row", kind_name=kind.name, key=key),
        title=shown,
        missing=tuple(str(NAMES[code]) for code in _missing(kind, values)),
        confidence=str(dict(CONFIDENCES).get(confidence, confidence)),
        weak=confidence in WEAK,
        retired=values.get("retired") == "yes",
        demonstration=demonstration,
        edited=edited,
        found_by=folded(" ".join((key, shown.text, *texts))),
    )


def _missing(kind: Kind, values: Mapping[str, str]) -> list[str]:
    """Return the languages in which some text of a row is missing."""
    stems: dict[str, list[tuple[str, str]]] = {}
    for column in kind.columns:
        if column.language and column.part:
            stems.setdefault(column.holder, []).append((column.language, values[column.name]))
    # One word in another system's language is no translation.
    whole = [texts for texts in stems.values() if len(texts) == len(NAMES)]
    return list(dict.fromkeys(code for texts in whole for code in missing_languages(texts)))


def in_order(kind: Kind, rows: Sequence[ListedRow]) -> list[ListedRow]:
    """Return rows by the reader's order of names, unless they have places of their own."""
    if "position" in kind.by_name:
        return list(rows)
    return collated(rows, [row.title.text for row in rows], language().code)


def table(kind: Kind, rows: Iterable[Mapping[str, str]]) -> Table:
    """Return rows as their file has them."""
    return Table(
        name=kind.name,
        title=str(kind.words),
        columns=[DataColumn(column.name, str(column.words)) for column in kind.loaded],
        rows=[[row[column.name] for column in kind.loaded] for row in rows],
    )


ONLY = ("missing", "weak", "edited", "retired")


def only_words(kind: Kind) -> dict[str, str]:
    """Return what a list can be narrowed to."""
    words = {
        "missing": _("A translation is missing"),
        "weak": _("Low confidence or unverified"),
        "edited": _("Edited here, unlike the file"),
        "retired": _("Retired"),
    }
    names = kind.by_name
    if "confidence" not in names:
        del words["weak"]
    if not kind.retirable:
        del words["retired"]
    return words


def narrowed(rows: Iterable[ListedRow], words: str, only: str) -> list[ListedRow]:
    """Return the rows that hold all the words, and that are what is asked for."""
    wanted = folded(words).split()
    kept = rows if only not in ONLY else (row for row in rows if getattr(row, only))
    return [row for row in kept if all(word in row.found_by for word in wanted)]
