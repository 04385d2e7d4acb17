"""The index is given each text for those who may read it, and follows what it depends on."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.core import changes
from policytrack.core.changes import Change
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.documents import PUBLIC, SECRETARIAT, SearchDocument, access_words, own
from policytrack.core.permissions import ANONYMOUS
from policytrack.core.review import State
from policytrack.progress import service
from policytrack.progress.content import Link
from policytrack.progress.searchable import source
from tests.factories import make_commitment, make_constituent, make_note
from tests.progress.scene import TEXTS, Scene


def documents(public_id: str) -> dict[str, SearchDocument]:
    current_session().rollback()
    return {each.part: each for each in source.documents(current_session(), [public_id])}


@pytest.mark.parametrize(
    ("state", "part", "office"),
    [
        (State.DRAFT, "open", False),
        (State.SUBMITTED, "open", True),
        (State.IN_REVIEW, "open", True),
        (State.RETURNED, "open", True),
    ],
)
def test_an_open_text_is_for_its_organisation_and_once_submitted_for_the_office(
    scene: Scene, state: State, part: str, office: bool
) -> None:
    public_id = scene.in_state(state)
    found = documents(public_id)
    assert list(found) == [part]
    expected = {own(scene.ministry.id), *([SECRETARIAT] if office else [])}
    assert set(found[part].access) == expected
    assert not expected & set(access_words(ANONYMOUS))
    assert not expected & set(access_words(scene.outsider))


def test_a_published_text_is_for_everybody_and_carries_codes(scene: Scene) -> None:
    link = Link("Gazette of May", "https://example.org/gazette")
    public_id = scene.published(links=(link,))
    (document,) = documents(public_id).values()
    assert (document.part, document.access) == ("published", (PUBLIC,))
    texts = [each.text for each in document.passages]
    assert texts == [scene.commitment.code, *TEXTS.values(), "Gazette of May"]
    assert document.codes["country"] == ("NP", "QA")
    assert document.codes["corridor"] == ("NP-QA",)
    assert document.codes["theme"] == ("A1", "A1.1")
    assert document.codes["provision"] == ("BALI:B1",)
    assert document.codes["status"] == ("substantial",)
    assert document.codes["group"] == ("governments",)


def test_a_withdrawn_a_discarded_and_a_retracted_text_leave_the_index(scene: Scene) -> None:
    public_id = scene.submitted()
    scene.do(service.withdraw, public_id, scene.focal)
    assert set(documents(public_id)["open"].access) == {own(scene.ministry.id)}
    scene.do(service.discard, public_id, scene.focal)
    assert documents(public_id) == {}
    public_id = scene.published()
    scene.do(service.retract, public_id, scene.officer, reason="Names.", language="en")
    assert documents(public_id) == {}
    assert public_id not in list(source.public_ids(current_session()))


def test_results_are_read_through_what_the_actor_may_see(scene: Scene, database: Session) -> None:
    public_id = scene.published()
    scene.do(service.revise, public_id, scene.focal)
    keys = [f"note:{public_id}:published", f"note:{public_id}:open", "note:zzzzzzzzzz:open"]
    assert set(source.results(database, keys, scene.focal, "en")) == set(keys[:2])
    for actor in (ANONYMOUS, scene.outsider, scene.officer):
        found = source.results(database, keys, actor, "en")
        assert set(found) == set(keys[:1])
    result = found[keys[0]]
    assert result.text.startswith(TEXTS["done"])
    assert result.values == {"note_id": public_id}


def test_a_changed_commitment_is_a_change_of_its_notes(scene: Scene, database: Session) -> None:
    note = make_note(scene.commitment, scene.ministry, scene.round)
    body = make_constituent()
    make_note(make_commitment(body), body, scene.round)
    with transaction() as session:
        changes.append(session, "commitment", scene.commitment.public_id)
    found = database.execute(select(Change.kind, Change.public_id)).all()
    assert {tuple(row) for row in found} == {
        ("commitment", scene.commitment.public_id),
        ("note", note.public_id),
    }


def test_every_step_is_a_change(scene: Scene, database: Session) -> None:
    public_id = scene.start()
    steps = [
        (service.submit, scene.focal, {"people_protected": True}),
        (service.take_up, scene.officer, {}),
        (service.publish, scene.officer, {}),
        (service.revise, scene.focal, {}),
        (service.discard, scene.focal, {}),
        (service.retract, scene.officer, {"reason": "Names.", "language": "en"}),
    ]
    for verb, actor, values in steps:
        before = changes.newest(database)
        database.rollback()
        scene.do(verb, public_id, actor, **values)
        assert changes.newest(database) > before
