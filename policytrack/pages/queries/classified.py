"""Count commitments in force by what they are classified by, and by where they are led from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, distinct, func, literal, select, union_all
from sqlalchemy.orm import Session

from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    revision_provision,
    revision_sector,
    revision_target_group,
    revision_theme,
)
from policytrack.constituents.models import Constituent
from policytrack.core.confidence import WEAK
from policytrack.core.db import Labels
from policytrack.dialogues.models import Dialogue
from policytrack.frameworks.models import Framework, Instrument, Provision, Theme
from policytrack.pages.queries.standing import Standing, lead_word
from policytrack.places.models import Country
from policytrack.programmes.models import Programme
from policytrack.progress.models import LatestWord


def _by(session: Session, link: Table, column: str) -> Mapping[Any, int]:
    rows = session.execute(
        select(link.c[column], func.count())
        .join(Commitment, Commitment.in_force_id == link.c.revision_id)
        .group_by(link.c[column])
    )
    return dict(rows.all())


def by_provision(session: Session) -> Mapping[int, int]:
    """Return how many commitments answer to each provision, by its id."""
    return _by(session, revision_provision, "provision_id")


def by_sector(session: Session) -> Mapping[str, int]:
    """Return how many commitments name each sector."""
    return _by(session, revision_sector, "sector_code")


def by_target_group(session: Session) -> Mapping[str, int]:
    """Return how many commitments are meant for each target group."""
    return _by(session, revision_target_group, "target_group_code")


def by_theme(session: Session) -> Mapping[str, int]:
    """Return how many commitments stand under each theme; an area counts each of its own once."""
    pairs = select(revision_theme.c.revision_id, revision_theme.c.theme_code.label("code"))
    areas = (
        select(revision_theme.c.revision_id, Theme.parent_code.label("code"))
        .join(Theme, Theme.code == revision_theme.c.theme_code)
        .where(Theme.parent_code.is_not(None))
    )
    found = union_all(pairs, areas).subquery()
    rows = session.execute(
        select(found.c.code, func.count(distinct(found.c.revision_id)))
        .join(Commitment, Commitment.in_force_id == found.c.revision_id)
        .group_by(found.c.code)
    )
    return dict(rows.all())


def by_framework(session: Session) -> Mapping[str, int]:
    """Return how many commitments answer to each framework, each counted once."""
    rows = session.execute(
        select(Provision.framework_code, func.count(distinct(revision_provision.c.revision_id)))
        .join(revision_provision, revision_provision.c.provision_id == Provision.id)
        .join(Commitment, Commitment.in_force_id == revision_provision.c.revision_id)
        .group_by(Provision.framework_code)
    )
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class LedFrom:
    """Hold how far the commitments led from a country have come; no country: regional bodies."""

    iso2: str
    labels: Labels
    standing: Standing


def led_from(session: Session, *where: ColumnElement[bool]) -> list[LedFrom]:
    """Return how far commitments have come, by the country of their lead, in one query."""
    counted = (
        select(Constituent.country_iso2, LatestWord.status, func.count().label("number"))
        .select_from(Commitment)
        .join(CommitmentRevision, CommitmentRevision.id == Commitment.in_force_id)
        .join(Constituent, Constituent.id == Commitment.lead_id)
        .outerjoin(LatestWord, lead_word())
        .where(*where)
        .group_by(Constituent.country_iso2, LatestWord.status)
        .subquery()
    )
    rows = session.execute(
        select(counted.c.country_iso2, counted.c.status, counted.c.number, Country.labels)
        .select_from(counted)
        .outerjoin(Country, Country.iso2 == counted.c.country_iso2)
    )
    names: dict[str, Labels] = {}
    counts: dict[str, dict[str | None, int]] = {}
    for iso2, status, number, labels in rows:
        names[iso2 or ""] = labels or {}
        counts.setdefault(iso2 or "", {})[status] = number
    return [LedFrom(iso2, names[iso2], Standing(found)) for iso2, found in counts.items()]


def totals(session: Session) -> Mapping[str, int]:
    """Return how many there are of each kind of thing that is listed, in one query."""
    kinds: dict[str, tuple[type[Any], tuple[ColumnElement[bool], ...]]] = {
        "commitments": (Commitment, (Commitment.in_force_id.is_not(None),)),
        "constituents": (Constituent, (Constituent.retired.is_(False),)),
        "themes": (Theme, (Theme.parent_code.is_not(None), Theme.retired.is_(False))),
        "frameworks": (Framework, ()),
        "instruments": (Instrument, (Instrument.confidence.not_in(WEAK),)),
        "programmes": (Programme, (Programme.confidence.not_in(WEAK),)),
        "dialogues": (Dialogue, (Dialogue.confidence.not_in(WEAK),)),
        "places": (Country, ()),
    }
    each = [
        select(literal(name).label("kind"), func.count()).select_from(model).where(*where)
        for name, (model, where) in kinds.items()
    ]
    return dict(session.execute(union_all(*each)).all())
