"""Show on a terminal how far a long command has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class Bar:
    """Move one bar on a terminal."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def step(self, name: str) -> None:
        """Begin the step of that name, one further on."""
        self._progress.update(self._task, advance=1, step=name)

    def reach(self, done: int, total: int, name: str = "") -> None:
        """Say how much is done, of how much."""
        self._progress.update(self._task, completed=done, total=total, step=name)

    def fill(self) -> None:
        """Show that all is done."""
        done = max(self._progress.tasks[self._task].completed, 1)
        self._progress.update(self._task, completed=done, total=done, step="")


@contextmanager
def bar(title: str, total: int | None = None) -> Iterator[Bar]:
    """Give a bar for a long command; nothing is drawn where nobody watches (a pipe, a service)."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description:<16}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[step]}"),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        made = Bar(progress, progress.add_task(title, total=total, step=""))
        yield made
        made.fill()
