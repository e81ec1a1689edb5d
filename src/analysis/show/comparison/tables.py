"""What a comparison of all programmes in one theme rests on: its tables, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from analysis.draw.tables import Column, Table
from analysis.estimates.comparable import coverage
from analysis.estimates.comparison import Comparison
from analysis.estimates.inference import allowed_at
from analysis.estimates.measures import Estimate, figures_of
from analysis.estimates.prices import PriceYear, checked_price_year
from analysis.estimates.reasons import NOT_PRINTED
from analysis.estimates.selection import LABELLED, Selection
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.folders import check_folder
from analysis.evidence.rows import Source, group_by, rows_of
from analysis.evidence.schema import ABSENCES, DIMENSIONS
from analysis.show.chartbook.chart_rows import quartiles_phrase
from analysis.show.chartbook.ranking import HIGHEST, cut_note, most_reported
from analysis.show.comparison.columns import column
from analysis.show.comparison.matrix import comparison_name, rests_by_place
from analysis.show.comparison.statistics import Statistics
from analysis.show.comparison.summary import Reason, Summary, too_many
from analysis.show.county.report import method_lines
from analysis.show.html import Html, bullets, heading, joined, sentence
from analysis.words.comparisons import common_unit, pair_cells, ranking_cells, reading_cells
from analysis.words.labels import Worded
from analysis.words.languages import Language
from analysis.words.phrases import group_by_cell, phrase
from analysis.words.statistics import refusal_phrase

RIGHT = ("rank", "value", "margin", "missing")


@dataclass(frozen=True)
class ComparisonTables(Worded):
    """The tables of a theme: who reports what, what may be compared, how firmly it stands, and what may not.

    Money is compared in the prices of ``price_year``, without one in those of the latest year compared, and
    with ``"printed"`` as the documents print it; with ``charts_dir`` the chart is also written there as SVG,
    and with ``with_sentences`` its page quotes the sentence of each figure, where the documents are at hand.
    Raises ``ValueError`` for an unknown theme or language.
    """

    data: Dataset
    theme: str
    language: str = "en"
    price_year: PriceYear = None
    charts_dir: str | Path | None = None
    with_sentences: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.theme, str) or self.theme not in THEMES:
            raise ValueError(f"unknown theme {self.theme!r}; allowed are {', '.join(THEMES)}")
        Language.parse(self.language)
        check_folder("charts_dir", self.charts_dir)
        object.__setattr__(self, "price_year", checked_price_year(self.data, self.price_year))

    @cached_property
    def selection(self) -> Selection:
        """The estimates of the theme."""
        return Selection(self.data, (self.theme,), price_year=self.price_year)

    @property
    def comparisons(self) -> list[Comparison]:
        """The comparisons of the theme: like with like first."""
        return self.selection.comparisons

    @cached_property
    def shown(self) -> list[Comparison]:
        """The comparisons that are set out: all, or where programmes are many those of the most."""
        return most_reported(self.comparisons, LABELLED) if self.summary else self.comparisons

    @property
    def summary(self) -> Summary | None:
        """The theme in counts and quantiles, where the programmes are too many to name each of them."""
        return Summary(self.labels, self.theme, self.selection.span_rows) if too_many(self.data) else None

    def heading(self, section: str) -> Html:
        """Return the heading of a section."""
        return heading(section, self.text(f"comparison.section_{section}"))

    @property
    def _left_out(self) -> str:
        return cut_note(self.text, len(self.shown), len(self.comparisons))

    def _name(self, comparison: Comparison) -> str:
        """Return what a comparison is of; of many programmes, how many have a value."""
        name = self.labels.comparison(comparison)
        if len(comparison.programmes) <= LABELLED:
            return name
        number, total = len(comparison.programmes), len(self.data.programme_ids)
        return self.text(
            "tables.of_programmes",
            name=name, reporting=self.text.number(number), total=self.text.number(total),
        )  # fmt: skip

    def coverage(self) -> Table:
        """Return who reports what: measures by programmes, or by how many of them."""
        if self.summary:
            return self.summary.coverage()
        states = {"value": self.text("comparison.reported")}
        states |= {kind: self.text.code("absence", kind) for kind in ABSENCES}
        chosen = self.selection.measures
        matrix = coverage(self.data).loc[chosen].replace(states)
        rows = records(matrix)
        cells = tuple(
            {"measure": self.labels.measure(code), **row} for code, row in zip(chosen, rows, strict=True)
        )
        return Table("coverage", self.text("comparison.caption_coverage"), self._programme_columns(), cells)

    def _programme_columns(self) -> tuple[Column, ...]:
        places = (Column(p, self.labels.programme(p)) for p in self.data.programme_ids)
        return (Column("measure", self.text("table.measure")), *places)

    def rankings(self) -> Table | None:
        """Return the order of each comparison, with its robustness; ``None`` where nothing is compared."""
        found = {comparison_name("rankings", each): [*self._ranking_cells(each)] for each in self.shown}
        cells = [cell for same in found.values() for cell in same]
        keys = ["comparison", "rank", "place", "value", "printed", "ranks", "order", "margin"]
        if not any(cell["printed"] for cell in cells):
            keys.remove("printed")
        pieces = tuple(f"{name}.{place}" for name, same in found.items() for place in range(len(same)))
        rests = tuple(cell.pop("rests") for cell in cells)
        table = self._table("rankings", keys, cells, notes=self._cut("rankings"))
        return filled(replace(table, pieces=pieces, rests=rests))

    def _table(
        self, name: str, keys: Sequence[str], cells: Iterable[dict[str, str]], *, grouped: bool = True,
        caption: str = "", notes: tuple[str, ...] = (),
    ) -> Table:  # fmt: skip
        """Return a table of the theme."""
        columns = tuple(column(self.text, key, right=key in RIGHT) for key in keys)
        group = "comparison" if grouped else None
        title = caption or self.text(f"comparison.caption_{name}")
        return Table(name, title, columns, tuple(cells), group=group, notes=notes)

    def _cut(self, table: str) -> tuple[str, ...]:
        """Return the note of a table that is cut where the programmes are many."""
        if not self.summary:
            return ()
        return tuple(note for note in (self._left_out, self.summary.full_list(table)) if note)

    def _ranking_cells(self, comparison: Comparison) -> Iterable[dict[str, str]]:
        name, ranking = self._name(comparison), comparison.ranked
        few = len(ranking) <= LABELLED
        shown = len(ranking) if few else HIGHEST if comparison.is_rate else 0
        for row in ranking[:shown]:
            figures = " ".join(figures_of(comparison.items[row.item]))
            yield {"comparison": name, **ranking_cells(self.labels, comparison, row), "rests": figures}
        if rest := [row.value for row in ranking[shown:]]:
            number = self.text.number(len(rest))
            yield {
                "comparison": name,
                "place": self.text("comparison.more" if shown else "chart.programmes", number=number),
                "value": quartiles_phrase(self.labels, rest, common_unit(comparison)),
                **dict.fromkeys(("rank", "printed", "ranks", "order", "margin", "rests"), ""),
            }

    def flips(self) -> Table | Html | None:
        """Return the pairs whose order some reading turns, with what decides it; ``None`` without orders."""
        if not any(comparison.is_rate for comparison in self.comparisons):
            return None
        cells = [cell for comparison in self.shown for cell in self._flip_cells(comparison)]
        notes, keys = self._cut("rankings"), ("comparison", "pair", "order", "deciding")
        table = self._table("flips", keys, cells, grouped=bool(notes), notes=notes)
        return filled(table) or sentence(self.text, "comparison.no_flip")

    def _flip_cells(self, comparison: Comparison) -> Iterable[dict[str, str]]:
        name, turned = self._name(comparison), comparison.turned
        shown = turned if len(turned) <= LABELLED else turned[:HIGHEST]
        for pair in shown:
            yield {"comparison": name, **pair_cells(self.labels, pair)}
        if more := len(turned) - len(shown):
            pairs = len(comparison.robustness.neighbours)
            counts = {"number": self.text.number(more), "all": self.text.number(pairs)}
            said = self.text("comparison.more_pairs", **counts)
            yield {"comparison": name, "pair": said, "order": "", "deciding": ""}

    def side_by_side(self) -> Table:
        """Return every value of the theme: what is measured by programmes, or its quantiles over them."""
        if self.summary:
            return self.summary.side_by_side()
        cells, pieces, rests = [], [], []
        for (measure, *codes), rows in group_by_cell(self.labels, self.selection.span_rows).items():
            if any(row.has_value for row in rows):
                said = dict.fromkeys(self.data.programme_ids, self.text.code("absence", "not_reported"))
                said |= {row.programme_id: phrase(self.labels, row) for row in rows}
                what = self.labels.dimensions(dict(zip(DIMENSIONS, codes, strict=True)))
                cells.append({"group": self.labels.measure(measure), "measure": what, **said})
                rests.append(rests_by_place(rows))
                pieces.append(".".join(("side", measure, *codes)))
        columns = (Column("group", ""), *self._programme_columns())
        title = self.text(
            "comparison.caption_side" if self.selection.own_year else "comparison.caption_side_printed"
        )
        return Table(
            "side-by-side",
            title,
            columns,
            tuple(cells),
            group="group",
            pieces=tuple(pieces),
            rests=tuple(rests),
        )

    def not_compared(self) -> Table | None:
        """Return what cannot be compared, and why; ``None`` where all can."""
        rows = dict.fromkeys(self._reasons())
        if self.summary and rows:
            return self.summary.not_compared(rows, self._cut("not-compared"))
        cells = (
            {
                "comparison": name,
                "place": self.labels.programme(programme),
                "absence": self.text.code("absence", absence),
                "reason": reason,
            }
            for name, programme, absence, reason in rows
        )
        keys, caption = ("comparison", "place", "absence", "reason"), self.text("comparison.caption_out")
        return filled(self._table("not-compared", keys, cells, caption=caption))

    def _reasons(self) -> Iterable[Reason]:
        """Yield what a programme is left out of, which it is, the type of absence, and the reason."""
        for comparison in self.shown:
            compared = self.labels.comparison(comparison)
            for out in comparison.out:
                if out.reason != NOT_PRINTED:
                    yield compared, out.programme_id, out.absence, self.labels.reason(out.reason)
        for row in self.selection.span_rows:
            if row.absence == "not_comparable":
                name = self.labels.thing(row.measure, row)
                yield name, row.programme_id, "not_comparable", self.labels.reason(row.reason)

    def sensitivity(self) -> Table | None:
        """Return each estimate that has readings: its value under each, or how far they differ."""
        if self.summary:
            return self.summary.sensitivity()
        frame = self.selection.estimates
        rows = rows_of(Estimate, frame[frame["reading"] != ""])
        cells = (reading_cells(self.labels, row, "comparison") for row in rows)
        keys = ("comparison", "reading", "value", "standing")
        table = self._table("sensitivity", keys, cells)
        cell_of = attrgetter("programme_id", "cell")
        figures = {cell: " ".join(figures_of(same)) for cell, same in group_by(rows, cell_of).items()}
        return filled(replace(table, rests=tuple(figures[cell_of(row)] for row in rows)))

    def inference(self) -> Table | Html | None:
        """Return what may be asked of as many programmes as are compared, and what it says; else ``None``."""
        if not self.comparisons:
            return None
        shown = [self._allowed(), *self.statistics()]
        return shown[0] if len(shown) == 1 else joined(*shown)

    def statistics(self) -> list[Table]:
        """Return quantiles, and a model where there is one, of the first measure with enough programmes."""
        most: dict[str, Comparison] = {}
        for comparison in self.comparisons:
            so_far = most.get(comparison.measure)
            if not comparison.across and len(comparison.programmes) > (
                len(so_far.programmes) if so_far else 0
            ):
                most[comparison.measure] = comparison
        tables = (Statistics(self.labels, comparison).tables() for comparison in most.values())
        return max(tables, key=len, default=[])

    def _allowed(self) -> Table:
        number = max((len(comparison.programmes) for comparison in self.comparisons), default=0)
        cells = (
            {
                "method": self.text(f"inference.method_{method}"),
                "allowed": self.text("comparison.refused" if refused else "comparison.allowed"),
                "missing": self.text.number(refused.missing or 0) if refused else "",
                "reason": refusal_phrase(self.text, refused) if refused else "",
            }
            for method, refused in allowed_at(number).items()
        )
        caption = self.text("comparison.caption_inference", number=self.text.number(number))
        keys = ("method", "allowed", "missing", "reason")
        return self._table("inference", keys, cells, caption=caption, grouped=False)

    def sources(self) -> Table:
        """Return the documents that the estimates rest on, or how many there are."""
        if self.summary:
            return self.summary.sources()
        cells = (
            {
                "place": self.labels.programme(row.programme_id),
                "source": self.text.pick(row.title_en, row.title),
                "publisher": self.text.convert(row.publisher) or self.text("report.empty"),
                "date": row.published.replace("/", "–"),
                "hash": row.sha256[:12],
            }
            for row in rows_of(Source, self.data.sources)
        )
        keys = ("place", "source", "publisher", "date", "hash")
        return self._table("sources", keys, cells, grouped=False)

    def method(self) -> Html:
        """Return the method note."""
        lines = [self.text("comparison.method_1"), self.text("comparison.method_2")]
        lines += method_lines(self.text, len(self.data.programme_ids))
        return Html(bullets(lines))


def filled(table: Table) -> Table | None:
    """Return a table that has rows."""
    return table if table.rows else None
