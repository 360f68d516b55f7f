"""Use cases: what units answer to warnings is recorded, one by one or from a returned sheet.

Only open warnings are answered. The answer and the step of the warning land in one transaction,
by the state that was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine

from monitor.alerts.rule_catalogue import LEAD_RULES
from monitor.domain import answers
from monitor.domain.answers import Fault
from monitor.domain.calendar import CHINA
from monitor.domain.warning import (
    Acknowledgement,
    Change,
    Recorded,
    State,
    Step,
)
from monitor.errors import MonitorError, NotFound
from monitor.ingest import answer_kinds as kinds
from monitor.store import acknowledgements, alerts
from monitor.store.engine import writing

IsSoft = Callable[[int, date], bool]
"""Whether on a day no text may urge any more to spend the money of a year: see AlertRules."""


class News(StrEnum):
    """How an answer stands to the one in force."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Answered:
    """A warning and its answer; `before` is the one whose place it takes."""

    warning: Recorded
    news: News
    before: Acknowledgement | None
    now: Acknowledgement


def acknowledge(
    engine: Engine,
    reply: Acknowledgement,
    *,
    is_soft: IsSoft,
    ids: Collection[int] = (),
    project: str = "",
    year: int | None = None,
) -> list[Answered]:
    """Records one answer for these warnings, or for all open ones of a project that its lead is
    told of. All or none.

    `is_soft` tells whether the answers of the year's end are asked for. Before that, an answer
    that names nothing to be done means 继续执行, unless the cause is one of the finance side.
    Raises NotFound, and MonitorError for a closed warning or an answer that lacks something.
    """
    with writing(engine) as connection:
        chosen = _of_project(connection, project, year) if project else _of_ids(connection, ids)
        _require_open(chosen)
        answered = [compare(each, _completed(each, reply, is_soft)) for each in chosen]
        _require_complete(answered, is_soft)
        land(connection, answered)
    return answered


def _of_ids(connection: Connection, ids: Collection[int]) -> list[Recorded]:
    found = alerts.load(connection, ids=set(ids))
    missing = sorted(set(ids) - {each.id for each in found})
    if missing:
        raise NotFound(
            f"没有编号为 {'、'.join(map(str, missing))} 的预警。",
            "请用 monitor warnings list 查看编号。",
        )
    return found


def _of_project(connection: Connection, project: str, year: int | None) -> list[Recorded]:
    found = [
        each
        for each in alerts.load(connection, year=year)
        if each.project_code == project and each.rule in LEAD_RULES and each.state.is_open
    ]
    if not found:
        raise NotFound(
            f"项目 {project} 没有待说明的预警。", "请用 monitor warnings list 查看各项目的预警。"
        )
    if len({each.year for each in found}) > 1:
        raise MonitorError(f"项目 {project} 有几个年度的预警。", "请用 --year 指明年度。")
    return found


def _require_open(chosen: Iterable[Recorded]) -> None:
    closed = [each for each in chosen if not each.state.is_open]
    if closed:
        listed = "，".join(f"预警 {each.id} {each.state.label}" for each in closed)
        raise MonitorError(f"{listed}，不必再说明；没有登记任何说明。")


def _completed(warning: Recorded, reply: Acknowledgement, is_soft: IsSoft) -> Acknowledgement:
    tidied = answers.tidy(reply)
    soft = is_soft(warning.year, _day(reply.at))
    if tidied.answer or soft or tidied.cause in answers.FINANCE_CAUSES:
        return tidied
    return replace(tidied, answer=answers.GO_ON)


def _require_complete(answered: Sequence[Answered], is_soft: IsSoft) -> None:
    found: dict[str, None] = {}
    for each in answered:
        on, year = _day(each.now.at), each.warning.year
        soft = is_soft(year, on)
        for fault in answers.check(each.now, year=year, on=on, soft=soft):
            found[_told(fault, year, soft)] = None
    if found:
        raise MonitorError(f"没有登记任何说明：{''.join(found)}")


def _told(fault: Fault, year: int, soft: bool) -> str:
    kind = kinds.OF_FAULT[fault]
    offered = "、".join(answers.offered(soft))
    return kind.meaning.format(year=year, offered=offered) + kind.advice


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()


def compare(warning: Recorded, now: Acknowledgement) -> Answered:
    """Holds an answer against the one in force. One that has expired is given anew."""
    before = warning.answer
    if before is None:
        return Answered(warning, News.NEW, None, now)
    same = answers.same_answer(now, before) and warning.state is State.ACKNOWLEDGED
    return Answered(warning, News.UNCHANGED if same else News.CHANGED, before, now)


def land(connection: Connection, answered: Iterable[Answered], source: str = "") -> None:
    """Records the answers that are new or changed. Raises MonitorError where a state moved on."""
    listed = [each for each in answered if each.news is not News.UNCHANGED]
    for each in listed:
        acknowledgements.record(connection, each.warning.id, each.now, source)
    if listed:
        at, actor = listed[0].now.at, listed[0].now.actor
        alerts.apply(connection, [_step(each) for each in listed], at=at, actor=actor)


def _step(each: Answered) -> Change:
    before, words = each.warning, f"{each.now.author}：{answers.in_words(each.now)}"
    return Change(Step.ACKNOWLEDGED, before, None, State.ACKNOWLEDGED, before.judged, words)


def reopen(
    engine: Engine, ids: Collection[int], *, reason: str, at: datetime, actor: str
) -> list[Recorded]:
    """Takes the answers to these warnings back: they wait again, as told or still to be told.

    Gives the warnings as they were. Raises NotFound, and MonitorError for a closed warning or
    one without an answer; then nothing changes.
    """
    with writing(engine) as connection:
        chosen = _of_ids(connection, ids)
        _require_open(chosen)
        unanswered = [str(each.id) for each in chosen if each.answer is None]
        if unanswered:
            raise MonitorError(f"预警 {'、'.join(unanswered)} 没有说明可以收回，没有改动。")
        for each in chosen:
            acknowledgements.undo(connection, each.id, at=at, actor=actor)
        steps = [_reopened(each, reason) for each in chosen]
        alerts.apply(connection, steps, at=at, actor=actor)
    return chosen


def _reopened(before: Recorded, reason: str) -> Change:
    told = before.told is not None and before.told.weight >= before.severity.weight
    state = State.SENT if told else State.RAISED
    return Change(Step.REOPENED, before, None, state, before.judged, f"收回说明：{reason}")
