"""What a document's projects change in what is recorded: new ones, revisions, what vanished."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from monitor.domain.budget import BudgetHistory
from monitor.domain.calendar import day_name
from monitor.domain.money import yuan
from monitor.domain.revision import Change, changes
from monitor.domain.target import Project, TargetDocument
from monitor.store import adjustments, documents, projects, retirements
from monitor.store.projects import Stored


@dataclass(frozen=True, slots=True)
class Revised:
    """A project that was recorded before and reads otherwise now.

    `effective` is the day from which a 调整 holds, None for a 勘误.
    """

    project: Project
    changes: tuple[Change, ...]
    effective: date | None = None


@dataclass(slots=True)
class Outcome:
    """What became of a document's projects; the rest of them is recorded the same already."""

    new: int = 0
    revised: list[Revised] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Act:
    """By which import, when and by whom; with a day and a 文号 where revisions are a 调整."""

    import_id: int
    at: datetime
    actor: str
    effective: date | None = None
    document_number: str = ""


def revise(connection: Connection, document: TargetDocument, act: Act) -> Outcome:
    """Adds new projects and revisions; what is recorded the same already stays untouched."""
    recorded = projects.all_in_force(connection, document.year)
    histories = adjustments.histories(connection, document.year)
    outcome = Outcome()
    for project in document.projects:
        known = recorded.get(project.project_code, [])
        history = histories[known[0].id] if known else BudgetHistory(document.year, ())
        _land(connection, project, known, history, act, outcome)
    outcome.notes += _shortfalls(connection, document.year, outcome.revised)
    outcome.notes += _still_retired(connection, document)
    return outcome


def _land(
    connection: Connection,
    project: Project,
    known: list[Stored],
    history: BudgetHistory,
    act: Act,
    outcome: Outcome,
) -> None:
    since, number = act.effective, act.document_number
    if since is None and known and known[0].import_id is None:
        since, number = _came_by(connection, known[0])
    before = _before(known, since or history.first_day)
    differences = changes(before.project, project) if before else []
    if before and not differences and _states_the_same(project, history, since):
        return
    projects.record(
        connection,
        project,
        replacing=before,
        import_id=act.import_id,
        at=act.at,
        actor=act.actor,
        effective=since,
        document_number=number,
    )
    if before is None:
        outcome.new += 1
        return
    outcome.revised.append(Revised(project, tuple(differences), since))
    outcome.notes += _notes(project, known, history, since, automatic=since != act.effective)


def _came_by(connection: Connection, first: Stored) -> tuple[date | None, str]:
    """A project entered without a document: its document holds from the day of the first 追加."""
    return adjustments.first_addition(connection, first.id), first.document_number


def _before(known: list[Stored], since: date) -> Stored | None:
    """What was in force on the day; where all that is recorded came later, the first of it."""
    earlier = [each for each in known if each.effective <= since]
    return earlier[-1] if earlier else next(iter(known), None)


def _states_the_same(project: Project, history: BudgetHistory, since: date | None) -> bool:
    """Whether a 调整 with nothing else new states the budget that is in force on its day."""
    return since is None or history.at(since) == project.budget_fen


def _notes(
    project: Project,
    known: list[Stored],
    history: BudgetHistory,
    since: date | None,
    *,
    automatic: bool,
) -> Iterator[str]:
    head = f"{project.project_code} {project.project_name}："
    later = [each for each in known if each.effective > (since or history.first_day)]
    if later:
        until = day_name(later[0].effective)
        yield f"{head}另有自{until}起有效的调整（{later[0].document_number}），本次修订只管到此前。"
    if since is None:
        return
    if automatic:
        yield (
            f"{head}是年中追加的项目，本文本按调整登记，自{day_name(since)}（首次追加）起有效，"
            "年初预算数仍为 0。"
        )
    reckoned, stated = history.at(since), project.budget_fen
    adjusted = any(line.effective <= since for line in history.lines)
    if adjusted and reckoned is not None and stated is not None and reckoned != stated:
        yield (
            f"{head}文本的预算数 {yuan(stated)} 元与已登记的调整算得的 {yuan(reckoned)} 元不一致，"
            f"自{day_name(since)}起以文本为准，请核对。"
        )


def _shortfalls(connection: Connection, year: int, revised: Iterable[Revised]) -> Iterator[str]:
    """Adjustments that take away more than the new budget has."""
    named = {each.project.project_code: each.project for each in revised}
    ids = {projects.find(connection, year, code): project for code, project in named.items()}
    found = adjustments.histories(connection, year, {key for key in ids if key is not None})
    for project_id, history in found.items():
        short = history.first_shortfall(history.first_day)
        if short:
            project = ids[project_id]
            yield (
                f"{project.project_code} {project.project_name}：按已登记的调整，"
                f"{day_name(short[0])}的预算数为 {yuan(short[1])} 元，成了负数，请核对调整。"
            )


def _still_retired(connection: Connection, document: TargetDocument) -> Iterator[str]:
    brought = {project.project_code for project in document.projects}
    for row in retirements.in_force(connection, year=document.year):
        if row.project_code in brought:
            yield (
                f"{row.project_code} {row.project_name}：该项目已退出（原因：{row.reason}），"
                f"仍保持退出；要恢复，请用 monitor targets retire {row.project_code} --undo。"
            )


def vanished(
    connection: Connection, document: TargetDocument, codes: Collection[str], import_id: int
) -> tuple[Project, ...]:
    """Projects of the document's units that an earlier document had beside some of these."""
    here = {*codes, *(project.project_code for project in document.projects)}
    units = {project.unit_code for project in document.projects}
    expected: set[str] = set()
    for earlier, brought in documents.brought(connection, document.year).items():
        if earlier != import_id and brought & here:
            expected |= brought
    return tuple(
        stored.project
        for stored in projects.load(connection, year=document.year)
        if stored.project.unit_code in units and stored.project.project_code in expected - here
    )
