"""Declare constituents, programmes with their items, and dialogues."""

from __future__ import annotations

from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.constituents.words import GROUP_WORDS
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.i18n import ngettext
from policytrack.dialogues.models import Dialogue
from policytrack.dialogues.words import KIND_WORDS
from policytrack.programmes.models import Programme, ProgrammeItem
from policytrack.reference.kinds.spec import (
    CONFIDENCE,
    NOTE,
    POSITION,
    SOURCE,
    WEAK,
    Faults,
    Kind,
    Values,
    code,
    count,
    labels,
    one_of,
    some_of,
)
from policytrack.reference.rules import LANGUAGES, RETIRED, Column, Type, listed

_SIDES = ("origins", "destinations", "both")


def _constituent(values: Values) -> Faults:
    if values["focal_ministry"] and values["group"] != Group.GOVERNMENTS:
        yield "focal_ministry", _("only a ministry can be the focal ministry")
    if values["focal_ministry"] and not values["country"]:
        yield "focal_ministry", _("a focal ministry belongs to a country or territory")


def _programme(values: Values) -> Faults:
    if not _said(values, "summary"):
        yield "summary_en", _("write it in one language at least")
    seen: set[str] = set()
    for name in _SIDES:
        twice = seen & set(listed(values[name]))
        if twice:
            yield name, _("%(codes)s stands on two sides", codes=", ".join(sorted(twice)))
        seen |= set(listed(values[name]))
    if values["starts"] and values["ends"] and _before(values["ends"], values["starts"]):
        yield "ends", _("the end lies before the start")


def _said(values: Values, stem: str) -> bool:
    return any(values.get(f"{stem}_{language}") for language in LANGUAGES)


def _item(values: Values) -> Faults:
    if not _said(values, "label"):
        yield "label_en", _("write it in one language at least")
    if not values.get("source") and not values.get("document"):
        yield "source", _("this must not be empty")
    parts = sum(int(values[name] or 0) for name in ("women", "men"))
    if values["total"] and parts > int(values["total"]):
        yield "total", _("the total is smaller than its parts")


def _dialogue(values: Values) -> Faults:
    if values["starts_on"] and not values["starts_on"].startswith(values["starts"]):
        yield "starts_on", _("this day is not in the time given as the beginning")
    if values["ends_on"] and _before(values["ends_on"], values["starts"]):
        yield "ends_on", _("the end lies before the start")


def _before(one: str, other: str) -> bool:
    """Tell whether a date lies before another, as far as both are known."""
    exact = min(len(one), len(other))
    return one[:exact] < other[:exact]


_EXACT = _("As exact as it is known: 2018, 2018-05 or 2018-05-11.")

