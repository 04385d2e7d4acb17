"""A hostile or broken file gets a clear outcome and costs only itself."""

from __future__ import annotations

import dataclasses
import os
import tempfile
import zlib
from pathlib import Path

import pytest

from policytrack.library.reading import LIMITS, Kind, Outcome, read
from policytrack.library.reading.text.language import SAMPLE
from tests.library.reading import made
from tests.library.reading.conftest import Reader

LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"


def with_part(name: str, content: str | bytes) -> bytes:
    return made.docx(made.paragraph("x"), more={name: content})


@pytest.mark.parametrize(
    ("data", "outcome", "reason"),
    [
        (b"", Outcome.BROKEN, "empty"),
        (b"\x00\x01\x02\x03" * 100, Outcome.REFUSED, "unknown"),
        (b"MZ\x90\x00" + bytes(100), Outcome.REFUSED, "program"),
        (b"GIF89a....", Outcome.REFUSED, "other_picture"),
        (b"\x1f\x8b\x08" + bytes(99), Outcome.REFUSED, "archive"),
        (made.archive({"a.txt": "a"}), Outcome.REFUSED, "zip"),
        (made.archive({"META-INF/MANIFEST.MF": "a"}), Outcome.REFUSED, "program"),
        (made.locked_pdf(), Outcome.ENCRYPTED, "password"),
        (made.odt("<text:p>x</text:p>", encrypted=True), Outcome.ENCRYPTED, "encrypted"),
        (made.doc("secret", flags=0x0100), Outcome.ENCRYPTED, "password"),
        (
            made.container({"EncryptedPackage": bytes(4096)}),
            Outcome.ENCRYPTED,
            "password",
        ),
        (made.container({"Workbook": bytes(4096)}), Outcome.REFUSED, "old_office"),
        (made.doc("x")[:2000], Outcome.BROKEN, None),
        (b"%PDF-1.7\n" + bytes(500), Outcome.BROKEN, "format"),
        (made.raw_pdf([CATALOG, b"<</Type/Pages/Count 1/Kids[2 0 R]>>"]), Outcome.BROKEN, None),
        (made.docx(made.paragraph("x"))[:-200], Outcome.BROKEN, "archive"),
        (with_part("../../evil.xml", "<a/>"), Outcome.BROKEN, "damaged"),
        (with_part("WORD/document.xml", "<a/>"), Outcome.BROKEN, "damaged"),
        (with_part("word/media/a.bin", bytes(20_000_000)), Outcome.REFUSED, "bomb"),
        (made.docx("&b;", head=LAUGHS), Outcome.REFUSED, "entities"),
        (made.docx("&a;", head=OUTSIDE), Outcome.REFUSED, "entities"),
        (made.docx("<w:p>"), Outcome.BROKEN, "xml"),
        (made.docx("<w:p>" * 3_000 + "</w:p>" * 3_000), Outcome.TOO_HARD, "nested"),
        (made.epub(["<p>x</p>"], path="../../etc/book.opf"), Outcome.BROKEN, "damaged"),
        (b"{\\rtf1 " + b"{" * 5_000 + b"x", Outcome.TOO_HARD, "nested"),
        (made.docx(""), Outcome.NO_TEXT, "empty"),
        (b" \n ", Outcome.NO_TEXT, "empty"),
    ],
)
def test_each_gets_its_outcome(
    reading: Reader, data: bytes, outcome: Outcome, reason: str | None
) -> None:
    found = reading(data, "docx")
    assert found.outcome is outcome
    assert reason in {None, found.reason}
    assert found.pages == ()
    assert found.characters == 0


def test_ten_thousand_pages_are_too_many_and_five_thousand_are_read(reading: Reader) -> None:
    def pages(count: int) -> bytes:
        kids = b" ".join([b"3 0 R"] * count)
        tree = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
        return made.raw_pdf([CATALOG, tree, PAGE])

    many = reading(pages(10_000), "pdf")
    assert (many.outcome, many.reason) == (Outcome.TOO_HARD, "pages")
    assert len(reading(pages(5_000), "pdf").pages) == 5_000


