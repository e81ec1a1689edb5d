"""Where does one programme stand beside the others, measure by measure?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from analysis.draw import Chart, Group, Row, style
from analysis.estimates.comparison import Comparison
from analysis.evidence.dataset import records
from analysis.show.chartbook.order import item_row
from analysis.show.chartbook.parts import placed, spread
from analysis.words.comparisons import value_phrase
from analysis.words.labels import Labels
from analysis.words.phrases import price_phrase, source_line, strip_denominators

# So many others are named with their values beside the row.
NAMED = 5


def profile_chart(labels: Labels, comparisons: Iterable[Comparison], programme: str) -> Chart:
    """Return each value of a programme that another one can be compared with, and the others beside it.

    Each row has a scale of its own, from zero to its largest value: rows are not compared with each other.
    """
    text = labels.text
    groups: dict[str, list[Row]] = {}
    basis = ""
    for comparison in comparisons:
        if programme in comparison.programmes and comparison.unit:
            heading = labels.with_caveats(labels.measure(comparison.measure), comparison)
            groups.setdefault(heading, []).extend(_rows(labels, comparison, programme))
            if comparison.unit.startswith("CNY"):
                basis = comparison.price_basis
    place, number = labels.programme(programme), sum(len(rows) for rows in groups.values())
    key = "finding.profile" if number else "finding.profile_none"
    chart = Chart(
        name="profile", language=text.language, axis="own", price_basis=basis,
        title=text(key, place=place, number=number),
        subtitle=text("chart.subtitle_profile", prices=price_phrase(labels, basis)),
        groups=tuple(Group(heading, tuple(rows)) for heading, rows in groups.items()),
    )  # fmt: skip
    return replace(chart, note=_note(labels, chart, place), source=source_line(labels, chart.programmes))


def _note(labels: Labels, chart: Chart, place: str) -> str:
    if not chart.groups:
        return ""
    many = any(row.is_distribution for row in chart.rows)
    few = any(not row.is_distribution for row in chart.rows)
    ranged = any(row.low is not None and row.low < (row.high or 0.0) for row in chart.rows)
    return labels.sentences(
        [
            labels.text("chart.note_dot", place=place) if few else "",
            labels.text("chart.note_own"),
            labels.text("chart.note_range_dot") if ranged else "",
            labels.text("chart.note_distribution") if many else "",
        ]
    )


def _rows(labels: Labels, comparison: Comparison, programme: str) -> list[Row]:
    rows = [
        item_row(labels, comparison, row, value_phrase(labels, row, comparison))
        for row in records(comparison.ranking())
    ]
    others = tuple(row for row in rows if row.programme != programme)
    found = []
    for row in rows:
        if row.programme == programme:
            label = _label(labels, comparison, row)
            found.append(replace(_beside(labels, row, others), label=label, highlight=True, others=others))
    return found


def _label(labels: Labels, comparison: Comparison, row: Row) -> str:
    """Return of what thing a value is: the dimensions compared, and the programme's own where they differ."""
    thing = labels.dimensions(comparison.key)
    own = row.label.removeprefix(labels.programme(row.programme)).strip(" ,，（）()")
    return labels.with_detail(thing, [own]) if own else thing


def _beside(labels: Labels, row: Row, others: Sequence[Row]) -> Row:
    """Return the row with the values of the others in words: by name, or their median and middle half."""
    values = [other.value for other in others if other.value is not None]
    if len(others) <= NAMED:
        listed = labels.text("number.item_separator").join(
            labels.text("chart.beside", place=other.label, value=other.text) for other in others
        )
        return replace(row, aside=listed)
    if len(values) <= style.LABELLED:
        span = labels.text.span(min(values), max(values), strip_denominators(row.unit))
        return replace(row, aside=labels.text("chart.range_of_others", number=len(values), span=span))
    return replace(row, text=placed(labels, row, values), aside=spread(labels, values, row.unit))
