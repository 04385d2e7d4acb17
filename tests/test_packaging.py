"""A wheel built from the repository runs where there is nothing else of it."""

from __future__ import annotations

import ast
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.usefixtures("once")

_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "instance", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", "tests"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = shutil.copytree(ROOT, folder / "source", ignore=_LEFT_OUT)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment and return its command."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    site = home / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    # The dependencies of this environment, but not its way to the checkout (a .pth inside a
    # folder that is itself named by one is not followed).
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    pip = [sys.executable, "-m", "pip", "--python", home / "bin" / "python"]
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--no-index", wheel],
        check=True,
        capture_output=True,
    )
    return home / "bin" / "policytrack"


def test_everything_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    for folder in ("templates", "static", "migrations"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"policytrack/{path.relative_to(ROOT).as_posix()}" in inside
    for path in (ROOT / "policytrack").rglob("*"):
        if path.suffix in {".py", ".csv", ".mo"}:
            assert path.relative_to(ROOT).as_posix() in inside
    assert not [name for name in inside if name.startswith("tests/")]


def run(command: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@contextmanager
def serving(command: Path, folder: Path) -> Iterator[str]:
    log = folder / "serve.log"
    with log.open("wb") as out:
        server = subprocess.Popen([command, "serve", "--port", "0"], cwd=folder, stderr=out)
        try:
            for _ in range(300):
                if found := re.search(r"http://127\.0\.0\.1:[1-9]\d*", log.read_text()):
                    break
                time.sleep(0.1)
            assert found, log.read_text()
            yield found[0]
        finally:
            server.terminate()
            assert server.wait(20) == 0


def fetch(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.status, answer.read().decode()


def test_the_wheel_runs_by_itself(command: Path, tmp_path: Path) -> None:
    where = run(
        command.with_name("python"), tmp_path, "-c", "import policytrack as p; print(p.__file__)"
    )
    assert str(ROOT) not in where.stdout, "the checkout is in the way"
    first = run(command, tmp_path, "init", "--admin", "admin@example.org")
    assert first.returncode == 0, first.stderr
    assert "http://127.0.0.1:5000/invitation/" in first.stdout
    assert run(command, tmp_path, "worker", "--once").returncode == 0
    doctor = run(command, tmp_path, "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    with serving(command, tmp_path) as address:
        status, page = fetch(f"{address}/")
        assert (status, "<h1" in page) == (200, True)
        style = re.search(r'href="(/static/[^"]+\.css[^"]*)"', page)
        assert style, page
        assert fetch(address + style[1])[0] == 200
        assert json.loads(fetch(f"{address}/readyz")[1]) == {"status": "ready"}


def test_the_program_knows_its_version(command: Path, tmp_path: Path) -> None:
    assert re.search(r"version 0\.\d+\.\d+", run(command, tmp_path, "--version").stdout)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_are_exact_and_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index-url" not in text
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", line), line


def test_the_development_lock_agrees_with_the_other() -> None:
    def pins(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text().splitlines()
        return dict(line.split()[0].split("==") for line in lines if "==" in line.split("#")[0])

    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert runtime.items() <= development.items()


def test_the_build_needs_setuptools_alone() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert [name.split(">")[0] for name in wanted] == ["setuptools"]


def imported(folder: Path) -> set[str]:
    """Return the top-level names that the modules of a folder import."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    """Return the names of the dependencies in setup.cfg."""
    lines = configparser.ConfigParser()
    lines.read(ROOT / "setup.cfg", encoding="utf-8")
    return {
        plain(re.split(r"[ <>=\[]", line)[0])
        for line in lines["options"]["install_requires"].splitlines()
        if line
    }


def test_the_lock_holds_all_that_is_declared() -> None:
    locked = {
        plain(line.split("==")[0]) for line in (ROOT / "requirements.lock").read_text().splitlines()
    }
    assert declared() - locked == set(), "run `make lock`"


def test_all_that_the_program_imports_is_declared() -> None:
    """Directly, or by a framework whose own interface it is."""
    by_name = metadata.packages_distributions()
    through = {"alembic", "babel", "click", "jinja2", "markupsafe", "werkzeug"}
    foreign = imported(ROOT / "policytrack") - set(sys.stdlib_module_names) - {"policytrack"}
    missing = {
        name
        for name in foreign
        if not {plain(made) for made in by_name.get(name, [])} & (declared() | through)
    }
    assert missing == set()
