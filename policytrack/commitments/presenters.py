"""Prepare what pages show of a commitment's texts: frozen, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from policytrack.commitments import policy
from policytrack.commitments.models import Commitment, CommitmentRevision, CommitmentTranslation
from policytrack.commitments.queries import Classification, Reference, Tag, possible_leads
from policytrack.commitments.rules import PUBLIC_STATES, UNITS, Plan, TextState
from policytrack.constituents.models import Constituent
from policytrack.core import diff, languages
from policytrack.core.i18n import collated, format_date, format_number, label, label_language
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import language as present_language
from policytrack.core.permissions import Actor
from policytrack.core.translations import Offer, preferred
from policytrack.frameworks.models import Theme
from policytrack.places.models import Corridor


@dataclass(frozen=True, slots=True)
class Named:
    """Hold a label and the language it is in; `code` names the thing in addresses."""

    code: str
    name: str
    language: str


def named(code: str, labels: Mapping[str, str]) -> Named:
    """Return a label in the reader's language, or the nearest."""
    return Named(code, label(labels), label_language(labels))


# --- the text ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextView:
    """Hold a text as a reader gets it; `kind` is that of the translation, None for the original."""

    number: int
    state: str
    title: str
    text: str
    language: str
    kind: str | None
    source_language: str
    source_name: str
    outdated: bool
    original_title: str
    original_text: str
    other_languages: tuple[tuple[str, str], ...]


def text_view(
    revision: CommitmentRevision, texts: Sequence[CommitmentRevision], wanted: str | None = None
) -> TextView:
    """Return a text by the one fallback order, or in the language `wanted` where it is there.

    `texts` are those of the same commitment that the reader may see; translations of older ones
    that were in force serve as outdated ones.
    """
    offers = _offers(revision, texts)
    offer = preferred(revision.language, offers, wanted or present_language().code)
    shown = offer.language if offer else revision.language
    others = dict.fromkeys((revision.language, *(each.language for each in offers)))
    return TextView(
        number=revision.number,
        state=revision.state,
        title=offer.content.title if offer else revision.title,
        text=offer.content.text if offer else revision.text,
        language=shown,
        kind=offer.kind if offer else None,
        source_language=revision.language,
        source_name=languages.name(revision.language),
        outdated=offer.outdated if offer else False,
        original_title=revision.title,
        original_text=revision.text,
        other_languages=tuple((code, languages.name(code)) for code in others if code != shown),
    )


def _offers(
    revision: CommitmentRevision, texts: Sequence[CommitmentRevision]
) -> list[Offer[CommitmentTranslation]]:
    found = [Offer(each.language, each.kind, each) for each in revision.translations]
    if revision.state in PUBLIC_STATES:
        older = sorted(texts, key=lambda text: -text.number)
        found += [
            Offer(each.language, each.kind, each, outdated=True)
            for text in older
            if text.number < revision.number and text.state in PUBLIC_STATES
            for each in text.translations
        ]
    return found


# --- what it is classified by -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CorridorView:
    """Hold a corridor with the names of both ends."""

    code: str
    origin: Named
    destination: Named


