"""The one printer. Results go to stdout (or `--out`), everything else to stderr."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from monitor.domain.money import percent, yuan
from monitor.errors import Diagnostic, Severity
from monitor.files import write_whole

Row = Mapping[str, Any]
T = TypeVar("T")
_WIDE = 10_000  # without a terminal a table is as wide as its content
_NARROW = 8  # cells; names may be broken over lines, but not a character a line


@dataclass(frozen=True, slots=True)
class Column:
    """A column for people: its key in the rows, its Chinese header, how a value is written."""

    key: str
    header: str
    write: Callable[[Any], str] = str
    right: bool = False
    fixed: bool = False  # never broken over lines


def money(key: str, header: str) -> Column:
    return Column(key, f"{header}（元）", yuan, right=True, fixed=True)


def share(key: str, header: str) -> Column:
    return Column(key, header, percent, right=True, fixed=True)


def code(key: str, header: str) -> Column:
    return Column(key, header, fixed=True)


def moment(key: str, header: str) -> Column:
    """A point in time, which rows give as ISO text in China's time: to the minute."""
    return Column(key, header, lambda at: at[:16].replace("T", " "), fixed=True)


def emit(
    rows: Iterable[Row],
    columns: Sequence[Column],
    *,
    format_: str,
    out: Path | None,
    title: str = "",
) -> None:
    """Writes rows as a table for people, as CSV for a spreadsheet, or as JSON for programs."""
    listed = list(rows)
    if format_ == "json":
        text = json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
    elif format_ == "csv":
        text = as_csv(listed, columns)
    else:
        text = as_table(listed, columns, title=title, to_file=out is not None)
    write(text, out, spreadsheet=format_ == "csv")


def write(text: str, out: Path | None, *, spreadsheet: bool = False) -> None:
    """To stdout, or whole into a file; a CSV file gets the mark by which Excel knows UTF-8."""
    if out is None:
        sys.stdout.write(text)
        return
    write_whole(out, text.encode("utf-8-sig" if spreadsheet else "utf-8"))
    say(f"已写入 {out}")


def as_csv(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(column.header for column in columns)
    for row in rows:
        writer.writerow(_spreadsheet_cell(column, row.get(column.key)) for column in columns)
    return target.getvalue()


def _spreadsheet_cell(column: Column, value: Any) -> str:
    """A number without separators; a text that a spreadsheet would run as a formula is quoted."""
    if value is None:
        return ""
    text = column.write(value)
    if column.write is yuan:
        return text.replace(",", "")
    is_formula = text[:1] in ("=", "+", "@", "\t") or (text[:1] == "-" and not column.right)
    return f"'{text}" if is_formula else text


def as_table(
    rows: Sequence[Row], columns: Sequence[Column], *, title: str = "", to_file: bool = False
) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        written = [column.write(row[column.key]) for row in rows if row.get(column.key) is not None]
        widest = max((cell_len(text) for text in (column.header, *written)), default=0)
        table.add_column(
            column.header,
            justify="right" if column.right else "left",
            no_wrap=column.fixed,
            overflow="fold",
            min_width=widest if column.fixed else min(widest, _NARROW),
        )
    for row in rows:
        values = ((column, row.get(column.key)) for column in columns)
        table.add_row(*(Text("" if v is None else column.write(v)) for column, v in values))
    target = io.StringIO()
    terminal = sys.stdout.isatty() and not to_file
    console = Console(file=target, width=Console().width if terminal else _WIDE, no_color=True)
    # Rather lines that the terminal breaks than figures cut short.
    needed = Measurement.get(console, console.options.update(width=_WIDE), table).minimum
    console.width = max(console.width, needed)
    console.print(table)
    return "\n".join(line.rstrip() for line in target.getvalue().splitlines()) + "\n"


def width(out: Path | None) -> int:
    """How wide lines may be: as the terminal, else 100 columns of half-width characters."""
    from rich.console import Console

    return Console().width if out is None and sys.stdout.isatty() else 100


def say(text: str) -> None:
    """A message for the person at the keyboard; never part of a result."""
    sys.stderr.write(text + "\n")


def tell(diagnostics: Iterable[Diagnostic], *, verbose: bool = False) -> None:
    """All diagnostics of a file, errors first; notes only when asked for."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    listed = sorted(diagnostics, key=lambda d: order[d.severity])
    for diagnostic in listed:
        if verbose or diagnostic.severity is not Severity.NOTE:
            say(str(diagnostic))
    hidden = sum(1 for d in listed if d.severity is Severity.NOTE)
    if hidden and not verbose:
        say(f"另有 {hidden} 条提示（加 -v 查看）。")


_FEW = 3


def bar(items: Iterable[T], *, total: int, title: str) -> Iterator[T]:
    """The items; for more than a few, with a bar on the terminal of the person who waits."""
    if total <= _FEW or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=total)
        for item in items:
            yield item
            progress.advance(task)
