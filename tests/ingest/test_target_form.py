"""A target document recognised: year, unit, money, goals, indicators, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.domain.money import MoneyUnit
from monitor.domain.target import Project
from monitor.ingest.goal_text import goals_of
from monitor.ingest.labels import default_labels
from monitor.ingest.readers.text import read
from monitor.ingest.target_form import Reading, recognise
from monitor.ingest.target_reading import read_target_document

SHEET = (
    "1.甲绩效目标表\n{unit}\n\n{code}\n\n{amounts}\n\n\t\n\t{purpose}\n\n"
    "{plan}\n\n{goals}\n\n{table}"
)
PARTS = {
    "unit": "\t434001玉田县人民政府办公室本级\n\t单位：元",
    "code": "\t项目编码\n\t13022925P004R2810661U\n\t项目名称\n\t甲",
    "amounts": "\t预算规模及资金用途\n\t预算数\n\t4000\n\t其中：财政资金\n\t4000\n\t其他资金\n\t",
    "purpose": "办公",
    "plan": "\t资金支出计划（%）\n\t6月底\n\t12月底\n\n\t\n\t50%\n\t100%",
    "goals": "\t绩效目标\n\t1.保障办公",
    "table": "\t一级指标\n\t二级指标\n\t三级指标\n\t绩效指标描述\n\t指标值\n\t指标值确定依据\n\n"
    "\t产出指标\n\t数量指标\n\t次数\n\t开会次数\n\t≥2次\n\t计划\n\n"
    "\t\n\t质量指标\n\t合格率\n\t合格率\n\t100%\n\t计划\n",
}


def sheet(**parts: str) -> str:
    return SHEET.format_map(PARTS | parts)


def reading(text: str, year: int | None = 2025) -> Reading:
    return recognise(read(text, "a.txt"), year=year, labels=default_labels())


def project(**parts: str) -> Project:
    document = reading(sheet(**parts)).document
    assert document is not None
    (only,) = document.projects
    return only


def coded(*codes: str) -> str:
    return "\n\n".join(sheet(code=PARTS["code"].replace("13022925P004R2810661U", c)) for c in codes)


def ids(text: str) -> set[str]:
    """What is found, apart from the missing first part."""
    return {each.id for each in reading(text).diagnostics} - {"T071"}


def test_a_plain_sheet_is_read_without_a_remark() -> None:
    assert ids(sheet()) == set()
    assert project().place.line == 1


@pytest.mark.parametrize(
    ("codes", "year"),
    [
        (("22P1", "22P2", "21P3"), 2022),
        (("22P1", "22P2", "22P3"), 2022),
        (("22P1", "21P2"), None),
        (("22P1", "21P2", "21P3"), None),
    ],
)
def test_the_year_is_the_latest_of_the_codes_if_most_carry_it(
    codes: tuple[str, ...], year: int | None
) -> None:
    document = reading(coded(*(f"130229{code}".ljust(21, "0") for code in codes)), None).document

    assert (document.year if document else None) == year


def test_without_a_readable_year_the_document_is_refused_with_the_question() -> None:
    refused = reading(coded("12345"), None)

    assert refused.document is None
    assert [each.id for each in refused.diagnostics if "--year" in each.advice] == ["T002"]


def test_a_given_year_stands_above_the_codes() -> None:
    document = reading(sheet(), 2026).document

    assert document is not None
    assert (document.year, document.year_source) == (2026, "由 --year 指定")


@pytest.mark.parametrize(
    ("unit", "fen"),
    [
        ("\t434001甲局\n\t单位：万元", 40_000_000_00),
        ("\t434001甲局\n\t单位: 千元", 4_000_000_00),
        ("\t434001甲局 （金额单位：元）", 4_000_00),
        ("434001甲局\n单位：人民币元\n", 4_000_00),
    ],
)
def test_the_money_unit_is_found_wherever_it_stands(unit: str, fen: int) -> None:
    read = project(unit=unit)

    assert (read.unit_code, read.unit_name, read.budget_fen) == ("434001", "甲局", fen)


def test_the_money_unit_can_stand_in_the_label_of_the_amount() -> None:
    amounts = PARTS["amounts"].replace("预算数", "预算数（万元）")

    assert project(unit="\t434001甲局", amounts=amounts).money_unit is MoneyUnit.TEN_THOUSAND_YUAN


def test_two_units_of_one_department_stand_in_one_document() -> None:
    other = sheet(
        unit="\t434002乙局\n\t单位：万元",
        code="\t项目编码\n\t13022925P00JXC419610D\n\t项目名称\n\t乙",
    )
    document = reading(f"{sheet()}\n\n{other}").document

    assert document is not None
    assert [each.unit_code for each in document.projects] == ["434001", "434002"]
    assert [each.budget_fen for each in document.projects] == [400_000, 4_000_000_000]


def test_blank_other_funds_stay_blank_and_zero_stays_zero() -> None:
    zero = PARTS["amounts"] + "0"

    assert project().other_fen is None
    assert project(amounts=zero).other_fen == 0


def test_a_sheet_without_its_heading_begins_at_its_unit_line() -> None:
    headless = sheet().split("\n", 1)[1].replace("甲", "乙")
    second = headless.replace("13022925P004R2810661U", "13022925P00JXC419610D")

    document = reading(f"{sheet()}\n\n{second}").document
    assert document is not None
    assert [each.project_name for each in document.projects] == ["甲", "乙"]


def test_a_heading_that_ran_into_the_last_cell_is_set_free() -> None:
    other = coded("13022925P00JXC419610D").replace("1.甲", "2.甲")
    document = reading(sheet().rstrip("\n") + "\n" + other).document

    assert document is not None
    assert document.projects[0].indicators[-1].basis == "计划"
    assert len(document.projects) == 2


def test_one_bad_project_leaves_the_others_in() -> None:
    bad = coded("13022925P00JXC419610D").replace("\t4000", "\t四千")
    read = reading(f"{sheet()}\n\n{bad}")

    assert read.document is not None
    assert [each.project_code for each in read.document.projects] == ["13022925P004R2810661U"]
    assert "T017" in {each.id for each in read.diagnostics}


def test_a_purpose_over_several_lines_is_one_line() -> None:
    assert project(purpose="保障办公\t\t\n\n保障会议。\n").purpose == "保障办公 保障会议。"


@pytest.mark.parametrize(
    ("cell", "goals"),
    [
        ("1. 完成支付\n2、完成保险\n（3）完成验收", ("完成支付", "完成保险", "完成验收")),
        ("①完成支付\n一、完成保险\n无序号", ("完成支付", "完成保险", "无序号")),
        ("2021年完成\n3.5万人受益\n12345热线", ("2021年完成", "3.5万人受益", "12345热线")),
        ("1.2021年完成支付", ("2021年完成支付",)),
        ("1.14名主任的工资\n2.完成支付", ("14名主任的工资", "完成支付")),
        ("1.5万人受益", ("1.5万人受益",)),
        ("一、二期工程完工", ("一、二期工程完工",)),
        ("1、2号楼维修", ("1、2号楼维修",)),
        ("1.\n\n完成支付", ("完成支付",)),
        ("清洁取暖\t、改善环境", ("清洁取暖、改善环境",)),
        ("", ()),
    ],
)
def test_a_goal_loses_its_own_number_and_no_other(cell: str, goals: tuple[str, ...]) -> None:
    assert goals_of(cell.split("\n")) == goals


def test_goals_go_on_after_blank_lines_and_in_cells_of_their_own() -> None:
    goals = "\t绩效目标\n\t1.甲\n\n\n2.乙\n\t3.丙\n\n\t\n\t"

    assert project(goals=goals).goals == ("甲", "乙", "丙")


def table(*rows: str) -> str:
    header = PARTS["table"].split("\n\n")[0]
    return "\n\n".join([header, *rows])


WHOLE = "\t产出指标\n\t数量指标\n\t次数\n\t开会次数\n\t≥2次\n\t计划"


@pytest.mark.parametrize(
    "row",
    [
        "\t产出指标\n\t数量指标\n\t次数\n\t开会次数\n\n\t≥2次\n\t计划",
        "\t产出指标\n\n\t数量指标\n\n\t次数\n\n\t开会次数\n\n\t≥2次\n\n\t计划",
        "\t产出指标\n\t数量指标\n\t次数\n\t\n\n开会次数\n\n\t≥2次\n\t计划",
        f"{WHOLE}\n\n\t\n\t\n\t",
        f"{WHOLE}\n\t\t\t\t",
    ],
)
def test_a_row_in_pieces_is_put_together_by_the_header(row: str) -> None:
    last = "\t\n\t质量指标\n\t合格率\n\t合格率\n\t100%\n\t计划"

    assert project(table=table(row, last)).indicators == project().indicators


def test_rows_that_ran_together_are_parted_by_the_header() -> None:
    both = PARTS["table"].split("\n\n", 1)[1].replace("\n\n", "\n")

    assert project(table=table(both)).indicators == project().indicators


@pytest.mark.parametrize(
    "rows",
    [
        ("\t产出指标\n\t数量指标\n\t次数\n\t≥2次\n\t计划", WHOLE),
        ("\t产出指标\n\t数量指标\n\t次数", "\t\n\t质量指标\n\t合格率"),
        (f"{WHOLE}\n\t多余", WHOLE),
        (WHOLE, "\t\n\t质量指标\n\t合格率\n\t100%\n\t计划"),
        (WHOLE, "\t质量指标\n\t合格率\n\t合格率\n\t100%\n\t其他"),
        (WHOLE, "\t\n\t质量指标\n\t合格率\n\t合格率"),
    ],
)
def test_a_row_whose_cells_have_no_sure_place_is_an_error(rows: tuple[str, ...]) -> None:
    assert "T052" in ids(sheet(table=table(*rows)))


def test_a_split_column_stays_empty() -> None:
    split = PARTS["table"].replace("描述\n", "描述\n\t\n").replace("开会次数\n", "开会次数\n\t\n")
    split = split.replace("合格率\n\t合格率\n", "合格率\n\t合格率\n\t\n")

    assert project(table=split).indicators == project().indicators


def test_the_header_repeated_on_a_new_page_is_no_row() -> None:
    header, first, second = PARTS["table"].split("\n\n")

    assert project(table="\n\n".join([header, first, header, second])).indicators == (
        project().indicators
    )


def test_level_two_is_not_carried_down_from_another_level_one() -> None:
    rows = (WHOLE, "\t效益指标\n\t\n\t效率\n\t效率\n\t提高\n\t计划")

    assert project(table=table(*rows)).indicators[1].level2 == ""
    assert "T056" in ids(sheet(table=table(*rows)))


def test_a_table_of_contents_at_the_beginning_is_not_the_first_part() -> None:
    contents = "第一部分\n一、总体绩效目标\n二、分项绩效目标\n第二部分\n预算项目绩效目标\n"
    first = "第一部分\n部门整体绩效目标\n一、总体绩效目标\n保障办公\n"
    document = reading(f"{contents}{first}第二部分\n预算项目绩效目标\n{sheet()}").document

    assert document is not None
    assert document.goals.overall == "保障办公"
    assert document.goals.itemised == ""


def test_a_first_part_whose_lines_begin_with_tabs_is_kept() -> None:
    first = "第一部分\n一、总体绩效目标\n\t保障办公\n二、分项绩效目标\n\t保障会议\n第二部分\n"
    document = reading(first + sheet()).document

    assert document is not None
    assert (document.goals.overall, document.goals.itemised) == ("保障办公", "保障会议")


def test_text_between_two_projects_does_not_vanish() -> None:
    other = coded("13022925P00JXC419610D").replace("1.甲", "2.甲")

    assert "T070" in ids(f"{sheet()}\n\n（二）下属单位\n\n{other}")


@pytest.mark.parametrize("rewrite", ["\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_encoding_and_line_ends_change_nothing(samples: Path, rewrite: str, encoding: str) -> None:
    path = next((samples / "targets").glob("002*.txt"))
    data = path.read_text(encoding="utf-8").replace("\n", rewrite).encode(encoding)

    again = read_target_document(data, path.name, year=None, labels=default_labels())
    assert again == read_target_document(
        path.read_bytes(), path.name, year=None, labels=default_labels()
    )
