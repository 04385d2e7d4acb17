"""Figures as the reader writes them."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale

from policytrack.core.i18n import format_size


def test_sizes_are_said_in_thousands_and_never_as_nothing(app: Flask) -> None:
    sizes = {
        0: "0 kB", 1: "0.1 kB", 386: "0.4 kB", 2_000: "2 kB", 999_900: "999.9 kB",
        1_000_000: "1 MB", 2_560_000: "2.5 MB", 5_000_000_000: "5 GB",
    }  # fmt: skip
    with app.test_request_context(), force_locale("en"):
        assert {size: format_size(size) for size in sizes} == sizes
