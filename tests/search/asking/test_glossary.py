"""A question is widened to what it says in other words and languages, and by nothing else."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from policytrack.core import languages
from policytrack.core.documents import own
from policytrack.search import highlight
from policytrack.search.asking import glossary, question
from policytrack.search.asking.question import Widened
from policytrack.search.index.follower import Follower
from tests.search.conftest import Ask, ids
from tests.search.sources import Shelf


def concepts(typed: str, **how: object) -> list[str]:
    asked = question.read(typed, ("en",))
    return [each.code for each in glossary.widen(asked, **how)[1] if each.applied]  # type: ignore[arg-type]  # as given by the test


def test_the_file_is_sound() -> None:
    seen = set()
    for row in glossary.rows():
        key = row["concept"], row["language"]
        assert key not in seen, key
        seen.add(key)
        assert row["language"] in languages.CONTENT, key
        assert row["confidence"] in {"high", "medium", "low"}, key
        assert row["verified"] in {"yes", ""}, key
        assert row["source"], key
        terms = [*glossary.listed(row["terms"]), *glossary.listed(row["asked"])]
        assert terms, key
        assert len(set(terms)) == len(terms), key
        # No term with alternatives or an explanation in it: it would be looked for as it stands.
        assert not re.search("[/()]", "".join(terms)), key
    named = {concept for concept, _language in seen}
    assert {concept for concept, language in seen if language == "en"} == named
    assert len(named) > 120


def test_words_of_a_question_are_known_again() -> None:
    for typed, expected in {
        "kafala": ["kafala"],
        "the kafala systems in Qatar": ["kafala"],
        "نظام الكفالة": ["kafala"],
        "domestic workers": ["domestic_worker"],
        "Domestic Worker abuse": ["domestic_worker"],
        "العمالة المنزلية": ["domestic_worker"],
        "travailleuses domestiques": ["domestic_worker"],
        "গৃহকর্মী": ["domestic_worker"],
        "แรงงานข้ามชาติ": ["migrant_worker"],
        "移民工人": ["migrant_worker"],
        "lao dong di cu": ["migrant_worker"],
        "labor migration": ["labour_migration"],
        # The longest match, and with what a question leaves out.
        "women migrant workers": ["women_migrant_workers"],
        "country of origin": ["origin_country"],
        "labour migration governance": ["governance"],
        # One word for two things.
        "اسمگلنگ": ["trafficking", "smuggling"],
        # Within brackets and beside an OR.
        "employers": ["employer"],
        "والتنفيذ": ["implementation"],
        "(kafala OR visas) law": ["kafala"],
        "(domestic workers) OR visas": ["domestic_worker"],
        # Two of them.
        "kafala domestic worker": ["kafala", "domestic_worker"],
    }.items():
        assert concepts(typed) == expected, typed


def test_what_means_something_else_is_left_alone() -> None:
    for typed in (
        # Charity and warranty, not the sponsorship of workers.
        "كفالة",
        "الكفالة",
        "كفالة اليتيم",
        # Words of one language that are other words in another.
        "syndicate", "engagement", "agent", "batas", "أجر", "توثيق", "mkataba", "sheria",
        # What stands in a term and says nothing alone.
        "worker", "workers", "policy", "flexible", "system", "نظام", "工人", "removal", "review",
        # What has the stem of a term, and is another word.
        "Oman", "regular", "اتفاق", "أعلى",
        # Abbreviations that are words.
        "add", "bla", "osh", "k3", "addition",
    ):  # fmt: skip
        assert concepts(typed) == [], typed


def test_abbreviations() -> None:
    for typed, expected in {
        "WPS": "wage_protection_system",
        "wps": "wage_protection_system",
        "PRT": "domestic_worker",
        "TKI": "migrant_worker",
        "TKW": "women_migrant_workers",
        "PJTKI": "recruitment_agency",
        "MoU": "mou",
        "ADD": "abu_dhabi_dialogue",
        "OSH": "osh",
        "the ADD members": "abu_dhabi_dialogue",
    }.items():
        assert concepts(typed) == [expected], typed


def test_what_is_meant_exactly_is_left_as_it_is() -> None:
    for typed in (
        '"kafala"',
        '"domestic worker"',
        "fees -kafala",
        "fees -(domestic worker)",
        "title:kafala",
        "title:(domestic worker)",
        "kafala*",
        "country:NP",
        "",
    ):
        assert concepts(typed) == [], typed
    assert concepts('kafala "kafala"') == ["kafala"]
    assert concepts("kafala domestic worker", exact=("kafala",)) == ["domestic_worker"]
    assert concepts("kafala domestic worker", expand=False) == []


def test_a_hostile_question_is_widened_little() -> None:
    typed = " ".join(
        row["terms"].split(";")[0] for row in glossary.rows() if row["language"] == "en"
    )
    asked = question.read(typed, ("en", "fr"))
    widened, found = glossary.widen(asked)
    assert len(found) == glossary.MOST
    assert sum(isinstance(part, Widened) for part in widened.parts) >= 1
    assert len(widened.sought) <= glossary.MOST


@given(st.text(st.characters(codec=None), max_size=200))
def test_nothing_typed_is_an_error(typed: str) -> None:
    asked = question.read(typed, ("en", "ar"))
    widened, _found = glossary.widen(asked)
    assert widened.said == asked.said
    assert glossary.widen(asked, expand=False)[0].parts == asked.parts


def shelve(notes: Shelf) -> None:
    notes.put("en", "Reform", "The kafala system was reformed.")
    notes.put("ar", "إصلاح", "جرى إصلاح نظام الكفالة في البلد", language="ar")
    notes.put("bn", "সংস্কার", "কাফালা ব্যবস্থা সংস্কার করা হয়েছে", language="bn")
    notes.put("zh", "改革", "该国改革了担保人制度。", language="zh")
    notes.put("charity", "كفالة", "كفالة اليتيم من أعمال الخير", language="ar")
    notes.put("other", "Training", "Courses before departure.")


def test_one_language_finds_the_others(notes: Shelf, ask: Ask) -> None:
    shelve(notes)
    found = ask("kafala")
    assert ids(found)[0] == "en"
    assert sorted(ids(found)) == ["ar", "bn", "en", "zh"]
    assert (found.total, found.relaxed) == (4, False)
    assert ids(ask("نظام الكفالة"))[0] == "ar"
    assert sorted(ids(ask("نظام الكفالة"))) == ["ar", "bn", "en", "zh"]
    assert sorted(ids(ask("কাফালা reform*"))) == ["en"]
    assert sorted(ids(ask("(kafala OR training) -reform*"))) == ["ar", "bn", "other", "zh"]
    # What was typed alone, where that is wanted.
    assert ids(ask("kafala", exact=("kafala",))) == ["en"]
    assert ids(ask("kafala", expand=False)) == ["en"]
    assert ids(ask('"kafala"')) == ["en"]


def test_a_word_is_looked_for_where_its_language_is_written(notes: Shelf, ask: Ask) -> None:
    # In Indonesian a broker; in a Portuguese text something else.
    notes.put("id", "Berita", "calo menipu pekerja", language="id")
    notes.put("pt", "Mãos", "o calo na mão", language="pt")
    # English words stand in the texts of every language.
    notes.put("tl", "Balita", "ang sub-agent sa bayan", language="tl")
    assert sorted(ids(ask("middleman"))) == ["id", "tl"]


def test_widening_takes_nothing_away(notes: Shelf, ask: Ask) -> None:
    shelve(notes)
    notes.put("some", "Reform", "The courses were reformed.")
    plain = ask("kafala courses", expand=False)
    notes.put("say", "دورات", "courses نظام الكفالة", language="ar")
    found = ask("kafala courses")
    assert ids(found)[0] == "say"
    assert found.relaxed
    assert found.elsewhere
    assert set(ids(plain)) < set(ids(found))
    assert not ask("kafala reformed").elsewhere


def test_whatever_is_asked_typed_words_come_first_and_nothing_is_lost(
    notes: Shelf, ask: Ask
) -> None:
    shelve(notes)
    notes.put("dw", "Domestic workers", "Domestic workers under kafala have a day off.")
    notes.put("dwar", "العمالة المنزلية", "رسوم استقدام العمالة المنزلية", language="ar")
    notes.put("id", "PRT", "pekerja rumah tangga dan biaya penempatan", language="id")
    for typed in (
        "kafala", "domestic worker", "domestic worker kafala", "kafala OR zebra",
        "(domestic worker) OR (recruitment fee)", "kafala -day", "رسوم الاستقدام", "PRT",
        "domestic worker recruitment fee kafala reformed system", "kafala lang:ar", "kafala day*",
    ):  # fmt: skip
        plain, wide = ask(typed, expand=False), ask(typed)
        assert set(ids(plain)) <= set(ids(wide)), typed
        assert plain.concepts, typed
        if not plain.relaxed:
            assert sorted(ids(wide)[: plain.total]) == sorted(ids(plain)), typed


def test_what_was_typed_stands_first(notes: Shelf, ask: Ask) -> None:
    notes.put("weak", "Other", "Much else is said here before kafala comes. " + "Words. " * 200)
    notes.put("strong", "نظام الكفالة", "نظام الكفالة نظام الكفالة", language="ar")
    notes.put("both", "نظام الكفالة", "kafala", language="ar")
    for number in range(20):
        notes.put(f"n{number}", "Other", "Nothing of it.")
    assert ids(ask("kafala")) == ["both", "weak", "strong"]
    assert ids(ask("kafala OR zebra")) == ["both", "weak", "strong"]
    # The latest first is the order that was asked for, whatever the words.
    assert len(ids(ask("kafala", sort="date"))) == 3


def test_a_word_that_was_added_is_worth_less_than_one_that_was_typed(
    notes: Shelf, ask: Ask
) -> None:
    # Many words, of which each document has some: no order but by what they are worth.
    notes.put("typed", "Note", "kafala reform brought visa changes")
    notes.put("added", "Note", "কাফালা reform brought visa changes", language="bn")
    for number in range(10):
        notes.put(f"n{number}", "Note", "courses held before departure took place")
    found = ask("kafala reform brought visa changes zebra giraffe")
    assert found.relaxed
    assert ids(found)[:2] == ["typed", "added"]


def test_more_words_than_a_concept(notes: Shelf, ask: Ask) -> None:
    notes.put("both", "عاملة", "رسوم العمالة المنزلية Nepal", language="ar")
    notes.put("half", "Domestic matters", "Nepal")
    notes.put("typed", "Workers", "domestic helpers and workers of Nepal")
    assert ids(ask("domestic worker Nepal")) == ["typed", "both"]
    # Where nothing has it all, what has some of it answers as before.
    found = ask("domestic worker zebra")
    assert found.relaxed
    assert set(ids(found)) == {"typed", "half", "both"}


def test_counts_follow_and_nobody_learns_of_what_is_hidden(notes: Shelf, ask: Ask) -> None:
    notes.put("ar", "إصلاح", "نظام الكفالة", language="ar", codes={"country": ("QA",)})
    notes.put(
        "draft",
        "Draft",
        "نظام الكفالة",
        language="ar",
        codes={"country": ("KW",)},
        access=(own(7),),
    )
    found = ask("kafala")
    assert (ids(found), found.total, found.counts["country"]) == (["ar"], 1, {"QA": 1})
    shown = [each.terms for each in found.concepts]
    notes.put("th", "ก", "ระบบคาฟาลา", language="th", access=(own(7),))
    assert [each.terms for each in ask("kafala").concepts] == shown


def test_added_words_are_marked_where_they_stand_together() -> None:
    asked = question.read("kafala", ("en", "ar"))
    widened, _found = glossary.widen(asked)
    added = [phrase for each in widened.sought for _language, phrase in each.phrases]
    html = highlight.marked("نظام التعليم ونظام الكفالة", "ar", asked.forms, added)
    assert html == "نظام التعليم <mark>ونظام</mark> <mark>الكفالة</mark>"
    long = "نظام التعليم. " * 60 + "جرى إصلاح نظام الكفالة."
    assert "<mark>الكفالة</mark>" in highlight.fragment(long, "ar", asked.forms, added)


def test_the_page_says_what_was_added_and_lets_go_of_it(
    client: FlaskClient, notes: Shelf, following: Follower
) -> None:
    shelve(notes)
    following.follow()

    def page(address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    html = page("/search?q=kafala&country=")
    assert "4 results<" in html
    assert '<bdi lang="ar" dir="rtl">نظام الكفالة</bdi>' in html
    assert "Search only for “<bdi>kafala</bdi>”" in html
    # Words that nobody has reviewed are looked for, and not shown.
    assert "Khmer" in html
    khmer = [term for term in glossary.concept("kafala").terms if term.language == "km"]
    assert khmer
    assert not any(term.text in html for term in khmer)
    html = page("/search?q=kafala&exact=kafala")
    assert "1 result<" in html
    assert "searched for only as typed" in html
    assert '<input type="hidden" name="exact" value="kafala">' in html
    html = page("/search?q=kafala+training&expand=no")
    assert "Searched for only as typed." in html
    assert 'href="/search?q=kafala+training"' in html
    html = page("/search?q=kafala+domestic+worker")
    assert "Search for everything only as typed" in html
    for bad in ("exact=%00&exact=<script>", "expand=maybe", "exact=" + "x" * 5000):
        assert "4 results<" in page(f"/search?q=kafala&{bad}")
