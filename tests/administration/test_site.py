"""Organisations, permissions, settings and health, as administrators meet them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.administration import service
from policytrack.constituents.models import Constituent
from policytrack.core import clock, errors, options, outbox
from policytrack.core import words as core_words
from policytrack.core.audit import TrailEntry
from policytrack.core.db import transaction
from policytrack.core.options import Option
from policytrack.core.outbox import MAX_ATTEMPTS, OutboxItem
from policytrack.core.permissions import TABLE, Permission, Role
from policytrack.reference.models import ReferenceEdit
from policytrack.search.index.follower import Follower
from tests.accounts.browsing import form, send
from tests.administration.conftest import As
from tests.factories import actor_for, make_constituent, make_member, make_user
from tests.progress.test_races import at_once

ORGANISATIONS = "/administration/organisations"
SETTINGS = "/administration/settings"
HEALTH = "/administration/health"


def told(browser: FlaskClient, answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["Location"]).text


# Organisations


@pytest.fixture
def bodies(database: Session) -> dict[str, Constituent]:
    return {
        "ministry": make_constituent(labels={"en": "Ministry A"}, acronym="MINA"),
        "union": make_constituent(labels={"en": "Union B"}, group="workers", country_iso2="QA"),
        "regional": make_constituent(labels={"en": "Body C"}, country_iso2=None),
        "gone": make_constituent(labels={"en": "Old D"}, retired=True),
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("country=NP", {"Ministry A", "Old D"}),
        ("country=QA&q=union", {"Union B"}),
        ("country=regional&q=body", {"Body C"}),
        ("group=workers&q=union+b", {"Union B"}),
        ("retired=yes", {"Old D"}),
        ("retired=no&q=mina", {"Ministry A"}),
        ("q=mina", {"Ministry A"}),
        ("q=%25", set()),
        ("country=%00&group=x&retired=maybe&page=abc&q=union+b", {"Union B"}),
    ],
)
def test_organisations_are_narrowed_by_the_address(
    browser: FlaskClient, bodies: dict[str, Constituent], query: str, shown: set[str]
) -> None:
    page = browser.get(f"{ORGANISATIONS}?{query}").text
    found = page[page.index('id="found"') :]
    names = {"Ministry A", "Union B", "Body C", "Old D"}
    assert {name for name in names if f">{name}</bdi></a>" in found} == shown


def test_the_list_of_organisations_takes_a_fixed_number_of_statements(
    browser: FlaskClient, counted: Callable[[], Any]
) -> None:
    numbers = []
    for size in (1, 30):
        for _ in range(size):
            make_member(make_constituent())
        with counted() as statements:
            assert browser.get(ORGANISATIONS).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], numbers


def test_the_secretariat_retires_and_brings_back_with_history(
    as_: As, bodies: dict[str, Constituent], database: Session
) -> None:
    officer = as_(make_user(Role.SECRETARIAT))
    body = bodies["ministry"]
    member = make_member(body, name="Asha")
    address = f"{ORGANISATIONS}/{body.public_id}"
    page = officer.get(address)
    assert "Asha" in page.text
    assert f"/administration/people/{member.public_id}" not in page.text, "for administrators"
    answer = send(officer, page, f"{address}/retire", reason="Merged with another.")
    assert "Ministry A is retired" in told(officer, answer)
    assert "Retired: it is asked no more" in officer.get(address).text
    again = officer.post(f"{address}/retire", data={"csrf_token": token(page)})
    assert again.status_code == 422
    database.rollback()
    edit = database.scalars(select(ReferenceEdit)).one()
    assert (edit.key, edit.reason, edit.after) == (
        body.code, "Merged with another.", {"retired": "yes"},
    )  # fmt: skip
    answer = send(officer, officer.get(address), f"{address}/restore")
    assert "Ministry A is asked again" in told(officer, answer)
    too_long = {"csrf_token": token(page), "reason": "x" * 501}
    assert officer.post(f"{address}/retire", data=too_long).status_code == 422


def token(page: Any) -> str:
    return page.text.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.mark.parametrize("key", ["nothing", "2222222222", "%00", "a" * 200])
def test_no_organisation_is_behind_a_wrong_address(browser: FlaskClient, key: str) -> None:
    assert browser.get(f"{ORGANISATIONS}/{key}").status_code == 404
    page = browser.get(ORGANISATIONS)
    data = {"csrf_token": token(page)}
    assert browser.post(f"{ORGANISATIONS}/{key}/retire", data=data).status_code == 404


# Permissions and menus


def test_the_matrix_is_the_table(browser: FlaskClient) -> None:
    page = browser.get("/administration/permissions").text
    rows = page.split("<tbody>")[1].split("<tr>")[1:]
    assert len(rows) == len(Permission)
    for permission, row in zip(Permission, rows, strict=True):
        assert str(core_words.PERMISSIONS[permission]) in row
        cells = [cell.split(">", 1)[1].split("<")[0] for cell in row.split("<td")[1:]]
        assert cells == [
            str(core_words.REACHES[TABLE[permission][role]]) if role in TABLE[permission] else ""
            for role in Role
        ]


def test_each_role_is_shown_the_parts_that_are_open_to_it(
    app: Flask, as_: As, database: Session
) -> None:
    body = make_constituent()
    links = {
        "admin": as_(make_user(Role.ADMINISTRATOR)),
        "officer": as_(make_user(Role.SECRETARIAT)),
        "focal": as_(make_member(body)),
        "researcher": as_(make_user(Role.RESEARCHER)),
        "public": app.test_client(),
    }
    wanted = ('"/administration"', f'"{ORGANISATIONS}"', '"/trail"')
    seen = {
        who: [f"href={address}" in browser.get("/about").text for address in wanted]
        for who, browser in links.items()
    }
    assert seen == {
        "admin": [True, False, False],
        "officer": [False, True, True],
        "focal": [False, False, True],
        "researcher": [False] * 3,
        "public": [False] * 3,
    }
    parts = links["officer"].get(ORGANISATIONS).text
    assert 'href="/administration/people"' not in parts
    assert 'href="/administration/settings"' not in parts


# Settings


def test_a_notice_stands_on_every_page_in_the_language_of_the_reader(
    app: Flask, browser: FlaskClient
) -> None:
    typed = {"notice_en": "Closed on <b>Sunday</b>", "notice_ar": "مغلق يوم الأحد"}
    answer = send(browser, browser.get(SETTINGS), SETTINGS, **typed)
    assert "1 setting is changed" in told(browser, answer)
    other = app.test_client()
    assert "Closed on &lt;b&gt;Sunday&lt;/b&gt;" in other.get("/").text
    assert "مغلق يوم الأحد" in other.get("/", headers={"Accept-Language": "ar"}).text
    send(browser, browser.get(SETTINGS), SETTINGS, **{**typed, "notice_ar": ""})
    page = other.get("/", headers={"Accept-Language": "ar"}).text
    assert '<p lang="en" dir="auto">Closed on' in page
    send(browser, browser.get(SETTINGS), SETTINGS, notice_en="")
    assert "notice-strip" not in other.get("/").text


def test_settings_are_saved_in_the_digits_of_any_script(
    browser: FlaskClient, database: Session
) -> None:
    typed = {"invitation_days": "٣٠", "contact": " Help@Example.org ", "registration_open": "no"}
    answer = send(browser, browser.get(SETTINGS), SETTINGS, **typed)
    assert "3 settings are changed" in told(browser, answer)
    database.rollback()
    kept = {row.name: row.value["value"] for row in database.scalars(select(Option))}
    assert kept == {
        "invitation_days": 30, "contact": "help@example.org", "registration_open": False,
    }  # fmt: skip
    assert "mailto:help@example.org" in browser.get("/about").text
    page = browser.get(SETTINGS)
    assert "Nothing was different" in told(browser, send(browser, page, SETTINGS))
    lines = browser.get("/trail?kind=option").text
    assert "changed a setting" in lines
    assert "Contact address" in lines


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"invitation_days": "0"}, "between 1 and 90"),
        ({"invitation_days": "1.5"}, "between 1 and 90"),
        ({"invitation_days": "9" * 14}, "between 1 and 90"),
        ({"invitation_days": "-1"}, "Write a number"),
        ({"invitation_days": "abc"}, "Write a number"),
        ({"invitation_days": ""}, "Write a number"),
        ({"notice_en": "x" * 301}, "longer than 300"),
        ({"contact": "nobody"}, "Write a mail address"),
        ({"registration_open": "maybe"}, "Choose from the list"),
    ],
)
def test_a_bad_setting_is_told_beside_its_field_and_nothing_is_saved(
    browser: FlaskClient, database: Session, changed: dict[str, str], sentence: str
) -> None:
    typed = {"session_days": "7", **changed}
    answer = send(browser, browser.get(SETTINGS), SETTINGS, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="7"' in answer.text, "what was typed stays"
    assert database.scalars(select(Option)).all() == []


def test_settings_that_changed_meanwhile_are_not_overwritten(
    browser: FlaskClient, as_: As, database: Session
) -> None:
    other = as_(make_user(Role.ADMINISTRATOR))
    mine, theirs = browser.get(SETTINGS), other.get(SETTINGS)
    assert send(other, theirs, SETTINGS, session_days="7").status_code == 303
    refused = send(browser, mine, SETTINGS, contact="help@example.org")
    assert refused.status_code == 409
    assert "Somebody else has changed the settings" in refused.text
    assert "help@example.org" in refused.text
    database.rollback()
    assert options.in_force(database)["session_days"] == 7
    assert send(browser, refused, SETTINGS).status_code == 303


def test_two_who_save_settings_at_once(app: Flask, database: Session) -> None:
    actors = [actor_for(make_user(Role.ADMINISTRATOR)) for _ in range(2)]
    seen = service.stamp(database)
    database.rollback()

    def save(number: int) -> Callable[[], None]:
        def run() -> None:
            with transaction() as session:
                service.change_settings(
                    session,
                    actor=actors[number],
                    wanted={"session_days": 5 + number},
                    seen=seen,
                    now=clock.now(),
                )

        return run

    refused = at_once(app, save(0), save(1))
    assert [type(each) for each in refused if each] == [errors.StaleVersion]


# Health


def fail(key: str, error: str = "OSError: asha@example.org refused") -> int:
    now = clock.now()
    with transaction() as session:
        outbox.enqueue(session, "mail", {"to": "asha@example.org"}, key=key, now=now)
        item = session.scalars(select(OutboxItem).where(OutboxItem.key == key)).one()
        item.failed_at, item.attempts, item.last_error = now, MAX_ATTEMPTS, error
        return item.id


def test_health_says_what_is_wrong_and_shows_no_address(
    app: Flask, browser: FlaskClient, database: Session
) -> None:
    page = browser.get(HEALTH)
    assert "there is none that can be trusted" in page.text
    assert "Nothing has failed" in page.text
    Follower(app).rebuild()
    fail("one")
    page = browser.get(HEALTH).text
    assert "up to date" in page
    assert "1 failed" in page
    assert "asha@example.org" not in page
    assert "OSError" in page
    home = browser.get("/administration").text
    assert "have the failed work tried again" in home


def test_health_takes_a_fixed_number_of_statements(
    app: Flask, browser: FlaskClient, counted: Callable[[], Any]
) -> None:
    Follower(app).rebuild()
    numbers = []
    for size in (1, 20):
        for number in range(size):
            fail(f"{size}-{number}")
        with counted() as statements:
            assert browser.get(HEALTH).status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], numbers


def test_failed_work_is_tried_again_or_dropped_by_hand(
    browser: FlaskClient, database: Session
) -> None:
    one, two, three = (fail(key) for key in ("one", "two", "three"))
    page = browser.get(HEALTH)
    answer = send(browser, page, f"{HEALTH}/{one}/retry")
    assert "1 piece of work will be tried again" in told(browser, answer)
    assert send(browser, page, f"{HEALTH}/{one}/retry").status_code == 303, "the same form"
    answer = send(browser, page, f"{HEALTH}/{two}/drop")
    assert "dropped" in told(browser, answer)
    database.rollback()
    left = {item.id: item for item in database.scalars(select(OutboxItem))}
    assert set(left) == {one, three}
    assert (left[one].failed_at, left[one].attempts) == (None, 0)
    answer = send(browser, page, f"{HEALTH}/retry")
    assert "1 piece of work" in told(browser, answer)
    for act in ("retry", "drop"):
        for item in (one, two, "9" * 40, "0", "abc", "1%00"):
            data = {"csrf_token": token(page)}
            assert browser.post(f"{HEALTH}/{item}/{act}", data=data).status_code == 404
    database.rollback()
    lines = database.scalars(
        select(TrailEntry.action).where(TrailEntry.kind == "outbox").order_by(TrailEntry.id)
    ).all()
    assert lines == ["outbox.retry", "outbox.drop", "outbox.retry"]


def test_work_that_is_dropped_while_it_is_done_does_no_harm(database: Session) -> None:
    def handler(_payload: Any, _key: str) -> None:
        with transaction() as session:
            session.delete(session.scalars(select(OutboxItem)).one())

    with transaction() as session:
        outbox.enqueue(session, "mail", {}, key="k", now=clock.now())
    assert outbox.work_one({"mail": handler}, clock.now())


def test_the_drop_asks_first(browser: FlaskClient, database: Session) -> None:
    item = fail("one")
    page = browser.get(HEALTH)
    assert form(page, f"{HEALTH}/{item}/drop")
    assert "It will never be done" in page.text


def test_only_administrators_look_after_the_site(database: Session, admin: User) -> None:
    officer, now = actor_for(make_user(Role.SECRETARIAT)), clock.now()
    item = str(fail("one"))
    with transaction() as session:
        with pytest.raises(errors.NotPermitted):
            service.retry(session, actor=officer, item=None, now=now)
        with pytest.raises(errors.NotPermitted):
            service.drop(session, actor=officer, item=item, now=now)
        with pytest.raises(errors.NotPermitted):
            service.change_settings(session, actor=officer, wanted={}, seen="", now=now)
    focal = actor_for(make_member(make_constituent()))
    body = make_constituent()
    with transaction() as session, pytest.raises(errors.NotPermitted):
        service.retire(
            session, actor=focal, body=session.get_one(Constituent, body.id), retired=True,
            reason="", now=now,
        )  # fmt: skip
