"""Treasury lists of any length with their truth: the same `Spec` always gives the same bytes.

    python -m bench.payment_lists OUT.csv --rows 1000000 [--encoding gb18030] [--respelled]

What a row means (`records`) is apart from how it is printed (`_Printer`), so that the same
payments can be spelled twice. The truth is made with the rows, by no reader of ours; it is
written beside the list as OUT.csv.truth.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from monitor.domain.codes import check_character

YEAR = 2025
COLUMNS = (
    "序号", "支付申请编号", "支付凭证号", "支付日期", "预算单位编码", "预算单位名称", "项目编码",
    "项目名称", "支付金额", "收款人", "用途", "资金性质", "支付状态",
)  # fmt: skip
_RESPELLED = (3, 1, 0, 12, 8, 6, 7, 5, 4, 2, 11, 9, 10)  # another system's order of columns

KINDS = ("政府业务费", "法律顾问服务费", "劳务派遣人员报酬经费", "办公设备购置", "道路养护工程",
          "残疾人生活补贴", "公共卫生服务", "义务教育经费保障")  # fmt: skip
_PAYEES = (
    "某某建筑工程有限公司", "某某市自来水公司", "“老字号”餐饮,有限公司", "某某物业服务中心",
    "张某某", "某某信息技术股份有限公司某某分公司", "某某县人力资源服务站", "李某某",
)  # fmt: skip
_AROUND = (("支付", ""), ("", "尾款"), ("", "第一批"), ("付某某公司", "款"))
_PURPOSES = [f"{before}{kind}{after}" for kind in KINDS for before, after in _AROUND]
_FUNDS = ("一般公共预算资金", "一般公共预算资金", "一般公共预算资金", "政府性基金预算资金")
_WORDS = {"paid": "已支付", "refund": "已退款", "transit": "审核中", "voided": "已作废"}
_FOREIGN = 20  # codes that no target document has

# Shares of rows, one after the other, by what they mean.
_MEANINGS = (
    (0.002, "rejected"), (0.010, "refund"), (0.005, "voided"), (0.010, "transit"),
    (0.005, "nameless"), (0.010, "foreign"),
)  # fmt: skip
# And by how they are printed; separators only where the amount has thousands.
_SPELLINGS = (
    (0.040, "date"), (0.010, "blanks"), (0.003, "wide amount"), (0.002, "wide number"),
    (0.001, "no purpose"), (0.300, "separators"),
)  # fmt: skip
_MANY_LINES = 0.02
_WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．-")
_FAULTS = ("letter O", "no date", "mangled number")
_OUTCOMES = {"foreign": "unmatched", "transit": "in_transit", "voided": "voided"}
_OUTCOMES |= dict.fromkeys(_FAULTS, "rejected")


@dataclass(frozen=True, slots=True)
class Spec:
    """A list: so many rows of so many projects and units, chronological from `start` to `end`.

    `before` is how many rows the year's earlier lists have: numbers go on after them.
    """

    rows: int
    projects: int = 5_000
    units: int = 200
    before: int = 0
    start: date = date(YEAR, 1, 1)
    end: date = date(YEAR, 12, 31)
    seed: int = 1


class Record(NamedTuple):
    """What a row says. `project` is below 0 for a code that no document has."""

    number: int
    day: date
    project: int
    fen: int
    meaning: str  # paid, refund, transit, voided, nameless, foreign, or a fault
    spelling: str
    choice: int


@dataclass(slots=True)
class Truth:
    """What must come of a list. `sums` and `lines` are by project code and month."""

    rows: Counter[str] = field(default_factory=Counter)
    fen: Counter[str] = field(default_factory=Counter)
    sums: dict[str, list[int]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        outcome = _OUTCOMES.get(record.meaning, "counted")
        self.rows[outcome] += 1
        self.fen[outcome] += record.fen
        if outcome == "counted":
            code, month = project_code(record.project), record.day.month - 1
            if code not in self.sums:
                self.sums[code], self.lines[code] = [0] * 12, [0] * 12
            self.sums[code][month] += record.fen
            self.lines[code][month] += 1

    def merge(self, other: Truth) -> None:
        self.rows.update(other.rows)
        self.fen.update(other.fen)
        for mine, theirs in ((self.sums, other.sums), (self.lines, other.lines)):
            for code, months in theirs.items():
                old = mine.get(code, [0] * 12)
                mine[code] = [a + b for a, b in zip(old, months, strict=True)]

    def standing(self, month: int = 12) -> dict[str, tuple[int, int]]:
        """Fen and lines of each project that was paid for until the end of `month`."""
        return {
            code: (sum(months[:month]), sum(self.lines[code][:month]))
            for code, months in self.sums.items()
            if any(self.lines[code][:month])
        }

    @classmethod
    def load(cls, path: Path) -> Truth:
        found = json.loads(path.read_text())
        counters = (Counter(found["rows"]), Counter(found["fen"]))
        return cls(*counters, sums=found["sums"], lines=found["lines"])


@cache
def project_code(index: int) -> str:
    """The code of the newer kind, with its check character; a foreign one is of another county."""
    first = f"13030425P00JXC{index:06}" if index >= 0 else f"99010125P00R2{700_000 - index:07}"
    return first + (check_character(first) or "")


def project_name(index: int) -> str:
    """A name that its unit has once."""
    return f"{KINDS[index % len(KINDS)]}（第{index}号）"


def unit_code(unit: int) -> str:
    return f"{430 + unit // 900:03}{unit % 900 + 1:03}"


def unit_name(unit: int) -> str:
    return f"某某县第{unit}预算单位"


def records(spec: Spec) -> Iterator[Record]:
    """The rows in the order of their numbers; a document may have two or three lines."""
    draw = random.Random(f"{spec.seed}/{spec.before}/{spec.rows}")
    random_, bits = draw.random, draw.getrandbits
    days = (spec.end - spec.start).days + 1
    row = 0
    while row < spec.rows:
        number = spec.before + row + 1
        day = spec.start + timedelta(days * row // spec.rows)
        lines = 1 if random_() >= _MANY_LINES else 2 + bits(1)
        for _ in range(min(lines, spec.rows - row)):
            choice = bits(32)
            meaning = _pick(_MEANINGS, random_()) or "paid"
            if meaning == "rejected":
                meaning = _FAULTS[choice % len(_FAULTS)]
            project = int(random_() * spec.projects)
            if meaning == "foreign":
                project = -1 - choice % _FOREIGN
            # From tens to hundreds of thousands of yuan, most of them small.
            fen = 1_000 + int(10 ** (3 + 4.5 * random_()))
            if meaning == "refund":
                fen = -fen
            spelling = _pick(_SPELLINGS, random_())
            yield Record(number, day, project, fen, meaning, spelling, choice)
            row += 1


def _pick(shares: Sequence[tuple[float, str]], at: float) -> str:
    for share, name in shares:
        if at < share:
            return name
        at -= share
    return ""


class _Printer:
    """How rows are printed: as one system does with the usual dirt, or as another, clean."""

    def __init__(self, spec: Spec, *, respelled: bool) -> None:
        self._respelled = respelled
        self._projects = {
            i: (
                unit_code(i % spec.units),
                unit_name(i % spec.units),
                project_code(i),
                project_name(i) if i >= 0 else f"外县项目{-i}",
            )
            for i in range(-_FOREIGN, spec.projects)
        }
        self._days: dict[tuple[date, str], str] = {}

    def line(self, row: int, record: Record) -> str:
        unit, unit_named, code, name = self._projects[record.project]
        meaning, choice = record.meaning, record.choice
        spelling = "" if self._respelled else record.spelling
        application = f"{record.day.year}{record.day.month:02d}{record.number:08d}"
        purpose = _PURPOSES[choice >> 4 & 31]
        if meaning == "nameless":
            code = ""
        elif meaning == "mangled number":
            application = f"{application[0]}.{application[1:6]}E+13"
        if spelling == "wide number":
            application = application.translate(_WIDE)
        elif spelling == "no purpose":
            purpose = ""
        elif spelling == "blanks":
            code, name = f" {code}", f"{name}  "
        payee = _PAYEES[choice >> 12 & 7]
        cells = (
            str(row), application, f"13{record.number:010d}",
            "" if meaning == "no date" else self._day(record.day, spelling, choice),
            unit, unit_named, code, name, self._amount(record, spelling),
            f'"{payee}"' if "," in payee else payee, purpose,
            _FUNDS[choice >> 16 & 3], _WORDS.get(meaning, "已支付"),
        )  # fmt: skip
        return ",".join([cells[i] for i in _RESPELLED] if self._respelled else cells)

    def _day(self, day: date, spelling: str, choice: int) -> str:
        style = f"date{choice % 3}" if spelling == "date" else ""
        style = "date0" if self._respelled else style
        if (text := self._days.get((day, style))) is None:
            plain = f"{day.year}/{day.month}/{day.day}"
            styles = {"date0": plain, "date1": f"{day:%Y%m%d}", "date2": f"{day:%Y年%m月%d日}"}
            text = self._days[day, style] = styles.get(style, day.isoformat())
        return text

    def _amount(self, record: Record, spelling: str) -> str:
        fen = record.fen
        if fen < 0 and record.choice & 1 and not self._respelled:
            fen = -fen  # the status alone says that it is a refund
        if spelling == "separators" and abs(fen) >= 100_000:
            text = f'"{_yuan(fen, ",")}"'
        else:
            text = _yuan(fen)
        if record.meaning == "letter O":
            return text[:-1] + "O" if text[-1] != '"' else f'{text[:-2]}O"'
        return text.translate(_WIDE) if spelling == "wide amount" else text


def _yuan(fen: int, comma: str = "") -> str:
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:{comma}}.{rest:02d}"


def _made_of(*how: object) -> str:
    """How a list is made, the code that makes it included."""
    return f"{how} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"


def write(spec: Spec, path: Path, *, encoding: str = "utf-8", respelled: bool = False) -> Truth:
    """Writes the list, and its truth beside it; what is there already is not made again."""
    beside, made_of = path.with_name(f"{path.name}.truth.json"), _made_of(spec, encoding, respelled)
    if beside.exists() and json.loads(beside.read_text())["of"] == made_of:
        return Truth.load(beside)
    order = _RESPELLED if respelled else range(len(COLUMNS))
    empty = "," * (len(COLUMNS) - 1)
    printer, truth = _Printer(spec, respelled=respelled), Truth()
    with path.open("w", encoding=encoding, newline="") as file:
        title = f"{spec.start:%Y年%m月}至{spec.end:%Y年%m月}国库集中支付明细表"
        file.write(f"{title}{empty}\r\n单位：元{empty}\r\n")
        file.write(",".join(COLUMNS[i] for i in order) + "\r\n")
        for row, record in enumerate(records(spec), 1):
            truth.add(record)
            file.write(printer.line(row, record) + "\r\n")
        counted = _yuan(truth.fen["counted"] + truth.fen["unmatched"])
        total = ["合计", *[""] * 7, counted, *[""] * 4]
        file.write(",".join(total[i] for i in order) + "\r\n")
    parts = {part: getattr(truth, part) for part in ("rows", "fen", "sums", "lines")}
    beside.write_text(json.dumps({"of": made_of, **parts}))
    return truth


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--projects", type=int, default=5_000)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--encoding", default="utf-8")
    parser.add_argument("--respelled", action="store_true")
    asked = parser.parse_args()
    spec = Spec(asked.rows, asked.projects, asked.units)
    truth = write(spec, asked.out, encoding=asked.encoding, respelled=asked.respelled)
    print({name: (rows, truth.fen[name]) for name, rows in truth.rows.items()})


if __name__ == "__main__":
    main()
