"""Answer requests that write, show, compare, review and decide notes."""

from policytrack.progress.views import deciding, quoting, reading, translating, writing
from policytrack.progress.views.common import blueprint

__all__ = ["blueprint", "deciding", "quoting", "reading", "translating", "writing"]
