"""Read the forms of administration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from policytrack.constituents.presenters import role_label
from policytrack.core import words
from policytrack.core.forms import (
    BaseForm,
    ChoiceField,
    ChoicesField,
    EmailField,
    LineField,
    NumberField,
    TextField,
    at_most,
)
from policytrack.core.i18n import LANGUAGES
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.options import DECLARED, Declared, Kind
from policytrack.core.permissions import OFFICE_ROLES, Role

SEAT_ROLES = (Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.OBSERVER)
OFFICES = tuple(role for role in Role if role in OFFICE_ROLES)

Choices = Sequence[tuple[str, str]]


def _offered(nothing: object, choices: Choices) -> list[SelectChoice]:
    return [SelectChoice("", nothing), *(SelectChoice(*choice) for choice in choices)]


class PlainForm(BaseForm):
    """Be good for one act, once."""


class ConfirmForm(BaseForm):
    """Take the confirmations of an act that ends something.

    `sure`: the act itself; `confirmed`: that organisations are left without a focal point.
    """

    sure = BooleanField()
    confirmed = BooleanField(
        _("I know that nobody can submit for this organisation until it has a new focal point.")
    )


class CloseOwnForm(ConfirmForm):
    """Take the password of who closes their own account."""

    password = PasswordField(
        _("Password"),
        validators=[InputRequired(_("Write your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    sure = BooleanField(
        _("I know that this cannot be undone."), validators=[InputRequired(_("Tick this box."))]
    )


class RetireForm(BaseForm):
    """Take why an organisation is retired, or brought back."""

    reason = TextField(_("Reason"), validators=[at_most(500)])


class InvitePersonForm(BaseForm):
    """Take whom to invite, and to which office or seat."""

    email = EmailField(
        _("Mail address"),
        description=_("The invitation goes here. Use an address that belongs to one person."),
        validators=[DataRequired(_("Write a mail address."))],
        render_kw={"autocomplete": "off"},
    )
    name = LineField(
        _("Name"),
        description=_("They can change it when they accept."),
        validators=[DataRequired(_("Write a name.")), at_most(200)],
        render_kw={"autocomplete": "off"},
    )
    language = SelectField(
        _("Language of the invitation"),
        choices=[SelectChoice(language.code, language.name) for language in LANGUAGES.values()],
        validators=[InputRequired(_("Choose a language."))],
    )
    role = ChoiceField(_("Role"), validators=[InputRequired(_("Choose a role."))])
    organisation = ChoiceField(
        _("Organisation"),
        description=_("For a focal point, a contributor or an observer."),
    )

    def __init__(self, organisations: Choices, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.role.choices = [
            SelectChoice("", _("Choose a role")),
            *(SelectChoice(str(role), role_label(role)) for role in SEAT_ROLES),
            *(SelectChoice(str(role), words.ROLES[role]) for role in OFFICES),
        ]
        self.organisation.choices = _offered(_("None"), organisations)

    @property
    def is_seat(self) -> bool:
        """Tell whether an organisation gives the role."""
        return self.role.data in SEAT_ROLES

    def validate_organisation(self, field: Any) -> None:
        """Refuse a seat without an organisation, and an office with one."""
        if self.is_seat and not field.data:
            raise ValidationError(_("Choose the organisation that gives this role."))
        if self.role.data and not self.is_seat and field.data:
            raise ValidationError(_("This role belongs to no organisation. Choose none."))


class SeatForm(BaseForm):
    """Take the organisation and the role of a seat."""

    organisation = ChoiceField(
        _("Organisation"), validators=[InputRequired(_("Choose an organisation."))]
    )
    seat_role = ChoiceField(_("Role"), validators=[InputRequired(_("Choose a role."))])

    def __init__(self, organisations: Choices, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.organisation.choices = _offered(_("Choose an organisation"), organisations)
        self.seat_role.choices = [SelectChoice(str(role), role_label(role)) for role in SEAT_ROLES]


class OfficesForm(BaseForm):
    """Take the offices of a person: any of them, or none."""

    offices = ChoicesField(
        _("Offices"), choices=[SelectChoice(str(role), words.ROLES[role]) for role in OFFICES]
    )


def _whole(field: NumberField) -> object:
    number = field.data
    return int(number) if number is not None and number == int(number) else number


class SettingsForm(BaseForm):
    """Take all settings that may change while the site runs.

    `seen` says which values the form started from.
    """

    seen = HiddenField()

    def fields_of(self, option: Declared[Any]) -> list[Any]:
        """Return the fields of a setting: one, or one for each language."""
        return [self[name] for name in _names(option)]

    def wanted(self) -> dict[str, object]:
        """Return what was typed, by setting."""
        found: dict[str, object] = {}
        for option in DECLARED:
            if option.kind is Kind.WORDS:
                found[option.name] = {
                    code: self[f"{option.name}_{code}"].data or "" for code in LANGUAGES
                }
            elif option.kind is Kind.SWITCH:
                found[option.name] = self[option.name].data == "yes"
            elif option.kind is Kind.NUMBER:
                found[option.name] = _whole(self[option.name])
            else:
                found[option.name] = self[option.name].data or ""
        return found

    @staticmethod
    def shown(values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values in force as the fields show them."""
        data: dict[str, Any] = {}
        for option in DECLARED:
            value = values[option.name]
            if option.kind is Kind.WORDS:
                data |= {f"{option.name}_{code}": value.get(code, "") for code in LANGUAGES}
            elif option.kind is Kind.SWITCH:
                data[option.name] = "yes" if value else "no"
            else:
                data[option.name] = value
        return data


def _names(option: Declared[Any]) -> list[str]:
    if option.kind is Kind.WORDS:
        return [f"{option.name}_{code}" for code in LANGUAGES]
    return [option.name]


def _fields(option: Declared[Any]) -> Iterator[Any]:
    if option.kind is Kind.WORDS:
        for language in LANGUAGES.values():
            yield TextField(
                language.name,
                validators=[at_most(option.most)],
                render_kw={"lang": language.code, "rows": "2"},
            )
    elif option.kind is Kind.SWITCH:
        yield SelectField(
            option.label,
            description=option.sentence,
            choices=[SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))],
        )
    elif option.kind is Kind.NUMBER:
        yield NumberField(
            option.label,
            description=option.sentence,
            validators=[InputRequired(_("Write a number."))],
        )
    else:
        yield LineField(option.label, description=option.sentence, validators=[at_most(254)])


for _option in DECLARED:
    for _name, _field in zip(_names(_option), _fields(_option), strict=True):
        setattr(SettingsForm, _name, _field)

OPTIONS: Mapping[str, Declared[Any]] = {option.name: option for option in DECLARED}
