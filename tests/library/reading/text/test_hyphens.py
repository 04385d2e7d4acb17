"""Words divided at the end of a line are whole again, and nothing else is joined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.library.reading.text import hyphens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("employ-\nment", "employment"),
        ("employ-\r\nment", "employment"),
        ("employ\ufffement of", "employment of"),
        ("employ\u00ad\nment", "employment"),
        ("Attorney\ufffeGeneral", "Attorney-General"),
        ("Attorney-\nGeneral", "Attorney-\nGeneral"),
        ("2019-\n2021", "2019-\n2021"),
        ("2019\ufffe2021", "2019-2021"),
        ("UN-\nbacked", "UN-\nbacked"),
        ("ILO\ufffeled", "ILO-led"),
        ("anak-\nanak", "anak-anak"),
        ("well-\nknown", "well-known"),
        ("a) -\nwages", "a) -\nwages"),
        ("المادة-\nالقانون", "المادة-\nالقانون"),
        ("états-\nmembres", "étatsmembres"),
    ],
)
def test_only_what_was_divided_is_joined(text: str, expected: str) -> None:
    assert hyphens.join(text, {"well-known"}) == expected


def test_compounds_are_those_within_a_line() -> None:
    assert hyphens.compounds(["a Well-known law", "pre-\nlaw 3-4"]) == {"well-known"}


@given(st.text(alphabet="ab-\n\ufffe\u00ad 1Aé"))
def test_nothing_but_hyphens_and_line_ends_goes(text: str) -> None:
    def rest(value: str) -> str:
        return "".join(sign for sign in value if sign not in "-\n\ufffe\u00ad ")

    assert rest(hyphens.join(text)) == rest(text)
    assert hyphens.PDF_MARK not in hyphens.join(text)
