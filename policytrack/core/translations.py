"""Choose which translation a reader gets: the one fallback order of the whole site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Kind(StrEnum):
    """Name what a translation is worth; the original prevails over each."""

    OFFICIAL = "official"
    UNOFFICIAL = "unofficial"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Offer(Generic[T]):
    """Hold a translation; `outdated`: it was made of an older revision of the original."""

    language: str
    kind: str
    content: T
    outdated: bool = False


def same_language(one: str, other: str) -> bool:
    """Tell whether two tags name one language, whatever region or script they add."""
    return one.split("-")[0].lower() == other.split("-")[0].lower()


def preferred(original: str, offers: Sequence[Offer[T]], reader: str) -> Offer[T] | None:
    """Return the translation to show, None for the original (whose language is `original`).

    The order is: the reader's language, an official translation, English, the original. An
    original in English needs no translation into a third language, and an outdated translation
    serves only those whose own language it is.
    """
    if same_language(original, reader):
        return None
    ranked = sorted(offers, key=lambda offer: (offer.outdated, list(Kind).index(Kind(offer.kind))))
    own = [offer for offer in ranked if same_language(offer.language, reader)]
    if own or same_language(original, "en"):
        return own[0] if own else None
    current = [offer for offer in ranked if not offer.outdated]
    english = [offer for offer in current if same_language(offer.language, "en")]
    official = [offer for offer in current if offer.kind == Kind.OFFICIAL]
    english_official = [offer for offer in english if offer.kind == Kind.OFFICIAL]
    return next(iter((*english_official, *official, *english)), None)
