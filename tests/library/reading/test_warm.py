"""What is loaded before there are children, no child loads again."""

from __future__ import annotations

import json
import subprocess
import sys

_LOADED_LATER = """
import json, os, sys
from policytrack.core.files import examination
from policytrack.library.reading import first, worker
worker.warm_up()
before = set(sys.modules)
file = os.memfd_create("first")
os.write(file, first.page())
said = []
worker.work(worker.Job({"extension": "pdf", "limits": worker.LIMITS.as_dict(), "examination": {
    "arguments": {"extension": "pdf", "library": True},
    "cpu_seconds": 60,
    "memory_bytes": 1 << 31,
}}, (file,), said.append))
print(json.dumps([sorted(set(sys.modules) - before), b"".join(said).decode()]))
"""


def test_a_child_loads_nothing_more_for_a_pdf() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED_LATER], capture_output=True, text=True, check=True
    )
    loaded, said = json.loads(done.stdout)
    assert "The employer shall pay" in said
    assert '"found": "pdf"' in said
    assert loaded == []
