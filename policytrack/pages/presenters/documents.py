"""Make of the library's list a table to take along, with the columns that a manifest has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from flask import url_for

from policytrack.core.i18n import designations, label
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor
from policytrack.exports.tables import Cell, Download, Field, Table, table_of
from policytrack.library import policy, rules
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.library.presenters.citations import file_address, kept_files
from policytrack.library.words import PRACTICE_WORDS

_Said = tuple[LibraryDocument, LibraryRevision]
_BETWEEN = "; "


def download(
    actor: Actor, found: Sequence[LibraryDocument], address: str, now: datetime
) -> Download:
    """Return documents with what must be said beside them."""
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
            designations(),
        ],
        tables=[_table(actor, found)],
    )


def _table(actor: Actor, found: Sequence[LibraryDocument]) -> Table:
    said = [(each, each.published) for each in found if each.published is not None]
    return table_of("documents", _("Library"), _fields(actor), said)


def _fields(actor: Actor) -> list[Field[_Said]]:
    return [
        ("id", _("Id"), lambda row: row[0].public_id),
        ("type", _("Kind of document"), _part("type")),
        ("language", _("Language"), _part("language")),
        ("title", _("Title"), _part("title")),
        ("summary", _("Summary"), _part("summary")),
        ("authors", _("Authors"), lambda row: _joined(map(_author, row[1].authors))),
        ("publisher", _("Publisher"), _part("publisher")),
        ("place", _("Place"), _part("place")),
        ("official_number", _("Official number"), _part("official_number")),
        ("issued", _("Issued"), _part("issued")),
        ("source_url", _("Source"), _part("source_url")),
        ("legal_status", _("Legal status"), _part("legal_status")),
        ("in_force_from", _("In force from"), _part("in_force_from")),
        ("in_force_until", _("In force until"), _part("in_force_until")),
        ("themes", _("Themes"), _codes("themes", "code")),
        ("sectors", _("Sectors"), _codes("sectors", "code")),
        ("target_groups", _("Target groups"), _codes("target_groups", "code")),
        ("countries", _("Countries and territories"), _codes("countries", "iso2")),
        ("corridors", _("Corridors"), _codes("corridors", "code")),
        ("rights", _("Copies"), _part("rights")),
        ("licence", _("Licence"), _part("licence")),
        ("visibility", _("Who may read it"), _part("visibility")),
        ("embargo_until", _("Not public before"), _part("embargo_until")),
        ("organisation", _("Organisation"), lambda row: _body(row[0])),
        *((name, str(heading), _practice(name, actor)) for name, heading in PRACTICE_WORDS.items()),
        ("published_at", _("Published"), _part("published_at")),
        ("demonstration", _("Demonstration"), lambda row: row[0].demonstration),
        ("files", _("Files"), lambda row: _joined(_files(actor, row))),
        ("sha256", _("SHA-256 of the files"), lambda row: _joined(_hashes(actor, row))),
        (
            "address",
            _("Address"),
            lambda row: url_for("library.show", public_id=row[0].public_id, _external=True),
        ),
    ]


def _part(name: str) -> Callable[[_Said], Cell]:
    return lambda row: getattr(row[1], name)


def _codes(name: str, column: str) -> Callable[[_Said], Cell]:
    return lambda row: _joined(getattr(each, column) for each in getattr(row[1], name))


def _practice(name: str, actor: Actor) -> Callable[[_Said], Cell]:
    def value(row: _Said) -> Cell:
        if name in rules.NEVER_PUBLIC and not policy.is_insider(actor, row[0]):
            return ""
        found = row[1].practice.get(name, "")
        return _joined(found) if isinstance(found, list) else str(found)

    return value


def _joined(parts: Iterable[str]) -> str:
    return _BETWEEN.join(parts)


def _author(author: Mapping[str, str]) -> str:
    return author.get("literal") or ", ".join(
        filter(None, (author.get("family", ""), author.get("given", "")))
    )


def _body(document: LibraryDocument) -> str:
    body = document.constituent
    return (body.code or label(body.labels)) if body else ""


def _files(actor: Actor, row: _Said) -> Iterable[str]:
    document, text = row
    if policy.may_have_files(actor, document, text):
        yield from (file_address(each, external=True) for each in kept_files(text))


def _hashes(actor: Actor, row: _Said) -> Iterable[str]:
    document, text = row
    if policy.may_have_files(actor, document, text):
        yield from (each.file.sha256 for each in kept_files(text))
