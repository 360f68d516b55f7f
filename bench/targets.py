"""Documents per second for each form, beside the bare library that opens it.

    python -m bench.targets [--projects 40] [--rounds 5] [--many 1000]

Ours is the whole way from bytes to projects and diagnostics; theirs only reads what the file
holds. Both run in turn, in one process; medians, of processor time and of the clock.
"""

from __future__ import annotations

import argparse
import gc
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import docx
import olefile
import openpyxl
import pandas as pd
import pdfplumber

from bench.forms import MAKERS, YEAR, can_be_made, has_reader, projects
from monitor.ingest.labels import default_labels
from monitor.ingest.target_reading import read_target_document

Read = Callable[[bytes], object]
_LIMITS = {"docx": 1.5, "xlsx": 2.0, "html": 1.0}
_MANY_SECONDS = 60


def ours(file: str, count: int, data: bytes) -> None:
    reading = read_target_document(data, file, year=YEAR, labels=default_labels())
    read = len(reading.document.projects) if reading.document else 0
    if read != count:
        raise RuntimeError(f"{file}: {read} projects of {count}: {reading.diagnostics[:3]}")


def python_docx(data: bytes) -> object:
    document = docx.Document(io.BytesIO(data))
    texts = [each.text for each in document.paragraphs]
    for table in document.tables:
        texts += [cell.text for row in table.rows for cell in row.cells]
    return texts


def by_openpyxl(data: bytes) -> object:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


def by_pandas(data: bytes) -> object:
    return pd.read_html(io.BytesIO(data), flavor="lxml", keep_default_na=False)  # type: ignore[arg-type]


def by_pdfplumber(data: bytes) -> object:
    with pdfplumber.open(io.BytesIO(data)) as book:
        return [page.extract_tables() for page in book.pages]


def by_olefile(data: bytes) -> object:
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        return [file.openstream(name).read() for name in file.listdir()]


def by_lines(data: bytes) -> object:
    return data.decode().splitlines()


_BARE: dict[str, tuple[str, Read]] = {
    "txt": ("decode + splitlines", by_lines),
    "docx": ("python-docx", python_docx),
    "html": ("pandas.read_html", by_pandas),
    "xlsx": ("openpyxl", by_openpyxl),
    "doc": ("olefile", by_olefile),
    "pdf": ("pdfplumber", by_pdfplumber),
}


def timed(read: Read, data: bytes) -> tuple[float, float]:
    """Seconds of the processor and of the clock."""
    gc.collect()
    cpu, clock = time.process_time(), time.perf_counter()
    read(data)
    return time.process_time() - cpu, time.perf_counter() - clock


def compare(form: str, count: int, rounds: int) -> str:
    """One line: documents per second, theirs and ours, and the ratio of processor time."""
    data = MAKERS[form](projects(count))
    name, bare = _BARE[form]
    own = partial(ours, f"a.{form}", count)
    own(data)
    bare(data)
    mine, theirs = [], []
    for _ in range(rounds):  # interleaved: a busy machine slows both
        mine.append(timed(own, data))
        theirs.append(timed(bare, data))
    cpu, clock = (statistics.median(each[i] for each in mine) for i in (0, 1))
    bare_cpu, bare_clock = (statistics.median(each[i] for each in theirs) for i in (0, 1))
    limit = _LIMITS.get(form)
    verdict = "" if limit is None else "  ok" if cpu <= limit * bare_cpu else "  TOO SLOW"
    wanted = "" if limit is None else f" (at most {limit})"
    return (
        f"{form:5} {len(data) // 1024:6} KiB  ours {1 / cpu:7.2f}/s  {name} {1 / bare_cpu:8.2f}/s"
        f"  ratio {cpu / bare_cpu:6.2f} cpu, {clock / bare_clock:6.2f} wall{wanted}{verdict}"
    )


def _compared(form: str, count: int, rounds: int) -> str:
    try:
        return compare(form, count, rounds)
    except RuntimeError as error:
        return f"{form:5} NOT READ: {error}"


def _read_file(count: int, path: Path) -> None:
    ours(path.name, count, path.read_bytes())


def many(documents: int, count: int) -> str:
    """So many text documents, each with codes of its own, read by two processes."""
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name, f"{i:04}.txt") for i in range(documents)]
        for i, path in enumerate(paths):
            path.write_bytes(MAKERS["txt"](projects(count, i * count % 999_000)))
        start = time.perf_counter()
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(partial(_read_file, count), paths, chunksize=10))
        seconds = time.perf_counter() - start
    limit = _MANY_SECONDS * documents * count / 40_000
    verdict = "ok" if seconds < limit else "TOO SLOW"
    return (
        f"{documents} text documents of {count} projects, two processes:"
        f" {seconds:.1f} s (at most {limit:.0f} s)  {verdict}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--projects", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--many", type=int, default=1_000, help="text documents; 0 for none")
    parser.add_argument("--forms", nargs="*", default=list(MAKERS), choices=list(MAKERS))
    asked = parser.parse_args()
    lines = []
    for form in asked.forms:
        if not has_reader(form):
            lines.append(f"{form:5} skipped: no reader yet")
        elif not can_be_made(form):
            lines.append(f"{form:5} skipped: LibreOffice, which makes the file, is not here")
        else:
            lines.append(_compared(form, asked.projects, asked.rounds))
        print(lines[-1], flush=True)
    if asked.many:
        lines.append(many(asked.many, asked.projects))
        print(lines[-1])
    return int(any(line.endswith("TOO SLOW") or "NOT READ" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
