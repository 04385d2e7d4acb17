"""The language of a page is told from a paragraph, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.library.reading.text import said
from policytrack.library.reading.text.language import language_of

TEXTS = {
    "en": "The employer shall pay the wages of the worker in the month that follows.",
    "fr": "L’employeur est tenu de payer les salaires dans le mois qui suit la fin du travail.",
    "es": "El empleador debe pagar los salarios de los trabajadores en el mes que sigue.",
    "pt": "O empregador deve pagar os salários dos trabalhadores no mês que se segue, não mais.",
    "de": "Der Arbeitgeber hat den Lohn in dem Monat zu zahlen, der auf die Arbeit folgt.",
    "nl": "De werkgever betaalt het loon van de werknemer in de maand die volgt op het werk.",
    "id": "Pengusaha wajib membayar upah pekerja pada bulan yang berikut dan tidak dapat menunda"
    " karena hal tersebut.",
    "ms": "Majikan hendaklah membayar gaji pekerja pada bulan yang berikut dan tidak boleh menunda"
    " kerana hal itu mengenai pekerja daripada negeri lain.",
    "vi": "Người sử dụng lao động phải trả lương cho người lao động trong tháng và không chậm.",
    "ar": "على صاحب العمل أن يدفع أجور العمال في الشهر التالي.",
    "fa": "کارفرما باید مزد کارگر را در ماه بعد بپردازد و این حق برای هر کارگر است.",
    "ur": "آجر کو چاہیے کہ وہ مزدور کی اجرت اگلے مہینے میں ادا کرے اور یہ اس کا حق ہے۔",
    "hi": "नियोक्ता को श्रमिक के वेतन का भुगतान अगले महीने में करना है और यह उस का अधिकार है।",
    "th": "นายจ้างต้องจ่ายค่าจ้างให้แก่ลูกจ้างในเดือนถัดไป",
    "km": "និយោជកត្រូវបង់ប្រាក់ឈ្នួលឱ្យកម្មករនៅខែបន្ទាប់",
    "my": "အလုပ်ရှင်သည် အလုပ်သမားအား လစာပေးရမည်",
    "bn": "নিয়োগকর্তা শ্রমিকের মজুরি পরবর্তী মাসে প্রদান করবেন",
    "si": "සේවායෝජකයා සේවකයාගේ වැටුප් ඊළඟ මාසයේදී ගෙවිය යුතුය",
    "zh": "雇主应在下个月支付工人的工资并保存记录以备检查任何时候",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_a_sentence_is_enough(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "12 345 678", "Sita Example, Ravi Example, Kathmandu, Doha"])
def test_names_and_figures_have_none(text: str) -> None:
    assert language_of(text) == ""


@given(st.text())
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert language_of(text).isascii()


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Labour Act 2021", "Labour Act 2021"),
        ("Microsoft Word - Labour Act", "Labour Act"),
        ("Microsoft Word - final.doc", ""),
        ("act_final_v2.indd", ""),
        ("Untitled-1", ""),
        ("Document3", ""),
        ("PowerPoint Presentation", ""),
        (" \u202eA\u202c law\n of\x00 2020 ", "A law of 2020"),
        ("x" * 5_000, "x" * 300),
    ],
)
def test_titles_that_programs_write_are_left_out(told: str, kept: str) -> None:
    assert said.title(told) == kept


def test_authors_each_once_and_no_machines() -> None:
    names = ["Sita Example; Ravi Example", "Administrator", "user", "HP", "Sita Example", ""]
    assert said.authors(names) == ("Sita Example", "Ravi Example")


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2020-02-29T10:00:00Z", "2020-02-29"),
        ("20210305120000+03'00'", "2021-03-05"),
        ("2021-02-30", ""),
        ("1601-01-01", ""),
        ("yesterday", ""),
    ],
)
def test_days_that_exist(told: str, day: str) -> None:
    assert said.day(told) == day
