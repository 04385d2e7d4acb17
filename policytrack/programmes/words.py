"""Say in words what the items of programmes are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.core.i18n import lazy_gettext as _
from policytrack.programmes.rules import ItemKind

KIND_WORDS: Mapping[ItemKind, Any] = {
    ItemKind.ACHIEVEMENT: _("Achievement"),
    ItemKind.LESSON: _("Lesson"),
    ItemKind.FACT: _("Fact"),
}
HEADING_WORDS: Mapping[ItemKind, Any] = {
    ItemKind.ACHIEVEMENT: _("What it achieved"),
    ItemKind.LESSON: _("What it taught"),
    ItemKind.FACT: _("Other facts"),
}
