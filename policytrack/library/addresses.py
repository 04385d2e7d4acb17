"""Read which document an address means that somebody copied."""

from __future__ import annotations

import re

from policytrack.core import ids

_ADDRESS = re.compile(rf"(?:.*/library/)?({ids.PATTERN.pattern})(?:[/?#.].*)?", re.DOTALL)


def public_id_in(address: str) -> str:
    """Return the id of the document in an address, or alone; empty where there is none."""
    found = _ADDRESS.fullmatch(address)
    return found[1] if found else ""
