"""绩效自评汇总表: our figures beside live formulas, to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from monitor.domain.calendar import CHINA
from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.scoring_rules import Grade, ScoringRules
from monitor.reports.assessment.draft import NOTHING, Cell, to_fill
from monitor.reports.assessment.drafting import draft
from monitor.reports.unit.summary_facts import GroupPoints, columns, project_line, sums
from monitor.reports.unit.summary_workbook import summary_workbook
from tests.reports.conftest import MakeFacts, indicator, project
from tests.reports.summaries import BENEFIT, OUTPUT, awkward, full, line, points

PROJECTS, UNITS = "项目汇总", "单位汇总"
AT = datetime(2026, 1, 8, 9, tzinfo=CHINA)


def sheet(name: str, *, values: bool) -> Worksheet:
    book = load_workbook(BytesIO(summary_workbook(awkward())), data_only=values)
    found: Worksheet = book[name]
    return found


def rows(page: Worksheet) -> Iterator[dict[str, Any]]:
    """The rows below the headers, by header."""
    heads = [str(cell.value).replace("\n", "") for cell in page[3]]
    for row in page.iter_rows(min_row=4, values_only=True):
        yield dict(zip(heads, row, strict=True))


def test_money_is_a_number_in_yuan_exact_to_the_fen() -> None:
    read = list(rows(sheet(PROJECTS, values=True)))

    for each, row in zip(awkward().lines, read, strict=False):
        for header, fen in (
            ("年初预算数（元）", each.initial_fen),
            ("全年预算数（元）", each.budget_fen),
            ("全年执行数（元）", each.paid_fen),
        ):
            given = row[header]
            assert given is None if fen is None else Decimal(str(given)) * 100 == fen


def test_what_is_blank_stays_blank_and_what_is_not_there_is_a_dash() -> None:
    by_name = {row["项目名称"]: row for row in rows(sheet(PROJECTS, values=True))}

    assert by_name["项目5"]["全年预算数（元）"] is None
    assert by_name["项目5"]["执行率"] == "—"
    assert by_name["项目5"]["预算执行得分"] is None
    assert by_name["项目5"]["效益指标得分"] == "—"
    assert by_name["项目6"]["产出指标得分"] is None
    assert by_name["项目6"]["总分"] in (None, "")
    assert by_name["项目6"]["等级"] in (None, "")


def test_the_written_figures_are_ours() -> None:
    by_name = {row["项目名称"]: row for row in rows(sheet(PROJECTS, values=True))}

    assert [by_name[f"项目{n}"]["执行率"] for n in (1, 2, 3)] == [0.3333, 2, 0.0501]
    assert [by_name[f"项目{n}"]["总分"] for n in (1, 2, 3, 7)] == [90, 89.99, 80, 30.01]
    assert [by_name[f"项目{n}"]["等级"] for n in (1, 2, 3, 4, 7)] == list("优良良中差")


def test_units_and_all_are_summed() -> None:
    first, second, whole = rows(sheet(UNITS, values=True))

    assert (first["项目数"], second["项目数"], whole["项目数"]) == (6, 2, 8)
    assert first["全年执行数（元）"] == 333_333_343.73
    assert second["全年预算数（元）"] == 10_001.10
    assert second["执行率"] == -0.0123
    assert (first["已评项目数"], first["平均得分"]) == (4, 85)  # 84.995, half up
    assert [whole[grade.label] for grade in Grade] == [1, 2, 1, 2]


def test_sums_rates_totals_and_grades_are_formulas() -> None:
    page = sheet(PROJECTS, values=False)
    last = page.max_row
    first = {str(h.value): str(page.cell(4, int(h.column or 0)).value) for h in page[3]}

    assert first["执行率"].startswith("=IF(N(G4)=0")
    assert first["总分"] == '=IF(COUNTBLANK(J4:L4)=0,ROUND(SUM(J4:L4),2),"")'
    assert first["等级"] == '=IF(M4="","",IF(M4>=90,"优",IF(M4>=80,"良",IF(M4>=60,"中","差"))))'
    assert page.cell(last, 8).value == f"=ROUND(SUM(H4:H{last - 1}),2)"
    assert all(str(cell.value).startswith("=") for cell in sheet(UNITS, values=False)[4][2:])


def test_texts_from_outside_never_become_formulas() -> None:
    book = load_workbook(BytesIO(summary_workbook(awkward())))
    texts = [book[PROJECTS]["A2"], book["数据来源"]["A2"]]

    assert [cell.data_type for cell in texts] == ["s", "s"]
    assert texts[1].value == "支付明细：=A1.csv"


def test_the_head_stays_in_sight_and_on_paper_and_can_be_filtered() -> None:
    page = sheet(PROJECTS, values=False)

    assert page.freeze_panes == "F4"
    assert page.print_title_rows == "$3:$3"
    assert page.auto_filter.ref == f"A3:O{page.max_row - 1}"
    assert page.page_setup.orientation == "landscape"


def test_a_provisional_summary_is_stamped_on_every_page() -> None:
    made = replace(awkward(), stamp="阶段数据，截至10月31日")
    book = load_workbook(BytesIO(summary_workbook(made)))

    for name in (PROJECTS, UNITS):
        header: Any = book[name].oddHeader
        assert header.center.text == "阶段数据，截至10月31日"
    assert str(book[PROJECTS]["A2"].value).startswith("阶段数据，截至10月31日")


def test_the_same_summary_gives_the_same_bytes() -> None:
    assert summary_workbook(awkward()) == summary_workbook(awkward())


def test_the_grade_follows_the_limits_of_the_projects_own_rule_set() -> None:
    limits = (Decimal(95), Decimal(85), Decimal(70))
    made = replace(awkward(), lines=(line(1, 100, 100, full("50.00"), limits=limits),))
    page = load_workbook(BytesIO(summary_workbook(made)))[PROJECTS]

    assert 'IF(M4>=95,"优",IF(M4>=85,"良",IF(M4>=70,"中","差")))' in page["N4"].value


def test_columns_are_those_groups_that_any_project_has() -> None:
    lines = (line(1, 1, 1, {BENEFIT: points(90, "1")}), line(2, 1, 1, {OUTPUT: points(90, "1")}))

    assert columns(lines) == (OUTPUT, BENEFIT)
    assert columns(lines[:1]) == (BENEFIT,)


def test_sums_count_what_is_unknown_and_what_was_added() -> None:
    whole = sums((line(1, None, 5, {}), line(2, 10, 5, {}, initial_fen=0, added=True)))

    assert (whole.projects, whole.budget_fen, whole.paid_fen) == (2, 10, 10)
    assert (whole.unknown, whole.added, whole.rate_bp) == (1, 1, 10_000)


def test_a_project_is_told_by_its_own_form(make_facts: MakeFacts, rules: ScoringRules) -> None:
    of = project(indicators=(indicator("产出指标", "数量指标", "演出场次", "≥12场"),))
    facts = make_facts(of=of, paid=8_600_000)
    [name] = items(of.indicators)
    key = Key(Form.SELF_ASSESSMENT, Field.ACTUAL, name)
    entry = Entry(key, "6场", "", "李四", AT, "李四")
    open_, filled = (
        project_line(each, draft(each, rules), rules)
        for each in (facts, replace(facts, entries={key: entry}))
    )

    assert (open_.groups, open_.total, open_.grade) == ({OUTPUT: points(90, None)}, None, None)
    assert filled.groups == {OUTPUT: points(90, "45.00")}
    assert (filled.total, filled.grade) == (Decimal("53.60"), Grade.POOR)


@pytest.mark.parametrize(
    ("weight", "earned", "expected"),
    [
        (Cell("50"), Cell("40.00"), points(50, "40.00")),
        (to_fill(), Cell("40.00"), GroupPoints(None, None)),  # worth is not known
        (NOTHING, NOTHING, None),
    ],
)
def test_a_group_is_as_complete_as_its_rows(
    make_facts: MakeFacts, rules: ScoringRules, weight: Cell, earned: Cell, expected: Any
) -> None:
    facts = make_facts()
    made = draft(facts, rules)
    row = replace(made.indicators[0], level1="产出指标(50分)", weight=weight, points=earned)
    groups = project_line(facts, replace(made, indicators=(row,)), rules).groups

    assert groups == ({} if expected is None else {OUTPUT: expected})
