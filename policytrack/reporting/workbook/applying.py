"""Carry out what a workbook says, whole or not at all, through the services of each feature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from policytrack.accounts import service as accounts
from policytrack.accounts.models import User
from policytrack.accounts.service import Newcomer
from policytrack.commitments import service as commitments
from policytrack.commitments.models import Commitment
from policytrack.commitments.service import Arrival
from policytrack.constituents import service as constituents
from policytrack.constituents.models import Constituent
from policytrack.core import audit, errors
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.reference.service import KINDS, importing
from policytrack.reporting.workbook import known, planning
from policytrack.reporting.workbook.known import chunks
from policytrack.reporting.workbook.planning.people import Wanted
from policytrack.reporting.workbook.plans import Report
from policytrack.reporting.workbook.reading import Book

# Any fixed number will do; it names "bringing in a workbook" among advisory locks.
_ADVISORY_LOCK = 0x574B424B
# What the history of an organisation says of such a change; kept, so in one language.
REASON = "Workbook"


class Refused(errors.RuleViolation):
    """Refuse a workbook that holds faults; nothing is written while one stands."""


class Different(errors.StaleVersion):
    """Say that the workbook would do something else by now than what was looked at."""


def apply(
    session: Session, *, actor: Actor, book: Book, seen: str, invite: bool, now: datetime
) -> Report:
    """Do what a workbook says; return what was done.

    `seen` is the stamp of the report that somebody looked at: where the workbook would do anything
    else by now, `Different` is raised and nothing is written. `invite` sends invitations to the
    people who are new. Raises `Refused` for a workbook with faults, `NotPermitted`.
    """
    require(actor, Permission.ADMINISTER)
    if session.get_bind().dialect.name == "postgresql":  # on SQLite nobody else writes now
        _hold(session, planning.plan(session, actor=actor, book=book).acts)
    report = planning.plan(session, actor=actor, book=book)
    if report.faults.total:
        raise Refused(_("The workbook holds faults: nothing is written while one stands."))
    if report.stamp != seen:
        raise Different(
            _("What the workbook would do has changed in the meantime. Look at it again.")
        )
    acts: planning.Acts = report.acts
    _write_organisations(session, actor, acts, now)
    bodies = known.organisations(session)
    _write_people(session, actor, acts.people.wanted, bodies, invite, now)
    _write_commitments(session, actor, acts, bodies, now)
    counts = {
        sheet: {str(outcome): count for outcome, count in report.counts(sheet).items()}
        for sheet in report.lines
    }
    audit.record(
        session,
        actor=actor,
        action="workbook.applied",
        kind="workbook",
        public_id=seen,
        now=now,
        details=counts,
    )
    return report


def _hold(session: Session, acts: planning.Acts) -> None:
    """Let workbooks come in one after the other, and lock what is about to be decided on.

    What is new is guarded by its unique key.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    seats = {seat[0] for each in acts.people.wanted if (seat := each.seat)}
    for some in chunks(sorted(seats | set(acts.organisations.given))):
        _lock(session, Constituent.id, Constituent.code.in_(some))
    for people in chunks(sorted(each.known.id for each in acts.people.wanted if each.known)):
        _lock(session, User.id, User.id.in_(people))
    texts = {each.commitment_id for each in acts.promises.arrivals}
    for ids in chunks(sorted(texts | set(acts.promises.translations))):
        _lock(session, Commitment.id, Commitment.id.in_(ids))
    session.expire_all()


def _lock(session: Session, key: InstrumentedAttribute[int], which: ColumnElement[bool]) -> None:
    session.execute(select(key).where(which).order_by(key).with_for_update(key_share=True))


def _write_organisations(
    session: Session, actor: Actor, acts: planning.Acts, now: datetime
) -> None:
    given = acts.organisations.given
    if not given:
        return
    here = known.organisations(session)
    usual = {"source": f"Workbook of {now:%Y-%m-%d}", "confidence": "medium"}
    importing.bring_in(
        session,
        actor=actor,
        kind=KINDS["constituents"],
        given={
            code: known.in_reference(values if code in here else {**usual, **values})
            for code, values in given.items()
        },
        reason=REASON,
        now=now,
    )


def _write_people(
    session: Session,
    actor: Actor,
    wanted: Iterable[Wanted],
    bodies: Mapping[str, Constituent],
    invite: bool,
    now: datetime,
) -> None:
    wanted = list(wanted)
    new = [each for each in wanted if each.known is None]
    newcomers = [Newcomer(each.mail, each.name, each.language, each.offices) for each in new]
    enrolled = accounts.enrol(session, actor=actor, newcomers=newcomers, now=now)
    users = {each.mail: user for each, user in zip(new, enrolled, strict=True)}
    old = [each for each in wanted if each.known is not None]
    for some in chunks([each.mail for each in old]):
        found = session.scalars(select(User).where(User.email.in_(some)))
        users |= {user.email: user for user in found}
    # Who becomes an administrator comes first: the last one is never taken away.
    for each in sorted(old, key=lambda each: -len(each.offices)):
        user = users[each.mail]
        accounts.correct(
            session, actor=actor, user=user, name=each.name, language=each.language, now=now
        )
        if each.known and each.offices != each.known.offices:
            accounts.change_offices(session, actor=actor, user=user, offices=each.offices, now=now)
    by_body: dict[str, dict[User, str]] = {}
    for each in wanted:
        if each.seat is not None:
            by_body.setdefault(each.seat[0], {})[users[each.mail]] = each.seat[1]
    for code in sorted(by_body, key=lambda code: bodies[code].id):
        constituents.seat(
            session, actor=actor, constituent=bodies[code], users=by_body[code], now=now
        )
    if invite:
        invited = {
            users[each.mail]: (bodies[each.seat[0]].labels, each.seat[1]) if each.seat else ({}, "")
            for each in new
        }
        accounts.invite_newcomers(session, actor=actor, newcomers=invited, now=now)


def _write_commitments(
    session: Session,
    actor: Actor,
    acts: planning.Acts,
    bodies: Mapping[str, Constituent],
    now: datetime,
) -> None:
    def whole(arrival: Arrival) -> Arrival:
        supporters = tuple(bodies[code].public_id for code in arrival.command.supporters)
        return replace(
            arrival,
            command=replace(arrival.command, supporters=supporters),
            lead=bodies[arrival.lead].public_id if arrival.lead else "",
        )

    arrivals = [whole(each) for each in acts.promises.arrivals]
    commitments.bring_in(session, actor=actor, arrivals=arrivals, now=now)
    commitments.bring_in_translations(
        session, actor=actor, translations=acts.promises.translations, now=now
    )
