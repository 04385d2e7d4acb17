"""Answer requests for the library."""

from policytrack.library.views import deciding, files, listing, reading, uploading, writing
from policytrack.library.views.common import blueprint

__all__ = ["blueprint", "deciding", "files", "listing", "reading", "uploading", "writing"]
