"""Who is above whom in a comparison, and how firmly?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from analysis.draw import Chart, ChartRow, Group
from analysis.estimates.comparison import Comparison
from analysis.estimates.robustness import Ranked
from analysis.estimates.selection import LABELLED
from analysis.evidence.rows import group_by
from analysis.show.chartbook.chart_rows import (
    distribution_row,
    gap_row,
    range_notes,
    silent_group,
    without_tail,
)
from analysis.words.comparisons import pairs_phrase, printed_phrase, value_phrase
from analysis.words.findings.contrasts import contrast_title
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import in_percent, source_line, unit_phrase

# How many comparisons of many programmes are drawn.
HIGHEST = 5
RANKS = ("rank", "best_rank", "worst_rank")


def by_measure(comparisons: Iterable[Comparison]) -> dict[str, list[Comparison]]:
    """Return the comparisons that have a unit in common, by measure: what one axis can hold."""
    # Funds per village beside funds per community have no unit in common, and so no axis.
    return group_by((each for each in comparisons if each.unit), lambda each: each.measure)


def most_reported(comparisons: Sequence[Comparison], number: int) -> list[Comparison]:
    """Return so many comparisons at most, those of the most programmes, in the order they have."""
    ordered = sorted(range(len(comparisons)), key=lambda place: -len(comparisons[place].programmes))
    return [comparisons[place] for place in sorted(ordered[:number])]


def cut_note(text: Text, shown: int, total: int) -> str:
    """Return the sentence that says how many comparisons are shown, or none where it is all of them."""
    if shown == total:
        return ""
    return text("comparison.most_reported", shown=text.number(shown), all=text.number(total))


def comparison_chart(labels: Labels, chosen: Sequence[Comparison]) -> Chart:
    """Return the values compared: one group for each comparison of one measure, the highest first.

    Counts stand in the order of the data. More programmes than can be labelled are a distribution, and of
    such comparisons those of the most programmes are drawn.
    """
    return _chart(
        labels, chosen, f"comparison_{chosen[0].measure}", _compared_rows,
        unit=in_percent(chosen[0].measure, chosen[0].unit), subtitle="comparison.subtitle",
        note="" if chosen[0].is_rate else labels.text("comparison.note_counts"),
    )  # fmt: skip


def rank_chart(labels: Labels, chosen: Sequence[Comparison]) -> Chart | None:
    """Return the place of each programme under the default readings, and its places over all readings.

    None where no comparison is of three programmes or more, or where they are too many for ranks to be read.
    """
    ranked = [each for each in chosen if 2 < len(each.programmes) <= LABELLED]
    if not ranked:
        return None
    return _chart(
        labels, ranked, f"ranks_{ranked[0].measure}", _rank_rows, axis="rank",
        note=labels.text("comparison.note_ranks"), subtitle="comparison.subtitle_ranks", ranged="note_ranks",
    )  # fmt: skip


def _chart(
    labels: Labels, chosen: Sequence[Comparison], name: str, draw_rows: Any, *, subtitle: str,
    ranged: str = "note_range", **fields: Any,
) -> Chart:  # fmt: skip
    text = labels.text
    total = len(chosen)
    if any(len(comparison.programmes) > LABELLED for comparison in chosen):
        chosen = most_reported(chosen, HIGHEST)
    owners = {programme for comparison in chosen for programme in comparison.programmes}
    first = chosen[0]
    said = text(
        subtitle,
        measure=labels.measure(first.measure),
        unit=unit_phrase(labels, in_percent(first.measure, first.unit), first.price_basis),
        reporting=text.number(len(owners)),
        total=text.number(len(labels.data.programme_ids)),
    )
    names = [labels.with_caveats(labels.object_of(each.measure, each.key), each) for each in chosen]
    groups = [Group(name, tuple(draw_rows(labels, each))) for name, each in zip(names, chosen, strict=True)]
    gaps = [gap for name, each in zip(names, chosen, strict=True) for gap in _gaps(labels, name, each)]
    chart = Chart(
        name=name, language=text.language, subtitle=said, price_basis=first.price_basis,
        groups=(*groups, *silent_group(labels, gaps, owners)),
        title=contrast_title(labels, chosen),
        source=source_line(labels, owners), **fields,
    )  # fmt: skip
    chart, cut = without_tail(labels, chart)
    spread = text("chart.note_distribution") if any(row.is_distribution for row in chart.rows) else ""
    filled = text("comparison.note") if any(row.highlight for row in chart.rows) else ""
    marks = [filled, *range_notes(labels, chart, ranged), spread]
    return replace(
        chart, note=labels.sentences([chart.note, *marks, cut, cut_note(text, len(chosen), total)])
    )


def _compared_rows(labels: Labels, comparison: Comparison) -> list[ChartRow]:
    if len(comparison.ranked) <= LABELLED:
        return rows_with_printed(labels, comparison)
    rows = tuple(value_rows(labels, comparison))
    return [distribution_row(labels, rows, in_percent(comparison.measure, comparison.unit), "programmes")]


def _rank_rows(labels: Labels, comparison: Comparison) -> list[ChartRow]:
    return [
        item_row(labels, comparison, row, _standing(labels, comparison, row), RANKS)
        for row in comparison.ranked
    ]


def _standing(labels: Labels, comparison: Comparison, row: Ranked) -> str:
    """Return the value, and in how many readings it is above the next."""
    value = value_phrase(labels, row, comparison)
    if row.is_last or row.of_readings == 1:
        return value
    order = pairs_phrase(labels, row.higher_than_next, row.of_readings)
    return labels.text("comparison.above_next", value=value, order=order)


def value_rows(labels: Labels, comparison: Comparison) -> list[ChartRow]:
    """Return one row for each item of a ranking, with its value in words."""
    found = ((row, value_phrase(labels, row, comparison)) for row in comparison.ranked)
    return [item_row(labels, comparison, row, words) for row, words in found]


def rows_with_printed(labels: Labels, comparison: Comparison) -> list[ChartRow]:
    """Return the rows of values, each amount in constant prices with the one that is printed."""
    rows = value_rows(labels, comparison)
    printed = (printed_phrase(labels, comparison, ranked.item) for ranked in comparison.ranked)
    return [
        replace(row, text=labels.text("comparison.beside_printed", value=row.text, printed=amount))
        if amount
        else row
        for row, amount in zip(rows, printed, strict=True)
    ]


def item_row(
    labels: Labels,
    comparison: Comparison,
    row: Ranked,
    said: str,
    columns: tuple[str, str, str] = ("value", "low", "high"),
) -> ChartRow:
    """Return one row of a ranking as a row of a chart, with its evidence; ``columns`` are drawn."""
    evidence = comparison.evidence[row.item]
    value, low, high = (float(getattr(row, column)) for column in columns)
    # Money of no year is at least what it was worth when its document was published.
    least = columns[0] == "value" and evidence["upper"] == math.inf
    varies = low < high
    high = math.inf if least and not varies else high
    highest = comparison.is_rate and row.rank == 1
    return ChartRow(
        labels.item(row.item), said, value, low, high, highlight=highest,
        unit=in_percent(comparison.measure, comparison.unit),
        is_open=least and varies, programme=evidence["programme_id"], figure_ids=evidence["figure_ids"],
        reading=evidence["reading"],
    )  # fmt: skip


def _gaps(labels: Labels, thing: str, comparison: Comparison) -> list[ChartRow]:
    """Return the programmes that are left out of a comparison, with the type of absence."""
    return [gap_row(labels, each.programme_id, thing, each.absence) for each in comparison.out]
