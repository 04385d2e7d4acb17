"""Make of a page the tables that are taken along: codes for programs, names for people.

Texts stand in their original language, with its tag; facts with their sources and how sure they
are. Whom a note is by is public; sources and remarks on organisations are not, and stay here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from policytrack.commitments.queries.classification import Classification
from policytrack.constituents.words import full_name
from policytrack.core.i18n import designations, label
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.exports.tables import Cell, Download, Field, Table, table_of
from policytrack.frameworks.models import Ratification
from policytrack.pages.presenters import flows as flows_presenter
from policytrack.pages.presenters.tables import address
from policytrack.pages.queries import Body, Promise
from policytrack.places.models import Agreement, Country
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.rules import PARTS
from policytrack.progress.words import PART_HEADINGS

_Said = tuple[Note, NoteRevision]

# What the tables of pages are called where each is offered alone.
TABLE_WORDS: Mapping[str, Any] = {
    "agreements": _l("Agreements"),
    "commitments": _l("Commitments"),
    "contributions": _l("Contributions to commitments"),
    "corridors": _l("Corridors"),
    "countries": _l("By country of the lead"),
    "dialogues": _l("Dialogues"),
    "documents": _l("Documents"),
    "frameworks": _l("Frameworks"),
    "instruments": _l("Instruments"),
    "items": _l("Achievements and lessons"),
    "organisations": _l("Organisations"),
    "places": _l("Countries and territories"),
    "programmes": _l("Programmes"),
    "progress_notes": _l("What was reported"),
    "provisions": _l("Provisions"),
    "ratifications": _l("Ratifications"),
    "supported": _l("Supported commitments"),
    "term": _l("Name"),
}


def download(
    name: str, title: str, address: str, tables: Sequence[Table], made_at: datetime
) -> Download:
    """Return tables with what must be said beside them."""
    return Download(
        name=name,
        title=title,
        address=address,
        made_at=made_at,
        notes=[
            _(
                "A status is what an organisation claims. Texts are in their original language;"
                " rows marked as demonstration are invented."
            ),
            flows_presenter.source(),
            flows_presenter.care(),
            designations(),
        ],
        tables=tables,
    )


def places_table(found: Sequence[Country]) -> Table:
    """Return countries and territories with the migrants who live there, and their processes."""
    fields: list[Field[Country]] = [
        ("code", _("Code"), lambda row: row.iso2),
        ("name", _("Country or territory"), lambda row: label(row.labels)),
        ("migrants_2020", _("Migrants living there, 2020"), lambda row: row.migrants_2020),
        ("women_pct_2020", _("Women, per cent"), lambda row: row.women_pct_2020),
        (
            "processes",
            _("Takes part in"),
            lambda row: tuple(map(": ".join, sorted(row.processes.items()))),
        ),
        ("source", _("Source"), lambda row: row.source),
        ("confidence", _("Confidence"), lambda row: row.confidence),
        ("as_of", _("As of"), lambda row: row.as_of),
        address(lambda row: url_for("pages.country", iso2=row.iso2, _external=True)),
    ]
    return table_of("places", _("Countries and territories"), fields, found)


# What a commitment answers to and is about, by column.
_TIES = {
    "provisions": "provision",
    "themes": "theme",
    "sectors": "sector",
    "target_groups": "target_group",
    "countries": "country",
    "corridors": "corridor",
}


def commitments_table(promises: Sequence[Promise], ties: Classification) -> Table:
    """Return commitments in force, with what their leads claim and what they are about."""
    headings = {
        "provisions": _("Provisions"),
        "themes": _("Themes"),
        "sectors": _("Sectors"),
        "target_groups": _("Target groups"),
        "countries": _("Countries and territories"),
        "corridors": _("Corridors"),
    }

    def values(kind: str) -> Callable[[Promise], Cell]:
        return lambda row: tuple(tag.value for tag in ties.get((row.text.id, kind), ()))

    def supporters(row: Promise) -> Cell:
        found = ties.get((row.text.id, "supporter"), ())
        return tuple(label(tag.labels or {}) for tag in found)

    fields: list[Field[Promise]] = [
        ("code", _("Code"), lambda row: row.commitment.address),
        ("title", _("Title"), lambda row: row.text.title),
        ("text", _("Text"), lambda row: row.text.text),
        ("language", _("Language"), lambda row: row.text.language),
        ("lead", _("Lead"), lambda row: label(row.lead.labels)),
        ("group", _("Group"), lambda row: row.lead.group),
        ("country", _("Country or territory"), lambda row: row.lead.country_iso2),
        ("status", _("Claimed by the lead"), lambda row: row.status),
        ("heard_at", _("Last heard from"), lambda row: row.heard_at),
        ("gender_marker", _("Women migrant workers"), lambda row: row.text.gender_marker),
        ("starts_on", _("Begins"), lambda row: row.text.starts_on),
        ("due_on", _("Due"), lambda row: row.text.due_on),
        ("supporters", _("Supporters"), supporters),
        *((name, headings[name], values(kind)) for name, kind in _TIES.items()),
        ("demonstration", _("Demonstration"), lambda row: row.commitment.demonstration),
        (
            "address",
            _("Address"),
            lambda row: url_for("pages.commitment", address=row.commitment.address, _external=True),
        ),
    ]
    return table_of("commitments", _("Commitments"), fields, promises)


def notes_table(notes: Sequence[Note]) -> Table:
    """Return published notes with the whole of their texts."""
    said = [(note, note.published) for note in notes if note.published is not None]

    def part(name: str) -> Callable[[_Said], Cell]:
        return lambda row: getattr(row[1], name)

    fields: list[Field[_Said]] = [
        ("id", _("Id"), lambda row: row[0].public_id),
        ("round", _("Round"), lambda row: row[0].round.name),
        ("organisation", _("Organisation"), lambda row: full_name(row[0].constituent)),
        ("group", _("Group"), lambda row: row[0].constituent.group),
        ("commitment", _("Commitment"), lambda row: _address(row[0])),
        ("country", _("Country or territory"), lambda row: row[0].country_iso2),
        ("corridor", _("Corridor"), lambda row: row[0].corridor.code if row[0].corridor else None),
        ("theme", _("Theme"), lambda row: row[0].theme_code),
        ("status", _("Status"), part("claimed_status")),
        ("reversed", _("Reversed"), part("reversed")),
        ("nothing_changed", _("Nothing has changed"), part("nothing_changed")),
        ("language", _("Language"), part("language")),
        *((name, str(PART_HEADINGS[name]), part(name)) for name in PARTS),
        ("published_at", _("Published"), part("published_at")),
        ("demonstration", _("Demonstration"), lambda row: row[0].demonstration),
        (
            "address",
            _("Address"),
            lambda row: url_for("progress.show", note_id=row[0].public_id, _external=True),
        ),
    ]
    return table_of("progress_notes", _("What was reported"), fields, said)


def _address(note: Note) -> str | None:
    return note.commitment.address if note.commitment else None


def ratifications_table(found: Sequence[Ratification]) -> Table:
    """Return what is known of ratifications; a "no" is true of the date of its list only."""
    fields: list[Field[Ratification]] = [
        ("country", _("Country or territory"), lambda row: row.country_iso2),
        ("instrument", _("Code"), lambda row: row.instrument_code),
        ("title", _("Instrument"), lambda row: label(row.instrument.labels)),
        ("state", _("State"), lambda row: row.state),
        ("on", _("Day"), lambda row: row.on),
        ("year", _("Year"), lambda row: row.year or (row.on.year if row.on else None)),
        ("as_of", _("As of"), lambda row: row.as_of),
        ("source", _("Source"), lambda row: row.source),
        ("confidence", _("Confidence"), lambda row: row.confidence),
        ("note", _("Note"), lambda row: row.note),
    ]
    return table_of("ratifications", _("Ratifications"), fields, found)


def agreements_table(found: Sequence[Agreement]) -> Table:
    """Return agreements; `year_inferred` where the year was not read but inferred."""
    fields: list[Field[Agreement]] = [
        ("code", _("Code"), lambda row: row.code),
        ("corridor", _("Corridor"), lambda row: row.corridor_code),
        ("title", _("Agreement"), lambda row: label(row.labels)),
        ("state", _("State"), lambda row: row.state),
        ("state_as_of", _("State known as of"), lambda row: row.as_of),
        ("signed", _("Signed"), lambda row: row.signed),
        ("year_inferred", _("Year inferred"), lambda row: row.year_inferred),
        ("source", _("Source"), lambda row: row.source),
        ("confidence", _("Confidence"), lambda row: row.confidence),
        ("note", _("Note"), lambda row: row.note),
    ]
    return table_of("agreements", _("Agreements"), fields, found)


def organisations_table(bodies: Sequence[Body]) -> Table:
    """Return organisations with when they were last heard, or since when they are silent."""
    fields: list[Field[Body]] = [
        ("code", _("Code"), lambda row: row.constituent.code),
        ("name", _("Organisation"), lambda row: label(row.constituent.labels)),
        ("acronym", _("Acronym"), lambda row: row.constituent.acronym),
        ("group", _("Group"), lambda row: row.constituent.group),
        ("country", _("Country or territory"), lambda row: row.constituent.country_iso2),
        ("focal_ministry", _("Focal ministry"), lambda row: row.constituent.focal_ministry),
        ("as_of", _("As of"), lambda row: row.constituent.as_of),
        ("heard_at", _("Last heard from"), lambda row: row.heard_at),
        ("asked", _("First asked"), lambda row: row.asked),
        ("silent_since", _("Silent since"), lambda row: row.silent_since),
        ("demonstration", _("Demonstration"), lambda row: row.constituent.demonstration),
        address(
            lambda row: url_for(
                "pages.constituent", public_id=row.constituent.public_id, _external=True
            )
        ),
    ]
    return table_of("organisations", _("Organisations"), fields, bodies)
