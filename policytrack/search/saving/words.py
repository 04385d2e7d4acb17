"""Say in words how often a mail tells what is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.core.i18n import lazy_gettext as _
from policytrack.search.saving.rules import Alert

ALERT_WORDS: Mapping[Alert, Any] = {
    Alert.NONE: _("No mail"),
    Alert.DAILY: _("Every day, if there is something new"),
    Alert.WEEKLY: _("Every week, if there is something new"),
}
