"""`monitor imports list | show | undo` as the finance office calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import TARGET

TIMES = ("imported_at", "matched_at", "at")
HEADER = "支付申请编号,支付日期,预算单位编码,项目编码,项目名称,支付金额,状态\n"
CODE = "13022925P00JXC4198855"
Write = Callable[[str, str], Path]


def row(number: str, amount: str = "100.00", day: str = "2025-03-20") -> str:
    return f"{number},{day},434001,{CODE},热线服务,{amount},已支付\n"


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    """A workspace with a project, and the lists of March and of the first quarter."""
    monitor.ok("targets", "import", write("目标.txt", TARGET))
    march = write("2025-03.csv", HEADER + row("A1") + row("A2"))
    quarter = write("一季度.csv", HEADER + row("A2") + row("A3", day="2025-02-01"))
    for path in (march, quarter):
        monitor.ok("payments", "import", path)
    return monitor


def progress(monitor: Monitor) -> str:
    return monitor.ok("progress", "--as-of", "2025-06-30", "--format", "json").out


def paid(monitor: Monitor) -> tuple[int, int]:
    (project,) = json.loads(progress(monitor))
    return project["paid_fen"], project["payments"]


def numbers(monitor: Monitor) -> list[int]:
    """The imports of payments, in order."""
    return [each["id"] for each in monitor.json("imports", "list") if each["kind"] == "payments"]


def test_an_import_undone_counts_no_more_but_what_another_list_shows_does(office: Monitor) -> None:
    march, _ = numbers(office)
    assert paid(office) == (30_000, 3)
    told = office.ok("imports", "undo", str(march), "--reason", "发错了月份").err
    assert "已撤销导入" in told
    assert "其中 1 行别的清单也有" in told
    assert paid(office) == (20_000, 2)


def test_undone_and_imported_again_the_figures_are_the_same(
    office: Monitor, tmp_path: Path
) -> None:
    before = progress(office)
    for place in (0, 1):
        office.ok("imports", "undo", str(numbers(office)[place]), "--reason", "试")
        for name in ("2025-03.csv", "一季度.csv"):
            office.ok("payments", "import", tmp_path / name)
        assert progress(office) == before


def test_all_imports_are_listed_with_who_took_them_back_and_why(office: Monitor) -> None:
    march, quarter = numbers(office)
    office.ok("imports", "undo", str(march), "--reason", "发错了月份")
    assert numbers(office) == [quarter]
    listed = {each["id"]: each for each in office.json("imports", "list", "--all")}
    assert listed[march]["state"] == "undone"
    assert listed[march]["undone_reason"] == "发错了月份"
    assert listed[march]["undone_by"]
    assert listed[quarter]["state"] == "in_force"
    assert "发错了月份" in office.ok("imports", "list", "--all").out


def test_an_import_undone_before_is_told_with_its_reason(office: Monitor) -> None:
    march, _ = numbers(office)
    office.ok("imports", "undo", str(march), "--reason", "发错了月份")
    again = office("imports", "undo", str(march), "--reason", "再撤一次")
    assert again.status != 0
    assert "撤销" in again.err
    assert "发错了月份" in again.err


def test_an_import_that_is_not_there_cannot_be_shown_or_undone(office: Monitor) -> None:
    for call in (("show", "99"), ("undo", "99", "--reason", "试")):
        refused = office("imports", *call)
        assert refused.status != 0
        assert "没有导入 99" in refused.err


def test_a_reason_must_be_given(office: Monitor) -> None:
    march, _ = numbers(office)
    for reason in ([], ["--reason", " "]):
        assert office("imports", "undo", str(march), *reason).status != 0
    assert paid(office) == (30_000, 3)


def test_a_target_import_says_what_to_do_instead(office: Monitor) -> None:
    (target,) = [e["id"] for e in office.json("imports", "list") if e["kind"] == "targets"]
    refused = office("imports", "undo", str(target), "--reason", "试")
    assert refused.status != 0
    assert "勘误" in refused.err
    assert "retire" in refused.err
    assert paid(office) == (30_000, 3)


def test_show_tells_what_an_import_did_and_who_repeats_it(office: Monitor) -> None:
    march, quarter = numbers(office)
    view = json.loads(office.ok("imports", "show", str(march), "--format", "json").out)
    assert view["receipt"] == {"counted": {"rows": 2, "fen": 20_000}}
    assert view["months"] == ["2025-03"]
    assert Path(view["archive"]).read_bytes().decode() == HEADER + row("A1") + row("A2")
    assert view["counting"] == {"rows": 2, "fen": 20_000}
    assert view["repeated_by"] == [{"id": quarter, "file": "一季度.csv", "rows": 1}]
    later = json.loads(office.ok("imports", "show", str(quarter), "--format", "json").out)
    assert later["repeats"] == [{"id": march, "file": "2025-03.csv", "rows": 1}]
    text = office.ok("imports", "show", str(quarter)).out
    assert "以前已导入，不重复计" in text
    assert "重复了以前的清单" in text
    assert view["sha256"] in office.ok("imports", "show", str(march)).out


def test_show_of_a_target_import_names_its_projects(office: Monitor) -> None:
    (target,) = [e["id"] for e in office.json("imports", "list") if e["kind"] == "targets"]
    view = json.loads(office.ok("imports", "show", str(target), "--format", "json").out)
    assert [(p["project_code"], p["new"], p["in_force"]) for p in view["projects"]] == [
        (CODE, True, True)
    ]
    assert "热线服务" in office.ok("imports", "show", str(target)).out


def test_show_lists_the_conflicts_of_an_import(office: Monitor, write: Write) -> None:
    office.ok("payments", "import", write("2025-04.csv", HEADER + row("A1", "150.00")))
    march, _, april = numbers(office)
    view = json.loads(office.ok("imports", "show", str(april), "--format", "json").out)
    assert view["conflicts"] == [
        {
            "number": "A1",
            "kept": {"file": "2025-03.csv", "line": 2},
            "other": {"file": "2025-04.csv", "line": 2},
            "state": "open",
            "reason": None,
        }
    ]
    assert "待裁定" in office.ok("imports", "show", str(march)).out
    office.ok("imports", "undo", str(march), "--reason", "试")
    assert paid(office) == (35_000, 3)
    assert office.json("payments", "conflicts") == []


def test_a_warning_that_rested_on_the_import_is_withdrawn(office: Monitor, write: Write) -> None:
    whole = HEADER + row("B1", "9000000.00", "2025-01-20")
    refund = HEADER + row("B2", "-9000300.00", "2025-03-20").replace("已支付", "已退款")
    for name, text in (("2025-01.csv", whole), ("2025-03退款.csv", refund)):
        office.ok("payments", "import", write(name, text))
    office.ok("check", "--as-of", "2025-03-31")
    (warning,) = office.json("warnings", "list", "--rule", "W02")
    assert warning["state"] == "raised"
    office.ok("imports", "undo", str(numbers(office)[-1]), "--reason", "退款是别的项目的")
    (warning,) = office.json("warnings", "list", "--rule", "W02")
    assert warning["state"] == "withdrawn"
    assert warning["events"][-1]["file"] == "2025-03退款.csv"


def test_the_doctor_finds_nothing_wrong_after_an_undo(office: Monitor, write: Write) -> None:
    office.ok("payments", "import", write("2025-04.csv", HEADER + row("A1", "150.00")))
    for number in numbers(office)[:2]:
        office.ok("imports", "undo", str(number), "--reason", "试")
        office.ok("doctor")
    assert paid(office) == (15_000, 1)


def test_the_payments_that_explain_shows_are_the_same_after_a_return(
    office: Monitor, tmp_path: Path
) -> None:
    explained = office.ok("explain", CODE, "--format", "json").out
    for number in reversed(numbers(office)):
        office.ok("imports", "undo", str(number), "--reason", "试")
    assert paid(office) == (0, 0)
    for name in ("2025-03.csv", "一季度.csv"):
        office.ok("payments", "import", tmp_path / name)
    again = office.ok("explain", CODE, "--format", "json").out
    assert without_times(again) == without_times(explained)


def without_times(explained: str) -> Any:
    """What differs by the moment of the import is left out, all else is kept."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                k: plain(v)
                for k, v in value.items()
                if k not in ("imported_at", "matched_at", "at")
            }
        return [plain(each) for each in value] if isinstance(value, list) else value

    return plain(json.loads(explained))
