from __future__ import annotations

import pytest

from policytrack.constituents.rules import Group, group_order, seat_roles
from policytrack.core.permissions import Role


@pytest.mark.parametrize(
    ("group", "roles"),
    [
        (Group.GOVERNMENTS, (Role.CONTRIBUTOR, Role.FOCAL_POINT)),
        (Group.EMPLOYERS, (Role.CONTRIBUTOR, Role.FOCAL_POINT)),
        (Group.WORKERS, (Role.CONTRIBUTOR, Role.FOCAL_POINT)),
        (Group.OBSERVERS, (Role.OBSERVER,)),
    ],
)
def test_which_seats_a_group_gives(group: Group, roles: tuple[Role, ...]) -> None:
    assert seat_roles(group) == roles


def test_groups_stand_in_one_order() -> None:
    given = ["observers", "workers", "employers", "governments"]
    assert sorted(given, key=group_order) == given[::-1]
