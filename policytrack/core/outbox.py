"""Keep work for after the commit: leased, done at least once, retried with a cap."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Index, String, Text, and_, delete, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, Session, mapped_column

from policytrack.core import clock
from policytrack.core.db import Base, transaction

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)

Handler = Callable[[Mapping[str, Any], str], None]


class Unfinished(Exception):
    """Raised by a handler that has done a part of its work: the rest comes up after all others."""


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
    again: bool = False,
) -> None:
    """Add work to be done after this transaction, or from `due` on; no key is added twice.

    `again`: what was done under this key is to be done once more; what waits or was given up is
    left as it is.
    """
    item = session.scalar(select(OutboxItem).where(OutboxItem.key == key))
    if item is None:
        session.add(
            OutboxItem(key=key, kind=kind, payload=payload, created_at=now, due_at=due or now)
        )
    elif again and item.done_at is not None:
        item.payload, item.created_at, item.due_at = payload, now, due or now
        item.done_at, item.attempts, item.last_error = None, 0, ""
    session.flush()


def hold(session: Session, *, key: str, until: datetime) -> None:
    """Keep leased what is being done, where it takes longer than `LEASE`."""
    session.execute(update(OutboxItem).where(OutboxItem.key == key).values(leased_until=until))


def _is_due(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    """Tell for an item whether it is due and of these kinds: others are for other machines."""
    return and_(
        OutboxItem.done_at.is_(None),
        OutboxItem.failed_at.is_(None),
        OutboxItem.due_at <= now,
        or_(OutboxItem.leased_until.is_(None), OutboxItem.leased_until < now),
        OutboxItem.kind.in_(sorted(kinds)),
    )


def _lease(
    kinds: Collection[str], now: datetime, key: str | None
) -> tuple[int, str, str, dict[str, Any]] | None:
    wanted = _is_due(kinds, now)
    with transaction() as session:
        item = session.scalar(
            select(OutboxItem)
            .where(wanted if key is None else wanted & (OutboxItem.key == key))
            .order_by(OutboxItem.due_at, OutboxItem.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if item is None:
            return None
        item.leased_until = now + LEASE
        item.attempts += 1
        return item.id, item.kind, item.key, item.payload


def waiting(session: Session, kinds: Collection[str], now: datetime) -> bool:
    """Tell whether any work of these kinds is due, without taking the turn to write."""
    return session.scalar(select(OutboxItem.id).where(_is_due(kinds, now)).limit(1)) is not None


def work_one(handlers: Mapping[str, Handler], now: datetime, *, key: str | None = None) -> bool:
    """Do one due piece of work, or the one of that key; return whether there was any.

    What none of the handlers does is left for a machine that can. A handler runs outside any
    transaction. Whatever it raises is kept with the item, which comes up again later (1, 2, 4, ...
    minutes) until `MAX_ATTEMPTS`; after `Unfinished` it comes up behind all that waits.
    """
    leased = _lease(handlers.keys(), now, key)
    if leased is None:
        return False
    item_id, kind, item_key, payload = leased
    try:
        handlers[kind](payload, item_key)
    except Unfinished:
        _put_back(item_id)
    except Exception as error:  # noqa: BLE001 - any failure must be kept, shown and retried
        _settle(item_id, now, error)
    else:
        _settle(item_id, now, None)
    return True


def _put_back(item_id: int) -> None:
    with transaction() as session:
        item = session.get(OutboxItem, item_id)
        if item is not None:
            # By the clock: what came while it was being done goes first.
            item.due_at, item.leased_until, item.attempts = clock.now(), None, 0


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
