"""Read commitments with the texts that a workbook can speak of, as cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    CommitmentTranslation,
    Indicator,
    Milestone,
    revision_corridor,
    revision_country,
    revision_provision,
    revision_sector,
    revision_supporter,
    revision_target_group,
    revision_theme,
)
from policytrack.commitments.rules import Plan, PlannedIndicator, PlannedMilestone, TextState
from policytrack.constituents.models import Constituent
from policytrack.core.forms import clean, clean_line
from policytrack.frameworks.models import Provision
from policytrack.places.models import Corridor
from policytrack.reference.rules import LANGUAGES
from policytrack.reporting.workbook.cells import of_number
from policytrack.reporting.workbook.known.chunks import chunks


class Entry(NamedTuple):
    """Hold what identifies a commitment; `lead` is a code."""

    id: int
    public_id: str
    code: str | None
    external_key: str | None
    lead: str
    demonstration: bool
    in_force_id: int | None
    open_id: int | None


class Translation(NamedTuple):
    """Hold a translation as cells say it."""

    title: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold one text of a commitment, as cells say it."""

    revision_id: int
    number: int
    state: str
    on_behalf: bool
    values: Mapping[str, str]
    translations: Mapping[str, Translation]
    plan: Plan

    @property
    def language(self) -> str:
        """Return the language of the text."""
        return self.values["language"]


@dataclass(slots=True)
class Known:
    """Hold a commitment with its text in force, its proposal, and a newer one that was declined.

    `busy` says that somebody else prepares another text of it.
    """

    entry: Entry
    in_force: Standing | None = None
    proposed: Standing | None = None
    declined: Standing | None = None
    busy: bool = False

    @property
    def standings(self) -> list[Standing]:
        """Return the texts that a row can repeat, the newest first."""
        newest_first = (self.proposed, self.declined, self.in_force)
        return [each for each in newest_first if each is not None]

    @property
    def shown(self) -> Standing | None:
        """Return the text that an export carries: that in force, else the one that waits."""
        return self.in_force or self.proposed


@dataclass(slots=True)
class Commitments:
    """Find commitments by whatever a workbook calls them."""

    entries: Sequence[Entry]
    by_key: dict[str, Entry] = field(init=False)

    def __post_init__(self) -> None:
        self.by_key = {}
        for name in ("external_key", "code", "public_id"):
            for entry in self.entries:
                # A code given here can be another commitment's key in an older workbook.
                if key := getattr(entry, name):
                    self.by_key.setdefault(key, entry)

    def key_of(self, entry: Entry) -> str:
        """Return what a workbook calls a commitment: what it came in as, else its code here."""
        for key in (entry.external_key, entry.code):
            if key and self.by_key[key] is entry:
                return key
        return entry.public_id


def index(session: Session) -> Commitments:
    """Return all commitments by their keys, in the order of their making."""
    rows = session.execute(
        select(
            Commitment.id,
            Commitment.public_id,
            Commitment.code,
            Commitment.external_key,
            Constituent.code,
            Commitment.demonstration,
            Commitment.in_force_id,
            Commitment.open_id,
        )
        .join(Commitment.lead)
        .order_by(Commitment.id)
    )
    return Commitments([Entry(*row) for row in rows])


def commitments(session: Session, entries: Collection[Entry]) -> dict[int, Known]:
    """Return commitments with their texts, by id."""
    found: dict[int, Known] = {}
    for some in chunks(entries):
        found |= _some(session, some)
    return found


def _some(session: Session, entries: Sequence[Entry]) -> dict[int, Known]:
    found = {entry.id: Known(entry) for entry in entries}
    rows = _revisions(session, entries)
    ids = [row.id for row in rows]
    codes, translations = _codes(session, ids), _translations(session, ids)
    plans = _plans(session, list(found))
    for row in sorted(rows, key=lambda row: row.number):
        known = found[row.commitment_id]
        entry = known.entry
        is_in_force = row.id == entry.in_force_id
        plan = plans[entry.id] if is_in_force else _ordered(Plan.from_json(row.plan))
        values = {**_values(row), **codes[row.id], "lead": entry.lead}
        standing = Standing(
            row.id, row.number, row.state, row.on_behalf, values, translations[row.id], plan
        )
        if is_in_force:
            known.in_force, known.declined = standing, None
        elif row.state == TextState.DECLINED:
            known.declined = standing
        elif row.state == TextState.PROPOSED:
            known.proposed, known.busy = standing, not row.on_behalf
        else:
            known.busy = True
    return found


def _revisions(session: Session, entries: Sequence[Entry]) -> Sequence[Row[Any]]:
    text = CommitmentRevision
    wanted = select(
        text.id,
        text.commitment_id,
        text.number,
        text.state,
        text.on_behalf,
        text.language,
        text.title,
        text.text,
        text.gender_marker,
        text.starts_on,
        text.due_on,
        text.plan,
    ).where(
        or_(
            text.id.in_([entry.in_force_id for entry in entries if entry.in_force_id]),
            text.id.in_([entry.open_id for entry in entries if entry.open_id]),
            and_(
                text.commitment_id.in_([entry.id for entry in entries]),
                text.state == TextState.DECLINED,
            ),
        )
    )
    found: Any = session.execute(wanted).all()
    return found  # type: ignore[no-any-return]  # rows of so many columns have no short name


