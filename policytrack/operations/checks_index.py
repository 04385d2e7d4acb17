"""Look at this machine's search index."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app

from policytrack.operations.findings import Finding, error, fine, warning
from policytrack.search.index.follower import Follower


def index() -> Iterator[Finding]:
    """Look whether there is an index for this database, and how far it has come."""
    lag = Follower(current_app).lag()
    if lag is None:
        yield error(
            "search index",
            "there is none for this database on this machine, or it cannot be read",
            "start the worker, which makes one, or run `policytrack search rebuild`",
        )
    elif lag:
        yield warning(
            "search index",
            f"{lag} changes behind",
            "look whether the worker runs; it catches up by itself",
        )
    else:
        yield fine("search index", "up to date")
