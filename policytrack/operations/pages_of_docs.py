"""Write the parts of the documentation that the program knows best, so that they stay true."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from policytrack.core import words
from policytrack.core.permissions import TABLE, Permission, Role
from policytrack.demonstration.service import SIGN_INS


def permission_matrix() -> str:
    """Return the table that grants, as Markdown: permissions by roles, with their reach."""
    roles = list(Role)
    head = "| | " + " | ".join(str(words.ROLES[role]) for role in roles) + " |"
    rule = "|---|" + "---|" * len(roles)
    rows = [
        f"| {words.PERMISSIONS[permission]} (`{permission.value}`) | "
        + " | ".join(
            str(words.REACHES[TABLE[permission][role]]) if role in TABLE[permission] else ""
            for role in roles
        )
        + " |"
        for permission in Permission
    ]
    return "\n".join([head, rule, *rows])


def sign_ins() -> str:
    """Return the demonstration sign-ins, as Markdown."""
    rows = [f"| `{entry.email}` | {entry.role} | {entry.organisation} |" for entry in SIGN_INS]
    return "\n".join(["| sign in as | who | of |", "|---|---|---|", *rows])


# File -> {mark: what stands between `<!-- mark -->` and `<!-- /mark -->`}.
PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "README.md": {"sign-ins": sign_ins},
    "docs/security.md": {"permissions": permission_matrix},
}


def filled(text: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """Return a page with its written parts put in; raise `ValueError` where a mark is missing."""
    for mark, write in parts.items():
        pattern = re.compile(f"(<!-- {mark} -->\n).*?<!-- /{mark} -->", re.DOTALL)
        written = write()
        text, found = pattern.subn(rf"\g<1>{written}\n<!-- /{mark} -->", text)
        if found != 1:
            raise ValueError(f"the mark {mark} does not stand once")
    return text


def write(root: Path) -> None:
    """Write all parts into the pages of a checkout."""
    for name, parts in PARTS.items():
        page = root / name
        page.write_text(filled(page.read_text(encoding="utf-8"), parts), encoding="utf-8")
