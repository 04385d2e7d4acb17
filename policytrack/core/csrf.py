"""Guard forms against requests forged from other sites.

Flask-WTF does the work. Its token is masked anew for each page, since pages go out compressed and
an unmasked secret beside reflected words could be guessed from lengths (BREACH).
"""

from __future__ import annotations

import base64
import binascii
import secrets

from flask import Flask, current_app, request
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
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def token() -> str:
    """Return a masked token for a form of the present page."""
    return mask(generate_csrf())


def protect() -> None:
    """Refuse a request that changes something without a valid token."""
    if not current_app.config["WTF_CSRF_ENABLED"] or request.endpoint is None:
        return
    if request.method not in _SAFE_METHODS:
        csrf.protect()


def init_app(app: Flask) -> None:
    """Check every request that changes something; tokens last as long as the session."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # `web` checks once it knows who asks, so that a refusal speaks that person's language.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    # Referer checks fail behind strict privacy settings; SameSite cookies and tokens guard us.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    csrf.init_app(app)
    # Flask-WTF hands its bare token to every page; ours comes after it and prevails.
    app.context_processor(lambda: {"csrf_token": token})
