"""File names that any system can keep and no reader is misled by."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.core.files.kinds import KINDS, Found
from policytrack.core.files.names import safe_name

PDF = KINDS[Found.PDF]
JPEG = KINDS[Found.JPEG]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("letter.pdf", "letter.pdf"),
        ("LETTER.PDF", "LETTER.pdf"),
        ("letter", "letter.pdf"),
        ("letter v1.2", "letter v1.2.pdf"),
        ("letter.pdf.exe", "letter.pdf"),
        ("letter.docx", "letter.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\sita\\letter.pdf", "letter.pdf"),
        ("a\uff0fb.pdf", "b.pdf"),
        ("..pdf", "pdf.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("a\x00b\r\nc\t.pdf", "ab c.pdf"),
        ("in\u202efdp.exe", "infdp.pdf"),
        ("\u2066a\u2069\u200f.pdf", "a.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("com1.backup.pdf", "_com1.backup.pdf"),
        ("console.pdf", "console.pdf"),
        ("letter.pdf. . ", "letter.pdf"),
        ("\ud800letter.pdf", "_letter.pdf"),
        ("مذكرة تفاهم.pdf", "مذكرة تفاهم.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),  # noqa: RUF001 - Persian, with the joiner that spells it
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, PDF) == safe


def test_a_right_extension_stays_and_one_of_another_picture_is_corrected() -> None:
    assert safe_name("a.JPEG", JPEG) == "a.jpeg"
    assert safe_name("a.webp", JPEG) == "a.jpg"


def test_a_name_without_a_kind_keeps_an_extension_that_is_known() -> None:
    assert safe_name("list.csv") == "list.csv"
    assert safe_name("list") == "list"


@pytest.mark.parametrize("letter", ["ا", "ကို", "👩‍👩‍👧‍👦", "ක්‍ෂ", "a"])  # noqa: RUF001 - Arabic
def test_a_long_name_is_cut_between_letters_only(letter: str) -> None:
    name = safe_name(letter * 400 + ".pdf", PDF)
    stem = name.removesuffix(".pdf")
    assert len(name.encode()) <= 200
    assert len(name) <= 130
    assert stem
    assert stem == letter * (len(stem) // len(letter))


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_no_name_whatever_is_unsafe(name: str) -> None:
    safe = safe_name(name, PDF)
    assert safe.endswith(".pdf")
    assert not set(safe) & set('/\\<>:"|?*')
    assert not safe.startswith((".", " "))
    assert not any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in safe)
    assert len(safe.encode()) <= 200
    assert safe == unicodedata.normalize("NFC", safe)
    assert safe_name(safe, PDF) == safe
