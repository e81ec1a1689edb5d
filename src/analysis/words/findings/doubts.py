"""What a text leaves open, in words with what it changes: choices, and printed numbers that do not agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from analysis.estimates.findings import Finding
from analysis.estimates.findings.finding import OF_MEASURE, OTHER_MEASURE, deciding
from analysis.estimates.measures import Estimate
from analysis.evidence.register import OPEN_YEAR
from analysis.evidence.rows import group_by
from analysis.evidence.schema import DIMENSIONS
from analysis.words.findings.pieces import Pieces, inside
from analysis.words.findings.sentences import sentence
from analysis.words.phrases import strip_denominators


def doubts(
    pieces: Pieces, findings: Iterable[Finding], explained: Collection[str], theme: str = ""
) -> Iterator[str]:
    """Yield tensions, then what each choice changes most; what has been explained comes last.

    Where a value hangs on several choices, it is said of the first. ``theme`` leaves out all others.
    """
    yield from (sentence(pieces, each) for each in findings if each.kind == "tension" and each.figure_ids)
    said: set[tuple[str, ...]] = set()
    open_cells = sorted(
        _open_cells(pieces, theme), key=lambda each: (each[0] in explained, -_weight(each[1][0]))
    )
    for choice, rows in open_cells:
        key = (choice,) if not OPEN_YEAR.readings_of(choice) else ("year",)
        if not said & {key, (rows[0].measure,)}:
            said |= {key, (rows[0].measure,)}
            yield _changes(pieces, choice, rows)


def _open_cells(pieces: Pieces, theme: str) -> Iterator[tuple[str, list[Estimate]]]:
    """Yield each value that has a span, with the choices that it hangs on."""
    valued = (row for row in pieces.place.estimates if row.has_value and theme in ("", row.theme))
    cells = group_by(valued, lambda row: (row.measure, *(getattr(row, name) for name in DIMENSIONS)))
    for rows in cells.values():
        if len({row.value for row in rows}) > 1:
            yield from ((choice, rows) for choice in deciding(rows))


def _weight(row: Estimate) -> float:
    return OF_MEASURE.get(row.measure, OTHER_MEASURE)


def _changes(pieces: Pieces, choice: str, rows: list[Estimate]) -> str:
    """Return between which values something lies, and on what that hangs."""
    text, values = pieces.labels.text, [row.value for row in rows]
    unit = strip_denominators(rows[0].unit) if rows[0].unit.startswith("CNY") else rows[0].unit
    span = text.span(min(values), max(values), unit)
    thing = pieces.labels.thing_of(rows[0])
    words = pieces.say("spans", thing=inside(thing), span=span, matter=pieces.matter([choice]))
    return pieces.unsaid(words)
