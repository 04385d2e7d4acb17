"""The head of a page says what it shows, and nothing that it says runs."""

from __future__ import annotations

import json
from dataclasses import replace

import html5lib
from hypothesis import given
from hypothesis import strategies as st

from policytrack.library.citing import Organisation, Person, highwire, json_ld, schema_org

from .cases import AGREEMENT, ARABIC, LAW, REPORT

FULL = replace(
    REPORT,
    doi="10.1000/xyz",
    source_url="https://example.org/source",
    pdf_url="https://policytrack.example.org/library/k3v9qmt2ab/file.pdf",
    translated_title="Une évaluation",
    authors=(Person("Al-Hassan", "Fatima"), Organisation("Ministry of Labour; Employment, Youth")),
)


def test_highwire_says_a_report() -> None:
    assert highwire(FULL) == [
        ("citation_title", FULL.title),
        ("citation_author", "Al-Hassan, Fatima"),
        # Zotero parts names at semicolons and commas.
        ("citation_author", "Ministry of Labour Employment Youth"),
        ("citation_publication_date", "2020/03/01"),
        ("citation_language", "en"),
        ("citation_technical_report_institution", FULL.publisher),
        ("citation_technical_report_number", "7"),
        ("citation_publisher", FULL.publisher),
        ("citation_series_title", FULL.container),
        ("citation_isbn", FULL.isbn),
        ("citation_doi", FULL.doi),
        ("citation_public_url", FULL.url),
        ("citation_abstract_html_url", FULL.url),
        ("citation_pdf_url", FULL.pdf_url),
        ("z:itemType", "report"),
    ]


def test_highwire_says_that_a_law_is_a_law() -> None:
    found = dict(highwire(replace(LAW, issued="2007")))
    assert found["z:itemType"] == "statute"
    assert found["citation_publication_date"] == "2007"
    # An institution would make it a report.
    assert "citation_technical_report_institution" not in found


def test_schema_org_says_a_report() -> None:
    assert schema_org(FULL) == {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": FULL.url,
        "url": FULL.url,
        "name": FULL.title,
        "alternateName": "Une évaluation",
        "inLanguage": "en",
        "genre": "Evaluation report",
        "author": [
            {
                "@type": "Person",
                "name": "Fatima Al-Hassan",
                "familyName": "Al-Hassan",
                "givenName": "Fatima",
            },
            {"@type": "Organization", "name": "Ministry of Labour; Employment, Youth"},
        ],
        "publisher": {"@type": "Organization", "name": FULL.publisher},
        "locationCreated": {"@type": "Place", "name": "Kathmandu"},
        "datePublished": "2020-03-01",
        "isPartOf": {"@type": "CreativeWork", "name": "Working papers"},
        "identifier": [
            {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1000/xyz"},
            {"@type": "PropertyValue", "propertyID": "ISBN", "value": FULL.isbn},
        ],
        "sameAs": FULL.source_url,
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": FULL.pdf_url,
            "encodingFormat": "application/pdf",
        },
        "reportNumber": "7",
    }


def test_schema_org_says_laws_and_agreements_in_their_own_words() -> None:
    law = schema_org(replace(LAW, jurisdiction="Nepal", genre="Act"))
    assert law["@type"] == "Legislation"
    assert law["legislationType"] == "Act"
    assert law["legislationIdentifier"] == "18 of 2007"
    assert law["legislationJurisdiction"] == "Nepal"
    assert law["legislationDate"] == "2007-09-05"
    assert schema_org(AGREEMENT)["legislationType"] == "Agreement"


@given(
    st.text() | st.sampled_from(["</script><script>alert(1)</script>", "<!--<script>", "\u2028"])
)
def test_json_ld_never_ends_its_script_and_says_the_same(text: str) -> None:
    document = replace(ARABIC, title=f"x{text}", publisher=text)
    page = html5lib.parse(f"<title>x</title>{json_ld(schema_org(document))}<p>", "dom")
    (script,) = page.getElementsByTagName("script")
    assert script.getAttribute("type") == "application/ld+json"
    found = json.loads("".join(node.data for node in script.childNodes))
    assert found["name"] == document.title
    assert found.get("publisher", {}).get("name", "") == document.publisher
    assert "\u2028" not in script.firstChild.data
