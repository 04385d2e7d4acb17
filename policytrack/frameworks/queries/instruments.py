"""Read instruments, and which countries and territories ratified them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from policytrack.core.codes import is_code
from policytrack.core.confidence import WEAK
from policytrack.core.errors import NotFound
from policytrack.frameworks.models import Instrument, Ratification, instrument_theme
from policytrack.frameworks.queries.themes import under


def instruments(session: Session) -> Sequence[Instrument]:
    """Return all instruments in their order."""
    return session.scalars(select(Instrument).order_by(Instrument.position, Instrument.code)).all()


def instrument(session: Session, code: str) -> Instrument:
    """Return an instrument with its themes; raise `NotFound`."""
    found = None
    if is_code(code):
        found = session.scalar(
            select(Instrument)
            .where(Instrument.code == code)
            .options(selectinload(Instrument.themes))
        )
    if found is None:
        raise NotFound()
    return found


def instruments_under(session: Session, theme_code: str) -> Sequence[Instrument]:
    """Return the instruments that map to a theme or to its sub-themes, in their order."""
    linked = select(instrument_theme.c.instrument_code).where(
        instrument_theme.c.theme_code.in_(under(theme_code))
    )
    return session.scalars(
        select(Instrument)
        .where(Instrument.code.in_(linked))
        .order_by(Instrument.position, Instrument.code)
    ).all()


def ratifications(session: Session, code: str) -> Sequence[Ratification]:
    """Return what is known of an instrument in each country and territory."""
    return session.scalars(
        select(Ratification)
        .where(Ratification.instrument_code == code)
        .options(joinedload(Ratification.country))
    ).all()


def every_ratification(session: Session) -> Sequence[Ratification]:
    """Return all that is known of ratifications, by instrument."""
    return session.scalars(
        select(Ratification)
        .join(Ratification.instrument)
        .options(contains_eager(Ratification.instrument))
        .order_by(Instrument.position, Instrument.code, Ratification.country_iso2)
    ).all()


@dataclass(frozen=True, slots=True)
class RatifiedBy:
    """Count the countries and territories on record for an instrument, weak ones left out.

    `as_of` is the date of the oldest list that was used for a "no", None where there is no "no".
    """

    ratified: int
    listed: int
    as_of: date | None


def ratified(session: Session) -> Mapping[str, RatifiedBy]:
    """Return, by instrument, how many of the countries on record ratified it, in one query."""
    rows = session.execute(
        select(
            Ratification.instrument_code,
            func.sum(case((Ratification.state == "yes", 1), else_=0)),
            func.count(),
            func.min(case((Ratification.state == "no", Ratification.as_of))),
        )
        .where(
            Ratification.confidence.not_in(WEAK),
            # A "no" is true of the day of its list only, and says nothing without it.
            or_(Ratification.state != "no", Ratification.as_of.is_not(None)),
        )
        .group_by(Ratification.instrument_code)
    )
    return {code: RatifiedBy(*counts) for code, *counts in rows}
