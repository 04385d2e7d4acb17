"""Give stories to those who could tell them, and say what has not changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from policytrack.demonstration import content
from policytrack.demonstration.content import Organisation
from policytrack.demonstration.plan.common import (
    Entry,
    Given,
    Plan,
    corridors,
    pick,
    speaks,
    stands_on,
)
from policytrack.demonstration.plan.numbers import filled, readings
from policytrack.progress.rules import PARTS

ROUNDS = (-2, -1, 0)

# How the notes of a round stand: the state and its share of a thousand.
_OPEN_ROUND = (
    ("draft", 150),
    ("submitted", 130),
    ("in_review", 80),
    ("returned", 80),
    ("published", 545),
    ("discarded", 15),
)
_CLOSED_ROUND = (("published", 860), ("revised", 80), ("retracted", 60))


@dataclass(frozen=True, slots=True)
class _Slot:
    """Hold a note that could be written: on a commitment, by an organisation, in a round."""

    on: Entry | None
    by: Organisation
    round: int

    @property
    def key(self) -> tuple[str, str, int]:
        return (str(self.on["key"]) if self.on else "", self.by.key, self.round)


def tell(
    made: Plan,
    commitments: Sequence[Given],
    reported: Sequence[Given],
    *,
    most: int,
    unchanged: int,
) -> None:
    """Give each story to one who could tell it, then let others say that nothing has changed.

    `most` counts all notes with those `reported`; `unchanged` of them are kept for the others.
    """
    random = made.random
    taken = {(str(note.get("on", "")), note["by"], note.get("round", 0)) for note in reported}
    slots = _slots(commitments)
    wanted = most - len(reported) - unchanged
    stories = list(content.stories())
    random.shuffle(stories)
    places = {
        (
            str(note.get("country") or note["corridor"]),
            note["theme"],
            note["by"],
            note.get("round", 0),
        )
        for note in reported
        if "theme" in note
    }
    for story in stories[:wanted]:
        slot = _slot(random, story, slots, taken)
        entry = _note(random, story, slot) if slot else _note_of_place(random, story, places)
        if slot:
            taken.add(slot.key)
        if entry is not None:
            made.notes.append(entry)
    _say_unchanged(made, slots, taken, most - len(reported) - len(made.notes))


def _slots(commitments: Sequence[Given]) -> Mapping[str, Sequence[_Slot]]:
    """Return by sub-theme who could report on which commitment in force, in which round."""
    bodies = content.organisations()
    found: dict[str, list[_Slot]] = defaultdict(list)
    for entry in commitments:
        if entry.get("state", "accepted") != "accepted":
            continue
        places = {*entry["countries"], bodies[entry["lead"]].country_iso2}
        places |= {end for code in entry.get("corridors", ()) for end in code.split("-")}
        begun = (entry.get("earlier") or entry)["accepted"][0]
        for body in bodies.values():
            if body.group == "observers" or body.country_iso2 not in places:
                continue
            for turn in ROUNDS:
                if begun < turn:
                    for theme in entry["themes"]:
                        found[theme].append(_Slot(dict(entry), body, turn))
    return found


def _slot(
    random: Random,
    story: Given,
    slots: Mapping[str, Sequence[_Slot]],
    taken: set[tuple[str, str, int]],
) -> _Slot | None:
    """Return where a story is told: by a lead not heard yet, another lead, any other."""
    fitting = [
        slot
        for slot in slots.get(story["theme"], ())
        if slot.by.group in story["groups"]
        and speaks(slot.by, story["language"])
        and stands_on(slot.by, story.get("side", ""))
        and slot.key not in taken
    ]
    if not fitting:
        return None
    return random.choices(fitting, [_weight(slot, taken) for slot in fitting])[0]


def _weight(slot: _Slot, taken: set[tuple[str, str, int]]) -> int:
    if slot.on is None or slot.on["lead"] != slot.by.key:
        return 1
    heard = any((slot.key[0], slot.key[1], turn) in taken for turn in ROUNDS)
    return 4 if heard else 30


def _note(random: Random, story: Given, slot: _Slot) -> Entry:
    on = slot.on or {}
    entry = {
        "on": on["key"],
        "by": slot.by.key,
        "round": slot.round,
        **_told(random, story, slot.round),
    }
    if on["lead"] == slot.by.key and entry["state"] != "draft":
        entry["readings"] = readings(random, on, slot.round)
    return entry


def _note_of_place(
    random: Random, story: Given, taken: set[tuple[str, str, str, int]]
) -> Entry | None:
    """Return a note on a country, or on a corridor, under the story's theme."""
    fitting = [
        body
        for body in content.organisations().values()
        if body.country_iso2 is not None
        and body.group in story["groups"]
        and speaks(body, story["language"])
        and stands_on(body, story.get("side", ""))
    ]
    for body in random.sample(fitting, k=len(fitting)):
        place = str(body.country_iso2)
        near = corridors().get(place, ())
        target = (
            ("corridor", random.choice(near))
            if near and random.random() < 0.4
            else ("country", place)
        )
        turn = random.choice(ROUNDS)
        key = (target[1], story["theme"], body.key, turn)
        if key not in taken:
            taken.add(key)
            return {
                target[0]: target[1],
                "theme": story["theme"],
                "by": body.key,
                "round": turn,
                **_told(random, story, turn),
            }
    return None


