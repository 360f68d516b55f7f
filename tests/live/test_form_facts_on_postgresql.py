"""The facts of the forms are the same on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from monitor.domain.entry import Entry, Field, Form, Key
from monitor.domain.progress import Limits
from monitor.reports.assessment.gathering import project_facts
from monitor.store import entries, tables
from monitor.store.engine import open_engine, reading, writing
from tests.alerts.conftest import add_projects
from tests.alerts.test_gathering import FIRST_HALF, Payer, complete, covered
from tests.live.test_postgresql import new_database, server  # noqa: F401 - a fixture

pytestmark = pytest.mark.live

LISTS = tables.imports.c.kind == "payments"
LAYOUT = {"names": ["资金性质"], "at": {"fund": 0}}


def test_the_facts_of_forms_are_those_of_sqlite(
    server: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    key = Key(Form.SELF_ASSESSMENT, Field.ACHIEVED)
    entry = Entry(key, "已完成", "", "张三", datetime(2026, 1, 10, tzinfo=UTC), "张三")
    found = []
    for url in (new_database(server, "formfacts"), f"sqlite:///{tmp_path / 'monitor.db'}"):
        each = open_engine(url)
        tables.metadata.create_all(each)
        add_projects(each)
        complete(each)
        covered(each, *FIRST_HALF)
        pay = Payer(each)
        pay(date(2025, 1, 30), 300_00, "P1", fund="一般公共预算")
        pay(date(2025, 2, 4), 110_00, "P1", fund="上年结转")
        pay(date(2025, 5, 4), 7_00, code="Z" * 21, name="完全无关的采购")
        with writing(each) as connection:
            connection.execute(update(tables.imports).where(LISTS).values(layout=LAYOUT))
            entries.record(
                connection, year=2025, unit_code="430001", project_code="P1", entries=[entry]
            )
        with reading(each) as connection:
            found.append(
                project_facts(connection, year=2025, as_of=date(2025, 6, 30), limits=Limits())
            )
        each.dispose()

    assert found[0] == found[1]
    first = next(facts for facts in found[0] if facts.project.project_code == "P1")
    assert [each.paid_fen for each in first.funds] == [300_00, 110_00, None]
    assert first.entries[key].value == "已完成"
