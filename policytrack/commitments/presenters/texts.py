"""Show a commitment's texts: one in the right language, the list of all, the next steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from policytrack.commitments import policy
from policytrack.commitments.models import Commitment, CommitmentRevision, CommitmentTranslation
from policytrack.commitments.rules import PUBLIC_STATES, TextState
from policytrack.core import languages
from policytrack.core.i18n import language as present_language
from policytrack.core.permissions import Actor
from policytrack.core.translations import Offer, preferred


@dataclass(frozen=True, slots=True)
class TextView:
    """Hold a text as a reader gets it; `kind` is that of the translation, None for the original."""

    number: int
    state: str
    title: str
    text: str
    language: str
    kind: str | None
    source_language: str
    source_name: str
    outdated: bool
    original_title: str
    original_text: str
    other_languages: tuple[tuple[str, str], ...]


def text_view(
    revision: CommitmentRevision, texts: Sequence[CommitmentRevision], wanted: str | None = None
) -> TextView:
    """Return a text by the one fallback order, or in the language `wanted` where it is there.

    `texts` are those of the same commitment that the reader may see; translations of older ones
    that were in force serve as outdated ones.
    """
    offers = _offers(revision, texts)
    offer = preferred(revision.language, offers, wanted or present_language().code)
    shown = offer.language if offer else revision.language
    others = dict.fromkeys((revision.language, *(each.language for each in offers)))
    return TextView(
        number=revision.number,
        state=revision.state,
        title=offer.content.title if offer else revision.title,
        text=offer.content.text if offer else revision.text,
        language=shown,
        kind=offer.kind if offer else None,
        source_language=revision.language,
        source_name=languages.name(revision.language),
        outdated=offer.outdated if offer else False,
        original_title=revision.title,
        original_text=revision.text,
        other_languages=tuple((code, languages.name(code)) for code in others if code != shown),
    )


def _offers(
    revision: CommitmentRevision, texts: Sequence[CommitmentRevision]
) -> list[Offer[CommitmentTranslation]]:
    found = [Offer(each.language, each.kind, each) for each in revision.translations]
    if revision.state in PUBLIC_STATES:
        older = sorted(texts, key=lambda text: -text.number)
        found += [
            Offer(each.language, each.kind, each, outdated=True)
            for text in older
            if text.number < revision.number and text.state in PUBLIC_STATES
            for each in text.translations
        ]
    return found


@dataclass(frozen=True, slots=True)
class RevisionView:
    """Hold one text in the list of texts; `before` is the number to compare it with, if any."""

    number: int
    state: str
    at: datetime | None
    before: int | None
    reason: str
    reason_language: str
    by_letter: bool


def revision_views(texts: Sequence[CommitmentRevision]) -> tuple[RevisionView, ...]:
    """Return the list of texts, newest first, from those that the reader may see."""
    ordered = sorted(texts, key=lambda text: -text.number)
    before = [text.number for text in ordered if text.state in PUBLIC_STATES]
    return tuple(
        RevisionView(
            number=text.number,
            state=text.state,
            at=text.decided_at or text.proposed_at or text.created_at,
            before=next((number for number in before if number < text.number), None),
            reason=text.reason,
            reason_language=text.reason_language or text.language,
            by_letter=text.letter_id is not None,
        )
        for text in ordered
    )


@dataclass(frozen=True, slots=True)
class Steps:
    """Hold what the reader may do about a commitment's texts, for the buttons of its page."""

    address: str
    title: str
    state: str | None
    number: int | None
    version: int | None
    actions: frozenset[str]
    may_edit: bool
    may_translate: bool
    compare_with: int | None


def steps(actor: Actor, commitment: Commitment, title: str) -> Steps:
    """Return what this reader may do; nothing is hinted at that it may not see."""
    revision = policy.open_text(actor, commitment)
    writes = policy.may_write(actor, commitment)
    free = commitment.open is None or (revision is not None and revision.state == TextState.DRAFT)
    return Steps(
        address=commitment.address,
        title=title,
        state=revision.state if revision else None,
        number=revision.number if revision else None,
        version=revision.version if revision else None,
        actions=frozenset(policy.actions(actor, commitment)),
        may_edit=writes and (free or revision is None),
        may_translate=writes and commitment.in_force_id is not None,
        compare_with=commitment.in_force.number if revision and commitment.in_force else None,
    )
