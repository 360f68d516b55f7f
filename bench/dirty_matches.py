"""Payments whose project is hard to tell, with known truth: the same rows for the same seed.

A row's truth is the project that was meant; None where that project is not monitored. What
nobody could tell is left out: a row whose wording is, letter for letter, another project's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from bench.dirty_names import (
    abbreviated,
    decorated,
    renamed,
    restyled,
    retold,
    slipped,
    words,
)
from bench.dirty_projects import YEAR, projects, recoded
from monitor.domain.candidates import PayeeHistory
from monitor.domain.codes import normalise_code, normalise_name
from monitor.domain.matching import Known

HUNG = "编码与名称各属一个项目"
_BASIC = words(
    "工资福利支出 公用经费 住房公积金 社会保障缴费 商品和服务支出 离退休人员经费 工会经费"
)
_FIRMS = words("华瑞 鑫源 恒通 天成 众诚 广源 宏达 金盾 蓝天 惠民 同创 永兴")
_TRADES = words("建筑工程 商贸 信息技术 物业服务 园林绿化 印务 保险销售 汽车维修 劳务派遣 咨询")


@dataclass(frozen=True, slots=True)
class Row:
    """A payment as matching sees it, what kind of dirt it has, and the project meant."""

    kind: str
    truth: int | None
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    purpose: str
    payee: str
    pay_date: date = date(YEAR, 5, 20)


@dataclass(frozen=True, slots=True)
class World:
    """The projects monitored, those that are not (negative keys), and who is paid from each."""

    monitored: tuple[Known, ...]
    hidden: tuple[Known, ...]
    payees: dict[int, tuple[str, ...]]
    rows: tuple[Row, ...]

    def history(self) -> PayeeHistory:
        """What earlier months showed: for two projects of three, their first payee."""
        history = PayeeHistory()
        for each in self.monitored:
            if each.key % 3:
                history.add(each.unit_code, self.payees[each.key][0], each.key, 3)
        return history


def dirty(rows: int = 10_000, seed: int = 1, units: int = 60) -> World:
    """A county of `units` units with some 35 projects each, and payments of all kinds of dirt."""
    random = Random(seed)
    monitored, hidden = projects(random, units)
    firms = [f"{a}{b}有限公司" for a in _FIRMS for b in _TRADES]
    payees = {
        each.key: tuple(random.sample(firms, random.randint(1, 3)))
        for each in (*monitored, *hidden)
    }
    maker = _Maker(random, monitored, hidden, payees)
    return World(tuple(monitored), tuple(hidden), payees, tuple(maker.rows(rows)))


@dataclass(slots=True)
class _Maker:
    random: Random
    monitored: list[Known]
    hidden: list[Known]
    payees: dict[int, tuple[str, ...]]

    def rows(self, count: int) -> Iterator[Row]:
        makers: tuple[tuple[Callable[[], Row | None], int], ...] = (
            (self.clean, 10),
            (self.without_code, 14),
            (self.slipped, 22),
            (self.renamed, 10),
            (self.abbreviated, 10),
            (self.decorated, 6),
            (self.retold, 14),
            (self.purpose_alone, 4),
            (self.wrong_unit, 6),
            (self.foreign, 8),
            (self.between_two_codes, 5),
            (self.basic, 5),
            (self.hung, 2),
        )
        wordings = {
            (each.unit_code, normalise_name(each.project_name)): each.key
            for each in (*self.hidden, *self.monitored)
        }
        codes = Counter(each.project_code for each in (*self.hidden, *self.monitored))
        made = 0
        while made < count:
            [make] = self.random.choices(
                [maker for maker, _ in makers], [often for _, often in makers]
            )
            row = make()
            if row is None or not _can_be_told(row, wordings, codes):
                continue
            made += 1
            yield row

    def row(self, kind: str, of: Known, **other: str) -> Row:
        short = of.project_name.replace("经费", "").replace("资金", "")
        purpose = self.random.choice(
            (of.project_name, f"付{short}款", f"{self.random.randint(1, 12)}月{short}", "货款", "")
        )
        texts = {
            "unit_code": of.unit_code,
            "unit_name": of.unit_name,
            "project_code": of.project_code,
            "project_name": of.project_name,
            "purpose": purpose,
            "payee": self.random.choice(self.payees[of.key]),
            **other,
        }
        return Row(
            kind,
            of.key if of.key >= 0 else None,
            texts["unit_code"],
            texts["unit_name"],
            texts["project_code"],
            texts["project_name"],
            texts["purpose"],
            texts["payee"],
        )

    def any(self) -> Known:
        return self.random.choice(self.monitored)

    def clean(self) -> Row:
        of = self.any()
        code = restyled(self.random.choice((of.project_code, of.project_code.lower())), self.random)
        name = self.random.choice((of.project_name, restyled(of.project_name, self.random)))
        return self.row("编码齐全", of, project_code=code, project_name=name)

    def without_code(self) -> Row:
        of = self.any()
        unit = self.random.choice((of.unit_code, of.unit_code, ""))
        name = restyled(of.project_name, self.random)
        return self.row("缺编码", of, project_code="", project_name=name, unit_code=unit)

    def slipped(self) -> Row | None:
        of = self.random.choice((*self.monitored, *self.monitored, *self.hidden))
        kind, code = slipped(of.project_code, self.random)
        name = self.random.choice((of.project_name, of.project_name, self.spoiled(of), ""))
        if code == of.project_code:
            return None
        return self.row(f"编码{kind}", of, project_code=code, project_name=name)

    def spoiled(self, of: Known) -> str:
        return abbreviated(of.project_name, self.random) or renamed(of.project_name, self.random)

    def renamed(self) -> Row | None:
        of = self.any()
        name = renamed(of.project_name, self.random)
        return self.row("改名", of, project_code="", project_name=name) if name else None

    def abbreviated(self) -> Row | None:
        of = self.any()
        name = abbreviated(of.project_name, self.random)
        return self.row("简称", of, project_code="", project_name=name) if name else None

    def decorated(self) -> Row:
        of = self.any()
        name = decorated(of.project_name, of.unit_name, self.random)
        return self.row("名称添字", of, project_code="", project_name=name)

    def retold(self) -> Row | None:
        of = self.any()
        name = retold(of.project_name, of.unit_name, self.random)
        return self.row("改名又简称", of, project_code="", project_name=name) if name else None

    def purpose_alone(self) -> Row | None:
        of = self.any()
        said = self.spoiled(of)
        texts = {"project_code": "", "project_name": "", "purpose": f"付{said}款"}
        return self.row("只有用途", of, **texts) if said else None

    def wrong_unit(self) -> Row:
        of, other = self.any(), self.any()
        _, code = slipped(of.unit_code, self.random)
        name = self.random.choice((of.unit_name, "", other.unit_name))
        unit = other.unit_code if name == other.unit_name else code
        return self.row("单位不符", of, unit_code=unit, unit_name=name, project_code="")

    def foreign(self) -> Row:
        return self.row("不监控的项目", self.random.choice(self.hidden))

    def between_two_codes(self) -> Row | None:
        """A mistyped code one slip from two projects' codes, with the meant one's name."""
        a = self.random.choice(self.monitored)
        serial = list(a.project_code)
        serial[19] = "1" if serial[19] != "1" else "2"
        other = recoded(a.project_code, "".join(serial))
        if other[20] == a.project_code[20]:
            return None
        middle = other[:20] + a.project_code[20]
        sibling = self.random.choice([b for b in self.hidden if b.unit_code == a.unit_code])
        name = self.random.choice((sibling.project_name, f"{a.project_name}（第二批）"))
        if normalise_name(name) == normalise_name(a.project_name):
            return None
        meant = sibling._replace(project_name=name)
        return self.row("两码之间", meant, project_code=middle)

    def basic(self) -> Row:
        of = self.any()
        code = self.random.choice(("", f"13022925Y{self.random.randrange(10**12):012d}"))
        name = self.random.choice(_BASIC)
        row = self.row("基本支出", of, project_code=code, project_name=name, purpose=name)
        return replace(row, truth=None)

    def hung(self) -> Row | None:
        """The whole code of one project with the name of another: the code is what was paid."""
        of, named = self.any(), self.any()
        other = named.project_name
        if set(of.project_name) & set(other) - set("经费资金项目补助"):
            return None
        return self.row(HUNG, of, project_name=other)


def _can_be_told(row: Row, wordings: dict[tuple[str, str], int], codes: Counter[str]) -> bool:
    """False where the row says, letter for letter, another project than the one meant."""
    code = normalise_code(row.project_code)
    if code:
        return row.kind in _WITH_ITS_CODE or code not in codes
    said = wordings.get((normalise_code(row.unit_code), normalise_name(row.project_name)))
    return said is None or said == row.truth


_WITH_ITS_CODE = ("编码齐全", "不监控的项目", HUNG)
