"""Each wrong list beside the exact words that it must produce: `name.csv`, `name.expected`.

To renew the words after a deliberate change: MONITOR_RENEW=1 pytest tests/errors/payments, and
read the difference.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from monitor.errors import InputError
from monitor.ingest.payment_kinds import (
    FUTURE_DATE,
    NAME_MISFITS,
    PAYMENT_KINDS,
    SHEET_CONTINUES,
)
from monitor.ingest.payment_list import read_payment_list
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.csv"))
COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))


def _said_of(file: Path) -> str:
    try:
        listed = read_payment_list(file.read_bytes(), file.name, columns=COLUMNS)
    except InputError as error:
        ids = " ".join(found.id for found in error.diagnostics)
        return f"拒绝 {ids}\n{error}\n".replace("拒绝 \n", "拒绝\n")
    rejected = [each.diagnostic(file.name) for each in listed.rejections]
    return "".join(f"{found}\n" for found in (*rejected, *listed.diagnostics))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_wrong_list_says_what_is_wrong_and_what_to_do(file: Path) -> None:
    expected = file.with_suffix(".expected")
    if os.environ.get("MONITOR_RENEW"):
        expected.write_text(_said_of(file), encoding="utf-8")

    assert _said_of(file) == expected.read_text(encoding="utf-8")


def test_every_kind_of_the_catalogue_is_shown_by_a_file() -> None:
    words = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.expected"))

    unseen = {kind.id for kind in PAYMENT_KINDS if f" {kind.id}" not in words}
    # One needs the day of the import, one the projects, one a workbook: test_importing.py,
    # test_name_check.py, test_continued_sheets.py.
    assert unseen == {FUTURE_DATE.id, NAME_MISFITS.id, SHEET_CONTINUES.id}


def test_every_kind_has_an_id_of_its_own() -> None:
    ids = [kind.id for kind in PAYMENT_KINDS]

    assert sorted(set(ids)) == sorted(ids)


def test_every_expected_text_has_its_list() -> None:
    assert {path.stem for path in FOLDER.glob("*.expected")} == {file.stem for file in FILES}
