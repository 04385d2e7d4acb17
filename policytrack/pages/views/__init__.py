"""Answer requests for pages that show several features."""

from policytrack.pages.views import commitments, home, places
from policytrack.pages.views.common import blueprint

__all__ = ["blueprint", "commitments", "home", "places"]
