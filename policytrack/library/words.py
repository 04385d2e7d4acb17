"""Name in the reader's language what documents are, and what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.review import Action
from policytrack.library.rules import LegalStatus, Relation, Rights, Type, Visibility

TYPE_WORDS: Mapping[str, Any] = {
    Type.LAW: _("Law or regulation"),
    Type.POLICY: _("Policy or strategy"),
    Type.AGREEMENT: _("Bilateral agreement or memorandum"),
    Type.CONTRACT: _("Standard contract"),
    Type.PRACTICE: _("Good practice"),
    Type.RESEARCH: _("Research or data"),
    Type.EVALUATION: _("Evaluation report"),
    Type.RESPONSE: _("Management response"),
    Type.STATEMENT: _("Statement"),
    Type.MEETING: _("Meeting document"),
}
LEGAL_STATUS_WORDS: Mapping[str, Any] = {
    LegalStatus.DRAFT: _("Draft text"),
    LegalStatus.ADOPTED: _("Adopted, not in force yet"),
    LegalStatus.IN_FORCE: _("In force"),
    LegalStatus.SUSPENDED: _("Application suspended"),
    LegalStatus.EXPIRED: _("Expired"),
    LegalStatus.REPEALED: _("Repealed"),
}
VISIBILITY_WORDS: Mapping[str, Any] = {
    Visibility.PUBLIC: _("Everybody"),
    Visibility.CONSTITUENTS: _("Constituents only"),
}
RIGHTS_WORDS: Mapping[str, Any] = {
    Rights.COPY: _("Copies may be handed out"),
    Rights.LINK: _("Only a link to the source, no copies"),
}
# How this document stands to the other one, and how the other one stands to this.
RELATION_WORDS: Mapping[str, Any] = {
    Relation.AMENDS: _("Amends"),
    Relation.REPEALS: _("Repeals"),
    Relation.REPLACES: _("Replaces"),
    Relation.TRANSLATES: _("Translation of"),
    Relation.EVALUATES: _("Evaluates"),
    Relation.RESPONDS: _("Responds to"),
    Relation.RELATED: _("Related"),
}
RELATION_WORDS_BACK: Mapping[str, Any] = {
    Relation.AMENDS: _("Amended by"),
    Relation.REPEALS: _("Repealed by"),
    Relation.REPLACES: _("Replaced by"),
    Relation.TRANSLATES: _("Has translation"),
    Relation.EVALUATES: _("Evaluated by"),
    Relation.RESPONDS: _("Answered by"),
    Relation.RELATED: _("Related"),
}
# In the order in which a practice is read; the codes of its lists come after.
PRACTICE_WORDS: Mapping[str, Any] = {
    "why_good": _("Why it is a good practice"),
    "practice_type": _("Kind of practice"),
    "implementer": _("Who carries it out"),
    "implementer_type": _("Kind of implementer"),
    "partners": _("Partners"),
    "funders": _("Funders"),
    "scope": _("Geographic scope"),
    "subregions": _("Regions or subregions"),
    "start": _("Began"),
    "end": _("Ended"),
    "outcomes": _("What it achieved"),
    "challenges": _("Challenges"),
    "lessons": _("Lessons"),
    "replication": _("How it can be replicated"),
    "sustainability": _("What keeps it going"),
    "innovation": _("What is new about it"),
    "gcm_objectives": _("Objectives of the Global Compact for Migration"),
    "gcm_principles": _("Principles of the Global Compact for Migration"),
    "sdgs": _("Targets of the Sustainable Development Goals"),
    "source": _("Database that it comes from"),
    "date_shared": _("Shared on"),
    "contact": _("Whom to ask"),
}
DECISION_WORDS: Mapping[str, Any] = {
    Action.TAKE_UP: _("Taken up for review"),
    Action.RETURN: _("Returned"),
    Action.PUBLISH: _("Published"),
    Action.RETRACT: _("Withdrawn"),
}
# What happened, said to the one who did it.
DONE_WORDS: Mapping[str, Any] = {
    Action.SAVE: _("The draft is saved."),
    Action.SUBMIT: _("The document is submitted. The secretariat will review it."),
    Action.DISCARD: _("The draft is thrown away."),
    Action.WITHDRAW: _("The document is yours again, as a draft."),
    Action.TAKE_UP: _("You are now the reviewer of this document."),
    Action.RETURN: _("The document is returned with your reason."),
    Action.PUBLISH: _("The document is published."),
    Action.REVISE: _("This is a new draft; the published document stays in force meanwhile."),
    Action.RETRACT: _("The document is withdrawn; its page says when and why."),
}
