"""Let organisations speak side by side, nobody merged and nothing averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from policytrack.constituents.rules import Group
from policytrack.constituents.words import full_name
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label_language
from policytrack.core.i18n import language as present_language
from policytrack.core.text import excerpt, isolated
from policytrack.core.translations import Offer, preferred
from policytrack.progress import rules
from policytrack.progress.models import Note
from policytrack.progress.queries import Voice
from policytrack.progress.words import STATUS_WORDS


@dataclass(frozen=True, slots=True)
class VoiceItem:
    """Hold one entry of the voices component."""

    kind: str
    organisation: str
    organisation_url: str
    status: str | None = None
    stalled: bool = False
    reversed: bool = False
    excerpt: str = ""
    language: str = ""
    unchanged: bool = False
    said_at: datetime | None = None
    evidence_count: int = 0
    note_url: str = ""
    since: date | None = None
    asked: date | None = None
    last_url: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True)
class VoiceGroup:
    """Hold one group of the voices component; without items no organisation is listed."""

    key: str
    items: tuple[VoiceItem, ...]


def voice_groups(found: Mapping[Group, Sequence[Voice]]) -> list[VoiceGroup]:
    """Return the voices as the component takes them: nobody merged, nothing averaged."""
    return [
        VoiceGroup(group.value, tuple(_voice_item(voice) for voice in voices))
        for group, voices in found.items()
    ]


def _voice_item(voice: Voice) -> VoiceItem:
    name = full_name(voice.constituent)
    page = url_for("pages.constituent", public_id=voice.constituent.public_id)
    revision = voice.revision
    url = url_for("progress.show", note_id=revision.note.public_id) if revision else ""
    if revision is None or voice.lapsed:
        # Who never spoke and whose time has passed is silent since it was asked: said once.
        return VoiceItem(
            kind="silent",
            organisation=name,
            organisation_url=page,
            since=voice.since,
            asked=voice.asked if voice.since != voice.asked else None,
            last_url=url,
            demo=voice.constituent.demonstration,
        )
    offers = [Offer(each.language, each.kind, each.done) for each in revision.translations]
    chosen = preferred(revision.language, offers, present_language().code)
    return VoiceItem(
        kind="spoken",
        organisation=name,
        organisation_url=page,
        status=revision.claimed_status,
        reversed=revision.reversed,
        excerpt=excerpt(chosen.content if chosen else revision.done),
        language=chosen.language if chosen else revision.language,
        unchanged=revision.nothing_changed,
        said_at=revision.published_at,
        evidence_count=voice.evidence_count,
        note_url=url,
        demo=revision.note.demonstration,
    )


def divergence(found: Mapping[Group, Sequence[Voice]]) -> str:
    """Return the sentence that says how groups differ, organisation by organisation; or nothing."""
    speaking = {
        group: [
            voice
            for voice in voices
            if voice.revision and voice.revision.claimed_status and not voice.lapsed
        ]
        for group, voices in found.items()
    }
    claims = {
        group.value: [str(voice.revision.claimed_status) for voice in voices if voice.revision]
        for group, voices in speaking.items()
    }
    if not rules.differing(claims):
        return ""
    by_status: dict[str, list[str]] = {}
    for voices in speaking.values():
        for voice in voices:
            if voice.revision and voice.revision.claimed_status:
                by_status.setdefault(voice.revision.claimed_status, []).append(
                    full_name(voice.constituent)
                )
    # The name of an organisation has a comma of its own.
    between = _("; ")
    told = [
        _(
            "%(status)s (%(organisations)s)",
            status=str(STATUS_WORDS[status]),
            organisations=between.join(by_status[status]),
        )
        for status in rules.Status
        if status in by_status
    ]
    return _("The groups differ: %(claims)s.", claims=_("; ").join(told))


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Hold one entry of the timeline component."""

    at: datetime | None
    title: str
    language: str
    url: str
    text: str
    status: str | None


def timeline_entries(notes: Sequence[Note]) -> list[TimelineEntry]:
    """Return published notes as the component takes them."""
    return [
        TimelineEntry(
            at=note.published.published_at,
            title=full_name(note.constituent),
            language=label_language(note.constituent.labels),
            url=url_for("progress.show", note_id=note.public_id),
            text=_("Nothing has changed.")
            if note.published.nothing_changed
            else _("Note of the round %(round)s", round=isolated(note.round.name)),
            status=note.published.claimed_status,
        )
        for note in notes
        if note.published
    ]
