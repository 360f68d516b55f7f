"""What LibreOffice writes as .doc reads as the truth, and as the .docx that it was made from."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx as python_docx
import pytest
from docx.oxml import parse_xml

from monitor.ingest.document import Paragraph
from monitor.ingest.readers import doc, docx
from tests.ingest.form_documents import as_docx
from tests.ingest.sample_truth import read_as_truth, sample_truth
from tests.ingest.test_target_samples import bared
from tests.live.libreoffice import convert, convert_samples, writer

pytestmark = pytest.mark.live

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MADE = 'w:id="7" w:author="甲" w:date="2025-01-02T00:00:00Z"'


def run(text: str, properties: str = "", name: str = "t") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:{name} xml:space="preserve">{text}</w:{name}></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def cell(content: str, width: int, properties: str = "") -> str:
    inner = content if content.startswith("<") else paragraph(run(content))
    size = f'<w:tcW w:w="{1500 * width}" w:type="dxa"/>'
    span = f'<w:gridSpan w:val="{width}"/>'
    return f"<w:tc><w:tcPr>{size}{span}{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str, columns: int) -> str:
    grid = '<w:gridCol w:w="1500"/>' * columns
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


BEGINS, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
CODE = run(' HYPERLINK "http://a.example/" ', name="instrText")
INNER = table(row(cell("内1", 1), cell("内2", 1)), row(cell("内3", 1), cell("内4", 1)), columns=2)
BODIES = {
    "cells merged both ways": table(
        row(cell("一", 1), cell("二", 1), cell("三", 1), cell("四", 1)),
        row(cell("甲", 2, BEGINS), cell("乙", 1), cell("丙", 1)),
        row(cell("", 2, GOES_ON), cell("丁", 1, BEGINS), cell("戊", 1)),
        row(cell("己", 1), cell("庚", 1), cell("", 1, GOES_ON), cell("", 1)),
        columns=4,
    ),
    "a row that begins later": table(
        row(cell("一", 1), cell("二", 1), cell("三", 1)),
        row(
            cell("甲", 1),
            cell("乙", 1),
            properties='<w:gridBefore w:val="1"/><w:wBefore w:w="1500" w:type="dxa"/>',
        ),
        columns=3,
    ),
    "hidden text": paragraph(run("预算"), run("1", "<w:vanish/>"), run("200"))
    + table(row(cell(paragraph(run("25"), run("0", "<w:vanish/>"), run("%")), 1)), columns=1),
    "tracked changes": paragraph(
        run("预算"),
        f"<w:del {MADE}>{run('100', name='delText')}</w:del>",
        f"<w:ins {MADE}>{run('200')}</w:ins>",
        run("元"),
    ),
    "a deleted end of a paragraph": paragraph(
        run("前半"), properties=f"<w:rPr><w:del {MADE}/></w:rPr>"
    )
    + paragraph(run("后半"))
    + paragraph(run("另段")),
    "fields": paragraph(
        *(run("第"), mark("begin"), CODE, mark("separate"), run("3"), mark("end"), run("页")),
        *(mark("begin"), run(" TC x ", name="instrText"), mark("end"), run("完")),
    ),
    "signs": paragraph(
        run("a"),
        *("<w:r><w:br/></w:r>", run("b"), "<w:r><w:noBreakHyphen/></w:r>", run("c")),
        *("<w:r><w:softHyphen/></w:r>", run("d"), "<w:r><w:tab/></w:r>", run("≥€—“”é𠮷(x)")),
    ),
    "a table in a cell": table(
        row(cell("外1", 1), cell(paragraph(run("外2")) + INNER + paragraph(), 2)),
        row(cell("外3", 1), cell("外4", 2)),
        columns=3,
    ),
    "several paragraphs in a cell": table(
        row(cell(paragraph(run("一")) + paragraph() + paragraph(run("二")), 1), cell("", 1)),
        columns=2,
    ),
    "tables one after another": table(row(cell("甲", 1), cell("乙", 1)), columns=2)
    + paragraph(run("之间"))
    + table(row(cell("丙", 1)), columns=1),
    "a sign of the symbol font": paragraph(
        run("大于等于"), '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', run("95%")
    ),
    "western text": paragraph(run("plain “quoted” – 100% café ‰…")),
}


def word(body: str) -> bytes:
    """A document; as in any that Word writes, a paragraph is the last."""
    document = python_docx.Document()
    whole = f'<w:body xmlns:w="{W}">{body}{paragraph(run("末"))}</w:body>'
    for element in reversed(list(parse_xml(whole))):
        document.element.body.insert(0, element)
    document.sections[0].header.paragraphs[0].text = "页眉"
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def blocks(reader: Any, data: bytes) -> list[Any]:
    """Texts of paragraphs; of tables each cell's text, and whether it goes on from above."""
    return [
        block.text
        if isinstance(block, Paragraph)
        else [[(cell.text, cell.continued) for cell in row] for row in block.rows]
        for block in reader.read(data, "a").blocks
    ]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, Path]]:
    """Each body as .docx, and where its .doc is to be."""
    folder = tmp_path_factory.mktemp("doc")
    made = {}
    for number, (name, body) in enumerate(BODIES.items()):
        path = folder / f"{number}.docx"
        path.write_bytes(word(body))
        made[name] = path.read_bytes(), path
    return made


def test_each_body_reads_as_the_docx_that_it_was_made_from(
    written: dict[str, tuple[bytes, Path]], tmp_path: Path
) -> None:
    convert(writer(), [path for _, path in written.values()], "doc", tmp_path / "out")

    for name, (source, path) in written.items():
        made = (tmp_path / "out" / path.with_suffix(".doc").name).read_bytes()
        assert (name, blocks(doc, made)) == (name, blocks(docx, source))
        assert blocks(doc, made), name


def test_the_samples_as_doc_read_as_the_truth(samples: Path, tmp_path: Path) -> None:
    truth = sample_truth(samples)

    read = read_as_truth(convert_samples(writer(), truth, as_docx, ("docx", "doc"), tmp_path))

    assert len(read) == 34
    assert sum(len(project["indicators"]) for project in read) == 296
    assert read == bared(truth)
