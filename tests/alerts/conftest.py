"""A small county in a database file: two units, three projects, and a clock to set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from monitor.domain.progress import Account, Standing, stand
from monitor.domain.target import PlanPoint
from monitor.store import tables
from monitor.store.engine import open_engine, writing

Stand = Callable[..., Standing]

UNITS = {"P1": ("430001", "教育局"), "P2": ("430001", "教育局"), "P3": ("507001", "水利局")}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path / 'monitor.db'}")
    tables.metadata.create_all(engine)
    add_projects(engine)
    return engine


def add_projects(engine: Engine) -> None:
    """The county's projects, as one target document brought them."""
    at = datetime(2025, 1, 10, tzinfo=UTC)
    with writing(engine) as connection:
        connection.execute(
            insert(tables.imports).values(
                id=1, kind="targets", scope="2025", file="目标.txt", sha256="0", size=1,
                imported_at=at, actor="测试", months=[], receipt={}, diagnostics=[],
            )
        )  # fmt: skip
        for number, (code, (unit_code, unit_name)) in enumerate(UNITS.items(), 1):
            connection.execute(
                insert(tables.projects).values(
                    id=number, year=2025, project_code=code, revision_id=number
                )
            )
            connection.execute(
                insert(tables.revisions).values(
                    id=number, project_id=number, import_id=1, recorded_at=at, actor="测试", line=1,
                    unit_code=unit_code, unit_name=unit_name, project_name=f"项目{code}",
                    money_unit="元", purpose="", goals=[],
                    effective=date(2025, 1, 1), document_number="", spot="第 1 行",
                )
            )  # fmt: skip


@pytest.fixture
def standing() -> Stand:
    """Makes a standing of 1,000.00 元 by the plan 25/50/75/100, unless told otherwise."""

    def make(
        paid_fen: int,
        as_of: date = date(2025, 6, 30),
        code: str = "P1",
        budget_fen: int | None = 1_000_00,
        plan: dict[int, int | None] | None = None,
    ) -> Standing:
        shares = plan or {3: 2_500, 6: 5_000, 9: 7_500, 12: 10_000}
        unit_code, unit_name = UNITS[code]
        account = Account(
            year=2025, unit_code=unit_code, unit_name=unit_name, project_code=code,
            project_name=f"项目{code}", initial_budget_fen=budget_fen, budget_fen=budget_fen,
            paid_fen=paid_fen, payments=1,
            plan=tuple(PlanPoint(month, bp) for month, bp in shares.items()),
        )  # fmt: skip
        return stand(account, as_of)

    return make
