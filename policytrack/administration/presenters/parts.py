"""List the parts of administration that an actor may use."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one part: its name, where it is, what it is for."""

    label: str
    url: str
    sentence: str
    current: bool


def parts(actor: Actor) -> list[Part]:
    """Return the parts in their order; nobody is shown a part that is closed to them."""
    listed = [
        (
            Permission.ADMINISTER,
            _("People"),
            "administration.people",
            _("Invite, suspend, close; offices, seats and sign-ins."),
        ),
        (
            Permission.REFERENCE_MANAGE,
            _("Organisations"),
            "administration.organisations",
            _("Who belongs to which group, with its members."),
        ),
        (
            Permission.ADMINISTER,
            _("Moving in"),
            "reporting.workbook",
            _("Organisations, people and commitments from a workbook, and out into one."),
        ),
        (
            Permission.ADMINISTER,
            _("Roles and permissions"),
            "administration.permissions",
            _("Who may do what, as the program enforces it."),
        ),
        (
            Permission.ADMINISTER,
            _("Settings"),
            "administration.settings",
            _("Notice, registration, and how long things are kept."),
        ),
        (
            Permission.ADMINISTER,
            _("Health"),
            "administration.health",
            _("Mail that could not be sent, the search index, the disk."),
        ),
        (Permission.TRAIL_READ, _("Trail"), "administration.trail", _("Who did what, and when.")),
    ]
    here = request.endpoint or ""
    return [
        Part(label, url_for(endpoint), sentence, endpoint in _of(here))
        for permission, label, endpoint, sentence in listed
        if actor.may(permission)
    ]


# The pages below a part.
_UNDER = {
    "administration.person": "administration.people",
    "administration.invite": "administration.people",
    "administration.organisation": "administration.organisations",
}


def _of(endpoint: str) -> set[str]:
    return {endpoint, _UNDER.get(endpoint.split("_")[0], "")}
