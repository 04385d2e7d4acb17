"""Make the invented meetings and programmes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from policytrack.core import changes
from policytrack.demonstration import content
from policytrack.demonstration.stage import Stage
from policytrack.dialogues.models import Dialogue
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.places.models import Corridor, Country
from policytrack.programmes.models import Programme, ProgrammeCountry, ProgrammeItem

Entry = Mapping[str, Any]
SOURCE = "invented"
# After whatever an installation's own programmes have for a position.
_LAST = 1000


def add(stage: Stage) -> None:
    """Add all meetings and programmes."""
    for entry in content.dialogues():
        _dialogue(stage, entry)
    for position, entry in enumerate(content.programmes(), start=_LAST):
        _programme(stage, entry, position)
    stage.session.flush()


def _dialogue(stage: Stage, entry: Entry) -> None:
    starts_on = stage.calendar.day(entry["day"])
    corridors = stage.found(Corridor.code, entry.get("corridors", ()))
    ends = {end for code in entry.get("corridors", ()) for end in code.split("-")}
    host = stage.session.get_one(Country, entry["host"])
    dialogue = Dialogue(
        public_id=stage.new_id(),
        code=f"demo-{entry['key']}",
        kind=entry["kind"],
        labels=entry["label"],
        summary=entry["summary"],
        place=dict(host.labels),
        host=host,
        starts=starts_on.isoformat(),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=entry["days"] - 1),
        source=SOURCE,
        confidence="high",
        demonstration=True,
        themes=stage.found(Theme.code, entry["themes"]),
        countries=stage.found(Country.iso2, sorted({*entry.get("countries", ()), *ends})),
        corridors=corridors,
    )
    stage.session.add(dialogue)
    changes.append(stage.session, "dialogue", dialogue.public_id)


def _programme(stage: Stage, entry: Entry, position: int) -> None:
    first, last = (stage.calendar.year + entry[edge] for edge in ("begins", "ends"))
    sides = {"origin": entry["origins"], "destination": entry["destinations"]}
    programme = Programme(
        code=entry["key"],
        labels=entry["label"],
        summary=entry["summary"],
        agencies=entry["agencies"],
        partners=entry["partners"],
        funders=entry["funders"],
        starts=str(first),
        ends=str(last),
        ends_on=date(last, 12, 31),
        position=position,
        source=SOURCE,
        confidence="high",
        demonstration=True,
        countries=[
            ProgrammeCountry(country_iso2=iso2, side=side)
            for side, countries in sides.items()
            for iso2 in countries
        ],
        themes=stage.found(Theme.code, entry["themes"]),
        sectors=stage.found(Sector.code, entry["sectors"]),
        target_groups=stage.found(TargetGroup.code, entry["groups"]),
        items=[
            _item(entry["key"], each, number) for number, each in enumerate(entry["item"], start=1)
        ],
    )
    stage.session.add(programme)
    changes.append(stage.session, "programme", programme.code)


def _item(programme: str, given: Entry, number: int) -> ProgrammeItem:
    women, men = given.get("women"), given.get("men")
    return ProgrammeItem(
        code=f"{programme}-{number}",
        kind=given["kind"],
        labels=given["label"],
        country_iso2=given.get("country"),
        women=women,
        men=men,
        total=women + men if women is not None and men is not None else None,
        page=given["page"],
        position=number,
        source=SOURCE,
        confidence="high",
    )
