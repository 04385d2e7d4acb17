"""Words of every language are found in the forms in which people write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.search.language import analysis
from policytrack.search.language.folding import LONGEST_WORD

LANGUAGES = ("en", "fr", "ar", "hi", "id", "fa", "th")


def meets(asked: str, text: str, language: str) -> bool:
    """Tell whether each word asked for stands in the text in one of its forms."""
    held = {form for word in analysis.words(text, language) for form in word.forms}
    asked_words = analysis.asked(asked, (*LANGUAGES, language))
    return bool(asked_words) and all(held.intersection(word.forms) for word in asked_words)


@pytest.mark.parametrize(
    ("asked", "text", "language"),
    [
        # English: endings, possessives, numbers with separators.
        ("worker", "Migrant workers' rights", "en"),
        ("recruiting", "recruitment agencies recruited them", "en"),
        ("RECRUITMENT", "recruitment", "en"),
        ("1180", "Refunds reached 1,180 workers.", "en"),
        ("١١٨٠", "Refunds reached 1180 workers.", "en"),
        # French: plural and feminine, elision, accents left out.
        ("travailleur", "les travailleuses migrantes", "fr"),
        ("emploi", "la politique de l’emploi", "fr"),
        ("securite", "la sécurité sociale", "fr"),
        ("sécurité", "la SÉCURITÉ sociale", "fr"),
        # Arabic: article, clitics, hamza forms, teh marbuta, tatweel, vowel signs, endings.
        ("عمال", "حماية العمال المهاجرين", "ar"),
        ("العمال", "لِلْعُمَّالِ المهاجرين", "ar"),
        ("عاملة", "والعاملات المهاجرات", "ar"),
        ("اتفاقيه", "اتفاقية ثنائية", "ar"),
        ("حماية", "لحماية العاملات", "ar"),
        ("إتفاق", "اتفاق", "ar"),
        ("عمل", "عـــمـــل", "ar"),
        ("منزلي", "العمل المنزلي", "ar"),
        # Persian and Urdu keyboards write other letters than Arabic ones.
        ("كارگر", "حقوق کارگر", "fa"),
        ("ایرانی", "ايراني", "fa"),
        ("حقوق", "مزدوروں کے حقوق", "ur"),
        ("کے", "مزدوروں كے حقوق", "ur"),
        # Bengali and Hindi: vowel signs are letters; digits are digits.
        ("শ্রমিক", "অভিবাসী শ্রমিক", "bn"),
        ("১২৩", "123 জন", "bn"),
        ("श्रमिक", "प्रवासी श्रमिकों के अधिकार", "hi"),
        ("अधिकार", "प्रवासी श्रमिकों के अधिकार", "hi"),
        # Written without spaces: Thai, Khmer, Lao, Burmese, Chinese, Japanese.
        ("แรงงาน", "แรงงานข้ามชาติหญิงต้องได้รับการคุ้มครอง", "th"),
        ("คุ้มครอง", "แรงงานข้ามชาติหญิงต้องได้รับการคุ้มครอง", "th"),
        ("កម្មករ", "កម្មករចំណាកស្រុក", "km"),
        ("ແຮງງານ", "ແຮງງານເຄື່ອນຍ້າຍ", "lo"),
        ("ယုံကြည်", "ကိုးကွယ်ယုံကြည်", "my"),
        ("移民", "劳工移民权利保护法", "zh"),
        ("権利", "移住労働者の権利を守る", "ja"),
        # Indonesian has a stemmer; Kiswahili, Tagalog and Vietnamese are found as written.
        ("kerja", "perlindungan pekerja migran", "id"),
        ("wafanyakazi", "Haki za wafanyakazi wahamiaji", "sw"),
        ("ng'ombe", "ng’ombe", "sw"),
        ("manggagawa", "karapatan ng mga manggagawa", "tl"),
        ("lao dong", "người lao động di cư", "vi"),
        # Compatibility forms and wide letters.
        ("policy", "\uff30\uff4f\uff4c\uff49\uff43\uff59", "en"),
        ("fi", "\ufb01", "en"),
        # A language tag with a region; a text under a wrong tag is found by its script.
        ("workers", "a worker", "en-GB"),
        ("العمال", "عمال", "en"),
    ],
)
def test_what_is_asked_meets_what_is_written(asked: str, text: str, language: str) -> None:
    assert meets(asked, text, language)


@pytest.mark.parametrize(
    ("asked", "text", "language"),
    [
        ("university", "universe", "fr"),  # English alone takes these two for one word
        ("লেবানন", "লেখা", "bn"),
        ("कार", "कर", "hi"),  # a vowel sign makes another word
        ("عمل", "عمر", "ar"),
        ("worker", "works", "sw"),
    ],
)
def test_different_words_stay_apart(asked: str, text: str, language: str) -> None:
    assert not meets(asked, text, language)


def test_places_are_counted_in_characters() -> None:
    text = "😀 𐍈 word 😀 العمال"
    assert [text[word.start : word.end] for word in analysis.words(text, "en")] == [
        "𐍈",
        "word",
        "العمال",
    ]


def test_a_word_of_a_megabyte_is_bounded() -> None:
    started = time.monotonic()
    (word,) = analysis.words("x" * 1_200_000, "en")
    assert all(len(form) <= LONGEST_WORD + 3 for form in word.forms)
    assert time.monotonic() - started < 20


@given(text=st.text(st.characters(codec=None), max_size=300), language=st.text(max_size=8))
def test_no_text_is_too_strange(text: str, language: str) -> None:
    for word in [*analysis.words(text, language), *analysis.asked(text, LANGUAGES)]:
        assert 0 <= word.start < word.end <= len(text)
        assert word.forms
        assert all(form.encode() for form in word.forms)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_a_text_is_cut_between_characters(text: str) -> None:
    for at in range(len(text) + 1):
        assert 0 <= analysis.cut(text, at) <= at


def test_a_cut_keeps_a_letter_with_its_signs() -> None:
    assert analysis.cut("श्रमिकों", 1) == 0
    assert analysis.cut("abc", 2) == 2
