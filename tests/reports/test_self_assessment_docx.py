"""Drafts of the shared samples' projects, from their facts to the files in each format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx as word
import openpyxl
import pdfplumber
import pytest

from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.target import Project
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.papers import draft_paper
from monitor.reports.paper.docx import docx
from monitor.reports.paper.pdf import pdf
from monitor.reports.paper.xlsx import xlsx

Make = Callable[..., ProjectFacts]


def in_docx(content: bytes) -> str:
    document = word.Document(BytesIO(content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    return "\n".join(texts + [c.text for t in document.tables for r in t.rows for c in r.cells])


def in_xlsx(content: bytes) -> str:
    book = openpyxl.load_workbook(BytesIO(content))
    return "\n".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)


def in_pdf(content: bytes) -> str:
    return "\n".join(
        (cell or "").replace("\n", "").replace("⩾", "≥")
        for page in pdfplumber.open(BytesIO(content)).pages
        for table in page.extract_tables()
        for row in table
        for cell in row
    )


def wanted(project: Project) -> list[str]:
    rows = [(each.level2, each.level3, each.target) for each in project.indicators]
    texts = [project.project_name, *project.goals, *(text for row in rows for text in row)]
    return [text.replace("\t", " ") for text in texts]


def test_every_sample_project_opens_again_with_all_its_texts(
    sample_projects: list[Project], make_facts: Make, rules: ScoringRules
) -> None:
    for project in sample_projects:
        paper = draft_paper(make_facts(of=project), rules)
        for text in (in_docx(docx(paper)), in_xlsx(xlsx(paper))):
            assert [each for each in wanted(project) if each not in text] == []


def test_a_sample_project_is_printed_with_all_its_indicators(
    sample_projects: list[Project], make_facts: Make, rules: ScoringRules
) -> None:
    for project in sample_projects[::11]:
        text = in_pdf(pdf(draft_paper(make_facts(of=project), rules))).replace(" ", "")
        names = [each.level3.replace(" ", "") for each in project.indicators]
        assert [name for name in names if name not in text] == []


@pytest.mark.parametrize("count", [0, 1, 60])
def test_any_number_of_indicators_is_printed(
    make_facts: Make, rules: ScoringRules, count: int
) -> None:
    project = make_facts().project
    many = tuple(replace(project.indicators[0], level3=f"第{i}项") for i in range(count))
    facts = make_facts(of=replace(project, indicators=many), as_of=date(2025, 5, 3))
    text = in_docx(docx(draft_paper(facts, rules)))

    assert all(f"第{i}项" in text for i in range(count))
