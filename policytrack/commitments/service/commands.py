"""Say what the verbs are given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from policytrack.commitments.rules import Plan


@dataclass(frozen=True, slots=True)
class Base:
    """Say which text a form was made from."""

    number: int
    version: int


@dataclass(frozen=True, slots=True)
class TextCommand:
    """Hold a text and its classification as they shall be; codes and ids, no objects."""

    language: str
    title: str
    text: str
    gender_marker: int
    provisions: tuple[str, ...]  # "BALI:B1"
    themes: tuple[str, ...]
    starts_on: date | None = None
    due_on: date | None = None
    sectors: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()
    supporters: tuple[str, ...] = ()
    plan: Plan = field(default_factory=Plan)


@dataclass(frozen=True, slots=True)
class TranslationCommand:
    """Hold a translation of the text numbered `revision`."""

    revision: int
    language: str
    kind: str
    title: str
    text: str
