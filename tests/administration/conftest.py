"""Give tests about administration people of each role, signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.core.db import db
from policytrack.core.permissions import Role
from tests.accounts.conftest import HASH
from tests.factories import make_user

SignIn = Callable[[FlaskClient, User], None]
As = Callable[[User], FlaskClient]


@pytest.fixture
def as_(app: Flask, sign_in: SignIn) -> As:
    """Return a way to get a browser in which somebody is signed in."""

    def make(user: User) -> FlaskClient:
        browser = app.test_client()
        sign_in(browser, user)
        return browser

    return make


@pytest.fixture
def admin(database: Session) -> User:
    return make_user(Role.ADMINISTRATOR, name="Ada", email="ada@example.org", password_hash=HASH)


@pytest.fixture
def browser(as_: As, admin: User) -> FlaskClient:
    """Give the browser of an administrator."""
    return as_(admin)


@pytest.fixture
def counted(app: Flask, database: Session) -> Callable[[], Any]:
    """Return a way to count the statements of what happens inside."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement != "BEGIN":
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return count
