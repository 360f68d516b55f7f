"""How offices write one and the same list: encodings, columns, dates, amounts, and the dirt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.ingest.generated_world import Row

_HEADERS = {  # what a column means → the names that offices give it
    "index": ("序号", "行号"),
    "application": ("支付申请编号", "支付申请单号", "支付申请号"),
    "voucher": ("支付凭证号", "支付凭证编号", "凭证号"),
    "day": ("支付日期", "付款日期", "实际支付日期", "清算日期"),
    "unit_code": ("预算单位编码", "单位代码"),
    "unit_name": ("预算单位名称", "单位名称"),
    "unit": ("预算单位",),
    "project_code": ("项目编码", "预算项目代码"),
    "project_name": ("项目名称", "预算项目名称"),
    "project": ("预算项目",),
    "amount": ("支付金额", "金额", "实际支付金额"),
    "refund": ("退款金额", "退回金额"),
    "payee": ("收款人全称", "收款人"),
    "purpose": ("用途", "摘要"),
    "status": ("状态", "支付状态"),
    "kind": ("业务类型", "支付业务类型"),
    "void": ("是否作废", "作废标志"),
    "unknown": ("指标文号", "经办科室"),
}
_DATES = ("{:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{:%Y%m%d}", "{:%Y年%m月%d日}",
          "{:%Y.%m.%d}", "{:%Y-%m-%d} 09:05:00")  # fmt: skip
_AMOUNTS = ("plain", "trimmed", "thousands", "full width", "sign", "suffix", "brackets")
_FEN = {"元": 100, "千元": 100_000, "万元": 1_000_000}
_WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
_PAID, _TRANSIT, _VOID = (
    ("已支付", "支付成功", "已清算", ""),
    ("审核中", "待支付"),
    ("已作废", "退票"),
)
_REFUND = ("已退款", "退款", "退回")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one list writes what it says."""

    encoding: str
    delimiter: str
    newline: str
    quoted: bool
    order: int  # of the columns
    names: int  # which synonym
    dates: str
    amounts: str
    unit: str
    unit_said: str  # where the unit of money stands: header, line or nowhere
    codes: str  # plain, spaced, lower, wide or ="…"
    joined: bool  # code and name in one cell
    refunds: str  # minus, status, both, kind or column
    words: int  # which of the words for a status
    dirt: frozenset[str]
    total: str  # printed, counted or blank


