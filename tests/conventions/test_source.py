"""House rules that can be read off the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "policytrack"
MODULES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_transaction_commits(path: Path) -> None:
    if path == PACKAGE / "core" / "db.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # Whoosh's writer commits too; the index is no database of ours.
    searching = path.is_relative_to(PACKAGE / "search")
    assert [call.lineno for call in _calls(tree) if _name(call) == "commit"] == [] or searching


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_is_imported_inside_a_function(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = [
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_services_know_no_request(path: Path) -> None:
    # A layer is a module or a package of that name.
    layers = {Path(part).stem for part in path.relative_to(PACKAGE).parts}
    if not layers & {"service", "rules", "policy", "queries"}:
        return
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(current_user|current_actor|flask import .*\brequest\b)", text)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rules_stand_on_the_standard_library(path: Path) -> None:
    if "rules" not in {Path(part).stem for part in path.relative_to(PACKAGE).parts}:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {
        node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 0
    }
    foreign = {name for name in modules if re.match(r"(flask|sqlalchemy|wtforms|whoosh)", name)}
    assert foreign == set()
    ours = {name for name in modules if name.startswith("policytrack.")}
    assert all(
        f"{name}.".startswith("policytrack.core.") or ".rules." in f"{name}." for name in ours
    )


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_templates_hold_nothing_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline script"
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), "inline script"
    assert not re.search(r"\|\s*safe\b", text), "unescaped text"
    assert not re.search(r"(src|href)=[\"']https?://", text), "something from elsewhere"


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
