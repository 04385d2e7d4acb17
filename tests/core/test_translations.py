"""The one fallback order, and the languages of content."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import policytrack.reference
from policytrack.core import languages
from policytrack.core.translations import Offer, preferred


def offer(language, kind="unofficial", *, outdated=False):
    return Offer(language, kind, f"{language} {kind}", outdated)


@pytest.mark.parametrize(
    ("original", "offers", "reader", "shown"),
    [
        ("en", [offer("ar", "official")], "en", None),
        ("en", [offer("ar", "machine")], "ar", "ar machine"),
        ("en", [offer("ar", "machine"), offer("ar", "official")], "ar", "ar official"),
        ("en", [offer("fr", "official")], "ar", None),
        ("ne", [offer("fr", "official"), offer("en")], "ar", "fr official"),
        ("ne", [offer("fr", "official"), offer("en", "official")], "ar", "en official"),
        ("ne", [offer("en", "machine")], "ar", "en machine"),
        ("ne", [], "ar", None),
        ("ne", [offer("ar", "official", outdated=True), offer("en")], "ar", "ar official"),
        ("ne", [offer("ar", outdated=True), offer("ar", "machine")], "ar", "ar machine"),
        ("ne", [offer("en", "official", outdated=True)], "ar", None),
        ("ar-SA", [offer("en")], "ar", None),
    ],
)  # fmt: skip
def test_readers_language_then_official_then_english_then_original(original, offers, reader, shown):
    found = preferred(original, offers, reader)

    assert (found.content if found else None) == shown


def test_the_languages_are_those_of_the_reference_data():
    path = Path(policytrack.reference.__file__).parent / "data" / "languages.csv"
    with path.open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]

    assert list(languages.CONTENT) == codes


def test_every_language_has_a_name_in_every_language_of_the_site():
    for reader in ("en", "ar"):
        names = dict(languages.choices(reader))
        assert all(name and name != code for code, name in names.items())
    assert dict(languages.choices("en"))["tl"] == "Filipino"
