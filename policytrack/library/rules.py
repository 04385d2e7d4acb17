"""Decide what a library document may be, who takes it further, and what it lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policytrack.core import review
from policytrack.core.errors import StaleVersion
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Permission
from policytrack.core.review import Action, State, Step

WORKFLOW = review.Workflow(
    write=Permission.LIBRARY_WRITE,
    submit=Permission.LIBRARY_SUBMIT,
    review=Permission.LIBRARY_REVIEW,
)


def step(state: str, action: Action) -> Step:
    """Return what an action leads to; raise `StaleVersion` where the state has moved on."""
    found = WORKFLOW.steps.get((State(state), action))
    if found is None:
        raise StaleVersion(_("This document has moved on in the meantime; that step is closed."))
    return found


class Type(StrEnum):
    """Name what a document is."""

    LAW = "law"
    POLICY = "policy"
    AGREEMENT = "agreement"
    CONTRACT = "contract"
    PRACTICE = "practice"
    RESEARCH = "research"
    EVALUATION = "evaluation"
    RESPONSE = "management_response"
    STATEMENT = "statement"
    MEETING = "meeting_document"


# What can be in force, and end.
LEGAL = frozenset({Type.LAW, Type.POLICY, Type.AGREEMENT, Type.CONTRACT})


class LegalStatus(StrEnum):
    """Name where a legal text stands; nothing is said where it is not known."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REPEALED = "repealed"


class Visibility(StrEnum):
    """Name who may read a published document."""

    PUBLIC = "public"
    CONSTITUENTS = "constituents"


class Rights(StrEnum):
    """Name whether copies may be handed out, or only a link to the source."""

    COPY = "copy"
    LINK = "link"


class Relation(StrEnum):
    """Name how one document stands to an earlier one."""

    AMENDS = "amends"
    REPEALS = "repeals"
    REPLACES = "replaces"
    TRANSLATES = "translation_of"
    EVALUATES = "evaluates"
    RESPONDS = "responds_to"
    RELATED = "related"


class Recognition(StrEnum):
    """Name how far a machine has come with a page that has no text layer."""

    WAITING = ""
    BEGUN = "begun"
    AGAIN = "again"
    READ = "read"
    NOTHING = "nothing"
    FAILED = "failed"
    NO_DATA = "no_data"


# What a page becomes when its turn has come. One at which two workers ended is not tried again.
TURNS: Mapping[Recognition, Recognition] = {
    Recognition.WAITING: Recognition.BEGUN,
    Recognition.BEGUN: Recognition.AGAIN,
    Recognition.AGAIN: Recognition.FAILED,
}
# After so many pages that no machine could read, the rest of a file is left.
MOST_FAILED = 10

# The fields of the public databases of practices, beside those that every document has.
PRACTICE_TEXTS = (
    "why_good", "practice_type", "scope", "subregions", "implementer", "implementer_type",
    "partners", "funders", "outcomes", "challenges", "lessons", "replication", "sustainability",
    "innovation", "start", "end", "source", "date_shared", "contact",
)  # fmt: skip
PRACTICE_LISTS = ("gcm_objectives", "gcm_principles", "sdgs")
# Whom to ask about a practice is for the secretariat.
NEVER_PUBLIC = frozenset({"contact"})

TITLE_LENGTH = 500
LINE_LENGTH = 300
SUMMARY_LENGTH = 10_000
PRACTICE_LENGTH = 20_000
URL_LENGTH = 2_000
SOURCE_ID_LENGTH = 120
AUTHORS = 40
FILES = 20
LIST_LENGTH = 60
REASON_LENGTH = 5_000

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def partial_date(given: str) -> str:
    """Return a date as exact as it is known, `2016`, `2016-12` or `2016-12-09`, or empty.

    Raises `ValueError` for anything else.
    """
    text = given.strip()
    if not text:
        return ""
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = found.groups()
    date(int(year), int(month or 1), int(day or 1))
    return text


def first_day(partial: str) -> date | None:
    """Return the first day that a date of `partial_date` can mean, to sort by."""
    if not partial:
        return None
    year, month, day = [*partial.split("-"), "1", "1"][:3]
    return date(int(year), int(month), int(day))


# A name between quotation marks is taken as it is.
_QUOTED = re.compile(r"[\"“”«„]\s*(.+?)\s*[\"“”»]", re.DOTALL)
_NAME = r"((?:\\.|[^\\,،])*)"
_PERSON = re.compile(f"{_NAME}[,،]{_NAME}", re.DOTALL)
_SIGN = re.compile(r"[\\,،\"“”«»„]")
_MARKED = re.compile(rf"\\({_SIGN.pattern})")


def author(text: str) -> dict[str, str]:
    """Return a person of “family, given”, or else an organisation or a person of one name.

    A person who is known to have no other name is “family,”. What stands between quotation marks
    is no person, whatever commas it has. A backslash before a sign makes it a part of the name.
    """
    name = text.strip()
    if quoted := _QUOTED.fullmatch(name):
        return {"literal": quoted[1]}
    if found := _PERSON.fullmatch(name):
        family, given = (_MARKED.sub(r"\1", each.strip()) for each in found.groups())
        if family:
            return {"family": family, **({"given": given} if given else {})}
    return {"literal": name}


def author_text(author: Mapping[str, str]) -> str:
    """Return an author as `author` reads it."""
    if literal := author.get("literal", ""):
        quoted = "," in literal or "،" in literal or _QUOTED.fullmatch(literal)
        return f"“{literal}”" if quoted else literal
    names = [name for part in ("family", "given") if (name := author.get(part, ""))]
    marked = [_SIGN.sub(r"\\\g<0>", each) for each in names]
    return ", ".join(marked) if len(marked) > 1 else f"{''.join(marked)},"


@dataclass(frozen=True, slots=True)
class Submission:
    """Hold what decides whether a revision is ready to be submitted."""

    title: str
    type: str
    language: str
    has_content: bool
    people_protected: bool


def missing(given: Submission) -> Mapping[str, object]:
    """Return what a revision still lacks, as sentences by the name of the form field."""
    found: dict[str, object] = {}
    if not given.title.strip():
        found["title"] = _("Give the document its title.")
    if not given.type:
        found["type"] = _("Say what kind of document this is.")
    if not given.language:
        found["language"] = _("Say in which language it is written.")
    if not given.has_content:
        found["files"] = _("Add a file, a link to the source, or a summary.")
    if not given.people_protected:
        found["people_protected"] = _("Confirm that nobody can be identified.")
    return found
