"""The sections of a comparison whose programmes are too many to name: counts, quantiles, and cut lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.draw.tables import Column, Table
from analysis.estimates.comparable import coverage
from analysis.estimates.inference import QUANTILES, RULES
from analysis.estimates.selection import LABELLED
from analysis.estimates.spans import Span
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES, NOMINAL
from analysis.evidence.rows import Source, group_by, rows_of
from analysis.evidence.schema import ABSENCES, DIMENSIONS
from analysis.show.chartbook.ranking import HIGHEST
from analysis.show.comparison.columns import column
from analysis.words.labels import Labels
from analysis.words.phrases import group_by_cell, list_programmes, price_phrase, with_values

Reason = tuple[str, str, str, str]
"""What is compared, the programme that is not, the type of absence, and the reason in words."""
LEAST = RULES["quantiles"].programmes
_MIDDLE = ("lower_quartile", "median", "upper_quartile")


def _year_of(source: Source) -> str:
    """Return the year of a document; one that is dated by a range of years is of no one year."""
    return "" if "/" in source.published else source.published[:4]


def too_many(data: Dataset) -> bool:
    """Return whether the programmes are more than can be read one by one."""
    return len(data.programme_ids) > LABELLED


@dataclass(frozen=True)
class Summary:
    """Puts the estimates of a theme into tables whose length does not depend on the number of programmes.

    ``spans`` are the rows of its estimates with their spans over readings. Every list that is cut says how
    much more there is, and which file of ``analysis tables`` holds all of it.
    """

    labels: Labels
    theme: str
    spans: list[Span]

    @property
    def total(self) -> int:
        """The number of programmes."""
        return len(self.labels.data.programme_ids)

    @property
    def blank(self) -> str:
        """What stands where nothing belongs."""
        return self.labels.text("tables.blank")

    def full_list(self, table: str) -> str:
        """Return the note that says where the whole of a table is."""
        return self.labels.text("comparison.in_tables", file=f"{table}.csv", command="analysis tables")

    def coverage(self) -> Table:
        """Return how many programmes report each measure, and how many do not, by type of absence."""
        matrix = coverage(self.labels.data)
        chosen = [code for code in matrix.index if MEASURES[code].theme == self.theme]
        cells = []
        for code in chosen:
            counts = Counter(matrix.loc[code])
            reporting = {"measure": self.labels.measure(code), "reporting": self._number(counts["value"])}
            cells.append(reporting | self._counts(counts))
        columns = (*self._columns("measure"), *self._columns("reporting", *ABSENCES, right=True))
        notes = (self._counted, self.full_list("coverage"))
        return Table(
            "coverage", self.labels.text("comparison.caption_coverage"), columns, tuple(cells), notes=notes
        )

    def side_by_side(self) -> Table:
        """Return what is measured: the programmes with a value, its quantiles, and the absences."""
        cells = []
        for key, rows in self._cells(lambda row: True).items():
            with_value = with_values(rows)
            absences = Counter(row.absence for row in rows if row.absence)
            # A programme that has no row here reports something else, or nothing.
            absences["not_reported"] += self.total - len(rows)
            for unit, same in group_by(with_value, lambda row: row.unit).items():
                cells.append(self._named(key, unit) | self._quantiles(same, unit) | self._counts(absences))
        numbers = ("reporting", *QUANTILES, "several", *ABSENCES)
        columns = (
            Column("group", ""),
            *self._columns("measure"),
            *self._columns(*numbers, right=True),
        )
        notes = (
            self._counted,
            self.labels.text("comparison.note_quantiles", least=LEAST, blank=self.blank),
            self._prices,
            self.full_list("values"),
        )
        title = self.labels.text("comparison.caption_side")
        return Table("side-by-side", title, columns, tuple(cells), group="group", notes=notes)

    def not_compared(self, reasons: Iterable[Reason], notes: tuple[str, ...]) -> Table:
        """Return how many programmes cannot be compared, by what would be compared and the reason."""
        found: dict[str, dict[tuple[str, str], list[str]]] = {}
        for name, programme, absence, reason in reasons:
            found.setdefault(name, {}).setdefault((absence, reason), []).append(programme)
        cells = [cell for name, groups in found.items() for cell in self._reasons(name, groups)]
        columns = self._columns("comparison", "programmes", "absence", "reason")
        title = self.labels.text("comparison.caption_out")
        return Table("not-compared", title, columns, tuple(cells), group="comparison", notes=notes)

    def _reasons(self, name: str, groups: dict[tuple[str, str], list[str]]) -> Iterable[dict[str, str]]:
        """Yield the most frequent reasons, then how many more there are."""
        ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
        for (absence, reason), programmes in ordered[:HIGHEST]:
            yield {
                "comparison": name,
                "programmes": list_programmes(self.labels, programmes, HIGHEST),
                "absence": self.labels.text.code("absence", absence),
                "reason": reason,
            }
        if rest := ordered[HIGHEST:]:
            programmes = [programme for _, owners in rest for programme in owners]
            more = self.labels.text("comparison.more_reasons", number=self._number(len(rest)))
            absence = self.labels.text.listing(
                self.labels.text.code("absence", code)
                for code in dict.fromkeys(code for (code, _), _ in rest)
            )
            shown = list_programmes(self.labels, dict.fromkeys(programmes), HIGHEST)
            yield {"comparison": name, "programmes": shown, "absence": absence, "reason": more}

    def sensitivity(self) -> Table | None:
        """Return how many estimates have several readings, and how far these differ; ``None`` without any."""
        cells = []
        for key, found in self._cells(lambda row: row.n_readings > 1).items():
            rows = [row for row in found if row.n_readings > 1]
            ratios = [row.high / row.low for row in rows if row.low > 0]
            enough = len(ratios) >= LEAST
            cells.append(
                {
                    **self._named(key),
                    "several": self._number(len(rows)),
                    "differing": self._number(sum(row.low < row.high for row in rows)),
                    "silent": self._number(sum(row.n_values < row.n_readings for row in rows)),
                    "ratio_median": self.labels.text.ratio(float(np.median(ratios)))
                    if enough
                    else self.blank,
                    "ratio_largest": self.labels.text.ratio(max(ratios)) if ratios else self.blank,
                }
            )
        if not cells:
            return None
        keys = ("several", "differing", "silent", "ratio_median", "ratio_largest")
        columns = (Column("group", ""), *self._columns("measure"), *self._columns(*keys, right=True))
        notes = (
            self.labels.text("comparison.note_sensitivity", least=LEAST, blank=self.blank),
            self.full_list("estimates"),
        )
        title = self.labels.text("comparison.caption_sensitivity_many")
        return Table("sensitivity", title, columns, tuple(cells), group="group", notes=notes)

    def sources(self) -> Table:
        """Return how many documents there are of each year, and how their dates are known."""
        found = group_by(rows_of(Source, self.labels.data.sources), _year_of)
        cells = tuple(
            {
                "year": year or self.labels.text("comparison.several_years"),
                "documents": self._number(len(rows)),
                "programmes": self._number(len({row.programme_id for row in rows})),
                "date_stated": self._number(sum(row.date_basis == "stated" for row in rows)),
                "date_inferred": self._number(sum(row.date_basis == "inferred" for row in rows)),
            }
            for year, rows in sorted(found.items(), key=lambda item: (not item[0], item[0]))
        )
        keys = ("documents", "programmes", "date_stated", "date_inferred")
        columns = (*self._columns("year"), *self._columns(*keys, right=True))
        notes = (self.full_list("sources"),)
        return Table("sources", self.labels.text("comparison.caption_sources"), columns, cells, notes=notes)

    def _cells(self, wanted: Callable[[Span], bool]) -> dict[tuple[str, ...], list[Span]]:
        """Return the rows by what they measure, in order, of whatever has a value in a wanted row."""
        found = group_by_cell(self.labels, self.spans).items()
        return {key: rows for key, rows in found if any(not r.absence and wanted(r) for r in rows)}

    def _named(self, cell: tuple[str, ...], unit: str = "") -> dict[str, str]:
        """Return the names of a measure, with its unit if there is one, and of what it is of."""
        what = self.labels.dimensions(dict(zip(DIMENSIONS, cell[1:], strict=True)))
        name = self.labels.measure(cell[0])
        if unit:
            name = self.labels.text("table.with_unit", name=name, unit=self.labels.text.unit(unit))
        return {"group": name, "measure": what}

    def _quantiles(self, rows: Sequence[Span], unit: str) -> dict[str, str]:
        """Return the number of values, how many of them have several readings, and their quantiles."""
        found = np.quantile([row.value for row in rows], list(QUANTILES.values()))
        shown = {key: self._value(float(q), unit) for key, q in zip(QUANTILES, found, strict=True)}
        if len(rows) < LEAST:
            shown |= dict.fromkeys(_MIDDLE, self.blank)
        several = sum(row.n_readings > 1 for row in rows)
        counts = {"reporting": self._number(len(rows)), "several": self._number(several)}
        return counts | shown

    def _value(self, value: float, unit: str) -> str:
        """Return a value without its unit, which the heading says."""
        return self.labels.text.quantity(value, unit if unit in ("share", "ratio") else "")

    def _counts(self, absences: Counter[str]) -> dict[str, str]:
        return {kind: self._number(absences[kind]) for kind in ABSENCES}

    def _number(self, number: int) -> str:
        return self.labels.text.number(number)

    @property
    def _counted(self) -> str:
        return self.labels.text("tables.counted", total=self._number(self.total))

    @cached_property
    def _prices(self) -> str:
        """The note on prices: those of the first amount of money."""
        money = (row.price_basis for row in self.spans if row.unit.startswith("CNY"))
        return self.labels.text("tables.prices", prices=price_phrase(self.labels, next(money, NOMINAL)))

    def _columns(self, *keys: str, right: bool = False) -> tuple[Column, ...]:
        return tuple(column(self.labels.text, key, right=right) for key in keys)
