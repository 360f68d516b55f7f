"""完成目标可能性: what the facts speak for (monitoring form of 财预〔2019〕136号, section 1c)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.calendar import CHINA
from monitor.domain.likelihood import Likelihood, Reached, propose, run_rate
from monitor.domain.progress import Account, Standing, stand
from monitor.domain.target import PlanPoint
from monitor.domain.target_value import parse_target
from monitor.domain.warning import Acknowledgement

SURE, MAYBE, NEVER = Likelihood
JULY = date(2025, 7, 31)
PLAN = tuple(PlanPoint(m, bp) for m, bp in ((3, 2500), (6, 5000), (9, 7500), (12, 10_000)))


def standing(
    paid: int = 500_000, as_of: date = JULY, plan: tuple[PlanPoint, ...] = PLAN
) -> Standing:
    """Of a project of 10,000.00 yuan; half of it is due by the end of June."""
    budget = 1_000_000
    account = Account(2025, "623001", "馆", "P1", "下乡", budget, budget, paid, 1, plan)
    return stand(account, as_of)


def word(target: str, reached: Reached = Reached(), **more: object) -> Likelihood | None:
    proposal = propose(parse_target(target, 2025), reached, more.pop("at", standing()), **more)  # type: ignore[arg-type]
    return proposal.likelihood if proposal else None


@pytest.mark.parametrize(
    ("target", "number", "expected"),
    [
        ("≥12场", "12", SURE),  # reached already
        ("≥12场", "7", SURE),  # 7/12 of the year, exactly 7 of 12
        ("≥12场", "6.99", MAYBE),
        ("≥12场", "0", MAYBE),
        (">12场", "12", SURE),  # not above 12 yet, but ahead of time progress
        ("≥95%", "95", SURE),
        ("≥95%", "94.99", MAYBE),  # a level does not grow with the months
        ("≤5个工作日", "5", SURE),
        ("≤5个工作日", "5.01", MAYBE),
        ("≤12吨", "7", SURE),
        ("≤12吨", "7.01", MAYBE),  # at this pace above the limit by December
        ("≤12吨", "12.01", NEVER),  # a limit that is passed cannot be kept any more
        ("<12吨", "12", NEVER),
        ("10-12次", "10", SURE),
        ("10-12次", "12.01", NEVER),
        ("10-12次", "5", MAYBE),
        ("90%-95%", "96", MAYBE),
    ],
)
def test_a_number_is_held_against_target_and_time_progress(
    target: str, number: str, expected: Likelihood
) -> None:
    assert word(target, Reached(number=Decimal(number))) is expected


def test_a_looser_pace_can_be_set() -> None:
    reached = Reached(number=Decimal(6))

    assert word("≥12场", reached, sure_bp=8_000) is SURE  # 6 ≥ 12 × 7/12 × 80 %
    assert word("≥12场", reached, sure_bp=9_000) is MAYBE


@pytest.mark.parametrize(
    ("done", "expected"),
    [(date(2025, 6, 30), SURE), (date(2025, 7, 1), NEVER)],
)
def test_a_day_is_kept_or_missed_for_good(done: date, expected: Likelihood) -> None:
    assert word("2025年6月30日前", Reached(day=done)) is expected


def test_of_a_day_that_is_over_and_not_reported_nothing_is_proposed() -> None:
    assert word("2025年6月30日前") is None
    assert word("2025年11月30日前") is SURE  # not over yet: the money speaks


@pytest.mark.parametrize(
    ("paid", "expected", "because"),
    [
        (500_000, SURE, "尚无填报；执行率50.00%，达到6月底计划50.00%"),
        (499_999, MAYBE, "尚无填报；执行率50.00%，低于6月底计划50.00%（提示滞后）"),
        (0, MAYBE, "尚无填报；执行率0.00%，低于6月底计划50.00%（红色滞后）"),
    ],
)
def test_where_nobody_reported_the_plan_of_payment_speaks(
    paid: int, expected: Likelihood, because: str
) -> None:
    proposal = propose(parse_target("≥12场"), Reached(), standing(paid))

    assert proposal is not None
    assert (proposal.likelihood, proposal.because) == (expected, because)


def test_without_report_and_due_checkpoint_nothing_is_proposed() -> None:
    assert word("≥12场", at=standing(as_of=date(2025, 2, 28))) is None
    assert word("≥12场", at=standing(plan=(PlanPoint(6, None),))) is None
    assert word("≥12场", at=standing(plan=(PlanPoint(6, 0),))) is None  # nothing was due


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        (580_821, SURE),  # × 365 / 212 days = 10,000.00 yuan, rounded
        (580_823, MAYBE),
        (1_000_000, MAYBE),
        (1_000_001, NEVER),
    ],
)
def test_a_limit_of_the_cost_is_held_against_paid_and_pace(paid: int, expected: Likelihood) -> None:
    assert word("≤1万元", at=standing(paid), cap_fen=1_000_000) is expected


def test_yes_or_no_is_taken_as_reported() -> None:
    assert word("是/否", Reached(met=True)) is SURE
    assert word("是/否", Reached(met=False)) is MAYBE


def test_a_unit_that_cancels_gives_the_target_up_unless_it_answers_again() -> None:
    def answer(what: str) -> Acknowledgement:
        at = datetime(2025, 7, 1, tzinfo=CHINA)
        return Acknowledgement("项目取消或调整", "", what, "", None, "张三", at, "张三")

    again = [answer("取消"), answer("继续执行")]

    assert word("≥12场", Reached(number=Decimal(12)), answers=again[:1]) is NEVER
    assert (
        word("≥12场", Reached(number=Decimal(12)), answers=[answer("取消"), answer("继续执行")])
        is SURE
    )


def test_only_what_is_not_sure_needs_a_reason() -> None:
    assert [each.needs_reason for each in Likelihood] == [False, True, True]


def test_the_pace_is_told_until_the_last_day_of_the_year() -> None:
    assert run_rate(standing(212_000)).estimate_fen == 365_000  # 212 days until 31 July


@given(
    st.sampled_from(["≥12场", "≥95%", "=12场"]),
    st.decimals(0, 200, places=2),
    st.decimals(0, 200, places=2),
)
def test_more_done_never_makes_a_target_less_likely(
    target: str, one: Decimal, other: Decimal
) -> None:
    order = list(Likelihood)
    less, more = (word(target, Reached(number=each)) for each in sorted((one, other)))

    assert less is not None
    assert more is not None
    assert order.index(more) <= order.index(less)
