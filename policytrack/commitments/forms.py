"""Read the forms about commitments: their shape only; what is allowed the service decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import FieldList, FileField, Form, FormField, HiddenField, RadioField
from wtforms.validators import InputRequired, Length, ValidationError

from policytrack.commitments.models import CommitmentRevision
from policytrack.commitments.presenters import ChoiceGroup, gender_words, unit_name
from policytrack.commitments.rules import (
    ROWS,
    TEXT_LENGTH,
    TITLE_LENGTH,
    UNITS,
    Plan,
    PlannedIndicator,
    PlannedMilestone,
)
from policytrack.commitments.service import Base, TextCommand, TranslationCommand
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
)
from policytrack.core.i18n import gettext, language
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.languages import choices as language_choices
from policytrack.core.translations import Kind

# More rows than the form offers can have come in by other ways; none may get lost.
_MOST_ROWS = 20

Groups = Mapping[str, Sequence[ChoiceGroup]]


def _needed(message: object) -> InputRequired:
    return InputRequired(message)


class _NumberInForm(HiddenField):  # type: ignore[misc]  # WTForms has no types
    """Carry a whole number that the page itself put there; anything else is 0."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class IndicatorForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Take one indicator; a row without a name is no indicator."""

    public_id = HiddenField(validators=[Length(max=10)])
    label = LineField(_("What is measured"), validators=[at_most(300)])
    unit = ChoiceField(_("Unit"), default="people")
    baseline = NumberField(_("Baseline"))
    baseline_on = DayField(_("Date of the baseline"))
    target = NumberField(_("Target"))
    target_on = DayField(_("Date of the target"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit.choices = [(code, unit_name(code)) for code in UNITS]

    def validate_label(self, field: LineField) -> None:
        """Ask for the name of a row that holds figures."""
        if not field.data and (self.baseline.data is not None or self.target.data is not None):
            raise ValidationError(_("Name what is measured, or empty the whole row."))


class MilestoneForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Take one milestone; a row without a name is no milestone."""

    key = HiddenField(validators=[Length(max=10)])
    label = LineField(_("Step"), validators=[at_most(300)])
    due_on = DayField(_("Due"))
    met_on = DayField(_("Met"))

    def validate_label(self, field: LineField) -> None:
        """Ask for the name of a row that holds dates."""
        if not field.data and (self.due_on.data or self.met_on.data):
            raise ValidationError(_("Name the step, or empty the whole row."))

    def validate_due_on(self, field: DayField) -> None:
        """Ask for the date of a named step."""
        if self.label.data and not field.data and not field.errors:
            raise ValidationError(_("Give the date by which this step is due."))


class TextForm(BaseForm):
    """Take a text with its classification; `number` and `version` say what it was made from."""

    number = _NumberInForm(default=0)
    version = _NumberInForm(default=0)
    lead = ChoiceField(
        _("Lead organisation"), validators=[_needed(_("Choose who undertakes this."))]
    )
    language = ChoiceField(
        _("Language of the text"), validators=[_needed(_("Choose the language you write in."))]
    )
    title = LineField(
        _("Title"),
        description=_("One sentence that says what will be different."),
        validators=[_needed(_("Write a title.")), at_most(TITLE_LENGTH)],
    )
    text = TextField(
        _("Text"),
        description=_(
            "What is undertaken, by whom, for whom and by when. This is the text that binds."
        ),
        validators=[_needed(_("Write what is undertaken.")), at_most(TEXT_LENGTH)],
    )
    gender_marker = RadioField(
        _("Focus on women migrant workers"),
        coerce=int,
        default=0,
        validators=[_needed(_("Say how far this is about women migrant workers."))],
    )
    provisions = ChoicesField(
        _("Provisions that it answers to"),
        validators=[_needed(_("Choose at least one provision."))],
    )
    themes = ChoicesField(_("Themes"), validators=[_needed(_("Choose at least one theme."))])
    sectors = ChoicesField(_("Sectors"))
    target_groups = ChoicesField(_("Target groups"))
    countries = ChoicesField(_("Countries and territories concerned"))
    corridors = ChoicesField(_("Corridors concerned"))
    supporters = ChoicesField(_("Supporting organisations"))
    starts_on = DayField(_("Start"))
    due_on = DayField(_("Due"))
    indicators = FieldList(FormField(IndicatorForm), label=_("Indicators"), max_entries=_MOST_ROWS)
    milestones = FieldList(FormField(MilestoneForm), label=_("Milestones"), max_entries=_MOST_ROWS)

    def __init__(self, formdata: Any = None, *, groups: Groups, with_lead: bool, **kw: Any) -> None:
        super().__init__(formdata, **kw)
        if not with_lead:
            del self.lead
        for name, choices in groups.items():
            if name in self:
                self[name].choices = [
                    (each.code, each.name) for group in choices for each in group.items
                ]
        self.language.choices = language_choices()
        self.gender_marker.choices = list(enumerate(gender_words()))
        for rows in (self.indicators, self.milestones):
            while len(rows) < ROWS:
                rows.append_entry()

    def validate_text(self, field: TextField) -> None:
        """Refuse a text of spaces, which `InputRequired` does not notice."""
        if not field.data:
            raise ValidationError(_("Write what is undertaken."))

    def validate_title(self, field: LineField) -> None:
        """Refuse a title of spaces likewise."""
        if not field.data:
            raise ValidationError(_("Write a title."))

    def validate_due_on(self, field: DayField) -> None:
        """Refuse a due date before the start."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The due date lies before the start."))

    @property
    def base(self) -> Base:
        """Return what the form was made from."""
        return Base(self.number.data, self.version.data)

    def made_from(self, present: CommitmentRevision, plan: Plan) -> None:
        """Lay what was typed onto another text; rows that it no longer has count as new ones."""
        self.number.data, self.version.data = present.number, present.version
        known = {each.public_id for each in plan.indicators}
        for row in (entry.form for entry in self.indicators):
            row.public_id.data = row.public_id.data if row.public_id.data in known else ""
        steps = {each.key for each in plan.milestones}
        for row in (entry.form for entry in self.milestones):
            row.key.data = row.key.data if row.key.data in steps else ""

    def to_command(self, present: Plan) -> TextCommand:
        """Return what was asked for; names in other languages are kept from the present plan."""
        return TextCommand(
            language=self.language.data,
            title=self.title.data,
            text=self.text.data,
            gender_marker=self.gender_marker.data,
            provisions=tuple(self.provisions.data),
            themes=tuple(self.themes.data),
            starts_on=self.starts_on.data,
            due_on=self.due_on.data,
            sectors=tuple(self.sectors.data or ()),
            target_groups=tuple(self.target_groups.data or ()),
            countries=tuple(self.countries.data or ()),
            corridors=tuple(self.corridors.data or ()),
            supporters=tuple(self.supporters.data or ()),
            plan=self._plan(present),
        )

    def _plan(self, present: Plan) -> Plan:
        written = self.language.data
        indicators = {each.public_id: each.labels for each in present.indicators}
        milestones = {each.key: each.labels for each in present.milestones}
        return Plan(
            tuple(
                PlannedIndicator(
                    public_id=row.public_id.data or "",
                    labels=_labels(indicators.get(row.public_id.data), written, row.label.data),
                    unit=row.unit.data,
                    baseline=row.baseline.data,
                    baseline_on=row.baseline_on.data,
                    target=row.target.data,
                    target_on=row.target_on.data,
                )
                for row in (entry.form for entry in self.indicators)
                if row.label.data
            ),
            tuple(
                PlannedMilestone(
                    key=row.key.data or "",
                    labels=_labels(milestones.get(row.key.data), written, row.label.data),
                    due_on=row.due_on.data,
                    met_on=row.met_on.data,
                )
                for row in (entry.form for entry in self.milestones)
                if row.label.data
            ),
        )


