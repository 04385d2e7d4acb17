"""Make the random ids that stand in public addresses."""

from __future__ import annotations

import re
import secrets

# No vowels (no words by accident), no 0/1/l/o (read aloud over a telephone).
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
LENGTH = 10
PATTERN = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_id() -> str:
    """Return a fresh random id: 10 characters, about 48 bits."""
    # One draw for all characters: the system's source of chance is asked once.
    number = secrets.randbelow(len(ALPHABET) ** LENGTH)
    signs = []
    for _place in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def new_token() -> str:
    """Return a secret for a link or a cookie: 43 URL-safe characters, 256 bits."""
    return secrets.token_urlsafe(32)
