from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.facts import Pace, ProjectFacts, Waiting
from monitor.alerts.rule_catalogue import WARNING_RULES, Audience
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.rules import check
from monitor.alerts.thresholds import SICHUAN_2025, Thresholds
from monitor.domain.finding import Doubt, DoubtKind
from monitor.domain.progress import Grade, Limits
from monitor.errors import ConfigError
from tests.alerts.rule_cases import BUDGET, found, judge, project, rules

CONFIG = Path(__file__).parents[2] / "config" / "rules"
DUE = BUDGET // 2  # at the end of June


def test_a_lag_is_found_with_its_figures_and_the_rules_wording() -> None:
    (finding,) = found("W01", project(400_000_00))

    assert (finding.period, finding.checkpoint, finding.severity) == ("06", 6, Grade.NOTICE)
    assert dict(finding.figures) == {
        "budget_fen": BUDGET, "planned_bp": 5_000, "due_fen": 500_000_00, "paid_fen": 400_000_00,
        "gap_fen": 100_000_00, "lag_bp": 1_000, "rate_bp": 4_000, "next_checkpoint": 9,
        "next_planned_bp": 7_500, "needed_fen": 350_000_00,
    }  # fmt: skip
    assert finding.details == (
        "到6月底计划累计支付 50.00%，即 500,000.00 元；累计已支付 400,000.00 元，"
        "相差 100,000.00 元，滞后 10.00 个百分点。",
    )
    assert not finding.quiet
    assert not finding.for_office


@pytest.mark.parametrize("paid_fen", [0, -1])
def test_nothing_paid_stands_in_the_place_of_a_lag(paid_fen: int) -> None:
    judged = judge(project(paid_fen)).findings

    assert [(each.rule, each.severity) for each in judged] == [("W02", Grade.RED)]


def test_with_nothing_paid_switched_off_it_is_a_red_lag() -> None:
    (finding,) = found("W01", project(0), settings=rules({"W02": {"on": False}}))

    assert finding.severity is Grade.RED


def test_with_lags_switched_off_only_nothing_paid_is_found() -> None:
    off = rules({"W01": {"on": False}})

    assert judge(project(1), settings=off).findings == ()
    assert len(found("W02", project(0), settings=off)) == 1


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
def test_where_nothing_is_due_no_lag_is_found(what: dict[str, object]) -> None:
    judged = judge(project(0, **what), settings=rules({"W03": {"on": False}}))  # type: ignore[arg-type]

    assert judged.findings == ()


@pytest.mark.parametrize(
    ("paid_fen", "severity"),
    [
        (DUE, None),
        (DUE - 1, Grade.NOTICE),
        (400_000_00, Grade.NOTICE),  # exactly 80 % of what is due, and 10 points behind
        (400_000_00 - 1, Grade.YELLOW),
        (300_000_00, Grade.YELLOW),  # exactly 60 %
        (300_000_00 - 1, Grade.RED),
        (1, Grade.RED),
    ],
)
def test_a_severity_changes_exactly_at_its_threshold(paid_fen: int, severity: Grade | None) -> None:
    lags = found("W01", project(paid_fen))

    assert [each.severity for each in lags] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("gap_fen", "quiet"),
    [
        (10_000_00 - 1, True),  # one fen under 1 point of a million
        (10_000_00, False),
    ],
)
def test_a_lag_under_one_point_is_never_mailed(gap_fen: int, quiet: bool) -> None:
    (finding,) = found("W01", project(DUE - gap_fen))

    assert finding.quiet is quiet


@pytest.mark.parametrize(("gap_fen", "quiet"), [(1_000_00 - 1, True), (1_000_00, False)])
def test_a_lag_under_a_thousand_yuan_is_never_mailed(gap_fen: int, quiet: bool) -> None:
    (finding,) = found("W01", project(10_000_00 - gap_fen, budget_fen=20_000_00))

    assert finding.quiet is quiet


