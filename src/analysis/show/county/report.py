"""The report on one programme as pieces that a notebook displays."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from analysis.draw import Chart
from analysis.draw.tables import Table
from analysis.estimates.answers import Answers
from analysis.estimates.inference import RULES
from analysis.evidence.folders import check_folder
from analysis.evidence.themes import THEMES
from analysis.show.chartbook import question_chart
from analysis.show.county.choices import readings_table
from analysis.show.county.estimates import estimates_table, missing_table, series_table
from analysis.show.county.figures import arithmetic_table, figures_table, profile_table
from analysis.show.county.indicators import indicator_table
from analysis.show.county.opening import glossary, opening_html
from analysis.show.county.programme_view import ProgrammeView
from analysis.show.county.questions import questions_table
from analysis.show.county.sections import silent_sentence, theme_pieces
from analysis.show.given import for_place, given
from analysis.show.grounds import Grounded, grounded
from analysis.show.html import HasHtml, Html, bullets, folded, heading, joined, sentence
from analysis.words.findings.paragraphs import Paragraph, paragraphs, section_of
from analysis.words.language import Text

METHOD_LINES = 5
MOST_QUESTIONS = 5
MOST_CHARTS = 1
"""So many charts stand in the sections on themes, of the strongest first: a body has four pages on paper."""


def method_lines(text: Text, number: int) -> list[str]:
    """Return the method note of a report on ``number`` programmes, a line each."""
    last = "few" if number < RULES["quantiles"].programmes else "many"
    common = [text(f"report.method_{line}") for line in range(1, METHOD_LINES + 1)]
    return [*common, text(f"report.method_{last}", number=text.number(number))]


@dataclass(frozen=True)
class CountyReport(ProgrammeView):
    """What is found in one programme's documents, as displayable pieces, with the evidence folded away.

    ``peers`` are the programmes shown beside it (all, if ``None``); ``price_year`` adds constant prices;
    with ``charts_dir`` each chart is also written there as SVG, and with ``with_sentences`` its page quotes
    the sentence of each figure, where the documents are at hand.

    >>> report = analysis.CountyReport(data, "ludian")
    >>> report.chart("investment").title
    'Ludian County put 754,000 yuan into each new or upgraded village venue'
    """

    charts_dir: str | Path | None = None
    with_sentences: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_folder("charts_dir", self.charts_dir)
        wanted = for_place(self.data, self.programme, self.peers, self.language, self.price_year)
        object.__setattr__(self, "data", given(self.data, wanted))

    def opening(self) -> Html:
        """Return the place, what it did in a sentence, and at most four messages."""
        return opening_html(self)

    def terms(self) -> Html:
        """Return what terms of the documents mean, a line each."""
        lines = "<br>".join(map(html.escape, glossary(self)))
        return Html(f"<p><small>{lines}</small></p>" if lines else "")

    def first_chart(self) -> Chart | Html:
        """Return the chart that shows the first message which one shows; nothing without any."""
        chart = self.chart(self.first)
        return replace(chart, piece="chart") if chart else Html("")

    def indicators(self) -> Html:
        """Return the headline indicators as a table, or a sentence where there is none."""
        table = indicator_table(self) or sentence(self.text, "report.no_rows")
        return joined(self._heading("indicators"), table)

    def questions(self) -> Html:
        """Return what to ask the county, and what each answer would settle."""
        table = questions_table(self)
        shown = table and table.first(MOST_QUESTIONS)
        return joined(self._heading("questions"), shown or sentence(self.text, "questions.none"))

    def themes(self) -> Html:
        """Return what else there is to say of each theme, that with the strongest finding first."""
        sections = map(self.theme, self._paragraphs)
        return joined(self._heading("themes"), *sections, *silent_sentence(self, {*self._paragraphs}))

    def theme(self, theme: str) -> Html:
        """Return what else there is to say of a theme; nothing where there is nothing."""
        chart = self.chart(theme) if theme in self.further else None
        paragraph = self._paragraphs.get(theme)
        return (
            joined(*theme_pieces(self, paragraph, [replace(chart, piece=f"{theme}.chart")] if chart else []))
            if paragraph
            else Html("")
        )

    @cached_property
    def _paragraphs(self) -> dict[str, Paragraph]:
        return {each.theme: each for each in paragraphs(self.labels, self.programme, self.account)}

    def under(self, answers: Answers) -> Self:
        """Return the report as it would be had the county answered, with the same charts; none is written."""
        report = super().under(answers)
        vars(report).update(charts_dir=None, first=self.first, further=self.further)
        return report

    def evidence(self) -> Grounded:
        """Return everything that the report rests on, folded away under titles.

        The page is handed what its numbers rest on, with a card for each.
        """
        estimates = [self.estimates(theme) for theme in THEMES]
        shown: dict[str, list[HasHtml]] = {
            "estimates": [each for each in estimates if each],
            "missing": [self.missing()],
            "readings": [self.readings()],
            "arithmetic": [self.arithmetic()],
            "figures": [self.all_figures()],
            "profile": [self.profile()],
            "method": [self.method()],
        }
        parts = (folded(self._heading(name, level=3), *pieces) for name, pieces in shown.items() if pieces)
        page = joined(self._heading("evidence"), *parts)
        other_prices = self.constant.values()
        return grounded(page, self.selected, self.text, other_prices, with_sentences=self.with_sentences)

    def _heading(self, section: str, level: int = 2) -> Html:
        return heading(section, self.text(f"report.section_{section}"), level)

    @cached_property
    def first(self) -> str:
        """The theme of the first message with a chart that shows something; empty without any."""
        findings = (finding for message in self.account.messages for finding in message.findings)
        themes = dict.fromkeys(section_of(each.theme) for each in (*findings, *self.account.left))
        return next((theme for theme in themes if theme in self.charts), "")

    @cached_property
    def further(self) -> list[str]:
        """The other themes whose charts are shown."""
        themes = dict.fromkeys(section_of(finding.theme) for finding in self.account.findings)
        return [theme for theme in themes if theme in self.charts and theme != self.first][:MOST_CHARTS]

    @property
    def charts(self) -> dict[str, Chart]:
        """The chart of each theme that the programme reports two values or more of."""
        drawn = ((code, self._drawn(code)) for code in THEMES)
        return {code: chart for code, chart in drawn if chart}

    def _drawn(self, theme: str) -> Chart | None:
        """Return the chart of a theme, made once."""
        if theme not in self._charts:
            question = THEMES[theme].questions[0] if theme in THEMES else None
            chart = question and question_chart(question, self.labels, self.spans, self.programme)
            self._charts[theme] = chart or None
        return self._charts[theme]

    @cached_property
    def _charts(self) -> dict[str, Chart | None]:
        return {}

    def chart(self, theme: str) -> Chart | None:
        """Return the chart of a theme, if it has one, and write it to ``charts_dir`` if that is set."""
        chart = self._drawn(theme)
        if chart and self.charts_dir:
            chart.save(Path(self.charts_dir))
        return chart

    def profile(self) -> Table:
        """Return what the place and its source documents are."""
        return profile_table(self)

    def estimates(self, theme: str) -> Table | Html | None:
        """Return the programme's estimates of a theme, and those of several years; ``None`` without any."""
        found = [table for table in (estimates_table(self, theme), series_table(self, theme)) if table]
        return joined(*found) if len(found) > 1 else next(iter(found), None)

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
