"""Show what was stated, to those who write it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policytrack.commitments.contributing.rules import Basis
from policytrack.commitments.contributing.words import BASIS_WORDS
from policytrack.commitments.models import ProgrammeContribution


@dataclass(frozen=True, slots=True)
class Row:
    """Hold a contribution in the list of those who write it."""

    public_id: str
    text: str
    language: str
    basis: str
    word: str
    commitment: str
    title: str
    title_language: str


def rows(found: Iterable[ProgrammeContribution], *, retired: bool) -> list[Row]:
    """Return what stands on the pages, or what was removed."""
    return [row(each) for each in found if each.retired is retired]


def row(each: ProgrammeContribution) -> Row:
    """Return one of them."""
    text = each.commitment.in_force
    return Row(
        public_id=each.public_id,
        text=each.text,
        language=each.language,
        basis=each.basis,
        word=str(BASIS_WORDS[Basis(each.basis)]),
        commitment=each.commitment.address,
        title=text.title if text else each.commitment.address,
        title_language=text.language if text else "",
    )
