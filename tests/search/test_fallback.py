"""While there is no index the database answers, as such, and tells nobody more than the index."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from policytrack.commitments.models import Commitment, CommitmentRevision, CommitmentTranslation
from policytrack.commitments.rules import TextState
from policytrack.constituents.models import Constituent
from policytrack.core import clock
from policytrack.core.db import db, transaction
from policytrack.core.db import session as current_session
from policytrack.core.documents import Looking
from policytrack.core.permissions import ANONYMOUS, Actor, Role
from policytrack.core.review import State
from policytrack.library import policy as library_policy
from policytrack.library.models import LibraryDocument, LibraryRevision
from policytrack.library.rules import Visibility
from policytrack.progress import policy as note_policy
from policytrack.progress.models import Note, NoteRevision, NoteTranslation
from policytrack.rounds.models import Round
from policytrack.search import engine, fallback
from policytrack.search.asking import question
from policytrack.search.engine import Wanted
from policytrack.search.fallback import MOST, Fallback
from policytrack.search.index import generations
from policytrack.search.index.follower import Follower
from policytrack.search.index.snapshot import search_of
from tests.factories import (
    actor_for,
    make_commitment,
    make_constituent,
    make_dialogue,
    make_document,
    make_member,
    make_note,
    make_programme,
    make_round,
    make_user,
)
from tests.library.shelf import shelve

Look = Callable[..., Fallback]


@pytest.fixture
def look(app: Flask, database: Session) -> Look:
    def act(
        typed: str, actor: Actor = ANONYMOUS, language: str = "en", **wanted: object
    ) -> Fallback:
        given = Wanted(typed=typed, **wanted)  # type: ignore[arg-type]  # as given by the test
        return fallback.search(app, given, actor=actor, language=language)

    return act


def kinds(found: Fallback) -> list[str]:
    return [each.kind for each in found.results]


def titles(found: Fallback) -> list[str]:
    return [each.title for each in found.results]


def test_every_kind_is_found_by_name_or_text(app: Flask, look: Look) -> None:
    assert all(isinstance(source, Looking) for source in search_of(app).sources.values())
    union = make_constituent(labels={"en": "Union of Quokkas"}, acronym="QUOKK")
    make_programme(labels={"en": "Quokka lift"})
    make_dialogue(labels={"en": "Talks"}, summary={"ar": "x", "en": "On quokkas."})
    make_document(title="The QUOKKA act")
    make_document(title="x", summary="Of the quokka.")
    make_document(title="A practice", type="practice", practice={"lessons": "Quokkas learn."})
    law = make_commitment(union, title="A quokka for all")
    make_note(law, union, make_round(), results="Nine quokkas were counted.")
    assert sorted(kinds(look("quokka"))) == [
        "commitment", "constituent", "dialogue", "document", "document", "document", "note",
        "programme",
    ]  # fmt: skip
    assert kinds(look("quokk union")) == ["constituent"]
    assert kinds(look(str(law.code))) == ["commitment"]
    assert "country" in kinds(look("nepal"))
    assert set(kinds(look("bangladesh saudi"))) == {"corridor"}
    assert {"theme", "provision"} <= set(kinds(look("recruitment")))
    assert kinds(look("quokka", filters={"kind": ("note", "unheard")})) == ["note"]


def test_what_the_index_leaves_out_is_not_found_either(look: Look) -> None:
    make_document(type="practice", practice={"contact": "Quokka, Jane"})
    make_programme(labels={"en": "Quokka lift"}, confidence="low")
    make_dialogue(labels={"en": "Quokka talks"}, confidence="low")
    assert look("quokka").results == ()


def test_files_are_not_looked_through(look: Look) -> None:
    shelve(title="Wombat act", text=["The quokka has a day of rest."])
    assert look("quokka").results == ()
    assert kinds(look("wombat")) == ["document"]


def test_texts_are_found_in_any_case_and_language(look: Look) -> None:
    make_document(title="L’ÉLÈVE", language="fr")
    make_document(title="حماية العاملات", language="ar")
    make_document(title="สิทธิแรงงาน", language="th")
    for typed in ("élève", "ÉLÈVE", "Élève"):
        assert titles(look(typed)) == ["L’ÉLÈVE"]
    assert "حماية العاملات" in titles(look("العاملات"))
    assert titles(look("แรงงาน")) == ["สิทธิแรงงาน"]
    found = look("نيبال", language="ar")
    assert "country" in kinds(found)
    assert any("نيبال" in title for title in titles(found))


def test_a_translation_is_found(look: Look) -> None:
    union = make_constituent()
    law = make_commitment(union, title="A law")
    note = make_note(law, union, make_round(), results="It was read.")
    with transaction() as session:
        said = {"language": "fr", "kind": "official", "created_at": clock.now()}
        session.add(
            CommitmentTranslation(
                revision_id=law.in_force_id, title="Une loi", text="Un wombat protégé.", **said
            )
        )
        session.add(NoteTranslation(revision_id=note.published_id, done="Un wombat.", **said))
    assert sorted(kinds(look("wombat"))) == ["commitment", "note"]
    # Words of the original and of the translation are in no one text together.
    assert look("wombat law").results == ()


def test_signs_of_a_pattern_mean_themselves(app: Flask, look: Look) -> None:
    make_document(title="Fees of 100%_ and \\ more", summary="")
    make_document(title="Fees of 1000 and more", summary="")
    assert len(look("fees 100").results) == 2
    source = search_of(app).sources["document"]
    assert isinstance(source, Looking)
    for sign, count in (
        ("100%", 1), ("%_", 1), ("_", 1), ("\\", 1), ("/", 0), ("'", 0), ("f%s", 0), ("f__s", 0),
    ):  # fmt: skip
        assert len(source.look(current_session(), (sign,), ANONYMOUS, 9)) == count, sign


def test_what_has_the_words_in_its_title_comes_first_then_the_latest(look: Look) -> None:
    for year in (2019, 2021, 2020):
        make_document(title=f"Quokka {year}", issued_on=date(year, 1, 1))
    make_document(title="Wombat", summary="quokka", issued_on=date(2024, 1, 1))
    assert titles(look("quokka")) == ["Quokka 2021", "Quokka 2020", "Quokka 2019", "Wombat"]
    assert titles(look("quokka", sort="date"))[:2] == ["Wombat", "Quokka 2021"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("recruitment fees", "recruitment fees"),
        ('"recruitment fees" OR charges', "recruitment fees charges"),
        ("fees -construction NOT (care work) -title:(a1 b2)", "fees"),
        ("-(a1 OR (b2 c3)) fees", "fees"),
        ("title:fees country:NP year:2018..2020 recruit*", "fees recruit"),
        ("country:(NP QA) title:(fees OR pay)", "fees pay"),
        ("the Fees of fees", "Fees"),
        ("((((", ""),
        ("!!! -x", ""),
    ],
)
def test_of_a_question_the_words_are_looked_for(typed: str, words: str) -> None:
    assert " ".join(question.wording(question.read(typed, ("en",)).said)) == words


def test_it_says_when_more_was_asked_than_words(look: Look) -> None:
    assert not look("recruitment fees").simplified
    assert not look("fees", filters={"kind": ("note",)}).simplified
    for found in (look("fees -pay"), look('"a fee"'), look("fees", filters={"year": ("2020",)})):
        assert found.simplified


def test_hostile_questions_cost_no_more(look: Look) -> None:
    make_document(title="Zebra " + "y" * 64)
    assert len(look("zebra " + "y" * 70).results) == 1
    assert look("zebra " + "y" * 70).shortened
    found = look(" ".join(f"word{number}" for number in range(50)))
    assert len(found.words) == 8
    assert found.shortened
    for typed in ("", "\x00", "%", "‮‏", "((" * 400, "a" * 9000, "é" * 900, "😀 " * 300, "-"):
        assert len(look(typed).words) <= 8


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_fixed_number_of_statements(app: Flask, look: Look) -> None:
    union, cycle = make_constituent(), make_round()

    def more(number: int) -> int:
        for _each in range(number):
            make_note(make_commitment(union, title="Quokka"), union, cycle, done="Quokka")
            make_document(union, title="Quokka")
            make_programme(labels={"en": "Quokka"})
            make_dialogue(labels={"en": "Quokka"})
        look("quokka")
        current_session().expire_all()
        with counted(app) as statements:
            assert len(look("quokka").results) >= 5 * number
        return len(statements)

    assert more(1) == more(3)


def scene() -> dict[str, Actor]:
    """Put texts of every state, all with one word, and return who asks for it."""
    ministry, union = make_constituent(), make_constituent(group="workers")
    office, cycle = make_user(Role.SECRETARIAT), make_round()
    now = datetime.now(UTC)
    days = (None, now + timedelta(days=1), now - timedelta(days=1))
    for body, state, visibility, until, handed in product(
        (ministry, union, None), State, Visibility, days, (False, True)
    ):
        more = {} if handed else {"submitted_at": None}
        make_document(
            body,
            state=state,
            title="quokka",
            visibility=visibility,
            embargo_until=until,
            on_behalf=body is None or until is None,
            **more,
        )
    for body, text_state, on_behalf in product((ministry, union), TextState, (False, True)):
        make_commitment(body, state=text_state, title="quokka", on_behalf=on_behalf)
    for body, state, on_behalf, handed in product(
        (ministry, union), State, (False, True), (False, True)
    ):
        more = {} if handed else {"submitted_at": None}
        law = make_commitment(body)
        make_note(law, body, cycle, state=state, done="quokka", on_behalf=on_behalf, **more)
    for body, on_behalf in product((ministry, union), (False, True)):
        under_way(body, cycle, on_behalf=on_behalf)
    people = {
        "researcher": make_user(Role.RESEARCHER),
        "observer": make_member(make_constituent(group="observers"), Role.OBSERVER),
        "focal": make_member(ministry),
        "contributor": make_member(union, Role.CONTRIBUTOR),
        "officer": office,
        "administrator": make_user(Role.ADMINISTRATOR),
    }
    return {"public": ANONYMOUS} | {who: actor_for(user) for who, user in people.items()}


def under_way(body: Constituent, cycle: Round, *, on_behalf: bool) -> None:
    """Put things that everybody sees with a draft that few may read, which has the word alone."""
    law = make_commitment(body)
    note = make_note(law, body, cycle)
    document = make_document(body)
    draft = {"number": 2, "state": "draft", "language": "en", "created_at": clock.now()}
    with transaction() as session:
        text = CommitmentRevision(
            commitment_id=law.id,
            title="quokka",
            text="x",
            gender_marker=0,
            on_behalf=on_behalf,
            **draft,
        )
        draft["saved_at"] = clock.now()
        words = NoteRevision(note_id=note.id, done="quokka", on_behalf=on_behalf, **draft)
        said = LibraryRevision(
            document_id=document.id, title="quokka", on_behalf=on_behalf, **draft
        )
        session.add_all((text, words, said))
        session.flush()
        session.get_one(Commitment, law.id).open_id = text.id
        session.get_one(Note, note.id).open_id = words.id
        session.get_one(LibraryDocument, document.id).open_id = said.id


def test_everybody_finds_what_the_index_would_show_them_and_no_more(
    app: Flask, database: Session
) -> None:
    actors = scene()
    Follower(app).rebuild()
    seen = {}
    for who, actor in actors.items():
        by_index = engine.order(app, Wanted("quokka"), actor=actor, most=5_000)
        shown = engine.resolve(app, by_index.keys, actor, "en")
        found = {
            key
            for source in search_of(app).sources.values()
            if isinstance(source, Looking)
            for key in source.look(current_session(), ("quokka",), actor, 5_000)
        }
        assert found == {each.key for each in shown}, who
        # Nothing is taken out afterwards: what is cut off tells nothing of what is hidden.
        assert len(engine.resolve(app, sorted(found), actor, "en")) == len(found), who
        seen[who] = found
    assert seen["public"] < seen["focal"]
    assert seen["public"] <= seen["researcher"] < seen["officer"]
    assert seen["focal"] - seen["officer"]
    assert {key.split(":")[0] for key in seen["focal"] - seen["public"]} == {
        "document", "note", "commitment",
    }  # fmt: skip


def test_the_clauses_say_what_the_rules_say(database: Session) -> None:
    now = clock.now()
    for who, actor in scene().items():
        documents = select(LibraryRevision).join(LibraryRevision.document)
        kept = set(database.scalars(documents.where(library_policy.visible_revisions(actor, now))))
        assert kept == {
            each
            for each in database.scalars(documents)
            if library_policy.revision_visible(actor, each.document, each, now)
        }, who
        notes = select(NoteRevision).join(NoteRevision.note)
        assert set(database.scalars(notes.where(note_policy.visible_revisions(actor)))) == {
            each
            for each in database.scalars(notes)
            if note_policy.revision_visible(actor, each.note, each)
        }, who


def test_hidden_texts_crowd_nothing_out(look: Look) -> None:
    ministry = make_constituent()
    for number in range(MOST + 5):
        make_document(ministry, title=f"quokka {number}", issued_on=date(2010, 1, 1))
        make_document(
            ministry, title="quokka", visibility=Visibility.CONSTITUENTS, issued_on=date(2020, 1, 1)
        )
        make_document(ministry, title="quokka", state=State.DRAFT, issued_on=date(2021, 1, 1))
    assert len(look("quokka").results) == MOST
    assert "quokka" not in titles(look("quokka"))


def page(client: FlaskClient, query: str) -> str:
    answer = client.get(f"/search{query}")
    assert answer.status_code == 200
    return str(answer.text)


def test_the_page_shows_what_the_database_says_as_such(
    app: Flask, client: FlaskClient, database: Session
) -> None:
    make_document(title="The <b>quokka</b> act", summary="It protects.")
    html = page(client, "?q=quokka&country=NP&year=2020")
    assert "The search index is being rebuilt" in html
    assert "titles and main texts say" in html
    assert "without filters and signs" in html
    assert "The &lt;b&gt;<mark>quokka</mark>&lt;/b&gt; act" in html
    assert "1 result<" not in html
    assert "data-announce" not in html
    # The filters are there again as soon as the index is.
    assert '<input type="hidden" name="country" value="NP">' in html
    assert "No title and no main text" in page(client, "?q=wombat")
    Follower(app).follow()
    html = page(client, "?q=quokka")
    assert "being rebuilt" not in html
    assert "1 result<" in html
    shutil.rmtree(generations.root(app))
    assert "being rebuilt" in page(client, "?q=quokka")


def test_without_a_word_it_says_how_to_ask(client: FlaskClient, database: Session) -> None:
    html = page(client, "")
    assert "How to search" in html
    assert "being rebuilt" not in html
    for query in ("?country=NP", "?q=!!!", "?q=-quokka"):
        html = page(client, query)
        assert "being rebuilt" in html
        assert "There is no word to look for" in html


def test_it_speaks_arabic(client: FlaskClient, database: Session) -> None:
    client.set_cookie("language", "ar")
    html = page(client, "?q=نيبال")
    assert 'lang="ar" dir="rtl"' in html
    assert re.search(r"<mark>نيبال</mark>", html)


@pytest.mark.parametrize(
    "query",
    [
        "?q=zebra%00%E2%80%8F%E2%80%AE*%3F%5C%25_",
        "?q=zebra%ff%fe",
        "?q=zebra " + "x" * 9000,
        "?q=zebra&page=-1&sort=nonsense&kind=%00&kind=x&kind=document",
        "?q=" + "zebra+" * 400,
    ],
)
def test_bad_input_still_answers(client: FlaskClient, database: Session, query: str) -> None:
    make_document(title="Zebra")
    assert "being rebuilt" in page(client, query)
