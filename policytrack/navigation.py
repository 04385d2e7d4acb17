"""Make the menu from permissions."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import Actor, Permission


@dataclass(frozen=True, slots=True)
class MenuItem:
    """Hold one entry of the menu."""

    label: str
    url: str
    current: bool


def menu(actor: Actor) -> list[MenuItem]:
    """Return the entries that this actor can use, in their order."""
    entries = []
    if actor.own(Permission.NOTE_WRITE):
        entries.append((_("What we owe"), "pages.home"))
    if actor.may(Permission.NOTE_REVIEW):
        entries.append((_("Review"), "progress.queue"))
    entries.append((_("Commitments"), "pages.commitments"))
    entries.append((_("Places"), "pages.places"))
    entries.append((_("Search"), "search.search"))
    if actor.may(Permission.MEMBER_INVITE):
        entries.append((_("Members"), "constituents.members"))
    return _items(entries)


def account_menu(actor: Actor) -> list[MenuItem]:
    """Return the entries of a person's own menu."""
    return _items([(_("Your account"), "accounts.account")]) if actor.signed_in else []


def _items(entries: list[tuple[str, str]]) -> list[MenuItem]:
    return [
        MenuItem(label, url_for(endpoint), request.endpoint == endpoint)
        for label, endpoint in entries
    ]
