"""Show the trail in words, with a link where the reader may follow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from policytrack.accounts.models import AccountState, User
from policytrack.administration import words
from policytrack.administration.queries import Things
from policytrack.commitments import policy
from policytrack.commitments.models import Commitment
from policytrack.constituents.presenters import place_of
from policytrack.core import i18n, options
from policytrack.core.audit import TrailEntry
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor, Permission
from policytrack.exports.tables import Cell, Column, Download, Table
from policytrack.library import policy as library_policy
from policytrack.library.models import LibraryDocument
from policytrack.progress.presenters import commitment_title, heading
from policytrack.reference.kinds import KINDS

_SETTINGS = {option.name: option.label for option in options.DECLARED}


@dataclass(frozen=True, slots=True)
class Thing:
    """Hold the name of what a line speaks of; `url` where the reader may go there."""

    name: str
    language: str | None = None
    url: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class TrailRow:
    """Hold one line of the trail."""

    at: datetime
    who: str
    who_url: str
    act: str
    thing: Thing | None
    organisation: str
    address: str


def trail_rows(entries: Sequence[TrailEntry], things: Things, actor: Actor) -> list[TrailRow]:
    """Return lines as the page shows them."""
    return [
        TrailRow(
            at=entry.at,
            who=_who(entry, things),
            who_url=_person_url(things.actors.get(entry.actor_id or 0), actor),
            act=words.act_words(entry.action),
            thing=_thing(entry, things, actor),
            organisation=_organisation(entry, things),
            address=things.addresses.get((entry.actor_id, entry.at), ""),
        )
        for entry in entries
    ]


def _who(entry: TrailEntry, things: Things) -> str:
    user = things.actors.get(entry.actor_id or 0)
    return user.name if user else _("The system")


def _person_url(user: User | None, actor: Actor) -> str:
    if user is None or not actor.may(Permission.ADMINISTER):
        return ""
    return url_for("administration.person", public_id=user.public_id)


def _organisation(entry: TrailEntry, things: Things) -> str:
    body = things.organisations.get(entry.constituent_id or 0)
    return place_of(body) if body else ""


def _thing(entry: TrailEntry, things: Things, actor: Actor) -> Thing | None:
    """Return what a line speaks of; None where that says nothing or is not the reader's to know."""
    key = entry.public_id
    if entry.kind == "note" and (note := things.notes.get(key)):
        named = heading(note)
        url = url_for("progress.show", note_id=key)
        return Thing(named.subject.name, named.subject.language, url, named.code)
    if entry.kind == "commitment" and (commitment := things.commitments.get(key)):
        return _commitment(commitment, actor)
    if entry.kind == "document" and (document := things.documents.get(key)):
        return _document(document, actor, things.now)
    if entry.kind == "programme" and (programme := things.programmes.get(key)):
        name, language = i18n.label(programme.labels), i18n.label_language(programme.labels)
        return Thing(name, language, url_for("pages.programme", code=key))
    if entry.kind == "dialogue" and (dialogue := things.dialogues.get(key)):
        name, language = i18n.label(dialogue.labels), i18n.label_language(dialogue.labels)
        return Thing(name, language, url_for("pages.dialogue", public_id=key))
    if entry.kind in {"account", "membership"} and (user := things.people.get(key)):
        return None if user.id == entry.actor_id else Thing(user.name, url=_person_url(user, actor))
    if entry.kind == "round" and (found := things.rounds.get(key)):
        return Thing(found.name)
    if kind := KINDS.get(entry.kind):
        url = ""
        if actor.may(Permission.REFERENCE_MANAGE) and entry.action != "reference_removed":
            url = url_for("reference.row", kind_name=kind.name, key=key)
        return Thing(str(kind.words), url=url, code=key)
    if entry.kind == "option" and key in _SETTINGS:
        return Thing(str(_SETTINGS[key]))
    if entry.kind == "file" and (found := entry.details.get("signature")):
        return Thing(str(found), code=key)
    return None


def _commitment(commitment: Commitment, actor: Actor) -> Thing:
    title = commitment_title(commitment)
    code = commitment.code or ""
    if commitment.in_force is None and (text := policy.open_text(actor, commitment)):
        return Thing(text.title, text.language, title.url, code)
    return Thing(title.name, title.language, title.url, code)


def _document(document: LibraryDocument, actor: Actor, now: datetime) -> Thing | None:
    revision = library_policy.published_revision(actor, document, now)
    revision = revision or library_policy.open_revision(actor, document, now)
    if revision is None:
        return None
    url = url_for("library.show", public_id=document.public_id)
    return Thing(revision.title, revision.language, url)


def download(
    found: Iterable[tuple[Sequence[TrailEntry], Things]],
    actor: Actor,
    *,
    site: str,
    address: str,
    now: datetime,
) -> Download:
    """Return lines as a table to take along; network addresses expire and stay here.

    The lines come so many at a time, with what they speak of; `site` begins every address.
    """
    rows = (row for entries, things in found for row in _cells(entries, things, actor, site))
    return Download(
        name="policytrack-trail",
        title=_("Trail"),
        address=site + address,
        made_at=now,
        notes=[i18n.designations()],
        tables=(Table("trail", _("Trail"), _columns(), rows),),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("at", _("When")),
        Column("who", _("Who")),
        Column("person", _("Person")),
        Column("action", _("Act")),
        Column("words", _("What")),
        Column("kind", _("Kind of thing")),
        Column("thing", _("Thing")),
        Column("organisation", _("Organisation")),
        Column("fields", _("Fields")),
        Column("name", _("Name")),
        Column("address", _("Address")),
    )


def _cells(
    entries: Sequence[TrailEntry], things: Things, actor: Actor, site: str
) -> Iterator[Sequence[Cell]]:
    for entry in entries:
        thing = _thing(entry, things, actor)
        user = things.actors.get(entry.actor_id or 0)
        yield (
            entry.at,
            _who(entry, things),
            user.public_id if user and user.state != AccountState.CLOSED else "",
            entry.action,
            words.act_words(entry.action),
            entry.kind,
            entry.public_id,
            _organisation(entry, things),
            ", ".join(entry.fields),
            thing.name if thing else "",
            site + thing.url if thing and thing.url else "",
        )
