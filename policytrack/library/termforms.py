"""Read what people say of a law point by point: a row for each column of its themes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import g, has_request_context
from wtforms import FieldList, Form, HiddenField
from wtforms.validators import ValidationError

from policytrack.core import currencies, languages
from policytrack.core.forms import ChoiceField, LineField, NumberField, TextField, latin_digits
from policytrack.core.i18n import gettext, label
from policytrack.core.i18n import lazy_gettext as _
from policytrack.library import terms
from policytrack.library.description import asked
from policytrack.library.models import LawColumn, LibraryRevision
from policytrack.library.terms import Term


class PageField(LineField):
    """Take the number of a page, in the digits of any script."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean what was typed."""
        super().process_formdata(valuelist)
        self.data = latin_digits(self.data)


class TermForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Take what a law says on one point, and where; an empty row says nothing."""

    column = HiddenField()
    choice = ChoiceField(_("Answer"))
    amount = NumberField(_("Amount"))
    currency = ChoiceField(_("Currency"))
    value = TextField(_("In words"))
    language = ChoiceField(_("Language of these words"))
    article = LineField(_("Article"))
    page = PageField(_("Page"))

    # The column that the row is for; None where it names none that there is.
    about: LawColumn | None = None

    def suit(self, about: LawColumn | None) -> None:
        """Offer what the row's column offers."""
        self.about = about
        self.choice.choices = [("", gettext("Not recorded")), *self._answers()]
        self.currency.choices = [("", gettext("No currency")), *_currencies()]
        self.language.choices = [("", gettext("That of the document")), *_languages()]
        if about is not None and about.kind == terms.ColumnKind.NUMBER:
            self.amount.label.text = label(about.unit) or gettext("Number")

    def _answers(self) -> list[tuple[str, str]]:
        """Return the answers, retired ones only where the row has them."""
        return [
            (each.code, label(each.labels))
            for each in (self.about.choices if self.about else ())
            if not each.retired or each.code == self.choice.data
        ]

    def as_term(self) -> Term:
        """Return what the row says; a page that is no number is said by `validate_page`."""
        page = self.page.data or ""
        return Term(
            column=self.column.data or "",
            choice=self.choice.data or "",
            amount=self.amount.data,
            currency=self.currency.data or "",
            value=self.value.data or "",
            # Without words there is no language of them.
            language=(self.language.data or "") if self.value.data else "",
            article=self.article.data or "",
            page=int(page) if _is_page(page) else None,
        )

    def validate_page(self, field: Any) -> None:
        """Ask for a number; raise `ValidationError` for what is none."""
        if field.data and not _is_page(field.data):
            raise ValidationError(gettext("Write the number of a page, such as 4."))

    def validate_column(self, _field: Any) -> None:
        """Raise `ValidationError` for a column that there is not."""
        if self.about is None:
            raise ValidationError(gettext("Choose from the list."))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Say beside the fields what is wrong with the row."""
        fine = bool(super().validate(*args, **kwargs))
        if not fine or self.about is None:
            return False
        wrong = terms.problems(self.as_term(), asked(self.about))
        for name, sentence in wrong.items():
            self[name].errors = [*self[name].errors, str(sentence)]
        return not wrong


def _is_page(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) > 0


# A page with fifty rows offers these as often.
def _currencies() -> list[tuple[str, str]]:
    return _kept("term_currencies", currencies.choices)


def _languages() -> list[tuple[str, str]]:
    return _kept("term_languages", languages.choices)


def _kept(name: str, make: Any) -> list[tuple[str, str]]:
    if not has_request_context():
        found: list[tuple[str, str]] = make()
        return found
    if name not in g:
        setattr(g, name, make())
    kept: list[tuple[str, str]] = getattr(g, name)
    return kept


def rows_of(revision: LibraryRevision, columns: Sequence[LawColumn]) -> list[dict[str, Any]]:
    """Return a row for each column of a text's themes, and for whatever else it says."""
    said = {each.column_code: each.as_term() for each in revision.terms}
    themes = {each.code for each in revision.themes}
    return [
        _row(said.get(each.code) or Term(each.code))
        for each in columns
        if each.code in said or (each.theme_code in themes and not each.retired)
    ]


def _row(term: Term) -> dict[str, Any]:
    return {
        "column": term.column,
        "choice": term.choice,
        "amount": term.amount,
        "currency": term.currency,
        "value": term.value,
        "language": term.language,
        "article": term.article,
        "page": str(term.page or ""),
    }


def suit(rows: FieldList, columns: Sequence[LawColumn], themes: Iterable[str]) -> None:
    """Offer in each row what its column offers; add rows for themes that have none yet."""
    by_code: Mapping[str, LawColumn] = {each.code: each for each in columns}
    present = {entry.form.column.data for entry in rows}
    chosen = set(themes)
    for each in columns:
        wanted = each.theme_code in chosen and not each.retired
        if wanted and each.code not in present and len(rows) < terms.MOST_TERMS:
            rows.append_entry(_row(Term(each.code)))
    for entry in rows:
        entry.form.suit(by_code.get(entry.form.column.data or ""))


def said(rows: Iterable[Any]) -> tuple[Term, ...]:
    """Return what the rows say, without those that say nothing."""
    return terms.in_order(entry.form.as_term() for entry in rows)
