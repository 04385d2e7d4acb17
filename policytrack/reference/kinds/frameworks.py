"""Declare frameworks, provisions, the taxonomies, instruments, ratifications and status words."""

from __future__ import annotations

from collections.abc import Callable

from policytrack.core import clock
from policytrack.core.db import Base
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.i18n import ngettext
from policytrack.frameworks.models import (
    Framework,
    Instrument,
    Provision,
    Ratification,
    Sector,
    StatusWord,
    TargetGroup,
    Theme,
)
from policytrack.frameworks.words import WORDINGS
from policytrack.progress.rules import Status
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
    labels,
    one_of,
    some_of,
    year,
)
from policytrack.reference.rules import RETIRED, Column, Type

_INSTRUMENTS = (
    ("convention", _("Convention of the ILO")),
    ("protocol", _("Protocol of the ILO")),
    ("recommendation", _("Recommendation of the ILO")),
    ("resolution", _("Resolution of the ILO")),
    ("declaration", _("Declaration")),
    ("principles", _("Principles and guidelines")),
    ("framework", _("Framework of the ILO")),
    ("agenda", _("Agenda")),
    ("un-treaty", _("Treaty of the United Nations")),
    ("un-compact", _("Compact of the United Nations")),
    ("regional", _("Regional instrument")),
)
_FLAGS = ("stalled", "reversed")
_ABSENCE = "no_information"


def _ratification(values: Values) -> Faults:
    if values["state"] == "no" and not values["as_of"] and values["confidence"] not in WEAK:
        yield "as_of", _("a “no” is true of the day of a list only: give that date")
    if values["state"] != "yes" and (values["on"] or values["year"]):
        yield "on", _("what was not ratified has no date of ratification")
    if values["on"] and values["year"] and not values["on"].startswith(values["year"]):
        yield "year", _("the year is not that of the date")
    today = clock.now().date().isoformat()
    for name in ("on", "year", "as_of"):
        # Days and years as they are written compare as words do.
        if values[name] > today[: len(values[name])]:
            yield name, _("This day is still to come.")


def _status_word(values: Values) -> Faults:
    kinds: dict[str, str] = {_ABSENCE: "absence"}
    kinds |= dict.fromkeys(Status, "status") | dict.fromkeys(_FLAGS, "flag")
    if values["kind"] != kinds.get(values["code"], values["kind"]):
        yield "kind", _("“%(code)s” is of another kind", code=values["code"])


def _term(
    name: str, model: type[Base], words: object, one: object, counted: Callable[[int], str]
) -> Kind:
    return Kind(
        name=name,
        model=model,
        key=("code",),
        columns=(code(_("Code")), *labels(_("Name")), POSITION, RETIRED),
        words=words,
        one=one,
        counted=counted,
    )


