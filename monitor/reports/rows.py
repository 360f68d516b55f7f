"""The JSON rows of the commands: a public interface, its keys stay (design notes, section 6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from monitor.domain.calendar import china_time
from monitor.domain.progress import Standing
from monitor.domain.target import Indicator
from monitor.domain.target_value import TargetValue
from monitor.store.documents import StoredDocument
from monitor.store.imports import Import
from monitor.store.projects import Stored

if TYPE_CHECKING:
    import pandas as pd

_TEXTS = ("unit_code", "unit_name", "project_code", "project_name", "severity")
_MONTHS = ("checkpoint", "next_checkpoint")
PROGRESS_COLUMNS = (
    *("year", "unit_code", "unit_name", "project_code", "project_name"),
    *("initial_budget_fen", "budget_fen", "paid_fen", "payments", "rate_bp"),
    *("checkpoint", "planned_bp", "due_fen", "gap_fen", "lag_bp", "severity"),
    *("next_checkpoint", "next_planned_bp", "needed_fen", "in_transit_fen", "in_transit"),
)
_INTEGERS = [name for name in PROGRESS_COLUMNS if name not in (*_TEXTS, *_MONTHS)]


def month(number: int | None) -> str | None:
    """`3` → `"03"`, the name of a checkpoint in all rows."""
    return None if number is None else f"{number:02d}"


def progress_row(standing: Standing) -> dict[str, Any]:
    account = standing.account
    return {
        "year": account.year,
        "unit_code": account.unit_code,
        "unit_name": account.unit_name,
        "project_code": account.project_code,
        "project_name": account.project_name,
        "initial_budget_fen": account.initial_budget_fen,
        "budget_fen": account.budget_fen,
        "paid_fen": account.paid_fen,
        "payments": account.payments,
        "rate_bp": standing.rate_bp,
        "checkpoint": month(standing.checkpoint),
        "planned_bp": standing.planned_bp,
        "due_fen": standing.due_fen,
        "gap_fen": standing.gap_fen,
        "lag_bp": standing.lag_bp,
        "severity": standing.severity.value if standing.severity else None,
        "next_checkpoint": month(standing.next_checkpoint),
        "next_planned_bp": standing.next_planned_bp,
        "needed_fen": standing.needed_fen,
        "in_transit_fen": account.in_transit_fen,
        "in_transit": account.in_transit,
    }


def progress_frame(standings: Iterable[Standing]) -> pd.DataFrame:
    """The progress rows as a pandas DataFrame; integers stay integers, blanks are NA."""
    import pandas as pd

    rows = [progress_row(each) for each in standings]
    frame = pd.DataFrame(rows, columns=PROGRESS_COLUMNS)
    return frame.astype(dict.fromkeys(_INTEGERS, "Int64"))


def target_row(stored: Stored) -> dict[str, Any]:
    project = stored.project
    return {
        "year": project.year,
        "unit_code": project.unit_code,
        "unit_name": project.unit_name,
        "project_code": project.project_code,
        "project_name": project.project_name,
        "money_unit": project.money_unit.value,
        "budget_fen": project.budget_fen,
        "fiscal_fen": project.fiscal_fen,
        "other_fen": project.other_fen,
        "purpose": project.purpose,
        "plan_bp": {month(point.month): point.planned_bp for point in project.plan},
        "goals": list(project.goals),
        "indicators": [_indicator(each) for each in project.indicators],
        "source": {"file": project.place.file, "line": project.place.line},
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "level1": indicator.level1,
        "level2": indicator.level2,
        "level3": indicator.level3,
        "description": indicator.description,
        "target": indicator.target,
        "value": _value(indicator.value),
        "basis": indicator.basis,
        "weight": None if indicator.weight is None else str(indicator.weight),
    }


def _value(value: TargetValue) -> dict[str, Any]:
    """Numbers as texts: exact decimals, not the floats that JSON readers make of them."""
    return {
        "kind": value.kind.value,
        "comparison": value.comparison,
        "number": None if value.number is None else str(value.number),
        "upper": None if value.upper is None else str(value.upper),
        "unit": value.unit,
        "date": None if value.date is None else value.date.isoformat(),
    }


def document_row(document: StoredDocument) -> dict[str, Any]:
    return {
        "year": document.year,
        "year_source": document.year_source,
        "file": document.file,
        "sha256": document.sha256,
        "imported_at": china_time(document.imported_at),
        "overall": document.goals.overall,
        "itemised": document.goals.itemised,
        "safeguards": document.goals.safeguards,
    }


def import_row(landed: Import) -> dict[str, Any]:
    return {
        "id": landed.id,
        "kind": landed.kind,
        "file": landed.file,
        "sha256": landed.sha256,
        "imported_at": china_time(landed.imported_at),
        "actor": landed.actor,
        "months": list(landed.months),
        "rows": sum(rows for rows, _ in landed.receipt.values()),
        "receipt": {
            name: {"rows": rows, "fen": fen} for name, (rows, fen) in landed.receipt.items()
        },
    }
