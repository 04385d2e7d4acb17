"""Declare the columns in which laws are compared, with their answers, and names of practices."""

from __future__ import annotations

from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.i18n import ngettext
from policytrack.library.models import LawChoice, LawColumn, PracticeTerm
from policytrack.library.terms import ColumnKind
from policytrack.reference.kinds.spec import (
    CONFIDENCE,
    POSITION,
    SOURCE,
    Faults,
    Kind,
    Values,
    code,
    labels,
    one_of,
)
from policytrack.reference.rules import RETIRED, Column, Type


def _column(values: Values) -> Faults:
    if values["unit_en"] and values["kind"] != ColumnKind.NUMBER:
        yield "unit_en", _("only a number has a unit")


LAW_COLUMNS = Kind(
    name="law_columns",
    model=LawColumn,
    key=("code",),
    columns=(
        code(_("Code"), most=24),
        one_of(
            "theme",
            _("Theme"),
            "themes",
            attribute="theme_code",
            required=True,
            hint=_("Laws are compared in it where this theme is asked for."),
        ),
        Column(
            "kind",
            _("What it asks for"),
            Type.CHOICE,
            required=True,
            choices=(
                (ColumnKind.TEXT, _("Words")),
                (ColumnKind.CHOICE, _("One of several answers")),
                (ColumnKind.AMOUNT, _("A sum of money")),
                (ColumnKind.NUMBER, _("A number")),
            ),
            hint=_("Whatever it asks for, words can stand beside it."),
        ),
        *labels(_("Name")),
        *labels(_("Help for whoever fills it in"), "hint", "hint", required=False),
        *labels(_("Unit of the number"), "unit", "unit", required=False),
        POSITION,
        RETIRED,
    ),
    words=_("Columns of laws compared"),
    one=_("Column of laws compared"),
    counted=lambda n: ngettext(
        "%(num)d column of laws compared", "%(num)d columns of laws compared", n
    ),
    check=_column,
)
LAW_CHOICES = Kind(
    name="law_choices",
    model=LawChoice,
    key=("column", "code"),
    columns=(
        one_of(
            "column",
            _("Column"),
            "law_columns",
            attribute="column_code",
            required=True,
            settled=True,
        ),
        code(_("Code"), most=15),
        *labels(_("Answer")),
        POSITION,
        RETIRED,
    ),
    words=_("Answers in columns of laws compared"),
    one=_("Answer in a column of laws compared"),
    counted=lambda n: ngettext(
        "%(num)d answer in columns of laws compared",
        "%(num)d answers in columns of laws compared",
        n,
    ),
)
PRACTICE_TERMS = Kind(
    name="practice_terms",
    model=PracticeTerm,
    key=("list", "code"),
    columns=(
        Column(
            "list",
            _("List"),
            Type.CHOICE,
            required=True,
            settled=True,
            choices=(
                ("gcm_principle", _("Principles of the Global Compact for Migration")),
                ("sdg", _("Targets of the Sustainable Development Goals")),
            ),
        ),
        code(_("Number"), most=20),
        *labels(_("Name")),
        POSITION,
        SOURCE,
        CONFIDENCE,
    ),
    words=_("Names that practices are marked with"),
    one=_("Name that practices are marked with"),
    counted=lambda n: ngettext(
        "%(num)d name that practices are marked with",
        "%(num)d names that practices are marked with",
        n,
    ),
)
