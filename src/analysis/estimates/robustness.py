"""How firmly an order stands over the readings of two programmes, exactly and without the joint multiverse.

A comparison needs only the choices of the two programmes compared: the readings of one are crossed with
those of the other, and a choice that both share is answered alike on both sides. What is counted are
readings; the shares are not probabilities.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from analysis.estimates.measures import Estimate
from analysis.estimates.spans import finite_ends
from analysis.evidence.register import format_when, parse_when

# Rows of a matrix of all pairs that are held at once.
BLOCK = 256
_BOUNDS = ("value", "lower", "upper")
Outcome = TypeVar("Outcome", bound=Hashable)


class Ranked(NamedTuple):
    """A row of a ranking; see ``Comparison.ranking``. The last has no next one: what compares it is NaN."""

    item: str
    value: float
    low: float
    high: float
    rank: int
    best_rank: int
    worst_rank: int
    higher_than_next: int
    of_readings: int
    margin: float

    @property
    def programme(self) -> str:
        """Whose item it is."""
        return self.item.split(":")[0]

    @property
    def is_last(self) -> bool:
        """Whether no row comes after it."""
        return math.isnan(self.of_readings)


@dataclass(frozen=True)
class Pair:
    """The order of two programmes over their readings.

    In ``higher`` of ``total`` pairs of readings the first is above the second, in ``lower`` below; in
    ``tied`` the values are equal or their bounds overlap, so that neither is above. ``margin`` is the
    smallest difference first − second, ``deciding`` the choices each of which settles the order alone.
    """

    first: str
    second: str
    higher: int
    lower: int
    tied: int
    margin: float
    deciding: tuple[str, ...]

    @property
    def total(self) -> int:
        """The number of pairs of readings."""
        return self.higher + self.lower + self.tied

    @property
    def holds(self) -> bool:
        """Whether the order is the same in every pair of readings."""
        return self.total in (self.higher, self.lower)


@dataclass(frozen=True)
class Robustness:
    """Values of items (programmes) under their readings, sorted by item; the arrays are parallel.

    ``owner`` numbers the item of each value in ``items``, ``shared`` the combination of shared
    readings it stands under (values compare only within the same one).
    """

    items: tuple[str, ...]
    owner: np.ndarray
    shared: np.ndarray
    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    default: np.ndarray
    readings: tuple[str, ...]

    @staticmethod
    def of(estimates: pd.DataFrame, shared_choices: Collection[str] = ()) -> Robustness:
        """Return the readings of an estimates frame with a column ``item``; every row needs a value.

        ``shared_choices`` are answered alike on both sides of a pair; an item that one of them does not
        touch stands under each of its readings.
        """
        names = ("item", "reading", "is_default", *_BOUNDS)
        return Robustness._of(*(estimates[name].to_list() for name in names), shared_choices=shared_choices)

    @staticmethod
    def of_rows(
        rows: Sequence[Estimate], items: Sequence[str], shared_choices: Collection[str] = ()
    ) -> Robustness:
        """Return the readings of estimates with a value, each of one of some items; as ``of`` does."""
        names = ("reading", "is_default", *_BOUNDS)
        columns = ([getattr(row, name) for row in rows] for name in names)
        return Robustness._of(items, *columns, shared_choices=shared_choices)

    @staticmethod
    def _of(
        item_of: Sequence[str],
        conditions: Sequence[str],
        is_default: Sequence[bool],
        *bounds: Sequence[float],
        shared_choices: Collection[str],
    ) -> Robustness:
        names = sorted(set(item_of))
        readings = [parse_when(reading) for reading in conditions]
        combinations = _shared_combinations(readings, shared_choices)
        rows = [
            (place, number)
            for place, reading in enumerate(readings)
            for number, combination in enumerate(combinations)
            if all(reading.get(choice, answer) == answer for choice, answer in combination.items())
        ]
        places, shared = (np.array(column, dtype=int) for column in zip(*rows, strict=True))
        numbers = {name: number for number, name in enumerate(names)}
        owner = np.array([numbers[item] for item in item_of], dtype=int)[places]
        order = np.argsort(owner, kind="stable")
        places, shared, owner = places[order], shared[order], owner[order]
        value, lower, upper = (np.array(each, dtype=float)[places] for each in bounds)
        return Robustness(
            items=tuple(names),
            owner=owner,
            shared=shared,
            value=value,
            lower=lower,
            upper=upper,
            default=np.array(is_default, dtype=bool)[places],
            readings=tuple(
                format_when({**combinations[n], **readings[p]}) for p, n in zip(places, shared, strict=True)
            ),
        )

    @property
    def spans(self) -> pd.DataFrame:
        """Default value, ``low`` and ``high`` of each item over its readings, as ``spans.spans`` has them."""
        return pd.DataFrame(self._spans, columns=["item", "value", "low", "high"])

    @cached_property
    def _spans(self) -> list[tuple[str, float, float, float]]:
        """Each item with its default value and the ends of its values over its readings."""
        starts = np.unique(self.owner, return_index=True)[1]
        ends = [*starts[1:], len(self.owner)]
        rows = []
        for name, start, end in zip(self.items, starts, ends, strict=True):
            values, default = self.value[start:end], self.default[start:end]
            chosen = values[default][0] if default.any() else values[0]
            several = len(set(self.readings[start:end])) > 1
            low, high = finite_ends(values, self.lower[start:end], self.upper[start:end], several)
            rows.append((name, float(chosen), float(low.min()), float(high.max())))
        return rows

    def ranking(self) -> pd.DataFrame:
        """Return the items from the highest default value down; see ``Comparison.ranking``."""
        frame = pd.DataFrame(self.ranked, columns=list(Ranked._fields))
        return frame.astype({"higher_than_next": "Int64", "of_readings": "Int64"})

    @cached_property
    def ranked(self) -> list[Ranked]:
        """The rows of the ranking."""
        ranks = np.stack((self._above_by_default, *self._above), axis=1) + 1
        return [
            Ranked(*self._spans[item], *ranks[item].tolist(), *_order_of(pair))
            for item, pair in zip(self._order, self.following, strict=True)
        ]

    @cached_property
    def _place(self) -> np.ndarray:
        """The number of the programme of each item; the items of one stand side by side."""
        owners = [item.split(":")[0] for item in self.items]
        numbers = {owner: number for number, owner in enumerate(dict.fromkeys(owners))}
        return np.array([numbers[owner] for owner in owners])

    @cached_property
    def _above_by_default(self) -> np.ndarray:
        """How many other places have a higher default value than each item."""
        values = np.array([value for _, value, _, _ in self._spans])
        highest = np.maximum.reduceat(values, np.unique(self._place, return_index=True)[1])
        above = len(highest) - np.searchsorted(np.sort(highest), values, side="right")
        return above - (highest[self._place] > values)

    @cached_property
    def _order(self) -> list[int]:
        """The numbers of the items from the highest default value down."""
        return sorted(range(len(self.items)), key=lambda item: (-self._spans[item][1], self.items[item]))

    @cached_property
    def following(self) -> list[Pair | None]:
        """The order of each item of the ranking and the next of another place, if any follows."""
        following: dict[int, int] = {}
        for item, after in reversed(list(itertools.pairwise(self._order))):
            other = self._place[item] != self._place[after]
            if other or after in following:
                following[item] = after if other else following[after]
        return [self.pair_at(item, following[item]) if item in following else None for item in self._order]

    @cached_property
    def neighbours(self) -> tuple[Pair, ...]:
        """The order of each item of the ranking and the next of another place."""
        return tuple(pair for pair in self.following if pair)

    @cached_property
    def turned(self) -> tuple[Pair, ...]:
        """Those of the neighbours whose order some reading turns; two that none can order have no order."""
        return tuple(pair for pair in self.neighbours if not pair.holds and pair.tied < pair.total)

    @cached_property
    def _above(self) -> tuple[np.ndarray, np.ndarray]:
        """How many other places are above each item in every pair of readings, and in any."""
        always, ever = np.zeros((2, len(self.items)), dtype=np.int64)
        ends = [self._ends(key) for key in np.unique(self.shared)]
        for start, stop in self._blocks():
            rows = slice(start, stop)
            joint, all_above, any_above = np.zeros((3, stop - start, len(self.items)), dtype=bool)
            all_above[:] = True
            for there, least, most, low_end, high_end in ends:
                both = there[rows, None] & there[None, :]
                joint |= both
                all_above &= ~both | (least[rows, None] > high_end[None, :])
                any_above |= both & (most[rows, None] > low_end[None, :])
            other = self._place[rows, None] != self._place[None, :]
            places = np.unique(self._place[rows], return_index=True)[1]
            always += np.logical_or.reduceat(all_above & joint & other, places, axis=0).sum(axis=0)
            ever += np.logical_or.reduceat(any_above & other, places, axis=0).sum(axis=0)
        return always, ever

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Yield runs of items of about ``BLOCK``, each of whole places: the matrix of a country is large."""
        starts = [*np.unique(self._place, return_index=True)[1], len(self.items)]
        start = 0
        for end, after in itertools.pairwise(starts[1:]):
            if after - start > BLOCK:
                yield start, int(end)
                start = int(end)
        yield start, len(self.items)

    def _ends(self, key: int) -> tuple[np.ndarray, ...]:
        """Return which items stand under one combination of shared readings, and the ends of their bounds.

        These are the least and the greatest lower bound of each, then the least and the greatest upper one.
        """
        chosen = self.shared == key
        owners, starts = np.unique(self.owner[chosen], return_index=True)
        there = np.zeros(len(self.items), dtype=bool)
        there[owners] = True
        found = []
        for values in (self.lower[chosen], self.upper[chosen]):
            for extreme in (np.minimum, np.maximum):
                column = np.zeros(len(self.items))
                column[owners] = extreme.reduceat(values, starts)
                found.append(column)
        return (there, *found)

    def pair(self, first: str, second: str) -> Pair:
        """Return the order of two items; raises ``ValueError`` for one that has no value here."""
        for name in (first, second):
            if name not in self._places:
                raise ValueError(
                    f"{name!r} has no value in this comparison; those that have: {', '.join(self.items)}"
                )
        return self.pair_at(self._places[first], self._places[second])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.items)}

    def _values_of(self, item: int) -> np.ndarray:
        """Return where the values of an item stand: the owners are sorted."""
        return np.arange(*np.searchsorted(self.owner, (item, item + 1)))

    def pair_at(self, first: int, second: int) -> Pair:
        """Return the order of two items by their numbers."""
        rows, columns = self._values_of(first), self._values_of(second)
        joint = self._joint(rows, columns)
        differences = (self.value[rows][:, None] - self.value[columns][None, :])[joint]
        sign = self._signs(rows, columns)
        higher, lower, total = int((sign[joint] > 0).sum()), int((sign[joint] < 0).sum()), int(joint.sum())
        return Pair(
            self.items[first],
            self.items[second],
            higher,
            lower,
            total - higher - lower,
            float(differences.min()) if total else float("nan"),
            self._deciding(rows, columns) if 0 < higher < total else (),
        )

    def _joint(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return which values of two items stand under the same shared readings."""
        return np.asarray(self.shared[rows][:, None] == self.shared[columns][None, :])

    def _signs(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return 1 where the row is above the column, -1 where it is below, 0 where neither is."""
        above = self.lower[rows][:, None] > self.upper[columns][None, :]
        below = self.upper[rows][:, None] < self.lower[columns][None, :]
        return above.astype(int) - below

    def standings(self, pair: Pair) -> list[tuple[dict[str, str], int]]:
        """Return each pair of readings, and whether the first is above (1), below (-1) or neither (0)."""
        return self._standings(*(self._values_of(self._places[item]) for item in (pair.first, pair.second)))

    def _standings(self, rows: np.ndarray, columns: np.ndarray) -> list[tuple[dict[str, str], int]]:
        sign, answers = self._signs(rows, columns), self._answers
        return [
            ({**answers[rows[i]], **answers[columns[j]]}, int(sign[i, j]))
            for i, j in zip(*np.nonzero(self._joint(rows, columns)), strict=True)
        ]

    @cached_property
    def _answers(self) -> list[dict[str, str]]:
        return [parse_when(reading) for reading in self.readings]

    def _deciding(self, rows: np.ndarray, columns: np.ndarray) -> tuple[str, ...]:
        """Return the choices that settle the order: under each of their readings it is always the same."""
        return tuple(
            choice
            for choice, by_reading in sorted(outcomes_by_reading(self._standings(rows, columns)).items())
            if all(len(found) == 1 for found in by_reading.values())
        )


def _order_of(pair: Pair | None) -> tuple[Any, ...]:
    """Return in how many pairs of readings an order holds, and its margin; NaN where nothing follows."""
    return (pair.higher, pair.total, pair.margin) if pair else (math.nan,) * 3


def outcomes_by_reading(
    found: Iterable[tuple[Mapping[str, str], Outcome]],
) -> dict[str, dict[str, set[Outcome]]]:
    """Return what may come out under each reading of each choice, from outcomes with their readings.

    An outcome that a choice does not touch may come out under every reading of it.

    >>> found = outcomes_by_reading([({"a": "1"}, 10), ({"a": "2"}, 20), ({}, 30)])
    >>> found["a"] == {"1": {10, 30}, "2": {20, 30}}
    True
    """
    rows = list(found)
    readings: dict[str, dict[str, set[Outcome]]] = {}
    for answers, _ in rows:
        for choice, reading in answers.items():
            readings.setdefault(choice, {}).setdefault(reading, set())
    for choice, by_reading in readings.items():
        for answers, outcome in rows:
            for reading in (answers[choice],) if choice in answers else tuple(by_reading):
                by_reading[reading].add(outcome)
    return readings


def _shared_combinations(readings: list[dict[str, str]], shared: Collection[str]) -> list[dict[str, str]]:
    """Return every combination of the answers that the shared choices have; one empty one without any."""
    answers: dict[str, dict[str, None]] = {}
    for reading in readings:
        for choice in reading.keys() & set(shared):
            answers.setdefault(choice, {})[reading[choice]] = None
    names = sorted(answers)
    return [dict(zip(names, c, strict=True)) for c in itertools.product(*(answers[name] for name in names))]
