"""Make of cells the texts and translations of a commitment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from policytrack.commitments.rules import Plan
from policytrack.commitments.service import TextCommand, TranslationCommand
from policytrack.reference.rules import LANGUAGES
from policytrack.reporting.workbook.known import Known, Translation
from policytrack.reporting.workbook.plans import Change, Line
from policytrack.reporting.workbook.sheets import COMMITMENTS

_LISTS = (
    "provisions",
    "themes",
    "sectors",
    "target_groups",
    "countries",
    "corridors",
    "supporters",
)
PARTS = ("title", "text", "kind")
_TRANSLATED = tuple(f"{part}_{code}" for code in LANGUAGES for part in PARTS)


def plain(line: Line) -> dict[str, str]:
    """Return what a row says of the text itself."""
    left = {"key", "demonstration", "lead", *_TRANSLATED}
    return {name: text for name, text in line.values.items() if name not in left}


def changed_translations(
    before: Mapping[str, Translation], given: Mapping[str, Translation], here: Known
) -> list[Change]:
    """Return what changes in translations, part by part; `before` are those of the base text."""
    old = here.in_force.translations if here.in_force else {}
    changed = []
    for code, translation in given.items():
        present = before.get(code) or old.get(code) or Translation("", "", "")
        for part, was, becomes in zip(PARTS, present, translation, strict=True):
            if was != becomes:
                heading = COMMITMENTS.by_name[f"{part}_{code}"].heading
                changed.append(Change(heading, was, becomes))
    return changed


def text_command(values: Mapping[str, str], plan: Plan) -> TextCommand:
    """Return the command that writes a text; its values are cells that passed their checks."""
    lists = {name: tuple(filter(None, values[name].split(";"))) for name in _LISTS}
    return TextCommand(
        language=values["language"],
        title=values["title"],
        text=values["text"],
        gender_marker=int(values["gender_marker"]),
        starts_on=_day(values["starts_on"]),
        due_on=_day(values["due_on"]),
        plan=plan,
        **lists,
    )


def translation_commands(translations: Mapping[str, Translation]) -> tuple[TranslationCommand, ...]:
    """Return the commands that write translations, by language."""
    return tuple(
        TranslationCommand(0, code, each.kind, each.title, each.text)
        for code, each in translations.items()
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
