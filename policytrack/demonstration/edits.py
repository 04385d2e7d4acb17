"""Edit reference data as the secretariat would, and take such edits back."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.constituents.queries import actor_of
from policytrack.core.audit import TrailEntry
from policytrack.core.errors import RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.demonstration import content
from policytrack.demonstration.stage import MARK, Stage
from policytrack.places.models import Corridor
from policytrack.reference import queries, rows
from policytrack.reference import service as reference
from policytrack.reference.kinds import Kind
from policytrack.reference.models import ReferenceEdit
from policytrack.reference.service import following

Entry = Mapping[str, Any]


def add(stage: Stage) -> None:
    """Make all edits by the services themselves, and mark them."""
    last_edit, last_act = _last(stage.session, ReferenceEdit), _last(stage.session, TrailEntry)
    for entry in content.edits():
        _edit(stage, entry)
    added = [entry["key"] for entry in content.edits() if entry["action"] == "added"]
    for corridor in stage.session.scalars(select(Corridor).where(Corridor.code.in_(added))):
        corridor.demonstration = True
    for edit in stage.session.scalars(select(ReferenceEdit).where(ReferenceEdit.id > last_edit)):
        edit.demonstration = True
    for act in stage.session.scalars(select(TrailEntry).where(TrailEntry.id > last_act)):
        act.details = {**act.details, MARK: True}
    stage.session.flush()


def _last(session: Session, model: type[ReferenceEdit | TrailEntry]) -> int:
    return session.scalar(select(func.max(model.id))) or 0


def _edit(stage: Stage, entry: Entry) -> None:
    session, kind, key = stage.session, reference.KINDS[entry["kind"]], entry["key"]
    actor = actor_of(session, stage.officer(0))
    now = stage.calendar.now - timedelta(days=entry["days"])
    command = reference.EditCommand(
        entry.get("values", {}), entry["reason"], seen=_seen(session, kind, key)
    )
    match entry["action"]:
        case "added":
            reference.add(session, actor=actor, kind=kind, command=command, now=now)
        case "removed":
            reference.remove(
                session,
                actor=actor,
                kind=kind,
                key=key,
                reason=command.reason,
                seen=command.seen,
                now=now,
            )
        case "restored":
            last = queries.history(session, kind, key)[0]
            command = reference.EditCommand(last.before, command.reason, seen=command.seen)
            reference.change(session, actor=actor, kind=kind, key=key, command=command, now=now)
        case "overwritten":
            _overwrite(session, kind, key, now)
        case _:
            reference.change(session, actor=actor, kind=kind, key=key, command=command, now=now)


def _overwrite(session: Session, kind: Kind, key: str, now: datetime) -> None:
    """Load the one row anew from the data files, over what was edited."""
    said = next(row for row in reference.read(kind.name) if kind.key_of(row) == key)
    with TemporaryDirectory() as folder:
        path = Path(folder, f"{kind.name}.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            rows_out = csv.DictWriter(file, list(said))
            rows_out.writeheader()
            rows_out.writerow(said)
        reference.load(session, now=now, folder=Path(folder), overwrite=True, only=[kind.name])


def _seen(session: Session, kind: Kind, key: str) -> str:
    row = queries.find(session, kind, key)
    return rows.fingerprint(rows.read(kind, row)) if row is not None else ""


def take_back(session: Session) -> int:
    """Take back all marked edits, the last one first; return how many there were.

    What somebody has changed since stays as it is. Raises `RuleViolation` where what was added is
    in use.
    """
    found = session.scalars(
        select(ReferenceEdit).where(ReferenceEdit.demonstration).order_by(ReferenceEdit.id.desc())
    ).all()
    for edit in found:
        _take_back(session, edit)
        session.delete(edit)
    session.flush()
    return len(found)


def _take_back(session: Session, edit: ReferenceEdit) -> None:
    kind = reference.KINDS[edit.kind]
    row: Any = queries.find(session, kind, edit.key)
    if row is None:
        return
    if edit.action == "added":
        if queries.uses(session, kind, row):
            raise RuleViolation(
                _(
                    "Nothing was removed: %(what)s was added for the demonstration and is used.",
                    what=f"{edit.kind} {edit.key}",
                )
            )
        following.note(session, kind, row, edit.key, ())
        session.delete(row)
    else:
        here = rows.read(kind, row)
        back = dict(_unchanged_since(edit, here))
        rows.write(kind, row, back, {})
        following.note(session, kind, row, edit.key, list(back))
    session.flush()


def _unchanged_since(edit: ReferenceEdit, here: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in edit.after.items():
        if here.get(name) == text:
            yield name, edit.before.get(name, "")
