"""Documents of the library on the pages of what they are about, and on the home page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.constituents.models import Membership
from policytrack.constituents.rules import Group
from policytrack.core import clock
from policytrack.core.db import transaction
from policytrack.core.permissions import Role
from policytrack.core.review import Action, State
from policytrack.frameworks.models import Sector, TargetGroup, Theme
from policytrack.library.models import LibraryDecision, LibraryDocument
from policytrack.library.rules import Visibility
from policytrack.places import queries as places
from policytrack.places.models import Country
from tests.factories import NOW, make_constituent, make_document, make_member, make_user
from tests.pages.conftest import Count

SignIn = Callable[[FlaskClient, User], None]
ENGLISH = {"Accept-Language": "en"}


def _about_everything(document: LibraryDocument) -> LibraryDocument:
    """Tie a document to a theme, a sector, a target group, a country and a corridor."""
    with transaction() as session:
        text = session.merge(document).published
        assert text is not None
        text.themes = [session.get_one(Theme, "A1.1")]
        text.sectors = [session.get_one(Sector, "domestic-work")]
        text.target_groups = [session.get_one(TargetGroup, "domestic-workers")]
        text.countries = [session.get_one(Country, "NP")]
        text.corridors = [places.corridor(session, "NP-QA")]
    return document


def _addresses(organisation: str) -> list[str]:
    return [
        "/themes/A1.1", "/themes/A1", "/sectors/domestic-work", "/target-groups/domestic-workers",
        "/countries/NP", "/countries/QA", "/corridors/NP-QA", f"/constituents/{organisation}",
    ]  # fmt: skip


def test_pages_show_the_documents_that_are_about_them(
    database: Session, client: FlaskClient
) -> None:
    body = make_constituent()
    _about_everything(make_document(body, title="A law on rest days"))
    elsewhere = make_constituent(country_iso2="LK")
    make_document(elsewhere, title="Another law, on nothing of this")
    for address in _addresses(body.public_id):
        page = client.get(address, headers=ENGLISH).get_data(as_text=True)
        assert "A law on rest days" in page, address
        assert "Another law" not in page, address
    assert "A law on rest days" not in client.get("/corridors/BD-SA").get_data(as_text=True)


def test_pages_keep_what_is_not_for_everybody(
    database: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    body = make_constituent()
    later = clock.now() + timedelta(days=9)
    _about_everything(make_document(body, title="Ours only", visibility=Visibility.CONSTITUENTS))
    _about_everything(make_document(body, title="Not yet", embargo_until=later))
    addresses = _addresses(body.public_id)
    for address in addresses:
        page = client.get(address).get_data(as_text=True)
        assert "Ours only" not in page, address
        assert "Not yet" not in page, address
    sign_in(client, make_member(make_constituent(group=Group.WORKERS)))
    for address in addresses:
        page = client.get(address).get_data(as_text=True)
        assert "Ours only" in page, address
        assert "Not yet" not in page, address


def test_more_than_a_few_lead_on_to_the_list(database: Session, client: FlaskClient) -> None:
    body = make_constituent()
    for number in range(7):
        _about_everything(make_document(body, title=f"Law number {number}"))
    for address in _addresses(body.public_id):
        page = client.get(address, headers=ENGLISH).get_data(as_text=True)
        found = re.search(r'href="(/library\?[^"]+)">Show all 7 documents', page)
        assert found, address
        listed = client.get(found[1].replace("&amp;", "&"), headers=ENGLISH).get_data(as_text=True)
        assert "7 documents" in listed, address
        assert "Filters in use" in listed, address


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.OBSERVER])
def test_home_names_the_documents_that_came_back(
    database: Session, client: FlaskClient, sign_in: SignIn, role: Role
) -> None:
    group = Group.OBSERVERS if role is Role.OBSERVER else Group.GOVERNMENTS
    body, officer = make_constituent(group=group), make_user(Role.SECRETARIAT)
    document = make_document(body, state=State.RETURNED, title="A study of fees")
    with transaction() as session:
        text = session.merge(document).open
        assert text is not None
        text.decisions.append(
            LibraryDecision(
                action=Action.RETURN,
                officer_id=officer.id,
                at=NOW,
                reason="Name the year.",
                language="en",
            )
        )
    assert "A study of fees" not in client.get("/").get_data(as_text=True)
    sign_in(client, make_member(body, role))
    page = client.get("/", headers=ENGLISH).get_data(as_text=True)
    assert "1 document came back" in page
    assert f'href="/library/{document.public_id}/edit">' in page
    assert "Name the year." in page


def test_who_sits_in_two_groups_reads_of_a_document_once(
    database: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    ministry, agency = make_constituent(), make_constituent(group=Group.OBSERVERS)
    make_document(ministry, state=State.RETURNED, title="Of the ministry")
    make_document(agency, state=State.RETURNED, title="Of the agency")
    person = make_member(ministry)
    with transaction() as session:
        session.add(
            Membership(user_id=person.id, constituent_id=agency.id, role=Role.OBSERVER, since=NOW)
        )
    sign_in(client, person)
    page = client.get("/").get_data(as_text=True)
    assert page.count("Of the ministry") == page.count("Of the agency") == 1
    assert not _twice(page)


def _twice(page: str) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()

    class Ids(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                if name == "id" and value:
                    (twice if value in seen else seen).add(value)

    Ids().feed(page)
    return twice


def test_browse_counts_what_the_reader_may_read(
    database: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    make_document(make_constituent())
    make_document(make_constituent(), visibility=Visibility.CONSTITUENTS)
    shown = r'<a href="/library">Library</a> <span class="meta num">(\d+)</span>'
    page = client.get("/browse", headers=ENGLISH).get_data(as_text=True)
    assert re.findall(shown, page) == ["1"]
    sign_in(client, make_member(make_constituent()))
    page = client.get("/browse", headers=ENGLISH).get_data(as_text=True)
    assert re.findall(shown, page) == ["2"]


def test_shelves_cost_the_same_with_few_and_with_many(
    database: Session, client: FlaskClient, count_queries: Count
) -> None:
    body = make_constituent()
    _about_everything(make_document(body))
    addresses = _addresses(body.public_id)
    few = {each: count_queries(partial(client.get, each)) for each in addresses}
    for _ in range(8):
        _about_everything(make_document(body))
    for each in addresses:
        assert count_queries(partial(client.get, each)) == few[each] > 0, each
