"""Write the numbers of stories, and the readings of indicators."""

from __future__ import annotations

import re
from random import Random

from policytrack.demonstration.plan.common import Entry, Given

# Digits and the mark between thousands, as officials of the language write them.
_DIGITS = {"bn": "০১২৩৪৫৬৭৮৯", "ne": "०१२३४५६७८९"}
_THOUSANDS = {"fr": "\u202f", "id": ".", "ar": "", "ur": ",", "sw": ",", "th": ","}
_SLOT = re.compile(r"\{(\d+)-(\d+)\}")


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


def readings(random: Random, entry: Given, turn: int) -> list[Entry]:
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
