"""The facts of the warning rules are the same on PostgreSQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from monitor.alerts.gathering import gather
from monitor.alerts.rules import check
from monitor.store import tables
from monitor.store.engine import open_engine, reading
from tests.alerts.conftest import add_projects
from tests.alerts.rule_cases import rules
from tests.alerts.test_gathering import FIRST_HALF, JUNE, Payer, complete, covered
from tests.live.test_postgresql import new_database, server  # noqa: F401 - a fixture

pytestmark = pytest.mark.live


def test_facts_and_findings_are_those_of_sqlite(
    server: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    by_fund = rules({"override": [{"rule": "W01", "fund": "基金", "red_ratio": 80}]})
    judged = []
    for url in (new_database(server, "facts"), f"sqlite:///{tmp_path / 'monitor.db'}"):
        each = open_engine(url)
        tables.metadata.create_all(each)
        add_projects(each)
        complete(each)
        covered(each, *FIRST_HALF)
        pay = Payer(each)
        pay(date(2025, 1, 30), 300_00, "P1", fund="基金")
        pay(date(2025, 2, 4), 110_00, "P1", fund="基金")
        pay(date(2025, 5, 3), 100_00, name="项目P1")
        pay(date(2025, 5, 4), 7_00, code="Z" * 21, name="完全无关的采购")
        with reading(each) as connection:
            facts = gather(connection, year=2025, as_of=JUNE, settings=by_fund)
        judged.append((facts, check(facts, by_fund)))
        each.dispose()

    assert judged[0] == judged[1]
    assert len(judged[0][1].findings) > 4
