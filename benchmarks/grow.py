"""Time the same pages at 1, 10 and 50 times the commitments and notes, to see what grows.

Run: .venv/bin/python benchmarks/grow.py [RUNS]
"""

from __future__ import annotations

import sys

from _site import Browser, last_line, pages, site
from rich.console import Console
from rich.table import Table

SIZES = (1, 10, 50)


def _measure(times: int, runs: int) -> dict[str, tuple[float, int]]:
    with site(times) as app:
        asked = pages(app)
        browsers = {who: Browser(app, who) for who in {who for who, _ in asked.values()}}
        found = {}
        for name, (who, address) in asked.items():
            figures = browsers[who].measure(address, runs)
            found[name] = (figures.p95_ms, figures.queries)
        for browser in browsers.values():
            browser.close()
        return found


def main() -> None:
    """Print a table for people and, last, one line of JSON."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    measured = {times: _measure(times, runs) for times in SIZES}
    table = Table("page", *(f"p95 ms at {times}x" for times in SIZES), "50x / 1x", "queries")
    growth = {}
    queries = {}
    for name, (base, _queries) in measured[1].items():
        growth[name] = round(measured[50][name][0] / base, 2)
        queries[name] = [measured[times][name][1] for times in SIZES]
        table.add_row(
            name,
            *(f"{measured[times][name][0]}" for times in SIZES),
            f"{growth[name]}",
            " ".join(str(count) for count in queries[name]),
        )
    Console(width=100).print(table)
    last_line({"growth": growth, "queries": queries})


if __name__ == "__main__":
    main()
