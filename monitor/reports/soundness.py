"""What `monitor doctor` finds: each check with what is broken, in Chinese."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from monitor.domain.money import yuan
from monitor.ingest.payment_kinds import IN_TRANSIT_UNDATED
from monitor.store import conflicts, projects, rejections, soundness, sums
from monitor.store.tables import imports

_TOLD = 20  # findings of one check that are named one by one
_STEP = 2**20
_SUMS = {sums.Sum.PAID: "", sums.Sum.IN_TRANSIT: "在途"}


class Finding(NamedTuple):
    """One check and what it says: `state` is ok, broken or note."""

    check: str
    state: str
    text: str

    @property
    def is_broken(self) -> bool:
        return self.state == "broken"


def examine(connection: Connection, archive: Path) -> Iterator[Finding]:
    """Proves the database and the archive, check by check; changes nothing."""
    faults = soundness.file_faults(connection)
    yield from _told("数据库文件", "完整", faults)
    if faults:
        return  # what else it says cannot be relied on
    lost = soundness.lost_references(connection)
    yield from _told("引用", "都有着落", (f"{a} 有 {n} 行指向不存在的 {b}" for a, b, n in lost))
    stale = projects.with_other_revision(connection)
    yield from _told("项目", "指向最近的目标文本", map(_stale, stale))
    if not lost:
        yield from _told(
            "月度合计", "与支付明细一致", map(_difference, sums.differences(connection))
        )
    yield from _told("导入回执", "逐行对得上", map(_receipt, soundness.open_receipts(connection)))
    altered = soundness.altered_wordings(connection)
    yield from _told("写法", "与记录时一致", (f"写法 {id_} 的内容被改动过" for id_ in altered))
    texts = soundness.lost_texts(connection)
    yield from _told("各行原文", "都能读出", (f"支付 {id_}：{wrong}" for id_, wrong in texts))
    yield from _told("支付", "年度、项目和匹配记录一致", _payments(connection))
    yield from _told("原始文件", "都在，校验和一致", _archived(connection, archive))


def _payments(connection: Connection) -> Iterator[str]:
    for row in soundness.odd_payments(connection):
        yield f"{_row(row)}：年度、项目或匹配方式自相矛盾"
    for row in soundness.unlogged_matches(connection):
        yield f"{_row(row)}：现在的项目与最后一次匹配记录不同"


def _told(check: str, well: str, broken: Iterable[str]) -> Iterator[Finding]:
    found = list(broken)
    if not found:
        yield Finding(check, "ok", well)
    for text in found[:_TOLD]:
        yield Finding(check, "broken", text)
    if len(found) > _TOLD:
        yield Finding(check, "broken", f"……共 {len(found)} 处，只列出前 {_TOLD} 处")


def _difference(each: sums.Difference) -> str:
    (kept, kept_lines), (derived, lines) = each.kept, each.derived
    what = f"{each.year} 年 {each.project_code} {each.month}月{_SUMS[each.which]}"
    return (
        f"{what}：合计表为 {yuan(kept)} 元 "
        f"{kept_lines} 行，支付明细为 {yuan(derived)} 元 {lines} 行"
    )


def _stale(row: Row[Any]) -> str:
    return f"{row.year} 年 {row.project_code}：所指的不是有效的最近一份目标文本"


def _receipt(each: soundness.OpenReceipt) -> str:
    return (
        f"第 {each.import_id} 号导入 {each.file}：清单 {each.rows} 行，"
        f"回执各项合计 {each.told} 行，数据库里有 {each.kept} 行"
    )


def _row(row: Row[Any]) -> str:
    return f"第 {row.import_id} 号导入第 {row.line} 行（编号 {row.number}）"


def _archived(connection: Connection, archive: Path) -> Iterator[str]:
    """Imports whose file the archive does not hold byte by byte; each file is read once."""
    query = select(imports.c.sha256, imports.c.size, imports.c.file, imports.c.id)
    seen: set[str] = set()
    for sha256, size, file, import_id in connection.execute(query.order_by(imports.c.id)):
        if sha256 in seen:
            continue
        seen.add(sha256)
        wrong = _wrong_with(archive / sha256, sha256, size)
        if wrong:
            yield f"第 {import_id} 号导入 {file}：archive/{sha256[:12]}… {wrong}"


def _wrong_with(path: Path, sha256: str, size: int) -> str:
    if not path.is_file():
        return "不见了"
    if path.stat().st_size != size:
        return f"大小是 {path.stat().st_size} 字节，应为 {size} 字节"
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while step := file.read(_STEP):
            digest.update(step)
    return "" if digest.hexdigest() == sha256 else "内容与校验和不符"


def awaiting(connection: Connection) -> Iterator[Finding]:
    """What waits for a person; nothing is broken by it."""
    waiting = soundness.count_unmatched(connection)
    if waiting:
        yield Finding("待匹配", "note", f"{waiting} 行支付还没有匹配到项目")
    if rejected := len(rejections.load(connection, without={IN_TRANSIT_UNDATED.id})):
        yield Finding("拒收", "note", f"{rejected} 行还没有改正后导入")
    unsettled = sum(1 for row in conflicts.load(connection) if row.resolution_id is None)
    if unsettled:
        yield Finding("待裁定", "note", f"{unsettled} 行的编号已用于不同内容的支付")
