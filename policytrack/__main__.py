"""Run the commands: `python -m policytrack`."""

from __future__ import annotations

from policytrack.cli import main

if __name__ == "__main__":
    main()
