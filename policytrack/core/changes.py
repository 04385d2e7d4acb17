"""Keep the change log: what changed, in the order in which it was committed.

Each machine's search index follows it by number. A follower must never skip a number that
commits late, so on PostgreSQL numbering happens under a transaction-level advisory lock, last in
the transaction; on SQLite there is one writer anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, String, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from policytrack.core import clock
from policytrack.core.db import BEFORE_COMMIT, Base

# Any fixed number will do; it names "numbering the change log" among advisory locks.
_ADVISORY_LOCK = 0x504F4C49
# What was taken out must leave the files of every index: one made before such a change is made
# anew.
REDACTION = "redaction"


class Change(Base):
    """Record that one thing changed; what it is now is read from its own tables."""

    __tablename__ = "change"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    public_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_change_kind_public_id", "kind", "public_id"),)


class Epoch(Base):
    """Name this database's life: a restored one gets another, so that no index trusts it."""

    __tablename__ = "epoch"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(43))


@dataclass(frozen=True, slots=True)
class Subject:
    """Name what changed: a kind (`note`, `commitment`, ...) and its public id or code."""

    kind: str
    public_id: str


def append(session: Session, kind: str, public_id: str, *, new: bool = False) -> None:
    """Note a change; it is numbered when the transaction ends.

    `new` says that the thing began in this transaction, so that nothing can speak of it yet; say so
    before anything else is said of it.
    """
    session.info.setdefault("changes", {}).setdefault(Subject(kind, public_id), new)


def pending(session: Session, kind: str) -> Sequence[str]:
    """Return the ids of things of a kind that were there before and change with the commit."""
    subjects: dict[Subject, bool] = session.info.get("changes", {})
    return [
        subject.public_id for subject, new in subjects.items() if subject.kind == kind and not new
    ]


def number(session: Session) -> None:
    """Give the transaction's changes their numbers; called by `transaction` alone, last."""
    subjects: dict[Subject, bool] = session.info.pop("changes", {})
    if not subjects:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    last = newest(session)
    at = clock.now()
    session.connection().execute(
        insert(Change),
        [
            {"seq": last + offset, "kind": subject.kind, "public_id": subject.public_id, "at": at}
            for offset, subject in enumerate(subjects, start=1)
        ],
    )


BEFORE_COMMIT.append(number)


def newest(session: Session) -> int:
    """Return the number of the last change, 0 before the first."""
    return session.scalar(select(func.coalesce(func.max(Change.seq), 0))) or 0


def since(session: Session, seq: int, limit: int = 500) -> Sequence[Change]:
    """Return the changes after a number, oldest first."""
    return session.scalars(
        select(Change).where(Change.seq > seq).order_by(Change.seq).limit(limit)
    ).all()


def epoch(session: Session) -> str:
    """Return the name of this database's life; empty before it was initialised."""
    return session.scalar(select(Epoch.name)) or ""
