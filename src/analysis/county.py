"""The report on one programme, section by section, in one language."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import arithmetic
from analysis.arithmetic import Amount
from analysis.charts import Chart
from analysis.dataset import Dataset, records
from analysis.labels import Labels
from analysis.language import Text
from analysis.measures import MEASURES, parse_when
from analysis.prices import in_prices_of
from analysis.readings import spans
from analysis.schema import DIMENSIONS
from analysis.tables import Column, Table
from analysis.theme_charts import branch_chart, cost_chart, pay_chart, phrase, valued

SECTIONS = (
    "profile",
    "investment",
    "stipends",
    "branches",
    "other",
    "missing",
    "readings",
    "arithmetic",
    "figures",
    "method",
)
MEASURED = ("investment", "stipends", "branches")
METHOD_LINES = 6


@dataclass(frozen=True)
class Html:
    """A fragment of HTML that a notebook displays; its text is escaped where it is made."""

    content: str

    def _repr_html_(self) -> str:
        return self.content


@dataclass(frozen=True)
class CountyReport:
    """One programme's figures, estimates and gaps, as displayable pieces.

    ``peers`` are the programmes shown beside it (all, if ``None``); ``price_year`` adds constant prices;
    with ``charts_dir`` each chart is also written there as PNG and SVG.
    """

    data: Dataset
    programme: str
    language: str = "en"
    price_year: int | None = None
    peers: Sequence[str] | None = None
    charts_dir: str | Path | None = None

    @cached_property
    def text(self) -> Text:
        """The wording of the report."""
        return Text.of(self.language)

    @cached_property
    def labels(self) -> Labels:
        """The names of everything, limited to the programme and its peers."""
        return Labels(self._selected, self.text)

    @cached_property
    def _selected(self) -> Dataset:
        if self.peers is None:
            return self.data
        chosen = {self.programme, *self.peers}
        programmes = self.data.programmes[self.data.programmes["programme_id"].isin(chosen)]
        return Dataset(self.data.root, {**self.data.tables, "programmes": programmes}, self.data.data_hash)

    @cached_property
    def place(self) -> dict[str, Any]:
        """The row of the programme."""
        return self.data.programme(self.programme)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The figures of the programme's documents."""
        return self.data.figures_of(self.programme)

    @cached_property
    def spans(self) -> pd.DataFrame:
        """Estimates of the programme and its peers with their spans over readings, nominal."""
        estimates = self.data.tables["estimates"]
        chosen = estimates[estimates["programme_id"].isin(self._selected.programme_ids)]
        return spans(self.data, chosen)

    @cached_property
    def _deflated(self) -> list[dict[str, Any]]:
        """The programme's estimates in prices of ``price_year``; none without a price year."""
        if self.price_year is None:
            return []
        own = self.data.tables["estimates"]
        own = own[own["programme_id"] == self.programme]
        return records(in_prices_of(self.data, own, self.price_year))

    @cached_property
    def constant(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Spans in prices of ``price_year``, by measure and dimensions; empty without a price year."""
        if not self._deflated:
            return {}
        return {self._cell(row): row for row in records(spans(self.data, pd.DataFrame(self._deflated)))}

    def heading(self, section: str) -> Html:
        """Return the heading of a section."""
        title = html.escape(self.text(f"report.section_{section}"))
        return Html(f'<h2 id="{section}">{title}</h2>')

    def opening(self) -> Html:
        """Return the title, what the report rests on, and the three main findings."""
        name = self.labels.of(self.place, "programme_name")
        title = self.text("report.title", place=self.labels.of(self.place, "label"), programme=name)
        bases = self.figures["year_basis"].value_counts()
        own = self._own()
        lead = self.text(
            "report.lead",
            name=name,
            figures=len(self.figures),
            inferred=bases.get("inferred", 0),
            unknown=bases.get("unknown", 0),
            choices=len(self._choices()),
            measures=len({row["measure"] for row in valued(own)}),
            all=len(MEASURES),
        )
        findings = "".join(f"<li>{html.escape(chart.title)}</li>" for chart in self._charts())
        caution = html.escape(" ".join([self.text("report.caution"), self._levels()]))
        return Html(
            f"<h1>{html.escape(title)}</h1><p>{html.escape(lead)}</p><ul>{findings}</ul><p><small>{caution}</small></p>"
        )

    def _levels(self) -> str:
        levels = list(dict.fromkeys(self._selected.programmes["admin_level"]))
        if len(levels) < 2:
            return ""
        names = self.text.listing([self.labels.term("admin_level", level) for level in levels])
        return self.text("report.levels", levels=names)

    def profile(self) -> Table:
        """Return what the place and its source documents are."""
        rows = [
            ("programme", self.labels.of(self.place, "programme_name")),
            ("level", self.labels.term("admin_level", self.place["admin_level"])),
            ("parent", self._joined(self.labels.of(self.place, name) for name in ("parent", "province"))),
        ]
        sources = self.data.sources[self.data.sources["programme_id"] == self.programme]
        for source in records(sources):
            rows += self._source_rows(source)
        counts = self.figures["theme"].value_counts()
        themes = sorted(counts.index, key=lambda theme: self.labels.rank("theme", theme))
        listed = (f"{self.labels.term('theme', theme)} {counts[theme]}" for theme in themes)
        rows.append(("count", self.text("number.list_separator").join(listed)))
        if note := self.labels.of(self.place, "note"):
            rows.append(("note", note))
        cells = tuple(
            {"what": self.text(f"table.{key}"), "value": value or self.text("report.empty")}
            for key, value in rows
        )
        return Table("profile", self.text("table.caption_profile"), self._columns("what", "value"), cells)

    def _source_rows(self, source: dict[str, Any]) -> list[tuple[str, str]]:
        first, _, last = source["published"].partition("/")
        date = self.text("number.years", first=first, last=last) if last else first
        if source["date_basis"] == "inferred":
            date = self.text("table.year_inferred", year=date)
        return [
            ("source", self.text.pick(source["title_en"], source["title"])),
            ("author", self.text.convert(source["author"])),
            ("publisher", self.text.convert(source["publisher"])),
            ("date", " ".join(part for part in (date, self.labels.of(source, "date_note")) if part)),
            ("hash", source["sha256"]),
        ]

    def chart(self, theme: str) -> Chart:
        """Return the chart of a theme, and write it to ``charts_dir`` if there is one."""
        draw = {"investment": cost_chart, "stipends": pay_chart, "branches": branch_chart}[theme]
        chart = draw(self.labels, self.spans, self.programme)
        if self.charts_dir:
            chart.save(Path(self.charts_dir))
        return chart

    def _charts(self) -> list[Chart]:
        drawing = (cost_chart, pay_chart, branch_chart)
        return [draw(self.labels, self.spans, self.programme) for draw in drawing]

    def estimates(self, theme: str) -> Table | Html:
        """Return the programme's estimates of a theme as a table, or a sentence where there is none."""
        rows = sorted((row for row in valued(self._own()) if row["theme"] == theme), key=self._order)
        if not rows:
            return self._sentence("report.no_rows")
        units: dict[str, set[str]] = {}
        for row in rows:
            units.setdefault(row["measure"], set()).add(row["unit"])
        cells = tuple(self._estimate_cells(row, len(units[row["measure"]]) == 1) for row in rows)
        optional = [key for key in ("span", "constant") if any(cell[key] for cell in cells)]
        columns = self._columns(
            "measure",
            "what",
            "value",
            *optional,
            "year",
            "status",
            "figures",
            right=("value", "span", "constant"),
        )
        title = self.text("table.caption_theme", theme=self.text(f"report.section_{theme}"))
        notes = (self.text("report.price_note", year=self.price_year),) if "constant" in optional else ()
        return Table(theme, title, columns, cells, group="measure", notes=notes)

    def _order(self, row: dict[str, Any]) -> tuple[int, ...]:
        ranks = (self.labels.rank(name, row[name]) for name in DIMENSIONS)
        return (list(MEASURES).index(row["measure"]), *ranks)

    def _estimate_cells(self, row: dict[str, Any], one_unit: bool) -> dict[str, str]:
        """Return the cells of an estimate; a unit that the whole measure shares stands in its heading."""
        unit = row["unit"]
        shared = one_unit and unit not in ("ratio", "share")
        # A count says what it counts by the name of its measure.
        named = shared and (unit.startswith("CNY") or "/" in unit)
        name, value = self.labels.measure(row["measure"]), (row["value"], row["lower"], row["upper"])
        return {
            "measure": self.text("table.with_unit", name=name, unit=self.text.unit(unit)) if named else name,
            "what": self.labels.dimensions(row),
            "value": self.text.interval(*value, "" if shared else unit, short=False),
            "span": self._span(row, "" if shared else unit),
            "constant": self._constant(row),
            "year": self._year(row["year"], row["year_basis"]),
            "status": self.text.code("status", row["status"]),
            "figures": row["figure_ids"],
        }

    def _span(self, row: dict[str, Any], unit: str) -> str:
        span = self.text.span(row["low"], row["high"], unit, short=False) if row["low"] < row["high"] else ""
        if row["n_values"] == row["n_readings"]:
            return span
        share = self.text("report.of_readings", number=row["n_values"], all=row["n_readings"])
        return self.text("chart.label", place=span, detail=share) if span else share

    def _constant(self, row: dict[str, Any]) -> str:
        if not row["unit"].startswith("CNY"):
            return ""
        constant = self.constant.get(self._cell(row))
        if constant is None:
            return ""
        return phrase(self.labels, constant)

    def other_areas(self) -> Html:
        """Return one table of figures for each theme that has no measures of its own."""
        themes = [theme for theme in self.figures["theme"].unique() if theme not in MEASURED]
        themes.sort(key=lambda theme: self.labels.rank("theme", theme))
        if not themes:
            return self._sentence("report.no_rows")
        return Html("".join(self._theme_figures(theme).html() for theme in themes))

    def _theme_figures(self, theme: str) -> Table:
        rows = records(self.figures, theme=theme)
        columns = self._columns("subject", "value", "printed", "year", "status", "id", right=("value",))
        title = self.text("table.caption_other", theme=self.labels.term("theme", theme))
        return Table(f"other-{theme}", title, columns, tuple(self._figure_cells(row) for row in rows))

    def _figure_cells(self, row: dict[str, Any]) -> dict[str, str]:
        return {
            "id": row["figure_id"],
            "subject": self.labels.of(row, "subject"),
            "printed": self.text.convert(row["printed"]),
            "value": self._figure_value(row),
            "qualifier": self.text.code("qualifier", row["qualifier"]),
            "period": self.text.code("period", row["period"]),
            "status": self.text.code("status", row["status"]),
            "year": self._year(row["year"], row["year_basis"]),
            "theme": self.labels.term("theme", row["theme"]),
            "place": self.text("report.locator", **{k: row[k] for k in ("paragraph", "start", "end")}),
            "note": self.labels.of(row, "note"),
        }

    def _figure_value(self, row: dict[str, Any]) -> str:
        if not pd.isna(row["value_to"]):
            return self.text.span(row["value"], row["value_to"], row["unit"])
        upper = 1.0 if row["unit"] == "share" and row["qualifier"] == "at_least" else row["upper"]
        if upper == 1.0 and row["qualifier"] == "at_least":
            upper = float("inf")
        return self.text.interval(row["value"], row["lower"], upper, row["unit"], short=False)

    def missing(self) -> Table | Html:
        """Return the measures without a value, with the kind of absence and its reason."""
        own = self._own()
        have = {row["measure"] for row in valued(own)}
        rows = [row for row in own if row["absence"] and (row["coding_id"] or row["measure"] not in have)]
        cells = tuple(
            {
                "theme": self.text(f"report.section_{row['theme']}"),
                "measure": self.labels.measure(row["measure"]),
                "what": self.labels.dimensions(row),
                "absence": self.text.code("absence", row["absence"]),
                "reason": self.labels.of(row, "reason"),
            }
            for row in rows
        )
        columns = self._columns("theme", "measure", "what", "absence", "reason")
        return Table("missing", self.text("table.caption_missing"), columns, cells, group="theme")

    def _choices(self) -> list[dict[str, Any]]:
        """Return the choices that touch an estimate of the programme, and those of its own."""
        used = {choice for row in self._estimates() for choice in parse_when(row["reading"])}
        rows = records(self.data.choices)
        return [row for row in rows if row["choice_id"] in used or row["programme_id"] == self.programme]

    def readings(self) -> Table | Html:
        """Return the programme's choices: each reading, whether it is feasible, and what it does."""
        rows = [
            self._reading_cells(choice, reading)
            for choice in self._choices()
            for reading in self._answers(choice)
        ]
        if not rows:
            return self._sentence("report.no_choices")
        columns = self._columns("question", "reading", "standing", "reason", "effect")
        return Table("readings", self.text("table.caption_readings"), columns, tuple(rows), group="question")

    def _answers(self, choice: dict[str, Any]) -> list[dict[str, Any]]:
        frame = self.data.readings
        return records(frame[frame["choice_id"] == choice["choice_id"]].sort_values("rank"))

    def _reading_cells(self, choice: dict[str, Any], reading: dict[str, Any]) -> dict[str, str]:
        kind = self.text.code("kind", choice["kind"])
        standing = "report.default" if reading["is_default"] else "report.possible"
        return {
            "question": self.text("chart.label", place=self.labels.of(choice, "question"), detail=kind),
            "reading": self.labels.of(reading, "label"),
            "standing": self.text(standing) if reading["feasible"] else self.text("report.ruled_out"),
            "reason": self._why(reading),
            "effect": self._effect(choice["choice_id"], reading["reading"]),
        }

    def _why(self, reading: dict[str, Any]) -> str:
        reason = self.labels.of(reading, "reason")
        if reading["feasible"]:
            return reason
        left, relation, right = arithmetic.split_relation(reading["requires"])
        left_amount, right_amount = (arithmetic.evaluate(side, self.data.amounts) for side in (left, right))
        return self.text(
            "report.infeasible_shown",
            reason=reason,
            left=self._quantity(left_amount),
            relation=_SIGNS[relation],
            right=self._quantity(right_amount),
        )

    def _effect(self, choice: str, reading: str) -> str:
        """Return the first estimate of the programme under the reading, with its status."""
        rows = [*self._estimates(), *self._deflated]
        row = next((row for row in rows if parse_when(row["reading"]).get(choice) == reading), None)
        if row is None:
            return self.text("report.no_effect")
        if row["absence"]:
            shown = self.text.code("absence", row["absence"])
        else:
            value = self.text.interval(row["value"], row["lower"], row["upper"], row["unit"])
            shown = self.text("chart.label", place=value, detail=self.text.code("status", row["status"]))
        label = " · ".join([self.labels.measure(row["measure"]), self.labels.dimensions(row)])
        return self.text("chart.alt_row", label=label, value=shown)

    def arithmetic(self) -> Table | Html:
        """Return the identities of the programme's documents, and whether they add up."""
        frame = self.data.tables["identities"]
        rows = records(frame[frame["source_id"].isin(self.figures["source_id"])])
        if not rows:
            return self._sentence("report.no_identities")
        cells = tuple(self._identity_cells(row) for row in rows)
        columns = self._columns("check", "result", "note", "figures")
        return Table("arithmetic", self.text("table.caption_arithmetic"), columns, cells)

    def _identity_cells(self, row: dict[str, Any]) -> dict[str, str]:
        left, right = (arithmetic.evaluate(row[side], self.data.amounts) for side in ("left", "right"))
        adds_up = arithmetic.holds(left, row["relation"], right)
        relation = _SIGNS[row["relation"]] if adds_up else _BROKEN[row["relation"]]
        return {
            "check": f"{self._quantity(left)} {relation} {self._quantity(right)}",
            "result": self.text("report.holds" if adds_up else "report.fails"),
            "note": self.labels.of(row, "note"),
            "figures": " ".join(dict.fromkeys([*left.figure_ids, *right.figure_ids])),
        }

    def all_figures(self) -> Table:
        """Return every figure with its place in the document."""
        keys = ("subject", "printed", "value", "qualifier", "period", "year", "place", "note", "id")
        columns = self._columns(*keys, "theme", right=("value",))
        rows = records(self.figures)
        cells = tuple(self._figure_cells(row) for row in rows)
        return Table("figures", self.text("table.caption_figures"), columns, cells, group="theme")

    def method(self) -> Html:
        """Return the method note."""
        number = len(self.data.programme_ids)
        lines = (self.text(f"report.method_{line}", number=number) for line in range(1, METHOD_LINES + 1))
        return Html(f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>")

    def _own(self) -> list[dict[str, Any]]:
        return records(self.spans, programme_id=self.programme)

    def _estimates(self) -> list[dict[str, Any]]:
        return records(self.data.tables["estimates"], programme_id=self.programme)

    def _cell(self, row: dict[str, Any]) -> tuple[Any, ...]:
        return (row["measure"], *(row[name] for name in DIMENSIONS))

    def _year(self, year: str, basis: str) -> str:
        if not year:
            return self.text("table.unknown_year")
        first, _, last = year.partition("/")
        shown = self.text("number.years", first=first, last=last) if last else first
        return self.text("table.year_inferred", year=shown) if basis == "inferred" else shown

    def _quantity(self, amount: Amount) -> str:
        return self.text.quantity(amount.value, amount.unit)

    def _joined(self, parts: Iterable[str]) -> str:
        return self.text("number.list_separator").join(part for part in parts if part)

    def _sentence(self, key: str) -> Html:
        return Html(f"<p>{html.escape(self.text(key))}</p>")

    def _columns(self, *keys: str, right: tuple[str, ...] = ()) -> tuple[Column, ...]:
        return tuple(
            Column(
                key,
                self.text(f"table.{key}", year=self.price_year),
                "right" if key in right else "left",
                css=_CSS.get(key, ""),
            )
            for key in keys
        )


_CSS = dict.fromkeys(("year", "status", "standing", "absence", "result"), "white-space:nowrap")
_CSS |= dict.fromkeys(("what", "subject", "reading", "reason", "effect", "note", "check"), "min-width:10rem")
_SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}
_BROKEN = {"=": "≠", "<=": ">", ">=": "<"}
