"""House rules that can be read off the source."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "policytrack"
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _layers(path: Path) -> set[str]:
    """Return the layers that a module is in: a layer is a module or a package of that name."""
    return {Path(part).stem for part in path.relative_to(PACKAGE).parts}


def _where(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def test_only_the_transaction_commits() -> None:
    # Whoosh's writer commits too; the index is no database of ours.
    allowed = (PACKAGE / "core" / "db.py", PACKAGE / "search")
    found = [
        _where(path, node)
        for path in MODULES
        if not any(path.is_relative_to(place) for place in allowed)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]
    assert found == []


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        _where(path, inner)
        for path in MODULES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_services_know_no_request() -> None:
    request = re.compile(r"\b(current_user|current_actor|flask import .*\brequest\b)")
    found = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if _layers(path) & {"service", "rules", "policy", "queries"}
        and request.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_rules_stand_on_the_standard_library() -> None:
    for path in MODULES:
        if "rules" not in _layers(path):
            continue
        modules = {
            node.module or ""
            for node in ast.walk(_tree(path))
            if isinstance(node, ast.ImportFrom) and node.level == 0
        }
        foreign = {name for name in modules if re.match(r"(flask|sqlalchemy|wtforms|whoosh)", name)}
        assert foreign == set(), path
        ours = {name for name in modules if name.startswith("policytrack.")}
        assert all(
            f"{name}.".startswith("policytrack.core.") or ".rules." in f"{name}." for name in ours
        ), path


def test_templates_hold_nothing_that_the_policy_forbids() -> None:
    forbidden = {
        "inline style": r"\sstyle\s*=",
        "a handler in the page": r"\son[a-z]+\s*=\s*[\"']",
        "inline script": r"<script(?![^>]*\bsrc=)[^>]*>",
        "unescaped text": r"\|\s*safe\b",
        "something from elsewhere": r"(src|href)=[\"']https?://",
    }
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in TEMPLATES
        for what, pattern in forbidden.items()
        if re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_punctuation_between_words_is_the_reader_s() -> None:
    # A comma or colon after what a template puts in: Arabic and French write others.
    written = re.compile(r"(?:\}\}|%\}|</\w+>)[,:;] (?:\{\{|\{%|<)")
    comment = re.compile(r"\{#.*?#\}", re.DOTALL)
    found = [
        f"{path.relative_to(ROOT)}: {sign[0]}"
        for path in TEMPLATES
        for sign in written.finditer(comment.sub("", path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda path: path.name
)
def test_styles_know_no_left_and_right(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    physical = re.findall(
        r"(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b"
        r"|text-align:\s*(?:left|right)\b|float:\s*(?:left|right)\b"
        r"|[;{\s](?:left|right|width|height):",
        text,
    )
    assert physical == []
