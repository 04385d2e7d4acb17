"""Change accounts: invite, register, sign in, reset, suspend, close; each act goes to the trail."""

from policytrack.accounts.service.closing import close
from policytrack.accounts.service.enrolling import Newcomer, correct, enrol
from policytrack.accounts.service.inviting import (
    accept_invitation,
    appoint,
    create_account,
    invite,
    invite_again,
    invite_newcomers,
    withdraw_invitation,
)
from policytrack.accounts.service.keeping import as_actor, write_to
from policytrack.accounts.service.managing import (
    change_offices,
    change_profile,
    end_sessions,
    purge,
    reinstate,
    set_language,
    suspend,
)
from policytrack.accounts.service.registering import (
    Registration,
    confirm_registration,
    count_registration,
    request_registration,
    send_registration,
)
from policytrack.accounts.service.resetting import (
    change_password,
    count_reset,
    request_reset,
    reset_password,
    send_reset,
)
from policytrack.accounts.service.visiting import (
    SEEN_EVERY,
    count_sign_in,
    note_address,
    open_session,
    revoke_browser,
    revoke_others,
    seen,
    sign_in,
    sign_out,
)

__all__ = [
    "SEEN_EVERY",
    "Newcomer",
    "Registration",
    "accept_invitation",
    "appoint",
    "as_actor",
    "change_offices",
    "change_password",
    "change_profile",
    "close",
    "confirm_registration",
    "correct",
    "count_registration",
    "count_reset",
    "count_sign_in",
    "create_account",
    "end_sessions",
    "enrol",
    "invite",
    "invite_again",
    "invite_newcomers",
    "note_address",
    "open_session",
    "purge",
    "reinstate",
    "request_registration",
    "request_reset",
    "reset_password",
    "revoke_browser",
    "revoke_others",
    "seen",
    "send_registration",
    "send_reset",
    "set_language",
    "sign_in",
    "sign_out",
    "suspend",
    "withdraw_invitation",
    "write_to",
]
