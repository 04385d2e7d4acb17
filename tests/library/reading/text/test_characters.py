"""The same word is the same string, whatever font or program wrote it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.library.reading.text.characters import clean
from policytrack.library.reading.text.garbled import is_garbled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ﻻﺋﺤﺔ", "لائحة"),
        ("ﷲ", "الله"),
        ("م\ufe76", "م\u064e"),
        ("oﬃce eﬀect", "office effect"),
        ("e\u0301", "é"),
        ("co\u00adoperation", "cooperation"),
        ("ســـلام", "ســـلام"),
        ("\u202bقانون\u202c", "قانون"),
        ("می\u200cشود", "می\u200cشود"),
        ("a\u200bb", "ab"),
        ("ก\u200bข", "ก\u200bข"),
        ("น\u0e4d\u0e48\u0e32", "น\u0e48\u0e33"),
        ("ท\uf70bา", "ท้า"),
        ("\uf0b7 one", "• one"),
        ("a\xa0 \t b", "a b"),
        ("a  \r\n  b\rc\x0bd", "a\nb\nc\nd"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\x00b\x9fc\ud800d", "abcd"),
        ("½ ² ﹪ ０", "½ ² ﹪ ０"),
    ],
)
def test_each_sign_takes_its_one_form(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text())
def test_cleaning_ends_and_changes_nothing_twice(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip()
    assert unicodedata.is_normalized("NFC", once)
    assert not {"\r", "\x00", "\u202e", "\u00ad"} & set(once)
    assert "\n\n\n" not in once
    once.encode()


@given(st.text(alphabet=st.characters(categories=["L", "N"], max_codepoint=0x2000)))
def test_letters_and_figures_stay(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


def test_a_layer_of_signs_without_meaning_is_none() -> None:
    assert is_garbled("\ue001\ue002 \ue003a")
    assert is_garbled("\ufffd\ufffd\ufffd of")
    assert not is_garbled("the worker \uf0b7 is paid")
    assert not is_garbled("")
