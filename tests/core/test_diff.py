"""What a reviewer relies on when two texts are laid over each other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from policytrack.core.diff import diff_words

SHORT = st.text(alphabet="ab \n.é", max_size=60)
FEW_WORDS = st.lists(
    st.sampled_from(["a", "b", "c", "fee", "paid", "ค่า", "رسوم", "12"]), min_size=300, max_size=900
)


def put_together(pieces, *kinds):
    return "".join(text for kind, text in pieces if kind in kinds)


@given(st.one_of(SHORT, st.text(max_size=200)), st.one_of(SHORT, st.text(max_size=200)))
def test_both_texts_can_be_put_together_again(old, new):
    pieces = diff_words(old, new)

    assert put_together(pieces, "same", "removed") == old
    assert put_together(pieces, "same", "added") == new


@settings(max_examples=25, deadline=None)
@given(FEW_WORDS, FEW_WORDS)
def test_long_texts_of_few_words_can_be_put_together_again(old, new):
    pieces = diff_words(" ".join(old), " ".join(new))

    assert put_together(pieces, "same", "removed") == " ".join(old)
    assert put_together(pieces, "same", "added") == " ".join(new)


@given(st.text(max_size=200))
def test_a_text_compared_with_itself_has_no_change(text):
    assert diff_words(text, text) == ([("same", text)] if text else [])


def test_a_changed_word_stands_before_the_one_that_replaced_it():
    assert diff_words("Fees are capped.", "Fees are abolished.") == [
        ("same", "Fees are "),
        ("removed", "capped"),
        ("added", "abolished"),
        ("same", "."),
    ]


def test_neighbouring_changes_are_one_change():
    assert diff_words("one big cat sat", "one small dog sat") == [
        ("same", "one "),
        ("removed", "big cat"),
        ("added", "small dog"),
        ("same", " sat"),
    ]


def test_added_words_at_the_end_leave_the_last_word_alone():
    assert diff_words("No fees", "No fees at all") == [
        ("same", "No fees"),
        ("added", " at all"),
    ]


def test_a_new_paragraph_break_is_a_change_of_space_only():
    assert diff_words("One. Two.", "One.\n\nTwo.") == [
        ("same", "One."),
        ("removed", " "),
        ("added", "\n\n"),
        ("same", "Two."),
    ]


def test_arabic_words_are_compared_as_words():
    assert diff_words("لا رسوم على العمال", "لا رسوم على العاملات") == [
        ("same", "لا رسوم على "),
        ("removed", "العمال"),
        ("added", "العاملات"),
    ]


def test_thai_words_are_found_without_spaces():
    pieces = diff_words("แรงงานข้ามชาติหญิง", "แรงงานข้ามชาติชาย")

    assert pieces[0][0] == "same"
    assert pieces[-2:] == [("removed", "หญิง"), ("added", "ชาย")]


def test_signs_outside_the_basic_plane_are_not_cut():
    assert diff_words("a 😀 b", "a 😀🎉 b") == [
        ("same", "a 😀"),
        ("added", "🎉"),
        ("same", " b"),
    ]


def test_a_long_text_keeps_its_unchanged_paragraphs():
    paragraphs = [f"Paragraph {n} speaks of measure{n} and of office{n}." for n in range(400)]
    changed = [*paragraphs[:100], "Something new stands here.", *paragraphs[120:]]

    pieces = diff_words("\n".join(paragraphs), "\n".join(changed))

    assert [kind for kind, _ in pieces].count("same") < 8
    assert len(put_together(pieces, "added")) < 60
