"""Filled forms as values: a correct one, and what a test says instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.domain.filled_form import FilledForm, FormCell, FundLine, IndicatorLine
from monitor.domain.scoring_rules import Group, ScoringRules
from monitor.errors import Place
from tests.ingest.filled_form_files import FUNDS, GOALS, INDICATORS

PLACE = Place("自评表.docx", 1)
RULES = ScoringRules(
    key="national-2020",
    name="财预〔2020〕10号",
    document="财预〔2020〕10号",
    execution_points=10,
    reason_below_bp=9_000,
    weights=((Group.OUTPUT, 50), (Group.BENEFIT, 30), (Group.SATISFACTION, 10)),
    weights_with_cost=(
        (Group.COST, 20),
        (Group.OUTPUT, 40),
        (Group.BENEFIT, 20),
        (Group.SATISFACTION, 10),
    ),
)
_FUND = ("name", "initial", "budget", "paid", "weight", "rate", "points")
_INDICATOR = ("level1", "level2", "level3", "target", "actual", "weight", "points", "reason")


def cell(text: str) -> FormCell:
    return FormCell(text.strip(), PLACE)


def fund(*texts: str) -> FundLine:
    cells: dict[str, Any] = {n: cell(t) for n, t in zip(_FUND, texts, strict=True)}
    return FundLine(**cells)


def indicator(*texts: str) -> IndicatorLine:
    return IndicatorLine(**{n: cell(t) for n, t in zip(_INDICATOR, texts, strict=True)})


def form(
    *,
    funds: Sequence[Sequence[str]] = FUNDS,
    indicators: Sequence[Sequence[str]] = INDICATORS,
    goals: Sequence[str] = GOALS,
    total: Sequence[str] = ("100", "96.60"),
    **others: Any,
) -> FilledForm:
    """A correct form of 2022, unless a test says otherwise."""
    values: dict[str, Any] = {"name": cell("农村饮水工程"), "year": 2022} | others
    return FilledForm(
        place=PLACE,
        funds=tuple(fund(*row) for row in funds),
        expected=cell(goals[0]),
        achieved=cell(goals[1]),
        indicators=tuple(indicator(*row) for row in indicators),
        total_weight=cell(total[0]),
        total_points=cell(total[1]),
        **values,
    )


def changed(rows: Sequence[Sequence[str]], row: int, column: int, text: str) -> list[list[str]]:
    """The rows with one text replaced."""
    copy = [list(each) for each in rows]
    copy[row][column] = text
    return copy
