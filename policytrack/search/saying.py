"""Say by which words a question was widened, and how to leave them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policytrack.core import languages
from policytrack.core.i18n import LANGUAGES, language
from policytrack.search.addresses import address
from policytrack.search.asking.glossary import Recognised, Term
from policytrack.search.engine import Found, Wanted

# So many are named at once; the others open on demand.
_FEW = 5


@dataclass(frozen=True, slots=True)
class Tongue:
    """Hold what a concept is called in one language."""

    code: str
    name: str
    terms: Sequence[str]


@dataclass(frozen=True, slots=True)
class Saying:
    """Hold by what a concept was widened: `url` leaves that out or, not `applied`, takes it in.

    `few` are the first of the terms, `tongues` all that can be shown, by language; `unseen` names
    the languages whose terms were looked for and cannot.
    """

    typed: str
    applied: bool
    few: Sequence[Term]
    tongues: Sequence[Tongue]
    unseen: Sequence[str]
    count: int
    url: str


def sayings(found: Found, wanted: Wanted) -> list[Saying]:
    """Return by what a question was widened, concept by concept."""
    return [_saying(each, wanted) for each in found.concepts if each.terms]


def url_of_all(wanted: Wanted) -> str:
    """Return the address of the question as it was typed or, where it is, of the widened one."""
    return address(replace(wanted, expand=not wanted.expand, exact=()))


def _saying(concept: Recognised, wanted: Wanted) -> Saying:
    shown = [term for term in concept.terms if term.shown]
    first = list(dict.fromkeys((language().code, *LANGUAGES)))
    codes = list(dict.fromkeys(term.language for term in shown))
    codes.sort(key=lambda code: first.index(code) if code in first else len(first))
    tongues = [
        Tongue(code, languages.name(code), [term.text for term in shown if term.language == code])
        for code in codes
    ]
    seen = set(codes)
    unseen = dict.fromkeys(term.language for term in concept.terms if term.language not in seen)
    exact = tuple(code for code in wanted.exact if code != concept.code)
    if concept.applied:
        exact = (*exact, concept.code)
    few = [next(term for term in shown if term.language == code) for code in codes[:_FEW]]
    return Saying(
        concept.typed,
        concept.applied,
        few,
        tongues,
        [languages.name(code) for code in unseen],
        len(concept.terms),
        address(replace(wanted, exact=exact, expand=True)),
    )
