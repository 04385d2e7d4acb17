"""Those who keep a programme describe it; nobody else does, and no edit is lost."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core.changes import Change
from policytrack.core.db import transaction
from policytrack.programmes.models import Programme
from tests.pages.conftest import Read
from tests.programmes.conftest import CODE, HERE, Scene, carried, programme, trail

SAID: dict[str, Any] = {
    "summary_en": "It opened five desks.",
    "agencies": "Agency A\nAgency B; Agency C",
    "starts": "2019-02",
    "ends": "2024",
    "origins": ["NP", "LK"],
    "destinations": ["QA"],
    "themes": ["A1.1"],
    "sectors": ["domestic-work"],
}


def test_an_observer_describes_their_own_programme(
    scene: Scene, database: Session, read: Read
) -> None:
    answer = scene.send("observer", f"{HERE}/edit", **SAID)
    assert answer.headers["Location"].endswith(HERE)
    page = read(HERE)
    for words in ("It opened five desks.", "Agency C", "Feb 2019 to 2024", "Sri Lanka"):
        assert words in page
    assert "Described by:" in page
    (line,) = trail()
    assert line.constituent_id == scene.agency.id
    assert {"summary", "agencies", "starts", "ends", "origins"} <= set(line.fields)
    assert "parent" not in line.fields
    changed = database.scalars(select(Change.public_id).where(Change.kind == "programme")).all()
    assert CODE in changed


@pytest.mark.parametrize("who", ["focal", "officer"])
def test_so_do_a_focal_point_of_a_keeper_and_the_secretariat(scene: Scene, who: str) -> None:
    scene.send(who, f"{HERE}/edit", **SAID)
    by = programme().described_by
    assert (by.id if by else None) == (scene.ministry.id if who == "focal" else None)


PLACES = ("edit", "items", "items/new", "documents", "contributions", "contributions/new")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("public", 303),
        ("researcher", 403),
        ("stranger", 403),
        ("contributor", 403),
        ("administrator", 403),
        ("observer", 200),
        ("focal", 200),
        ("officer", 200),
    ],
)
def test_only_those_who_keep_it_reach_the_pages(
    scene: Scene, who: str, code: int, place: str
) -> None:
    browser = scene.browse(who)
    assert browser.get(f"{HERE}/{place}").status_code == code
    if code != 200:
        given = carried(browser.get("/about").get_data(as_text=True))
        posted = browser.post(f"{HERE}/edit", data={**given, **SAID}).status_code
        # What is sent without a sign-in waits behind it.
        assert posted == (401 if who == "public" else code)
        assert programme().described_at is None


@pytest.mark.parametrize("code", ["NOBODY", "%00", "a" * 300])
def test_a_programme_that_is_not_there_is_not_found(scene: Scene, code: str) -> None:
    assert scene.browse("officer").get(f"/programmes/{code}/edit").status_code == 404


def test_one_that_is_known_from_hearsay_is_not_there_for_its_keepers_either(
    scene: Scene,
) -> None:
    with transaction() as session:
        session.get_one(Programme, CODE).confidence = "low"
    assert scene.browse("observer").get(f"{HERE}/edit").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"summary_en": ""}, "Write the summary in at least one language."),
        ({"summary_en": "x" * 4001}, "longer than 4000 characters"),
        ({"starts": "soon"}, "Write a year"),
        ({"starts": "2018-13"}, "Write a year"),
        ({"starts": "2025", "ends": "2024"}, "The end lies before the beginning."),
        ({"destinations": ["QA", "NP"]}, "stands on one side only"),
        ({"themes": ["NOPE"]}, "Choose from the list."),
        ({"origins": ["XX", "'--"]}, "Choose from the list."),
    ],
)
def test_what_does_not_fit_is_said_and_kept_in_the_form(
    scene: Scene, wrong: dict[str, Any], sentence: str
) -> None:
    answer = scene.send("observer", f"{HERE}/edit", expected=422, **{**SAID, **wrong})
    page = answer.get_data(as_text=True)
    assert sentence in page
    assert "Agency B" in page
    assert programme().described_at is None


def test_hostile_words_are_words(scene: Scene, read: Read) -> None:
    hostile = "<script>alert(1)</script> \u202eرسوم\u202c {{ 7*7 }} \x00"
    scene.send("observer", f"{HERE}/edit", **{**SAID, "summary_ar": hostile})
    page = read(HERE, "ar")
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page


def test_a_form_that_is_older_than_what_stands_there_loses_nothing(scene: Scene) -> None:
    first, second = scene.browse("observer"), scene.browse("focal")
    early = carried(first.get(f"{HERE}/edit").get_data(as_text=True))
    late = carried(second.get(f"{HERE}/edit").get_data(as_text=True))
    assert second.post(f"{HERE}/edit", data={**late, **SAID}).status_code == 303
    mine = {**SAID, "summary_en": "Mine.", "themes": ["A2.1"]}
    answer = first.post(f"{HERE}/edit", data={**early, **mine})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "It opened five desks." in page
    assert "Mine." in page
    assert programme().summary["en"] == "It opened five desks."
    # Sent again, knowing the newer one, it takes its place.
    assert first.post(f"{HERE}/edit", data={**carried(page), **mine}).status_code == 303
    assert programme().summary["en"] == "Mine."


def test_the_same_form_twice_and_nothing_new_leave_one_line(
    scene: Scene, database: Session
) -> None:
    browser = scene.browse("observer")
    given = carried(browser.get(f"{HERE}/edit").get_data(as_text=True))
    for _ in range(2):
        assert browser.post(f"{HERE}/edit", data={**given, **SAID}).status_code == 303
    scene.send("observer", f"{HERE}/edit", **SAID)
    assert [line.action for line in trail()] == ["programme.edit"]


def test_the_keepers_find_their_programme_at_home_and_on_their_page(
    scene: Scene, read: Read
) -> None:
    assert f'href="{HERE}"' in read("/", browser=scene.browse("observer"))
    assert f'href="{HERE}"' not in read("/", browser=scene.browse("stranger"))
    assert f'href="{HERE}"' in read(f"/constituents/{scene.agency.public_id}")
    assert f"{HERE}/edit" in read(HERE, browser=scene.browse("observer"))
    assert f"{HERE}/edit" not in read(HERE, browser=scene.browse("stranger"))


def test_the_secretariat_says_who_keeps_a_programme(scene: Scene, database: Session) -> None:
    row = f"/reference/programmes/rows/{CODE}"
    browser = scene.browse("officer")
    page = browser.get(row).get_data(as_text=True)
    assert 'name="keepers"' in page
    codes = [scene.agency.code]
    answer = browser.post(
        row,
        data={
            **carried(page),
            "label_en": "Homes and Hands",
            "summary_en": "It works for domestic workers.",
            "agencies": "ILO",
            "starts": "2020",
            "ends": "2023-12-31",
            "origins": ["NP"],
            "destinations": ["QA"],
            "themes": ["A1.1"],
            "keepers": codes,
            "position": str(programme().position),
            "source": "https://example.org/programme",
            "confidence": "high",
            "reason": "The letter of the ministry",
        },
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[-3000:]
    assert [body.id for body in programme().keepers] == [scene.agency.id]
    assert scene.browse("focal").get(f"{HERE}/edit").status_code == 403
