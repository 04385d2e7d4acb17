"""Answer requests about accounts."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)


def init_app(app: object) -> None:
    """Bind sign-in to an application."""


def ask_to_sign_in() -> tuple[str, int]:
    """Ask for a sign-in."""
    return "sign in", 401
