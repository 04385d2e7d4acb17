"""Name the groups in the reader's language; said here once for all pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.constituents.models import Constituent
from policytrack.constituents.rules import Group
from policytrack.core.i18n import gettext, label
from policytrack.core.i18n import lazy_gettext as _

# In the order in which they always stand, observers last: they have no tripartite voice.
GROUP_WORDS: Mapping[Group, Any] = {
    Group.GOVERNMENTS: _("Governments"),
    Group.EMPLOYERS: _("Employers"),
    Group.WORKERS: _("Workers"),
    Group.OBSERVERS: _("Observers"),
}


def full_name(body: Constituent) -> str:
    """Return an organisation's name with its country."""
    name = label(body.labels)
    if body.country is None:
        return name
    return gettext(
        "%(organisation)s, %(country)s", organisation=name, country=label(body.country.labels)
    )
