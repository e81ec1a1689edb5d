"""What are village officials paid, and how much more than before the rise?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from analysis.draw import Chart, ChartRow, Group
from analysis.estimates.selection import LABELLED
from analysis.estimates.spans import Span
from analysis.evidence.register import ANNUALISATION, parse_when
from analysis.evidence.rows import group_by, rows_of
from analysis.evidence.theme import Question
from analysis.show.chartbook.chart_rows import (
    answer,
    distribution_row,
    estimate_row,
    gap_row,
    gaps_of,
    silent_group,
    with_standing,
)
from analysis.words.findings.pieces import noted
from analysis.words.labels import Labels
from analysis.words.phrases import phrase, with_values, years_note

RowOf = Callable[[Labels, list[Span], bool], ChartRow]


def _of_posts(spans: pd.DataFrame, measure: str) -> list[Span]:
    """Return the estimates for posts, and those of programmes that nobody has coded."""
    return [row for row in rows_of(Span, spans, measure=measure) if row.post or row.absence == "not_coded"]


def pay_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart | None:
    """Return what village officials earn a year: posts of each place, before and after the rise."""
    rows = _of_posts(spans, "yearly_pay")
    groups = _by_place(labels, rows, programme, _pay_row)
    shown = with_values(rows)
    monthly = any(ANNUALISATION.name in parse_when(row.reading) for row in shown)
    notes = [
        labels.text("chart.note_posts") if shown else "",
        labels.text("chart.note_monthly") if monthly else "",
        *noted(labels, [row for row in shown if row.programme_id == programme]),
        years_note(labels, [row for row in shown if row.stage != "before"] or shown),
    ]
    return answer(
        labels, spans, programme, question, rows=rows, measures=("yearly_pay",), groups=groups, notes=notes,
        unit="CNY",
    )  # fmt: skip


def rise_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart | None:
    """Return by how much pay rose: pay after the rise as a multiple of that before, by post."""
    rows = _of_posts(spans, "pay_rise")
    said = with_values(rows)
    keys = ("note_posts", "note_reference") if said else ()
    notes = [*(labels.text(f"chart.{key}") for key in keys), years_note(labels, said)]
    groups = _by_place(labels, rows, programme, _rise_row)
    return answer(
        labels, spans, programme, question, rows=rows, measures=("pay_rise",), groups=groups, notes=notes,
        unit="ratio", reference=1.0,
    )  # fmt: skip


def _by_place(labels: Labels, rows: list[Span], programme: str, row_of: RowOf) -> tuple[Group, ...]:
    """Return one group for each programme and kind of place, the programme's own first, posts by rank.

    Where the others report too much to label, they stand as one distribution under each of its posts.
    """
    shown = with_values(rows)
    reporting = {row.programme_id for row in shown}
    others = [owner for owner in labels.data.programme_ids if owner != programme and owner in reporting]
    labelled = sum(row.programme_id in others for row in shown) <= 4 * LABELLED
    groups = []
    for owner in [programme, *others] if labelled else [programme]:
        for place, posts in _posts(labels, [row for row in shown if row.programme_id == owner]):
            names = (labels.programme(owner), labels.term("place", place))
            found = [row_of(labels, post, owner == programme) for post in posts]
            if not labelled:
                pairs = zip(found, posts, strict=True)
                found = [row for own, post in pairs for row in _among(labels, own, post[0], shown, row_of)]
            groups.append(Group(" · ".join(name for name in names if name), tuple(found)))
    return (*groups, *silent_group(labels, _gaps(labels, rows, reporting), reporting))


def _gaps(labels: Labels, rows: list[Span], reporting: set[str]) -> list[ChartRow]:
    """Return the programmes without any value, and the posts that the others give none for."""
    paid = {(row.programme_id, row.place, row.post) for row in with_values(rows)}
    posts = {
        (row.programme_id, row.place, row.post): row
        for row in rows
        if row.absence and row.programme_id in reporting
    }
    waiting = {row.programme_id: row.absence for row in rows if row.absence == "not_coded"}
    return gaps_of(labels, "", waiting, reporting) + [
        gap_row(labels, row.programme_id, labels.dimensions({"post": row.post}), row.absence)
        for key, row in posts.items()
        if key not in paid
    ]


def _posts(labels: Labels, members: list[Span]) -> list[tuple[str, list[list[Span]]]]:
    """Return the rows of each post in each kind of place, both in order of rank."""
    places = group_by(members, lambda row: row.place)
    return [
        (place, sorted(group_by(places[place], lambda row: row.post).values(), key=partial(_rank, labels)))
        for place in sorted(places, key=lambda place: labels.rank("place", place))
    ]


def _rank(labels: Labels, rows: list[Span]) -> int:
    return labels.rank("post", rows[0].post)


def _among(labels: Labels, own: ChartRow, cell: Span, rows: list[Span], row_of: RowOf) -> list[ChartRow]:
    """Return the programme's row of a post, and under it that of all others with the same post and place."""
    same = [row for row in rows if (row.post, row.place) == (cell.post, cell.place)]
    owners = group_by(same, lambda row: row.programme_id)
    owners.pop(cell.programme_id, None)
    others = tuple(row_of(labels, found, False) for found in owners.values())
    values = [row.value for row in others if row.value is not None]
    if not values:
        return [own]
    if own.value is not None and len(values) > LABELLED:
        own = replace(own, text=with_standing(labels, own, values))
    return [own, distribution_row(labels, others, cell.unit)]


def _pay_row(labels: Labels, rows: list[Span], highlight: bool) -> ChartRow:
    """Return the row of one post: its latest pay, with its earlier pay if both are known."""
    known = {row.stage: row for row in rows}
    shown = next(known[stage] for stage in ("after", "", "before") if stage in known)
    label = labels.dimensions({"post": shown.post})
    earlier = known.get("before") if shown.stage == "after" else None
    details = []
    if earlier:
        details.append(labels.text("chart.was", before=phrase(labels, earlier)))
    elif shown.stage == "before":
        details.append(labels.term("stage", "before"))
    row = estimate_row(shown, label, phrase(labels, shown, *details), highlight)
    ids = " ".join(each.figure_ids for each in (shown, earlier) if each)
    before = earlier.value if earlier else None
    return replace(row, before=before, figure_ids=ids)


def _rise_row(labels: Labels, rows: list[Span], highlight: bool) -> ChartRow:
    label = labels.dimensions({"post": rows[0].post})
    words = labels.text("chart.times", number=labels.text.ratio(rows[0].value))
    return estimate_row(rows[0], label, words, highlight)
