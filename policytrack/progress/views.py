"""Answer requests about progress."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("progress", __name__)
