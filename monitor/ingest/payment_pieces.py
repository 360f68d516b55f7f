"""A long list of delimited text in pieces that can be read each by itself, in any process.

A piece ends at a line end outside quotes. That is certain as long as quotes are used as CSV uses
them; a piece that may not be sure of it is not `plain`, and the list is read on in one go.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import InputError
from monitor.ingest.readers.delimited import plain_cells, rows_in

_FIRST, _SIZE = 2**16, 2**21  # bytes: larger ones are read faster, and take more memory
_MOST = 2**24  # bytes in which quotes may not pair
_LINE_END, _QUOTE = b"\n", b'"'


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive lines of a file: where they begin, which line is the first, and how many."""

    start: int
    line: int
    data: bytes
    lines: int

    @property
    def end(self) -> int:
        return self.start + len(self.data)

    @property
    def next_line(self) -> int:
        """The line after it."""
        return self.line + self.lines


def pieces(
    path: Path,
    start: int = 0,
    line: int = 1,
    *,
    first: int = _FIRST,
    size: int = _SIZE,
    most: int = _MOST,
) -> Iterator[Piece]:
    """The pieces of a file from this byte on, which begins a line: no byte is left out or twice.

    The first one of the file is shorter, as a rule. Where quotes do not pair for so many bytes, a
    piece ends within them: it is not plain.
    """
    rest, tried = b"", 0
    with path.open("rb") as file:
        file.seek(start)
        while more := file.read(size if start or rest else first):
            rest += more
            cut = _safe_end(rest, tried)
            if not cut and len(rest) > most:
                cut = rest.rfind(_LINE_END) + 1
            tried = len(rest)
            if cut:
                piece = Piece(start, line, rest[:cut], rest.count(_LINE_END, 0, cut))
                yield piece
                start, line, rest, tried = piece.end, piece.next_line, rest[cut:], 0
    if rest:
        yield Piece(start, line, rest, rest.count(_LINE_END))


def _safe_end(data: bytes, tried: int) -> int:
    """Behind the last line end that has an even number of quotes before it; 0 for none.

    Of the first bytes it is known already that there is none.
    """
    end = data.rfind(_LINE_END) + 1
    quotes = data.count(_QUOTE, 0, end)
    while end > tried and quotes % 2:
        before = data.rfind(_LINE_END, 0, end - 1) + 1
        quotes -= data.count(_QUOTE, before, end)
        end = before
    return end if end > tried else 0


def read_rows(
    data: bytes, line: int, encoding: str, delimiter: str, width: int
) -> tuple[list[list[str]], Sequence[int]] | None:
    """The rows of a piece that begins at `line`, and their lines; None where it is not plain.

    `width` is that of the header. Raises UnicodeDecodeError.
    """
    text = data.decode(encoding).removeprefix("\ufeff")
    if "\0" in text:
        return None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        lines: Sequence[int] = range(line, line + len(rows))
        if len(rows) != data.count(_LINE_END) + (not data.endswith(_LINE_END)):
            stream = io.StringIO(text, newline="")
            read = rows_in(stream, delimiter, "", first_line=line, widest=width)
            lines = [at for at, _ in read]
    except (csv.Error, InputError):
        return None
    if '="' in text or "\x1f" in text:
        rows = [plain_cells(row) for row in rows]
    if _QUOTE in data and '"' in "".join(map("".join, rows)):
        return None
    return rows, lines
