"""The facts of a self-assessment out of a real workspace: lists, adjustments, entries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import event

import monitor as package
from monitor.domain.adjustment import Fund
from monitor.domain.entry import Entry, Field, Form, Key
from monitor.reports.assessment.draft import Draft
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.gathering import project_facts
from monitor.store import entries
from monitor.store.engine import writing
from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, TARGET

YEAR_END = date(2025, 12, 31)
HEADER = "支付申请编号,支付日期,预算单位编码,项目编码,项目名称,支付金额,用途,资金性质,状态\n"


def line(number: str, amount: str, fund: str, day: str = "2025-03-20", code: str = CODE) -> str:
    return f"{number},{day},434001,{code},热线服务,{amount},话务员工资,{fund},已支付\n"


@pytest.fixture
def office(monitor: Monitor, write: Callable[..., Path]) -> Iterator[Monitor]:
    """An office in January 2026 with the small project of 1,000.00 yuan, all of it fiscal."""
    with freeze_time("2026-01-20 09:00:00+08:00"):
        monitor.ok("targets", "import", write("目标.txt", TARGET), "--year", "2025")
        yield monitor


def gathered(
    office: Monitor, as_of: date = YEAR_END, watch: list[str] | None = None
) -> list[ProjectFacts]:
    app = package.open(office.folder)
    if watch is not None:
        event.listen(app.engine, "before_cursor_execute", lambda *args: watch.append(args[2]))
    with app.reading() as connection:
        limits, words = app.settings.alerts.limits, app.settings.funds
        facts = project_facts(connection, year=2025, as_of=as_of, limits=limits, words=words)
    app.engine.dispose()
    return facts


def drafted(office: Monitor, facts: ProjectFacts) -> Draft:
    app = package.open(office.folder)
    rules = app.settings.scoring.of(2025, "434001")
    app.engine.dispose()
    return draft(facts, rules)


def pay(office: Monitor, write: Callable[..., Path], *lines: str, month: str = "2025-03") -> None:
    office.ok("payments", "import", write(f"{month}.csv", HEADER + "".join(lines)))


def adjust(office: Monitor, kind: str, amount: str, fund: str, on: str) -> None:
    said = ("--kind", kind, "--amount", amount, "--fund", fund, "--on", on)
    office.ok("targets", "adjust", CODE, "--year", "2025", *said, "--document", f"{kind}1号")


def of_funds(facts: ProjectFacts) -> list[tuple[int | None, int | None]]:
    return [(each.initial_fen, each.budget_fen) for each in facts.funds]


def test_adjustments_and_a_document_of_mid_year_change_the_funds(
    office: Monitor, write: Callable[..., Path]
) -> None:
    adjust(office, "追加", "500.00", "其他资金", "2025-03-01")
    adjust(office, "结转", "70.00", "上年结转", "2025-04-01")
    adjust(office, "调减", "100.00", "当年财政拨款", "2025-04-01")
    [before] = gathered(office, date(2025, 5, 31))
    later = TARGET.replace("1000.00", "1200.00")
    effective = ("--effective", "2025-06-01", "--document", "调整9号")
    office.ok("targets", "import", write("调整.txt", later), "--year", "2025", *effective)
    adjust(office, "收回", "200.00", "当年财政拨款", "2025-09-01")
    [after] = gathered(office)

    assert of_funds(before) == [(100_000, 90_000), (0, 7_000), (0, 50_000)]
    assert of_funds(after) == [(100_000, 100_000), (0, 0), (0, 0)]
    for facts in (before, after):
        account = facts.standing.account
        assert sum(each.budget_fen or 0 for each in facts.funds) == account.budget_fen
    said = drafted(office, after).provenance
    assert any(each.startswith("目标文本版本：调整9号，调整.txt，") for each in said)
    assert "预算调整：收回 -200.00 元（当年财政拨款，收回1号，2025年9月1日起）" in said


def test_a_budget_wholly_taken_back_asks_for_a_decision(office: Monitor) -> None:
    adjust(office, "收回", "1000.00", "当年财政拨款", "2025-09-01")
    [facts] = gathered(office)
    form = drafted(office, facts)

    assert (form.funds[0].rate.text, form.funds[1].budget.text) == ("—", "0.00")
    assert form.funds[0].points.note == "预算已全部收回，请决定如何计分"


def test_the_funds_are_split_by_the_lists_words(
    office: Monitor, write: Callable[..., Path]
) -> None:
    pay(
        office,
        write,
        line("1", "300.00", "一般公共预算资金"),
        line("2", "40.00", "一般公共预算资金（上年结转）"),
        line("3", "-1.00", "一般公共预算资金"),
    )
    [facts] = gathered(office)
    form = drafted(office, facts)

    assert [(each.fund, each.paid_fen) for each in facts.funds] == [
        (Fund.FISCAL, 29_900),
        (Fund.CARRIED, 4_000),
        (Fund.OTHER, 0),
    ]
    assert [row.paid.text for row in form.funds] == ["0.0339", "0.0299", "0.004", "0.00"]
    assert form.funds[0].rate.text == "33.90%"


def test_an_unknown_fund_and_what_awaits_the_office_are_on_the_first_page(
    office: Monitor, write: Callable[..., Path]
) -> None:
    pay(
        office,
        write,
        line("1", "300.00", "甲类资金"),
        line("2", "待核", "一般公共预算资金"),
        line("3", "5.00", "一般公共预算资金", code=""),
    )
    [facts] = gathered(office)
    said = "".join(drafted(office, facts).notices)

    assert [each.paid_fen for each in facts.funds] == [None] * 3
    assert "资金性质“甲类资金”不认识" in said
    assert "写有本项目编码的有 1 行被拒收" in said
    assert (facts.rejected, facts.conflicting) == (1, 0)


def test_the_office_can_teach_a_word_without_importing_again(
    office: Monitor, write: Callable[..., Path]
) -> None:
    pay(office, write, line("1", "300.00", "甲类资金"))
    rules = office.folder / "rules" / "funds.toml"
    text = rules.read_text("utf-8").replace('"捐赠"]', '"捐赠", "甲类"]')
    rules.write_text(text, "utf-8")

    assert [each.paid_fen for each in gathered(office)[0].funds] == [0, 0, 30_000]


def test_without_the_column_everything_is_fiscal(
    office: Monitor, write: Callable[..., Path]
) -> None:
    plain = HEADER.replace("资金性质,", "")
    row = f"1,2025-03-20,434001,{CODE},热线服务,300.00,话务员工资,已支付\n"
    office.ok("payments", "import", write("2025-03.csv", plain + row))
    [facts] = gathered(office)

    assert [each.paid_fen for each in facts.funds] == [30_000, 0, 0]
    assert "没有“资金性质”列" in facts.fund_remarks[0]


def test_the_sources_name_the_list_with_its_lines_and_money(
    office: Monitor, write: Callable[..., Path]
) -> None:
    pay(office, write, line("1", "300.00", "一般公共预算"), line("2", "5.00", "一般公共预算"))
    [facts] = gathered(office)
    [targets, listed] = drafted(office, facts).provenance[:2]

    assert targets.startswith("绩效目标文本：目标.txt（SHA-256 ")
    assert listed.startswith("支付明细：2025-03.csv（SHA-256 ")
    assert listed.endswith("，计入 2 笔、305.00 元）")
    assert facts.last_payment == date(2025, 3, 20)


def test_months_whose_lists_have_not_come_are_missing(
    office: Monitor, write: Callable[..., Path]
) -> None:
    pay(office, write, line("1", "300.00", "一般公共预算"))
    [in_april] = gathered(office, date(2025, 4, 10))
    [at_the_end] = gathered(office)

    assert in_april.missing_months == ("2025-01", "2025-02")
    assert at_the_end.missing_months == tuple(
        f"2025-{month:02d}" for month in range(1, 13) if month != 3
    )


def test_what_people_wrote_stands_in_the_draft(office: Monitor) -> None:
    key = Key(Form.SELF_ASSESSMENT, Field.ACHIEVED)
    entry = Entry(key, "已完成", "", "张三", datetime(2026, 1, 10, tzinfo=UTC), "张三")
    app = package.open(office.folder)
    with writing(app.engine) as connection:
        entries.record(
            connection, year=2025, unit_code="434001", project_code=CODE, entries=[entry]
        )
    app.engine.dispose()
    [facts] = gathered(office)

    assert drafted(office, facts).achieved.text == "已完成"


def test_payments_with_their_purposes_are_read_only_where_an_indicator_asks(
    office: Monitor, write: Callable[..., Path]
) -> None:
    pay(office, write, line("1", "300.00", "一般公共预算"))
    assert gathered(office)[0].lines == ()

    dated = TARGET.replace("\t数量指标\n", "\t时效指标\n").replace("≥5次", "2025年6月底前支付")
    office.ok("targets", "import", write("勘误.txt", dated), "--year", "2025")
    [facts] = gathered(office)

    assert [(each.day, each.purpose, each.line) for each in facts.lines] == [
        (date(2025, 3, 20), "话务员工资", 2)
    ]
    assert facts.purposes == {"话务员工资": 30_000}


def test_gathering_asks_no_more_for_many_projects_than_for_one(
    office: Monitor, write: Callable[..., Path]
) -> None:
    def asked() -> int:
        statements: list[str] = []
        gathered(office, watch=statements)
        return len(statements)

    alone = asked()
    for number in range(30):
        other = TARGET.replace(CODE, f"13022925P00JXC42{number:05d}")
        office.ok("targets", "import", write(f"{number}.txt", other), "--year", "2025")
    pay(office, write, *(line(str(n), "1.00", "一般公共预算") for n in range(30)))

    assert len(gathered(office)) == 31
    assert asked() <= alone + 2  # the lists' rows that there were not before


def test_the_sample_year_has_its_right_totals_by_project(monitor: Monitor, samples: Path) -> None:
    truth: Any = json.loads(
        (samples / "payments" / "yutian-2025" / "truth.json").read_text("utf-8")
    )
    with freeze_time("2026-01-20 09:00:00+08:00"):
        for path in sorted((samples / "targets").glob("*.txt")):
            monitor("targets", "import", path)
        monitor.ok(
            "payments", "import", *sorted((samples / "payments" / "yutian-2025").glob("*.csv"))
        )
        facts = gathered(monitor)

    paid = {each.project.project_code: each.standing.account.paid_fen for each in facts}
    assert paid == {code: row["paid_fen"]["12月底"] for code, row in truth["projects"].items()}
    fiscal = {each.project.project_code: each.funds[0].paid_fen for each in facts}
    assert fiscal == paid  # all of it is 一般公共预算资金
    assert {sum(each.paid_by_month) for each in facts} == set(paid.values())
    named = sum(each.rejected for each in facts)
    assert named == len(truth["rejected"])
