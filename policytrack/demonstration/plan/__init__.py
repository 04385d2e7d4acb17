"""Plan the larger part of the set: which organisation promises what, and who tells which story.

Promises and stories are written texts that name no country; a fixed seed gives them to
organisations, places and rounds. What comes out has the form of the files in `data/commitments`
and `data/notes`, so that one way leads into the database.
"""

from __future__ import annotations

from random import Random

from policytrack.demonstration import content
from policytrack.demonstration.plan.common import Plan
from policytrack.demonstration.plan.numbers import filled, written
from policytrack.demonstration.plan.promising import promise
from policytrack.demonstration.plan.telling import tell

__all__ = ["COMMITMENTS", "NOTES", "Plan", "filled", "plan", "written"]

COMMITMENTS = 240
NOTES = 900
_UNCHANGED = 160


def plan(seed: int) -> Plan:
    """Return the planned commitments and notes: what the written ones leave of the whole."""
    made = Plan(Random(seed))  # noqa: S311 - no secret
    promised, reported = content.commitments(), content.notes()
    promise(made, COMMITMENTS - len(promised))
    tell(made, [*promised, *made.commitments], reported, most=NOTES, unchanged=_UNCHANGED)
    return made
