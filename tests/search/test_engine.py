"""What is found, for whom, in which order; and what nobody can learn."""

from __future__ import annotations

import time
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policytrack.core.documents import PUBLIC, SECRETARIAT, own
from policytrack.core.permissions import ANONYMOUS, Actor, Role, Seat
from policytrack.search import engine
from policytrack.search.engine import Wanted
from policytrack.search.index.follower import Follower
from tests.search.conftest import Ask, ids
from tests.search.sources import Shelf

FOCAL_POINT = Actor(user_id=1, seats=(Seat(7, Role.FOCAL_POINT, "governments", "NP"),))
OTHER_FOCAL_POINT = Actor(user_id=2, seats=(Seat(8, Role.FOCAL_POINT, "workers", "NP"),))
OFFICER = Actor(user_id=3, roles=frozenset({Role.SECRETARIAT}))


def test_a_note_is_found_by_three_of_its_words(notes: Shelf, ask: Ask) -> None:
    notes.put("aaa", "Fair recruitment", "The fee ban was extended to household recruitment.")
    notes.put("bbb", "Training", "Courses before departure.")
    assert ids(ask("household fee ban")) == ["aaa"]


def test_a_note_is_found_within_two_seconds_of_publication(
    app: Flask, notes: Shelf, following: Follower
) -> None:
    for number in range(50):
        notes.put(f"n{number}", f"Note {number}", "The labour office opened a desk. " * 20)
    following.follow()
    notes.put("new", "New", "A zebra crossed.")
    started = time.monotonic()
    assert following.behind()
    following.follow()
    found = engine.search(app, Wanted("zebra"), actor=ANONYMOUS, language="en")
    assert ids(found) == ["new"]
    assert time.monotonic() - started < 1.5


def test_all_words_come_before_some_of_them(notes: Shelf, ask: Ask) -> None:
    notes.put("some", "Fees fees fees", "fees " * 50)
    notes.put("all", "Other", "recruitment here, then much else, and fees at last")
    notes.put("none", "Other", "nothing of it")
    found = ask("recruitment fees")
    assert (ids(found), found.relaxed) == (["all"], False)
    # Where none has them all, those that have some answer, and the page says so.
    found = ask("recruitment zebra")
    assert (ids(found), found.relaxed) == (["all"], True)
    # Who writes much describes what they look for.
    found = ask("fees for recruitment here then else last and more")
    assert (ids(found), found.relaxed) == (["all", "some"], True)


def test_what_can_be_asked(notes: Shelf, ask: Ask) -> None:
    notes.put("law", "Recruitment Act", "fees are capped", codes={"country": ("NP",)})
    notes.put("note", "Charges", "recruiters ask for charges", on=date(2019, 5, 1))
    notes.put("other", "Training", "before departure", codes={"country": ("BD",)})
    for typed, expected in {
        "fees OR charges": ["law", "note"],
        "(fees OR charges) ask": ["note"],
        "recruit*": ["law", "note"],
        "title:recruit*": ["law"],
        "title:charges": ["note"],
        "title:fees": [],
        "country:NP": ["law"],
        "country:NP,BD": ["law", "other"],
        "-country:NP": ["note", "other"],
        "fees -country:NP": [],
        "year:2019": ["note"],
        "year:2020..": ["law", "other"],
        "recruit* year:..2019": ["note"],
        'title:"recruitment act" OR training': ["law", "other"],
        "-(fees OR charges)": ["other"],
    }.items():
        assert sorted(ids(ask(typed))) == expected, typed


def test_a_title_counts_more(notes: Shelf, ask: Ask) -> None:
    notes.put("body", "Other", "recruitment of workers")
    notes.put("title", "Recruitment", "of other workers")
    assert ids(ask("recruitment")) == ["title", "body"]


def test_phrases_and_exclusions(notes: Shelf, ask: Ask) -> None:
    notes.put("near", "A", "recruitment fees are banned")
    notes.put("far", "B", "fees for recruitment are banned")
    notes.put("across", "recruitment", "fees are banned")
    assert ids(ask('"recruitment fees"')) == ["near"]
    assert sorted(ids(ask("recruitment -fees"))) == []
    assert sorted(ids(ask('banned -"recruitment fees"'))) == ["across", "far"]


