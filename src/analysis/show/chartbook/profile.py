"""Where does one programme stand beside the others, measure by measure?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from analysis.draw import Chart, ChartRow, Group
from analysis.estimates.comparison import Comparison
from analysis.estimates.selection import LABELLED
from analysis.show.chartbook.chart_rows import (
    outliers_phrase,
    quartiles_phrase,
    range_notes,
    with_standing,
)
from analysis.show.chartbook.ranking import value_rows
from analysis.words.labels import Labels
from analysis.words.phrases import price_phrase, source_line, strip_denominators

# So many others are named with their values beside the row.
NAMED = 5


def profile_chart(labels: Labels, comparisons: Iterable[Comparison], programme: str) -> Chart | None:
    """Return each value of a programme that another one can be compared with, and the others beside it.

    None where there is no such value. Each row has a scale of its own, from zero to its largest value: rows
    are not compared with each other.
    """
    text = labels.text
    groups: dict[str, list[ChartRow]] = {}
    basis = ""
    for comparison in comparisons:
        if programme in comparison.programmes and comparison.unit:
            heading = labels.with_caveats(labels.measure(comparison.measure), comparison)
            groups.setdefault(heading, []).extend(_rows(labels, comparison, programme))
            if comparison.unit.startswith("CNY"):
                basis = comparison.price_basis
    if not groups:
        return None
    place, number = labels.programme(programme), sum(len(rows) for rows in groups.values())
    chart = Chart(
        name="profile", language=text.language, axis="own", price_basis=basis,
        title=text("finding.profile", place=place, number=number),
        subtitle=text("chart.subtitle_profile", prices=price_phrase(labels, basis)),
        groups=tuple(Group(heading, tuple(rows)) for heading, rows in groups.items()),
    )  # fmt: skip
    return replace(chart, note=_note(labels, chart, place), source=source_line(labels, chart.programmes))


def _note(labels: Labels, chart: Chart, place: str) -> str:
    many = any(row.is_distribution for row in chart.rows)
    few = any(not row.is_distribution for row in chart.rows)
    return labels.sentences(
        [
            labels.text("chart.note_dot", place=place) if few else "",
            labels.text("chart.note_own"),
            *range_notes(labels, chart),
            labels.text("chart.note_distribution") if many else "",
        ]
    )


def _rows(labels: Labels, comparison: Comparison, programme: str) -> list[ChartRow]:
    rows = value_rows(labels, comparison)
    others = tuple(row for row in rows if row.programme != programme)
    found = []
    for row in rows:
        if row.programme == programme:
            label = _label(labels, comparison, row)
            beside = _beside(labels, row, others, comparison.is_rate)
            found.append(replace(beside, label=label, highlight=True, others=others))
    return found


def _label(labels: Labels, comparison: Comparison, row: ChartRow) -> str:
    """Return of what thing a value is: the dimensions compared, and the programme's own where they differ."""
    thing = labels.object_of(comparison.measure, comparison.key)
    own = row.label.removeprefix(labels.programme(row.programme)).strip(" ,，（）()")
    return labels.with_detail(thing, [own]) if own else thing


def _beside(labels: Labels, row: ChartRow, others: Sequence[ChartRow], is_rate: bool) -> ChartRow:
    """Return the row with the values of the others in words: by name, or their median and middle half."""
    values = [other.value for other in others if other.value is not None]
    if len(others) <= NAMED:
        listed = labels.text("number.item_separator").join(
            labels.text("chart.beside", place=other.label, value=other.text) for other in others
        )
        return replace(row, aside=listed)
    if len(values) <= LABELLED:
        span = labels.text.span(min(values), max(values), strip_denominators(row.unit))
        return replace(row, aside=labels.text("chart.range_of_others", number=len(values), span=span))
    text = with_standing(labels, row, values) if is_rate else row.text
    said = (quartiles_phrase(labels, values, row.unit), outliers_phrase(labels, others, row.unit))
    return replace(row, text=text, aside=labels.text("number.item_separator").join(filter(None, said)))
