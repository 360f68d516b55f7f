"""What stands in a cell of a returned 绩效填报表, read as an entry's value."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from monitor.domain.entry import Field, Form, Key
from monitor.domain.target_value import parse_target
from monitor.ingest.form_book import Round, Slot, Wants
from monitor.ingest.form_return import Content
from monitor.ingest.form_seal import parse_seal
from monitor.ingest.form_values import Unfit, points_below, value_of


def slot(wants: Wants, field: Field = Field.POINTS, **more: object) -> Slot:
    return Slot(Key(Form.SELF_ASSESSMENT, field), wants, **more)  # type: ignore[arg-type]


def read(text: str, asked: Slot, **kind: bool) -> str:
    return value_of(Content(text, **kind), asked, "得分")


def fault(text: str, asked: Slot, **kind: bool) -> str:
    with pytest.raises(Unfit) as raised:
        read(text, asked, **kind)
    return raised.value.kind.id


TEN = slot(Wants.POINTS, most=Decimal(10))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", "10"),
        ("0", "0"),
        ("9.50", "9.5"),
        ("８．５", "8.5"),
        ("8.5分", "8.5"),
        ("9.990", "9.99"),
    ],
)
def test_points_are_read_up_to_the_weight(text: str, value: str) -> None:
    assert read(text, TEN) == value


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("10.01", "F213"),
        ("-0.5", "F212"),
        ("9.999", "F214"),
        ("优", "F211"),
        ("1e1", "F211"),
        ("10%", "F211"),
        ("9,5", "F211"),
        ("1234567", "F211"),
    ],
)
def test_points_beyond_their_limits_are_named(text: str, id_: str) -> None:
    assert fault(text, TEN) == id_


def test_a_weight_in_the_same_line_limits_the_points() -> None:
    assert fault("5", points_below(TEN, "4")) == "F213"
    assert read("4", points_below(TEN, "4")) == "4"
    assert points_below(slot(Wants.TEXT, Field.REASON), "4").most is None


@pytest.mark.parametrize(
    ("text", "value"), [("1200", "1200.00"), ("1,200.5元", "1200.50"), ("0.12万元", "1200.00")]
)
def test_amounts_are_kept_in_yuan(text: str, value: str) -> None:
    assert read(text, slot(Wants.AMOUNT, Field.OTHER_PAID)) == value


@pytest.mark.parametrize(("text", "id_"), [("不多", "F211"), ("1.005", "F214"), ("-1", "F212")])
def test_amounts_that_are_none_are_named(text: str, id_: str) -> None:
    assert fault(text, slot(Wants.AMOUNT, Field.OTHER_PAID)) == id_


def asked(target: str) -> Slot:
    choices = ("是", "部分达成", "否") if target == "是/否" else ()
    value = parse_target(target, 2025)
    return slot(Wants.VALUE, Field.ACTUAL, target=value, target_text=target, choices=choices)


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("≥95%", "96.5%"),
        ("≥12场", "13"),
        ("≥12场", "13场"),
        ("≤5万元", "4.8万元"),
        ("是/否", "是"),
        ("进一步推动", "有力推动，群众反映好"),
        ("2025年11月底前", "2025-11-20"),
    ],
)
def test_results_that_answer_their_target_are_taken_as_written(target: str, text: str) -> None:
    assert read(text, asked(target)) == text


@pytest.mark.parametrize(
    ("target", "text"),
    [("≥95%", "0.96"), ("≥12场", "较多"), ("≥12场", "13天"), ("是/否", "也许"), ("≥12场", "≥13场")],
)
def test_results_that_cannot_be_held_against_their_target_are_named(target: str, text: str) -> None:
    assert fault(text, asked(target)) == "F219"


def test_dates_and_numbers_in_each_others_place_are_named() -> None:
    assert fault("2025-05-01", asked("≥12场"), is_day=True) == "F217"
    assert fault("45990", asked("2025年11月底前"), is_number=True) == "F218"
    assert fault("2025-05-01", TEN, is_day=True) == "F211"


def test_a_choice_is_taken_in_its_own_spelling() -> None:
    offered = slot(Wants.CHOICE, Field.LIKELIHOOD, choices=("确定能", "有可能"))
    assert read(" 有可能　", offered) == "有可能"
    assert fault("或许", offered) == "F215"


def test_a_tick_stands_for_its_header() -> None:
    ticked = slot(Wants.TICK, Field.CAUSES, choices=("√",))
    for sign in ("√", "✓", "v", "是", "1"):
        assert value_of(Content(sign), ticked, "经费保障") == "经费保障"
    assert fault("×", ticked) == "F215"


def test_a_text_keeps_its_lines_and_loses_what_cannot_be_printed() -> None:
    words = slot(Wants.TEXT, Field.REASON)
    assert read("一\n二\x0b三", words) == "一\n二 三"
    assert fault("长" * 1001, words) == "F216"
    assert read("", words) == ""


ROUND = Round(
    Form.SELF_ASSESSMENT, "", 2025, "434001", date(2025, 12, 31), (("指标", 3),), "0" * 16
)


def test_a_round_is_read_from_its_property() -> None:
    assert Round.from_property(ROUND.mark) == ROUND
    for broken in ("", "answers/1/soft/3/a", ROUND.mark.replace("2025-12-31", "2025-13-31")):
        assert Round.from_property(broken) is None


def test_a_key_that_is_none_says_why() -> None:
    for key in ("", "1|指标|A|b|oo|00000000", "x" * 5000):
        assert parse_seal(key, ROUND, "指标", 2) == "隐藏的识别码已被改动或清除"
    mine = f"1|指标|A|b|oo|{hashlib.sha256(ROUND.id.encode()).hexdigest()[:8]}|{'0' * 12}|"
    assert not isinstance(parse_seal(mine + '{"得分":"8"}', ROUND, "指标", 2), str)
    for held in ("", "[]", '{"得分":8}', "{"):
        assert parse_seal(mine + held, ROUND, "指标", 2) == "隐藏的识别码已被改动或清除"
    other = f"1|指标|A|b|oo|12345678|{'0' * 12}|{{}}"
    assert "另一份填报表" in str(parse_seal(other, ROUND, "指标", 2))