@dataclass(frozen=True, slots=True)
class ProvisionView:
    """Hold a provision; `wording` says whether its label is quoted, paraphrased or editorial."""

    framework: Named
    code: str
    name: str
    language: str
    wording: str


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """Hold an indicator; figures are ready words, empty where there are none."""

    public_id: str
    name: str
    language: str
    unit: str
    baseline: str
    target: str


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """Hold a milestone."""

    name: str
    language: str
    due_on: date
    met_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold what a text is classified by."""

    lead: Named
    lead_group: str
    lead_country: Named | None
    supporters: tuple[Named, ...]
    provisions: tuple[ProvisionView, ...]
    themes: tuple[Named, ...]
    sectors: tuple[Named, ...]
    target_groups: tuple[Named, ...]
    countries: tuple[Named, ...]
    corridors: tuple[CorridorView, ...]
    gender_marker: int
    starts_on: date | None
    due_on: date | None
    indicators: tuple[IndicatorView, ...]
    milestones: tuple[MilestoneView, ...]


def facts(
    commitment: Commitment, revision: CommitmentRevision, classification: Classification
) -> Facts:
    """Return the facts of a text; `classification` is what `queries.classification` read of it."""
    lead = commitment.lead

    def tags(kind: str) -> Sequence[Tag]:
        return classification.get((revision.id, kind), ())

    plan = Plan.from_json(revision.plan)
    rows_count = revision.id == commitment.in_force_id
    return Facts(
        lead=named(lead.public_id, lead.labels),
        lead_group=lead.group,
        lead_country=named(lead.country.iso2, lead.country.labels) if lead.country else None,
        supporters=_by_name(_tagged(tags("supporter"))),
        provisions=tuple(_provision(each) for each in tags("provision")),
        themes=_tagged(tags("theme")),
        sectors=_tagged(tags("sector")),
        target_groups=_tagged(tags("target_group")),
        countries=_by_name(_tagged(tags("country"))),
        corridors=tuple(_corridor(each) for each in tags("corridor")),
        gender_marker=revision.gender_marker,
        starts_on=revision.starts_on,
        due_on=revision.due_on,
        indicators=tuple(
            _indicator(each) for each in (commitment.indicators if rows_count else plan.indicators)
        ),
        milestones=tuple(
            MilestoneView(label(each.labels), label_language(each.labels), each.due_on, each.met_on)
            for each in (commitment.milestones if rows_count else plan.milestones)
        ),
    )


def _by_name(things: Iterable[Named]) -> tuple[Named, ...]:
    listed = list(things)
    return tuple(collated(listed, [each.name for each in listed], present_language().code))


def _tagged(tags: Sequence[Tag]) -> tuple[Named, ...]:
    return tuple(named(each.value, each.labels) for each in tags)


def _provision(tag: Tag) -> ProvisionView:
    framework, _, code = tag.value.partition(":")
    return ProvisionView(
        framework=named(framework, tag.end_labels or {}),
        code=code,
        name=label(tag.labels),
        language=label_language(tag.labels),
        wording=tag.note,
    )


def _corridor(tag: Tag) -> CorridorView:
    origin, _, destination = tag.value.partition("-")
    return CorridorView(
        tag.value, named(origin, tag.labels), named(destination, tag.end_labels or {})
    )


def unit_name(unit: str) -> str:
    """Return the word for a unit."""
    return str(UNITS.get(unit, unit))


def _indicator(indicator: Any) -> IndicatorView:
    return IndicatorView(
        public_id=indicator.public_id,
        name=label(indicator.labels),
        language=label_language(indicator.labels),
        unit=unit_name(indicator.unit),
        baseline=_figure(indicator.baseline, indicator.baseline_on),
        target=_figure(indicator.target, indicator.target_on),
    )


def _figure(value: Any, on: date | None) -> str:
    if value is None:
        return ""
    number = format_number(value)
    return _("%(number)s on %(date)s", number=number, date=format_date(on)) if on else number


# --- how it came about --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RevisionView:
    """Hold one text in the list of texts; `before` is the number to compare it with, if any."""

    number: int
    state: str
    at: datetime | None
    before: int | None
    reason: str
    reason_language: str
    by_letter: bool


def revision_views(texts: Sequence[CommitmentRevision]) -> tuple[RevisionView, ...]:
    """Return the list of texts, newest first, from those that the reader may see."""
    ordered = sorted(texts, key=lambda text: -text.number)
    before = [text.number for text in ordered if text.state in PUBLIC_STATES]
    return tuple(
        RevisionView(
            number=text.number,
            state=text.state,
            at=text.decided_at or text.proposed_at or text.created_at,
            before=next((number for number in before if number < text.number), None),
            reason=text.reason,
            reason_language=text.reason_language or text.language,
            by_letter=text.letter_id is not None,
        )
        for text in ordered
    )


@dataclass(frozen=True, slots=True)
class Change:
    """Hold what left and what came under one heading."""

    heading: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold two texts laid over each other, word by word."""

    old: int | None
    new: int
    title: Sequence[tuple[str, str]]
    text: Sequence[tuple[str, str]]
    language: str
    changes: tuple[Change, ...]
    same: bool


