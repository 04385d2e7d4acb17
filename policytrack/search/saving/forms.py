"""Read how a person wants a search kept: the shape only."""

from __future__ import annotations

from wtforms import HiddenField, SelectChoice
from wtforms.validators import InputRequired

from policytrack.core.forms import BaseForm, ChoiceField, LineField, at_most
from policytrack.core.i18n import lazy_gettext as _
from policytrack.search.saving.finding import Find
from policytrack.search.saving.rules import NAME_LENGTH, Alert
from policytrack.search.saving.service import Keeping
from policytrack.search.saving.words import ALERT_WORDS


class SavedSearchForm(BaseForm):
    """Take the name of a search and how often to tell of it."""

    name = LineField(
        _("Name"), validators=[InputRequired(_("Fill this in.")), at_most(NAME_LENGTH)]
    )
    alert = ChoiceField(
        _("Mail about what is new"),
        choices=[SelectChoice(alert.value, words) for alert, words in ALERT_WORDS.items()],
        default=Alert.NONE.value,
        validators=[InputRequired(_("Choose from the list."))],
    )

    def to_command(self, known: Find | None) -> Keeping:
        """Return what was chosen; `known` is what the search finds now."""
        return Keeping(self.name.data, Alert(self.alert.data), known)


class NewSearchForm(SavedSearchForm):
    """Take a search to keep as well: its address behind the question mark."""

    search = HiddenField()
