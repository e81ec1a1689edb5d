"""The charts of a county report: one function for each question, from spans of estimates to a spec."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.charts import Chart, Group, Row
from analysis.dataset import records
from analysis.labels import Labels

Span = Mapping[str, Any]


def valued(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that have a value."""
    return [row for row in rows if not row["absence"]]


def phrase(labels: Labels, row: Span) -> str:
    """Return an estimate with its span in words: a value, its bounds, or why there is none."""
    if row["absence"]:
        return labels.text.code("absence", row["absence"])
    unit = row["unit"].split("/")[0] if row["unit"].startswith("CNY") else row["unit"]
    if row["low"] < row["high"]:
        span = labels.text.span(row["low"], row["high"], unit)
        value = labels.text.quantity(row["value"], unit, short=True)
        return labels.text("number.with_span", value=value, span=span)
    lower, upper = row["lower"], row["upper"]
    if upper == math.inf or (lower == 0 < row["value"] == upper):
        return labels.text.interval(row["value"], lower, upper, unit)
    return labels.text.quantity(row["value"], unit, short=True)


def cost_chart(labels: Labels, spans: pd.DataFrame, programme: str) -> Chart:
    """What a venue costs: one group per asset and funder, since a subsidy is no total cost."""
    rows = records(spans, measure="cost_per_venue")
    wanted = {(row["object"], row["funder"]) for row in rows if row["programme_id"] == programme}
    wanted = {key for key in wanted if key[0]} or {("village_venue", "total")}
    groups = []
    for key in sorted(wanted, key=lambda key: (labels.rank("object", key[0]), labels.rank("funder", key[1]))):
        members = [row for row in rows if (row["object"], row["funder"]) == key]
        heading = labels.dimensions(dict(zip(("object", "funder"), key, strict=True)))
        groups.append(Group(heading, _with_absent(labels, members, programme, ("works",))))
    owners = _owners(groups, rows)
    return Chart(
        name="cost_per_venue",
        language=labels.text.language,
        kind="dot",
        title=cost_title(labels, rows, programme),
        subtitle=_subtitle(labels, "cost_per_venue", owners, spans),
        groups=tuple(groups),
        unit="CNY",
        note=labels.text("chart.note_cost"),
        source=_source(labels, owners),
    )


def cost_title(labels: Labels, rows: list[dict[str, Any]], programme: str) -> str:
    """Return the finding on cost per venue of one programme, in a sentence."""
    own = valued(row for row in rows if row["programme_id"] == programme)
    own.sort(key=lambda row: (row["funder"] != "total", labels.rank("object", row["object"])))
    if not own:
        return labels.text("finding.cost_none", place=labels.programme(programme))
    row = own[0]
    names = {"place": labels.programme(programme), "object": labels.term("object", row["object"])}
    if row["low"] < row["high"]:
        return labels.text(
            "finding.cost_span", amount=labels.text.span(row["low"], row["high"], "CNY"), **names
        )
    return labels.text("finding.cost", amount=phrase(labels, row), **names)


def pay_chart(labels: Labels, spans: pd.DataFrame, programme: str) -> Chart:
    """What village officials earn a year: posts of each place, before and after the reform."""
    rows = records(spans, measure="yearly_pay")
    order = {p: place for place, p in enumerate([programme, *labels.data.programme_ids])}
    groups = []
    for owner in sorted(labels.data.programme_ids, key=lambda p: min(order[p], 0 if p == programme else 99)):
        members = [row for row in rows if row["programme_id"] == owner and row["post"]]
        places = sorted({row["place"] for row in valued(members)}, key=lambda p: labels.rank("place", p))
        for place in places:
            heading = f"{labels.programme(owner)} · {labels.term('place', place)}"
            chosen = [row for row in members if row["place"] == place]
            groups.append(Group(heading, _posts(labels, chosen, owner == programme)))
        if owner == programme and not places:
            absent = Row(labels.programme(owner), labels.text.code("absence", "not_reported"), highlight=True)
            groups.append(Group("", (absent,)))
    owners = _owners(groups, rows)
    return Chart(
        name="yearly_pay",
        language=labels.text.language,
        kind="dot",
        title=pay_title(labels, spans, programme),
        subtitle=_subtitle(labels, "yearly_pay", owners, spans),
        groups=tuple(groups),
        unit="CNY",
        note=labels.text("chart.note_pay"),
        source=_source(labels, owners),
    )


