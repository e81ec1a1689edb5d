"""The comparison of all programmes in one theme: the answer, a matrix, charts, and the evidence folded."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from analysis.draw import Chart
from analysis.draw.tables import Table
from analysis.estimates.answers import Answers, answered
from analysis.estimates.comparable import comparisons_like
from analysis.estimates.comparison import Comparison
from analysis.estimates.findings.contrasts import Contrast, contrasts
from analysis.estimates.measures import from_frame
from analysis.estimates.prices import PriceYear
from analysis.estimates.spans import apply_definitions
from analysis.evidence.dataset import Dataset
from analysis.evidence.rows import group_by
from analysis.show.chartbook import comparison_chart
from analysis.show.comparison.matrix import Matrix
from analysis.show.comparison.tables import ComparisonTables
from analysis.show.county.opening import HEADLINE, MESSAGE
from analysis.show.given import for_comparison, given
from analysis.show.grounds import Grounded, grounded
from analysis.show.html import HasHtml, Html, folded, heading, joined, piece, spoken
from analysis.words.findings.contrasts import LEAST, MOST_NAMED, Theme, compared, contrast_sentences
from analysis.words.findings.pieces import noted
from analysis.words.language import Text

MOST_CHARTS, MOST_GROUPS = 4, 3
FIRST_CHART = "chart"
EVIDENCE = (
    ("coverage", "coverage"), ("rankings", "rankings"), ("flips", "flips"), ("side", "side_by_side"),
    ("out", "not_compared"), ("sensitivity", "sensitivity"), ("inference", "inference"),
    ("sources", "sources"), ("method", "method"),
)  # fmt: skip
"""The sections that are folded away, each with what returns it."""


def message_html(number: int, words: str, figures: Iterable[str], text: Text) -> str:
    """Return a message as a piece of the page, in a list."""
    return f'<li data-piece="{MESSAGE}.{number}">{spoken([(words, figures)], text)}</li>'


@dataclass(frozen=True)
class ComparisonReport(ComparisonTables):
    """What the places of a dataset report in one theme, as displayable pieces.

    >>> report = analysis.ComparisonReport(data, "branches")
    >>> report.said.headline.split(",")[0]
    'Of the five places'
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        wanted = for_comparison(self.data, self.theme, self.language, self.price_year)
        object.__setattr__(self, "data", given(self.data, wanted))

    @cached_property
    def said(self) -> Theme:
        """What the comparisons say: the answer, and what it rests on."""
        return compared(self.labels, self.theme, self.comparisons)

    def opening(self) -> Html:
        """Return the title, the answer in a few sentences, and what must be known of all of it."""
        title = self.text("comparison.title", theme=self.text(f"report.section_{self.theme}"))
        levels = self.text.listing(
            [self.labels.term("admin_level", level) for level in self.data.programmes["admin_level"].unique()]
        )
        # What has been noted on the first thing that is said, and on no more, stands on the first screen.
        few = [each for each in self.said.contrasts[:1] if len(each.programmes) <= MOST_NAMED]
        cautions = (
            self.text("report.caution"),
            self.text("report.levels", levels=levels),
            *(words for each in few for words in noted(self.labels, each.estimates())),
        )
        caution = self.labels.sentences(cautions)
        said = zip(self.said.messages, self.said.figure_ids, strict=True)
        messages = "".join(message_html(n, *each, self.text) for n, each in enumerate(said))
        return Html(
            f"<h1>{html.escape(title)}</h1>"
            f'<p class="headline" data-piece="{HEADLINE}">{html.escape(self.said.headline)}</p>'
            f"<ul>{messages}</ul><p><small>{html.escape(caution)}</small></p>"
        )

    def first_chart(self) -> Chart | Html:
        """Return the chart of the first thing that is said, for the first screen."""
        first = (chart for contrast in self.drawn for chart in self.charts(contrast))
        chart = next(first, None)
        return replace(chart, piece=FIRST_CHART) if chart else Html("")

    @cached_property
    def drawn(self) -> list[Contrast]:
        ordered = [each for each in contrasts(self.comparisons) if each.kind != "beside"]
        telling = [each for each in ordered if each.weight >= LEAST]
        return (telling or ordered[:1])[:MOST_CHARTS]

    def matrix(self) -> Table | Html:
        """Return the headline indicators by places, each with whether it may be quoted."""
        if self.summary:
            return self.summary.side_by_side()
        return self.indicators() or Html("")

    def indicators(self, like: Table | None = None) -> Table | None:
        """Return the matrix of places that are named one by one, with the rows of another if one is given."""
        estimates = apply_definitions(self.data, from_frame(self.selection.estimates))
        return Matrix(self.labels, self.comparisons, estimates).table(like)

    def questions(self) -> Html:
        """Return a chart for each measure that has one, under what it shows; the first stands above."""
        return joined(*(piece for contrast in self.drawn for piece in self._question_pieces(contrast)))

    def _question_pieces(self, contrast: Contrast) -> Iterable[HasHtml]:
        return self.section(contrast, said=contrast in self.said.contrasts, first=contrast is self.drawn[0])

    def section(self, contrast: Contrast, *, said: bool, first: bool) -> list[HasHtml]:
        """Return what a measure shows under its name: charts, and words if the opening has not ``said`` it.

        The chart of what is said ``first`` stands above.
        """
        charts = [*self.charts(contrast)][1 if first else 0 :]
        told = {self.text("found.sentence", sentence=chart.title) for chart in charts}
        sentences = [] if said else contrast_sentences(self.labels, contrast)
        more = self.labels.sentences(each for each in sentences if each not in told)
        name = contrast.measure
        drawn = [replace(chart, piece=f"{name}.chart.{number}") for number, chart in enumerate(charts)]
        shown = spoken([(more, contrast.figure_ids)], self.text)
        words = [Html(f'<p data-piece="{name}.words">{shown}</p>')] if more else []
        title = piece(f"{name}.title", heading(name, self.labels.measure(name)))
        return [title, *words, *drawn] if words or drawn else []

    def under(
        self, like: Sequence[Comparison], measure: str, answers: Answers, prices: PriceYear = None
    ) -> Self:
        """Return what the report says of comparisons of a measure had the counties answered.

        Money stays in the prices that it is in, or is in ``prices``. No chart is written. ``InputError`` as
        of ``answered``.
        """
        report = object.__new__(type(self))
        vars(report).update({each.name: getattr(self, each.name) for each in fields(self)})
        data = self.data.once(_answered, measure, frozenset(answers.items()))
        vars(report).update(data=data, charts_dir=None, price_year=prices or self.price_year)
        if prices is None:
            vars(report.selection)["by_theme"] = {self.theme: comparisons_like(data, like)}
        return report

    def charts(self, contrast: Contrast) -> Iterable[Chart]:
        """Yield the charts of a measure: one for each unit, since an axis holds one."""
        units = group_by((each for each in contrast.comparisons if each.unit), lambda each: each.unit)
        for number, same in enumerate(units.values(), start=1):
            chart = comparison_chart(self.labels, same[:MOST_GROUPS])
            if number > 1:
                chart = replace(chart, name=f"{chart.name}-{number}")
            if self.charts_dir:
                chart.save(Path(self.charts_dir))
            yield chart

    def evidence(self) -> Grounded:
        """Return what all of it rests on, folded away: every order, value, reading, gap and document.

        What there is nothing of has no section. The page is handed what its numbers rest on.
        """
        shown = ((name, getattr(self, method)()) for name, method in EVIDENCE)
        parts = joined(*(folded(self.heading(name), piece) for name, piece in shown if piece is not None))
        converted = (row for each in contrasts(self.comparisons) for row in each.estimates())
        return grounded(parts, self.data, self.text, converted, with_sentences=self.with_sentences)


def _answered(data: Dataset, measure: str, answers: frozenset[tuple[str, str]]) -> Dataset:
    """Return the dataset with the estimates of one measure alone, under answers."""
    return answered(data.once(_of_measure, measure), dict(answers))


def _of_measure(data: Dataset, measure: str) -> Dataset:
    """Return the dataset with the estimates of one measure alone."""
    estimates = data.tables["estimates"]
    own = {"estimates": estimates[estimates["measure"] == measure]}
    return replace(data, tables={**data.tables, **own})
