"""The program's own reader makes of the sample lists what the county meant by them."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.demo.county import County, Spent, generate
from monitor.domain.codes import normalise_name
from monitor.domain.payment import Numbered, Payment, number_lines
from monitor.errors import Severity
from monitor.ingest.payment_list import PaymentList, read_payment_list
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped


@dataclass
class Ledger:
    """What a plain reckoning by hand makes of the lists: each document counts once."""

    documents: dict[str, list[Numbered]] = field(default_factory=dict)
    known_again: int = 0

    def land(self, listed: PaymentList) -> None:
        documents: dict[str, list[Numbered]] = defaultdict(list)
        for each in number_lines(listed.payments):
            documents[each.number].append(each)
        for number, lines in documents.items():
            if number in self.documents:
                assert contents(lines) == contents(self.documents[number])
                self.known_again += len(lines)
            self.documents.setdefault(number, lines)

    def lines(self, *, counting: bool = True) -> list[Numbered]:
        lines = [line for each in self.documents.values() for line in each]
        return [line for line in lines if line.payment.status.counts is counting]


@dataclass
class Projects:
    """By code; where there is none, by unit and name."""

    codes: set[str]
    names: dict[tuple[str, str], str]

    def owner(self, payment: Payment) -> str | None:
        if payment.project_code:
            return payment.project_code if payment.project_code in self.codes else None
        return self.names.get((payment.unit_code, normalise_name(payment.project_name)))


def contents(lines: list[Numbered]) -> list[tuple[str, ...]]:
    return sorted(line.payment.content for line in lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("county")


@pytest.fixture(scope="module")
def county(folder: Path) -> County:
    return generate(folder)


@pytest.fixture(scope="module")
def lists(county: County, folder: Path) -> list[PaymentList]:
    columns = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))
    paths = sorted((folder / "payments").iterdir())
    return [read_payment_list(path.read_bytes(), path.name, columns=columns) for path in paths]


@pytest.fixture(scope="module")
def ledger(lists: list[PaymentList]) -> Ledger:
    ledger = Ledger()
    for listed in lists:
        ledger.land(listed)
    return ledger


@pytest.fixture(scope="module")
def projects(county: County) -> Projects:
    return Projects(
        {sheet.project_code for sheet in county.projects},
        {
            (sheet.unit_code, normalise_name(sheet.project_name)): sheet.project_code
            for sheet in county.projects
        },
    )


def test_every_line_is_read(county: County, lists: list[PaymentList]) -> None:
    assert sum(listed.rows for listed in lists) == county.rows


def test_the_encodings_vary(lists: list[PaymentList]) -> None:
    assert {listed.encoding for listed in lists} == {"utf-8", "utf-8-sig", "gb18030"}


def test_the_unreadable_lines_are_rejected_and_no_others(
    county: County, lists: list[PaymentList]
) -> None:
    rejected = [each.number for listed in lists for each in listed.rejections]

    assert sorted(rejected) == sorted(county.rejected)


def test_no_list_is_wrong_as_a_whole(lists: list[PaymentList]) -> None:
    said = {each.id: each.severity for listed in lists for each in listed.diagnostics}

    assert Severity.ERROR not in said.values()
    assert "P106" not in said  # the total lines agree with the rows


def test_the_lines_known_again_are_those_that_were_repeated(county: County, ledger: Ledger) -> None:
    assert ledger.known_again == county.known_again


def test_voided_lines_are_left_out(county: County, ledger: Ledger) -> None:
    voided = [line.label for line in ledger.lines(counting=False)]

    assert sorted(voided) == sorted(county.voided)


def test_the_lines_of_no_project_are_unmatched(
    county: County, ledger: Ledger, projects: Projects
) -> None:
    unmatched = [line.label for line in ledger.lines() if projects.owner(line.payment) is None]

    assert sorted(unmatched) == sorted(county.unmatched)


def test_what_each_project_was_paid_in_each_month_is_exact(
    county: County, ledger: Ledger, projects: Projects
) -> None:
    payments: dict[str | None, list[Payment]] = defaultdict(list)
    for line in ledger.lines():
        payments[projects.owner(line.payment)].append(line.payment)

    assert (
        tuple(
            spent_on(sheet.project_code, payments[sheet.project_code]) for sheet in county.projects
        )
        == county.spent
    )


def spent_on(project_code: str, payments: list[Payment]) -> Spent:
    monthly = [0] * 12
    for payment in payments:
        monthly[payment.pay_date.month - 1] += payment.amount_fen
    return Spent(project_code, len(payments), tuple(monthly))


def test_some_lines_find_their_project_by_unit_and_name(
    county: County, ledger: Ledger, projects: Projects
) -> None:
    payments = [line.payment for line in ledger.lines()]
    found = [each for each in payments if not each.project_code and projects.owner(each)]

    assert len(found) == county.by_name


def test_refunds_lower_what_was_paid(ledger: Ledger, projects: Projects) -> None:
    refunds = [
        line.payment
        for line in ledger.lines()
        if "已退款" in line.payment.cells and projects.owner(line.payment)
    ]

    assert len(refunds) > 12
    assert all(refund.amount_fen < 0 for refund in refunds)


def test_corrections_move_money_between_two_projects_under_one_number(
    ledger: Ledger, projects: Projects
) -> None:
    corrections = [
        lines
        for lines in ledger.documents.values()
        if lines[0].payment.purpose.startswith("支付更正")
    ]

    assert len(corrections) == 4
    for lines in corrections:
        assert sum(line.payment.amount_fen for line in lines) == 0
        assert len({projects.owner(line.payment) for line in lines}) == 2


def test_the_dirt_of_real_lists_is_there(lists: list[PaymentList]) -> None:
    cells = [text for listed in lists for row in listed.payments for text in row.cells]

    for wanted in (r"\n", r"^\t1306", ",有限公司", "^１３０６", "^13069825p", r"^[（(]\d",
                   "^￥", "^[０-９]+．", r"^\d+年\d\d月\d\d日$"):  # fmt: skip
        assert any(re.search(wanted, text) for text in cells), wanted
