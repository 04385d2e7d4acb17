"""Answer requests for pages that show several features."""

from policytrack.pages.views import (
    bodies,
    browse,
    commitments,
    dialogues,
    flows,
    frameworks,
    home,
    instruments,
    laws,
    places,
    programmes,
    terms,
    themes,
)
from policytrack.pages.views.common import blueprint

__all__ = [
    "blueprint",
    "bodies",
    "browse",
    "commitments",
    "dialogues",
    "flows",
    "frameworks",
    "home",
    "instruments",
    "laws",
    "places",
    "programmes",
    "terms",
    "themes",
]
