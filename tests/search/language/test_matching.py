"""Words that are asked for are found in a text as taking all of it apart would find them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.search.language import analysis, matching

WRITTEN = (
    *("recruitment", "Fees,", "fees.", "(recruiting)", "l'emploi", "d'embauche", "perekrutan"),
    *("merekrut", "العمالة", "للعمال", "travailleuses", "1,000", "e-mail", "U.S.", "\u00c9cole"),
    *(
        "ecole",
        "kerja",
        "pekerja",
        "ค่าจ้าง",
        "कामगार",
        "dying",
        "Happiness",
        "happily",
        "fee\u00a0paid",
    ),
    *(
        "\u0130stanbul",
        "中文recruitment",
        "fees/charges",
        "O'Brien's",
        "pré-embauche",
        "RECRUITMENT;",
    ),
    *("_fees_", "recruit\tfees", "fees\nrecruits", "Gebühren", "generous", "naïve", "(2,500)"),
    *("l’école", "d’œuvre", "«\xa0recrutement\xa0»", "actrices", "sécurités", "fees…", "–recruit"),
    *("النساء", "وأُجراء", "الأجراء", "العُمّال", "للعمال", "١٢", "٢٬٣١٢", "pemukulan", "memukul"),
    *("श्रमिकों", "क़ानून", "प्रवासी", "dying", "prudemment", "O’Brien", "ﬁnance", "ecole\u200d"),
)
ASKED = (
    "fee",
    "recruit",
    "rekrut",
    "emploi",
    "عامل",
    "ecole",
    "1000",
    "kerja",
    "จ้าง",
    "mail",
    "die",
    "happy",
    "istanbul",
    "brien",
    "embauche",
    "2500",
    "naive",
    "Gebühr",
    "generously",
    "oeuvre",
    "œuvre",
    "securite",
    "sécurité",
    "acteur",
    "prudent",
    "نساء",
    "أجراء",
    "pukul",
    "श्रमिक",
    "कानून",
    "१२",
    "12",
    "finance",
    "o'brien",
)


LANGUAGES = ("en", "fr", "id", "ar", "th", "hi", "tr", "de", "nl", "es", "fa", "und")
KNOWN = ("en", "fr", "id", "hi", "tr", "de", "nl", "es")


def agrees(text: str, typed: str, language: str) -> bool:
    """Tell whether what is found is what all words have."""
    asked = analysis.asked(typed, KNOWN)
    forms = frozenset(form for word in asked for form in word.forms)
    return matching.words(text, language, forms) == [
        (word.start, word.end, forms.intersection(word.forms))
        for word in analysis.words(text, language)
        if not forms.isdisjoint(word.forms)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_matches_is_found(language: str) -> None:
    for typed in ASKED:
        for text in (*WRITTEN, " ".join(WRITTEN), " ".join(filter(str.isascii, WRITTEN))):
            assert agrees(text, typed, language), (text, typed)


@given(
    words=st.lists(st.sampled_from(WRITTEN), max_size=12),
    typed=st.sampled_from(ASKED),
    language=st.sampled_from(LANGUAGES),
)
def test_what_matches_is_what_words_have(words: list[str], typed: str, language: str) -> None:
    assert agrees(" ".join(words), typed, language)
