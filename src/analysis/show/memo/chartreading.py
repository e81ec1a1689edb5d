"""The labels and numbers of a native chart, and of the workbook that Word opens to edit it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from docx.oxml.parser import parse_xml

from analysis.show.memo.facts import tidy
from analysis.show.memo.zipped import unzipped

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEETS = re.compile(r"^xl/worksheets/sheet\d*\.xml$")
_DIGITS = 12  # significant ones: what is left of a number after a sum of two


@dataclass(frozen=True)
class Block:
    """A paragraph, the description of a picture, a label or a number of a chart; ``where`` says which."""

    text: str
    where: str
    in_table: bool = False


def chart_blocks(root: Any, name: str) -> Iterator[Block]:
    """Yield the text and the numbers of a chart; and of a range its two ends."""
    for number, node in enumerate(root.iter(f"{_A}t"), start=1):
        if words := tidy(node.text or ""):
            yield Block(words, f"{name}, text {number}")
    for series in root.iter(f"{_C}ser"):
        for kind in ("tx", "cat", "xVal"):
            yield from _labels(series.find(f"{_C}{kind}"), f"{name}, label")
        for kind in ("val", "yVal", "bubbleSize"):
            values = dict(_points(series.find(f"{_C}{kind}")))
            for place, value in values.items():
                yield _number(value, f"{name}, value {place + 1}")
            for range_ in series.iter(f"{_C}errBars"):
                yield from _ends(range_, values, name)


def _labels(node: Any, where: str) -> Iterator[Block]:
    for point in () if node is None else node.iter(f"{_C}pt"):
        words = tidy(point.findtext(f"{_C}v") or "")
        if words:
            yield Block(words, f"{where} {int(point.get('idx', 0)) + 1}")


def _points(node: Any) -> Iterator[tuple[int, float]]:
    for point in () if node is None else node.iter(f"{_C}pt"):
        yield int(point.get("idx", 0)), float(point.findtext(f"{_C}v") or "nan")


def _ends(range_: Any, values: dict[int, float], name: str) -> Iterator[Block]:
    """Yield the ends of the ranges of a series: each value less what goes below it, and more above it."""
    for kind, sign, end in (("minus", -1, "lower"), ("plus", 1, "upper")):
        for place, size in _points(range_.find(f"{_C}{kind}")):
            if place in values:
                rounded = float(f"{values[place] + sign * size:.{_DIGITS}g}")
                yield _number(rounded, f"{name}, {end} end of the range of value {place + 1}")


def _number(value: float, where: str) -> Block:
    return Block(f"{Decimal(repr(value)):f}".removesuffix(".0"), where, in_table=True)


def workbook_blocks(content: bytes, name: str) -> Iterator[Block]:
    """Yield the cells of a workbook; what a formula computes from them is left out.

    Raises ``ValueError`` where it cannot be read.
    """
    try:
        files = unzipped(content)
    except (zipfile.BadZipFile, ValueError) as error:
        raise ValueError(f"the workbook of {name} cannot be read; make the memo anew") from error
    shared = [_text(node) for node in _root(files, "xl/sharedStrings.xml", f"{_S}si")]
    for sheet in filter(_SHEETS.match, sorted(files)):
        for cell in _root(files, sheet, f"{_S}c"):
            where = f"workbook of {name}, cell {cell.get('r')}"
            if cell.find(f"{_S}f") is None and (block := _cell(cell, shared, where)):
                yield block


def _root(files: dict[str, bytes], name: str, tag: str) -> Iterator[Any]:
    if name in files:
        yield from parse_xml(files[name]).iter(tag)


def _cell(cell: Any, shared: list[str], where: str) -> Block | None:
    value, kind = cell.findtext(f"{_S}v"), cell.get("t", "n")
    if kind == "n":
        return _number(float(value), where) if value else None
    words = shared[int(value)] if kind == "s" and value else value or _text(cell)
    return Block(tidy(words), where, in_table=True) if tidy(words) else None


def _text(node: Any) -> str:
    return "".join(each.text or "" for each in node.iter(f"{_S}t"))
