"""Give tests about accounts people with passwords, and links as the mail would bring them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts import passwords
from policytrack.accounts.models import User
from policytrack.core import clock, outbox
from policytrack.core.outbox import OutboxItem
from tests.factories import make_user

PASSWORD = "seven small boats at dawn"
NEW_PASSWORD = "eight large ships at dusk"
# Argon2 is slow by design: one hash serves all tests.
HASH = passwords.hashed(PASSWORD)


@pytest.fixture
def person(database: Session) -> User:
    """Give somebody who can sign in with `PASSWORD`."""
    return make_user(email="asha@example.org", name="Asha Rai", password_hash=HASH)


@pytest.fixture
def mails(app: Flask, database: Session) -> Callable[[], list[dict[str, Any]]]:
    """Return a way to read the mail that waits, after the worker made what leads to mail."""

    def read() -> list[dict[str, Any]]:
        handlers = dict(app.extensions["outbox_handlers"])
        posted: list[dict[str, Any]] = []
        handlers["mail"] = lambda payload, _key: posted.append(dict(payload))
        while outbox.work_one(handlers, clock.now()):
            pass
        failed = database.scalars(select(OutboxItem.last_error).where(OutboxItem.last_error != ""))
        assert failed.all() == []
        database.rollback()
        return posted

    return read
