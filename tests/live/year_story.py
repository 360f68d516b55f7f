"""The story of the year 2021, as dated steps: what comes in, and what people do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from monitor.alerts.answering import acknowledge
from monitor.domain.adjustment import Adjustment, AdjustmentKind, Fund
from monitor.domain.calendar import CHINA
from monitor.domain.warning import Acknowledgement
from monitor.ingest.adjusting import adjust
from monitor.ingest.adjustment_lines import Entry
from monitor.store import imports
from monitor.store.engine import reading
from tests.live.year_lists import CANTEEN, CLEANING, LABOUR, POWER, PROJECTS, a_list
from tests.live.year_office import Office, days

BEGIN, END = date(2021, 1, 4), date(2022, 1, 28)
MORNING, AFTERNOON = time(10), time(14)
Deed = Callable[[Office], None]


@dataclass(frozen=True, slots=True)
class Story:
    """What happens on a day: files at ten in the morning, people at two in the afternoon."""

    files: Mapping[date, Deed]
    deeds: Mapping[date, Deed]


def story(samples: Path) -> Story:
    """The year with the documents of the two units of the samples that have one for 2021."""
    centre, affairs = (
        next((samples / "targets").glob(f"{number}_*.txt")).read_text(encoding="utf-8")
        for number in ("000", "001")
    )

    def documents(office: Office) -> None:
        office.drop("暑服中心.txt", centre)
        office.drop("机关事务管理局.txt", affairs)

    files: dict[date, Deed] = {
        date(2021, 1, 4): documents,
        date(2021, 2, 5): _list(1),
        date(2021, 3, 5): _list(2),
        # March's list is late: due on the 8th working day of April, the 13th
        date(2021, 4, 15): _list(3),
        # April's has a slip: the rent is ten times what it was
        date(2021, 5, 10): _list(4, "有误", slip=True),
        date(2021, 5, 12): _list(4),
        date(2021, 6, 4): _list(5),
        # June's has an application in transit
        date(2021, 7, 5): _list(6),
        # the plan of one project is corrected: 40 % by June, not 50 %
        date(2021, 7, 8): lambda office: office.drop(
            "机关事务管理局-勘误.txt", _corrected(affairs)
        ),
        date(2021, 8, 5): _list(7),
        date(2021, 9, 6): _list(8),
        date(2021, 10, 11): _list(9),
        date(2021, 11, 5): _list(10),
        date(2021, 12, 6): _list(11),
        date(2022, 1, 7): _list(12),
    }
    deeds: dict[date, Deed] = {
        date(2021, 4, 20): _answer(CANTEEN, "政府采购/招标周期", "继续执行", date(2021, 5, 20)),
        date(2021, 5, 11): _undo("2021年4月支付明细有误.csv", "房租多写了一个零"),
        date(2021, 5, 26): _answer(CANTEEN, "资料/验收未完成", "继续执行", date(2021, 6, 30)),
        date(2021, 6, 28): _add(CANTEEN, 200_000_00),
        date(2021, 7, 16): _both(
            _answer(POWER, "用款计划未批", "", None),
            _answer(CANTEEN, "预算批复或指标下达晚", "继续执行", date(2021, 9, 30)),
        ),
        date(2021, 11, 29): _answer(CLEANING, "据实结算在年底", "可支付", date(2021, 12, 20)),
        date(2021, 12, 13): _answer(CLEANING, "据实结算在年底", "可支付", date(2021, 12, 24)),
    }
    return Story(files, deeds)


def _list(month: int, note: str = "", *, slip: bool = False) -> Deed:
    year = "2021年"
    return lambda office: office.drop(
        f"{year}{month}月支付明细{note}.csv", a_list(month, slip=slip)
    )


def _corrected(text: str) -> str:
    """The document with 40 % by the end of June in the labour project's plan."""
    begin = text.index(PROJECTS[LABOUR].code)
    place = text.index("50.00%", begin)
    return f"{text[:place]}40.00%{text[place + len('50.00%') :]}"


def _both(*deeds: Deed) -> Deed:
    def both(office: Office) -> None:
        for deed in deeds:
            deed(office)

    return both


def _answer(project: str, cause: str, answer: str, promised: date | None) -> Deed:
    """The lead of the project's unit explains its open warnings."""

    def deed(office: Office) -> None:
        app = office.app
        reply = Acknowledgement(
            cause, "详见附件", answer, "每周督办", promised, "张会计", app.now(), app.actor
        )
        code = PROJECTS[project].code
        rules = app.settings.alerts
        assert acknowledge(app.engine, reply, is_soft=rules.is_soft, project=code, year=2021)

    return deed


def _undo(file: str, reason: str) -> Deed:
    def deed(office: Office) -> None:
        with reading(office.app.engine) as connection:
            [wrong] = [each for each in imports.load(connection) if each.file == file]
        office.app.undo_import(wrong.id, reason=reason)

    return deed


def _add(project: str, fen: int) -> Deed:
    """Money is added, from today on."""

    def deed(office: Office) -> None:
        app = office.app
        addition = Adjustment(
            kind=AdjustmentKind.ADD,
            amount_fen=fen,
            fund=Fund.FISCAL,
            effective=app.today,
            document_number="北财预〔2021〕28号",
            giver="",
            taker=PROJECTS[project].code,
            note="",
        )
        adjust(app.engine, Entry(addition, None), at=app.now(), actor=app.actor)

    return deed


def live(office: Office, told: Story, *, ticks: Callable[[date], tuple[time, ...]]) -> None:
    (
        """Lives through the year; `ticks` are the times of a day at which the service wakes.

    On a day without any the service is down, and begins anew afterwards.
    """
        ""
    )
    for day in days(BEGIN, END):
        todo: list[tuple[time, Deed | None]] = [(at, None) for at in ticks(day)]
        if not todo:
            office.restart()
        todo += [(MORNING, told.files[day])] if day in told.files else []
        todo += [(AFTERNOON, told.deeds[day])] if day in told.deeds else []
        for at, deed in sorted(todo, key=lambda each: each[0]):
            moment = datetime.combine(day, at, CHINA)
            if deed is None:
                office.work(moment)
            else:
                office.at(moment)
                deed(office)