def comparison(
    commitment: Commitment,
    old: CommitmentRevision | None,
    new: CommitmentRevision,
    classification: Classification,
) -> Comparison:
    """Return what changed from one text to another; from nothing where there is no older one."""
    title = diff.diff_words(old.title if old else "", new.title)
    text = diff.diff_words(old.text if old else "", new.text)
    before = _listed(commitment, old, classification) if old else {}
    after = _listed(commitment, new, classification)
    changes = tuple(
        Change(
            heading,
            tuple(each for each in before.get(heading, ()) if each not in after[heading]),
            tuple(each for each in after[heading] if each not in before.get(heading, ())),
        )
        for heading in after
        if set(after[heading]) != set(before.get(heading, ()))
    )
    kinds = {kind for kind, _text in (*title, *text)}
    return Comparison(
        old=old.number if old else None,
        new=new.number,
        title=title,
        text=text,
        language=new.language,
        changes=changes,
        same=not changes and kinds <= {"same"},
    )


def _listed(
    commitment: Commitment, revision: CommitmentRevision, classification: Classification
) -> dict[str, tuple[str, ...]]:
    shown = facts(commitment, revision, classification)
    return {
        _("Language of the text"): (languages.name(revision.language),),
        _("Supporting organisations"): tuple(each.name for each in shown.supporters),
        _("Provisions"): tuple(
            f"{each.framework.name} {each.code}: {each.name}" for each in shown.provisions
        ),
        _("Themes"): tuple(each.name for each in shown.themes),
        _("Sectors"): tuple(each.name for each in shown.sectors),
        _("Target groups"): tuple(each.name for each in shown.target_groups),
        _("Countries and territories"): tuple(each.name for each in shown.countries),
        _("Corridors"): tuple(
            _("%(origin)s to %(destination)s", origin=c.origin.name, destination=c.destination.name)
            for c in shown.corridors
        ),
        _("Gender marker"): (gender_words()[shown.gender_marker],),
        _("Start"): (format_date(shown.starts_on),) if shown.starts_on else (),
        _("Due"): (format_date(shown.due_on),) if shown.due_on else (),
        _("Indicators"): tuple(_indicator_line(each) for each in shown.indicators),
        _("Milestones"): tuple(_milestone_line(each) for each in shown.milestones),
    }


def gender_words() -> tuple[str, ...]:
    """Return the words of the gender marker, from 0 to 3."""
    return (_("Not targeted"), _("Partial"), _("Significant"), _("Principal focus"))


def _indicator_line(indicator: IndicatorView) -> str:
    parts = [f"{indicator.name} ({indicator.unit})"]
    if indicator.baseline:
        parts.append(_("baseline %(figure)s", figure=indicator.baseline))
    if indicator.target:
        parts.append(_("target %(figure)s", figure=indicator.target))
    return _("; ").join(parts)


def _milestone_line(milestone: MilestoneView) -> str:
    line = _("%(name)s, due %(date)s", name=milestone.name, date=format_date(milestone.due_on))
    met = milestone.met_on
    return line + _("; ") + _("met %(date)s", date=format_date(met)) if met else line


# --- what can be done -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Steps:
    """Hold what the reader may do about a commitment's texts, for the buttons of its page."""

    address: str
    title: str
    state: str | None
    number: int | None
    version: int | None
    actions: frozenset[str]
    may_edit: bool
    may_translate: bool
    compare_with: int | None


