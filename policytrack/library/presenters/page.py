"""Prepare the page of a document for one reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from policytrack.core import languages
from policytrack.core.permissions import Actor, Permission
from policytrack.core.review import PUBLIC_STATES, Action, State
from policytrack.library import citing, policy, rules
from policytrack.library.models import LibraryDecision, LibraryDocument, LibraryRevision
from policytrack.library.presenters import naming
from policytrack.library.presenters.naming import Named, Standing
from policytrack.library.queries import Related
from policytrack.library.rules import Visibility
from policytrack.library.words import (
    DECISION_WORDS,
    RELATION_WORDS,
    RELATION_WORDS_BACK,
    TYPE_WORDS,
)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Hold when a document was withdrawn, and why."""

    at: datetime
    reason: str
    language: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold a decision; `officer` and `comment` are empty for who may not read them."""

    word: str
    at: datetime
    officer: str
    reason: str
    language: str
    comment: str


@dataclass(frozen=True, slots=True)
class Version:
    """Hold one revision in the list of them."""

    number: int
    state: str
    at: datetime
    url: str
    current: bool
    author: str
    on_behalf: bool
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Hold what one revision says, as a page shows it."""

    title: str
    language: str
    language_name: str
    type: str
    summary: str
    standing: Standing | None
    in_force_from: str
    in_force_until: str
    issued: str
    authors: tuple[str, ...]
    publisher: str
    place: str
    official_number: str
    source_url: str
    licence: str
    copies: bool
    themes: Sequence[Named]
    sectors: Sequence[Named]
    target_groups: Sequence[Named]
    countries: Sequence[Named]
    corridors: Sequence[tuple[str, str, str]]
    state: str
    at: datetime
    is_public: bool
    on_behalf: bool
    restricted: bool
    embargo_until: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """Hold everything that the page of a document shows to one reader, but its files.

    `text` is None where only the withdrawal is left to be told.
    """

    public_id: str
    text: Text | None
    organisation: Named | None
    demonstration: bool
    tombstone: Tombstone | None
    relations: Sequence[tuple[str, Sequence[Named]]]
    versions: Sequence[Version]
    returned: Decision | None
    published_url: str
    open_url: str
    may_have_files: bool
    actions: frozenset[str]
    reviewer: str
    insider: bool
    redacted_at: datetime | None
    redaction_note: str
    redaction_language: str


def chosen(
    document: LibraryDocument, revisions: Sequence[LibraryRevision], wanted: str
) -> LibraryRevision | None:
    """Return the revision to show of those that the reader may read, newest first.

    The one that they ask for; else what is under way, or what is in force. Of a withdrawn document
    its page tells; what it said is shown to those who ask for it and may read it.
    """
    asked = next((each for each in revisions if each.public_id == wanted), None)
    present = {document.open_id, document.published_id}
    usual = next((each for each in revisions if each.id in present), None)
    if usual is None and document.retracted_at is None:
        # The office may read what was returned, though not the draft that takes it further.
        usual = next(iter(revisions), None)
    return asked or usual


def page(
    actor: Actor,
    document: LibraryDocument,
    revision: LibraryRevision | None,
    revisions: Sequence[LibraryRevision],
    related: Sequence[Related],
    now: datetime,
) -> Page:
    """Return a document as an actor gets it; `revisions` are those they may read."""
    insider = policy.is_insider(actor, document)
    under_way = next((each for each in revisions if each.id == document.open_id), None)
    published = next((each for each in revisions if each.id == document.published_id), None)
    return Page(
        public_id=document.public_id,
        text=_text(revision, now) if revision else None,
        organisation=naming.organisation(document.constituent),
        demonstration=document.demonstration,
        tombstone=_tombstone(document),
        relations=_relations(related),
        versions=_versions(actor, document, revisions, revision),
        returned=_returned(actor, document, revisions) if revision is under_way else None,
        published_url=address(document, published)
        if published is not None and revision is not published
        else "",
        open_url=address(document, under_way)
        if under_way is not None and revision is not under_way
        else "",
        may_have_files=revision is not None and policy.may_have_files(actor, document, revision),
        actions=_actions(actor, document, revision),
        reviewer=under_way.reviewer.name if under_way and under_way.reviewer and insider else "",
        insider=insider,
        redacted_at=document.redacted_at,
        redaction_note=document.redaction_note,
        redaction_language=document.redaction_language,
    )


def address(document: LibraryDocument, revision: LibraryRevision) -> str:
    """Return the address that shows a revision; the published one has the document's own."""
    given: dict[str, Any] = {"public_id": document.public_id}
    # Beside a revision under way its own people must ask for the published one.
    if revision.id != document.published_id or document.open_id is not None:
        given["revision"] = revision.public_id
    return url_for("library.show", **given)


