"""PDF documents: a form that LibreOffice printed, and what may go wrong with one.

files/form.pdf is the first sample (three projects on three pages; a row and a label are cut by
page ends), printed from `form_documents.as_docx` with ruled tables (style Table Grid) by
LibreOffice 7.4: `soffice --headless --convert-to pdf`.
"""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

from monitor.errors import InputError, Severity
from monitor.ingest.document import Table
from monitor.ingest.labels import default_labels
from monitor.ingest.readers import pdf
from monitor.ingest.readers.pdf_tables import Piece, Run
from monitor.ingest.readers.pdf_text import Line, flowed, lines_of, once
from monitor.ingest.target_reading import read_target_document
from tests.ingest.form_documents import documents
from tests.ingest.test_target_samples import as_truth, bared

FORM = (Path(__file__).parent / "files/form.pdf").read_bytes()
SOURCE = "000_693a2733444ec33a.txt"
PAGE = (600.0, 800.0)


@pytest.fixture(scope="module")
def truth(samples: Path) -> Any:
    projects = json.loads((samples / "targets/truth.json").read_text(encoding="utf-8"))
    return bared(documents(projects)[SOURCE])


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        pdf.read(data, "a.pdf")
    return caught.value.diagnostics[0].id


def picture(*, words: str = "") -> bytes:
    """A page with an image, and words if they are given."""
    figure = Figure(figsize=(3, 4))
    figure.figimage([[0.1, 0.9], [0.5, 0.2]])
    figure.text(0.1, 0.5, words)
    data = io.BytesIO()
    figure.savefig(data, format="pdf")
    return data.getvalue()


def char(text: str, x0: float, base: float, size: float = 10.0) -> dict[str, Any]:
    top = PAGE[1] - base - size
    return {"text": text, "x0": x0, "x1": x0 + size, "top": top, "bottom": top + size,
            "size": size, "matrix": (size, 0, 0, size, x0, base)}  # fmt: skip


def line(text: str, top: float, x0: float = 52.0) -> Line:
    x1 = x0 + 10 * len(text)
    return Line(text, x0, top, x1, top + 10, 10, 10, 10)


def piece(column: int, top: float, bottom: float, *texts: str) -> Piece:
    """A cell of a column 54 points wide: five characters fit in."""
    x0 = 50.0 + 54 * column
    lines = [line(text, top + 2 + 12 * i, x0 + 2) for i, text in enumerate(texts)]
    return Piece(x0, top, x0 + 54, bottom, lines)


def texts(run: Run) -> list[list[str]]:
    return [[cell.text for cell in row] for row in run.table("a.pdf", 1, 1).rows]


def test_rows_and_labels_cut_by_page_ends_are_whole_again(truth: Any) -> None:
    reading = read_target_document(FORM, SOURCE, year=None, labels=default_labels())

    assert reading.document is not None
    assert [as_truth(each) for each in reading.document.projects] == truth
    assert not [each for each in reading.diagnostics if each.severity is Severity.ERROR]


def test_a_cell_knows_its_page_and_the_columns_that_it_covers() -> None:
    tables = [each for each in pdf.read(FORM, "a.pdf").blocks if isinstance(each, Table)]

    label = tables[2].rows[4][0]
    assert (label.text, label.column, label.place.page) == ("资金支出计划（%）", 0, 1)
    below = tables[2].rows[5][0]
    assert (below.text, below.continued, below.place.page) == ("", True, 2)
    assert str(below.place) == "a.pdf 第 2 页（表格 3 第 6 行）"


def test_a_row_goes_on_below_the_page_end_where_its_text_had_no_room() -> None:
    above = [piece(0, 740, 766, "支付保险费", "用"), piece(1, 740, 766, "公务用车管", "理办法公务")]
    run = Run([*above, piece(2, 740, 766, "100%")], 1)
    run.go_on([piece(0, 70, 84), piece(1, 70, 84, "用车"), piece(2, 70, 84)], 2, "a", full=True)

    assert texts(run) == [["支付保险费用", "公务用车管理办法公务用车", "100%"]]


def test_a_row_is_a_new_one_where_its_text_had_room_above() -> None:
    above = [piece(0, 740, 766, "保险数量"), piece(1, 740, 766, "公务用车管", "理办法公务")]
    run = Run(above, 1)
    run.go_on([piece(0, 70, 84, "保险率"), piece(1, 70, 84, "用车")], 2, "a", full=True)

    assert texts(run) == [["保险数量", "公务用车管理办法公务"], ["保险率", "用车"]]


