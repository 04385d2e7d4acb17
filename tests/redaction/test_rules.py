from __future__ import annotations

import unicodedata

import pytest

from policytrack.core.errors import NotPermitted, StaleVersion
from policytrack.core.redaction import MARK, Passage, Place, without
from policytrack.redaction import register
from policytrack.redaction.rules import Action, State, step


@pytest.mark.parametrize(
    ("state", "action", "is_asker", "wanted"),
    [
        (State.WAITING, Action.CONFIRM, False, State.DONE),
        (State.WAITING, Action.CONFIRM, True, NotPermitted),
        (State.WAITING, Action.REFUSE, False, State.REFUSED),
        (State.WAITING, Action.REFUSE, True, State.REFUSED),
        *(
            (state, action, is_asker, StaleVersion)
            for state in (State.DONE, State.REFUSED)
            for action in Action
            for is_asker in (True, False)
        ),
    ],
)
def test_a_second_officer_confirms_and_nobody_decides_twice(
    state: State, action: Action, is_asker: bool, wanted: object
) -> None:
    if isinstance(wanted, State):
        assert step(state, action, is_asker=is_asker).to is wanted
    else:
        with pytest.raises(wanted):  # type: ignore[call-overload]  # one of the errors above
            step(state, action, is_asker=is_asker)


@pytest.mark.parametrize(
    "text",
    [
        "We met Rani Gurung in the shelter.",
        "We met Rani\nGurung in the shelter.",
        "We met Rani \u00a0\u2028 Gurung in the shelter.",
        "We met Ra\u00adni Gu\u200brung in the shelter.",
        "We met \u2068Rani\u2069 Gurung in the shelter.",
    ],
)
def test_neither_a_line_break_nor_an_unseen_sign_hides_a_passage(text: str) -> None:
    spans = Passage(" Rani  Gurung ").spans(text)
    assert len(spans) == 1
    left = without(text, spans)
    assert left.replace("\u2068", "") == f"We met {MARK} in the shelter."


def test_upper_and_lower_case_count_and_other_words_stay() -> None:
    assert Passage("Rani Gurung").spans("rani gurung, Rani, Gurung") == []
    assert Passage("Rani (a.b)*").spans("Rani (axb)*") == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", ["Nguyễn Thị Hạnh", "한지민 님께", "مُنى الأحمد", "राणी गुरुङ"])
def test_a_name_is_found_however_its_letters_are_composed(name: str, form: str) -> None:
    text = unicodedata.normalize(form, f"á {name} and {name}, é")
    left = without(text, Passage(unicodedata.normalize("NFD", name)).spans(text))
    assert unicodedata.normalize("NFC", left) == f"á {MARK} and {MARK}, é"


def test_the_mark_is_always_as_long_and_says_nothing_of_the_length() -> None:
    short, long = "Rani", "Rani Gurung of the village by the river, her mother and her sister"
    assert without(short, Passage(short).spans(short)) == MARK
    assert without(long, Passage(long).spans(long)) == MARK


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b", "\n\t"])
def test_nothing_stands_nowhere(nothing: str) -> None:
    assert Passage(nothing).spans("anything at all") == []


def test_a_place_is_the_same_after_it_was_written_down() -> None:
    place = Place("note_revision", {"revision": "abc"}, "done", ((3, 4), (9, 4)), "7")
    assert Place.parse(place.data()) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"format": 2, "redactions": []}',
        '{"format": 1, "redactions": [{}]}',
        '{"format": 1, "redactions": 7}',
        "[" * 100_000,
    ],
)
def test_what_is_no_register_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(register.Unreadable) as refusal:
        register.read(text)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 300
