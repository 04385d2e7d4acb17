"""Describe one column of reference data, in a file, in a form and in the history alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from policytrack.core.i18n import lazy_gettext as _

# The languages that labels stand in; English is the one that is never missing.
LANGUAGES = ("en", "ar", "fr")
NAMES = {"en": _("English"), "ar": _("Arabic"), "fr": _("French")}

# What a cell holds that says yes; an empty one says no.
YES = "yes"

CODE = r"[A-Za-z0-9][A-Za-z0-9._-]*"


class Type(StrEnum):
    """Name what a cell holds. Lists are joined by `;`; an empty cell means: not known."""

    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DATE = "date"
    PARTIAL = "partial"  # a date as exact as it is known: 2018, 2018-05 or 2018-05-11
    FLAG = "flag"  # "yes" or empty
    CHOICE = "choice"
    CODE = "code"  # of a row of another kind
    CODES = "codes"  # of several, in no order
    WORDS = "words"  # names, in their order


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column: its name in the file, its words for people, what it may hold.

    `attribute` is where the mapped class keeps it (its name, if empty), `part` the key inside an
    attribute that holds several: a language, a process, a side. `least` and `most` bound numbers,
    and `most` the characters of a text. `of` names the kind that codes belong to.
    """

    name: str
    words: object
    type: Type = Type.LINE
    attribute: str = ""
    part: str = ""
    language: str = ""
    required: bool = False
    least: int = 0
    most: int = 300
    choices: tuple[tuple[str, object], ...] = ()
    of: str = ""
    pattern: str = ""
    hint: object = ""
    # A nought in the file stands for "no estimate": as a number it would be a claim.
    nought_is_unknown: bool = False
    unique: bool = False
    # What identifies a row, or follows from that, stays as it was when the row was added.
    settled: bool = False
    # Said on the site only.
    in_file: bool = True
    # Set on other pages of the site: read here, never asked for and never written.
    elsewhere: bool = False

    @property
    def holder(self) -> str:
        """Return the attribute of the mapped class."""
        return self.attribute or self.name


RETIRED = Column(
    "retired",
    _("Retired"),
    Type.FLAG,
    in_file=False,
    hint=_("Offered no more; what already has it keeps it."),
)
