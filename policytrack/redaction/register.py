"""Take the register of redactions along as data, and read it again beside a restored backup.

It says where something was taken out, by rows, fields and numbers, and never what.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policytrack.core import ids
from policytrack.core.redaction import Place
from policytrack.redaction.models import Redaction
from policytrack.redaction.rules import Target

FORMAT = 1
_HASH = re.compile(r"[0-9a-f]{64}")


class Unreadable(ValueError):
    """Say in one line why a register cannot be used."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one redaction as the register says it; people are public ids, empty where unknown."""

    public_id: str
    kind: str
    thing_id: str
    target: str
    reason: str
    sentence: str
    language: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime
    places: Sequence[Mapping[str, Any]] = field(default_factory=list)
    files: Sequence[Mapping[str, Any]] = field(default_factory=list)


def written(redactions: Sequence[Redaction], now: datetime) -> str:
    """Return the register as JSON."""
    return json.dumps(
        {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "redactions": [_data(each) for each in redactions],
        },
        ensure_ascii=False,
        indent=1,
    )


def _data(redaction: Redaction) -> dict[str, Any]:
    return {
        "id": redaction.public_id,
        "kind": redaction.kind,
        "thing": redaction.thing_id,
        "target": redaction.target,
        "reason": redaction.reason,
        "sentence": redaction.sentence,
        "language": redaction.language,
        "asked_by": redaction.asked_by.public_id if redaction.asked_by else "",
        "asked_at": redaction.asked_at.isoformat(),
        "decided_by": redaction.decided_by.public_id if redaction.decided_by else "",
        "decided_at": redaction.decided_at.isoformat() if redaction.decided_at else "",
        "places": redaction.places,
        "files": redaction.files,
    }


def read(text: str) -> list[Entry]:
    """Return what a register holds, the oldest first; raise `Unreadable` for anything else."""
    try:
        given = json.loads(text)
        if given["format"] != FORMAT:
            raise Unreadable(f"this is a register of another version ({given['format']})")
        entries = [_entry(each) for each in given["redactions"]]
    except Unreadable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"this is no register of redactions ({error!r:.120})") from error
    return sorted(entries, key=lambda each: each.decided_at)


def _entry(given: Mapping[str, Any]) -> Entry:
    entry = Entry(
        public_id=_id(given["id"]),
        kind=_text(given["kind"], 40),
        thing_id=_id(given["thing"]),
        target=str(Target(given["target"])),
        reason=_text(given["reason"]),
        sentence=_text(given["sentence"]),
        language=_text(given["language"], 20),
        asked_by=_text(given["asked_by"], 10),
        asked_at=_moment(given["asked_at"]),
        decided_by=_text(given["decided_by"], 10),
        decided_at=_moment(given["decided_at"]),
        places=[Place.parse(each).data() for each in given["places"]],
        files=[_file(each) for each in given["files"]],
    )
    if entry.asked_by and entry.asked_by == entry.decided_by:
        raise ValueError("one officer alone")
    return entry


def _id(value: object) -> str:
    if not isinstance(value, str) or not ids.PATTERN.fullmatch(value):
        raise ValueError(f"no id: {value!r:.40}")
    return value


def _text(value: object, most: int = 10_000) -> str:
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise ValueError(f"no text: {value!r:.40}")
    return value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value, 40))
    if moment.tzinfo is None:
        raise ValueError(f"a moment without its zone: {value!r:.40}")
    return moment


def _file(given: Mapping[str, Any]) -> dict[str, Any]:
    hashes = [given["sha256"], *given["sources"]]
    if not all(isinstance(each, str) and _HASH.fullmatch(each) for each in hashes):
        raise ValueError("no hash of a file")
    return {"sha256": hashes[0], "sources": hashes[1:]}
