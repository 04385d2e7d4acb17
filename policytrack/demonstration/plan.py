"""Plan the larger part of the set: which organisation promises what, and who tells which story.

Promises and stories are written texts that name no country; a fixed seed gives them to
organisations, places and rounds. What comes out has the form of the files in `data/commitments`
and `data/notes`, so that one way leads into the database.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from policytrack.demonstration import content
from policytrack.demonstration.content import Organisation
from policytrack.progress.rules import PARTS
from policytrack.reference import service as reference

Entry = dict[str, Any]
Given = Mapping[str, Any]

COMMITMENTS = 240
NOTES = 900
UNCHANGED = 160
ROUNDS = (-2, -1, 0)

# The languages, beside English, in which the organisations of a country report.
SPOKEN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("AE", "BH", "EG", "IQ", "JO", "KW", "OM", "QA", "SA", "SD"), ("ar",)),
    **dict.fromkeys(("LB", "MA"), ("ar", "fr")),
    **dict.fromkeys(("BJ", "CM", "MG", "SN"), ("fr",)),
    **dict.fromkeys(("KE", "TZ", "UG"), ("sw",)),
    "BD": ("bn",),
    "ID": ("id",),
    "IN": ("hi",),
    "NP": ("ne",),
    "PK": ("ur",),
    "TH": ("th",),
}
# Seldom does an Arab or francophone organisation report in English.
_ENGLISH_TOO = frozenset(SPOKEN) - {"BJ", "CM", "IQ", "MA", "MG", "SD", "SN"}
# Digits and the mark between thousands, as officials of the language write them.
_DIGITS = {"bn": "০১২৩৪৫৬৭৮৯", "ne": "०१२३४५६७८९"}
_THOUSANDS = {"fr": "\u202f", "id": ".", "ar": "", "ur": ",", "sw": ",", "th": ","}
_SLOT = re.compile(r"\{(\d+)-(\d+)\}")
_SIDES = {"origin": "origin", "destination": "destination"}

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
# How the texts of commitments stand.
_TEXTS = (
    ("accepted", 700),
    ("revised", 60),
    ("proposed", 110),
    ("draft", 80),
    ("declined", 50),
)


@dataclass(slots=True)
class Plan:
    """Gather what is planned; `random` is the only source of chance."""

    random: Random
    commitments: list[Entry] = field(default_factory=list)
    notes: list[Entry] = field(default_factory=list)


def plan(seed: int) -> Plan:
    """Return the planned commitments and notes: what the written ones leave of the whole."""
    made = Plan(Random(seed))  # noqa: S311 - no secret
    written, reported = content.commitments(), content.notes()
    _promise(made, COMMITMENTS - len(written))
    _tell(made, [*written, *made.commitments], reported)
    return made


def _pick(random: Random, shares: Sequence[tuple[str, int]]) -> str:
    names, weights = zip(*shares, strict=True)
    return str(random.choices(names, weights)[0])


# Commitments


def _promise(made: Plan, wanted: int) -> None:
    """Give promises to organisations, each promise once before any is given a second time."""
    promises = list(content.promises())
    sides = _country_sides()
    corridors = _corridors()
    led: Counter[str] = Counter()
    turn = 0
    while len(made.commitments) < wanted:
        if turn % len(promises) == 0:
            made.random.shuffle(promises)
        promise = promises[turn % len(promises)]
        again = turn >= len(promises)
        turn += 1
        lead = _lead(made.random, promise, sides, led, taken=_leads(made, promise["key"]))
        if lead is None:
            continue
        led[lead.country_iso2 or ""] += 1
        made.commitments.append(_commitment(made.random, promise, lead, corridors, again=again))


def _leads(made: Plan, key: str) -> frozenset[str]:
    return frozenset(
        str(each["lead"]) for each in made.commitments if each["key"].startswith(f"{key}@")
    )


def _lead(
    random: Random,
    promise: Given,
    sides: Mapping[str, str],
    led: Counter[str],
    taken: frozenset[str],
) -> Organisation | None:
    """Return who promises: of the right group and side, from where little was promised so far."""
    fitting = [
        body
        for body in content.organisations().values()
        if body.group in promise["groups"]
        and body.key not in taken
        and (
            body.country_iso2 is None
            or promise["side"] not in _SIDES
            or sides[body.country_iso2] in {promise["side"], "both"}
        )
    ]
    if not fitting:
        return None
    least = min(led[body.country_iso2 or ""] for body in fitting)
    return random.choice([body for body in fitting if led[body.country_iso2 or ""] <= least + 1])


@cache
def _corridors() -> Mapping[str, Sequence[str]]:
    """Return, by country, the codes of the corridors between countries of the set."""
    here = {body.country_iso2 for body in content.organisations().values()}
    found: dict[str, list[str]] = defaultdict(list)
    for row in reference.read("corridors"):
        if {row["origin"], row["destination"]} <= here:
            for end in (row["origin"], row["destination"]):
                found[end].append(row["code"])
    return found


def _commitment(
    random: Random,
    promise: Given,
    lead: Organisation,
    corridors: Mapping[str, Sequence[str]],
    *,
    again: bool,
) -> Entry:
    begun = random.choices((-3, -2, -1), (5, 3, 2))[0]
    due = max(begun + random.choice((2, 3, 3, 4, 5)), -1)
    own = corridors.get(lead.country_iso2 or "", ())
    chosen = random.sample(own, k=min(len(own), random.choice((0, 1, 2, 2, 3, 4))))
    titles, texts, sectors = promise["title"], promise["text"], list(promise.get("sectors", ()))
    if again:
        titles, texts, sectors = _narrowed(random, promise)
    language, others = _languages(random, lead)
    # Each promise is in force somewhere, so that every provision and sector has its commitments.
    state = _pick(random, _TEXTS if again else _TEXTS[:2])
    entry: Entry = {
        "key": f"{promise['key']}@{lead.key}",
        "lead": lead.key,
        "provisions": promise["provisions"],
        "themes": promise["themes"],
        "sectors": sectors,
        "groups": promise["target_groups"],
        "countries": _countries(random, lead, chosen),
        "corridors": sorted(chosen),
        "supporters": _supporters(random, lead),
        "gender": promise["gender"],
        "language": language,
        "title": titles[language],
        "text": texts[language],
        "translation": [
            {
                "language": code,
                "kind": random.choice(("official", "official", "unofficial", "machine")),
                "title": titles[code],
                "text": texts[code],
            }
            for code in others
        ],
        "accepted": [begun, random.randint(1, 12), random.randint(1, 28)],
        "due": [due, random.randint(1, 12), random.randint(1, 28)],
        "state": "accepted" if state == "revised" else state,
        "indicator": [_dated(each, begun) for each in promise.get("indicator", ())],
        "milestone": [
            {
                **each,
                "due": [begun + 1, random.randint(1, 12), 28],
                # What was met was met before the present round: nothing lies ahead.
                **({"met": [-1, random.randint(1, 12), 15]} if begun == -3 else {}),
            }
            for each in promise.get("milestone", ())
        ],
    }
    if state == "revised" and begun < -1:
        _revise(random, entry, titles, texts)
    return entry


def _revise(
    random: Random, entry: Entry, titles: Mapping[str, str], texts: Mapping[str, str]
) -> None:
    """Let a text follow an earlier one that was shorter and less; its translations are outdated."""
    first = entry["accepted"]
    language = entry["language"]
    entry["earlier"] = {
        "accepted": first,
        "title": titles[language],
        "text": texts[language].strip().rpartition("\n")[0] or texts[language],
        "gender": max(entry["gender"] - 1, 0),
        "translation": entry["translation"],
    }
    entry["accepted"] = [first[0] + 1, random.randint(1, 12), random.randint(1, 28)]
    entry["translation"] = entry["translation"][:1] if random.random() < 0.5 else []


def _languages(random: Random, lead: Organisation) -> tuple[str, Sequence[str]]:
    """Return in which language a commitment is written, and into which it was translated."""
    spoken = [code for code in SPOKEN.get(lead.country_iso2 or "", ()) if code in {"ar", "fr"}]
    language = spoken[0] if spoken and random.random() < 0.8 else "en"
    others = [code for code in ("en", "ar", "fr") if code != language]
    return language, others[: random.choices((0, 1, 2), (1, 5, 4))[0]]


def _narrowed(
    random: Random, promise: Given
) -> tuple[Mapping[str, str], Mapping[str, str], list[str]]:
    """Return a promise that another has made already, begun in one more sector."""
    rows = {row["code"]: reference.labels(row) for row in reference.read("sectors")}
    own = list(promise.get("sectors", ()))
    code = random.choice([each for each in sorted(rows) if each not in own])
    words = content.words()["narrowed"]
    values = {language: {"sector": rows[code][language]} for language in rows[code]}
    return (
        {
            language: words["title"][language].format(title=title, **values[language])
            for language, title in promise["title"].items()
        },
        {
            language: text.strip() + "\n\n" + words["text"][language].format(**values[language])
            for language, text in promise["text"].items()
        },
        [*own, code][:3] if len(own) < 3 else [*own[:2], code],
    )


def _countries(random: Random, lead: Organisation, corridors: Iterable[str]) -> list[str]:
    ends = sorted({end for code in corridors for end in code.split("-")})
    if lead.country_iso2 is not None:
        return sorted({lead.country_iso2, *(ends if random.random() < 0.5 else ())})
    here = sorted({body.country_iso2 or "" for body in content.organisations().values()} - {""})
    return sorted(random.sample(here, k=4))


def _supporters(random: Random, lead: Organisation) -> list[str]:
    others = [
        body.key
        for body in content.organisations().values()
        if body.country_iso2 == lead.country_iso2 and body.key != lead.key
    ]
    return sorted(random.sample(others, k=min(len(others), random.choice((0, 0, 1, 1, 2)))))


def _dated(indicator: Given, begun: int) -> Entry:
    return {**indicator, "baseline_on": [begun - 1, 12, 31]}


# Notes


@dataclass(frozen=True, slots=True)
class _Slot:
    """Hold a note that could be written: on a commitment, by an organisation, in a round."""

    on: Entry | None
    by: Organisation
    round: int

    @property
    def key(self) -> tuple[str, str, int]:
        return (str(self.on["key"]) if self.on else "", self.by.key, self.round)


def _tell(made: Plan, commitments: Sequence[Given], reported: Sequence[Given]) -> None:
    """Give each story to one who could tell it, then let others say that nothing has changed."""
    random = made.random
    taken = {(str(note.get("on", "")), note["by"], note.get("round", 0)) for note in reported}
    slots = _slots(commitments)
    wanted = NOTES - len(reported) - UNCHANGED
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
    _say_unchanged(made, slots, taken, NOTES - len(reported) - len(made.notes))


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
        and _speaks(slot.by, story["language"])
        and _stands_on(slot.by, story.get("side", ""))
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


def _speaks(body: Organisation, language: str) -> bool:
    place = body.country_iso2 or ""
    if language == "en":
        return place not in SPOKEN or place in _ENGLISH_TOO
    return language in SPOKEN.get(place, ())


def _stands_on(body: Organisation, side: str) -> bool:
    if side not in _SIDES:
        return True
    return body.country_iso2 is None or _country_sides()[body.country_iso2] in {side, "both"}


@cache
def _country_sides() -> Mapping[str, str]:
    return {row["iso2"]: row["side"] for row in reference.read("countries")}


def _note(random: Random, story: Given, slot: _Slot) -> Entry:
    on = slot.on or {}
    entry = {
        "on": on["key"],
        "by": slot.by.key,
        "round": slot.round,
        **_told(random, story, slot.round),
    }
    if on["lead"] == slot.by.key and entry["state"] != "draft":
        entry["readings"] = _readings(random, on, slot.round)
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
        and _speaks(body, story["language"])
        and _stands_on(body, story.get("side", ""))
    ]
    for body in random.sample(fitting, k=len(fitting)):
        place = str(body.country_iso2)
        corridors = _corridors().get(place, ())
        target = (
            ("corridor", random.choice(corridors))
            if corridors and random.random() < 0.4
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
    state = _pick(random, _OPEN_ROUND if turn == 0 else _CLOSED_ROUND)
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
        said_in = "ar" if language == "ar" else "fr" if language == "fr" else "en"
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


def filled(random: Random, text: str, language: str) -> str:
    """Return a text with a number in each of its slots, such as `{120-480}`."""

    def number(slot: re.Match[str]) -> str:
        low, high = int(slot[1]), int(slot[2])
        return written(random.randint(low, high), language)

    return _SLOT.sub(number, text)


def written(number: int, language: str) -> str:
    """Return a number as officials of a language write it in running text."""
    mark = _THOUSANDS.get(language, ",")
    plain = f"{number:,}" if number >= 10_000 else str(number)
    digits = _DIGITS.get(language, "0123456789")
    return plain.replace(",", mark).translate(str.maketrans("0123456789", digits))


def _readings(random: Random, entry: Given, turn: int) -> list[Entry]:
    """Return readings on the way from the baseline to the target, one for each indicator."""
    return [
        _reading(random, position, indicator, turn)
        for position, indicator in enumerate(entry.get("indicator", ()))
        if "baseline" in indicator and "target" in indicator
    ]


def _reading(random: Random, position: int, indicator: Given, turn: int) -> Entry:
    way = (turn + 3) / 4 + random.uniform(-0.15, 0.1)
    baseline, target = float(indicator["baseline"]), float(indicator["target"])
    value = max(round(baseline + (target - baseline) * way), 0)
    if indicator["unit"] != "people":
        return {"n": position, "total": value}
    women = round(value * random.uniform(0.2, 0.8))
    return {"n": position, "women": women, "men": value - women, "not_stated": 0}


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
