"""Tell what can be a code in an address, before a database is asked for it."""

from __future__ import annotations

import re

PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


def is_code(text: str) -> bool:
    """Tell whether a text could be the code of anything."""
    return PATTERN.fullmatch(text) is not None