def _posts(labels: Labels, members: list[dict[str, Any]], highlight: bool) -> tuple[Row, ...]:
    rows = []
    for post in sorted({row["post"] for row in members}, key=lambda post: labels.rank("post", post)):
        by_stage = {row["stage"]: row for row in members if row["post"] == post}
        after, before = by_stage.get("after"), by_stage.get("before")
        shown = after if after and not after["absence"] else before
        if shown is None or shown["absence"]:
            continue
        earlier = before["value"] if before and shown is after and not before["absence"] else None
        text = phrase(labels, shown)
        if earlier is not None:
            text = labels.text("chart.was", now=text, before=phrase(labels, before or {}))
        elif shown is before:
            text = labels.text("chart.before_only", value=text)
        ids = " ".join(row["figure_ids"] for row in (after, before) if row and not row["absence"])
        rows.append(
            Row(
                labels.term("post", post),
                text,
                shown["value"],
                before=earlier,
                highlight=highlight,
                figure_ids=ids,
            )
        )
    return tuple(rows)


def pay_title(labels: Labels, spans: pd.DataFrame, programme: str) -> str:
    """Return the finding on pay of one programme, in a sentence."""
    pay = valued(records(spans, measure="yearly_pay", programme_id=programme, post="head_split"))
    place = labels.programme(programme)
    if not pay:
        return labels.text("finding.pay_none", place=place)
    now = max(pay, key=lambda row: (row["stage"] == "after", -labels.rank("place", row["place"])))
    amount = labels.text.money(now["value"])
    rises = valued(records(spans, measure="pay_rise", programme_id=programme, post="head_split"))
    rise = next((row for row in rises if row["place"] == now["place"]), None)
    kind = labels.term("place", now["place"])
    if rise is None:
        return labels.text("finding.pay", place=place, kind=kind, amount=amount)
    times = labels.text.number(rise["value"], 1)
    return labels.text("finding.pay_rise", place=place, kind=kind, amount=amount, times=times)


BRANCH_MEASURES = (
    "branches_dissolved", "branches_established", "net_branches", "organisations_rectified",
    "model_branches", "new_structures",
)  # fmt: skip


def branch_chart(labels: Labels, spans: pd.DataFrame, programme: str) -> Chart:
    """What was restructured: one group of bars for each measure that the programme or a peer reports."""
    rows = [row for row in records(spans, theme="branches") if row["measure"] in BRANCH_MEASURES]
    own = {row["measure"] for row in valued(rows) if row["programme_id"] == programme}
    groups = []
    for measure in BRANCH_MEASURES:
        if measure not in (own or {"organisations_rectified"}):
            continue
        members = [row for row in rows if row["measure"] == measure]
        groups.append(Group(labels.measure(measure), _with_absent(labels, members, programme, ("object",))))
    owners = _owners(groups, rows)
    return Chart(
        name="branches",
        language=labels.text.language,
        kind="bar",
        title=branch_title(labels, rows, programme),
        subtitle=_subtitle(labels, "branches", owners, spans),
        groups=tuple(groups),
        unit="organisation",
        note=labels.text("chart.note_branches"),
        source=_source(labels, owners),
    )


