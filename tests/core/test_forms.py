"""Forms that say what is wrong in the reader's language, and in no other."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from policytrack.core.forms import BaseForm


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
