"""Declare the sheets: their columns in order, what each may hold, and what people are told."""

from __future__ import annotations

from collections.abc import Mapping

from policytrack.commitments.rules import TEXT_LENGTH, TITLE_LENGTH, UNITS
from policytrack.constituents.rules import Group
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.i18n import ngettext
from policytrack.core.permissions import OFFICE_ROLES, Role
from policytrack.core.translations import Kind
from policytrack.reference.rules import LANGUAGES, NAMES
from policytrack.reporting.workbook.columns import Column, Sheet, Type

# The first cell of the second row begins with it: no key can.
EXPLAINS = "↑"
# As many as the form of a commitment takes.
MOST_PARTS = 20

# What `of` may name and is not reference data: fixed words of the program.
GROUPS = tuple(Group)
SEATS = (Role.CONTRIBUTOR, Role.FOCAL_POINT, Role.OBSERVER)
OFFICES = tuple(role for role in Role if role in OFFICE_ROLES)
KINDS = tuple(Kind)
CONFIDENCES = ("high", "medium", "low", "unverified")
FIXED: Mapping[str, tuple[str, ...]] = {
    "groups": GROUPS,
    "roles": SEATS,
    "offices": OFFICES,
    "translations": KINDS,
    "units": tuple(UNITS),
    "confidences": CONFIDENCES,
}

_YES = _("“yes” or empty.")
_DATE = _("A date, such as 2027-03-31.")
_SEVERAL = _("Codes of the sheet “Codes”, several joined by a semicolon.")

DEMONSTRATION = Column(
    "demonstration",
    "Demonstration",
    _("“yes” marks an invented row: it is passed over when the workbook comes in."),
    Type.FLAG,
)


def _names(words: object, required: bool) -> tuple[Column, ...]:
    return tuple(
        Column(
            f"name_{code}",
            f"Name ({code})",
            _("%(what)s, in %(language)s.", what=words, language=NAMES[code]),
            required=required and code == "en",
        )
        for code in LANGUAGES
    )


CONSTITUENTS = Sheet(
    "Constituents",
    (
        Column(
            "code",
            "Code",
            _("The key: letters, digits, points and hyphens, such as NP-MOLESS. It stays."),
            Type.KEY,
            most=40,
            required=True,
        ),
        Column(
            "group",
            "Group",
            _("governments, employers, workers or observers."),
            Type.ONE,
            of="groups",
            required=True,
        ),
        Column(
            "country",
            "Country",
            _("Two letters, as on the sheet “Codes”; empty for a regional organisation."),
            Type.ONE,
            of="countries",
        ),
        *_names(_("Name of the organisation"), required=True),
        Column("acronym", "Acronym", _("As the organisation itself writes it."), most=40),
        Column(
            "focal_ministry",
            "Focal ministry",
            _("“yes” for the one ministry of a country that can ask the others for a part."),
            Type.FLAG,
        ),
        Column("as_of", "As of", _("The date on which this was true."), Type.DATE),
        Column(
            "retired", "Retired", _("“yes”: it keeps what it said and is asked no more."), Type.FLAG
        ),
        Column(
            "source",
            "Source",
            _("Where this is from; for the secretariat. Empty leaves it as it is."),
            Type.TEXT,
            most=2000,
            keeps=True,
        ),
        Column(
            "confidence",
            "Confidence",
            _("high, medium, low or unverified. Empty leaves it as it is."),
            Type.ONE,
            of="confidences",
            keeps=True,
        ),
        Column(
            "note",
            "Note",
            _("For the secretariat. Empty leaves it as it is."),
            Type.TEXT,
            most=2000,
            keeps=True,
        ),
        DEMONSTRATION,
    ),
    _("Organisations"),
    lambda n: ngettext("%(num)d organisation", "%(num)d organisations", n),
)

PEOPLE = Sheet(
    "People",
    (
        Column(
            "mail",
            "Mail address",
            _("The key: an address that belongs to one person."),
            Type.MAIL,
            most=254,
            required=True,
        ),
        Column("name", "Name", _("As the person is called."), most=200, required=True),
        Column(
            "language",
            "Language",
            _("In which the site speaks to the person; empty: as their browser asks."),
            Type.ONE,
            of="site languages",
        ),
        Column(
            "organisation",
            "Organisation",
            _("Code of an organisation. Empty leaves the person's seat as it is."),
            Type.ONE,
            of="organisations",
            keeps=True,
        ),
        Column(
            "role",
            "Role",
            _("contributor or focal_point; in an organisation of observers: observer."),
            Type.ONE,
            of="roles",
            keeps=True,
        ),
        Column(
            "offices",
            "Office",
            _("secretariat, administrator or researcher; empty for none. Beside any seat."),
            Type.SOME,
            of="offices",
        ),
        DEMONSTRATION,
    ),
    _("People"),
    lambda n: ngettext("%(num)d person", "%(num)d people", n),
)


