"""Order the groups, and say which seats an organisation of each can give."""

from __future__ import annotations

from enum import StrEnum

from policytrack.core.permissions import Role


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


def seat_roles(group: str) -> tuple[Role, ...]:
    """Return the roles that an organisation of a group can give, the usual one first."""
    if Group(group) is Group.OBSERVERS:
        return (Role.OBSERVER,)
    return (Role.CONTRIBUTOR, Role.FOCAL_POINT)
