"""A document's page, the text of its files by page, its files, and how it is cited."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from policytrack.accounts.models import User
from policytrack.core.db import transaction
from policytrack.core.files.models import StoredFile
from policytrack.core.permissions import Role
from policytrack.core.review import Action, State
from policytrack.library.models import LibraryDecision, LibraryFile
from policytrack.library.presenters.texts import CHARACTERS, PAGES, block
from policytrack.library.reading import Origin, Outcome, Unit
from policytrack.library.rules import Relation, Rights, Visibility
from policytrack.library.words import RELATION_WORDS, RELATION_WORDS_BACK
from tests.factories import NOW, make_constituent, make_member, make_user
from tests.library.shelf import Shelved, keep, relate, replaced, shelve
from tests.pages.conftest import Count, Read

SignIn = Callable[[FlaskClient, User], None]


def _sha256(session: Session, document: Shelved) -> str:
    return session.scalars(
        select(StoredFile.sha256)
        .join(LibraryFile, LibraryFile.file_id == StoredFile.id)
        .where(LibraryFile.public_id == document.file)
    ).one()


def _said(page: str) -> str:
    """Return what a reader gets of a page, as one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_first_screen_answers_what_it_is(read: Read, database: Session) -> None:
    ministry = make_constituent(labels={"en": "Ministry of Labour A"})
    act = shelve(
        ministry,
        title="Foreign Employment Act",
        legal_status="in_force",
        in_force_from="2007-09-05",
        in_force_until="2999",
        issued="2007-08",
        authors=[{"family": "Al-Hassan", "given": "Fatima"}, {"literal": "Parliament"}],
        publisher="Gazette",
        official_number="26 of 2007",
        licence="Public domain",
        source_url="https://example.org/act",
        tied={"countries": ["NP"], "themes": ["A1.1"], "sectors": ["domestic-work"]},
        corridors=["NP-QA"],
        text=["One."],
    )
    page = read(act.page)
    verdict = _said(page.partition('<dl class="verdict">')[2].partition("</dl>")[0])
    assert "Legal status In force from 5 Sep 2007 to 2999" in verdict
    assert "Whose document Ministry of Labour A" in verdict
    assert "Countries and territories Nepal" in verdict
    assert "Issued Aug 2007" in verdict
    assert "Language English" in verdict
    assert "Copies May be handed out" in verdict
    for words in ("Fatima Al-Hassan", "Parliament", "Gazette", "26 of 2007", "Public domain"):
        assert words in page
    assert '<a href="https://example.org/act" rel="external noopener noreferrer"' in page
    assert "designations employed" in page
    collected = read(shelve().page)
    assert "Whose document Collected by the secretariat" in _said(collected)


def test_what_is_hostile_stays_text(client: FlaskClient, database: Session) -> None:
    bad = '"><script>alert(1)</script></title>'
    act = shelve(
        title=bad,
        summary=bad,
        publisher=bad,
        authors=[{"literal": bad}],
        official_number=bad,
        text=[f"{bad} fee"],
    )
    for address in (act.page, act.text, f"{act.text}&q=fee", f"{act.text}&q={bad}", "/library"):
        page = client.get(address).text
        assert "alert(1)" in page or "q=" in address
        assert "<script>alert" not in page
        assert page.count("</title>") == 1
    data = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(act.page).text
    )
    assert data is not None
    assert json.loads(data[1])["name"] == bad


def test_files_say_what_they_are(client: FlaskClient, read: Read, database: Session) -> None:
    act = shelve(text=["One.", "", "Three."])
    sha256 = _sha256(database, act)
    with transaction() as session:
        keep(
            session,
            sha256,
            ["One.", "", "Three."],
            origins=[Origin.LAYER, Origin.NONE, Origin.MACHINE],
        )
    said = _said(read(act.page))
    assert "act.pdf PDF" in said
    assert "3 pages" in said
    assert "1 page has no text layer." in said
    assert "1 page was read by machine; it may hold mistakes." in said
    assert f"SHA-256: {sha256[:12]}…" in said
    assert sha256 in said
    assert act.copy in read(act.page)
    with transaction() as session:
        keep(session, sha256, ["", ""])
    assert "No text layer: its pages are pictures." in read(act.page)
    assert "Read and search its text" not in read(act.page)
    with transaction() as session:
        keep(session, sha256, [], outcome=Outcome.ENCRYPTED)
    assert "it opens with a password only" in read(act.page)


