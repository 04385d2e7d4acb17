"""Say in plain words what the trail holds in codes; said here once for lines, filters and files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.accounts.models import AccountState
from policytrack.core.i18n import lazy_gettext as _

STATES: Mapping[str, Any] = {
    AccountState.ACTIVE: _("Active"),
    AccountState.INVITED: _("Invited"),
    AccountState.SUSPENDED: _("Suspended"),
    AccountState.CLOSED: _("Closed"),
}

# Lines about reference data name its kind, one of many; here they count as one.
REFERENCE = "reference"
# Lines about redactions are lines of the note or document, known by what was done.
REDACTION = "redaction"

# What follows the person's name. In the order in which the filter offers them.
ACTS: Mapping[str, Mapping[str, Any]] = {
    "note": {
        "note.start": _("began a note"),
        "note.save": _("saved the draft of a note"),
        "note.discard": _("threw away the draft of a note"),
        "note.submit": _("submitted a note"),
        "note.withdraw": _("withdrew a note"),
        "note.take_up": _("took up a note for review"),
        "note.return": _("returned a note"),
        "note.publish": _("published a note"),
        "note.publish_unchanged": _("reported that nothing has changed"),
        "note.revise": _("began a new version of a note"),
        "note.retract": _("retracted a note"),
        "note.translate": _("translated a note"),
    },
    "document": {
        "document.start": _("began a library document"),
        "document.save": _("saved the draft of a library document"),
        "document.discard": _("threw away the draft of a library document"),
        "document.submit": _("submitted a library document"),
        "document.withdraw": _("withdrew a library document"),
        "document.take_up": _("took up a library document for review"),
        "document.return": _("returned a library document"),
        "document.publish": _("published a library document"),
        "document.revise": _("began a new version of a library document"),
        "document.retract": _("took a library document out of the library"),
        "document.import": _("brought a library document in from a folder"),
    },
    REDACTION: {
        "redaction.ask": _("asked for a redaction"),
        "redaction.confirm": _("confirmed a redaction"),
        "redaction.refuse": _("refused a redaction"),
        "redaction.apply": _("carried a redaction out again after a restore"),
    },
    "commitment": {
        "commitment.draft": _("began a commitment"),
        "commitment.save": _("saved the text of a commitment"),
        "commitment.revise": _("began a new text of a commitment"),
        "commitment.propose": _("proposed the text of a commitment"),
        "commitment.withdraw": _("withdrew the text of a commitment"),
        "commitment.discard": _("threw away the text of a commitment"),
        "commitment.accept": _("accepted the text of a commitment"),
        "commitment.decline": _("declined the text of a commitment"),
        "commitment.file_letter": _("filed a signed letter with a commitment"),
        "commitment.translate": _("translated a commitment"),
    },
    "programme": {
        "programme.edit": _("described a programme"),
        "programme.item_add": _("added what a programme achieved or taught"),
        "programme.item_change": _("changed what a programme achieved or taught"),
        "programme.item_move": _("moved an entry of a programme"),
        "programme.item_remove": _("removed an entry of a programme"),
        "programme.item_restore": _("put an entry of a programme back"),
        "programme.document_link": _("linked a document to a programme"),
        "programme.document_unlink": _("removed a document’s link to a programme"),
        "programme.contribution_add": _("stated what a programme contributed"),
        "programme.contribution_change": _("changed what a programme contributed"),
        "programme.contribution_remove": _("removed what a programme contributed"),
        "programme.contribution_restore": _("put back what a programme contributed"),
    },
    "dialogue": {
        "dialogue.document_link": _("linked a document to a dialogue"),
        "dialogue.document_unlink": _("removed a document’s link to a dialogue"),
        "dialogue.document_move": _("moved a document of a dialogue"),
    },
    "round": {
        "round.create": _("announced a reporting round"),
        "round.edit": _("changed a reporting round"),
    },
    "membership": {
        "seat_given": _("gave a seat"),
        "seat_ended": _("ended a seat"),
    },
    "account": {
        "signed_in": _("signed in"),
        "signed_out": _("signed out"),
        "browser_signed_out": _("signed one of their browsers out"),
        "browsers_signed_out": _("signed their other browsers out"),
        "sessions_ended": _("ended the sign-ins of a person"),
        "invited": _("invited a person"),
        "enrolled": _("brought a person in from a workbook"),
        "invitation_accepted": _("accepted an invitation"),
        "invitation_withdrawn": _("withdrew an invitation"),
        "registration_requested": _("registration was asked for"),
        "registered": _("registered"),
        "account_changed": _("changed their account"),
        "password_changed": _("changed their password"),
        "password_reset_requested": _("asked for a new password"),
        "password_reset": _("set a new password by link"),
        "offices_given": _("gave an office on the command line"),
        "offices_changed": _("changed the offices of a person"),
        "suspended": _("suspended an account"),
        "reinstated": _("reinstated an account"),
        "closed": _("closed an account"),
    },
    REFERENCE: {
        "reference_added": _("added reference data"),
        "reference_changed": _("changed reference data"),
        "reference_removed": _("removed reference data"),
        "reference_overwritten": _("let the data files overwrite an edit"),
    },
    "saved_search": {
        "search.save": _("saved a search"),
        "search.change": _("changed a saved search"),
        "search.share": _("shared a saved search"),
        "search.unshare": _("ended the sharing of a saved search"),
        "search.feed": _("gave a saved search a feed"),
        "search.feed_end": _("ended the feed of a saved search"),
        "search.delete": _("deleted a saved search"),
    },
    "option": {"option.change": _("changed a setting")},
    "file": {"file.refuse": _("handed in a file that the malware scanner refused")},
    "outbox": {
        "outbox.retry": _("had failed work tried again"),
        "outbox.drop": _("dropped failed work"),
    },
    "workbook": {
        "workbook.applied": _("brought a workbook in"),
        "workbook.exported": _("took the workbook out"),
    },
    "demonstration": {
        "demonstration.load": _("loaded the demonstration content"),
        "demonstration.remove": _("removed the demonstration content"),
    },
}

KINDS: Mapping[str, Any] = {
    "note": _("Progress notes"),
    "document": _("Library documents"),
    REDACTION: _("Redactions"),
    "commitment": _("Commitments"),
    "programme": _("Programmes"),
    "dialogue": _("Dialogues"),
    "round": _("Reporting rounds"),
    "membership": _("Members"),
    "account": _("Accounts"),
    REFERENCE: _("Reference data"),
    "saved_search": _("Saved searches"),
    "option": _("Settings"),
    "file": _("Refused files"),
    "outbox": _("Outbox"),
    "workbook": _("Workbooks"),
    "demonstration": _("Demonstration"),
}

_WORDS: Mapping[str, Any] = {code: said for acts in ACTS.values() for code, said in acts.items()}


def act_words(action: str) -> str:
    """Return what an action is called; one that no table names is called by its code."""
    return str(_WORDS.get(action, action))


def acts_called(words: str) -> list[str]:
    """Return the actions whose words hold all of these words, in the reader's language."""
    wanted = words.casefold().split()
    return [
        code
        for code, said in _WORDS.items()
        if all(each in str(said).casefold() or each in code for each in wanted)
    ]
