"""Facts come from the database as they are recorded: each rule sees what it needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, update

from monitor.alerts.facts import Facts, ProjectFacts, Waiting
from monitor.alerts.gathering import gather
from monitor.alerts.paces import busiest_week
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.rules import check
from monitor.domain.coverage import Span
from monitor.domain.finding import DoubtKind
from monitor.domain.progress import Grade
from monitor.store import coverage, sums, tables
from monitor.store.alert_tables import indicator_results
from monitor.store.engine import reading, writing
from monitor.store.payment_tables import payments, wordings
from tests.alerts.conftest import add_projects
from tests.alerts.rule_cases import rules

AT = datetime(2026, 1, 20, tzinfo=UTC)
JUNE = date(2025, 6, 30)
IDS = {"P1": 1, "P2": 2, "P3": 3}
FIRST_HALF = tuple(f"2025-{month:02d}" for month in range(1, 7))


@pytest.fixture
def county(engine: Engine) -> Engine:
    """Three projects of 1,000.00 元, half of it due in June; no payment and no list yet."""
    complete(engine)
    return engine


def complete(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(update(tables.revisions).values(budget_fen=1_000_00))
        points = [
            {"revision_id": number, "month": month, "planned_bp": bp}
            for number in IDS.values()
            for month, bp in ((6, 5_000), (12, 10_000))
        ]
        connection.execute(insert(tables.plan_points), points)
        connection.execute(
            insert(tables.imports).values(
                id=2, kind="payments", scope="", file="明细.csv", sha256="1", size=1,
                imported_at=AT, actor="测试", months=[], receipt={}, diagnostics=[],
            )
        )  # fmt: skip


def covered(engine: Engine, *months: str, units: list[str] | None = None) -> None:
    with writing(engine) as connection:
        coverage.record(connection, 2, [Span(month) for month in months], units)


class Payer:
    """Records payments as a list would have it."""

    def __init__(self, engine: Engine, first: int = 0) -> None:
        self._engine, self._count = engine, first

    def __call__(
        self,
        day: date,
        fen: int,
        project: str = "",
        *,
        unit: str = "430001",
        code: str = "",
        name: str = "",
        status: str = "paid",
        fund: str = "",
    ) -> None:
        self._count += 1
        number = self._count
        with writing(self._engine) as connection:
            connection.execute(
                insert(wordings).values(
                    id=number, key=str(number), unit_code=unit, unit_name="教育局",
                    project_code=code, project_name=name, fund=fund, category="", economic="",
                    cells="",
                )
            )  # fmt: skip
            connection.execute(
                insert(payments).values(
                    id=number, import_id=2, line=number, year=day.year, number=str(number),
                    ordinal=1, named_by="application", voucher="", pay_date=day, amount_fen=fen,
                    status=status, wording_id=number, own_cells="", project_id=IDS.get(project),
                    method="code" if project else "",
                )
            )  # fmt: skip
            if project and status in sums.SUMMED:
                key = IDS[project], day.month, sums.SUMMED[status]
                sums.change(connection, {key: (fen, 1)})


@pytest.fixture
def pay(county: Engine) -> Payer:
    return Payer(county)


def facts_of(engine: Engine, as_of: date = JUNE, settings: AlertRules = AlertRules()) -> Facts:
    with reading(engine) as connection:
        return gather(connection, year=2025, as_of=as_of, settings=settings)


def of(facts: Facts, code: str) -> ProjectFacts:
    return next(each for each in facts.projects if each.standing.account.project_code == code)


def test_coverage_says_whose_lists_are_missing_and_until_when_all_is_known(county: Engine) -> None:
    covered(county, *FIRST_HALF[:5])
    covered(county, "2025-06", units=["430001"])

    facts = facts_of(county, date(2025, 7, 10))

    assert of(facts, "P1").missing_months == ()
    assert of(facts, "P1").known_until == JUNE
    assert of(facts, "P3").missing_months == ("2025-06",)
    assert of(facts, "P3").known_until == date(2025, 5, 31)
    assert facts.missing_lists == {"2025-06": {"507001": "水利局"}}
    assert facts.unit_names == {"430001": "教育局", "507001": "水利局"}


def test_a_unit_whose_lists_have_come_is_judged_and_the_other_is_not(county: Engine) -> None:
    covered(county, *FIRST_HALF, units=["430001"])

    judgement = check(facts_of(county, date(2025, 7, 9)), AlertRules())

    judged = {(each.rule, each.subject) for each in judgement.findings}
    assert {("W02", "P1"), ("W02", "P2")} <= judged
    assert ("W02", "P3") not in judged
    assert ("W02", "P3") in judgement.unjudged
    assert "m06" not in {each.period for each in judgement.findings}  # not yet 8 working days
    later = check(facts_of(county, date(2025, 7, 10)), AlertRules())
    assert ("W08", "m06") in {(each.rule, each.period) for each in later.findings}


def test_the_pace_knows_months_the_last_payment_and_the_busiest_week(
    county: Engine, pay: Payer
) -> None:
    pay(date(2025, 1, 30), 250_00, "P1")
    pay(date(2025, 2, 4), 250_00, "P1")
    pay(date(2025, 2, 6), 10_00, "P1")

    pace = of(facts_of(county), "P1").pace

    assert pace.months_fen[:3] == (250_00, 260_00, 0)
    assert pace.last_payment == date(2025, 2, 6)
    assert pace.busiest_week_fen == 500_00  # 30 January to 5 February, over two months


def test_payments_after_the_day_are_not_seen(county: Engine, pay: Payer) -> None:
    pay(date(2025, 2, 4), 250_00, "P1")
    pay(date(2025, 2, 20), 400_00, "P1")

    pace = of(facts_of(county, date(2025, 2, 10)), "P1").pace

    assert pace.months_fen[1] == 250_00
    assert pace.busiest_week_fen in (0, 250_00)


def test_a_project_idle_for_ninety_days_is_found_to_the_day(county: Engine, pay: Payer) -> None:
    covered(county, *FIRST_HALF)
    pay(date(2025, 4, 1), 100_00, "P1")
    pay(date(2025, 4, 2), 100_00, "P2")
    pay(date(2025, 4, 1), -5, "P2", status="voided")

    found = {each.subject for each in check(facts_of(county)).findings if each.rule == "W05"}

    assert found == {"P1", "P3"}


def test_unmatched_payments_go_with_the_projects_that_they_could_be(
    county: Engine, pay: Payer
) -> None:
    covered(county, *FIRST_HALF)
    pay(date(2025, 5, 3), 100_00, name="项目P1")  # as P1 is called
    pay(date(2025, 5, 2), 500_00)  # names no project: any of its unit's
    pay(date(2025, 5, 4), 7_00, code="Z" * 21, name="完全无关的采购")
    pay(date(2025, 5, 5), 9_00, unit="507001", status="in-transit", project="P3")
    pay(date(2025, 7, 1), 9_00)  # after the day

    facts = facts_of(county)

    assert of(facts, "P3").could_be is None
    could_be = of(facts, "P1").could_be
    assert could_be is not None
    assert (could_be.lines, could_be.fen, could_be.oldest) == (2, 600_00, date(2025, 5, 2))
    assert facts.unmatched["430001"] == Waiting(3, 607_00, date(2025, 5, 2))
    (unknown,) = facts.paid_without_document
    assert (unknown.project_code, unknown.waiting.fen) == ("Z" * 21, 7_00)
    lag = next(
        each for each in check(facts).findings if each.subject == "P1" and each.rule == "W02"
    )
    assert [(each.kind, each.cures) for each in lag.doubts] == [(DoubtKind.UNMATCHED, True)]
    late = next(each for each in check(facts).findings if each.subject == "P3")
    assert [each.kind for each in late.doubts] == [DoubtKind.IN_TRANSIT]


@pytest.mark.parametrize(
    ("effective", "recent"),
    [
        (date(2025, 5, 29), 0),  # 21 working days before: 2 June is off
        (date(2025, 5, 30), 600_00),
        (JUNE, 600_00),
    ],
)
def test_money_added_within_twenty_working_days_before_the_checkpoint(
    county: Engine, pay: Payer, effective: date, recent: int
) -> None:
    covered(county, *FIRST_HALF)
    pay(date(2025, 5, 3), 500_00, "P1")
    with writing(county) as connection:
        connection.execute(
            insert(tables.adjustments).values(
                id=1, year=2025, kind="追加", amount_fen=600_00, fund="当年财政拨款",
                effective=effective, document_number="", note="", recorded_at=AT, actor="测试",
            )
        )  # fmt: skip
        connection.execute(
            insert(tables.adjustment_lines).values(adjustment_id=1, project_id=1, amount_fen=600_00)
        )

    facts = facts_of(county)

    assert of(facts, "P1").pace.recent_money_fen == recent
    ahead = of(facts_of(county, as_of=date(2025, 6, 29)), "P1").pace
    assert ahead.coming_money_fen == (recent if effective < JUNE else 0)
    lag = next(each for each in check(facts).findings if each.subject == "P1")
    assert lag.is_doubtful is bool(recent)


def test_a_project_without_a_document_is_known_as_such(county: Engine) -> None:
    with writing(county) as connection:
        connection.execute(
            update(tables.revisions)
            .where(tables.revisions.c.project_id == 2)
            .values(import_id=None)
        )

    facts = facts_of(county)

    assert [each.has_document for each in facts.projects] == [True, False, True]


def test_funds_are_looked_up_where_a_rule_depends_on_them(county: Engine, pay: Payer) -> None:
    pay(date(2025, 5, 3), 1_00, "P1", fund="政府性基金")
    pay(date(2025, 5, 3), 1_00, "P2", fund="政府性基金")
    pay(date(2025, 5, 3), 1_00, "P2", fund="一般公共预算")
    by_fund = rules({"override": [{"rule": "W01", "fund": "政府性基金", "yellow_ratio": 70}]})

    assert [each.fund for each in facts_of(county).projects] == ["", "", ""]
    assert [each.fund for each in facts_of(county, settings=by_fund).projects] == [
        "政府性基金", "", "",
    ]  # fmt: skip


def test_indicators_come_with_what_was_reported_of_them(county: Engine) -> None:
    covered(county, *FIRST_HALF)
    with writing(county) as connection:
        connection.execute(
            insert(tables.indicators),
            [
                {"revision_id": 1, "position": n, "level1": "产出", "level2": "数量",
                 "level3": f"指标{n}", "description": "", "target": "", "basis": ""}
                for n in (1, 2)
            ],
        )  # fmt: skip
    assert of(facts_of(county), "P1").indicators == ()
    with writing(county) as connection:
        connection.execute(
            insert(indicator_results).values(
                project_id=1, position=2, period="06", result="3", on_target=False, source="",
                recorded_at=AT, actor="测试", undone=0,
            )
        )  # fmt: skip

    facts = facts_of(county)

    assert facts.forms_collected == {"06"}
    states = [(each.name, each.reported, each.on_target) for each in of(facts, "P1").indicators]
    assert states == [("指标1", False, None), ("指标2", True, False)]
    (finding,) = (each for each in check(facts).findings if each.rule == "W12")
    assert finding.period == "06"


def test_a_year_without_projects_has_no_facts(engine: Engine) -> None:
    with reading(engine) as connection:
        facts = gather(connection, year=2031, as_of=date(2031, 6, 30), settings=AlertRules())

    assert facts == Facts(2031, date(2031, 6, 30))


def test_the_busiest_week_is_of_seven_days_and_not_of_eight() -> None:
    first = date(2025, 3, 1)
    days = {first: 5, date(2025, 3, 7): 7, date(2025, 3, 8): 1, date(2025, 3, 20): -9}

    assert busiest_week(days) == 12
    assert busiest_week({first: 5, date(2025, 3, 8): 7}) == 7
    assert busiest_week({first: -5}) == 0


def test_progress_and_the_rules_judge_by_the_same_limits(tmp_path: Path) -> None:
    import monitor as package
    from monitor.bootstrap import make_workspace

    make_workspace(tmp_path)
    rules_file = tmp_path / "rules" / "alerts.toml"
    strict = '\n[[override]]\nrule = "W01"\nunit = "430"\nred_ratio = 80\n'
    rules_file.write_text(rules_file.read_text("utf-8") + strict, "utf-8")
    app = package.open(tmp_path)
    add_projects(app.engine)
    complete(app.engine)
    Payer(app.engine)(date(2025, 5, 3), 350_00, "P1")
    Payer(app.engine, 10)(date(2025, 5, 3), 350_00, "P3", unit="507001")
    covered(app.engine, *FIRST_HALF)

    with app.reading() as connection:
        shown = {
            each.account.project_code: each.severity
            for each in app.standings_of(connection, 2025, JUNE)
        }
        facts = gather(connection, year=2025, as_of=JUNE, settings=app.settings.alerts)
    found = {
        each.subject: each.severity
        for each in check(facts, app.settings.alerts).findings
        if each.rule in ("W01", "W02")
    }

    assert found == shown
    assert (found["P1"], found["P3"]) == (Grade.RED, Grade.YELLOW)
    app.engine.dispose()
