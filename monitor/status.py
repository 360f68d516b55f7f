"""`monitor status`: is the service alive, what ran, what waits, how far have the facts come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from monitor.alerts.timetable import JOBS
from monitor.domain.calendar import CHINA, china_time
from monitor.domain.money import yuan
from monitor.domain.warning import MailState
from monitor.reports import coverage
from monitor.store import depth, heartbeats, jobs
from monitor.store.engine import reading

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from monitor.bootstrap import App

OK, NOTE, BROKEN = "ok", "note", "broken"
_KEEPS_FAILING = 3
"""A job that failed so often in a row is broken."""
_UNSENT = [state for state in MailState if state not in (MailState.SENT, MailState.CANCELLED)]
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the status: what, ok, note or broken, a sentence, and the figures in it."""

    check: str
    state: str
    text: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "state": self.state,
            "text": self.text,
            "figures": dict(self.figures),
        }


def status(app: App) -> list[Fact]:
    """The state of a workspace now. `broken` stands for what does not mend itself."""
    now = app.now()
    with reading(app.engine) as connection:
        return [
            _service(connection, now),
            *_jobs(connection, app, now),
            _outbox(connection, app, now),
            *_coverage(connection, now.astimezone(CHINA).date()),
            _unmatched(connection),
            _warnings(connection),
        ]


def _service(connection: Connection, now: datetime) -> Fact:
    known = heartbeats.load(connection)
    alive = [each for each in known if each.is_alive(now)]
    died = [each for each in known if each.has_died(now)]
    figures = {
        "alive": [_beat(each) for each in alive],
        "died": [_beat(each) for each in died],
    }
    if died:
        last = "、".join(f"{each.service}（{china_time(each.beat_at)}）" for each in died[:_SHOWN])
        text = f"服务没有停止就断了，最后的心跳：{last}。请重新运行 monitor run。"
        return Fact("服务", BROKEN, text, figures)
    if alive:
        since = "、".join(f"{each.service}（自 {china_time(each.started_at)}）" for each in alive)
        return Fact("服务", OK, f"正在运行：{since}", figures)
    stopped = f"，上次停止于 {china_time(known[0].beat_at)}" if known else ""
    return Fact("服务", NOTE, f"没有服务在运行{stopped}。用 monitor run 启动。", figures)


def _beat(each: heartbeats.Heartbeat) -> dict[str, Any]:
    return {
        "service": each.service,
        "started_at": china_time(each.started_at),
        "beat_at": china_time(each.beat_at),
    }


def _jobs(connection: Connection, app: App, now: datetime) -> Iterator[Fact]:
    """The last run of each job, and the next one where a service is alive."""
    runs = jobs.latest(connection)
    upcoming: dict[str, str] = {}
    for each in heartbeats.load(connection):
        if each.is_alive(now):
            upcoming = {**each.next_runs, **upcoming}
    for name, label in JOBS.items():
        if name in app.settings.alerts.jobs_off:
            yield Fact(label, NOTE, "已在 calendar.toml 关闭", {"job": name, "off": True})
        else:
            yield _job(name, label, runs.get(name), upcoming.get(name), now)


def _job(name: str, label: str, run: jobs.Run | None, coming: str | None, now: datetime) -> Fact:
    figures = {
        "job": name,
        "period": run and run.period,
        "started_at": run and china_time(run.started_at),
        "finished_at": run and run.finished_at and china_time(run.finished_at),
        "outcome": run and run.outcome,
        "failures": run.failures if run else 0,
        "next_at": coming,
    }
    then = f"；下次 {coming}" if coming else ""
    if run is None:
        return Fact(label, OK, f"还没有运行过{then}", figures)
    began = china_time(run.started_at)
    if run.failures:
        text = f"连续 {run.failures} 次没有做成（{began}）：{run.outcome}{then}"
        return Fact(label, BROKEN if run.failures >= _KEEPS_FAILING else NOTE, text, figures)
    if run.started_at > now:
        text = f"上次运行的时间 {began} 比现在晚：系统时间被调慢过，到那时以前不会重复做。"
        return Fact(label, NOTE, text, figures)
    if run.finished_at is None:
        return Fact(label, OK, f"{run.outcome or '正在做'}，始于 {began}{then}", figures)
    outcome = f"：{run.outcome}" if run.outcome else ""
    return Fact(label, OK, f"上次 {china_time(run.finished_at)}{outcome}{then}", figures)


