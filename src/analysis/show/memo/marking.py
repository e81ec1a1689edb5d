"""A copy of an edited memo with a Word comment at each numeral that does not hold."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from analysis.evidence.dataset import Dataset
from analysis.show.memo.audit import Audit, audit_document, opened
from analysis.show.memo.matching import Support
from analysis.show.memo.reading import INITIALS


def mark(content: bytes, data: Dataset, name: str = "the memo") -> tuple[bytes, Audit]:
    """Return a memo with comments at its faults, and its audit; the text itself stays as it is.

    Comments stand in the body and its tables; Word has none in headers, footers and notes.
    """
    document = opened(content, name)
    found = audit_document(document, data, name)
    for support in found.lost:
        if runs := _runs_of(document, support):
            author = found.teller.say("author")
            document.add_comment(runs, found.teller.fault(support), author, INITIALS)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue(), found


def _runs_of(document: Document, support: Support) -> list[Run]:
    """Return the runs that a numeral stands in, cut so that they hold little else; none outside the body."""
    body, element = document.element.body, support.element
    if element is None or all(each is not body for each in element.iterancestors()):
        return []
    paragraph = Paragraph(element, document._body)
    texts = [node for node in element.iter(qn("w:t")) if node.text]
    whole = "".join(node.text for node in texts)
    wanted = support.numeral.text
    before = support.text[: support.numeral.start].count(wanted)
    at = _nth(whole, wanted, before)
    if at < 0:
        return [Run(node.getparent(), paragraph) for node in texts[:1]]
    touched = list(_within(texts, at, at + len(wanted)))
    return [Run(_cut(*each), paragraph) for each in touched]


def _nth(text: str, part: str, number: int) -> int:
    at = text.find(part)
    for _ in range(number):
        at = text.find(part, at + 1)
    return at


def _within(texts: list[Any], start: int, end: int) -> Iterator[tuple[Any, int, int]]:
    """Yield the pieces of text that a span of all of them covers, each with its own span."""
    offset = 0
    for node in texts:
        first, last = max(start - offset, 0), min(end - offset, len(node.text))
        if first < last and node.getparent().tag == qn("w:r"):
            yield node, first, last
        offset += len(node.text)


def _cut(node: Any, start: int, end: int) -> Any:
    """Cut the run of a text in three, and return the middle one; a run that holds more stays whole."""
    run, text = node.getparent(), node.text
    if len(run.findall(qn("w:t"))) > 1 or any(child.tag not in (qn("w:rPr"), qn("w:t")) for child in run):
        return run
    middle = run
    for part, add in ((text[:start], run.addprevious), (text[end:], run.addnext)):
        if part:
            other = copy.deepcopy(run)
            _write(other, part)
            add(other)
    _write(middle, text[start:end])
    return middle


def _write(run: Any, text: str) -> None:
    node = run.find(qn("w:t"))
    node.text = text
    node.set(qn("xml:space"), "preserve")
