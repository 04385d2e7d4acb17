"""Hold a form behind the sign-in page, so that an ended sign-in loses nothing that was written.

The form travels inside the sign-in form, in hidden fields, and comes back as a form that the
person sends with one click. It is never sent by itself: the click is the person's consent. It is
held only for requests that passed the forgery check, so no other site can lay a form here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from flask import Request

from policytrack.accounts.rules import local_path

_PREFIX = "held-"
_PATH = "held_path"
_FILES = "held_files"
# Choices, numbers and public ids: they are sent, but say nothing to who wrote them.
_CODE = re.compile(r"[a-z0-9_]{1,12}|[A-Z0-9.-]{1,24}|[0-9.,-]+")


def _kept(name: str) -> bool:
    return bool(name) and name != "csrf_token" and "password" not in name.lower()


def path_of(request: Request) -> str:
    """Return the local address that was asked for, as it stood in the address bar."""
    path = quote(request.script_root + request.path)
    query = request.query_string.decode("latin-1")
    return local_path(f"{path}?{query}" if query else path) or "/"


@dataclass(frozen=True, slots=True)
class HeldForm:
    """Hold where a form was going and what stood in it."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return the hidden fields that carry this form through another one."""
        carried = [(_PREFIX + name, value) for name, value in self.fields]
        return [(_PATH, self.path), *([(_FILES, "1")] if self.files else []), *carried]

    @property
    def words(self) -> list[str]:
        """Return what the person wrote, without the keys and codes that forms add."""
        return [
            value
            for name, value in self.fields
            if name != "form_key" and value.strip() and not _CODE.fullmatch(value)
        ]


def from_request(request: Request) -> HeldForm | None:
    """Return the form that a signed-out person sent; None for one that sets a password."""
    if any("password" in name.lower() for name in request.form):
        return None
    return HeldForm(
        path_of(request),
        tuple((name, value) for name, value in request.form.items(multi=True) if _kept(name)),
        any(upload.filename for upload in request.files.values()),
    )


def carried(request: Request) -> HeldForm | None:
    """Return the form that the sign-in form carries; None for none, or one bound elsewhere."""
    path = local_path(request.form.get(_PATH))
    if path is None:
        return None
    pairs = (
        (name.removeprefix(_PREFIX), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(_PREFIX)
    )
    return HeldForm(
        path,
        tuple((name, value) for name, value in pairs if _kept(name)),
        bool(request.form.get(_FILES)),
    )
