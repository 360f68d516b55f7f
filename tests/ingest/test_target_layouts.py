"""Target documents of other layouts than the samples', as web pages and as text."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

import pytest

from monitor.domain.target import Indicator, Project
from monitor.ingest.labels import default_labels
from monitor.ingest.target_form import Reading
from monitor.ingest.target_reading import read_target_document

CODE = "13022925P004R2810661U"
OTHER_CODE = "13022925P00JXC419610D"
FULL = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
PLAN = (("资金支出计划（%）", "6月底", "12月底"), ("", "50%", "100%"))
SIMPLE = (("一级指标", "二级指标", "三级指标", "指标值"), ("产出指标", "数量指标", "次数", "2次"))
Line = tuple[str, ...]


def html_cell(text: str) -> str:
    """`文字*2` covers two columns, `文字^2` two rows."""
    wide, tall = text.split("*"), text.split("^")
    if len(wide) == 2:
        return f"<td colspan={wide[1]}>{wide[0]}</td>"
    if len(tall) == 2:
        return f"<td rowspan={tall[1]}>{tall[0]}</td>"
    return f"<td>{text}</td>"


def html_table(*lines: Line) -> str:
    rows = ("".join(map(html_cell, each)) for each in lines)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def text_table(*lines: Line) -> str:
    return "\n".join("".join(f"\t{text}\n" for text in each) for each in lines) + "\n"


def head(
    code: str = CODE,
    unit: str = "434001玉田县政府办",
    money: str = "单位：元",
    amounts: Line = ("4000", "4000", "0"),
    plan: tuple[Line, ...] = PLAN,
    goals: Line = ("绩效目标", "1.保障办公"),
) -> tuple[Line, ...]:
    budget, fiscal, other = amounts
    return (
        (unit, money),
        ("项目编码", code, "项目名称", "甲"),
        ("预算规模及资金用途", "预算数", budget, "其中：财政资金", fiscal, "其他资金", other),
        ("", "办公"),
        *plan,
        goals,
    )


def page(table: tuple[Line, ...], lines: tuple[Line, ...] | None = None, before: str = "") -> str:
    form = html_table(*(head() if lines is None else lines))
    return f"{before}<h3>1.甲绩效目标表</h3>{form}<p></p>{html_table(*table)}"


def text(table: tuple[Line, ...], lines: tuple[Line, ...] | None = None) -> str:
    return "1.甲绩效目标表\n" + text_table(*(head() if lines is None else lines), *table)


def reading(document: str) -> Reading:
    if document.startswith("<"):
        document = f"<!DOCTYPE html><html><head></head><body>{document}</body></html>"
    return read_target_document(document.encode(), "a", year=2025, labels=default_labels())


def ids(document: str) -> list[str]:
    """What is found, apart from the missing first part."""
    return [each.id for each in reading(document).diagnostics if each.id != "T071"]


def project(document: str) -> Project:
    read = reading(document)
    assert read.document is not None
    assert read.document.projects, [str(each) for each in read.diagnostics]
    (only,) = read.document.projects
    return only


def fields(document: str) -> list[Line]:
    return [line_of(each) for each in project(document).indicators]


def line_of(each: Indicator) -> Line:
    return (each.level1, each.level2, each.level3, each.description, each.target, each.basis)


class Form(Protocol):
    """A project's sheet as a page or as text."""

    def __call__(
        self, table: tuple[Line, ...], lines: tuple[Line, ...] | None = None, /
    ) -> str: ...


BOTH = pytest.mark.parametrize("form", [page, text], ids=["html", "text"])


@pytest.mark.parametrize(
    ("target", "comparison", "number", "unit"),
    [("不低于90%", "≥", 90, "%"), ("小于等于5起", "≤", 5, "起")],
)
def test_a_comparison_in_words_is_understood_in_a_table(
    target: str, comparison: str, number: int, unit: str
) -> None:
    (only,) = project(page((SIMPLE[0], (*SIMPLE[1][:3], target)))).indicators

    value = only.value
    assert (value.comparison, value.number, value.unit) == (comparison, Decimal(number), unit)


@BOTH
def test_three_levels_and_a_value_are_enough(form: Form) -> None:
    table = (*SIMPLE, ("", "质量指标", "合格率", "≥95%"))

    assert fields(form(table)) == [
        ("产出指标", "数量指标", "次数", "", "2次", ""),
        ("产出指标", "质量指标", "合格率", "", "≥95%", ""),
    ]
    assert ids(form(table)) == []


