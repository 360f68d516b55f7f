"""Codes are compared after normalising; the check character warns and never rejects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.codes import (
    check_character,
    code_year,
    has_check_character,
    holds,
    is_mangled,
    normalise_code,
    normalise_name,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODES = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=21)
NOISE = st.sampled_from([" ", "\t", "\u200b", "\ufeff", "\u3000", "\n", "\u00ad"])
WIDE = {ord(char): ord(char) + 0xFEE0 for char in ALPHABET + ALPHABET.lower()}


@given(CODES, st.lists(NOISE, min_size=21, max_size=21), st.booleans(), st.booleans())
def test_noise_width_and_case_do_not_change_a_code(
    code: str, noise: list[str], wide: bool, lower: bool
) -> None:
    typed = code.lower() if lower else code
    typed = typed.translate(WIDE) if wide else typed
    typed = "".join(a + b for a, b in zip(typed, noise, strict=False))

    assert normalise_code(typed) == code
    assert normalise_code(f"'{typed}") == code


@given(CODES)
def test_a_normal_code_stays_as_it_is(code: str) -> None:
    assert normalise_code(code) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“创意之家”租赁费", '"创意之家" 租赁费'),
        ("维修费（一期）", "维修费(一期)"),
        ("Ａ项目", "A项目"),
    ],
)
def test_names_are_compared_without_blanks_and_widths(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(
    "text",
    [
        "6.22E+18",
        "6.22202e+18",
        "1E+20",
        "６．２Ｅ＋１８",
        "6.2E18",
        "####",
        "#N/A",
        "202101000111.0",
        "-2.1E+9",
    ],
)
def test_what_a_spreadsheet_spoiled_is_known(text: str) -> None:
    assert is_mangled(text)


@given(CODES)
def test_a_plain_code_is_never_mangled(code: str) -> None:
    assert not is_mangled(code)


@pytest.mark.parametrize("text", ["", "6222 8286 5917", "冀财支〔2025〕1号", "V-2025-001", "1E20"])
def test_other_numbers_are_not_mangled(text: str) -> None:
    assert not is_mangled(text)


def test_the_year_in_a_code_is_the_projects_first() -> None:
    assert code_year("13022925P00JXC4198951") == 2025
    assert code_year("13022925P00JXC41989") is None
    assert code_year("130229²5P00JXC4198951") is None


def test_the_check_characters_of_all_sample_codes_hold(samples: Path) -> None:
    projects = json.loads((samples / "targets" / "truth.json").read_text(encoding="utf-8"))
    newer = [p["project_code"] for p in projects if has_check_character(p["project_code"])]

    assert len(newer) >= 20
    assert [code for code in newer if not holds(code)] == []


@given(
    st.text(st.sampled_from(ALPHABET), min_size=9, max_size=9),
    st.integers(0, 19),
    st.sampled_from(ALPHABET),
)
def test_one_wrong_character_is_noticed(tail: str, position: int, wrong: str) -> None:
    body = "13022925P00" + tail
    code = body + str(check_character(body))
    spoiled = code[:position] + wrong + code[position + 1 :]

    assert holds(code)
    if wrong != code[position] and has_check_character(spoiled):
        assert not holds(spoiled)


def test_older_codes_are_never_doubted() -> None:
    assert holds("13030421SGNX5QC4K2HEV")
    assert holds("P1")
    assert check_character("P1") is None
    assert check_character("13022925P00JXCO19895") is None
