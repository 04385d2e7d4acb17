"""Answer requests about commitments."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("commitments", __name__)
