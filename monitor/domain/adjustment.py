"""Adjustments of a budget during the year (预算调整): what kinds there are, and their signs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AdjustmentKind(StrEnum):
    """追加 and 结转 add, 调减 and 收回 take away, 调剂 moves from one project to another."""

    ADD = "追加"
    CUT = "调减"
    RECALL = "收回"
    CARRY = "结转"
    MOVE = "调剂"

    @property
    def adds(self) -> bool:
        return self in (AdjustmentKind.ADD, AdjustmentKind.CARRY)

    @property
    def usual_fund(self) -> Fund:
        """The fund where none is written: money carried over is last year's."""
        return Fund.CARRIED if self is AdjustmentKind.CARRY else Fund.FISCAL


class Fund(StrEnum):
    """资金性质."""

    FISCAL = "当年财政拨款"
    CARRIED = "上年结转"
    OTHER = "其他资金"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One adjustment by one document (文号). `amount_fen` is above 0; the kind has the sign.

    `giver` loses the amount and `taker` gets it: project codes, '' where there is none. Only a
    调剂 has both.
    """

    kind: AdjustmentKind
    amount_fen: int
    fund: Fund
    effective: date
    document_number: str
    giver: str
    taker: str
    note: str = ""

    @property
    def signed(self) -> tuple[tuple[str, int], ...]:
        """Each project's code with what the adjustment adds to its budget."""
        taken = ((self.giver, -self.amount_fen),) if self.giver else ()
        given = ((self.taker, self.amount_fen),) if self.taker else ()
        return taken + given

    @property
    def is_whole(self) -> bool:
        """Whether the projects named are those that the kind needs."""
        if self.kind is AdjustmentKind.MOVE:
            return bool(self.giver and self.taker and self.giver != self.taker)
        needed, other = (self.taker, self.giver)[:: 1 if self.kind.adds else -1]
        return bool(needed) and not other

    @property
    def same_as(self) -> tuple[object, ...]:
        """What two records of one adjustment have in common; the note may be worded anew."""
        return (
            self.kind,
            self.amount_fen,
            self.fund,
            self.effective,
            "".join(self.document_number.split()),
            self.giver,
            self.taker,
        )
