"""When two act at the same moment, one wins and the other is told; nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.errors import DomainError, StaleVersion
from policytrack.core.permissions import Actor
from policytrack.core.review import State
from policytrack.progress import queries, service
from policytrack.progress.models import Decision, Note, NoteRevision
from tests.progress.scene import TEXTS, Scene, content


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[DomainError | None]:
    """Carry out acts in threads that start together; return what each was refused with."""
    ready = threading.Barrier(len(acts))
    refused: list[BaseException | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            ready.wait()
            try:
                act()
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test looks at it
                refused[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in refused:
        assert error is None or isinstance(error, DomainError), error
    current_session().rollback()
    return refused  # type: ignore[return-value]  # only these are left


def act(scene: Scene, verb: Any, public_id: str, actor: Actor, **values: Any) -> Callable[[], Any]:
    return lambda: scene.do(verb, public_id, actor, **values)


def test_two_officers_take_up_one_note(app: Flask, scene: Scene, database: Session) -> None:
    public_id = scene.submitted()
    refused = at_once(
        app,
        act(scene, service.take_up, public_id, scene.officer),
        act(scene, service.take_up, public_id, scene.second),
    )
    assert [type(each) for each in refused if each] == [StaleVersion]
    winner = (scene.officer, scene.second)[refused.index(None)]
    revision = scene.note(public_id).open
    assert revision is not None
    assert revision.reviewer_id == winner.user_id
    assert database.scalar(select(func.count()).select_from(Decision)) == 1


def test_a_withdrawal_meets_a_take_up(app: Flask, scene: Scene) -> None:
    public_id = scene.submitted()
    refused = at_once(
        app,
        act(scene, service.withdraw, public_id, scene.focal),
        act(scene, service.take_up, public_id, scene.officer),
    )
    assert sum(each is None for each in refused) == 1
    revision = scene.note(public_id).open
    assert revision is not None
    if refused[0] is None:
        assert (revision.state, revision.reviewer_id) == (State.DRAFT, None)
    else:
        assert (revision.state, revision.reviewer_id) == (
            State.IN_REVIEW,
            scene.officer.user_id,
        )


def test_two_saves_of_one_draft(app: Flask, scene: Scene) -> None:
    public_id = scene.start()
    stamp = scene.note(public_id).open.stamp  # type: ignore[union-attr]  # a draft
    texts = [{**TEXTS, "done": "The one."}, {**TEXTS, "done": "The other."}]
    people = (scene.focal, scene.contributor)
    refused = at_once(
        app,
        *(
            act(scene, service.save, public_id, actor, content=content(texts=text), seen=stamp)
            for actor, text in zip(people, texts, strict=True)
        ),
    )
    assert [type(each) for each in refused if each] == [StaleVersion]
    kept = texts[refused.index(None)]["done"]
    assert scene.note(public_id).open.done == kept  # type: ignore[union-attr]  # a draft


def test_two_saves_of_a_returned_note_make_one_draft(
    app: Flask, scene: Scene, database: Session
) -> None:
    public_id = scene.returned()
    stamp = scene.note(public_id).open.stamp  # type: ignore[union-attr]  # the returned one
    refused = at_once(
        app,
        *(
            act(scene, service.save, public_id, actor, content=content(), seen=stamp)
            for actor in (scene.focal, scene.contributor)
        ),
    )
    assert [type(each) for each in refused if each] == [StaleVersion]
    assert database.scalar(select(func.count()).select_from(NoteRevision)) == 2


def test_two_people_begin_one_note(app: Flask, scene: Scene, database: Session) -> None:
    def begin(actor: Actor) -> Callable[[], Any]:
        def run() -> None:
            with transaction() as session:
                target = scene.target(session, actor, scene.ministry)
                service.start(session, actor=actor, target=target, content=content(), now=scene.now)

        return run

    refused = at_once(app, begin(scene.focal), begin(scene.contributor))
    assert [type(each) for each in refused if each] == [StaleVersion]
    assert database.scalar(select(func.count()).select_from(Note)) == 1


def test_a_publication_meets_a_return(app: Flask, scene: Scene, database: Session) -> None:
    public_id = scene.in_review()
    refused = at_once(
        app,
        act(scene, service.publish, public_id, scene.officer),
        act(
            scene, service.return_, public_id, scene.officer, reason="On second thoughts.",
            language="en",
        ),
    )  # fmt: skip
    assert sum(each is None for each in refused) == 1
    note = queries.get(database, scene.focal, public_id)
    assert (note.published_id is None) is (refused[0] is not None)
