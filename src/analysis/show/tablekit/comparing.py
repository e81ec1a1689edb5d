"""The tables on the programmes compared in a theme, for 2 of them or for 2,800."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.draw.tables import Column, Table
from analysis.estimates.measures import cell_of
from analysis.estimates.robustness import Pair
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.schema import ABSENCES
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county.figures import figures_table
from analysis.show.county.view import View
from analysis.show.tablekit.making import MOST_SOURCES, Group, TableMaker
from analysis.show.tablekit.rows import Row, Subject, is_silent, states
from analysis.words.comparisons import margin_phrase, value_phrase
from analysis.words.phrases import phrase, with_values


def comparison_tables(
    data: Dataset,
    theme: str,
    language: str = "en",
    *,
    price_year: int | None = None,
    beside: int = MOST_SOURCES,
) -> list[Table]:
    """Return the tables on the programmes compared in a theme.

    Up to ``beside`` programmes stand in columns; more stand in rows. A table with many rows shows the first
    under each heading, and says where the others are.
    """
    made = ComparisonTables(Subject(data, (theme,), price_year=price_year), language, beside)
    return made.all()


@dataclass(frozen=True)
class ComparisonTables(TableMaker):
    """Makes the tables of a comparison."""

    def all(self) -> list[Table]:
        """Return all of them, the order of the programmes first."""
        return [
            self.rankings(), self.flips(), self.side_by_side(), self.coverage(), self.not_compared(),
            self.sensitivity(), self.figures(), self.sources(),
        ]  # fmt: skip

    @property
    def few(self) -> bool:
        """Whether the programmes fit beside each other."""
        return len(self.data.programme_ids) <= self.beside

    @cached_property
    def report(self) -> ComparisonReport:
        """The report on the theme."""
        theme = self.subject.themes[0]
        return ComparisonReport(self.data, theme, self.language, price_year=self.subject.price_year)

    def side_by_side(self) -> Table:
        """Every value of the theme: programmes in columns if they fit, else in rows."""
        if not self.few:
            return self._in_rows()
        table = self.report.side_by_side()
        owners = {row["programme_id"] for row in with_values(self.subject.span_rows)}
        title = self.title(self.text("tables.caption.side-by-side"))
        table = replace(table, title=title, notes=(self.priced,))
        return self.finished(table, "side-by-side", file="values", nothing="comparison.none", owners=owners)

    def _in_rows(self) -> Table:
        cells: dict[tuple[str, ...], list[Row]] = {}
        for row in with_values(self.subject.span_rows):
            cells.setdefault(cell_of(row), []).append(row)
        order = {code: place for place, code in enumerate(self.subject.measures)}
        groups: list[Group] = [
            (len({row["programme_id"] for row in cells[key]}), sorted(cells[key], key=lambda r: -r["value"]))
            for key in sorted(cells, key=lambda key: (order[key[0]], self.ranks(key[1:])))
        ]
        keys = ("place", "value", "year", "status")
        notes = (self.priced, self.text("tables.in_rows", file="coverage.csv"))
        return self.made(
            "side-by-side", keys, groups, self._value_cells, file="values", nothing="comparison.none",
            notes=notes,
        )  # fmt: skip

    def _value_cells(self, reporting: int, row: Row) -> Row:
        total = len(self.data.programme_ids)
        return {
            "group": self.text("tables.of_programmes", name=self.what(row), reporting=reporting, total=total),
            "place": self.places[row["programme_id"]],
            "value": phrase(self.labels, row),
            "year": self.labels.year(row["year"], row["year_basis"]),
            "status": self.text.code("status", row["status"]),
            "owners": [row["programme_id"]],
        }

    def rankings(self) -> Table:
        """The order of each comparison, with its robustness over the readings."""
        keys = ("rank", "place", "value", "ranks", "order", "margin")
        groups: list[Group] = list(enumerate(self.subject.rankings))
        notes = (self.priced, self.text("comparison.method_1"))
        return self.made(
            "rankings", keys, groups, self._ranking_cells, nothing="comparison.none", notes=notes
        )

    @cached_property
    def _names(self) -> list[str]:
        return [self.labels.comparison(comparison) for comparison in self.subject.comparisons]

    def _ranking_cells(self, number: int, row: Row) -> Row:
        comparison = self.subject.comparisons[number]
        same = row["best_rank"] == row["worst_rank"]
        order = margin = ""
        # The last row has none below it.
        if not pd.isna(row["of_readings"]):
            order = self.text("comparison.of", number=row["higher_than_next"], all=row["of_readings"])
            margin = margin_phrase(self.labels, row["margin"], comparison)
        return {
            "group": self._names[number],
            "rank": str(row["rank"]),
            "place": self.labels.item(row["item"]),
            "value": value_phrase(self.labels, row, comparison),
            "ranks": str(row["rank"]) if same else self.text.span(row["best_rank"], row["worst_rank"], ""),
            "order": order,
            "margin": margin,
            "owners": [row["item"].split(":")[0]],
        }

    def flips(self) -> Table:
        """The neighbours in a ranking whose order some reading turns, with the choices that decide it."""
        groups: list[Group] = [
            (number, comparison.robustness.turned)
            for number, comparison in enumerate(self.subject.comparisons)
        ]
        return self.made(
            "flips", ("pair", "order", "deciding"), groups, self._flip_cells, file="rankings",
            nothing="comparison.no_flip", notes=(self.text("comparison.method_1"),),
        )  # fmt: skip

    def _flip_cells(self, number: int, pair: Pair) -> Row:
        items = (pair.first, pair.second)
        first, second = map(self.labels.item, items)
        questions = self.text("number.item_separator").join(self._questions[each] for each in pair.deciding)
        return {
            "group": self._names[number],
            "pair": self.text("comparison.pair", first=first, second=second),
            "order": self.text("comparison.of", number=pair.higher, all=pair.total),
            "deciding": questions or self.text("comparison.none_alone"),
            "owners": [item.split(":")[0] for item in items],
        }

    @cached_property
    def _questions(self) -> dict[str, str]:
        return {row["choice_id"]: self.labels.of(row, "question") for row in records(self.data.choices)}

    def coverage(self) -> Table:
        """Who reports what; where more programmes report than fit beside each other, how many of them."""
        table = self.report.coverage() if self.few else self._counted()
        title = self.title(self.text("tables.caption.coverage"))
        return self.finished(replace(table, title=title), "coverage")

    def _counted(self) -> Table:
        found, rows = states(self.subject.span_rows), []
        for code in self.subject.measures:
            cells = [found.get((code, programme), "not_reported") for programme in self.data.programme_ids]
            counts = {kind: self.text.number(cells.count(kind)) for kind in ("value", *ABSENCES)}
            rows.append({"measure": self.labels.measure(code), **counts})
        heads = {"value": self.text("comparison.reported")}
        heads |= {kind: self.text.code("absence", kind) for kind in ABSENCES}
        columns = (
            Column("measure", self.text("table.measure")),
            *(Column(kind, head, "right") for kind, head in heads.items()),
        )
        notes = (self.text("tables.counted", total=self.text.number(len(self.data.programme_ids))),)
        return Table("coverage", "", columns, tuple(rows), notes=notes)

    def not_compared(self) -> Table:
        """What is not compared, and why: programmes left out, and values that must not be compared."""
        groups: list[Group] = []
        for name, comparison in zip(self._names, self.subject.comparisons, strict=True):
            groups.append((name, [row for row in records(comparison.left_out) if not is_silent(row)]))
        alone: dict[str, list[Row]] = {}
        for row in self.subject.span_rows:
            if row["absence"] == "not_comparable":
                alone.setdefault(self.what(row), []).append(row)
        groups += alone.items()
        return self.made(
            "not-compared", ("place", "absence", "reason"), groups, self._left_out_cells,
            nothing="comparison.all_compared",
        )  # fmt: skip

    def _left_out_cells(self, name: str, row: Row) -> Row:
        return {
            "group": name,
            "place": self.places[row["programme_id"]],
            "absence": self.text.code("absence", row["absence"]),
            "reason": self.labels.reason(row["reason"]),
        }

    def sensitivity(self) -> Table:
        """Each estimate that has readings: its value under each of them."""
        frame = self.subject.estimate_frame
        cells: dict[tuple[str, ...], list[Row]] = {}
        for row in records(frame[frame["reading"] != ""]):
            cells.setdefault((row["programme_id"], *cell_of(row)), []).append(row)
        return self.made(
            "sensitivity", ("reading", "value", "standing"), list(cells.items()), self._reading_cells,
            file="estimates", nothing="comparison.no_readings", notes=(self.priced,),
        )  # fmt: skip

    def _reading_cells(self, _: Any, row: Row) -> Row:
        standing = "report.default" if row["is_default"] else "report.possible"
        place = self.places[row["programme_id"]]
        return {
            "group": self.text("comparison.of_place", place=place, name=self.what(row)),
            "reading": self.labels.readings(row["reading"]),
            "value": phrase_of_one(self, row),
            "standing": self.text(standing if row["feasible"] else "report.ruled_out"),
            "owners": [row["programme_id"]],
        }

    def figures(self) -> Table:
        """The figures that the theme rests on, by programme, each with its place in the document."""
        owners = dict(zip(self.data.sources["source_id"], self.data.sources["programme_id"], strict=True))
        used = self.data.figures[self.data.figures["figure_id"].isin(self.subject.used_figures)]
        found: dict[str, list[str]] = {programme: [] for programme in self.places}
        for figure_id, source in zip(used["figure_id"], used["source_id"], strict=True):
            found[owners[source]].append(figure_id)
        keys = ("subject", "printed", "value", "year", "locator", "figures")
        return self.made(
            "figures", keys, list(found.items()), _FigureCells(self), nothing="tables.no_figures"
        )


def phrase_of_one(maker: TableMaker, row: Row) -> str:
    """Return the value of an estimate under one reading, or the type of its absence."""
    if row["absence"]:
        return maker.text.code("absence", row["absence"])
    return maker.text.interval(row["value"], row["lower"], row["upper"], row["unit"])


class _FigureCells:
    """Takes the rows of figures from the figures tables of their programmes, each made once."""

    def __init__(self, maker: TableMaker) -> None:
        self.maker = maker
        self.known: dict[str, dict[str, Row]] = {}

    def __call__(self, programme: str, figure_id: str) -> Row:
        if programme not in self.known:
            view = View(self.maker.data, programme, self.maker.language, peers=())
            self.known[programme] = {row["id"]: row for row in figures_table(view).rows}
        row = self.known[programme][figure_id]
        place = self.maker.places[programme]
        return row | {"locator": row["place"], "group": place, "owners": [programme]}
