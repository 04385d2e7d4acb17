"""Hold what all these pages begin with: whose programme it is."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy.orm import Session

from policytrack.core.requests import current_actor
from policytrack.programmes import policy, queries
from policytrack.programmes.models import Programme

blueprint = Blueprint("programmes", __name__)


def own(session: Session, code: str) -> Programme:
    """Return a programme of which the person may write.

    Raises `NotFound` where there is none, `NotPermitted` where it is not theirs.
    """
    found = queries.programme(session, code)
    policy.require(current_actor(), found)
    return found
