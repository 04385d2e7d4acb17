"""Read pages in any language, and count what they ask of the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from policytrack.core.db import db

Read = Callable[..., str]
Count = Callable[[Callable[[], object]], int]


@pytest.fixture
def read(client: FlaskClient) -> Read:
    def page(address: str, language: str = "en", browser: FlaskClient = client) -> str:
        answer = browser.get(address, headers={"Accept-Language": language})
        assert answer.status_code == 200, (address, answer.status)
        return answer.get_data(as_text=True)

    return page


@pytest.fixture
def count_queries(app: Flask) -> Count:
    def count(act: Callable[[], object]) -> int:
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT")):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        act()
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    return count
