"""Keep work for after the commit: leased, done at least once, retried with a cap."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Index, String, Text, delete, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, Session, mapped_column

from policytrack.core.db import Base, transaction

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)

Handler = Callable[[Mapping[str, Any], str], None]


class OutboxItem(Base):
    """Hold one piece of work; `key` makes it idempotent."""

    __tablename__ = "outbox_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_outbox_item_open", "done_at", "failed_at", "due_at"),)


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    key: str,
    now: datetime,
    due: datetime | None = None,
) -> None:
    """Add work to be done after this transaction, or from `due` on; no key is added twice."""
    if session.scalar(select(OutboxItem.id).where(OutboxItem.key == key)) is None:
        session.add(
            OutboxItem(key=key, kind=kind, payload=payload, created_at=now, due_at=due or now)
        )
        session.flush()


def _lease(now: datetime) -> tuple[int, str, str, dict[str, Any]] | None:
    with transaction() as session:
        item = session.scalar(
            select(OutboxItem)
            .where(
                OutboxItem.done_at.is_(None),
                OutboxItem.failed_at.is_(None),
                OutboxItem.due_at <= now,
                or_(OutboxItem.leased_until.is_(None), OutboxItem.leased_until < now),
            )
            .order_by(OutboxItem.due_at, OutboxItem.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if item is None:
            return None
        item.leased_until = now + LEASE
        item.attempts += 1
        return item.id, item.kind, item.key, item.payload


def waiting(session: Session, now: datetime) -> bool:
    """Tell whether any work is due, without taking the turn to write."""
    return (
        session.scalar(
            select(OutboxItem.id)
            .where(
                OutboxItem.done_at.is_(None),
                OutboxItem.failed_at.is_(None),
                OutboxItem.due_at <= now,
                or_(OutboxItem.leased_until.is_(None), OutboxItem.leased_until < now),
            )
            .limit(1)
        )
        is not None
    )


def work_one(handlers: Mapping[str, Handler], now: datetime) -> bool:
    """Do one due piece of work; return whether there was any.

    A handler runs outside any transaction. Whatever it raises is kept with the item, which comes
    up again later (1, 2, 4, ... minutes) until `MAX_ATTEMPTS`.
    """
    leased = _lease(now)
    if leased is None:
        return False
    item_id, kind, key, payload = leased
    try:
        handlers[kind](payload, key)
    except Exception as error:  # noqa: BLE001 - any failure must be kept, shown and retried
        _settle(item_id, now, error)
    else:
        _settle(item_id, now, None)
    return True


def _settle(item_id: int, now: datetime, error: Exception | None) -> None:
    with transaction() as session:
        item = session.get(OutboxItem, item_id)
        if item is None:
            return  # dropped while it was being done
        item.leased_until = None
        if error is None:
            item.done_at = now
            # What was sent may hold a secret link; once done, nobody needs it again.
            item.payload = {}
            return
        item.last_error = f"{type(error).__name__}: {error}"[:2000]
        item.due_at = now + timedelta(minutes=2 ** (item.attempts - 1))
        if item.attempts >= MAX_ATTEMPTS:
            item.failed_at = now


def retry(session: Session, *, now: datetime, item_id: int | None = None) -> int:
    """Give what was given up another chance, all or one item; return how many there were."""
    chosen = update(OutboxItem).where(OutboxItem.failed_at.is_not(None))
    if item_id is not None:
        chosen = chosen.where(OutboxItem.id == item_id)
    changed = session.execute(chosen.values(failed_at=None, attempts=0, due_at=now))
    return cast(CursorResult[tuple[()]], changed).rowcount


def reword(session: Session, about: str, change: Callable[[str], str]) -> None:
    """Change the texts in all work that is not done yet and names a thing by its public id."""
    for item in session.scalars(select(OutboxItem)):
        if about in json.dumps(item.payload) and (changed := _reworded(item.payload, change)) != (
            item.payload
        ):
            item.payload = changed
        if item.last_error and (said := change(item.last_error)) != item.last_error:
            item.last_error = said
    session.flush()


def forget(session: Session, about: str, kind: str) -> None:
    """Remove the work of a kind that names a thing by its public id, whatever came of it."""
    for item in session.scalars(select(OutboxItem).where(OutboxItem.kind == kind)):
        if about in json.dumps(item.payload):
            session.delete(item)
    session.flush()


def _reworded(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _reworded(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_reworded(inner, change) for inner in value]
    return value


def drop(session: Session, item_id: int) -> str | None:
    """Remove an item that was given up; return its kind, None where there is no such item."""
    return session.scalar(
        delete(OutboxItem)
        .where(OutboxItem.id == item_id, OutboxItem.failed_at.is_not(None))
        .returning(OutboxItem.kind)
    )
