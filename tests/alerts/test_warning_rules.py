from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.alerts.rules import WARNING_RULES, AlertRules, check
from monitor.domain.progress import Grade, Limits, Standing
from monitor.errors import ConfigError

Stand = Callable[..., Standing]
CONFIG = Path(__file__).parents[2] / "config" / "rules"


def test_a_lag_is_found_with_the_figures_that_it_was_computed_from(standing: Stand) -> None:
    (finding,) = check([standing(400_00)])

    assert (finding.rule, finding.checkpoint, finding.severity) == ("W01", 6, Grade.NOTICE)
    assert dict(finding.figures) == {
        "budget_fen": 1_000_00, "planned_bp": 5_000, "due_fen": 500_00, "paid_fen": 400_00,
        "gap_fen": 100_00, "lag_bp": 1_000, "rate_bp": 4_000, "next_checkpoint": 9,
        "next_planned_bp": 7_500, "needed_fen": 350_00,
    }  # fmt: skip


@pytest.mark.parametrize("paid_fen", [0, -1])
def test_nothing_paid_stands_in_the_place_of_a_lag(standing: Stand, paid_fen: int) -> None:
    (finding,) = check([standing(paid_fen)])

    assert (finding.rule, finding.severity) == ("W02", Grade.RED)


def test_with_nothing_paid_switched_off_it_is_a_red_lag(standing: Stand) -> None:
    (finding,) = check([standing(0)], ["W01"])

    assert (finding.rule, finding.severity) == ("W01", Grade.RED)


def test_with_lags_switched_off_only_nothing_paid_is_found(standing: Stand) -> None:
    assert check([standing(1)], ["W02"]) == []
    assert [finding.rule for finding in check([standing(0)], ["W02"])] == ["W02"]


@pytest.mark.parametrize(
    "what",
    [
        {"plan": {3: 2_500, 6: None}},
        {"plan": {6: 0, 12: 10_000}},
        {"plan": {9: 10_000}},
        {"budget_fen": None},
        {"budget_fen": 0},
        {"as_of": date(2025, 3, 30)},
    ],
)
def test_where_nothing_is_due_nothing_is_found(standing: Stand, what: dict[str, object]) -> None:
    assert check([standing(0, **what)]) == []


def test_paid_exactly_as_due_is_no_lag_and_a_fen_less_is_one(standing: Stand) -> None:
    assert check([standing(500_00)]) == []
    assert len(check([standing(499_99)])) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(paid=st.integers(-100, 120_000), more=st.integers(1, 50_000))
def test_more_paid_never_raises_the_severity(standing: Stand, paid: int, more: int) -> None:
    def weight(paid_fen: int) -> int:
        return max((finding.severity.weight for finding in check([standing(paid_fen)])), default=0)

    assert weight(paid + more) <= weight(paid)


def test_the_shipped_rules_read_as_the_defaults() -> None:
    tables = tomllib.loads((CONFIG / "alerts.toml").read_text("utf-8"))
    tables |= tomllib.loads((CONFIG / "calendar.toml").read_text("utf-8"))

    rules = AlertRules.from_toml(tables)

    assert rules == AlertRules(next_step=rules.next_step)
    assert rules.next_step


def test_every_value_of_the_rules_can_be_set() -> None:
    rules = AlertRules.from_toml(
        {
            "limits": {"yellow_ratio": "82.5", "yellow_lag": 5, "red_ratio": "50%"},
            "rules": {"W02": False},
            "mail": {"answer_days": 5, "office_phone": "1", "legal_basis": "甲", "next_step": "乙"},
            "service": {"check_time": "07:05", "days_after_checkpoint": 0},
            "year_end": {"soft_wording_from": "10-15"},
        }
    )

    assert rules == AlertRules(
        Limits(8_250, 500, 5_000), ("W01",), 5, "1", "甲", "乙", time(7, 5), 0, (10, 15)
    )


def test_all_mistakes_in_the_rules_are_told_at_once() -> None:
    wrong = {
        "limits": {"yellow_ratio": 0.8, "red_ratio": 101, "yellow_lag": "1.234", "blue": 1},
        "rules": {"W01": "ja"},
        "mail": {"answer_days": True, "legal_basis": 1},
        "service": {"check_time": "25:00"},
        "year_end": {"soft_wording_from": "11-31"},
        "colours": {},
    }

    with pytest.raises(ConfigError) as refused:
        AlertRules.from_toml(wrong)

    text = str(refused.value)
    assert "有 10 处错误" in text
    for key in ("yellow_ratio", "red_ratio", "yellow_lag", "blue", "W01", "answer_days",
                "legal_basis", "check_time", "soft_wording_from", "colours"):  # fmt: skip
        assert key in text


def test_red_cannot_begin_above_yellow() -> None:
    with pytest.raises(ConfigError, match="不能大于 yellow_ratio"):
        AlertRules.from_toml({"limits": {"yellow_ratio": 50, "red_ratio": 60}})


def test_every_rule_has_a_name_and_a_meaning() -> None:
    assert all(rule.name and rule.meaning.endswith("。") for rule in WARNING_RULES.values())
