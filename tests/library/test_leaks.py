"""Every role over every state, visibility and embargo, by every way to a document."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.constituents.models import Constituent
from policytrack.core.permissions import Role
from policytrack.core.review import State
from policytrack.library.rules import Rights, Visibility
from policytrack.search.index.follower import Follower
from tests.factories import make_constituent, make_member, make_user
from tests.library.shelf import Shelved, relate, replaced, shelve

SignIn = Callable[[FlaskClient, User], None]

WHO = ("public", "researcher", "observer", "stranger", "own", "officer", "administrator")
ON_BOTH_DATABASES = ("public", "stranger", "own")
ALL = frozenset(WHO)
CONSTITUENTS = frozenset({"stranger", "own", "officer", "administrator"})
INSIDE = frozenset({"own", "officer", "administrator"})
OWN, NOBODY = frozenset({"own"}), frozenset[str]()

# What the document of each case is called: a word that stands nowhere else, in title and file.
WORDS = {
    "public": "Quokka",
    "for constituents": "Numbat",
    "embargoed until tomorrow": "Bilby",
    "embargo ended yesterday": "Potoroo",
    "embargoed for constituents": "Kowari",
    "withdrawn": "Dunnart",
    "withdrawn, for constituents": "Mulgara",
    "draft": "Antechinus",
    "submitted": "Phascogale",
    "discarded": "Planigale",
    "link only": "Cuscus",
    "superseded": "Bettong",
    "superseded by one for constituents": "Pademelon",
}
# Who reads each, and finds it in lists, exports, citations and the search.
READ = {
    "public": ALL,
    "for constituents": CONSTITUENTS,
    "embargoed until tomorrow": INSIDE,
    "embargo ended yesterday": ALL,
    "embargoed for constituents": INSIDE,
    "link only": ALL,
    "superseded": ALL,
    "superseded by one for constituents": CONSTITUENTS,
}
# What is under way is read by a few, and found by their search alone.
UNDER_WAY = {"draft": OWN, "submitted": INSIDE, "discarded": NOBODY}
# Of what was withdrawn its page tells those who could read it; what it said is for insiders.
WITHDRAWN = {"withdrawn": ALL, "withdrawn, for constituents": CONSTITUENTS}


@pytest.fixture
def ministry(database: Session) -> Constituent:
    return make_constituent()


@pytest.fixture
def people(ministry: Constituent) -> dict[str, User | None]:
    union = make_constituent(group="workers")
    network = make_constituent(group="observers")
    return {
        "public": None,
        "researcher": make_user(Role.RESEARCHER),
        "observer": make_member(network, Role.OBSERVER),
        "stranger": make_member(union, Role.CONTRIBUTOR),
        "own": make_member(ministry, Role.CONTRIBUTOR),
        "officer": make_user(Role.SECRETARIAT),
        "administrator": make_user(Role.ADMINISTRATOR),
    }


@pytest.fixture
def shelf(ministry: Constituent) -> dict[str, Shelved]:
    day = timedelta(days=1)
    tomorrow, yesterday = datetime.now(UTC) + day, datetime.now(UTC) - day
    said: dict[str, dict[str, object]] = {
        "public": {},
        "for constituents": {"visibility": Visibility.CONSTITUENTS},
        "embargoed until tomorrow": {"embargo_until": tomorrow},
        "embargo ended yesterday": {"embargo_until": yesterday},
        "embargoed for constituents": {
            "embargo_until": tomorrow,
            "visibility": Visibility.CONSTITUENTS,
        },
        "withdrawn": {"state": State.RETRACTED},
        "withdrawn, for constituents": {
            "state": State.RETRACTED,
            "visibility": Visibility.CONSTITUENTS,
        },
        "draft": {"state": State.DRAFT},
        "submitted": {"state": State.SUBMITTED},
        "discarded": {"state": State.DISCARDED},
        "link only": {"rights": Rights.LINK, "source_url": "https://example.org/source"},
        "superseded": {},
        "superseded by one for constituents": {},
    }
    made = {
        case: shelve(
            ministry,
            title=f"{WORDS[case]} act",
            text=[f"The {WORDS[case]} has a day of rest."],
            **given,
        )
        for case, given in said.items()
    }
    replaced(made["superseded"])
    replaced(made["superseded by one for constituents"], visibility=Visibility.CONSTITUENTS)
    # A public document names all others.
    for case, other in made.items():
        if case != "public":
            relate(made["public"], "related", other)
    return made


@pytest.fixture
def ask(
    app: Flask, people: dict[str, User | None], shelf: dict[str, Shelved], sign_in: SignIn
) -> Callable[[str], FlaskClient]:
    Follower(app).rebuild()

    def browser(who: str) -> FlaskClient:
        made = app.test_client()
        person = people[who]
        if person is not None:
            sign_in(made, person)
        return made

    return browser


@pytest.mark.parametrize("who", WHO)
def test_each_way_to_a_document_shows_it_to_its_readers_alone(
    ask: Callable[[str], FlaskClient], shelf: dict[str, Shelved], who: str, database_kind: str
) -> None:
    if database_kind != "sqlite" and who not in ON_BOTH_DATABASES:
        pytest.skip("what differs by database shows with the others")
    browser = ask(who)
    wrong: list[object] = []

    def expect(case: str, address: str, code: int, *, copy: bool = False) -> None:
        answer = browser.get(address)
        if answer.status_code != code:
            wrong.append((case, address, answer.status_code, "expected", code))
        if code == 404 and WORDS[case] in answer.text.replace(address, ""):
            wrong.append((case, address, "tells its title"))
        if copy and code == 200:
            kept = answer.headers["Cache-Control"]
            open_to_all = case in {"public", "embargo ended yesterday", "superseded"}
            if (kept == "no-store") is open_to_all:
                wrong.append((case, address, kept))
        answer.close()

    lists = {
        address: browser.get(address).text
        for address in (
            "/library",
            "/library?q=act",
            "/library/data.json",
            "/library/data.csv",
            "/library/citations.bib",
            "/library/citations.ris",
            "/library/citations.json",
            shelf["public"].page,
        )
    }
    for case, document in shelf.items():
        seen = who in (READ | UNDER_WAY | WITHDRAWN)[case]
        inside = who in INSIDE
        read = case in READ and seen
        # A draft that was never handed in is its own organisation's; so is one thrown away.
        text = read or (case in UNDER_WAY and seen) or (case in WITHDRAWN and inside)
        has_files = text and (case != "link only" or inside)
        gone = case in WITHDRAWN
        expect(case, document.page, (410 if gone else 200) if seen else 404)
        expect(
            case,
            f"{document.page}?revision={document.revision}",
            200 if text else (410 if gone and seen else 404),
        )
        expect(case, document.text, 200 if has_files else 404)
        expect(case, document.copy, 200 if has_files else 404, copy=True)
        for kind in ("bib", "ris", "json"):
            expect(case, f"{document.page}.{kind}", 200 if read else 404)
        for address, page in lists.items():
            if (document.public_id in page) is not read:
                wrong.append((case, address, "listed" if not read else "missing"))
        found = browser.get(f"/search?q={WORDS[case]}").text
        # The text that replaced an older one no longer has its words in the file, but in its title.
        if (document.page in found) is not (read or (case in UNDER_WAY and seen)):
            wrong.append((case, "search", "found" if document.page in found else "missing"))
    assert wrong == []


@pytest.mark.parametrize("who", WHO)
def test_without_an_index_the_search_shows_it_to_the_same(
    client: FlaskClient,
    people: dict[str, User | None],
    shelf: dict[str, Shelved],
    sign_in: SignIn,
    who: str,
    database_kind: str,
) -> None:
    if database_kind != "sqlite" and who not in ON_BOTH_DATABASES:
        pytest.skip("what differs by database shows with the others")
    person = people[who]
    if person is not None:
        sign_in(client, person)
    everything = client.get("/search?q=act").text
    assert "being rebuilt" in everything
    for case, document in shelf.items():
        seen = who in (READ | UNDER_WAY).get(case, NOBODY)
        found = client.get(f"/search?q={WORDS[case]}").text
        assert (document.page in found) is seen, case
        assert (document.page in everything) is seen, case


@pytest.mark.parametrize("who", ["public", "own"])
def test_filters_offer_nothing_that_the_reader_may_not_read(
    ask: Callable[[str], FlaskClient], ministry: Constituent, who: str
) -> None:
    shelve(
        ministry,
        visibility=Visibility.CONSTITUENTS,
        type="contract",
        language="th",
        legal_status="suspended",
        tied={"themes": ["A2.1"], "sectors": ["agriculture"], "countries": ["LK"]},
        corridors=["BD-SA"],
    )
    page = ask(who).get("/library").text
    offered = set(re.findall(r'<option value="([^"]+)"', page))
    hidden = {"contract", "th", "suspended", "A2.1", "A2", "agriculture", "LK", "BD-SA", "SA"}
    assert (hidden & offered) == (hidden if who == "own" else set())
    for query in ("type=contract", "country=LK", "language=th", "theme=A2"):
        found = ask(who).get(f"/library?{query}").text
        assert ("1 document<" in found) is (who == "own"), query
