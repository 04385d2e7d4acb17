"""Plan the commitments of a workbook, with their indicators and milestones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from policytrack.commitments import rules
from policytrack.commitments.rules import Plan
from policytrack.commitments.service import Arrival, TranslationCommand
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.translations import Kind, same_language
from policytrack.reference.rules import LANGUAGES
from policytrack.reporting.workbook import known
from policytrack.reporting.workbook.cells import Lists
from policytrack.reporting.workbook.known import Commitments, Known, Standing, Translation
from policytrack.reporting.workbook.planning import lines as reading
from policytrack.reporting.workbook.planning import parts
from policytrack.reporting.workbook.planning.organisations import Organisations
from policytrack.reporting.workbook.planning.texts import (
    PARTS,
    changed_translations,
    plain,
    text_command,
    translation_commands,
)
from policytrack.reporting.workbook.plans import Change, Faults, Line, Outcome, Planned
from policytrack.reporting.workbook.sheets import COMMITMENTS, INDICATORS, MILESTONES

_AWAITS = _("Waits for the word of its lead; what is in force stays.")
_BUSY = _(
    "Another text of this commitment is being prepared. Ask the focal point of its lead about it."
)
_DECLINED = _("Its lead declined this text: there is nothing to translate.")


@dataclass(slots=True)
class Gathered:
    """Hold all rows of a workbook that speak of one commitment."""

    key: str
    known: Known | None = None
    line: Line | None = None
    indicators: list[Line] = field(default_factory=list)
    milestones: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> Iterator[Line]:
        """Return the rows."""
        if self.line is not None:
            yield self.line
        yield from self.indicators
        yield from self.milestones


@dataclass(slots=True)
class Promises:
    """Hold what is to be written of commitments; supporters and leads are codes still."""

    arrivals: list[Arrival] = field(default_factory=list)
    translations: dict[int, tuple[TranslationCommand, ...]] = field(default_factory=dict)


class Planner:
    """Plan one commitment after the other, with everything that they share."""

    def __init__(self, bodies: Organisations, lists: Lists, faults: Faults) -> None:
        self.bodies, self.lists, self.faults = bodies, lists, faults
        self.promises = Promises()
        self.planned: dict[int, Planned] = {}

    def one(self, each: Gathered) -> None:
        """Plan the rows of one commitment."""
        demonstration = each.line is not None and each.line.is_demonstration
        for line in each.lines:
            if demonstration or line.is_demonstration:
                self._note(reading.passed(line))
        lines = [line for line in each.lines if id(line) not in self.planned]
        if not lines:
            return
        entry = each.known.entry if each.known else None
        if entry and entry.demonstration:
            for line in lines:
                self.faults.of_line(line, line.sheet.key, reading.INVENTED)
        elif each.known is None:
            self._begin(each, lines)
        elif each.known.standings:
            self._go_on(each, each.known)
        else:
            for line in lines:
                self.faults.of_line(line, line.sheet.key, _BUSY)
        for line in lines:
            if id(line) not in self.planned:
                self._note(reading.ended(line, (), is_new=False))

    def _note(self, planned: Planned) -> None:
        self.planned[id(planned.line)] = planned

    # A commitment that is new here

    def _begin(self, each: Gathered, lines: Sequence[Line]) -> None:
        line = each.line
        if line is None:
            for part in lines:
                self.faults.of_line(
                    part,
                    "commitment",
                    _(
                        "There is no commitment with this key, neither here nor on the sheet"
                        " “Commitments”."
                    ),
                )
            return
        reading.check_required(line, None, self.faults)
        reading.check_retired(line, None, self.lists, self.faults)
        self._check_lead(line)
        values = {**dict.fromkeys(COMMITMENTS.by_name, ""), **line.values}
        self._check_values(line, values)
        translations = self._translations(line, values["language"])
        plan, of_parts = self._plan(each, Plan(), values["language"])
        changed = reading.changes(COMMITMENTS, {"key": line.key}, line.values)
        self._note(reading.ended(line, changed, is_new=True, remark=_AWAITS))
        for planned in of_parts:
            self._note(planned)
        if not any(row.faulty for row in each.lines):
            self.promises.arrivals.append(
                Arrival(
                    text_command(values, plan),
                    translation_commands(translations),
                    key=line.key,
                    lead=values["lead"],
                )
            )

    def _check_lead(self, line: Line) -> None:
        body = self.bodies.cells.get(line.given("lead"))
        if body is None:
            return  # that was said of the cell, or of the organisation's own row
        if body["demonstration"]:
            self.faults.of_line(line, "lead", _("This organisation is demonstration content."))
        elif body["retired"]:
            sentence = _("This organisation is retired: it undertakes nothing new.")
            self.faults.of_line(line, "lead", sentence)

    # A commitment that is here already

    def _go_on(self, each: Gathered, here: Known) -> None:
        line = each.line
        if line is not None and line.values.get("lead", here.entry.lead) != here.entry.lead:
            self.faults.of_line(
                line,
                "lead",
                _(
                    "The lead of this commitment is %(lead)s. It does not change: withdraw this"
                    " commitment and propose another.",
                    lead=here.entry.lead,
                ),
            )
        given = self._translations(line, here.standings[0].language) if line else {}
        if any(self._repeats(each, here, given, standing) for standing in here.standings):
            return
        base = here.proposed or here.in_force or here.standings[0]
        values = {**base.values, **({} if line is None else line.values)}
        if line is not None:
            reading.check_required(line, base.values, self.faults)
            reading.check_retired(line, base.values, self.lists, self.faults)
            self._check_values(line, values)
        plan, of_parts = self._plan(each, base.plan, values["language"])
        changed = list(reading.changes(COMMITMENTS, base.values, plain(line))) if line else []
        of_text = bool(changed) or plan != base.plan
        wanted = self._wanted(here, base, given, values, is_new_text=of_text)
        changed += changed_translations(base.translations, given, here)
        self._end(each, here, base, of_text, given, changed, of_parts)
        if any(row.faulty for row in each.lines):
            return
        if of_text or here.proposed:
            arrival = Arrival(
                text_command(values, plan), translation_commands(wanted), here.entry.id
            )
            self.promises.arrivals.append(arrival)
        elif wanted:
            self.promises.translations[here.entry.id] = translation_commands(wanted)

    def _end(
        self,
        each: Gathered,
        here: Known,
        base: Standing,
        of_text: bool,
        given: Mapping[str, Translation],
        changed: Sequence[Change],
        of_parts: Sequence[Planned],
    ) -> None:
        line = each.line
        proposes = of_text or here.proposed is not None
        if proposes and here.busy:
            row = line or next(each.lines)
            self.faults.of_line(row, row.sheet.key, _BUSY)
        elif not proposes and base is not here.in_force and line is not None:
            self.faults.of_line(line, "key", _DECLINED)
        if not proposes and line is not None and here.in_force:
            self._check_worth(line, here.in_force, given)
        remark = _AWAITS if proposes else ""
        if line is not None:
            self._note(reading.ended(line, changed, is_new=False, remark=remark if changed else ""))
        for planned in of_parts:
            self._note(planned)

    def _repeats(
        self,
        each: Gathered,
        here: Known,
        given: Mapping[str, Translation],
        standing: Standing,
    ) -> bool:
        """Tell whether the rows say what this text says already."""
        if each.line is not None:
            said = plain(each.line)
            if any(text != standing.values.get(name, text) for name, text in said.items()):
                return False
        olds = [standing, *([here.in_force] if here.in_force else [])]
        for language, translation in given.items():
            if not any(old.translations.get(language) == translation for old in olds):
                return False
        plan, language = standing.plan, standing.language
        return parts.repeats(
            parts.INDICATORS, plan.indicators, each.indicators, language
        ) and parts.repeats(parts.MILESTONES, plan.milestones, each.milestones, language)

    def _wanted(
        self,
        here: Known,
        base: Standing,
        given: Mapping[str, Translation],
        values: Mapping[str, str],
        *,
        is_new_text: bool,
    ) -> dict[str, Translation]:
        """Return the translations that go with the text.

        Those of older words stay behind with these words, unless the words are the same.
        """
        words = ("title", "text", "language")
        same_words = all(values[name] == base.values[name] for name in words)
        if not is_new_text and base is here.in_force:
            return {
                language: translation
                for language, translation in given.items()
                if base.translations.get(language) != translation
            }
        kept = dict(base.translations) if same_words else {}
        old = here.in_force.translations if here.in_force else {}
        for language, translation in given.items():
            if same_words or old.get(language) != translation:
                kept[language] = translation
        return kept

    def _check_worth(self, line: Line, here: Standing, given: Mapping[str, Translation]) -> None:
        """Note translations that only the lead's focal point may add, or none may replace."""
        for code, translation in given.items():
            present = here.translations.get(code)
            if present == translation or line.faulty:
                continue
            if translation.kind == Kind.OFFICIAL:
                sentence = _("Only the lead's focal point adds an official translation.")
                self.faults.of_line(line, f"kind_{code}", sentence)
            elif not rules.may_replace(present.kind if present else None, translation.kind):
                sentence = _("A better translation stands here already; this one is not taken.")
                self.faults.of_line(line, f"kind_{code}", sentence)

    # What both have in common

    def _check_values(self, line: Line, values: Mapping[str, str]) -> None:
        if values["starts_on"] and values["due_on"] and values["starts_on"] > values["due_on"]:
            self.faults.of_line(line, "due_on", _("The due date lies before the start."))
        for code in filter(None, values["supporters"].split(";")):
            body = self.bodies.cells.get(code)
            if body is not None and body["demonstration"]:
                sentence = _("This organisation is demonstration content.")
                self.faults.of_line(line, "supporters", sentence)
                return

    def _translations(self, line: Line, language: str) -> dict[str, Translation]:
        """Return the translations that a row gives; note those that are not whole."""
        found = {}
        written = line.given("language") or language
        for code in LANGUAGES:
            names = [f"{part}_{code}" for part in PARTS]
            title, text, kind = (line.given(name) for name in names)
            if not (title or text or kind):
                continue
            if written and same_language(code, written):
                sentence = _("This is the language of the original.")
                self.faults.of_line(line, next(n for n in names if line.given(n)), sentence)
                continue
            for name in names:
                if not line.given(name) and not line.faulty:
                    sentence = _(
                        "A translation needs its title, its text, and a word on what it is worth."
                    )
                    self.faults.of_line(line, name, sentence)
            found[code] = Translation(title, text, kind)
        return found

    def _plan(self, each: Gathered, base: Plan, language: str) -> tuple[Plan, list[Planned]]:
        indicators, of_indicators = parts.merged(
            parts.INDICATORS, base.indicators, each.indicators, language, self.faults
        )
        milestones, of_milestones = parts.merged(
            parts.MILESTONES, base.milestones, each.milestones, language, self.faults
        )
        return Plan(tuple(indicators), tuple(milestones)), [*of_indicators, *of_milestones]


