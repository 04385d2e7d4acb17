"""Read what people write into a note, and what officers decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
)
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from policytrack.commitments.models import Indicator
from policytrack.core import languages, paging
from policytrack.core.forms import (
    BaseForm,
    IdsField,
    LineField,
    NumberField,
    TextField,
    at_most,
    latin_digits,
    web_address,
)
from policytrack.core.i18n import gettext, label
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.translations import Kind
from policytrack.progress import rules
from policytrack.progress.content import Content, Link, ReadingInput, reading_problem
from policytrack.progress.models import NoteRevision
from policytrack.progress.rules import Split
from policytrack.progress.service import QuoteCommand, TranslationCommand
from policytrack.progress.words import PART_HEADINGS, PART_HINTS, STATUS_CHOICES


def _listed(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in pairs]


class DayField(DateField):  # type: ignore[misc]  # WTForms has no types
    """Take a day as browsers send it, in the digits of any script."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raise `ValueError` with a sentence for what is no day."""
        self.data = None
        text = latin_digits(valuelist[0]) if valuelist else ""
        if text:
            try:
                if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                    raise ValueError(text)
                self.data = date.fromisoformat(text)
            except ValueError:
                raise ValueError(gettext("Write the date as year-month-day.")) from None


class StatusField(RadioField):  # type: ignore[misc]  # WTForms has no types
    """Take a status, or none yet."""

    def pre_validate(self, form: Form) -> None:
        """Refuse what is no status; raise `ValidationError`."""
        if self.data:
            super().pre_validate(form)


class LinkForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Take one link."""

    title = LineField(_("Title"), validators=[at_most(300)])
    url = LineField(_("Web address"), validators=[at_most(2000), web_address])

    def validate_url(self, field: Any) -> None:
        """Ask for the address of a link that has a title only; raise `ValidationError`."""
        if self.title.data and not field.data:
            raise ValidationError(gettext("Give the address of this link."))


class ReadingForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Take one reading, split by sex."""

    on = DayField(_("Date of the reading"))
    women = NumberField(_("Women"))
    men = NumberField(_("Men"))
    not_stated = NumberField(_("Not stated"))
    total = NumberField(_("Total"))

    @property
    def split(self) -> Split:
        """Return the numbers given."""
        return Split(self.women.data, self.men.data, self.not_stated.data, self.total.data)

    @property
    def is_given(self) -> bool:
        """Tell whether any number was given."""
        return any(each is not None for each in (*self.split.cells.values(), self.split.total))


