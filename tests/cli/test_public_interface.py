"""What scripts rely on: the keys of the JSON rows and the exit statuses. They stay."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor

Write = Callable[..., Path]

TARGET = """第一部分
部门整体绩效目标
一、总体绩效目标
保障机关运转。
第二部分
预算项目绩效目标
1.某项目绩效目标表
\t434001某办公室本级
\t单位：元

\t项目编码
\t13022925P00JXC4198855
\t项目名称
\t热线服务

\t预算规模及资金用途
\t预算数
\t1000.00
\t其中：财政资金
\t1000.00
\t其他资金
\t

\t
\t热线外包

\t资金支出计划（%）
\t3月底
\t6月底
\t10月底
\t12月底

\t
\t25%
\t
\t75%
\t100%

\t绩效目标
\t1.接听热线

\t一级指标
\t二级指标
\t三级指标
\t绩效指标描述
\t指标值
\t指标值确定依据

\t产出指标
\t数量指标
\t接听率
\t来电接听率
\t≥95%
\t电话记录

"""
HEADER = (
    "支付申请编号,支付凭证号,支付日期,预算单位编码,预算单位名称,"
    "项目编码,项目名称,支付金额,收款人全称,用途,状态\n"
)
CODE = "13022925P00JXC4198855"


def row(number: str, amount: str, *, code: str = CODE, day: str = "2025-03-20") -> str:
    unit = "434001,某办公室本级"
    return f"{number},,{day},{unit},{code},热线服务,{amount},某公司,服务费,已支付\n"


@pytest.fixture
def loaded(monitor: Monitor, write: Write) -> Monitor:
    """One project, 100.00 元 paid of 1,000.00; one row unmatched, one rejected."""
    monitor.ok("targets", "import", write("目标.txt", TARGET))
    lines = row("A1", "100.00") + row("A2", "7.00", code="X") + row("A3", "待核")
    monitor.ok("payments", "import", write("2025-03.csv", HEADER + lines))
    return monitor


def test_rows_of_targets_export(loaded: Monitor) -> None:
    [project] = loaded.json("targets", "export")

    assert project == {
        "year": 2025,
        "unit_code": "434001",
        "unit_name": "某办公室本级",
        "project_code": CODE,
        "project_name": "热线服务",
        "money_unit": "元",
        "budget_fen": 100_000,
        "fiscal_fen": 100_000,
        "other_fen": None,
        "purpose": "热线外包",
        "plan_bp": {"03": 2500, "06": None, "10": 7500, "12": 10_000},
        "goals": ["接听热线"],
        "indicators": [
            {
                "level1": "产出指标",
                "level2": "数量指标",
                "level3": "接听率",
                "description": "来电接听率",
                "target": "≥95%",
                "value": {
                    "kind": "number",
                    "comparison": "≥",
                    "number": "95",
                    "upper": None,
                    "unit": "%",
                    "date": None,
                },
                "basis": "电话记录",
                "weight": None,
            }
        ],
        "source": {"file": "目标.txt", "line": 7},
    }


def test_the_first_part_of_a_document_can_be_asked_for(loaded: Monitor) -> None:
    [document] = loaded.json("targets", "documents")

    assert (document["year"], document["file"]) == (2025, "目标.txt")
    assert (document["overall"], document["safeguards"]) == ("保障机关运转。", "")
    assert "保障机关运转。" in loaded.ok("targets", "documents").out


def test_rows_of_progress(loaded: Monitor) -> None:
    assert loaded.json("progress", "--as-of", "2025-03-31") == [
        {
            "year": 2025,
            "unit_code": "434001",
            "unit_name": "某办公室本级",
            "project_code": CODE,
            "project_name": "热线服务",
            "initial_budget_fen": 100_000,
            "budget_fen": 100_000,
            "paid_fen": 10_000,
            "payments": 1,
            "rate_bp": 1000,
            "checkpoint": "03",
            "planned_bp": 2500,
            "due_fen": 25_000,
            "gap_fen": 15_000,
            "lag_bp": 1500,
            "severity": "red",
            "next_checkpoint": "06",
            "next_planned_bp": None,
            "needed_fen": None,
            "in_transit_fen": 0,
            "in_transit": 0,
        }
    ]


def test_rows_of_payments_unmatched(loaded: Monitor) -> None:
    [unmatched] = loaded.json("payments", "unmatched")

    candidates = unmatched.pop("candidates")
    assert [set(each) for each in candidates] == [{"project_code", "score", "reasons"}]
    assert candidates[0]["project_code"] == CODE
    assert unmatched == {
        "number": "A2",
        "voucher": "",
        "pay_date": "2025-03-20",
        "unit_code": "434001",
        "unit_name": "某办公室本级",
        "project_code": "X",
        "project_name": "热线服务",
        "amount_fen": 700,
        "payee": "某公司",
        "purpose": "服务费",
        "file": "2025-03.csv",
        "line": 3,
    }


def test_rows_of_payments_rejected(loaded: Monitor) -> None:
    [rejected] = loaded.json("payments", "rejected")

    assert list(rejected) == [
        *("number", "file", "line", "column", "value", "reason_id", "reason", "advice"),
        *("amount_fen", "cells"),
    ]
    assert (rejected["number"], rejected["line"], rejected["column"]) == ("A3", 4, "支付金额")
    assert (rejected["value"], rejected["reason_id"][0]) == ("待核", "P")
    assert rejected["amount_fen"] is None
    assert ["支付申请编号", "A3"] in rejected["cells"]


def test_rows_of_payments_conflicts(loaded: Monitor, write: Write) -> None:
    loaded.ok("payments", "import", write("2025-04.csv", HEADER + row("A1", "101.00")))

    [conflict] = loaded.json("payments", "conflicts")

    assert list(conflict) == [
        *("number", "kept", "other", "differences", "files", "state"),
        *("year", "version", "reason", "actor", "decided_at"),
    ]
    assert conflict["state"] == "open"
    assert conflict["files"] == ["2025-03.csv", "2025-04.csv"]
    assert loaded.json("progress", "--as-of", "2025-03-31")[0]["paid_fen"] == 10_000


JAN_FEB = ("--month", "2025-01", "--month", "2025-02")


def test_rows_of_warnings_list_and_mail_list(loaded: Monitor) -> None:
    contacts = "unit_code,name,email,role,valid_from,valid_to\n,张某,a@b.example,office,,\n"
    (loaded.folder / "contacts.csv").write_text(contacts, encoding="utf-8")
    loaded.ok("payments", "coverage", "confirm", "--unit", "434001", *JAN_FEB, "--nil")
    loaded.ok("check", "--as-of", "2025-03-31")
    loaded.ok("notify")

    [warning] = loaded.json("warnings", "list", "--rule", "W01")
    [mail] = loaded.json("mail", "list")

    assert list(warning)[:11] == [
        *("id", "rule", "severity", "state", "unit_code", "project_code", "checkpoint"),
        *("as_of", "figures", "raised_at", "events"),
    ]
    assert (warning["rule"], warning["severity"], warning["state"]) == ("W01", "red", "raised")
    assert warning["quiet"], "a lag under 1,000 元 is recorded, never mailed"
    assert (warning["checkpoint"], warning["as_of"]) == ("03", "2025-03-31")
    assert warning["figures"]["gap_fen"] == 15_000
    assert list(warning)[11:] == [
        *("year", "unit_name", "project_name", "period", "doubts", "details", "quiet"),
        *("for_office", "answer"),
    ]
    [unmatched] = loaded.json("warnings", "list", "--rule", "W09")
    shown = loaded.json("warnings", "show", str(unmatched["id"]))
    assert list(shown) == [*warning, "answers", "mails"]
    assert [(each["id"], each["purpose"]) for each in shown["mails"]] == [(mail["id"], "office")]
    in_words = loaded.ok("warnings", "show", str(warning["id"])).out
    said = ("W01 滞后，红色，待通知", "差额：150.00 元", "只登记，不发邮件")
    assert [words for words in said if words not in in_words] == []
    assert loaded("warnings", "show", "99").status == 1
    assert list(mail)[:8] == [
        *("id", "message_id", "to", "subject", "state", "attempts", "created_at", "sent_at")
    ]
    assert (mail["to"], mail["state"], mail["attempts"]) == ("a@b.example", "sent", 1)


def test_status_0_for_what_is_known_already(loaded: Monitor, tmp_path: Path) -> None:
    assert loaded("payments", "import", tmp_path / "2025-03.csv").status == 0


def test_status_1_for_a_refused_file_and_nothing_changes(loaded: Monitor, write: Write) -> None:
    before = loaded.json("imports", "list")

    refused = loaded("payments", "import", write("坏.csv", "这不是清单\n1,2,3\n"))

    assert refused.status == 1
    assert "坏.csv" in refused.err
    assert loaded.json("imports", "list") == before


def test_one_refused_file_does_not_keep_the_others_out(loaded: Monitor, write: Write) -> None:
    good = write("2025-05.csv", HEADER + row("A9", "5.00", day="2025-05-06"))

    assert loaded("payments", "import", write("坏.csv", "无"), good).status == 1
    assert loaded.json("progress", "--as-of", "2025-05-31")[0]["paid_fen"] == 10_500


@pytest.mark.parametrize(
    "call",
    [
        ("progess",),
        ("progress", "--as-of", "2025-02-30"),
        ("progress", "--no-such-option"),
        ("payments", "import"),
        ("payments", "import", "no-such-file.csv"),
        ("targets", "export", "--format", "xml"),
        ("targets",),
        (),
    ],
)
def test_status_2_for_a_wrong_call_in_chinese(monitor: Monitor, call: tuple[str, ...]) -> None:
    result = monitor(*call)

    assert result.status == 2
    assert result.out == ""
    for english in ("Usage", "Error", "Try", "No such", "Invalid", "Missing"):
        assert english not in result.err


def test_status_3_if_strict_and_something_awaits_settling(loaded: Monitor) -> None:
    assert loaded("payments", "unmatched", "--strict").status == 3
    assert loaded("payments", "rejected", "--strict").status == 3
    assert loaded("payments", "conflicts", "--strict").status == 0


def test_results_go_to_stdout_and_everything_else_to_stderr(loaded: Monitor) -> None:
    result = loaded.ok("payments", "rejected", "--format", "json")

    json.loads(result.out)
    assert "拒收 1 行" in result.err


def test_a_file_for_a_spreadsheet_cannot_bring_a_formula(loaded: Monitor, write: Write) -> None:
    evil = row("A7", "1.00", code="X").replace("服务费", "=HYPERLINK(1)")
    loaded.ok("payments", "import", write("2025-06.csv", HEADER + evil))

    printed = loaded.ok("payments", "unmatched", "--format", "csv").out

    assert ",=HYPERLINK" not in printed
    assert "'=HYPERLINK(1)" in printed


def test_help_imports_none_of_the_heavy_libraries() -> None:
    program = (
        "import sys\nfrom monitor.cli.main import main\n"
        "sys.argv = ['monitor', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'pandas', 'matplotlib', 'sqlalchemy', 'apscheduler', 'docx', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stderr.strip() == "[]"
    assert "预算执行监控" in done.stdout
