"""Arrow and `csv` read a piece of a list to the same block, or Arrow leaves it alone."""

from __future__ import annotations

import csv
import io
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.ingest.arrow_block import ArrowReader
from monitor.ingest.arrow_piece import arrow_columns
from monitor.ingest.block_process import pack, unpack
from monitor.ingest.list_block import Block
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_header import Header, find_header
from monitor.ingest.payment_pieces import read_rows
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped

COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))
HEADERS = {
    "yuan": "序号,支付申请编号,支付凭证号,支付日期,预算单位,项目编码,项目名称,支付金额(元),"
    "退款金额(元),用途,业务类型,支付状态",
    "ten thousand": "支付凭证号,支付日期,单位编码,单位名称,项目编码,项目名称,支付金额(万元),"
    "收款人账号,用途",
    "no voucher": "支付申请编号,支付日期,项目编码,项目名称,支付金额(元),收款人,支付状态,备注",
}
PLAIN = {
    "序号": ["1", "20", ""],
    "支付申请编号": ["A1", "202501000017", "７７", "a-9", "", "-", "2.02501E+13"],
    "支付凭证号": ["V1", "V2", "130000000001", "", "无"],
    "支付日期": ["2025-03-05", "2025/4/1", "20250402", "2025年5月6日", "2025-02-30", "", "45678"],
    "预算单位": ["430001-甲局", "430002 乙局", "丙局", ""],
    "单位编码": ["430001", "430002", ""],
    "单位名称": ["甲局", " 乙局"],
    "项目编码": ["13022925P00JXC4198951", "P-1", " P-1", "", "1.3E+18"],
    "项目名称": ["养老补贴", "道路，养护", "2021年补贴 ", ""],
    "支付金额(元)": [
        "12.00", "1,234.50", "144,057.11", "12,34.50", "0.00", "000.10", "-5.00", "(5)", "7", "3.1",
        "999999999999.99", "1234567890123.00", "5.5O", "１２．５０", "1.234", "",
        "1.00万元", "+1.00",
    ],
    "支付金额(万元)": ["1.5", "12.00", "0.000001", "x", ""],
    "退款金额(元)": ["", "", "", "5.00", " ", "-"],
    "收款人账号": ["6222", "6.22E+18", ""],
    "收款人": ["张三", "李四\u3000", "", "合计"],
    "用途": ["办公费", "2024年货款", "红字冲销", "冲账", "a\u200bb", "合计"],
    "业务类型": ["", "退款", "退回重付", "更正"],
    "支付状态": ["已支付", "审核中", "作废", "已退款（上年）", "怪", ""],
    "备注": ["", "x", "\u00a0", "🙂"],
}  # fmt: skip
DIRT = st.sampled_from(
    ['"', '""', '="00123"', 'a"b', "x\ny", "x\r\ny", "\ufeff", "\x1f", "\x1e", "\0", "合计", " ",
     ",", ";", "\t", "x" * 140_000, "\x0b", "单位：元", "制表人：张三", "\r"]
)  # fmt: skip
RAW = st.sampled_from(
    ["", "\n", "\r\n", "\r", '"', '"a', 'a"b', "合计", "合计,,", '"x"y', ",", '""', "\ufeff,", " "]
)


def header_of(name: str) -> Header:
    return find_header([(1, HEADERS[name].split(","))], COLUMNS, "a.csv")[1]


@st.composite
def lines(draw: st.DrawFn, name: str, *, clean: bool) -> list[list[str]]:
    cells = [st.sampled_from(PLAIN[column]) for column in HEADERS[name].split(",")]
    rows = draw(st.lists(st.tuples(*cells).map(list), min_size=1, max_size=12))
    if not clean:
        for row in rows:
            if draw(st.integers(0, 7)) == 0:
                row[draw(st.integers(0, len(row) - 1))] = draw(DIRT)
            if draw(st.integers(0, 9)) == 0:
                row[draw(st.integers(1, len(row))) :] = draw(st.sampled_from([[], ["", "", "z"]]))
    return rows


def written(rows: list[list[str]], delimiter: str, quoting: Any, end: str) -> list[str]:
    texts = []
    for row in rows:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=end).writerow(row)
        texts.append(stream.getvalue())
    return texts


def by_rows(reader: BlockReader, data: bytes, encoding: str, delimiter: str, width: int) -> Any:
    """The block, or why there is none."""
    try:
        read = read_rows(data, 5, encoding, delimiter, width)
        return read and told(reader.join(reader.parts(*read)))
    except (InputError, UnicodeDecodeError) as error:
        return type(error)


def by_arrow(reader: BlockReader, data: bytes, encoding: str, delimiter: str, width: int) -> Any:
    """The same; True where Arrow leaves the piece alone."""
    try:
        part = ArrowReader(reader, width).part(data, encoding, delimiter, 5)
        return True if part is None else told(reader.join([part]))
    except (InputError, UnicodeDecodeError) as error:
        return type(error)


