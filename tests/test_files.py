"""Files land whole or not at all, and a refusal names the file that was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.files import write_whole


def test_a_file_that_cannot_be_replaced_is_named_and_leaves_nothing_beside_it(
    tmp_path: Path,
) -> None:
    taken = tmp_path / "总览.html"
    taken.mkdir()

    with pytest.raises(OSError, match="总览") as refused:
        write_whole(taken, b"<html>")

    assert refused.value.filename == str(taken)
    assert list(tmp_path.iterdir()) == [taken]
