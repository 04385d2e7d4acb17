"""Answer requests about constituents."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("constituents", __name__)
