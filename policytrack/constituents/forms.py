"""Read the forms about members."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired

from policytrack.constituents.presenters import role_label
from policytrack.constituents.rules import seat_roles
from policytrack.core.forms import BaseForm, EmailField, LineField, at_most
from policytrack.core.i18n import LANGUAGES
from policytrack.core.i18n import lazy_gettext as _


class InviteForm(BaseForm):
    """Take whom to invite; the roles offered are those of the organisation's group."""

    organisation = HiddenField()
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
    role = RadioField(_("Role"), validators=[InputRequired(_("Choose a role."))])
    language = SelectField(
        _("Language of the invitation"),
        choices=[SelectChoice(language.code, language.name) for language in LANGUAGES.values()],
        validators=[InputRequired(_("Choose a language."))],
    )

    def __init__(self, group: str, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.role.choices = [
            SelectChoice(str(role), role_label(role)) for role in seat_roles(group)
        ]


class EndForm(BaseForm):
    """Take the confirmation that the last focal point's seat may end."""

    confirmed = BooleanField(
        _("I know that nobody can submit for this organisation until it has a new focal point.")
    )


class AgainForm(BaseForm):
    """Be good for one more invitation."""
