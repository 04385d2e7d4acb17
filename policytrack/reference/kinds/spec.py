"""Say what a kind of reference data is, and write columns that many kinds have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policytrack.core.db import Base
from policytrack.core.i18n import lazy_gettext as _
from policytrack.reference.rules import CODE, LANGUAGES, NAMES, RETIRED, Column, Type

Values = Mapping[str, str]
# (column, sentence) of what does not go together in one row.
Faults = Iterator[tuple[str, object]]

# An address in the trail has so many characters.
LONGEST_KEY = 40
# The largest number that a column of the database holds.
LARGEST = 2_147_483_647

CONFIDENCES = (
    ("high", _("High")),
    ("medium", _("Medium")),
    ("low", _("Low")),
    ("unverified", _("Unverified")),
)
# What pages leave out, or show as weak.
WEAK = frozenset({"low", "unverified"})


def _nothing(_values: Values) -> Faults:
    yield from ()


@dataclass(frozen=True, slots=True)
class Kind:
    """Declare one kind: its file, its class, what identifies a row, and its columns in order.

    Reading, checking, loading, the form, the history and the download follow from this alone.
    `title` names the columns that name a row (all languages of a label by their stem). `check`
    yields what does not go together in one row. `parts` are the tables whose rows belong to a row
    of this kind and go with it. `subject` is its name in the change log.
    """

    name: str
    model: type[Base]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    words: object
    one: object
    counted: Callable[[int], str]
    title: tuple[str, ...] = ("labels",)
    check: Callable[[Values], Faults] = _nothing
    parts: tuple[str, ...] = ()
    subject: str = ""
    # How many levels the tree of `parent` may have.
    levels: int = 0
    # Columns of the file that follow from others, or are for the reader of the file only.
    unread: frozenset[str] = frozenset()
    # Rows of these confidences are not loaded at all.
    left_out: frozenset[str] = frozenset()
    # The program itself speaks of these rows: none can be added or removed.
    fixed: bool = False
    by_name: Mapping[str, Column] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def retirable(self) -> bool:
        """Tell whether a row can be retired."""
        return RETIRED in self.columns

    @property
    def loaded(self) -> tuple[Column, ...]:
        """Return the columns that a file can have."""
        return tuple(column for column in self.columns if column.in_file)

    def key_of(self, values: Values) -> str:
        """Return what identifies a row: `NP-QA`, `BALI:B1`."""
        return ":".join(values[name] for name in self.key)

    def stem(self, attribute: str) -> tuple[Column, ...]:
        """Return the columns of one attribute."""
        return tuple(column for column in self.columns if column.holder == attribute)


def code(words: object, name: str = "code", **more: Any) -> Column:
    """Describe the column that identifies a row."""
    given: dict[str, Any] = {"most": LONGEST_KEY, "pattern": CODE, **more}
    return Column(name, words, required=True, settled=True, **given)


def labels(
    words: object,
    stem: str = "label",
    attribute: str = "labels",
    *,
    required: bool = True,
    type: Type = Type.LINE,  # noqa: A002 - the word of the columns
    most: int = 300,
) -> tuple[Column, ...]:
    """Describe a text in every language of labels; the English one may be needed."""
    return tuple(
        Column(
            f"{stem}_{language}",
            _("%(what)s (%(language)s)", what=words, language=NAMES[language]),
            type,
            attribute=attribute,
            part=language,
            language=language,
            required=required and language == "en",
            most=most,
        )
        for language in LANGUAGES
    )


def one_of(name: str, words: object, of: str, **more: Any) -> Column:
    """Describe a column that names a row of another kind."""
    return Column(name, words, Type.CODE, of=of, **more)


def some_of(name: str, words: object, of: str, **more: Any) -> Column:
    """Describe a column that names several rows of another kind."""
    return Column(name, words, Type.CODES, of=of, most=2000, **more)


def count(name: str, words: object, **more: Any) -> Column:
    """Describe a column that counts."""
    return Column(name, words, Type.WHOLE, **{"most": LARGEST, **more})


def year(name: str, words: object) -> Column:
    """Describe a column that holds a year."""
    return Column(name, words, Type.WHOLE, least=1800, most=2200)


POSITION = Column(
    "position",
    _("Place in lists"),
    Type.WHOLE,
    required=True,
    most=99_999,
    hint=_("Lists stand in the order of these numbers."),
)
SOURCE = Column("source", _("Source"), Type.TEXT, required=True, most=2000, language="en")
CONFIDENCE = Column(
    "confidence",
    _("Confidence"),
    Type.CHOICE,
    required=True,
    choices=CONFIDENCES,
    hint=_(
        "High: an authoritative source, or two that agree. Medium: one secondary source, or a"
        " reading of the editors. Low: weak or conflicting."
    ),
)
NOTE = Column("note", _("Note"), Type.TEXT, most=2000, language="en")