SICHUAN = (
    ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "权重"),
    ("产出指标", "数量指标", "培训人次", "≥", "200", "人次", "40"),
    ("", "质量指标", "合格率", "＝", "95", "%", "40"),
    ("效益指标", "社会效益指标", "群众知晓", "定性", "明显提升", "", "10"),
)


@BOTH
def test_the_target_of_sichuan_is_put_together_of_three_cells(form: Form) -> None:
    found = project(form(SICHUAN)).indicators

    assert [each.target for each in found] == ["≥200人次", "=95%", "明显提升"]
    assert [each.value.number for each in found] == [Decimal(200), Decimal(95), None]
    assert [each.weight for each in found] == [Decimal(40), Decimal(40), Decimal(10)]
    assert ids(form(SICHUAN)) == []


HEBEI_2019 = [("产出指标", "", "次数", "开会次数", "≥2次", "计划")]


def test_the_best_grade_of_hebei_2019_is_the_target() -> None:
    table = (
        ("分类^2", "指标^2", "描述^2", "评价标准*4", "依据^2"),
        ("优", "良", "中", "差"),
        ("产出指标", "次数", "开会次数", "≥2次", "1次", "0.5次", "0次", "计划"),
    )

    assert fields(page(table)) == HEBEI_2019
    assert sorted(ids(page(table))) == ["T065", "T066"]


@pytest.mark.parametrize(
    "grades", [("优", "良", "中", "差"), ("", "", "", "优", "良", "中", "差", "")]
)
def test_grades_below_their_header_are_read_from_text(grades: Line) -> None:
    table = (
        ("分类", "指标", "描述", "评价标准", "依据"),
        grades,
        ("产出指标", "次数", "开会次数", "≥2次", "1次", "0.5次", "0次", "计划"),
    )

    assert fields(text(table)) == HEBEI_2019


def test_a_header_of_two_lines_is_read() -> None:
    table = (
        ("绩效指标*3", "指标值^2"),
        ("一级指标", "二级指标", "三级指标"),
        ("产出指标", "数量指标", "次数", "2次"),
    )

    assert fields(page(table)) == [("产出指标", "数量指标", "次数", "", "2次", "")]
    assert ids(page(table)) == []


def test_a_header_of_two_lines_whose_columns_are_unknown_is_refused() -> None:
    table = (
        ("绩效指标", "指标值"),
        ("一级指标", "二级指标", "三级指标", ""),
        ("产出指标", "数量指标", "次数", "2次"),
    )

    assert "T051" in ids(text(table))


@BOTH
@pytest.mark.parametrize(
    ("written", "weight"), [("10", "10"), ("10分", "10"), ("12.5", "12.5"), ("（10%）", "10")]
)
def test_a_weight_is_read_however_it_is_written(form: Form, written: str, weight: str) -> None:
    table = ((*SIMPLE[0], "分值（权重）"), (*SIMPLE[1], written), ("", "", "人数", "3人", ""))

    found = [each.weight for each in project(form(table)).indicators]

    assert found == [Decimal(weight), None]
    assert ids(form(table)) == []


def test_weights_that_do_not_make_a_hundred_are_noted() -> None:
    assert ids(page(((*SIMPLE[0], "分值"), (*SIMPLE[1], "40")))) == ["T064"]


@pytest.mark.parametrize("written", ["十分", "-5", "250", "10/20"])
def test_an_unreadable_weight_is_none_with_a_warning(written: str) -> None:
    document = page(((*SIMPLE[0], "分值"), (*SIMPLE[1], written)))

    assert project(document).indicators[0].weight is None
    assert ids(document) == ["T063"]


@BOTH
def test_a_known_column_without_a_field_is_named(form: Form) -> None:
    table = ((*SIMPLE[0], "备注"), (*SIMPLE[1], "按季统计"))

    assert fields(form(table)) == [("产出指标", "数量指标", "次数", "", "2次", "")]
    assert ids(form(table)) == ["T065"]


def test_a_project_without_a_plan_is_read() -> None:
    document = page(SIMPLE, head(plan=()))

    assert project(document).plan == ()
    assert ids(document) == ["T040"]


@BOTH
def test_a_plan_in_words_is_none_with_a_warning(form: Form) -> None:
    plan = (("项目实施进度计划", "一季度完成招标，二季度开工，年底前完工并支付"),)

    assert project(form(SIMPLE, head(plan=plan))).plan == ()
    assert ids(form(SIMPLE, head(plan=plan))) == ["T035"]


