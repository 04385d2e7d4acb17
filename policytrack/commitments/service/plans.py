"""Keep the indicators and milestones of a commitment."""

from __future__ import annotations

from sqlalchemy.orm import Session

from policytrack.commitments import queries
from policytrack.commitments.models import Commitment, CommitmentRevision, Indicator, Milestone
from policytrack.commitments.rules import Plan, PlannedIndicator, PlannedMilestone
from policytrack.core.errors import InvalidInput, StaleVersion
from policytrack.core.i18n import lazy_gettext as _


def plan_of(commitment: Commitment) -> Plan:
    """Return the plan in force, from its rows."""
    return Plan(
        tuple(
            PlannedIndicator(
                public_id=row.public_id,
                labels=row.labels,
                unit=row.unit,
                baseline=row.baseline,
                baseline_on=row.baseline_on,
                target=row.target,
                target_on=row.target_on,
            )
            for row in commitment.indicators
        ),
        tuple(
            PlannedMilestone(
                key=str(row.id), labels=row.labels, due_on=row.due_on, met_on=row.met_on
            )
            for row in commitment.milestones
        ),
    )


def plan_for(commitment: Commitment, revision: CommitmentRevision) -> Plan:
    """Return the plan that a form made from this text starts with."""
    if revision.id == commitment.in_force_id:
        return plan_of(commitment)
    return Plan.from_json(revision.plan)


def check_plan(session: Session, commitment: Commitment, plan: Plan) -> None:
    """Refuse a plan that names unknown rows, or drops an indicator that is reported on."""
    wanted = {each.public_id for each in plan.indicators}
    present = {row.public_id for row in commitment.indicators}
    if wanted - present - {""} or (
        {each.key for each in plan.milestones} - {str(row.id) for row in commitment.milestones}
    ) - {""}:
        raise StaleVersion(_("The indicators or milestones have changed in the meantime."))
    if queries.indicators_in_use(session, commitment) - wanted:
        raise InvalidInput(
            fields={
                "indicators": _(
                    "An indicator for which readings were reported cannot be removed. Leave its"
                    " row as it is."
                )
            }
        )


def carry_out(session: Session, commitment: Commitment, plan: Plan) -> None:
    """Turn the plan of an accepted text into rows."""
    check_plan(session, commitment, plan)
    indicators = {row.public_id: row for row in commitment.indicators}
    for position, wanted in enumerate(plan.indicators):
        row = indicators.pop(wanted.public_id, None)
        if row is None:
            row = Indicator(commitment_id=commitment.id)
            session.add(row)
        row.position, row.labels = position, dict(wanted.labels)
        row.unit, row.counts_people = wanted.unit, wanted.counts_people
        row.baseline, row.baseline_on = wanted.baseline, wanted.baseline_on
        row.target, row.target_on = wanted.target, wanted.target_on
    milestones = {str(row.id): row for row in commitment.milestones}
    for step in plan.milestones:
        mark = milestones.pop(step.key, None)
        if mark is None:
            mark = Milestone(commitment_id=commitment.id)
            session.add(mark)
        mark.labels, mark.due_on, mark.met_on = dict(step.labels), step.due_on, step.met_on
    for gone in (*indicators.values(), *milestones.values()):
        session.delete(gone)
    session.flush()
    session.expire(commitment, ["indicators", "milestones"])
