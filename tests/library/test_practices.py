"""Good practices: their form, their page, their list, and some beside each other."""

from __future__ import annotations

import json
import re
from functools import partial
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.core.review import State
from policytrack.library.practicewords import FACTS, GROUPS, HELP, SELDOM, STORY
from policytrack.library.rules import PRACTICE_LISTS, PRACTICE_TEXTS
from tests.factories import make_constituent
from tests.library.scene import As, Scene, send, values_of
from tests.library.shelf import Shelved, shelve
from tests.pages.conftest import Count, Read


def practice(title: str, said: dict[str, Any] | None = None, **more: Any) -> Shelved:
    return shelve(**{"title": title, "type": "practice", "practice": said or {}, **more})


def titles(page: str) -> list[str]:
    return re.findall(r"<h3><a[^>]*><bdi[^>]*>([^<]+)", page)


# --- The form


def test_a_practice_is_begun_as_one_and_asked_what_practices_are_asked(
    scene: Scene, as_: As
) -> None:
    browser = as_("focal")
    page = browser.get("/library/new?type=practice").text
    given = {
        "form_key": values_of(page, "form_key")[-1],
        "type": values_of(page, "type")[0],
        "do": "without",
        "each": "one",
    }
    answer = send(browser, "/library/new", given)
    assert answer.status_code == 303
    form = browser.get(answer.headers["Location"]).text
    assert '<option selected value="practice">' in form
    for name in (*PRACTICE_TEXTS, "sdgs", "title", "summary"):
        assert len(re.findall(rf'name="{name}"', form)) == 1, name
    for name in SELDOM:
        assert f'name="{name}"' not in form, name
    assert "Describe a practice" in form
    wrong = browser.get("/library/new?type=nonsense").text
    assert values_of(wrong, "type") == [""]


def test_what_a_practice_seldom_says_is_not_lost(scene: Scene, as_: As) -> None:
    public_id = scene.start(type="practice", publisher="A press", practice={"scope": "National"})
    browser = as_("focal")
    address = f"/library/{public_id}/edit"
    page = browser.get(address).text
    assert values_of(page, "publisher") == ["A press"]
    given = {
        "form_key": values_of(page, "form_key")[-1],
        "version": values_of(page, "version")[0],
        "type": "practice", "title": "T", "publisher": "A press", "scope": "Regional",
        "rights": "copy", "visibility": "public",
    }  # fmt: skip
    assert send(browser, address, given).status_code == 303
    said = scene.document(public_id).open
    assert said is not None
    assert (said.publisher, said.practice) == ("A press", {"scope": "Regional"})


def test_no_field_of_a_practice_is_asked_twice_or_forgotten() -> None:
    asked = [name for group in GROUPS for name in group.fields]
    assert len(asked) == len(set(asked))
    assert set(PRACTICE_TEXTS) | set(PRACTICE_LISTS) <= set(asked)
    assert set(HELP) == set(PRACTICE_TEXTS)
    assert {*STORY, *FACTS} == set(PRACTICE_TEXTS)


# --- The page


def test_its_page_tells_it_as_a_story_with_names_for_numbers(read: Read, database: Session) -> None:
    made = practice(
        "A desk",
        {
            "why_good": "Women asked earlier.",
            "start": "2021-03",
            "gcm_objectives": ["6", "99"],
            "gcm_principles": ["7"],
            "sdgs": ["8.8", "8.2", "16"],
            "contact": "hidden@example.org",
        },
    )
    page = read(made.page)
    assert "Women asked earlier." in page
    assert "Mar 2021" in page.partition("Began</dt>")[2].partition("</dd>")[0]
    assert "Fair and ethical recruitment and conditions for decent work" in page
    assert "Gender-responsive" in page
    assert "labour rights and safe workplaces" in page
    # A target without a name of its own goes by its goal; what nobody knows by its number.
    assert re.search(r">8\.2</bdi> <span>Goal: Decent work and economic growth", page)
    assert ">99</bdi>" in page
    assert "hidden@example.org" not in page
    assert "مراعاة النوع الاجتماعي" in read(made.page, "ar")


# --- The list


@pytest.fixture
def shelf(database: Session) -> dict[str, Shelved]:
    return {
        "desk": practice(
            "Desk",
            {
                "gcm_objectives": ["6", "16"],
                "sdgs": ["8.8", "10.7.1"],
                "practice_type": "Service",
                "start": "2021-03",
            },
            tied={"themes": ["A1.5"], "sectors": ["domestic-work"], "countries": ["LK"]},
            corridors=["LK-KW"],
        ),
        "pledge": practice(
            "Pledge",
            {"gcm_objectives": ["1"], "sdgs": ["1.3"], "practice_type": "Programme"},
            tied={"themes": ["A1.1"], "countries": ["NP"]},
        ),
        "bare": practice("Bare"),
        "law": shelve(title="Act", type="law", tied={"themes": ["A1.1"]}),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Desk", "Pledge", "Bare"}),
        ("type=law", {"Desk", "Pledge", "Bare"}),
        ("theme=A1", {"Desk", "Pledge"}),
        ("sector=domestic-work", {"Desk"}),
        ("country=KW", {"Desk"}),
        ("corridor=LK-KW", {"Desk"}),
        ("objective=6", {"Desk"}),
        ("objective=1", {"Pledge"}),
        ("sdg=8", {"Desk"}),
        ("sdg=1", {"Pledge"}),
        ("sdg=10.7", {"Desk"}),
        ("sdg=10.7.1", {"Desk"}),
        ("practice_type=Service", {"Desk"}),
        ("q=pled", {"Pledge"}),
        ("objective=6&country=NP", set()),
        ("page=-1&objective=%00&sdg=drop&target_group='&practice=%00", {"Desk", "Pledge", "Bare"}),
        (f"practice_type={'x' * 5000}", set()),
        ("practice_type=%25", set()),
    ],
)
def test_each_filter_leaves_what_it_says(
    read: Read, shelf: dict[str, Shelved], client: FlaskClient, query: str, expected: set[str]
) -> None:
    page = read(f"/library/practices?{query}")
    assert set(titles(page)) == expected
    assert ("since Mar 2021" in page) is ("Desk" in expected)
    data = json.loads(client.get(f"/library/practices.json?{query}").data)
    assert {row["title"] for row in data["documents"]} == expected


