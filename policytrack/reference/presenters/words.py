"""Say what a cell holds in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from policytrack.core.i18n import (
    format_date,
    format_number,
    label,
    label_language,
    language,
    ngettext,
)
from policytrack.core.i18n import gettext as _
from policytrack.reference.kinds import KINDS, Kind
from policytrack.reference.queries import Named, Names
from policytrack.reference.rules import Column, Type, listed

# Kinds whose codes people know; the others' are for files and addresses only.
_SPOKEN = frozenset({"themes", "instruments", "frameworks"})
# The first year of a column that holds a year.
_A_YEAR = 1800


@dataclass(frozen=True, slots=True)
class Text:
    """Hold words with their language; none where it is the page's."""

    text: str
    language: str | None = None


def pointed_at(kind: Kind) -> list[str]:
    """Return the kinds that a kind's columns point to."""
    return list(dict.fromkeys(column.of for column in kind.columns if column.of))


def of_code(kind: str, code: str, named: Named | None) -> Text:
    """Return the name of what a code stands for; the code itself where nothing has it."""
    if named is None or not named.labels:
        return Text(code)
    name = label(named.labels)
    spoken = f"{code}. {name}" if kind in _SPOKEN else name
    return Text(spoken, _other(label_language(named.labels)))


def of_cell(column: Column, text: str, names: Names) -> Text:
    """Return what a cell holds; empty for what is not known."""
    match column.type:
        case Type.FLAG:
            return Text(_("Yes") if text else "")
        case Type.CHOICE:
            return Text(str(dict(column.choices).get(text, text)))
        case Type.CODE if text:
            return of_code(column.of, text, names.get(column.of, {}).get(text))
        case Type.CODES:
            known = names.get(column.of, {})
            words = (of_code(column.of, code, known.get(code)).text for code in listed(text))
            return Text("; ".join(words))
        case Type.WORDS:
            return Text("; ".join(listed(text)), _other(column.language))
        case Type.WHOLE if text and column.least < _A_YEAR:
            return Text(format_number(int(text)))
        case Type.DATE | Type.PARTIAL if text.count("-") == 2:
            return Text(format_date(date.fromisoformat(text)))
    return Text(text, _other(column.language) if text else None)


def _other(code: str) -> str | None:
    return code if code and code != language().code else None


def title(kind: Kind, values: Mapping[str, str], names: Names) -> Text:
    """Return the name of a row."""
    if kind.title == ("labels",):
        labels = {
            column.part: values[column.name]
            for column in kind.stem("labels")
            if values.get(column.name)
        }
        return Text(label(labels), _other(label_language(labels)))
    parts = (of_cell(kind.by_name[name], values[name], names).text for name in kind.title)
    return Text(" – ".join(parts))


def counted(what: str, number: int) -> str:
    """Return how many of what, with the word that fits the number."""
    if what in KINDS:
        return KINDS[what].counted(number)
    return _OTHERS[what](number)


_OTHERS = {
    "commitment": lambda n: ngettext("%(num)d commitment", "%(num)d commitments", n),
    "note": lambda n: ngettext("%(num)d note", "%(num)d notes", n),
    "seat": lambda n: ngettext("%(num)d seat of a member", "%(num)d seats of members", n),
}
