"""What to ask a county, sorted by what the answer settles whichever it is: worst case, no probabilities.

A question comes from a choice that the text leaves open, from a gap that a curator has noted, or from amounts
without a year. What an answer settles is counted for each question alone, under each of its answers: the
joint multiverse is never enumerated.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from analysis.estimates.comparable import at_one_price, comparisons
from analysis.estimates.comparison import Comparison
from analysis.estimates.findings import Finding, findings
from analysis.estimates.measures import Estimate, Readings, from_frame
from analysis.estimates.reasons import CODING
from analysis.estimates.robustness import Pair, outcomes_by_reading
from analysis.estimates.spans import apply_definitions
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, parse_when
from analysis.evidence.rows import Choice, Coding, group_by, rows_of
from analysis.evidence.theme import RelativeToSeries
from analysis.evidence.themes import THEMES

ORDER, FINDING, ESTIMATE = "order", "finding", "estimate"
KINDS = (ORDER, FINDING, ESTIMATE)
"""What answers settle, the most telling first: questions are sorted by them, and a further kind goes here."""
ANY = ""
"""The answer to a question whose answers cannot be listed: a number, or a year."""
_UNDATED = "undated:"


class Order(NamedTuple):
    """The order of two neighbours of a comparison that some reading turns."""

    comparison: Comparison
    pair: Pair


class Undated(NamedTuple):
    """Amounts of a programme that carry no year."""

    programme_id: str
    figure_ids: tuple[str, ...]


_Askable = tuple[str, Choice | Coding | Undated, Iterable[str]]


@dataclass(frozen=True, eq=False)
class Unsettled:
    """Something that has several outcomes today; ``kind`` is one of ``KINDS``.

    ``settled_by`` names every question that touches it, a choice or a gap, with the answers each of which
    alone leaves a single outcome.
    """

    kind: str
    what: Order | Finding | Estimate
    settled_by: Mapping[str, frozenset[str]]

    @property
    def theme(self) -> str:
        """The theme that it belongs to."""
        what = self.what
        return MEASURES[what.comparison.measure].theme if isinstance(what, Order) else what.theme


@dataclass(frozen=True)
class Question:
    """A question to a county: what it is about, and what each of its answers settles.

    ``touched`` is what depends on the answer, settled by it or not.
    """

    programme_id: str
    about: Choice | Coding | Undated
    answers: Mapping[str, tuple[Unsettled, ...]]
    touched: tuple[Unsettled, ...]

    def least(self, kind: str) -> int:
        """Return how many things of a kind it settles whatever the answer: the minimum over the answers."""
        return min(sum(each.kind == kind for each in settled) for settled in self.answers.values())

    def certain(self, kind: str) -> list[Unsettled]:
        """Return the things of a kind that every answer settles, each the same."""
        first, *others = self.answers.values()
        return [each for each in first if each.kind == kind and all(each in other for other in others)]

    @cached_property
    def weight(self) -> tuple[int, ...]:
        """What it is sorted by: what it settles for certain, kind by kind, then what depends on it."""
        return (*map(self.least, KINDS), len(self.touched))


def questions(
    data: Dataset, programmes: Iterable[str] = (), unsettled: Iterable[Unsettled] | None = None
) -> list[Question]:
    """Return what to ask, of all programmes or of those named, the questions that settle most first.

    ``unsettled`` is what is to be settled: without it the orders that some reading turns, the findings that
    hang on a choice or are blocked by a gap, and the estimates with several values, in constant prices.
    Raises ``ValueError`` for an unknown programme, naming those that there are.

    >>> [question.about.choice_id for question in questions(data, ["shangzhou"])][:1]
    ['shangzhou.year-2014-2016']
    """
    wanted = tuple(programmes)
    data.check_programmes(*wanted)
    touching: dict[str, list[Unsettled]] = {}
    for each in open_things(data, wanted) if unsettled is None else unsettled:
        for name in each.settled_by:
            touching.setdefault(name, []).append(each)
    found = [
        Question(about.programme_id, about, _settled(name, answers, touching), tuple(touching.get(name, ())))
        for name, about, answers in _askable(data, touching)
        if about.programme_id in (wanted or data.programme_ids)
    ]
    return sorted(found, key=lambda question: question.weight, reverse=True)


def _settled(
    name: str, answers: Iterable[str], touching: Mapping[str, list[Unsettled]]
) -> dict[str, tuple[Unsettled, ...]]:
    touched = touching.get(name, [])
    return {answer: tuple(each for each in touched if answer in each.settled_by[name]) for answer in answers}


def _askable(data: Dataset, touching: Mapping[str, list[Unsettled]]) -> Iterator[_Askable]:
    """Yield what can be asked: the name by which it settles things, what it is about, its answers."""
    yield from _choices(data)
    yield from _gaps(data, touching)
    yield from _undated(touching)


def _choices(data: Dataset) -> Iterator[_Askable]:
    """Yield the choices of programmes that the text leaves open, with the answers that arithmetic allows."""
    register = Readings.of(data)
    for choice in rows_of(Choice, data.choices, kind="uncertain"):
        name = choice.choice_id
        answers = [each for each in register.by_choice[name] if (name, each) not in register.infeasible]
        if choice.programme_id and len(answers) > 1:
            yield name, choice, answers


def _gaps(data: Dataset, touching: Mapping[str, list[Unsettled]]) -> Iterator[_Askable]:
    """Yield the absences that a curator has noted and that leave an estimate without a value."""
    for coding in rows_of(Coding, data.codings, absence="not_reported"):
        if (name := f"{CODING}{coding.coding_id}") in touching:
            yield name, coding, (ANY,)


def _undated(touching: Mapping[str, list[Unsettled]]) -> Iterator[_Askable]:
    for name, things in touching.items():
        if name.startswith(_UNDATED):
            rows = [each.what for each in things if isinstance(each.what, Estimate)]
            figures = dict.fromkeys(figure for row in rows for figure in row.figure_ids.split())
            yield name, Undated(rows[0].programme_id, tuple(figures)), (ANY,)


def open_things(data: Dataset, programmes: Container[str] = ()) -> Iterator[Unsettled]:
    """Yield the orders that some reading turns, the findings not firm, the estimates with several values.

    Findings are those on all programmes, or on those named: no answer of another settles them.
    """
    estimates = data.tables["estimates"]
    own = estimates[estimates["programme_id"].isin(data.programme_ids)]
    if len(own) < len(estimates):
        data = replace(data, tables={**data.tables, "estimates": own})
    yield from (order for theme in THEMES for each in comparisons(data, theme) for order in _orders(each))
    alone = (each for each in data.each_alone() if not programmes or each[0] in programmes)
    yield from (each for place in alone for each in _findings(*place))
    yield from _estimates(data, own)


def _findings(programme: str, data: Dataset) -> Iterator[Unsettled]:
    """Yield the findings that a reading changes, each settled by the one choice it hangs on, and the gaps."""
    known = Readings.of(data).by_choice
    for finding in findings(data, programme):
        if finding.kind == "gap":
            yield Unsettled(FINDING, finding, {f"{CODING}{finding.note}": frozenset({ANY})})
        elif finding.choices:
            answers = frozenset(known[finding.choices[0]]) if len(finding.choices) == 1 else frozenset()
            yield Unsettled(FINDING, finding, dict.fromkeys(finding.choices, answers))


def _orders(comparison: Comparison) -> Iterator[Unsettled]:
    """Yield the orders of a comparison that are turned today, with the answers under which they hold."""
    for pair in comparison.turned:
        settled_by = settling(comparison.robustness.standings(pair), but=(0,))
        yield Unsettled(ORDER, Order(comparison, pair), settled_by)


def _estimates(data: Dataset, estimates: pd.DataFrame) -> Iterator[Unsettled]:
    """Yield the cells with several outcomes, with a gap in place of a value, or with money without a year."""
    priced = apply_definitions(data, at_one_price(data, from_frame(estimates), None))
    cells = group_by((row for row in priced if row.feasible), lambda row: (row.programme_id, *row.cell))
    noted = {
        f"{CODING}{row.coding_id}"
        for row in rows_of(Coding, data.codings, absence="not_reported")
        if row.note and not row.when
    }
    for rows in cells.values():
        found = {_outcome(row) for row in rows}
        if len(found) > 1:
            outcomes = ((parse_when(row.reading), _outcome(row)) for row in rows)
            yield Unsettled(ESTIMATE, rows[0], settling(outcomes))
        elif (reason := rows[0].reason) in noted and not _needs_year(rows[0]):
            yield Unsettled(ESTIMATE, rows[0], {reason: frozenset({ANY})})
        elif rows[0].has_value and not rows[0].year and rows[0].unit.startswith("CNY"):
            yield Unsettled(ESTIMATE, rows[0], {f"{_UNDATED}{rows[0].programme_id}": frozenset({ANY})})


def _outcome(row: Estimate) -> tuple[str, ...]:
    """Return what an estimate says under one reading; an absence is an outcome like a value."""
    ends = (row.value, row.lower, row.upper)
    return (row.absence,) if row.absence else tuple(f"{end:.9g}" for end in ends)


def settling(
    outcomes: Iterable[tuple[Mapping[str, str], Hashable]], but: Iterable[Hashable] = ()
) -> dict[str, frozenset[str]]:
    """Return the readings of each choice under which there is one outcome, and none of those in ``but``.

    Each outcome comes with the readings under which it stands.
    """
    none = set(but)
    return {
        choice: frozenset(each for each, found in by_reading.items() if len(found) == 1 and not found & none)
        for choice, by_reading in outcomes_by_reading(outcomes).items()
    }


def _needs_year(row: Estimate) -> bool:
    """Return whether a value would need its year, too, which an answer to a gap need not name."""
    return isinstance(MEASURES[row.measure].derivation, RelativeToSeries)
