"""Load, edit and look up reference data."""

from policytrack.reference.faults import FaultyData
from policytrack.reference.kinds import KINDS
from policytrack.reference.queries import labels
from policytrack.reference.queries import packaged as read
from policytrack.reference.rules import LANGUAGES
from policytrack.reference.service.editing import EditCommand, InUse, add, change, remove
from policytrack.reference.service.loading import load
from policytrack.reference.service.reporting import Report, conflicts, written

__all__ = [
    "KINDS",
    "LANGUAGES",
    "EditCommand",
    "FaultyData",
    "InUse",
    "Report",
    "add",
    "change",
    "conflicts",
    "labels",
    "load",
    "read",
    "remove",
    "written",
]
