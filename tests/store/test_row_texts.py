"""The cells of payments: a row's own, or out of a text of many; on both databases the same."""

from __future__ import annotations

import pytest

from monitor.ingest.list_block import Joined
from monitor.store.packed_texts import BETWEEN, packed, parts, split_part


@pytest.mark.parametrize("texts", [[""], ["a"], ["a", "", "丙\x1f丁"], [""] * 600, list("b" * 513)])
def test_a_column_of_texts_is_the_same_joined(texts: list[str]) -> None:
    joined = Joined.of(texts)

    assert joined is not None
    assert list(joined) == texts
    assert [joined[n] for n in range(len(texts))] == texts
    assert len(joined) == sum(many for many, _ in joined.parts) == len(texts)


def test_a_text_with_the_sign_between_is_not_joined() -> None:
    assert Joined.of(["a", f"b{BETWEEN}c"]) is None


def test_one_text_is_taken_out_of_many() -> None:
    many = packed(BETWEEN.join(["甲", "", "丙"]))

    assert parts(many) == ["甲", "", "丙"]
    assert [split_part(many, BETWEEN, n) for n in (1, 2, 3)] == ["甲", "", "丙"]
