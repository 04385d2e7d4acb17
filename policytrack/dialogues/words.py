"""Name the kinds of dialogues in the reader's language; said here once for all pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.core.i18n import lazy_gettext as _

KIND_WORDS: Mapping[str, Any] = {
    "interregional": _("Interregional meeting"),
    "regional": _("Regional meeting"),
    "corridor": _("Corridor policy dialogue"),
    "bilateral": _("Bilateral consultation"),
    "tripartite": _("Tripartite workshop"),
}
