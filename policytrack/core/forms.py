"""Give every form the same habits: clean text, digits of any script, one use per form."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import g
from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column
from wtforms import (
    DateField,
    DecimalField,
    Field,
    Form,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget, TextInput

from policytrack.core import clock, emails, ids
from policytrack.core.db import Base, transaction
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.ids import new_token
from policytrack.core.requests import current_actor

# Control characters but tab and line feed; and the bidirectional overrides, which can make a
# text show other than it is. Isolates and marks stay: honest mixed-direction text needs them.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ufff9-\ufffb]")


def clean(value: str | None) -> str:
    """Return text composed (NFC), lines ended by LF, without control or override characters."""
    text = unicodedata.normalize("NFC", (value or "").replace("\r\n", "\n").replace("\r", "\n"))
    # A lone surrogate cannot be stored; it comes only from broken or hostile senders.
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return _FORBIDDEN.sub("", text).strip()


def clean_line(value: str | None) -> str:
    """Return text as `clean` does, on one line."""
    return re.sub(r"\s+", " ", clean(value))


def latin_digits(value: str) -> str:
    """Return a number written in the digits and separators of any script with Latin ones."""
    out = []
    for sign in value:
        digit = unicodedata.decimal(sign, None)
        out.append(str(digit) if digit is not None else sign)
    text = "".join(out)
    text = text.replace("\u066b", ".").replace("\u066c", "")
    return re.sub(r"[\s\u00a0\u202f']", "", text)


def parse_number(value: str) -> Decimal:
    """Return the number that was typed; commas group thousands where they stand so.

    One or two digits after a comma are a fraction, as French and Indonesian write it: thousands
    come in threes.

    Raises `ValueError` for what is no number or has more than 14 digits before the point.
    """
    text = latin_digits(value)
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"\d{1,14},\d{1,2}", text):
        text = text.replace(",", ".")
    if not re.fullmatch(r"\d{1,14}(\.\d{1,2})?", text):
        raise ValueError(value)
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits numbers only
        raise ValueError(value) from None


class LineField(StringField):  # type: ignore[misc]  # WTForms has no types
    """Take one line of text, cleaned."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean what was typed."""
        self.data = clean_line(valuelist[0]) if valuelist else ""


class TextField(TextAreaField):  # type: ignore[misc]  # WTForms has no types
    """Take a longer text, cleaned."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean what was typed."""
        self.data = clean(valuelist[0]) if valuelist else ""


class EmailField(LineField):
    """Take a mail address; `data` is its one spelling once it is valid."""

    widget = EmailInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the address as it came: cleaned of a sign it could be another person's."""
        self.data = valuelist[0].strip() if valuelist else ""

    def pre_validate(self, _form: Form) -> None:
        """Raise `ValidationError` for what is no mail address."""
        if not self.data:
            return
        try:
            self.data = emails.parse(self.data)
        except ValueError:
            self.data = clean_line(self.data)
            raise ValidationError(_("Write a mail address, such as name@example.org.")) from None


class PartialDateField(LineField):
    """Take a date as exact as it is known (`2018`, `2018-05`), in the digits of any script."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean what was typed."""
        super().process_formdata(valuelist)
        self.data = latin_digits(self.data)


class NumberField(DecimalField):  # type: ignore[misc]  # WTForms has no types
    """Take a number that is not negative, in the digits of any script."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        # 1180 people, not 1180.00; and never 1.18E+3.
        return "" if self.data is None else format(Decimal(self.data).normalize(), "f")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raise `ValueError` with a sentence for what is no number."""
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = parse_number(valuelist[0])
            except ValueError:
                raise ValueError(
                    _("Write a number without a sign, such as 1180 or 61.5.")
                ) from None


class DayField(DateField):  # type: ignore[misc]  # WTForms has no types
    """Take a day between 1900 and 2200, in the digits of any script."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raise `ValueError` with a sentence for what is no such day."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        typed = latin_digits(valuelist[0])
        try:
            if not re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", typed):
                raise ValueError(typed)
            self.data = date.fromisoformat(typed)
        except ValueError:
            raise ValueError(_("Write a date as year-month-day, such as 2027-03-31.")) from None


def _values(choices: Iterable[Any]) -> set[str]:
    return {each.value if isinstance(each, SelectChoice) else each[0] for each in choices}


class ChoiceField(SelectField):  # type: ignore[misc]  # WTForms has no types
    """Take one of its choices; what is none of them is refused in the reader's language."""

    def pre_validate(self, _form: Form) -> None:
        """Raise `ValidationError` for a value that is not offered."""
        if self.data and self.data not in _values(self.choices):
            raise ValidationError(_("Choose from the list."))


