"""The facts of some bases, sorted so that those are found at once whose value a numeral may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from analysis.show.memo.facts import Basis, Fact
from analysis.words.scan import Numeral

_SLACK = 1e-6
"""More than what ``Numeral.equals`` forgives: what is found here is looked at there."""


@dataclass(frozen=True, eq=False)
class Nearby:
    """What some passages rest on: ``texts`` may be quoted, ``valued`` are facts found by their size.

    ``labels`` are names of places.
    """

    texts: tuple[Fact, ...]
    labels: tuple[str, ...]
    valued: tuple[Fact, ...]
    order: np.ndarray
    sizes: np.ndarray

    @staticmethod
    def of(bases: Iterable[Basis]) -> Nearby:
        """Return the facts of some bases; texts, which are looked for one by one, each once."""
        facts = list(chain.from_iterable(basis.facts for basis in bases))
        texts = dict.fromkeys(fact for fact in facts if fact.text)
        valued = tuple(fact for fact in facts if not fact.text and fact.value is not None)
        sizes = np.abs(np.array([fact.value for fact in valued], float))
        order = np.argsort(sizes, kind="stable")
        labels = tuple(
            f.text for f in texts if f.name.startswith("programme ") and f.name.endswith(", label")
        )
        return Nearby(tuple(texts), labels, valued, order, sizes[order])

    def to(self, numeral: Numeral) -> list[Fact]:
        """Return the facts that have a value of a numeral, as far as it is exact, in the order they came."""
        found: set[int] = set()
        for value, tolerance in zip(numeral.values, numeral.tolerances, strict=True):
            reach = tolerance + _SLACK * max(1.0, value)
            first, end = np.searchsorted(self.sizes, (value - reach, value + reach))
            found.update(self.order[first : end + 1].tolist())
        return [self.valued[place] for place in sorted(found)]
