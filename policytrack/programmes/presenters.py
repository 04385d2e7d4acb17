"""Show what people need who write of a programme: choices, items, and what is newer than theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from wtforms import SelectChoice

from policytrack.core.i18n import collated, label, label_language, language
from policytrack.frameworks.models import Theme
from policytrack.library.words import TYPE_WORDS
from policytrack.programmes.content import Description
from policytrack.programmes.models import Programme, ProgrammeItem
from policytrack.programmes.queries import Paper, Reference
from policytrack.programmes.words import HEADING_WORDS


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one choice and the language that its name is in."""

    code: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Hold choices under one heading; an empty heading is none."""

    heading: str
    items: Sequence[Item]


Groups = Mapping[str, Sequence[ChoiceGroup]]


def groups(reference: Reference, here: Description) -> Groups:
    """Return, by field, what can be chosen; what is retired only where the programme has it."""
    places = [ChoiceGroup("", countries(reference))]
    return {
        "origins": places,
        "destinations": places,
        "both": places,
        "themes": _areas(reference.themes, here.themes),
        "sectors": [ChoiceGroup("", _offered(reference.sectors, here.sectors))],
        "target_groups": [ChoiceGroup("", _offered(reference.target_groups, here.target_groups))],
    }


def countries(reference: Reference) -> list[Item]:
    """Return countries and territories in the reader's order."""
    found = [_choice(each.iso2, each.labels) for each in reference.countries]
    return collated(found, [each.name for each in found], language().code)


def pairs(choices: Iterable[ChoiceGroup]) -> list[tuple[str, str]]:
    """Return choices as a field takes them."""
    return [(each.code, each.name) for group in choices for each in group.items]


def _choice(code: str, labels: Mapping[str, str]) -> Item:
    return Item(code, label(labels), label_language(labels))


def _offered(terms: Iterable[Any], held: Sequence[str]) -> list[Item]:
    return [
        _choice(each.code, each.labels)
        for each in terms
        if not each.retired or each.code in held
    ]  # fmt: skip


def _areas(themes: Sequence[Theme], held: Sequence[str]) -> list[ChoiceGroup]:
    return [
        ChoiceGroup(
            label(area.labels),
            _offered((each for each in themes if area.code in {each.code, each.parent_code}), held),
        )
        for area in themes
        if area.parent_code is None
    ]


@dataclass(frozen=True, slots=True)
class Head:
    """Hold what each page on which a programme is written says of it."""

    code: str
    name: str
    language: str
    demonstration: bool


def head(programme: Programme) -> Head:
    """Return what names a programme."""
    labels = programme.labels
    return Head(programme.code, label(labels), label_language(labels), programme.demonstration)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """Hold an item in the list of those who write it; `weak` where readers do not see it."""

    code: str
    text: str
    language: str
    weak: bool
    first: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class ItemList:
    """Hold the items of one kind."""

    kind: str
    heading: str
    rows: Sequence[ItemRow]


def item_lists(programme: Programme, weak: Iterable[str]) -> list[ItemList]:
    """Return what stands on the programme's page, by kind, in its order."""
    present = [each for each in programme.items if not each.retired]
    lists = []
    for kind, words in HEADING_WORDS.items():
        found = [each for each in present if each.kind == kind]
        rows = [
            _row(each, weak, first=at == 0, last=at == len(found) - 1)
            for at, each in enumerate(found)
        ]
        lists.append(ItemList(kind, str(words), rows))
    return lists


def removed(programme: Programme, weak: Iterable[str]) -> list[ItemRow]:
    """Return what was removed and can be put back."""
    return [_row(each, weak) for each in programme.items if each.retired]


def _row(
    item: ProgrammeItem, weak: Iterable[str], *, first: bool = False, last: bool = False
) -> ItemRow:
    labels = item.labels
    return ItemRow(
        code=item.code,
        text=label(labels),
        language=label_language(labels),
        weak=item.confidence in weak,
        first=first,
        last=last,
    )


@dataclass(frozen=True, slots=True)
class PaperRow:
    """Hold a document that is linked."""

    public_id: str
    title: str
    language: str
    kind: str
    url: str


def paper_rows(found: Iterable[Paper]) -> list[PaperRow]:
    """Return linked documents, the earliest first."""
    return [
        PaperRow(
            each.public_id,
            each.title,
            each.language,
            str(TYPE_WORDS.get(each.type, "")),
            url_for("library.show", public_id=each.public_id),
        )
        for each in sorted(found, key=lambda each: (each.issued, each.title, each.id))
    ]


@dataclass(frozen=True, slots=True)
class PaperLink:
    """Hold the document that something rests on; the address leads to the page, if it is known."""

    title: str
    language: str
    page: str
    url: str


def paper_link(paper: Paper, page: str) -> PaperLink:
    """Return where a statement stands: in the text of the document, where there is one."""
    number = int(page) if page.isascii() and page.isdecimal() else 0
    if 0 < number <= paper.pages:
        url = url_for("library.text", public_id=paper.public_id, page=number, _anchor=f"p{number}")
    else:
        url = url_for("library.show", public_id=paper.public_id)
    return PaperLink(paper.title, paper.language, page, url)


# What a form carries beside what somebody wrote.
_CARRIED = frozenset({"seen", "form_key"})


@dataclass(frozen=True, slots=True)
class Newer:
    """Hold a field in which somebody saved something else in the meantime."""

    words: str
    text: str


def newer(form: Any, present: Mapping[str, Any]) -> list[Newer]:
    """Return what stands now, in words, where it differs from what was typed."""
    found = []
    for field in form:
        name = field.name
        if name in _CARRIED or name not in present:
            continue
        here, typed = present[name], field.data
        if isinstance(here, list):
            here, typed = sorted(here), sorted(typed or ())
        if (here or None) != (typed or None):
            found.append(Newer(str(field.label.text), _worded(field, here)))
    return found


def _worded(field: Any, value: Any) -> str:
    offered = getattr(field, "choices", None) or ()
    words = {
        str(each.value if isinstance(each, SelectChoice) else each[0]): str(
            each.label if isinstance(each, SelectChoice) else each[1]
        )
        for each in offered
    }
    if isinstance(value, list):
        return "\n".join(words.get(each) or str(each) for each in value)
    return "" if value is None else words.get(str(value)) or str(value)
