"""Put a program in the place of tesseract that does what a test wants of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from policytrack.library.reading import recognition

# It may write no file, and finds beside itself how to behave.
_PROGRAM = r"""#!/bin/sh
here=$(dirname "$0")
if [ "$1" = --list-langs ]; then
    echo "List of available languages (3):"
    cat "$here/languages"
    exit 0
fi
read -r mode < "$here/mode"
case $mode in
    speaks) echo "The machine has read this page with $*" ;;
    hangs) sleep 600 ;;
    crashes) kill -SEGV $$ ;;
    fails) echo half; exit 1 ;;
    garbage) printf '\377\376\200\000\201\202 a \377\377\377' ;;
    floods) yes "a word and a word and a word" ;;
    specks) echo "| . -- '" ;;
esac
"""


class Machine:
    """Say how the program behaves from now on, and which languages it has data for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "tesseract"
        program.write_text(_PROGRAM)
        program.chmod(0o755)
        self.does("speaks")
        self.reads("ara", "eng", "osd")

    def does(self, mode: str) -> None:
        (self.folder / "mode").write_text(mode + "\n")

    def reads(self, *languages: str) -> None:
        (self.folder / "languages").write_text("\n".join(languages) + "\n")

    @property
    def path(self) -> str:
        """Return the search path on which it is found first."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"


def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Install the program for the time of a test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    machine = Machine(folder)
    monkeypatch.setenv("PATH", machine.path)
    recognition.look_again()
    yield machine
    recognition.look_again()
