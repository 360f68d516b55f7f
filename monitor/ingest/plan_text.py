"""The payment plan (资金支出计划) in the document's own words: checkpoints and shares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from monitor.domain.calendar import checkpoint_name, month_end
from monitor.domain.codes import normalise_name
from monitor.domain.money import WHOLE_BP, NotAShare, parse_bp
from monitor.domain.target import PlanPoint, plan_faults
from monitor.errors import Diagnostic, Kind, Place
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Cell, Row, joined, quoted, says_nothing

_CHINESE = {
    "十": 10,
    "十一": 11,
    "十二": 12,
    **{n: i for i, n in enumerate("一二三四五六七八九", 1)},
}
_MONTH_NAME = r"(\d{1,2}|十[一二]?|[一二三四五六七八九])"
_MONTH = re.compile(rf"{_MONTH_NAME}月(?:份?(?:底|末)|(\d\d)日)")
_QUARTER = re.compile(r"第?([一二三四1-4])季度(?:底|末)?")
_FIRST_QUARTERS = re.compile(r"前([二三两2-3])个?季度")
_NAMED = {"上半年": 6, "上半年末": 6, "年底": 12, "年末": 12, "年终": 12, "全年": 12}
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORDS = 6
"""Chinese characters: a plan in words has more than a checkpoint's name."""
_PREFIX = re.compile(r"^(?:截至|截止|截止到|到|至)?(?:20\d\d年)?")
_SUFFIX = re.compile(r"(?:\(%\)|前|止|累计)$")


def checkpoint_month(text: str) -> int | None:
    """The month at whose end the checkpoint lies: `3月底`, `一季度末`, `截至9月30日`.

    None for other text, a bare `3月` included: it does not say when in March.
    """
    plain = _SUFFIX.sub("", _PREFIX.sub("", normalise_name(text), count=1))
    if plain in _NAMED:
        return _NAMED[plain]
    if match := _MONTH.fullmatch(plain):
        return _month(_number(match[1]), match[2])
    if match := _QUARTER.fullmatch(plain):
        return 3 * _number(match[1])
    if match := _FIRST_QUARTERS.fullmatch(plain):
        return 3 * _number(match[1].replace("两", "二"))
    return None


def _number(text: str) -> int:
    return _CHINESE.get(text) or int(text)


def _month(month: int, day: str | None) -> int | None:
    """The month, where it is one and the day, if any is named, is its last."""
    if not 1 <= month <= 12:
        return None
    last_days = {month_end(year, month).day for year in (2023, 2024)}
    return month if day is None or int(day) in last_days else None


def read_plan(rows: Sequence[Row], label: Cell) -> tuple[tuple[PlanPoint, ...], list[Diagnostic]]:
    """The plan in the rows after its label, the label's own row first, without the label.

    Headers and shares stand in the same columns; the column of the label is blank below it.
    Where the columns do not agree, the shares are taken in order, if none can be blank.
    An error among the diagnostics means that the plan is not to be used.
    """
    if all(cell.is_blank for row in rows for cell in row):
        return (), [kinds.PLAN_MISSING.at(label.place, label.text)]
    headers, shares, same_columns = _parted(rows)
    if not headers and _in_words(shares):
        return (), [kinds.PLAN_IN_WORDS.at(label.place, quoted(shares))]
    months = [checkpoint_month(cell.text) for cell in headers if not cell.is_blank]
    known = [month for month in months if month is not None]
    if not known or len(known) < len(months) or sorted(set(known)) != known:
        return (), [kinds.CHECKPOINTS_UNREADABLE.at(label.place, quoted(headers or rows[0]))]
    cells = _by_columns(headers, shares) or (_aligned(headers, shares) if same_columns else None)
    cells = cells if cells is not None else _in_order(headers, shares)
    if len(cells) != len(known):
        place = shares[0].place if shares else label.place
        stated = sum(not cell.is_blank for cell in shares)
        text = quoted((*headers, *shares))
        return (), [kinds.PLAN_UNALIGNED.at(place, text, months=len(known), shares=stated)]
    return _points(known, cells)