def _translations() -> tuple[Column, ...]:
    made: list[Column] = []
    for code in LANGUAGES:
        made += (
            Column(
                f"title_{code}",
                f"Title ({code})",
                _(
                    "Translation of the title, %(language)s. Empty leaves it as it is.",
                    language=NAMES[code],
                ),
                most=TITLE_LENGTH,
                keeps=True,
            ),
            Column(
                f"text_{code}",
                f"Text ({code})",
                _(
                    "Translation of the text, %(language)s. Empty leaves it as it is.",
                    language=NAMES[code],
                ),
                Type.TEXT,
                most=TEXT_LENGTH,
                keeps=True,
            ),
            Column(
                f"kind_{code}",
                f"Translation ({code})",
                _("What the translation is worth: official, unofficial or machine."),
                Type.ONE,
                of="translations",
                keeps=True,
            ),
        )
    return tuple(made)


COMMITMENTS = Sheet(
    "Commitments",
    (
        Column(
            "key",
            "Key",
            _("The key: your own number of it, or its code here. It stays."),
            Type.KEY,
            most=60,
            required=True,
        ),
        Column(
            "lead",
            "Lead",
            _("Code of the organisation that undertakes this. It stays."),
            Type.ONE,
            of="organisations",
            required=True,
        ),
        Column(
            "title",
            "Title",
            _("One sentence that says what will be different."),
            most=TITLE_LENGTH,
            required=True,
        ),
        Column(
            "text",
            "Text",
            _("What is undertaken, by whom, for whom and by when. This is the text that binds."),
            Type.TEXT,
            most=TEXT_LENGTH,
            required=True,
        ),
        Column(
            "language",
            "Language",
            _("In which title and text are written."),
            Type.ONE,
            of="languages",
            required=True,
        ),
        Column(
            "provisions",
            "Provisions",
            _("At least one, such as BALI:B1; several joined by a semicolon."),
            Type.SOME,
            of="provisions",
            required=True,
        ),
        Column(
            "themes",
            "Themes",
            _("At least one, such as A1.1; several joined by a semicolon."),
            Type.SOME,
            of="themes",
            required=True,
        ),
        Column("sectors", "Sectors", _SEVERAL, Type.SOME, of="sectors"),
        Column("target_groups", "Target groups", _SEVERAL, Type.SOME, of="target groups"),
        Column("countries", "Countries", _SEVERAL, Type.SOME, of="countries"),
        Column(
            "corridors",
            "Corridors",
            _("Such as NP-QA, origin first; several joined by a semicolon."),
            Type.SOME,
            of="corridors",
        ),
        Column(
            "supporters",
            "Supporters",
            _("Codes of organisations, several joined by a semicolon."),
            Type.SOME,
            of="organisations",
        ),
        Column(
            "gender_marker",
            "Gender marker",
            _("0 not targeted, 1 partial, 2 significant, 3 principal focus on women."),
            Type.WHOLE,
            most=3,
            required=True,
        ),
        Column("starts_on", "Starts", _DATE, Type.DATE),
        Column("due_on", "Due", _DATE, Type.DATE),
        *_translations(),
        DEMONSTRATION,
    ),
    _("Commitments"),
    lambda n: ngettext("%(num)d commitment", "%(num)d commitments", n),
)

_PART = (
    Column(
        "commitment",
        "Commitment",
        _("Key of the commitment."),
        Type.KEY,
        most=60,
        required=True,
    ),
    Column(
        "number",
        "Number",
        _("1, 2, 3 and so on within its commitment."),
        Type.WHOLE,
        most=MOST_PARTS,
        required=True,
    ),
    Column("name", "Name", _("In the language of the commitment's text.")),
    *(
        Column(
            f"name_{code}",
            f"Name ({code})",
            _("In %(language)s, where the text is in another language.", language=NAMES[code]),
            keeps=True,
        )
        for code in LANGUAGES
    ),
)

INDICATORS = Sheet(
    "Indicators",
    (
        *_PART,
        Column(
            "unit",
            "Unit",
            _("people, percent, number, days, months or usd."),
            Type.ONE,
            of="units",
            required=True,
        ),
        Column("baseline", "Baseline", _("A number with at most two decimals."), Type.DECIMAL),
        Column("baseline_on", "Date of the baseline", _DATE, Type.DATE),
        Column("target", "Target", _("A number with at most two decimals."), Type.DECIMAL),
        Column("target_on", "Date of the target", _DATE, Type.DATE),
        DEMONSTRATION,
    ),
    _("Indicators"),
    lambda n: ngettext("%(num)d indicator", "%(num)d indicators", n),
    keys=2,
)

MILESTONES = Sheet(
    "Milestones",
    (
        *_PART,
        Column("due_on", "Due", _DATE, Type.DATE, required=True),
        Column("met_on", "Met", _("The day on which it was reached, if it was."), Type.DATE),
        DEMONSTRATION,
    ),
    _("Milestones"),
    lambda n: ngettext("%(num)d milestone", "%(num)d milestones", n),
    keys=2,
)

# In the order in which they are read and written.
SHEETS = (CONSTITUENTS, PEOPLE, COMMITMENTS, INDICATORS, MILESTONES)
# Written for the reader, not read.
ABOUT, CODES = "about", "Codes"
