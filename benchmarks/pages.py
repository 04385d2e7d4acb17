"""Time the ten most visited pages, with statements and bytes, beside the same server's least page.

Run: .venv/bin/python benchmarks/pages.py [RUNS]
"""

from __future__ import annotations

import sys
from dataclasses import asdict

from _site import Browser, last_line, pages, site
from rich.console import Console
from rich.table import Table


def main() -> None:
    """Print a table for people and, last, one line of JSON."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    table = Table("page", "p50 ms", "p95 ms", "queries", "bytes", "p50 / least page")
    figures = {}
    with site() as app:
        asked = pages(app)
        browsers = {who: Browser(app, who) for who in {who for who, _ in asked.values()}}
        # The peer: what this server needs at least, for a page that reads and draws nothing.
        floor = browsers[None].measure("/healthz", runs)
        for name, (who, address) in asked.items():
            found = browsers[who].measure(address, runs)
            figures[name] = asdict(found)
            # Each browser counts the statements of its own server only while it alone is asked.
            table.add_row(
                name,
                f"{found.p50_ms}",
                f"{found.p95_ms}",
                f"{found.queries}",
                f"{found.bytes:,}",
                f"{found.p50_ms / max(floor.p50_ms, 0.1):.1f}",
            )
        for browser in browsers.values():
            browser.close()
    Console(width=100).print(table)
    last_line({"pages": figures, "peer": {"least page": asdict(floor)}})


if __name__ == "__main__":
    main()
