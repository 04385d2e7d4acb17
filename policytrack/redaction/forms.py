"""Take what is to be redacted, why, and what an officer decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policytrack.core import languages
from policytrack.core.forms import BaseForm, ChoiceField, LineField, TextField, at_most
from policytrack.core.i18n import gettext, lazy_gettext
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.redaction import LONGEST
from policytrack.redaction import rules


class AskForm(BaseForm):
    """Take a passage or a file, the reason, and the sentence that the page will show."""

    passage = TextField(
        _("The passage"),
        description=_(
            "Copy the words as they are written. White space and line breaks do not matter, upper"
            " and lower case letters do."
        ),
        validators=[at_most(LONGEST)],
    )
    file = ChoiceField(_("Or a whole file"))
    reason = TextField(
        _("Reason"),
        description=_("Only the secretariat reads this. Do not repeat what is to be taken out."),
        validators=[at_most(rules.REASON_LENGTH)],
    )
    sentence = LineField(
        _("Sentence for the public"),
        description=_("The page will show it, with the date. Without it, only the date."),
        validators=[at_most(rules.SENTENCE_LENGTH)],
    )
    language = ChoiceField(_("Language of the sentence"))

    def __init__(self, *args: Any, files: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file.choices = [("", gettext("No file")), *files]
        self.language.choices = languages.choices()
        for field in (self.passage, self.file, self.sentence, self.language):
            field.flags.optional = True
        self.reason.flags.required = True


class DecideForm(BaseForm):
    """Take why a request is refused."""

    refusal = TextField(
        _("Reason for refusing"),
        description=lazy_gettext("Only the secretariat reads this."),
        validators=[at_most(rules.REASON_LENGTH)],
    )


def blame(form: BaseForm, problems: Mapping[str, object]) -> None:
    """Put the service's sentences beside the fields they speak of."""
    for name, problem in problems.items():
        field = form[name]
        field.errors = [*field.errors, str(problem)]
