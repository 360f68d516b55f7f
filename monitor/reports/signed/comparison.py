"""What has changed since a unit's year was signed: figure by figure, payment by payment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.money import yuan
from monitor.domain.payment import Status
from monitor.errors import NotFound
from monitor.reports.assessment.draft import Draft
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.gathering import project_facts
from monitor.reports.signed.finalizing import Drafting, not_signed
from monitor.reports.signed.frozen import Signed, signed
from monitor.reports.signed.open_places import named_cells
from monitor.reports.unit.summary_facts import ProjectLine, project_line
from monitor.store.counted import Counted, by_number, counted


class Kind(StrEnum):
    """What kind of thing differs from what was signed."""

    SEAL = "seal"  # what is stored is not what was sealed
    PROJECT = "project"  # a project that came or went
    FIGURE = "figure"  # a cell of the form, or a sum in fen
    PAYMENT_ADDED = "payment-added"
    PAYMENT_GONE = "payment-gone"
    PAYMENT_MOVED = "payment-moved"  # to another project
    PAYMENT_CHANGED = "payment-changed"  # its amount or day
    ALTERED = "document-altered"
    MISSING = "document-missing"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.SEAL: "校验码",
    Kind.PROJECT: "项目",
    Kind.FIGURE: "表内数字文字",
    Kind.PAYMENT_ADDED: "支付新增",
    Kind.PAYMENT_GONE: "支付减少",
    Kind.PAYMENT_MOVED: "支付改项目",
    Kind.PAYMENT_CHANGED: "支付有改动",
    Kind.ALTERED: "文件有改动",
    Kind.MISSING: "文件缺失",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was signed; texts in Chinese, None for what does not apply.

    `frozen` and `now` are how it was and is; of a payment its number, day, fen, and the file and
    line where it stands (of one that is gone: where it stood).
    """

    unit_code: str
    project_code: str | None
    project_name: str | None
    kind: Kind
    what: str
    frozen: str | None = None
    now: str | None = None
    number: str | None = None
    pay_date: date | None = None
    amount_fen: int | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class _Now:
    """A project as its form would be drafted today from the record, up to the signed day."""

    draft: Draft
    line: ProjectLine
    payments: tuple[Counted, ...]


def compare(
    connection: Connection, drafting: Drafting, *, year: int, unit_code: str | None
) -> tuple[list[Signed], list[Difference]]:
    """The finalizations in force, and all that differs from them. Raises NotFound for none."""
    units = signed(connection, year, unit_code)
    if not units:
        raise not_signed(year, unit_code)
    found: list[Difference] = []
    for unit in units:
        found += _of_unit(connection, drafting, unit)
    return units, found


def _of_unit(connection: Connection, drafting: Drafting, unit: Signed) -> Iterator[Difference]:
    if not unit.is_intact:
        what = "定稿记录与其校验码不符，可能被改动过"
        yield Difference(unit.unit_code, None, None, Kind.SEAL, what)
    now = _now(connection, drafting, unit)
    for code in sorted({*unit.frozen.projects, *now}):
        before, after = unit.frozen.projects.get(code), now.get(code)
        if before is None or after is None:
            yield _came_or_went(unit, code, now)
            continue
        name = before.line.project_name
        for what, (frozen, today) in _figures(before, after).items():
            if frozen != today:
                yield Difference(unit.unit_code, code, name, Kind.FIGURE, what, frozen, today)
    yield from _payments(connection, unit, now)


def _came_or_went(unit: Signed, code: str, now: Mapping[str, _Now]) -> Difference:
    after = now.get(code)
    if after is not None:
        name = after.line.project_name
        return Difference(unit.unit_code, code, name, Kind.PROJECT, "项目", None, "定稿以后新增")
    name = unit.frozen.projects[code].line.project_name
    gone = "本单位已没有这个项目"
    return Difference(unit.unit_code, code, name, Kind.PROJECT, "项目", "有", gone)


def _now(connection: Connection, drafting: Drafting, unit: Signed) -> dict[str, _Now]:
    frozen = unit.frozen
    facts: Sequence[ProjectFacts] = ()
    with suppress(NotFound):
        facts = project_facts(
            connection,
            year=frozen.year,
            as_of=frozen.as_of,
            limits=drafting.limits,
            unit_code=frozen.unit_code,
            words=drafting.words,
            advice=drafting.advice,
        )
    rules = drafting.scoring.of(frozen.year, frozen.unit_code)
    codes = {*frozen.projects, *(each.project.project_code for each in facts)}
    paid = counted(connection, year=frozen.year, as_of=frozen.as_of, codes=codes)
    found = {}
    for each in facts:
        code, form = each.project.project_code, draft(each, rules)
        found[code] = _Now(form, project_line(each, form, rules), paid.get(code, ()))
    return found


