"""The .doc reader: text as [MS-DOC] keeps it; damaged and doubtful files are refused.

files/one_project.doc is the first project of six indicators in the samples' truth
(13030322P00397010017P), printed by form_documents.as_docx and made a .doc by LibreOffice 7.4:
`soffice --headless --convert-to doc one_project.docx`.
"""

from __future__ import annotations

import json
import random
import struct
from collections import Counter
from pathlib import Path
from typing import Any

import olefile
import pytest

from monitor.errors import InputError
from monitor.ingest.document import Paragraph
from monitor.ingest.labels import default_labels
from monitor.ingest.readers import doc
from monitor.ingest.target_reading import read_target_document
from tests.ingest.test_target_samples import as_truth, bared
from tests.ingest.word_files import (
    DELETED,
    HIDDEN,
    IN_TABLE,
    TEXT_AT,
    Made,
    Options,
    Part,
    Streams,
    line,
    row,
    row_end,
    streams,
)

FIXTURE = Path(__file__).parent / "files/one_project.doc"
CODE = "13030322P00397010017P"


@pytest.fixture
def data() -> bytes:
    return FIXTURE.read_bytes()


@pytest.fixture(scope="module")
def project(samples: Path) -> dict[str, Any]:
    truth = json.loads((samples / "targets/truth.json").read_text(encoding="utf-8"))
    (found,) = [each for each in bared(truth) if each["project_code"] == CODE]
    return {**found, "source": "a.doc"}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Reads a file made part by part: the texts, and (text, column, width, continued) of cells."""

    def of_streams(made: Streams) -> list[Any]:
        monkeypatch.setattr(doc, "opened", lambda _: made)
        return [
            block.text
            if isinstance(block, Paragraph)
            else [[(c.text, c.column, c.width, c.continued) for c in row] for row in block.rows]
            for block in doc.read(b"", "a.doc").blocks
        ]

    def of_paragraphs(*paragraphs: Made | list[Made], **options: Any) -> list[Any]:
        flat = [each for one in paragraphs for each in (one if isinstance(one, list) else [one])]
        return of_streams(streams(flat, Options(**options)))

    of_paragraphs.streams = of_streams  # type: ignore[attr-defined]
    return of_paragraphs


def refusal(data: bytes) -> str:
    with pytest.raises(InputError) as found:
        doc.read(data, "a.doc")
    return found.value.diagnostics[0].id


def refused(read: Any, *paragraphs: Made | list[Made], **options: Any) -> str:
    with pytest.raises(InputError) as found:
        read(*paragraphs, **options)
    return found.value.diagnostics[0].id


def reading(data: bytes) -> tuple[list[dict[str, Any]], tuple[Any, ...]]:
    found = read_target_document(data, "a.doc", year=None, labels=default_labels())
    projects = found.document.projects if found.document else ()
    return [as_truth(each) for each in projects], found.diagnostics


def test_a_file_of_libreoffice_reads_as_the_truth(data: bytes, project: dict[str, Any]) -> None:
    assert reading(data)[0] == [project]


def test_text_in_bytes_reads_with_the_signs_that_word_gives_them(read: Any) -> None:
    assert read(line("“é” – 5‰…\x0bx"), narrow=True) == ["“é” – 5‰…\nx"]


def test_hidden_and_deleted_text_is_left_out(read: Any) -> None:
    assert read(line("1", Part("2", HIDDEN), Part("3", DELETED), "4")) == ["14"]
    assert read(line("1", Part("2", HIDDEN + b"\x3c\x08\0"), "3")) == ["123"]


def test_a_paragraph_whose_end_is_deleted_goes_on(read: Any) -> None:
    assert read(line("前", mark=DELETED), line("后"), line("另")) == ["前后", "另"]


def test_a_field_shows_its_result(read: Any) -> None:
    nested = "\x13 IF \x13 X \x14y\x15\x143\x15"
    assert read(line("第", nested, "页\x13 TC z \x15")) == ["第3页"]


def test_marks_of_notes_and_pictures_are_left_out(read: Any) -> None:
    special = b"\x55\x08\x01"
    assert read(line("a", Part("\x02\x05\x01\x08", special), "(b\x1ec\x1fd")) == ["a(b-cd"]


def test_a_sign_of_the_symbol_font_is_known_or_unreadable(read: Any) -> None:
    def sign(font: int, code: int) -> Part:
        return Part("(", b"\x55\x08\x01\x09\x6a" + struct.pack("<HH", font, code))

    assert read(line(sign(0, 0xF0B3), "95%", sign(0, 0xF041), sign(1, 0xF0B3))) == ["≥95%��"]
    assert refused(read, line(sign(9, 0xF0B3))) == "T090"


def test_a_page_break_parts_lines_and_a_section_break_paragraphs(read: Any) -> None:
    assert read(line("上\x0c下")) == ["上\n下"]
    assert read(line("上", end="\x0c"), line("下")) == ["上", "下"]


def test_columns_follow_from_the_edges_of_all_rows(read: Any) -> None:
    first = row("甲", "乙", edges=(0, 1000, 3000))
    second = row("丙", "丁", edges=(3, 2000, 3001))
    third = row("戊", edges=(1001, 3000))
    assert read(first, second, third, line("末")) == [
        [
            [("甲", 0, 1, False), ("乙", 1, 2, False)],
            [("丙", 0, 2, False), ("丁", 2, 1, False)],
            [("", 0, 1, False), ("戊", 1, 2, False)],
        ],
        "末",
    ]


def test_a_cell_narrower_than_the_tolerance_keeps_its_column(read: Any) -> None:
    assert read(row("甲", "乙", edges=(0, 10, 3000)), line("末"))[0] == [
        [("甲", 0, 1, False), ("乙", 1, 1, False)]
    ]


@pytest.mark.parametrize(("begin", "rest"), [(1, 2), (2, 1)])
def test_cells_merged_across_are_one_whichever_mark_begins(
    begin: int, rest: int, read: Any
) -> None:
    flags = (begin, rest, begin, rest)
    merged = row("甲", "", "乙", "", edges=(0, 1000, 2000, 3000, 4000), flags=flags)
    plain = row("1", "2", "3", "4", edges=(0, 1000, 2000, 3000, 4000))
    assert read(merged, plain, line("末"))[0][0] == [("甲", 0, 2, False), ("乙", 2, 2, False)]


def test_cells_merged_across_by_a_later_property_are_one(read: Any) -> None:
    merged = row("甲", "", "乙", edges=(0, 1000, 2000, 3000), after=b"\x24\x56\0\2")
    plain = row("1", "2", "3", edges=(0, 1000, 2000, 3000))
    assert read(merged, plain, line("末"))[0][0] == [("甲", 0, 2, False), ("乙", 2, 1, False)]


def test_a_cell_merged_down_goes_on(read: Any) -> None:
    first = row("甲", "乙", edges=(0, 1000, 2000), flags=(3 << 5, 0))
    second = row("", "丙", edges=(0, 1000, 2000), flags=(1 << 5, 0))
    third = row("", "丁", edges=(0, 1000, 2000), after=b"\x2b\xd6\2\0\1")
    found = read(first, second, third, line("末"))[0]
    assert [each[0] for each in found] == [
        ("甲", 0, 1, False),
        ("", 0, 1, True),
        ("", 0, 1, True),
    ]


def test_a_merge_that_would_lose_text_is_refused(read: Any) -> None:
    across = row("甲", "乙", edges=(0, 1000, 2000), flags=(1, 2))
    begins = row("甲", edges=(0, 1000), flags=(3 << 5,))
    down = row("乙", edges=(0, 1000), flags=(1 << 5,))
    other = row("", edges=(0, 2000), flags=(1 << 5,))
    empty = row("", edges=(0, 1000), flags=(1 << 5,))
    assert refused(read, across, line("末")) == "T095"
    assert refused(read, begins, down, line("末")) == "T095"
    assert refused(read, begins, other, line("末")) == "T095"
    assert refused(read, empty, line("末")) == "T095"


def test_a_row_whose_cells_are_not_as_many_as_it_says_is_refused(read: Any) -> None:
    assert refused(read, row("甲", "乙", edges=(0, 1000)), line("末")) == "T095"
    assert refused(read, row("甲", edges=(0, 1000))[:1], line("末")) == "T095"
    bare = line(prls=IN_TABLE + b"\x17\x24\x01", end="\x07")
    assert refused(read, row("甲", edges=(0, 1))[:1], bare, line("末")) == "T095"


@pytest.mark.parametrize("sprm", [b"\x21\x76\0\1\0\0", b"\x22\x56\0\1", b"\x25\x56\0\1"])
def test_a_row_reshaped_after_its_definition_is_refused(sprm: bytes, read: Any) -> None:
    assert refused(read, row("甲", edges=(0, 1000), after=sprm), line("末")) == "T095"


def test_a_deleted_row_is_left_out_and_one_half_deleted_refused(read: Any) -> None:
    kept = row("甲", edges=(0, 1000))
    cell = line(Part("乙", DELETED), prls=IN_TABLE, end="\x07", mark=DELETED)
    end = row_end((0, 1000), mark=DELETED)
    assert read(kept, [cell, end], line("末")) == [[[("甲", 0, 1, False)]], "末"]
    assert refused(read, kept[:1], end, line("末")) == "T095"
    assert refused(read, cell, row_end((0, 1000)), line("末")) == "T095"


def test_a_sign_that_only_its_font_gives_a_meaning_is_known_or_unreadable(read: Any) -> None:
    def sign(font: int) -> Part:
        return Part("\uf0b3", b"\x4f\x4a" + struct.pack("<H", font))

    assert read(line(sign(0), "95%", sign(1))) == ["≥95%\ufffd"]


def test_a_mark_of_a_cell_outside_of_a_table_is_refused(read: Any) -> None:
    assert refused(read, line("甲", end="\x07"), line("末")) == "T090"


def test_a_text_in_pieces_is_one(read: Any) -> None:
    assert read(line("一二三四"), pieces=[(2, 0), (1, 0), (2, 0)]) == ["一二三四"]


def test_what_a_piece_says_of_its_text_counts(read: Any) -> None:
    hidden = 0x5C << 1 | 1 << 8
    assert read(line("一二三四"), pieces=[(2, 0), (1, hidden), (2, 0)]) == ["一二四"]
    pieces = [(2, 0), (1, 0 << 1 | 1), (2, 0)]
    assert read(line("一二三四"), pieces=pieces, lists=[DELETED]) == ["一二四"]


def test_properties_kept_in_the_data_stream_count(read: Any) -> None:
    kept = IN_TABLE + b"\x17\x24\x01" + b"\x08\xd6" + struct.pack("<HBhh", 6, 1, 0, 1000)
    end = line(prls=b"\x46\x66" + struct.pack("<I", 4), end="\x07")
    aside = b"xxxx" + struct.pack("<H", len(kept)) + kept
    first = row("甲", edges=(0, 1000))[:1]
    assert read(first, end, line("末"), data=aside)[0] == [[("甲", 0, 1, False)]]
    assert refused(read, first, end, line("末"), data=aside[:-1]) == "T090"


def test_half_a_character_is_refused_and_two_halves_are_one(read: Any) -> None:
    assert read(line("𠮷"), pieces=[(1, 0), (1, 0), (1, 0)]) == ["𠮷"]
    assert refused(read, line("\ud842", "甲")) == "T090"


def test_a_text_without_an_end_or_with_an_open_field_is_refused(read: Any) -> None:
    assert refused(read, line("甲", end="乙")) == "T090"
    assert refused(read, line("\x13 x \x14甲")) == "T090"
    assert refused(read, line("甲\x15")) == "T090"


def patched(made: Streams, name: str, at: int, value: bytes) -> Streams:
    stream = made.streams[name]
    return Streams(made.streams | {name: stream[:at] + value + stream[at + len(value) :]})


@pytest.mark.parametrize(
    ("at", "value", "kind"),
    [
        (0, b"\xec\xa6", "T090"),
        (0, b"\xdc\xa5", "T095"),
        (2, b"\x68\0", "T095"),
        (10, b"\0\x13", "T091"),
        (32, b"\x0d", "T090"),
        (76, b"\x01\0", "T090"),
        (76, b"\xff\xff\xff\xff", "T090"),
        (154 + 8 * 33, b"\xff\xff", "T090"),
        (TEXT_AT, b"\0\xd8", "T090"),
    ],
)
def test_a_header_that_says_otherwise_is_refused(
    at: int, value: bytes, kind: str, read: Any
) -> None:
    made = streams([line("甲乙")])
    assert read.streams(made) == ["甲乙"]
    with pytest.raises(InputError) as found:
        read.streams(patched(made, "WordDocument", at, value))
    assert found.value.diagnostics[0].id == kind


def test_a_text_beyond_the_limit_is_refused(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc, "_MOST_CHARACTERS", 3)
    assert read(line("一二")) == ["一二"]
    assert refused(read, line("一二三")) == "T092"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("EncryptedPackage", "T091"),
        ("PowerPoint Document", "T093"),
        ("__properties_version1.0", "T093"),
        ("Workbook", "T093"),
        ("Other", "T093"),
    ],
)
def test_other_files_of_office_are_named(name: str, kind: str, read: Any) -> None:
    with pytest.raises(InputError) as found:
        read.streams(Streams({name: b""}))
    assert found.value.diagnostics[0].id == kind


def test_a_file_of_another_kind_is_refused() -> None:
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") == "T090"
    assert refusal(b"PK\x03\x04") == "T090"


def test_a_file_cut_anywhere_reads_as_the_truth_or_is_refused(
    data: bytes, project: dict[str, Any]
) -> None:
    outcomes: Counter[str] = Counter()
    for end in range(1, len(data), len(data) // 200):
        projects, diagnostics = reading(data[:end])
        assert projects == [project] or (not projects and diagnostics), end
        outcomes["read" if projects else "refused"] += 1
    assert sum(outcomes.values()) >= 200
    assert outcomes["refused"] >= 190


def places_of(data: bytes, name: str) -> range:
    """Where in the file a stream stands that is in one stretch."""
    with olefile.OleFileIO(data) as ole:
        stream = ole.openstream(name).read()
    at = data.find(stream[:512])
    assert data[at : at + len(stream)] == stream
    return range(at, at + len(stream))


def test_a_flipped_byte_outside_of_the_text_changes_no_figure_unnoticed(
    data: bytes, project: dict[str, Any]
) -> None:
    """A byte of the text itself is as good as any other: nothing in the format tells."""
    text = places_of(data, "WordDocument").start + TEXT_AT
    usual = set(reading(data)[1])
    random_ = random.Random(4)
    outcomes: Counter[str] = Counter()
    for _ in range(500):
        at = random_.randrange(len(data))
        while at in range(text, text + 2 * 544):
            at = random_.randrange(len(data))
        broken = bytearray(data)
        broken[at] ^= 1 << random_.randrange(8)
        projects, diagnostics = reading(bytes(broken))
        assert projects == [project] or set(diagnostics) - usual, at
        outcomes["truth" if projects == [project] else "told"] += 1
    assert outcomes["truth"] > 0
    assert outcomes["told"] > 0


def test_a_flipped_byte_of_the_text_is_never_a_fault(data: bytes) -> None:
    text = places_of(data, "WordDocument").start + TEXT_AT
    random_ = random.Random(5)
    for _ in range(200):
        broken = bytearray(data)
        broken[random_.randrange(text, text + 2 * 544)] ^= 1 << random_.randrange(8)
        projects, diagnostics = reading(bytes(broken))
        assert projects or diagnostics
