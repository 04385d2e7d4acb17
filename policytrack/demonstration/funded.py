"""Let invented organisations keep the invented programmes, and write of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from policytrack.commitments.models import ProgrammeContribution
from policytrack.constituents.models import Constituent
from policytrack.core.audit import TrailEntry
from policytrack.core.permissions import Role
from policytrack.demonstration import content, people
from policytrack.demonstration.stage import MARK, Stage, text
from policytrack.programmes.models import Programme, ProgrammeDocument, ProgrammeItem

Entry = Mapping[str, Any]
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
# How many days ago the keepers wrote their programme.
_WRITTEN = 200


def add(stage: Stage) -> None:
    """Add who keeps the programmes, the documents that they name, and what they contributed."""
    for entry in content.programmes():
        if "keepers" in entry:
            _kept(stage, entry, stage.session.get_one(Programme, entry["key"]))
    stage.session.flush()


def _kept(stage: Stage, entry: Entry, programme: Programme) -> None:
    at = stage.calendar.now - _WRITTEN * _DAY
    programme.keepers = [stage.bodies[key] for key in entry["keepers"]]
    first = programme.keepers[0]
    programme.described_by, programme.described_at = first, at
    _told(stage, programme, "edit", entry["keepers"][0], at, ("summary",))
    for number, key in enumerate(entry["documents"], start=1):
        added_at = at + number * _MINUTE
        document = stage.documents[key]
        programme.documents.append(ProgrammeDocument(document=document, added_at=added_at))
        _told(stage, programme, "document_link", entry["keepers"][0], added_at)
    # One was linked by mistake.
    _told(stage, programme, "document_link", entry["keepers"][1], at + _DAY)
    _told(stage, programme, "document_unlink", entry["keepers"][1], at + _DAY + _MINUTE)
    by_position = {item.position: item for item in programme.items}
    for number, given in enumerate(entry["item"], start=1):
        _stated(stage, programme, by_position[number], given, at + number * _DAY)
    for given in entry["contribution"]:
        _contributed(stage, programme, given)


def _stated(
    stage: Stage, programme: Programme, item: ProgrammeItem, given: Entry, at: datetime
) -> None:
    item.language = given.get("language", "en")
    if "document" in given:
        item.document, item.source = stage.documents[given["document"]], ""
    if "by" not in given:
        return
    by = given["by"]
    item.stated_by, item.stated_at = stage.bodies[by], at
    _told(stage, programme, "item_add", by, at)
    if item.kind == "lesson":
        _told(stage, programme, "item_change", by, at + _MINUTE, ("texts",))
        _told(stage, programme, "item_move", by, at + 2 * _MINUTE, ("position",))
    if given.get("removed"):
        item.retired = True
        for step, act in enumerate(("item_remove", "item_restore", "item_remove"), start=1):
            _told(stage, programme, act, by, at + step * _DAY)


def _contributed(stage: Stage, programme: Programme, given: Entry) -> None:
    at = stage.calendar.now - given["days"] * _DAY
    by = given["by"]
    stage.session.add(
        ProgrammeContribution(
            public_id=stage.new_id(),
            programme=programme,
            commitment=stage.commitments[given["commitment"]],
            basis=given["basis"],
            language=given["language"],
            text=text(given["text"]),
            document=stage.documents[given["document"]] if "document" in given else None,
            page=given.get("page"),
            stated_by=stage.bodies[by],
            stated_at=at,
            retired=given.get("removed", False),
        )
    )
    _told(stage, programme, "contribution_add", by, at - _DAY)
    _told(stage, programme, "contribution_change", by, at, ("text",))
    if given.get("removed"):
        acts = ("contribution_remove", "contribution_restore", "contribution_remove")
        for step, act in enumerate(acts, start=1):
            _told(stage, programme, act, by, at + step * _DAY)


def _told(
    stage: Stage,
    programme: Programme,
    act: str,
    by: str,
    at: datetime,
    fields: tuple[str, ...] = (),
) -> None:
    """Write a line for the trail, which takes it over and puts it in its place."""
    body: Constituent = stage.bodies[by]
    stage.session.add(
        TrailEntry(
            at=at,
            actor_id=stage.users[people.address(Role.OBSERVER, by)].id,
            action=f"programme.{act}",
            kind="programme",
            public_id=programme.code,
            constituent_id=body.id,
            fields=list(fields),
            details={MARK: True},
            request_id="",
        )
    )
