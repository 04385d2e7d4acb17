"""Prepare the pages of redactions: what is asked for, where it stands, and the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from policytrack.accounts.models import User
from policytrack.core.i18n import format_number, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.core.permissions import Actor
from policytrack.core.redaction import MARK, Found, Version, without
from policytrack.library import policy as library_policy
from policytrack.library.models import LibraryDocument
from policytrack.progress.models import Note
from policytrack.progress.presenters import heading
from policytrack.redaction import policy
from policytrack.redaction.models import Redaction
from policytrack.redaction.queries import Extent, Things
from policytrack.redaction.rules import Action, State, Target

STATE_WORDS: Mapping[str, Any] = {
    State.WAITING: _l("Waiting"),
    State.DONE: _l("Carried out"),
    State.REFUSED: _l("Refused"),
}
# What happened, said to the one who did it.
DONE_WORDS: Mapping[str, Any] = {
    Action.CONFIRM: _l("It is taken out, for good. The search index follows in a few minutes."),
    Action.REFUSE: _l("Nothing was taken out. The passage is forgotten."),
}
_KINDS: Mapping[str, Any] = {"note": _l("Progress note"), "document": _l("Library document")}
# How much of a text a preview shows around the passage, and how many places it lists.
_AROUND, _MOST = 90, 100


@dataclass(frozen=True, slots=True)
class ThingView:
    """Hold the name of what is redacted; `url` where the reader may go there."""

    kind: str
    title: str
    language: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Hold one place where a passage stands; `version` is None outside a version."""

    label: str
    times: str
    version: Version | None
    text: str


@dataclass(frozen=True, slots=True)
class FileView:
    """Hold a file that goes as a whole."""

    names: tuple[str, ...]
    why: str
    rows: str


@dataclass(frozen=True, slots=True)
class ExtentView:
    """Hold all that a redaction takes away; `more` are places that the list leaves out."""

    said: str
    places: Sequence[PlaceView]
    more: int
    files: Sequence[FileView]
    unread: Sequence[str]


def extent_view(found: Extent) -> ExtentView:
    """Return what a redaction takes away, as an officer reads it."""
    return ExtentView(
        said=_said(found),
        places=[_place(each, found.versions) for each in found.places[:_MOST]],
        more=max(len(found.places) - _MOST, 0),
        files=[
            FileView(
                names=tuple(name or _("Without a name") for name in each.names),
                why=_("You chose this file.")
                if each.chosen and not each.pages
                else _on(each.pages),
                rows=ngettext(
                    "It is named or quoted in %(count)s place.",
                    "It is named or quoted in %(count)s places.",
                    each.rows,
                    count=format_number(each.rows),
                ),
            )
            for each in found.files
        ],
        unread=found.unread,
    )


def _said(found: Extent) -> str:
    times = ngettext(
        "The passage stands in texts %(count)s time",
        "The passage stands in texts %(count)s times",
        found.times,
        count=format_number(found.times),
    )
    files = ngettext(
        "%(count)s file goes as a whole",
        "%(count)s files go as a whole",
        len(found.files),
        count=format_number(len(found.files)),
    )
    return _("; ").join([times] * bool(found.places) + [files] * bool(found.files))


def _on(pages: int) -> str:
    if not pages:
        return _("The passage stands in what the file says of itself.")
    return ngettext(
        "The passage stands on %(count)s page of it.",
        "The passage stands on %(count)s pages of it.",
        pages,
        count=format_number(pages),
    )


def _place(found: Found, versions: Mapping[int, Version]) -> PlaceView:
    version = versions.get(found.revision_id) if found.revision_id else None
    times = found.place.times
    return PlaceView(
        label=str(found.label),
        times=ngettext("%(count)s time", "%(count)s times", times, count=format_number(times)),
        version=version,
        text=_around(found) if version is None or version.readable else "",
    )


