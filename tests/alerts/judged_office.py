"""A finance office that judges one year again and again; its facts are handed in by the tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from monitor.alerts import checking
from monitor.alerts.checking import Checker, CheckOutcome
from monitor.alerts.facts import Facts, ProjectFacts, Waiting
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.thresholds import Thresholds
from monitor.domain.progress import Standing
from monitor.domain.warning import Acknowledgement, Change, Purpose, State, Step
from monitor.store import acknowledgements, alerts, warning_rows
from monitor.store.alert_tables import mail_warnings, mails
from monitor.store.engine import reading, writing

AT = datetime(2026, 7, 8, 1, 30, tzinfo=UTC)
LAGS = AlertRules(thresholds=Thresholds(on=frozenset({"W01", "W02"}), quiet_fen=0))


@dataclass
class Office:
    """What was on record as of each day stays so until a test says otherwise."""

    engine: Engine
    rules: AlertRules = LAGS
    days: dict[date, Facts] = field(default_factory=dict)

    def judge(self, *standings: Standing, **more: Any) -> CheckOutcome:
        """Judges the year with these standings, all of one day."""
        return self.judge_facts(facts(*standings, **more))

    def judge_facts(self, known: Facts) -> CheckOutcome:
        self.days[known.as_of] = known
        return checking.check(self.engine, self.checker(), year=known.year, as_of=known.as_of)

    def checker(self) -> Checker:
        return Checker(self._gather, self.rules, AT, "测试")

    def _gather(self, _: Connection, year: int, day: date) -> Facts:
        return self.days.get(day) or Facts(year, day)

    def rows(self, **wanted: Any) -> list[dict[str, Any]]:
        with reading(self.engine) as connection:
            return warning_rows.rows(connection, **wanted)

    @property
    def states(self) -> list[tuple[str, str, str, str]]:
        return [(w["rule"], w["period"], w["severity"], w["state"]) for w in self.rows()]

    @property
    def events(self) -> list[list[str]]:
        return [[event["event"] for event in warning["events"]] for warning in self.rows()]

    def tell(
        self,
        warning_id: int,
        severity: str,
        purpose: Purpose = Purpose.TELL,
        at: datetime = AT,
    ) -> None:
        """As if a mail had told the warning at that severity."""
        with writing(self.engine) as connection:
            number = connection.scalar(select(func.count()).select_from(mails))
            mail_id = connection.scalars(
                insert(mails).returning(mails.c.id).values(
                    message_id=f"<{number}@x>", kind="digest",
                    recipient="a@b.cn", name="", run=f"{number}", year=2025,
                    unit_code="", subject="", facts={}, content=b"", state="sent", attempts=1,
                    error="", created_at=at, sent_at=at, lease="",
                )
            ).one()  # fmt: skip
            connection.execute(
                insert(mail_warnings).values(
                    mail_id=mail_id, warning_id=warning_id, severity=severity, purpose=purpose
                )
            )
            alerts.record_sent(connection, mail_id, at=at, actor="测试")

    def answer(self, warning_id: int, promised: date | None) -> None:
        """As if the unit had answered, and promised to have paid by a day."""
        answered = Acknowledgement(
            "资料/验收未完成", "等验收", "继续执行", "催验收", promised, "李四", AT, "测试"
        )
        with writing(self.engine) as connection:
            (before,) = alerts.load(connection, ids={warning_id})
            acknowledgements.record(connection, warning_id, answered)
            change = Change(Step.ACKNOWLEDGED, before, None, State.ACKNOWLEDGED, before.as_of)
            alerts.apply(connection, [change], at=AT, actor="测试")


def facts(*standings: Standing, missing: tuple[str, ...] = (), **more: Any) -> Facts:
    """The facts of these standings' day; `missing` lists hold all their units back."""
    return Facts(
        year=2025,
        as_of=standings[0].as_of,
        projects=tuple(ProjectFacts(each, missing_months=missing) for each in standings),
        **more,
    )


def doubtful(standing: Standing, fen: int) -> Facts:
    """The facts of one standing with unmatched payments that could belong to its project."""
    whole = facts(standing)
    waiting = Waiting(1, fen, standing.as_of)
    return replace(whole, projects=(replace(whole.projects[0], could_be=waiting),))
