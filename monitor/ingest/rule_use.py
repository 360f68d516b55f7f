"""Use case: the finance office saves a rule by which payments find their project, or drops it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row

from monitor.domain.calendar import china_time
from monitor.domain.codes import normalise_code
from monitor.domain.match_rules import MatchRule, Preview
from monitor.domain.matching import Directory
from monitor.errors import NotFound, UsageError
from monitor.ingest.assigning import IGNORED, Assigner
from monitor.ingest.ignoring import Deciding
from monitor.ingest.importing import directory, match_waiting
from monitor.ingest.match_by_hand import project_of_year
from monitor.ingest.row_texts import texts_of
from monitor.store import match_rules, matches, projects, waiting, wordings
from monitor.store.engine import writing
from monitor.store.matches import Change


class OpenRow(NamedTuple):
    """A payment as rules look at it, with what people know it by."""

    id: int
    number: str
    ordinal: int
    pay_date: date
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    purpose: str
    payee: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RuleReceipt:
    """What saving or dropping a rule did, or (`saved` False) would do.

    `matched` rows found a project by it, `reopened` ones wait again. `kept_out` ones would fit,
    but somebody decided that their whole code is outside monitoring.
    """

    rule: MatchRule
    project_name: str
    preview: Preview[OpenRow]
    saved: bool
    matched: int = 0
    reopened: int = 0
    already: bool = False
    kept_out: int = 0


def add_rule(
    engine: Engine, rule: MatchRule, *, reason: str, by: Deciding, dry_run: bool
) -> RuleReceipt:
    """Saves a rule and matches what waits, or only shows what it would match.

    Raises UsageError for a rule that says too little, NotFound for its project.
    """
    if rule.faults:
        raise UsageError(f"{'；'.join(rule.faults)}。")
    with writing(engine) as connection:
        years = _years(connection, rule)
        project = project_of_year(connection, rule.project_code, years[-1]).project
        preview = _preview(connection, years, rule, by)
        kept_out = _kept_out(connection, years, rule, by)
        same = next((e for e in match_rules.load(connection) if _says_the_same(e, rule)), None)
        if dry_run or same:
            return RuleReceipt(
                same or rule,
                project.project_name,
                preview,
                False,
                already=bool(same),
                kept_out=kept_out,
            )
        number = match_rules.add(connection, _columns(rule, reason), at=by.at, actor=by.actor)
        saved = next(each for each in match_rules.load(connection) if each.id == number)
        reopened = _rematch(connection, years, rule.unit_code, _mark(number), by)
        matched = match_waiting(
            connection,
            years,
            matching=by.matching,
            at=by.at,
            actor=by.actor,
            cause=_mark(number),
        )
    return RuleReceipt(
        saved, project.project_name, preview, True, matched, reopened, kept_out=kept_out
    )


def remove_rule(engine: Engine, number: int, *, by: Deciding) -> tuple[MatchRule, int]:
    """Drops a rule; how many of the rows that it matched wait again. Raises NotFound."""
    with writing(engine) as connection:
        rule = next((each for each in match_rules.load(connection) if each.id == number), None)
        if rule is None:
            raise NotFound(f"没有规则 {number}。", "用 monitor payments rule list 查看。")
        years = _years(connection, rule)
        match_rules.undo(connection, number, at=by.at, by=by.actor)
        cause = f"{_mark(number)} undone"
        reopened = _rematch(connection, years, rule.unit_code, cause, by)
        # what two rules disputed, one of them may match now
        match_waiting(
            connection, years, matching=by.matching, at=by.at, actor=by.actor, cause=cause
        )
    return rule, reopened


def _years(connection: Connection, rule: MatchRule) -> list[int]:
    """The years in which the rule has its project. Raises NotFound where it never has."""
    found = [
        year
        for year in projects.years(connection, normalise_code(rule.project_code))
        if rule.year in (None, year)
    ]
    if not found:
        in_year = f" {rule.year} 年" if rule.year else ""
        raise NotFound(
            f"{in_year}没有项目 {rule.project_code}。".strip(),
            "用 monitor targets list 查看项目编码。",
        )
    return found


def _preview(
    connection: Connection, years: Sequence[int], rule: MatchRule, by: Deciding
) -> Preview[OpenRow]:
    found = [
        directory(connection, year, by.matching).preview(
            rule, map(_open_row, _rows(connection, year, rule.unit_code))
        )
        for year in years
    ]
    return Preview(
        tuple(row for each in found for row in each.taken),
        tuple(row for each in found for row in each.coded),
        tuple(row for each in found for row in each.disputed),
    )


def _kept_out(connection: Connection, years: Sequence[int], rule: MatchRule, by: Deciding) -> int:
    """How many rows the rule would fit, were it not for a decision about their whole code."""
    found = [
        directory(connection, year, by.matching).preview(
            rule, map(_open_row, _waiting(connection, year, rule.unit_code, IGNORED.method))
        )
        for year in years
    ]
    return sum(len(each.taken) + len(each.disputed) for each in found)


def _rows(connection: Connection, year: int, unit: str) -> Iterable[Row[Any]]:
    """What waits or was matched by a rule, of this unit or where the list has no unit's code."""
    # what is outside monitoring is none of the rules'
    yield from _waiting(connection, year, unit, "")
    yield from _by_rules(connection, [year], unit)


