"""Reference managers get back what went in, whatever it says."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares
from hypothesis import given
from hypothesis import strategies as st

from policytrack.library.citing import Citable, Organisation, Person, bibtex, csl_json, ris
from policytrack.library.citing.kinds import LEGAL, NAMES
from policytrack.library.rules import Type

from .cases import ARABIC, CASES, LAW, REPORT, TODAY

FULL = replace(
    REPORT,
    doi="10.1000/a_b%c",
    source_url="https://example.org/a_b?x=1&y=%20",
    translated_title="Une évaluation",
    translation_of="দলিল",
    pages="12-14",
    authors=(
        Person("Al-Hassan", "Fatima"),
        Organisation("Ministry of Labour, Employment and Social Security"),
        Person("Sukarno"),
        Person("bin Said", "Ahmad"),
    ),
)


def read_bibtex(text: str) -> list[Mapping[str, Any]]:
    """Return the entries as a program shows them, with the commands of TeX carried out."""
    # pylatexenc knows these two by another name only.
    known = text.replace("\\textbrace", "\\brace").replace("\\braceleft", "\\lbrace")
    library = bibtexparser.parse_string(
        known.replace("\\braceright", "\\rbrace"),
        append_middleware=[
            middlewares.SeparateCoAuthors(),
            middlewares.SplitNameParts(),
            middlewares.LatexDecodingMiddleware(),
        ],
    )
    assert library.failed_blocks == []
    assert library.comments == library.strings == library.preambles == []
    return [
        {"@": entry.entry_type, "key": entry.key}
        | {field.key: field.value for field in entry.fields}
        for entry in library.entries
    ]


def bare(text: str) -> str:
    """Return text without the braces that kept it together."""
    return text.removeprefix("{").removesuffix("}")


def names(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name in entry.get("author", []):
        before, last = " ".join(name.von), " ".join(name.last)
        assert not name.jr
        found.append((bare(f"{before} {last}".strip()), bare(" ".join(name.first))))
    return found


def expected_names(document: Citable) -> list[tuple[str, str]]:
    return [
        (author.family, author.given) if isinstance(author, Person) else (author.name, "")
        for author in document.authors
    ]


def test_bibtex_gives_back_every_field() -> None:
    (entry,) = read_bibtex(bibtex([FULL]))
    assert entry["@"] == "techreport"
    assert entry["key"] == FULL.key
    assert names(entry) == expected_names(FULL)
    assert entry["title"] == FULL.title
    assert (entry["year"], entry["month"], entry["date"]) == ("2020", "mar", FULL.issued)
    assert (entry["institution"], entry["address"]) == (FULL.publisher, FULL.place)
    assert (entry["type"], entry["number"], entry["series"]) == (
        "Evaluation report",
        FULL.number,
        FULL.container,
    )
    assert entry["pages"].replace("–", "--") == "12--14"
    assert (entry["isbn"], entry["url"], entry["language"]) == (FULL.isbn, FULL.url, "en")
    assert (entry["titleaddon"], entry["origtitle"]) == (FULL.translated_title, FULL.translation_of)
    # Addresses are not TeX: packages print them as they are.
    assert "  doi = {10.1000/a_b%c},\n" in bibtex([FULL])
    assert r"  note = {Source: \url{https://example.org/a_b?x=1&y=%20}}," in bibtex([FULL])


def test_bibtex_keeps_capitals_of_titles_that_are_not_english() -> None:
    assert f"  title = {{{REPORT.title}}},\n" in bibtex([REPORT])
    assert f"  title = {{{{{ARABIC.title}}}}},\n" in bibtex([ARABIC])


def test_bibtex_of_a_law_prints_its_number_in_styles_that_know_no_laws() -> None:
    (entry,) = read_bibtex(bibtex([LAW]))
    assert (entry["@"], entry["howpublished"]) == ("misc", "Law 18 of 2007")
    assert entry["number"] == "18 of 2007"


def test_a_file_of_many_has_them_all_under_keys_of_their_own() -> None:
    documents = [*CASES.values(), REPORT, replace(REPORT, key=REPORT.key.upper())]
    for entries in (
        [entry["key"] for entry in read_bibtex(bibtex(documents))],
        [entry["id"] for entry in rispy.loads(ris(documents))],
        [entry["id"] for entry in csl_json(documents)],
    ):
        assert len(entries) == len(documents)
        assert len({key.lower() for key in entries}) == len(documents)


def test_ris_gives_back_every_field() -> None:
    (entry,) = rispy.loads(ris([FULL]), newline="\r\n")
    assert entry == {
        "type_of_reference": "RPRT",
        "id": FULL.key,
        "title": FULL.title,
        "translated_title": FULL.translated_title,
        # Of a comma in the name of an organisation, programs would make a given name.
        "authors": [
            "Al-Hassan, Fatima",
            "Ministry of Labour Employment and Social Security",
            "Sukarno",
            "bin Said, Ahmad",
        ],
        "year": "2020",
        "date": "2020/03/01/",
        "secondary_title": FULL.container,
        "issn": FULL.number,
        "type_of_work": "Evaluation report",
        "publisher": FULL.publisher,
        "place_published": FULL.place,
        "start_page": "12",
        "end_page": "14",
        "doi": FULL.doi,
        "urls": [FULL.url],
        "language": "en",
        "original_publication": FULL.translation_of,
        "notes": [f"ISBN {FULL.isbn}", f"Source: {FULL.source_url}"],
    }


def test_ris_of_a_law_says_number_and_country_where_programs_look() -> None:
    (entry,) = rispy.loads(ris([replace(LAW, jurisdiction="Nepal", issued="2007-09")]))
    assert entry["type_of_reference"] == "STAT"
    assert (entry["note"], entry["place_published"]) == (LAW.number, "Nepal")
    assert entry["date"] == "2007/09//"


def test_csl_json_gives_back_every_field() -> None:
    (item,) = json.loads(json.dumps(csl_json([FULL], TODAY)))
    assert item == {
        "id": FULL.key,
        "type": "report",
        "title": FULL.title,
        "author": [
            {"family": "Al-Hassan", "given": "Fatima"},
            {"literal": "Ministry of Labour, Employment and Social Security"},
            {"family": "Sukarno"},
            {"family": "bin Said", "given": "Ahmad"},
        ],
        "issued": {"date-parts": [[2020, 3, 1]]},
        "accessed": {"date-parts": [[2026, 11, 21]]},
        "publisher": FULL.publisher,
        "publisher-place": FULL.place,
        "genre": "Evaluation report",
        "number": "7",
        "collection-title": FULL.container,
        "page": "12-14",
        "ISBN": FULL.isbn,
        "DOI": FULL.doi,
        "URL": FULL.url,
        "language": "en",
        "original-title": FULL.translation_of,
        "note": f"Translated title: Une évaluation\nSource: {FULL.source_url}",
    }


@pytest.mark.parametrize("kind", Type)
def test_every_kind_has_its_type_in_every_format(kind: Type) -> None:
    document = replace(REPORT, kind=kind)
    csl, tex, tag = NAMES[kind].csl, NAMES[kind].bibtex, NAMES[kind].ris
    assert csl_json([document])[0]["type"] == csl
    assert read_bibtex(bibtex([document]))[0]["@"] == tex
    assert rispy.loads(ris([document]))[0]["type_of_reference"] == tag
    assert (csl in {"legislation", "treaty"}) == (kind in LEGAL) == (tag == "STAT")


# Letters of any script, and what means something to one of the formats.
hostile = st.text(
    st.one_of(
        st.sampled_from("{}\\\"'#$%&_~^@,;=-`<>?!\n\r\t\x00\x0b\x85\u2028\u202e\u2066 aZ"),
        st.characters(codec="utf-8"),
    ),
    max_size=60,
) | st.sampled_from(
    [
        "x},\n@misc{evil, title={pwned}}",
        "TY  - JOUR\r\nER  - \r\nTY  - RPRT",
        "\nER  - ",
        "and others",
        "A and B, Jr., C",
        "}" * 40,
        "{" * 40,
        "\\input{/etc/passwd}",
        "@article{x,",
        "%\\write18",
        "قانون " * 500,
    ]
)
documents = st.builds(
    Citable,
    key=hostile,
    kind=st.sampled_from(Type),
    title=hostile,
    url=st.just(REPORT.url) | hostile.map("https://example.org/".__add__),
    title_language=st.sampled_from(["", "en", "ar"]),
    authors=st.lists(
        st.builds(Person, hostile, hostile) | st.builds(Organisation, hostile), max_size=3
    ).map(tuple),
    issued=st.sampled_from(["", "2016", "2016-12", "2016-12-09"]),
    publisher=hostile,
    place=hostile,
    jurisdiction=hostile,
    number=hostile,
    genre=hostile,
    container=hostile,
    source_url=hostile.map("https://example.org/".__add__),
    translated_title=hostile,
    pages=hostile,
)


@given(st.lists(documents, min_size=1, max_size=3))
def test_nothing_breaks_out_of_bibtex(given_documents: list[Citable]) -> None:
    text = bibtex(given_documents)
    assert text.encode("utf-8").decode("utf-8") == text
    entries = read_bibtex(text)
    assert len(entries) == len(given_documents)
    for entry, document in zip(entries, given_documents, strict=True):
        assert entry["@"] == NAMES[document.kind].bibtex
        assert same(bare(entry["title"]), document.title) or same(entry["title"], document.title)
        assert same(entry.get("series", ""), document.container)
        assert same(entry.get("address", ""), document.place)
        assert len(entry.get("author", [])) == len(document.authors)


def same(one: str, other: str) -> bool:
    """Tell whether texts are the same but for spaces, which TeX runs together."""
    return _spaced(one) == _spaced(other)


def _spaced(text: str) -> str:
    # A circumflex alone comes back as the accent of the same looks.
    return " ".join(unicodedata.normalize("NFC", text.replace("\u02c6", "^")).split())


@given(st.lists(documents, min_size=1, max_size=3))
def test_nothing_breaks_out_of_ris(given_documents: list[Citable]) -> None:
    text = ris(given_documents)
    entries = rispy.loads(text, newline="\r\n")
    assert len(entries) == len(given_documents)
    for entry, document in zip(entries, given_documents, strict=True):
        assert entry["type_of_reference"] == NAMES[document.kind].ris
        assert entry["title"] == document.title
        assert entry.get("secondary_title", "") == document.container
        assert entry.get("translated_title", "") == document.translated_title
        assert len(entry.get("authors", [])) == len(document.authors)
        assert set(entry) <= KNOWN


KNOWN = {
    "type_of_reference", "id", "title", "translated_title", "authors", "year", "date",
    "secondary_title", "issn", "note", "type_of_work", "publisher", "place_published",
    "start_page", "end_page", "urls", "language", "notes",
}  # fmt: skip


@given(documents)
def test_csl_json_is_json_with_the_same_text(document: Citable) -> None:
    (item,) = json.loads(json.dumps(csl_json([document])).encode())
    assert item["title"] == document.title
    assert item.get("publisher", "") == document.publisher
    assert all(item.values())
