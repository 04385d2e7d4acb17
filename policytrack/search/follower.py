"""Follow the change log."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from policytrack.core.documents import Source


def init_app(app: Flask, sources: Sequence[Source]) -> None:
    """Keep the sources with the application."""