def test_a_unit_whose_lists_are_missing_is_not_judged() -> None:
    late = project(0, missing_months=("2025-06",))
    judgement = judge(late, missing_lists={"2025-06": {"430001": "教育局"}})

    assert judgement.findings == ()
    assert {("W01", "P1"), ("W02", "P1"), ("W03", "P1")} <= judgement.unjudged


def test_a_list_missing_after_the_checkpoint_does_not_keep_it_from_being_judged() -> None:
    judgement = judge(project(0, date(2025, 7, 31), missing_months=("2025-07",)))

    assert [each.rule for each in judgement.findings] == ["W02"]
    assert ("W02", "P1") not in judgement.unjudged
    assert ("W05", "P1") in judgement.unjudged


@pytest.mark.parametrize(("fen", "cures"), [(DUE - 1 - 400_000_00, False), (100_000_00, True)])
def test_unmatched_payments_are_named_and_cure_by_the_fen(fen: int, cures: bool) -> None:
    could_be = Waiting(3, fen, date(2025, 5, 2))
    (finding,) = found("W01", project(400_000_00, could_be=could_be))

    assert finding.doubts == (Doubt(DoubtKind.UNMATCHED, 3, fen, cures),)
    assert finding.is_doubtful is cures
    assert finding.severity is Grade.NOTICE


def test_applications_in_transit_that_cover_the_gap_make_it_doubtful() -> None:
    (finding,) = found("W02", project(0, in_transit=(2, DUE)))

    assert finding.doubts == (Doubt(DoubtKind.IN_TRANSIT, 2, DUE, cures=True),)


@pytest.mark.parametrize(("recent", "cures"), [(200_000_00, True), (200_000_00 - 1, False)])
def test_a_lag_only_by_money_added_lately_is_doubtful(recent: int, cures: bool) -> None:
    pace = Pace(recent_money_fen=recent, recent_additions=1)
    (finding,) = found("W01", project(400_000_00, pace=pace))

    assert finding.doubts == (Doubt(DoubtKind.RECENT_MONEY, 1, recent, cures),)


def test_refunds_that_wait_cure_nothing_and_are_not_named() -> None:
    (finding,) = found("W01", project(1, could_be=Waiting(1, -5, date(2025, 1, 2))))

    assert finding.doubts == ()


