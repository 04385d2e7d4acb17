"""A database that another program keeps locked: a clear page, and nothing half written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text

from policytrack.accounts.models import Attempts, NetworkAddress
from policytrack.core import db as core_db
from policytrack.core.db import db
from tests.operations.conftest import MakeApp
from tests.operations.test_full_disk import token_of


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Write, and do not end, from another program."""
    engine = create_engine(url)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("LOCK TABLE attempts IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()
    engine.dispose()


def test_a_locked_database_answers_clearly_and_then_goes_on(
    app: Flask, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_db, "WRITE_TIMEOUT_SECONDS", 1.0)
    other = make_app()
    browser = other.test_client()
    form = {
        "csrf_token": token_of(browser),
        "email": "somebody@example.org",
        "password": "not the right one",
    }
    with locked(app.config["SQLALCHEMY_DATABASE_URI"]):
        page = browser.post("/sign-in", data=form, headers={"Accept-Language": "ar"})
        assert page.status_code == 503
        assert b'lang="ar" dir="rtl"' in page.data
        assert b"somebody@example.org" in page.data
        assert b"not the right one" not in page.data, "a password is never shown back"
    with other.app_context():
        for table in (Attempts, NetworkAddress):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0
        db.session.remove()
    assert browser.post("/sign-in", data=form).status_code == 422
