"""Load data files: check everything, merge with what was edited here, then write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources.abc import Traversable
from typing import Any

from sqlalchemy.orm import Session

from policytrack.core import audit
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import ANONYMOUS
from policytrack.reference import files, queries, rows
from policytrack.reference.faults import Fault, FaultyData
from policytrack.reference.kinds import KINDS, Kind
from policytrack.reference.models import LoadedRow, ReferenceEdit
from policytrack.reference.rules import Outcome
from policytrack.reference.service import checks, following, merging, reporting
from policytrack.reference.service.merging import KindPlan
from policytrack.reference.service.reporting import Report

WHY_OVERWRITTEN = "policytrack reference load --overwrite"


def load(
    session: Session,
    *,
    now: datetime,
    folder: Traversable = files.PACKAGED,
    overwrite: bool = False,
    only: Iterable[str] = KINDS,
    tell: Callable[[Kind], None] = lambda _kind: None,
) -> Report:
    """Bring the reference tables to what the data files say; call it inside `transaction()`.

    Cell by cell: what nobody edited here follows the file, what was edited stays and is reported
    where the file has changed too, unless `overwrite` lets the files prevail. Rows that a file has
    no more stay. Idempotent. Raises `FaultyData` with all faults before anything is written.
    """
    wanted = frozenset(only)
    tables = [table for table in files.tables(folder) if table.kind.name in wanted]
    # Nobody edits between what is read here and what is written of it.
    here = {table.kind.name: queries.present(session, table.kind, lock=True) for table in tables}
    _refuse(_faults(session, tables, here))
    loaded, edited = queries.loaded(session), queries.edited(session)
    plans: list[KindPlan] = []
    for table in tables:
        lacking = merging.lacking_of(plans)
        here_now = here[table.kind.name]
        plans.append(
            merging.plan(table, here_now, loaded, edited, lacking=lacking, overwrite=overwrite)
        )
    _refuse(fault for plan in plans for fault in _misfits(plan))
    report = Report()
    for plan in plans:
        report.kinds.append(reporting.of(plan))
        _write(session, plan, _known(session, plan.kind, here), now)
        _remember(session, plan, loaded, now)
        tell(plan.kind)
    return report


def _refuse(faults: Iterable[Fault]) -> None:
    if found := list(faults):
        raise FaultyData(found)


# Checking


def _faults(
    session: Session, tables: Sequence[files.Table], here: Mapping[str, Mapping[str, Any]]
) -> Iterator[Fault]:
    """Yield what is wrong with the files as a whole."""
    said = {
        table.kind.name: {table.kind.key_of(line.values): line for line in table.lines}
        for table in tables
    }
    known: dict[str, frozenset[str]] = {}

    def codes(kind: str) -> frozenset[str]:
        if kind not in known:
            there = here[kind] if kind in here else queries.codes(session, kind)
            known[kind] = frozenset(there) | frozenset(said.get(kind, ()))
        return known[kind]

    for table in tables:
        kind, lines = table.kind, said[table.kind.name]
        values = {key: line.values for key, line in lines.items()}
        among = {key: rows.read(kind, row) for key, row in here[kind.name].items()} | values
        for wrong in (*checks.strangers(kind, values, codes), *checks.all_of(kind, among)):
            line = lines[wrong.key].number if wrong.key in lines else 0
            yield Fault(f"{kind.name}.csv", line, wrong.column, wrong.sentence)
    yield from _names_and_designations(said)


def _names_and_designations(said: Mapping[str, Mapping[str, files.Line]]) -> Iterator[Fault]:
    """Yield the countries whose name is not that of their latest designation in the files."""
    if "designations" not in said:
        return
    latest: dict[str, files.Line] = {}
    for line in sorted(said["designations"].values(), key=lambda line: line.values["since"]):
        latest[line.values["country"]] = line
    for code, line in said.get("countries", {}).items():
        other = latest.get(code)
        if other is None:
            yield Fault("countries.csv", line.number, "iso2", _("it has no designation"))
            continue
        for column in queries.kind_of("countries").stem("labels"):
            if line.values[column.name] != other.values[column.name]:
                yield Fault(
                    "countries.csv",
                    line.number,
                    column.name,
                    _(
                        "this is not the latest designation (designations.csv, line %(line)s)",
                        line=other.number,
                    ),
                )


def _misfits(plan: KindPlan) -> Iterator[Fault]:
    """Yield where the file and what was edited here do not go together."""
    kind = plan.kind
    written = {each.key: each for each in plan.plans if each.adds or each.changes}
    after = {key: rows.read(kind, row) for key, row in plan.here.items()}
    after |= {key: {**after.get(key, {}), **each.merged} for key, each in written.items()}
    wrong = [
        checks.Wrong(key, column, sentence)
        for key in written
        for column, sentence in kind.check({**_empty(kind), **after[key]})
    ]
    if not written:
        return
    for each in (*wrong, *checks.all_of(kind, after)):
        line = written[each.key].line if each.key in written else 0
        yield Fault(
            f"{kind.name}.csv",
            line,
            each.column,
            _("together with what was edited here: %(sentence)s", sentence=each.sentence),
        )


def _empty(kind: Kind) -> dict[str, str]:
    return dict.fromkeys(kind.by_name, "")


# Writing


def _known(
    session: Session, kind: Kind, here: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Return the rows that a kind's lists point to."""
    return {
        name: here[name] if name in here else queries.present(session, KINDS[name])
        for name in rows.linked(kind)
    }


