from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.library.scene import Scene as Library
from tests.library.scene import set_scene as set_library
from tests.pages.conftest import count_queries
from tests.progress.scene import Scene as Notes
from tests.progress.scene import set_scene as set_notes

__all__ = ["count_queries"]


@pytest.fixture
def notes(database: Session) -> Notes:
    return set_notes()


@pytest.fixture
def library(database: Session) -> Library:
    return set_library()