def test_a_whole_list_of_practices_is_cited(
    read: Read, shelf: dict[str, Shelved], client: FlaskClient
) -> None:
    practice("Hidden", visibility="constituents")
    page = unescape(read("/library/practices?objective=6"))
    (address,) = re.findall(r'href="([^"]+citations\.bib[^"]*)"', page)
    answer = client.get(address)
    assert answer.headers["Content-Disposition"] == "attachment; filename=practices.bib"
    assert answer.text.count("@") == 1
    assert "Desk" in answer.text
    assert client.get("/library/practices/citations.ris").text.count("ER  -") == 3
    cited = json.loads(client.get("/library/practices/citations.json?type=law").data)
    assert {each["title"] for each in cited} == {"Desk", "Pledge", "Bare"}
    assert client.get("/library/practices/citations.xml").status_code in {404, 405}


def test_only_what_practices_have_is_offered(read: Read, shelf: dict[str, Shelved]) -> None:
    page = read("/library/practices")
    offered = set(re.findall(r'<option value="([^"]+)"', page))
    assert {"6", "16", "1", "8", "8.8", "Service", "domestic-work", "A1.1", "LK-KW"} <= offered
    assert not {"2", "law", "5", "QA"} & offered


def test_the_list_costs_the_same_however_many_there_are(
    client: FlaskClient, database: Session, count_queries: Count
) -> None:
    said = {"gcm_objectives": ["6"], "sdgs": ["8.8"], "practice_type": "Service"}
    ties = {"themes": ["A1.1"], "countries": ["NP", "QA"]}

    def cost() -> list[int]:
        compared = "&".join(f"practice={each.public_id}" for each in made[:4])
        addresses = ("/library/practices", f"/library/practices/compare?{compared}")
        return [count_queries(partial(client.get, each)) for each in addresses]

    made = [practice("One", said, tied=ties, constituent=make_constituent(), corridors=["NP-QA"])]
    cost()
    before = cost()
    made += [
        practice(f"P {n}", said, tied=ties, constituent=make_constituent(), corridors=["NP-QA"])
        for n in range(30)
    ]
    assert cost() == before


# --- Side by side


def test_some_stand_side_by_side_row_by_row(read: Read, shelf: dict[str, Shelved]) -> None:
    asked = "&".join(f"practice={shelf[name].public_id}" for name in ("pledge", "desk"))
    page = read(f"/library/practices/compare?{asked}")
    head = page.partition("<thead>")[2].partition("</thead>")[0]
    assert head.index("Pledge") < head.index("Desk")
    kinds = page.partition("Kind of practice</th>")[2].partition("</tr>")[0]
    assert kinds.index("Programme") < kinds.index("Service")
    assert "Lessons</th>" not in page
    assert 'class="notice' not in page


@pytest.mark.parametrize(
    ("names", "shown", "sentence"),
    [
        ((), 0, "No practice is chosen."),
        (("desk",), 1, "This is one practice alone."),
        (("desk", "desk"), 1, "This is one practice alone."),
        (("desk", "law"), 1, "Not all that was asked for is a practice that you can read here."),
        (("desk", "pledge", "bare", "four", "five"), 4, "left out:"),
    ],
)
def test_too_few_or_too_many_is_said(
    read: Read, shelf: dict[str, Shelved], names: tuple[str, ...], shown: int, sentence: str
) -> None:
    shelf |= {"four": practice("Four"), "five": practice("Five")}
    asked = "&".join(f"practice={shelf[name].public_id}" for name in names)
    page = read(f"/library/practices/compare?{asked}")
    head = page.partition("<thead>")[2].partition("</thead>")[0]
    assert head.count("<a ") == shown
    assert sentence in page


def test_what_one_may_not_read_is_as_if_it_were_not(as_: As, shelf: dict[str, Shelved]) -> None:
    hidden = {
        "draft": practice("Quokka", state=State.DRAFT),
        "withdrawn": practice("Quokka", state=State.RETRACTED),
        "restricted": practice("Quokka", visibility="constituents"),
    }
    browser, own = as_("public"), shelf["desk"].public_id

    def told(other: str) -> str:
        address = f"/library/practices/compare?practice={own}&practice={other}"
        return browser.get(address).text.partition("<main")[2].partition("</main>")[0]

    for name, each in hidden.items():
        assert told(each.public_id) == told("zzzzzzzzzz"), name
    for page in ("/library/practices", "/library/practices.json"):
        assert "Quokka" not in browser.get(page).text
    assert browser.get("/library/practices/compare?practice=%00&practice=../x").status_code == 200


def test_what_was_ticked_stays_ticked(read: Read, shelf: dict[str, Shelved]) -> None:
    chosen = shelf["desk"].public_id
    page = read(f"/library/practices?practice={chosen}&country=NP")
    assert re.search(rf'id="t-{chosen}" value="{chosen}" checked', page)
    assert f'<input type="hidden" name="practice" value="{chosen}">' in page
    page = read(f"/library/practices?practice={chosen}")
    assert re.search(rf'id="p-{chosen}" value="{chosen}" checked', page)
