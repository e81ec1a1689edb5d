"""What a text leaves open, in words with what it changes: choices, and printed numbers that do not agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from analysis.estimates.findings import Finding, ends_of
from analysis.estimates.findings.finding import OF_MEASURE, OTHER_MEASURE, deciding
from analysis.estimates.measures import Estimate
from analysis.evidence.register import OPEN_YEAR
from analysis.evidence.rows import group_by
from analysis.evidence.schema import DIMENSIONS
from analysis.words.findings.pieces import Pieces, inside, noun
from analysis.words.findings.sentences import sentence
from analysis.words.phrases import shown_unit


def doubts(pieces: Pieces, findings: Iterable[Finding], explained: Collection[str]) -> Iterator[str]:
    """Yield tensions, what each choice that has not been explained changes most, and what may be a plan.

    One choice and one measure are said once, and all that hangs on years is one thing.
    """
    tensions = [each for each in findings if each.kind == "tension"]
    yield from (sentence(pieces, each) for each in tensions if each.figure_ids)
    said: set[str] = set(explained)
    for choice, rows in sorted(_open_cells(pieces), key=lambda each: -_weight(each[1][0])):
        names = {"year" if OPEN_YEAR.readings_of(choice) else choice, rows[0].measure}
        if choice not in said and not said & names:
            said |= {*names, choice}
            yield pieces.hanging(spans(pieces, rows), deciding(rows))
    for choice in dict.fromkeys(choice for each in findings for choice in each.choices):
        if choice not in said and not OPEN_YEAR.readings_of(choice):
            said.add(choice)
            yield pieces.unsaid(pieces.say("place_unsaid", place=pieces.name, matter=pieces.matter([choice])))
    yield from (sentence(pieces, each) for each in tensions if not each.figure_ids)


def spans(pieces: Pieces, rows: Sequence[Estimate], place: str = "") -> str:
    """Return between which values something lies over its readings, in a place if that is named."""
    low, high = ends_of(rows)
    unit = shown_unit(rows[0].measure, rows[0].unit)
    span = pieces.labels.text.span(low, high, unit)
    if thing := noun(pieces.labels, rows[0].measure, rows[0]):
        said = pieces.say("spans", thing=thing, span=span)
    else:
        of = inside(pieces.labels.dimensions(rows[0]))
        thing = pieces.labels.with_detail(inside(pieces.labels.measure(rows[0].measure)), [of])
        said = pieces.say("spans_any", thing=thing, span=span)
    return pieces.say("spans_at", place=place, spans=said) if place else said


def _open_cells(pieces: Pieces) -> Iterator[tuple[str, list[Estimate]]]:
    """Yield each value that has a span, with the choices that it hangs on."""
    valued = (row for row in pieces.place.estimates if row.has_value)
    cells = group_by(valued, lambda row: (row.measure, *(getattr(row, name) for name in DIMENSIONS)))
    for rows in cells.values():
        if len({row.value for row in rows}) > 1:
            yield from ((choice, rows) for choice in deciding(rows))


def _weight(row: Estimate) -> float:
    return OF_MEASURE.get(row.measure, OTHER_MEASURE)