def test_a_row_that_may_be_either_is_refused() -> None:
    run = Run([piece(0, 740, 754, "支付保险费"), piece(1, 740, 754, "公务用车管")], 1)

    with pytest.raises(InputError) as caught:
        run.go_on([piece(0, 70, 84, "用量"), piece(1, 70, 84, "理费")], 2, "a", full=True)

    found = caught.value.diagnostics[0]
    assert (found.id, found.text) == ("T095", "用量 | 理费")
    assert "第 2 页" in found.meaning


def test_a_header_repeated_above_a_cut_row_is_no_row() -> None:
    header = ("三级指标", "绩效描述", "指标值")
    first = [piece(i, 700, 740, each) for i, each in enumerate(header)]
    row = [piece(i, 740, 754, each) for i, each in enumerate(("支付保险费", "覆盖", "100"))]
    again = [piece(i, 70, 84, each) for i, each in enumerate(header)]
    rest = [piece(0, 84, 98, "用"), piece(1, 84, 98), piece(2, 84, 98)]
    run = Run([*first, *row], 1)
    run.go_on([*again, *rest], 2, "a", full=True)

    assert texts(run)[1:] == [["支付保险费用", "覆盖", "100"]]


def test_a_level_that_stands_below_the_page_end_alone_belongs_to_the_rows_above() -> None:
    run = Run([piece(0, 726, 754), piece(1, 726, 740, "一"), piece(1, 740, 754, "二")], 1)
    run.go_on([piece(0, 70, 84, "产出指标"), piece(1, 70, 84, "三")], 2, "a", full=True)

    assert texts(run) == [["产出指标", "一"], ["", "二"], ["", "三"]]


def test_wrapped_lines_are_one_and_numbered_lines_stay_apart() -> None:
    wrapped = [line("1.保障公务", 0), line("用车", 12), line("2.保障运转", 24)]

    assert flowed(wrapped, 66) == "1.保障公务用车\n2.保障运转"
    assert flowed([line("保障", 0), line("运转", 12)], 72) == "保障\n运转"


def test_radicals_are_read_as_the_characters_that_they_show() -> None:
    drawn = [char(each, 10.0 * i, 100) for i, each in enumerate("⽬标⻋⻓")]

    assert lines_of(drawn)[0].text == "目标车长"


def test_a_bold_print_drawn_twice_stands_once() -> None:
    drawn = [char("目", 10, 100), char("目", 10.4, 100), char("目", 20, 100)]

    assert lines_of(once(drawn))[0].text == "目目"


def test_a_scanned_document_is_said_to_have_no_text() -> None:
    assert refused(picture()) == "T094"
    assert pdf.read(picture(words="words"), "a.pdf").blocks


def test_a_locked_document_is_said_to_be_locked() -> None:
    key = b"<" + b"41" * 32 + b">"
    lock = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O" + key + b"/U" + key + b">>"

    assert refused(FORM.replace(b"trailer\n<<", b"trailer\n<<" + lock)) == "T091"


def test_a_document_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_LARGEST", 1000)
    assert refused(FORM) == "T092"
    monkeypatch.undo()
    monkeypatch.setattr(pdf, "_MOST_PAGES", 2)
    assert refused(FORM) == "T092"


def test_a_damaged_document_is_read_right_or_refused(truth: Any) -> None:
    chance = random.Random(20250107)
    outcomes = {"right": 0, "told": 0}
    for case in range(100):
        data = bytearray(FORM)
        if case % 3 == 0:
            del data[chance.randrange(20, len(data)) :]
        else:
            for _ in range(chance.choice((1, 4))):
                data[chance.randrange(20, len(data))] ^= 1 << chance.randrange(8)
        reading = read_target_document(bytes(data), SOURCE, year=None, labels=default_labels())
        projects = reading.document.projects if reading.document else ()
        right = [as_truth(each) for each in projects] == truth
        told = any(each.severity is Severity.ERROR for each in reading.diagnostics)
        assert right or told, case
        outcomes["right" if right else "told"] += 1
    assert min(outcomes.values()) > 4, outcomes
