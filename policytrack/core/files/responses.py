"""Send a file to a browser, so that it can be read but cannot act."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import Gone

from policytrack.core import db
from policytrack.core.files.kinds import BY_MEDIA_TYPE, Family, Kind, extension_of
from policytrack.core.files.models import StoredFile
from policytrack.core.files.names import safe_name
from policytrack.core.files.service import open_stored

_PUBLIC_SECONDS = 600
_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def send(stored: StoredFile, name: str, *, public: bool = False) -> Response:
    """Return a stored file as an answer: a part of it, or nothing new, where that was asked for.

    `public` says that anyone may read it, so that a browser may keep it for a while. Who may read
    it was decided before, by the row that names it. Raises `Gone` for one that was redacted.
    """
    if stored.redacted_at is not None:
        raise Gone()
    kind = BY_MEDIA_TYPE.get(stored.media_type)
    with open_stored(db.session(), stored) as file:
        data = file.read()
    response = Response(data, mimetype=stored.media_type)
    _disposition(response, safe_name(name, kind), kind)
    response.headers["Content-Security-Policy"] = _policy(kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = (
        f"private, max-age={_PUBLIC_SECONDS}" if public else "no-store"
    )
    response.set_etag(stored.sha256)
    response.make_conditional(request, accept_ranges=True, complete_length=len(data))
    return response


def _policy(kind: Kind | None) -> str:
    # Safari shows an empty window for a PDF in a sandbox. One with scripts was refused on its way
    # in, and the browsers' viewers run in sandboxes of their own.
    return _POLICY if kind is not None and kind.family is Family.PDF else f"{_POLICY}; sandbox"


def _disposition(response: Response, name: str, kind: Kind | None) -> None:
    shown = "inline" if kind is not None and kind.inline else "attachment"
    names = {"filename": _in_ascii(name), "filename*": f"UTF-8''{quote(name, safe='')}"}
    response.headers.set("Content-Disposition", shown, **names)


def _in_ascii(name: str) -> str:
    """Return a name for the few programs that know no other letters (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    if any(sign.isalnum() for sign in plain.rpartition(".")[0]):
        return plain
    return f"file.{extension_of(name)}"
