"""Gather where all features hold what may have to go."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from policytrack.core.errors import NotFound
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.redaction import Redactable, Shelf
from policytrack.library import redacting as library
from policytrack.progress import redacting as progress
from policytrack.redaction.models import Redaction

FEATURES: tuple[Redactable, ...] = (progress.redactions, library.redactions)
_BY_KIND: Mapping[str, Redactable] = MappingProxyType({each.kind: each for each in FEATURES})


def of_kind(kind: str) -> Redactable:
    """Return the feature whose things are of a kind; raise `NotFound` for any other word."""
    if kind not in _BY_KIND:
        raise NotFound()
    return _BY_KIND[kind]


def everywhere(kind: str) -> list[Shelf]:
    """Return every shelf that may hold text of a thing: those of all features, and the register."""
    found: list[Shelf] = [shelf for each in FEATURES for shelf in each.shelves(kind)]
    return [*found, _register(kind)]


def _register(kind: str) -> Shelf:
    return Shelf(
        Redaction,
        lambda public_id: (Redaction.kind == kind) & (Redaction.thing_id == public_id),
        {"redaction": Redaction.public_id},
        _("Register of redactions"),
        texts=("reason", "sentence", "refusal"),
    )
