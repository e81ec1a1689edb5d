"""The report on one programme as pieces that a notebook displays."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.draw import Chart
from analysis.draw.tables import Table
from analysis.estimates.inference import RULES
from analysis.evidence.register import MEASURES
from analysis.evidence.themes import THEMES
from analysis.show.chartbook import question_chart
from analysis.show.chartbook.series import series_charts
from analysis.show.county.choices import readings_table
from analysis.show.county.estimates import estimates_table, missing_table, series_table
from analysis.show.county.figures import arithmetic_table, figures_table, profile_table, theme_tables
from analysis.show.county.programme_view import ProgrammeView
from analysis.show.html import HasHtml, Html, bullets, heading, joined, sentence
from analysis.words.language import Text
from analysis.words.phrases import with_values
from analysis.words.series import contradictions

MEASURED = tuple(code for code, theme in THEMES.items() if theme.own_cells)
SECTIONS = (
    "profile",
    *MEASURED,
    "other",
    "missing",
    "readings",
    "arithmetic",
    "figures",
    "method",
)
METHOD_LINES = 5


def method_lines(text: Text, number: int) -> list[str]:
    """Return the method note of a report on ``number`` programmes, a line each."""
    last = "few" if number < RULES["quantiles"].programmes else "many"
    common = [text(f"report.method_{line}") for line in range(1, METHOD_LINES + 1)]
    return [*common, text(f"report.method_{last}", number=text.number(number))]


@dataclass(frozen=True)
class CountyReport(ProgrammeView):
    """One programme's figures, estimates and gaps, as displayable pieces.

    ``peers`` are the programmes shown beside it (all, if ``None``); ``price_year`` adds constant prices;
    with ``charts_dir`` each chart is also written there as SVG.

    >>> report = analysis.CountyReport(data, "ludian")
    >>> report.chart("investment").title
    'Ludian County: 754k yuan per village venue (new and upgraded)'
    """

    charts_dir: str | Path | None = None

    def heading(self, section: str) -> Html:
        """Return the heading of a section."""
        return heading(section, self.text(f"report.section_{section}"))

    def opening(self) -> Html:
        """Return the title, what the report rests on, and the three main findings."""
        place, name = (self.labels.of(self.place, column) for column in ("label", "programme_name"))
        title = self.text("report.title", place=place, programme=name)
        bases = self.figures["year_basis"].value_counts()
        lead = self.text(
            "report.lead",
            place=place,
            documents=len(self.sources),
            figures=len(self.figures),
            inferred=bases.get("inferred", 0),
            unknown=bases.get("unknown", 0),
            choices=len(self.choices),
            measures=len({row.measure for row in with_values(self.own_spans)}),
            all=len(MEASURES),
        )
        findings = bullets(self._charts[theme].title for theme in MEASURED)
        caution = html.escape(self.labels.sentences([self.text("report.caution"), self._levels()]))
        return Html(
            f"<h1>{html.escape(title)}</h1><p>{html.escape(lead)}</p>{findings}<p><small>{caution}</small></p>"
        )

    def _levels(self) -> str:
        levels = list(dict.fromkeys(self.selected.programmes["admin_level"]))
        if len(levels) < 2:
            return ""
        names = self.text.listing([self.labels.term("admin_level", level) for level in levels])
        return self.text("report.levels", levels=names)

    @cached_property
    def _charts(self) -> dict[str, Chart]:
        return {
            code: question_chart(theme.questions[0], self.labels, self.spans, self.programme)
            for code, theme in THEMES.items()
        }

    def chart(self, theme: str) -> Chart:
        """Return the chart of a theme, and write it to ``charts_dir`` if there is one."""
        chart = self._charts[theme]
        if self.charts_dir:
            chart.save(Path(self.charts_dir))
        return chart

    def profile(self) -> Table:
        """Return what the place and its source documents are."""
        return profile_table(self)

    def estimates(self, theme: str) -> Table | Html:
        """Return the programme's estimates of a theme as a table, or a sentence where there is none.

        What the documents contradict each other on and what they report of several years follows.
        """
        shown = estimates_table(self, theme) or sentence(self.text, "report.no_rows")
        more = [*self._contradictions(theme), *self._series(theme)]
        return joined(shown, *more) if more else shown

    def _contradictions(self, theme: str) -> list[Html]:
        own = (row for row in self.own_estimates if row.theme == theme)
        return [Html(f"<p>{html.escape(said)}</p>") for _, said in contradictions(self.labels, own)]

    def _series(self, theme: str) -> list[HasHtml]:
        charts = series_charts(self.labels, self.programme, theme, self.price_year)
        for chart in charts if self.charts_dir else ():
            chart.save(Path(str(self.charts_dir)))
        table = series_table(self, theme)
        return [*charts, *([table] if table else [])]

    def other_areas(self) -> Html:
        """Return the themes that the notebook has no cells for, those with measures first.

        A theme with measures has its chart and estimates, every other a table of its figures.
        """
        shown: list[HasHtml] = [self._section(code) for code, theme in THEMES.items() if not theme.own_cells]
        shown += theme_tables(self, without=THEMES)
        return joined(*shown) if shown else sentence(self.text, "report.no_other")

    def _section(self, theme: str) -> Html:
        title = html.escape(self.text(f"report.section_{theme}"))
        return joined(Html(f'<h3 id="{theme}">{title}</h3>'), self.chart(theme), self.estimates(theme))

    def missing(self) -> Table:
        """Return the measures without a value, with the kind of absence and its reason."""
        return missing_table(self)

    def readings(self) -> Table | Html:
        """Return the programme's choices: each reading, whether it is feasible, and what it does."""
        return readings_table(self) or sentence(self.text, "report.no_choices")

    def arithmetic(self) -> Table | Html:
        """Return the identities of the programme's documents, and whether they add up."""
        return arithmetic_table(self) or sentence(self.text, "report.no_identities")

    def all_figures(self) -> Table:
        """Return every figure with its place in the document."""
        return figures_table(self)

    def method(self) -> Html:
        """Return the method note."""
        return Html(bullets(method_lines(self.text, len(self.data.programme_ids))))
