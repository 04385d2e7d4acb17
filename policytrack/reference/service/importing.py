"""Bring in many rows at once, from a workbook; every one is kept in the history with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from policytrack.core.errors import InvalidInput, RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.reference import queries, rows
from policytrack.reference.kinds import KINDS, Kind
from policytrack.reference.service.recording import Act, record


def bring_in(
    session: Session,
    *,
    actor: Actor,
    kind: Kind,
    given: Mapping[str, Mapping[str, str]],
    reason: str,
    now: datetime,
) -> None:
    """Add or change rows of a kind: `given` holds cells by key, checked one by one already.

    What identifies a row stays, and so do cells that are not given. Raises `NotPermitted`;
    `RuleViolation` for rows that the program fixes; `InvalidInput` for cells that do not go
    together.
    """
    require(actor, Permission.REFERENCE_MANAGE)
    if kind.fixed:
        raise RuleViolation(_("The program itself speaks of these: none can be added."))
    here = queries.present(session, kind)
    known = {name: queries.present(session, KINDS[name]) for name in rows.linked(kind)}
    act = Act(actor, now, reason)
    touched: list[tuple[str, str, Mapping[str, str], Mapping[str, str]]] = []
    for key, values in given.items():
        row: Any = here.get(key)
        before: dict[str, str] = rows.read(kind, row) if row is not None else {}
        after = _asked(kind, before, values)
        faults = dict(kind.check({**before, **after}))
        if faults:
            raise InvalidInput(fields=faults)
        if row is None:
            row = here[key] = kind.model()
            session.add(row)
        rows.write(kind, row, after, known)
        said = {name: before[name] for name in after if before}
        touched.append((key, "changed" if before else "added", said, after))
    session.flush()
    for key, action, old, new in touched:
        if new:
            record(session, act, action, kind, here[key], key, before=old, after=new)


def _asked(kind: Kind, before: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    if not before:
        return {column.name: values.get(column.name, "") for column in kind.columns}
    return {
        column.name: values[column.name]
        for column in kind.columns
        if not column.settled
        and column.name in values
        and values[column.name] != before[column.name]
    }
