"""The memo on one programme: what its documents say, how firm it is, and what they do not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.draw.tables import Table
from analysis.estimates.comparison import Comparison
from analysis.estimates.reasons import NOT_PRINTED
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES
from analysis.evidence.schema import DIMENSIONS
from analysis.show.county.estimates import estimates_table, missing_table
from analysis.show.county.readings import readings_table
from analysis.show.county.view import View
from analysis.show.memo.content import ChartPart, Memo, Section, TablePart
from analysis.show.memo.facts import Basis, Passage
from analysis.show.memo.tables import figures_cited, with_places
from analysis.show.memo.writer import Writer
from analysis.words.comparisons import comparison_sentence, value_phrase
from analysis.words.phrases import count_readings, strip_denominators, with_values

Row = dict[str, Any]
LISTED = 3  # values of a measure that are said one by one
# Values that differ in one of these are in no range together: a subsidy is no cost, pay before no pay after.
ALIKE = ("measure", "unit", "object", "funder", "stage")
RANKED = 3  # comparisons of a theme that are said
PROFILED = 10  # rows that a profile may have to be legible on a page


def programme_memo(
    data: Dataset, programme: str, language: str = "en", price_year: int | None = None
) -> Memo:
    """Return the memo on one programme; money as printed, or in the prices of ``price_year``."""
    return ProgrammeMemo(data, language, price_year, programme).memo()


@dataclass(frozen=True)
class ProgrammeMemo(Writer):
    """Writes the memo on one programme."""

    programme: str = ""

    @cached_property
    def place(self) -> str:
        """The name of the place."""
        return self.labels.programme(self.programme)

    @cached_property
    def view(self) -> View:
        """The rows of the programme; its peers are for the charts."""
        return View(self.data, self.programme, self.language, self.price_year, peers=())

    @cached_property
    def own(self) -> list[Row]:
        """The estimates of the programme, at the prices of the memo."""
        return self.spans[self.programme]

    @cached_property
    def compared(self) -> dict[str, list[Comparison]]:
        """The comparisons that the programme is in, by theme."""
        return {
            theme: [c for c in found if self.programme in c.programmes]
            for theme, found in self.book.comparisons.items()
        }

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers of the documents cited."""
        beside = {p for found in self.compared.values() for c in found for p in self._neighbours(c)}
        ordered = [self.programme, *(p for p in self.data.programme_ids if p in beside - {self.programme})]
        found: dict[str, int] = {}
        for programme in ordered:
            for source in self.numbered([programme]):
                found.setdefault(source, len(found) + 1)
        return found

    def _neighbours(self, comparison: Comparison) -> list[str]:
        """Return the programmes that a sentence on a comparison names."""
        items = [row["item"] for row in self.ranking(comparison)]
        return [item.split(":")[0] for item in (items[0], items[-1])]

    def memo(self) -> Memo:
        """Return the memo."""
        charts, tables = self._charts(), self._tables()
        theme_charts = [theme.chart for theme in THEMES.values() if self._reports(theme.code)]
        legible = 0 < len(charts["profile"].picture.rows) <= PROFILED
        shown = [name for name in (*theme_charts, *(["profile"] if legible else [])) if name in charts]
        default = [name for name in (*THEMES, "missing", "readings", "figures") if name in tables]
        return Memo(
            name=self.programme,
            language=self.language,
            about=self.about,
            title=self._title(),
            lead=self._lead(),
            findings=tuple(self._section(theme) for theme in THEMES),
            charts={name: charts[name] for name in shown},
            tables={name: tables[name] for name in default},
            notes=self._notes(),
            sources=tuple(self._sources()),
            method=self.method(),
            caution=self.say("report.caution"),
            made=self.made(),
            more_charts={name: part for name, part in charts.items() if name not in shown},
        )

    @property
    def about(self) -> dict[str, str]:
        """What the memo is made from."""
        year = "" if self.price_year is None else str(self.price_year)
        return {"programme": self.programme, "price_year": year, "data": self.data.data_hash}

    def _reports(self, theme: str) -> bool:
        return any(row["theme"] == theme for row in with_values(self.own))

    def _title(self) -> Passage:
        name = self.labels.of(self.view.place, "programme_name")
        return self.say("memo.title", self.dates(self.programme), place=self.place, programme=name)

    def _lead(self) -> Passage:
        figures = self.view.figures["year_basis"].value_counts()
        numbers: dict[str, int] = {
            "documents": len(self.view.sources),
            "figures": len(self.view.figures),
            "inferred": int(figures.get("inferred", 0)),
            "unknown": int(figures.get("unknown", 0)),
            "choices": len(self.view.choices),
            "measures": len({row["measure"] for row in with_values(self.own)}),
            "all": len(MEASURES),
        }
        basis = self.counts(f"of {self.programme}", **numbers)
        return self.say("memo.lead", basis, self.dates(self.programme), place=self.place, **numbers)

    # Findings

    def _section(self, theme: str) -> Section:
        heading = self.say(f"report.section_{theme}")
        found = [*self._values(theme), *self._places(theme), *self._gaps(theme)]
        return Section(heading, tuple(found))

    def _values(self, theme: str) -> Iterator[Passage]:
        basis = self.estimates(self.programme, theme)
        cite = self.cite(self.numbers, [self.programme])
        rests = (
            basis,
            self.cited(self.numbers),
            self.counts(f"of {theme}", measure=len(self.measures_of(theme))),
        )
        rows = [row for row in with_values(self.own) if row["theme"] == theme]
        if not rows:
            number = len(self.measures_of(theme))
            yield self.say("memo.silent", *rests, place=self.place, number=number)
            return
        by_measure: dict[str, list[Row]] = {}
        for row in sorted(rows, key=self._order):
            by_measure.setdefault(row["measure"], []).append(row)
        for measure, found in by_measure.items():
            groups = self._alike(found)
            numbers = self.counts(
                f"of {measure} of {self.programme}", **{f"values {n}": len(g) for n, g in enumerate(groups)}
            )
            yield self.passage(self.cited_sentence(self._sentence(measure, groups), cite), *rests, numbers)

    def _alike(self, rows: list[Row]) -> list[list[Row]]:
        groups: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(row[name] for name in ALIKE), []).append(row)
        return list(groups.values())

    def _order(self, row: Row) -> tuple[Any, ...]:
        ranks = (self.labels.rank(name, row[name]) for name in DIMENSIONS)
        return (list(MEASURES).index(row["measure"]), row["unit"], *ranks)

    def _sentence(self, measure: str, groups: list[list[Row]]) -> str:
        """Return a measure in a sentence: each value, or of many alike the smallest and the largest."""
        said = self.text("number.item_separator").join(map(self._listed, groups))
        return self.text("memo.values", measure=self.labels.measure(measure), values=said)

    def _listed(self, rows: list[Row]) -> str:
        if len(rows) <= LISTED:
            return self.text("number.item_separator").join(map(self._said, rows))
        low, high = min(rows, key=lambda row: row["value"]), max(rows, key=lambda row: row["value"])
        key = "memo.values_same" if low["value"] == high["value"] else "memo.values_many"
        ends = {"low": self._said(low, brief=True), "high": self._said(high, brief=True)}
        return self.text(key, number=len(rows), **ends)

    def _said(self, row: Row, *, brief: bool = False) -> str:
        """Return one estimate in words: of what, how much, and what is uncertain about it."""
        text, of = self.text, self.labels.dimensions(row)
        value = text.interval(row["value"], row["lower"], row["upper"], row["unit"])
        details = []
        if row["low"] < row["high"]:
            value = text.quantity(row["value"], row["unit"], short=True)
            span = text.span(row["low"], row["high"], strip_denominators(row["unit"]))
            details.append(text("memo.depends", span=span))
        details.append(count_readings(self.labels, row))
        details.append(text.code("status", row["status"]) if row["status"] == "planned" else "")
        if not brief:
            details.append(self._year(row))
        shown = self.labels.with_detail(value, details)
        return text("memo.of", what=of, value=shown) if of else shown

    def _year(self, row: Row) -> str:
        if not row["year"]:
            return self.text("memo.year_unknown")
        known = self.text.code("year_basis", "inferred") if row["year_basis"] == "inferred" else ""
        return self.labels.attributes((self.labels.year(row["year"], "stated"), known))

    def _places(self, theme: str) -> Iterator[Passage]:
        """Yield where the programme stands beside others."""
        found = self.compared[theme]
        for comparison in found[:RANKED]:
            near = [self.programme, *self._neighbours(comparison)]
            basis = self.comparison(comparison, near)
            cite = self.cite(self.numbers, near)
            for sentence in self._standings(comparison):
                yield self.passage(self.cited_sentence(sentence, cite), basis, self.cited(self.numbers))
        if (more := len(found) - RANKED) > 0:
            yield self.say(
                "memo.more_comparisons", self.counts(f"left of {theme}", comparison=more), number=more
            )

    def _standings(self, comparison: Comparison) -> Iterator[str]:
        ranking = self.ranking(comparison)
        name = self.labels.comparison(comparison)
        if len(ranking) == 2:
            yield self.text("memo.ended", sentence=comparison_sentence(self.labels, comparison))
            return
        for row in ranking:
            if row["item"].split(":")[0] != self.programme:
                continue
            firm = row["best_rank"] == row["worst_rank"]
            yield self.text(
                "memo.rank" if firm else "memo.rank_open",
                name=name,
                place=self.labels.item(row["item"]),
                rank=row["rank"],
                best=row["best_rank"],
                worst=row["worst_rank"],
                number=len(ranking),
                first=self.labels.item(ranking[0]["item"]),
                first_value=value_phrase(self.labels, ranking[0], comparison),
            )

    def _gaps(self, theme: str) -> Iterator[Passage]:
        """Yield what has no value: first what the documents explain, then what they are silent on."""
        basis = self.estimates(self.programme, theme)
        have = {row["measure"] for row in with_values(self.own)}
        gaps = [row for row in self.own if row["theme"] == theme and row["absence"]]
        explained = [row for row in gaps if row["reason"] != NOT_PRINTED]
        by_reason: dict[tuple[str, str], list[Row]] = {}
        for row in explained:
            by_reason.setdefault((row["absence"], self.labels.reason(row["reason"])), []).append(row)
        for (absence, reason), rows in by_reason.items():
            what = self.text("number.item_separator").join(dict.fromkeys(map(self._what, rows)))
            kind = self.text.code("absence", absence)
            yield self.say("memo.gap", basis, what=what, reason=reason, kind=kind[:1].upper() + kind[1:])
        named = {row["measure"] for row in explained} | have
        silent = [self.labels.measure(code) for code in self.measures_of(theme) if code not in named]
        if silent and have & set(self.measures_of(theme)):
            yield self.say(
                "memo.not_reported", basis, measures=self.text("number.item_separator").join(silent)
            )

    def _what(self, row: Row) -> str:
        of = self.labels.dimensions(row)
        name = self.labels.measure(row["measure"])
        return self.text("comparison.name", measure=name, object=of) if of else name

    # Charts and tables

    def _charts(self) -> dict[str, ChartPart]:
        made: dict[str, ChartPart] = {}
        own = (self.estimates(self.programme), self.readings(self.programme), self.dates(self.programme))
        choices = self.evidence.choices(f"choices of {self.programme}", self.view.choices)
        for picture in self.book.programme(self.programme):
            made[picture.name] = self.chart(picture, *own, choices)
        return made

    def _tables(self) -> dict[str, TablePart]:
        own = (self.estimates(self.programme), self.readings(self.programme), *self._constant())
        choices = self.evidence.choices(f"choices of {self.programme}", self.view.choices)
        rows = records(self.view.figures)
        figures = self.evidence.figures(f"figures of {self.programme}", rows)
        cited = self.cited(self.numbers)
        places = {row["figure_id"]: row for row in rows}
        found: list[tuple[Table | None, tuple[Basis, ...]]] = [
            *((estimates_table(self.view, theme), (*own, figures, cited)) for theme in THEMES),
            (missing_table(self.view), own),
            (readings_table(self.view), (*own, choices, figures)),
            (figures_cited(self.view, self._used(), self.numbers), (figures, cited)),
        ]
        return {
            table.name: self.table(with_places(self.text, table, places, self.numbers), *bases)
            for table, bases in found
            if table is not None and table.rows
        }

    def _constant(self) -> tuple[Basis, ...]:
        """Return the estimates as printed, which stand in the tables beside those in constant prices."""
        if self.price_year is None:
            return ()
        return (self.evidence.estimates(f"estimates {self.programme} as printed", self.view.own_spans),)

    def _used(self) -> list[Row]:
        """Return the figures that the estimates of the programme rest on."""
        used = {name for row in with_values(self.own) for name in row["figure_ids"].split()}
        return [row for row in records(self.view.figures) if row["figure_id"] in used]

    def _notes(self) -> tuple[Passage, ...]:
        levels = list(dict.fromkeys(self.data.programmes["admin_level"]))
        own = self.labels.of(self.view.place, "note")
        names = self.text.listing([self.labels.term("admin_level", level) for level in levels])
        notes = [self.passage(own, self.dates(self.programme))] if own else []
        if len(levels) > 1 and any(self.compared.values()):
            notes.append(self.say("report.levels", levels=names))
        return tuple(notes)

    def _sources(self) -> Iterator[Passage]:
        used = self._used()
        rows = {row["source_id"]: row for row in records(self.data.sources)}
        for source, number in self.numbers.items():
            yield self.source(number, rows[source], [row for row in used if row["source_id"] == source])
