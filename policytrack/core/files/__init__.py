"""Keep files by their content: what they are is found out, not believed."""

from policytrack.core.files.arriving import Arriving, arriving
from policytrack.core.files.inspection import Accepted, inspect
from policytrack.core.files.names import safe_name
from policytrack.core.files.service import (
    claim,
    descriptor,
    erase,
    lay_down,
    open_stored,
    refuse,
    require_welcome,
    stage,
    staged_by,
    store,
    store_new,
    sweep,
    verify,
    withhold,
)

__all__ = [
    "Accepted",
    "Arriving",
    "arriving",
    "claim",
    "descriptor",
    "erase",
    "inspect",
    "lay_down",
    "open_stored",
    "refuse",
    "require_welcome",
    "safe_name",
    "stage",
    "staged_by",
    "store",
    "store_new",
    "sweep",
    "verify",
    "withhold",
]
