"""What are village officials paid, and how much more than before the reform?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.draw import Chart, Group, Row, style
from analysis.evidence.dataset import records
from analysis.evidence.register import ANNUALISATION, parse_when
from analysis.evidence.theme import Question
from analysis.show.chartbook.parts import absent, distribution, drawn, finished, placed
from analysis.words.labels import Labels
from analysis.words.phrases import phrase, with_values, years_note

Rows = list[dict[str, Any]]


def pay_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart:
    """Return what village officials earn a year: posts of each place, before and after the reform."""
    rows = [row for row in records(spans, measure="yearly_pay") if row["post"]]
    groups = _by_place(labels, rows, programme, _pay_row)
    shown = with_values(rows)
    monthly = any(ANNUALISATION.name in parse_when(row["reading"]) for row in shown)
    notes = [
        labels.text("chart.note_posts") if shown else "",
        labels.text("chart.note_monthly") if monthly else "",
        years_note(labels, [row for row in shown if row["stage"] != "before"] or shown),
    ]
    chart = Chart(
        name=question.chart, language=labels.text.language, title=pay_title(labels, spans, programme),
        subtitle="", groups=groups, unit="CNY",
    )  # fmt: skip
    return finished(labels, programme, chart, spans, notes=notes)


def rise_chart(labels: Labels, spans: pd.DataFrame, programme: str, question: Question) -> Chart:
    """Return by how much pay rose: pay after the reform as a multiple of that before, by post."""
    rows = [row for row in records(spans, measure="pay_rise") if row["post"]]
    chart = Chart(
        name=question.chart, language=labels.text.language, title=rise_title(labels, rows, programme),
        subtitle="", groups=_by_place(labels, rows, programme, _rise_row), unit="ratio", reference=1.0,
    )  # fmt: skip
    said = with_values(rows)
    keys = ("note_posts", "note_reference") if said else ()
    notes = [*(labels.text(f"chart.{key}") for key in keys), years_note(labels, said)]
    return finished(labels, programme, chart, spans, notes=notes)


def _by_place(
    labels: Labels, rows: Rows, programme: str, row_of: Callable[[Labels, Rows, bool], Row]
) -> tuple[Group, ...]:
    """Return one group for each programme and kind of place, the programme's own first, posts by rank.

    Where the others report too much to label, they stand as one distribution under each of its posts.
    """
    reporting = {row["programme_id"] for row in with_values(rows)}
    others = [owner for owner in labels.data.programme_ids if owner != programme and owner in reporting]
    labelled = sum(row["programme_id"] in others for row in with_values(rows)) <= 4 * style.LABELLED
    groups = [] if programme in reporting else [Group("", absent(labels, [], programme, others))]
    for owner in [programme, *others] if labelled else [programme]:
        members = [row for row in rows if row["programme_id"] == owner]
        for place in sorted(
            {row["place"] for row in with_values(members)}, key=lambda p: labels.rank("place", p)
        ):
            heading = " · ".join(
                name for name in (labels.programme(owner), labels.term("place", place)) if name
            )
            posts = _posts(labels, [row for row in members if row["place"] == place])
            shown = [row_of(labels, found, owner == programme) for found in posts]
            if not labelled:
                shown = [
                    row
                    for own, found in zip(shown, posts, strict=True)
                    for row in _among(labels, own, found[0], rows, row_of)
                ]
            groups.append(Group(heading, tuple(shown)))
    if programme in reporting and (missing := absent(labels, [], programme, reporting)):
        groups.append(Group("", missing))
    return tuple(groups)


def _posts(labels: Labels, members: Rows) -> list[Rows]:
    """Return the rows of each post, in order of rank."""
    posts = sorted({row["post"] for row in members}, key=lambda post: labels.rank("post", post))
    return [[row for row in members if row["post"] == post] for post in posts]


def _among(
    labels: Labels, own: Row, cell: dict[str, Any], rows: Rows, row_of: Callable[[Labels, Rows, bool], Row]
) -> list[Row]:
    """Return the programme's row of a post, and under it that of all others with the same post and place."""
    same = [row for row in rows if (row["post"], row["place"]) == (cell["post"], cell["place"])]
    owners: dict[str, Rows] = {}
    for row in same:
        owners.setdefault(row["programme_id"], []).append(row)
    owners.pop(cell["programme_id"], None)
    others = tuple(row_of(labels, found, False) for found in owners.values() if with_values(found))
    values = [row.value for row in others if row.value is not None]
    if not values:
        return [own]
    if own.value is not None and len(values) > style.LABELLED:
        own = replace(own, text=placed(labels, own, values))
    return [own, distribution(labels, others, cell["unit"])]


