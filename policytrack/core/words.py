"""Say in words what the table of permissions says in codes; pages and documentation share them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Permission, Reach, Role

ROLES: Mapping[Role, Any] = {
    Role.PUBLIC: _("Public"),
    Role.RESEARCHER: _("Researcher"),
    Role.OBSERVER: _("Observer"),
    Role.CONTRIBUTOR: _("Contributor"),
    Role.FOCAL_POINT: _("Focal point"),
    Role.SECRETARIAT: _("Secretariat"),
    Role.ADMINISTRATOR: _("Administrator"),
}

REACHES: Mapping[Reach, Any] = {
    Reach.ANY: _("yes"),
    Reach.OWN: _("own organisation"),
    Reach.SUBMITTED: _("once submitted"),
    Reach.ON_BEHALF: _("on behalf, decided by another officer"),
}

PERMISSIONS: Mapping[Permission, Any] = {
    Permission.PUBLISHED_READ: _("Read what is published"),
    Permission.ACCOUNT_USE: _("Use an account"),
    Permission.SEARCH_SAVE: _("Save searches, and be told what is new"),
    Permission.DRAFT_READ: _("Read drafts"),
    Permission.NOTE_WRITE: _("Write progress notes"),
    Permission.NOTE_SUBMIT: _("Submit, withdraw and revise notes"),
    Permission.NOTE_REVIEW: _("Review, return, publish and retract notes"),
    Permission.LIBRARY_WRITE: _("Write library drafts"),
    Permission.LIBRARY_SUBMIT: _("Submit, withdraw and revise library documents"),
    Permission.LIBRARY_REVIEW: _("Review, return, publish and withdraw library documents"),
    Permission.RESTRICTED_READ: _("Read what is meant for constituents only"),
    Permission.COMMITMENT_PROPOSE: _("Propose a commitment"),
    Permission.COMMITMENT_ACCEPT: _("Accept the text of a commitment"),
    Permission.PROGRAMME_WRITE: _("Write of a programme, what it achieved and what it taught"),
    Permission.REDACT: _("Take a passage or a file out for good, with a second officer"),
    Permission.MEMBER_INVITE: _("Invite members and end their seats"),
    Permission.TRAIL_READ: _("Read the trail"),
    Permission.SILENCE_READ: _("Read who is silent, organisation by organisation"),
    Permission.ROUND_MANAGE: _("Open and change reporting rounds"),
    Permission.REFERENCE_MANAGE: _("Change organisations, frameworks and taxonomies"),
    Permission.ADMINISTER: _("Look after people, roles, settings and the health of the site"),
}
