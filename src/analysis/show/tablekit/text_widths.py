"""How wide text is and how wide columns have to be, without a font: a Chinese character counts double."""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

import numpy as np

from analysis.draw.tables import Column, Table

MOST_UNBROKEN = 16  # a longer word may be broken in two
SHORT = 8  # in characters: a heading that stands in one line
PADDING, BOLD = 2.5, 1.25  # of a cell, in characters; how much wider a heading is
# A Latin word stays whole; Chinese breaks between characters, ids after their dots and hyphens.
_UNBROKEN = re.compile(r"[^\s　-鿿＀-￯.—-]+[.—-]?")


def text_width(text: str) -> int:
    """Return the width of the widest line of a text in Latin characters."""
    return max(map(_line_width, text.split("\n")))


def _line_width(line: str) -> int:
    if line.isascii():
        return len(line)
    return sum(0 if category(char) in ("Mn", "Cf") else 1 + (east_asian_width(char) in "WF") for char in line)


def column_shares(table: Table, characters: int) -> dict[str, float]:
    """Return the share of the width that each column needs, by key; the shares sum to 1.

    No column is narrower than its longest word, as long as ``characters`` Latin characters hold them all; the
    rest goes where the most text stands, so that the table is short.
    """
    cells = [[_break_ids(column, row[column.key]) for row in table.rows] or [""] for column in table.shown]
    heads = [BOLD * _heading_width(column.label) for column in table.shown]
    words = [max(map(longest_word, texts)) for texts in cells]
    least = PADDING + np.maximum(heads, words)
    natural = PADDING + np.array([max(map(text_width, texts)) for texts in cells], dtype=float)
    # The lines of a column are its text over its width: by this power their squares sum to the least.
    weight = np.array([sum(text_width(text) ** 2 for text in texts) ** (1 / 3) for texts in cells])
    widths = _fit(least, np.maximum(natural, least), weight, characters)
    shares = widths / widths.sum()
    return {column.key: float(share) for column, share in zip(table.shown, shares, strict=True)}


def _break_ids(column: Column, text: str) -> str:
    return "\n".join(text.split()) if column.listed else text


def _heading_width(label: str) -> int:
    """Return the width below which a heading looks broken: that of a short one, else of its longest word."""
    return text_width(label) if text_width(label) <= SHORT else longest_word(label)


def longest_word(text: str) -> int:
    """Return the width of the longest part of a text that must not be broken."""
    words = [text_width(word) for word in _UNBROKEN.findall(text)]
    return min(max(words, default=2), MOST_UNBROKEN)


def _fit(least: np.ndarray, most: np.ndarray, weight: np.ndarray, total: float) -> np.ndarray:
    """Return widths in proportion to ``weight``, none below ``least`` or above ``most`` where that can be."""
    if least.sum() >= total:
        return least
    if most.sum() <= total:
        return most
    # A column without any text weighs next to nothing.
    weight = np.maximum(weight, 1e-6)
    low, high = 0.0, float((most / weight).max())
    for _ in range(50):
        middle = (low + high) / 2
        if np.clip(weight * middle, least, most).sum() > total:
            high = middle
        else:
            low = middle
    return np.clip(weight * low, least, most)
