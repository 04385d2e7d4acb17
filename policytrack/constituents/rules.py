"""Order the groups."""

from __future__ import annotations

from enum import StrEnum


class Group(StrEnum):
    """Name a group; the order of the members is the order of every page."""

    GOVERNMENTS = "governments"
    EMPLOYERS = "employers"
    WORKERS = "workers"
    OBSERVERS = "observers"


TRIPARTITE = (Group.GOVERNMENTS, Group.EMPLOYERS, Group.WORKERS)


def group_order(group: str) -> int:
    """Return the place of a group: governments, employers, workers, observers."""
    return list(Group).index(Group(group))
