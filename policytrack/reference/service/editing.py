"""Add, change, retire and remove rows on the site; every act is kept with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from policytrack.core.errors import InvalidInput, RuleViolation, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.reference import queries, rows
from policytrack.reference.kinds import COUNTRIES, DESIGNATIONS, KINDS, Kind
from policytrack.reference.queries import Uses
from policytrack.reference.rules import Unfit, parse
from policytrack.reference.service import checks, designating
from policytrack.reference.service.recording import Act, record


@dataclass(frozen=True, slots=True)
class EditCommand:
    """Hold what somebody asks for: cells in their one way of writing, and why.

    `seen` is the fingerprint of the row that the form was made from; empty for a new row. `since`
    and `authority` say from when a country or territory has a new name, and who says so.
    """

    values: Mapping[str, str]
    reason: str
    seen: str = ""
    since: str = ""
    authority: str = ""


class InUse(RuleViolation):
    """Refuse to remove a row that something uses."""

    def __init__(self, uses: Uses) -> None:
        super().__init__(_("This is used, so it cannot be removed."))
        self.uses = uses


def add(session: Session, *, actor: Actor, kind: Kind, command: EditCommand, now: datetime) -> str:
    """Add a row; return its key.

    Raises `InvalidInput` with sentences by column, `RuleViolation` for rows that the program fixes.
    """
    require(actor, Permission.REFERENCE_MANAGE)
    if kind.fixed:
        raise RuleViolation(_("The program itself speaks of these: none can be added."))
    given = {
        column.name: command.values.get(column.name, "")
        for column in kind.columns
        if not column.elsewhere
    }
    values = _fit(kind, given)
    key = kind.key_of(values)
    if queries.find(session, kind, key) is not None:
        raise InvalidInput(fields={kind.key[-1]: _("There is one with this code already.")})
    _check(session, kind, key, values)
    row: Any = kind.model()
    rows.write(kind, row, values, _known(session, kind))
    session.add(row)
    session.flush()
    act = Act(actor, now, command.reason)
    record(session, act, "added", kind, row, key, before={}, after=values)
    _keep_names(session, act, kind, row, command)
    return key


def change(
    session: Session, *, actor: Actor, kind: Kind, key: str, command: EditCommand, now: datetime
) -> None:
    """Change cells of a row; what identifies it stays.

    Raises `NotFound`; `StaleVersion` where the row changed since the form was made; `InvalidInput`
    with sentences by column, or where nothing is different.
    """
    require(actor, Permission.REFERENCE_MANAGE)
    row = queries.get(session, kind, key, lock=True)
    here = _seen(kind, row, command.seen)
    asked = _fit(
        kind,
        {
            column.name: command.values[column.name]
            for column in kind.columns
            if not (column.settled or column.elsewhere) and column.name in command.values
        },
    )
    after = {name: text for name, text in asked.items() if text != here[name]}
    if not after:
        raise InvalidInput(_("Nothing is different from what stands here already."))
    _check(session, kind, key, {**here, **after})
    rows.write(kind, row, after, _known(session, kind))
    session.flush()
    act = Act(actor, now, command.reason)
    before = {name: here[name] for name in after}
    record(session, act, "changed", kind, row, key, before=before, after=after)
    if any(kind.by_name[name].holder == "labels" for name in after):
        _keep_names(session, act, kind, row, command)


def remove(
    session: Session,
    *,
    actor: Actor,
    kind: Kind,
    key: str,
    reason: str,
    seen: str,
    now: datetime,
) -> None:
    """Remove a row that nothing uses.

    Raises `InUse` with what uses it, `StaleVersion`, or `RuleViolation` for rows that the program
    fixes and for the only designation of a country.
    """
    require(actor, Permission.REFERENCE_MANAGE)
    if kind.fixed:
        raise RuleViolation(_("The program itself speaks of these: none can be removed."))
    row: Any = queries.get(session, kind, key, lock=True)
    here = _seen(kind, row, seen)
    if uses := queries.uses(session, kind, row):
        raise InUse(uses)
    act = Act(actor, now, reason)
    record(session, act, "removed", kind, row, key, before=here, after={})
    if kind is COUNTRIES:
        designating.forget(session, act, row.iso2)
    session.delete(row)
    session.flush()
    if kind is DESIGNATIONS:
        designating.follow(session, act, here["country"])


def _seen(kind: Kind, row: Any, seen: str) -> dict[str, str]:
    """Return a row's cells if they are those that the form was made from."""
    here = rows.read(kind, row)
    if rows.fingerprint(here) != seen:
        raise StaleVersion(_("Somebody changed this in the meantime."))
    return here


def _keep_names(session: Session, act: Act, kind: Kind, row: Any, command: EditCommand) -> None:
    if kind is COUNTRIES:
        designating.name(session, act, row, since=command.since, authority=command.authority)
    elif kind is DESIGNATIONS:
        designating.follow(session, act, row.country_iso2)


def _fit(kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """Return cells in their one way of writing; raise `InvalidInput` for what is unfit."""
    fit: dict[str, str] = {}
    faults: dict[str, object] = {}
    for name, text in given.items():
        try:
            fit[name] = parse(kind.by_name[name], text)
        except Unfit as unfit:
            faults[name] = unfit.sentence
    if faults:
        raise InvalidInput(fields=faults)
    return fit


def _check(session: Session, kind: Kind, key: str, values: Mapping[str, str]) -> None:
    """Raise `InvalidInput` for what does not go together in the row, or with others."""
    faults = dict(kind.check(values))

    def codes(of: str) -> frozenset[str]:
        return queries.codes(session, of)

    for wrong in checks.strangers(kind, {key: values}, codes):
        faults.setdefault(wrong.column, wrong.sentence)
    if kind.levels or any(column.unique for column in kind.columns):
        others = {
            code: rows.read(kind, row) for code, row in queries.present(session, kind).items()
        }
        for wrong in checks.all_of(kind, {**others, key: values}):
            faults.setdefault(wrong.column, wrong.sentence)
    if faults:
        raise InvalidInput(fields=faults)


def _known(session: Session, kind: Kind) -> dict[str, Mapping[str, Any]]:
    return {name: queries.present(session, KINDS[name]) for name in rows.linked(kind)}
