"""Turn the cells of a manifest into what a document says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from policytrack.core import ids
from policytrack.core.cells import several
from policytrack.core.forms import clean, clean_line
from policytrack.library import rules, terms
from policytrack.library.description import TIES, Description, problems
from policytrack.library.rules import Relation, Visibility
from policytrack.library.service.importing import Withdrawn

_LINES = (
    "type", "language", "title", "publisher", "place", "official_number", "issued", "source_url",
    "legal_status", "in_force_from", "in_force_until", "rights", "licence", "visibility",
)  # fmt: skip
_CODES = frozenset({"type", "legal_status", "rights", "visibility"})
_OTHERS = (
    "id", "source_id", "source_key", "summary", "authors", "embargo_until", "organisation",
    "state", "published_at", "withdrawn_at", "withdrawn_because", "withdrawn_language",
    "withdrawn_for", "demonstration", "terms",
)  # fmt: skip
# What a download tells of a document and what an import cannot make so: it is left aside.
TOLD = frozenset({"files", "sha256", "address"})
COLUMNS = TOLD.union(
    _LINES, _OTHERS, TIES, rules.PRACTICE_TEXTS, rules.PRACTICE_LISTS, map(str, Relation)
)
# Where a document stands, of those that are handed over.
PUBLISHED, WITHDRAWN, WAITING = STATES = ("published", "withdrawn", "submitted")
_KEY_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what a row says: only what has a cell changes anything.

    `relations` name other documents by path, source id, by the hash of a file or by public id.
    """

    fields: Mapping[str, Any]
    practice: Mapping[str, Any]
    relations: tuple[tuple[str, str], ...] = ()
    organisation: str = ""
    public_id: str = ""
    source_key: str | None = None
    waits: bool = False
    published_at: datetime | None = None
    withdrawn: Withdrawn | None = None
    demonstration: bool = False

    def over(self, before: Description) -> Description:
        """Return a description with what the row says put over what stood there."""
        practice = {**before.practice, **self.practice}
        # In whatever order they stand, they are the same themes and countries.
        fields = {
            name: value
            for name, value in self.fields.items()
            if name not in TIES or set(value) != set(getattr(before, name))
        }
        return replace(before, **fields, practice=practice)


class Wrong(Exception):
    """Say what is wrong with a row."""


def parse(cells: Mapping[str, str]) -> Wanted:
    """Return what a row says; raise `Wrong` with all that is wrong in it."""
    faults: list[str] = []
    practice: dict[str, Any] = {
        **{name: clean(cells[name]) for name in rules.PRACTICE_TEXTS if name in cells},
        **{name: _several(cells[name]) for name in rules.PRACTICE_LISTS if name in cells},
    }
    state = _word(cells, "state", STATES, faults)
    wanted = Wanted(
        fields=_fields(cells, faults),
        practice=practice,
        relations=tuple(
            (relation.value, each)
            for relation in Relation
            for each in _several(cells.get(relation.value, ""))
        ),
        organisation=clean_line(cells.get("organisation", "")),
        public_id=_public_id(cells, faults),
        source_key=_source_key(cells, faults),
        waits=state == WAITING,
        published_at=_moment(cells, "published_at", faults) if "published_at" in cells else None,
        withdrawn=_withdrawn(cells, faults) if state == WITHDRAWN else None,
        demonstration=_word(cells, "demonstration", ("true", "false"), faults) == "true",
    )
    found = problems(wanted.over(Description()))
    faults += [f"{name}: {sentence}" for name, sentence in found.items()]
    if faults:
        raise Wrong("; ".join(faults))
    return wanted


def _fields(cells: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: clean_line(cells[name]) for name in _LINES if name in cells}
    for name in _CODES & fields.keys():
        fields[name] = fields[name].casefold().replace(" ", "_")
    if "summary" in cells:
        fields["summary"] = clean(cells["summary"])
    if "authors" in cells:
        fields["authors"] = tuple(map(rules.author, _several(cells["authors"])))
    for name in TIES:
        if name in cells:
            fields[name] = tuple(_several(cells[name]))
    if "embargo_until" in cells:
        fields["embargo_until"] = _moment(cells, "embargo_until", faults)
    if "terms" in cells:
        try:
            fields["terms"] = terms.decode(cells["terms"])
        except ValueError as problem:
            faults.append(f"terms: {problem}")
    return fields


def _several(text: str) -> list[str]:
    return [clean_line(each) for each in several(text)]


def _word(cells: Mapping[str, str], name: str, words: tuple[str, ...], faults: list[str]) -> str:
    said = cells.get(name, "").casefold()
    if said and said not in words:
        faults.append(f"{name}: write one of {', '.join(words)}")
    return said


def _moment(cells: Mapping[str, str], name: str, faults: list[str]) -> datetime | None:
    """Return a day's beginning, or a moment; without a zone it is one of UTC."""
    try:
        found = datetime.fromisoformat(cells.get(name, ""))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        faults.append(f"{name}: write a day such as 2027-03-31")
        return None


def _withdrawn(cells: Mapping[str, str], faults: list[str]) -> Withdrawn | None:
    readers = _word(cells, "withdrawn_for", tuple(Visibility), faults)
    reason = clean(cells.get("withdrawn_because", ""))
    language = clean_line(cells.get("withdrawn_language", ""))
    at = _moment(cells, "withdrawn_at", faults)
    if not 0 < len(reason) <= rules.REASON_LENGTH:
        faults.append("withdrawn_because: say why it was withdrawn")
    if len(language) > 20:
        faults.append("withdrawn_language: this is no tag of a language")
    return Withdrawn(at, reason, language, readers) if at else None


def _public_id(cells: Mapping[str, str], faults: list[str]) -> str:
    found = cells.get("id", "")
    if found and not ids.PATTERN.fullmatch(found):
        faults.append("id: this is no id of a library like this one; is it a source_id?")
    return found


def _source_key(cells: Mapping[str, str], faults: list[str]) -> str | None:
    key, name = clean_line(cells.get("source_key", "")), "source_key"
    source_id = clean_line(cells.get("source_id", ""))
    if source_id and not key:
        key, name = f"{clean_line(cells.get('source', ''))}:{source_id}", "source_id"
    most = _KEY_LENGTH if name == "source_key" else rules.SOURCE_ID_LENGTH
    if len(key) > most:
        faults.append(f"{name}: this is longer than {most} characters")
    return key or None