def test_a_page_tree_in_a_circle_or_with_a_wrong_count_ends(reading: Reader) -> None:
    circle = made.raw_pdf(
        [CATALOG, b"<</Type/Pages/Count 3/Kids[3 0 R 4 0 R]>>", PAGE, b"<</Kids[2 0 R]/Count 1>>"]
    )
    assert reading(circle, "pdf").outcome in {Outcome.NO_TEXT, Outcome.BROKEN}
    wrong = made.pdf(["one"]).replace(b"/Count 1", b"/Count 9")
    assert reading(wrong, "pdf").pages[0].text == "one"


def test_a_cut_pdf_is_read_as_far_as_it_goes_or_broken(reading: Reader) -> None:
    whole = made.pdf(["one", "two", "three"])
    for part in (0.2, 0.5, 0.8, 0.97):
        found = reading(whole[: int(len(whole) * part)], "pdf")
        assert found.outcome in {Outcome.READ, Outcome.NO_TEXT, Outcome.BROKEN}


def test_too_much_text_is_given_up(reading: Reader) -> None:
    few = dataclasses.replace(LIMITS, characters=1_000)
    assert reading(made.pdf(["word " * 100] * 20), "pdf", few).reason == "characters"
    assert reading(made.docx(made.paragraph("word " * 1_000)), "docx", few).reason == "characters"
    assert reading(b"<html><p>" + b"word " * 1_000, "html", few).reason == "characters"
    assert reading(b"word " * 1_000, "txt", few).reason == "characters"
    small = dataclasses.replace(LIMITS, file_bytes=1_000)
    assert reading(b"word " * 1_000, "txt", small).reason == "size"


def test_a_stream_that_unpacks_without_end_costs_only_itself(reading: Reader) -> None:
    bomb = zlib.compress(bytes(300_000_000), 9)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(bomb), bomb)
    data = made.raw_pdf([CATALOG, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, stream])
    limits = dataclasses.replace(LIMITS, cpu_seconds=3)
    assert reading(data, "pdf", limits).outcome in {
        Outcome.NO_TEXT,
        Outcome.TOO_HARD,
        Outcome.BROKEN,
    }
    assert reading(made.pdf(["next"]), "pdf").pages[0].text == "next"


def test_out_of_time_or_room_is_too_hard(reading: Reader) -> None:
    slow = dataclasses.replace(LIMITS, wall_seconds=0.0)
    assert reading(made.pdf(["x"]), "pdf", slow).outcome is Outcome.TOO_HARD
    full = dataclasses.replace(LIMITS, output_bytes=10)
    assert reading(made.pdf(["x"]), "pdf", full).reason == "too_much"


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    assert read(pipe, "txt").reason == "no_file"
    assert read(tmp_path, "txt").reason == "no_file"
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "gone.pdf", "pdf")


def test_no_entity_of_html_and_no_file_of_a_page_is_loaded(reading: Reader) -> None:
    with tempfile.NamedTemporaryFile(suffix=".txt") as secret:
        secret.write(b"secret")
        secret.flush()
        page = f'<!doctype html><iframe src="file://{secret.name}">x</iframe><object data="'
        found = reading(f'{page}{secret.name}"></object><p>shown</p>'.encode(), "html")
    assert found.pages[0].text == "shown"


def test_a_page_nested_without_end_is_read(reading: Reader) -> None:
    found = reading(b"<html><body>" + b"<div>" * 15_000 + b"deep", "html")
    assert (found.kind, found.outcome) == (Kind.HTML, Outcome.READ)


def test_titles_and_authors_cannot_turn_or_fill_a_page(reading: Reader) -> None:
    turned = "\u202egnp.exe\u202c \x07Labour\u200f code\n\n"
    core = made.CORE.format(
        title=turned.replace("\x07", ""), author="A" * 100_000, created="2020-13-45"
    )
    more = {"docProps/core.xml": core}
    found = reading(made.docx(made.paragraph("x" * SAMPLE), more=more), "docx")
    assert found.title == "gnp.exe Labour code"
    assert len(found.authors[0]) <= 120
    assert found.created == ""
