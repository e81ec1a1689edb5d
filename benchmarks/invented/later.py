"""A later document of some places: the pay of another year, or other pay of the same year.

It draws from a stream of its own, so that the other documents of a place are the same without it.
"""

from __future__ import annotations

import zlib

import numpy as np

from invented.author import ROUND, Author
from invented.document import Dating, Fact, Row, money

LATER_YEAR, SAME, CONTRADICTS = "later-year", "same", "contradicts"
RATES = {LATER_YEAR: 0.05, CONTRADICTS: 0.01, SAME: 0.02}
MOST = 3  # posts whose pay is printed again
RISE, GAP = 1.1, 2  # the rise of pay, and the years from one document to the next


def later(author: Author) -> None:
    """Write the later document of a place that has one, with the yearly pay of up to three posts."""
    kind = _kind(author)
    again = [
        row
        for row in author.rows.get("codings", ())
        if row["measure"] == "yearly_pay" and row["numerator"] and not row.get("when")
    ]
    if not kind or not again:
        return
    figures = {row["figure_id"]: row for document in author.documents for row in document.figures}
    author.open(f"{author.programme}-later")
    if kind == LATER_YEAR:
        author.document.year = int(author.place["year"]) + GAP
        author.document.begin("")
        author.document.exclude(f"{author.document.year}年", "date")
    else:
        author.document.begin("另据报道")
    author.document.say("，村干部待遇为")
    for row in again[:MOST]:
        _code_again(author, kind, row, figures[row["numerator"]])
    author.document.say("均已落实。")


def _kind(author: Author) -> str:
    """Return what a later document does; the first programmes have each case, where they print pay."""
    if author.number <= ROUND:
        return list(RATES)[author.number % len(RATES)]
    chances = np.random.default_rng([zlib.crc32(b"later"), author.number]).random()
    for kind, rate in RATES.items():
        if chances < rate:
            return kind
        chances -= rate
    return ""


def _code_again(author: Author, kind: str, coding: Row, printed: Row) -> None:
    value = float(printed["value"])
    other = value if kind == SAME else max(round(value * RISE, -2), value + 100)
    dating = Dating(printed["year"], printed["year_basis"])
    if kind == LATER_YEAR:
        dating = Dating(str(author.document.year), "stated")
    names = ("subject", "subject_zh", "theme", "unit", "period", "basis", "status")
    name = printed["figure_id"].removeprefix(f"{printed['source_id']}.")
    figure = author.document.figure(
        name, money(other), Fact(**{key: printed[key] for key in names}, dating=dating)
    )
    author.document.say("，")
    slug = coding["coding_id"].removeprefix(f"{author.programme}.")
    author.code(f"{slug}.later", "yearly_pay", figure, dimensions=coding)
