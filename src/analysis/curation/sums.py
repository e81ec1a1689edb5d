"""Arithmetic that a text implies: parts named with 其中 and their whole, a rate so many times and its total.

What adds up is drafted as an identity; parts that exceed their whole as one that fails, to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis.curation.candidates import Candidate
from analysis.curation.sureness import Guess, Guesses

_OF_WHICH = re.compile("^[，,（(]?其中")
_NOTES = {
    "=": ("The numbers named make {}.", "所列各数合计{}。"),
    "<=": ("The parts named are within {}.", "所列各项在{}之内。"),
    ">": ("The parts named exceed {}.", "所列各项超过{}。"),
}
_NEAR = 120  # characters: about a sentence


def identities(rows: Sequence[Candidate], source_id: str) -> list[Guesses]:
    """Return the identities of a document as guesses at their cells."""
    figures = [row for row in rows if not row.reason and row.cells.get("figure_id")]
    return [*_parts(figures, source_id), *_products(figures, source_id)]


def _parts(figures: Sequence[Candidate], source_id: str) -> Iterator[Guesses]:
    """Yield that the parts of a whole are not more than it: 党支部38个，其中农村党支部15个."""
    for place, whole in enumerate(figures):
        _, _, after = whole.context.partition(f"【{whole.printed}】")
        if not _OF_WHICH.search(after) or not whole.cells["unit"]:
            continue
        parts = list(_parts_of(whole, figures[place + 1 :], after))
        total = sum(_value(part) for part in parts)
        if not parts:
            continue
        relation = "=" if total == _value(whole) else "<="
        left = " + ".join(part.cells["figure_id"] for part in parts)
        yield _identity(source_id, whole, (left, relation), total <= _value(whole))


def _parts_of(whole: Candidate, later: Sequence[Candidate], after: str) -> Iterator[Candidate]:
    """Yield the figures of the sentence after a whole that count the same, as far as it goes."""
    rest = re.split("[。；;]", after)[0]
    for part in later:
        if part.printed not in rest or part.paragraph != whole.paragraph:
            return
        rest = rest.partition(part.printed)[2]
        if part.cells["unit"] == whole.cells["unit"]:
            yield part


def _products(figures: Sequence[Candidate], source_id: str) -> Iterator[Guesses]:
    """Yield that a number of things times the rate for each makes a total, where it does."""
    for rate in figures:
        unit = rate.cells["unit"].removeprefix("CNY/")
        near = [
            row for row in figures if row.paragraph == rate.paragraph and abs(row.start - rate.start) < _NEAR
        ]
        for count in (row for row in near if row.cells["unit"] == unit):
            for total in (row for row in near if row.cells["unit"] == "CNY"):
                if _value(count) > 1 and _value(count) * _value(rate) == _value(total):
                    left = f"{count.cells['figure_id']} * {rate.cells['figure_id']}"
                    yield _identity(source_id, total, (left, "="), True)


def _identity(source_id: str, right: Candidate, left: tuple[str, str], holds: bool) -> Guesses:
    """Return an identity; one that does not hold is to be looked at."""
    figure_id, printed = right.cells["figure_id"], right.printed
    note, note_zh = _NOTES[left[1] if holds else ">"]
    cells = {
        "source_id": source_id,
        "left": left[0],
        "relation": left[1],
        "right": figure_id,
        "expected": "holds" if holds else "fails",
        "note": note.format(printed),
        "note_zh": note_zh.format(printed),
    }
    why = "pattern" if holds else "ambiguous"
    return {"identity_id": Guess(f"{figure_id}.sum", why, printed)} | {
        name: Guess(value, "pattern") for name, value in cells.items()
    }


def _value(row: Candidate) -> float:
    return float(row.cells["value"])