def steps(actor: Actor, commitment: Commitment, title: str) -> Steps:
    """Return what this reader may do; nothing is hinted at that it may not see."""
    revision = policy.open_text(actor, commitment)
    writes = policy.may_write(actor, commitment)
    free = commitment.open is None or (revision is not None and revision.state == TextState.DRAFT)
    return Steps(
        address=commitment.address,
        title=title,
        state=revision.state if revision else None,
        number=revision.number if revision else None,
        version=revision.version if revision else None,
        actions=frozenset(policy.actions(actor, commitment)),
        may_edit=writes and (free or revision is None),
        may_translate=writes and commitment.in_force_id is not None,
        compare_with=commitment.in_force.number if revision and commitment.in_force else None,
    )


# --- what can be chosen ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Hold choices under one heading; an empty heading is none."""

    heading: str
    items: tuple[Named, ...]


def choice_groups(
    reference: Reference, actor: Actor, commitment: Commitment | None
) -> dict[str, list[ChoiceGroup]]:
    """Return, by field of the form, what can be chosen, in the reader's order."""
    bodies = [
        body
        for body in reference.organisations
        if commitment is None
        or (body.demonstration == commitment.demonstration and body.id != commitment.lead_id)
    ]
    return {
        "lead": _by_country(possible_leads(actor, bodies)),
        "provisions": [
            ChoiceGroup(
                label(framework.labels),
                tuple(
                    Named(
                        f"{each.framework_code}:{each.code}",
                        f"{each.code}. {label(each.labels)}",
                        label_language(each.labels),
                    )
                    for each in reference.provisions
                    if each.framework_code == framework.code
                ),
            )
            for framework in reference.frameworks
        ],
        "themes": _areas(reference.themes),
        "sectors": [ChoiceGroup("", tuple(named(x.code, x.labels) for x in reference.sectors))],
        "target_groups": [
            ChoiceGroup("", tuple(named(x.code, x.labels) for x in reference.target_groups))
        ],
        "countries": [
            ChoiceGroup("", _by_name(named(x.iso2, x.labels) for x in reference.countries))
        ],
        "corridors": _by_origin(reference.corridors),
        "supporters": _by_country(bodies),
    }


def _areas(themes: Sequence[Theme]) -> list[ChoiceGroup]:
    return [
        ChoiceGroup(
            label(area.labels),
            tuple(
                named(each.code, each.labels)
                for each in themes
                if area.code in {each.code, each.parent_code}
            ),
        )
        for area in themes
        if area.parent_code is None
    ]


def _grouped(pairs: Iterable[tuple[str, Named]]) -> list[ChoiceGroup]:
    found: dict[str, list[Named]] = {}
    for heading, item in pairs:
        found.setdefault(heading, []).append(item)
    headings = collated(list(found), list(found), present_language().code)
    return [ChoiceGroup(heading, _by_name(found[heading])) for heading in headings]


def _by_origin(corridors: Sequence[Corridor]) -> list[ChoiceGroup]:
    return _grouped(
        (
            label(each.origin.labels),
            Named(
                each.code,
                _(
                    "%(origin)s to %(destination)s",
                    origin=label(each.origin.labels),
                    destination=label(each.destination.labels),
                ),
                present_language().code,
            ),
        )
        for each in corridors
    )


def _by_country(bodies: Sequence[Constituent]) -> list[ChoiceGroup]:
    return _grouped(
        (
            label(body.country.labels) if body.country else _("Regional organisations"),
            named(body.public_id, body.labels),
        )
        for body in bodies
    )


# --- what forms start from --------------------------------------------------------------------


