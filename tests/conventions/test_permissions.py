"""Every route says what it needs, and gives it to exactly those whom the table names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from policytrack.accounts.models import User
from policytrack.core.permissions import TABLE, Permission, Reach, Role
from policytrack.search.index.follower import Follower
from tests.factories import (
    make_commitment,
    make_constituent,
    make_member,
    make_note,
    make_round,
    make_user,
)

SignIn = Callable[[FlaskClient, User], None]

# The table of DOMAIN: who may do what, and how far. Written out once more, on purpose: a change of
# the program's table must be a decision, not a slip.
F, C, B = Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.OBSERVER
S, A, R, P = Role.SECRETARIAT, Role.ADMINISTRATOR, Role.RESEARCHER, Role.PUBLIC
EXPECTED: dict[Permission, dict[Role, Reach]] = {
    Permission.PUBLISHED_READ: dict.fromkeys((P, R, B, C, F, S, A), Reach.ANY),
    Permission.ACCOUNT_USE: dict.fromkeys((R, B, C, F, S, A), Reach.ANY),
    Permission.SEARCH_SAVE: dict.fromkeys((R, B, C, F, S, A), Reach.ANY),
    Permission.DRAFT_READ: {
        **dict.fromkeys((B, C, F), Reach.OWN),
        **dict.fromkeys((S, A), Reach.SUBMITTED),
    },
    Permission.NOTE_WRITE: {C: Reach.OWN, F: Reach.OWN, S: Reach.ON_BEHALF},
    Permission.NOTE_SUBMIT: {F: Reach.OWN},
    Permission.NOTE_REVIEW: {S: Reach.ANY},
    Permission.LIBRARY_WRITE: {
        **dict.fromkeys((B, C, F), Reach.OWN),
        S: Reach.ON_BEHALF,
    },
    Permission.LIBRARY_SUBMIT: dict.fromkeys((B, F), Reach.OWN),
    Permission.LIBRARY_REVIEW: {S: Reach.ANY},
    Permission.RESTRICTED_READ: dict.fromkeys((C, F, S, A), Reach.ANY),
    Permission.COMMITMENT_PROPOSE: {F: Reach.OWN, S: Reach.ANY},
    Permission.COMMITMENT_ACCEPT: {F: Reach.OWN},
    Permission.PROGRAMME_WRITE: {**dict.fromkeys((B, F), Reach.OWN), S: Reach.ANY},
    Permission.REDACT: {S: Reach.ANY},
    Permission.MEMBER_INVITE: {F: Reach.OWN, S: Reach.ANY, A: Reach.ANY},
    Permission.TRAIL_READ: {C: Reach.OWN, F: Reach.OWN, S: Reach.ANY, A: Reach.ANY},
    Permission.SILENCE_READ: dict.fromkeys((C, F, S, A), Reach.ANY),
    Permission.ROUND_MANAGE: {S: Reach.ANY, A: Reach.ANY},
    Permission.REFERENCE_MANAGE: {S: Reach.ANY, A: Reach.ANY},
    Permission.ADMINISTER: {A: Reach.ANY},
}


def test_the_table_is_the_one_that_was_agreed() -> None:
    assert {permission: dict(roles) for permission, roles in TABLE.items()} == EXPECTED


def test_every_permission_has_its_row() -> None:
    assert set(TABLE) == set(Permission)


def test_every_route_declares_what_it_needs(app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and not isinstance(
            getattr(app.view_functions[rule.endpoint], "permission", None), Permission
        )
    ]
    assert silent == []


def _people(app: Flask) -> dict[Role, User | None]:
    ministry = make_constituent()
    observer = make_constituent(group="observers")
    return {
        Role.PUBLIC: None,
        Role.RESEARCHER: make_user(Role.RESEARCHER),
        Role.OBSERVER: make_member(observer, Role.OBSERVER),
        Role.CONTRIBUTOR: make_member(ministry, Role.CONTRIBUTOR),
        Role.FOCAL_POINT: make_member(ministry, Role.FOCAL_POINT),
        Role.SECRETARIAT: make_user(Role.SECRETARIAT),
        Role.ADMINISTRATOR: make_user(Role.ADMINISTRATOR),
    }


def _values() -> dict[str, Any]:
    """Return things that exist and are published, for the parameters of routes."""
    lead = make_constituent(country_iso2="LK")
    commitment = make_commitment(lead, corridors=("LK-QA",), countries=("LK",))
    note = make_note(commitment, lead, make_round())
    return {
        "address": commitment.code,
        "note_id": note.public_id,
        "iso2": "NP",
        "code": "NP-QA",
        "action": "accept",
        "act": "remove",
        "token": "x" * 43,
        "public_id": note.public_id,
        "filename": "css/policytrack.css",
        "kind_name": "themes",
        "key": "A1",
        "kind": "json",
        "": note.public_id,
    }


@pytest.mark.parametrize("role", list(Role))
def test_each_role_walks_each_route(once: None, app: Flask, sign_in: SignIn, role: Role) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    wrong = []
    try:
        with app.app_context():
            person = _people(app)[role]
            Follower(app).rebuild()
            browser = app.test_client()
            if person is not None:
                sign_in(browser, person)
            known = _values()
            for rule in app.url_map.iter_rules():
                if rule.endpoint in {"static", "accounts.sign_out"}:
                    continue
                view = app.view_functions[rule.endpoint]
                permission: Permission = view.permission  # type: ignore[attr-defined]  # a mark
                of_thing = getattr(view, "permission_of_thing", False)
                granted = role in EXPECTED[permission] or Role.PUBLIC in EXPECTED[permission]
                if "POST" in (rule.methods or ()) and rule.arguments and granted:
                    known = _values()  # what is sent changes things
                values = {name: known.get(name, known[""]) for name in rule.arguments}
                with app.test_request_context():
                    address = rule.build(values, append_unknown=False)[1]  # type: ignore[index]  # never None here
                for method in sorted(rule.methods & {"GET", "POST"}):  # type: ignore[operator]  # always set
                    answer = browser.open(address, method=method)
                    code = answer.status_code
                    if code >= 500 and rule.endpoint != "operations.readyz":
                        wrong.append((method, address, code))
                    if granted:
                        continue
                    if role is Role.PUBLIC:
                        asked = code == 401 or (
                            code == 303 and "/sign-in" in answer.headers["Location"]
                        )
                        if not asked:
                            wrong.append((method, address, code))
                    elif code != 403 and not (of_thing and code in {403, 404, 405, 422}):
                        wrong.append((method, address, code))
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert wrong == []