def _write(
    session: Session, plan: KindPlan, known: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    kind = plan.kind
    # Parents come before what belongs to them.
    for each in sorted(plan.plans, key=lambda each: bool(each.merged.get("parent"))):
        if each.adds:
            row = kind.model()
            rows.write(kind, row, {**_defaults(kind), **each.said}, known)
            session.add(row)
            plan.here[each.key] = row
            if each.returns:
                _record(session, kind, each.key, {}, each.said, now)
        elif each.changes:
            rows.write(kind, each.row, {cell.column: cell.said for cell in each.changes}, known)
            if cells := each.with_outcome(Outcome.OVERWRITTEN):
                before = {cell.column: cell.here for cell in cells}
                after = {cell.column: cell.said for cell in cells}
                _record(session, kind, each.key, before, after, now)
    session.flush()
    for each in plan.plans:
        if each.adds or each.changes:
            columns = [cell.column for cell in each.changes]
            following.note(session, kind, plan.here[each.key], each.key, columns)


def _defaults(kind: Kind) -> dict[str, str]:
    return {column.name: "" for column in kind.loaded}


def _record(
    session: Session,
    kind: Kind,
    key: str,
    before: Mapping[str, str],
    after: Mapping[str, str],
    now: datetime,
) -> None:
    session.add(
        ReferenceEdit(
            kind=kind.name,
            key=key,
            action="overwritten",
            at=now,
            before=dict(before),
            after=dict(after),
            reason=WHY_OVERWRITTEN,
        )
    )
    # On the command line: no person of the site is known to have acted.
    audit.record(
        session,
        actor=ANONYMOUS,
        action="reference_overwritten",
        kind=kind.name,
        public_id=key,
        now=now,
        fields=[name for name in kind.by_name if before.get(name, "") != after.get(name, "")],
    )


def _remember(
    session: Session,
    plan: KindPlan,
    loaded: Mapping[tuple[str, str], LoadedRow],
    now: datetime,
) -> None:
    """Keep what the file says, for the next load and for the page of the row."""
    for each in plan.plans:
        if each.dangles:
            continue
        known = loaded.get((plan.kind.name, each.key))
        if known is None:
            session.add(
                LoadedRow(kind=plan.kind.name, key=each.key, content=dict(each.said), loaded_at=now)
            )
        elif each.is_news:
            known.content = {**known.content, **each.said}
            known.loaded_at = now
    session.flush()
