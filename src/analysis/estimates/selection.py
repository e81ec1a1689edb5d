"""The estimates and comparisons of some themes, of one programme or of all, in the prices asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.estimates.comparable import ABSENCE_ORDER, comparisons
from analysis.estimates.comparison import Comparison
from analysis.estimates.prices import PriceYear, at_prices
from analysis.estimates.spans import Span, spans
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, NOMINAL
from analysis.evidence.rows import rows_of
from analysis.evidence.themes import THEMES

LABELLED = 16  # How many values of one thing are named one by one; more become a distribution.


@dataclass(frozen=True)
class Selection:
    """Some themes of a dataset, of one ``programme`` or of all.

    ``price_year`` gives money in the prices of that year; other quantities stay as they are. Without one,
    estimates are as printed, and comparisons in the prices of the latest year compared; with ``"printed"``
    these, too, are as printed.
    """

    data: Dataset
    themes: tuple[str, ...] = tuple(THEMES)
    programme: str = ""
    price_year: PriceYear = None

    @property
    def own_year(self) -> int | None:
        """The year in whose prices its estimates are; ``None`` as printed."""
        return self.price_year if isinstance(self.price_year, int) else None

    @property
    def price_basis(self) -> str:
        """The price basis of its estimates: ``nominal`` or ``constant-2021``."""
        return NOMINAL if self.own_year is None else f"constant-{self.own_year}"

    @property
    def measures(self) -> list[str]:
        """The measures of the themes, in order."""
        return [code for code, measure in MEASURES.items() if measure.theme in self.themes]

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """The estimates under every reading, in one price basis."""
        frame = self.data.tables["estimates"]
        chosen = frame[frame["theme"].isin(self.themes)]
        if self.programme:
            chosen = chosen[chosen["programme_id"] == self.programme]
        return at_prices(self.data, chosen, self.own_year)

    @cached_property
    def spans(self) -> pd.DataFrame:
        """The default of each estimate, with its span over readings."""
        return spans(self.data, self.estimates)

    @cached_property
    def span_rows(self) -> list[Span]:
        """The rows of ``spans``."""
        return rows_of(Span, self.spans)

    @cached_property
    def by_theme(self) -> dict[str, list[Comparison]]:
        """The comparisons of each theme: like with like first."""
        return {theme: comparisons(self.data, theme, price_year=self.price_year) for theme in self.themes}

    @property
    def comparisons(self) -> list[Comparison]:
        """The comparisons of all themes."""
        return [comparison for found in self.by_theme.values() for comparison in found]


def best_states(span_rows: Iterable[Span]) -> dict[tuple[str, str], str]:
    """Return ``value`` or the type of absence by measure and programme; of several cells the best counts."""
    found: dict[tuple[str, str], str] = {}
    for row in span_rows:
        pair, state = (row.measure, row.programme_id), row.absence or "value"
        found[pair] = min(found.get(pair, state), state, key=ABSENCE_ORDER.index)
    return found
