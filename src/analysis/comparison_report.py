"""The comparison of all programmes in one theme, section by section, in one language."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.chartbook import comparison_chart
from analysis.chartbook.order import by_measure
from analysis.charts import Chart
from analysis.comparison import Comparison, comparisons, coverage
from analysis.comparison_words import ComparisonWords
from analysis.county.report import METHOD_LINES, Html
from analysis.dataset import Dataset, records
from analysis.inference import allowed_at
from analysis.labels import Labels
from analysis.language import Text
from analysis.measures import MEASURES, NOT_REPORTED
from analysis.phrases import phrase, price_phrase
from analysis.prices import at_prices, in_prices_of
from analysis.readings import spans
from analysis.robustness import Pair
from analysis.schema import DIMENSIONS
from analysis.tables import Column, Table
from analysis.themes import THEMES


@dataclass(frozen=True)
class ComparisonReport:
    """Who reports what in a theme, what may be compared, how firmly it stands, and what may not.

    ``price_year`` converts money to the prices of that year; with ``charts_dir`` the chart is also written
    there as SVG. Raises ``ValueError`` for an unknown theme.

    >>> report = analysis.ComparisonReport(data, "branches")
    >>> len(report.rankings().rows)
    2
    """

    data: Dataset
    theme: str
    language: str = "en"
    price_year: int | None = None
    charts_dir: str | Path | None = None

    def __post_init__(self) -> None:
        if self.theme not in THEMES:
            raise ValueError(f"unknown theme {self.theme!r}; allowed are {', '.join(THEMES)}")

    @cached_property
    def text(self) -> Text:
        """The wording of the report."""
        return Text.of(self.language)

    @cached_property
    def labels(self) -> Labels:
        """The names of everything."""
        return Labels(self.data, self.text)

    @cached_property
    def words(self) -> ComparisonWords:
        """How comparisons are put into words."""
        return ComparisonWords(self.labels)

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """The comparisons of the theme: like with like first."""
        return comparisons(self.data, self.theme, price_year=self.price_year)

    @cached_property
    def spans(self) -> list[dict[str, Any]]:
        """The estimates of the theme with their spans over readings."""
        estimates = self.data.tables["estimates"]
        chosen = estimates[estimates["theme"] == self.theme]
        return records(spans(self.data, at_prices(self.data, chosen, self.price_year)))

    def heading(self, section: str) -> Html:
        """Return the heading of a section."""
        title = html.escape(self.text(f"comparison.section_{section}"))
        return Html(f'<h2 id="{section}">{title}</h2>')

    def opening(self) -> Html:
        """Return the title, what is compared, and the order of each comparison in a sentence."""
        title = self.text("comparison.title", theme=self.text(f"report.section_{self.theme}"))
        alike = sum(not comparison.across for comparison in self.comparisons)
        lead = self.text(
            "comparison.lead",
            programmes=len(self.data.programme_ids),
            alike=alike,
            across=len(self.comparisons) - alike,
            prices=price_phrase(self.labels, self._basis),
        )
        findings = "".join(f"<li>{html.escape(self.words.sentence(c))}</li>" for c in self.comparisons)
        levels = self.text.listing(
            [self.labels.term("admin_level", level) for level in self.data.programmes["admin_level"].unique()]
        )
        caution = f"{self.text('report.caution')} {self.text('report.levels', levels=levels)}"
        return Html(
            f"<h1>{html.escape(title)}</h1><p>{html.escape(lead)}</p><ul>{findings}</ul>"
            f"<p><small>{html.escape(caution)}</small></p>"
        )

    @property
    def _basis(self) -> str:
        return "nominal" if self.price_year is None else f"constant-{self.price_year}"

    def coverage(self) -> Table:
        """Return who reports what: measures by programmes."""
        matrix = coverage(self.data)
        chosen = [code for code in matrix.index if MEASURES[code].theme == self.theme]
        cells = tuple(
            {
                "measure": self.labels.measure(code),
                **{p: self._state(matrix.loc[code, p]) for p in matrix.columns},
            }
            for code in chosen
        )
        return Table("coverage", self.text("comparison.caption_coverage"), self._programme_columns(), cells)

    def _state(self, state: str) -> str:
        return self.text("comparison.reported") if state == "value" else self.text.code("absence", state)

    def _programme_columns(self) -> tuple[Column, ...]:
        places = (Column(p, self.labels.programme(p), css="min-width:6rem") for p in self.data.programme_ids)
        return (Column("measure", self.text("table.measure"), css="min-width:10rem"), *places)

    def chart(self) -> Chart | Html:
        """Return the first measure that two programmes report; also written to ``charts_dir``, if set."""
        chosen = next(iter(by_measure(self.comparisons).values()), None)
        if chosen is None:
            return self._sentence("comparison.no_chart")
        chart = comparison_chart(self.words, chosen)
        if self.charts_dir:
            chart.save(Path(self.charts_dir))
        return chart

    def rankings(self) -> Table | Html:
        """Return the order of each comparison, with its robustness over the readings."""
        cells = tuple(cell for comparison in self.comparisons for cell in self._ranking_cells(comparison))
        if not cells:
            return self._sentence("comparison.none")
        keys = ("rank", "place", "value", "ranks", "order", "margin")
        columns = (Column("comparison", ""), *(self._column(key) for key in keys))
        return Table("rankings", self.text("comparison.caption_rankings"), columns, cells, group="comparison")

    def _ranking_cells(self, comparison: Comparison) -> Iterable[dict[str, str]]:
        name = self.words.name(comparison)
        for row in records(comparison.ranking()):
            same = row["best_rank"] == row["worst_rank"]
            ranks = str(row["rank"]) if same else self.text.span(row["best_rank"], row["worst_rank"], "")
            last = pd.isna(row["of_readings"])
            yield {
                "comparison": name,
                "rank": str(row["rank"]),
                "place": self.words.item(row["item"]),
                "value": self.words.value(row, comparison),
                "ranks": ranks,
                "order": ""
                if last
                else self.text("comparison.of", number=row["higher_than_next"], all=row["of_readings"]),
                "margin": "" if last else self.words.margin(row["margin"], comparison.unit),
            }

    def flips(self) -> Table | Html:
        """Return the pairs whose order some reading turns, with the choices that decide it."""
        cells = tuple(cell for comparison in self.comparisons for cell in self._flip_cells(comparison))
        if not cells:
            return self._sentence("comparison.no_flip")
        columns = tuple(self._column(key) for key in ("comparison", "pair", "order", "deciding"))
        return Table("flips", self.text("comparison.caption_flips"), columns, cells)

    def _pairs(self, comparison: Comparison) -> Iterable[Pair]:
        items = comparison.ranking()["item"].to_list()
        for first, second in itertools.pairwise(items):
            yield comparison.robustness.pair(first, second)

    def _flip_cells(self, comparison: Comparison) -> Iterable[dict[str, str]]:
        name = self.words.name(comparison)
        for pair in (pair for pair in self._pairs(comparison) if not pair.holds):
            first, second = self.words.item(pair.first), self.words.item(pair.second)
            deciding = [self._questions[choice] for choice in pair.deciding]
            yield {
                "comparison": name,
                "pair": self.text("comparison.pair", first=first, second=second),
                "order": self.text("comparison.of", number=pair.higher, all=pair.total),
                "deciding": self.text("number.item_separator").join(deciding)
                or self.text("comparison.none_alone"),
            }

    @cached_property
    def _questions(self) -> dict[str, str]:
        return {row["choice_id"]: self.labels.of(row, "question") for row in records(self.data.choices)}

    def side_by_side(self) -> Table:
        """Return every value of the theme: what is measured by programmes."""
        keys = sorted({self._cell(row) for row in self.spans if not row["absence"]}, key=self._order)
        table = {(self._cell(row), row["programme_id"]): row for row in self.spans}
        nothing = self.text.code("absence", "not_reported")
        cells = []
        for key in keys:
            found = {p: table.get((key, p)) for p in self.data.programme_ids}
            cell = {p: phrase(self.labels, row) if row else nothing for p, row in found.items()}
            what = self.labels.dimensions(dict(zip(DIMENSIONS, key[1:], strict=True)))
            cells.append({"group": self.labels.measure(key[0]), "measure": what, **cell})
        columns = (Column("group", ""), *self._programme_columns())
        title = self.text("comparison.caption_side")
        return Table("side-by-side", title, columns, tuple(cells), group="group")

    def _cell(self, row: dict[str, Any]) -> tuple[str, ...]:
        return (row["measure"], *(row[name] for name in DIMENSIONS))

    def _order(self, cell: tuple[str, ...]) -> tuple[int, ...]:
        ranks = (self.labels.rank(name, code) for name, code in zip(DIMENSIONS, cell[1:], strict=True))
        return (list(MEASURES).index(cell[0]), *ranks)

    def not_compared(self) -> Table | Html:
        """Return what cannot be compared, and why."""
        rows: dict[tuple[str, ...], None] = {}
        for comparison in self.comparisons:
            compared = self.words.name(comparison)
            for row in records(comparison.left_out):
                if (row["reason"], row["reason_zh"]) == NOT_REPORTED:
                    continue
                reason = self.labels.of(row, "reason")
                rows[(compared, row["programme_id"], row["absence"], reason)] = None
        for row in self.spans:
            if row["absence"] == "not_comparable":
                name = self.text(
                    "comparison.name",
                    measure=self.labels.measure(row["measure"]),
                    object=self.labels.dimensions(row),
                )
                rows[(name, row["programme_id"], "not_comparable", self.labels.of(row, "reason"))] = None
        if not rows:
            return self._sentence("comparison.all_compared")
        cells = tuple(
            {
                "comparison": name,
                "place": self.labels.programme(programme),
                "absence": self.text.code("absence", absence),
                "reason": reason,
            }
            for name, programme, absence, reason in rows
        )
        columns = tuple(self._column(key) for key in ("comparison", "place", "absence", "reason"))
        return Table("not-compared", self.text("comparison.caption_out"), columns, cells, group="comparison")

    def sensitivity(self) -> Table | Html:
        """Return each estimate that has readings: its value under each of them."""
        estimates = self.data.tables["estimates"]
        chosen = estimates[(estimates["theme"] == self.theme) & (estimates["reading"] != "")]
        if self.price_year is not None:
            chosen = in_prices_of(self.data, estimates[estimates["theme"] == self.theme], self.price_year)
            chosen = chosen[chosen["reading"] != ""]
        cells = tuple(self._sensitivity_cells(row) for row in records(chosen))
        if not cells:
            return self._sentence("comparison.no_readings")
        columns = tuple(self._column(key) for key in ("comparison", "reading", "value", "standing"))
        return Table(
            "sensitivity", self.text("comparison.caption_sensitivity"), columns, cells, group="comparison"
        )

    def _sensitivity_cells(self, row: dict[str, Any]) -> dict[str, str]:
        measure = self.text(
            "comparison.name", measure=self.labels.measure(row["measure"]), object=self.labels.dimensions(row)
        )
        standing = "report.default" if row["is_default"] else "report.possible"
        return {
            "comparison": self.text(
                "comparison.of_place", place=self.labels.programme(row["programme_id"]), name=measure
            ),
            "reading": self.labels.readings(row["reading"]),
            "value": self.text.code("absence", row["absence"])
            if row["absence"]
            else self.text.interval(row["value"], row["lower"], row["upper"], row["unit"]),
            "standing": self.text(standing if row["feasible"] else "report.ruled_out"),
        }

    def inference(self) -> Table:
        """Return what statistics may be asked of as many programmes as are compared, and what is missing."""
        number = max((len(comparison.programmes) for comparison in self.comparisons), default=0)
        cells = tuple(
            {
                "method": self.labels.of(row, "label"),
                "allowed": self.text("comparison.allowed" if row["allowed"] else "comparison.refused"),
                "missing": "" if row["allowed"] else self.text.number(row["missing"]),
                "reason": self.labels.of(row, "text"),
            }
            for row in records(allowed_at(number))
        )
        columns = tuple(self._column(key) for key in ("method", "allowed", "missing", "reason"))
        title = self.text("comparison.caption_inference", number=number)
        return Table("inference", title, columns, cells)

    def sources(self) -> Table:
        """Return the documents that the estimates rest on."""
        cells = tuple(
            {
                "place": self.labels.programme(row["programme_id"]),
                "source": self.text.pick(row["title_en"], row["title"]),
                "publisher": self.text.convert(row["publisher"]) or self.text("report.empty"),
                "date": row["published"].replace("/", "–"),
                "hash": row["sha256"][:12],
            }
            for row in records(self.data.sources)
        )
        columns = tuple(self._column(key) for key in ("place", "source", "publisher", "date", "hash"))
        return Table("sources", self.text("comparison.caption_sources"), columns, cells)

    def method(self) -> Html:
        """Return the method note."""
        number = len(self.data.programme_ids)
        lines = [self.text("comparison.method_1"), self.text("comparison.method_2")]
        lines += [self.text(f"report.method_{line}", number=number) for line in range(1, METHOD_LINES + 1)]
        return Html(f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>")

    def _column(self, key: str) -> Column:
        right = key in ("rank", "value", "margin", "missing")
        css = "min-width:10rem" if key in ("comparison", "reading", "reason", "deciding") else ""
        own = f"comparison.column_{key}"
        return Column(
            key,
            self.text(own if own in self.text.messages else f"table.{key}"),
            "right" if right else "left",
            css=css,
        )

    def _sentence(self, key: str) -> Html:
        return Html(f"<p>{html.escape(self.text(key))}</p>")
