"""Cells of filled forms: labels with what stands beside, the roles of columns, tidy names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.domain.filled_form import FormCell, FundLine, squeezed
from monitor.ingest.document import Cell
from monitor.ingest.filled_form_labels import HEAD, is_total_fund
from monitor.ingest.filled_form_rows import Columns, Line

_YEAR = re.compile(r"(20\d\d)年")
_PREFIX = re.compile(r"^指标\s*\d+\s*[:：、.．]?\s*")
_FILLERS = frozenset(("…", "……", "...", "......"))
FUND_ROLES = ("initial", "budget", "paid", "weight", "rate", "points", "reason")
NEEDED_ROLES = ("level1", "level2", "level3", "target", "actual", "weight", "points")
INDICATOR_ROLES = (*NEEDED_ROLES, "reason", "nature", "unit")


def is_indicators(columns: Columns) -> bool:
    there = set(columns.spans)
    return (
        "target" in there
        and bool({"actual", "points"} & there)
        and bool({"level2", "level3"} & there)
    )


def with_budget(columns: Columns) -> Columns:
    """The only budget of a form is the one that rates rest on."""
    if "budget" in columns.spans:
        return columns
    spans, names = dict(columns.spans), dict(columns.names)
    spans["budget"], names["budget"] = spans.pop("initial"), names.pop("initial")
    return replace(columns, spans=spans, names=names)


def pairs(line: Line) -> Iterator[tuple[str, str, Cell]]:
    """Label, role, and the cell beside; a label without one has a blank cell."""
    texts: list[str] = []
    name, role, place = "", "", line.place
    for n, (cell, said) in enumerate(zip(line.cells, line.labels, strict=True)):
        if said in HEAD and (n in line.filled) and not (role and not texts and role == "goal"):
            if role:
                yield name, _plainly(role), Cell("\n".join(texts), place)
            name, role, texts, place = said, HEAD[said], [], cell.place
        elif said in HEAD and n in line.filled:  # 年度总体目标 | 预期目标 | …
            name, role, place = said, HEAD[said], cell.place
        elif not cell.is_blank:
            if not texts:
                place = cell.place
            if cell.text not in texts:
                texts.append(cell.text)
    if role:
        yield name, _plainly(role), Cell("\n".join(texts), place)


def _plainly(role: str) -> str:
    """年度总体目标 with a text beside it is what was expected."""
    return "expected" if role == "goal" else role


def form_cell(cell: Cell, name: str) -> FormCell:
    place = replace(cell.place, column=name) if name else cell.place
    return FormCell(cell.text.strip(), place)


def named(cell: FormCell) -> FormCell:
    """A level 3 without `指标1：`; dots that stand for more are nothing."""
    text = _PREFIX.sub("", cell.text)
    return replace(cell, text="" if squeezed(text) in _FILLERS else text)


def year_in(text: str) -> int | None:
    found = _YEAR.search(squeezed(text))
    return int(found[1]) if found else None


def total_first(funds: Sequence[FundLine]) -> tuple[FundLine, ...]:
    """The rows of the funds, 年度资金总额 first; where none is called so, the one with points."""
    rows = sorted(funds, key=lambda row: not is_total_fund(row.name.text))
    if not rows or is_total_fund(rows[0].name.text):
        return tuple(rows)
    scored = [row for row in rows if row.points is not None and row.points.says]
    return tuple((scored or rows)[:1])
