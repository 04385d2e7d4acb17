"""Hash and check passwords with argon2id; slow by design, so never inside a transaction."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()

# Checked when there is no account, so that the answer takes as long as when there is one. It is
# the hash of a random secret that nobody kept, made with the parameters in force.
DECOY = (
    "$argon2id$v=19$m=65536,t=3,p=4$GoZpzV3/J27h12Hm4ykiLg$"
    "6SvhYHOENa6leueIF3uCcwSNEWb3bIXQ2XpIRAlTRFQ"
)


def _composed(password: str) -> str:
    # Keyboards and systems compose the same typed letters differently.
    text = unicodedata.normalize("NFKC", password)
    return text.encode("utf-8", errors="replace").decode("utf-8")


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _hasher.hash(_composed(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is the one stored; as slow when none is stored."""
    try:
        _hasher.verify(stored or DECOY, _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def outdated(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than those in force."""
    return _hasher.check_needs_rehash(stored)
