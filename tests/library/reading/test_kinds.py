"""Each kind of document gives its text, in order, with what it says of itself."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from policytrack.library.reading import Kind, Origin, Outcome, Unit, read
from tests.library.reading import made
from tests.library.reading.conftest import Reader

ENGLISH = "The worker shall be paid in full and on time, and the employer keeps a record of it."
ARABIC = "يلتزم صاحب العمل بدفع الأجور في مواعيد استحقاقها، وفقًا لأحكام هذا القانون."
THAI = "นายจ้างต้องจ่ายค่าจ้างให้แก่ลูกจ้างตามกำหนดเวลา"


def test_a_pdf_gives_its_pages(reading: Reader) -> None:
    data = made.pdf(
        [f"{ENGLISH}\nSecond line.", "Article 2"],
        said={"Title": "Labour Act", "Author": "Ministry", "CreationDate": "D:20210305120000"},
    )
    found = reading(data, "pdf")
    assert (found.outcome, found.kind, found.unit) == (Outcome.READ, Kind.PDF, Unit.PAGE)
    assert found.paged
    assert [page.text for page in found.pages] == [f"{ENGLISH}\nSecond line.", "Article 2"]
    assert [page.number for page in found.pages] == [1, 2]
    assert found.language == "en"
    assert (found.title, found.authors, found.created) == (
        "Labour Act",
        ("Ministry",),
        "2021-03-05",
    )
    assert found.characters == sum(len(page.text) for page in found.pages)


def test_a_page_that_is_a_picture_is_told_and_an_empty_one_is_not(reading: Reader) -> None:
    found = reading(made.picture_pdf(), "pdf")
    assert (found.outcome, found.reason, found.pictures) == (Outcome.NO_TEXT, "pictures", (1,))
    assert found.pages[0].origin is Origin.NONE
    blank = reading(made.pdf([ENGLISH, ""]), "pdf")
    assert blank.pages[1].origin is Origin.LAYER
    assert blank.pictures == ()


def test_a_path_is_read_as_a_descriptor_is(tmp_path: Path) -> None:
    path = tmp_path / "law.txt"
    path.write_text(ARABIC, encoding="utf-8")
    found = read(path, "txt")
    assert (found.pages[0].text, found.language) == (ARABIC, "ar")


def test_a_word_document_says_what_it_says_now(reading: Reader) -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{made.paragraph(cell)}</w:tc>" for cell in "ab") + "</w:tr>"
    body = (
        made.paragraph("Labour code", style="Heading1")
        + made.paragraph(ENGLISH)
        + "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>stays"
        "</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        + f"<w:tbl>{row}</w:tbl>"
        + '<w:p><w:r><w:t>before</w:t><w:br w:type="page"/><w:t>after</w:t></w:r></w:p>'
    )
    core = made.CORE.format(
        title="Microsoft Word - final.doc", author="Sita", created="2020-02-29T10:00:00Z"
    )
    found = reading(made.docx(body, more={"docProps/core.xml": core}), "docx")
    assert [page.text for page in found.pages] == [
        f"Labour code\n\n{ENGLISH}\n\nstays\n\na | b\n\nbefore",
        "after",
    ]
    assert (found.unit, found.paged, found.language) == (Unit.PART, False, "en")
    assert (found.title, found.authors, found.created) == ("", ("Sita",), "2020-02-29")


def test_notes_of_a_word_document_stand_at_its_end(reading: Reader) -> None:
    body = '<w:p><w:r><w:t>Text</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = (
        f'<w:footnotes {made.W}><w:footnote w:type="separator" w:id="0">'
        f'{made.paragraph("line")}</w:footnote><w:footnote w:id="2">'
        f"{made.paragraph('A note')}</w:footnote></w:footnotes>"
    )
    more = {
        "word/_rels/document.xml.rels": made.relations(("n", "footnotes", "footnotes.xml")),
        "word/footnotes.xml": notes,
    }
    assert reading(made.docx(body, more=more)).pages[0].text == "Text[2]\n\nA note"


def test_numbers_that_word_counts_by_itself_stand_before_their_paragraphs(reading: Reader) -> None:
    def level(place: int, form: str, text: str) -> str:
        return (
            f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
        )

    levels = (
        level(0, "decimal", "Article %1."),
        level(1, "lowerLetter", "(%2)"),
        level(2, "lowerRoman", "%1.%2.%3"),
        level(3, "bullet", "\uf0b7"),
    )
    numbering = (
        f'<w:numbering {made.W}><w:abstractNum w:abstractNumId="4">{"".join(levels)}'
        '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="4"/></w:num>'
        '<w:num w:numId="8"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="9"/></w:lvlOverride></w:num></w:numbering>'
    )
    styles = (
        f'<w:styles {made.W}><w:style w:styleId="Law"><w:pPr><w:numPr><w:numId w:val="7"/>'
        '</w:numPr></w:pPr></w:style><w:style w:styleId="Clause"><w:basedOn w:val="Law"/><w:pPr>'
        '<w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
    )

    def listed(text: str, number: int, place: int) -> str:
        return (
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{number}"/></w:numPr>'
            f"</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )

    body = (
        made.paragraph("Wages", style="Law")
        + made.paragraph("paid", style="Clause")
        + made.paragraph("in full", style="Clause")
        + listed("on time", 7, 2)
        + listed("always", 7, 3)
        + listed("Hours", 7, 0)
        + listed("of work", 7, 1)
        + listed("Annex", 8, 0)
        + made.paragraph("plain")
    )
    more = {
        "word/_rels/document.xml.rels": made.relations(
            ("n", "numbering", "numbering.xml"), ("s", "styles", "styles.xml")
        ),
        "word/numbering.xml": numbering,
        "word/styles.xml": styles,
    }
    assert reading(made.docx(body, more=more)).pages[0].text.split("\n\n") == [
        "Article 1. Wages",
        "(a) paid",
        "(b) in full",
        "1.b.i on time",
        "• always",
        "Article 2. Hours",
        "(a) of work",
        "Article 9. Annex",
        "plain",
    ]


@pytest.mark.parametrize("encoding", ["utf-16-le", "cp1252"])
def test_an_old_word_document(reading: Reader, encoding: str) -> None:
    text = f"Labour code\r{ENGLISH}\rfirst\x07second\x07\x07\x13 PAGE \x14seven\x15\x0cnext\r"
    found = reading(made.doc(text, encoding=encoding), "doc")
    assert found.kind is Kind.DOC
    assert [page.text for page in found.pages] == [
        f"Labour code\n\n{ENGLISH}\n\nfirst | second\n\nseven",
        "next",
    ]


def test_an_old_word_document_in_arabic(reading: Reader) -> None:
    found = reading(made.doc(f"{ARABIC}\r"), "doc")
    assert (found.pages[0].text, found.language) == (ARABIC, "ar")


def test_an_opendocument_text(reading: Reader) -> None:
    body = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        '<text:h>Labour code</text:h><text:p>one<text:s text:c="3"/>two<text:tab/>three</text:p>'
        "<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>"
        '<text:p text:style-name="P1">next page</text:p>'
    )
    styles = (
        '<style:style style:name="P1"><style:paragraph-properties fo:break-before="page"/>'
        "</style:style>"
    )
    found = reading(made.odt(body, styles=styles), "odt")
    assert [page.text for page in found.pages] == [
        "Labour code\n\none two three\n\na | b",
        "next page",
    ]
    assert found.title == "Labour code"


def test_rich_text_in_the_encoding_of_each_font(reading: Reader) -> None:
    arabic = "".join(f"\\'{byte:02x}" for byte in "القانون".encode("cp1256"))
    data = (
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset178 Arial;}}"
        r"{\info{\title Labour code}{\author Sita}{\creatim\yr2019\mo5\dy4}}"
        r"{\*\generator Writer}{\header head}caf\'e9 \u8364? {\v hidden}{\deleted gone}{\f1 "
        + arabic
        + r"}\par {\pict 0102ffee}\trowd\intbl a\cell b\cell\row\pard\page last\par}"
    )
    found = reading(data.encode("latin-1"), "rtf")
    assert [page.text for page in found.pages] == ["café € القانون\n\na | b", "last"]
    assert (found.title, found.authors, found.created) == ("Labour code", ("Sita",), "2019-05-04")


def test_a_page_of_the_web_without_what_is_not_read(reading: Reader) -> None:
    page = (
        '<!doctype html><html lang="en"><head><title>Wages</title><meta name="author"'
        ' content="Ministry"><style>p{}</style></head><body><nav>menu</nav><h1>Wages</h1>'
        f"<script>alert(1)</script><p>{ENGLISH}<br>Second <b>line</b></p><p hidden>secret</p>"
        '<img src="http://example.invalid/x.png"><ul><li>one<li>two</ul>'
        "<table><tr><td>a<td>b</table></body></html>"
    )
    found = reading(page.encode(), "html")
    assert found.pages[0].text == f"Wages\n\n{ENGLISH}\nSecond line\n\none\n\ntwo\n\na | b"
    assert (found.title, found.authors) == ("Wages", ("Ministry",))


def test_markdown_without_its_marks(reading: Reader) -> None:
    text = (
        "---\ntitle: Labour law\ndate: 2018-01-31\n---\n# Labour law\n\nThe *worker* has "
        "[rights](http://x.example).\n\n- one\n- two\n\n1. first\n\n| a | b |\n|---|---|\n"
        "| c | d |\n\n<div>block</div>\n"
    )
    found = reading(text.encode(), "md")
    assert found.kind is Kind.MARKDOWN
    assert found.pages[0].text == (
        "Labour law\n\nThe worker has rights.\n\n- one\n\n- two\n\n1. first\n\na | b\n\nc | d\n\n"
        "block"
    )
    assert (found.title, found.created) == ("Labour law", "2018-01-31")


def test_slides_in_the_order_in_which_they_are_shown(reading: Reader) -> None:
    found = reading(made.pptx(["first", "second", "third"], order=[2, 0, 1]), "pptx")
    assert [page.text for page in found.pages] == ["third", "first", "second"]
    assert (found.unit, found.paged) == (Unit.SLIDE, True)


def test_sheets_of_a_workbook(reading: Reader) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Fees"
    for row in ([1, None, 2.50], ["a", "b", None], [None, None, None]):
        book.active.append(row)
    book.create_sheet("Empty")
    hidden = book.create_sheet("Hidden")
    hidden["A1"] = "secret"
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    found = reading(out.getvalue(), "xlsx")
    assert [page.text for page in found.pages] == ["Fees\n1 | 2.5\na | b"]
    assert found.unit is Unit.SHEET


def test_chapters_of_a_book(reading: Reader) -> None:
    found = reading(made.epub(["<p>one</p>", "<h1>Two</h1><p>two</p>"]), "epub")
    assert [page.text for page in found.pages] == ["one", "Two\n\ntwo"]
    assert (found.unit, found.title, found.created) == (
        Unit.CHAPTER,
        "A guide for workers",
        "2019-03-02",
    )


def test_plain_text_by_form_feeds_or_in_parts(reading: Reader) -> None:
    assert [page.text for page in reading(b"one\ftwo\n\f").pages] == ["one", "two"]
    many = reading("\n\n".join([ENGLISH] * 200).encode(), "txt")
    assert len(many.pages) > 2
    assert all(2_500 < len(page.text) < 6_000 for page in many.pages[:-1])
    assert "\n\n".join(page.text for page in many.pages) == "\n\n".join([ENGLISH] * 200)


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        (ARABIC, "cp1256", "ar"),
        (THAI, "cp874", "th"),
        ("L’employé a droit à un congé payé, qui est à la charge de l’employeur.", "cp1252", "fr"),
        (ENGLISH, "utf-16", "en"),
        (ENGLISH, "utf-16-le", "en"),
        (ENGLISH, "utf-16-be", "en"),
        (ARABIC, "utf-16-le", "ar"),
        (ENGLISH, "cp500", "en"),
        (ARABIC, "utf-8-sig", "ar"),
    ],
)
def test_legacy_encodings_are_recognised(
    reading: Reader, text: str, encoding: str, language: str
) -> None:
    found = reading(f"{text}\n\n{text}".encode(encoding), "txt")
    assert (found.outcome, found.pages[0].text) == (Outcome.READ, f"{text}\n\n{text}")
    assert found.language == language


def test_the_kind_is_found_in_the_content_whatever_the_name(reading: Reader) -> None:
    assert reading(made.pdf([ENGLISH]), "docx").kind is Kind.PDF
    assert reading(b"# One\n\ntext\n\n# Two\n").kind is Kind.MARKDOWN
    assert reading(b"# One\n\ntext\n\n# Two\n", "txt").kind is Kind.TEXT
    assert reading(made.docx(made.paragraph("x")), "pdf").kind is Kind.DOCX


def test_the_language_of_each_page_is_told(reading: Reader) -> None:
    found = reading(f"{ENGLISH}\f{ARABIC}\f{THAI}\f1 2 3\f{ENGLISH}".encode())
    assert [page.language for page in found.pages] == ["en", "ar", "th", "", "en"]
    assert found.language == "en"