def told(block: Block) -> Block:
    """As the process that asked for it has it."""
    packed = unpack(pack(block))
    return packed._replace(namings=sorted(packed.namings))


ENDS = st.sampled_from(["\n", "\r\n"])
QUOTING = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
ENCODINGS = st.sampled_from(["utf-8", "gb18030"])
DELIMITERS = st.sampled_from([",", "\t", ";"])


@settings(max_examples=400)
@given(st.data(), st.sampled_from(sorted(HEADERS)), ENCODINGS, DELIMITERS, QUOTING, ENDS)
def test_whatever_the_piece_both_ways_give_the_same_block(
    data: st.DataObject, name: str, encoding: str, delimiter: str, quoting: Any, end: str
) -> None:
    header = header_of(name)
    one, other = (BlockReader(header, COLUMNS, "a.csv") for _ in range(2))
    for _ in range(2):  # the second piece finds wordings of the first
        texts = written(data.draw(lines(name, clean=False)), delimiter, quoting, end)
        for _ in range(data.draw(st.sampled_from([0, 0, 1, 2]))):
            texts.insert(data.draw(st.integers(0, len(texts))), data.draw(RAW))
        piece = "".join(texts).encode(encoding)
        if data.draw(st.integers(0, 19)) == 0:
            piece = piece[: data.draw(st.integers(0, len(piece)))]
        found = by_arrow(one, piece, encoding, delimiter, len(header.names))
        expected = by_rows(other, piece, encoding, delimiter, len(header.names))
        if found is True:  # then rows are read by the same reader: both know the same wordings
            by_rows(one, piece, encoding, delimiter, len(header.names))
        else:
            assert found == expected


@settings(max_examples=200)
@given(st.data(), st.sampled_from(sorted(HEADERS)), ENCODINGS, DELIMITERS, QUOTING, ENDS)
def test_a_piece_without_dirt_is_read_by_arrow(
    data: st.DataObject, name: str, encoding: str, delimiter: str, quoting: Any, end: str
) -> None:
    header = header_of(name)
    piece = "".join(written(data.draw(lines(name, clean=True)), delimiter, quoting, end))
    found = by_arrow(
        BlockReader(header, COLUMNS, "a.csv"),
        piece.encode(encoding), encoding, delimiter, len(header.names),
    )  # fmt: skip
    expected = by_rows(
        BlockReader(header, COLUMNS, "a.csv"),
        piece.encode(encoding), encoding, delimiter, len(header.names),
    )  # fmt: skip

    assert isinstance(found, Block)
    assert found == expected


def test_a_cell_that_csv_refuses_for_its_length_is_left_to_it() -> None:
    header = header_of("no voucher")
    piece = f"A1,2025-03-05,P-1,养老补贴,12.00,张三,已支付,{'x' * 140_000}\n".encode()
    found, expected = (
        way(BlockReader(header, COLUMNS, "a.csv"), piece, "utf-8", ",", len(header.names))
        for way in (by_arrow, by_rows)
    )

    assert found is True
    assert expected is None


CELLS = st.text(st.sampled_from("0Az|~.办公费，〇ａ🙂㐀\u00e9"), max_size=5)


@given(st.lists(st.tuples(*[CELLS | st.sampled_from(["", "2025"])] * 3), min_size=1, max_size=40))
@settings(max_examples=200)
def test_texts_of_another_encoding_are_the_same_texts(rows: list[tuple[str, ...]]) -> None:
    text = "".join(",".join(row) + "\n" for row in rows)

    columns = arrow_columns(text.encode("gb18030"), "gb18030", ",", 3)

    assert columns is not None
    assert [tuple(row) for row in zip(*(c.to_pylist() for c in columns), strict=True)] == rows


@pytest.mark.parametrize("cell", [b"\xb0", b"\xb0\xec\xff", b"\x81\x30\x81", b"a\x80"])
@pytest.mark.parametrize("around", [1, 40])
def test_bytes_that_are_no_text_are_told(cell: bytes, around: int) -> None:
    piece = b"x,y\n" * around + b"x," + cell + b"\n" + b"x,y\n" * around
    with pytest.raises(UnicodeDecodeError):
        arrow_columns(piece, "gb18030", ",", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gbk"])
@pytest.mark.parametrize("cell", ["锘科A-1", "锘科学", "\ufeff\ufeffa", "\ufeffa", "a"])
def test_no_byte_of_a_first_cell_is_taken_for_a_mark(cell: str, encoding: str) -> None:
    """The bytes of 锘科 in GB18030 begin as the mark of UTF-8 does, which Arrow leaves out."""
    text = f"{cell},12\nb,3\n"
    if encoding == "gbk" and "\ufeff" in text:
        return
    columns = arrow_columns(text.encode(encoding), encoding, ",", 2)
    read = read_rows(text.encode(encoding), 1, encoding, ",", 2)

    assert read is not None
    assert columns is None or [c.to_pylist() for c in columns] == [
        list(column) for column in zip(*read[0], strict=True)
    ]
    assert columns is not None or cell.startswith(("锘", "\ufeff\ufeff"))
