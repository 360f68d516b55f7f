"""W08 清单未到, W09 未匹配, W10 for unknown codes, W12 指标."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.alerts.facts import IndicatorState, Undocumented, Waiting
from monitor.domain.finding import Finding
from monitor.domain.progress import Grade
from tests.alerts.rule_cases import found, project, rules

UNITS = {"430001": "教育局", "507001": "水利局"}
DAY = date(2025, 7, 10)


def lists(as_of: date, *units: str, month: str = "2025-06") -> list[Finding]:
    missing = {month: {unit: UNITS[unit] for unit in units}}
    return found("W08", as_of=as_of, missing_lists=missing, unit_names=UNITS)


@pytest.mark.parametrize(("as_of", "late"), [(date(2025, 7, 9), False), (DAY, True)])
def test_a_list_is_late_after_eight_working_days(as_of: date, late: bool) -> None:
    assert bool(lists(as_of, "430001")) is late


def test_a_late_list_is_told_to_the_office_by_month_with_its_units() -> None:
    (finding,) = lists(DAY, "430001")

    assert (finding.subject, finding.period, finding.severity) == ("", "m06", Grade.NOTICE)
    assert finding.details == ("6月：1 个单位的支付明细没有到齐。", "430001 教育局")
    assert finding.for_office


def test_a_month_of_which_nothing_has_come_is_one_yellow_finding() -> None:
    (finding,) = lists(DAY, "430001", "507001")

    assert finding.severity is Grade.YELLOW
    assert finding.details == ("6月：全部 2 个单位的支付明细都没有到齐。",)


def test_decembers_list_is_missed_in_january_of_the_next_year() -> None:
    # 1 January 2026 is off, 2 and 3 January too, and Sunday 4 January is worked.
    assert lists(date(2026, 1, 12), "430001", month="2025-12") == []
    (finding,) = lists(date(2026, 1, 13), "430001", month="2025-12")
    assert (finding.year, finding.period) == (2025, "m12")


def test_holidays_put_off_when_a_list_is_late() -> None:
    # After National Day the working days are 9, 10, 11 (a worked Saturday) and 13–17 October.
    assert lists(date(2025, 10, 16), "430001", month="2025-09") == []
    assert lists(date(2025, 10, 17), "430001", month="2025-09") != []


def waiting(oldest: date, fen: int = 5_00, unit: str = "430001") -> list[Finding]:
    found_ = {unit: Waiting(2, fen, oldest)}
    return found("W09", as_of=DAY, unmatched=found_, unit_names=UNITS)


@pytest.mark.parametrize(("oldest", "old"), [(date(2025, 6, 30), False), (date(2025, 6, 29), True)])
def test_unmatched_payments_are_told_when_older_than_ten_days(oldest: date, old: bool) -> None:
    assert bool(waiting(oldest)) is old


@pytest.mark.parametrize(("fen", "much"), [(10_000_000, False), (10_000_001, True)])
def test_much_unmatched_money_is_told_at_once(fen: int, much: bool) -> None:
    assert [each.severity for each in waiting(DAY, fen)] == ([Grade.YELLOW] if much else [])


def test_unmatched_payments_name_their_unit_number_and_age() -> None:
    (finding,) = waiting(date(2025, 5, 1))

    assert (finding.subject, finding.period) == ("430001", "year")
    assert finding.details == ("430001 教育局：未匹配支付 2 笔 5.00 元，最早一笔在2025年5月1日。",)
    (nameless,) = waiting(date(2025, 5, 1), unit="")
    assert nameless.details[0].startswith("没有单位编码的记录：")


def test_a_unit_can_have_its_own_patience_with_unmatched_payments() -> None:
    own = rules({"override": [{"rule": "W09", "unit": "430", "days": 100}]})

    facts = {"430001": Waiting(1, 1, date(2025, 5, 1)), "507001": Waiting(1, 1, date(2025, 5, 1))}
    judged = found("W09", as_of=DAY, unmatched=facts, settings=own)
    assert [each.unit_code for each in judged] == ["507001"]


def test_a_code_that_is_paid_without_a_project_has_no_document() -> None:
    unknown = Undocumented("430001", "教育局", "X9", "某项目", Waiting(3, 7_00, DAY))

    (finding,) = found("W10", as_of=DAY, paid_without_document=(unknown,))
    assert (finding.subject, finding.unit_code) == ("X9", "430001")
    assert dict(finding.figures)["paid_fen"] == 7_00
    assert "430001 教育局的项目 X9（某项目）已支付 3 笔 7.00 元" in finding.details[0]
    off = rules({"override": [{"rule": "W10", "unit": "430", "on": False}]})
    assert found("W10", as_of=DAY, paid_without_document=(unknown,), settings=off) == []


def indicators(*states: tuple[bool, bool | None], forms: str = "06") -> list[Finding]:
    measured = tuple(
        IndicatorState(n, f"指标{n}", reported, on) for n, (reported, on) in enumerate(states, 1)
    )
    return found(
        "W12",
        project(500_000_00, date(2025, 7, 10), indicators=measured),
        forms_collected=frozenset({forms}) if forms else frozenset(),
    )


def test_indicators_off_their_target_are_told_to_the_lead() -> None:
    (finding,) = indicators((True, False), (True, True), (False, None))

    assert (finding.period, finding.severity, finding.for_office) == ("06", Grade.YELLOW, False)
    assert dict(finding.figures) == {"indicators": 3, "unreported": 1, "off_target": 1}
    assert finding.details == (
        "6月底未达到目标的指标：指标1。", "6月底未报完成情况：指标3。",
    )  # fmt: skip


def test_indicators_that_are_only_not_reported_are_a_notice() -> None:
    (finding,) = indicators((True, None), (False, None))

    assert finding.severity is Grade.NOTICE


@pytest.mark.parametrize("forms", ["", "09"])
def test_before_forms_are_collected_indicators_are_no_matter(forms: str) -> None:
    assert indicators((False, None), forms=forms) == []


def test_indicators_on_target_or_not_to_be_told_raise_nothing() -> None:
    assert indicators((True, True), (True, None)) == []