def test_a_practice_shows_its_fields_and_never_whom_to_ask(
    read: Read, client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    ministry = make_constituent()
    practice = shelve(
        ministry,
        type="practice",
        practice={
            "why_good": "It is free.",
            "start": "2019-03",
            "end": "in a while",
            "gcm_objectives": ["6", "16"],
            "contact": "Sita Rai, 9841000000",
            "scope": "  ",
        },
    )
    page = _said(read(practice.page))
    assert "Why it is a good practice It is free." in page
    assert "Began Mar 2019" in page
    assert "Ended in a while" in page
    assert "Objectives of the Global Compact for Migration 6 Fair and ethical recruitment" in page
    assert "16 Full inclusion and social cohesion" in page
    assert "Geographic scope" not in page
    assert "Sita Rai" not in page
    for person, seen in (
        (make_member(make_constituent(group="workers")), False),
        (make_member(ministry, Role.CONTRIBUTOR), True),
        (make_user(Role.SECRETARIAT), True),
    ):
        sign_in(client, person)
        assert ("Sita Rai" in client.get(practice.page).text) is seen


def test_where_no_copies_may_be_handed_out_the_source_is_named(
    client: FlaskClient, read: Read, sign_in: SignIn, database: Session
) -> None:
    act = shelve(rights=Rights.LINK, source_url="https://example.org/act", text=["One."])
    page = read(act.page)
    assert "Copies of this document may not be handed out here." in page
    assert 'href="https://example.org/act"' in page
    assert act.file not in page
    assert "citation_pdf_url" not in page
    assert client.get(act.copy).status_code == client.get(act.text).status_code == 404
    sign_in(client, make_user(Role.SECRETARIAT))
    assert act.copy in client.get(act.page).text
    assert client.get(act.copy).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", list(Relation))
def test_both_documents_say_how_they_stand(read: Read, database: Session, kind: Relation) -> None:
    later, earlier = shelve(title="Later act"), shelve(title="Earlier act")
    relate(later, kind, earlier)
    section = r'id="relations".*?</section>'
    for document, words, other in (
        (later, RELATION_WORDS, earlier),
        (earlier, RELATION_WORDS_BACK, later),
    ):
        found = re.search(section, read(document.page), re.DOTALL)
        assert found is not None
        assert f"<dt>{words[kind]}</dt>" in found[0]
        assert other.page in found[0]


def test_two_that_name_each_other_are_related_once(read: Read, database: Session) -> None:
    one, two = shelve(), shelve()
    relate(one, Relation.RELATED, two)
    relate(two, Relation.RELATED, one)
    assert read(one.page).count(f'href="{two.page}"') == 1


def test_an_earlier_version_says_that_it_is_one(read: Read, database: Session) -> None:
    act = replaced(shelve(title="Act", text=["One."]), title="Act, amended")
    page = read(act.page)
    assert "Act, amended</h1>" in page
    assert "Version 2" in page
    earlier = f"{act.page}?revision={act.revision}"
    assert earlier in page
    old = read(earlier)
    assert "This is an earlier version" in old
    assert act.copy in old
    assert "How to cite" not in old
    assert "Text of a file" in read(act.text)


def test_outsiders_count_the_versions_that_they_may_read(
    client: FlaskClient, read: Read, sign_in: SignIn, database: Session
) -> None:
    ministry = make_constituent()
    act = shelve(ministry, state=State.RETURNED, title="Act")
    with transaction() as session:
        session.add(
            LibraryDecision(
                revision_id=act.revision_id,
                action=Action.RETURN,
                at=NOW,
                reason="Leave out the names.",
                language="en",
                internal_comment="Ask the lawyers.",
            )
        )
    replaced(act, title="Act, put right")
    with transaction() as session:
        # It never was in force.
        session.execute(
            LibraryFile.metadata.tables["library_revision"]
            .update()
            .where(LibraryFile.metadata.tables["library_revision"].c.id == act.revision_id)
            .values(state=State.RETURNED)
        )
    assert "Leave out the names." not in read(act.page)
    assert "Version 2" not in read(act.page)
    sign_in(client, make_member(ministry))
    own = client.get(act.page).text
    assert "Version 2" in own
    assert "Leave out the names." in own
    assert "Ask the lawyers." not in own
    sign_in(client, make_user(Role.SECRETARIAT))
    assert "Ask the lawyers." in client.get(act.page).text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"visibility": Visibility.CONSTITUENTS}, "Constituents only"),
        (
            {"embargo_until": datetime.now(UTC) + timedelta(days=1)},
            "only its own organisation and the secretariat see this document",
        ),
        ({"state": State.DRAFT}, "Only your organisation sees this text."),
        ({"state": State.SUBMITTED}, "see this until it is published"),
    ],
)
def test_what_is_not_for_everybody_says_so(
    client: FlaskClient, sign_in: SignIn, database: Session, given: dict[str, Any], words: str
) -> None:
    ministry = make_constituent()
    act = shelve(ministry, **given)
    assert client.get(act.page).status_code == 404
    sign_in(client, make_member(ministry))
    assert words in client.get(act.page).text


