"""Set a scene; read the pages in any language, and count what they ask of the database."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import browsing
from tests.library.scene import As, Scene, SignIn, set_scene
from tests.pages.conftest import count_queries, read

__all__ = ["count_queries", "read"]


@pytest.fixture
def scene(database: Session) -> Scene:
    return set_scene()


@pytest.fixture
def as_(app: Flask, scene: Scene, sign_in: SignIn) -> As:
    """Return a maker of browsers in which a person of the scene is signed in."""
    return browsing(app, sign_in, scene.users)
