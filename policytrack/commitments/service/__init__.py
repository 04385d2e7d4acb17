"""Write commitments: draft, propose, decide, translate.

Every function is called inside `core.db.transaction` with a commitment from `queries.get`. Each
first locks it and reads it again, so that what is decided rests on what is stored now.
"""

from policytrack.commitments.service.commands import Base, TextCommand, TranslationCommand
from policytrack.commitments.service.deciding import (
    accept,
    decline,
    discard,
    file_letter,
    propose,
    withdraw,
)
from policytrack.commitments.service.importing import (
    Arrival,
    bring_in,
    bring_in_translations,
)
from policytrack.commitments.service.plans import plan_for, plan_of
from policytrack.commitments.service.translating import translate
from policytrack.commitments.service.writing import draft, editable, save, start_revision

__all__ = [
    "Arrival",
    "Base",
    "TextCommand",
    "TranslationCommand",
    "accept",
    "bring_in",
    "bring_in_translations",
    "decline",
    "discard",
    "draft",
    "editable",
    "file_letter",
    "plan_for",
    "plan_of",
    "propose",
    "save",
    "start_revision",
    "translate",
    "withdraw",
]
