"""`monitor payments refunds`: each refund with the payment that it returns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, HEADER, TARGET, line

Write = Callable[[str, str], Path]


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    monitor.ok("targets", "import", write("目标.txt", TARGET))
    return monitor


def states(office: Monitor) -> dict[str, tuple[str, str | None]]:
    rows = office.json("payments", "refunds", "--year", "2025")
    return {
        row["number"]: (row["state"], row["original"] and row["original"]["number"]) for row in rows
    }


def test_refunds_are_listed_with_what_they_return(office: Monitor, write: Write) -> None:
    rows = (
        line("A1", "100.00"),
        line("A2", "40.00", payee="乙公司"),
        line("A3", "50.00", payee="乙公司"),
        line("R1", "30.00", status="已退款", day="2025-04-01"),
        line("R2", "30.00", status="已退款", day="2025-04-02", payee="乙公司"),
        line("R3", "30.00", status="已退款", day="2025-04-03", payee="丙公司"),
    )
    office.ok("payments", "import", write("2025-04.csv", HEADER + "".join(rows)))

    assert states(office) == {
        "R1": ("only", "A1"),
        "R2": ("several", None),
        "R3": ("earlier", None),
    }
    told = office("payments", "refunds", "--year", "2025", "--open", "--strict")
    assert told.status == 3
    assert "疑似上年退回 1 笔，-30.00 元" in told.err
    assert "R1" not in told.out
    assert "R2" in told.out


def test_a_named_original_in_another_list_is_found(office: Monitor, write: Write) -> None:
    rows = line("A1", "100.00") + line("A2", "100.00")
    office.ok("payments", "import", write("2025-03.csv", HEADER + rows))
    header = HEADER.replace("用途", "用途,原支付申请编号")
    refund = line("R1", "30.00", status="已退款", day="2025-04-01")
    named = refund.replace("电话费,", "电话费,\ta2 ,")
    office.ok("payments", "import", write("2025-04.csv", header + named))

    assert states(office) == {"R1": ("named", "A2")}


def test_a_refund_decided_to_be_an_earlier_years_no_longer_counts(
    office: Monitor, write: Write
) -> None:
    rows = line("A1", "100.00") + line("R1", "30.00", status="已退款", payee="丙公司")
    office.ok("payments", "import", write("2025-03.csv", HEADER + rows))
    assert states(office) == {"R1": ("earlier", None)}
    [before] = office.json("progress", "--as-of", "2025-12-31")

    office.ok("payments", "unmatch", "R1", "--reason", "上年退回")
    office.ok("payments", "ignore", "R1", "--reason", "上年退回")

    [after] = office.json("progress", "--as-of", "2025-12-31")
    assert (before["paid_fen"], after["paid_fen"]) == (7_000, 10_000)
    assert states(office) == {}
    assert "疑似上年退回 0 笔" in office.ok("payments", "refunds", "--year", "2025").err


def test_refunds_of_unmatched_codes_and_of_one_unit_are_told(office: Monitor, write: Write) -> None:
    rows = (
        line("A1", "100.00", code="X"),
        line("R1", "30.00", code="X", status="已退款"),
        line("R2", "30.00", code="Y", status="已退款").replace("434001", "434002"),
    )
    office.ok("payments", "import", write("2025-03.csv", HEADER + "".join(rows)))

    assert states(office) == {"R1": ("only", "A1"), "R2": ("earlier", None)}
    of_unit = office.json("payments", "refunds", "--year", "2025", "--unit", "434002")
    assert [(row["number"], row["project_code"]) for row in of_unit] == [("R2", "Y")]
    assert CODE not in str(of_unit)


def test_a_correction_is_no_refund_and_a_named_payment_may_be_elsewhere(
    office: Monitor, write: Write
) -> None:
    header = HEADER.replace("用途", "用途,原支付申请编号")
    rows = (
        line("A1", "100.00", code="X").replace("电话费,", "电话费,-,"),
        line("K1", "-40.00", status="更正").replace("电话费,", "电话费,无,"),
        line("K1", "40.00", status="更正", code="Y").replace("电话费,", "电话费,,"),
        line("R1", "30.00", status="已退款").replace("电话费,", "电话费,A1,"),
    )
    office.ok("payments", "import", write("2025-03.csv", header + "".join(rows)))

    assert states(office) == {"R1": ("named", "A1")}
    [told] = [each for each in office.json("explain", CODE)["payments"] if each["returns"]]
    assert (told["number"], told["returns"]["original"]["number"]) == ("R1", "A1")
    assert "R1：清单写明，退的是 A1" in office.ok("explain", CODE).out