def _around(found: Found) -> str:
    """Return what will be read there: the mark, with some words on both sides."""
    if not found.place.spans:
        return MARK
    text = " ".join(without(found.text, found.place.spans).split())
    at = text.index(MARK)
    start, end = max(at - _AROUND, 0), at + len(MARK) + _AROUND
    if start:
        start = text.find(" ", start, at) + 1 or start
    if end < len(text):
        cut = text.rfind(" ", at + len(MARK), end)
        end = cut if cut > 0 else end
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def thing_view(
    redaction_kind: str, public_id: str, things: Things, actor: Actor, now: datetime
) -> ThingView:
    """Return the name of what is redacted; its kind alone where it is nobody's to see any more."""
    kind = str(_KINDS[redaction_kind])
    if note := things.notes.get(public_id):
        return _note(kind, note)
    if document := things.documents.get(public_id):
        return _document(kind, document, actor, now)
    return ThingView(kind, kind, "", "")


def _note(kind: str, note: Note) -> ThingView:
    named = heading(note)
    detail = _(", ").join(filter(None, (named.organisation.name, named.code)))
    url = url_for("progress.show", note_id=note.public_id)
    return ThingView(kind, named.subject.name, named.subject.language, url, detail)


def _document(kind: str, document: LibraryDocument, actor: Actor, now: datetime) -> ThingView:
    revision = library_policy.published_revision(actor, document, now)
    revision = revision or library_policy.open_revision(actor, document, now)
    url = url_for("library.show", public_id=document.public_id)
    if revision is None:
        return ThingView(kind, kind, "", url)
    return ThingView(kind, revision.title or _("Without a title"), revision.language, url)


@dataclass(frozen=True, slots=True)
class RedactionView:
    """Hold one redaction as an officer sees it."""

    public_id: str
    url: str
    state: str
    state_word: str
    thing: ThingView
    what: str
    passage: str
    reason: str
    sentence: str
    language: str
    refusal: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    result: str
    demonstration: bool
    is_asker: bool
    may_confirm: bool
    may_refuse: bool


def redaction_view(
    redaction: Redaction, things: Things, actor: Actor, now: datetime
) -> RedactionView:
    """Return a redaction for a page."""
    return RedactionView(
        public_id=redaction.public_id,
        url=url_for("redaction.show", public_id=redaction.public_id),
        state=redaction.state,
        state_word=str(STATE_WORDS[redaction.state]),
        thing=thing_view(redaction.kind, redaction.thing_id, things, actor, now),
        what=_("A file") if redaction.target == Target.FILE else _("A passage"),
        passage=redaction.passage,
        reason=redaction.reason,
        sentence=redaction.sentence,
        language=redaction.language,
        refusal=redaction.refusal,
        asked_by=_name(redaction.asked_by),
        asked_at=redaction.asked_at,
        decided_by=_name(redaction.decided_by),
        decided_at=redaction.decided_at,
        result=_result(redaction),
        demonstration=redaction.demonstration,
        is_asker=policy.is_asker(actor, redaction),
        may_confirm=policy.can(actor, Action.CONFIRM, redaction),
        may_refuse=policy.can(actor, Action.REFUSE, redaction),
    )


def _name(user: User | None) -> str:
    return user.name if user else _("The system")


def _result(redaction: Redaction) -> str:
    """Return in how many places something was taken out; never what."""
    if redaction.state != State.DONE:
        return ""
    times = sum(len(each["spans"]) or 1 for each in redaction.places)
    files = len(redaction.files)
    parts = []
    if times:
        said = format_number(times)
        parts.append(
            ngettext("%(count)s place in texts", "%(count)s places in texts", times, count=said)
        )
    if files:
        said = format_number(files)
        parts.append(ngettext("%(count)s file", "%(count)s files", files, count=said))
    return _(", ").join(parts)


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold one part of the register: how many redactions stand there."""

    word: str
    count: int
    url: str
    current: bool


def standings(counts: Mapping[str, int], chosen: str) -> list[Standing]:
    """Return the parts of the register, those that wait first."""
    return [
        Standing(
            word=str(STATE_WORDS[state]),
            count=counts.get(state, 0),
            url=url_for("redaction.list", state="" if state is State.WAITING else state.value),
            current=state == chosen,
        )
        for state in State
    ]


def file_choices(files: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the files of a thing to choose from."""
    return [(each.public_id, each.name or _("Without a name")) for each in files]
