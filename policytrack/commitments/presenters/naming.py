"""Name things in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policytrack.core.i18n import collated, label, label_language
from policytrack.core.i18n import language as present_language


@dataclass(frozen=True, slots=True)
class Named:
    """Hold a label and the language it is in; `code` names the thing in addresses."""

    code: str
    name: str
    language: str


def named(code: str, labels: Mapping[str, str]) -> Named:
    """Return a label in the reader's language, or the nearest."""
    return Named(code, label(labels), label_language(labels))


def by_name(things: Iterable[Named]) -> tuple[Named, ...]:
    """Return names in the reader's order."""
    listed = list(things)
    return tuple(collated(listed, [each.name for each in listed], present_language().code))
