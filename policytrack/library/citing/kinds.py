"""Say what each kind of document is called in each form of a citation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from policytrack.library.rules import Type


class Other(StrEnum):
    """Name what is cited and is no document of the library: what stands on a page of this site."""

    NOTE = "progress_note"
    COMMITMENT = "commitment"
    PAGE = "page"


Kind = Type | Other


def kind_of(name: str) -> Kind:
    """Return the kind of that name; raise `ValueError` where there is none."""
    return Other(name) if name in set(Other) else Type(name)


@dataclass(frozen=True, slots=True)
class Names:
    """Hold what a kind is called.

    `genre` is said beside the title in each language that the site speaks; nothing where the title
    says it. RIS has no word for a plain document that all programs read (they take GEN for an
    article), hence the report, with its genre.
    """

    csl: str
    bibtex: str
    ris: str
    zotero: str
    schema: str
    genre: Mapping[str, str] = field(default_factory=dict)


def _genre(en: str, fr: str, ar: str) -> Mapping[str, str]:
    return MappingProxyType({"en": en, "fr": fr, "ar": ar})


_REPORT = ("report", "techreport", "RPRT", "report", "Report")

NAMES: Mapping[Kind, Names] = MappingProxyType(
    {
        # The genre keeps styles from calling every law of the world a "Pub. L.".
        Type.LAW: Names(
            "legislation", "misc", "STAT", "statute", "Legislation", _genre("Law", "Loi", "قانون")
        ),
        Type.AGREEMENT: Names(
            "treaty", "misc", "STAT", "statute", "Legislation",
            _genre("Agreement", "Accord", "اتفاق"),
        ),
        Type.POLICY: Names(*_REPORT),
        Type.RESEARCH: Names(*_REPORT),
        Type.EVALUATION: Names(
            *_REPORT, _genre("Evaluation report", "Rapport d’évaluation", "تقرير تقييم")
        ),
        Type.RESPONSE: Names(
            *_REPORT, _genre("Management response", "Réponse de la direction", "رد الإدارة")
        ),
        Type.MEETING: Names(
            "report", "techreport", "RPRT", "report", "DigitalDocument",
            _genre("Meeting document", "Document de réunion", "وثيقة اجتماع"),
        ),
        Type.CONTRACT: Names(
            "document", "misc", "RPRT", "document", "DigitalDocument",
            _genre("Standard contract", "Contrat type", "عقد نموذجي"),
        ),
        Type.PRACTICE: Names(
            "document", "misc", "RPRT", "document", "CreativeWork",
            _genre("Good practice", "Bonne pratique", "ممارسة جيدة"),
        ),
        Type.STATEMENT: Names(
            "document", "misc", "RPRT", "document", "DigitalDocument",
            _genre("Statement", "Déclaration", "بيان"),
        ),
        Other.NOTE: Names(*_REPORT, _genre("Progress note", "Note d’avancement", "إفادة متابعة")),
        Other.COMMITMENT: Names(*_REPORT, _genre("Commitment", "Engagement", "التزام")),
        Other.PAGE: Names("webpage", "misc", "ELEC", "webpage", "WebPage"),
    }
)  # fmt: skip

# What is cited by its title and number, as lawyers do.
LEGAL = frozenset({Type.LAW, Type.AGREEMENT})


def genre(kind: Kind, own: str, language: str = "en") -> str:
    """Return what to call the document beside its title: its own word, else that of its kind."""
    words = NAMES[kind].genre
    return own or words.get(language) or words.get("en", "")


# What begins as a number does: 18 of 2007, C189, L. 12.
_BARE = re.compile(r"(?:[^\W\d_]\.?\s?)?\d")
_SAYS_SO = re.compile(r"(?:no|nos|number|n°|nᵒ|nº|numéro|nomor|رقم)\b", re.IGNORECASE)


def is_bare(number: str) -> bool:
    """Tell whether a number does not say that it is one."""
    return _BARE.match(number) is not None


def says_its_kind(number: str) -> bool:
    """Tell whether a number says what has it: Act No. 26 of 2007, Royal Decree M/51."""
    return bool(number) and not is_bare(number) and _SAYS_SO.match(number) is None
