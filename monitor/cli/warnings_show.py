"""`monitor warnings show`: one warning with its figures, its history, its answers and its mails."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import format_options, open_app, workspace_option
from monitor.cli.output import write
from monitor.cli.warning_labels import PURPOSES, STATES, STEPS, figure, period_name
from monitor.domain.progress import Grade
from monitor.errors import NotFound, UsageError

Row = Mapping[str, Any]


@click.command("show", cls=Command)
@click.argument("warning_id", metavar="编号", type=click.IntRange(1))
@format_options
@workspace_option
@click.pass_context
def show(ctx: click.Context, warning_id: int, format_: str, out: Path | None) -> None:
    """看一条预警：依据的数字、存疑之处、规则、每一步的经过、答复和邮件。"""
    from monitor.store import acknowledgements, warning_rows

    if format_ == "csv":
        raise UsageError("一条预警不能导出为 CSV。", "请用 --format table 或 json。")
    with open_app(ctx).reading() as connection:
        rows = warning_rows.rows(connection, ids={warning_id})
        if not rows:
            raise NotFound(
                f"没有编号为 {warning_id} 的预警。", "用 monitor warnings list 查看编号。"
            )
        answers = warning_rows.answer_rows(acknowledgements.history(connection, warning_id))
        whole = {**rows[0], "answers": answers}
        whole["mails"] = warning_rows.mails_of(connection, warning_id)
    if format_ == "json":
        text = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    else:
        text = "\n".join(_lines(whole)) + "\n"
    write(text, out)


def _lines(row: Row) -> Iterator[str]:
    yield from _head(row)
    yield "依据的数字："
    yield from (f"  {figure(key, value)}" for key, value in row["figures"].items())
    yield from (f"  {line}" for line in row["details"])
    yield from _doubts(row)
    yield "经过："
    yield from map(_event, row["events"])
    if row["answers"]:
        yield "答复（最后一条有效）："
        yield from map(_answer, row["answers"])
    if row["mails"]:
        yield "邮件："
        yield from map(_mail, row["mails"])


def _head(row: Row) -> Iterator[str]:
    from monitor.alerts.rule_catalogue import WARNING_RULES

    rule = WARNING_RULES[row["rule"]]
    grade, state = Grade(row["severity"]).label, STATES[row["state"]]
    period = f"{row['year']}年{period_name(row['period'])}"
    unit = f"{row['unit_code']} {row['unit_name']}".strip()
    yield f"预警 {row['id']}：{rule.id} {rule.name}，{grade}，{state}"
    yield f"期间：{period}，截至 {row['as_of']}"
    yield f"单位：{unit or '（全部单位）'}"
    if row["project_code"]:
        yield f"项目：{row['project_code']} {row['project_name']}".rstrip()
    yield f"规则：{rule.meaning}"
    if row["quiet"]:
        yield "滞后很小，或年度已经结束：只登记，不发邮件。"


def _doubts(row: Row) -> Iterator[str]:
    from monitor.alerts.doubts import doubt_words
    from monitor.store.warning_query import doubts_of

    doubts = doubts_of([each.values() for each in row["doubts"]])
    if doubts:
        yield "存疑之处："
        yield from (f"  {doubt_words(each)}" for each in doubts)


def _event(event: Row) -> str:
    words = [event["at"][:16].replace("T", " "), STEPS[event["event"]]]
    words.append(Grade(event["severity"]).label)
    if event["as_of"]:
        words.append(f"截至 {event['as_of']}")
    words.append(f"经手 {event['actor']}")
    if event["file"]:
        words.append(f"因导入 {event['import_id']}（{event['file']}）")
    if event["note"]:
        words.append(event["note"])
    return "  " + "，".join(words)


def _answer(answer: Row) -> str:
    words = [answer["at"][:10], f"{answer['author']}：{answer['cause']}", answer["text"]]
    words += [answer["answer"], answer["measure"]]
    if answer["promised"]:
        words.append(f"承诺 {answer['promised']}")
    return "  " + "，".join(word for word in words if word)


def _mail(mail: Row) -> str:
    from monitor.cli.mail import STATES as MAIL_STATES

    when = (mail["sent_at"] or mail["created_at"])[:16].replace("T", " ")
    told = f"{PURPOSES[mail['purpose']]}（{Grade(mail['severity']).label}）"
    return f"  {when}，邮件 {mail['id']}，{mail['to']}，{told}，{MAIL_STATES[mail['state']]}"