def test_other_languages_and_stems(notes: Shelf, ask: Ask) -> None:
    notes.put("ar", "حماية العاملات", "للعاملات المهاجرات في المنازل", language="ar")
    notes.put("th", "สิทธิ", "แรงงานข้ามชาติหญิงต้องได้รับการคุ้มครอง", language="th")
    notes.put("fr", "Les droits", "des travailleuses domestiques", language="fr")
    assert ids(ask("عاملة")) == ["ar"]
    assert ids(ask("คุ้มครอง")) == ["th"]
    assert ids(ask("travailleuse")) == ["fr"]


def shelve_with_secrets(notes: Shelf) -> None:
    notes.put("open", "Open", "The fee ban works.", codes={"country": ("NP",)})
    notes.put(
        "draft", "Draft", "The zebra ban fails.", codes={"country": ("QA",)}, access=(own(7),)
    )
    notes.put(
        "sent",
        "Sent",
        "The giraffe ban waits.",
        codes={"country": ("KW",), "theme": ("A1",)},
        access=(own(7), SECRETARIAT),
        language="fr",
    )


def test_scripts_without_spaces_are_found_by_any_letters(notes: Shelf, ask: Ask) -> None:
    notes.put("fees", "ก", "ห้ามเก็บค่าธรรมเนียมการ จัดหางานจากคนงาน", language="th")
    notes.put("other", "ข", "คนงานเก็บค่าจ้าง การจัดงาน", language="th")
    notes.put("am", "በ", "የቤት፡ሠራተኞች፡መብት", language="am")
    notes.put("zh", "甲", "禁止扣押移徙工人的护照", language="zh")
    for typed, expected in {
        "รรมเนียมก": ["fees"],
        # Spaces are set as people please.
        "ค่า ธรรมเนียมการจัดหา": ["fees"],
        '"เนียมการจัดหา"': ["fees"],
        '"หางานจากเนียม"': [],
        "ราተኞች": [],
        "ራተኞች መብ": ["am"],
        "ሰራተኞች": ["am"],
        "徙工人的护": ["zh"],
        "护照移徙": ["zh"],
        "人的": ["zh"],
        "-徙工人 护照": [],
    }.items():
        found = ask(typed)
        assert (typed, [] if found.relaxed else ids(found)) == (typed, expected)


def test_what_stands_as_it_was_typed_comes_first(notes: Shelf, ask: Ask) -> None:
    filler = "the labour office of the district opened a desk for people who leave"
    notes.put("stem", "a", f"{filler} and recruits them")
    notes.put("exact", "b", f"{filler} and recruitment them")
    assert ids(ask("recruitment")) == ["exact", "stem"]
    notes.put("apart", "c", f"fees are high {filler} where they pay for training and training fees")
    notes.put("near", "d", f"{filler} training that costs fees")
    notes.put("far", "e", f"training {filler} and fees")
    assert ids(ask("training costs fees"))[0] == "near"
    assert ids(ask("training fees")) == ["apart", "near", "far"]
    # Words that tell nothing tell something between others.
    notes.put("typed", "f", f"a passport is kept by the employer {filler}")
    notes.put(
        "turned", "g", f"by passport, the employer: kept is a passport {filler} kept employer"
    )
    assert ids(ask("is kept by the employer"))[0] == "typed"


def test_an_outsider_learns_nothing(notes: Shelf, ask: Ask) -> None:
    shelve_with_secrets(notes)
    for actor in (ANONYMOUS, OTHER_FOCAL_POINT):
        found = ask("ban", actor)
        assert (ids(found), found.total, found.pages) == (["open"], 1, 1)
        assert found.counts["country"] == {"NP": 1}
        everything = ask("", actor).counts
        assert everything["country"] == {"NP": 1}
        assert everything["theme"] == {}
        for typed in ("zebra", '"zebra ban"', "giraffe", "draft", "note:draft:published"):
            assert ask(typed, actor).total == 0
        assert ask("", actor, filters={"country": ("QA",)}).total == 0
        assert ask("ban", actor, filters={"country": ("QA", "KW")}).counts["kind"] == {}


def test_each_finds_what_they_may(notes: Shelf, ask: Ask) -> None:
    shelve_with_secrets(notes)
    assert sorted(ids(ask("ban", FOCAL_POINT))) == ["draft", "open", "sent"]
    assert sorted(ids(ask("ban", OFFICER))) == ["open", "sent"]
    assert ask("ban", OFFICER).counts["country"] == {"KW": 1, "NP": 1}