def test_the_page_of_what_was_withdrawn(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    ministry = make_constituent()
    act = shelve(ministry, state=State.RETRACTED, title="Named people", text=["Sita Rai."])
    answer = client.get(act.page)
    assert answer.status_code == 410
    assert "The secretariat withdrew it on 1 Oct 2026, for this reason:" in answer.text
    assert "It named somebody." in answer.text
    assert "Named people" not in answer.text
    assert act.revision not in answer.text
    sign_in(client, make_user(Role.SECRETARIAT))
    answer = client.get(act.page)
    assert answer.status_code == 410
    assert f"revision={act.revision}" in answer.text
    what = client.get(f"{act.page}?revision={act.revision}")
    assert what.status_code == 200
    assert "Named people</h1>" in what.text
    assert "Only the organisation and the secretariat see this text." in what.text


def test_how_to_cite(client: FlaskClient, read: Read, database: Session) -> None:
    original = shelve(title="قانون العمل", language="ar", type="law")
    act = shelve(
        title="Safe and fair",
        type="evaluation",
        issued="2020-03-01",
        authors=[{"family": "Al-Hassan", "given": "Fatima Noor"}],
        publisher="Ministry of Labour",
        text=["One."],
    )
    relate(act, Relation.TRANSLATES, original)
    page = read(act.page)
    cited = _said(re.search(r'id="cite-apa".*?</blockquote>', page, re.DOTALL)[0])  # type: ignore[index]  # else it fails here
    assert "Al-Hassan, F. N. (2020). Safe and fair" in cited
    assert '<i lang="en">Safe and fair</i>' in page
    assert 'data-copy="cite-chicago"' in page
    for name in ("citation_title", "citation_author", "citation_pdf_url", "z:itemType"):
        assert f'<meta name="{name}" content="' in page
    linked = 'rel="alternate" type="application/vnd.citationstyles.csl+json" title="CSL-JSON"'
    assert f'{linked} href="{act.page}.json"' in page
    assert '<script type="application/ld+json">' in page
    answer = client.get(f"{act.page}.json")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={act.public_id}.json"
    assert answer.headers["Content-Type"] == "application/vnd.citationstyles.csl+json"
    (item,) = json.loads(answer.data)
    assert item["original-title"] == "قانون العمل"
    assert item["URL"] == f"http://localhost{act.page}"
    assert client.get(f"{act.page}.bib").text.startswith("@")
    assert "TY  - RPRT" in client.get(f"{act.page}.ris").text
    assert client.get(f"{act.page}.xml").status_code == 404


def test_a_page_costs_the_same_however_much_it_shows(
    client: FlaskClient, database: Session, count_queries: Count
) -> None:
    def made(count: int) -> Shelved:
        act = shelve(
            make_constituent(),
            tied={
                "themes": ["A1.1", "A1.2", "A2.1"][:count],
                "countries": ["NP", "QA", "BD"][:count],
                "sectors": ["domestic-work", "agriculture"][:count],
            },
            corridors=["NP-QA", "BD-SA"][:count],
            text=[f"One {count}."] * count * 10,
        )
        for _ in range(count):
            relate(act, Relation.AMENDS, shelve())
            relate(shelve(), Relation.AMENDS, act)
            with transaction() as session:
                session.add(
                    LibraryDecision(
                        revision_id=act.revision_id,
                        action=Action.TAKE_UP,
                        officer_id=make_officer.id,
                        at=NOW,
                    )
                )
        return act

    make_officer = make_user(Role.SECRETARIAT)
    few, many = made(1), made(3)
    client.get(few.page)
    for kind in ("page", "text"):
        costs = [
            count_queries(partial(client.get, each))
            for each in (getattr(few, kind), getattr(many, kind))
        ]
        assert costs[0] == costs[1]
        assert costs[0] < 25


def test_the_text_stands_by_page_in_its_language(read: Read, database: Session) -> None:
    act = shelve(text=["Draft text", "", "Three"], language="en")
    with transaction() as session:
        keep(
            session,
            _sha256(database, act),
            ["المادة الأولى\nتدفع", "", "Read so"],
            origins=[Origin.LAYER, Origin.NONE, Origin.MACHINE],
        )
        keep_languages(session)
    page = read(act.text)
    assert '<section class="text-page" id="p1" aria-labelledby="h1">' in page
    assert '<p class="read" lang="ar" dir="rtl">المادة الأولى<br>تدفع</p>' in page
    assert "This page has no text layer." in page
    assert "Read by machine; it may hold mistakes" in page
    assert f'href="{act.copy}#page=3"' in page


def keep_languages(session: Session) -> None:
    pages = LibraryFile.metadata.tables["text_page"]
    session.execute(pages.update().where(pages.c.number == 1).values(language="ar"))


@pytest.mark.parametrize(
    ("unit", "words", "counted"),
    [
        (Unit.PAGE, "Page 1", "2 pages"),
        (Unit.SLIDE, "Slide 1", "2 slides"),
        (Unit.SHEET, "Sheet 1", "2 sheets"),
        (Unit.CHAPTER, "Chapter 1", "2 chapters"),
        (Unit.PART, "Part 1", "2 parts"),
    ],
)
def test_what_is_no_page_is_called_what_it_is(
    read: Read, database: Session, unit: Unit, words: str, counted: str
) -> None:
    act = shelve(text=["One.", "Two."])
    with transaction() as session:
        keep(session, _sha256(database, act), ["One.", "Two."], unit=unit)
    page = read(act.text)
    assert f'<h2 id="h1">{words}</h2>' in page
    assert counted in page
    assert counted in read(act.page)


def test_a_long_text_is_cut_into_addresses(read: Read, database: Session) -> None:
    act = shelve(text=[f"Page number {number}." for number in range(1, 46)])
    first = read(act.text)
    assert 'id="p1"' in first
    assert f'id="p{PAGES}"' in first
    assert f'id="p{PAGES + 1}"' not in first
    assert f'rel="next" href="{act.text.replace("&", "&amp;")}&amp;page=21#p21"' in first
    assert 'rel="prev"' not in first
    middle = read(f"{act.text}&page=33")
    assert 'id="p21"' in middle
    assert 'id="p40"' in middle
    assert "page=1#p1" in middle
    assert "page=41#p41" in middle
    for asked in ("45", "400", "999999"):
        assert 'id="p45"' in read(f"{act.text}&page={asked}")
    for asked in ("-1", "abc", "", "9999999999999"):
        assert 'id="p1"' in read(f"{act.text}&page={asked}")


def test_long_pages_stand_alone() -> None:
    lengths = [(number, CHARACTERS if number == 3 else 10) for number in range(1, 6)]
    blocks = [block(lengths, asked) for asked in range(1, 6)]
    assert [list(each.numbers) for each in blocks] == [[1, 2], [1, 2], [3], [4, 5], [4, 5]]
    assert [(each.before, each.after) for each in blocks][2] == (1, 4)
    assert block([], 1).numbers == ()


def test_a_search_leads_to_the_pages_that_hold_the_words(read: Read, database: Session) -> None:
    filler = "Nothing of the kind stands here. " * 20
    act = shelve(
        text=[filler, f"{filler} No worker pays a FÉE. {filler} Each fee is paid.", "A fee."]
    )
    page = read(f"{act.text}&q=worker fee")
    assert "Found: 1 page" in page
    assert "<mark>worker</mark> pays a <mark>FÉE</mark>" in page
    assert "3 times" in page
    assert f'href="{act.copy}#page=2"' in page
    assert "page=2&amp;q=worker+fee#p2" in page
    there = read(f"{act.text}&q=worker fee&page=2")
    assert there.count("<mark>") == 4
    assert 'id="p2"' in there
    assert "Found: 3 pages" in read(f"{act.text}&q=e")
    assert "No page holds all of these words." in read(f"{act.text}&q=zebra")
    # What asks for nothing shows the text.
    assert 'id="p1"' in read(f"{act.text}&q=-")


def test_many_pages_are_found_25_at_a_time(read: Read, database: Session) -> None:
    act = shelve(text=[f"The fee {number}." for number in range(1, 61)])
    first = read(f"{act.text}&q=fee")
    assert "1 to 25 of 60" in first
    assert "hits=2" in first
    last = read(f"{act.text}&q=fee&hits=3")
    assert "51 to 60 of 60" in last
    assert "Page 60" in last
    assert "51 to 60 of 60" in read(f"{act.text}&q=fee&hits=99")


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=%F0%9F%98%80&page=1", f"q={'ب' * 3000}", "q=%E2%80%AEfee", "hits=-1&q=fee",
        "page=%D9%A3", "q=%26lt;script", "q=fee&q=worker&page=1&page=2",
    ],
)  # fmt: skip
def test_whatever_is_asked_is_answered(client: FlaskClient, database: Session, query: str) -> None:
    act = shelve(text=["The fee."])
    assert client.get(f"{act.text}&{query}").status_code == 200


