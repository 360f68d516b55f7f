"""Money is integer fen and shares integer basis points: exact, or refused with the reason."""

from __future__ import annotations

import ast
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import money
from monitor.domain.money import (
    MoneyUnit,
    NotAnAmount,
    NotAShare,
    parse_bp,
    parse_fen,
    round_half_up,
    yuan,
)

FEN = st.integers(-(10**15) + 1, 10**15 - 1)
WIDE = str.maketrans("0123456789,.-()", "０１２３４５６７８９，．－（）")


@given(FEN)
def test_an_amount_printed_is_read_back(fen: int) -> None:
    assert parse_fen(yuan(fen)) == fen


@given(FEN)
def test_every_way_of_writing_an_amount_gives_the_same_fen(fen: int) -> None:
    plain = yuan(abs(fen)).replace(",", "")
    sign = "-" if fen < 0 else ""
    ways = [
        sign + plain,
        f"￥{sign}{plain}",
        f"{sign}¥{plain}",
        f" {sign}{plain}\t元",
        f"{sign}{plain}000",
        yuan(fen).translate(WIDE),
        f"人民币{sign}{plain}",
        f"({yuan(-fen)})" if fen < 0 else f"+{plain}",
    ]

    assert {parse_fen(way) for way in ways} == {fen}


@given(st.integers(0, 10**9 - 1), st.sampled_from(MoneyUnit))
def test_units_scale_exactly(fen: int, unit: MoneyUnit) -> None:
    text = format(Decimal(fen) / unit.fen, "f")

    assert parse_fen(text, unit) == fen
    assert parse_fen(f"{text}{unit.value}") == fen


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "()", "待核", "1,23", "1,2345", "1.2.3", "--1", "(-1)", "1-", "12O0", "1e5",
        "1.5E+04", "#N/A", "十元", "0.001", "0.0100000000000000000000000000000001", "²", "10②",
        "١٢", "1.2,3", ",1", "10000000000000", "9" * 5000, "0." + "0" * 5000 + "1", ".", "元",
    ],
)  # fmt: skip
def test_what_is_no_exact_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_fen(text)


@given(st.text(max_size=20))
def test_any_text_is_an_amount_in_whole_fen_or_refused(text: str) -> None:
    with suppress(NotAnAmount):
        assert type(parse_fen(text)) is int


def test_the_reason_names_the_wrong_character() -> None:
    with pytest.raises(NotAnAmount, match="第 3 个字符是字母 O"):
        parse_fen("12O0.00")


@given(st.integers(0, 10**7))
def test_a_share_is_exact(bp: int) -> None:
    text = f"{bp // 100}.{bp % 100:02d}"

    assert {parse_bp(way) for way in (text, f"{text}%", f" {text} ％", f"{text}000")} == {bp}


@pytest.mark.parametrize(
    "text", ["", "%", "-5%", "33.333%", "1e2", "NaN", "Infinity", "25‰", "33.33" + "0" * 30 + "1"]
)
def test_what_is_no_exact_share_is_refused(text: str) -> None:
    with pytest.raises(NotAShare):
        parse_bp(text)


@given(st.integers(-(10**30), 10**30), st.integers(-(10**15), 10**15).filter(bool))
def test_halves_round_away_from_zero(numerator: int, denominator: int) -> None:
    doubled = 2 * abs(numerator) + abs(denominator)
    expected = doubled // (2 * abs(denominator))

    assert abs(round_half_up(numerator, denominator)) == expected
    assert round_half_up(-numerator, denominator) == -round_half_up(numerator, denominator)


@given(st.integers(-(10**9), 10**9))
def test_rounding_agrees_with_commercial_rounding(numerator: int) -> None:
    expected = (Decimal(numerator) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)

    assert round_half_up(numerator, 100) == int(expected)


def test_no_float_and_no_true_division_stands_in_the_module() -> None:
    tree = ast.parse(Path(money.__file__).read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))

    assert not [n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    assert not [n for n in nodes if isinstance(n, ast.Name) and n.id in ("float", "round")]
    assert not [n for n in nodes if isinstance(n, ast.Div)]