def _waiting(connection: Connection, year: int, unit: str, method: str) -> Iterable[Row[Any]]:
    units = (normalise_code(unit), "")
    said = matches.waiting_wordings(connection, year)
    wanted = [wording_id for wording_id, words in said.items() if words[0] in units]
    for row in matches.waiting_rows(connection, year, wanted):
        if row.method == method:
            yield row


def _by_rules(connection: Connection, years: Sequence[int], unit: str) -> list[Row[Any]]:
    units = (normalise_code(unit), "")
    rows = waiting.of_method(connection, "rule", years=years)
    return [row for row in rows if row.unit_code in units]


def _open_row(row: Row[Any]) -> OpenRow:
    texts = texts_of(row)
    return OpenRow(
        row.id, row.number, row.ordinal, row.pay_date, row.unit_code, row.unit_name,
        row.project_code, row.project_name, texts.purpose, texts.payee, row.amount_fen,
    )  # fmt: skip


def _rematch(
    connection: Connection, years: Sequence[int], unit: str, cause: str, by: Deciding
) -> int:
    """Looks again at what rules matched, as an import would; how many wait again."""
    rows = _by_rules(connection, years, unit)
    said = wordings.load(connection, {row.wording_id for row in rows})
    assigner = Assigner(connection, outside=by.outside, matching=by.matching)
    changes = []
    for row in rows:
        texts, wording = texts_of(row), said[row.wording_id]
        found = assigner.of_row(row.year, wording, texts.purpose, texts.payee)
        if found != (row.project_id, row.method):
            changes.append(Change(row.id, *found))
    matches.change(connection, changes, at=by.at, actor=by.actor, cause=cause)
    return sum(each.project_id is None for each in changes)


def _says_the_same(one: MatchRule, other: MatchRule) -> bool:
    return replace(one, id=0) == replace(other, id=0)


def _columns(rule: MatchRule, reason: str) -> dict[str, Any]:
    return {
        "year": rule.year or 0,
        "unit_code": rule.unit_code,
        "purpose": rule.purpose,
        "payee": rule.payee,
        "project_name": rule.project_name,
        "project_code": rule.project_code,
        "reason": reason,
    }


def _mark(number: int) -> str:
    """The cause of what a rule changed."""
    return f"rule {number}"


def rules(connection: Connection) -> list[dict[str, Any]]:
    """The rules in force, as JSON rows; `rows` are the payments that each matches now."""
    books: dict[int, Directory] = {}
    counts: Counter[int] = Counter()
    for row in waiting.of_method(connection, "rule"):
        if row.year not in books:
            books[row.year] = directory(connection, row.year)
        texts = texts_of(row)
        found = books[row.year].match_row(row, texts.purpose, texts.payee)
        counts.update(found.rules if found else ())
    return [
        {
            "id": row.id,
            "unit_code": row.unit_code,
            "purpose": row.purpose,
            "payee": row.payee,
            "project_name": row.project_name,
            "project_code": row.project_code,
            "year": row.year or None,
            "rows": counts[row.id],
            "reason": row.reason,
            "recorded_at": china_time(row.recorded_at),
            "actor": row.actor,
        }
        for row in match_rules.rows(connection)
    ]
