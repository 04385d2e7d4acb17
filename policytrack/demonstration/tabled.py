"""Let invented meetings name documents of the library, as the secretariat would set them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from policytrack.core.audit import TrailEntry
from policytrack.demonstration import content
from policytrack.demonstration.stage import MARK, Stage
from policytrack.dialogues.models import Dialogue, DialogueDocument

# How many days ago this was done.
_DAYS = 30
_MINUTE = timedelta(minutes=1)


def add(stage: Stage) -> None:
    """Add the documents that meetings name, and what the trail says of it."""
    by_code = {
        each.code: each
        for each in stage.session.scalars(select(Dialogue).where(Dialogue.demonstration))
    }
    at = stage.calendar.now - timedelta(days=_DAYS)
    for entry in content.dialogues():
        dialogue = by_code[f"demo-{entry['key']}"]
        keys = entry.get("documents", ())
        for position, key in enumerate(keys, start=1):
            dialogue.documents.append(
                DialogueDocument(document=stage.documents[key], position=position)
            )
            at += _MINUTE
            _told(stage, dialogue, "document_link", key, at)
        if len(keys) > 1:
            # The last was linked first, by mistake, and one was put in its place.
            _told(stage, dialogue, "document_link", keys[-1], at - 9 * _MINUTE)
            _told(stage, dialogue, "document_unlink", keys[-1], at - 8 * _MINUTE)
            _told(stage, dialogue, "document_move", keys[0], at + _MINUTE)
    stage.session.flush()


def _told(stage: Stage, dialogue: Dialogue, act: str, key: str, at: datetime) -> None:
    """Write a line for the trail, which takes it over and puts it in its place."""
    stage.session.add(
        TrailEntry(
            at=at,
            actor_id=stage.officer(0).id,
            action=f"dialogue.{act}",
            kind="dialogue",
            public_id=dialogue.public_id,
            constituent_id=None,
            fields=[],
            details={MARK: True, "document": stage.documents[key].public_id},
            request_id="",
        )
    )
