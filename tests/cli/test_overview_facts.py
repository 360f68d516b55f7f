"""The facts of the overview out of a real workspace: checkpoints, news, coverage, warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time

import monitor as package
from monitor.domain import coverage
from monitor.domain.finding import Finding
from monitor.domain.progress import Grade
from monitor.domain.warning import Change, State, Step
from monitor.errors import NotFound
from monitor.reports.overview.facts import OverviewFacts, overview_facts
from monitor.reports.overview.page import overview
from monitor.reports.overview.sources import AdjustmentsUsed, VersionUsed
from monitor.store import alerts
from monitor.store.engine import writing
from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, HEADER, TARGET, line

Write = Callable[..., Path]
JULY = date(2025, 7, 20)


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Iterator[Monitor]:
    """The small project of 1,000.00 yuan (25 % by March, 50 % by June), in July 2025."""
    with freeze_time("2025-07-20 09:00:00+08:00"):
        monitor.ok("targets", "import", write("目标.txt", TARGET), "--year", "2025")
        yield monitor


def gathered(office: Monitor, as_of: date = JULY, year: int = 2025) -> OverviewFacts:
    app = package.open(office.folder)
    try:
        with app.reading() as connection:
            limits = app.settings.alerts.limits
            return overview_facts(connection, office="局", year=year, as_of=as_of, limits=limits)
    finally:
        app.engine.dispose()


def pay(office: Monitor, write: Write, month: str, *lines: str, at: str = "2025-07-20") -> None:
    with freeze_time(f"{at} 10:00:00+08:00"):
        file = write(f"{month}.csv", HEADER + "".join(lines))
        office.ok("payments", "import", file, "--month", month)


def raised(office: Monitor, rule: str, grade: Grade, at: str) -> None:
    """A warning of the project at the end of June."""
    with freeze_time(f"{at} 09:00:00+08:00"):
        app = package.open(office.folder)
        day = date(2025, 6, 30)
        finding = Finding(rule, 2025, "434001", CODE, "06", grade, day, (("paid_fen", 0),))
        change = Change(Step.RAISED, None, finding, State.RAISED, day)
        with writing(app.engine) as connection:
            alerts.apply(connection, [change], at=app.now(), actor="核查")
        app.engine.dispose()


def test_the_latest_lists_are_those_of_the_last_day_with_payments(
    office: Monitor, write: Write
) -> None:
    pay(office, write, "2025-03", line("A1", "250.00"), at="2025-04-08")
    pay(office, write, "2025-05", line("A2", "150.00", day="2025-05-20"), at="2025-07-08")
    pay(office, write, "2025-06", line("A3", "100.00", day="2025-06-20"), at="2025-07-08")
    pay(office, write, "2025-04", at="2025-07-09")
    changes = gathered(office).changes

    assert changes is not None
    assert (changes.day, changes.files) == (date(2025, 7, 8), ("2025-05.csv", "2025-06.csv"))
    [change] = changes.projects
    assert (change.lines, change.paid_fen) == (2, 25_000)
    assert (change.before, change.now) == ("red", "none")


def test_what_was_paid_after_the_date_is_no_news_of_it(office: Monitor, write: Write) -> None:
    pay(office, write, "2025-03", line("A1", "250.00"), at="2025-04-08")
    pay(office, write, "2025-07", line("A2", "9.00", day="2025-07-15"), at="2025-07-16")
    changes = gathered(office, as_of=date(2025, 6, 30)).changes

    assert changes is not None
    assert changes.files == ("2025-03.csv",)


def test_without_lists_there_is_no_news(office: Monitor) -> None:
    facts = gathered(office)

    assert facts.changes is None
    assert "尚未导入计入本年度的支付明细" in overview(facts)


def test_a_year_without_projects_is_refused(office: Monitor) -> None:
    with pytest.raises(NotFound, match="2024 年没有项目"):
        gathered(office, as_of=date(2024, 12, 31), year=2024)


def test_the_standings_at_a_checkpoint_are_those_of_progress_as_of_that_day(
    office: Monitor, write: Write
) -> None:
    said = ("--kind", "追加", "--amount", "500.00", "--fund", "当年财政拨款", "--on", "2025-05-10")
    office.ok("targets", "adjust", CODE, "--year", "2025", *said, "--document", "追加1号")
    pay(office, write, "2025-03", line("A1", "250.00"))
    pay(office, write, "2025-06", line("A2", "200.00", day="2025-06-20"))
    facts = gathered(office)

    assert sorted(facts.at_checkpoints) == [3, 6]
    for month, day in ((3, "2025-03-31"), (6, "2025-06-30")):
        [standing] = facts.at_checkpoints[month]
        [row] = office.json("progress", "--as-of", day)
        account = standing.account
        assert (account.budget_fen, account.paid_fen) == (row["budget_fen"], row["paid_fen"])
        assert (standing.due_fen, standing.lag_bp) == (row["due_fen"], row["lag_bp"])
        assert (standing.severity and standing.severity.value) == row["severity"]
    assert facts.curves[CODE].bases == ((3, 100_000),)


def test_a_month_that_has_not_ended_is_neither_there_nor_missing(
    office: Monitor, write: Write
) -> None:
    pay(office, write, "2025-03", line("A1", "250.00"))
    missing, complete = coverage.State.MISSING, coverage.State.COMPLETE

    assert gathered(office).coverage["434001"] == (
        *(missing, missing, complete, missing, missing, missing),
        *[None] * 6,
    )


def test_warnings_are_counted_and_what_became_of_them_since_the_lists_is_told(
    office: Monitor, write: Write
) -> None:
    raised(office, "W02", Grade.YELLOW, at="2025-07-05")
    pay(office, write, "2025-06", line("A1", "1.00", day="2025-06-20"), at="2025-07-08")
    raised(office, "W01", Grade.RED, at="2025-07-09")
    facts = gathered(office)

    assert facts.changes is not None
    assert facts.warnings == {("434001", "yellow"): 1, ("434001", "red"): 1}
    [step] = facts.changes.warnings
    assert (step.event, step.severity, step.rule) == ("raised", "red", "W01")
    assert (step.project_code, step.project_name) == (CODE, "热线服务")


def test_the_command_writes_the_same_bytes_each_time(
    office: Monitor, write: Write, tmp_path: Path
) -> None:
    pay(office, write, "2025-03", line("A1", "250.00"))
    pages = [tmp_path / name for name in ("a.html", "b.html")]
    for page in pages:
        office.ok("report", "overview", "--as-of", "2025-07-20", "--out", page)

    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_the_page_names_the_versions_and_adjustments_that_its_budgets_rest_on(
    office: Monitor,
) -> None:
    said = ("--kind", "追加", "--amount", "500.00", "--fund", "当年财政拨款", "--on", "2025-05-10")
    office.ok("targets", "adjust", CODE, "--year", "2025", *said, "--document", "追加1号")
    facts = gathered(office)

    assert facts.versions == (VersionUsed("目标.txt", "", date(2025, 1, 1), 1),)
    assert facts.adjusted == (
        AdjustmentsUsed("追加", "当年财政拨款", "追加1号", date(2025, 5, 10), 1, 50_000),
    )
    assert "<td>追加1号</td>" in overview(facts)
    before = gathered(office, as_of=date(2025, 5, 9))
    assert before.adjusted == ()
    assert "没有采用的预算调整" in overview(before)
