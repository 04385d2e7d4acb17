"""Make tables of reference data that are taken along: codes for programs, names for people.

What an organisation rests on, and the remarks on it, are for the secretariat and stay here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import url_for

from policytrack.constituents.models import Constituent
from policytrack.core.db import Labels
from policytrack.core.i18n import gettext as _
from policytrack.dialogues.models import Dialogue
from policytrack.exports.tables import Cell, Field, Table, table_of
from policytrack.frameworks.models import (
    Framework,
    Instrument,
    Provision,
    Sector,
    StatusWord,
    TargetGroup,
    Theme,
)
from policytrack.frameworks.queries import RatifiedBy
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.pages.presenters.programmes import shown
from policytrack.pages.presenters.terms import LedFromLine
from policytrack.programmes.models import Programme, ProgrammeItem
from policytrack.programmes.queries import Paper
from policytrack.progress.rules import Status
from policytrack.progress.words import STATUS_WORDS
from policytrack.reference.rules import LANGUAGES


def _names(labels: Callable[[Any], Labels], stem: str, heading: str) -> list[Field[Any]]:
    """Return a column for each language of the data."""

    def in_language(code: str) -> Callable[[Any], Cell]:
        return lambda row: labels(row).get(code, "")

    return [(f"{stem}_{code}", f"{heading} ({code})", in_language(code)) for code in LANGUAGES]


def _sourced() -> list[Field[Any]]:
    return [
        ("source", _("Source"), lambda row: row.source),
        ("confidence", _("Confidence"), lambda row: row.confidence),
    ]


def address(of: Callable[[Any], str]) -> Field[Any]:
    """Return the column that says where a row has its page."""
    return ("address", _("Address"), of)


def themes(found: Sequence[Theme], counts: Mapping[str, int]) -> Table:
    """Return themes with what belongs to them."""
    fields: list[Field[Theme]] = [
        ("code", _("Code"), lambda row: row.code),
        ("area", _("Key area"), lambda row: row.parent_code),
        *_names(lambda row: row.labels, "name", _("Name")),
        *_names(lambda row: row.scope, "scope", _("What belongs to it")),
        ("commitments", _("Commitments in force"), lambda row: counts.get(row.code, 0)),
        *_sourced(),
        address(lambda row: url_for("pages.theme", code=row.code, _external=True)),
    ]
    return table_of("themes", _("Themes"), fields, found)


def frameworks(found: Sequence[Framework], counts: Mapping[str, int]) -> Table:
    """Return frameworks with who adopted them, when and where."""
    fields: list[Field[Framework]] = [
        ("code", _("Code"), lambda row: row.code),
        *_names(lambda row: row.labels, "name", _("Name")),
        *_names(lambda row: row.adopted_by, "adopted_by", _("Adopted by")),
        ("adopted_on", _("Adopted on"), lambda row: row.adopted_on),
        *_names(lambda row: row.place, "place", _("Place")),
        ("commitments", _("Commitments in force"), lambda row: counts.get(row.code, 0)),
        *_sourced(),
        address(lambda row: url_for("pages.framework", code=row.code, _external=True)),
    ]
    return table_of("frameworks", _("Frameworks"), fields, found)


def provisions(found: Sequence[Provision], counts: Mapping[int, int]) -> Table:
    """Return provisions with how each label came about."""
    fields: list[Field[Provision]] = [
        ("framework", _("Framework"), lambda row: row.framework_code),
        ("code", _("Code"), lambda row: row.code),
        *_names(lambda row: row.labels, "label", _("Label")),
        ("wording", _("How it is worded"), lambda row: row.wording),
        *_names(lambda row: row.note, "note", _("Note")),
        ("commitments", _("Commitments in force"), lambda row: counts.get(row.id, 0)),
        ("retired", _("Retired"), lambda row: row.retired),
        *_sourced(),
        address(
            lambda row: url_for(
                "pages.provision", framework=row.framework_code, code=row.code, _external=True
            )
        ),
    ]
    return table_of("provisions", _("Provisions"), fields, found)


def instruments(found: Sequence[Instrument], ratified: Mapping[str, RatifiedBy]) -> Table:
    """Return instruments with how many of the countries on record ratified each."""
    nothing = RatifiedBy(0, 0, None)

    def counted(row: Instrument) -> RatifiedBy:
        return ratified.get(row.code, nothing)

    fields: list[Field[Instrument]] = [
        ("code", _("Code"), lambda row: row.code),
        ("kind", _("Kind"), lambda row: row.kind),
        *_names(lambda row: row.labels, "title", _("Title")),
        ("year", _("Year"), lambda row: row.year),
        *_names(lambda row: row.topic, "topic", _("Topic")),
        ("fundamental", _("Fundamental"), lambda row: row.fundamental),
        ("ratified", _("Ratified by"), lambda row: counted(row).ratified),
        ("on_record", _("Countries on record"), lambda row: counted(row).listed),
        ("as_of", _("Oldest list"), lambda row: counted(row).as_of),
        ("note", _("Note"), lambda row: row.note),
        *_sourced(),
        address(lambda row: url_for("pages.instrument", code=row.code, _external=True)),
    ]
    return table_of("instruments", _("Instruments"), fields, found)


def terms(name: str, title: str, found: Sequence[Sector | TargetGroup]) -> Table:
    """Return sectors or target groups."""
    return table_of(name, title, _term_fields(), found)


def terms_by_kind(sectors: Sequence[Sector], target_groups: Sequence[TargetGroup]) -> Table:
    """Return sectors and target groups in one table."""
    fields: list[Field[Any]] = [("kind", _("Kind"), _kind), *_term_fields()]
    return table_of("terms", _("Sectors and target groups"), fields, [*sectors, *target_groups])


def _kind(row: Sector | TargetGroup) -> str:
    return "sector" if isinstance(row, Sector) else "target_group"


def _term_fields() -> list[Field[Any]]:
    return [
        ("code", _("Code"), lambda row: row.code),
        *_names(lambda row: row.labels, "name", _("Name")),
        address(lambda row: url_for(f"pages.{_kind(row)}", code=row.code, _external=True)),
    ]


def led_from(lines: Sequence[LedFromLine]) -> Table:
    """Return how many commitments led from each country have each status."""

    def status(position: int) -> Callable[[LedFromLine], Cell]:
        return lambda row: row.counts[position]

    fields: list[Field[LedFromLine]] = [
        ("country", _("Country or territory"), lambda row: row.place.code or None),
        ("name", _("Name"), lambda row: row.place.name),
        *(
            (code or "no_information", str(STATUS_WORDS[code]), status(position))
            for position, code in enumerate((*Status, None))
        ),
        ("total", _("Total"), lambda row: row.total),
    ]
    return table_of("countries", _("By country of the lead"), fields, lines)


def status_words(found: Sequence[StatusWord]) -> Table:
    """Return what statuses and flags mean, and what other systems call them."""
    fields: list[Field[StatusWord]] = [
        ("code", _("Code"), lambda row: row.code),
        ("kind", _("Kind"), lambda row: row.kind),
        *_names(lambda row: row.labels, "word", _("Word")),
        *_names(lambda row: row.definition, "definition", _("What it means")),
        *_names(lambda row: row.evidence, "evidence", _("What evidence it asks for")),
        ("ogp", _("Open Government Partnership"), lambda row: row.equivalents.get("ogp")),
        ("upr", _("Universal Periodic Review"), lambda row: row.equivalents.get("upr")),
        ("sdg", _("SDG reports"), lambda row: row.equivalents.get("sdg")),
        *_sourced(),
    ]
    return table_of("statuses", _("What the statuses mean"), fields, found)


def programmes(found: Sequence[Programme]) -> Table:
    """Return programmes with their countries by side."""

    def side(name: str) -> Callable[[Programme], Cell]:
        return lambda row: tuple(
            sorted(link.country_iso2 for link in row.countries if link.side == name)
        )

    fields: list[Field[Programme]] = [
        ("code", _("Code"), lambda row: row.code),
        *_names(lambda row: row.labels, "name", _("Name")),
        *_names(lambda row: row.summary, "summary", _("Summary")),
        *_names(lambda row: row.parent_initiative, "part_of", _("Part of")),
        ("agencies", _("Agencies"), lambda row: tuple(row.agencies)),
        ("partners", _("Partners"), lambda row: tuple(row.partners)),
        ("funders", _("Funders"), lambda row: tuple(row.funders)),
        ("starts", _("Begins"), lambda row: row.starts),
        ("ends", _("Ends"), lambda row: row.ends),
        ("origins", _("Countries of origin"), side("origin")),
        ("destinations", _("Countries of destination"), side("destination")),
        ("both", _("On both sides"), side("both")),
        ("demonstration", _("Demonstration"), lambda row: row.demonstration),
        *_sourced(),
        address(lambda row: url_for("pages.programme", code=row.code, _external=True)),
    ]
    return table_of("programmes", _("Programmes"), fields, found)


def programme_items(found: Sequence[ProgrammeItem], papers: Mapping[int, Paper]) -> Table:
    """Return achievements, lessons and facts; small counts of people stay out.

    Of the documents that they rest on those in `papers` are named.
    """

    def source(row: ProgrammeItem) -> Cell:
        paper = papers.get(row.document_id or 0)
        if paper is None:
            return row.source
        return url_for("library.show", public_id=paper.public_id, _external=True)

    fields: list[Field[ProgrammeItem]] = [
        ("code", _("Code"), lambda row: row.code),
        ("programme", _("Programme"), lambda row: row.programme_code),
        ("kind", _("Kind"), lambda row: row.kind),
        *_names(lambda row: row.labels, "text", _("Text")),
        ("country", _("Country or territory"), lambda row: row.country_iso2),
        ("women", _("Women"), lambda row: shown(row).split.women),
        ("men", _("Men"), lambda row: shown(row).split.men),
        ("total", _("Total"), lambda row: shown(row).split.total),
        ("page", _("Page of the source"), lambda row: row.page),
        ("language", _("Language of the original"), lambda row: row.language),
        (
            "stated_by",
            _("Stated by"),
            lambda row: row.stated_by.public_id if row.stated_by else None,
        ),
        ("source", _("Source"), source),
        ("confidence", _("Confidence"), lambda row: row.confidence),
    ]
    return table_of("items", _("Achievements and lessons"), fields, found)


def dialogues(
    found: Sequence[Dialogue], documents: Mapping[int, Sequence[LibraryDocument]]
) -> Table:
    """Return dialogues with the ids of their documents; a beginning is as exact as it is known."""

    def named(row: Dialogue) -> Cell:
        return tuple(each.public_id for each in documents.get(row.id, ()))

    fields: list[Field[Dialogue]] = [
        ("code", _("Code"), lambda row: row.code),
        ("kind", _("Kind"), lambda row: row.kind),
        ("series", _("Series"), lambda row: row.series),
        *_names(lambda row: row.labels, "name", _("Name")),
        *_names(lambda row: row.summary, "summary", _("Summary")),
        *_names(lambda row: row.place, "place", _("Place")),
        ("host", _("Host"), lambda row: row.host_iso2),
        ("online", _("Online"), lambda row: row.online),
        ("starts", _("Begins"), lambda row: row.starts),
        ("ends_on", _("Last day"), lambda row: row.ends_on),
        ("themes", _("Themes"), lambda row: tuple(each.code for each in row.themes)),
        (
            "countries",
            _("Countries and territories"),
            lambda row: tuple(sorted(each.iso2 for each in row.countries)),
        ),
        (
            "corridors",
            _("Corridors"),
            lambda row: tuple(sorted(each.code for each in row.corridors)),
        ),
        ("documents", _("Documents"), named),
        ("demonstration", _("Demonstration"), lambda row: row.demonstration),
        *_sourced(),
        (
            "address",
            _("Address"),
            lambda row: url_for("pages.dialogue", public_id=row.public_id, _external=True),
        ),
    ]
    return table_of("dialogues", _("Dialogues"), fields, found)


def dialogue_documents(found: Sequence[LibraryDocument]) -> Table:
    """Return the documents that a dialogue names, in its order."""
    texts = [(each, each.published) for each in found if each.published is not None]
    fields: list[Field[tuple[LibraryDocument, LibraryRevision]]] = [
        ("id", _("Id"), lambda row: row[0].public_id),
        ("title", _("Title"), lambda row: row[1].title),
        ("language", _("Language"), lambda row: row[1].language),
        ("type", _("Kind of document"), lambda row: row[1].type),
        ("issued", _("Issued"), lambda row: row[1].issued),
        ("demonstration", _("Demonstration"), lambda row: row[0].demonstration),
        address(lambda row: url_for("library.show", public_id=row[0].public_id, _external=True)),
    ]
    return table_of("documents", _("Documents"), fields, texts)


def organisations(found: Sequence[Constituent]) -> Table:
    """Return organisations with their names in every language."""
    fields: list[Field[Constituent]] = [
        ("code", _("Code"), lambda row: row.code),
        *_names(lambda row: row.labels, "name", _("Name")),
        ("acronym", _("Acronym"), lambda row: row.acronym),
        ("group", _("Group"), lambda row: row.group),
        ("country", _("Country or territory"), lambda row: row.country_iso2),
        ("focal_ministry", _("Focal ministry"), lambda row: row.focal_ministry),
        ("as_of", _("As of"), lambda row: row.as_of),
        ("retired", _("Retired"), lambda row: row.retired),
        ("demonstration", _("Demonstration"), lambda row: row.demonstration),
        (
            "address",
            _("Address"),
            lambda row: url_for("pages.constituent", public_id=row.public_id, _external=True),
        ),
    ]
    return table_of("organisations", _("Organisations"), fields, found)
