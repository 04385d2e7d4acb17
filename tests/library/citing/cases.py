"""Documents to cite: one of each kind, in several scripts, with and without each part."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date

from policytrack.library.citing import Citable, Organisation, Person, csl_json
from policytrack.library.rules import Type

TODAY = date(2026, 11, 21)
ADDRESS = "https://policytrack.example.org/library/k3v9qmt2ab"

FATIMA = Person("Al-Hassan", "Fatima Noor")
SUKARNO = Person("Sukarno")
RAHMAN = Person("Rahman", "Md. Abdul")
ILO = Organisation("International Labour Organization")
WOMEN = Organisation("UN Women")

REPORT = Citable(
    key="k3v9qmt2ab",
    kind=Type.EVALUATION,
    title="Safe and fair: an evaluation of work for women migrants",
    url=ADDRESS,
    title_language="en",
    authors=(FATIMA,),
    issued="2020-03-01",
    publisher="Ministry of Labour",
    place="Kathmandu",
    number="7",
    container="Working papers",
    isbn="978-92-2-030000-1",
    language="en",
)
PLAIN = replace(REPORT, kind=Type.RESEARCH, number="", container="", isbn="")
LAW = Citable(
    key="q7",
    kind=Type.LAW,
    title="Foreign employment act",
    url=ADDRESS,
    title_language="en",
    issued="2007-09-05",
    number="18 of 2007",
    container="Nepal Gazette",
    language="en",
)
AGREEMENT = Citable(
    key="a1",
    kind=Type.AGREEMENT,
    title="Memorandum of understanding on the employment of workers",
    url=ADDRESS,
    title_language="en",
    authors=(Organisation("Nepal"), Organisation("Qatar")),
    issued="2016-12-09",
    language="en",
)
STATEMENT = replace(
    PLAIN, kind=Type.STATEMENT, title="What do workers want?", authors=(Organisation("ITUC"),)
)
ARABIC = replace(
    PLAIN,
    title="دراسة: حول العمال المهاجرين",
    title_language="ar",
    language="ar",
    authors=(Person("الحسن", "فاطمة"), Person("علي", "أحمد")),
    publisher="منظمة العمل الدولية",
)
INDONESIAN = replace(
    LAW,
    title="Undang-Undang tentang Pelindungan Pekerja Migran Indonesia",
    title_language="id",
    language="id",
    number="18 Tahun 2017",
    container="",
    genre="Undang-Undang",
)
MANY = tuple(Person(f"Name{letter}", f"Given{letter}") for letter in "ABCDEFGHIJKLMNOPQRSTUVW")

CASES = {
    "report": REPORT,
    "report-plain": PLAIN,
    "report-pages": replace(PLAIN, pages="12"),
    "report-range": replace(REPORT, pages="12-14"),
    "report-month": replace(PLAIN, issued="2020-03"),
    "report-year": replace(PLAIN, issued="2020"),
    "report-undated": replace(PLAIN, issued=""),
    "report-no-author": replace(REPORT, authors=()),
    "report-nothing": replace(PLAIN, authors=(), publisher="", issued=""),
    "report-doi": replace(PLAIN, doi="10.1000/xyz.12"),
    "report-not-numeric": replace(REPORT, number="WP 18 of 2017"),
    "report-slash": replace(REPORT, number="51/2023"),
    "report-organisations": replace(PLAIN, authors=(ILO, WOMEN)),
    "report-two": replace(PLAIN, authors=(FATIMA, Person("Hatta", "Mohammad"))),
    "report-three": replace(PLAIN, authors=(FATIMA, RAHMAN, ILO)),
    "report-one-name": replace(PLAIN, authors=(SUKARNO,)),
    "report-seven": replace(PLAIN, authors=MANY[:7]),
    "report-twenty": replace(PLAIN, authors=MANY[:20]),
    "report-many": replace(PLAIN, authors=MANY),
    "report-hyphen": replace(PLAIN, authors=(Person("Diop", "Jean-Pierre Marie"),)),
    "report-bin": replace(PLAIN, authors=(Person("Said", "Ahmad bin"),)),
    "report-bengali": replace(PLAIN, authors=(Person("রহমান", "আব্দুল করিম"),)),
    "report-policy": replace(PLAIN, kind=Type.POLICY),
    "report-response": replace(PLAIN, kind=Type.RESPONSE),
    "report-meeting": replace(PLAIN, kind=Type.MEETING, container="Sixteenth meeting"),
    "statement": STATEMENT,
    "statement-no-author": replace(STATEMENT, authors=()),
    "statement-undated": replace(STATEMENT, issued=""),
    "statement-month": replace(STATEMENT, issued="2016-12"),
    "practice": replace(PLAIN, kind=Type.PRACTICE, container="Practices of the region"),
    "contract": replace(REPORT, kind=Type.CONTRACT, pages="3"),
    "report-arabic": ARABIC,
    "law": LAW,
    "law-no-number": replace(LAW, number=""),
    "law-bare": replace(LAW, number="", container="", issued=""),
    "law-indonesian": INDONESIAN,
    "law-arabic": replace(
        LAW, title="قانون العمل", title_language="ar", language="ar", number="14/2004", container=""
    ),
    "agreement": AGREEMENT,
    "agreement-series": replace(AGREEMENT, container="Treaty Series", number="54113"),
    "agreement-month": replace(AGREEMENT, issued="2016-12"),
    "agreement-undated": replace(AGREEMENT, issued="", authors=()),
    "french": replace(
        PLAIN, title="Étude sur les travailleuses", title_language="fr", language="fr"
    ),
}

if __name__ == "__main__":
    # The items that `render.cjs` gives to citeproc-js.
    json.dump({name: csl_json([case], TODAY)[0] for name, case in CASES.items()}, sys.stdout)
