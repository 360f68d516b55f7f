"""The papers as LibreOffice prints them: A4, heads on each page, and no text that is cut."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

from monitor.reports.assessment import layout as self_layout
from monitor.reports.assessment.draft import Cell
from monitor.reports.paper.blocks import Paper
from monitor.reports.paper.docx import docx
from monitor.reports.paper.pdf import pdf
from monitor.reports.paper.xlsx import xlsx
from tests.live.libreoffice import calc, convert, writer
from tests.reports.papers import INDICATORS, a_draft, indicator_row

pytestmark = pytest.mark.live

LONG = "乡镇综合文化站和村级文化活动室开展各类群众文化活动并建立台账"
MANY = (
    *INDICATORS[:4],
    *(indicator_row("效益指标(30分)", "社会效益指标", f"{LONG}第{i}批") for i in range(30)),
    INDICATORS[-1],
)


def long_form() -> Paper:
    goals = (Cell("1. " + LONG * 6), Cell("2. " + LONG * 4))
    stamp = "阶段数据，截至10月31日"
    return self_layout.paper(
        a_draft(indicators=MANY, expected=goals, stamp=stamp, remarks=(LONG * 5,))
    )


def printed(kind: str, content: bytes, folder: Path) -> bytes:
    source = folder / f"form.{kind}"
    source.write_bytes(content)
    convert(writer() if kind == "docx" else calc(), [source], "pdf", folder / "out")
    return (folder / "out" / "form.pdf").read_bytes()


def check(content: bytes) -> None:
    pages = pdfplumber.open(BytesIO(content)).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert {(round(page.width), round(page.height)) for page in pages} == {(595, 842)}
    assert all("阶段数据，截至10月31日" in text for text in texts)
    assert all(f"第{n}页共{len(pages)}页" in text for n, text in enumerate(texts, 1))
    rows = [text for text in texts if "系统分配" in text]
    assert len(rows) >= 2
    assert all("一级指标二级指标三级指标年度指标值" in text for text in rows)
    for page in pages:  # nothing reaches into the margins or beyond the page
        assert all(char["x0"] > 5 and char["x1"] < page.width - 5 for char in page.chars)
    for first_or_last in ("镇", "账"):  # each long text is printed from its start to its end
        assert "".join(texts).count(first_or_last) == 10 + 30 + 5


def test_the_word_form_prints_whole(tmp_path: Path) -> None:
    check(printed("docx", docx(long_form()), tmp_path))


def test_the_workbook_prints_whole(tmp_path: Path) -> None:
    check(printed("xlsx", xlsx(long_form()), tmp_path))


def test_the_pdf_prints_whole_and_a_picture_of_it_is_not_blank(tmp_path: Path) -> None:
    content = pdf(long_form())
    check(content)
    (tmp_path / "form.pdf").write_bytes(content)
    command = ["pdftoppm", "-r", "40", "-png", str(tmp_path / "form.pdf"), str(tmp_path / "page")]
    subprocess.run(command, check=True)

    assert all(each.stat().st_size > 2000 for each in tmp_path.glob("page-*.png"))
