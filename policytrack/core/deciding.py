"""Read what the page of a thing under review gives a step: the same for every kind of thing."""

from __future__ import annotations

from typing import Any

from policytrack.core.forms import BaseForm
from policytrack.core.review import Action


def given(form: BaseForm, action: str, language: str) -> dict[str, Any]:
    """Return what a step takes from the form it was sent with, named as the services name it.

    `language` is what a reason is written in.
    """
    match action:
        case Action.SUBMIT:
            return {
                "people_protected": form.people_protected.data,
                "seen": form.version.data or "",
            }
        case Action.RETURN:
            return {
                "reason": form.reason.data or "",
                "language": language,
                "internal_comment": form.internal_comment.data or "",
            }
        case Action.RETRACT:
            return {"reason": form.reason.data or "", "language": language}
        case Action.PUBLISH:
            return {"internal_comment": form.internal_comment.data or ""}
    return {}
