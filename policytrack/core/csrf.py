"""Guard forms against requests forged from other sites.

Flask-WTF does the work. Its token is masked anew for each page, since pages go out compressed and
an unmasked secret beside reflected words could be guessed from lengths (BREACH).
"""

from __future__ import annotations

import base64
import binascii
import secrets

from flask import Flask
from flask_wtf.csrf import CSRFProtect, generate_csrf


def mask(token: str) -> str:
    """Return a token hidden under a fresh mask."""
    raw = token.encode("ascii")
    pad = secrets.token_bytes(len(raw))
    mixed = bytes(a ^ b for a, b in zip(raw, pad, strict=True))
    return base64.urlsafe_b64encode(pad + mixed).decode("ascii")


def unmask(masked: str) -> str:
    """Return the token under its mask; empty for what was never masked here."""
    try:
        raw = base64.urlsafe_b64decode(masked.encode("ascii"))
    except (binascii.Error, ValueError):
        return ""
    half = len(raw) // 2
    mixed = bytes(a ^ b for a, b in zip(raw[:half], raw[half:], strict=False))
    return mixed.decode("ascii", errors="replace")


class MaskedCSRF(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no types
    """Check masked tokens."""

    def _get_csrf_token(self) -> str | None:
        masked = super()._get_csrf_token()
        return unmask(masked) if masked else None


csrf = MaskedCSRF()


def token() -> str:
    """Return a masked token for a form of the present page."""
    return mask(generate_csrf())


def init_app(app: Flask) -> None:
    """Check every request that changes something; tokens last as long as the session."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # Referer checks fail behind strict privacy settings; SameSite cookies and tokens guard us.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    csrf.init_app(app)
