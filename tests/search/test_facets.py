"""The facets of the page: what widens, what narrows, what is shown first, and to whom."""

from __future__ import annotations

import re
from datetime import date

from flask.testing import FlaskClient

from policytrack.core.documents import own
from policytrack.search.engine import FILTERS
from policytrack.search.index.follower import Follower
from tests.search.conftest import Ask, ids
from tests.search.sources import Shelf

EVERYTHING = {
    "theme": ("A1", "A1.1"),
    "sector": ("care",),
    "country": ("NP", "QA"),
    "corridor": ("NP-QA",),
    "type": ("law",),
    "legal": ("in_force",),
    "group": ("workers",),
    "language": ("ar",),
    "status": ("complete",),
    "gender": ("3",),
}
LABELS = (
    "Progress notes",
    "Fair recruitment",
    "Care work",
    "Nepal",
    "Nepal to Qatar",
    "Law or regulation",
    "In force",
    "Workers",
    "Arabic",
    "2019",
    "Complete",
    "Principal focus",
)


def page(client: FlaskClient, query: str) -> str:
    answer = client.get(f"/search{query}")
    assert answer.status_code == 200
    # A token is another one on each page.
    return re.sub(r'value="[A-Za-z0-9_=-]{40,}"', "", answer.get_data(as_text=True))


def offered(html: str, name: str) -> list[tuple[str, bool, str, str]]:
    """Return code, whether chosen, label and count of what can be chosen in a facet, in order."""
    found = re.findall(
        rf'name="{name}" value="([^"]*)"( checked)?> <label[^>]*><bdi>(.*?)</bdi>'
        r'.*?<span aria-hidden="true">(\d+)</span>',
        html,
    )
    return [(code, bool(chosen), label, count) for code, chosen, label, count in found]


def test_all_twelve_are_offered_by_name_and_lead_to_the_same(
    client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    notes.put("one", "Zebra", "zebra", codes=EVERYTHING, on=date(2019, 5, 1))
    notes.put("two", "Zebra", "zebra", on=date(2020, 5, 1))
    following.follow()
    html = page(client, "?q=zebra")
    for name, said in zip(FILTERS, LABELS, strict=True):
        choices = offered(html, name)
        assert said in {label for _code, _chosen, label, _count in choices}, name
        code = next(code for code, _chosen, label, _count in choices if label == said)
        narrowed = page(client, f"?q=zebra&{name}={code}")
        assert (code, True) in [each[:2] for each in offered(narrowed, name)]
        total = "2 results<" if name == "kind" else "1 result<"
        assert f'id="results-title">{total}' in narrowed, name
    # Nothing asked: everything can be chosen among.
    assert [each[0] for each in offered(page(client, ""), "country")] == ["NP", "QA"]


def test_within_a_facet_choices_widen_and_across_facets_they_narrow(notes: Shelf, ask: Ask) -> None:
    for name, country, theme in (
        ("one", "NP", "A1"),
        ("two", "NP", "A2"),
        ("three", "QA", "A1"),
        ("four", "KW", "A2"),
    ):
        notes.put(name, "Zebra", "x", codes={"country": (country,), "theme": (theme,)})
    found = ask("zebra", filters={"country": ("NP", "QA"), "theme": ("A1",)})
    assert sorted(ids(found)) == ["one", "three"]
    # Each facet is counted under the filters of the others, so that its own can be widened.
    assert found.counts["country"] == {"NP": 1, "QA": 1}
    assert found.counts["theme"] == {"A1": 2, "A2": 1}
    for code, count in found.counts["theme"].items():
        assert ask("zebra", filters={"country": ("NP", "QA"), "theme": (code,)}).total == count


def test_what_is_chosen_can_be_taken_back_one_by_one(
    client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    notes.put("one", "Zebra", "x", codes={"country": ("NP", "QA"), "theme": ("A1",)})
    following.follow()
    html = page(client, "?q=zebra&country=NP&country=QA&theme=A1&sort=date&country=ZZ")
    chips = dict(re.findall(r'<a class="tag" href="([^"]*)">.*?<bdi>(.*?)</bdi>', html))
    assert chips == {
        "/search?q=zebra&amp;country=NP&amp;country=QA&amp;country=ZZ&amp;sort=date": (
            "Fair recruitment"
        ),
        "/search?q=zebra&amp;theme=A1&amp;country=QA&amp;country=ZZ&amp;sort=date": "Nepal",
        "/search?q=zebra&amp;theme=A1&amp;country=NP&amp;country=ZZ&amp;sort=date": "Qatar",
        "/search?q=zebra&amp;theme=A1&amp;country=NP&amp;country=QA&amp;sort=date": "ZZ",
    }
    assert 'href="/search?q=zebra&amp;sort=date">Remove all filters' in html


def test_the_most_frequent_and_the_chosen_come_first(
    client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    countries = ("NP", "QA", "KW", "JO", "LB", "BD", "IN", "PK", "LK", "PH")
    for number in range(len(countries)):
        codes = {"country": countries[: number + 1], "group": ("workers", "governments")}
        notes.put(f"n{number}", "Zebra", "x", codes=codes)
    following.follow()
    html = page(client, "?q=zebra&country=PH&country=NP")
    choices = [each[:2] for each in offered(html, "country")]
    assert choices[:3] == [("NP", True), ("PH", True), ("QA", False)]
    assert [code for code, _chosen in choices][-1] == "LK"
    first, _summary, rest = html.partition('id="facet-country-rest"')
    assert 'id="filter-country-QA"' in first
    assert 'id="filter-country-LK"' in rest
    # Groups have one order, whatever their counts.
    assert [each[0] for each in offered(html, "group")] == ["governments", "workers"]


def test_nobody_learns_from_a_choice_what_is_hidden(
    client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    notes.put("open", "Zebra", "x", codes={"country": ("NP",)})
    before = {}
    queries = ("", "?q=zebra", "?q=zebra&country=NP", "?country=QA&theme=A1", "?q=zebra&year=2019")
    following.follow()
    for query in queries:
        before[query] = page(client, query)
    notes.put("draft", "Zebra", "x", codes=EVERYTHING, access=(own(7),), on=date(2019, 1, 1))
    following.follow()
    for query in queries:
        assert page(client, query) == before[query], query