def _told(random: Random, story: Given, turn: int) -> Entry:
    """Return a story as it is told in a round: its numbers, its claim, and how it stands."""
    language = story["language"]
    state = pick(random, _OPEN_ROUND if turn == 0 else _CLOSED_ROUND)
    entry: Entry = {
        "state": "published" if state == "revised" else state,
        "language": language,
        # In the present round what had begun has come further.
        "status": story["status"][-1] if turn == 0 else random.choice(story["status"]),
        "reversed": "not_started" in story["status"] and random.random() < 0.2,
        **{part: filled(random, story[part], language) for part in PARTS},
    }
    if state == "revised":
        # The first text gave other numbers, and had less to say about what comes next.
        entry["before"] = [
            {
                "state": "superseded",
                "next_steps": "",
                **{
                    part: filled(random, story[part], language)
                    for part in PARTS
                    if part != "next_steps"
                },
            }
        ]
    if state == "draft" and random.random() < 0.5:
        entry |= {"obstacles": "", "next_steps": ""}
    words = content.words()
    if state in {"returned", "retracted"}:
        reason = random.choice(words[state])
        said_in = language if language in content.LANGUAGES else "en"
        entry |= {"reason": reason[said_in], "reason_language": said_in}
    if state == "returned" and random.random() < 0.5:
        entry["internal"] = random.choice(words["internal"])
    if random.random() < 0.25:
        entry["links"] = [_link(random, language, words["links"])]
    return entry


def _link(random: Random, language: str, words: Sequence[Mapping[str, str]]) -> Entry:
    chosen = random.choice(words)
    number = random.randint(1000, 9999)
    return {
        "title": chosen.get(language, chosen["en"]),
        "url": f"https://example.org/{chosen['path']}/{number}",
    }


def _say_unchanged(
    made: Plan,
    slots: Mapping[str, Sequence[_Slot]],
    taken: set[tuple[str, str, int]],
    wanted: int,
) -> None:
    """Let organisations that reported before say that nothing has changed since."""
    spoke = {
        (note["on"], note["by"]): note
        for note in made.notes
        if "on" in note and note["state"] == "published" and note["round"] < 0
    }
    free = {
        slot.key: slot
        for each in slots.values()
        for slot in each
        if slot.key not in taken
        and (earlier := spoke.get(slot.key[:2])) is not None
        and earlier["round"] < slot.round
    }
    for slot in made.random.sample(list(free.values()), k=min(len(free), max(wanted, 0))):
        said = spoke[slot.key[:2]]
        made.notes.append(
            {
                "on": slot.key[0],
                "by": slot.by.key,
                "round": slot.round,
                "state": "published",
                "language": said["language"],
                "status": said["status"],
                "nothing_changed": True,
            }
        )