FRAMEWORKS = Kind(
    name="frameworks",
    model=Framework,
    key=("code",),
    columns=(
        code(_("Code"), most=16),
        *labels(_("Name"), "name"),
        *labels(_("Adopted by"), "adopted_by", "adopted_by"),
        Column("adopted_on", _("Adopted on"), Type.DATE),
        *labels(_("Place"), "place", "place", required=False),
        SOURCE,
        CONFIDENCE,
    ),
    words=_("Frameworks"),
    one=_("Framework"),
    counted=lambda n: ngettext("%(num)d framework", "%(num)d frameworks", n),
    subject="framework",
)
PROVISIONS = Kind(
    name="provisions",
    model=Provision,
    key=("framework", "code"),
    columns=(
        one_of(
            "framework",
            _("Framework"),
            "frameworks",
            attribute="framework_code",
            required=True,
            settled=True,
        ),
        code(_("Number"), most=20),
        *labels(_("Text")),
        Column(
            "wording",
            _("How it is worded"),
            Type.CHOICE,
            required=True,
            choices=tuple(WORDINGS.items()),
        ),
        some_of("themes", _("Themes"), "themes"),
        *labels(_("Note"), "note", "note", required=False, type=Type.TEXT, most=2000),
        SOURCE,
        CONFIDENCE,
        POSITION,
        RETIRED,
    ),
    words=_("Provisions"),
    one=_("Provision"),
    counted=lambda n: ngettext("%(num)d provision", "%(num)d provisions", n),
    parts=("provision_theme",),
    subject="provision",
)
THEMES = Kind(
    name="themes",
    model=Theme,
    key=("code",),
    columns=(
        code(_("Code"), most=10),
        one_of(
            "parent",
            _("Key area"),
            "themes",
            attribute="parent_code",
            hint=_("Empty for a key area itself."),
        ),
        *labels(_("Name")),
        *labels(_("What belongs to it"), "scope", "scope", type=Type.TEXT, most=2000),
        POSITION,
        SOURCE,
        CONFIDENCE,
        RETIRED,
    ),
    words=_("Themes"),
    one=_("Theme"),
    counted=lambda n: ngettext("%(num)d theme", "%(num)d themes", n),
    levels=2,
    subject="theme",
)
SECTORS = _term(
    "sectors",
    Sector,
    _("Sectors"),
    _("Sector"),
    lambda n: ngettext("%(num)d sector", "%(num)d sectors", n),
)
TARGET_GROUPS = _term(
    "target_groups",
    TargetGroup,
    _("Target groups"),
    _("Target group"),
    lambda n: ngettext("%(num)d target group", "%(num)d target groups", n),
)
INSTRUMENTS = Kind(
    name="instruments",
    model=Instrument,
    key=("code",),
    columns=(
        code(_("Code"), most=20),
        Column("kind", _("Kind"), Type.CHOICE, required=True, choices=_INSTRUMENTS),
        *labels(_("Short title")),
        year("year", _("Year")),
        *labels(_("Topic"), "topic", "topic", required=False),
        Column("fundamental", _("A fundamental instrument of the ILO"), Type.FLAG),
        some_of("themes", _("Themes"), "themes"),
        POSITION,
        NOTE,
        SOURCE,
        CONFIDENCE,
    ),
    words=_("Instruments"),
    one=_("Instrument"),
    counted=lambda n: ngettext("%(num)d instrument", "%(num)d instruments", n),
    parts=("instrument_theme",),
    subject="instrument",
)
RATIFICATIONS = Kind(
    name="ratifications",
    model=Ratification,
    key=("country", "instrument"),
    columns=(
        one_of(
            "country",
            _("Country or territory"),
            "countries",
            attribute="country_iso2",
            required=True,
            settled=True,
        ),
        one_of(
            "instrument",
            _("Instrument"),
            "instruments",
            attribute="instrument_code",
            required=True,
            settled=True,
        ),
        Column(
            "state",
            _("Ratified"),
            Type.CHOICE,
            required=True,
            choices=(
                ("yes", _("Ratified")),
                ("no", _("Not ratified on the date of the list")),
                ("pending", _("Under way")),
            ),
        ),
        Column("on", _("Day of ratification"), Type.DATE),
        year("year", _("Year of ratification, where the day is not known")),
        Column("as_of", _("Date of the list that was used"), Type.DATE),
        NOTE,
        SOURCE,
        CONFIDENCE,
    ),
    words=_("Ratifications"),
    one=_("Ratification"),
    counted=lambda n: ngettext("%(num)d ratification", "%(num)d ratifications", n),
    title=("country", "instrument"),
    check=_ratification,
)
STATUS_WORDS = Kind(
    name="status_words",
    model=StatusWord,
    key=("code",),
    columns=(
        Column(
            "code",
            _("Code"),
            Type.CHOICE,
            required=True,
            settled=True,
            choices=tuple((word, word) for word in (*Status, *_FLAGS, _ABSENCE)),
        ),
        Column(
            "kind",
            _("Kind"),
            Type.CHOICE,
            required=True,
            settled=True,
            choices=(
                ("status", _("Status")),
                ("flag", _("Flag on top of a status")),
                ("absence", _("Absence of a claim")),
            ),
        ),
        *labels(_("Word")),
        *labels(_("What it means"), "definition", "definition", type=Type.TEXT, most=2000),
        *labels(_("What evidence it asks for"), "evidence", "evidence", type=Type.TEXT, most=2000),
        Column(
            "ogp",
            _("Word of the Open Government Partnership"),
            attribute="equivalents",
            part="ogp",
            language="en",
        ),
        Column(
            "upr",
            _("Word of the Universal Periodic Review"),
            attribute="equivalents",
            part="upr",
            language="en",
        ),
        Column("sdg", _("Word of the SDG reports"), attribute="equivalents", part="sdg"),
        POSITION,
        SOURCE,
        CONFIDENCE,
    ),
    words=_("Status words"),
    one=_("Status word"),
    counted=lambda n: ngettext("%(num)d status word", "%(num)d status words", n),
    check=_status_word,
    fixed=True,
)