CONSTITUENTS = Kind(
    name="constituents",
    model=Constituent,
    key=("code",),
    columns=(
        code(_("Code")),
        one_of(
            "country",
            _("Country or territory"),
            "countries",
            attribute="country_iso2",
            hint=_("Empty for a regional organisation."),
        ),
        Column("group", _("Group"), Type.CHOICE, required=True, choices=tuple(GROUP_WORDS.items())),
        *labels(_("Name")),
        Column("acronym", _("Acronym"), most=40),
        Column("focal_ministry", _("Focal ministry"), Type.FLAG),
        Column("as_of", _("As of"), Type.DATE),
        NOTE,
        SOURCE,
        CONFIDENCE,
        RETIRED,
    ),
    words=_("Organisations"),
    one=_("Organisation"),
    counted=lambda n: ngettext("%(num)d organisation", "%(num)d organisations", n),
    check=_constituent,
    subject="constituent",
    # No organisation is listed on a weak word.
    left_out=WEAK,
)
PROGRAMMES = Kind(
    name="programmes",
    model=Programme,
    key=("code",),
    columns=(
        code(_("Code")),
        *labels(_("Name")),
        # Whoever keeps a programme writes it in a language of their own.
        *labels(_("Summary"), "summary", "summary", required=False, type=Type.TEXT, most=4000),
        *labels(_("Part of"), "parent_initiative", "parent_initiative", required=False),
        *(
            Column(name, words, Type.WORDS, most=2000, language="en", hint=_("One on each line."))
            for name, words in (
                ("agencies", _("Agencies")),
                ("partners", _("Partners")),
                ("funders", _("Funders")),
            )
        ),
        Column("starts", _("Begins"), Type.PARTIAL, hint=_EXACT),
        Column("ends", _("Ends"), Type.PARTIAL, hint=_EXACT),
        Column("ends_on", _("Last day, where it is known"), Type.DATE),
        some_of(
            "origins",
            _("Works in countries of origin"),
            "countries",
            attribute="countries",
            part="origin",
        ),
        some_of(
            "destinations",
            _("Works in countries of destination"),
            "countries",
            attribute="countries",
            part="destination",
        ),
        some_of(
            "both",
            _("Works in countries on both sides"),
            "countries",
            attribute="countries",
            part="both",
        ),
        some_of("themes", _("Themes"), "themes"),
        some_of("sectors", _("Sectors"), "sectors"),
        some_of("target_groups", _("Target groups"), "target_groups"),
        some_of(
            "keepers",
            _("Kept by"),
            "constituents",
            in_file=False,
            hint=_("Their observers and focal points write of this programme on its own pages."),
        ),
        POSITION,
        SOURCE,
        CONFIDENCE,
    ),
    words=_("Programmes"),
    one=_("Programme"),
    counted=lambda n: ngettext("%(num)d programme", "%(num)d programmes", n),
    check=_programme,
    parts=(
        "programme_country",
        "programme_theme",
        "programme_sector",
        "programme_target_group",
        "programme_keeper",
        "programme_document",
    ),
    subject="programme",
)
PROGRAMME_ITEMS = Kind(
    name="programme_items",
    model=ProgrammeItem,
    key=("code",),
    columns=(
        code(_("Code")),
        one_of(
            "programme", _("Programme"), "programmes", attribute="programme_code", required=True
        ),
        Column(
            "kind",
            _("Kind"),
            Type.CHOICE,
            required=True,
            choices=(
                ("achievement", _("Achievement")),
                ("lesson", _("Lesson")),
                ("fact", _("Fact")),
            ),
        ),
        *labels(_("Text"), required=False, most=1000),
        one_of("country", _("Country or territory"), "countries", attribute="country_iso2"),
        count("women", _("Women")),
        count("men", _("Men")),
        count("total", _("Total")),
        Column("page", _("Page of the source"), most=20),
        POSITION,
        # Empty where the source is a document of the library, which the programme's pages name.
        Column("source", _("Source"), Type.TEXT, most=2000, language="en"),
        Column(
            "document",
            _("Document of the library"),
            attribute="document_id",
            in_file=False,
            elsewhere=True,
        ),
        CONFIDENCE,
        RETIRED,
    ),
    words=_("Achievements and lessons of programmes"),
    one=_("Achievement or lesson of a programme"),
    counted=lambda n: ngettext(
        "%(num)d achievement or lesson of a programme",
        "%(num)d achievements or lessons of programmes",
        n,
    ),
    check=_item,
)
DIALOGUES = Kind(
    name="dialogues",
    model=Dialogue,
    key=("code",),
    columns=(
        code(_("Code")),
        Column(
            "kind",
            _("Kind"),
            Type.CHOICE,
            required=True,
            choices=tuple(KIND_WORDS.items()),
        ),
        Column("series", _("Series"), most=40, hint=_("A short word that its meetings share.")),
        *labels(_("Name")),
        *labels(_("Summary"), "summary", "summary", required=False, type=Type.TEXT, most=4000),
        *labels(_("Place"), "place", "place", required=False),
        one_of("host", _("Host"), "countries", attribute="host_iso2"),
        Column("online", _("Online"), Type.FLAG),
        Column(
            "starts",
            _("Begins"),
            Type.PARTIAL,
            required=True,
            hint=_EXACT,
        ),
        Column("starts_on", _("First day, where it is known"), Type.DATE),
        Column("ends_on", _("Last day, where it is known"), Type.DATE),
        some_of("themes", _("Themes"), "themes"),
        some_of("countries", _("Countries and territories"), "countries"),
        some_of("corridors", _("Corridors"), "corridors"),
        SOURCE,
        CONFIDENCE,
    ),
    words=_("Dialogues"),
    one=_("Dialogue"),
    counted=lambda n: ngettext("%(num)d dialogue", "%(num)d dialogues", n),
    check=_dialogue,
    parts=("dialogue_theme", "dialogue_country", "dialogue_corridor", "dialogue_document"),
    subject="dialogue",
)
