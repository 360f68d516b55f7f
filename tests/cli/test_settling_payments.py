"""`monitor payments match`, `unmatch`, `ignore` and `rule`: what the office decides, and undoes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.store import sums
from monitor.store.engine import open_engine, reading
from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import CODE, HEADER, TARGET

Write = Callable[..., Path]
OTHER = "13022925P00JXC4198951"


def line(
    number: str,
    amount: str = "10.00",
    *,
    code: str = "",
    name: str = "热线费",
    purpose: str = "电费",
    payee: str = "供电公司",
    unit: str = "434001",
    day: str = "2025-03-20",
) -> str:
    return f"{number},,{day},{unit},某办公室本级,{code},{name},{amount},{payee},{purpose},已支付\n"


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    """Two projects of one unit, nothing paid."""
    first, rest = TARGET.split("1.某项目绩效目标表", 1)
    other = rest.replace(CODE, OTHER).replace("热线服务", "大楼运行")
    document = f"{first}1.某项目绩效目标表{rest}\n2.另一项目绩效目标表{other}"
    monitor.ok("targets", "import", write("目标.txt", document))
    return monitor


@pytest.fixture
def land(office: Monitor, write: Write) -> Callable[..., Any]:
    def land(*lines: str, name: str = "2025-03.csv") -> Any:
        return office.ok("payments", "import", write(name, HEADER + "".join(lines)))

    return land


def paid(monitor: Monitor) -> dict[str, int]:
    """Fen by project; and the sums must follow from the payments, whatever was done."""
    with reading(open_engine(f"sqlite:///{monitor.folder / 'monitor.db'}")) as connection:
        assert sums.differences(connection) == []
    rows = monitor.json("progress", "--as-of", "2025-12-31")
    return {row["project_code"]: row["paid_fen"] for row in rows if row["paid_fen"]}


def open_numbers(monitor: Monitor) -> set[str]:
    return {row["number"] for row in monitor.json("payments", "unmatched")}


def test_a_match_by_hand_tells_how_many_alike_wait(office: Monitor, land: Any) -> None:
    land(line("A1"), line("A2"), line("A3", name="别的"))

    told = office.ok("payments", "match", "A1", CODE, "--reason", "合同约定")

    assert "还有 1 笔" in told.err
    assert paid(office) == {CODE: 1000}
    assert open_numbers(office) == {"A2", "A3"}
    explained = office.json("explain", CODE, "--as-of", "2025-12-31")["payments"]
    assert [(p["number"], p["method"], p["reason"]) for p in explained] == [
        ("A1", "人工", "合同约定")
    ]


def test_a_match_takes_all_alike_with_it_if_asked(office: Monitor, land: Any) -> None:
    land(line("A1"), line("A2"), line("A3", unit="434002"))

    office.ok("payments", "match", "A1", CODE, "--alike")

    assert paid(office) == {CODE: 2000}
    assert open_numbers(office) == {"A3"}


def test_a_decision_is_remembered_for_the_same_wording_in_later_lists(
    office: Monitor, land: Any
) -> None:
    land(line("A1"))
    office.ok("payments", "match", "A1", CODE)

    land(line("B1", day="2025-04-20"), name="2025-04.csv")

    assert paid(office) == {CODE: 2000}
    assert open_numbers(office) == set()


def test_rows_that_name_no_project_are_alike_by_payee_and_purpose(
    office: Monitor, land: Any
) -> None:
    land(
        line("A1", name=""),
        line("A2", name=""),
        line("A3", name="", purpose="水费"),
        line("A4", name="", purpose="", payee=""),
        line("A5", name="", purpose="", payee=""),
    )

    office.ok("payments", "match", "A1", CODE, "--alike")
    alone = office.ok("payments", "match", "A4", CODE)

    assert "还有" not in alone.err
    assert open_numbers(office) == {"A3", "A5"}


def test_an_unmatched_payment_waits_until_somebody_matches_it_again(
    office: Monitor, land: Any, write: Write
) -> None:
    land(line("A1", code=CODE), line("A2", code=CODE))
    assert office("payments", "unmatch", "A1").status == 2

    told = office.ok("payments", "unmatch", "A1", "--reason", "挂错")

    assert "不再自动匹配" in told.err
    assert paid(office) == {CODE: 1000}
    assert open_numbers(office) == {"A1"}
    office.ok("targets", "import", write("又一份.txt", TARGET.replace("1000.00", "2000.00")))
    land(line("A1", code=CODE), line("A2", code=CODE), line("A3", code=CODE), name="2025-03b.csv")
    assert open_numbers(office) == {"A1"}
    office.ok("payments", "match", "A1", OTHER)
    assert paid(office) == {CODE: 2000, OTHER: 1000}
    assert office("payments", "unmatch", "A9", "--reason", "x").status == 1


def test_a_code_is_left_out_at_once_and_in_later_lists(office: Monitor, land: Any) -> None:
    land(line("A1", code="JB01"), line("A2", code="JB01", unit="434002"), line("A3"))

    told = office.ok("payments", "ignore", "--code", "jb01", "--reason", "基本支出")
    land(line("B1", code="JB01", day="2025-04-02"), name="2025-04.csv")

    assert "2 笔，20.00 元" in told.err
    assert open_numbers(office) == {"A3"}
    [listed] = office.json("payments", "ignore", "--list")
    assert (listed["project_code"], listed["rows"], listed["reason"]) == ("JB01", 3, "基本支出")
    again = office.ok("payments", "ignore", "--code", "JB01", "--reason", "基本支出")
    assert "没有改动" in again.err


def test_a_decision_about_a_code_is_taken_back(office: Monitor, land: Any) -> None:
    land(line("A1", code="JB01"), line("A2", code="JB01", unit="434002"), line("A3", code=CODE))
    office.ok("payments", "unmatch", "A3", "--reason", "挂错")
    office.ok("payments", "ignore", "--code", "JB01", "--unit", "434002", "--reason", "基本")
    assert open_numbers(office) == {"A1", "A3"}
    number = str(office.json("payments", "ignore", "--list")[0]["id"])

    told = office.ok("payments", "ignore", number, "--undo")

    assert "1 笔" in told.err
    assert open_numbers(office) == {"A1", "A2", "A3"}
    assert office.json("payments", "ignore", "--list") == []
    assert office("payments", "ignore", number, "--undo").status == 1


def test_the_code_of_a_project_is_never_left_out(office: Monitor, land: Any) -> None:
    land(line("A1", code=CODE))

    refused = office("payments", "ignore", "--code", CODE, "--reason", "x")

    assert refused.status == 2
    assert "2025 年的项目" in refused.err
    assert paid(office) == {CODE: 1000}


def test_one_payment_is_left_out_and_comes_back(office: Monitor, land: Any, write: Write) -> None:
    land(line("A1"), line("A2"))
    assert office("payments", "ignore", "A1").status == 2

    office.ok("payments", "ignore", "A1", "--reason", "押金")

    assert open_numbers(office) == {"A2"}
    rule = ("--unit", "434001", "--purpose", "电费", "--project", CODE, "--reason", "电费")
    office.ok("payments", "rule", "add", *rule)
    assert paid(office) == {CODE: 1000}
    office.ok("payments", "ignore", "A1", "--undo")
    assert paid(office) == {CODE: 2000}
    refused = office("payments", "ignore", "A2", "--reason", "x")
    assert refused.status == 2
    assert "unmatch" in refused.err


def test_a_rule_is_shown_before_it_is_saved_and_matches_what_waits(
    office: Monitor, land: Any
) -> None:
    land(line("A1"), line("A2", purpose="水费"), line("A3", unit="434002"), line("A4", code="X"))
    rule = ("--unit", "434001", "--purpose", "电费", "--project", CODE)

    shown = office.ok("payments", "rule", "add", *rule, "--dry-run")

    assert "会匹配 2 笔（20.00 元）" in shown.err
    assert "其中 1 笔在清单上有别的项目编码" in shown.err
    assert "A1" in shown.out
    assert "A2" not in shown.out
    assert paid(office) == {}
    assert office("payments", "rule", "add", *rule).status == 2
    office.ok("payments", "rule", "add", *rule, "--reason", "电表")
    assert paid(office) == {CODE: 2000}
    [listed] = office.json("payments", "rule", "list")
    assert (listed["rows"], listed["reason"], listed["year"]) == (2, "电表", None)
    told = office.json("explain", CODE, "--as-of", "2025-12-31")["payments"][0]
    assert told["method"] == "已保存的规则"
    assert "规则 1" in told["reason"]
    land(line("B1", day="2025-04-02"), name="2025-04.csv")
    assert paid(office) == {CODE: 3000}
    assert "没有改动" in office.ok("payments", "rule", "add", *rule, "--reason", "又来").err


def test_a_removed_rule_gives_back_what_it_alone_matched(office: Monitor, land: Any) -> None:
    land(line("A1"), line("A2", payee="水务公司"))
    both = ("--unit", "434001", "--reason", "电费", "--project", CODE)
    office.ok("payments", "rule", "add", *both, "--purpose", "电费")
    office.ok("payments", "rule", "add", *both, "--payee", "供电")
    assert paid(office) == {CODE: 2000}

    told = office.ok("payments", "rule", "remove", "1")

    assert "1 笔支付重新待匹配" in told.err
    assert paid(office) == {CODE: 1000}
    assert open_numbers(office) == {"A2"}
    assert office("payments", "rule", "remove", "1").status == 1


def test_rules_that_disagree_leave_their_rows_open(office: Monitor, land: Any) -> None:
    land(line("A1"), line("A2", payee="水务公司"))
    office.ok(
        *("payments", "rule", "add", "--unit", "434001", "--purpose", "电费"),
        *("--project", CODE, "--reason", "一"),
    )
    second = ("payments", "rule", "add", "--unit", "434001", "--payee", "供电", "--project", OTHER)

    shown = office.ok(*second, "--dry-run")
    office.ok(*second, "--reason", "二")

    assert "另有 1 笔与别的规则说法不同" in shown.err
    assert paid(office) == {CODE: 1000}
    assert open_numbers(office) == {"A1"}
    office.ok("payments", "rule", "remove", "1")
    assert paid(office) == {OTHER: 1000}
    assert open_numbers(office) == {"A2"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--unit", "434001", "--project", CODE), "至少一项"),
        (("--unit", "434001", "--project", "NO", "--purpose", "电"), "没有项目"),
        (("--unit", "434001", "--project", CODE, "--purpose", "电", "--year", "2024"), "2024 年"),
    ],
)
def test_a_rule_that_says_too_little_is_refused(
    office: Monitor, options: tuple[str, ...], words: str
) -> None:
    refused = office("payments", "rule", "add", *options, "--reason", "x")

    assert refused.status in (1, 2)
    assert words in refused.err
    assert office.json("payments", "rule", "list") == []
