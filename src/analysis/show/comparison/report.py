"""The comparison of all programmes in one theme, section by section, in one language."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.draw import Chart, style
from analysis.draw.tables import Column, Table
from analysis.estimates.comparison import Comparison, comparisons, coverage
from analysis.estimates.inference import allowed_at
from analysis.estimates.measures import cell_of
from analysis.estimates.prices import at_prices, in_prices_of
from analysis.estimates.reasons import NOT_PRINTED
from analysis.estimates.spans import spans
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES
from analysis.evidence.schema import DIMENSIONS
from analysis.show.chartbook import comparison_chart
from analysis.show.chartbook.order import HIGHEST, by_measure, most_reported, said_to_be_cut
from analysis.show.chartbook.parts import spread
from analysis.show.comparison.summary import Reason, Summary, column, too_many
from analysis.show.county.report import Html, method_lines
from analysis.words.comparisons import common_unit, margin_phrase, order_phrase, value_phrase
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import phrase, price_phrase


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
    def comparisons(self) -> list[Comparison]:
        """The comparisons of the theme: like with like first."""
        return comparisons(self.data, self.theme, price_year=self.price_year)

    @cached_property
    def shown(self) -> list[Comparison]:
        """The comparisons that are set out: all, or where programmes are many those of the most."""
        return most_reported(self.comparisons, style.LABELLED) if self.summary else self.comparisons

    @cached_property
    def spans(self) -> list[dict[str, Any]]:
        """The estimates of the theme with their spans over readings."""
        estimates = self.data.tables["estimates"]
        chosen = estimates[estimates["theme"] == self.theme]
        return records(spans(self.data, at_prices(self.data, chosen, self.price_year)))

    @property
    def summary(self) -> Summary | None:
        """The theme in counts and quantiles, where the programmes are too many to name each of them."""
        return Summary(self.labels, self.theme, self.spans) if too_many(self.data) else None

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
            programmes=self.text.number(len(self.data.programme_ids)),
            alike=alike,
            across=len(self.comparisons) - alike,
            prices=price_phrase(self.labels, self._basis),
        )
        findings = "".join(f"<li>{html.escape(finding)}</li>" for finding in self._findings())
        levels = self.text.listing(
            [self.labels.term("admin_level", level) for level in self.data.programmes["admin_level"].unique()]
        )
        caution = f"{self.text('report.caution')} {self.text('report.levels', levels=levels)}"
        return Html(
            f"<h1>{html.escape(title)}</h1><p>{html.escape(lead)}</p><ul>{findings}</ul>"
            f"<p><small>{html.escape(caution)}</small></p>"
        )

    def _findings(self) -> Iterable[str]:
        """Yield the order of each comparison that is shown, then how many are not."""
        for comparison in self.shown:
            order = order_phrase(self.labels, comparison)
            if len(comparison.programmes) > style.LABELLED:
                order = self.text("comparison.at_the_top", order=order)
            yield self.text("number.labelled", label=self._name(comparison), value=order)
        if self._left_out:
            yield self._left_out

    @property
    def _left_out(self) -> str:
        return said_to_be_cut(self.text, len(self.shown), len(self.comparisons))

    def _name(self, comparison: Comparison) -> str:
        """Return what a comparison is of; of many programmes, how many have a value."""
        name = self.labels.comparison(comparison)
        if len(comparison.programmes) <= style.LABELLED:
            return name
        number, total = len(comparison.programmes), len(self.data.programme_ids)
        return self.text(
            "tables.of_programmes",
            name=name, reporting=self.text.number(number), total=self.text.number(total),
        )  # fmt: skip

    @property
    def _basis(self) -> str:
        return "nominal" if self.price_year is None else f"constant-{self.price_year}"

    def coverage(self) -> Table:
        """Return who reports what: measures by programmes, or by how many of them."""
        if self.summary:
            return self.summary.coverage()
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
        chosen = next(iter(by_measure(self.shown).values()), None)
        if chosen is None:
            return self._sentence("comparison.no_chart")
        chart = comparison_chart(self.labels, chosen)
        if self.charts_dir:
            chart.save(Path(self.charts_dir))
        return chart

    def rankings(self) -> Table | Html:
        """Return the order of each comparison, with its robustness over the readings."""
        cells = tuple(cell for comparison in self.shown for cell in self._ranking_cells(comparison))
        if not cells:
            return self._sentence("comparison.none")
        keys = ("rank", "place", "value", "ranks", "order", "margin")
        columns = (Column("comparison", ""), *(self._column(key) for key in keys))
        caption, notes = self.text("comparison.caption_rankings"), self._cut("rankings")
        return Table("rankings", caption, columns, cells, group="comparison", notes=notes)

    def _cut(self, table: str) -> tuple[str, ...]:
        """Return the note of a table that is cut where the programmes are many."""
        if not self.summary:
            return ()
        return tuple(note for note in (self._left_out, self.summary.full_list(table)) if note)

    def _ranking_cells(self, comparison: Comparison) -> Iterable[dict[str, str]]:
        name, ranking = self._name(comparison), records(comparison.ranking())
        few = len(ranking) <= style.LABELLED
        for row in ranking if few else ranking[:HIGHEST]:
            same = row["best_rank"] == row["worst_rank"]
            ranks = str(row["rank"]) if same else self.text.span(row["best_rank"], row["worst_rank"], "")
            last = pd.isna(row["of_readings"])
            yield {
                "comparison": name,
                "rank": str(row["rank"]),
                "place": self.labels.item(row["item"]),
                "value": value_phrase(self.labels, row, comparison),
                "ranks": ranks,
                "order": ""
                if last
                else self.text("comparison.of", number=row["higher_than_next"], all=row["of_readings"]),
                "margin": "" if last else margin_phrase(self.labels, row["margin"], comparison),
            }
        if not few:
            rest = [row["value"] for row in ranking[HIGHEST:]]
            yield {
                "comparison": name,
                "place": self.text("comparison.more", number=self.text.number(len(rest))),
                "value": spread(self.labels, rest, common_unit(comparison)),
                **dict.fromkeys(("rank", "ranks", "order", "margin"), ""),
            }

    def flips(self) -> Table | Html:
        """Return the pairs whose order some reading turns, with the choices that decide it."""
        cells = tuple(cell for comparison in self.shown for cell in self._flip_cells(comparison))
        if not cells:
            return self._sentence("comparison.no_flip")
        columns = tuple(self._column(key) for key in ("comparison", "pair", "order", "deciding"))
        caption, notes = self.text("comparison.caption_flips"), self._cut("rankings")
        return Table("flips", caption, columns, cells, group="comparison" if notes else None, notes=notes)

    def _flip_cells(self, comparison: Comparison) -> Iterable[dict[str, str]]:
        name, turned = self._name(comparison), comparison.robustness.turned
        shown = turned if len(turned) <= style.LABELLED else turned[:HIGHEST]
        for pair in shown:
            first, second = self.labels.item(pair.first), self.labels.item(pair.second)
            deciding = [self._questions[choice] for choice in pair.deciding]
            yield {
                "comparison": name,
                "pair": self.text("comparison.pair", first=first, second=second),
                "order": self.text("comparison.of", number=pair.higher, all=pair.total),
                "deciding": self.text("number.item_separator").join(deciding)
                or self.text("comparison.none_alone"),
            }
        if more := len(turned) - len(shown):
            pairs = len(comparison.robustness.neighbours)
            counts = {"number": self.text.number(more), "all": self.text.number(pairs)}
            said = self.text("comparison.more_pairs", **counts)
            yield {"comparison": name, "pair": said, "order": "", "deciding": ""}

    @cached_property
    def _questions(self) -> dict[str, str]:
        return {row["choice_id"]: self.labels.of(row, "question") for row in records(self.data.choices)}

    def side_by_side(self) -> Table:
        """Return every value of the theme: what is measured by programmes, or its quantiles over them."""
        if self.summary:
            return self.summary.side_by_side()
        keys = sorted({cell_of(row) for row in self.spans if not row["absence"]}, key=self.labels.order)
        table = {(cell_of(row), row["programme_id"]): row for row in self.spans}
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

    def not_compared(self) -> Table | Html:
        """Return what cannot be compared, and why."""
        rows = dict.fromkeys(self._reasons())
        if not rows:
            return self._sentence("comparison.all_compared")
        if self.summary:
            return self.summary.not_compared(rows, self._cut("not-compared"))
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

    def _reasons(self) -> Iterable[Reason]:
        """Yield what a programme is left out of, which it is, the type of absence, and the reason."""
        for comparison in self.shown:
            compared = self.labels.comparison(comparison)
            for row in records(comparison.left_out):
                if row["reason"] != NOT_PRINTED:
                    yield compared, row["programme_id"], row["absence"], self.labels.reason(row["reason"])
        for row in self.spans:
            if row["absence"] == "not_comparable":
                name = self.text(
                    "comparison.name",
                    measure=self.labels.measure(row["measure"]),
                    object=self.labels.dimensions(row),
                )
                yield name, row["programme_id"], "not_comparable", self.labels.reason(row["reason"])

    def sensitivity(self) -> Table | Html:
        """Return each estimate that has readings: its value under each of them, or how far they differ."""
        if self.summary:
            return self.summary.sensitivity() or self._sentence("comparison.no_readings")
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
        title = self.text("comparison.caption_inference", number=self.text.number(number))
        return Table("inference", title, columns, cells)

    def sources(self) -> Table:
        """Return the documents that the estimates rest on, or how many there are."""
        if self.summary:
            return self.summary.sources()
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
        lines = [self.text("comparison.method_1"), self.text("comparison.method_2")]
        lines += method_lines(self.text, len(self.data.programme_ids))
        return Html(f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>")

    def _column(self, key: str) -> Column:
        return column(self.text, key, right=key in ("rank", "value", "margin", "missing"))

    def _sentence(self, key: str) -> Html:
        return Html(f"<p>{html.escape(self.text(key))}</p>")
