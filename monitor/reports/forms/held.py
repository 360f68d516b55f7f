"""What a draft holds against each cell that people may fill: what Entry.shown is to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.domain.entry import Field, Form, Key
from monitor.reports.assessment.draft import Cell, Draft, FundRow, IndicatorRow

_FUNDS = (
    ("财政拨款", (Field.FISCAL_INITIAL, Field.FISCAL_BUDGET, Field.FISCAL_PAID)),
    ("结转", (Field.CARRIED_INITIAL, Field.CARRIED_BUDGET, Field.CARRIED_PAID)),
    ("其他", (Field.OTHER_INITIAL, Field.OTHER_BUDGET, Field.OTHER_PAID)),
)


def held(draft: Draft) -> Mapping[Key, str]:
    """By entry, what the program itself has in its cell of a self-assessment."""
    return {
        Key(Form.SELF_ASSESSMENT, field, item): cell.shown for field, item, cell in _cells(draft)
    }


def fund_fields(row: FundRow) -> tuple[Field, ...]:
    """The entries of 年初预算数, 全年预算数 and 全年执行数 of a fund's row; none of the total's."""
    return next((fields for word, fields in _FUNDS if word in row.name), ())


def _cells(draft: Draft) -> Iterator[tuple[Field, str, Cell]]:
    yield Field.ACHIEVED, "", draft.achieved
    if draft.execution_reason is not None:
        yield Field.EXECUTION_REASON, "", draft.execution_reason
    for fund in draft.funds:
        money = (fund.initial, fund.budget, fund.paid)
        for field, cell in zip(fund_fields(fund), money, strict=False):
            yield field, "", cell
    for row in draft.indicators:
        if row.item:
            for field, cell in _of_indicator(row):
                yield field, row.item, cell


def _of_indicator(row: IndicatorRow) -> Iterator[tuple[Field, Cell]]:
    yield Field.WEIGHT, row.weight
    yield Field.ACTUAL, row.actual
    yield Field.POINTS, row.points
    yield Field.REASON, row.reason
    yield Field.EVIDENCE, row.evidence
