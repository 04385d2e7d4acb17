"""Read what somebody states that a programme contributed: the shape only."""

from __future__ import annotations

import re
from typing import Any

from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import InputRequired, Length

from policytrack.commitments.contributing.rules import TEXT_LENGTH
from policytrack.commitments.contributing.service import Statement, stamp
from policytrack.commitments.contributing.words import CHOICE_WORDS
from policytrack.core import languages
from policytrack.core.errors import InvalidInput
from policytrack.core.forms import (
    BaseForm,
    ChoiceField,
    LineField,
    TextField,
    at_most,
    latin_digits,
)
from policytrack.core.i18n import language as present_language
from policytrack.core.i18n import lazy_gettext as _
from policytrack.programmes.forms import DocumentField

_LONGEST = 2_000
_ADDRESS = re.compile(r"(?:.*/commitments/)?([A-Za-z0-9.-]{1,40})(?:[/?#].*)?", re.DOTALL)


class ContributionForm(BaseForm):
    """Take what a programme contributed; `seen` is what the form was made from."""

    seen = HiddenField(validators=[Length(max=40)])
    commitment = LineField(
        _("Commitment"),
        description=_("Its code, such as BALI-B1-NP-01, or the address of its page."),
        validators=[InputRequired(_("Fill this in.")), at_most(_LONGEST)],
    )
    basis = RadioField(
        _("Whose word it is"),
        choices=[SelectChoice(code.value, words) for code, words in CHOICE_WORDS.items()],
        invalid_choice_message=_("Choose from the list."),
        validators=[InputRequired(_("Choose from the list."))],
    )
    language = ChoiceField(
        _("Language of the text"), validators=[InputRequired(_("Choose a language."))]
    )
    text = TextField(
        _("What it contributed"),
        description=_("What the programme did for this commitment, and what came of it."),
        validators=[InputRequired(_("Fill this in.")), at_most(TEXT_LENGTH)],
    )
    document = DocumentField(
        _("Document of the library"),
        description=_(
            "Copy the address of its page here. Everybody must be able to read the document."
        ),
        validators=[at_most(_LONGEST)],
    )
    page = LineField(_("Page"), validators=[at_most(20)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = languages.choices()
        if not self.language.data:
            self.language.data = present_language().code

    @property
    def address(self) -> str:
        """Return the code or the id of the commitment that was named."""
        found = _ADDRESS.fullmatch(self.commitment.data or "")
        return found[1] if found else ""

    def to_statement(self) -> Statement:
        """Return what was stated."""
        return Statement(
            basis=self.basis.data,
            language=self.language.data,
            text=self.text.data or "",
            document=self.document.public_id,
            page=latin_digits(self.page.data or ""),
        )


def stated(here: Statement, commitment: str, address: str) -> dict[str, Any]:
    """Return what a contribution says, as the form names it; `address` is its document's."""
    return {
        "seen": stamp(here),
        "commitment": commitment,
        "basis": here.basis,
        "language": here.language,
        "text": here.text,
        "document": address,
        "page": here.page,
    }


def blame(form: BaseForm, problem: InvalidInput) -> None:
    """Put the service's sentences beside the fields that they speak of."""
    for name, sentence in problem.fields.items():
        form[name].errors = [*form[name].errors, str(sentence)]
