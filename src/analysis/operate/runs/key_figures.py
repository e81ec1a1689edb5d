"""The key figures of each programme for the site: estimates with their spans, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.estimates.spans import spans
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import NOMINAL
from analysis.words.labels import Labels
from analysis.words.phrases import phrase

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One key figure of one programme: in words, what it is of, and the value to sort by if there is one."""

    text: str
    detail: str = ""
    value: float | None = None
    planned: bool = False


@dataclass(frozen=True)
class Column:
    """One key figure: its heading, and which estimate of a programme it is (the first in ``order``)."""

    name: str
    measure: str
    fits: Callable[[Row], bool]
    order: Callable[[Labels, Row], tuple[Any, ...]]
    details: tuple[str, ...]

    def figure(self, labels: Labels, rows: Sequence[Row]) -> Figure:
        """Return the figure of one programme out of the rows of the measure that it has."""
        fitting = [row for row in rows if self.fits(row)]
        found = [row for row in fitting if not row["absence"]]
        if not found:
            absences = [row["absence"] for row in (*fitting, *rows) if row["absence"]]
            return Figure(labels.text.code("absence", absences[0] if absences else "not_reported"))
        row = min(found, key=lambda row: self.order(labels, row))
        value = row["value"] if math.isfinite(row["value"]) else None
        return Figure(phrase(labels, row), self._detail(labels, row), value, row["status"] == "planned")

    def _detail(self, labels: Labels, row: Row) -> str:
        """Return what the figure is of, whether it is an aim, and for money its year."""
        terms = [labels.term(name, row[name]) for name in self.details]
        terms += [labels.term("stage", "before")] if row["stage"] == "before" else []
        planned = labels.text.code("status", "planned") if row["status"] == "planned" else ""
        return labels.attributes([*terms, planned, _year(labels, row)])


def _year(labels: Labels, row: Row) -> str:
    if not row["unit"].startswith("CNY"):
        return ""
    return labels.year(row["year"], row["year_basis"]) if row["year"] else labels.text("site.year_unknown")


def _any(_: Row) -> bool:
    return True


def _village_venue(row: Row) -> bool:
    # A county subsidy is a lower bound on cost: it stands in no column with total costs.
    return row["object"] == "village_venue" and row["funder"] == "total"


def _head(row: Row) -> bool:
    return row["post"] in ("head_split", "head_combined")


def _by_works(labels: Labels, row: Row) -> tuple[Any, ...]:
    return (labels.rank("works", row["works"]),)


def _by_post(labels: Labels, row: Row) -> tuple[Any, ...]:
    return row["stage"] == "before", row["post"] != "head_split", labels.rank("place", row["place"])


def _by_object(labels: Labels, row: Row) -> tuple[Any, ...]:
    return (labels.rank("object", row["object"]),)


COLUMNS = (
    Column("cost", "cost_per_venue", _village_venue, _by_works, ("works",)),
    Column("pay", "yearly_pay", _head, _by_post, ("post", "place")),
    Column("dissolved", "branches_dissolved", _any, _by_object, ()),
    Column("established", "branches_established", _any, _by_object, ()),
    Column("rectified", "organisations_rectified", _any, _by_object, ()),
)


def key_figures(data: Dataset, labels: Labels) -> dict[str, tuple[Figure, ...]]:
    """Return the key figures of each programme, in the order of ``COLUMNS``; prices are as printed."""
    estimates = data.tables["estimates"]
    wanted = estimates["measure"].isin([column.measure for column in COLUMNS])
    found: dict[tuple[str, str], list[Row]] = {}
    for row in records(spans(data, estimates[wanted & (estimates["price_basis"] == NOMINAL)])):
        found.setdefault((row["programme_id"], row["measure"]), []).append(row)
    return {
        programme: tuple(
            column.figure(labels, found.get((programme, column.measure), [])) for column in COLUMNS
        )
        for programme in data.programme_ids
    }
