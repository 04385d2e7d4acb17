"""Prepare what pages show of a commitment's texts: frozen, in the reader's language."""

from policytrack.commitments.presenters.choices import ChoiceGroup, choice_groups
from policytrack.commitments.presenters.classification import Facts, facts, gender_words, unit_name
from policytrack.commitments.presenters.comparing import Newer, comparison, newer, newer_translation
from policytrack.commitments.presenters.editing import (
    form_values,
    revision_choices,
    translatable,
    translation_rows,
    translation_values,
)
from policytrack.commitments.presenters.texts import (
    RevisionView,
    Steps,
    TextView,
    revision_views,
    steps,
    text_view,
)

__all__ = [
    "ChoiceGroup",
    "Facts",
    "Newer",
    "RevisionView",
    "Steps",
    "TextView",
    "choice_groups",
    "comparison",
    "facts",
    "form_values",
    "gender_words",
    "newer",
    "newer_translation",
    "revision_choices",
    "revision_views",
    "steps",
    "text_view",
    "translatable",
    "translation_rows",
    "translation_values",
    "unit_name",
]
