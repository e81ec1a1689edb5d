"""Tables as CSV files for machines and for spreadsheets: codes, bare numbers, and no text that is a formula.

UTF-8 with a byte-order mark, since Excel on a Chinese system reads a file without one as GBK; lines end in
CR LF, as RFC 4180 says. A number that is not there is an empty cell, with its reason in ``absence``. Text
that a spreadsheet would compute has an apostrophe before it, and so has text that begins with one:
``unguarded`` takes it away again.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

Cell = str | float | bool | None
GUARD = "'"
# What a spreadsheet may take for the beginning of a formula, the full-width forms of it included.
COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_file(header: Sequence[str], rows: Iterable[Iterable[Cell]]) -> bytes:
    """Return rows as a CSV file: numbers bare, text as ``guarded``; the same rows give the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Return text as a cell that no spreadsheet computes."""
    return f"{GUARD}{text}" if text.startswith((GUARD, *COMPUTED)) else text


def unguarded(cell: str) -> str:
    """Return the text of a cell: what ``guarded`` was given.

    >>> unguarded(guarded("=1+1")), unguarded("'twas")
    ('=1+1', 'twas')
    """
    return cell.removeprefix(GUARD)


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return guarded(value)
    return str(value).lower() if isinstance(value, bool) else number_text(value)


def number_text(value: Any) -> str:
    """Return a number as text that reads back as the same number: ``96``, ``0.98``, ``inf``, or nothing."""
    if value is None or pd.isna(value):
        return ""
    number = float(value)
    return str(int(number)) if math.isfinite(number) and number.is_integer() else repr(number)
