"""Keep the names of countries and territories: each from a date on, each with who says so."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core.errors import InvalidInput, RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.places.models import Country, Designation
from policytrack.reference import rows
from policytrack.reference.kinds import COUNTRIES, DESIGNATIONS
from policytrack.reference.service.recording import Act, record


def _latest(session: Session, iso2: str) -> Designation | None:
    return session.scalar(
        select(Designation)
        .where(Designation.country_iso2 == iso2)
        .order_by(Designation.since.desc())
        .limit(1)
    )


def name(session: Session, act: Act, country: Country, *, since: str, authority: str) -> None:
    """Add the designation under which a country now stands.

    On the day of the latest one this is corrected instead. Raises `InvalidInput` for a missing
    authority or date, and for a date that is later than today or earlier than the latest.
    """
    missing = {
        field: _("Fill this in: the name is new.")
        for field, text in (("since", since), ("authority", authority))
        if not text
    }
    if missing:
        raise InvalidInput(fields=missing)
    day = date.fromisoformat(since)
    latest = _latest(session, country.iso2)
    if day > act.now.date():
        raise InvalidInput(fields={"since": _("This day is still to come.")})
    if latest is not None and day < latest.since:
        raise InvalidInput(fields={"since": _("There is a later designation already.")})
    if latest is not None and day == latest.since:
        before = rows.read(DESIGNATIONS, latest)
        latest.labels, latest.authority = country.labels, authority
        _changed(session, act, latest, before)
    else:
        made = Designation(
            country_iso2=country.iso2, since=day, labels=country.labels, authority=authority
        )
        session.add(made)
        session.flush()
        key, after = rows.key_of(DESIGNATIONS, made), rows.read(DESIGNATIONS, made)
        record(session, act, "added", DESIGNATIONS, made, key, before={}, after=after)


def _changed(session: Session, act: Act, row: Designation, before: dict[str, str]) -> None:
    after = rows.read(DESIGNATIONS, row)
    changed = [column for column in after if after[column] != before[column]]
    session.flush()
    record(
        session,
        act,
        "changed",
        DESIGNATIONS,
        row,
        rows.key_of(DESIGNATIONS, row),
        before={column: before[column] for column in changed},
        after={column: after[column] for column in changed},
    )


def follow(session: Session, act: Act, iso2: str) -> None:
    """Give a country the names of its latest designation; raise `RuleViolation` without any."""
    latest, country = _latest(session, iso2), session.get_one(Country, iso2)
    if latest is None:
        raise RuleViolation(_("A country or territory keeps at least one designation."))
    if latest.since > act.now.date():
        raise InvalidInput(fields={"since": _("This day is still to come.")})
    if latest.labels == country.labels:
        return
    before = rows.read(COUNTRIES, country)
    country.labels = latest.labels
    session.flush()
    after = rows.read(COUNTRIES, country)
    changed = [column for column in after if after[column] != before[column]]
    record(
        session,
        act,
        "changed",
        COUNTRIES,
        country,
        iso2,
        before={column: before[column] for column in changed},
        after={column: after[column] for column in changed},
    )


def forget(session: Session, act: Act, iso2: str) -> None:
    """Remove the designations of a country that goes."""
    for row in session.scalars(select(Designation).where(Designation.country_iso2 == iso2)):
        key, before = rows.key_of(DESIGNATIONS, row), rows.read(DESIGNATIONS, row)
        record(session, act, "removed", DESIGNATIONS, row, key, before=before, after={})
        session.delete(row)
    session.flush()
