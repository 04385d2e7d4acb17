"""Make of documents a table to take along: the columns of a manifest, with addresses.

What is written here is read by `exchange/rows.py`: a column that is added in one belongs into the
other, or into `rows.TOLD`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.core.i18n import designations
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor
from policytrack.exports.tables import Cell, Column, Download, Field, Table
from policytrack.library import policy, rules, terms
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.library.presenters.citations import file_address, kept_files
from policytrack.library.queries import Held, Ties
from policytrack.library.rules import Relation
from policytrack.library.words import PRACTICE_WORDS, RELATION_WORDS


@dataclass(frozen=True, slots=True)
class Given:
    """Hold a document as it is handed over: whether with its files, and with whom to ask.

    `paths` are where its files were written, beside the table.
    """

    document: LibraryDocument
    text: LibraryRevision
    ties: Ties
    files: bool
    contact: bool
    paths: tuple[str, ...] = ()


def given(actor: Actor, held: Held, paths: tuple[str, ...] = ()) -> Given:
    """Return a document as an actor may have it."""
    document, text, ties = held
    return Given(
        document,
        text,
        ties,
        files=policy.may_have_files(actor, document, text),
        contact=policy.is_insider(actor, document),
        paths=paths,
    )


def download(
    tables: Sequence[Table], address: str, now: datetime, notes: Sequence[str] = ()
) -> Download:
    """Return tables of documents with what must be said beside them."""
    return Download(
        name="library",
        title=_("Library"),
        address=address,
        made_at=now,
        notes=[
            _(
                "Titles and texts are in the language of the document; rows marked as demonstration"
                " are invented."
            ),
            *notes,
            designations(),
        ],
        tables=tables,
    )


def table(found: Iterable[Given], *, with_paths: bool = False) -> Table:
    """Return documents as a table, made as it is read."""
    fields = [*(_paths() if with_paths else ()), *columns()]
    return Table(
        "documents",
        _("Library"),
        [Column(name, heading) for name, heading, _value in fields],
        ([value(row) for _name, _heading, value in fields] for row in found),
    )


def said(row: Given) -> dict[str, Cell]:
    """Return all that a document says, by the names of the columns."""
    return {name: value(row) for name, _heading, value in (*_paths(), *columns())}


def columns() -> list[Field[Given]]:
    """Return all that a document says, in the order of the columns."""
    return [
        ("id", _("Id"), lambda row: row.document.public_id),
        *_said(),
        *_about(),
        *((kind, str(word), _tied(kind)) for kind, word in RELATION_WORDS.items()),
        ("rights", _("Copies"), _part("rights")),
        ("licence", _("Licence"), _part("licence")),
        ("visibility", _("Who may read it"), _part("visibility")),
        ("embargo_until", _("Not public before"), _part("embargo_until")),
        ("organisation", _("Organisation"), _organisation),
        ("terms", _("What it lays down"), _terms),
        *((name, str(heading), _practice(name)) for name, heading in PRACTICE_WORDS.items()),
        ("source_id", _("Id in that database"), lambda row: _source_id(row)[0]),
        ("source_key", _("Id across databases"), lambda row: _source_id(row)[1]),
        *_standing(),
        ("demonstration", _("Demonstration"), lambda row: row.document.demonstration),
        ("files", _("Files"), _files),
        ("sha256", _("SHA-256 of the files"), _hashes),
        ("address", _("Address"), lambda row: address_of(row.document)),
    ]


def _said() -> list[Field[Given]]:
    return [
        ("type", _("Kind of document"), _part("type")),
        ("language", _("Language"), _part("language")),
        ("title", _("Title"), _part("title")),
        ("summary", _("Summary"), _part("summary")),
        ("authors", _("Authors"), lambda row: tuple(map(rules.author_text, row.text.authors))),
        ("publisher", _("Publisher"), _part("publisher")),
        ("place", _("Place"), _part("place")),
        ("official_number", _("Official number"), _part("official_number")),
        ("issued", _("Issued"), _part("issued")),
        ("source_url", _("Source"), _part("source_url")),
        ("legal_status", _("Legal status"), _part("legal_status")),
        ("in_force_from", _("In force from"), _part("in_force_from")),
        ("in_force_until", _("In force until"), _part("in_force_until")),
    ]


def _about() -> list[Field[Given]]:
    return [
        ("themes", _("Themes"), _codes("themes", "code")),
        ("sectors", _("Sectors"), _codes("sectors", "code")),
        ("target_groups", _("Target groups"), _codes("target_groups", "code")),
        ("countries", _("Countries and territories"), _codes("countries", "iso2")),
        ("corridors", _("Corridors"), _codes("corridors", "code")),
    ]


def _standing() -> list[Field[Given]]:
    """Return where a document stands, and why it was withdrawn if it was."""
    return [
        ("state", _("State"), lambda row: state_of(row)),
        ("published_at", _("Published"), _part("published_at")),
        ("withdrawn_at", _("Withdrawn"), _withdrawn("retracted_at")),
        ("withdrawn_because", _("Why it was withdrawn"), _withdrawn("retraction_reason")),
        ("withdrawn_language", _("Language of the reason"), _withdrawn("retraction_language")),
        ("withdrawn_for", _("Who may read the reason"), _withdrawn("retracted_for")),
    ]


def _paths() -> list[Field[Given]]:
    return [
        ("path", _("File"), lambda row: next(iter(row.paths), "")),
        ("further_paths", _("Further files"), lambda row: row.paths[1:]),
    ]


def state_of(row: Given) -> str:
    """Return where a document stands: published, withdrawn, or submitted."""
    if row.document.published_id == row.text.id:
        return "published"
    return "withdrawn" if row.document.retracted_at is not None else "submitted"


def address_of(document: LibraryDocument) -> str:
    """Return the permanent address of a document."""
    return url_for("library.show", public_id=document.public_id, _external=True)


def _part(name: str) -> Callable[[Given], Cell]:
    return lambda row: getattr(row.text, name)


def _withdrawn(name: str) -> Callable[[Given], Cell]:
    return lambda row: getattr(row.document, name) if state_of(row) == "withdrawn" else None


def _codes(name: str, column: str) -> Callable[[Given], Cell]:
    return lambda row: tuple(sorted(getattr(each, column) for each in getattr(row.text, name)))


def _tied(kind: str | Relation) -> Callable[[Given], Cell]:
    return lambda row: tuple(public_id for each, public_id in row.ties if each == kind)


def _practice(name: str) -> Callable[[Given], Cell]:
    def value(row: Given) -> Cell:
        if name in rules.NEVER_PUBLIC and not row.contact:
            return ""
        found = row.text.practice.get(name)
        return tuple(found or ()) if name in rules.PRACTICE_LISTS else str(found or "")

    return value


def _organisation(row: Given) -> Cell:
    body = row.document.constituent
    return body.code if body else ""


def _terms(row: Given) -> Cell:
    return terms.encode(each.as_term() for each in row.text.terms)


def _source_id(row: Given) -> tuple[str, str]:
    """Return what the source calls a document; whole, where the source does not begin it."""
    key, before = row.document.source_key or "", f"{row.text.practice.get('source') or ''}:"
    if key.startswith(before) and len(before) < len(key) <= rules.SOURCE_ID_LENGTH:
        return key.removeprefix(before), ""
    return "", key


def _files(row: Given) -> Cell:
    return tuple(file_address(each, external=True) for each in kept_files(row.text) if row.files)


def _hashes(row: Given) -> Cell:
    return tuple(each.file.sha256 for each in kept_files(row.text) if row.files)