def _figures(before: Any, after: _Now) -> dict[str, tuple[str | None, str | None]]:
    """By name, every sum and every cell as signed and as it would be today."""
    figures: dict[str, tuple[str | None, str | None]] = {
        f"{head}（元）": (_yuan(getattr(before.line, key)), _yuan(getattr(after.line, key)))
        for key, head in _SUMS.items()
    }
    were, are = (dict(_cells(each.draft)) for each in (before, after))
    for name in dict.fromkeys((*were, *are)):
        if name not in _IN_YUAN:  # told to the fen above
            figures[name] = (were.get(name), are.get(name))
    return figures


_SUMS = {
    "initial_fen": "年初预算数",
    "budget_fen": "全年预算数",
    "paid_fen": "全年执行数",
}
_IN_YUAN = {f"年度资金总额{head}" for head in _SUMS.values()}


def _cells(form: Draft) -> Iterator[tuple[str, str]]:
    """Each cell by its name; rows of the same name are counted."""
    seen: dict[str, int] = {}
    for name, cell in named_cells(form):
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}（{seen[name]}）", cell.text


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)


def _payments(
    connection: Connection, unit: Signed, now: Mapping[str, _Now]
) -> Iterator[Difference]:
    were = _by_number((code, each.payments) for code, each in unit.frozen.projects.items())
    are = _by_number((code, each.payments) for code, each in now.items())
    lost = [number for number in were if number not in are]
    rows = dict(by_number(connection, unit.frozen.year, lost))
    last = {**were, **are}
    for number in sorted(last, key=lambda each: (last[each][0], each)):
        before, after = were.get(number), are.get(number)
        if before is None:
            code, paid = are[number]
            yield _difference(unit, now, code, Kind.PAYMENT_ADDED, "支付", paid, None, "计入")
        elif after is None:
            code, paid = before
            why = _why(rows.get(number), unit.frozen.as_of)
            moved = why.startswith("项目 ")
            kind = Kind.PAYMENT_MOVED if moved else Kind.PAYMENT_GONE
            was = (f"项目 {code}", why) if moved else ("计入", why)
            yield _difference(unit, now, code, kind, "所属项目" if moved else "支付", paid, *was)
        else:
            yield from _changes(unit, now, before, after)


def _changes(
    unit: Signed, now: Mapping[str, _Now], before: tuple[str, Counted], after: tuple[str, Counted]
) -> Iterator[Difference]:
    (code, was), (to, paid) = before, after
    if code != to:
        moved = (f"项目 {code}", f"项目 {to}")
        yield _difference(unit, now, code, Kind.PAYMENT_MOVED, "所属项目", paid, *moved)
    if was.amount_fen != paid.amount_fen:
        sums = (yuan(was.amount_fen), yuan(paid.amount_fen))
        yield _difference(unit, now, to, Kind.PAYMENT_CHANGED, "金额（元）", paid, *sums)
    if was.pay_date != paid.pay_date:
        days = (was.pay_date.isoformat(), paid.pay_date.isoformat())
        yield _difference(unit, now, to, Kind.PAYMENT_CHANGED, "支付日期", paid, *days)


def _why(row: Row[Any] | None, as_of: date) -> str:
    """Why a payment no longer counts for a project of this unit, or for which one it does."""
    if row is None:
        return "已撤销（导入被撤销或被替换）"
    status = Status(row.status)
    if not status.counts:
        return status.label
    if row.project_code is None:
        return "没有匹配项目"
    if row.pay_date > as_of:
        return f"支付日期改为 {row.pay_date.isoformat()}"
    return f"项目 {row.project_code}"


def _difference(
    unit: Signed,
    now: Mapping[str, _Now],
    code: str,
    kind: Kind,
    what: str,
    paid: Counted,
    frozen: str | None = None,
    today: str | None = None,
) -> Difference:
    known = unit.frozen.projects.get(code) or now[code]
    return Difference(
        unit_code=unit.unit_code,
        project_code=code,
        project_name=known.line.project_name,
        kind=kind,
        what=what,
        frozen=frozen,
        now=today,
        number=paid.number,
        pay_date=paid.pay_date,
        amount_fen=paid.amount_fen,
        file=paid.file,
        line=paid.line,
    )


def _by_number(
    projects: Iterable[tuple[str, tuple[Counted, ...]]],
) -> dict[str, tuple[str, Counted]]:
    return {each.number: (code, each) for code, payments in projects for each in payments}
