from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from tests.library.scene import Scene as Library
from tests.library.scene import set_scene as set_library
from tests.pages.conftest import count_queries
from tests.progress.scene import Scene as Notes
from tests.progress.scene import set_scene as set_notes

__all__ = ["count_queries"]

Browse = Callable[[User], FlaskClient]


@pytest.fixture
def notes(database: Session) -> Notes:
    return set_notes()


@pytest.fixture
def library(database: Session) -> Library:
    return set_library()


@pytest.fixture
def browse(app: Flask, sign_in: Callable[[FlaskClient, User], None]) -> Browse:
    def act(user: User) -> FlaskClient:
        browser = app.test_client()
        sign_in(browser, user)
        return browser

    return act
