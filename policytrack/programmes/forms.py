"""Read what people write of programmes: the shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import TextArea

from policytrack.core import languages
from policytrack.core.errors import InvalidInput
from policytrack.core.forms import (
    BaseForm,
    ChoiceField,
    ChoicesField,
    LineField,
    NumberField,
    PartialDateField,
    TextField,
    at_most,
    latin_digits,
)
from policytrack.core.i18n import LANGUAGES, gettext
from policytrack.core.i18n import language as present_language
from policytrack.core.i18n import lazy_gettext as _
from policytrack.library.addresses import public_id_in
from policytrack.programmes import rules
from policytrack.programmes.content import Description, ItemContent
from policytrack.programmes.words import KIND_WORDS

# (code, words) of what can be chosen, by the name of the field.
Choices = Mapping[str, Sequence[tuple[str, str]]]
_ADDRESS_LENGTH = 2_000
_WHEN = _("As exact as it is known: 2018, 2018-05 or 2018-05-11.")


class ParagraphField(LineField):
    """Take one paragraph, however long: line breaks become spaces."""

    widget = TextArea()


class WholeField(NumberField):
    """Take how many people there are, in the digits of any script."""

    def post_validate(self, _form: Any, _stopped: bool) -> None:
        """Ask for a whole number that can be kept; raise `ValidationError` otherwise."""
        if self.data is None:
            return
        if self.data != self.data.to_integral_value():
            raise ValidationError(gettext("People are counted in whole numbers."))
        if self.data > rules.MOST_PEOPLE:
            raise ValidationError(gettext("This is more people than there are."))

    @property
    def whole(self) -> int | None:
        """Return the number, None where none was given."""
        return None if self.data is None else int(self.data)


class DocumentField(LineField):
    """Take the address of a document of the library."""

    def pre_validate(self, _form: Any) -> None:
        """Ask for what an address says; raise `ValidationError` for what is none."""
        if self.data and not self.public_id:
            raise ValidationError(gettext("Copy the address of the document’s page here."))

    @property
    def public_id(self) -> str:
        """Return the id in the address, empty where there is none."""
        return public_id_in(self.data or "")


def _in_each(name: str, kind: type[Any], words: object, most: int) -> dict[str, Any]:
    """Return a field for a text in each language of the site."""
    return {
        f"{name}_{code}": kind(_Spoken(words, code), validators=[at_most(most)])
        for code in LANGUAGES
    }


class _Spoken:
    """Say what a field is, and in which language, to whoever reads it."""

    def __init__(self, words: object, code: str) -> None:
        self._words, self._code = words, code

    def __str__(self) -> str:
        return gettext(
            "%(what)s (%(language)s)", what=self._words, language=languages.name(self._code)
        )


class DescriptionForm(BaseForm):
    """Take what is said of a programme as a whole; `seen` is what the form was made from."""

    seen = HiddenField(validators=[Length(max=40)])
    agencies = TextField(
        _("Agencies"),
        description=_("Who carries it out. One on each line."),
        validators=[at_most(rules.NAMES_LENGTH)],
    )
    partners = TextField(
        _("Partners"),
        description=_("One on each line."),
        validators=[at_most(rules.NAMES_LENGTH)],
    )
    funders = TextField(
        _("Funders"),
        description=_("One on each line."),
        validators=[at_most(rules.NAMES_LENGTH)],
    )
    starts = PartialDateField(_("Begins"), description=_WHEN)
    ends = PartialDateField(_("Ends"), description=_WHEN)
    origins = ChoicesField(_("Works in countries of origin"))
    destinations = ChoicesField(_("Works in countries of destination"))
    both = ChoicesField(_("Works in countries on both sides"))
    themes = ChoicesField(_("Themes"))
    sectors = ChoicesField(_("Sectors"))
    target_groups = ChoicesField(_("Target groups"))

    def to_description(self) -> Description:
        """Return what was said."""
        return Description(
            summary=_texts(self, "summary"),
            parent=_texts(self, "parent"),
            agencies=_names(self.agencies.data),
            partners=_names(self.partners.data),
            funders=_names(self.funders.data),
            starts=self.starts.data or "",
            ends=self.ends.data or "",
            origins=sorted(self.origins.data or ()),
            destinations=sorted(self.destinations.data or ()),
            both=sorted(self.both.data or ()),
            themes=sorted(self.themes.data or ()),
            sectors=sorted(self.sectors.data or ()),
            target_groups=sorted(self.target_groups.data or ()),
        )


class ItemForm(BaseForm):
    """Take an achievement, a lesson or a fact; `seen` is what the form was made from."""

    seen = HiddenField(validators=[Length(max=40)])
    kind = RadioField(
        _("Achievement, lesson or fact"),
        choices=[SelectChoice(code.value, words) for code, words in KIND_WORDS.items()],
        invalid_choice_message=_("Choose from the list."),
        validators=[InputRequired(_("Choose from the list."))],
    )
    language = ChoiceField(
        _("Language of the original"),
        description=_("What is written in the other languages is its translation."),
        validators=[InputRequired(_("Choose a language."))],
    )
    country = ChoiceField(_("Country or territory"))
    women = WholeField(_("Women"))
    men = WholeField(_("Men"))
    total = WholeField(_("Total"))
    document = DocumentField(
        _("Document of the library"),
        description=_(
            "Copy the address of its page here. Everybody must be able to read the document."
        ),
        validators=[at_most(_ADDRESS_LENGTH)],
    )
    source = TextField(
        _("Another source"),
        description=_("Where the library does not hold it: an address, or title and publisher."),
        validators=[at_most(rules.SOURCE_LENGTH)],
    )
    page = LineField(
        _("Page"),
        description=_("On which it stands: of a document of the library one number."),
        validators=[at_most(rules.PAGE_LENGTH)],
    )

    def __init__(self, *args: Any, countries: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [(code, languages.name(code)) for code in LANGUAGES]
        if not self.language.data:
            self.language.data = present_language().code
        self.country.choices = [("", gettext("None in particular")), *countries]

    def to_content(self) -> ItemContent:
        """Return what was said."""
        page = self.page.data or ""
        return ItemContent(
            kind=self.kind.data,
            language=self.language.data,
            texts=_texts(self, "text"),
            country=self.country.data or "",
            women=self.women.whole,
            men=self.men.whole,
            total=self.total.whole,
            document=self.document.public_id,
            source=self.source.data or "",
            page=latin_digits(page) if self.document.data else page,
        )


class LinkForm(BaseForm):
    """Take the address of a document."""

    document = DocumentField(
        _("Address of the document"),
        description=_("Open its page in the library and copy the address."),
        validators=[InputRequired(_("Fill this in.")), at_most(_ADDRESS_LENGTH)],
    )


# Each text stands in each language of the site.
for _form, _name, _kind, _words, _most in (
    (DescriptionForm, "summary", TextField, _("Summary"), rules.SUMMARY_LENGTH),
    (DescriptionForm, "parent", LineField, _("Part of"), rules.NAME_LENGTH),
    (ItemForm, "text", ParagraphField, _("Text"), rules.ITEM_LENGTH),
):
    for _field, _made in _in_each(_name, _kind, _words, _most).items():
        setattr(_form, _field, _made)


def _texts(form: BaseForm, name: str) -> dict[str, str]:
    said = {code: form[f"{name}_{code}"].data or "" for code in LANGUAGES}
    return {code: text for code, text in said.items() if text}


def _names(text: str | None) -> tuple[str, ...]:
    """Return names, one of each line; a semicolon parts names too, as in the data files."""
    parts = (" ".join(part.split()) for part in (text or "").replace(";", "\n").splitlines())
    return tuple(dict.fromkeys(part for part in parts if part))


def described(given: Description, seen: str) -> dict[str, Any]:
    """Return what a programme says, as the form names it."""
    return {
        "seen": seen,
        **{f"summary_{code}": given.summary.get(code, "") for code in LANGUAGES},
        **{f"parent_{code}": given.parent.get(code, "") for code in LANGUAGES},
        "agencies": "\n".join(given.agencies),
        "partners": "\n".join(given.partners),
        "funders": "\n".join(given.funders),
        "starts": given.starts,
        "ends": given.ends,
        "origins": list(given.origins),
        "destinations": list(given.destinations),
        "both": list(given.both),
        "themes": list(given.themes),
        "sectors": list(given.sectors),
        "target_groups": list(given.target_groups),
    }


def stated(given: ItemContent, seen: str, address: str) -> dict[str, Any]:
    """Return what an item says, as the form names it; `address` is its document's."""
    return {
        "seen": seen,
        "kind": given.kind,
        "language": given.language,
        **{f"text_{code}": given.texts.get(code, "") for code in LANGUAGES},
        "country": given.country,
        "women": given.women,
        "men": given.men,
        "total": given.total,
        "document": address,
        "source": given.source,
        "page": given.page,
    }


def blame(form: BaseForm, problem: InvalidInput) -> None:
    """Put the service's sentences beside the fields they speak of, else above the form."""
    for name, sentence in problem.fields.items():
        field = _field_of(form, name)
        if field is None:
            form.form_errors.append(str(sentence))
        else:
            field.errors = [*field.errors, str(sentence)]


def _field_of(form: BaseForm, name: str) -> Any:
    """Return the field that a sentence is about: of a text the one in the original's language."""
    if name == "texts":
        name = f"text_{form['language'].data}"
    elif name == "summary":
        name = f"summary_{present_language().code}"
    return getattr(form, name, None)
