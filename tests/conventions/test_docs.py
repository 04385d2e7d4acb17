"""What the documentation says of the program is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from policytrack.operations import pages_of_docs

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", pages_of_docs.PARTS)
def test_written_parts_are_current(app: Flask, name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    with app.app_context():
        assert page == pages_of_docs.filled(page, pages_of_docs.PARTS[name])


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in PAGES
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in link
        and not link.startswith("mailto:")
        and not (page.parent / link).exists()
    ]
    assert broken == []


def test_files_that_are_named_exist() -> None:
    """Backticked paths such as `policytrack/progress/rules.py` must be real."""
    missing = []
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        named = re.findall(
            r"`((?:policytrack|templates|static|tests|docs|migrations|benchmarks)/[\w./-]+)`", text
        )
        # Capitals, as in NNNN, stand for something to be chosen.
        real = [name for name in named if not re.search(r"NNNN|/xx/", name)]
        missing += [
            f"{page.relative_to(ROOT)}: {name}" for name in real if not (ROOT / name).exists()
        ]
    assert missing == []
