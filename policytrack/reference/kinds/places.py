"""Declare regions, countries and territories, corridors, agreements and designations."""

from __future__ import annotations

from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.i18n import ngettext
from policytrack.places.models import Agreement, Corridor, Country, Designation, Region
from policytrack.reference.kinds.spec import (
    CONFIDENCE,
    NOTE,
    POSITION,
    SOURCE,
    Faults,
    Kind,
    Values,
    code,
    count,
    labels,
    one_of,
    year,
)
from policytrack.reference.rules import Column, Type

SIDES = (
    ("origin", _("Country of origin")),
    ("destination", _("Country of destination")),
    ("both", _("Both")),
)
_ENDS = SIDES[:2]
_YES = (("yes", _("Yes")),)


def _process(
    name: str, words: object, part: str, choices: tuple[tuple[str, object], ...]
) -> Column:
    return Column(name, words, Type.CHOICE, attribute="processes", part=part, choices=choices)


def _corridor(values: Values) -> Faults:
    if values["origin"] == values["destination"]:
        yield "destination", _("a corridor leads from one place to another, not back to itself")
    if values["code"] != f"{values['origin']}-{values['destination']}":
        yield (
            "code",
            _(
                "the code of this corridor must be %(code)s",
                code=f"{values['origin']}-{values['destination']}",
            ),
        )
    yield from _women(values, "women_2020", "stock_2020")
    yield from _women(values, "alt_women", "alt_figure")
    if values["alt_figure"] and not values["alt_source"]:
        yield "alt_source", _("a national figure needs its source")


def _women(values: Values, women: str, people: str) -> Faults:
    if values[women] and int(values[women]) > int(values[people] or 0):
        yield women, _("there cannot be more women than people")


def _agreement(values: Values) -> Faults:
    if values["year_inferred"] and not (values["signed"] or values["as_of"]):
        yield "year_inferred", _("there is no year that could be inferred")
    if values["state"] in {"announced", "draft"} and values["signed"]:
        yield "signed", _("what is only announced or a draft has not been signed")


