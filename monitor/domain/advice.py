"""What a reviewer strikes out of a project's indicators (domain notes, section 2), as advice.

Nothing here changes a figure or a point: the draft says it beside the form, and people decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.domain.codes import normalise_name
from monitor.domain.target import Indicator
from monitor.domain.target_value import ValueKind


@dataclass(frozen=True, slots=True)
class AdviceRules:
    """rules/advice.toml. Words are regular expressions; `level2` says where words belong.

    `same_least` and `copied_least` are characters.
    """

    payment: tuple[str, ...]
    paid: tuple[str, ...]
    payment_exceptions: tuple[str, ...]
    vague: tuple[str, ...]
    survey: tuple[str, ...]
    level2: tuple[tuple[str, tuple[str, ...]], ...]
    ignored: tuple[str, ...]
    same_least: int
    copied_least: int


@dataclass(frozen=True, slots=True)
class Filled:
    """An indicator with what has been filled in: 实际完成值 and 佐证资料, empty where nothing."""

    indicator: Indicator
    actual: str = ""
    evidence: str = ""

    @property
    def name(self) -> str:
        return self.indicator.level3 or self.indicator.description or self.indicator.level2


@lru_cache(maxsize=256)
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of the words; for none it never matches."""
    return re.compile("|".join(f"(?:{word})" for word in words) or r"(?!)")


def has(words: tuple[str, ...], text: str) -> bool:
    return bool(_any(words).search(text))


def advise(filled: Sequence[Filled], rules: AdviceRules) -> tuple[str, ...]:
    """One line of Chinese for each kind of fault, naming the indicators that have it."""
    lines = []
    for is_faulty, say in _KINDS:
        named = _names(each for each in filled if is_faulty(each, rules))
        if named:
            lines.append(say.format(names=named))
    return (*lines, *_repeated(filled, rules), *_misplaced(filled, rules))


def _names(filled: Iterable[Filled]) -> str:
    return "".join(dict.fromkeys(f"“{each.name}”" for each in filled))


def _repeats_payment(each: Filled, rules: AdviceRules) -> bool:
    """支付经费数量 100 %: says that money was paid, which 执行率 says already."""
    name, value = normalise_name(each.indicator.level3), each.indicator.value
    if has(rules.payment_exceptions, name):
        return False
    is_share = value.kind is ValueKind.NUMBER and value.unit == "%"
    counts_money = "数量" in each.indicator.level2 and is_share and has(rules.paid, name)
    return counts_money or has(rules.payment, name)


def _is_vague(each: Filled, rules: AdviceRules) -> bool:
    """A target in words that nobody can hold against anything, or that only says the name."""
    if each.indicator.value.kind is not ValueKind.TEXT or "成本" in each.indicator.level2:
        return False  # 不超出预算 is a limit in words
    said = normalise_name(each.indicator.target)
    named = [normalise_name(each.indicator.level3), normalise_name(each.indicator.description)]
    return said in named or (has(rules.vague, said) and not re.search(r"\d", said))


def _has_no_figure(each: Filled, rules: AdviceRules) -> bool:  # noqa: ARG001
    """No target, a number without a unit, or a quantity that is none."""
    value = each.indicator.value
    if value.kind is ValueKind.NUMBER:
        return not value.unit
    is_quantity = "数量" in each.indicator.level2
    return value.kind is ValueKind.BLANK or (is_quantity and value.kind is not ValueKind.RANGE)


_COUNT = re.compile("(?:人数|次数|数量|面积|场次|批次|个数|户数|件数)$")
_RATE = re.compile("(?<![效频功])率$")


def _misfits_unit(each: Filled, rules: AdviceRules) -> bool:
    """A count with a target in %, a rate with one in 人."""
    value, name = each.indicator.value, normalise_name(each.indicator.level3)
    if value.kind is not ValueKind.NUMBER or not value.unit or _repeats_payment(each, rules):
        return False
    name = re.sub(r"\([^()]*\)$", "", name)
    is_share = value.unit in ("%", "‰", "百分点", "个百分点")
    return bool((is_share and _COUNT.search(name)) or (not is_share and _RATE.search(name)))


def _is_unproven(each: Filled, rules: AdviceRules) -> bool:
    return bool(each.actual) and not each.evidence and not _is_unsurveyed(each, rules)


def _is_unsurveyed(each: Filled, rules: AdviceRules) -> bool:
    """Satisfaction that somebody filled in and no survey is named for."""
    about = each.indicator.level2 + each.indicator.level3
    told = each.evidence + each.actual
    return "满意" in about and bool(each.actual) and not has(rules.survey, told)


_KINDS: tuple[tuple[Callable[[Filled, AdviceRules], bool], str], ...] = (
    (_repeats_payment, "只重复资金支付：{names}。执行率已经反映，宜改为办成的事。"),
    (_is_vague, "指标值空泛，无法衡量：{names}。宜写明可以核对的结果。"),
    (_has_no_figure, "指标值没有数值或计量单位：{names}。宜写明数值和单位。"),
    (_misfits_unit, "指标值的单位与指标不相称：{names}。请核对指标名称和指标值。"),
    (_is_unproven, "填了实际完成值而没有佐证资料：{names}。请注明依据的文件、台账或记录。"),
    (_is_unsurveyed, "满意度没有写明怎样调查：{names}。请注明问卷、访谈等的时间和份数。"),
)


def _repeated(filled: Sequence[Filled], rules: AdviceRules) -> Iterator[str]:
    """The same indicator twice, or so nearly that only filling words differ."""
    alike: defaultdict[str, list[Filled]] = defaultdict(list)
    for each in filled:
        bare = _any(rules.ignored).sub("", normalise_name(each.indicator.level3))
        bare = re.sub(r"[^\w]|_", "", bare)
        if len(bare) >= rules.same_least:
            alike[bare].append(each)
    for members in alike.values():
        if len(members) > 1:
            named = "".join(f"“{each.name}”（{each.indicator.level2}）" for each in members)
            yield f"指标重复：{named}。宜合并或改为不同的指标。"


def _misplaced(filled: Sequence[Filled], rules: AdviceRules) -> Iterator[str]:
    """A level 3 that says by itself that it belongs under another level 2."""
    for each in filled:
        own = each.indicator.level2
        belongs = _belongs(normalise_name(each.indicator.level3), dict(rules.level2))
        if own and belongs and not any(level2 in own for level2 in belongs):
            yield f"“{each.name}”放在{own}下，像是{belongs[0]}指标。请核对二级指标。"


def _belongs(name: str, level2: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [kind for kind, words in level2.items() if has(words, name)]