@pytest.mark.parametrize("as_of", [date(2025, 12, 31), date(2026, 1, 20)])
def test_after_the_year_a_lag_is_recorded_for_the_office_without_a_mail(as_of: date) -> None:
    (lag,) = found("W01", project(BUDGET // 2, as_of))

    assert (lag.period, lag.quiet, lag.for_office) == ("12", True, True)


def test_after_the_closing_day_leads_are_warned_of_nothing() -> None:
    closing = rules({"year_end": {"closing_day": "12-20"}})
    late = project(1, date(2025, 12, 21))

    assert [each.for_office for each in judge(late, settings=closing).findings].count(False) == 0
    assert any(not each.for_office for each in judge(project(1, date(2025, 12, 20))).findings)


@given(
    paid=st.integers(-100, 120_000_000),
    more=st.integers(1, 50_000_000),
    as_of=st.dates(date(2025, 1, 1), date(2026, 2, 1)),
)
def test_more_paid_never_raises_the_severity_of_a_lag(paid: int, more: int, as_of: date) -> None:
    on = rules({"W11": {"on": True}})

    def weights(paid_fen: int) -> dict[str, int]:
        grades = {"lag": 0, "W03": 0, "W11": 0}
        for each in judge(project(paid_fen, as_of), settings=on).findings:
            rule = "lag" if each.rule in ("W01", "W02") else each.rule
            if rule in grades:
                grades[rule] = each.severity.weight
        return grades

    before, after = weights(paid), weights(paid + more)
    assert all(after[rule] <= before[rule] for rule in before)


@given(st.permutations([1, 2, 3, 4, 5]), st.lists(st.integers(-5, BUDGET), min_size=5, max_size=5))
def test_the_same_facts_give_the_same_findings_in_any_order(
    order: list[int], paid: list[int]
) -> None:
    def facts(number: int) -> ProjectFacts:
        return project(paid[number - 1], code=f"P{number}")

    assert judge(*map(facts, order)) == judge(*map(facts, range(1, 6)))


@given(
    shares=st.dictionaries(st.integers(1, 12), st.none(), min_size=1),
    as_of=st.dates(date(2025, 1, 1), date(2025, 12, 30)),
    paid=st.integers(-5, BUDGET),
)
def test_a_plan_of_blanks_raises_nothing_but_that_there_is_none(
    shares: dict[int, int | None], as_of: date, paid: int
) -> None:
    only = rules({"W07": {"on": False}})
    judged = judge(project(paid, as_of, plan=shares), settings=only)

    assert {each.rule for each in judged.findings} == {"W10"}


def test_an_override_holds_for_its_units_alone() -> None:
    lax = rules(
        {"override": [{"rule": "W01", "unit": "430", "yellow_ratio": 70, "yellow_lag": 20}]}
    )
    mine, other = project(380_000_00), project(380_000_00, unit="507001")

    assert [each.severity for each in found("W01", mine, settings=lax)] == [Grade.NOTICE]
    assert [each.severity for each in found("W01", other, settings=lax)] == [Grade.YELLOW]


def test_an_override_by_fund_can_switch_a_rule_off() -> None:
    off = rules({"override": [{"rule": "W02", "fund": "政府性基金", "on": False},
                              {"rule": "W01", "fund": "政府性基金", "on": False}]})  # fmt: skip

    assert judge(project(0, fund="政府性基金预算资金"), settings=off).findings == ()
    assert len(judge(project(0, fund="一般公共预算资金"), settings=off).findings) == 1
    assert off.by_fund


def test_of_two_overrides_that_fit_the_later_holds() -> None:
    both = rules({"override": [{"rule": "W01", "unit": "430001", "red_ratio": 10},
                               {"rule": "W01", "unit": "430", "red_ratio": 20}]})  # fmt: skip

    assert both.book().of("430001").red_ratio_bp == 2_000


def test_recipients_can_be_set_for_all_and_for_some_units() -> None:
    set_ = rules(
        {"W01": {"to": "office"}, "override": [{"rule": "W01", "unit": "43", "to": "lead"}]}
    )

    assert set_.audience("W01", "507001") is Audience.OFFICE
    assert set_.audience("W01", "430001") is Audience.LEAD
    (finding,) = found("W01", project(1, unit="507001"), settings=set_)
    assert finding.for_office


def test_the_shipped_rules_read_as_the_defaults() -> None:
    tables = tomllib.loads((CONFIG / "alerts.toml").read_text("utf-8"))
    tables |= tomllib.loads((CONFIG / "calendar.toml").read_text("utf-8"))

    shipped = AlertRules.from_toml(tables)

    recipients = {rule.id: rule.audience for rule in WARNING_RULES.values()}
    assert shipped == AlertRules(recipients=recipients, next_step=shipped.next_step)
    assert shipped.next_step
    assert shipped.thresholds.floors == SICHUAN_2025


def test_every_value_of_the_rules_can_be_set() -> None:
    read = rules(
        {
            "W01": {"yellow_ratio": "82.5", "yellow_lag": 5, "red_ratio": "50%", "quiet_lag": 0,
                    "quiet_yuan": "0.5万元", "recent_money_days": 10},
            "W02": {"on": False},
            "W03": {"notice_days": 20, "yellow_days": 10, "red_working_days": 3},
            "W05": {"idle_days": 60},
            "W06": {"december_share": 30, "week_share": 50},
            "W07": {"from": "10-01", "unspent_share": 10},
            "W08": {"working_days": 5},
            "W09": {"days": 3, "amount_yuan": 5},
            "W11": {"on": True, "table": "本县"},
            "floors": {"本县": {"09": 75, "06": 50}},
            "mail": {"answer_days": 5, "office_phone": "1", "legal_basis": "甲", "next_step": "乙"},
            "service": {"check_time": "07:05", "weekly_day": "fri", "off": ["inbox"]},
            "year_end": {"soft_wording_from": "10-15", "closing_day": "12-25"},
            "sending": {"from": "09:00", "until": "17:30"},
            "calendar": {"holidays": ["2027-01-04"], "workdays": [date(2027, 1, 9)]},
        }
    )  # fmt: skip

    on = frozenset(WARNING_RULES) - {"W02"}
    assert read.thresholds == Thresholds(
        on, 8_250, 500, 5_000, 0, 500_000, 10, 20, 10, 3, 60, 3_000, 5_000, (10, 1), 1_000, 5, 3,
        500, ((6, 5_000), (9, 7_500)),
    )  # fmt: skip
    assert read.limits == Limits(8_250, 500, 5_000)
    assert "W02" not in read.rules
    assert "W11" in read.rules
    assert (read.answer_days, read.check_time, read.closing_day) == (5, time(7, 5), (12, 25))
    assert (read.opens, read.closes) == (time(9), time(17, 30))
    assert (read.weekly_day, read.jobs_off) == (4, frozenset({"inbox"}))
    assert not read.calendar.is_working(date(2027, 1, 4))
    assert read.calendar.is_working(date(2027, 1, 9))


WRONG = {
    "W01": {"yellow_ratio": 0.8, "red_ratio": 101, "yellow_lag": "1.234", "blue": 1,
            "quiet_yuan": -1},
    "W02": {"on": "ja", "to": "mayor"},
    "W05": {"idle_days": 400},
    "W11": {"table": "某省"},
    "floors": {"甲": {"13": 1}, "乙": {"03": 30, "06": 20}},
    "override": [{"rule": "W20", "unit": "1"}, {"rule": "W01"}, {"rule": "W08", "unit": "1"},
                 {"rule": "W09", "fund": "x"}, {"rule": "W01", "unit": "1", "red_ratio": 90},
                 {"rule": "W01", "fund": "x", "to": "lead"}],
    "mail": {"answer_days": True, "legal_basis": 1},
    "service": {"check_time": "25:00"},
    "year_end": {"soft_wording_from": "11-31"},
    "calendar": {"holidays": ["morgen"]},
    "colours": {},
}  # fmt: skip


def test_all_mistakes_in_the_rules_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        rules(WRONG)

    text = str(refused.value)
    assert "有 23 处错误" in text
    for said in ("W01.yellow_ratio", "W01.red_ratio", "W01.yellow_lag", "W01.blue", "quiet_yuan",
                 "W02.on", "W02.to", "W05.idle_days", "W11.table", "floors.甲", "floors.乙",
                 "第 1 个 override.rule", "第 2 个 override", "第 3 个 override.rule",
                 "第 4 个 override.rule", "第 5 个 override：W01.red_ratio：不能大于",
                 "第 6 个 override.to", "mail.answer_days", "legal_basis", "check_time",
                 "soft_wording_from", "calendar.holidays", "colours"):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ({"W01": {"yellow_ratio": 50, "red_ratio": 60}}, "不能大于 yellow_ratio"),
        ({"W03": {"notice_days": 10}}, "不能大于 notice_days"),
        ({"sending": {"from": "18:00"}}, "不能早于 from"),
        ({"W01": True}, "应为一节"),
        ({"override": {"rule": "W01"}}, r"应写成 \[\[override\]\]"),
    ],
)
def test_values_that_contradict_each_other_are_refused(toml: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        rules(toml)


def test_every_rule_has_a_name_and_a_meaning() -> None:
    assert list(WARNING_RULES) == [f"W{number:02d}" for number in range(1, 13)]
    assert all(rule.name and rule.meaning.endswith("。") for rule in WARNING_RULES.values())
    assert not WARNING_RULES["W11"].on
    leads = {rule.id for rule in WARNING_RULES.values() if rule.audience is Audience.LEAD}
    assert leads == {"W01", "W02", "W03", "W11", "W12"}


def test_check_without_settings_judges_by_the_defaults() -> None:
    from monitor.alerts.facts import Facts

    assert check(Facts(2025, date(2025, 6, 30), (project(0),))) == judge(project(0))
