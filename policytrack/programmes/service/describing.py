"""Change what is said of a programme as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from policytrack.core.errors import InvalidInput
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.library.rules import partial_date
from policytrack.programmes import policy, rules
from policytrack.programmes.content import SIDES, Description, changed, description
from policytrack.programmes.models import Programme, ProgrammeCountry
from policytrack.programmes.service.keeping import begin, record, refuse_stale


def describe(
    session: Session,
    *,
    actor: Actor,
    programme: Programme,
    given: Description,
    seen: str,
    now: datetime,
) -> bool:
    """Change what is said of a programme; return whether anything was different.

    Raises `InvalidInput` with sentences by field; `StaleVersion` where it changed since the form
    was made.
    """
    begin(session, actor, programme)
    here = description(programme)
    refuse_stale(here, seen)
    if faults := _faults(given):
        raise InvalidInput(_("Something needs to be put right"), faults)
    touched = changed(here, given)
    if not touched:
        return False
    _write(session, programme, given)
    programme.described_by_id = policy.acts_for(actor, programme)
    programme.described_at = now
    session.flush()
    record(session, actor, programme, "edit", now, touched)
    return True


def _faults(given: Description) -> dict[str, object]:
    faults: dict[str, object] = {}
    if not given.summary:
        faults["summary"] = _("Write the summary in at least one language.")
    for name in ("starts", "ends"):
        try:
            partial_date(getattr(given, name))
        except ValueError:
            faults[name] = _("Write a year, a month (2018-05) or a day (2018-05-11).")
    if not faults and given.starts and given.ends and rules.is_before(given.ends, given.starts):
        faults["ends"] = _("The end lies before the beginning.")
    seen: set[str] = set()
    for name in SIDES:
        countries = set(getattr(given, name))
        if seen & countries:
            faults[name] = _("A country or territory stands on one side only, or on both.")
        seen |= countries
    return faults


def _write(session: Session, programme: Programme, given: Description) -> None:
    programme.summary = dict(given.summary)
    programme.parent_initiative = dict(given.parent)
    programme.agencies = list(given.agencies)
    programme.partners = list(given.partners)
    programme.funders = list(given.funders)
    if programme.ends != given.ends:
        programme.ends_on = rules.last_day(given.ends)
    programme.starts, programme.ends = given.starts, given.ends
    present = {link.country_iso2: link for link in programme.countries}
    links = []
    for name, side in SIDES.items():
        for iso2 in getattr(given, name):
            link = present.get(iso2) or ProgrammeCountry(country_iso2=iso2)
            link.side = side.value
            links.append(link)
    programme.countries = links
    programme.themes = _rows(session, Theme.code, given.themes)
    programme.sectors = _rows(session, Sector.code, given.sectors)
    programme.target_groups = _rows(session, TargetGroup.code, given.target_groups)


def _rows(session: Session, key: InstrumentedAttribute[str], codes: Sequence[str]) -> list[Any]:
    return list(session.scalars(select(key.class_).where(key.in_(codes)))) if codes else []