@BOTH
@pytest.mark.parametrize("prefix", ["", "第"])
def test_quarters_are_checkpoints(form: Form, prefix: str) -> None:
    names = tuple(f"{prefix}{number}季度" for number in "一二三四")
    plan = (("资金支出计划", *names), ("", "10%", "40%", "70%", "100%"))

    found = project(form(SIMPLE, head(plan=plan))).plan

    assert [(each.month, each.planned_bp) for each in found] == [
        (3, 1000),
        (6, 4000),
        (9, 7000),
        (12, 10000),
    ]


def test_a_blank_share_is_known_by_its_column() -> None:
    plan = (("资金支出计划^2", "3月底", "7月底", "12月底"), ("", "40%", "100%"))

    document = page(SIMPLE, head(plan=plan))

    assert [each.planned_bp for each in project(document).plan] == [None, 4000, 10000]
    assert ids(document) == ["T044"]


def test_a_share_merged_over_two_checkpoints_is_refused() -> None:
    plan = (("资金支出计划^2", "3月底", "7月底", "12月底"), ("40%*2", "100%"))

    assert ids(page(SIMPLE, head(plan=plan))) == ["T043"]


@BOTH
@pytest.mark.parametrize(
    "label", ["年度目标", "年度总体目标", "项目年度目标", "绩效总目标", "总体目标"]
)
def test_the_goals_are_known_by_many_names(form: Form, label: str) -> None:
    assert project(form(SIMPLE, head(goals=(label, "目标1：保障办公")))).goals == ("保障办公",)


@BOTH
def test_amounts_in_thousands_with_the_unit_in_a_row_of_its_own(form: Form) -> None:
    lines = head(money="", amounts=("4.5", "4.5", "0"))
    lines = (*lines[:2], ("金额单位：千元",), *lines[2:])

    assert project(form(SIMPLE, lines)).budget_fen == 450_000


NATIONAL = (
    ("项目支出绩效目标申报表*5",),
    ("（2025年度）*5",),
    ("项目名称", "办公楼维修*4"),
    ("项目编码", f"{CODE}*4"),
    ("主管部门及代码", "219-玉田县政府", "实施单位", "434001-玉田县政府办*2"),
    ("项目资金（万元）^3", "年度资金总额：*2", "12.5*2"),
    ("其中：财政拨款*2", "12.5*2"),
    ("其他资金*2", "*2"),
    ("年度总体目标", "目标1：完成维修*4"),
    ("绩效指标^3", "一级指标", "二级指标", "三级指标", "指标值"),
    ("产出指标^2", "数量指标", "维修面积", "≥500平方米"),
    ("质量指标", "验收合格率", "100%"),
)


def test_the_national_form_is_read_from_a_page_with_its_title_in_the_table() -> None:
    found = project(html_table(*NATIONAL))

    assert (found.unit_code, found.unit_name) == ("434001", "玉田县政府办")
    assert (found.project_name, found.project_code) == ("办公楼维修", CODE)
    assert (found.budget_fen, found.fiscal_fen, found.other_fen) == (12_500_000, 12_500_000, None)
    assert found.goals == ("完成维修",)
    assert [line_of(each) for each in found.indicators] == [
        ("产出指标", "数量指标", "维修面积", "", "≥500平方米", ""),
        ("产出指标", "质量指标", "验收合格率", "", "100%", ""),
    ]
    assert set(ids(html_table(*NATIONAL))) == {"T019", "T040", "T065"}


def test_a_unit_without_its_code_is_refused_by_name() -> None:
    lines = tuple(tuple(c.replace("434001-", "") for c in line) for line in NATIONAL)

    assert "T068" in ids(html_table(*lines))


def test_code_and_name_in_one_cell_are_parted() -> None:
    lines = (*NATIONAL[:2], ("项目名称", f"{CODE}-办公楼维修*4"), *NATIONAL[4:])

    found = project("<h3>1.维修绩效目标表</h3>" + html_table(*lines[2:]))

    assert (found.project_code, found.project_name) == (CODE, "办公楼维修")


def test_text_merged_sideways_belongs_to_the_first_of_its_columns() -> None:
    row = ("产出指标", "数量指标", "次数*2", "2次", "计划")

    assert fields(page((FULL, row))) == [("产出指标", "数量指标", "次数", "", "2次", "计划")]


@pytest.mark.parametrize(
    "row",
    [
        ("产出指标", "数量指标", "次数", "说明", "2次*2"),
        ("产出指标", "数量指标", "次数", "2次*2", "计划"),
        ("产出指标", "数量指标", "次数", "2次", "计划"),
    ],
)
def test_a_target_that_shares_its_cell_or_moved_is_refused(row: Line) -> None:
    assert "T052" in ids(page((FULL, row)))


