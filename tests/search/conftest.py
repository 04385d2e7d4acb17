"""Give the tests of search an application whose index is fed by small things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.search import engine
from policytrack.search.engine import Found, Wanted
from policytrack.search.index import follower
from policytrack.search.index.follower import Follower
from policytrack.search.index.snapshot import search_of
from tests.search.sources import Shelf

Ask = Callable[..., Found]


@pytest.fixture
def notes(app: Flask, database: Session) -> Iterator[Shelf]:
    """Feed the index from a shelf of notes alone."""
    with fed(app, "note") as shelf:
        yield shelf


@contextmanager
def fed(app: Flask, kind: str) -> Iterator[Shelf]:
    """Feed the index from a shelf of things of one kind."""
    real = search_of(app)
    shelf = Shelf(kind)
    follower.init_app(app, (shelf,))
    yield shelf
    search_of(app).close()
    app.extensions["search"] = real


@pytest.fixture
def following(app: Flask, notes: Shelf) -> Follower:
    return Follower(app)


@pytest.fixture
def ask(app: Flask, following: Follower) -> Ask:
    """Return a way to ask, after the index has caught up."""

    def act(typed: str = "", actor: Actor = ANONYMOUS, **wanted: object) -> Found:
        following.follow()
        return engine.search(
            app,
            Wanted(typed=typed, **wanted),
            actor=actor,
            language="en",  # type: ignore[arg-type]  # as given by the test
        )

    return act


def ids(found: Found) -> list[str]:
    """Return the ids of the results, in their order."""
    return [result.key.split(":")[1] for result in found.results]
