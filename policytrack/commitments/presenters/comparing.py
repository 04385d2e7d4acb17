"""Lay two texts over each other, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.presenters.classification import (
    IndicatorView,
    MilestoneView,
    facts,
    gender_words,
)
from policytrack.commitments.queries import Classification
from policytrack.core import diff, languages
from policytrack.core.i18n import format_date
from policytrack.core.i18n import gettext as _


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
