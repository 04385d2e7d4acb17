"""Find a passage wherever it stands, and take it out of rows that otherwise never change.

A redaction is the only thing that overrides immutability. The models refuse to change what was
submitted; what is written here goes past them on purpose, as statements on tables, and nowhere
else. Features say in `redacting.py` where their things hold text (`Shelf`).

The places of a redaction are data without the text: revisions never change, so that the same places
can be blackened again after an older backup was restored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, cast

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, String, Table, select, tuple_, update
from sqlalchemy.orm import Session

from policytrack.core.db import Base
from policytrack.core.files.models import StoredFile
from policytrack.core.i18n import format_date
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor

# What stands in the place of what was taken out: always the same, so that its length tells nothing.
MARK = "█████"
# The fewest signs, spaces aside, that may be looked for: fewer would eat into other words.
SHORTEST = 4
LONGEST = 20_000

# Signs that nobody sees, between which a passage stands all the same.
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_UNSEEN_SIGN = re.compile(f"[{_UNSEEN}]")

Span = tuple[int, int]


class Passage:
    """Hold a passage that is looked for.

    Texts match whatever white space and unseen signs stand between their letters, composed (NFC),
    as upper and lower case letters are.
    """

    def __init__(self, text: str) -> None:
        seen = _UNSEEN_SIGN.sub("", unicodedata.normalize("NFC", text))
        self.words = seen.split()

    def __len__(self) -> int:
        """Return the number of its signs, spaces aside."""
        return sum(map(len, self.words))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = (f"[{_UNSEEN}]*".join(map(re.escape, word)) for word in self.words)
        return re.compile(rf"[\s{_UNSEEN}]+".join(words))

    def spans(self, text: str) -> list[Span]:
        """Return where the passage stands in a text: start and length, in the text as it is."""
        if not self.words:
            return []
        if text.isascii() or unicodedata.is_normalized("NFC", text):
            return [(each.start(), each.end() - each.start()) for each in self._in(text)]
        composed, starts = _composed(text)
        return [
            (starts[each.start()], starts[each.end()] - starts[each.start()])
            for each in self._in(composed)
        ]

    def stands_in(self, text: str) -> bool:
        """Tell whether the passage stands in a text."""
        return bool(self.spans(text))

    def _in(self, text: str) -> Iterator[re.Match[str]]:
        return self._pattern.finditer(text)


def _composed(text: str) -> tuple[str, list[int]]:
    """Return a text composed, and for each of its signs, and its end, where that began."""
    pieces: list[str] = []
    starts: list[int] = []
    begun = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and _continues(text[at]):
            continue
        piece = unicodedata.normalize("NFC", text[begun:at])
        pieces.append(piece)
        starts += [begun] * len(piece)
        begun = at
    return "".join(pieces), [*starts, len(text)]


def _continues(sign: str) -> bool:
    # A mark upon the letter before it, or a Korean letter that joins the one before it.
    return unicodedata.combining(sign) > 0 or "\u1160" <= sign <= "\u11ff"


def without(text: str, spans: Iterable[Span]) -> str:
    """Return a text with the mark in these places."""
    pieces: list[str] = []
    at = 0
    for start, length in sorted(spans):
        pieces += [text[at:start], MARK]
        at = start + length
    return "".join([*pieces, text[at:]])


def table_of(model: type[Base]) -> Table:
    """Return the table of a model: a statement on it goes past the model, and what it forbids."""
    return cast(Table, model.__table__)


def shown(text: object) -> object:
    """Return a text for a page: in the place of each mark a word in the reader's language."""
    said = str(text) if text is not None else ""
    if MARK not in said:
        return text
    word = Markup('<span class="redacted">{}</span>').format(_("[redacted]"))
    return escape(text).replace(escape(MARK), word)


def file_said(at: datetime) -> str:
    """Return what stands in the place of a file that was redacted."""
    return _("This file was redacted on %(date)s.", date=format_date(at))


