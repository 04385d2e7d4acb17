"""Be the process that writes the index: change texts when told to, and bring the index after.

Run by `search.py` with the folder of an application and a file of pickled groups of texts.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from _index import Text
from _ours import PolicyTrack


class Writer:
    """Tell such a process when to change the next texts."""

    def __init__(self, told: IO[str], tells: IO[str]) -> None:
        self._told, self._tells = told, tells

    def change(self) -> None:
        """Have the next texts changed; the index follows at once."""
        print(file=self._told, flush=True)

    def wait(self) -> None:
        """Wait until that is done."""
        if not self._tells.readline():
            raise SystemExit("the process that changes texts has ended")


@contextmanager
def writer(folder: Path, groups: Sequence[Sequence[Text]]) -> Iterator[Writer]:
    """Give a process that changes one group of texts after the other."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        pickle.dump(groups, file)
        file.flush()
        command = [sys.executable, __file__, str(folder), file.name]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            found = Writer(process.stdin, process.stdout)
            # It says first that it has begun.
            found.wait()
            yield found
            process.stdin.close()


def main() -> None:
    """Change a group of texts for each line that comes in, and answer each with a line."""
    folder, groups = map(Path, sys.argv[1:])
    writing = PolicyTrack(folder)
    print(flush=True)
    for texts, _line in zip(pickle.loads(groups.read_bytes()), sys.stdin, strict=False):
        writing.change(texts)
        writing.follow()
        print(flush=True)


if __name__ == "__main__":
    main()
