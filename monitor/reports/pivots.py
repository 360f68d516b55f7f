"""Tables of the overview, made of the progress rows by pandas. Sums are of integers.

The frames have the columns of `monitor progress`; missing values are None or NA.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from monitor.domain.money import WHOLE_BP, round_half_up
from monitor.domain.progress import Grade
from monitor.reports.states import STATES


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over some projects, in fen. The rate counts those alone that have a budget."""

    projects: int
    budget_fen: int
    paid_fen: int
    rate_bp: int | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with its projects by severity, as in STATES."""

    code: str
    name: str
    sums: Sums

    @property
    def counts(self) -> tuple[int, ...]:
        return self.sums.counts


def totals(progress: pd.DataFrame) -> Sums:
    """All projects together."""
    budgeted = progress[progress["budget_fen"].notna()]
    budget = _whole_sum(budgeted["budget_fen"])
    paid = _whole_sum(budgeted["paid_fen"])
    counts = _states(progress).value_counts()
    return Sums(
        projects=len(progress),
        budget_fen=budget,
        paid_fen=_whole_sum(progress["paid_fen"]),
        rate_bp=round_half_up(paid * WHOLE_BP, budget) if budget else None,
        counts=tuple(int(counts.get(name, 0)) for name in STATES),
    )


def units_by_severity(progress: pd.DataFrame) -> list[UnitRow]:
    """A row for each unit, those with the most and worst lags first."""
    rows = [
        UnitRow(str(code), str(group["unit_name"].iloc[-1]), totals(group))
        for code, group in progress.groupby("unit_code", sort=True)
    ]
    return sorted(rows, key=lambda row: ([-n for n in row.counts[:3]], row.code))


def ranked_projects(progress: pd.DataFrame) -> list[dict[str, Any]]:
    """The progress rows with their `state`, None for what is missing; the worst come first."""
    rows = [
        {str(name): _plain(value) for name, value in row.items()}
        for row in progress.assign(state=_states(progress)).astype(object).to_dict("records")
    ]
    return sorted(rows, key=_rank)


def leads(
    at_checkpoints: Mapping[int, pd.DataFrame], unit_codes: Sequence[str]
) -> list[list[int | None]]:
    """Paid share less planned share, unit × checkpoint (ascending), in basis points.

    Of a unit's projects those count for which this checkpoint is the due one, with a budget and
    a share; None where there are none.
    """
    columns = [_leads_at(frame, month) for month, frame in sorted(at_checkpoints.items())]
    return [[column.get(code) for column in columns] for code in unit_codes]


def _leads_at(progress: pd.DataFrame, month: int) -> dict[str, int]:
    due = progress[(progress["checkpoint"] == f"{month:02d}") & progress["due_fen"].notna()]
    sums = due.groupby("unit_code")[["budget_fen", "paid_fen", "due_fen"]].sum()
    return {
        str(code): round_half_up((int(paid) - int(planned)) * WHOLE_BP, int(budget))
        for code, budget, paid, planned in sums.itertuples()
        if budget
    }


def _states(progress: pd.DataFrame) -> pd.Series[Any]:
    """The state of each project, as in STATES."""
    without_lag = progress["due_fen"].notna().map({True: "none", False: "undue"})
    return progress["severity"].astype(object).where(progress["severity"].notna(), without_lag)


def _whole_sum(amounts: pd.Series[Any]) -> int:
    return int(amounts.sum())


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value


def _rank(row: dict[str, Any]) -> tuple[int, int, str, str]:
    weight = Grade(row["severity"]).weight if row["severity"] else 0
    return (-weight, -(row["gap_fen"] or 0), row["unit_code"], row["project_code"])