REGIONS = Kind(
    name="regions",
    model=Region,
    key=("code",),
    columns=(
        code(_("Code")),
        one_of("parent", _("Part of"), "regions", attribute="parent_code"),
        *labels(_("Name")),
        POSITION,
    ),
    words=_("Regions"),
    one=_("Region"),
    counted=lambda n: ngettext("%(num)d region", "%(num)d regions", n),
    levels=2,
    unread=frozenset({"source", "confidence"}),
)
COUNTRIES = Kind(
    name="countries",
    model=Country,
    key=("iso2",),
    columns=(
        code(_("Code of two letters (ISO 3166)"), "iso2", most=2, pattern=r"[A-Z]{2}"),
        Column(
            "iso3",
            _("Code of three letters"),
            required=True,
            most=3,
            pattern=r"[A-Z]{3}",
            unique=True,
        ),
        Column(
            "m49",
            _("Number of the UN (M49)"),
            required=True,
            most=3,
            pattern=r"[0-9]{3}",
            unique=True,
        ),
        *labels(_("Name"), "name"),
        one_of("ilo_region", _("ILO region"), "regions", attribute="region_code", required=True),
        one_of("subregion", _("Subregion"), "regions", attribute="subregion_code"),
        Column("side", _("Side"), Type.CHOICE, required=True, choices=SIDES),
        _process("doha_dialogue", _("In the Doha Dialogue"), "doha-dialogue", _YES),
        _process("abu_dhabi_dialogue", _("In the Abu Dhabi Dialogue"), "abu-dhabi-dialogue", _ENDS),
        _process("colombo_process", _("In the Colombo Process"), "colombo-process", _YES),
        _process("gcc", _("In the Gulf Cooperation Council"), "gcc", _YES),
        _process(
            "safe_and_fair_side", _("Side in the programme Safe and Fair"), "safe-and-fair", _ENDS
        ),
        count("migrants_2020", _("Migrants who live there, 2020"), nought_is_unknown=True),
        Column("women_pct_2020", _("Women among them, in per cent"), Type.DECIMAL, most=100),
        SOURCE,
        CONFIDENCE,
        Column("as_of", _("As of"), Type.DATE, required=True),
        NOTE,
    ),
    words=_("Countries and territories"),
    one=_("Country or territory"),
    counted=lambda n: ngettext(
        "%(num)d country or territory", "%(num)d countries or territories", n
    ),
    parts=("designation",),
    subject="country",
)
CORRIDORS = Kind(
    name="corridors",
    model=Corridor,
    key=("code",),
    columns=(
        code(_("Code"), most=5, pattern=r"[A-Z]{2}-[A-Z]{2}"),
        one_of(
            "origin",
            _("Origin"),
            "countries",
            attribute="origin_iso2",
            required=True,
            settled=True,
        ),
        one_of(
            "destination",
            _("Destination"),
            "countries",
            attribute="destination_iso2",
            required=True,
            settled=True,
        ),
        one_of("cluster", _("Group of corridors"), "clusters"),
        count(
            "stock_2020", _("Born in the one, living in the other, 2020"), nought_is_unknown=True
        ),
        count("women_2020", _("Women among them"), nought_is_unknown=True),
        Column(
            "sex_split_quality",
            _("What the share of women is worth"),
            Type.CHOICE,
            choices=(
                ("origin-specific", _("Estimated for this origin: may be shown")),
                ("destination-average", _("An average of the destination: not shown")),
                ("no-estimate", _("No estimate")),
            ),
        ),
        count("alt_figure", _("National figure")),
        Column(
            "alt_qualifier",
            _("How exact it is"),
            Type.CHOICE,
            choices=(("about", _("Roughly")), ("over", _("More than")), ("up-to", _("Up to"))),
        ),
        Column(
            "alt_population",
            _("Whom it counts"),
            Type.CHOICE,
            choices=(
                ("all", _("All migrants")),
                ("workers", _("Workers")),
                ("domestic-workers", _("Domestic workers")),
                ("valid-visas", _("Holders of valid visas")),
            ),
        ),
        year("alt_year", _("Year of the national figure")),
        count("alt_women", _("Women in the national figure")),
        Column(
            "alt_source",
            _("Source of the national figure"),
            Type.TEXT,
            most=2000,
            language="en",
        ),
        Column(
            "domestic_work",
            _("Share of domestic work"),
            Type.CHOICE,
            choices=(
                ("low", _("Low")),
                ("medium", _("Medium")),
                ("high", _("High")),
                ("very-high", _("Very high")),
            ),
        ),
        Column(
            "domestic_work_source",
            _("Source of the share of domestic work"),
            Type.TEXT,
            most=2000,
            language="en",
        ),
        SOURCE,
        CONFIDENCE,
        NOTE,
    ),
    words=_("Corridors"),
    one=_("Corridor"),
    counted=lambda n: ngettext("%(num)d corridor", "%(num)d corridors", n),
    title=("origin", "destination"),
    check=_corridor,
    subject="corridor",
    unread=frozenset({"women_pct_2020", "alt_women_pct"}),
)
AGREEMENTS = Kind(
    name="agreements",
    model=Agreement,
    key=("code",),
    columns=(
        code(_("Code"), most=20),
        one_of("corridor", _("Corridor"), "corridors", attribute="corridor_code", required=True),
        *labels(_("Title")),
        Column(
            "signed",
            _("Signed"),
            Type.PARTIAL,
            hint=_("As exact as it is known: 2018, 2018-05 or 2018-05-11."),
        ),
        Column("year_inferred", _("The year was inferred, not read"), Type.FLAG),
        Column(
            "state",
            _("State"),
            Type.CHOICE,
            required=True,
            choices=(
                ("signed", _("Signed")),
                ("renewed", _("Renewed")),
                ("in_force", _("In force")),
                ("announced", _("Announced")),
                ("draft", _("Draft")),
                ("suspended", _("Application suspended")),
                ("expired", _("Expired")),
            ),
        ),
        Column(
            "as_of",
            _("State known as of"),
            Type.PARTIAL,
            hint=_("When a source told of the state, or since when it has been so."),
        ),
        POSITION,
        SOURCE,
        CONFIDENCE,
        NOTE,
    ),
    words=_("Agreements"),
    one=_("Agreement"),
    counted=lambda n: ngettext("%(num)d agreement", "%(num)d agreements", n),
    check=_agreement,
    subject="agreement",
)
DESIGNATIONS = Kind(
    name="designations",
    model=Designation,
    key=("country", "since"),
    columns=(
        one_of(
            "country",
            _("Country or territory"),
            "countries",
            attribute="country_iso2",
            required=True,
            settled=True,
        ),
        Column(
            "since",
            _("Known here under these names since"),
            Type.DATE,
            required=True,
            settled=True,
        ),
        *labels(_("Name"), "name"),
        Column("authority", _("Who says so"), Type.TEXT, required=True, most=2000, language="en"),
    ),
    words=_("Designations"),
    one=_("Designation"),
    counted=lambda n: ngettext("%(num)d designation", "%(num)d designations", n),
    title=("country", "since"),
)
