"""State, change, remove and put back what a programme contributed to a commitment."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.commitments import queries as commitments
from policytrack.commitments.contributing import queries
from policytrack.commitments.contributing.rules import Basis
from policytrack.commitments.models import Commitment, ProgrammeContribution
from policytrack.core.errors import InvalidInput, NotFound, RuleViolation, StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.programmes import policy as programme_policy
from policytrack.programmes import queries as programmes
from policytrack.programmes.models import Programme
from policytrack.programmes.rules import page_number
from policytrack.programmes.service.keeping import begin, record


@dataclass(frozen=True, slots=True)
class Statement:
    """Hold what is stated: `document` is the public id of the proof, `page` as it was written."""

    basis: str
    language: str
    text: str
    document: str = ""
    page: str = ""


def said(contribution: ProgrammeContribution) -> Statement:
    """Return what a contribution says now."""
    return Statement(
        basis=contribution.basis,
        language=contribution.language,
        text=contribution.text,
        document=contribution.document.public_id if contribution.document else "",
        page=str(contribution.page or ""),
    )


def stamp(statement: Statement) -> str:
    """Return a short sign of what is said, so that a save from an older form is noticed."""
    text = json.dumps(asdict(statement), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def state(
    session: Session,
    *,
    actor: Actor,
    programme: Programme,
    commitment: str,
    given: Statement,
    now: datetime,
) -> ProgrammeContribution:
    """State what a programme contributed to the commitment at that address.

    Raises `InvalidInput` with sentences by field.
    """
    begin(session, actor, programme)
    made = ProgrammeContribution(programme_code=programme.code)
    faults: dict[str, object] = {}
    promised = _promised(session, actor, commitment)
    if promised is None:
        faults["commitment"] = _("There is no commitment with this code or address.")
    _write(session, made, given, faults, now)
    if promised is not None:  # else it was refused just before
        made.commitment = promised
    _sign(actor, programme, made, now)
    session.add(made)
    session.flush()
    _record(session, actor, programme, made, "contribution_add", now)
    return made


def restate(
    session: Session,
    *,
    actor: Actor,
    programme: Programme,
    public_id: str,
    given: Statement,
    seen: str,
    now: datetime,
) -> bool:
    """Change what was stated; return whether anything was different.

    Raises `NotFound`, `InvalidInput` with sentences by field, or `StaleVersion`.
    """
    begin(session, actor, programme)
    found = present(session, programme.code, public_id)
    here = said(found)
    if stamp(here) != seen:
        raise StaleVersion(_("Somebody changed this in the meantime."))
    _write(session, found, given, {}, now)
    session.flush()
    session.refresh(found)
    after = said(found)
    touched = [
        each.name for each in fields(here) if getattr(here, each.name) != getattr(after, each.name)
    ]
    if not touched:
        return False
    _sign(actor, programme, found, now)
    session.flush()
    _record(session, actor, programme, found, "contribution_change", now, *touched)
    return True


def remove(
    session: Session, *, actor: Actor, programme: Programme, public_id: str, now: datetime
) -> None:
    """Take a contribution off the pages; it can be put back."""
    begin(session, actor, programme)
    found = present(session, programme.code, public_id)
    found.retired = True
    session.flush()
    _record(session, actor, programme, found, "contribution_remove", now)


def restore(
    session: Session, *, actor: Actor, programme: Programme, public_id: str, now: datetime
) -> None:
    """Put back what was removed; raise `RuleViolation` for what was not."""
    begin(session, actor, programme)
    found = queries.get(session, programme.code, public_id)
    if not found.retired:
        raise RuleViolation(_("This stands on the page already."))
    found.retired = False
    session.flush()
    _record(session, actor, programme, found, "contribution_restore", now)


def present(session: Session, code: str, public_id: str) -> ProgrammeContribution:
    """Return a contribution that was not removed; raise `NotFound`."""
    found = queries.get(session, code, public_id)
    if found.retired:
        raise NotFound()
    return found


def _promised(session: Session, actor: Actor, address: str) -> Commitment | None:
    """Return the commitment in force at an address, if it is there for the actor."""
    try:
        found = commitments.get(session, actor, address)
    except NotFound:
        return None
    return found if found.in_force_id is not None else None


def _write(
    session: Session,
    contribution: ProgrammeContribution,
    given: Statement,
    faults: dict[str, object],
    now: datetime,
) -> None:
    document_id, page = _proof(session, contribution, given, faults, now)
    if faults:
        raise InvalidInput(_("Something needs to be put right"), faults)
    contribution.basis = given.basis
    contribution.language = given.language
    contribution.text = given.text
    contribution.document_id, contribution.page = document_id, page


def _proof(
    session: Session,
    contribution: ProgrammeContribution,
    given: Statement,
    faults: dict[str, object],
    now: datetime,
) -> tuple[int | None, int | None]:
    """Return the document and the page that a statement rests on; add what is wrong with them."""
    evaluated = given.basis == Basis.EVALUATED
    if not given.document:
        if evaluated:
            faults["document"] = _("Name the evaluation report: without it this is a claim.")
        elif given.page:
            faults["document"] = _("Name the document that this page is of.")
        return None, None
    # What is stated in public rests on what everybody may read, unless that was withdrawn since.
    found = programmes.paper_at(session, ANONYMOUS, given.document, now)
    held = contribution.document
    if found is None and (held is None or held.public_id != given.document):
        faults["document"] = _("There is no document at this address that everybody may read.")
        return None, None
    if evaluated and found is not None and not found.is_evaluation:
        faults["document"] = _("This document is no evaluation report.")
    page = None
    if given.page or evaluated:
        try:
            page = page_number(given.page, found.pages if found else 0)
        except RuleViolation as problem:
            faults["page"] = problem.message
    return found.id if found else contribution.document_id, page


def _sign(
    actor: Actor, programme: Programme, contribution: ProgrammeContribution, now: datetime
) -> None:
    contribution.stated_by_id = programme_policy.acts_for(actor, programme)
    contribution.stated_at = now


def _record(
    session: Session,
    actor: Actor,
    programme: Programme,
    contribution: ProgrammeContribution,
    action: str,
    now: datetime,
    *touched: str,
) -> None:
    record(
        session,
        actor,
        programme,
        action,
        now,
        touched,
        contribution=contribution.public_id,
        commitment=contribution.commitment.public_id,
    )
