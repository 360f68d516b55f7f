"""`monitor payments profile`: what is recognised in a list, and a profile to correct it by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import verbose_option, workspace_option
from monitor.cli.output import Column, as_table, money, say, tell, write

if TYPE_CHECKING:
    from monitor.ingest.list_profile import ColumnSeen, ListProfile, Sample

_COLUMNS = (
    Column("place", "列", right=True),
    Column("name", "列名"),
    Column("meaning", "含义"),
    Column("example", "例"),
)
_SAMPLES = (
    Column("line", "行", right=True),
    Column("number", "编号"),
    Column("pay_date", "支付日期", str),
    Column("unit", "单位"),
    Column("project", "项目"),
    money("amount_fen", "金额"),
    Column("status", "状态"),
    Column("payee", "收款人"),
    Column("purpose", "用途"),
    Column("faults", "不能读入的原因"),
)
_LONGEST_EXAMPLE = 30


@click.command("profile", cls=Command)
@click.argument(
    "file",
    metavar="文件",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--profile", "named", metavar="名称", help="先套用已保存的清单方案。")
@click.option("--save", metavar="名称", help="把认出的结果写成清单方案，供改正和以后套用。")
@verbose_option
@workspace_option
@click.pass_context
def profile(
    ctx: click.Context, file: Path, named: str | None, save: str | None, verbose: bool
) -> None:
    """查看一份支付明细能认出什么，不导入。

    显示文件形式、编码、表头、各列含义、金额单位、前五行的读法和缺少的列。
    列名认不全的，用 --save 写出方案，改正后用 --profile 套用。
    """
    from monitor import config
    from monitor.ingest.list_profile import profile_list
    from monitor.ingest.saved_profile import load_profile, with_profile

    settings = config.load(config.find(ctx.find_root().obj))
    columns = settings.columns
    if named is not None:
        columns = with_profile(columns, load_profile(settings.folder, named))
    found = profile_list(file.read_bytes(), file.name, columns)
    _show(found, file.name, verbose=verbose)
    if save is not None:
        _save(found, file.name, settings.folder, save)
    elif found.missing:
        say("用 --save 名称 写出清单方案，在其中补上列的含义，再用 --profile 名称 核对。")


def _show(found: ListProfile, file: str, *, verbose: bool) -> None:
    for text in (f"{file}：{found.opened.form}", *_form(found)):
        write(f"{text}\n", None)
    write(as_table([_column(each) for each in found.columns], _COLUMNS), None)
    if found.samples:
        write(f"前 {len(found.samples)} 行这样读：\n", None)
        shown = [_sample(each) for each in found.samples]
        faulty = any(each.faults for each in found.samples)
        write(as_table(shown, _SAMPLES if faulty else _SAMPLES[:-1]), None)
    tell(found.diagnostics, verbose=verbose)
    if found.missing:
        write(f"还不能导入，缺少：{'、'.join(found.missing)}。\n", None)
    elif not found.units:
        write("还不能导入，原因见上。\n", None)


def _form(found: ListProfile) -> list[str]:
    """What the list is, a line for each thing; also the comments of a saved profile."""
    opened = found.opened
    first, last = found.lines[0], found.lines[-1]
    where = f"第 {first} 行" if first == last else f"第 {first} 至 {last} 行（两行表头）"
    others = f"（另有：{'、'.join(opened.other_sheets)}）" if opened.other_sheets else ""
    return [
        *([f"编码：{opened.encoding}", f"分隔符：{opened.delimiter}"] if opened.encoding else []),
        *([f"工作表：{opened.sheet}{others}"] if opened.sheet else []),
        f"最像表头的一行：{where}" if found.missing else f"表头：{where}",
        *([f"金额单位：{'、'.join(found.units)}"] if found.units else []),
        f"标题或文件名所说的月份：{'、'.join(found.months) or '没有写，将按支付日期'}",
    ]


def _column(column: ColumnSeen) -> dict[str, Any]:
    if column.meaning is None:
        meaning = "（不认识，原样保留）"
    else:
        meaning = column.meaning.label + ("" if column.taken else "（未取）")
    example = " ".join(column.example.split())
    cut = example[:_LONGEST_EXAMPLE]
    return {
        "place": column.index + 1,
        "name": column.name,
        "meaning": meaning,
        "example": cut if cut == example else f"{cut}…",
    }


def _sample(sample: Sample) -> dict[str, Any]:
    row: dict[str, Any] = {"line": sample.line, "faults": ""}
    if sample.payment is None:
        return row | {"faults": "".join(dict.fromkeys(each.meaning for each in sample.faults))}
    payment = sample.payment
    return row | {
        "number": payment.application or payment.voucher,
        "pay_date": payment.pay_date,
        "unit": f"{payment.unit_code} {payment.unit_name}".strip(),
        "project": f"{payment.project_code} {payment.project_name}".strip(),
        "amount_fen": payment.amount_fen,
        "status": payment.status.label,
        "payee": payment.payee,
        "purpose": payment.purpose,
    }


def _save(found: ListProfile, file: str, folder: Path, name: str) -> None:
    from monitor.errors import UsageError
    from monitor.files import write_whole
    from monitor.ingest.saved_profile import profile_path, profile_text

    path = profile_path(folder, name)
    if path.exists():
        raise UsageError(f"已有清单方案“{name}”，没有改动。", f"请换一个名称，或先删去 {path}。")
    seen = [(each.name, each.meaning if each.taken else None) for each in found.columns]
    text = profile_text(name, file, seen, _form(found))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    say(f"已写入清单方案 {path}。请打开核对，补上不认识的列的含义，再用 --profile {name} 核对。")
