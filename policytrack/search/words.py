"""Name in the reader's language what the index holds as codes and no table has labels for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.constituents.words import GROUP_WORDS
from policytrack.core.i18n import lazy_gettext as _
from policytrack.library.words import LEGAL_STATUS_WORDS, TYPE_WORDS
from policytrack.progress.words import STATUS_WORDS

KIND_WORDS: Mapping[str, Any] = {
    "commitment": _("Commitments"),
    "note": _("Progress notes"),
    "document": _("Library documents"),
    "country": _("Countries and territories"),
    "corridor": _("Corridors"),
    "constituent": _("Organisations"),
    "theme": _("Themes"),
    "provision": _("Provisions"),
    "programme": _("Programmes"),
    "dialogue": _("Dialogues"),
}
KIND_OF_ONE_WORDS: Mapping[str, Any] = {
    "commitment": _("Commitment"),
    "note": _("Progress note"),
    "document": _("Library document"),
    "country": _("Country or territory"),
    "corridor": _("Corridor"),
    "constituent": _("Organisation"),
    "theme": _("Theme"),
    "provision": _("Provision"),
    "programme": _("Programme"),
    "dialogue": _("Dialogue"),
}
GENDER_WORDS: Mapping[str, Any] = {
    "3": _("Principal focus"),
    "2": _("Significant"),
    "1": _("Partial"),
    "0": _("Not targeted"),
}
FACET_WORDS: Mapping[str, Any] = {
    "kind": _("Kind"),
    "theme": _("Theme"),
    "sector": _("Sector"),
    "country": _("Country or territory"),
    "corridor": _("Corridor"),
    "type": _("Type of document"),
    "legal": _("Legal status"),
    "group": _("Group"),
    "language": _("Language"),
    "year": _("Year"),
    "status": _("Status"),
    "gender": _("Gender marker"),
}
# Facet -> what its codes are called; the codes stand in the order in which they are shown.
CODE_WORDS: Mapping[str, Mapping[str, Any]] = {
    "kind": KIND_WORDS,
    "type": {str(code): word for code, word in TYPE_WORDS.items()},
    "legal": {str(code): word for code, word in LEGAL_STATUS_WORDS.items()},
    "group": {str(code): word for code, word in GROUP_WORDS.items()},
    "status": {str(code): word for code, word in STATUS_WORDS.items() if code},
    "gender": GENDER_WORDS,
}
