"""Answer requests of administration."""

from policytrack.administration.views import (
    home,
    organisations,
    own,
    people,
    person,
    settings,
    trail,
)
from policytrack.administration.views.common import blueprint

__all__ = ["blueprint", "home", "organisations", "own", "people", "person", "settings", "trail"]
