"""Write the page of the settings, docs/settings.md, from the settings themselves."""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, fields
from typing import Any

from policytrack.settings import PREFIX, Settings

_HEAD = """\
# Settings

This page is written from `policytrack/settings.py` by `policytrack settings --markdown`; a test
compares the two.

A setting comes from `settings.toml` in the instance folder, or from the environment, which
prevails. In the environment its name is in capitals and begins with `POLICYTRACK_`. The folder
itself is chosen by `POLICYTRACK_INSTANCE` alone. A wrong value, or a name that does not exist,
stops the program at the start with one line that names it.

```toml
# instance/settings.toml
external_url = "https://policytrack.example.org"
proxies = 1
mail_url = "smtp://user:password@mail.example.org:587"
mail_from = "PolicyTrack <policytrack@example.org>"
```

| Setting | In the environment | Value | Without it | What it is |
|---|---|---|---|---|
"""

_SECRET = frozenset({"secret_key", "database_url", "mail_url"})
_KINDS = {
    "int": "whole number",
    "bool": "true or false",
    "Path": "folder",
    "str": "text",
    "tuple[str, ...]": "list",
}


def _default(item: Field[Any]) -> str:
    if item.default is MISSING:
        return "`instance` in the present folder"
    if item.default in ("", ()):
        return "empty"
    return f"`{str(item.default).lower() if isinstance(item.default, bool) else item.default}`"


def settings_page() -> str:
    """Return docs/settings.md."""
    rows = [
        f"| `{item.name}` | `{PREFIX}{item.name.upper()}` | {_KINDS[str(item.type)]} |"
        f" {_default(item)} | {item.metadata['help']} |"
        for item in fields(Settings)
    ]
    return _HEAD + "\n".join(rows) + "\n"


def in_force(settings: Settings) -> list[str]:
    """Return one line per setting as it is now; secrets are named, not shown."""
    lines = []
    for item in fields(Settings):
        value = getattr(settings, item.name)
        if item.name in _SECRET and value:
            value = _without_secret(item.name, value)
        lines.append(f"{item.name} = {value}")
    return lines


def _without_secret(name: str, value: str) -> str:
    if name == "secret_key":
        return "(set)"
    return re.sub(r"//([^:/@]*):[^@]*@", r"//\1:***@", value)
