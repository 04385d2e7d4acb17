"""Forms that say what is wrong in the reader's language, and in no other."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from policytrack.core.forms import BaseForm, EmailField, NumberField, parse_number


class PlainForm(BaseForm):
    """Have fields of WTForms itself, none of which brings a sentence."""

    one = RadioField(choices=[SelectChoice("a", "A")])
    other = SelectField(choices=[SelectChoice("1", "B")], coerce=int)
    words = StringField(validators=[InputRequired()])
    short = StringField(validators=[Length(max=2)])


def test_the_sentences_of_wtforms_are_said_in_the_readers_language(app: Flask) -> None:
    hostile = MultiDict({"one": "zz", "other": "zz", "words": "", "short": "too long"})
    with app.test_request_context(), force_locale("ar"):
        form = PlainForm(hostile)
        assert not form.validate()
        said = [sentence for sentences in form.errors.values() for sentence in sentences]
        assert set(form.errors) == {"one", "other", "words", "short"}
    assert [each for each in said if not each or any("A" <= sign <= "z" for sign in each)] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("61,5", "61.5"),
        ("61.5", "61.5"),
        ("1,234", "1234"),
        ("1,234.5", "1234.5"),
        ("1\u202f234,50", "1234.50"),
        ("\u0666\u0661\u066b\u0665", "61.5"),
        ("৬১", "61"),
    ],
)
def test_numbers_are_taken_as_any_language_writes_them(typed: str, meant: str) -> None:
    assert parse_number(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["", "1,23,456", "1,2345", "1.234.567", "12,", "1e5", "-1"])
def test_what_could_mean_two_numbers_is_none(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_number(typed)


class MailForm(BaseForm):
    """Ask for an address."""

    email = EmailField()


def test_an_address_is_never_mended_into_another(app: Flask) -> None:
    for typed in ("a\0b@example.org", "a\u200bb@example.org", "ab@exa\nmple.org"):
        with app.test_request_context():
            form = MailForm(MultiDict({"email": typed}))
            assert not form.validate(), typed
            assert "email" in form.errors
    with app.test_request_context():
        form = MailForm(MultiDict({"email": "  Name@EXAMPLE.org "}))
        form.validate()
        assert "email" not in form.errors
        assert form.email.data.endswith("@example.org")


class CountForm(BaseForm):
    """Ask for a number."""

    people = NumberField()


@pytest.mark.parametrize(
    ("held", "shown"),
    [("1180.00", "1180"), ("61.50", "61.5"), ("0.00", "0"), ("1180000.00", "1180000")],
)
def test_a_number_comes_back_as_a_person_writes_it(app: Flask, held: str, shown: str) -> None:
    with app.test_request_context():
        form = CountForm(data={"people": Decimal(held)})
        assert f'value="{shown}"' in form.people()


def test_a_number_that_was_refused_stays_as_it_was_typed(app: Flask) -> None:
    with app.test_request_context():
        form = CountForm(MultiDict({"people": "1,18,0"}))
        assert not form.validate()
        assert 'value="1,18,0"' in form.people()
