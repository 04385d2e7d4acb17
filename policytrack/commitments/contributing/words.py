"""Say in words what a contribution rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.commitments.contributing.rules import Basis
from policytrack.core.i18n import lazy_gettext as _

BASIS_WORDS: Mapping[Basis, Any] = {
    Basis.CLAIMED: _("Claimed"),
    Basis.EVALUATED: _("Evaluated"),
}
CHOICE_WORDS: Mapping[Basis, Any] = {
    Basis.CLAIMED: _("Claimed: the programme says so itself"),
    Basis.EVALUATED: _("Evaluated: an evaluation report says so, on the page given below"),
}