class NoteForm(BaseForm):
    """Take all parts of a note; as a draft any of them may be missing."""

    version = HiddenField(validators=[Length(max=40)])
    language = SelectField(
        _("Language you write in"), invalid_choice_message=_("Choose a language from the list.")
    )
    nothing_changed = BooleanField(
        _("Nothing has changed since our last note"),
        description=_("It goes out at once and repeats the status you claimed last."),
    )
    done = TextField(
        PART_HEADINGS["done"],
        description=PART_HINTS["done"],
        validators=[at_most(rules.PART_LENGTH)],
    )
    results = TextField(
        PART_HEADINGS["results"],
        description=PART_HINTS["results"],
        validators=[at_most(rules.PART_LENGTH)],
    )
    women = TextField(
        PART_HEADINGS["women"],
        description=PART_HINTS["women"],
        validators=[at_most(rules.PART_LENGTH)],
    )
    obstacles = TextField(
        PART_HEADINGS["obstacles"],
        description=PART_HINTS["obstacles"],
        validators=[at_most(rules.PART_LENGTH)],
    )
    next_steps = TextField(
        PART_HEADINGS["next_steps"],
        description=PART_HINTS["next_steps"],
        validators=[at_most(rules.PART_LENGTH)],
    )
    claimed_status = StatusField(
        _("How far has this come?"),
        choices=_listed(STATUS_CHOICES),
        invalid_choice_message=_("Choose a status from the list."),
    )
    reversed = BooleanField(
        _("Something achieved earlier has been undone"),
        description=_("Readers then see “Reversed” beside the status."),
    )
    links = FieldList(FormField(LinkForm), min_entries=rules.LINKS, max_entries=rules.LINKS)
    files = MultipleFileField(
        _("Add files"),
        description=_(
            "PDF, Word, Excel, OpenDocument or pictures. Place and device data are removed from"
            " photographs."
        ),
    )
    staged = IdsField(_("Files waiting"))
    removed = IdsField(_("Evidence to remove"))
    people_protected = BooleanField(
        _("Nobody can be identified"),
        description=_(
            "No part, reading or file lets anybody recognise a survivor, a complainant or an"
            " informant."
        ),
    )

    # One FormField for each indicator of the commitment, by its public id; see `note_form`.
    indicators: Mapping[str, Indicator] = {}

    @property
    def reading_fields(self) -> list[tuple[Indicator, Any]]:
        """Return each indicator with the field that takes its reading."""
        return [(each, self[f"reading_{key}"]) for key, each in self.indicators.items()]

    @property
    def texts(self) -> dict[str, str]:
        """Return the parts of the text by name."""
        return {part: self[part].data or "" for part in rules.PARTS}

    def check_readings(self, now: datetime) -> bool:
        """Put beside each reading what is wrong with it; tell whether all can stand."""
        fine = True
        for key, (indicator, field) in zip(self.indicators, self.reading_fields, strict=True):
            given = field.form
            if field.errors or not given.is_given:
                continue
            if given.on.data is None:
                _blame(given.on, gettext("Give the date of this reading."))
                fine = False
                continue
            problem = reading_problem(ReadingInput(key, given.on.data, given.split), indicator, now)
            if problem is not None:
                _blame(given.total, str(problem))
                fine = False
        return fine

    def to_content(self) -> Content:
        """Return what was written."""
        return Content(
            language=self.language.data,
            texts=self.texts,
            claimed_status=self.claimed_status.data or None,
            reversed=self.reversed.data,
            nothing_changed=self.nothing_changed.data,
            readings=tuple(
                ReadingInput(key, field.form.on.data, field.form.split)
                for key, (_indicator, field) in zip(
                    self.indicators, self.reading_fields, strict=True
                )
                if field.form.is_given
            ),
            links=tuple(
                Link(entry.form.title.data or "", entry.form.url.data)
                for entry in self.links.entries
                if entry.form.url.data
            ),
            staged=tuple(self.staged.data or ()),
            removed=frozenset(self.removed.data or ()),
        )


def note_form(
    indicators: Iterable[Indicator],
    given: Any = None,
    revision: NoteRevision | None = None,
    language: str = "en",
) -> NoteForm:
    """Return the form of a note with a reading for each indicator.

    `given` is what was sent, `revision` what is stored, `language` that of a new text.
    """
    known = {each.public_id: each for each in indicators}
    fields: dict[str, Any] = {
        f"reading_{key}": FormField(ReadingForm, label(each.labels)) for key, each in known.items()
    }
    form_class: type[NoteForm] = type("NoteFormOfTarget", (NoteForm,), {**fields})
    data = stored(revision) if revision else {"language": language, "version": "new"}
    form: NoteForm = form_class(given, data=data)
    form.indicators = known
    form.language.choices = _listed(languages.choices())
    # A draft may lack them; what is submitted may not, so they are not called optional.
    form.done.flags.required = form.claimed_status.flags.required = True
    return form


def stored(revision: NoteRevision) -> dict[str, Any]:
    """Return what a revision holds, as the form names it."""
    return {
        **revision.texts,
        "version": revision.stamp,
        "language": revision.language,
        "nothing_changed": revision.nothing_changed,
        "claimed_status": revision.claimed_status,
        "reversed": revision.reversed,
        "people_protected": revision.people_protected,
        "links": [{"title": each.title, "url": each.url} for each in revision.evidence if each.url],
        **{
            f"reading_{each.indicator.public_id}": {
                "on": each.on,
                "women": _plain(each.women),
                "men": _plain(each.men),
                "not_stated": _plain(each.not_stated),
                "total": _plain(each.total),
            }
            for each in revision.readings
        },
    }


