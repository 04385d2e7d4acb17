"""Hold what the views of the library share: the blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("library", __name__)
