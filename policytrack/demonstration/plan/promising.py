"""Give promises to organisations, with their countries, corridors and translations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from random import Random

from policytrack.demonstration import content
from policytrack.demonstration.content import Organisation
from policytrack.demonstration.plan.common import (
    SPOKEN,
    Entry,
    Given,
    Plan,
    corridors,
    pick,
    stands_on,
)
from policytrack.reference import service as reference

# How the texts of commitments stand.
_TEXTS = (
    ("accepted", 700),
    ("revised", 60),
    ("proposed", 110),
    ("draft", 80),
    ("declined", 50),
)
# Nothing of this kind lies about for years.
_PASSING = frozenset({"proposed", "draft", "declined"})


def promise(made: Plan, wanted: int) -> None:
    """Give promises to organisations, each promise once before any is given a second time."""
    promises = list(content.promises())
    led: Counter[str] = Counter()
    turn = 0
    while len(made.commitments) < wanted:
        if turn % len(promises) == 0:
            made.random.shuffle(promises)
        given = promises[turn % len(promises)]
        again = turn >= len(promises)
        turn += 1
        lead = _lead(made.random, given, led, taken=_leads(made, given["key"]))
        if lead is None:
            continue
        led[lead.country_iso2 or ""] += 1
        made.commitments.append(_commitment(made.random, given, lead, again=again))


def _leads(made: Plan, key: str) -> frozenset[str]:
    return frozenset(
        str(each["lead"]) for each in made.commitments if each["key"].startswith(f"{key}@")
    )


def _lead(
    random: Random,
    promise: Given,
    led: Counter[str],
    taken: frozenset[str],
) -> Organisation | None:
    """Return who promises: of the right group and side, from where little was promised so far."""
    fitting = [
        body
        for body in content.organisations().values()
        if body.group in promise["groups"]
        and body.key not in taken
        and stands_on(body, promise["side"])
    ]
    if not fitting:
        return None
    least = min(led[body.country_iso2 or ""] for body in fitting)
    return random.choice([body for body in fitting if led[body.country_iso2 or ""] <= least + 1])


def _commitment(
    random: Random,
    promise: Given,
    lead: Organisation,
    *,
    again: bool,
) -> Entry:
    # Each promise is in force somewhere, so that every provision and sector has its commitments.
    state = pick(random, _TEXTS if again else _TEXTS[:2])
    begun = -1 if state in _PASSING else random.choices((-3, -2, -1), (5, 3, 2))[0]
    due = max(begun + random.choice((2, 3, 3, 4, 5)), -1)
    own = corridors().get(lead.country_iso2 or "", ())
    chosen = random.sample(own, k=min(len(own), random.choice((0, 1, 2, 2, 3, 4))))
    titles, texts, sectors = promise["title"], promise["text"], list(promise.get("sectors", ()))
    if again:
        titles, texts, sectors = _narrowed(random, promise)
    language, others = _languages(random, lead)
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
    if state in _PASSING:
        entry["days_ago"] = random.randint(4, 75)
    if state == "declined":
        entry["reason"] = random.choice(content.words()["declined"])[language]
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
    spoken = [code for code in SPOKEN.get(lead.country_iso2 or "", ()) if code in content.LANGUAGES]
    language = spoken[0] if spoken and random.random() < 0.8 else "en"
    others = [code for code in content.LANGUAGES if code != language]
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
