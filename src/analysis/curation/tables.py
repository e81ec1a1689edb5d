"""The tables of a text: which header and which row a bare number stands under.

A row is a line with tabs, as a web page's table becomes one, or a run of short lines, a cell each, as tables
are copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from analysis.evidence.characters import normalise

MOST_COLUMNS = 8
LONGEST_CELL = 24

_BARE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_UNIT = re.compile(r"[（(](?P<unit>[^（）()0-9]{1,6})[）)]\W*$")
_CAPTION = re.compile(r"单位[:：]\s*(?P<unit>[^\s，。）)]{1,6})")
_NUMBERING = re.compile("^(?:序号|编号|号|No|NO)")
_YEARS = re.compile("^(?:年份|年度|年)$")


@dataclass(frozen=True)
class Line:
    """A piece of the text and where it begins."""

    start: int
    text: str


@dataclass(frozen=True)
class Cell:
    """A cell of a table that holds a bare number: its place, the header above it, the name of its row."""

    start: int
    end: int
    header: str
    row: str
    unit: str

    @property
    def reason(self) -> str:
        """Why the number is no figure, or ``""``."""
        if _NUMBERING.search(self.header):
            return "ordinal"
        return "date" if _YEARS.search(self.header) else ""


def number_cells(text: str) -> Iterator[Cell]:
    """Yield the cells with bare numbers of every table of a text."""
    normal = normalise(text)
    lines = [Line(match.start(), match[0]) for match in re.finditer(r"[^\r\n]+", normal)]
    for rows in (*_tabbed(lines), *_flattened(lines)):
        above = normal[max(0, rows[0][0].start - 40) : rows[0][0].start]
        caption = _CAPTION.search(above)
        for row in rows[1:]:
            name = next((cell.text.strip() for cell in row if not _is_bare(cell)), "")
            for header, cell in zip(rows[0], row, strict=True):
                if found := _BARE.fullmatch(cell.text.strip()):
                    start = cell.start + cell.text.index(found[0])
                    unit = _UNIT.search(header.text) or caption
                    words = unit["unit"].strip() if unit else ""
                    yield Cell(start, start + len(found[0]), header.text.strip(), name, words)


def _is_bare(cell: Line) -> bool:
    return bool(_BARE.fullmatch(cell.text.strip()))


def _tabbed(lines: list[Line]) -> Iterator[list[list[Line]]]:
    """Yield tables of lines with tabs, of as many cells each."""
    rows = [[Line(line.start + m.start(), m[0]) for m in re.finditer(r"[^\t]+", line.text)] for line in lines]
    for width, group in groupby(rows, len):
        table = list(group)
        if width > 1 and len(table) > 1 and not any(map(_is_bare, table[0])):
            yield table


def _flattened(lines: list[Line]) -> Iterator[list[list[Line]]]:
    """Yield tables of which every cell is a line: of a run of short lines, the least width that fits."""
    short = groupby(
        lines, lambda line: len(line.text) <= LONGEST_CELL and not re.search(r"[，。；\t]", line.text)
    )
    for run in (list(group) for is_short, group in short if is_short):
        tables = (
            [run[first + place : first + place + width] for place in range(0, len(run) - first, width)]
            for first in range(3)
            for width in range(2, MOST_COLUMNS + 1)
            if (len(run) - first) % width == 0
        )
        yield from [table for table in tables if len(table) > 1 and _is_table(table)][:1]


def _is_table(rows: list[list[Line]]) -> bool:
    """Return whether the first row names columns of numbers, and each column holds numbers or none."""
    columns = [[_is_bare(cell) for cell in column] for column in zip(*rows[1:], strict=True)]
    named = [_UNIT.search(cell.text) or _NUMBERING.search(cell.text) for cell in rows[0]]
    numbers = [all(column) for column in columns]
    return (
        not any(map(_is_bare, rows[0]))
        and all(all(column) or not any(column) for column in columns)
        and any(name and number for name, number in zip(named, numbers, strict=True))
    )


def _is_short(line: Line) -> bool:
    return len(line.text) <= LONGEST_CELL and not re.search(r"[，。；\t]", line.text)
