"""The sample target documents, each field of each project and indicator against truth.json."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from monitor.domain.target import Project, TargetDocument
from monitor.ingest.labels import default_labels
from monitor.ingest.target_form import Reading
from monitor.ingest.target_reading import read_target_document


@pytest.fixture(scope="module")
def readings(samples: Path) -> dict[str, Reading]:
    paths = sorted((samples / "targets").glob("*.txt"))
    return {
        path.name: read_target_document(
            path.read_bytes(), path.name, year=None, labels=default_labels()
        )
        for path in paths
    }


@pytest.fixture(scope="module")
def documents(readings: dict[str, Reading]) -> dict[str, TargetDocument]:
    read = {name: reading.document for name, reading in readings.items()}
    return {name: document for name, document in read.items() if document is not None}


@pytest.fixture(scope="module")
def truth(samples: Path) -> list[dict[str, Any]]:
    text = (samples / "targets" / "truth.json").read_text(encoding="utf-8")
    projects: list[dict[str, Any]] = json.loads(text)
    return projects


def bare(text: str) -> str:
    """Without white space, in which the truth and the reading may differ."""
    return "".join(text.split())


def as_truth(project: Project) -> dict[str, Any]:
    return {
        "year": project.year,
        "unit_code": project.unit_code,
        "unit_name_as_written": bare(project.unit_name),
        "project_code": project.project_code,
        "project_name": bare(project.project_name),
        "money_unit": project.money_unit.value,
        "budget_fen": project.budget_fen,
        "fiscal_fen": project.fiscal_fen,
        "other_fen": project.other_fen,
        "purpose": bare(project.purpose),
        "plan_bp": {f"{point.month:02}": point.planned_bp for point in project.plan},
        "goals": [bare(goal) for goal in project.goals],
        "indicators": [
            {
                "level1": bare(each.level1),
                "level2": bare(each.level2),
                "level3": bare(each.level3),
                "description": bare(each.description),
                "target": bare(each.target),
                "basis": bare(each.basis),
            }
            for each in project.indicators
        ],
        "source": project.place.file,
    }


def bared(value: Any) -> Any:
    if isinstance(value, str):
        return bare(value)
    if isinstance(value, list):
        return [bared(each) for each in value]
    if isinstance(value, dict):
        return {key: bared(each) for key, each in value.items()}
    return value


def projects_of(documents: Iterable[TargetDocument]) -> list[Project]:
    return [project for document in documents for project in document.projects]


def test_each_field_of_each_project_equals_the_truth(
    documents: dict[str, TargetDocument], truth: list[dict[str, Any]]
) -> None:
    read = [as_truth(project) for project in projects_of(documents.values())]

    assert len(read) == 34
    assert read == bared(truth)


def test_the_budgets_sum_to_the_fen(documents: dict[str, TargetDocument]) -> None:
    projects = projects_of(documents.values())

    assert sum(project.budget_fen or 0 for project in projects) == 1_824_014_109
    assert sum(len(project.indicators) for project in projects) == 296


def test_the_samples_have_no_errors_and_only_these_remarks(readings: dict[str, Reading]) -> None:
    remarks = {
        name[:3]: [each.id for each in reading.diagnostics] for name, reading in readings.items()
    }

    assert remarks == {
        "000": ["T003"],
        "001": ["T003", "T044", "T044", "T044", "T053"],
        "002": ["T003"],
        "003": ["T003"],
        "004": ["T003"],
    }


def test_the_year_names_the_codes_that_differ(readings: dict[str, Reading]) -> None:
    reading = next(reading for name, reading in readings.items() if name.startswith("002"))

    assert reading.document is not None
    assert reading.document.year == 2022
    assert "12 个项目编码中 10 个为 2022" in reading.diagnostics[0].meaning
    assert "13030321P00EGD010004G（2021）" in reading.diagnostics[0].meaning
    assert "13030321FVX8CQSYXPUNY（2021）" in reading.document.year_source


@pytest.mark.parametrize(
    ("sample", "overall", "itemised", "safeguards"),
    [
        (
            "000",
            ("负责中央、省、市各级领导来我区考察", "承办上级交办的其他任务。"),
            ("1、认真实施根据党和国家的有关方针", "6、做好暑期其他服务任务。"),
            ("1、保障全区暑期工作的公文处理", "上级对口部门的接待工作。"),
        ),
        (
            "001",
            ("坚持和加强党的全面领导", "推进全区公共机构节能工作。"),
            ("综合办公楼日常维修维护", "节能统计覆盖率达90%以上。"),
            ("（一）科学编制部门预算", "落实项目评价结果的内部应用。"),
        ),
        (
            "002",
            ("一、总体绩效目标", "协调发展，构建和谐山海关奠定坚实基础。"),
            ("职责分类绩效目标：", "完成区级下达各项工作指标"),
            ("一是保民生：以人为本促和谐。", "实现居家养老全覆盖。"),
        ),
        (
            "003",
            ("围绕县政府中心工作和重点工作", "传达落实和检查工作。"),
            ("（一）", "绩效指标：反馈群众反映问题的时效。"),
            ("（一）完善制度建设。", "促进预算绩效管理水平进一步提升。"),
        ),
        (
            "004",
            ("为落实中央、省、市、县工作部署", "提高设施利用率。"),
            ("（一）接待管理活动", "服务对象满意程度：年度指标值不低于95%。"),
            ("成立部门绩效工作领导小组", "压缩成本，节约开支。"),
        ),
    ],
)
def test_the_first_part_is_kept_from_its_first_words_to_its_last(
    documents: dict[str, TargetDocument],
    sample: str,
    overall: tuple[str, str],
    itemised: tuple[str, str],
    safeguards: tuple[str, str],
) -> None:
    goals = next(each.goals for name, each in documents.items() if name.startswith(sample))

    read = (goals.overall, goals.itemised, goals.safeguards)
    for text, (first, last) in zip(read, (overall, itemised, safeguards), strict=True):
        assert text.startswith(first)
        assert text.endswith(last)
        assert "\\f" not in text
        assert "bookmark" not in text