def _plain(value: Decimal | None) -> Decimal | None:
    """Return a number without the noughts that the database adds behind its point."""
    return None if value is None else value.quantize(Decimal(1)) if value % 1 == 0 else value


def _blame(field: Any, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


def blame(form: BaseForm, problems: Mapping[str, object]) -> None:
    """Put the service's sentences beside the fields they speak of, else above the form."""
    for name, sentence in problems.items():
        if name in form:
            field = form[name]
            _blame(field.form.total if isinstance(field, FormField) else field, str(sentence))
        else:
            form.form_errors.append(str(sentence))


class QuoteForm(BaseForm):
    """Take words of a page of a file, and near which place of the page they stand."""

    file = HiddenField(validators=[Length(max=10)])
    page = HiddenField(validators=[Length(max=10)])
    quote = TextField(widget=HiddenInput())
    near = HiddenField(validators=[Length(max=10)])

    def to_command(self, document: str) -> QuoteCommand:
        """Return what was chosen from a document."""
        return QuoteCommand(
            document=document,
            file=self.file.data or "",
            page=paging.number_of(self.page.data),
            quote=self.quote.data or "",
            near=paging.number_of(self.near.data),
        )


class DecisionForm(BaseForm):
    """Take an officer's reason, which the delegate reads, and a comment, which they do not."""

    reason = TextField(_("Reason"), validators=[at_most(rules.REASON_LENGTH)])
    internal_comment = TextField(
        _("Internal comment"),
        description=_("Only the secretariat reads this."),
        validators=[at_most(rules.REASON_LENGTH)],
    )


class SubmitForm(BaseForm):
    """Take the confirmation that a submission asks for, and the stamp of what was read."""

    version = HiddenField(validators=[Length(max=40)])
    people_protected = BooleanField(
        _("Nobody can be identified"),
        description=_(
            "No part, reading or file lets anybody recognise a survivor, a complainant or an"
            " informant."
        ),
    )


class TranslationForm(BaseForm):
    """Take a translation of the published text."""

    language = SelectField(
        _("Language of the translation"),
        invalid_choice_message=_("Choose a language from the list."),
        validators=[InputRequired()],
    )
    kind = RadioField(
        _("Kind of translation"), invalid_choice_message=_("Choose the kind of translation.")
    )
    done = TextField(PART_HEADINGS["done"], validators=[at_most(rules.PART_LENGTH)])
    results = TextField(PART_HEADINGS["results"], validators=[at_most(rules.PART_LENGTH)])
    women = TextField(PART_HEADINGS["women"], validators=[at_most(rules.PART_LENGTH)])
    obstacles = TextField(PART_HEADINGS["obstacles"], validators=[at_most(rules.PART_LENGTH)])
    next_steps = TextField(PART_HEADINGS["next_steps"], validators=[at_most(rules.PART_LENGTH)])

    def to_command(self) -> TranslationCommand:
        """Return what was written."""
        return TranslationCommand(
            language=self.language.data,
            kind=self.kind.data,
            texts={part: self[part].data or "" for part in rules.PARTS},
        )


_KIND_WORDS: Mapping[Kind, Any] = {
    Kind.OFFICIAL: _("Official: made or approved by the organisation or the secretariat"),
    Kind.UNOFFICIAL: _("Unofficial"),
    Kind.MACHINE: _("Machine translation, not checked"),
}


def translation_form(original: str, kinds: Sequence[Kind], given: Any = None) -> TranslationForm:
    """Return the form of a translation from the language `original`."""
    form = TranslationForm(given)
    form.language.choices = _listed(pair for pair in languages.choices() if pair[0] != original)
    form.kind.choices = _listed((kind.value, _KIND_WORDS[kind]) for kind in kinds)
    return form
