"""Set a scene, and let its people open pages."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import browsing
from tests.progress.scene import As, Scene, SignIn, set_scene


@pytest.fixture
def scene(database: Session) -> Scene:
    return set_scene()


@pytest.fixture
def as_(app: Flask, scene: Scene, sign_in: SignIn) -> As:
    """Return a maker of browsers in which a person of the scene is signed in."""
    return browsing(app, sign_in, scene.users)
