"""The key figures of each programme for the site: estimates with their spans, in words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from analysis.estimates.spans import Span, join_works, spans
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import NOMINAL
from analysis.evidence.rows import rows_of
from analysis.words.labels import Labels
from analysis.words.phrases import phrase


class KeyFigure(NamedTuple):
    """One key figure of one programme: in words, what it is of, and the value to sort by if there is one."""

    text: str
    detail: str = ""
    value: float | None = None


class KeyFigureColumn(NamedTuple):
    """One key figure: its heading, and which estimate of a programme it is (the first in ``order``)."""

    name: str
    measure: str
    fits: Callable[[Span], bool] = lambda _: True
    order: Callable[[Labels, Span], tuple[int, ...]] = lambda labels, row: (
        labels.rank("object", row.object),
    )
    details: tuple[str, ...] = ()

    def key_figure(self, labels: Labels, rows: Sequence[Span]) -> KeyFigure:
        """Return the figure of one programme out of the rows of the measure that it has."""
        fitting = [row for row in rows if self.fits(row)]
        found = [row for row in fitting if row.has_value]
        if not found:
            absences = [row.absence for row in (*fitting, *rows) if row.absence]
            return KeyFigure(labels.text.code("absence", absences[0] if absences else "not_reported"))
        row = min(found, key=lambda row: self.order(labels, row))
        value = row.value if math.isfinite(row.value) else None
        return KeyFigure(phrase(labels, row), self._detail(labels, row), value)

    def _detail(self, labels: Labels, row: Span) -> str:
        """Return what the figure is of, whether it is an aim, and for money its year."""
        terms = [labels.term(name, getattr(row, name)) for name in self.details]
        before = labels.term("stage", "before") if row.stage == "before" else ""
        planned = labels.text.code("status", row.status) if row.status in ("planned", "open") else ""
        return labels.attributes([*terms, before, planned, _year(labels, row)])


def _year(labels: Labels, row: Span) -> str:
    if not row.unit.startswith("CNY"):
        return ""
    return labels.year(row.year, row.year_basis) if row.year else labels.text("site.year_unknown")


COLUMNS = (
    KeyFigureColumn(
        "cost",
        "cost_per_venue",
        # A county subsidy is a lower bound on cost: it stands in no column with total costs.
        fits=lambda row: row.object == "village_venue" and row.funder == "total",
        order=lambda labels, row: (labels.rank("works", row.works),),
        details=("works",),
    ),
    KeyFigureColumn(
        "pay",
        "yearly_pay",
        fits=lambda row: row.post in ("head_split", "head_combined"),
        order=lambda labels, row: (
            row.stage == "before", row.post != "head_split", labels.rank("place", row.place),
        ),
        details=("post", "place"),
    ),
    KeyFigureColumn("dissolved", "branches_dissolved"),
    KeyFigureColumn("established", "branches_established"),
    KeyFigureColumn("rectified", "organisations_rectified"),
)  # fmt: skip


def key_figures(data: Dataset, labels: Labels) -> dict[str, tuple[KeyFigure, ...]]:
    """Return the key figures of each programme, in the order of ``COLUMNS``; prices are as printed."""
    estimates = data.tables["estimates"]
    wanted = estimates["measure"].isin([column.measure for column in COLUMNS])
    found = defaultdict(list)
    rows = rows_of(Span, spans(data, estimates[wanted & (estimates["price_basis"] == NOMINAL)]))
    for row in join_works(rows):
        found[row.programme_id, row.measure].append(row)
    return {
        programme: tuple(column.key_figure(labels, found[programme, column.measure]) for column in COLUMNS)
        for programme in data.programme_ids
    }