def test_the_order_does_not_depend_on_what_is_hidden(notes: Shelf, ask: Ask) -> None:
    notes.put("one", "A", "zebra crossing")
    notes.put("two", "B", "giraffe crossing")
    before = ids(ask("zebra giraffe"))
    for number in range(20):
        notes.put(f"secret{number}", "C", "zebra " * number, access=(SECRETARIAT,))
        notes.put(f"hidden{number}", "zebra", "long " * 300, access=(own(7),))
    assert ids(ask("zebra giraffe")) == before


def test_the_row_that_holds_the_cursor_is_nobodys(notes: Shelf, ask: Ask) -> None:
    notes.put("one", "A", "zebra")
    for actor in (ANONYMOUS, FOCAL_POINT, OFFICER):
        assert ask("cursor", actor).total == 0
        assert ask("", actor, filters={"kind": ("note",)}).total == 1


def test_what_the_database_no_longer_shows_is_dropped(notes: Shelf, ask: Ask) -> None:
    notes.put("one", "A", "zebra")
    notes.put("two", "B", "zebra")
    notes.hidden.add("note:one:published")
    found = ask("zebra")
    assert (ids(found), found.total) == (["two"], 1)


def test_filters_and_counts(notes: Shelf, ask: Ask) -> None:
    notes.put("one", "A", "zebra", codes={"country": ("NP", "QA"), "theme": ("A1",)})
    notes.put("two", "B", "zebra", codes={"country": ("BD",), "theme": ("A1",)})
    notes.put("three", "C", "zebra", codes={"country": ("BD",), "theme": ("A2",)})
    found = ask("zebra", filters={"country": ("BD",), "theme": ("A1",)})
    assert ids(found) == ["two"]
    # What another choice of the same filter would leave is counted without it.
    assert found.counts["theme"] == {"A1": 1, "A2": 1}
    assert found.counts["country"] == {"BD": 1, "NP": 1, "QA": 1}
    assert ask("zebra", filters={"country": ("NP", "BD")}).total == 3
    assert ask("zebra", filters={"country": ("XX",)}).total == 0


def test_filters_alone_list_the_latest_first(notes: Shelf, ask: Ask) -> None:
    notes.put("old", "A", "x", codes={"country": ("NP",)}, on=date(2020, 1, 1))
    notes.put("new", "B", "y", codes={"country": ("NP",)}, on=date(2025, 1, 1))
    assert ids(ask("", filters={"country": ("NP",)})) == ["new", "old"]
    assert ask("").total == 0


def test_by_date(notes: Shelf, ask: Ask) -> None:
    notes.put("old", "Zebra zebra", "zebra", on=date(2020, 1, 1))
    notes.put("new", "B", "a zebra among much else", on=date(2025, 1, 1))
    notes.put("undated", "C", "zebra", on=None)
    assert ids(ask("zebra", sort="date")) == ["new", "old", "undated"]
    assert ids(ask("zebra"))[0] == "old"


def test_pages_are_bounded(notes: Shelf, ask: Ask) -> None:
    for number in range(45):
        notes.put(f"n{number:02d}", "Zebra", "zebra")
    first, last = ask("zebra"), ask("zebra", page=3)
    assert (first.total, first.pages, len(first.results)) == (45, 3, 20)
    assert len(last.results) == 5
    assert not set(ids(first)) & set(ids(last))
    assert ask("zebra", page=99999).page == 3
    assert ask("zebra", page=-1).page == 1


@pytest.mark.parametrize("code", ["", " ", "a b", "../x", "é", "x" * 41, "NP\x00"])
def test_what_is_no_code_is_no_filter(code: str) -> None:
    assert engine.codes([code]) == ()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    typed=st.one_of(
        st.text(st.characters(codec=None), max_size=400),
        st.text('"“”-*?\\:()[]{}^~\x00\u200f\u202e zebra العمال 移民', max_size=120),
    )
)
def test_no_junk_breaks_it(app: Flask, notes: Shelf, following: Follower, typed: str) -> None:
    if not notes.things:
        notes.put("one", "Zebra", "العمال zebra 移民", access=(PUBLIC,))
        following.follow()
    found = engine.search(app, Wanted(typed), actor=ANONYMOUS, language="en")
    assert found.total in {0, 1}
