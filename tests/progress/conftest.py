from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.progress.scene import Scene, set_scene


@pytest.fixture
def scene(database: Session) -> Scene:
    return set_scene()
