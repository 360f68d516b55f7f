"""The monitoring form as LibreOffice prints it: A4 across, heads on each page, no text cut."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

from monitor.domain.calendar import CHINA
from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.scoring_rules import ScoringRules
from monitor.ingest.shipped import shipped
from monitor.reports.monitoring.form import form
from monitor.reports.monitoring.layout import paper
from monitor.reports.monitoring.settings import MonitoringRules
from monitor.reports.paper.blocks import Paper
from monitor.reports.paper.docx import docx
from monitor.reports.paper.pdf import pdf
from monitor.reports.paper.xlsx import xlsx
from tests.live.libreoffice import calc, convert, writer
from tests.reports.conftest import MakeFacts, indicator, make_facts, project, rules

__all__ = ["make_facts", "rules"]
pytestmark = pytest.mark.live
REASON = "镇综合文化站改造工期顺延下乡演出场地不足经与村委会协商改在学校操场分批补演并留存影像台账"


@pytest.fixture
def long_form(make_facts: MakeFacts, rules: ScoringRules) -> Paper:
    """A form of 25 indicators, each behind, with a long reason and a long measure."""
    monitoring = MonitoringRules.from_toml(tomllib.loads(shipped("rules/monitoring.toml")))
    listed = tuple(
        indicator("产出指标", "数量指标", f"村级文化活动室开展群众文化活动第{n}批", "≥12场")
        for n in range(25)
    )
    at = datetime(2025, 8, 5, tzinfo=CHINA)
    said = {
        key: Entry(key, text, "", "李四", at, "李四")
        for name in items(listed)
        for field, text in (
            (Field.ACTUAL, "3场"),
            (Field.REASON, REASON),
            (Field.NOTE, REASON),
            (Field.CAUSES, "人员保障、硬件条件保障"),
        )
        for key in (Key(Form.MONITORING, field, name, "06"),)
    }
    facts = make_facts(of=project(indicators=listed), as_of=date(2025, 6, 30), entries=said)
    return paper(form(facts, rules, monitoring, monitoring.profile("hebei"), 6))


def check(content: bytes) -> None:
    pages = pdfplumber.open(BytesIO(content)).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert {(round(page.width), round(page.height)) for page in pages} == {(842, 595)}
    assert all(f"第{n}页共{len(pages)}页" in text for n, text in enumerate(texts, 1))
    results = [text for text in texts if "≥12场" in text]
    assert len(results) >= 2
    assert all("经费" in text and "原因说明" in text for text in results)
    for page in pages:  # nothing reaches into the margins or beyond the page
        assert all(char["x0"] > 5 and char["x1"] < page.width - 5 for char in page.chars)
    for first_or_last in ("镇", "账"):  # each reason and measure from its start to its end
        assert "".join(texts).count(first_or_last) == 50
    assert "".join(texts).count("√") == 25 * 3


def printed(kind: str, content: bytes, folder: Path) -> bytes:
    source = folder / f"form.{kind}"
    source.write_bytes(content)
    convert(writer() if kind == "docx" else calc(), [source], "pdf", folder / "out")
    return (folder / "out" / "form.pdf").read_bytes()


def test_the_word_form_prints_whole(long_form: Paper, tmp_path: Path) -> None:
    check(printed("docx", docx(long_form), tmp_path))


def test_the_workbook_prints_whole(long_form: Paper, tmp_path: Path) -> None:
    check(printed("xlsx", xlsx(long_form), tmp_path))


def test_the_pdf_prints_whole(long_form: Paper) -> None:
    check(pdf(long_form))
