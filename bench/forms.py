"""Documents for the benches: the samples' projects, under new codes, in each form.

All are printed from truth.json, which no reader of ours has written; .doc and .pdf by LibreOffice.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import docx
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from monitor.domain.codes import check_character, has_check_character
from tests.ingest.form_documents import Box, Truth, _tables, as_docx, as_html

ROOT = Path(__file__).parents[1]
SAMPLES = Path(os.environ.get("MONITOR_SAMPLES", ROOT.parent / "shared" / "samples"))
YEAR = 2025
READERS = {"docx": "docx", "xlsx": "sheet", "html": "html", "pdf": "pdf", "doc": "doc"}
_SECONDS = 180


def sample_truth() -> Truth:
    truth: Truth = json.loads((SAMPLES / "targets/truth.json").read_text(encoding="utf-8"))
    return truth


def projects(count: int, first: int = 0) -> Truth:
    """So many projects of the samples in turn, each with a code of its own."""
    made = []
    for number, project in enumerate(itertools.islice(itertools.cycle(sample_truth()), count)):
        made.append(_renewed(project, first + number))
    return made


def _renewed(project: dict[str, Any], number: int) -> dict[str, Any]:
    code = f"{project['project_code'][:14]}{number:06}"
    other = project["project_code"][-1]
    last = check_character(code) if has_check_character(code + other) else other
    return {**deepcopy(project), "project_code": code + (last or other)}


def as_text(found: Truth) -> bytes:
    """The form as the samples have it: a line with a tab each cell, a blank line each row."""
    lines: list[str] = []
    for number, project in enumerate(found, 1):
        lines.append(f"{number}.{project['project_name']}绩效目标表")
        for table in _tables(project):
            for row in _with_covered(table):
                lines += [f"\t{text}" for text in row] + [""]
    return "\n".join(lines).encode()


def _with_covered(table: list[list[Box]]) -> Iterator[list[str]]:
    """Rows of texts; a cell that goes on from above is blank, as Word's text form has it."""
    covered: dict[int, tuple[int, int]] = {}
    for row in table:
        texts, boxes, column = [], iter(row), 0
        while column < 12:
            left, wide = covered.pop(column, (0, 0))
            if not left:
                box = next(boxes)
                texts.append(box.text)
                left, wide = box.tall, box.wide
            else:
                texts.append("")
            if left > 1:
                covered[column] = (left - 1, wide)
            column += wide
        yield texts


def as_xlsx(found: Truth) -> bytes:
    """A sheet each project; amounts and shares are numbers, as people type them."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, project in enumerate(found, 1):
        sheet = book.create_sheet(f"{number}")
        sheet.append([f"{number}.{project['project_name']}绩效目标表"])
        for table in _tables(project):
            _print(sheet, table, sheet.max_row + 1)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _print(sheet: Worksheet, table: list[list[Box]], top: int) -> None:
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(table, top):
        c = 1
        for box in row:
            while (r, c) in taken:
                c += 1
            _enter(sheet, r, c, box.text)
            if box.wide > 1 or box.tall > 1:
                sheet.merge_cells(None, r, c, r + box.tall - 1, c + box.wide - 1)
            taken |= {(r + i, c + j) for i in range(box.tall) for j in range(box.wide)}
            c += box.wide


def _enter(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    bare = text.removesuffix("%")
    if not bare.replace(".", "", 1).isdecimal():
        cell.value = text
    elif text.endswith("%"):
        cell.value, cell.number_format = float(bare) / 100, "0.00%"
    else:
        cell.value = float(text)


def _ruled(data: bytes) -> bytes:
    """The document with lines around its cells: what a printed form has, and a PDF must have."""
    document = docx.Document(io.BytesIO(data))
    for table in document.tables:
        table.style = "Table Grid"
    ruled = io.BytesIO()
    document.save(ruled)
    return ruled.getvalue()


def by_office(found: Truth, form: str) -> bytes:
    """What LibreOffice makes of the .docx."""
    office = shutil.which("soffice")
    if office is None:
        raise RuntimeError("LibreOffice is not on this machine")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "a.docx"
        source.write_bytes(_ruled(as_docx(found)))
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", form, "--outdir", name]
        subprocess.run([*command, str(source)], check=True, timeout=_SECONDS, capture_output=True)
        return (folder / f"a.{form}").read_bytes()


MAKERS: dict[str, Callable[[Truth], bytes]] = {
    "txt": as_text,
    "docx": as_docx,
    "html": lambda found: as_html(found).encode(),
    "xlsx": as_xlsx,
    "doc": lambda found: by_office(found, "doc"),
    "pdf": lambda found: by_office(found, "pdf"),
}


def has_reader(form: str) -> bool:
    return form == "txt" or find_spec(f"monitor.ingest.readers.{READERS[form]}") is not None


def can_be_made(form: str) -> bool:
    return form not in ("doc", "pdf") or shutil.which("soffice") is not None