@dataclass(frozen=True, slots=True)
class Place:
    """Hold where a passage stands: a row by what survives a restore, a field, and the spans.

    `field` is a column, or column and path inside its JSON, joined by dots. Without `spans` the
    whole of it goes. `version` is that of the row when the spans were measured.
    """

    table: str
    row: Mapping[str, str]
    field: str
    spans: tuple[Span, ...] = ()
    version: str = ""

    @property
    def times(self) -> int:
        """Return how often the passage stands there."""
        return len(self.spans) or 1

    def data(self) -> dict[str, Any]:
        """Return it as the register keeps it."""
        return {
            "table": self.table,
            "row": dict(self.row),
            "field": self.field,
            "spans": [list(span) for span in self.spans],
            "version": self.version,
        }

    @classmethod
    def parse(cls, given: Any) -> Place:
        """Return what `data` gave; raise `ValueError` for anything else."""
        try:
            spans = tuple((int(start), int(length)) for start, length in given["spans"])
            row = {str(name): str(value) for name, value in given["row"].items()}
            place = cls(str(given["table"]), row, str(given["field"]), spans, str(given["version"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no place of a redaction: {given!r:.100}") from error
        if any(start < 0 or length < 1 for start, length in spans):
            raise ValueError(f"no place in a text: {given!r:.100}")
        return place


@dataclass(frozen=True, slots=True)
class Found:
    """Hold a place with what a preview tells of it: the text there, and of which revision it is."""

    place: Place
    label: object
    text: str
    revision_id: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """Declare where one table holds the text of things of a kind.

    `within` is the condition for the rows of one thing, by its public id. `names` tell its rows
    apart for good: numbers of rows are given anew after a restore. `texts` are columns, or columns
    of JSON, in which a passage is replaced; `whole` those that are emptied where it stands in them,
    with what they then hold. `version` is the column that tells one text of a row from the next;
    one that counts the saves of a draft counts on, so that nobody saves an older form over what was
    taken out.
    """

    model: type[Base]
    within: Callable[[str], ColumnElement[bool]]
    names: Mapping[str, Any]
    label: object
    texts: tuple[str, ...] = ()
    whole: Mapping[str, str | None] = field(default_factory=dict)
    version: str = ""
    # The column with the number of the revision that a row belongs to.
    revision: str = ""
    # What else may hold the passage in another spelling, such as an address.
    spelled: Callable[[str], str] | None = None
    # What single columns are called, where that differs from the shelf.
    labels: Mapping[str, object] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """Return the name of the table."""
        return str(self.model.__tablename__)

    def rows(self, session: Session, public_id: str) -> list[Row]:
        """Return the rows of a thing."""
        columns = table_of(self.model).c
        wanted = [*self.texts, *self.whole]
        keys = list(self.model.__mapper__.primary_key)
        extra = [columns[name] for name in (self.version, self.revision) if name]
        found = session.execute(
            select(*keys, *self.names.values(), *extra, *(columns[name] for name in wanted)).where(
                self.within(public_id)
            )
        )
        return [self._row(list(values), len(keys), wanted) for values in found]

    def _row(self, values: list[Any], keys: int, wanted: Sequence[str]) -> Row:
        key = tuple(values[:keys])
        left = values[keys:]
        names = {name: _named(left.pop(0)) for name in self.names}
        version = left.pop(0) if self.version else ""
        revision = left.pop(0) if self.revision else None
        return Row(key, names, version, revision, dict(zip(wanted, left, strict=True)))


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row of a shelf."""

    key: tuple[Any, ...]
    names: Mapping[str, str]
    version: Any
    revision: int | None
    values: Mapping[str, Any]


def _named(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def find(
    session: Session, shelves: Iterable[Shelf], public_id: str, passage: Passage
) -> list[Found]:
    """Return every place where a passage stands on the shelves of a thing."""
    return [
        found
        for shelf in shelves
        for row in shelf.rows(session, public_id)
        for found in _in_row(shelf, row, passage)
    ]


def _in_row(shelf: Shelf, row: Row, passage: Passage) -> Iterator[Found]:
    for name, value in row.values.items():
        label = shelf.labels.get(name, shelf.label)
        for path, text in _leaves(value):
            spans = tuple(passage.spans(text))
            if name in shelf.whole:
                other = shelf.spelled(text) if shelf.spelled else ""
                if not spans and not passage.stands_in(other):
                    continue
                spans = ()
            elif not spans:
                continue
            place = Place(
                shelf.table, row.names, ".".join((name, *path)), spans, _named(row.version)
            )
            yield Found(place, label, text, row.revision)
        for path, text in _parted(value):
            if passage.stands_in(text):
                for part in ("family", "given"):
                    field = ".".join((name, *path, part))
                    place = Place(shelf.table, row.names, field, (), _named(row.version))
                    yield Found(place, label, text, row.revision)


def _parted(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each name that is kept in two parts, with the way to it and how it reads."""
    if isinstance(value, Mapping) and {"family", "given"} <= set(value):
        family, given = str(value["family"]), str(value["given"])
        yield path, f"{given} {family}\n\n{family} {given}\n\n{family}, {given}"
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _parted(inner, (*path, str(at)))


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the texts inside a value, each with the way to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _leaves(inner, (*path, str(at)))


def blacken(
    session: Session, shelves: Iterable[Shelf], public_id: str, places: Iterable[Place]
) -> int:
    """Take out what stands in these places of a thing; return in how many of them it did.

    Where a row is of another version than the one that was measured, or the text is shorter, the
    whole field goes: better too much than the passage left.
    """
    session.flush()
    wanted: dict[tuple[str, frozenset[tuple[str, str]]], list[Place]] = {}
    for place in places:
        wanted.setdefault((place.table, frozenset(place.row.items())), []).append(place)
    done = 0
    for shelf in shelves:
        for row in shelf.rows(session, public_id) if wanted else ():
            mine = wanted.pop((shelf.table, frozenset(row.names.items())), [])
            if mine:
                done += len(mine)
                _rewrite(session, shelf, row, mine)
    # What the session remembers of these rows is true no more.
    session.expire_all()
    return done


def _rewrite(session: Session, shelf: Shelf, row: Row, places: Iterable[Place]) -> None:
    table = table_of(shelf.model)
    values = {name: deepcopy(value) for name, value in row.values.items()}
    touched: set[str] = set()
    for place in places:
        name, *path = place.field.split(".")
        if name not in values:
            continue
        touched.add(name)
        if name in shelf.whole:
            values[name] = shelf.whole[name]
        else:
            same = place.version == _named(row.version)
            values[name] = _changed(values[name], path, place.spans if same else ())
    changed = {name: _fitting(table.c[name].type, values[name]) for name in touched}
    if isinstance(row.version, int):
        changed[shelf.version] = row.version + 1
    keys = tuple_(*(table.c[column.name] for column in shelf.model.__mapper__.primary_key))
    session.execute(update(table).where(keys.in_([row.key])).values(changed))


def _changed(value: Any, path: list[str], spans: tuple[Span, ...]) -> Any:
    """Return a value with the text at the end of a way blackened; the rest as it was."""
    if path and isinstance(value, dict) and path[0] in value:
        value[path[0]] = _changed(value[path[0]], path[1:], spans)
    elif path and isinstance(value, list) and path[0].isdecimal() and int(path[0]) < len(value):
        value[int(path[0])] = _changed(value[int(path[0])], path[1:], spans)
    elif not path and isinstance(value, str) and value:
        fits = spans and all(start + length <= len(value) for start, length in spans)
        return without(value, spans) if fits else MARK
    return value


def _fitting(kind: Any, value: Any) -> Any:
    """Return a text no longer than its column: the mark may be longer than the passage."""
    if isinstance(value, str) and isinstance(kind, String) and kind.length:
        return value[: kind.length]
    return value


@dataclass(frozen=True, slots=True)
class Thing:
    """Hold what is redacted: a note or a document."""

    kind: str
    public_id: str
    constituent_id: int | None
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Version:
    """Hold one revision of a thing; `readable` tells whether the officer may read its text."""

    number: int
    state: str
    readable: bool


@dataclass(frozen=True, slots=True)
class HeldFile:
    """Hold a file of a thing: the row that names it, and its content."""

    public_id: str
    name: str
    revision_id: int
    stored_id: int


@dataclass(frozen=True, slots=True)
class Holding:
    """Hold a file that holds a passage: on how many of its pages, or in what it says of itself."""

    stored_id: int
    pages: int


class Redactable(Protocol):
    """Offer the things of one feature to redaction."""

    kind: str

    def thing(self, session: Session, actor: Actor, public_id: str, now: datetime) -> Thing:
        """Return a thing that the actor may see; raise `errors.NotFound` for any other."""
        ...

    def versions(
        self, session: Session, actor: Actor, public_id: str, now: datetime
    ) -> Mapping[int, Version]:
        """Return all revisions of a thing, by the number of their rows."""
        ...

    def shelves(self, kind: str) -> Sequence[Shelf]:
        """Return where this feature holds text of things of a kind, its own or another's."""
        ...

    def files(self, session: Session, public_id: str) -> Sequence[HeldFile]:
        """Return the files of a thing, in all its revisions, but for those redacted already."""
        ...

    def named(self, session: Session, stored_ids: Sequence[int]) -> Mapping[int, int]:
        """Return how many rows of this feature name each content, or quote it."""
        ...

    def sources(self, session: Session, stored_id: int) -> set[str]:
        """Return the hashes of what was handed in, where they differ from what is kept."""
        ...

    def empty(self, session: Session, stored: StoredFile) -> None:
        """Empty the names, texts and quotations of a content that is taken away."""
        ...

    def say(
        self, session: Session, public_id: str, *, at: datetime, sentence: str, language: str
    ) -> None:
        """Have a thing's page say that something was redacted, and have the index look again."""
        ...
