"""Make the invented commitments, as their service would have left them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    CommitmentTranslation,
    Indicator,
    Milestone,
)
from policytrack.commitments.rules import (
    Plan,
    PlannedIndicator,
    PlannedMilestone,
    TextState,
    make_code,
)
from policytrack.core import changes
from policytrack.demonstration.content import LANGUAGES
from policytrack.demonstration.stage import Stage, labels, text
from policytrack.frameworks.models import Provision, Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country

FRAMEWORK = "BALI"
_NEVER_PROPOSED = frozenset({TextState.DRAFT, TextState.DISCARDED})
Entry = Mapping[str, Any]


def add(stage: Stage, entry: Entry) -> Commitment:
    """Add a commitment with its texts; one that was accepted gets its code and its rows."""
    state = TextState(entry.get("state", TextState.ACCEPTED))
    earlier = entry.get("earlier")
    begun = _decided_at(stage, earlier or entry) - timedelta(days=45)
    commitment = Commitment(
        public_id=stage.new_id(),
        lead=stage.bodies[entry["lead"]],
        created_at=begun,
        demonstration=True,
    )
    stage.session.add(commitment)
    stage.session.flush()
    if earlier is not None:
        _revision(stage, commitment, {**entry, **earlier}, 1, TextState.SUPERSEDED)
    last = _revision(stage, commitment, entry, 2 if earlier else 1, state)
    if later := entry.get("thrown_away"):
        _revision(stage, commitment, {**entry, **later}, last.number + 1, TextState.DISCARDED)
    if state is TextState.ACCEPTED:
        commitment.in_force = last
        commitment.code = _code(stage, commitment, last)
        _carry_out(stage, commitment, _plan(stage, entry))
    elif state is not TextState.DECLINED:
        commitment.open = last
    stage.session.flush()
    stage.commitments[entry["key"]] = commitment
    changes.append(stage.session, "commitment", commitment.public_id)
    return commitment


def _decided_at(stage: Stage, entry: Entry) -> datetime:
    """Return when a text was accepted or declined, or would be."""
    if "days_ago" in entry:
        return stage.calendar.now - timedelta(days=entry["days_ago"])
    return stage.calendar.moment(entry["accepted"])


def _revision(
    stage: Stage, commitment: Commitment, entry: Entry, number: int, state: TextState
) -> CommitmentRevision:
    at = _decided_at(stage, entry)
    decided = state in {TextState.ACCEPTED, TextState.SUPERSEDED, TextState.DECLINED}
    by_officer = bool(entry.get("on_behalf"))
    focal_point = stage.focal_point(entry["lead"])
    lead_id = focal_point.id if focal_point else None
    letter = entry.get("letter")
    revision = CommitmentRevision(
        commitment=commitment,
        number=number,
        state=state,
        version=stage.random.randint(1, 4),
        language=entry.get("language", "en"),
        title=text(entry["title"]),
        text=text(entry["text"]),
        gender_marker=entry["gender"],
        starts_on=stage.calendar.day(entry["starts"]) if "starts" in entry else None,
        due_on=stage.calendar.day(entry["due"]) if "due" in entry else None,
        author_id=stage.officer(0).id if by_officer else lead_id,
        on_behalf=by_officer,
        created_at=at - timedelta(days=45),
        proposed_at=None if state in _NEVER_PROPOSED else at - timedelta(days=21),
        decided_at=at if decided else None,
        decided_by_id=None if not decided else stage.officer(1).id if letter else lead_id,
        letter_id=stage.files[letter][0].id if letter else None,
        reason=entry.get("reason", ""),
        reason_language=entry.get("language", "en") if "reason" in entry else "",
        plan=_plan(stage, entry).to_json(),
        provisions=_provisions(stage, entry),
        themes=stage.found(Theme.code, entry["themes"]),
        sectors=stage.found(Sector.code, entry.get("sectors", ())),
        target_groups=stage.found(TargetGroup.code, entry.get("groups", ())),
        countries=stage.found(Country.iso2, entry["countries"]),
        corridors=stage.found(Corridor.code, entry.get("corridors", ())),
        supporters=[stage.bodies[key] for key in entry.get("supporters", ())],
    )
    revision.translations = [
        _translation(each, lead_id, at) for each in entry.get("translation", ())
    ]
    stage.session.add(revision)
    stage.session.flush()
    return revision


def _provisions(stage: Stage, entry: Entry) -> list[Provision]:
    """Return the provisions in the order of the entry; the first gives the code."""
    wanted = [_provision_key(each) for each in entry["provisions"]]
    rows = stage.session.scalars(
        select(Provision).where(Provision.code.in_([code for _framework, code in wanted]))
    )
    found = {(row.framework_code, row.code): row for row in rows}
    return [found[key] for key in wanted]


def _provision_key(given: str) -> tuple[str, str]:
    framework, colon, code = given.rpartition(":")
    return (framework if colon else FRAMEWORK, code)


def _translation(given: Entry, author_id: int | None, at: datetime) -> CommitmentTranslation:
    return CommitmentTranslation(
        language=given["language"],
        kind=given.get("kind", "official"),
        title=text(given["title"]),
        text=text(given["text"]),
        author_id=author_id,
        created_at=at + timedelta(days=12),
    )


def _plan(stage: Stage, entry: Entry) -> Plan:
    day = stage.calendar.day
    return Plan(
        tuple(
            PlannedIndicator(
                public_id="",
                labels=labels(each, LANGUAGES),
                unit=each["unit"],
                baseline=Decimal(str(each["baseline"])) if "baseline" in each else None,
                baseline_on=day(each["baseline_on"]) if "baseline_on" in each else None,
                target=Decimal(str(each["target"])) if "target" in each else None,
                target_on=day(each.get("target_on", entry["due"])) if "target" in each else None,
            )
            for each in entry.get("indicator", ())
        ),
        tuple(
            PlannedMilestone(
                key="",
                labels=labels(each, LANGUAGES),
                due_on=day(each["due"]),
                met_on=day(each["met"]) if "met" in each else None,
            )
            for each in entry.get("milestone", ())
        ),
    )


def _carry_out(stage: Stage, commitment: Commitment, plan: Plan) -> None:
    for position, wanted in enumerate(plan.indicators):
        stage.session.add(
            Indicator(
                public_id=stage.new_id(),
                commitment_id=commitment.id,
                position=position,
                labels=dict(wanted.labels),
                unit=wanted.unit,
                counts_people=wanted.counts_people,
                baseline=wanted.baseline,
                baseline_on=wanted.baseline_on,
                target=wanted.target,
                target_on=wanted.target_on,
            )
        )
    for step in plan.milestones:
        stage.session.add(
            Milestone(
                commitment_id=commitment.id,
                labels=dict(step.labels),
                due_on=step.due_on,
                met_on=step.met_on,
            )
        )
    stage.session.flush()
    stage.session.expire(commitment, ["indicators", "milestones"])


def _code(stage: Stage, commitment: Commitment, revision: CommitmentRevision) -> str:
    place = commitment.lead.country_iso2 or "REG"
    taken = [each.code for each in stage.commitments.values() if each.code]
    first = revision.provisions[0]
    return make_code(first.framework_code, first.code, place, taken)
