"""Organisations, themes, provisions, programmes and dialogues are found by their names."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.constituents.models import Constituent
from policytrack.core import changes
from policytrack.core.db import transaction
from policytrack.dialogues.models import Dialogue
from policytrack.frameworks.models import Provision, Theme
from policytrack.search.index.follower import Follower
from tests.factories import make_constituent, make_dialogue, make_member, make_programme
from tests.pages.conftest import Read


def _named(number: str) -> dict[str, str]:
    return {"en": f"Quokka {number}", "ar": f"كوكا {number}"}


def test_each_kind_is_found_and_leads_to_its_page(
    database: Session, client: FlaskClient, read: Read
) -> None:
    body = make_constituent(labels=_named("house"), acronym="QKK")
    programme = make_programme(labels=_named("programme"), code="QP")
    meeting = make_dialogue(labels=_named("meeting"), corridors=("NP-QA",))
    with transaction() as session:
        session.get_one(Theme, "A1.1").labels = _named("theme")
        found = select(Provision).where(Provision.framework_code == "BALI", Provision.code == "B1")
        session.scalars(found).one().labels = _named("provision")
    Follower(client.application).rebuild()
    addresses = {
        f"/constituents/{body.public_id}": "Organisation",
        f"/programmes/{programme.code}": "Programme",
        f"/dialogues/{meeting.public_id}": "Dialogue",
        "/themes/A1.1": "Theme",
        "/frameworks/BALI/B1": "Provision",
    }
    for question, language in (("quokka", "en"), ("كوكا", "ar")):
        page = read(f"/search?q={question}", language)
        for address in addresses:
            assert f'href="{address}"' in page, (question, address)
    english = read("/search?q=quokka")
    for word in addresses.values():
        assert f"<small>{word}" in english
    assert f'href="/constituents/{body.public_id}"' in read("/search?q=QKK")
    only = read("/search?q=quokka&kind=dialogue")
    assert f'href="/dialogues/{meeting.public_id}"' in only
    assert 'href="/themes/A1.1"' not in only
    assert f'href="/dialogues/{meeting.public_id}"' in read("/search?country=QA&kind=dialogue")


def test_what_rests_on_hearsay_or_is_offered_no_more_is_not_found(
    database: Session, client: FlaskClient, read: Read
) -> None:
    make_programme(labels=_named("programme"), confidence="low")
    make_dialogue(labels=_named("meeting"), confidence="unverified")
    with transaction() as session:
        theme = session.get_one(Theme, "A1.1")
        theme.labels, theme.retired = _named("theme"), True
    Follower(client.application).rebuild()
    assert "Nothing was found." in read("/search?q=quokka")


@pytest.mark.parametrize("secret", ["Wombat source", "Wombat remark", "Wombat Person"])
def test_nothing_but_names_is_found(
    database: Session, client: FlaskClient, read: Read, secret: str
) -> None:
    body = make_constituent(source="Wombat source", note="Wombat remark")
    make_member(body, name="Wombat Person")
    Follower(client.application).rebuild()
    assert "Nothing was found." in read(f'/search?q="{secret}"')


def test_the_index_follows_what_is_edited(
    database: Session, client: FlaskClient, read: Read
) -> None:
    body, meeting = make_constituent(), make_dialogue()
    follower = Follower(client.application)
    follower.rebuild()
    with transaction() as session:
        session.get_one(Constituent, body.id).labels = _named("house")
        session.get_one(Dialogue, meeting.id).confidence = "low"
        changes.append(session, "constituent", body.public_id)
        changes.append(session, "dialogue", meeting.public_id)
        changes.append(session, "provision", "BALI:B1")
        changes.append(session, "provision", "no such thing")
    while follower.behind():
        follower.follow()
    assert f'href="/constituents/{body.public_id}"' in read("/search?q=quokka")
    assert f'href="/dialogues/{meeting.public_id}"' not in read("/search?kind=dialogue")
    assert 'href="/frameworks/BALI/B1"' in read("/search?q=fees&kind=provision")
