"""What a programme contributed to a commitment is always told as claimed or as evaluated."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.commitments.contributing import queries
from policytrack.commitments.models import Commitment, ProgrammeContribution
from policytrack.commitments.rules import TextState
from policytrack.core import clock
from policytrack.core.db import transaction
from policytrack.core.permissions import ANONYMOUS
from policytrack.library.models import LibraryDocument
from tests.factories import make_commitment, make_constituent, make_document, make_programme
from tests.pages.conftest import Count, Read, count_queries, read
from tests.programmes.conftest import CODE, HERE, Scene, carried, evaluation, fresh, scene, trail

__all__ = ["count_queries", "read", "scene"]

PLACE = f"{HERE}/contributions"
NEW = f"{PLACE}/new"


@pytest.fixture
def commitment(database: Session) -> Commitment:
    return make_commitment(make_constituent(), title="No fee for any worker")


def said(commitment: Commitment, /, **more: Any) -> dict[str, Any]:
    return {
        "commitment": commitment.code,
        "basis": "claimed",
        "language": "en",
        "text": "It drafted the rule on refunds.",
        **more,
    }


def evaluated(commitment: Commitment, document: LibraryDocument, /, **more: Any) -> dict[str, Any]:
    given = {"basis": "evaluated", "document": document.public_id, "page": "4"}
    return said(commitment, **{**given, **more})


def stated() -> list[ProgrammeContribution]:
    found = select(ProgrammeContribution).order_by(ProgrammeContribution.id)
    return list(fresh().scalars(found))


def of(contribution: ProgrammeContribution, act: str = "edit") -> str:
    return f"{PLACE}/{contribution.public_id}/{act}"


def test_a_claim_stands_on_both_pages_with_who_states_it(
    scene: Scene, commitment: Commitment, read: Read
) -> None:
    scene.send("observer", NEW, **said(commitment))
    for page in (read(HERE), read(f"/commitments/{commitment.code}")):
        assert "It drafted the rule on refunds." in page
        assert "Claimed</span>" in page
        assert "Evaluated</span>" not in page
        assert "Stated by:" in page
    assert "No fee for any worker" in read(HERE)
    assert "Homes and Hands" in read(f"/commitments/{commitment.code}")
    (line,) = trail()
    assert line.action == "programme.contribution_add"
    assert line.constituent_id == scene.agency.id


def test_what_is_evaluated_names_the_page_of_the_report(
    scene: Scene, commitment: Commitment, read: Read
) -> None:
    document = evaluation()
    address = f"http://localhost/commitments/{commitment.code}"
    scene.send("officer", NEW, **evaluated(commitment, document, commitment=address))
    page = read(f"/commitments/{commitment.code}")
    assert "Evaluated</span>" in page
    assert "As evaluated in:" in page
    assert f"/library/{document.public_id}/text?page=4#p4" in page
    assert "the secretariat" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"document": ""}, "without it this is a claim"),
        ({"page": ""}, "Write the number of a page"),
        ({"page": "abc"}, "Write the number of a page"),
        ({"page": "99999"}, "Write the number of a page"),
        ({"page": "7"}, "its last is 6"),
        ({"page": "-4"}, "Write the number of a page"),
        ({"document": "bcdfghjkmn"}, "There is no document at this address"),
        ({"document": "nonsense"}, "Copy the address"),
        ({"text": ""}, "Fill this in."),
        ({"text": "x" * 4001}, "longer than 4000 characters"),
        ({"basis": "proven"}, "Choose from the list."),
        ({"basis": ""}, "Choose from the list."),
        ({"language": "tlh"}, "Choose from the list."),
        ({"commitment": "BALI-B1-NP-99"}, "There is no commitment"),
        ({"commitment": ""}, "Fill this in."),
        ({"commitment": "'; --"}, "There is no commitment"),
        ({"basis": "claimed", "document": "", "page": "4"}, "Name the document"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_stated(
    scene: Scene, commitment: Commitment, wrong: dict[str, str], sentence: str
) -> None:
    given = evaluated(commitment, evaluation(), **wrong)
    answer = scene.send("observer", NEW, expected=422, **given)
    assert sentence in answer.get_data(as_text=True)
    assert stated() == []


def test_only_an_evaluation_report_evaluates(scene: Scene, commitment: Commitment) -> None:
    law = make_document()
    answer = scene.send("observer", NEW, expected=422, **evaluated(commitment, law))
    assert "This document is no evaluation report." in answer.text
    # As the source of a claim it will do.
    scene.send("observer", NEW, **evaluated(commitment, law, basis="claimed"))


def test_a_commitment_that_is_not_public_yet_is_not_there(scene: Scene) -> None:
    proposed = make_commitment(make_constituent(), state=TextState.PROPOSED, title="Secret")
    given = said(proposed, commitment=proposed.public_id)
    for who in ("observer", "officer"):
        answer = scene.send(who, NEW, expected=422, **given)
        assert "There is no commitment" in answer.text
        assert "Secret" not in answer.text


def test_what_an_evaluation_found_goes_with_the_evaluation(
    scene: Scene, commitment: Commitment, read: Read
) -> None:
    document = evaluation()
    scene.send("observer", NEW, **evaluated(commitment, document))
    scene.send("observer", NEW, **evaluated(commitment, document, basis="claimed", text="We did."))
    now = clock.now()
    assert len(queries.citing(fresh(), ANONYMOUS, document.id, now)) == 2
    with transaction() as session:
        found = session.get_one(LibraryDocument, document.id)
        found.published, found.retracted_at = None, now
    for address in (HERE, f"/commitments/{commitment.code}"):
        page = read(address)
        assert "It drafted the rule on refunds." not in page
        assert "We did." in page
        assert "The evaluation" not in page
        assert document.public_id not in page


def test_a_change_is_signed_and_a_stale_one_loses_nothing(
    scene: Scene, commitment: Commitment
) -> None:
    scene.send("observer", NEW, **said(commitment))
    (made,) = stated()
    first, second = scene.browse("observer"), scene.browse("focal")
    early = carried(first.get(of(made)).get_data(as_text=True))
    late = carried(second.get(of(made)).get_data(as_text=True))
    assert (
        second.post(of(made), data={**late, **said(commitment, text="Theirs")}).status_code == 303
    )
    assert stated()[0].stated_by_id == scene.ministry.id
    answer = first.post(of(made), data={**early, **said(commitment, text="Mine")})
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert "Mine" in answer.text
    assert stated()[0].text == "Theirs"


def test_a_form_sent_twice_states_one(scene: Scene, commitment: Commitment) -> None:
    browser = scene.browse("observer")
    given = carried(browser.get(NEW).get_data(as_text=True))
    for _ in range(2):
        assert browser.post(NEW, data={**given, **said(commitment)}).status_code == 303
    assert len(stated()) == 1


def test_what_was_removed_can_be_put_back(scene: Scene, commitment: Commitment, read: Read) -> None:
    scene.send("observer", NEW, **said(commitment))
    (made,) = stated()
    scene.send("observer", of(made, "remove"), PLACE)
    assert "It drafted the rule" not in read(HERE)
    assert "It drafted the rule" not in read(f"/commitments/{commitment.code}")
    assert "It drafted the rule" not in scene.browse("public").get(f"{HERE}/data.json").text
    assert scene.browse("observer").get(of(made)).status_code == 404
    scene.send("observer", of(made, "restore"), PLACE)
    assert "It drafted the rule" in read(HERE)


def test_those_of_another_programme_are_not_found(scene: Scene, commitment: Commitment) -> None:
    scene.send("observer", NEW, **said(commitment))
    (made,) = stated()
    other = make_programme()
    browser = scene.browse("officer")
    place = of(made).replace(CODE, other.code)
    assert browser.get(place).status_code == 404
    for who, code in (("stranger", 403), ("contributor", 403), ("public", 303)):
        assert scene.browse(who).get(of(made)).status_code == code


def test_the_page_of_a_commitment_asks_no_more_with_more_contributions(
    scene: Scene, commitment: Commitment, count_queries: Count
) -> None:
    scene.send("observer", NEW, **evaluated(commitment, evaluation()))
    browser = scene.browse("public")
    address = f"/commitments/{commitment.code}"
    few = count_queries(lambda: browser.get(address))
    for _ in range(3):
        scene.send("focal", NEW, **evaluated(commitment, evaluation()))
    assert count_queries(lambda: browser.get(address)) == few
