"""Put invented documents into the library, in every state, with the text of their files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from policytrack.core import changes, files
from policytrack.core.permissions import Role
from policytrack.core.review import Action, State
from policytrack.demonstration import papers, people
from policytrack.demonstration.content import library
from policytrack.demonstration.stage import Stage, text
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.library import rules
from policytrack.library import service as shelves
from policytrack.library.models import (
    LawChoice,
    LibraryDecision,
    LibraryDocument,
    LibraryFile,
    LibraryRelation,
    LibraryRevision,
    LibraryTerm,
)
from policytrack.library.reading import Kind, Origin, Outcome, PageText, Reading, Unit
from policytrack.places.models import Corridor, Country

Entry = Mapping[str, Any]
_DAY = timedelta(days=1)
_ACTS: Mapping[State, tuple[Action, ...]] = {
    State.IN_REVIEW: (Action.TAKE_UP,),
    State.RETURNED: (Action.TAKE_UP, Action.RETURN),
    State.PUBLISHED: (Action.TAKE_UP, Action.PUBLISH),
    State.SUPERSEDED: (Action.TAKE_UP, Action.PUBLISH),
    State.RETRACTED: (Action.TAKE_UP, Action.PUBLISH, Action.RETRACT),
}
_NOT_SUBMITTED = frozenset({State.DRAFT, State.DISCARDED})
_UNDER_WAY = frozenset({State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED})
_PLAIN = (
    "type", "title", "publisher", "place", "official_number", "issued", "source_url",
    "legal_status", "in_force_from", "in_force_until", "rights", "licence", "visibility",
)  # fmt: skip


def add(stage: Stage) -> None:
    """Add all documents; those that others speak of come first in the file."""
    for entry in library():
        _add(stage, entry)


def _add(stage: Stage, entry: Entry) -> None:
    state = State(entry.get("state", State.PUBLISHED))
    at = stage.calendar.now - timedelta(days=entry["days"])
    owner = stage.bodies[entry["by"]] if "by" in entry else None
    document = LibraryDocument(
        public_id=stage.new_id(),
        constituent_id=owner.id if owner else None,
        created_at=at,
        demonstration=True,
    )
    stage.session.add(document)
    stage.session.flush()
    if "earlier" in entry:
        earlier = {**entry, **entry["earlier"], "relations": {}}
        _revision(stage, document, earlier, 1, State.SUPERSEDED, at)
        at += 60 * _DAY
    last = _revision(stage, document, entry, 2 if "earlier" in entry else 1, state, at)
    if state is State.PUBLISHED:
        document.published = last
    elif state in _UNDER_WAY:
        document.open = last
    elif state is State.RETRACTED:
        document.retracted_at = at + 30 * _DAY
        document.retraction_reason = text(entry["reason"])
        document.retraction_language = "en"
        document.retracted_for = last.visibility
    stage.session.flush()
    stage.documents[entry["key"]] = document
    changes.append(stage.session, "document", document.public_id)


def _revision(
    stage: Stage,
    document: LibraryDocument,
    entry: Entry,
    number: int,
    state: State,
    at: datetime,
) -> LibraryRevision:
    submitted = state not in _NOT_SUBMITTED
    published = state in {State.PUBLISHED, State.SUPERSEDED, State.RETRACTED}
    imported = bool(entry.get("imported"))
    practice = entry.get("practice", {})
    revision = LibraryRevision(
        public_id=stage.new_id(),
        document_id=document.id,
        number=number,
        state=state,
        # Some drafts were handed in too early and taken back.
        version=entry.get("version", 2),
        language=entry.get("language", "en"),
        summary=text(entry["summary"]),
        authors=[{"literal": each} for each in entry.get("authors", ())],
        practice={
            name: text(value) if isinstance(value, str) else list(value)
            for name, value in practice.items()
        },
        embargo_until=stage.calendar.now + entry["embargo"] * _DAY if "embargo" in entry else None,
        people_protected=submitted and not imported,
        on_behalf=document.constituent_id is None,
        author_id=None if imported else _author(stage, entry),
        created_at=at,
        saved_at=at + 2 * _DAY,
        submitted_at=at + 3 * _DAY if submitted else None,
        published_at=at + 9 * _DAY if published else None,
        **{name: entry[name] for name in _PLAIN if name in entry},
    )
    revision.issued_on = rules.first_day(revision.issued or "")
    revision.themes = stage.found(Theme.code, entry.get("themes", ()))
    revision.sectors = stage.found(Sector.code, entry.get("sectors", ()))
    revision.target_groups = stage.found(TargetGroup.code, entry.get("groups", ()))
    revision.countries = stage.found(Country.iso2, entry.get("countries", ()))
    revision.corridors = stage.found(Corridor.code, entry.get("corridors", ()))
    revision.relations = [
        LibraryRelation(kind=kind, target=stage.documents[key])
        for kind, key in entry.get("relations", {}).items()
    ]
    revision.terms = [_term(stage, each) for each in entry.get("terms", ())]
    stage.session.add(revision)
    stage.session.flush()
    if "pages" in entry:
        _attach(stage, revision, entry, at)
    if not imported:
        _decide(stage, revision, entry, at)
    stage.session.flush()
    return revision


def _term(stage: Stage, given: Entry) -> LibraryTerm:
    """Return what a law lays down on one point."""
    term = LibraryTerm(
        column_code=given["column"],
        amount=given.get("amount"),
        currency=given.get("currency", ""),
        value=text(given.get("value", "")),
        language=given.get("language", ""),
        article=given.get("article", ""),
        page=given.get("page"),
    )
    if "choice" in given:
        term.choice = stage.session.scalars(
            select(LawChoice).where(
                LawChoice.column_code == given["column"], LawChoice.code == given["choice"]
            )
        ).one()
    return term


def _author(stage: Stage, entry: Entry) -> int:
    key = entry.get("by", "")
    for role in (Role.FOCAL_POINT, Role.OBSERVER):
        person = stage.users.get(people.address(role, key))
        if person is not None:
            return person.id
    return stage.officer(0).id


def _attach(stage: Stage, revision: LibraryRevision, entry: Entry, at: datetime) -> None:
    """Attach a file; what it says is kept as the worker would keep it once it has read it."""
    pages = [text(each) for each in entry["pages"]]
    name = f"{entry['key']}.{'pdf' if entry.get('language', 'en') == 'en' else 'txt'}"
    scanned = entry.get("scanned", False)
    drawn = papers.scanned if scanned else papers.pages
    data = drawn(pages) if name.endswith("pdf") else "\f".join(pages).encode("utf-8")
    accepted = files.inspect(data, name=name, library=True)
    stored = files.store(stage.session, accepted, at)
    stored.public_id = stage.new_id()
    language = entry.get("language", "en")
    shelves.keep_text(
        stage.session,
        stored,
        Reading(
            Outcome.READ,
            Kind.PDF if name.endswith("pdf") else Kind.TEXT,
            unit=Unit.PAGE,
            pages=tuple(
                PageText(number, page, Origin.MACHINE if scanned else Origin.LAYER, language)
                for number, page in enumerate(pages, start=1)
            ),
            language=language,
        ),
        at,
    )
    revision.files.append(
        LibraryFile(
            public_id=stage.new_id(), file=stored, name=accepted.name, source_sha256=accepted.sha256
        )
    )


def _decide(stage: Stage, revision: LibraryRevision, entry: Entry, at: datetime) -> None:
    officer = stage.officer(1)
    for step, act in enumerate(_ACTS.get(State(revision.state), ())):
        moment = at + (30 * _DAY if act is Action.RETRACT else (5 + 4 * step) * _DAY)
        gives_reason = act in {Action.RETURN, Action.RETRACT}
        revision.reviewer_id = officer.id
        revision.decisions.append(
            LibraryDecision(
                action=act,
                officer_id=officer.id,
                at=moment,
                reason=text(entry["reason"]) if gives_reason else "",
                language="en" if gives_reason else "",
            )
        )
        if act in {Action.RETURN, Action.PUBLISH}:
            revision.decided_at = moment
