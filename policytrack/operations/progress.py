"""Show on a terminal how far a long command has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Tell = Callable[[str], None]


@contextmanager
def bar(title: str, total: int | None = None) -> Iterator[Tell]:
    """Give a function that takes the name of each step and moves the bar on by one.

    Nothing is drawn where nobody watches (a pipe, a service).
    """
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[step]}"),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(title, total=total, step="")
        yield lambda step: progress.update(task, advance=1, step=step)
        done = progress.tasks[task].completed
        progress.update(task, total=max(done, 1), completed=max(done, 1), step="")
