"""Words that are asked for are found in a text as taking all of it apart would find them."""

from __future__ import annotations

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
)


@given(
    words=st.lists(st.sampled_from(WRITTEN), max_size=12),
    typed=st.sampled_from(ASKED),
    language=st.sampled_from(("en", "fr", "id", "ar", "th", "hi", "tr", "de", "nl", "und")),
)
def test_what_matches_is_what_words_have(words: list[str], typed: str, language: str) -> None:
    text = " ".join(words)
    asked = analysis.asked(typed, ("en", "fr", "id", "hi", "tr", "de", "nl"))
    forms = frozenset(form for word in asked for form in word.forms)
    assert matching.words(text, language, forms) == [
        (word.start, word.end, forms.intersection(word.forms))
        for word in analysis.words(text, language)
        if not forms.isdisjoint(word.forms)
    ]
