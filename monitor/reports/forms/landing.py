"""Use case: a 绩效填报表 comes back; shown as a difference, then landed whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, Engine

from monitor.domain.calendar import CHINA, day_name
from monitor.domain.entry import Entry, Field, Form
from monitor.domain.sealing import short_seal
from monitor.errors import Diagnostic, InputError, MonitorError, NotFound
from monitor.ingest import form_return_kinds as kinds
from monitor.ingest.form_book import Book, Round
from monitor.ingest.form_return import Returned, read_form
from monitor.ingest.importing import Incoming, archive
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.forms.asking import FormRules, book, gather, held_with
from monitor.reports.forms.holding import Compared, Holding, News
from monitor.reports.forms.results import record_results
from monitor.store import entries, finalizations
from monitor.store.engine import reading, writing

_DERIVED = (Field.POINTS, Field.REASON)


@dataclass(frozen=True, slots=True)
class FormReceipt:
    """What a returned workbook says, held against the record. `blank` cells are still to be
    filled. `known`: the same file has landed before, and nothing is read of it any more."""

    file: str
    known: bool
    round: Round
    compared: tuple[Compared, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    blank: int = 0

    @property
    def changes(self) -> tuple[Compared, ...]:
        return tuple(each for each in self.compared if each.news is not News.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Landing:
    """What landing a workbook needs beside it. `author` is who filled it in, by default the name
    in the workbook; `year` and `unit_code` are what the caller expects, if anything."""

    rules: FormRules
    folder: Path
    author: str = ""
    year: int | None = None
    unit_code: str | None = None


def compare_form(engine: Engine, incoming: Incoming, landing: Landing) -> FormReceipt:
    """What the workbook would change; nothing is written. Raises InputError with all
    diagnostics."""
    with reading(engine) as connection:
        return _receipt(connection, incoming, landing)[0]


def land_form(
    engine: Engine, incoming: Incoming, shown_before: FormReceipt, landing: Landing
) -> FormReceipt:
    """Records what was shown, all or none. Raises MonitorError where the record has changed
    since."""
    with writing(engine) as connection:
        receipt, facts = _receipt(connection, incoming, landing)
        if receipt != shown_before:
            raise MonitorError(
                f"{incoming.name} 没有登记：显示差异以后，记录又有变化。", "请重新导入。"
            )
        if receipt.changes:
            archive(landing.folder, incoming)
            _record(connection, receipt, facts, landing.rules)
            return replace(receipt, blank=_waiting(connection, receipt, landing.rules))
    return receipt


def _waiting(connection: Connection, receipt: FormReceipt, rules: FormRules) -> int:
    """How many cells are to be filled now: what has landed may ask for more, as a reason."""
    round_ = receipt.round
    facts = gather(
        connection, rules, year=round_.year, as_of=round_.as_of, unit_code=round_.unit_code
    )
    return book(facts, rules, period=round_.period).waiting


def _receipt(
    connection: Connection, incoming: Incoming, landing: Landing
) -> tuple[FormReceipt, Sequence[ProjectFacts]]:
    returned = read_form(incoming.data, incoming.name)
    round_ = returned.round
    _expected(round_, incoming.name, landing)
    if entries.has_come(connection, incoming.sha256):
        return FormReceipt(incoming.name, True, round_), ()
    _not_signed(connection, round_, incoming.name)
    facts = _facts(connection, returned, incoming.name, landing.rules)
    now = book(facts, landing.rules, period=round_.period)
    author = landing.author.strip() or returned.author or incoming.actor
    in_force = {
        **{("", key): entry for key, entry in facts[0].unit_entries.items()},
        **{(f.project.project_code, key): e for f in facts for key, e in f.entries.items()},
    }
    holding = Holding(returned, now, in_force, incoming, author, landing.folder)
    holding.hold()
    wrong = (*returned.wrong, *holding.wrong)
    if wrong:
        problem = f"{incoming.name} 没有导入，任何内容都没有登记。"
        raise InputError(problem, "请按以下各条改正后重新交回。", None, wrong)
    notes = (*returned.notes, *holding.notes)
    compared = tuple(holding.compared)
    return FormReceipt(incoming.name, False, round_, compared, notes, _blank(now, compared)), facts


def _expected(round_: Round, file: str, landing: Landing) -> None:
    """Refuses the form of another year or unit than the caller says it is."""
    wanted = f"{landing.year or round_.year} 年度单位 {landing.unit_code or round_.unit_code}"
    if f"{round_.year} 年度单位 {round_.unit_code}" != wanted:
        raise kinds.OF_ANOTHER.refusal(file, what=round_.words, wanted=f"{wanted}的填报表")


def _not_signed(connection: Connection, round_: Round, file: str) -> None:
    signed = finalizations.of(connection, round_.year, round_.unit_code)
    if signed is not None:
        raise kinds.FINALIZED.refusal(
            file,
            year=round_.year,
            unit=round_.unit_code,
            day=day_name(signed.recorded_at.astimezone(CHINA).date()),
            digest=short_seal(signed.digest),
        )


def _facts(
    connection: Connection, returned: Returned, file: str, rules: FormRules
) -> list[ProjectFacts]:
    round_ = returned.round
    try:
        return gather(
            connection, rules, year=round_.year, as_of=round_.as_of, unit_code=round_.unit_code
        )
    except NotFound:
        raise kinds.UNKNOWN_UNIT.refusal(file, what=round_.words) from None


def _blank(now: Book, compared: Sequence[Compared]) -> int:
    """How many cells that must be filled are empty once this has landed."""
    after = {(each.project_code, each.key): each.value for each in compared}
    return sum(
        slot.is_open and slot.needed and not after.get((line.project_code, slot.key), slot.value)
        for line in now.lines
        for slot in line.slots.values()
    )


def _record(
    connection: Connection,
    receipt: FormReceipt,
    facts: Sequence[ProjectFacts],
    rules: FormRules,
) -> None:
    round_ = receipt.round
    by_project: dict[str, list[Entry]] = {}
    for each in receipt.changes:
        by_project.setdefault(each.project_code, []).append(each.entry)
    of = {each.project.project_code: each for each in facts}
    for code, changed in by_project.items():
        known = changed
        if code and not round_.period:
            known = _held(of[code], rules, [x for x in receipt.changes if x.project_code == code])
        entries.record(
            connection,
            year=round_.year,
            unit_code=round_.unit_code,
            project_code=code,
            entries=known,
        )
        if round_.form is Form.MONITORING and code:
            scoring = rules.scoring.of(round_.year, round_.unit_code)
            record_results(
                connection,
                of[code],
                known,
                round_.period,
                scoring=scoring,
                sure_bp=rules.sure_bp,
            )


def _held(facts: ProjectFacts, rules: FormRules, changes: Sequence[Compared]) -> list[Entry]:
    """The entries with what the program holds against them: of now, where nothing has changed
    since the workbook went out or where it follows from what people wrote; else of then."""
    changed = [each.entry for each in changes]
    held = held_with(facts, rules, changed)
    answered = {key.item for key in facts.entries if key.field is Field.ACTUAL}
    answered |= {each.key.item for each in changed if each.key.field is Field.ACTUAL}
    return [
        each.entry
        if each.is_outdated and not (each.key.field in _DERIVED and each.key.item in answered)
        else replace(each.entry, shown=held.get(each.key, each.entry.shown))
        for each in changes
    ]
