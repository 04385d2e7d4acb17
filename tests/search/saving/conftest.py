"""Give the tests of saved searches a person who has none yet, and one thing to find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policytrack.core.permissions import Role
from policytrack.search.index.follower import Follower
from tests.factories import make_user
from tests.search.saving.desk import Desk, SignIn
from tests.search.sources import Shelf


@pytest.fixture
def unguarded(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def desk(
    app: Flask, client: FlaskClient, notes: Shelf, following: Follower, sign_in: SignIn,
    unguarded: None,
) -> Desk:  # fmt: skip
    person = make_user(Role.RESEARCHER)
    sign_in(client, person)
    notes.put("old", "Zebra old", "x")
    return Desk(app, client, person, following)
