"""The tables on the programmes compared in a theme, for 2 of them or for 2,800."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from analysis.draw.tables import Column, Table
from analysis.estimates.comparison import Comparison, LeftOut
from analysis.estimates.measures import Estimate
from analysis.estimates.reasons import NOT_PRINTED
from analysis.estimates.robustness import Pair, Ranked
from analysis.estimates.selection import best_states
from analysis.estimates.spans import Span
from analysis.evidence.register import NOMINAL
from analysis.evidence.rows import group_by, rows_of
from analysis.evidence.schema import ABSENCES
from analysis.show.comparison.report import ComparisonReport
from analysis.show.county.figures import figures_table
from analysis.show.county.programme_view import ProgrammeView
from analysis.show.tablekit.table_maker import Group, TableMaker, WordedRow
from analysis.words.comparisons import left_out_cells, pair_cells, prices_phrase, ranking_cells, reading_cells
from analysis.words.phrases import group_by_cell, phrase


@dataclass(frozen=True)
class ComparisonTables(TableMaker):
    """Makes the tables of a comparison.

    A table with many rows shows the first under each heading, and says where the others are.
    """

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
        name = "side-by-side"
        with_value = [row for row in self.subject.span_rows if row.has_value]
        if self.few:
            table = replace(self.report.side_by_side(), title=self.title(name), notes=(self.price_note,))
            owners = {row.programme_id for row in with_value}
            return self.finish(table, name, file="values", nothing="comparison.none", owners=owners)
        groups: list[Group] = [
            (len({row.programme_id for row in rows}), sorted(rows, key=lambda row: -row.value))
            for rows in group_by_cell(self.labels, with_value).values()
        ]
        notes = (self.price_note, self.text("tables.in_rows", file="coverage.csv"))
        return self.build(
            name, ("place", "value", "year", "status"), groups, self._value_row, file="values",
            nothing="comparison.none", notes=notes,
        )  # fmt: skip

    def _value_row(self, reporting: int, row: Span) -> WordedRow:
        name, total = self.labels.thing_of(row), len(self.data.programme_ids)
        cells = {
            "group": self.text("tables.of_programmes", name=name, reporting=reporting, total=total),
            "place": self.labels.programme(row.programme_id),
            "value": phrase(self.labels, row),
            "year": self.labels.year(row.year, row.year_basis),
            "status": self.text.code("status", row.status),
        }
        return WordedRow(cells, (row.programme_id,))

    def rankings(self) -> Table:
        """The order of each comparison, with its robustness over the readings."""
        found = self.subject.comparisons
        printed = ("printed",) if any(each.price_basis != NOMINAL for each in found) else ()
        keys = ("rank", "place", "value", *printed, "ranks", "order", "margin")
        groups: list[Group] = [(each, each.ranked) for each in found]
        prices = self.text("tables.prices", prices=prices_phrase(self.labels, found))
        notes = (prices, self.text("comparison.method_1"))
        return self.build("rankings", keys, groups, self._ranking_row, nothing="comparison.none", notes=notes)

    def _ranking_row(self, comparison: Comparison, row: Ranked) -> WordedRow:
        cells = {
            "group": self.labels.comparison(comparison),
            **ranking_cells(self.labels, comparison, row),
        }
        return WordedRow(cells, (row.programme,))

    def flips(self) -> Table:
        """The neighbours in a ranking whose order some reading turns, with the choices that decide it."""
        groups: list[Group] = [(each, each.turned) for each in self.subject.comparisons]
        return self.build(
            "flips", ("pair", "order", "deciding"), groups, self._flip_row, file="rankings",
            nothing="comparison.no_flip", notes=(self.text("comparison.method_1"),),
        )  # fmt: skip

    def _flip_row(self, comparison: Comparison, pair: Pair) -> WordedRow:
        cells = {"group": self.labels.comparison(comparison), **pair_cells(self.labels, pair)}
        return WordedRow(cells, tuple(item.split(":")[0] for item in (pair.first, pair.second)))

    def coverage(self) -> Table:
        """Who reports what; where more programmes report than fit beside each other, how many of them."""
        table = self.report.coverage() if self.few else self._count_states()
        return self.finish(replace(table, title=self.title("coverage")), "coverage")

    def _count_states(self) -> Table:
        found, rows = best_states(self.subject.span_rows), []
        programmes = self.data.programme_ids
        for code in self.subject.measures:
            states = [found.get((code, programme), "not_reported") for programme in programmes]
            counts = {kind: self.text.number(states.count(kind)) for kind in ("value", *ABSENCES)}
            rows.append({"measure": self.labels.measure(code), **counts})
        columns = (
            Column("measure", self.text("table.measure")),
            *(Column(kind, self.labels.code("state", kind), "right") for kind in ("value", *ABSENCES)),
        )
        notes = (self.text("tables.counted", total=self.text.number(len(programmes))),)
        return Table("coverage", "", columns, tuple(rows), notes=notes)

    def not_compared(self) -> Table:
        """What is not compared, and why: programmes left out, and values that must not be compared."""
        groups: list[Group] = [
            (
                self.labels.comparison(each),
                [row for row in rows_of(LeftOut, each.left_out) if row.reason != NOT_PRINTED],
            )
            for each in self.subject.comparisons
        ]
        alone = (row for row in self.subject.span_rows if row.absence == "not_comparable")
        named = group_by(alone, self.labels.thing_of)
        return self.build(
            "not-compared", ("place", "absence", "reason"), [*groups, *named.items()], self._left_out_row,
            nothing="comparison.all_compared",
        )  # fmt: skip

    def _left_out_row(self, name: str, row: LeftOut | Span) -> WordedRow:
        return WordedRow({"group": name, **left_out_cells(self.labels, row)})

    def sensitivity(self) -> Table:
        """Each estimate that has readings: its value under each of them."""
        frame = self.subject.estimates
        rows = rows_of(Estimate, frame[frame["reading"] != ""])
        cells = group_by(rows, lambda row: (row.programme_id, *row.cell))
        return self.build(
            "sensitivity", ("reading", "value", "standing"), list(cells.items()), self._reading_row,
            file="estimates", nothing="comparison.no_readings", notes=(self.price_note,),
        )  # fmt: skip

    def _reading_row(self, _: Any, row: Estimate) -> WordedRow:
        return WordedRow(reading_cells(self.labels, row, "group"), (row.programme_id,))

    def figures(self) -> Table:
        """The figures that the theme rests on, by programme, each with its place in the document."""
        used = self.data.figures[self.data.figures["figure_id"].isin(self.subject.used_figures)]
        found: dict[str, list[str]] = {programme: [] for programme in self.data.programme_ids}
        for figure_id, source in zip(used["figure_id"], used["source_id"], strict=True):
            found[self.subject.owners[source]].append(figure_id)
        keys = ("subject", "printed", "value", "year", "locator", "figures")
        return self.build("figures", keys, list(found.items()), self._figure_row, nothing="tables.no_figures")

    def _figure_row(self, programme: str, figure_id: str) -> WordedRow:
        if programme not in self._figures_known:
            view = ProgrammeView(self.data, programme, self.language, peers=())
            self._figures_known[programme] = {row["id"]: row for row in figures_table(view).rows}
        row = self._figures_known[programme][figure_id]
        cells = row | {"locator": row["place"], "group": self.labels.programme(programme)}
        return WordedRow(cells, (programme,))

    @cached_property
    def _figures_known(self) -> dict[str, dict[str, dict[str, str]]]:
        """The figures tables of programmes, each made once."""
        return {}
