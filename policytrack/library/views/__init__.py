"""Answer requests for the library."""

from policytrack.library.views import (
    deciding,
    files,
    laws,
    listing,
    practices,
    reading,
    uploading,
    writing,
)
from policytrack.library.views.common import blueprint

__all__ = [
    "blueprint",
    "deciding",
    "files",
    "laws",
    "listing",
    "practices",
    "reading",
    "uploading",
    "writing",
]
