r"""Write lists into cells of a table and read them back, and keep formulas from running there.

Whatever is written here is read back as it was. In a list a semicolon parts two items; one that
belongs to an item is written `\;`, and a backslash `\\`. In CSV, which has no types, what a
spreadsheet would take for a formula begins with an apostrophe; so does what would otherwise be
read as such. Source: OWASP, CSV injection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# What a spreadsheet program may read as the beginning of a formula.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_BETWEEN = "; "
# An item: whatever is no semicolon, and what a backslash takes its meaning from. A backslash
# before anything else is one, as in tables that know nothing of this.
_ITEM = re.compile(r"((?:\\[\\;]|[^;\\]|\\(?![\\;]))*)(;|\Z)")
_ESCAPED = re.compile(r"\\([\\;])")
_ESCAPE = re.compile(r"[\\;]")


def guarded(text: str) -> str:
    """Return a text as a cell of CSV in which no formula runs."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text of a cell of CSV."""
    return cell[1:] if _GUARDED.match(cell) else cell


def joined(items: Iterable[str]) -> str:
    """Return items as one text."""
    return _BETWEEN.join(_ESCAPE.sub(r"\\\g<0>", item) for item in items)


def several(text: str) -> list[str]:
    """Return the items of a text, without the spaces around them and without empty ones."""
    found = (_ESCAPED.sub(r"\1", each[1].strip()) for each in _ITEM.finditer(text))
    return [each for each in found if each]
