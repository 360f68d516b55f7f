"""The money of a project by 资金性质: from documents, adjustments and the words of lists."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from monitor.domain.adjustment import Adjustment, AdjustmentKind, Fund
from monitor.domain.money_words import MoneyWords
from monitor.errors import ConfigError
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.facts import AdjustmentUsed, FundFigures
from monitor.reports.assessment.fund_split import (
    FundSplit,
    ListedSum,
    PaidByFund,
    StatedFunds,
    split,
)

WORDS = MoneyWords.from_toml(tomllib.loads(shipped("rules/funds.toml")))
NEW_YEAR = date(2025, 1, 1)
STATED = StatedFunds(NEW_YEAR, 1000, 800, 200)
EVERY = frozenset(Fund)


def made(**changes: Any) -> FundSplit:
    """A project of 800 fiscal and 200 other fen; all lists name their funds."""
    usual: dict[str, Any] = {
        "year": 2025,
        "as_of": date(2025, 12, 31),
        "stated": [STATED],
        "adjustments": (),
        "paid": PaidByFund({Fund.FISCAL: 500}),
        "held": EVERY,
    }
    return split(**(usual | changes))


def changed(kind: AdjustmentKind, fund: Fund, signed: int, day: date) -> AdjustmentUsed:
    each = Adjustment(kind, abs(signed), fund, day, "县财〔2025〕1号", "", "甲")
    return AdjustmentUsed(each, signed)


def amounts(parts: FundSplit) -> list[tuple[int | None, int | None, int | None]]:
    return [(each.initial_fen, each.budget_fen, each.paid_fen) for each in parts.figures]


def of(parts: FundSplit, fund: Fund) -> FundFigures:
    return next(each for each in parts.figures if each.fund is fund)


def listed(fund: str, fen: int, named: bool = True) -> ListedSum:
    return ListedSum(fund, named, 1, fen)


@pytest.mark.parametrize(
    ("said", "fund"),
    [
        ("一般公共预算资金", Fund.FISCAL),
        ("111-一般公共预算资金", Fund.FISCAL),
        ("政府性基金预算 资金", Fund.FISCAL),
        ("国有资本经营预算", Fund.FISCAL),
        ("一般公共预算（上年结转）", Fund.CARRIED),
        ("上年结余资金", Fund.CARRIED),
        ("非同级财政拨款", Fund.OTHER),
        ("财政专户管理资金", Fund.OTHER),
        ("单位资金", Fund.OTHER),
        ("甲类", None),
        ("", None),
    ],
)
def test_the_words_of_lists_name_a_fund_or_none(said: str, fund: Fund | None) -> None:
    assert WORDS.fund_of(said) is fund


def test_mistakes_in_the_words_are_named_all_at_once() -> None:
    table = {"funds": {"fiscal": "一般公共预算", "extra": []}, "purposes": {"印刷费": [1]}, "x": 1}
    with pytest.raises(ConfigError) as refused:
        MoneyWords.from_toml(table)

    said = str(refused.value)
    assert all(word in said for word in ("rules/funds.toml", "不认识 x", "funds.extra"))
    assert "funds.fiscal 应为一列词" in said
    assert "purposes.印刷费 应为一列词" in said


def test_payments_are_split_by_what_their_lists_say() -> None:
    rows = [listed("一般公共预算资金", 300), listed("上年结转", 40), listed("单位资金", -5)]

    assert [each[2] for each in amounts(made(paid=PaidByFund.of(rows, WORDS)))] == [300, 40, -5]


def test_an_unknown_word_leaves_every_fund_open_and_is_named() -> None:
    rows = [listed("一般公共预算资金", 30_000_000), listed("甲类", 1_000_000), listed("", 7)]
    parts = made(paid=PaidByFund.of(rows, WORDS))

    assert [each[2] for each in amounts(parts)] == [None] * 3
    why = of(parts, Fund.FISCAL).because_paid
    assert why == "已认定 30.00 万元，另有 1.000007 万元资金性质未认定"
    assert "有 1 笔支付（1.00 万元）资金性质“甲类”不认识" in parts.remarks[1]
    assert "资金性质空白" in parts.remarks[0]


def test_without_the_column_everything_is_fiscal_and_other_money_stays_open() -> None:
    rows = [listed("", 500, named=False)]
    parts = made(paid=PaidByFund.of(rows, WORDS), held=None)

    assert [each[2] for each in amounts(parts)] == [500, 0, None]
    assert "没有“资金性质”列" in of(parts, Fund.OTHER).because_paid
    assert "全部支付暂列“当年财政拨款”" in parts.remarks[0]


def test_a_list_without_the_column_among_others_is_named() -> None:
    rows = [listed("一般公共预算", 300), listed("", 100, named=False)]
    parts = made(paid=PaidByFund.of(rows, WORDS))

    assert of(parts, Fund.FISCAL).paid_fen == 400
    assert "有 1 笔支付（0.0001 万元）所在的清单没有“资金性质”列" in parts.remarks[0]


def test_a_fund_that_no_list_holds_is_not_taken_as_unspent() -> None:
    parts = made(held=frozenset({Fund.FISCAL}))

    assert of(parts, Fund.OTHER).paid_fen is None
    assert "没有资金性质为“其他资金”的支付" in of(parts, Fund.OTHER).because_paid
    assert of(parts, Fund.CARRIED).paid_fen == 0  # nothing was budgeted there
    assert of(made(), Fund.OTHER).paid_fen == 0  # lists show that fund elsewhere


def test_what_the_document_leaves_over_is_derived_and_said_to_be() -> None:
    blank = StatedFunds(NEW_YEAR, 1000, 1000, None)
    parts = made(stated=[blank])

    assert [each[:2] for each in amounts(parts)] == [(1000, 1000), (0, 0), (0, 0)]
    assert of(parts, Fund.OTHER).derived == {"initial", "budget"}
    assert "已合计等于预算数" in of(parts, Fund.OTHER).because


@pytest.mark.parametrize(
    ("stated", "expected", "why"),
    [
        (StatedFunds(NEW_YEAR, 1000, None, None), [None, None, None], "目标文本未单列上年结转资金"),
        (StatedFunds(NEW_YEAR, 1000, None, 200), [None, None, 200], "目标文本未单列上年结转资金"),
        (StatedFunds(NEW_YEAR, 3_000_000, 2_000_000, 0), [2_000_000, None, 0], "少于预算数 1.00"),
        (StatedFunds(NEW_YEAR, 1_000_000, 2_000_000, 0), [2_000_000, None, 0], "多于预算数 1.00"),
        (StatedFunds(NEW_YEAR, None, 800, 200), [800, None, 200], "目标文本未单列上年结转资金"),
    ],
)
def test_blanks_of_the_document_are_not_zero(
    stated: StatedFunds, expected: list[int | None], why: str
) -> None:
    parts = made(stated=[stated])

    assert [each[0] for each in amounts(parts)] == expected
    assert why in of(parts, Fund.CARRIED).because


def test_each_adjustment_changes_its_own_fund() -> None:
    kind, may = AdjustmentKind, date(2025, 5, 6)
    used = (
        changed(kind.ADD, Fund.FISCAL, 100, may),
        changed(kind.CARRY, Fund.CARRIED, 70, may),
        changed(kind.CUT, Fund.OTHER, -50, may),
        changed(kind.MOVE, Fund.FISCAL, -30, may),
        changed(kind.RECALL, Fund.CARRIED, -20, may),
    )

    assert [each[:2] for each in amounts(made(adjustments=used))] == [
        (800, 870),
        (0, 50),
        (200, 150),
    ]


def test_an_adjustment_of_a_fund_that_is_not_known_is_told_and_leaves_it_open() -> None:
    carried = changed(AdjustmentKind.CARRY, Fund.CARRIED, 1_000_000, date(2025, 5, 6))
    parts = made(stated=[StatedFunds(NEW_YEAR, 900, 800, 50)], adjustments=(carried,))

    assert of(parts, Fund.CARRIED).budget_fen is None
    assert "年中调整 1.00 万元" in of(parts, Fund.CARRIED).because


def test_a_later_document_holds_the_adjustments_before_it() -> None:
    june = StatedFunds(date(2025, 6, 1), 1500, 1300, 200)
    used = (
        changed(AdjustmentKind.ADD, Fund.FISCAL, 400, date(2025, 3, 1)),
        changed(AdjustmentKind.ADD, Fund.FISCAL, 50, date(2025, 7, 1)),
    )
    later = made(stated=[STATED, june], adjustments=used)
    in_may = made(stated=[STATED, june], adjustments=used[:1], as_of=date(2025, 5, 31))

    assert amounts(later)[0][:2] == (800, 1350)
    assert amounts(in_may)[0][:2] == (800, 1200)


def test_a_project_that_came_in_mid_year_began_with_nothing() -> None:
    added = changed(AdjustmentKind.ADD, Fund.FISCAL, 600, date(2025, 4, 1))

    assert [each[:2] for each in amounts(made(stated=[], adjustments=(added,)))] == [
        (0, 600),
        (0, 0),
        (0, 0),
    ]
    from_june = replace(STATED, effective=date(2025, 6, 1))
    assert [each[:2] for each in amounts(made(stated=[from_june]))] == [(0, 800), (0, 0), (0, 200)]