def form_values(revision: CommitmentRevision, plan: Plan) -> dict[str, Any]:
    """Return the values with which the form of a text begins."""
    return {
        "number": revision.number,
        "version": revision.version,
        "language": revision.language,
        "title": revision.title,
        "text": revision.text,
        "gender_marker": revision.gender_marker,
        "starts_on": revision.starts_on,
        "due_on": revision.due_on,
        "provisions": [f"{each.framework_code}:{each.code}" for each in revision.provisions],
        "themes": [each.code for each in revision.themes],
        "sectors": [each.code for each in revision.sectors],
        "target_groups": [each.code for each in revision.target_groups],
        "countries": [each.iso2 for each in revision.countries],
        "corridors": [each.code for each in revision.corridors],
        "supporters": [each.public_id for each in revision.supporters],
        "indicators": [
            {
                "public_id": each.public_id,
                "label": label(each.labels, revision.language),
                "unit": each.unit,
                "baseline": each.baseline,
                "baseline_on": each.baseline_on,
                "target": each.target,
                "target_on": each.target_on,
            }
            for each in plan.indicators
        ],
        "milestones": [
            {
                "key": each.key,
                "label": label(each.labels, revision.language),
                "due_on": each.due_on,
                "met_on": each.met_on,
            }
            for each in plan.milestones
        ],
    }


@dataclass(frozen=True, slots=True)
class Newer:
    """Hold a text that was saved meanwhile, and how what was typed differs from it."""

    title: str
    text: str
    language: str
    title_changes: Sequence[tuple[str, str]]
    text_changes: Sequence[tuple[str, str]]
    stamp: str = ""


def newer(revision: CommitmentRevision, title: str, text: str) -> Newer:
    """Return the text that was saved meanwhile beside what was typed."""
    return Newer(
        revision.title,
        revision.text,
        revision.language,
        diff.diff_words(revision.title, title),
        diff.diff_words(revision.text, text),
    )


def newer_translation(
    revision: CommitmentRevision, code: str, title: str | None, text: str | None
) -> Newer | None:
    """Return the translation that stands there beside what was typed, if there is one."""
    for each in revision.translations:
        if each.language == code:
            return Newer(
                each.title,
                each.text,
                each.language,
                diff.diff_words(each.title, title or ""),
                diff.diff_words(each.text, text or ""),
                each.stamp,
            )
    return None


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """Hold one translation in the list of all."""

    number: int
    code: str
    name: str
    kind: str
    at: datetime
    outdated: bool


def translatable(texts: Sequence[CommitmentRevision]) -> list[CommitmentRevision]:
    """Return the texts that may be translated, the one in force first."""
    found = [text for text in texts if text.state in PUBLIC_STATES]
    return sorted(found, key=lambda text: -text.number)


def revision_choices(texts: Sequence[CommitmentRevision]) -> list[tuple[str, str]]:
    """Return the texts as choices that say which one is in force."""
    return [
        (
            str(text.number),
            _(
                "Text %(number)s, in force since %(date)s",
                number=text.number,
                date=format_date(text.decided_at),
            )
            if text.state == TextState.ACCEPTED
            else _(
                "Text %(number)s of %(date)s, superseded",
                number=text.number,
                date=format_date(text.decided_at),
            ),
        )
        for text in texts
    ]


def translation_rows(texts: Sequence[CommitmentRevision]) -> list[TranslationRow]:
    """Return all translations, those of the text in force first."""
    return [
        TranslationRow(
            text.number,
            each.language,
            languages.name(each.language),
            each.kind,
            each.created_at,
            text.state != TextState.ACCEPTED,
        )
        for text in texts
        for each in text.translations
    ]


def translation_values(
    texts: Sequence[CommitmentRevision], number: str, code: str
) -> dict[str, Any]:
    """Return the values with which the form of a translation begins."""
    text = next((each for each in texts if str(each.number) == number), texts[0])
    present = next((each for each in text.translations if each.language == code), None)
    values: dict[str, Any] = {"revision": str(text.number), "language": code}
    if present is not None:
        values |= {
            "kind": present.kind,
            "title": present.title,
            "text": present.text,
            "seen": present.stamp,
        }
    return values
