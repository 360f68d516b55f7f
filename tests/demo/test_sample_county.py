"""The sample county: the same everywhere, and a believable picture at every checkpoint."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from monitor.demo.county import County, Spent, generate
from monitor.demo.dice import Dice
from monitor.demo.sheets import Sheet
from monitor.demo.units import UNITS
from monitor.domain.codes import code_year, holds
from monitor.domain.progress import Grade, severity


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("county")


@pytest.fixture(scope="module")
def county(folder: Path) -> County:
    return generate(folder)


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    content = (f"{path.relative_to(folder)}".encode() + path.read_bytes() for path in files)
    return hashlib.sha256(b"\0".join(content)).hexdigest()


def accounts(county: County) -> list[tuple[Sheet, Spent]]:
    return list(zip(county.projects, county.spent, strict=True))


def grades_at(county: County, month: int) -> Counter[Grade | None]:
    """How many projects have which severity at a checkpoint month that all their plans share."""
    return Counter(
        severity(spent.paid_fen(by_month=month), sheet.budget_fen, planned_bp)
        for sheet, spent in accounts(county)
        if (planned_bp := sheet.plan_bp.get(month)) is not None
    )


def test_another_process_with_another_hash_seed_writes_the_same_bytes(
    county: County, folder: Path, tmp_path: Path
) -> None:
    script = "import sys; from pathlib import Path; from monitor.demo.county import generate; "
    subprocess.run(
        [sys.executable, "-c", script + "generate(Path(sys.argv[1]))", str(tmp_path)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "11"},
    )

    assert digest(tmp_path) == digest(folder)


def test_a_second_run_gives_the_same_truth(county: County, tmp_path: Path) -> None:
    assert generate(tmp_path) == county


def test_dice_fall_the_same_on_every_python() -> None:
    dice = Dice("云溪县")

    assert dice.digits(12) == "811342943475"
    assert dice.shuffled("abcdefgh") == list("hfbdgcae")


@pytest.mark.parametrize("total", [1, 2, 7, 1_980_000_000])
@pytest.mark.parametrize("parts", [1, 2, 5])
def test_the_parts_of_a_split_are_positive_and_add_up(total: int, parts: int) -> None:
    split = Dice("split").split(total, parts)

    assert sum(split) == total
    assert min(split) > 0
    assert len(split) <= parts


def test_there_are_twelve_documents_twelve_lists_and_the_contacts(
    county: County, folder: Path
) -> None:
    assert len(list((folder / "targets").iterdir())) == 12
    names = [path.name for path in sorted((folder / "payments").iterdir())]
    assert names == [f"2025-{month:02d}.csv" for month in range(1, 13)]
    assert len(county.projects) == 120


def test_every_unit_has_a_lead_one_a_superior_and_the_county_one_office(
    county: County, folder: Path
) -> None:
    with (folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
        contacts = list(csv.DictReader(file))

    leads = [row["unit_code"] for row in contacts if row["role"] == "lead"]
    assert leads == [unit.code for unit in UNITS]
    assert [row["unit_code"] for row in contacts if row["role"] == "superior"] == ["322001"]
    assert [row["unit_code"] for row in contacts if row["role"] == "office"] == [""]
    assert all(row["email"].endswith(".example") for row in contacts)


def test_funds_add_up_to_the_budget(county: County) -> None:
    for sheet in county.projects:
        assert sheet.fiscal_fen + (sheet.other_fen or 0) == sheet.budget_fen
        assert 2_000_000 <= sheet.budget_fen <= 2_000_000_000


def test_codes_are_single_and_hold(county: County) -> None:
    codes = [sheet.project_code for sheet in county.projects]

    assert len(set(codes)) == len(codes)
    assert {len(code) for code in codes} == {21}
    assert all(holds(code) for code in codes)


def test_fewer_than_half_of_a_documents_codes_are_of_an_earlier_year(county: County) -> None:
    for unit in UNITS:
        years = [code_year(each.project_code) for each in county.projects if each.unit is unit]
        assert 2 * years.count(2025) > len(years)
    assert any(code_year(each.project_code) != 2025 for each in county.projects)


def test_names_are_single_within_a_unit(county: County) -> None:
    names = [(sheet.unit_code, sheet.project_name) for sheet in county.projects]

    assert len(set(names)) == len(names)


def test_plans_never_fall_and_end_with_all(county: County) -> None:
    for sheet in county.projects:
        stated = [bp for bp in sheet.plan_bp.values() if bp is not None]
        assert stated == sorted(stated)
        assert stated[-1] == 10_000


def test_plans_of_all_shapes_occur(county: County) -> None:
    shapes = {tuple(sheet.plan_bp.values()) for sheet in county.projects}

    assert (2500, 5000, 7500, 10_000) in shapes
    assert (10_000, 10_000, 10_000, 10_000) in shapes
    assert (None, None, None, 10_000) in shapes
    assert {tuple(sheet.plan_bp) for sheet in county.projects} > {(3, 6, 10, 12), (3, 6, 9, 12)}


def test_each_project_has_eight_or_nine_indicators(county: County) -> None:
    assert {len(sheet.indicators) for sheet in county.projects} == {8, 9}


def test_every_line_has_one_fate(county: County) -> None:
    counted = sum(spent.payments for spent in county.spent)
    others = len(county.rejected) + len(county.unmatched) + len(county.voided)

    assert counted + others + county.known_again == county.rows
    numbers = [*county.rejected, *county.unmatched, *county.voided]
    assert len(set(numbers)) == len(numbers)


def test_more_than_half_of_the_lines_are_outside_monitoring(county: County) -> None:
    assert len(county.unmatched) * 2 > county.rows
    assert 2_500 <= county.rows <= 4_000


def test_all_kinds_of_trouble_occur(county: County) -> None:
    assert min(map(len, (county.rejected, county.voided))) >= 12
    assert county.by_name > 0
    assert county.known_again > 0


@pytest.mark.parametrize("month", [3, 6, 10])
def test_most_projects_keep_to_their_plan_and_some_lag(county: County, month: int) -> None:
    grades = grades_at(county, month)

    assert grades[None] * 3 > grades.total() * 2
    assert grades[Grade.NOTICE] > 0
    assert grades[Grade.RED] > 0


def test_yellow_lags_appear_by_mid_year(county: County) -> None:
    assert grades_at(county, 6)[Grade.YELLOW] > 0


def test_one_project_is_paid_nothing_and_one_above_its_budget(county: County) -> None:
    paid = [(sheet, spent.paid_fen(by_month=12)) for sheet, spent in accounts(county)]

    assert sum(fen == 0 for _, fen in paid) == 1
    assert sum(fen > sheet.budget_fen for sheet, fen in paid) == 1


def test_some_projects_start_late_and_catch_up(county: County) -> None:
    late = [
        spent
        for sheet, spent in accounts(county)
        if sheet.plan_bp.get(6) and not spent.paid_fen(by_month=6) and spent.payments
    ]

    assert any(spent.paid_fen(by_month=12) for spent in late)


@pytest.mark.parametrize("year", [2021, 2024, 2030])
def test_other_years_make_a_county_of_their_own(year: int, tmp_path: Path) -> None:
    county = generate(tmp_path, year=year)

    assert {sheet.year for sheet in county.projects} == {year}
    assert all(number.startswith(str(year)) for number in county.unmatched)
    assert sum(not spent.payments for spent in county.spent) == 1
