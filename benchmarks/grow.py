"""Time the same pages at 1, 10 and 50 times the commitments and notes, to see what grows.

Run: .venv/bin/python benchmarks/grow.py [RUNS]
The three sites are asked in turn, page by page, so that a busy machine slows all of them alike. It
fails where a page of a place takes another number of queries at fifty times: a loop crept in.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack

from _site import Browser, clock_ms, last_line, pages, site
from rich.console import Console
from rich.table import Table

SIZES = (1, 10, 50)
FIXED = ("home", "country", "corridor")


def _p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def main() -> None:
    """Print a table for people and, last, one line of JSON."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    table = Table("page", *(f"p95 ms at {times}x" for times in SIZES), "50x / 1x", "queries")
    growth = {}
    queries = {}
    with ExitStack() as stack:
        apps = {times: stack.enter_context(site(times)) for times in SIZES}
        asked = {times: pages(app) for times, app in apps.items()}
        browsers = {
            (times, who): Browser(app, who)
            for times, app in apps.items()
            for who in {who for who, _ in asked[times].values()}
        }
        for browser in browsers.values():
            stack.callback(browser.close)
        for name in asked[1]:
            places = [
                (browsers[times, asked[times][name][0]], asked[times][name][1]) for times in SIZES
            ]
            queries[name] = [browser.measure(address, 1).queries for browser, address in places]
            taken: list[list[float]] = [[] for _ in SIZES]
            for _ in range(runs):
                for found, (browser, address) in zip(taken, places, strict=True):
                    start = clock_ms()
                    browser.get(address)
                    found.append(clock_ms() - start)
            p95 = [_p95(times) for times in taken]
            growth[name] = round(p95[-1] / p95[0], 2)
            table.add_row(
                name,
                *(f"{value:.1f}" for value in p95),
                f"{growth[name]}",
                " ".join(str(count) for count in queries[name]),
            )
    Console(width=100).print(table)
    last_line({"growth": growth, "queries": queries})
    if grown := [name for name in FIXED if len(set(queries[name])) > 1]:
        raise SystemExit(f"queries grow with the rows of: {', '.join(grown)}")


if __name__ == "__main__":
    main()
