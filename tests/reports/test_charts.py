"""Charts and the shipped font: everything is drawn, and always the same."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from math import isnan
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.text import Text

from monitor.domain.target import PlanPoint, Project
from monitor.reports.charts import heat_map, plan_chart, severity_chart
from monitor.reports.drawing import drawing, png, svg
from monitor.reports.facts import Curve
from monitor.reports.glyphs import drawable, font_path, lacks, printable, woff

PLAN = (PlanPoint(3, 2500), PlanPoint(6, None), PlanPoint(9, 7500), PlanPoint(12, 10000))


def curve(
    budget: int | None = 10_000_000,
    plan: tuple[PlanPoint, ...] = PLAN,
    paid: tuple[int, ...] = (100,) * 12,
    as_of: date = date(2025, 12, 31),
) -> Curve:
    return Curve(2025, as_of, budget, plan, paid)


def words(figure: Figure) -> str:
    """All texts of a figure, as they stand after drawing."""
    png(figure)
    return "|".join(each.get_text() for each in figure.findobj() if isinstance(each, Text))


def line(figure: Figure, label: str) -> tuple[list[float], list[float]]:
    found = next(each for each in figure.axes[0].lines if each.get_label() == label)
    return list(found.get_xdata()), list(found.get_ydata())  # type: ignore[arg-type]


def test_the_line_of_payments_adds_the_months_up_and_ends_at_the_date() -> None:
    figure = plan_chart(curve(paid=(1_000_000, 0, 2_000_000) + (0,) * 9, as_of=date(2025, 3, 15)))
    at, sums = line(figure, "实际（累计）")

    assert sums == [0, 1, 1, 3]
    assert at == pytest.approx([0, 1, 2, 2 + 15 / 31])


def test_a_blank_share_breaks_the_plan_off_and_is_said_below() -> None:
    figure = plan_chart(curve())
    at, steps = line(figure, "计划（累计）")

    assert at == [0, 3, 6, 9, 12, 12]
    assert [None if isnan(step) else step for step in steps] == [0, 2.5, None, 7.5, 10, 10]
    assert "6月底未填计划比例，未绘" in words(figure)


def test_without_a_budget_no_plan_is_drawn_and_it_says_so() -> None:
    assert "无预算数，未绘计划" in words(plan_chart(curve(budget=None)))


@given(
    budget=st.none() | st.integers(0, 10**14),
    paid=st.lists(st.integers(-(10**13), 10**13), min_size=12, max_size=12),
    shares=st.lists(st.none() | st.integers(0, 10000), min_size=0, max_size=4),
    as_of=st.dates(date(2024, 12, 1), date(2026, 2, 1)),
)
@settings(max_examples=15, deadline=None)
def test_any_figures_can_be_drawn_without_a_warning(
    budget: int | None, paid: list[int], shares: list[int | None], as_of: date
) -> None:
    plan = tuple(PlanPoint(3 * i, share) for i, share in enumerate(shares, 1))

    assert png(plan_chart(curve(budget, plan, tuple(paid), as_of))).startswith(b"\x89PNG")


def test_charts_are_the_same_each_time() -> None:
    assert png(plan_chart(curve())) == png(plan_chart(curve()))
    assert svg(plan_chart(curve()), "a", "题", "文") == svg(plan_chart(curve()), "a", "题", "文")


def test_the_font_is_the_shipped_one_whatever_is_installed() -> None:
    with drawing():
        assert findfont(FontProperties(), fallback_to_default=False) == str(font_path())


def test_names_of_any_kind_are_drawn_without_a_missing_glyph() -> None:
    units = [
        (name, (1, 2, 0, 3, 1)) for name in ("<A&B>$x^2$", "𠮷㙍镕\n局\t\x07", "_隐藏", "长" * 60)
    ]
    figure = severity_chart(units)

    assert "〓〓镕 局" in words(figure)
    assert "长" * 15 + "…" in words(figure)
    assert "<A&B>$x^2$" in words(figure)


def test_the_legend_shows_a_state_that_no_unit_has() -> None:
    keys = severity_chart([("甲", (1, 0, 0, 0, 0))]).legends[0].get_patches()

    assert len(keys) == 5
    assert all(key.get_linewidth() > 0 for key in keys)


def test_the_heat_map_prints_signs_and_leaves_out_what_is_not_due() -> None:
    texts = words(heat_map(["甲", "乙"], [3, 6], [[-1234, 0], [None, 25]])).split("|")

    assert {"-12.3", "0.0", "—", "+0.3", "3月底", "6月底"} <= set(texts)


def test_an_inline_chart_has_title_and_text_and_ids_of_its_own() -> None:
    picture = svg(severity_chart([("甲", (1, 0, 0, 0, 0))]), "s", "标题 <1>", "说明 & 说明")

    assert picture.startswith("<svg viewBox=")
    assert '<title id="s-title">标题 &lt;1&gt;</title>' in picture
    assert '<desc id="s-text">说明 &amp; 说明</desc>' in picture
    assert "http" not in picture
    assert 'href="#s-' in picture


def test_the_shipped_font_has_all_of_gb2312_and_the_signs_of_official_texts() -> None:
    plane = (bytes((lead, trail)) for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF))
    characters = "".join(pair.decode("gb2312", errors="ignore") for pair in plane)

    assert len(characters) == 6763
    assert [c for c in characters + "≥≤％±①⑩㎡№〔〕〓—－…“”镕" if lacks(c)] == []


def test_no_text_of_the_samples_lacks_a_glyph(sample_projects: list[Project]) -> None:
    texts = [project.project_name + project.unit_name for project in sample_projects]

    assert [text for text in texts if drawable(text) != text] == []


@given(st.text())
def test_what_is_drawable_lacks_nothing_and_stays_so(text: str) -> None:
    line = drawable(text)

    assert not any(lacks(c) for c in line)
    assert drawable(line) == line


@given(st.text())
def test_printable_text_can_stand_in_xml(text: str) -> None:
    element = ET.Element("t")
    element.text = printable(text)

    assert ET.fromstring(ET.tostring(element)).text in (printable(text), None)


def test_the_embedded_font_has_just_the_characters_of_the_text() -> None:
    content = woff("预算执行 A1")

    assert set(TTFont(BytesIO(content)).getBestCmap()) == {ord(c) for c in "预算执行 A1"}
    assert content == woff("A1 预算执行")
    assert len(content) < 10_000
