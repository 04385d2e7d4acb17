"""Do work on hostile bytes in a process of its own, which costs two milliseconds."""

from policytrack.core.isolation.caller import Ended, How, Zygote
from policytrack.core.isolation.limits import Job, Limits

__all__ = ["Ended", "How", "Job", "Limits", "Zygote"]
