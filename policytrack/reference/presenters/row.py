"""Show one row: what the file says, what was edited, what uses it, what is newer than a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.lists import format_list
from flask import url_for

from policytrack.core.i18n import collated, language
from policytrack.core.i18n import gettext as _
from policytrack.reference.kinds import Kind
from policytrack.reference.models import LoadedRow, ReferenceEdit
from policytrack.reference.presenters.words import Text, counted, of_cell, of_code
from policytrack.reference.queries import Names, Uses, differing_columns
from policytrack.reference.rules import Column, Type, listed


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold a cell in two states."""

    words: str
    one: Text
    other: Text


def cells(
    kind: Kind,
    names: Names,
    columns: Iterable[str],
    one: Mapping[str, Any],
    other: Mapping[str, Any],
) -> list[Cell]:
    """Return cells side by side; columns that the program has no more are left out."""
    return [
        Cell(
            str(column.words),
            of_cell(column, str(one.get(column.name, "")), names),
            of_cell(column, str(other.get(column.name, "")), names),
        )
        for column in (kind.by_name[name] for name in columns if name in kind.by_name)
    ]


@dataclass(frozen=True, slots=True)
class FileView:
    """Hold where the file says something else; `one` is here, `other` is the file's."""

    cells: Sequence[Cell]
    loaded_at: datetime
    url: str


def file_view(
    kind: Kind, key: str, here: Mapping[str, str], loaded: LoadedRow | None, names: Names
) -> FileView | None:
    """Return where the file says something else than this site, None where it does not."""
    columns = differing_columns(kind, here, loaded.content) if loaded else []
    if loaded is None or not columns:
        return None
    return FileView(
        cells(kind, names, columns, here, loaded.content),
        loaded.loaded_at,
        url_for("reference.row", kind_name=kind.name, key=key, take="file", _anchor="edit"),
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """Hold one entry of the history; `url` leads to the form with what stood there before."""

    at: datetime
    who: str
    what: str
    why: str
    cells: Sequence[Cell]
    url: str


def history(
    kind: Kind, key: str, edits: Sequence[ReferenceEdit], names: Names, *, gone: bool
) -> list[Edit]:
    """Return the history of a row, newest first."""
    words = {
        "added": _("Added"),
        "changed": _("Changed"),
        "removed": _("Removed"),
        "overwritten": _("Overwritten by a load of the data files"),
    }
    return [
        Edit(
            at=edit.at,
            who=edit.actor.name if edit.actor else "",
            what=words[edit.action],
            why=edit.reason,
            cells=_changes(kind, names, edit),
            url=_restore(kind, key, edit, gone=gone),
        )
        for edit in edits
    ]


def _changes(kind: Kind, names: Names, edit: ReferenceEdit) -> list[Cell]:
    touched = [
        name for name in kind.by_name if edit.before.get(name, "") != edit.after.get(name, "")
    ]
    return cells(kind, names, touched, edit.before, edit.after)


def _restore(kind: Kind, key: str, edit: ReferenceEdit, *, gone: bool) -> str:
    if not edit.before:
        return ""
    if gone:
        return url_for("reference.add", kind_name=kind.name, restore=edit.id)
    return url_for("reference.row", kind_name=kind.name, key=key, restore=edit.id, _anchor="edit")


def used_by(uses: Uses, *, hidden: bool = True) -> str:
    """Return the words for what uses a row: "3 corridors, 2 notes and 1 provision".

    With `hidden` they also say that something else does, which has to be said of a refusal only.
    """
    words = [counted(what, number) for what, number in uses.counts.items()]
    if hidden and uses.hidden:
        words.append(_("texts that are not public, or are no longer in force"))
    return format_list(words, locale=language().code) if words else ""


def choices(
    kind: Kind, names: Names, values: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """Return, by column, what can be chosen; what is retired only where it is chosen already."""
    return {
        column.name: _offered(column, names, values.get(column.name, ""))
        for column in kind.columns
        if column.type in {Type.CHOICE, Type.CODE, Type.CODES}
    }


def _offered(column: Column, names: Names, text: str) -> list[tuple[str, str]]:
    if column.type is Type.CHOICE:
        return [(code, str(words)) for code, words in column.choices]
    chosen = set(listed(text))
    found = [
        (code, of_code(column.of, code, named).text)
        for code, named in names[column.of].items()
        if not named.retired or code in chosen
    ]
    if column.of in {"countries", "corridors"}:
        return collated(found, [words for _code, words in found], language().code)
    return found
