"""What became of an imported file, in Chinese lines: for the terminal, the inbox and its mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitor.domain.money import yuan
from monitor.errors import Diagnostic, Severity
from monitor.ingest.payment_receipt import OUTCOMES, PaymentReceipt
from monitor.reports.explaining.explanation import METHODS

if TYPE_CHECKING:
    from monitor.ingest.import_targets import TargetReceipt
    from monitor.ingest.payment_files import ListFile

SHOWN_REJECTIONS = 20
_PASSED_OVER = {
    "title": "标题",
    "header": "表头",
    "total": "合计",
    "blank": "空行",
    "remark": "表外说明",
}


def worth_telling(found: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """All warnings, and of rejected rows not more than anybody reads."""
    errors = [each for each in found if each.severity is Severity.ERROR]
    left = set(map(id, errors[:SHOWN_REJECTIONS]))
    return [each for each in found if each.severity is not Severity.ERROR or id(each) in left]


def payment_lines(receipt: PaymentReceipt, listed: ListFile) -> Iterator[str]:
    """What became of a list: all its lines, and the money of those with a readable amount."""
    if receipt.known:
        yield f"{listed.shown}：以前已导入过，没有改动。当时的结果："
    covered = "、".join(receipt.months) or "（没有月份）"
    units = "、".join(f"{code} {name}".strip() for code, name in receipt.units.items())
    only = f"，只含 {units}" if units else ""
    yield f"{listed.shown}：覆盖 {covered}{only}，{receipt.rows} 行"
    if listed.left_out:
        yield f"  没有清单的工作表：{'、'.join(listed.left_out)}"
    for outcome, label in OUTCOMES.items():
        if outcome in receipt.outcomes:
            rows, fen = receipt.outcomes[outcome]
            readable = "其中能读出的金额 " if outcome.startswith("rejected") else ""
            extra = _by_method(receipt.methods) if outcome == "counted" else ""
            yield f"  {label}：{rows} 行，{readable}{yuan(fen)} 元{extra}"
    yield from _others(receipt)
    if receipt.mended:
        yield f"  其中 {receipt.mended} 行是以前拒收、现已改正的。"
    if "unmatched" in receipt.outcomes:
        yield "  待匹配的行用 monitor payments unmatched 查看。"
    if "rejected" in receipt.outcomes:
        rows = receipt.outcomes["rejected"][0]
        more = f"（上面只列了前 {SHOWN_REJECTIONS} 行）" if rows > SHOWN_REJECTIONS else ""
        yield (
            f"  拒收的行{more}用 monitor payments rejected --out 拒收.csv 写出，"
            "改正后把该文件再导入。"
        )


def _others(receipt: PaymentReceipt) -> Iterator[str]:
    """The lines that are no payments, and the sum."""
    kinds = dict(receipt.passed_over)
    kinds["header"] = kinds.get("header", 0) + receipt.header_lines
    others = [f"{label} {kinds[kind]}" for kind, label in _PASSED_OVER.items() if kinds.get(kind)]
    yield f"  不是支付的行：{sum(kinds.values())} 行（{'、'.join(others)}）"
    yield f"  合计 {receipt.lines} 行"


def _by_method(methods: dict[str, int]) -> str:
    """What was matched otherwise than by its code."""
    others = [f"{METHODS[each]} {rows} 行" for each, rows in methods.items() if each != "code"]
    return f"（其中按{'、'.join(others)}）" if others else ""


def target_lines(receipt: TargetReceipt) -> Iterator[str]:
    """What became of a target document: its projects, and what changed."""
    document = receipt.document
    source = document.year_source.partition("（")[0]
    head = f"{receipt.file}：{document.year} 年（{source}）"
    if receipt.known:
        yield f"{head}，以前已导入过，没有改动。"
        return
    total = sum(project.budget_fen or 0 for project in document.projects)
    measures = sum(len(project.indicators) for project in document.projects)
    yield (
        f"{head}，{len(document.projects)} 个项目、{measures} 条指标，预算合计 {yuan(total)} 元："
        f"新增 {receipt.new}，修订 {len(receipt.revised)}，不变 {receipt.same}。"
    )
    yield from _changes(receipt)
    if receipt.matched:
        yield f"  以前待匹配的 {receipt.matched} 笔支付，现已匹配到这些项目。"
    for note in receipt.notes:
        yield f"  {note}"
    if receipt.dry_run:
        yield "  试运行，没有写入。"


def _changes(receipt: TargetReceipt) -> Iterator[str]:
    since = f"（调整，自 {receipt.effective} 起）" if receipt.effective else ""
    for revised in receipt.revised:
        project = revised.project
        yield f"  修订{since} {project.project_code} {project.project_name}："
        for change in revised.changes:
            yield f"    {change.field}：{change.old} → {change.new}"
    for gone in receipt.vanished:
        yield (
            f"  这份文本里没有 {gone.project_code} {gone.project_name}，以前的文本里有；"
            "记录保留。确已取消的，用 monitor targets retire 撤下。"
        )
