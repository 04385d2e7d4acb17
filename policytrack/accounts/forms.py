"""Read the forms about accounts."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, PasswordField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import EmailInput

from policytrack.accounts import rules
from policytrack.accounts.rules import PasswordProblem
from policytrack.core.forms import BaseForm, EmailField, LineField, at_most
from policytrack.core.i18n import LANGUAGES
from policytrack.core.i18n import lazy_gettext as _

_PROBLEMS = {
    PasswordProblem.SHORT: _("Use at least 12 characters. A few words that you like will do."),
    PasswordProblem.LONG: _("Use at most 200 characters."),
    PasswordProblem.COMMON: _("This password is among the first that anybody would try."),
    PasswordProblem.PERSONAL: _("Your name or your mail address is not a password."),
}


def email_field(label: object, **attributes: str) -> EmailField:
    """Return a required field for a mail address."""
    return EmailField(
        label, validators=[DataRequired(_("Write a mail address."))], render_kw=attributes
    )


def name_field() -> LineField:
    """Return the field for a person's name."""
    return LineField(
        _("Name"),
        description=_("As colleagues and the secretariat should read it. The public does not."),
        validators=[DataRequired(_("Write a name.")), at_most(200)],
        render_kw={"autocomplete": "name"},
    )


def language_field(label: object = _("Language")) -> SelectField:
    """Return the field for the language in which the site speaks to a person."""
    return SelectField(
        label,
        description=_("For the pages of this site and for mail."),
        choices=[SelectChoice(language.code, language.name) for language in LANGUAGES.values()],
        validators=[InputRequired(_("Choose a language."))],
    )


class _NewPassword(BaseForm):
    """Be a form that sets a password; say whose before validating."""

    owner_email = ""
    owner_name = ""

    def validate_password(self, field: Any) -> None:
        """Refuse a password that is too short, too long, too common, or the person's own name."""
        name = self.name.data if "name" in self else self.owner_name
        problem = rules.password_problem(field.data or "", self.owner_email, name or "")
        if problem:
            raise ValidationError(_PROBLEMS[problem])


def _new_password_field(label: object) -> PasswordField:
    return PasswordField(
        label,
        description=_(
            "At least 12 characters; any will do, spaces too. You may paste it from a password"
            " manager."
        ),
        validators=[InputRequired(_("Choose a password."))],
        render_kw={"autocomplete": "new-password"},
    )


class SignInForm(BaseForm):
    """Take an address and a password; whatever is wrong with them gets one answer."""

    email = LineField(
        _("Mail address"),
        widget=EmailInput(),
        validators=[DataRequired(_("Write your mail address."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _("Password"),
        validators=[InputRequired(_("Write your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class RequestResetForm(BaseForm):
    """Take the address to which a link is sent."""

    email = email_field(_("Mail address"), autocomplete="username")


class ResetForm(_NewPassword):
    """Take a new password."""

    password = _new_password_field(_("New password"))


class AcceptForm(_NewPassword):
    """Take what an invited person says of themselves."""

    name = name_field()
    language = language_field()
    password = _new_password_field(_("Password"))


class RegisterForm(BaseForm):
    """Take who registers; `website` is a trap that people do not see and programs fill in."""

    email = email_field(_("Mail address"), autocomplete="email")
    name = name_field()
    language = language_field()
    purpose = LineField(
        _("What you want to use it for"),
        description=_("In a line, for example: a thesis on recruitment fees."),
        validators=[at_most(300)],
    )
    website = LineField(
        _("Leave this field empty"), render_kw={"tabindex": "-1", "autocomplete": "off"}
    )


class ProfileForm(BaseForm):
    """Take one's own name and language."""

    name = name_field()
    language = language_field()


class ChangePasswordForm(_NewPassword):
    """Take the present password and a new one."""

    current = PasswordField(
        _("Present password"),
        validators=[InputRequired(_("Write your present password."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = _new_password_field(_("New password"))