def plan(
    session: Session,
    bodies: Organisations,
    lists: Lists,
    found: Mapping[str, Sequence[Line]],
    faults: Faults,
) -> tuple[dict[str, list[Planned]], Promises]:
    """Return what the rows of the three sheets do, by sheet."""
    here = known.index(session)
    gathered = _gather(session, here, found, faults)
    planner = Planner(bodies, lists, faults)
    for each in gathered:
        planner.one(each)
    planned: dict[str, list[Planned]] = {}
    for sheet in (COMMITMENTS, INDICATORS, MILESTONES):
        if sheet.name in found:
            planned[sheet.name] = [_as_it_ended(planner, line) for line in found[sheet.name]]
    return planned, planner.promises


def _as_it_ended(planner: Planner, line: Line) -> Planned:
    planned = planner.planned.get(id(line))
    return planned if planned and not line.faulty else Planned(line, Outcome.REFUSED)


def _gather(
    session: Session,
    here: Commitments,
    found: Mapping[str, Sequence[Line]],
    faults: Faults,
) -> list[Gathered]:
    def identity(line: Line) -> object:
        entry = here.by_key.get(line.key)
        return entry.id if entry else line.key

    gathered: dict[object, Gathered] = {}

    def of(line: Line) -> Gathered:
        return gathered.setdefault(identity(line), Gathered(line.key))

    for line in reading.distinct(found.get(COMMITMENTS.name, ()), faults, identity):
        of(line).line = line
    for sheet in (INDICATORS, MILESTONES):
        lines = [line for line in found.get(sheet.name, ()) if line.given("number")]
        for line in reading.distinct(
            lines, faults, lambda line: (identity(line), line.given("number"))
        ):
            each = of(line)
            (each.indicators if sheet is INDICATORS else each.milestones).append(line)
    entries = [here.by_key[each.key] for each in gathered.values() if each.key in here.by_key]
    texts = known.commitments(session, entries)
    for each in gathered.values():
        if (entry := here.by_key.get(each.key)) is not None:
            each.known = texts[entry.id]
    return list(gathered.values())