def _outbox(connection: Connection, app: App, now: datetime) -> Fact:
    queue = depth.outbox(connection)
    figures = {
        **{state.value: queue.by_state.get(state, 0) for state in _UNSENT},
        "oldest": queue.oldest and china_time(queue.oldest),
    }
    if not queue.by_state:
        return Fact("发件箱", OK, "没有待发的邮件", figures)
    counted = "，".join(f"{state.label} {n}" for state, n in queue.by_state.items())
    if queue.by_state.get(MailState.FAILED):
        text = f"{counted}。被拒收的用 monitor mail list --state failed 查看，改正后 mail retry。"
        return Fact("发件箱", BROKEN, text, figures)
    if queue.oldest and now > _a_working_day_after(app, queue.oldest):
        text = f"{counted}。最早的自 {china_time(queue.oldest)} 起没有发出，已超过一个工作日。"
        return Fact("发件箱", BROKEN, text, figures)
    return Fact("发件箱", NOTE if MailState.HELD in queue.by_state else OK, counted, figures)


def _a_working_day_after(app: App, moment: datetime) -> datetime:
    """The end of the sending hours of the first working day after the one on which it could go."""
    hours = app.settings.alerts.sending
    could_go = hours.next_moment(moment).astimezone(CHINA)
    last = hours.calendar.add(could_go.date(), 1)
    clock: time = could_go.timetz().replace(tzinfo=None)
    return datetime.combine(last, clock, CHINA)


def _coverage(connection: Connection, today: date) -> Iterator[Fact]:
    """Of this year and the last one, where they have projects: how far all lists have come."""
    found = coverage.years(connection, today)
    for year in (each for each in found if today.year - 1 <= each.year <= today.year):
        ended = [month for month in year.months if month < f"{today:%Y-%m}"]
        gaps: dict[str, list[str]] = {month: [] for month in ended}
        for row in year.rows:
            if row["month"] in gaps and row["state"] != "complete":
                gaps[row["month"]].append(row["unit_code"])
        whole = [month for month in ended if not any(gaps[m] for m in ended if m <= month)]
        missing = {month: units for month, units in gaps.items() if units}
        figures = {
            "year": year.year,
            "complete_until": whole[-1] if whole else None,
            "missing": missing,
        }
        until = f"支付明细完整至 {whole[-1]}" if whole else "还没有一个月的支付明细是完整的"
        lacking = "；".join(_lacking(month, codes) for month, codes in missing.items())
        text = f"{until}{'。缺：' if lacking else ''}{lacking}"
        yield Fact(f"数据到达 {year.year}", NOTE if missing else OK, text, figures)


def _lacking(month: str, codes: list[str]) -> str:
    shown = "、".join(codes[:_SHOWN])
    return f"{month} {shown}{f' 等 {len(codes)} 个单位' if len(codes) > _SHOWN else ''}"


def _unmatched(connection: Connection) -> Fact:
    lines, fen = depth.unmatched(connection)
    figures = {"lines": lines, "fen": fen}
    if not lines:
        return Fact("待匹配", OK, "没有待匹配的支付", figures)
    return Fact("待匹配", NOTE, f"{lines} 笔 {yuan(fen)} 元还没有匹配到项目", figures)


def _warnings(connection: Connection) -> Fact:
    found = depth.open_warnings(connection)
    figures = {grade.value: count for grade, count in found.items()}
    counted = "，".join(f"{grade.label} {count}" for grade, count in found.items())
    return Fact("未了预警", NOTE if found else OK, counted or "没有", figures)