def _values(row: Row[Any]) -> dict[str, str]:
    return {
        "language": row.language,
        "title": clean_line(row.title),
        "text": clean(row.text),
        "gender_marker": str(row.gender_marker),
        "starts_on": row.starts_on.isoformat() if row.starts_on else "",
        "due_on": row.due_on.isoformat() if row.due_on else "",
    }


def _linked(ids: Sequence[int]) -> Iterator[tuple[str, Select[Any]]]:
    """Yield, by column, the select of (revision, code)."""
    by_code: tuple[tuple[str, Any, Any], ...] = (
        ("themes", revision_theme, revision_theme.c.theme_code),
        ("sectors", revision_sector, revision_sector.c.sector_code),
        ("target_groups", revision_target_group, revision_target_group.c.target_group_code),
        ("countries", revision_country, revision_country.c.country_iso2),
    )
    for name, link, code in by_code:
        yield name, select(link.c.revision_id, code).where(link.c.revision_id.in_(ids))
    by_id: tuple[tuple[str, Any, Any, Any, Any], ...] = (
        (
            "provisions",
            revision_provision,
            revision_provision.c.provision_id,
            Provision,
            Provision.framework_code + ":" + Provision.code,
        ),
        (
            "corridors",
            revision_corridor,
            revision_corridor.c.corridor_id,
            Corridor,
            Corridor.code,
        ),
        (
            "supporters",
            revision_supporter,
            revision_supporter.c.constituent_id,
            Constituent,
            Constituent.code,
        ),
    )
    for name, link, column, model, code in by_id:
        yield (
            name,
            select(link.c.revision_id, code)
            .join(model, model.id == column)
            .where(link.c.revision_id.in_(ids)),
        )


def _codes(session: Session, ids: Sequence[int]) -> Mapping[int, dict[str, str]]:
    gathered: dict[int, dict[str, list[str]]] = {each: {} for each in ids}
    found: dict[int, dict[str, str]] = {each: {} for each in ids}
    for name, wanted in _linked(ids):
        for each in ids:
            gathered[each][name] = []
        for revision_id, code in session.execute(wanted):
            gathered[revision_id][name].append(code)
    for each, by_name in gathered.items():
        found[each] = {name: ";".join(sorted(held)) for name, held in by_name.items()}
    return found


def _translations(session: Session, ids: Sequence[int]) -> Mapping[int, Mapping[str, Translation]]:
    found: defaultdict[int, dict[str, Translation]] = defaultdict(dict)
    made = CommitmentTranslation
    for revision_id, language, title, text, kind in session.execute(
        select(made.revision_id, made.language, made.title, made.text, made.kind).where(
            made.revision_id.in_(ids)
        )
    ):
        found[revision_id][language] = Translation(clean_line(title), clean(text), kind)
    return found


def _plans(session: Session, ids: Sequence[int]) -> Mapping[int, Plan]:
    """Return the plans in force; milestones in the order in which they were made, which stays."""
    indicators: defaultdict[int, list[PlannedIndicator]] = defaultdict(list)
    for row in session.scalars(
        select(Indicator)
        .where(Indicator.commitment_id.in_(ids))
        .order_by(Indicator.position, Indicator.id)
    ):
        indicators[row.commitment_id].append(
            PlannedIndicator(
                row.public_id,
                row.labels,
                row.unit,
                row.baseline,
                row.baseline_on,
                row.target,
                row.target_on,
            )
        )
    milestones: defaultdict[int, list[PlannedMilestone]] = defaultdict(list)
    for mark in session.scalars(
        select(Milestone).where(Milestone.commitment_id.in_(ids)).order_by(Milestone.id)
    ):
        milestones[mark.commitment_id].append(
            PlannedMilestone(str(mark.id), mark.labels, mark.due_on, mark.met_on)
        )
    return {each: Plan(tuple(indicators[each]), tuple(milestones[each])) for each in ids}


def _ordered(plan: Plan) -> Plan:
    """Return a plan with its milestones as they will stand once they are rows."""
    old = sorted((each for each in plan.milestones if each.key), key=lambda each: int(each.key))
    new = [each for each in plan.milestones if not each.key]
    return Plan(plan.indicators, (*old, *new))


def _names(labels: Mapping[str, str], language: str) -> dict[str, str]:
    names = {f"name_{code}": clean_line(labels.get(code, "")) for code in LANGUAGES}
    return {**names, f"name_{language}": "", "name": clean_line(labels.get(language, ""))}


def indicator_cells(planned: PlannedIndicator, language: str) -> dict[str, str]:
    """Return what cells say of an indicator of a text in that language."""
    return {
        **_names(planned.labels, language),
        "unit": planned.unit,
        "baseline": of_number(planned.baseline),
        "baseline_on": planned.baseline_on.isoformat() if planned.baseline_on else "",
        "target": of_number(planned.target),
        "target_on": planned.target_on.isoformat() if planned.target_on else "",
    }


def milestone_cells(planned: PlannedMilestone, language: str) -> dict[str, str]:
    """Return what cells say of a milestone of a text in that language."""
    return {
        **_names(planned.labels, language),
        "due_on": planned.due_on.isoformat(),
        "met_on": planned.met_on.isoformat() if planned.met_on else "",
    }
