"""A note quotes a document word by word, keeps the version, and tells only who may read it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from policytrack.core import changes, migrations
from policytrack.core.changes import Change
from policytrack.core.db import db, transaction
from policytrack.core.db import session as current_session
from policytrack.core.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleViolation,
    StaleVersion,
)
from policytrack.core.permissions import Actor
from policytrack.core.review import State
from policytrack.library.models import LibraryDocument, LibraryFile, LibraryRevision
from policytrack.library.rules import Rights, Visibility
from policytrack.progress import service
from policytrack.progress.content import Link
from policytrack.progress.models import Evidence, Note
from policytrack.progress.searchable import source
from policytrack.progress.service import QuoteCommand
from tests.factories import make_constituent, make_note
from tests.library.shelf import Shelved, replaced, shelve
from tests.pages.conftest import Count, count_queries
from tests.progress.scene import As, Scene, content, send, token, values_of

__all__ = ["count_queries"]

SAID = "No fee and no related cost may be taken from a worker."
PAGES = (
    "Act on recruitment.",
    "Article 3. Fees. No fee and no related cost\nmay be taken from a worker. Nobody pays.\n"
    + SAID,
)


@pytest.fixture
def act(scene: Scene) -> Shelved:
    return shelve(text=PAGES, title="Act on recruitment")


def command(act: Shelved, quote: str = SAID, **overrides: Any) -> QuoteCommand:
    values = {"document": act.public_id, "file": act.file, "page": 2, "quote": quote, **overrides}
    return QuoteCommand(**values)


def quote(scene: Scene, note: str, act: Shelved, actor: Actor | None = None, **given: Any) -> None:
    scene.do(service.quote, note, actor or scene.focal, command=command(act, **given))


def evidence_of(scene: Scene, note: str) -> list[Evidence]:
    revision = scene.note(note).open
    assert revision is not None
    return list(revision.evidence)


def quoting(scene: Scene, act: Shelved, **given: Any) -> str:
    """Return a published note that quotes a document."""
    note = scene.start()
    quote(scene, note, act, **given)
    scene.do(service.submit, note, scene.focal, people_protected=True)
    scene.do(service.take_up, note, scene.officer)
    scene.do(service.publish, note, scene.officer)
    return note


def test_what_is_kept_is_the_text_of_the_page_with_where_it_stood(
    scene: Scene, act: Shelved
) -> None:
    note = scene.start()
    quote(scene, note, act, quote="no related cost may be\n\ntaken from a worker", near=1)
    (kept,) = evidence_of(scene, note)
    assert kept.quote == "no related cost\nmay be taken from a worker"
    assert kept.quote_start == PAGES[1].index(kept.quote)
    assert (kept.page, kept.quote_language) == (2, "en")
    assert kept.library_file is not None
    assert kept.library_file.public_id == act.file
    assert kept.sha256 == kept.library_file.file.sha256
    # The same words stand there twice: the place asked for decides.
    quote(scene, note, act, near=len(PAGES[1]))
    assert [each.quote_start for each in evidence_of(scene, note)][1] == PAGES[1].rindex("No fee")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"quote": "No fee may be taken."}, InvalidInput),
        ({"quote": ""}, InvalidInput),
        ({"quote": "\x00"}, InvalidInput),
        ({"quote": SAID * 100}, InvalidInput),
        ({"page": 1}, InvalidInput),
        ({"page": 3}, NotFound),
        ({"page": -1}, NotFound),
        ({"document": "bogus"}, NotFound),
        ({"file": "bogus"}, NotFound),
    ],
)
def test_what_does_not_stand_there_is_no_quotation(
    scene: Scene, act: Shelved, given: dict[str, Any], refusal: type[Exception]
) -> None:
    note = scene.start()
    with pytest.raises(refusal):
        quote(scene, note, act, **given)
    assert evidence_of(scene, note) == []


def test_a_quotation_has_a_length_and_a_note_so_many_of_them(scene: Scene) -> None:
    long = shelve(text=[" ".join(f"word{number}" for number in range(400))])
    note = scene.start()
    words = " ".join(f"word{number}" for number in range(400))
    with pytest.raises(InvalidInput) as refused:
        quote(scene, note, long, quote=words, page=1)
    assert "2000" in str(refused.value.fields["quote"])
    for number in range(20):
        quote(scene, note, long, quote=f"word{100 + number}", page=1)
    with pytest.raises(InvalidInput) as refused:
        quote(scene, note, long, quote="word150", page=1)
    assert "up to 20 quotations" in str(refused.value.fields["quote"])
    assert len(evidence_of(scene, note)) == 20


def test_the_same_passage_is_quoted_once(scene: Scene, act: Shelved) -> None:
    note = scene.start()
    quote(scene, note, act)
    with pytest.raises(InvalidInput):
        quote(scene, note, act)
    assert len(evidence_of(scene, note)) == 1


def test_only_what_is_in_force_is_quoted_and_only_by_who_may_read_it(scene: Scene) -> None:
    other = make_constituent()
    hidden = shelve(other, text=PAGES, embargo_until=datetime.now(UTC) + timedelta(days=1))
    draft = shelve(scene.ministry, text=PAGES, state=State.DRAFT)
    old = replaced(shelve(text=PAGES))
    copied = shelve(text=PAGES, rights=Rights.LINK)
    note = scene.start()
    for each, refusal in (
        (hidden, NotFound),
        (draft, RuleViolation),
        (old, RuleViolation),
        (copied, NotFound),
    ):
        with pytest.raises(refusal):
            quote(scene, note, each)
    assert evidence_of(scene, note) == []


def test_only_a_draft_takes_quotations_and_only_from_its_own_people(
    scene: Scene, act: Shelved
) -> None:
    note = scene.submitted()
    with pytest.raises(StaleVersion):
        quote(scene, note, act)
    with pytest.raises(NotPermitted):
        quote(scene, note, act, actor=scene.officer)
    with pytest.raises(NotFound):
        quote(scene, note, act, actor=scene.outsider)


def test_quotations_go_with_a_note_through_its_life(scene: Scene, act: Shelved) -> None:
    note = scene.start(links=(Link("Gazette", "https://example.org/"),))
    quote(scene, note, act)
    before = scene.note(note).open
    assert before is not None
    scene.do(service.save, note, scene.focal, content=content(), seen=before.stamp)
    (kept,) = evidence_of(scene, note)
    assert kept.quote == SAID.replace(" may", "\nmay")
    scene.do(service.submit, note, scene.focal, people_protected=True)
    scene.do(service.take_up, note, scene.officer)
    scene.do(service.return_, note, scene.officer, reason="Why?", language="en")
    # A returned text is taken further in a draft of its own, which takes them over.
    quote(scene, note, act, near=len(PAGES[1]))
    first, second = evidence_of(scene, note)
    assert first.public_id != kept.public_id
    same = ("quote", "page", "quote_start", "sha256", "library_file_id", "quote_language")
    assert [getattr(first, name) for name in same] == [getattr(kept, name) for name in same]
    revision = scene.note(note).open
    assert revision is not None
    scene.do(
        service.save,
        note,
        scene.focal,
        content=content(removed=frozenset({first.public_id})),
        seen=revision.stamp,
    )
    assert [each.public_id for each in evidence_of(scene, note)] == [second.public_id]


def test_a_quotation_is_never_rewritten_but_can_be_emptied(scene: Scene, act: Shelved) -> None:
    note = quoting(scene, act)

    def change(**values: Any) -> None:
        with transaction() as session:
            (kept,) = session.scalars(select(Evidence)).all()
            for name, value in values.items():
                setattr(kept, name, value)

    for values in ({"quote": "A fee may be taken."}, {"page": 1}, {"sha256": "0"}):
        with pytest.raises(RuntimeError):
            change(**values)
    change(quote="")
    page = scene.note(note)
    assert page.published is not None
    assert page.published.evidence[0].quote == ""


# Who may read what a published note quotes from a document of each kind.
KINDS: dict[str, dict[str, Any]] = {
    "public": {},
    "constituents": {"visibility": Visibility.CONSTITUENTS},
    "embargoed": {"embargo_until": datetime(2999, 1, 1, tzinfo=UTC)},
    "replaced": {},
    "withdrawn": {},
    "withdrawn, for constituents": {"visibility": Visibility.CONSTITUENTS},
    "withdrawn after it was replaced": {},
    "restricted since": {},
}
READ_BY = {
    "public": {"public", "outsider", "focal", "officer"},
    "constituents": {"outsider", "focal", "officer"},
    "embargoed": {"officer"},
    "replaced": {"public", "outsider", "focal", "officer"},
    "withdrawn": {"public", "outsider", "focal", "officer"},
    "withdrawn, for constituents": {"outsider", "focal", "officer"},
    "withdrawn after it was replaced": {"public", "outsider", "focal", "officer"},
    "restricted since": {"outsider", "focal", "officer"},
}
INDEXED = {"public", "replaced"}


def set_kind(kind: str, act: Shelved) -> None:
    """Let become of a document, once it is quoted, what its kind says."""
    if kind == "replaced" or kind.endswith("after it was replaced"):
        replaced(act)
    elif kind == "restricted since":
        replaced(act, visibility=Visibility.CONSTITUENTS)
    with transaction() as session:
        document = session.get_one(LibraryDocument, act.id)
        revision = session.get_one(LibraryRevision, act.revision_id)
        if kind.startswith("withdrawn"):
            last = document.published or revision
            last.state = State.RETRACTED
            document.published = None
            document.retracted_at = datetime.now(UTC)
            document.retracted_for = last.visibility
        changes.append(session, "document", document.public_id)


@pytest.mark.parametrize("kind", KINDS)
def test_a_published_note_shows_a_quotation_to_those_who_may_read_its_document(
    scene: Scene, as_: As, kind: str
) -> None:
    act = shelve(text=PAGES, title="Act on recruitment")
    note = quoting(scene, act)
    with transaction() as session:
        # The office made it so only after it was quoted; what is published cannot be edited.
        for name, value in KINDS[kind].items():
            table = LibraryRevision.__table__
            session.execute(
                table.update().where(table.c.id == act.revision_id).values({name: value})
            )
    current_session().expire_all()
    set_kind(kind, act)
    revision = scene.note(note).published
    assert revision is not None
    for who in ("public", "outsider", "focal", "officer"):
        browser = as_(who)
        pages = (
            [f"/notes/{note}", f"/notes/{note}/clearance"] if who == "focal" else [f"/notes/{note}"]
        )
        for address in pages:
            page = unescape(browser.get(address).get_data(as_text=True))
            readable = who in READ_BY[kind]
            assert (SAID in page) == readable, (who, address)
            assert ("Act on recruitment" in page) == readable, (who, address)
            assert (act.public_id in page) == readable, (who, address)
            assert ("from a document that is not public" in page) == (not readable), who
    page = as_("officer").get(f"/notes/{note}").get_data(as_text=True)
    assert ("From an earlier version" in page) == (kind in {"replaced", "restricted since"})
    assert ("has since been withdrawn" in page) == kind.startswith("withdrawn")
    (document,) = source.documents(current_session(), [note])
    said = " ".join(" ".join(each.text.split()) for each in document.passages)
    assert (SAID in said) == (kind in INDEXED)
    # What becomes of the document has the note looked at again.
    latest = current_session().scalars(select(Change.public_id).order_by(Change.seq.desc())).first()
    assert latest == note


def test_versions_are_compared_without_telling_of_what_is_hidden(
    scene: Scene, as_: As, act: Shelved
) -> None:
    note = quoting(scene, act)
    secret = shelve(text=("Zanzibar pays no fee.",), visibility=Visibility.CONSTITUENTS)
    scene.do(service.revise, note, scene.focal)
    quote(scene, note, secret, quote="Zanzibar pays no fee.", page=1)
    scene.do(service.submit, note, scene.focal, people_protected=True)
    scene.do(service.take_up, note, scene.officer)
    scene.do(service.publish, note, scene.officer)
    for who, told in (("public", False), ("focal", True)):
        page = unescape(as_(who).get(f"/notes/{note}/compare").get_data(as_text=True))
        assert "No fee and no related cost" in page
        assert ("Zanzibar" in page) == told
        assert ("from a document that is not public" in page) == (not told)


def test_a_redacted_passage_leaves_an_empty_place(scene: Scene, as_: As, act: Shelved) -> None:
    note = quoting(scene, act)
    with transaction() as session:
        for each in session.scalars(select(Evidence)):
            each.quote = ""
    page = as_("public").get(f"/notes/{note}").get_data(as_text=True)
    assert "This passage was redacted." in page
    text = as_("public").get(act.text).get_data(as_text=True)
    assert 'class="quoted"' not in text
    assert "No fee" in text


def test_the_step_before_knows_no_quotations_and_keeps_the_rest(
    app: Flask, scene: Scene, act: Shelved
) -> None:
    note = scene.start(links=(Link("Gazette", "https://example.org/"),))
    quote(scene, note, act)
    db.session.remove()
    steps = ScriptDirectory.from_config(migrations.config()).walk_revisions()
    (before,) = [each.down_revision for each in steps if each.path.endswith("_quotations.py")]
    migrations.downgrade(str(before))
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT title, url FROM evidence")).all() == [
            ("Gazette", "https://example.org/")
        ]
    migrations.upgrade()
    assert [each.title for each in evidence_of(scene, note)] == ["Gazette"]
    quote(scene, note, act)


# The way of a person, without script.


def choose(browser: FlaskClient, note: str, act: Shelved, **data: Any) -> TestResponse:
    address = f"/notes/{note}/quote/{act.public_id}"
    given = {"file": act.file, "page": "2", "do": "choose", **data}
    return send(browser, address, given, page=f"/notes/{note}/edit")


def added(browser: FlaskClient, note: str, act: Shelved, confirm: str, **data: Any) -> TestResponse:
    names = ("file", "page", "quote", "near", "form_key")
    given = {name: values_of(confirm, name)[0] for name in names}
    return choose(browser, note, act, **{**given, "do": "add", **data})


def test_a_delegate_quotes_a_sentence_without_script(scene: Scene, as_: As, act: Shelved) -> None:
    browser = as_("focal")
    shelve(title="Without a text")
    note = scene.start()
    stamp = values_of(browser.get(f"/notes/{note}/edit").get_data(as_text=True), "version")[0]
    form = {"version": stamp, "language": "en", "done": "More was done.", "do": "quote"}
    answer = send(browser, f"/notes/{note}/edit", form)
    assert (answer.status_code, answer.location) == (303, f"/notes/{note}/quote")
    found = browser.get(f"{answer.location}?q=recruitment").get_data(as_text=True)
    assert "choosing a quotation for the note on" in found
    assert f'href="/notes/{note}/quote/{act.public_id}"' in found
    assert "Without a text" not in browser.get(answer.location).get_data(as_text=True)
    # The words stand on one page of the text, which is offered sentence by sentence.
    hits = browser.get(f"/notes/{note}/quote/{act.public_id}?q=nobody").get_data(as_text=True)
    (picked,) = re.findall(rf'href="(/notes/{note}/quote/{act.public_id}\?[^"]*page=2[^"]*)"', hits)
    page = browser.get(unescape(picked)).get_data(as_text=True)
    assert re.search(r'for="s3"[^>]*><mark>Nobody</mark> pays.</label>', page)
    confirm = choose(browser, note, act, sentence=["2", "3"]).get_data(as_text=True)
    assert "No fee and no related cost may be taken from a worker. Nobody pays." in confirm
    assert current_session().scalars(select(Evidence)).all() == []
    first = added(browser, note, act, confirm)
    assert (first.status_code, first.location) == (303, f"/notes/{note}/edit#carried")
    # Sent twice, it is added once.
    assert added(browser, note, act, confirm).location == first.location
    (kept,) = evidence_of(scene, note)
    page = browser.get(f"/notes/{note}/edit").get_data(as_text=True)
    assert "The quotation is in your note." in page
    assert f'name="removed" value="{kept.public_id}"' in page
    assert "More was done." in page


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        ({}, 422, "Choose a sentence first."),
        ({"sentence": ["0", "2"]}, 422, "follow one another"),
        ({"sentence": ["99"]}, 422, "does not stand on this page"),
        ({"sentence": ["x", "-1", "٣"]}, 422, "Choose a sentence first."),
        ({"quote": "<script>alert(1)</script>"}, 422, "do not stand on this page"),
        ({"quote": "\x00\u202eNobody pays."}, 200, "Nobody pays."),
        ({"quote": "Nobody pays.", "near": "x" * 9}, 200, "Nobody pays."),
        ({"quote": "Nobody pays.", "page": "7"}, 404, ""),
        ({"quote": "Nobody pays.", "page": "9" * 40}, 404, ""),
        ({"quote": "Nobody pays.", "file": "x" * 40}, 404, ""),
        ({"quote": "x" * 100_000}, 422, "up to 2000 characters"),
        ({"quote": "Everybody pays.", "do": "add"}, 422, "do not stand on this page"),
    ],
)
def test_what_cannot_be_quoted_is_said_beside_the_text(
    scene: Scene, as_: As, act: Shelved, data: dict[str, Any], code: int, told: str
) -> None:
    answer = choose(as_("focal"), scene.start(), act, **data)
    page = unescape(answer.get_data(as_text=True))
    assert (answer.status_code, told in page) == (code, True), page
    assert "<script>alert" not in answer.get_data(as_text=True)
    if data.get("sentence") == ["0", "2"]:
        assert page.count("checked") == 2


def test_addresses_that_lead_nowhere(scene: Scene, as_: As, act: Shelved) -> None:
    note, browser = scene.start(), as_("focal")
    where = f"/notes/{note}/quote"
    hidden = shelve(make_constituent(), text=PAGES, state=State.DRAFT)
    empty = shelve()
    for address, code in (
        (f"{where}/{hidden.public_id}", 404),
        (f"{where}/{empty.public_id}", 404),
        (f"{where}/bogus", 404),
        (f"{where}/{act.public_id}?file={hidden.file}", 404),
        (f"{where}/{act.public_id}?page=99&part=-1", 200),
        (f"{where}/{act.public_id}?page=abc&q=%00", 200),
        (f"{where}/{act.public_id}?q=Zanzibar&hits=9", 200),
        (f"{where}?q=%25&type=bogus&page=-1", 200),
        ("/notes/bogus/quote", 404),
        (f"/library/{hidden.public_id}/quote", 404),
        (f"/library/{act.public_id}/quote?page=99", 200),
    ):
        assert browser.get(address).status_code == code, address
    for who, code in (("outsider", 404), ("officer", 404), ("public", 303)):
        assert as_(who).get(where).status_code == code, who
    scene.do(service.submit, note, scene.focal, people_protected=True)
    assert browser.get(where).status_code == 409
    assert as_("officer").get(where).status_code == 403
    data = {"csrf_token": token(browser, "/about"), "file": act.file, "page": "2", "quote": SAID}
    answer = browser.post(f"{where}/{act.public_id}", data={**data, "do": "add"})
    assert answer.status_code == 409


def test_a_draft_that_is_submitted_while_a_passage_is_picked_stays_as_it_is(
    scene: Scene, as_: As, act: Shelved
) -> None:
    browser, note = as_("focal"), scene.start()
    confirm = choose(browser, note, act, sentence=["3"]).get_data(as_text=True)
    replaced(act)
    assert added(browser, note, act, confirm).status_code == 422
    scene.do(service.submit, note, scene.focal, people_protected=True)
    assert browser.get(f"/notes/{note}").status_code == 200
    revision = scene.note(note).open
    assert revision is not None
    assert revision.evidence == []


def test_who_quotes_what_few_may_read_is_warned(scene: Scene, as_: As) -> None:
    act = shelve(text=PAGES, visibility=Visibility.CONSTITUENTS)
    browser, note = as_("focal"), scene.start()
    confirm = choose(browser, note, act, sentence=["3"]).get_data(as_text=True)
    assert "This document is not public." in confirm
    added(browser, note, act, confirm)
    for address in (f"/notes/{note}", f"/notes/{note}/edit"):
        page = browser.get(address).get_data(as_text=True)
        assert "1 quotation comes from a document that is not public." in page


# Who cites a document.


def test_a_document_names_what_quotes_it_and_marks_the_passage(
    scene: Scene, as_: As, act: Shelved
) -> None:
    browser = as_("public")
    draft = scene.start()
    quote(scene, draft, act)
    for address in (act.page, act.text):
        page = browser.get(address).get_data(as_text=True)
        assert draft not in page
        assert "Cited by" not in page
        assert "quoted" not in page
    scene.do(service.submit, draft, scene.focal, people_protected=True)
    scene.do(service.take_up, draft, scene.officer)
    scene.do(service.publish, draft, scene.officer)
    page = browser.get(act.page).get_data(as_text=True)
    cited = page[page.index('id="citing"') :]
    assert f'href="/notes/{draft}"' in cited
    assert f'href="/commitments/{scene.commitment.address}"' in cited
    assert "page 2" in cited
    page = browser.get(act.text).get_data(as_text=True)
    assert (
        '<span class="quoted">No fee and no related cost\nmay be taken from a worker.</span>'
        in page
    )
    assert page.index('id="p2"') < page.index(f'href="/notes/{draft}"')
    # Words that are looked for are marked inside it, too.
    page = browser.get(f"{act.text}&page=1&q=worker").get_data(as_text=True)
    assert '<span class="quoted"><mark>worker</mark></span>' in page
    # The version that was quoted still shows it; the present one has another text.
    replaced(act)
    assert f"/notes/{draft}" in browser.get(f"{act.text}").get_data(as_text=True)
    assert f"/notes/{draft}" in browser.get(act.page).get_data(as_text=True)


def test_pages_ask_the_same_however_much_is_quoted(
    client: FlaskClient, scene: Scene, act: Shelved, count_queries: Count
) -> None:
    note = quoting(scene, act)
    addresses = (act.page, act.text, f"/notes/{note}")

    def counts() -> list[int]:
        return [count_queries(lambda: client.get(address)) for address in addresses]  # noqa: B023 - called at once

    before = counts()
    others = [
        make_note(scene.commitment, make_constituent(group="workers"), scene.round)
        for _number in range(3)
    ]
    with transaction() as session:
        first = session.scalars(select(Evidence)).one()
        revisions = [first.revision_id, *(each.published_id or 0 for each in others)]
        for place, revision_id in enumerate(revisions):
            session.add(
                Evidence(
                    revision_id=revision_id,
                    library_file_id=first.library_file_id,
                    quote="worker",
                    quote_language="en",
                    page=2,
                    quote_start=place,
                    sha256=first.sha256,
                )
            )
    assert counts() == before


def test_a_reader_of_a_text_begins_from_there(scene: Scene, as_: As, act: Shelved) -> None:
    assert "Quote in a note" not in as_("public").get(act.text).get_data(as_text=True)
    browser = as_("focal")
    page = browser.get(act.text).get_data(as_text=True)
    begin = f"/library/{act.public_id}/quote?file={act.file}&amp;page=2"
    assert f'href="{begin}"' in page
    assert "no draft of a note" in browser.get(unescape(begin)).get_data(as_text=True)
    note = scene.start()
    page = browser.get(unescape(begin)).get_data(as_text=True)
    onward = f"/notes/{note}/quote/{act.public_id}?file={act.file}&amp;page=2"
    assert f'href="{onward}"' in page
    assert "Nobody pays." in browser.get(unescape(onward)).get_data(as_text=True)
    # Others' drafts are nobody's business.
    assert note not in as_("outsider").get(unescape(begin)).get_data(as_text=True)


def test_the_same_file_under_a_newer_description_is_no_earlier_version(
    scene: Scene, as_: As, act: Shelved
) -> None:
    note = quoting(scene, act)
    with transaction() as session:
        file = session.scalars(select(LibraryFile)).one()
        file_id = file.file_id
    replaced(act)
    with transaction() as session:
        newest = session.scalars(
            select(LibraryRevision).order_by(LibraryRevision.id.desc())
        ).first()
        assert newest is not None
        newest.files.append(
            LibraryFile(file_id=file_id, source_sha256="0" * 64, name="act-again.pdf")
        )
        session.flush()
        present = newest.files[0].public_id
    page = as_("public").get(f"/notes/{note}").get_data(as_text=True)
    assert "earlier version" not in page
    assert f"file={present}" in page
    assert current_session().scalars(select(Note)).one().public_id == note