def _labels(present: Mapping[str, str] | None, written: str, name: str) -> dict[str, str]:
    # An unchanged name keeps its translations; a new one makes them wrong.
    if present and name in present.values():
        return dict(present)
    return {written: name}


class ActionForm(BaseForm):
    """Take a step in the life of the text that was shown, with a reason or a letter where asked."""

    number = _NumberInForm(default=0)
    version = _NumberInForm(default=0)
    reason = TextField(
        _("Reason"),
        description=_("The people who proposed the text read it."),
        validators=[at_most(4000)],
    )
    language = ChoiceField(_("Language of the reason"))
    letter = FileField(
        _("Signed letter"),
        description=_("PDF, DOCX, ODT or a picture of it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()
        self.language.data = self.language.data or language().code

    @property
    def base(self) -> Base:
        """Return which text was shown."""
        return Base(self.number.data, self.version.data)


class TranslationForm(BaseForm):
    """Take a translation of one text."""

    seen = HiddenField(validators=[Length(max=40)])
    revision = ChoiceField(
        _("Text that was translated"), validators=[_needed(_("Choose from the list."))]
    )
    language = ChoiceField(
        _("Language of the translation"), validators=[_needed(_("Choose a language."))]
    )
    kind = RadioField(
        _("Kind of translation"), validators=[_needed(_("Say what kind of translation this is."))]
    )
    title = LineField(_("Title"), validators=[_needed(_("Write a title.")), at_most(TITLE_LENGTH)])
    text = TextField(_("Text"), validators=[_needed(_("Write the text.")), at_most(TEXT_LENGTH)])

    def __init__(
        self,
        formdata: Any = None,
        *,
        revisions: Sequence[tuple[str, str]],
        official: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(formdata, **kwargs)
        self.revision.choices = list(revisions)
        self.language.choices = [("", gettext("Choose a language")), *language_choices()]
        words = {
            Kind.OFFICIAL: gettext("Official: the lead stands for it"),
            Kind.UNOFFICIAL: gettext("Unofficial: translated by a person"),
            Kind.MACHINE: gettext("Machine: not checked by a person"),
        }
        self.kind.choices = [
            (kind.value, word) for kind, word in words.items() if official or kind != Kind.OFFICIAL
        ]

    def validate_text(self, field: TextField) -> None:
        """Refuse a text of spaces, which `InputRequired` does not notice."""
        if not field.data:
            raise ValidationError(_("Write the text."))

    def validate_title(self, field: LineField) -> None:
        """Refuse a title of spaces likewise."""
        if not field.data:
            raise ValidationError(_("Write a title."))

    def to_command(self) -> TranslationCommand:
        """Return what was asked for."""
        return TranslationCommand(
            revision=int(self.revision.data),
            language=self.language.data,
            kind=self.kind.data,
            title=self.title.data,
            text=self.text.data,
        )


def refuse(form: Form, error: InvalidInput) -> None:
    """Show what the service refused at the fields it named, else above the form."""
    for name, message in error.fields.items():
        if name in form and not isinstance(form[name], FieldList):
            form[name].errors = [*form[name].errors, message]
        else:
            form.form_errors.append(message)
    if not error.fields:
        form.form_errors.append(error.message)
