"""What a law lays down on one point: what a term may hold, and how it goes through a cell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.core import languages
from policytrack.library import terms
from policytrack.library.exchange import rows
from policytrack.library.terms import Asked, ColumnKind, Term

PAYS = Asked(ColumnKind.CHOICE, frozenset({"employer", "worker"}))
CAP = Asked(ColumnKind.AMOUNT)
DAYS = Asked(ColumnKind.NUMBER)
WORDS = Asked(ColumnKind.TEXT)


@pytest.mark.parametrize(
    ("term", "asked", "wrong"),
    [
        (Term("a"), PAYS, set()),
        (Term("a", choice="employer", article="7 (2)", page=4), PAYS, set()),
        (Term("a", choice="employer", value="also for orientation"), PAYS, set()),
        (Term("a", choice="agency"), PAYS, {"choice"}),
        (Term("a", choice="employer"), WORDS, {"choice"}),
        (Term("a", amount=Decimal(45000), currency="NPR"), CAP, set()),
        (Term("a", amount=Decimal(0), currency="NPR"), CAP, set()),
        (Term("a", value="one month’s wage"), CAP, set()),
        (Term("a", amount=Decimal(45000)), CAP, {"currency"}),
        (Term("a", currency="NPR"), CAP, {"amount"}),
        (Term("a", amount=Decimal(1), currency="XYZ"), CAP, {"currency"}),
        (Term("a", amount=Decimal(1), currency="npr"), CAP, {"currency"}),
        (Term("a", amount=Decimal(1), currency="DEM"), CAP, {"currency"}),
        (Term("a", amount=Decimal("-1"), currency="NPR"), CAP, {"amount"}),
        (Term("a", amount=Decimal("1.005"), currency="NPR"), CAP, {"amount"}),
        (Term("a", amount=Decimal("1e14"), currency="NPR"), CAP, {"amount"}),
        (Term("a", amount=Decimal(30)), DAYS, set()),
        (Term("a", amount=Decimal(30), currency="NPR"), DAYS, {"currency"}),
        (Term("a", amount=Decimal(30)), WORDS, {"amount"}),
        (Term("a", article="7"), WORDS, {"value"}),
        (Term("a", page=4), WORDS, {"value"}),
        (Term("a", value="x", page=0), WORDS, {"page"}),
        (Term("a", value="x", page=100_000), WORDS, {"page"}),
        (Term("a", value="x" * 2_001), WORDS, {"value"}),
        (Term("a", value="x", article="y" * 101), WORDS, {"article"}),
        (Term("a", value="x", language="xx"), WORDS, {"language"}),
        (Term("a", value="x", language="ar"), WORDS, set()),
    ],
)
def test_what_a_term_may_hold(term: Term, asked: Asked, wrong: set[str]) -> None:
    assert set(terms.problems(term, asked)) == wrong


_text = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
_terms = st.builds(
    Term,
    column=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}", fullmatch=True),
    choice=st.sampled_from(["", "employer"]),
    amount=st.none() | st.decimals(0, 10**13, places=2),
    currency=st.sampled_from(["", "NPR"]),
    value=_text,
    language=st.sampled_from(["", *languages.CONTENT]),
    article=_text,
    page=st.none() | st.integers(1, 99_999),
)


@given(st.lists(_terms, max_size=5, unique_by=lambda each: each.column))
def test_a_cell_gives_back_what_was_put_into_it(given_terms: list[Term]) -> None:
    assert terms.decode(terms.encode(given_terms)) == terms.in_order(given_terms)
    assert terms.decode(terms.encode(reversed(given_terms))) == terms.in_order(given_terms)


@pytest.mark.parametrize(
    "cell",
    [
        "[",
        "{}",
        "[1]",
        "[{}]",
        '[{"column": "a b"}]',
        '[{"column": "a", "more": "x"}]',
        '[{"column": "a", "value": 5}]',
        '[{"column": "a", "value": "\\u0000"}]',
        '[{"column": "a", "amount": 5}]',
        '[{"column": "a", "amount": "1e9"}]',
        '[{"column": "a", "amount": "NaN"}]',
        '[{"column": "a", "page": "4"}]',
        '[{"column": "a", "page": true}]',
        '[{"column": "a"}, {"column": "a"}]',
        "[" * 100_000,
        "[" + ",".join(f'{{"column": "a{number}"}}' for number in range(151)) + "]",
    ],
    ids=range(16),
)
def test_a_cell_that_was_never_written_so_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        terms.decode(cell)


def test_a_manifest_carries_terms_and_names_what_is_wrong_in_them() -> None:
    given_terms = (Term("fees-cap", amount=Decimal("45000.50"), currency="NPR", article="7; 8"),)
    assert rows.parse({"terms": terms.encode(given_terms)}).fields["terms"] == given_terms
    with pytest.raises(rows.Wrong, match="terms: this is no JSON"):
        rows.parse({"terms": "who pays: the employer"})
