"""The same text in two units' reports."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.same_text import LEAST, Text, bare, same_texts

LONG = "因项目前期手续办理时间较长，招标工作推迟到第三季度，导致资金支付进度滞后于计划。"


def test_a_text_of_two_units_is_found_whatever_its_punctuation() -> None:
    one, other = (
        Text("430001", "A", "原因", LONG),
        Text("430002", "B", "原因", f" {LONG}\n".replace("，", "、")),
    )

    assert same_texts([one, other]) == [(one, other)]


def test_a_unit_may_say_the_same_of_two_projects() -> None:
    assert same_texts([Text("430001", "A", "原因", LONG), Text("430001", "B", "原因", LONG)]) == []


def test_short_texts_are_the_same_by_chance() -> None:
    texts = [
        Text("430001", "", "完成", "已完成年度目标"),
        Text("430002", "", "完成", "已完成年度目标"),
    ]

    assert same_texts(texts) == []
    assert same_texts(texts, least=5) == [tuple(texts)]


written = st.builds(
    Text,
    st.sampled_from(["430001", "430002", "430003"]),
    st.sampled_from(["A", "B"]),
    st.just("原因"),
    st.sampled_from([LONG, LONG[::-1], LONG + "！", LONG[:20]]),
)


@given(st.lists(written))
def test_groups_are_what_comparing_all_pairs_finds(texts: list[Text]) -> None:
    grouped = {id(each) for group in same_texts(texts) for each in group}
    pairs = {
        id(one)
        for one in texts
        for other in texts
        if one.unit_code != other.unit_code
        and bare(one.text) == bare(other.text)
        and len(bare(one.text)) >= LEAST
    }

    assert grouped == pairs
