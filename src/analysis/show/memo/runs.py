"""Runs of text in a Word file: cut so that a part of the text is a run of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

_SIMPLE = (qn("w:rPr"), qn("w:t"))


def cut(node: Any, spans: Sequence[tuple[int, int]]) -> list[Any]:
    """Cut the run of a text and return the runs of some spans; none where the run holds more than text."""
    run, text = node.getparent(), node.text
    if len(run.findall(qn("w:t"))) > 1 or any(child.tag not in _SIMPLE for child in run):
        return []
    made = {}
    for start, end in pairwise(sorted({0, len(text), *chain(*spans)})):
        made[start] = copy.deepcopy(run)
        write(made[start], text[start:end])
        run.addprevious(made[start])
    run.getparent().remove(run)
    return [made[start] for start, _ in spans]


def write(run: Any, text: str) -> None:
    """Write the text of a run that holds one."""
    node = run.find(qn("w:t"))
    node.text = text
    node.set(qn("xml:space"), "preserve")


def within(texts: Iterable[Any], start: int, end: int) -> Iterator[tuple[Any, int, int]]:
    """Yield the pieces of text that a span of all of them covers, each with its own span."""
    offset = 0
    for node in texts:
        first, last = max(start - offset, 0), min(end - offset, len(node.text))
        if first < last and node.getparent().tag == qn("w:r"):
            yield node, first, last
        offset += len(node.text)


def first_free(document: Document) -> int:
    """Return a number above every id of tracked changes, comments, bookmarks and drawings."""
    numbers = [
        int(value)
        for node in document.element.iter()
        for name, value in node.attrib.items()
        if name in (qn("w:id"), "id") and value.isdecimal()
    ]
    return max(numbers, default=0) + 1
