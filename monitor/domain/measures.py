"""Units of measure in target values: 人次, 平方米, 元/人; percent in all its spellings."""

from __future__ import annotations

import re

_PERCENT = {"%", "比率", "百分比", "(%)", "(百分比)", "%比率"}
_MEASURE_WORDS = """
个 人 名 位 次 人次 批 批次 场 场次 件 项 套 台 辆 部 户 家 所 处 座 栋 幢 条 份 篇 期 册 本 张 幅
块 间 株 棵 头 只 口 眼 盏 支 队 班 届 轮 遍 班次 车次 课时 学时 学分 分 元 角 万元 亿元 千元 美元
平方米 平米 平方公里 立方米 立方 公里 千米 米 厘米 毫米 亩 公顷 吨 千克 公斤 克 毫克 微克 升 毫升
千瓦 千瓦时 度 分贝 年 月 日 天 周 小时 分钟 秒 工作日 个工作日 自然日 个自然日 个月 季度
个百分点 百分点 ‰ ℃ ㎡ m² m³ m2 m3 km kg t
"""
_MEASURES = frozenset(_MEASURE_WORDS.split())
_COUNTED = ("数", "数量")
_SCALES = ("", "万", "亿", "千", "百", "百万", "千万")
_DOUBT = re.compile(
    r"[-\d%,.，、。:：;；≥≤<>=+~()（）“”\"!！?？]|左右|上下|大约|或|和|至|到|以|前|后|不|较|完成|均"
)
_LONGEST = 10


def unit_of(text: str, *, any_noun: bool = False) -> str | None:
    """The unit that `text` is, percent unified to %; '' for no text, None in doubt.

    `any_noun`: a short noun that is no known measure will do (`≥3个乡镇`).
    """
    if text in _PERCENT:
        return "%"
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    parts = re.split(r"[/／每·]", inner)
    if not inner or all(_is_measure(part) for part in parts):
        return inner
    return inner if any_noun and len(inner) <= _LONGEST and not _DOUBT.search(inner) else None


def _is_measure(part: str) -> bool:
    bare = next((part.removesuffix(end) for end in _COUNTED if part.endswith(end)), part)
    return any(bare.removeprefix(scale) in _MEASURES for scale in _SCALES if bare.startswith(scale))
