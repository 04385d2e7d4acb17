"""Be a process that only serves: open the index, answer questions, say how much memory that takes.

Run by `search.py` with the folder of an application and a file of pickled questions.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from _ours import PolicyTrack
from _questions import Asked


def memory(folder: Path, questions: Sequence[Asked]) -> float:
    """Return the megabytes that such a process holds after these questions."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        pickle.dump(list(questions), file)
        file.flush()
        command = [sys.executable, __file__, str(folder), file.name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _resident() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise SystemExit("this system does not say how much memory a process holds")


def main() -> None:
    """Answer, and print megabytes."""
    folder, questions = map(Path, sys.argv[1:])
    served = PolicyTrack(folder)
    served.get_ready()
    for asked in pickle.loads(questions.read_bytes()):
        served.ask(asked)
    print(round(_resident(), 1))


if __name__ == "__main__":
    main()
