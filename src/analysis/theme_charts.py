"""The charts of a county report: one function for each question, from spans of estimates to a spec."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.charts import Chart, Group, Row
from analysis.dataset import records
from analysis.labels import Labels
from analysis.measures import parse_when

Span = Mapping[str, Any]
ABSENCES = ("not_reported", "not_applicable", "not_comparable")
BRANCH_MEASURES = (
    "branches_dissolved", "branches_established", "net_branches", "organisations_rectified",
    "model_branches", "new_structures",
)  # fmt: skip


def valued(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that have a value."""
    return [row for row in rows if not row["absence"]]


def phrase(labels: Labels, row: Span, *details: str) -> str:
    """Return an estimate in words: its value or bound, then in brackets its span and the ``details``."""
    text = labels.text
    if row["absence"]:
        return text.code("absence", row["absence"])
    unit = row["unit"].split("/")[0] if row["unit"].startswith("CNY") else row["unit"]
    lower, upper = row["lower"], row["upper"]
    span = ""
    if row["low"] < row["high"]:
        span = text.span(row["low"], row["high"], unit if unit.startswith("CNY") else "")
        value = text.quantity(row["value"], unit, short=True)
    elif upper == math.inf or (lower == 0 < row["value"] == upper):
        value = text.interval(row["value"], lower, upper, unit)
    else:
        value = text.quantity(row["value"], unit, short=True)
    return labels.with_detail(value, (span, *details, of_readings(labels, row)))


def of_readings(labels: Labels, row: Span) -> str:
    """Return in how many of its readings an estimate has a value, where it is not all of them."""
    if row["n_values"] == row["n_readings"]:
        return ""
    return labels.text("report.of_readings", number=row["n_values"], all=row["n_readings"])


# What a venue costs


def cost_chart(labels: Labels, spans: pd.DataFrame, programme: str) -> Chart:
    """What a venue costs: one group per asset and funder, since a subsidy is no total cost."""
    rows = records(spans, measure="cost_per_venue")
    own = [row for row in rows if row["programme_id"] == programme and row["object"]]
    wanted = {(row["object"], row["funder"]) for row in own} or _most_reported(labels, rows)
    groups, drawn, notes = [], [], []
    for key in sorted(wanted, key=lambda key: _asset_rank(labels, key)):
        members = [row for row in rows if (row["object"], row["funder"]) == key]
        heading = labels.dimensions(dict(zip(("object", "funder"), key, strict=True)))
        groups.append(Group(heading, _compared(labels, members, programme, ("works",))))
        drawn += valued(members)
        notes.append(_works_note(labels, valued(members)))
    if any(row["funder"] == "county_subsidy" for row in drawn):
        notes.append(labels.text("chart.note_subsidy"))
    groups = groups or [Group("", _absent(labels, [], programme, ()))]
    return _chart(
        labels, spans, programme, "cost_per_venue", "dot", groups, "CNY",
        title=cost_title(labels, rows, programme),
        notes=[*dict.fromkeys(notes), _years_note(labels, drawn)],
        planned=any(row["status"] == "planned" for row in drawn),
    )  # fmt: skip


def _asset_rank(labels: Labels, key: tuple[str, str]) -> tuple[int, int]:
    return labels.rank("object", key[0]), labels.rank("funder", key[1])


