"""A long list in pieces: each begins a row, and together they are the file."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.ingest.payment_pieces import pieces, read_rows

CELL = st.sampled_from(["a", "1,2", '"x"', '"两行\n用途"', '"引""号"', "支付", '"\n\n"'])
ENDS = st.sampled_from(["\n", "\r\n"])


@given(
    rows=st.lists(st.lists(CELL, min_size=1, max_size=3), min_size=1, max_size=40),
    end=ENDS,
    open_end=st.booleans(),
    size=st.integers(1, 200),
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pieces_are_the_file_from_any_of_them_on(
    tmp_path: Path, rows: list[list[str]], end: str, open_end: bool, size: int
) -> None:
    path = tmp_path / "a.csv"
    text = end.join(map(",".join, rows)) + ("" if open_end else end)
    path.write_bytes(text.encode())

    found = list(pieces(path, first=size, size=size))

    assert b"".join(piece.data for piece in found) == text.encode()
    for piece, after in zip(found, found[1:], strict=False):
        assert piece.data.endswith(b"\n")
        assert piece.data.count(b'"') % 2 == 0
        assert (piece.end, piece.next_line) == (after.start, after.line)
        rest = list(pieces(path, after.start, after.line, first=size, size=size))
        assert b"".join(each.data for each in rest) == text.encode()[after.start :]
        assert rest[0].line == text.encode()[: after.start].count(b"\n") + 1
    assert not list(pieces(path, len(text.encode()), 9))


def test_a_quote_that_does_not_pair_ends_a_piece_that_is_not_plain(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{n},支付,100.00\n" for n in range(100_000)]
    rows[2] = '2,5" 管,100.00\n'
    path.write_text("".join(rows), encoding="utf-8")

    found = list(pieces(path, first=1_000, size=20_000, most=50_000))

    assert b"".join(piece.data for piece in found) == path.read_bytes()
    plain = [read_rows(piece.data, piece.line, "utf-8", ",", 3) is not None for piece in found]
    assert plain[:2] == [True, False]
    assert len(found[1].data) <= 71_000


def test_a_long_list_with_one_quote_too_many_is_cut_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    body = "".join(f"{n},支付,100.00\n" for n in range(300, 1_000_000))
    path.write_text('1,5" 管,1.00\n' + body, encoding="utf-8")

    assert len(list(pieces(path))) > 1  # looking back line by line it took hours
