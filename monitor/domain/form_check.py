"""Every contradiction in a filled self-assessment form, all of them at once.

The checks are those of a reviewer and the mistakes found in published forms (domain notes, 1a),
with D6 to D13. The same checks go over our own drafts before they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.domain import form_kinds as kinds
from monitor.domain.filled_form import FilledForm, FormCell, squeezed
from monitor.domain.form_fund_checks import check_funds
from monitor.domain.form_indicator_checks import check_indicators
from monitor.domain.scoring_rules import ScoringRules
from monitor.errors import Diagnostic, Severity


def check(form: FilledForm, rules: ScoringRules) -> list[Diagnostic]:
    """What contradicts itself in `form`, errors first, each with its place; none where all is
    right. Cells that say 待填 are no contradiction; a note counts them."""
    found = [
        *_parts(form),
        *check_funds(form, rules),
        *_goals(form),
        *check_indicators(form, rules),
        *_open(form),
    ]
    order = list(Severity)
    return sorted(found, key=lambda each: order.index(each.severity))


def _parts(form: FilledForm) -> Iterator[Diagnostic]:
    if form.name is None or form.name.is_blank:
        place = form.name.place if form.name else form.place
        yield kinds.PART_MISSING.at(place, part="项目名称")
    if not form.funds:
        yield kinds.PART_MISSING.at(form.place, part="项目资金")
    if not any(not row.is_printed_only for row in form.indicators):
        yield kinds.PART_MISSING.at(form.place, part="绩效指标")
    if form.total_points is None:
        yield kinds.PART_MISSING.at(form.place, part="总分")


def _goals(form: FilledForm) -> Iterator[Diagnostic]:
    for cell, kind, column in (
        (form.expected, kinds.GOAL_BLANK, "预期目标"),
        (form.achieved, kinds.ACHIEVED_BLANK, "实际完成情况"),
    ):
        if cell is None:
            yield kinds.PART_MISSING.at(form.place, part=f"年度总体目标的{column}")
        elif cell.is_blank:
            yield kind.at(cell.place)
        elif cell.says and is_money_sentence(cell.content, form.title):
            yield kinds.GOAL_IS_MONEY.at(cell.place, cell.text, column=column)


_MONEY = re.compile(r"[\d.,，]+(?:亿|百万|万|千)?元(?:人民币)?|资金|经费|预算|拨款|款项")
_ABOUT_MONEY = re.compile(
    r"[\d.,，]+(?:亿|百万|万|千)?元(?:人民币)?|[\d.]+%|20\d\d年?度?|\d+月(?:\d+日|底|末)?"
    r"|项目|专项|补助|财政|预算|资金|经费|拨款|款项|费用|金额|总额|支出|支付|拨付|下达|到位|使用"
    r"|执行|安排|发放|核算|结算|上级|本级|中央|省级|市级|县级|区级|一般公共|政府性基金|当年|本年"
    r"|全年|年度|年初|年末|年底|年内|按时|及时|足额|全部|全额|严格|合理|合规|规范|专款专用|已经"
    r"|完成|实现|达到|确保|保障|保证|用于|按照|根据|计划|进度|要求|规定|目标|情况|良好"
    r"|共计?|总计|合计|累计|率|数|为|的|了|等|已|按|将|并|和|及|与|内|前|底"
)
_MARKS = re.compile(r"[^\w]|_")
_LEAST_WORDS = 3


def is_money_sentence(text: str, project_name: str = "") -> bool:
    """Whether a goal says nothing but how much is spent on the project: no thing done, no effect
    (1a)."""
    plain = squeezed(text)
    if not _MONEY.search(plain):
        return False
    rest = _MARKS.sub("", _ABOUT_MONEY.sub("", plain.replace(squeezed(project_name) or " ", "")))
    return len(set(re.sub(r"\d", "", rest)) - set(squeezed(project_name))) < _LEAST_WORDS


def _open(form: FilledForm) -> Iterator[Diagnostic]:
    """Counts what must be filled. A reason beside points that are open counts only where it is
    asked for: whether it must be given, the points will tell."""
    cells: list[FormCell] = [cell for cell in form.cells() if cell.is_open]
    later = [row.reason for row in form.indicators if row.points.is_open and _is_bare(row.reason)]
    cells = [cell for cell in cells if not any(cell is each for each in later)]
    if cells:
        yield kinds.STILL_OPEN.at(cells[0].place, cells[0].text, count=len(cells))


def _is_bare(cell: FormCell | None) -> bool:
    """待填 without a word beside it."""
    return cell is not None and cell.is_open and squeezed(cell.text) == "待填"
