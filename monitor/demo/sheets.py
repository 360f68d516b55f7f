"""The 绩效目标表 of all projects as the county means them: the truth about its targets."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.demo.dice import Dice
from monitor.demo.indicators import Row, indicators
from monitor.demo.kinds import KINDS, Kind
from monitor.demo.plans import draw_plan
from monitor.demo.units import DIVISION, UNITS, Unit
from monitor.demo.works import WORKS, Work
from monitor.domain.codes import check_character
from monitor.domain.money import MoneyUnit
from monitor.domain.target import PlanPoint

_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_OLDER_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_YUAN_FEN, _WAN_FEN = 100, 1_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One project's target table. Amounts in fen; `unit_name` as the document's unit line has it.

    `purpose_lines` are the lines of the purpose's cell; `work` tells its kind and habits.
    """

    year: int
    unit: Unit
    project_code: str
    project_name: str
    budget_fen: int
    fiscal_fen: int
    other_fen: int | None
    purpose_lines: tuple[str, ...]
    plan: tuple[PlanPoint, ...]
    goals: tuple[str, ...]
    indicators: tuple[Row, ...]
    kind: Kind

    @property
    def unit_code(self) -> str:
        return self.unit.code

    @property
    def unit_name(self) -> str:
        return self.unit.written

    @property
    def money_unit(self) -> MoneyUnit:
        return self.unit.money_unit

    @property
    def purpose(self) -> str:
        return " ".join(self.purpose_lines)

    @property
    def plan_bp(self) -> dict[int, int | None]:
        return {point.month: point.planned_bp for point in self.plan}


def draw_sheets(year: int, seed: str) -> tuple[Sheet, ...]:
    """All projects of the county, unit by unit, in the order of their documents."""
    sheets = []
    for unit in UNITS:
        works = WORKS[unit.code]
        codes = _draw_codes(year, unit, len(works), Dice(f"{seed}/codes/{unit.code}"))
        sheets += [_draw_sheet(year, unit, *each, seed) for each in zip(works, codes, strict=True)]
    return tuple(sheets)


def _draw_sheet(year: int, unit: Unit, work: Work, code: str, seed: str) -> Sheet:
    dice = Dice(f"{seed}/sheet/{unit.code}/{work.name}")
    kind = KINDS[work.kind]
    budget_fen = _draw_budget(work.budget, unit.money_unit, dice)
    other_fen = _draw_other(budget_fen, unit, dice)
    goals = [goal.format(name=work.name) for goal in kind.goals]
    return Sheet(
        year=year,
        unit=unit,
        project_code=code,
        project_name=work.name,
        budget_fen=budget_fen,
        fiscal_fen=budget_fen - (other_fen or 0),
        other_fen=other_fen,
        purpose_lines=tuple(work.purpose.split("\n")),
        plan=draw_plan(unit.checkpoints, dice),
        goals=tuple(dice.sample(goals, dice.between(1, len(goals)))),
        indicators=indicators(kind, year=year, budget_fen=budget_fen, bases=unit.bases, dice=dice),
        kind=kind,
    )


def _draw_budget(usual: int, money_unit: MoneyUnit, dice: Dice) -> int:
    """Near the usual budget (in 万元): round in most documents, to the fen in some."""
    if not dice.happens(30):
        return usual * _WAN_FEN
    to_the_fen = money_unit is MoneyUnit.YUAN or dice.happens(20)
    step = 1 if to_the_fen else 100 * _YUAN_FEN
    return usual * _WAN_FEN + dice.below(_WAN_FEN // step) * step


def _draw_other(budget_fen: int, unit: Unit, dice: Dice) -> int | None:
    """Other funds: a fifth of the budget in some projects, else 0 or blank by the unit's habit."""
    if dice.happens(6):
        whole = 100 * _YUAN_FEN
        return budget_fen // 5 // whole * whole
    return 0 if unit.style.other.strip() else None


def _draw_codes(year: int, unit: Unit, count: int, dice: Dice) -> list[str]:
    """Codes of 21 characters, as many earlier and older ones among them as the unit has.

    The year in a code is the project's first, at most three before the document's.
    """
    earlier = set(dice.sample(range(count), unit.earlier))
    older = set(dice.sample(range(count), unit.older))
    codes = []
    for number in range(count):
        first_year = year - dice.between(1, 3) if number in earlier else year
        head = f"{DIVISION}{first_year % 100:02d}"
        codes.append(
            _older_code(head, dice) if number in older else _code(head, unit, number, dice)
        )
    return codes


def _older_code(head: str, dice: Dice) -> str:
    """Letters and digits without a rule; a P would stand for the newer kind."""
    return head + dice.pick(_OLDER_LETTERS.replace("P", "")) + _letters(_OLDER_LETTERS, 12, dice)


def _code(head: str, unit: Unit, number: int, dice: Dice) -> str:
    stem = f"{head}P00{_letters(_CODE_LETTERS, 3, dice)}{unit.code[:3]}{number + 1:03d}"
    return stem + (check_character(stem) or "")


def _letters(alphabet: str, count: int, dice: Dice) -> str:
    return "".join(dice.pick(alphabet) for _ in range(count))
