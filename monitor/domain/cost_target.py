"""Cost indicators (成本指标) that limit the whole project's cost: payments can decide these."""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.domain.codes import normalise_name
from monitor.domain.money import MoneyUnit
from monitor.domain.target import Indicator, Project
from monitor.domain.target_value import TargetValue, ValueKind

# A phrase about the project as a whole is made of these words alone: any other word may name a
# part of it (会议费), a price for one (人均), or a ratio (完成率), which payments do not decide.
_WHOLE = (
    "(?:本?项目|当年|本年|年度|全年|实际|总|资金|经费|成本|费用|支出|投入|金额|使用|执行|规模"
    "|预算|财政|控制|指标|严格|合理|有效|确保|保证|数|额|的|均)*"
)
_BUDGET = (
    "(?:本?项目|年初|年度|全年|批复|下达|批准|核定|财政|的)*预算"
    "(?:资金|金额|成本|经费|批复|安排|指标|控制数|总额|数|额|的)*"
)
_FISCAL = "财政(?:支持|拨款|安排|批复)?(?:经费|资金|金额|拨款)"
_OVER = "(?:不|未|没有|不得|不能)(?:超出|超过|超|突破|高于|大于)"
_WITHIN = "(?:控制|严控|控)(?:在|于)"
_INSIDE = "(?:之内|以内|范围之内|范围以内|范围内|内)"

_SUBJECT = re.compile(_WHOLE)
_CAP = re.compile(
    f"{_WHOLE}(?:{_OVER}(?:{_BUDGET}|(?P<fiscal>{_FISCAL}))|{_WITHIN}{_BUDGET}{_INSIDE})"
)
_PRICE = re.compile("人均|每|单价|单位|标准|定额")


def is_cost(indicator: Indicator) -> bool:
    """Whether it is about money spent: 成本指标, 经济成本指标; not 社会成本, 生态环境成本."""
    named = indicator.level2 or indicator.level1
    return "成本" in named and not re.search("社会|生态|环境", named)


def as_meant(indicator: Indicator) -> TargetValue:
    """Its target: a sum of money without a sign is a limit where it is a cost."""
    value = indicator.value
    if is_cost(indicator) and value.comparison == "=" and value.unit in tuple(MoneyUnit):
        return replace(value, comparison="≤")
    return value


def cost_cap_fen(indicator: Indicator, project: Project, budget_fen: int) -> int | None:
    """What the project may cost in all by this indicator, in fen; None where it is not about that.

    Either a sum of money (≤, = or no sign) equal to the project's budget, as the document has it
    or as now in force (`budget_fen`), or words that the cost stays within the budget, as the
    target itself or as the question of a yes/no target.
    """
    if not is_cost(indicator):
        return None
    if indicator.value.kind is ValueKind.NUMBER:
        return _stated_sum(indicator, {project.budget_fen, budget_fen})
    if indicator.value.kind in (ValueKind.YES_NO, ValueKind.TEXT):
        return budget_fen if _says_within_budget(indicator, project) else None
    return None


def _stated_sum(indicator: Indicator, budgets: set[int | None]) -> int | None:
    value = indicator.value
    if value.number is None or value.comparison not in ("", "=", "≤"):
        return None
    if value.unit not in tuple(MoneyUnit) or _PRICE.search(_words(indicator)):
        return None
    fen = value.number * MoneyUnit(value.unit).fen
    return int(fen) if fen in budgets else None


def _says_within_budget(indicator: Indicator, project: Project) -> bool:
    """Whether each of its texts is about the whole project, and one of them sets the limit."""
    texts = [indicator.level3, indicator.description]
    if indicator.value.kind is ValueKind.TEXT:
        texts.append(indicator.target)
    plain = [re.sub(r"[,，。.；;、:：]", "", normalise_name(text)) for text in texts]
    caps = [_CAP.fullmatch(text) for text in plain]
    if not all(cap or _SUBJECT.fullmatch(text) for cap, text in zip(caps, plain, strict=True)):
        return False
    fiscal_is_all = project.fiscal_fen == project.budget_fen
    return any(cap and (fiscal_is_all or not cap["fiscal"]) for cap in caps)


def _words(indicator: Indicator) -> str:
    return indicator.level3 + indicator.description + indicator.target
