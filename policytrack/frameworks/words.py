"""Say how the label of a provision came about; said here once for all pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.core.i18n import lazy_gettext as _

WORDINGS: Mapping[str, Any] = {
    "quoted": _("Quoted"),
    "paraphrased": _("Paraphrased"),
    "editorial": _("An editorial reading"),
}
