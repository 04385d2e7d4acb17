"""Evaluations and the responses to them stand with the programme, for those who may read them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from policytrack.core.db import transaction
from policytrack.core.review import State
from policytrack.library.models import LibraryDocument, LibraryRelation
from tests.factories import make_document
from tests.pages.conftest import Read
from tests.programmes.conftest import HERE, Scene, evaluation, programme, trail

PLACE = f"{HERE}/documents"


def responding_to(document: LibraryDocument, **more: str) -> LibraryDocument:
    made = make_document(type="management_response", title="The response", **more)
    with transaction() as session:
        found = session.get_one(LibraryDocument, made.id)
        assert found.published is not None
        found.published.relations.append(LibraryRelation(kind="responds_to", target_id=document.id))
    return made


def test_a_response_stands_under_the_evaluation_that_it_answers(
    scene: Scene, database: Session, read: Read
) -> None:
    later = evaluation(title="Final evaluation", issued="2024-02")
    earlier = evaluation(title="Midterm evaluation", issued="2021")
    response = responding_to(later)
    other = make_document(title="Statement")
    for each in (other, response, later, earlier):
        scene.send("observer", PLACE, document=f"https://example.org/library/{each.public_id}/text")
    page = read(HERE)
    places = [
        page.index(words)
        for words in ("Midterm evaluation", "Final evaluation", "Responds to it:", "The response")
    ]
    assert places == sorted(places)
    assert page.index("The response") < page.index("Statement")
    assert [line.action for line in trail()] == ["programme.document_link"] * 4


def test_readers_see_those_that_they_may_read(scene: Scene, read: Read) -> None:
    shared = evaluation(title="For constituents", visibility="constituents")
    scene.send("officer", PLACE, document=shared.public_id)
    assert "For constituents" in read(HERE, browser=scene.browse("focal"))
    for who in ("public", "researcher", "observer"):
        assert "For constituents" not in read(HERE, browser=scene.browse(who))
    assert shared.public_id not in scene.browse("public").get(f"{HERE}/data.json").text
    # Nor does it show where links are kept, or let itself be unlinked.
    assert "For constituents" not in read(PLACE, browser=scene.browse("observer"))
    scene.send("observer", f"{PLACE}/{shared.public_id}/remove", PLACE, expected=404)
    assert len(programme().documents) == 1


def test_what_one_may_not_read_is_as_if_it_were_not_there(scene: Scene) -> None:
    hidden = [
        make_document(visibility="constituents"),
        make_document(scene.ministry, state=State.DRAFT),
        make_document(state=State.RETRACTED),
    ]
    for address in (*(each.public_id for each in hidden), "bcdfghjkmn"):
        answer = scene.send("observer", PLACE, expected=422, document=address)
        assert "There is no published document at this address, or none that" in answer.text
    assert programme().documents == []


@pytest.mark.parametrize("address", ["", "nonsense", "/library/", "\x00", "x" * 2001])
def test_what_is_no_address_is_refused(scene: Scene, address: str) -> None:
    scene.send("observer", PLACE, expected=422, document=address)


def test_a_link_is_made_once_and_taken_away(scene: Scene, read: Read) -> None:
    document = evaluation()
    scene.send("observer", PLACE, document=document.public_id)
    answer = scene.send("observer", PLACE, expected=422, document=document.public_id)
    assert "This document is linked already." in answer.text
    scene.send("observer", f"{PLACE}/{document.public_id}/remove", PLACE)
    assert programme().documents == []
    assert "The evaluation" not in read(HERE)
    scene.send("observer", f"{PLACE}/{document.public_id}/remove", PLACE, expected=404)