def test_a_file_of_another_document_is_not_read_here(
    client: FlaskClient, database: Session
) -> None:
    one, other, bare = shelve(text=["One."]), shelve(text=["Other."]), shelve()
    assert client.get(f"{one.page}/text?file={other.file}").status_code == 404
    assert client.get(f"{one.page}/text?file=nonsense").status_code == 404
    assert client.get(f"{one.page}/text").status_code == 200
    assert client.get(f"{bare.page}/text").status_code == 404
    for address in ("/library/nonsense", "/library/aaaaaaaaaa", "/library/%00/text"):
        assert client.get(address).status_code == 404
    assert client.get("/library/files/aaaaaaaaaa/act.pdf").status_code == 404
    assert client.get("/library/aaaaaaaaaa.bib").status_code == 404


def test_a_file_that_waits_to_be_read_says_so(read: Read, database: Session) -> None:
    act = shelve(text=["One."])
    with transaction() as session:
        for name in ("text_page", "file_text"):
            session.execute(LibraryFile.metadata.tables[name].delete())
    assert "Its text has not been read yet." in read(act.page)
    assert "has not been read yet. Look again" in read(act.text)


def test_a_file_is_sent_as_the_reader_may_keep_it(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    act = shelve(text=["One."])
    answer = client.get(act.copy)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Cache-Control"] == "private, max-age=600"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    part = client.get(act.copy, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"%PDF")
    # The name is for people; the row says what is sent.
    other = client.get(f"/library/files/{act.file}/other.exe")
    assert "act.pdf" in other.headers["Content-Disposition"]
    sign_in(client, make_member(make_constituent()))
    hidden = shelve(visibility=Visibility.CONSTITUENTS, text=["Two."])
    assert client.get(hidden.copy).headers["Cache-Control"] == "no-store"


def test_it_speaks_arabic(read: Read, database: Session) -> None:
    act = shelve(title="قانون العمل", language="ar", text=["المادة"])
    for address in ("/library", act.page, act.text):
        page = read(address, language="ar")
        assert '<html lang="ar" dir="rtl"' in page
        assert 'lang="ar"' in page
