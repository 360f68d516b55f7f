"""Charts of many projects and the shipped font: everything is drawn, and always the same."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from monitor.domain.target import Project
from monitor.reports.charts.drawing import (
    ACTUAL,
    PLAN,
    STATE_COLOURS,
    STATE_MARKERS,
    drawing,
    png,
    svg,
)
from monitor.reports.charts.units import Lag, heat_map, lag_chart, severity_chart
from monitor.reports.glyphs import drawable, font_path, lacks, printable, woff
from monitor.reports.states import STATES
from tests.reports.figures import cut_or_meeting, words

LAGS = [
    Lag("乙", 1230, "yellow"),
    Lag("甲", 9000, "red"),
    Lag("丙", -350, "none"),
    Lag("丁", None, "undue"),
    Lag("戊", 40, "notice"),
]


def test_charts_are_the_same_each_time() -> None:
    assert png(lag_chart(LAGS)) == png(lag_chart(LAGS))
    assert svg(lag_chart(LAGS), "a", "题", "文") == svg(lag_chart(LAGS), "a", "题", "文")


def test_the_font_is_the_shipped_one_whatever_is_installed() -> None:
    with drawing():
        assert findfont(FontProperties(), fallback_to_default=False) == str(font_path())


def test_names_of_any_kind_are_drawn_without_a_missing_glyph() -> None:
    units = [
        (name, (1, 2, 0, 3, 1)) for name in ("<A&B>$x^2$", "𠮷㙍镕\n局\t\x07", "_隐藏", "长" * 60)
    ]
    figure = severity_chart(units)

    assert {"〓〓镕 局", "长" * 15 + "…", "<A&B>$x^2$"} <= set(words(figure))
    assert cut_or_meeting(figure) == []


def test_the_legend_names_a_state_that_no_unit_has() -> None:
    figure = severity_chart([("甲", (1, 0, 0, 0, 0))])

    assert set(STATES.values()) <= set(words(figure))
    assert len(figure.findobj(Rectangle)) == len(STATES) + 1 + 2  # the bar, and two grounds


@given(st.lists(st.lists(st.integers(0, 3000), min_size=5, max_size=5), max_size=30))
@settings(max_examples=10)
def test_any_counts_are_drawn_and_none_meets_another(counts: list[list[int]]) -> None:
    assert cut_or_meeting(severity_chart([("某某县卫生健康局", each) for each in counts])) == []


def test_the_heat_map_prints_signs_and_leaves_out_what_is_not_due() -> None:
    figure = heat_map(["甲", "乙"], [3, 6], [[-1234, 0], [None, 25]])

    assert {"-12.3", "0.0", "—", "+0.3", "3月底", "6月底"} <= set(words(figure))


@given(
    st.lists(
        st.lists(st.none() | st.integers(-(10**7), 10**5), min_size=12, max_size=12), max_size=30
    )
)
@settings(max_examples=5)
def test_a_heat_map_of_every_month_has_room_for_all(table: list[list[int | None]]) -> None:
    assert cut_or_meeting(heat_map(["长" * 40] * len(table), range(1, 13), table)) == []


def test_the_largest_lag_comes_first_and_what_is_not_due_last_without_a_dot() -> None:
    figure = lag_chart(LAGS)
    dots = [each for each in figure.axes[0].lines if each.get_linestyle() == "None"]

    assert words(figure)[:5] == ["甲", "乙", "戊", "丙", "丁"]
    assert words(figure)[5:10] == [
        "90.0 红色",
        "12.3 黄色",
        "0.4 提示",
        "-3.5 不滞后",
        "无到期计划",
    ]
    assert sum(len(np.atleast_1d(each.get_ydata())) for each in dots) == 4


def test_a_dot_has_the_shape_of_its_state() -> None:
    dots = {
        int(np.atleast_1d(each.get_ydata())[0]): each.get_marker()
        for each in lag_chart(LAGS).axes[0].lines
        if each.get_linestyle() == "None" and len(np.atleast_1d(each.get_ydata()))
    }

    assert dots == {0: "X", 1: "^", 2: "D", 3: "o"}
    assert len(set(STATE_MARKERS.values())) == len(STATES)


@given(
    st.lists(
        st.builds(
            Lag,
            name=st.text(max_size=40),
            lag_bp=st.none() | st.integers(-(10**7), 10**4),
            state=st.sampled_from(list(STATES)),
        ),
        max_size=30,
    )
)
@settings(max_examples=15)
def test_any_lags_are_drawn_and_no_label_meets_another(lags: list[Lag]) -> None:
    assert cut_or_meeting(lag_chart(lags)) == []


def linear(colour: str) -> NDArray[np.float64]:
    part = np.array(to_rgb(colour))
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lightness(light: NDArray[np.float64]) -> float:
    """L* of CIE 1976, 0 to 100, of linear RGB."""
    luminance = float(np.array([0.2126, 0.7152, 0.0722]) @ light)
    return 116 * np.cbrt(luminance) - 16 if luminance > 0.008856 else 903.3 * luminance


DEUTERANOPIA = np.array(  # Viénot, Brettel, Mollon 1999, on linear RGB
    [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]
)


@pytest.mark.parametrize("seen", [np.eye(3), DEUTERANOPIA], ids=["grey", "deuteranopia"])
def test_the_severities_differ_in_lightness_also_for_the_colour_blind(
    seen: NDArray[np.float64],
) -> None:
    lights = [
        lightness(np.clip(seen @ linear(STATE_COLOURS[state]), 0, 1))
        for state in ("red", "yellow", "notice", "undue")
    ]

    assert lights == sorted(lights)
    assert min(b - a for a, b in zip(lights, lights[1:], strict=False)) > 7


def test_plan_and_payments_differ_in_hue_for_the_colour_blind() -> None:
    plan, actual = (np.clip(DEUTERANOPIA @ linear(each), 0, 1) for each in (PLAN, ACTUAL))

    assert plan[2] < plan[0]  # yellowish
    assert actual[2] > 2 * actual[0]  # blue


def test_the_colours_of_a_picture_are_those_of_its_chart() -> None:
    from PIL import Image

    figure = heat_map(["甲"], [3, 6], [[-4000, 4000]])
    picture = Image.open(BytesIO(png(figure))).convert("RGB")
    y = picture.height - 50 - 20
    found = [picture.getpixel((x, y)) for x in (400, 1240)]
    wanted = [
        tuple(round(255 * (1 + (part - 1) * 0.8)) for part in to_rgb(colour))
        for colour in (PLAN, ACTUAL)
    ]

    assert np.abs(np.array(found) - np.array(wanted)).max() < 14


def test_an_inline_chart_has_title_and_text_and_ids_of_its_own() -> None:
    picture = svg(severity_chart([("甲", (1, 0, 0, 0, 0))]), "s", "标题 <1>", "说明 & 说明")

    assert picture.startswith("<svg viewBox=")
    assert '<title id="s-title">标题 &lt;1&gt;</title>' in picture
    assert '<desc id="s-text">说明 &amp; 说明</desc>' in picture
    assert "http" not in picture
    assert "url(#s-" in picture
    assert "font-family: 'Overview Sans'" in picture
    assert ">甲</text>" in picture


def test_the_shipped_font_has_all_of_gb2312_and_the_signs_of_official_texts() -> None:
    plane = (bytes((lead, trail)) for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF))
    characters = "".join(pair.decode("gb2312", errors="ignore") for pair in plane)

    assert len(characters) == 6763
    assert [c for c in characters + "≥≤％±①⑩㎡№〔〕〓—－…“”镕" if lacks(c)] == []


def test_no_text_of_the_samples_lacks_a_glyph(sample_projects: list[Project]) -> None:
    names = [project.project_name + project.unit_name for project in sample_projects]

    assert [text for text in names if drawable(text) != text] == []


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
