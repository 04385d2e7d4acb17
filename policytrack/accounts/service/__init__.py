"""Change accounts: invite, sign in and out, reset, suspend; each act goes to the trail."""

from policytrack.accounts.service.inviting import (
    accept_invitation,
    create_account,
    invite,
    withdraw_invitation,
)
from policytrack.accounts.service.keeping import as_actor, write_to
from policytrack.accounts.service.managing import (
    change_profile,
    purge,
    reinstate,
    set_language,
    suspend,
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
    "accept_invitation",
    "as_actor",
    "change_password",
    "change_profile",
    "count_reset",
    "count_sign_in",
    "create_account",
    "invite",
    "note_address",
    "open_session",
    "purge",
    "reinstate",
    "request_reset",
    "reset_password",
    "revoke_browser",
    "revoke_others",
    "seen",
    "send_reset",
    "set_language",
    "sign_in",
    "sign_out",
    "suspend",
    "withdraw_invitation",
    "write_to",
]
