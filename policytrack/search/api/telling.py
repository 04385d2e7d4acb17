"""Tell people what programs can ask for, each with an example that runs."""

from __future__ import annotations

from typing import Any

from policytrack.core.i18n import lazy_gettext as _
from policytrack.search.engine import FILTERS
from policytrack.search.words import FACET_WORDS

_EXAMPLES = {
    "kind": "note",
    "theme": "A1.1",
    "sector": "domestic-work",
    "country": "NP",
    "corridor": "BD-SA",
    "type": "law",
    "legal": "in_force",
    "group": "workers",
    "language": "ar",
    "year": "2018..2023",
    "status": "limited",
    "gender": "3",
}
# The name of a parameter, what it is, and a value of it.
PARAMETERS: tuple[tuple[str, Any, str], ...] = (
    ("q", _("Words"), "recruitment"),
    *((name, FACET_WORDS[name], _EXAMPLES[name]) for name in FILTERS),
    ("sort", _("Order"), "date"),
    ("page", _("Page"), "2"),
    ("per_page", _("Results on a page"), "50"),
)
