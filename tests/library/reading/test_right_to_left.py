"""Lines from right to left come out in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import icu
import pytest

from policytrack.library.reading import backwards
from policytrack.library.reading.righttoleft import Letter, is_mostly, text_of

SIZE = 10.0


def drawn(line: str, *, y: float = 0.0, gaps: bool = False) -> list[Letter]:
    """Return the letters of a line as PDFium finds them on the page: a lam and alef share a place.

    `gaps`: spaces are not drawn.
    """
    bidi = icu.Bidi()
    held = icu.UnicodeString(line)
    bidi.setPara(held, 1)
    seen = str(bidi.writeReordered(icu.Bidi.DO_MIRRORING))
    letters: list[Letter] = []
    x = 50.0
    for sign in seen:
        before = letters[-1] if letters else None
        if before and before.sign in "اأإآ" and sign == "ل":  # one glyph, turned by PDFium
            letters.append(before._replace(sign=sign))
            continue
        if not (gaps and sign == " "):
            letters.append(Letter(sign, x, y, x, x + 5, SIZE))
        x += 5
    return [letter for group in _glyphs(letters) for letter in group]


def _glyphs(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Return the glyphs from right to left, each with its letters as they are."""
    groups: list[list[Letter]] = []
    for letter in letters:
        if groups and groups[-1][0].x == letter.x:
            groups[-1].append(letter)
        else:
            groups.append([letter])
    return reversed(groups)


LINES = [
    "مرسوم بقانون اتحادي رقم (39) لسنة 2022",
    "1. التعليم حق لكل مواطن",
    "3.1.2. أنشطة صيانة (PD): تقييم",
    "الإلزامي لأحكام الاطلاع",
    "بتاريخ 12/5/2010، والمادة 5-7 منه:-",
    "- على القانون الاتحادي",
    "شركة Schneider Electric في دبي",
    "المادة ٥ من اللائحة",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("gaps", [False, True])
def test_a_line_is_read_as_it_was_written(line: str, gaps: bool) -> None:
    assert text_of(drawn(line, gaps=gaps)) == line


def test_lines_stay_apart_and_pieces_of_one_come_together() -> None:
    first, second = drawn("المادة الأولى", y=100.0), drawn("يلتزم صاحب العمل", y=80.0)
    assert text_of([*first, *second]) == "المادة الأولى\nيلتزم صاحب العمل"
    assert text_of([*first[4:], *first[:4], *second]) == "المادة الأولى\nيلتزم صاحب العمل"


def test_vowel_signs_stand_on_their_letters_wherever_they_are_drawn() -> None:
    letters = drawn("وفقا لأحكام", y=100.0)
    over = next(letter for letter in letters if letter.sign == "ق")
    mark = Letter("\u064b", over.x + 2, 103.0, over.x + 1, over.x + 3, SIZE)
    assert text_of([mark, *letters]) == "وفق\u064bا لأحكام"


def test_a_pair_of_brackets_called_by_one_name_is_a_pair() -> None:
    letters = drawn("المنخفض (LV) أنشطة")
    alike = [letter._replace(sign=")") if letter.sign == "(" else letter for letter in letters]
    assert text_of(alike) == "المنخفض (LV) أنشطة"


def test_pages_are_told_apart() -> None:
    assert is_mostly("المادة 1")
    assert not is_mostly("Article 1 of the Act on Work and Wages (قانون)")
    assert not is_mostly("")


def test_words_that_are_drawn_from_the_end_of_the_line() -> None:
    line = "Do not approach, touch or photograph any debris"
    words: list[list[Letter]] = [[]]
    for place, sign in enumerate(line):
        if sign == " ":
            words.append([])
            continue
        x = 50.0 + 5 * place
        words[-1].append(Letter(sign, x, 0.0, x, x + 5, SIZE))
    letters = [letter for word in reversed(words) for letter in word]
    assert backwards.text_of(letters) == line
    assert backwards.are_backwards([(300.0, 50.0), (290.0, 50.0), (50.0, 300.0)])
    assert not backwards.are_backwards([(50.0, 300.0)] * 8)
    assert not backwards.are_backwards([])