def _most_reported(labels: Labels, rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return the asset and funder whose cost most programmes report, to show what a programme lacks."""
    owners: dict[tuple[str, str], set[str]] = {}
    for row in valued(rows):
        owners.setdefault((row["object"], row["funder"]), set()).add(row["programme_id"])
    ordered = sorted(owners, key=lambda key: (-len(owners[key]), _asset_rank(labels, key)))
    return set(ordered[:1])


def cost_title(labels: Labels, rows: list[dict[str, Any]], programme: str) -> str:
    """Return the finding on cost per venue of one programme, in a sentence."""
    own = valued(row for row in rows if row["programme_id"] == programme)
    place = labels.programme(programme)
    if not own:
        return labels.text("finding.cost_none", place=place)
    row = min(own, key=lambda row: (row["funder"] != "total", labels.rank("object", row["object"])))
    details = [labels.term("works", row["works"])]
    details += [labels.term("funder", row["funder"])] if row["funder"] != "total" else []
    details += [labels.text.code("status", "planned")] if row["status"] == "planned" else []
    thing = labels.with_detail(labels.term("object", row["object"]), [labels.attributes(details)])
    if row["low"] < row["high"]:
        span = labels.text.span(row["low"], row["high"], "CNY")
        return labels.text("finding.cost_span", place=place, object=thing, amount=span)
    amount = labels.text.interval(row["value"], row["lower"], row["upper"], "CNY")
    return labels.text("finding.cost", place=place, object=thing, amount=amount)


def _works_note(labels: Labels, rows: list[dict[str, Any]]) -> str:
    """Return a warning where the rows of a group differ between programmes in the works they pay for."""
    if len({row["programme_id"] for row in rows}) < 2:
        return ""
    works = sorted({row["works"] for row in rows}, key=lambda code: labels.rank("works", code))
    if len(works) < 2:
        return ""
    names = labels.text("number.item_separator").join(labels.term("works", code) for code in works if code)
    return labels.text("chart.note_works", works=names)


def _years_note(labels: Labels, rows: list[dict[str, Any]]) -> str:
    """Return the years of the money that is drawn, by programme."""
    years: dict[str, list[str]] = {}
    for row in rows:
        shown = labels.year(row["year"], row["year_basis"])
        if shown not in years.setdefault(row["programme_id"], []):
            years[row["programme_id"]].append(shown)
    if not years:
        return ""
    named = (
        labels.text("chart.year_of", place=labels.programme(p), years=labels.attributes(years[p]))
        for p in labels.data.programme_ids
        if p in years
    )
    return labels.text("chart.note_years", years=labels.text("number.item_separator").join(named))


# What village officials are paid


def pay_chart(labels: Labels, spans: pd.DataFrame, programme: str) -> Chart:
    """What village officials earn a year: posts of each place, before and after the reform."""
    rows = [row for row in records(spans, measure="yearly_pay") if row["post"]]
    reporting = {row["programme_id"] for row in valued(rows)}
    others = [owner for owner in labels.data.programme_ids if owner != programme]
    groups = [] if programme in reporting else [Group("", _absent(labels, [], programme, others))]
    for owner in [programme, *others]:
        members = [row for row in rows if row["programme_id"] == owner]
        for place in sorted({row["place"] for row in valued(members)}, key=lambda p: labels.rank("place", p)):
            names = (labels.programme(owner), labels.term("place", place))
            heading = " · ".join(name for name in names if name)
            chosen = [row for row in members if row["place"] == place]
            groups.append(Group(heading, _posts(labels, chosen, owner == programme)))
    if absent := _absent(labels, [], programme, reporting | {programme}):
        groups.append(Group("", absent))
    drawn = [row for row in valued(rows) if row["programme_id"] in reporting]
    monthly = any("annualisation" in parse_when(row["reading"]) for row in drawn)
    notes = [labels.text("chart.note_monthly") if monthly else "", _years_note(labels, _latest(drawn))]
    return _chart(
        labels, spans, programme, "yearly_pay", "dot", groups, "CNY",
        title=pay_title(labels, spans, programme),
        notes=[labels.text("chart.note_posts") if drawn else "", *notes],
    )  # fmt: skip


def _latest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["stage"] != "before"] or rows


def _posts(labels: Labels, members: list[dict[str, Any]], highlight: bool) -> tuple[Row, ...]:
    posts = sorted({row["post"] for row in members}, key=lambda post: labels.rank("post", post))
    by_post = {post: [row for row in members if row["post"] == post] for post in posts}
    return tuple(_post(labels, rows, highlight) for rows in by_post.values())


def _post(labels: Labels, rows: list[dict[str, Any]], highlight: bool) -> Row:
    """Return the row of one post: its latest pay, with its earlier pay if both are known."""
    known = {row["stage"]: row for row in valued(rows)}
    shown = next((known[stage] for stage in ("after", "", "before") if stage in known), rows[0])
    label = labels.dimensions({"post": shown["post"]})
    if shown["absence"]:
        return Row(label, phrase(labels, shown), highlight=highlight, programme=shown["programme_id"])
    earlier = known.get("before") if shown["stage"] == "after" else None
    details = []
    if earlier:
        details.append(labels.text("chart.was", before=phrase(labels, earlier)))
    elif shown["stage"] == "before":
        details.append(labels.term("stage", "before"))
    low, high = _bounds(shown)
    ids = " ".join(row["figure_ids"] for row in (shown, earlier) if row)
    return Row(
        label, phrase(labels, shown, *details), shown["value"], low, high,
        before=earlier["value"] if earlier else None,
        highlight=highlight, programme=shown["programme_id"], figure_ids=ids,
    )  # fmt: skip


def pay_title(labels: Labels, spans: pd.DataFrame, programme: str) -> str:
    """Return the finding on pay of one programme, in a sentence: the pay of its head with one post."""
    place = labels.programme(programme)
    pay = [row for row in valued(records(spans, measure="yearly_pay", programme_id=programme)) if row["post"]]
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
    rises = valued(records(spans, measure="pay_rise", programme_id=programme, post=row["post"]))
    rise = next((rise for rise in rises if rise["place"] == row["place"]), None)
    if rise is None or row["stage"] == "before":
        return labels.text("finding.pay", place=place, who=who, amount=amount)
    times = labels.text.number(rise["value"], 1)
    return labels.text("finding.pay_rise", place=place, who=who, amount=amount, times=times)


# What became of Party organisations


def branch_chart(labels: Labels, spans: pd.DataFrame, programme: str) -> Chart:
    """What was restructured: one group of bars for each measure that the programme or a peer reports."""
    rows = [row for row in records(spans, theme="branches") if row["measure"] in BRANCH_MEASURES]
    own = {row["measure"] for row in valued(rows) if row["programme_id"] == programme}
    wanted = [measure for measure in BRANCH_MEASURES if measure in (own or {"organisations_rectified"})]
    groups, drawn = [], []
    for measure in wanted:
        members = [row for row in rows if row["measure"] == measure]
        groups.append(Group(labels.measure(measure), _compared(labels, members, programme, ("object",))))
        drawn += valued(members)
    return _chart(
        labels, spans, programme, "branches", "bar", groups, "organisation",
        title=branch_title(labels, rows, programme),
        notes=[labels.text("chart.note_branches") if len(groups) > 1 else ""],
        planned=any(row["status"] == "planned" for row in drawn),
    )  # fmt: skip


def branch_title(labels: Labels, rows: list[dict[str, Any]], programme: str) -> str:
    """Return the finding on branches of one programme, in a sentence."""
    place, text = labels.programme(programme), labels.text
    mine = valued(row for row in rows if row["programme_id"] == programme)
    own = {row["measure"]: row for row in reversed(mine)}
    if not own:
        return text("finding.branches_none", place=place)
    gone, new = own.get("branches_dissolved"), own.get("branches_established")
    if gone and new and new["low"] == new["high"]:
        key = "finding.branches_at_most" if gone["low"] < gone["high"] else "finding.branches"
        dissolved = text.quantity(gone["high"], gone["unit"])
        return text(key, place=place, gone=dissolved, new=text.number(new["value"]))
    if rectified := own.get("organisations_rectified"):
        key = "finding.rectify" if rectified["status"] == "planned" else "finding.rectified"
        return text(key, place=place, number=text.number(rectified["value"]))
    first = next(own[measure] for measure in BRANCH_MEASURES if measure in own)
    measure = labels.with_detail(labels.measure(first["measure"]), [labels.term("object", first["object"])])
    return text("finding.branches_other", place=place, measure=measure, value=phrase(labels, first))


# What the charts share


def _chart(
    labels: Labels, spans: pd.DataFrame, programme: str, name: str, kind: Any, groups: Sequence[Group],
    unit: str, *, title: str, notes: Iterable[str], planned: bool = False,
) -> Chart:  # fmt: skip
    """Return the chart with its subtitle, note and source taken from the rows that are drawn."""
    chart = Chart(
        name=name, language=labels.text.language, kind=kind, title=title, subtitle="",
        groups=tuple(groups), unit=unit,
    )  # fmt: skip
    aim = labels.text("chart.note_planned") if planned else ""
    subtitle = labels.text(
        f"chart.subtitle_{name}",
        prices=price_phrase(labels, str(spans["price_basis"].iloc[0])),
        reporting=len(chart.programmes),
        total=len(labels.data.programme_ids),
    )
    note = labels.sentences([*_marks_notes(labels, chart, programme), *notes, aim])
    return replace(chart, subtitle=subtitle, note=note, source=source_line(labels, chart.programmes))


def _marks_notes(labels: Labels, chart: Chart, programme: str) -> list[str]:
    """Return what the marks of a chart mean, for those that are drawn."""
    text, kind = labels.text, chart.kind
    rows = [row for group in chart.groups for row in group.rows if row.value is not None]
    notes = []
    if {row.highlight for row in rows} == {True, False}:
        notes.append(text(f"chart.note_{kind}", place=labels.programme(programme)))
    if any(row.before is not None for row in rows):
        notes.append(text("chart.note_before"))
    if any(row.low is not None and row.high is not None and row.low < row.high < math.inf for row in rows):
        notes.append(text(f"chart.note_range_{kind}"))
    if any(row.high == math.inf for row in rows):
        notes.append(text("chart.note_lower_bound"))
    if any(row.low == -math.inf for row in rows):
        notes.append(text("chart.note_upper_bound"))
    return notes


def _compared(
    labels: Labels, members: list[dict[str, Any]], programme: str, distinct: tuple[str, ...]
) -> tuple[Row, ...]:
    """Return the rows with a value, the largest first, then the places without any."""
    shown = sorted(valued(members), key=lambda row: (-row["value"], row["programme_id"] != programme))
    if len({tuple(row[name] for name in distinct) for row in shown}) < 2:
        distinct = ()
    rows = [_value_row(labels, row, row["programme_id"] == programme, distinct) for row in shown]
    reporting = {row["programme_id"] for row in shown}
    return (*rows, *_absent(labels, members, programme, reporting))


def _absent(
    labels: Labels, members: list[dict[str, Any]], programme: str, present: Iterable[str]
) -> tuple[Row, ...]:
    """Return the absences of the programmes that are not ``present``: first the programme's own."""
    typed = {row["programme_id"]: row["absence"] for row in members if row["absence"]}
    missing = {p: typed.get(p, "not_reported") for p in labels.data.programme_ids if p not in present}
    rows = []
    if own := missing.pop(programme, None):
        words = labels.text.code("absence", own)
        rows.append(Row(labels.programme(programme), words, highlight=True, programme=programme))
    for absence in ABSENCES:
        if names := [labels.programme(p) for p, found in missing.items() if found == absence]:
            rows.append(Row("", labels.text(f"chart.{absence}", names=labels.text.listing(names))))
    return tuple(rows)


def _value_row(labels: Labels, row: Span, highlight: bool, distinct: tuple[str, ...]) -> Row:
    details = labels.attributes(labels.term(name, row[name]) for name in distinct)
    label = labels.with_detail(labels.programme(row["programme_id"]), [details])
    planned = labels.text.code("status", "planned") if row["status"] == "planned" else ""
    low, high = _bounds(row)
    return Row(
        label, phrase(labels, row, planned), row["value"], low, high,
        highlight=highlight, programme=row["programme_id"], figure_ids=row["figure_ids"],
    )  # fmt: skip


def _bounds(row: Span) -> tuple[float | None, float | None]:
    """Return the ends to draw: the span over readings, else the bounds; an open bound is infinite."""
    if row["low"] < row["high"]:
        return row["low"], row["high"]
    low = -math.inf if row["lower"] == 0 < row["value"] else row["lower"]
    if math.isinf(low) and row["upper"] == math.inf:
        return None, None
    return low, row["upper"]


def price_phrase(labels: Labels, basis: str) -> str:
    """Return the price basis in words: prices as printed, or prices of a year."""
    if basis.startswith("constant-"):
        return labels.text("chart.constant", year=basis.removeprefix("constant-"))
    return labels.text("chart.nominal")


def source_line(labels: Labels, programmes: Iterable[str]) -> str:
    """Return the source line of the programmes that are drawn with a value."""
    sources = labels.data.sources[labels.data.sources["programme_id"].isin(list(programmes))]
    if sources.empty:
        return ""
    names = [
        labels.with_detail(labels.text.pick(row["title_en"], row["title"]), labels.publication(row))
        for row in records(sources)
    ]
    return labels.text("chart.source", sources=labels.text("number.item_separator").join(names))