def _parted(rows: Sequence[Row]) -> tuple[Row, Row, bool]:
    """Header cells, share cells, and whether a row ends between them, so that columns count."""
    at = [(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if _names_month(cell)]
    if not at:
        return (), tuple(cell for row in rows for cell in row), False
    last_row, last_column = at[-1]
    before = [cell for row in rows[:last_row] for cell in row]
    after = [cell for row in rows[last_row + 1 :] for cell in row]
    row = rows[last_row]
    rest = row[last_column + 1 :]
    if all(cell.is_blank for cell in rest):
        return (*before, *row), tuple(after), True
    return (*before, *row[: last_column + 1]), (*rest, *after), False


def _names_month(cell: Cell) -> bool:
    return checkpoint_month(cell.text) is not None


def _in_words(cells: Row) -> bool:
    """Whether there is one text, which is longer than a checkpoint's name or a share."""
    stated = [normalise_name(cell.text) for cell in cells if not cell.is_blank]
    return len(stated) == 1 and len(_HAN.findall(stated[0])) >= _WORDS


def _by_columns(headers: Row, shares: Row) -> list[Cell] | None:
    """The cell below each checkpoint, where the format marks columns; a blank one is sure then.

    None where a checkpoint has no cell or several, or a share no checkpoint or several.
    """
    named = [cell for cell in headers if not cell.is_blank]
    if any(cell.column is None for cell in (*named, *shares)):
        return None
    if (
        len({(cell.place.table, cell.place.sheet, cell.place.page) for cell in (*named, *shares)})
        > 1
    ):
        return None
    below = [[cell for cell in shares if _meet(head, cell)] for head in named]
    found = [cell for cells in below for cell in cells]
    if any(len(cells) != 1 for cells in below) or any(found.count(cell) > 1 for cell in found):
        return None
    if any(not cell.is_blank and cell not in found for cell in shares):
        return None
    return found


def _meet(head: Cell, cell: Cell) -> bool:
    start, at = head.column or 0, cell.column or 0
    return at < start + head.width and start < at + cell.width


def _aligned(headers: Row, shares: Row) -> list[Cell] | None:
    """The share under each checkpoint, if the columns agree and nothing stands beside them."""
    if len(shares) != len(headers) + 1 or not shares[0].is_blank:
        return None
    columns = list(zip(headers, shares[1:], strict=True))
    if any(header.is_blank and not share.is_blank for header, share in columns):
        return None
    return [share for header, share in columns if not header.is_blank]


def _in_order(headers: Row, shares: Row) -> list[Cell]:
    """The shares stated, if the blank cells are those of the label and of split columns alone.

    With one blank more, none: which checkpoint it belongs to cannot be known.
    """
    stated = [cell for cell in shares if not cell.is_blank]
    idle = sum(header.is_blank for header in headers) + 1
    return stated if len(shares) - len(stated) <= idle else []


def _points(
    months: Sequence[int], cells: Sequence[Cell]
) -> tuple[tuple[PlanPoint, ...], list[Diagnostic]]:
    points, diagnostics = [], []
    for month, cell in zip(months, cells, strict=True):
        try:
            blank = says_nothing(cell.text)
            points.append(PlanPoint(month, None if blank else parse_bp(joined(cell.text))))
        except NotAShare as fault:
            found = kinds.SHARE_UNREADABLE.at(cell.place, cell.text, reason=fault.reason)
            diagnostics.append(found)
    if diagnostics:
        return (), diagnostics
    plan = tuple(points)
    return plan, _odd(plan, cells)


def _odd(plan: tuple[PlanPoint, ...], cells: Sequence[Cell]) -> list[Diagnostic]:
    """What is odd about a plan whose shares are all readable."""
    place, text = cells[0].place, quoted(tuple(cells))
    if (kind := _mistaken(plan, cells)) is not None:
        return [kind.at(place, text)]
    found = []
    faults = plan_faults(plan)
    if "blank" in faults:
        blank = _listed(point.month for point in plan if point.planned_bp is None)
        found.append(kinds.PLAN_BLANK.at(place, text, months=blank))
    if "falls" in faults:
        found.append(kinds.PLAN_FALLS.at(place, text))
    if "over" in faults:
        found.append(kinds.PLAN_OVER.at(place, text))
    if "end" in faults or plan[-1].month != 12:
        found.append(kinds.PLAN_END.at(place, text))
    return found


def unlike_others(plans: Iterable[tuple[Place, tuple[PlanPoint, ...]]]) -> Iterator[Diagnostic]:
    """The plans of a document whose checkpoints are not those of more than half of all."""
    months = [(place, tuple(point.month for point in plan)) for place, plan in plans if plan]
    usual, count = Counter(each for _, each in months).most_common(1)[0] if months else ((), 0)
    for place, own in months:
        if own != usual and 2 * count > len(months):
            yield kinds.CHECKPOINTS_DIFFER.at(place, own=_listed(own), usual=_listed(usual))


def _listed(months: Iterable[int]) -> str:
    return "、".join(map(checkpoint_name, months))


def _mistaken(plan: tuple[PlanPoint, ...], cells: Sequence[Cell]) -> Kind | None:
    """Shares of each period instead of cumulative ones, or fractions instead of percent."""
    stated = [point.planned_bp for point in plan if point.planned_bp is not None]
    if len([share for share in stated if share]) > 1 and sum(stated) == WHOLE_BP:
        return kinds.PLAN_NOT_CUMULATIVE
    signed = any("%" in normalise_name(cell.text) for cell in cells)
    if stated and max(stated) == 100 and not signed:
        return kinds.PLAN_FRACTION
    return None
