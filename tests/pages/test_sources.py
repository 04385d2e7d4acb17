"""A figure's source in few words: linked where it has a page, and no surer than it is."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from policytrack.pages.presenters.sources import source


@pytest.mark.parametrize(
    ("text", "words", "urls"),
    [
        ("https://www.ilo.org/a (list of 2013)", ["ilo.org"], ["https://www.ilo.org/a"]),
        (
            "GASTAT, census of 2022, via https://news.example/?p=1",
            ["news.example"],
            ["https://news.example/?p=1"],
        ),
        (
            "https://a.example/x; https://b.example/y.",
            ["a.example", "b.example"],
            ["https://a.example/x", "https://b.example/y"],
        ),
        ("UN DESA, Stock 2020 (github.com/a; as in github.com/b)", ["UN DESA, Stock 2020"], [""]),
        ("", [], []),
        ("javascript:alert(1)", ["javascript:alert(1)"], [""]),
        ("http://[bad", ["http://[bad"], ["http://[bad"]),
    ],
)
def test_a_source_is_short_and_linked(
    database: Session, text: str, words: list[str], urls: list[str]
) -> None:
    cited = source(text, "high").cited
    assert [each.words for each in cited] == words
    assert [each.url for each in cited] == urls


def test_a_part_of_a_source_speaks_of_its_own_column(database: Session) -> None:
    found = source("codes: UN M49; migrants: UN DESA", "high", "migrants")
    assert [each.words for each in found.cited] == ["UN DESA"]
    assert source("codes: UN M49", "high", "migrants").cited == []


def test_confidence_is_said_where_it_is_not_high(database: Session) -> None:
    assert source("X", "high").confidence == ""
    assert source("X", "medium").confidence == "medium confidence"
    assert source("X", "low").weak
    # What is unverified general knowledge is no surer for being called medium.
    known = source("from general knowledge, unverified", "medium")
    assert [each.words for each in known.cited] == ["general knowledge, not verified"]
    assert known.confidence == ""