class ChoicesField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Take any of its choices, as boxes to tick; each once, in the order in which they stand."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Drop repetitions."""
        self.data = list(dict.fromkeys(valuelist))

    def pre_validate(self, _form: Form) -> None:
        """Raise `ValidationError` for a value that is not offered."""
        if set(self.data or ()) - _values(self.choices):
            raise ValidationError(_("Choose from the list."))


# What stands in one form; more comes from no page.
_MOST_IDS = 50


class IdsField(Field):  # type: ignore[misc]  # WTForms has no types
    """Take public ids, given by repeating the parameter; what is none is left aside."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what has the shape of an id."""
        found = [each for each in valuelist if ids.PATTERN.fullmatch(each)]
        self.data = list(dict.fromkeys(found))[:_MOST_IDS]


def at_most(characters: int) -> Length:
    """Return the validator that bounds a text."""
    return Length(
        max=characters, message=_("This is longer than %(max)d characters; please shorten it.")
    )


def web_address(_form: Form, field: Any) -> None:
    """Accept an http or https address only; raise `ValidationError` otherwise."""
    if field.data and not re.fullmatch(r"https?://[^\s<>\"'\\@/]+(/[^\s<>\"\\]*)?", field.data):
        raise ValidationError(_("Write a full web address, beginning with https://."))


class _Sentences:
    """Say in the reader's language what WTForms itself would say, in English or half translated."""

    def gettext(self, sentence: str) -> str:
        """Return our sentence for one of WTForms' own."""
        if "choice" in sentence.lower():
            return str(_("Choose from the list."))
        return str(_("Fill this in.") if "required" in sentence else _("This cannot be used here."))

    def ngettext(self, singular: str, _plural: str, _number: int) -> str:
        """Return our sentence for one of WTForms' own that counts."""
        return self.gettext(singular)


class KeyField(HiddenField):  # type: ignore[misc]  # WTForms has no types
    """Carry the key that the page put there; whatever no page puts there counts as a new key."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what has the shape of a key."""
        key = valuelist[0] if valuelist else ""
        self.data = key if re.fullmatch(r"[A-Za-z0-9_-]{16,64}", key) else new_token()


class BaseForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Be the parent of every form that changes something.

    `form_key` makes a form good for one use: sent twice, it answers twice with the one result.
    The forgery check stands before every view (`core.csrf`), not in the forms.
    """

    class Meta:
        """Let the form speak the reader's language where a field has no sentence of its own."""

        def get_translations(self, _form: Form) -> _Sentences:
            """Return what WTForms asks for its sentences."""
            return _Sentences()

    form_key = KeyField(default=new_token)


class UsedForm(Base):
    """Remember a form that was carried out and where it led."""

    __tablename__ = "used_form"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    location: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(index=True)


def once(session: Session, *, key: str, user_id: int, now: datetime, act: Callable[[], str]) -> str:
    """Carry out a form's act, once: `act` returns the address that shows the result.

    Call it inside `transaction()`. The same key by the same person returns the first address and
    does nothing more, also where the two were sent at the same moment.
    """
    if not key:
        return act()
    # Whoever else sends this key sends another form.
    own = hashlib.sha256(f"{user_id}:{key}".encode()).hexdigest()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # Taken before the act: the second of two waits here for what the first has done.
    taken = session.execute(
        insert(UsedForm)
        .values(key=own, user_id=user_id, location="", at=now)
        .on_conflict_do_nothing(index_elements=[UsedForm.key])
        .returning(UsedForm.key)
    )
    if taken.first() is None:
        g.form_was_used = True
        return session.get_one(UsedForm, own).location
    location = act()
    session.get_one(UsedForm, own).location = location
    return location


def carry_out(form: BaseForm, act: Callable[[Session], str]) -> str:
    """Carry out a form's act, once, in a transaction of its own; return where to go on."""
    with transaction() as session:
        return once(
            session,
            key=form.form_key.data or "",
            user_id=current_actor().user_id or 0,
            now=clock.now(),
            act=lambda: act(session),
        )
