"""What is suggested while somebody types: names, titles and words, and nothing hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from policytrack.core.db import db
from policytrack.core.documents import RESTRICTED, SECRETARIAT, own
from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.search import suggestions
from policytrack.search.index.follower import Follower
from tests.factories import make_constituent
from tests.search.conftest import fed
from tests.search.sources import Shelf
from tests.search.test_engine import FOCAL_POINT, OFFICER, OTHER_FOCAL_POINT

Suggest = Callable[..., list[tuple[str, str]]]
Statements = Callable[[Callable[[], object]], int]


@pytest.fixture
def documents(app: Flask, database: Session) -> Iterator[Shelf]:
    """Feed the index from a shelf of documents, which have titles of their own."""
    with fed(app, "document") as shelf:
        yield shelf


@pytest.fixture
def statements(app: Flask) -> Statements:
    """Return a way to count what something asks the database."""

    def count(act: Callable[[], object]) -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    return count


@pytest.fixture
def suggest(app: Flask, documents: Shelf) -> Suggest:
    following = Follower(app)

    def act(typed: str, actor: Actor = ANONYMOUS, language: str = "en") -> list[tuple[str, str]]:
        following.follow()
        with app.test_request_context():
            found = suggestions.suggest(app, typed, actor=actor, language=language)
        return [(each.kind, each.text) for each in found]

    return act


def test_names_titles_and_words(documents: Shelf, suggest: Suggest) -> None:
    documents.put("one", "Guide to recruitment fees", "The recruiter pays back what it took.")
    documents.put("two", "Recruitment", "The recruiter answers for what it took.")
    documents.put("ar", "حماية العاملات", "أجور", language="ar")
    documents.put("ar2", "حماية", "أجور", language="ar")
    assert suggest("recr") == [
        ("theme", "Fair recruitment"),
        ("theme", "Fair recruitment of women and of domestic workers"),
        ("theme", "Recruitment complaints, remedies and cost data"),
        ("document", "Recruitment"),
        ("document", "Guide to recruitment fees"),
        ("words", "recruiter"),
        ("words", "recruitment"),
    ]
    assert suggest("guide fe") == [("document", "Guide to recruitment fees")]
    # Words that are offered stand somewhere with the words before them.
    documents.put("apart", "Recruits", "recruits, and recruits again")
    documents.put("apart2", "Army", "recruits")
    assert suggest("fees recruit") == [
        ("document", "Guide to recruitment fees"),
        ("words", "fees recruiter"),
        ("words", "fees recruitment"),
    ]
    assert ("country", "Nepal") in suggest("nep")
    assert ("country", "Nepal") in suggest("نيب")
    assert ("corridor", "Nepal – Qatar") in suggest("nepal qat")
    assert suggest("bangladesh sau") == [("corridor", "Bangladesh – Saudi Arabia")]
    # A word is offered as texts write it, not as it is folded.
    assert ("words", "حماية") in suggest("حماي")


def test_hardly_anything_typed_is_answered_with_nothing(documents: Shelf, suggest: Suggest) -> None:
    documents.put("one", "Recruitment", "recruiter")
    for typed in ("", " ", "r", "*", "!!!", "\x00", "zzzz", "\u202e", '"'):
        assert suggest(typed) == [], typed


@pytest.mark.parametrize("state", ["draft", "sent", "inner"])
def test_nobody_is_told_of_what_they_may_not_see(
    documents: Shelf, suggest: Suggest, state: str
) -> None:
    documents.put("open", "Open house", "The labour office opened.")
    access = {"draft": (own(7),), "sent": (own(7), SECRETARIAT), "inner": (RESTRICTED,)}[state]
    may = {
        "draft": {FOCAL_POINT},
        "sent": {FOCAL_POINT, OFFICER},
        "inner": {FOCAL_POINT, OTHER_FOCAL_POINT, OFFICER},
    }[state]
    for name in ("a", "b"):
        documents.put(name, "Zanzibar report", "zanzibarian zanzibarian", access=access)
    for actor in (ANONYMOUS, OTHER_FOCAL_POINT, FOCAL_POINT, OFFICER):
        said = suggest("zanz", actor)
        assert (("document", "Zanzibar report") in said) == (actor in may), actor
        words = [text for kind, text in said if kind == "words"]
        # What is under way is no published text, not even for those who write it.
        shown = state == "inner" and actor in may
        assert words == (["zanzibar", "zanzibarian"] if shown else []), actor


def test_hidden_texts_move_no_word(documents: Shelf, suggest: Suggest) -> None:
    for word, times in (("caravan", 4), ("cargo", 3), ("carpet", 2), ("carton", 2)):
        for number in range(times):
            documents.put(f"{word}{number}", "Note", word)
    before = suggest("car")
    assert before == [("words", "caravan"), ("words", "cargo"), ("words", "carpet")]
    for number in range(30):
        documents.put(f"s{number}", "Secret", "carton carbon carol", access=(SECRETARIAT,))
    assert suggest("car") == before


def test_the_answer_is_small_private_and_costs_the_same(
    client: FlaskClient, database: Session, statements: Statements
) -> None:
    def ask(typed: str) -> object:
        return client.get("/search/suggestions", query_string={"q": typed})

    make_constituent(labels={"en": "Quokka house", "ar": "بيت كوكا"})
    Follower(client.application).rebuild()
    few = statements(lambda: ask("quok"))
    for number in range(30):
        make_constituent(labels={"en": f"Quokka house {number}", "ar": f"بيت كوكا {number}"})
    Follower(client.application).rebuild()
    assert statements(lambda: ask("quok")) == few
    answer = client.get("/search/suggestions?q=quok")
    assert answer.headers["Cache-Control"] == "private"
    assert answer.mimetype == "application/json"
    told = answer.get_json()
    assert told["said"] == f"{len(told['suggestions'])} suggestions"
    assert {each["kind"] for each in told["suggestions"]} == {"Organisation", "Search"}
    assert told["suggestions"][0]["url"].startswith("/constituents/")
    assert len(answer.data) < 4_000
