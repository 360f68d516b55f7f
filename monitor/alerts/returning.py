"""Use case: a 偏差说明表 comes back; shown as a difference, then landed whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from monitor.alerts.answering import Answered, News, compare, land
from monitor.alerts.rule_catalogue import LAG, NOTHING_PAID
from monitor.domain import answers
from monitor.domain.answers import Fault
from monitor.domain.calendar import CHINA
from monitor.domain.warning import Acknowledgement, Recorded
from monitor.errors import Diagnostic, InputError, MonitorError
from monitor.ingest import answer_kinds as kinds
from monitor.ingest.explanation_form import (
    ANSWER,
    CAUSE,
    FIRST,
    MEASURE,
    PROMISED,
    TEXT,
    figures,
    plain,
)
from monitor.ingest.explanation_return import Returned, Said, read_explanations
from monitor.ingest.importing import Incoming, archive
from monitor.reports.explanation_sheet import shown
from monitor.store import acknowledgements, alerts
from monitor.store.engine import reading, writing

_ONE_LIFE = frozenset({LAG.id, NOTHING_PAID.id})
_HEADER_OF = {
    Fault.CAUSE_MISSING: CAUSE,
    Fault.CAUSE_UNKNOWN: CAUSE,
    Fault.TEXT_MISSING: TEXT,
    Fault.TEXT_LONG: TEXT,
    Fault.ANSWER_MISSING: ANSWER,
    Fault.ANSWER_UNKNOWN: ANSWER,
    Fault.MEASURE_LONG: MEASURE,
    Fault.DATE_MISSING: PROMISED,
    Fault.DATE_PAST: PROMISED,
    Fault.DATE_AFTER_YEAR: PROMISED,
}


@dataclass(frozen=True, slots=True)
class AnswerReceipt:
    """What a returned sheet says, held against the record. `blank` rows say nothing.

    `known`: the same file has landed before, and nothing is read of it any more.
    """

    file: str
    known: bool
    answered: tuple[Answered, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    blank: int = 0

    @property
    def changes(self) -> int:
        """How many answers are new or changed."""
        return sum(each.news is not News.UNCHANGED for each in self.answered)


def compare_answers(engine: Engine, incoming: Incoming, author: str = "") -> AnswerReceipt:
    """What the sheet would change; nothing is written.

    `author` is who answered, by default the name in the sheet. Raises InputError with all
    diagnostics.
    """
    with reading(engine) as connection:
        return _receipt(connection, incoming, author)


def land_answers(
    engine: Engine,
    incoming: Incoming,
    shown_before: AnswerReceipt,
    *,
    folder: Path,
    author: str = "",
) -> AnswerReceipt:
    """Records what was shown, all or none; `folder` is the archive.

    Raises MonitorError where the record has changed since.
    """
    with writing(engine) as connection:
        receipt = _receipt(connection, incoming, author)
        if receipt != shown_before:
            raise MonitorError(
                f"{incoming.name} 没有登记：显示差异以后，预警的记录又有变化。", "请重新导入。"
            )
        if receipt.changes:
            archive(folder, incoming)
            source = acknowledgements.source_of(incoming.name, incoming.sha256)
            land(connection, receipt.answered, source)
    return receipt


def _receipt(connection: Connection, incoming: Incoming, author: str) -> AnswerReceipt:
    returned = read_explanations(incoming.data, incoming.name)
    if acknowledgements.has_come(connection, incoming.sha256):
        return AnswerReceipt(incoming.name, known=True)
    ids = {said.key.warning_id for said in returned.rows}
    recorded = {each.id: each for each in alerts.load(connection, ids=ids)} if ids else {}
    by = author.strip() or returned.author or incoming.actor
    later = _successors(connection, recorded.values())
    held = _Holding(returned, recorded, incoming, by, later)
    held.hold()
    if held.wrong:
        problem = f"{incoming.name} 没有导入，任何说明都没有登记。"
        raise InputError(problem, "请按以下各条改正后重新交回。", None, held.wrong)
    blank = sum(said.is_blank for said in returned.rows)
    return AnswerReceipt(incoming.name, False, tuple(held.answered), tuple(held.notes), blank)


def _successors(connection: Connection, asked: Iterable[Recorded]) -> dict[int, Recorded]:
    """By id of a closed warning, the open one of the same checkpoint that took its place.

    A lag takes the place of nothing paid once something is paid, while its sheet is under way.
    """
    closed = [each for each in asked if not each.state.is_open and each.rule in _ONE_LIFE]
    taken = {
        (each.year, each.subject, each.period): each
        for year in {each.year for each in closed}
        for each in alerts.load(connection, year=year)
        if each.rule in _ONE_LIFE and each.state.is_open
    }
    keys = {each.id: (each.year, each.subject, each.period) for each in closed}
    return {id_: taken[key] for id_, key in keys.items() if key in taken}


class _Holding:
    """Holds the rows of a sheet against the warnings as recorded."""

    def __init__(
        self,
        returned: Returned,
        recorded: Mapping[int, Recorded],
        incoming: Incoming,
        author: str,
        later: Mapping[int, Recorded],
    ) -> None:
        self.returned, self.recorded, self.incoming = returned, recorded, incoming
        self.later = later
        self.author, self.on = author, incoming.at.astimezone(CHINA).date()
        self.wrong: list[Diagnostic] = list(returned.wrong)
        self.notes: list[Diagnostic] = []
        self.answered: list[Answered] = []

    def hold(self) -> None:
        for said in self.returned.rows:
            warning = self.recorded.get(said.key.warning_id)
            if warning is None or not _is_about(said, warning):
                why = "本工作区没有登记这条预警"
                place = said.places[FIRST]
                self.wrong.append(kinds.ROW_FOREIGN.at(place, said.project, why=why))
            elif not said.is_blank:
                self._row(said, warning)

    def _row(self, said: Said, warning: Recorded) -> None:
        place = said.places[FIRST]
        warning = self.later.get(warning.id, warning)
        if not warning.state.is_open:
            state = warning.state.label
            self.notes.append(kinds.NOT_OPEN.at(place, said.project, id=warning.id, state=state))
            return
        now = self._answer(said)
        compared = compare(warning, now)
        wrong = [] if compared.news is News.UNCHANGED else list(self._faults(said, now))
        self.wrong += wrong
        if wrong:
            return
        self.answered.append(compared)
        if _figures(warning, self.returned.round.soft) != said.figures:
            self.notes.append(kinds.FIGURES_MOVED.at(place, said.project, id=warning.id))

    def _answer(self, said: Said) -> Acknowledgement:
        return answers.tidy(
            Acknowledgement(
                cause=said.cause,
                text=said.text,
                answer=said.answer,
                measure=said.measure,
                promised=said.promised,
                author=self.author,
                at=self.incoming.at,
                actor=self.incoming.actor,
            )
        )

    def _faults(self, said: Said, now: Acknowledgement) -> Iterator[Diagnostic]:
        soft, year = self.returned.round.soft, said.key.year
        offered = "、".join(answers.offered(soft))
        texts = {
            CAUSE: said.cause,
            TEXT: said.text,
            ANSWER: said.answer,
            MEASURE: said.measure,
            PROMISED: str(said.promised or ""),
        }
        for fault in answers.check(now, year=year, on=self.on, soft=soft):
            header = _HEADER_OF[fault]
            text = texts[header] or said.project
            yield kinds.OF_FAULT[fault].at(said.places[header], text, year=year, offered=offered)


def _is_about(said: Said, warning: Recorded) -> bool:
    """Whether the row's key names the warning that has its id here."""
    key = said.key
    mine = (key.rule, key.year, key.subject, key.period)
    return mine == (warning.rule, warning.year, warning.subject, warning.period)


def _figures(warning: Recorded, soft: bool) -> dict[str, str]:
    """The warning's figures as the sheet would show them now."""
    row = {
        "rule": warning.rule,
        "period": warning.period,
        "severity": warning.severity,
        "unit_code": warning.unit_code,
        "unit_name": warning.unit_name,
        "project_code": warning.project_code,
        "project_name": warning.project_name,
        "figures": warning.figures,
    }
    cells = shown(row, soft)
    return {name: plain(cells[name]) for name in figures(soft)}
