"""A bar on the terminal of the person who waits: what runs for less than a second shows none."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE = 1.0  # seconds


@contextmanager
def row_bar(title: str, total: int | None, unit: str = "行") -> Iterator[Callable[[int], None]]:
    """Gives what is to be told how many rows are done; `total` is how many they are about.

    `unit` is the Chinese counter of what is counted.
    """
    if not sys.stderr.isatty():
        yield lambda _rows: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Rows done, and rows a second."""

        def render(self, task: Task) -> Text:
            speed = f"，{task.speed:,.0f} {unit}/秒" if task.speed else ""
            return Text(f"{task.completed:,.0f} {unit}{speed}" if task.completed else "")

    left = [TextColumn("还需"), TimeRemainingColumn()] if total else [TimeElapsedColumn()]
    columns = (TextColumn("{task.description}"), BarColumn(), Rate(), *left)
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task(title, total=total)

    def done(rows: int) -> None:
        # The total is an estimate: a bar that is full too early would say that all is done.
        more = total is not None and rows >= total
        progress.update(task, completed=rows, total=rows * 101 // 100 + 1 if more else total)

    timer = threading.Timer(_PATIENCE, progress.start)
    timer.daemon = True
    timer.start()
    try:
        yield done
    finally:
        timer.cancel()
        timer.join()
        if progress.live.is_started:
            progress.stop()
