"""Give the page of a document the forms by which it is taken a step further."""

from __future__ import annotations

from typing import Any

from policytrack.core import clock
from policytrack.core.i18n import language
from policytrack.core.requests import current_actor
from policytrack.core.review import State
from policytrack.library import forms, policy, service
from policytrack.library.models import LibraryDocument


def acting(
    document: LibraryDocument,
    decision: forms.DecisionForm | None = None,
    submission: forms.SubmitForm | None = None,
) -> dict[str, Any]:
    """Return what `library/_acts.html` needs, with the forms as they were filled in."""
    revision = policy.open_revision(current_actor(), document, clock.now())
    submission = submission or forms.SubmitForm()
    if revision is not None and not submission.version.data:
        submission.version.data = revision.stamp
    decision = decision or forms.DecisionForm()
    decision.language.data = decision.language.data or language().code
    unfinished = revision is not None and revision.state in {State.DRAFT, State.RETURNED}
    lacking = service.lacking(revision, people_protected=True) if revision and unfinished else {}
    return {
        "decision": decision,
        "submission": submission,
        "lacking": [str(sentence) for sentence in lacking.values()],
    }
