"""Whether money and results go together (D14): a remark for people, nothing is deducted."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from monitor.domain.money import WHOLE_BP, percent, round_half_up
from monitor.domain.scoring_rules import ScoringRules


def money_note(
    indicator_points: Decimal,
    indicator_weight: Decimal,
    paid_fen: int,
    budget_fen: int,
    rules: ScoringRules,
) -> str:
    """What is to be said in Chinese where results and money differ much; '' where they do not.

    Two cases (domain notes, D14): the indicators' share of their points exceeds the execution's
    share of its own by more than the limit, relative to it; or more of the budget than the limit
    was not spent. '' too where the set has the note off, or without weights or a budget.
    """
    limits = rules.money_note
    if not limits.on or budget_fen <= 0 or indicator_weight <= 0:
        return ""
    said = []
    achieved = Fraction(indicator_points) / Fraction(indicator_weight)
    spent = min(Fraction(max(paid_fen, 0), budget_fen), Fraction(1))
    if achieved * WHOLE_BP > spent * (WHOLE_BP + limits.share_gap_bp):
        said.append(
            f"指标得分率 {_shown(achieved)} 高于执行得分率 {_shown(spent)} "
            f"{percent(limits.share_gap_bp)} 以上（相对）"
        )
    unspent = Fraction(budget_fen - paid_fen, budget_fen)
    if unspent * WHOLE_BP > limits.unspent_bp:
        said.append(f"预算的 {_shown(unspent)} 未执行，超过 {percent(limits.unspent_bp)}")
    return (
        f"资金与绩效不相称：{'；'.join(said)}，请核实目标是否偏低、预算是否偏高。" if said else ""
    )


def _shown(share: Fraction) -> str:
    return percent(round_half_up(share.numerator * WHOLE_BP, share.denominator))
