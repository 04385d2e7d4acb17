"""What was probably meant: words of published texts, and of nothing that the asker may not see."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.core.documents import RESTRICTED, SECRETARIAT, own
from policytrack.core.permissions import ANONYMOUS
from policytrack.search.index.lexicon import LONGEST, distances
from tests.search.conftest import Ask
from tests.search.sources import Shelf
from tests.search.test_engine import FOCAL_POINT, OFFICER, OTHER_FOCAL_POINT


def plainly(a: str, b: str) -> int:
    """Return the distance of optimal string alignment, computed as the textbooks write it."""
    rows = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if not i or not j:
                rows[i][j] = i or j
                continue
            rows[i][j] = min(
                rows[i - 1][j] + 1,
                rows[i][j - 1] + 1,
                rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
            )
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


WORDS = st.text(alphabet="abcé\u0627\u0628\u0e01\U00010330", min_size=1, max_size=8)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=6))
def test_distances_of_many_words_are_those_of_each(word: str, others: list[str]) -> None:
    letters = np.array(others, dtype=f"U{LONGEST}").view(np.uint32).reshape(len(others), LONGEST)
    lengths = np.array([len(each) for each in others], np.int32)
    found = distances(word, letters, lengths)
    assert found.tolist() == [plainly(word, each) for each in others]


def test_a_misspelt_word_is_answered_with_the_right_one(notes: Shelf, ask: Ask) -> None:
    for number in range(3):
        notes.put(f"n{number}", "Fair recruitment", "The recruitment agency paid back its fees.")
    notes.put("ar", "حماية العاملات المهاجرات", "تلتزم الوزارة بحماية الأجور", language="ar")
    notes.put("hi", "भर्ती शुल्क", "श्रमिकों का संरक्षण", language="hi")
    meant = {
        "recruitmnet": "recruitment",
        "recrutment fees": "recruitment fees",
        "ercruitment": "recruitment",
        '"recrutment agency" -zebra': '"recruitment agency" -zebra',
        "(agenyc OR recrutment) country:NP": "(agency OR recruitment) country:NP",
        "حمايه الأجورر": "حمايه الأجور",
        "المهاجارت": "المهاجرات",
        "संरक्षन": "संरक्षण",
    }
    assert {typed: ask(typed).meant for typed in meant} == meant
    for typed in ("recruitment", "-recrutment", "recrutm*", "zzzzzzzz", "fee", "12345", "", "OR"):
        assert ask(typed).meant == "", typed


def test_a_rare_word_gives_way_to_a_far_more_common_one_only(notes: Shelf, ask: Ask) -> None:
    notes.put("odd", "Odd", "A brige over the river.")
    for number in range(10):
        notes.put(f"n{number}", "Note", "The bridge over the river.")
    assert ask("brige").meant == ""
    for number in range(10, 40):
        notes.put(f"n{number}", "Note", "The bridge over the river.")
    assert ask("brige").meant == "bridge"


def test_no_word_of_a_hidden_text_is_offered(notes: Shelf, ask: Ask) -> None:
    notes.put("open", "Open", "The labour office opened.")
    notes.put("draft", "Zanzibar", "zanzibar zanzibar", access=(own(7),))
    notes.put("sent", "Zanzibar", "zanzibar again", access=(own(7), SECRETARIAT))
    for actor in (ANONYMOUS, OTHER_FOCAL_POINT, FOCAL_POINT, OFFICER):
        # Not to those who may find it either: what is under way is no published text.
        assert ask("zanzibra", actor).meant == ""
    notes.put("inner", "Lighthouse", "lighthouse", access=(RESTRICTED,))
    assert ask("lighthosue", FOCAL_POINT).meant == "lighthouse"
    assert ask("lighthosue", ANONYMOUS).meant == ""


@pytest.mark.parametrize("seed", [1, 2])
def test_hidden_texts_move_no_choice_between_words(notes: Shelf, ask: Ask, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(12):
        notes.put(f"n{number}", "Note", chance.choice(("manor", "minor", "major", "mayor")))
    before = [ask(typed).meant for typed in ("maner", "majr", "mjnor")]
    for number in range(40):
        words = " ".join(f"m{letter}nor" for letter in "abcdefghijk")
        notes.put(f"s{number}", "Secret", f"{words} maner mayor", access=(SECRETARIAT,))
    assert [ask(typed).meant for typed in ("maner", "majr", "mjnor")] == before


def test_a_word_that_was_begun_is_ended(notes: Shelf, ask: Ask) -> None:
    notes.put("few", "Recur", "recur")
    for number in range(9):
        notes.put(f"n{number}", "Note", "Fair recruitment.")
    assert ask("recr").meant == "recruitment"
    assert ask("recrui fair").meant == "recruitment fair"
