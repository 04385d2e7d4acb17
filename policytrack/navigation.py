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
    entries.append((_("Library"), "library.list"))
    entries.append((_("Places"), "pages.places"))
    # Organisations, themes, texts, meetings and programmes are found from one page.
    entries.append((_("Browse"), "pages.browse"))
    entries.append((_("Search"), "search.search"))
    if actor.may(Permission.MEMBER_INVITE):
        entries.append((_("Members"), "constituents.members"))
    # Administrators find the parts under one entry; others the one or two that are open to them.
    if actor.may(Permission.ADMINISTER):
        entries.append((_("Administration"), "administration.home"))
    elif actor.may(Permission.REFERENCE_MANAGE):
        entries.append((_("Organisations"), "administration.organisations"))
        entries.append((_("Trail"), "administration.trail"))
    if actor.may(Permission.REFERENCE_MANAGE):
        entries.append((_("Reference data"), "reference.index"))
    return _items(entries)


def account_menu(actor: Actor) -> list[MenuItem]:
    """Return the entries of a person's own menu."""
    if not actor.signed_in:
        return []
    entries = [(_("Your account"), "accounts.account")]
    if actor.may(Permission.SEARCH_SAVE):
        entries.append((_("My searches"), "saved_searches.listing"))
    if actor.own(Permission.TRAIL_READ):
        entries.append((_("What was done in our name"), "administration.trail"))
    return _items(entries)


def _items(entries: list[tuple[str, str]]) -> list[MenuItem]:
    return [MenuItem(label, url_for(endpoint), _is_here(endpoint)) for label, endpoint in entries]


def _is_here(endpoint: str) -> bool:
    # One entry stands for all parts of administration.
    if endpoint == "administration.home":
        return request.blueprint == "administration"
    return request.endpoint == endpoint