def test_a_header_merged_over_two_columns_takes_both() -> None:
    table = (
        ("一级指标", "二级指标", "三级指标*2", "指标值"),
        ("产出指标", "数量指标", "次数", "", "2次"),
        ("", "质量指标", "合格率*2", "100%"),
    )

    assert fields(page(table)) == [
        ("产出指标", "数量指标", "次数", "", "2次", ""),
        ("产出指标", "质量指标", "合格率", "", "100%", ""),
    ]


def test_a_value_merged_downwards_is_that_of_both_rows() -> None:
    table = (
        SIMPLE[0],
        ("产出指标^2", "数量指标^2", "次数", "2次^2"),
        ("场数",),
        ("", "质量指标", "合格率", ""),
    )

    assert fields(page(table)) == [
        ("产出指标", "数量指标", "次数", "", "2次", ""),
        ("产出指标", "数量指标", "场数", "", "2次", ""),
        ("产出指标", "质量指标", "合格率", "", "", ""),
    ]
    assert set(ids(page(table))) == {"T067", "T055"}


def test_a_level_in_a_row_of_its_own_and_a_remark_across_the_table() -> None:
    table = (
        SIMPLE[0],
        ("产出指标*4",),
        ("", "数量指标", "次数", "2次"),
        ("注：本表由单位填报*4",),
    )

    assert fields(page(table)) == [("产出指标", "数量指标", "次数", "", "2次", "")]
    assert ids(page(table)) == ["T058", "T070"]


def test_a_table_without_a_second_level_is_read_with_a_note() -> None:
    table = (("一级指标", "三级指标", "指标值"), ("产出指标", "次数", "2次"))

    assert fields(page(table)) == [("产出指标", "", "次数", "", "2次", "")]
    assert ids(page(table)) == ["T066"]


def test_the_first_parts_of_several_units_are_kept_with_their_names() -> None:
    part = "<p>第一部分</p><p>部门整体绩效目标</p><p>一、总体绩效目标</p><p>{}</p>"
    part += "<p>二、分项绩效目标</p><p>分项</p><p>三、工作保障措施</p><p>措施</p><p>第二部分</p>"
    other = page(SIMPLE, head(code=OTHER_CODE, unit="434002乙局"), part.format("为民"))
    document = page(SIMPLE, None, part.format("运转")) + other

    read = reading(document)

    assert read.document is not None
    assert read.document.goals.overall == "434001玉田县政府办\n运转\n434002乙局\n为民"
    assert len(read.document.projects) == 2
    assert read.diagnostics == ()


def test_navigation_before_the_first_part_is_one_note() -> None:
    links = "".join(f"<p>栏目{i}</p>" for i in range(30))

    assert [each.id for each in reading(page(SIMPLE, None, links)).diagnostics].count("T072") == 1


def many(*budgets: str) -> str:
    return "".join(
        page(SIMPLE, head(code=f"13022925P{i:012}", amounts=(each, each, "0")))
        for i, each in enumerate(budgets)
    )


def test_a_budget_ten_thousand_times_its_neighbours_is_told() -> None:
    assert ids(many("4000", "5000", "60000000")).count("T081") == 1
    assert ids(many("4000", "5000", "39000000")).count("T081") == 0


@pytest.mark.parametrize(("total", "told"), [("0.4", []), ("0.5", ["T080"])])
def test_the_documents_own_total_is_compared(total: str, told: list[str]) -> None:
    document = page(SIMPLE) + f"<p>项目支出合计：{total}万元</p>"

    assert ids(document) == told


@pytest.mark.parametrize(
    ("name", "target", "told"),
    [
        *(("合格率", "≥110%", ["T082"]), ("合格率", "≤110%", []), ("增长率", "≥110%", [])),
        *(("次数", "≥2.5次", ["T083"]), ("面积", "2.5平方米", [])),
    ],
)
def test_a_number_that_cannot_be_is_told(name: str, target: str, told: list[str]) -> None:
    assert ids(page((SIMPLE[0], ("产出指标", "质量指标", name, target)))) == told


def test_a_money_unit_stated_once_before_all_sheets_holds_for_those_that_state_none() -> None:
    lines = head(money="", amounts=("4.5", "4.5", "0"))
    front = "<p>第一部分 部门整体绩效目标</p><p>金额单位：万元</p><p>第二部分 预算项目绩效目标</p>"

    assert project(page(SIMPLE, lines, before=front)).budget_fen == 4_500_000


def test_a_day_without_a_year_is_one_of_the_budget_year() -> None:
    table = (SIMPLE[0], (*SIMPLE[1][:3], "12月31日前"))

    (only,) = project(page(table)).indicators

    assert (only.value.comparison, str(only.value.date)) == ("≤", "2025-12-31")
