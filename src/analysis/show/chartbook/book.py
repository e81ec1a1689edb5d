"""All charts of a dataset: those on one programme, and those on one theme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.draw import Picture
from analysis.estimates.comparison import Comparison
from analysis.estimates.measures import from_frame, to_frame
from analysis.estimates.prices import PriceYear, checked_price_year
from analysis.estimates.selection import Selection
from analysis.estimates.spans import apply_definitions
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES
from analysis.show.chartbook.coverage import coverage_chart
from analysis.show.chartbook.profile import profile_chart
from analysis.show.chartbook.questions import question_chart
from analysis.show.chartbook.ranking import by_measure, comparison_chart, rank_chart
from analysis.show.chartbook.sensitivity import read_measures, reading_chart
from analysis.show.chartbook.series import series_charts
from analysis.words.labels import Worded
from analysis.words.languages import Language


@dataclass(frozen=True)
class Book(Worded):
    """The charts of a dataset in one language, with money in the prices of ``price_year``.

    Without a year, programmes are compared in the prices of the latest year compared, and one programme is
    shown as printed; ``"printed"`` compares what the documents print. Raises ``ValueError`` for an unknown
    language, theme or programme.

    >>> book = analysis.Book(data)
    >>> [chart.name for chart in book.theme("branches")]
    ['coverage', 'comparison_organisations_rectified']
    """

    data: Dataset
    language: str = "en"
    price_year: PriceYear = None

    def __post_init__(self) -> None:
        Language.parse(self.language)
        object.__setattr__(self, "price_year", checked_price_year(self.data, self.price_year))

    @cached_property
    def all(self) -> Selection:
        """The estimates and comparisons at the prices asked for, made once for all books of the dataset."""
        return self.data.once(_select, self.price_year)

    @cached_property
    def readings(self) -> pd.DataFrame:
        """The estimates that stand under a reading the text leaves open."""
        chosen = to_frame(apply_definitions(self.data, from_frame(self.all.estimates)))
        return chosen[chosen["reading"] != ""]

    @property
    def spans(self) -> pd.DataFrame:
        """The estimates with their spans over readings."""
        return self.all.spans

    @property
    def comparisons(self) -> dict[str, list[Comparison]]:
        """The comparisons of each theme."""
        return self.all.by_theme

    def programme(self, programme: str, themes: Sequence[str] = tuple(THEMES)) -> list[Picture]:
        """Return the charts on one programme, in the themes named.

        Raises ``ValueError`` for an unknown programme or theme.
        """
        self._check(themes, programme)
        chosen = [theme for theme in THEMES if theme in themes]
        charts: list[Picture | None] = [
            question_chart(question, self.labels, self.spans, programme)
            for each in chosen
            for question in THEMES[each].questions
        ]
        charts += [
            chart for each in chosen for chart in series_charts(self.labels, programme, each, self.price_year)
        ]
        charts += [
            reading_chart(self.labels, self.readings, programme, measure)
            for measure in read_measures(self.readings, programme)
            if MEASURES[measure].theme in chosen
        ]
        charts.append(coverage_chart(self.labels, self.spans, chosen, programme))
        found = [comparison for each in chosen for comparison in self.comparisons[each]]
        charts.append(profile_chart(self.labels, found, programme))
        return [chart for chart in charts if chart]

    def theme(self, theme: str) -> list[Picture]:
        """Return the charts that compare all programmes in one theme.

        Raises ``ValueError`` for an unknown theme.
        """
        self._check([theme], "")
        charts: list[Picture | None] = [coverage_chart(self.labels, self.spans, [theme])]
        for chosen in by_measure(self.comparisons[theme]).values():
            charts.append(comparison_chart(self.labels, chosen))
            # Counts are shown and never ranked.
            charts += [rank_chart(self.labels, chosen)] if chosen[0].is_rate else []
        return [chart for chart in charts if chart]

    def chart(self, name: str, *, programme: str = "", theme: str = "") -> Picture | None:
        """Return one chart by its name: of a programme, or of the comparison of all in a theme.

        None where there are not two values that it could draw. Raises ``ValueError`` for a name that there
        is not, with those that there are.
        """
        if bool(programme) == bool(theme):
            raise ValueError("name either a programme or a theme: chart('profile', programme='ludian')")
        charts = self.programme(programme) if programme else self.theme(theme)
        found = next((chart for chart in charts if chart.name == name), None)
        if found is None and name not in chart_names():
            known = ", ".join(chart.name for chart in charts)
            raise ValueError(f"{programme or theme} has no chart {name!r}; it has {known}")
        return found

    def _check(self, themes: Iterable[str], programme: str) -> None:
        for theme in themes:
            if theme not in THEMES:
                raise ValueError(f"unknown theme {theme!r}; allowed are {', '.join(THEMES)}")
        if programme:
            self.data.check_programmes(programme)


def _select(data: Dataset, price_year: PriceYear) -> Selection:
    return Selection(data, price_year=price_year)


def chart_names() -> set[str]:
    """Return the names of all charts that a programme or a theme may have."""
    asked = {question.chart for theme in THEMES.values() for question in theme.questions}
    kinds = ("series", "readings", "comparison", "ranks")
    return asked | {f"{kind}_{code}" for kind in kinds for code in MEASURES} | {"coverage", "profile"}
