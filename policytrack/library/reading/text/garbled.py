"""Tell a text layer that is none: signs without meaning in place of letters."""

from __future__ import annotations

import re

# Fonts without a table of their letters give private, replaced or control characters.
_MEANINGLESS = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x9f]")
_MOST = 0.4


def is_garbled(text: str) -> bool:
    """Tell whether so many of a page's signs mean nothing that a machine reads it better."""
    found = len(_MEANINGLESS.findall(text))
    return found > 0 and found > _MOST * len("".join(text.split()))