def _text(revision: LibraryRevision, now: datetime) -> Text:
    embargoed = revision.embargo_until is not None and revision.embargo_until > now
    return Text(
        title=revision.title,
        language=revision.language,
        language_name=languages.name(revision.language) if revision.language else "",
        type=str(TYPE_WORDS.get(revision.type, "")),
        summary=revision.summary,
        standing=naming.standing(revision, now.date()),
        in_force_from=naming.day(revision.in_force_from),
        in_force_until=naming.day(revision.in_force_until),
        issued=naming.day(revision.issued),
        authors=tuple(each.whole for each in citing.authors_of(revision.authors) if each.whole),
        publisher=revision.publisher,
        place=revision.place,
        official_number=revision.official_number,
        source_url=revision.source_url,
        licence=revision.licence,
        copies=revision.rights == rules.Rights.COPY,
        themes=_terms("pages.theme", revision.themes),
        sectors=_terms("pages.sector", revision.sectors),
        target_groups=_terms("pages.target_group", revision.target_groups),
        countries=naming.countries(revision.countries),
        corridors=naming.corridors(revision.corridors),
        state=revision.state,
        at=revision.published_at or revision.submitted_at or revision.saved_at,
        is_public=State(revision.state) in PUBLIC_STATES,
        on_behalf=revision.on_behalf,
        restricted=revision.visibility == Visibility.CONSTITUENTS,
        embargo_until=revision.embargo_until if embargoed else None,
    )


def _terms(endpoint: str, found: Iterable[Any]) -> list[Named]:
    return [naming.named(each.labels, url_for(endpoint, code=each.code)) for each in found]


def _tombstone(document: LibraryDocument) -> Tombstone | None:
    if document.retracted_at is None:
        return None
    return Tombstone(
        document.retracted_at, document.retraction_reason, document.retraction_language
    )


def _relations(related: Sequence[Related]) -> list[tuple[str, Sequence[Named]]]:
    found: dict[str, dict[int, Named]] = {}
    for each in related:
        words: Mapping[str, Any] = RELATION_WORDS_BACK if each.back else RELATION_WORDS
        url = url_for("library.show", public_id=each.document.public_id)
        # Two that name each other are related once.
        found.setdefault(str(words[each.kind]), {})[each.document.id] = Named(
            each.text.title, each.text.language, url
        )
    return [(word, list(names.values())) for word, names in found.items()]


def _versions(
    actor: Actor,
    document: LibraryDocument,
    revisions: Sequence[LibraryRevision],
    current: LibraryRevision | None,
) -> list[Version]:
    insider = policy.is_insider(actor, document)
    # Outsiders count what they may read: a gap would tell of a text that was returned.
    places = {each.id: place for place, each in enumerate(reversed(revisions), start=1)}
    return [
        Version(
            number=each.number if insider else places[each.id],
            state=each.state,
            at=each.published_at or each.submitted_at or each.saved_at,
            url=address(document, each),
            current=current is not None and each.id == current.id,
            author=each.author.name if each.author and insider else "",
            on_behalf=each.on_behalf and document.constituent_id is not None,
            decisions=tuple(_decision(actor, decision) for decision in each.decisions)
            if insider
            else (),
        )
        for each in revisions
    ]


def _decision(actor: Actor, decision: LibraryDecision) -> Decision:
    """Return a decision for an insider; its comment is for the office alone."""
    return Decision(
        word=str(DECISION_WORDS.get(decision.action, decision.action)),
        at=decision.at,
        officer=decision.officer.name if decision.officer else "",
        reason=decision.reason,
        language=decision.language,
        comment=decision.internal_comment if actor.may(Permission.LIBRARY_REVIEW) else "",
    )


def _returned(
    actor: Actor, document: LibraryDocument, revisions: Sequence[LibraryRevision]
) -> Decision | None:
    """Return the last return, while the text is being put right."""
    if document.open is None or document.open.state not in {State.RETURNED, State.DRAFT}:
        return None
    for revision in revisions:
        if revision.state == State.PUBLISHED:
            return None
        if revision.state == State.RETURNED:
            found = [each for each in revision.decisions if each.action == Action.RETURN]
            return _decision(actor, found[-1]) if found else None
    return None


def _actions(
    actor: Actor, document: LibraryDocument, revision: LibraryRevision | None
) -> frozenset[str]:
    if revision is None or revision.id not in {document.open_id, document.published_id}:
        return frozenset()
    return frozenset(
        action.value for action in Action if policy.can(actor, action, document, revision)
    )
