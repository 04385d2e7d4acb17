"""Turn the cells of a manifest into what a document says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from policytrack.library import rules, terms
from policytrack.library.description import TIES, Description, problems
from policytrack.library.rules import Relation

_PLAIN = (
    "type", "language", "title", "summary", "publisher", "place", "official_number", "issued",
    "source_url", "legal_status", "in_force_from", "in_force_until", "rights", "licence",
    "visibility",
)  # fmt: skip
_OTHERS = ("authors", "embargo_until", "organisation", "source", "source_id", "terms")
COLUMNS = frozenset(
    (
        *_PLAIN, *_OTHERS, *TIES, *rules.PRACTICE_TEXTS, *rules.PRACTICE_LISTS,
        *(relation.value for relation in Relation),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what a row says: only what has a cell changes anything.

    `relations` name other documents by source id, by the hash of a file or by public id.
    """

    fields: Mapping[str, Any]
    practice: Mapping[str, Any]
    relations: tuple[tuple[str, str], ...] = ()
    organisation: str = ""
    source_key: str | None = None

    def over(self, before: Description) -> Description:
        """Return a description with what the row says put over what stood there."""
        practice = {**before.practice, **self.practice}
        return replace(before, **self.fields, practice=practice)


class Wrong(Exception):
    """Say what is wrong with a row."""


def parse(cells: Mapping[str, str]) -> Wanted:
    """Return what a row says; raise `Wrong` with all that is wrong in it."""
    faults: list[str] = []
    fields: dict[str, Any] = {name: cells[name] for name in _PLAIN if name in cells}
    for name in ("type", "legal_status", "rights", "visibility"):
        if name in fields:
            fields[name] = fields[name].casefold().replace(" ", "_")
    if "authors" in cells:
        fields["authors"] = tuple(author(each) for each in _several(cells["authors"]))
    for name in TIES:
        if name in cells:
            fields[name] = tuple(_several(cells[name]))
    if "embargo_until" in cells:
        try:
            fields["embargo_until"] = _moment(cells["embargo_until"])
        except ValueError:
            faults.append("embargo_until: write a day such as 2027-03-31")
    if "terms" in cells:
        try:
            fields["terms"] = terms.decode(cells["terms"])
        except ValueError as problem:
            faults.append(f"terms: {problem}")
    practice: dict[str, Any] = {name: cells[name] for name in rules.PRACTICE_TEXTS if name in cells}
    practice |= {name: _several(cells[name]) for name in rules.PRACTICE_LISTS if name in cells}
    wanted = Wanted(
        fields=fields,
        practice=practice,
        relations=tuple(
            (relation.value, each)
            for relation in Relation
            for each in _several(cells.get(relation.value, ""))
        ),
        organisation=cells.get("organisation", ""),
        source_key=_source_key(cells, faults),
    )
    found = problems(wanted.over(Description()))
    faults += [f"{name}: {sentence}" for name, sentence in found.items()]
    if faults:
        raise Wrong("; ".join(faults))
    return wanted


def _several(text: str) -> list[str]:
    return [each for part in text.split(";") if (each := part.strip())]


def author(text: str) -> dict[str, str]:
    """Return a person of “family, given”, or else an organisation or a person of one name."""
    family, comma, given = text.replace("،", ",").partition(",")
    if comma and given.strip() and "," not in given:
        return {"family": family.strip(), "given": given.strip()}
    return {"literal": text.strip()}


def _moment(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time.min, tzinfo=UTC)


def _source_key(cells: Mapping[str, str], faults: list[str]) -> str | None:
    source_id = cells.get("source_id", "")
    if not source_id:
        return None
    key = f"{cells.get('source', '')}:{source_id}"
    if len(key) > rules.SOURCE_ID_LENGTH:
        faults.append("source_id: this is longer than 120 characters")
    return key
