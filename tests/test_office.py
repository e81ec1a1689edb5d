"""PDF and Word files as they are taken in: their text with page numbers, or why not."""

from __future__ import annotations

import io

import docx
import matplotlib as mpl
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from analysis.curation.candidates import candidates
from analysis.curation.incoming import read_incoming
from analysis.draw import style
from analysis.evidence.sources import Document, SourceError

PAGES = (
    ("松泉县建强支部", "全县投入资金九百六十万元，新建村级活动", "场所12个。", "一是撤销党支部8个。"),
    ("年内整顿软弱涣散党组织3个。",),
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """Two pages with text that can be selected."""
    stream = io.BytesIO()
    style.register_fonts()
    with mpl.rc_context({"pdf.fonttype": 3, "font.family": style.FAMILY}), PdfPages(stream) as file:
        for lines in PAGES:
            figure = Figure(figsize=(6, 4))
            for number, line in enumerate(lines):
                figure.text(0.1, 0.9 - 0.1 * number, line)
            file.savefig(figure)
    return stream.getvalue()


def word() -> bytes:
    made = docx.Document()
    made.add_paragraph("松泉县建强支部")
    made.add_paragraph("全县投入960万元，新建村级活动场所12个。")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("乡镇", "村数（个）", "甲镇", "12"), strict=True):
        cell.text = text
    made.add_paragraph("一是撤销党支部8个。").paragraph_format.page_break_before = True
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_a_pdf_becomes_its_paragraphs_below_page_numbers(pdf: bytes) -> None:
    incoming = read_incoming(pdf, "a.pdf")
    assert incoming.text == (
        "第1页\n松泉县建强支部\n全县投入资金九百六十万元，新建村级活动场所12个。\n一是撤销党支部8个。\n"
        "第2页\n年内整顿软弱涣散党组织3个。\n"
    )
    assert (incoming.encoding, incoming.origin) == (
        "utf-8",
        "a PDF: its text is kept in UTF-8, with page numbers",
    )


def test_page_numbers_are_no_figures(pdf: bytes) -> None:
    rows = candidates(Document.from_text(read_incoming(pdf, "a.pdf").text, "x"))
    assert [(row.printed, row.reason) for row in rows if row.reason] == [
        ("第1页", "boilerplate"),
        ("一是", "ordinal"),
        ("第2页", "boilerplate"),
    ]


def test_a_word_file_becomes_its_paragraphs_and_rows() -> None:
    assert read_incoming(word(), "a.docx").text == (
        "第1页\n松泉县建强支部\n全县投入960万元，新建村级活动场所12个。\n乡镇\t村数（个）\n甲镇\t12\n"
        "第2页\n一是撤销党支部8个。\n"
    )


def blank_pdf() -> bytes:
    stream = io.BytesIO()
    Figure().savefig(stream, format="pdf")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "a: a file of Word before 2007 (.doc); save it as .docx or as text",
        ),
        (b"PK\x03\x04rest", "a: no text, web page, PDF or Word file; save the article as one of these"),
        (
            b"%PDF-1.4 cut",
            "a: a PDF that cannot be opened (Failed to load document (PDFium: Data format error).); "
            "save it again without a password",
        ),
        (
            blank_pdf(),
            "a: holds no text, only pictures of it; have it recognised (OCR), read the result against the "
            "pictures, and save it as text",
        ),
    ],
    ids=["doc", "zip", "broken", "scan"],
)
def test_what_cannot_be_read_is_refused_with_advice(content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_incoming(content, "a")
    assert str(caught.value) == message
