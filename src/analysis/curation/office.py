"""The text of a PDF or Word file, with a line for each page that says its number.

That text is the document that figures are located in. What cannot be read is refused with what to do instead.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

import docx
import pypdfium2
from docx.table import Table
from docx.text.paragraph import Paragraph

from analysis.evidence.sources import SourceError

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENDS = re.compile(r"[。！？；：:!?;”）)]$")
_BEGINS = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[、）)]|[0-9]{1,2}[.、．]|第[一二三四五六七八九十]+[章节条部]|[-—]"
)
FULL = 0.8  # of the longest line of a page: a shorter one ends a paragraph


def office_text(content: bytes, name: str) -> tuple[str, str] | None:
    """Return the text of a PDF or Word file and what it was read as, or ``None`` where it is neither.

    Raises ``SourceError`` where it is one that cannot be read, or holds pictures and no text.
    """
    if content.startswith(b"%PDF-"):
        return _lined(_pdf_pages(content, name), name), "a PDF"
    if content.startswith(_OLD_OFFICE):
        raise SourceError(f"{name}: a file of Word before 2007 (.doc); save it as .docx or as text")
    if content.startswith(b"PK\x03\x04"):
        return _lined(_word_pages(content, name), name), "a Word file"
    return None


def _lined(pages: Iterable[list[str]], name: str) -> str:
    """Return the lines of pages below their numbers."""
    found = [[line for line in map(str.strip, page) if line] for page in pages]
    if not any(found):
        raise SourceError(
            f"{name}: holds no text, only pictures of it; have it recognised (OCR), read the result against "
            "the pictures, and save it as text"
        )
    lines = (line for number, page in enumerate(found, start=1) for line in (f"第{number}页", *page))
    return "\n".join(lines) + "\n"


def _pdf_pages(content: bytes, name: str) -> Iterator[list[str]]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise SourceError(
            f"{name}: a PDF that cannot be opened ({error}); save it again without a password"
        ) from error
    for page in document:
        yield list(_paragraphs(page.get_textpage().get_text_range().splitlines()))


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Yield the paragraphs of a page, whose lines end where the paper did."""
    longest, held = max(map(len, lines), default=0), ""
    for line in map(str.strip, lines):
        if held and (_ENDS.search(held) or _BEGINS.match(line)):
            yield held
            held = ""
        held += line
        if len(line) < FULL * longest:
            yield held
            held = ""
    yield held


def _word_pages(content: bytes, name: str) -> Iterator[list[str]]:
    """Yield the lines of each page, as Word broke them when it saved; a table has a line for each row."""
    try:
        document = docx.Document(io.BytesIO(content))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise SourceError(
            f"{name}: no text, web page, PDF or Word file; save the article as one of these"
        ) from error
    page: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            page += ["\t".join(cell.text.replace("\n", " ") for cell in row.cells) for row in block.rows]
        elif isinstance(block, Paragraph):
            if block.rendered_page_breaks or block.paragraph_format.page_break_before:
                yield page
                page = []
            page += block.text.splitlines()
    yield page
