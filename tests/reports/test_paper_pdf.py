"""The PDF of a paper, read again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise

import pdfplumber
import pytest
from pdfplumber.page import Page

from monitor.errors import ConfigError
from monitor.reports.assessment.draft import Cell
from monitor.reports.assessment.layout import paper
from monitor.reports.paper import pdf as paper_pdf
from monitor.reports.paper.blocks import Paper, Paragraph, Style
from monitor.reports.paper.pdf import pdf
from tests.reports.papers import a_draft, indicator_row

MANY = tuple(indicator_row("产出指标(50分)", "数量指标", f"第{i}项") for i in range(40))


def pages(content: bytes) -> list[Page]:
    return pdfplumber.open(BytesIO(content)).pages


def plain(page: Page) -> str:
    """A page's text without the blanks that setting puts between scripts."""
    return "".join(page.extract_text().split())


def rows(page: Page) -> Iterator[list[str]]:
    for table in page.extract_tables():
        for row in table:
            yield ["".join((cell or "").split()) for cell in row]


def test_the_form_is_printed_with_its_rows_and_columns() -> None:
    first = pages(pdf(paper(a_draft())))[0]
    found = list(rows(first))

    assert ["项目名称", "", "文化下乡经费", "", "", "", "", "", ""] in found
    money = "8.60系统测算"
    assert ["", "年度资金总额", "", "10.00", "10.00", money, "10", "86.00%系统测算", money] in found
    assert [
        "",
        "产出指标(50分)",
        "数量指标",
        "演出场次",
        "⩾12场",
        "待填",
        "10系统分配",
        "待填",
        "待填",
    ] in [[cell.replace("≥", "⩾") for cell in row] for row in found]
    assert (round(first.width), round(first.height)) == (595, 842)


def test_a_long_amount_stays_within_its_box() -> None:
    draft = a_draft()
    amounts = [f"1{n}345.678901" for n in range(3)]
    initial, budget, paid = map(Cell, amounts)
    total = replace(draft.funds[0], initial=initial, budget=budget, paid=paid)
    first = pages(pdf(paper(replace(draft, funds=(total, *draft.funds[1:])))))[0]

    words = [word for word in first.extract_words() if word["text"] in amounts]
    lines = sorted({round(line["x0"], 1) for line in first.lines if line["x0"] == line["x1"]})
    assert [word["text"] for word in words] == amounts
    for word in words:
        assert not any(word["x0"] < line < word["x1"] for line in lines)


def test_heads_stamp_and_numbers_stand_on_each_page() -> None:
    draft = a_draft(indicators=MANY, stamp="阶段数据，截至10月31日", digest="3F9A-77C2")
    found = pages(pdf(paper(draft)))
    texts = [plain(page) for page in found]

    assert len(found) >= 3
    for number, text in enumerate(texts, 1):
        assert "阶段数据，截至10月31日" in text
        assert f"第{number}页共{len(found)}页数据截至2025年12月31日校验码3F9A-77C2" in text
    with_rows = [text for text in texts if "第39项" in text or "第1项" in text]
    assert all("绩效指标一级指标二级指标三级指标" in text for text in with_rows)
    assert len(with_rows) == 2
    assert all(f"第{i}项" in "".join(texts) for i in range(40))


def test_a_text_is_set_in_16_points_at_30_from_line_to_line() -> None:
    words = Paragraph(Cell("正文" * 60), Style.BODY)
    [page] = pages(pdf(Paper("报告", date(2025, 6, 30), (words,))))
    body = [char for char in page.chars if char["text"] in "正文"]
    tops = sorted({round(char["top"]) for char in body})

    assert {round(char["size"]) for char in body} == {16}
    assert {below - above for above, below in pairwise(tops)} <= {29, 30, 31}
    assert min(char["x0"] for char in body) == pytest.approx(26 / 25.4 * 72, abs=1)


def test_only_the_shipped_font_is_used_and_it_is_embedded() -> None:
    fonts = {char["fontname"] for page in pages(pdf(paper(a_draft()))) for char in page.chars}

    assert {name.split("+")[-1] for name in fonts} == {"NotoSansSC-Regular"}
    assert all("+" in name for name in fonts)


def test_a_character_that_the_font_lacks_is_said_and_never_a_silent_box() -> None:
    content = pdf(paper(a_draft(project_name=Cell("㙍𠮷村道路"))))
    text = plain(pages(content)[0])

    assert text.startswith("本文件的字库缺")
    assert "U+20BB7" in text
    assert "〓村道路" in text
    assert "字库缺" not in plain(pages(pdf(paper(a_draft())))[0])


def test_markup_in_a_text_is_printed_as_it_is() -> None:
    name = "*x* #y @ref $z$ <a> \\ `c` [d] // e"
    text = plain(pages(pdf(paper(a_draft(project_name=Cell(name)))))[0])

    assert name.replace(" ", "") in text


def test_equal_papers_give_equal_bytes_and_others_do_not() -> None:
    content = pdf(paper(a_draft()))

    assert content == pdf(paper(a_draft()))
    assert content != pdf(paper(a_draft(scored="已评 18.61 / 20 分")))


def test_the_chart_is_in_it_with_its_description() -> None:
    content = pdf(paper(a_draft()))

    assert sum(len(page.images) for page in pages(content)) == 1
    words = "文化下乡经费支出进度图".encode("utf-16-be")
    assert any(words in each for each in _strings(content))


def _strings(content: bytes) -> Iterator[bytes]:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser

    document = PDFDocument(PDFParser(BytesIO(content)))
    for xref in document.xrefs:
        for number in xref.get_objids():
            found = document.getobj(number)
            if isinstance(found, dict) and isinstance(found.get("Alt"), bytes):
                yield found["Alt"]


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    paper_pdf._compiler.cache_clear()
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ConfigError, match="PDF") as refused:
        pdf(paper(a_draft()))
    paper_pdf._compiler.cache_clear()

    assert 'pip install "monitor[pdf]"' in str(refused.value)
