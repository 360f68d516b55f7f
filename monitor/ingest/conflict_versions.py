"""The versions of a payment document that lists hold against each other, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.codes import normalise_code
from monitor.domain.landing import same_content
from monitor.domain.payment import Content
from monitor.errors import NotFound, UsageError
from monitor.store import conflicts


@dataclass(frozen=True, slots=True)
class Version:
    """What lists hold against the recorded lines of a document: rows of one or more lists."""

    rows: tuple[Row[Any], ...]
    lists: tuple[tuple[Row[Any], ...], ...]

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.file for rows in self.lists for row in rows))

    @property
    def amount_fen(self) -> int:
        return sum(row.amount_fen for row in self.rows)


def content_of(row: Row[Any]) -> Content:
    """What a recorded row is compared by; `row` has its wording's codes."""
    return Content(
        row.pay_date.isoformat(),
        str(row.amount_fen),
        row.status,
        row.project_code,
        row.unit_code,
    )


def same_version(one: Sequence[Content], other: Sequence[Content]) -> bool:
    """Whether two lists of lines say the same, in whatever order."""
    left = list(other)
    for content in one:
        same = next((each for each in left if same_content(content, each)), None)
        if same is None:
            return False
        left.remove(same)
    return not left


def open_rows(connection: Connection, label: str, year: int | None) -> tuple[str, list[Row[Any]]]:
    """The number that is meant, and the rows about it that wait. Raises NotFound, UsageError."""
    for number in _names(label):
        rows = conflicts.open_of(connection, number, year=year)
        if rows:
            _one_year(rows, label)
            return number, rows
        if conflicts.decided_of(connection, number, year=year):
            raise UsageError(
                f"编号 {number} 的冲突已经裁定。", "要改裁定，先用 --undo 撤销，再重新裁定。"
            )
    raise NotFound(f"编号 {label} 没有待裁定的冲突。", "用 monitor payments conflicts 查看。")


def decided_rows(
    connection: Connection, label: str, year: int | None
) -> tuple[str, list[Row[Any]]]:
    """The number that is meant, and the decisions about it. Raises NotFound, UsageError."""
    for number in _names(label):
        rows = conflicts.decided_of(connection, number, year=year)
        if rows:
            _one_year(rows, label)
            return number, rows
    raise NotFound(f"编号 {label} 没有裁定可撤销。", "用 monitor payments conflicts 查看。")


def _names(label: str) -> list[str]:
    """The number itself, or that before `/2`: a decision is about the whole document."""
    plain = normalise_code(label)
    number, _, place = plain.rpartition("/")
    return [plain, number] if number and place.isascii() and place.isdigit() else [plain]


def _one_year(rows: Sequence[Row[Any]], label: str) -> None:
    years = sorted({row.year for row in rows})
    if len(years) > 1:
        listed = "、".join(map(str, years))
        raise UsageError(f"编号 {label} 在 {listed} 年都有。", "请用 --year 写明年度。")


def versions(rows: Sequence[Row[Any]]) -> list[Version]:
    """Lists that say the same are one version."""
    by_import: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_import[row.import_id].append(row)
    found: list[list[tuple[Row[Any], ...]]] = []
    for listed in by_import.values():
        contents = list(map(content_of, listed))
        same = (v for v in found if same_version(list(map(content_of, v[0])), contents))
        version = next(same, None)
        if version is None:
            found.append(version := [])
        version.append(tuple(listed))
    return [Version(each[0], tuple(each)) for each in found]


def chosen_of(versions: Sequence[Version], version: int | None, number: str) -> Version:
    """The version that is meant, counted from 1. Raises UsageError where that is not clear."""
    if version is None and len(versions) == 1:
        return versions[0]
    if version is None or not 1 <= version <= len(versions):
        listed = "；".join(
            f"第 {place} 种：{'、'.join(each.files)}" for place, each in enumerate(versions, 1)
        )
        raise UsageError(
            f"编号 {number} 后来的内容有 {len(versions)} 种：{listed}。",
            "请用 --version 写明取哪一种。",
        )
    return versions[version - 1]
