"""How did a measure of one place change over the years? A bar for each year."""

from __future__ import annotations

from dataclasses import replace

from analysis.draw import Chart, Group
from analysis.estimates.prices import PRINTED, PriceYear, price_years
from analysis.estimates.series import Dated, series_of
from analysis.evidence.rows import group_by
from analysis.show.chartbook.chart_rows import estimate_row, marks_notes
from analysis.words.labels import Labels
from analysis.words.phrases import phrase, source_line, strip_denominators, unit_phrase
from analysis.words.series import year_phrase


def series_charts(labels: Labels, programme: str, theme: str, price_year: PriceYear = None) -> list[Chart]:
    """Return a chart for each measure of a theme that a programme reports for several years.

    Money is in the prices of ``price_year``; without one in those of the latest year that it is of, and as
    printed if that is asked for or the price index does not reach all of its years.
    """
    data = labels.data
    printed = series_of(data, programme, theme)
    last = max((int(each.time[-4:]) for series in printed for each in series), default=0)
    year = price_year if isinstance(price_year, int) else min(last, price_years(data)[-1])
    constant = series_of(data, programme, theme, year) if printed and price_year != PRINTED else []
    # Where the price index does not reach a year, all stand as printed, and the chart says so.
    shown = constant if list(map(len, constant)) == list(map(len, printed)) else printed
    return [
        _chart(labels, measure, series)
        for measure, series in group_by(shown, lambda each: each[0].span.measure).items()
    ]


def _chart(labels: Labels, measure: str, shown: list[list[Dated]]) -> Chart:
    """Return the years of one measure, a group for each thing that it is of."""
    row = shown[0][0].span
    groups = (
        Group(
            labels.dimensions(series[0].span),
            tuple(
                estimate_row(each.span, year_phrase(labels, each), phrase(labels, each.span), True)
                for each in series
            ),
        )
        for series in shown
    )
    unit = strip_denominators(row.unit)
    said = unit_phrase(labels, unit, row.price_basis)
    chart = Chart(
        name=f"series_{measure}", language=labels.text.language, mark="bar", unit=unit,
        title=_title(labels, shown[0]), groups=tuple(groups),
        subtitle=labels.text("series.subtitle", measure=labels.measure(measure), unit=said),
        source=source_line(labels, [row.programme_id]), price_basis=row.price_basis,
    )  # fmt: skip
    return replace(chart, note=labels.sentences(marks_notes(labels, chart, row.programme_id)))


def _title(labels: Labels, series: list[Dated]) -> str:
    """Return the first and the last value of a series in a sentence."""
    first, last = series[0], series[-1]
    return labels.text(
        "series.change",
        place=labels.programme(first.span.programme_id),
        thing=labels.thing_of(first.span),
        first=phrase(labels, first.span),
        first_year=year_phrase(labels, first),
        last=phrase(labels, last.span),
        last_year=year_phrase(labels, last),
    )