def _pay_row(labels: Labels, rows: Rows, highlight: bool) -> Row:
    """Return the row of one post: its latest pay, with its earlier pay if both are known."""
    known = {row["stage"]: row for row in with_values(rows)}
    shown = next((known[stage] for stage in ("after", "", "before") if stage in known), rows[0])
    label = labels.dimensions({"post": shown["post"]})
    if shown["absence"]:
        return _silent(label, phrase(labels, shown), shown, highlight)
    earlier = known.get("before") if shown["stage"] == "after" else None
    details = []
    if earlier:
        details.append(labels.text("chart.was", before=phrase(labels, earlier)))
    elif shown["stage"] == "before":
        details.append(labels.term("stage", "before"))
    row = drawn(shown, label, phrase(labels, shown, *details), highlight)
    ids = " ".join(each["figure_ids"] for each in (shown, earlier) if each)
    before = earlier["value"] if earlier else None
    return replace(row, before=before, figure_ids=ids)


def _rise_row(labels: Labels, rows: Rows, highlight: bool) -> Row:
    label = labels.dimensions({"post": rows[0]["post"]})
    shown = next(iter(with_values(rows)), None)
    if shown is None:
        return _silent(label, phrase(labels, rows[0]), rows[0], highlight)
    words = labels.text("chart.times", number=labels.text.ratio(shown["value"]))
    return drawn(shown, label, words, highlight)


def _silent(label: str, words: str, row: dict[str, Any], highlight: bool) -> Row:
    return Row(label, words, highlight=highlight, programme=row["programme_id"], absence=row["absence"])


def pay_title(labels: Labels, spans: pd.DataFrame, programme: str) -> str:
    """Return the finding on pay of one programme, in a sentence: the pay of its head with one post."""
    place = labels.programme(programme)
    pay = [
        row
        for row in with_values(records(spans, measure="yearly_pay", programme_id=programme))
        if row["post"]
    ]
    if not pay:
        return labels.text("finding.pay_none", place=place)
    row = min(
        pay,
        key=lambda row: (
            row["stage"] == "before",
            row["post"] != "head_split",
            labels.rank("post", row["post"]),
            labels.rank("place", row["place"]),
        ),
    )
    who = labels.term("post", row["post"])
    if row["place"]:
        who = labels.text("finding.post_of", post=who, kind=labels.term("place", row["place"]))
    amount = labels.text.money(row["value"])
    rises = with_values(records(spans, measure="pay_rise", programme_id=programme, post=row["post"]))
    rise = next((rise for rise in rises if rise["place"] == row["place"]), None)
    if rise is None or row["stage"] == "before":
        return labels.text("finding.pay", place=place, who=who, amount=amount)
    times = labels.text.number(rise["value"], 1)
    return labels.text("finding.pay_rise", place=place, who=who, amount=amount, times=times)


def rise_title(labels: Labels, rows: Rows, programme: str) -> str:
    """Return the finding on the rise of pay of one programme: the smallest and the largest over its posts."""
    place = labels.programme(programme)
    rises = sorted(row["value"] for row in with_values(rows) if row["programme_id"] == programme)
    if not rises:
        return labels.text("finding.rise_none", place=place)
    low, high = (labels.text.ratio(rise) for rise in (rises[0], rises[-1]))
    if low == high:
        return labels.text("finding.rise", place=place, times=low)
    return labels.text("finding.rise_span", place=place, low=low, high=high)
