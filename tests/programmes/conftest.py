"""Set the scene of those who keep a programme, and of those who do not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from policytrack.accounts.models import User
from policytrack.constituents.models import Constituent
from policytrack.core import files
from policytrack.core.audit import TrailEntry
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.files.models import StoredFile
from policytrack.core.permissions import Role
from policytrack.library import service as library
from policytrack.library.models import LibraryDocument
from policytrack.library.reading import Kind, Origin, Outcome, PageText, Reading, Unit
from policytrack.programmes.models import Programme
from tests.factories import (
    NOW,
    make_constituent,
    make_document,
    make_member,
    make_programme,
    make_user,
)
from tests.pages.conftest import count_queries, read

__all__ = ["count_queries", "read"]

CODE = "HH"
HERE = f"/programmes/{CODE}"
PAGES = 6


@dataclass
class Scene:
    """Hold who a test is about; `agency` and `ministry` keep the programme, others do not."""

    agency: Constituent
    ministry: Constituent
    users: dict[str, User]
    browse: Callable[[str], FlaskClient]

    def send(
        self, who: str, address: str, form: str = "", /, *, expected: int = 303, **data: Any
    ) -> TestResponse:
        """Send a form as the page of that address offers it, with these fields filled in."""
        browser = self.browse(who)
        shown = browser.get(form or address).get_data(as_text=True)
        answer = browser.post(address, data={**carried(shown), **data})
        assert answer.status_code == expected, answer.get_data(as_text=True)[-3000:]
        return answer


def carried(page: str) -> dict[str, str]:
    """Return what the longest form of a page carries with it."""
    found = {}
    for name in ("csrf_token", "form_key", "seen"):
        values = re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)
        found[name] = unescape(values[0]) if values else ""
    return found


def fresh() -> Session:
    """Return the session of the test, reading afresh what browsers have done."""
    current = current_session()
    current.rollback()
    return current


def trail() -> list[TrailEntry]:
    """Return what the trail says of programmes, the earliest first."""
    lines = select(TrailEntry).where(TrailEntry.kind == "programme").order_by(TrailEntry.id)
    return list(fresh().scalars(lines))


def programme() -> Programme:
    """Read the programme afresh."""
    return fresh().scalars(select(Programme).where(Programme.code == CODE)).one()


def evaluation(**overrides: Any) -> LibraryDocument:
    """Publish an evaluation report of six pages, whose text was read."""
    accepted = files.inspect(b"Findings.", name="evaluation.txt", library=True)
    made = make_document(
        **{"type": "evaluation", "title": "The evaluation", "files": [accepted], **overrides}
    )
    with transaction() as session:
        stored = session.scalars(select(StoredFile)).first()
        assert stored is not None
        pages = tuple(PageText(n, f"Page {n}.", Origin.LAYER, "en") for n in range(1, PAGES + 1))
        reading = Reading(Outcome.READ, Kind.TEXT, unit=Unit.PAGE, pages=pages, language="en")
        library.keep_text(session, stored, reading, NOW)
    return made


@pytest.fixture
def scene(app: Flask, database: Session, sign_in: Callable[[FlaskClient, User], None]) -> Scene:
    agency = make_constituent(group="observers", labels={"en": "Agency", "ar": "الوكالة"})
    ministry = make_constituent()
    users = {
        "observer": make_member(agency, Role.OBSERVER),
        "focal": make_member(ministry),
        "contributor": make_member(ministry, Role.CONTRIBUTOR),
        "stranger": make_member(make_constituent(group="observers"), Role.OBSERVER),
        "officer": make_user(Role.SECRETARIAT),
        "administrator": make_user(Role.ADMINISTRATOR),
        "researcher": make_user(Role.RESEARCHER),
    }
    make_programme(code=CODE, labels={"en": "Homes and Hands"})
    with transaction() as session:
        found = session.get_one(Programme, CODE)
        found.keepers = [session.get_one(Constituent, each.id) for each in (agency, ministry)]

    def browse(who: str) -> FlaskClient:
        browser = app.test_client()
        if who != "public":
            sign_in(browser, users[who])
        return browser

    return Scene(agency, ministry, users, browse)