SPELLINGS = st.builds(
    Spelling,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.integers(0, 10**6),
    st.integers(0, 11),
    st.sampled_from(_DATES),
    st.sampled_from(_AMOUNTS),
    st.sampled_from(list(_FEN)),
    st.sampled_from(["header", "line"]),
    st.sampled_from(["plain", "spaced", "lower", "wide", "text"]),
    st.booleans(),
    st.sampled_from(["minus", "status", "both", "kind", "column"]),
    st.integers(0, 11),
    st.frozensets(st.sampled_from(
        ["title", "blank", "header again", "total", "subtotal", "remark", "index", "unknown",
         "trailing", "spaces", "void"]
    )),
    st.sampled_from(["printed", "counted", "blank"]),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A list as bytes; `others` counts its lines that are no payments, without the header."""

    data: bytes
    others: int


class Writer:
    """Writes one list."""

    def __init__(self, spelling: Spelling, numbers: str) -> None:
        if spelling.unit == "元" and spelling.order % 3 == 0:
            spelling = replace(spelling, unit_said="nowhere")
        self.said, self.numbers = spelling, numbers
        self.columns = self._columns()

    def write(self, rows: Sequence[Row]) -> Written:
        dirt = self.said.dirt
        above = self._above()
        header = [self._header(column) for column in self.columns]
        body: list[list[str]] = []
        others = len(above)
        printed = counted = 0
        for at, row in enumerate(rows, 1):
            body.append(self._row(at, row))
            printed += self._printed(row)  # what the office paid, readable or not
            counted += row.fen if row.counts and not row.fault else 0
            if at == len(rows) // 2:
                lines: list[list[str]] = [[]] if "blank" in dirt else []
                lines += [self._total("本页小计", printed, counted)] if "subtotal" in dirt else []
                lines += [header] if "header again" in dirt else []
                body += lines
                others += len(lines)
        last = [self._total("合计", printed, counted)] if "total" in dirt else []
        last += [["制表人：张三", "审核人：李四"]] if "remark" in dirt else []
        if "trailing" in dirt:
            body = [[*cells, "", ""] if cells else cells for cells in body]
        lines = [*above, header, *body, *last]
        newline = self.said.newline
        text = newline.join(self.said.delimiter.join(map(self._cell, line)) for line in lines)
        return Written((text + newline).encode(self.said.encoding), others + len(last))

    def _above(self) -> list[list[str]]:
        lines = [["国库集中支付明细表"], []] if "title" in self.said.dirt else []
        if self.said.unit_said == "line":
            lines.append([f"单位：{self.said.unit}"])
        return lines

    def _columns(self) -> list[str]:
        """The columns of the list in its order."""
        said = self.said
        numbers = {"both": ["application", "voucher"], "none": []}
        names = ["unit", "project"] if said.joined else []
        columns = [
            *numbers.get(self.numbers, [self.numbers]),
            *(names or ["unit_code", "unit_name", "project_code", "project_name"]),
            *("day", "amount", "payee", "purpose", "status"),
            *(["kind"] if said.refunds == "kind" else []),
            *(["refund"] if said.refunds == "column" else []),
            *(["void"] if "void" in said.dirt else []),
            *(["unknown"] if "unknown" in said.dirt else []),
        ]
        columns.sort(key=lambda name: hash_of(name, said.order))
        return ["index", *columns] if "index" in said.dirt else columns

    def _header(self, column: str) -> str:
        names = _HEADERS[column]
        name = names[self.said.names % len(names)]
        if column in ("amount", "refund") and self.said.unit_said == "header":
            return f"{name}（{self.said.unit}）"
        return f" {name} " if "spaces" in self.said.dirt else name

    def _cell(self, text: str) -> str:
        if text.startswith('="'):
            return text
        if self.said.quoted or any(c in text for c in f'"\r\n{self.said.delimiter}'):
            return '"' + text.replace('"', '""') + '"'
        return text

    def _row(self, at: int, row: Row) -> list[str]:
        cells = self._said_of(at, row)
        if row.fault == "too long":
            return [*(cells[column] for column in self.columns), "错位"]
        return [cells[column] for column in self.columns]

    def _said_of(self, at: int, row: Row) -> dict[str, str]:
        project, blank = row.project, " " if "spaces" in self.said.dirt else ""
        status, kind, void = self._status(row)
        code = self._code(project.code) if project.code else ""
        plain_code = project.code
        cells = {
            "index": str(at),
            "application": self._code(row.application),
            "voucher": self._code(row.voucher),
            "day": self.said.dates.format(row.day),
            "unit_code": project.unit_code,
            "unit_name": project.unit_name + blank,
            "unit": f"{project.unit_code}-{project.unit_name}",
            "project_code": code,
            "project_name": blank + project.name,
            "project": f"{plain_code}-{project.name}" if plain_code else project.name,
            "amount": self._amount(self._printed(row)),
            "refund": "",
            "payee": row.line.payee + blank,
            "purpose": row.line.purpose + blank,
            "status": status,
            "kind": kind,
            "void": void,
            "unknown": "冀财预〔2025〕1号",
        }
        if self.said.refunds == "column" and row.status in ("refunded", "earlier_year"):
            cells |= {"amount": "", "refund": self._amount(abs(row.fen))}
        return cells | self._fault(row)

    def _fault(self, row: Row) -> dict[str, str]:
        return {
            "letter": {"amount": "1O0.00"},
            "no amount": {"amount": ""},
            "no such day": {"day": f"{row.day.year}-02-30"},
            "no date": {"day": ""},
            "status": {"status": "挂起"},
            "mangled": {"application": "2.02103E+11", "voucher": "6.22E+18"},
        }.get(row.fault, {})

    def _status(self, row: Row) -> tuple[str, str, str]:
        """Status, business kind and void mark."""
        said, at = self.said.refunds, self.said.words
        paid = _PAID[at % len(_PAID)]
        if row.status == "voided":
            marked = "void" in self.said.dirt and at % 2
            return (paid, "", "是") if marked else (_VOID[at % 2], "", "")
        if row.status == "in_transit":
            return _TRANSIT[at % 2], "", "否"
        if row.line.correction:
            return (
                (paid, "支付更正", "") if said == "kind" else (("更正", "支付更正")[at % 2], "", "")
            )
        if row.status == "paid":
            return paid, "直接支付" if said == "kind" else "", "否"
        year = "（上年）" if row.status == "earlier_year" else ""
        if said == "kind":
            return paid, ("以前年度退款" if year else "退款"), ""
        if said == "minus" and not year:
            return paid, "", "否"
        return _REFUND[at % len(_REFUND)] + year, "", "否"

    def _printed(self, row: Row) -> int:
        """The amount as the list prints it: refunds without their sign in some lists."""
        if self.said.refunds == "column" and row.status in ("refunded", "earlier_year"):
            return 0
        turned = row.status in ("refunded", "earlier_year") and not row.line.correction
        return -row.fen if turned and self.said.refunds in ("status", "kind") else row.fen

    def _amount(self, fen: int) -> str:
        style, unit = self.said.amounts, _FEN[self.said.unit]
        decimals = len(str(unit)) - 1
        whole, rest = divmod(abs(fen), unit)
        fraction = f"{rest:0{decimals}}"
        if style == "trimmed":
            fraction = fraction.rstrip("0")
        digits = f"{whole:,}" if style in ("thousands", "full width") else str(whole)
        text = digits + (f".{fraction}" if fraction else "")
        minus = "-" if fen < 0 else ""
        if style == "brackets":
            return f"({text})" if minus else text
        if style == "suffix":
            return f"{minus}{text}{self.said.unit}"
        if style == "sign":
            return f"{minus}￥{text}"
        text = minus + text
        return text.translate(_WIDE) if style == "full width" else text

    def _code(self, code: str) -> str:
        return {
            "spaced": f" {code}\t\u3000" if self.said.delimiter != "\t" else f" {code}\u3000",
            "lower": code.lower(),
            "wide": code.translate(_WIDE),
            "text": f'="{code}"',
        }.get(self.said.codes, code)

    def _total(self, word: str, printed: int, counted: int) -> list[str]:
        """A total line: its word in the first text column, its sum in the amount column."""
        cells = dict.fromkeys(self.columns, "")
        cells["purpose"] = word[-2:]
        if self.said.total != "blank":
            whole = counted if self.said.total == "counted" else printed
            cells["amount"] = self._amount(whole)
        return [cells[column] for column in self.columns]


def hash_of(name: str, order: int) -> int:
    """A number that puts the columns into an order of its own for each `order`."""
    return sum((at + 7) * ord(char) for at, char in enumerate(name)) * (order + 1) % 10_007
