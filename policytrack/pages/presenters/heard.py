"""Say of each group of a country when it was last heard, and name its organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from policytrack.constituents.models import Constituent
from policytrack.constituents.presenters import all_group_words
from policytrack.constituents.rules import Group
from policytrack.core.i18n import collated, label, label_language, language
from policytrack.pages.queries.heard import Body


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """Hold an organisation in a list; `state` is one of `heard`, `silent`, `waiting`, `unasked`.

    `at` is when it was last heard, or since when it is silent; None for the other two.
    """

    name: str
    language: str
    acronym: str
    url: str
    focal: bool
    as_of: date | None
    demonstration: bool
    state: str
    at: date | None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Hold a group: its organisations, and when it was last heard through any of them.

    `state` is that of an organisation, or `unlisted`: it has none, and nobody could be asked.
    """

    key: str
    word: str
    state: str
    at: date | None
    organisations: Sequence[OrganisationLine]


def groups(bodies: Sequence[Body]) -> list[GroupLine]:
    """Return governments, employers, workers; and observers, where there are any.

    Nobody is merged: an organisation that was heard does not end the silence of another.
    """
    words = all_group_words()
    found = [
        _group(key, word, [each for each in bodies if each.constituent.group == key])
        for key, word in words.items()
    ]
    return [each for each in found if each.key != Group.OBSERVERS or each.organisations]


def _group(key: str, word: str, bodies: Sequence[Body]) -> GroupLine:
    lines = [organisation_line(each.constituent, each) for each in bodies]
    named = collated(lines, [line.name for line in lines], language().code)
    state, at = _state(bodies)
    return GroupLine(
        key=key,
        word=word,
        state=state,
        at=at,
        # Those that are real first: what is invented is an example.
        organisations=sorted(named, key=lambda line: (line.demonstration, not line.focal)),
    )


def _state(bodies: Sequence[Body]) -> tuple[str, date | None]:
    if not bodies:
        return "unlisted", None
    heard = [each.heard_at for each in bodies if each.heard_at and not each.silent_since]
    if heard:
        return "heard", max(heard)
    silent = [each.silent_since for each in bodies if each.silent_since]
    if silent:
        return "silent", max(silent)
    return ("waiting" if any(each.asked for each in bodies) else "unasked"), None


def organisation_line(body: Constituent, known: Body | None = None) -> OrganisationLine:
    """Return an organisation as lists show it, with when it was heard where that is known."""
    state, at = _state([known]) if known else ("", None)
    if state == "unasked" and body.group == Group.OBSERVERS:
        state = ""  # observers are not asked to report
    return OrganisationLine(
        name=label(body.labels),
        language=label_language(body.labels),
        acronym=body.acronym,
        url=url_for("pages.constituent", public_id=body.public_id),
        focal=body.focal_ministry,
        as_of=body.as_of,
        demonstration=body.demonstration,
        state=state,
        at=at,
    )
