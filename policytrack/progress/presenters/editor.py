"""Prepare what stands around the form of a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from policytrack.core.permissions import Actor, Permission
from policytrack.core.review import Action, State
from policytrack.progress import policy
from policytrack.progress.models import Note, NoteRevision
from policytrack.progress.presenters.naming import Named, commitment_title, named, subject_of
from policytrack.progress.presenters.page import DecisionView, decision_view
from policytrack.progress.presenters.quotations import Reader
from policytrack.progress.presenters.revisions import EvidenceView, evidence_views
from policytrack.progress.targets import Target


@dataclass(frozen=True, slots=True)
class Editor:
    """Hold what the form's page shows around the form.

    `newer` maps parts to what was saved in the meantime, where that differs from what was typed.
    """

    subject: Named
    code: str
    organisation: Named
    round: str
    closes_on: date
    action: str
    draft_key: str
    back: str
    evidence: tuple[EvidenceView, ...]
    returned: DecisionView | None
    newer: Mapping[str, str]
    newer_language: str
    newer_at: datetime | None
    stale: bool
    can_save: bool
    can_submit: bool
    on_behalf: bool

    @property
    def hidden_quotations(self) -> int:
        """Return how many quotations not everybody reads."""
        return sum(not each.public for each in self.evidence)


def editor(
    actor: Actor,
    note: Note | None,
    target: Target | None,
    newer: NoteRevision | None,
    typed: Mapping[str, str],
    now: datetime,
) -> Editor:
    """Return what stands around the form of a note, new (`target`) or begun (`note`)."""
    if note is None:
        assert target is not None  # noqa: S101 - the view gives one or the other
        return _new_editor(actor, target)
    revision = note.open
    subject = subject_of(note)
    return Editor(
        subject=subject,
        code=note.commitment.address if note.commitment else "",
        organisation=named(note.constituent.labels),
        round=note.round.name,
        closes_on=note.round.closes_on,
        action=url_for("progress.edit", note_id=note.public_id),
        draft_key=f"note:{note.public_id}",
        back=url_for("progress.show", note_id=note.public_id),
        # Links have fields of their own.
        evidence=tuple(
            each
            for each in evidence_views(revision, Reader(actor, now))
            if each.is_file or each.quotation or each.withheld
        )
        if revision
        else (),
        returned=_latest_return(actor, note),
        newer={key: text for key, text in newer.texts.items() if text != typed.get(key, "")}
        if newer
        else {},
        newer_language=newer.language if newer else "",
        newer_at=newer.saved_at if newer else None,
        stale=newer is not None,
        can_save=revision is not None and policy.can(actor, Action.SAVE, note, revision, until=now),
        can_submit=revision is not None and policy.may(actor, Action.SUBMIT, note, revision),
        on_behalf=revision.on_behalf if revision else False,
    )


def _new_editor(actor: Actor, target: Target) -> Editor:
    about = target.subject
    own = target.constituent.id in actor.own(Permission.NOTE_WRITE)
    if about.commitment is not None:
        subject = commitment_title(about.commitment)
    else:
        subject = named(about.theme.labels if about.theme else {})
    return Editor(
        subject=subject,
        code=about.commitment.address if about.commitment else "",
        organisation=named(target.constituent.labels),
        round=target.round.name,
        closes_on=target.round.closes_on,
        action=url_for(
            "progress.write",
            constituent=target.constituent.public_id,
            **dict[str, Any](about.arguments),
        ),
        draft_key=f"note:new:{target.key}",
        back=subject.url or url_for("pages.home"),
        evidence=(),
        returned=None,
        newer={},
        newer_language="",
        newer_at=None,
        stale=False,
        can_save=True,
        can_submit=not own or target.constituent.id in actor.own(Permission.NOTE_SUBMIT),
        on_behalf=not own,
    )


def _latest_return(actor: Actor, note: Note) -> DecisionView | None:
    if note.open is None or note.open.state != State.RETURNED:
        return None
    found = [each for each in note.open.decisions if each.action == Action.RETURN]
    return decision_view(actor, note, found[-1]) if found else None
