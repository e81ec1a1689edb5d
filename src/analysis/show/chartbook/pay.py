"""What are village officials paid, and how much more than before the rise?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analysis.draw import Chart, ChartRow, Group, style
from analysis.estimates.spans import Span
from analysis.evidence.register import ANNUALISATION, parse_when
from analysis.evidence.rows import group_by, rows_of
from analysis.evidence.theme import Question
from analysis.show.chartbook.chart_rows import (
    absence_rows,
    distribution_row,
    estimate_row,
    finish_chart,
    not_coded,
    with_standing,
)
from analysis.words.labels import Labels
from analysis.words.phrases import phrase, with_values, years_note

RowOf = Callable[[Labels, list[Span], bool], ChartRow]


def pay_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart:
    """Return what village officials earn a year: posts of each place, before and after the rise."""
    rows = [row for row in rows_of(Span, spans, measure="yearly_pay") if row.post or row.absence]
    groups = _by_place(labels, rows, programme, _pay_row)
    shown = with_values(rows)
    monthly = any(ANNUALISATION.name in parse_when(row.reading) for row in shown)
    notes = [
        labels.text("chart.note_posts") if shown else "",
        labels.text("chart.note_monthly") if monthly else "",
        years_note(labels, [row for row in shown if row.stage != "before"] or shown),
    ]
    chart = Chart(
        name=question.chart, language=labels.text.language, title=pay_title(labels, spans, programme),
        subtitle="", groups=groups, unit="CNY",
    )  # fmt: skip
    return finish_chart(labels, programme, chart, spans, notes=notes)


def rise_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart:
    """Return by how much pay rose: pay after the rise as a multiple of that before, by post."""
    rows = [row for row in rows_of(Span, spans, measure="pay_rise") if row.post or row.absence]
    chart = Chart(
        name=question.chart, language=labels.text.language, title=rise_title(labels, rows, programme),
        subtitle="", groups=_by_place(labels, rows, programme, _rise_row), unit="ratio", reference=1.0,
    )  # fmt: skip
    said = with_values(rows)
    keys = ("note_posts", "note_reference") if said else ()
    notes = [*(labels.text(f"chart.{key}") for key in keys), years_note(labels, said)]
    return finish_chart(labels, programme, chart, spans, notes=notes)


def _by_place(labels: Labels, rows: list[Span], programme: str, row_of: RowOf) -> tuple[Group, ...]:
    """Return one group for each programme and kind of place, the programme's own first, posts by rank.

    Where the others report too much to label, they stand as one distribution under each of its posts.
    """
    reporting = {row.programme_id for row in with_values(rows)}
    others = [owner for owner in labels.data.programme_ids if owner != programme and owner in reporting]
    labelled = sum(row.programme_id in others for row in with_values(rows)) <= 4 * style.LABELLED
    waiting = not_coded(rows)
    groups = [] if programme in reporting else [Group("", absence_rows(labels, waiting, programme, others))]
    for owner in [programme, *others] if labelled else [programme]:
        members = [row for row in rows if row.programme_id == owner]
        places = {row.place for row in with_values(members)}
        for place in sorted(places, key=lambda place: labels.rank("place", place)):
            names = (labels.programme(owner), labels.term("place", place))
            posts = _posts(labels, [row for row in members if row.place == place])
            shown = [row_of(labels, found, owner == programme) for found in posts]
            if not labelled:
                pairs = zip(shown, posts, strict=True)
                shown = [row for own, found in pairs for row in _among(labels, own, found[0], rows, row_of)]
            groups.append(Group(" · ".join(name for name in names if name), tuple(shown)))
    if programme in reporting and (missing := absence_rows(labels, waiting, programme, reporting)):
        groups.append(Group("", missing))
    return tuple(groups)


def _posts(labels: Labels, members: list[Span]) -> list[list[Span]]:
    """Return the rows of each post, in order of rank."""
    posts = group_by(members, lambda row: row.post)
    return [posts[post] for post in sorted(posts, key=lambda post: labels.rank("post", post))]


def _among(labels: Labels, own: ChartRow, cell: Span, rows: list[Span], row_of: RowOf) -> list[ChartRow]:
    """Return the programme's row of a post, and under it that of all others with the same post and place."""
    same = [row for row in rows if (row.post, row.place) == (cell.post, cell.place)]
    owners = group_by(same, lambda row: row.programme_id)
    owners.pop(cell.programme_id, None)
    others = tuple(row_of(labels, found, False) for found in owners.values() if with_values(found))
    values = [row.value for row in others if row.value is not None]
    if not values:
        return [own]
    if own.value is not None and len(values) > style.LABELLED:
        own = replace(own, text=with_standing(labels, own, values))
    return [own, distribution_row(labels, others, cell.unit)]


def _pay_row(labels: Labels, rows: list[Span], highlight: bool) -> ChartRow:
    """Return the row of one post: its latest pay, with its earlier pay if both are known."""
    known = {row.stage: row for row in with_values(rows)}
    shown = next((known[stage] for stage in ("after", "", "before") if stage in known), rows[0])
    label = labels.dimensions({"post": shown.post})
    if shown.absence:
        return _silent(label, phrase(labels, shown), shown, highlight)
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
    shown = next(iter(with_values(rows)), None)
    if shown is None:
        return _silent(label, phrase(labels, rows[0]), rows[0], highlight)
    words = labels.text("chart.times", number=labels.text.ratio(shown.value))
    return estimate_row(shown, label, words, highlight)


def _silent(label: str, words: str, row: Span, highlight: bool) -> ChartRow:
    return ChartRow(label, words, highlight=highlight, programme=row.programme_id, absence=row.absence)


def pay_title(labels: Labels, spans: pd.DataFrame, programme: str) -> str:
    """Return the finding on pay of one programme, in a sentence: the pay of its head with one post."""
    place = labels.programme(programme)
    paid = with_values(rows_of(Span, spans, measure="yearly_pay", programme_id=programme))
    row = min((row for row in paid if row.post), key=lambda row: _headship(labels, row), default=None)
    if row is None:
        return labels.text("finding.pay_none", place=place)
    who = labels.term("post", row.post)
    if row.place:
        who = labels.text("finding.post_of", post=who, kind=labels.term("place", row.place))
    amount = labels.text.money(row.value)
    rises = with_values(rows_of(Span, spans, measure="pay_rise", programme_id=programme, post=row.post))
    rise = next((rise for rise in rises if rise.place == row.place), None)
    if rise is None or row.stage == "before":
        return labels.text("finding.pay", place=place, who=who, amount=amount)
    times = labels.text.number(rise.value, 1)
    return labels.text("finding.pay_rise", place=place, who=who, amount=amount, times=times)


def _headship(labels: Labels, row: Span) -> tuple[bool, bool, int, int]:
    """Return what to sort pay by, so that the present pay of the head comes first."""
    ranks = (labels.rank("post", row.post), labels.rank("place", row.place))
    return (row.stage == "before", row.post != "head_split", *ranks)


def rise_title(labels: Labels, rows: list[Span], programme: str) -> str:
    """Return the finding on the rise of pay of one programme: the smallest and the largest over its posts."""
    place = labels.programme(programme)
    rises = sorted(row.value for row in with_values(rows) if row.programme_id == programme)
    if not rises:
        return labels.text("finding.rise_none", place=place)
    low, high = (labels.text.ratio(rise) for rise in (rises[0], rises[-1]))
    if low == high:
        return labels.text("finding.rise", place=place, times=low)
    return labels.text("finding.rise_span", place=place, low=low, high=high)
