"""The text of slides, also of those edited by hand, and what each of their numerals rests on."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pptx
from pptx.oxml.ns import qn

from analysis.evidence.dataset import Dataset
from analysis.show.memo.audit import Audit, AuditError, audit_blocks
from analysis.show.memo.facts import tidy
from analysis.show.memo.ledger import find
from analysis.show.memo.reading import FALLBACK, Block
from analysis.words.language import Text


def audit_slides(content: bytes, data: Dataset, name: str) -> Audit:
    """Return every numeral of a PowerPoint file with what it rests on in the data as it is now.

    Raises ``AuditError`` for a file that is no PowerPoint file or holds no ledger.
    """
    try:
        presentation = pptx.Presentation(io.BytesIO(content))
    except Exception as error:
        raise AuditError(f"{name}: it is no PowerPoint file; save it in PowerPoint as .pptx") from error
    ledger = find(presentation)
    if ledger is None:
        raise AuditError(
            f"{name}: it holds no ledger, so it was not made by `analysis memo --slides`, or the program "
            "that saved it last left it out; make it anew, and edit it in PowerPoint"
        )
    return audit_blocks(ledger, blocks(presentation, Text.of(ledger.about["language"])), data, name)


def blocks(presentation: Any, text: Text) -> Iterator[Block]:
    """Yield every piece of text of a presentation, slide by slide: shapes, cells, pictures, notes."""
    for number, slide in enumerate(presentation.slides, start=1):
        heading, where = text("audit.slide", number=number), f"slide {number}"
        yield from _blocks(slide.element, where, heading)
        if slide.has_notes_slide:
            yield from _blocks(slide.notes_slide.element, f"{where}, notes", heading)


def _blocks(root: Any, where: str, heading: str) -> Iterator[Block]:
    for number, paragraph in enumerate(root.iter(qn("a:p")), start=1):
        if next(paragraph.iterancestors(FALLBACK), None) is not None:
            continue
        in_table = next(paragraph.iterancestors(qn("a:tc")), None) is not None
        if words := tidy("".join(_runs(paragraph))):
            place = f"{where}, {'table cell' if in_table else 'paragraph'} {number}"
            yield Block(words, place, in_table, heading)
    for described in root.iter(qn("p:cNvPr")):
        if words := tidy(described.get("descr") or ""):
            yield Block(words, f"{where}, description of {described.get('name')!r}", heading=heading)


def _runs(paragraph: Any) -> Iterator[str]:
    """Yield the text of a paragraph without fields, whose value PowerPoint computes."""
    for node in paragraph.iter(qn("a:t"), qn("a:br")):
        if node.getparent().tag != qn("a:fld"):
            yield " " if node.tag == qn("a:br") else node.text or ""