def branch_title(labels: Labels, rows: list[dict[str, Any]], programme: str) -> str:
    """Return the finding on branches of one programme, in a sentence."""
    own = {row["measure"]: row for row in valued(rows) if row["programme_id"] == programme}
    place = labels.programme(programme)
    gone, new = own.get("branches_dissolved"), own.get("branches_established")
    if gone and new:
        numbers = {name: labels.text.number(row["value"]) for name, row in (("gone", gone), ("new", new))}
        key = "finding.branches_at_most" if gone["low"] < gone["high"] else "finding.branches"
        return labels.text(key, place=place, **numbers)
    if rectified := own.get("organisations_rectified"):
        key = "finding.rectify" if rectified["status"] == "planned" else "finding.rectified"
        return labels.text(key, place=place, number=labels.text.number(rectified["value"]))
    if own:
        return labels.text("finding.branches_other", place=place)
    return labels.text("finding.branches_none", place=place)


def _with_absent(
    labels: Labels, members: list[dict[str, Any]], programme: str, distinct: tuple[str, ...]
) -> tuple[Row, ...]:
    """Return the rows with a value, the largest first, then one row for the places without any."""
    shown = sorted(valued(members), key=lambda row: (-row["value"], row["programme_id"] != programme))
    if len({tuple(row[name] for name in distinct) for row in shown}) < 2:
        distinct = ()
    rows = [_value_row(labels, row, row["programme_id"] == programme, distinct) for row in shown]
    reporting = {row["programme_id"] for row in shown}
    missing = [p for p in labels.data.programme_ids if p not in reporting]
    if programme in missing:
        own = next((row for row in members if row["programme_id"] == programme), None)
        absence = own["absence"] if own else "not_reported"
        rows.append(Row(labels.programme(programme), labels.text.code("absence", absence), highlight=True))
        missing.remove(programme)
    if missing:
        names = labels.text.listing([labels.programme(p) for p in missing])
        rows.append(Row("", labels.text("chart.absent", names=names)))
    return tuple(rows)


def _value_row(labels: Labels, row: Span, highlight: bool, distinct: tuple[str, ...]) -> Row:
    detail = labels.text("number.list_separator").join(
        part for part in (labels.term(name, row[name]) for name in distinct) if part
    )
    place = labels.programme(row["programme_id"])
    label = labels.text("chart.label", place=place, detail=detail) if detail else place
    text = phrase(labels, row)
    if row["status"] == "planned":
        text = labels.text("chart.planned", value=text)
    low, high = (row["low"], row["high"]) if row["low"] < row["high"] else (row["lower"], row["upper"])
    return Row(label, text, row["value"], low, high, highlight=highlight, figure_ids=row["figure_ids"])


def _subtitle(labels: Labels, measure: str, owners: set[str], spans: pd.DataFrame) -> str:
    return labels.text(
        f"chart.subtitle_{measure}",
        prices=price_phrase(labels, str(spans["price_basis"].iloc[0])),
        reporting=len(owners),
        total=len(labels.data.programme_ids),
    )


def price_phrase(labels: Labels, basis: str) -> str:
    """Return the price basis in words: prices as printed, or prices of a year."""
    if basis.startswith("constant-"):
        return labels.text("chart.constant", year=basis.removeprefix("constant-"))
    return labels.text("chart.nominal")


def _owners(groups: list[Group], rows: list[dict[str, Any]]) -> set[str]:
    """Return the programmes that are drawn with a value."""
    drawn = {i for group in groups for row in group.rows for i in row.figure_ids.split()}
    return {row["programme_id"] for row in rows if drawn & set(row["figure_ids"].split())}


def _source(labels: Labels, owners: set[str]) -> str:
    """Return the source line of the programmes that are drawn with a value."""
    if not owners:
        return ""
    sources = labels.data.sources[labels.data.sources["programme_id"].isin(owners)]
    names = [
        labels.text(
            "chart.source_item",
            title=labels.text.pick(row["title_en"], row["title"]),
            date=labels.text("number.years", first=first, last=last) if last else first,
        )
        for row in records(sources)
        for first, _, last in [row["published"].partition("/")]
    ]
    return labels.text("chart.source", sources=labels.text("number.item_separator").join(names))
