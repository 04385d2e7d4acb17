"""Make the form of a row from the columns of its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, InputRequired, Length

from policytrack.core.errors import InvalidInput
from policytrack.core.forms import (
    BaseForm,
    ChoiceField,
    ChoicesField,
    DayField,
    LineField,
    NumberField,
    TextField,
    at_most,
    clean,
    latin_digits,
)
from policytrack.core.i18n import gettext
from policytrack.core.i18n import lazy_gettext as _
from policytrack.reference.kinds import COUNTRIES, Kind
from policytrack.reference.rules import Column, Type, Unfit, listed, parse
from policytrack.reference.service import EditCommand

# (code, words) of what a column may point to, by the name of the column.
Choices = Mapping[str, Sequence[tuple[str, str]]]

_NEEDED = InputRequired(_("Fill this in."))


class NameField(LineField):
    """Take one line in which spaces that do not break stay: French puts them before a colon."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean what was typed."""
        self.data = re.sub(r"[ \t\n]+", " ", clean(valuelist[0])) if valuelist else ""


_FIELDS: Mapping[Type, type[Any]] = {
    Type.LINE: NameField,
    Type.TEXT: TextField,
    Type.WHOLE: NumberField,
    Type.DECIMAL: NumberField,
    Type.DATE: DayField,
    Type.PARTIAL: LineField,
    Type.FLAG: BooleanField,
    Type.CHOICE: ChoiceField,
    Type.CODE: ChoiceField,
    Type.CODES: ChoicesField,
    Type.WORDS: TextField,
}


class RowForm(BaseForm):
    """Be the parent of the forms of all kinds; `seen` says what the form was made from."""

    columns: Sequence[Column] = ()
    # Whether a new name must say since when it holds, and who says so.
    asks_for_authority = False
    seen = HiddenField(validators=[Length(max=64)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Read each field as its column would be read in a file; tell whether all is fit."""
        fit = bool(super().validate(extra_validators))
        self.cells: dict[str, str] = {}
        for column in self.columns:
            field = self[column.name]
            if field.errors:
                continue
            try:
                self.cells[column.name] = parse(column, _text(column, field.data))
            except Unfit as unfit:
                field.errors = [_sentence(unfit.sentence)]
                fit = False
        return fit

    def to_command(self) -> EditCommand:
        """Return what was asked for."""
        named = self.asks_for_authority
        return EditCommand(
            values=dict(self.cells),
            reason=self.reason.data,
            seen=self.seen.data or "",
            since=self.since.data.isoformat() if named and self.since.data else "",
            authority=self.authority.data if named else "",
        )

    def refuse(self, error: InvalidInput) -> None:
        """Put the sentences of a refusal where they belong."""
        for name, sentence in error.fields.items():
            if name in self:
                self[name].errors = [_sentence(sentence)]
            else:
                self.form_errors.append(_sentence(sentence))
        if error.message:
            self.form_errors.append(str(error.message))


class RemoveForm(BaseForm):
    """Take the reason for which a row is removed."""

    seen = HiddenField(validators=[Length(max=64)])
    reason = TextField(
        _("Reason"),
        id="removal-reason",
        description=_("It stays in the history."),
        validators=[DataRequired(_("Fill this in.")), at_most(2000)],
    )


def row_form(
    kind: Kind,
    choices: Choices,
    formdata: Any = None,
    *,
    values: Mapping[str, str] | None = None,
    seen: str = "",
    adding: bool = False,
) -> RowForm:
    """Return the form of a row: all columns for a new one, else those that can change."""
    columns = [
        column for column in kind.columns if not column.elsewhere and (adding or not column.settled)
    ]
    fields: dict[str, Any] = {column.name: _field(column) for column in columns}
    if kind is COUNTRIES:
        fields |= _naming()
    fields["reason"] = TextField(
        _("Reason and source"),
        description=_("What this rests on. It stays in the history."),
        validators=[DataRequired(_("Fill this in.")), at_most(2000)],
    )
    fields |= {"columns": columns, "asks_for_authority": kind is COUNTRIES}
    made: RowForm = type("KindForm", (RowForm,), fields)(
        formdata,
        seen=seen,
        data={
            column.name: _data(column, (values or {}).get(column.name, "")) for column in columns
        },
    )
    for column in columns:
        if column.name in choices:
            made[column.name].choices = [*_first(column), *choices[column.name]]
    return made


def _first(column: Column) -> list[tuple[str, str]]:
    """Return what stands before the choices of one out of many."""
    if column.type is Type.CODES:
        return []
    return [("", gettext("Choose") if column.required else gettext("Not known, or none"))]


def _naming() -> dict[str, Any]:
    return {
        "since": DayField(
            _("The name holds since"), description=_("Only where you change the name.")
        ),
        "authority": LineField(
            _("Who says so"),
            description=_("Only where you change the name: UN terminology, a note verbale ..."),
            validators=[at_most(2000)],
        ),
    }


def _field(column: Column) -> Any:
    checks: list[Any] = [_NEEDED] if column.required else []
    if column.type in {Type.LINE, Type.TEXT, Type.WORDS}:
        checks.append(at_most(column.most))
    return _FIELDS[column.type](column.words, description=column.hint, validators=checks)


def _data(column: Column, text: str) -> Any:
    """Return what a field shows for a cell."""
    match column.type:
        case Type.CODES:
            return listed(text)
        case Type.WORDS:
            return "\n".join(listed(text))
        case Type.FLAG:
            return text == "yes"
        case Type.WHOLE | Type.DECIMAL:
            return Decimal(text) if text else None
        case Type.DATE:
            return date.fromisoformat(text) if text else None
    return text


def _text(column: Column, data: Any) -> str:
    """Return the cell for what a field holds."""
    match column.type:
        case Type.CODES:
            return ";".join(data or ())
        case Type.WORDS:
            return ";".join((data or "").splitlines())
        case Type.FLAG:
            return "yes" if data else ""
        case Type.WHOLE | Type.DECIMAL:
            return "" if data is None else format(data.normalize(), "f")
        case Type.DATE:
            return data.isoformat() if data else ""
        case Type.PARTIAL:
            return latin_digits(data or "")
    return data or ""


def _sentence(words: object) -> str:
    """Return the words of a fault as a sentence of their own."""
    text = str(words)
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", ":")) else ".")
