"""Answer requests of those who write of programmes."""

from policytrack.programmes.views import describing, items, papers
from policytrack.programmes.views.common import blueprint

__all__ = ["blueprint", "describing", "items", "papers"]
