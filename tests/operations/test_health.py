"""What a load balancer hears: alive, ready, and if not, why, in codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from policytrack.core import changes, clock
from policytrack.core.changes import Change
from policytrack.core.db import db, transaction
from policytrack.search.index.follower import Follower
from tests.factories import make_constituent
from tests.operations.conftest import MakeApp


@pytest.fixture
def indexed(app: Flask) -> Flask:
    with app.app_context():
        Follower(app).follow()
    return app


def answer(response: TestResponse) -> tuple[int, object]:
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, response.json


def test_ready_when_all_is_there(indexed: Flask, client: FlaskClient) -> None:
    assert answer(client.get("/readyz")) == (200, {"status": "ready"})
    assert answer(client.get("/healthz")) == (200, {"status": "alive"})


def not_ready(reason: str) -> tuple[int, object]:
    return 503, {"status": "not ready", "reasons": [reason]}


def test_not_ready_without_an_index(client: FlaskClient) -> None:
    assert answer(client.get("/readyz")) == not_ready("index")


def test_an_index_that_is_just_behind_is_no_reason(indexed: Flask, client: FlaskClient) -> None:
    with indexed.app_context(), transaction() as session:
        changes.append(session, "note", "abc")
    assert answer(client.get("/readyz"))[0] == 200


def test_not_ready_when_nobody_follows_for_a_minute(indexed: Flask, client: FlaskClient) -> None:
    with indexed.app_context(), transaction() as session:
        changes.append(session, "note", "abc")
    with indexed.app_context(), transaction() as session:
        session.execute(update(Change).values(at=clock.now() - timedelta(seconds=61)))
    assert answer(client.get("/readyz")) == not_ready("index")


def test_not_ready_between_an_upgrade_of_program_and_tables(
    indexed: Flask, client: FlaskClient
) -> None:
    with indexed.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert answer(client.get("/readyz")) == not_ready("migrations")


def test_alive_but_not_ready_while_the_database_is_away(make_app: MakeApp, tmp_path: Path) -> None:
    away = make_app(database_url="postgresql+psycopg://secret:word@127.0.0.1:1/nothing")
    browser = away.test_client()
    assert answer(browser.get("/healthz")) == (200, {"status": "alive"})
    response = browser.get("/readyz")
    assert answer(response) == not_ready("database")
    assert b"secret" not in response.data


def test_a_page_says_so_while_the_database_is_away(make_app: MakeApp) -> None:
    away = make_app(database_url="postgresql+psycopg://secret:word@127.0.0.1:1/nothing")
    page = away.test_client().get("/", headers={"Accept-Language": "ar"})
    assert page.status_code == 503
    assert b'lang="ar"' in page.data
    assert b"secret" not in page.data


def test_ready_once_the_worker_has_followed(
    app: Flask, client: FlaskClient, make_app: Callable[..., Flask]
) -> None:
    with app.app_context():
        make_constituent()
    app_again = make_app(instance=app.instance_path)
    with app_again.app_context():
        Follower(app_again).follow()
    assert answer(client.get("/readyz"))[0] == 200
