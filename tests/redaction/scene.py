"""Look for words wherever an installation may keep them: in tables, in files, byte by byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core import clock, outbox
from policytrack.core.db import Base, transaction
from policytrack.core.permissions import Actor
from policytrack.operations.worker import handlers
from policytrack.redaction import queries, service
from policytrack.redaction.models import Redaction

# No word of it stands in the reference data, and each can be looked for byte by byte.
NAME = "Xanadurani Quillgurung"
WORDS = NAME.split()


def columns_with(session: Session, words: str) -> list[str]:
    """Return every column of every table in which words stand, whatever its type."""
    session.rollback()
    found = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            for column, value in zip(table.columns, row, strict=True):
                if _holds(value, words):
                    found.append(f"{table.name}.{column.name}")
    session.rollback()
    return sorted(set(found))


def _holds(value: object, words: str) -> bool:
    if isinstance(value, bytes | memoryview):
        return words.encode() in bytes(value)
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return isinstance(value, str) and words.casefold() in value.casefold()


def files_with(app: Flask, words: str, *below: str) -> list[str]:
    """Return every file of an installation in which the bytes of words stand."""
    root = Path(app.instance_path).joinpath(*below)
    needles = (words.encode(), words.lower().encode(), words.encode("utf-16-le"))
    return [
        str(path.relative_to(root))
        for path in _every_file(root)
        if any(needle in path.read_bytes() for needle in needles)
    ]


def _every_file(root: Path) -> Iterator[Path]:
    yield from (path for path in sorted(root.rglob("*")) if path.is_file())


def ask(kind: str, public_id: str, actor: Actor, **overrides: str) -> str:
    """Ask for a redaction of the name, and return its public id."""
    values = {
        "passage": "" if overrides.get("file_id") else NAME,
        "file_id": "",
        "reason": "She can be recognised.",
        "sentence": "A name was taken out.",
        "language": "en",
        **overrides,
    }
    with transaction() as session:
        now = clock.now()
        about = queries.thing(session, actor, kind, public_id, now)
        made = service.ask(session, actor=actor, about=about, now=now, **values)
        return made.public_id


def confirm(public_id: str, actor: Actor) -> None:
    with transaction() as session:
        redaction = queries.get(session, actor, public_id)
        service.confirm(session, actor=actor, redaction=redaction, now=clock.now())


def refuse(public_id: str, actor: Actor, reason: str = "It names an office.") -> None:
    with transaction() as session:
        redaction = queries.get(session, actor, public_id)
        service.refuse(session, actor=actor, redaction=redaction, reason=reason, now=clock.now())


def redact(kind: str, public_id: str, asker: Actor, second: Actor, **overrides: str) -> str:
    """Ask, confirm and let the worker do the rest."""
    made = ask(kind, public_id, asker, **overrides)
    confirm(made, second)
    work()
    return made


def work() -> None:
    while outbox.work_one({**handlers(), "mail": lambda _payload, _key: None}, clock.now()):
        pass


def held(session: Session, public_id: str) -> Redaction:
    session.rollback()
    return session.scalars(select(Redaction).where(Redaction.public_id == public_id)).one()
