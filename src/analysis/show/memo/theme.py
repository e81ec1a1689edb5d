"""The memo on a theme: what can be compared and how firmly, what cannot, and what is not reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from analysis.draw.tables import Table
from analysis.estimates.comparison import Comparison
from analysis.estimates.reasons import NOT_PRINTED
from analysis.estimates.robustness import Pair
from analysis.estimates.spans import Span
from analysis.evidence.dataset import records
from analysis.evidence.rows import Choice, Figure, rows_of
from analysis.evidence.schema import ABSENCES
from analysis.show.export.request import name_themes
from analysis.show.memo.facts import Basis, Fact, count, counts, number_sources
from analysis.show.memo.passages import ChartPart, Memo, Passage, Section, TablePart
from analysis.show.memo.writer import MOST_SOURCES, MemoWriter
from analysis.show.tablekit.comparison_tables import ComparisonTables
from analysis.show.tablekit.subject import Subject
from analysis.show.tablekit.table_maker import cut_rows
from analysis.words.comparisons import (
    MOST_COUNTS,
    comparison_sentence,
    pairs_phrase,
    prices_phrase,
    value_phrase,
)
from analysis.words.phrases import list_programmes

SAID = 8  # comparisons that are said in sentences
DRAWN = 3  # measures that are drawn
MOST_ROWS = 40  # rows of a table
BESIDE = 6  # programmes in columns on A4
TABLES = ("rankings", "flips", "coverage", "side-by-side", "not-compared")
MORE_TABLES = ("sensitivity",)
_NO_MONEY = ("flips", "coverage", "not-compared")
_STATES = ("", "not_comparable", "not_applicable", "not_coded", "not_reported")
_CELL = ("measure", "object", "works", "funder", "place", "post", "stage")


@dataclass(frozen=True)
class ThemeMemo(MemoWriter):
    """Writes the memo that compares all programmes in a theme."""

    theme: str = ""

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """The comparisons of the theme, like with like first."""
        return self.book.comparisons[self.theme]

    @cached_property
    def rows(self) -> list[Span]:
        """The estimates of all programmes in the theme."""
        return [row for rows in self.spans.values() for row in rows if row.theme == self.theme]

    @cached_property
    def named(self) -> list[str]:
        """The programmes that sentences and tables name, in the order of the data."""
        found = {p for comparison in self.comparisons[:SAID] for p in _ends(comparison)}
        found |= {owner for table in self.tables.values() for owner in table.owners}
        few = len(self.data.programme_ids) <= MOST_SOURCES
        return [p for p in self.data.programme_ids if few or p in found]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers of the documents cited."""
        return self.number_documents(self.named)

    @cached_property
    def tables(self) -> dict[str, CutTable]:
        """The tables of the theme that have rows, cut to what a memo can hold."""
        subject = Subject(self.data, (self.theme,), price_year=self.price_year)
        maker = MemoTables(subject, self.language, BESIDE)
        found = {name: maker.one(name) for name in (*TABLES, *MORE_TABLES)}
        return {name: table for name, table in found.items() if table.rows}

    @property
    def title(self) -> str:
        """The name of the theme."""
        return self.text(f"report.section_{self.theme}")

    def memo(self) -> Memo:
        """Return the memo."""
        charts, tables = self._charts(), {name: self._table(name) for name in self.tables}
        compared = [name for name in charts if name.startswith("comparison_")]
        shown = [*compared[:DRAWN], "coverage"]
        return Memo(
            name=f"comparison-{name_themes(self.theme)}",
            language=self.language,
            about=self.about(theme=self.theme),
            title=self.say("memo.title_theme", theme=self.title),
            lead=self._lead(),
            findings=tuple(self._findings(charts["coverage"])),
            charts={name: charts[name] for name in shown},
            tables={name: part for name, part in tables.items() if name in TABLES},
            notes=tuple(self._notes()),
            sources=self._sources_used(),
            method=(self.say("comparison.method_1"), self.say("comparison.method_2"), *self.method()),
            caution=self.say("report.caution"),
            made=self.made(),
            more_charts={name: part for name, part in charts.items() if name not in shown},
            more_tables={name: part for name, part in tables.items() if name in MORE_TABLES},
        )

    def _lead(self) -> Passage:
        alike = sum(not comparison.across for comparison in self.comparisons)
        programmes, across = len(self.data.programme_ids), len(self.comparisons) - alike
        numbers = {"programmes": programmes, "alike": alike, "across": across}
        prices = prices_phrase(self.labels, self.comparisons)
        known = counts(f"of comparisons in {self.theme}", **numbers)
        return self.say("memo.lead_theme", known, theme=self.title, prices=prices, **numbers)

    def _notes(self) -> Iterator[Passage]:
        yield from self.levels()
        total, shown = len(self.data.sources), len(self.numbers)
        if total > shown:
            facts = (count("documents", total, "document"), count("documents named", shown, "document"))
            numbers = {"total": self.text.number(total), "shown": self.text.number(shown)}
            basis = Basis("documents", facts)
            yield self.say("memo.sources_cut", basis, command=_command(self.theme), **numbers)

    def _sources_used(self) -> tuple[Passage, ...]:
        rows = (row for row in self.rows if row.has_value and row.programme_id in self.named)
        used = {name for row in rows for name in row.figure_ids.split()}
        frame = self.data.figures
        return self.list_sources(self.numbers, rows_of(Figure, frame[frame["figure_id"].isin(used)]))

    # Findings

    def _findings(self, coverage: ChartPart) -> Iterator[Section]:
        yield Section(self.say("comparison.section_rankings"), tuple(self._compared()))
        yield Section(self.say("comparison.section_flips"), tuple(self._flips()))
        if left := tuple(self._left_out()):
            yield Section(self.say("comparison.section_out"), left)
        reported = self.text("memo.ended", sentence=coverage.title.text)
        said = (self.passage(reported, *coverage.title.rests_on), *self._unreported())
        yield Section(self.say("comparison.section_coverage"), said)

    def _compared(self) -> Iterator[Passage]:
        """Yield the order of each comparison, and between which values its programmes lie."""
        for comparison in self.comparisons[:SAID]:
            near = _ends(comparison)
            order = self.text("memo.ended", sentence=comparison_sentence(self.labels, comparison))
            sentence = self.labels.sentences([order, self._extent(comparison)])
            bases = self.facts.comparison(comparison, near), number_sources(self.numbers)
            yield self.passage(self.cite(sentence, self.numbers, near), *bases)
        if not self.comparisons:
            yield self.say("comparison.none")

    def _extent(self, comparison: Comparison) -> str:
        high, low = comparison.ranked[0], comparison.ranked[-1]
        if len(comparison.ranked) < 3 or not comparison.is_rate:
            return ""
        return self.text(
            "memo.extent",
            number=self.text.number(len(comparison.ranked)),
            low=value_phrase(self.labels, low, comparison),
            high=value_phrase(self.labels, high, comparison),
            lowest=self.labels.item(low.item),
            highest=self.labels.item(high.item),
        )

    def _flips(self) -> Iterator[Passage]:
        """Yield the neighbours whose order some reading turns."""
        turned = [(each, pair) for each in self.comparisons for pair in each.turned]
        for comparison, pair in turned[:SAID]:
            yield self._flip(comparison, pair)
        if not turned:
            yield self.say("comparison.no_flip" if self.comparisons else "comparison.none")

    def _flip(self, comparison: Comparison, pair: Pair) -> Passage:
        owners = [item.split(":")[0] for item in (pair.first, pair.second)]
        choices = [row for row in rows_of(Choice, self.data.choices) if row.choice_id in pair.deciding]
        return self.say(
            "memo.flip",
            self.facts.comparison(comparison, owners),
            self.facts.choices(f"choices {' '.join(pair.deciding)}", choices),
            name=self.labels.comparison(comparison),
            first=self.labels.item(pair.first),
            second=self.labels.item(pair.second),
            order=pairs_phrase(self.labels, pair.higher, pair.total),
            deciding=self.join(self.labels.of(row, "question") for row in choices)
            or self.text("comparison.none_alone"),
        )

    def _left_out(self) -> Iterator[Passage]:
        """Yield who is left out of each comparison though the documents say something, and why."""
        for comparison in self.comparisons[:SAID]:
            reasons: dict[tuple[str, str], list[str]] = {}
            for row in records(comparison.left_out):
                if row["reason"] != NOT_PRINTED:
                    key = (self.text.code("absence", row["absence"]), self.labels.reason(row["reason"]))
                    reasons.setdefault(key, []).append(row["programme_id"])
            if not reasons:
                continue
            sentences = [
                self.text(
                    "memo.left_out", names=list_programmes(self.labels, owners), kind=kind, reason=reason
                )
                for (kind, reason), owners in list(reasons.items())[:SAID]
            ]
            name = self.labels.comparison(comparison)
            words = self.text("number.labelled", label=name, value=self.labels.sentences(sentences))
            numbers = (count("programmes left out", len(owners), "programme") for owners in reasons.values())
            bases = self.facts.comparison(comparison, ()), Basis(f"left out of {name}", tuple(numbers))
            yield self.passage(words, *bases)

    def _unreported(self) -> Iterator[Passage]:
        reported = {row.measure for row in self.rows if row.has_value}
        silent = [self.labels.measure(code) for code in self.measures_of(self.theme) if code not in reported]
        if silent:
            yield self.say("memo.nobody", measures=self.join(silent))

    # Charts and tables

    def _charts(self) -> dict[str, ChartPart]:
        reported = {row.measure for rows in self.spans.values() for row in rows if row.has_value}
        measures = len(self.measures_of(self.theme))
        numbers = counts(f"of measures in {self.theme}", measure=measures, value=len(reported))
        found = {}
        for picture in self.book.theme(self.theme):
            measure = picture.name.partition("_")[2]
            about = [c for c in self.comparisons if c.measure == measure and c.unit]
            bases = [self.facts.comparison(c, (*_ends(c), *self._labelled(picture))) for c in about]
            found[picture.name] = self.chart(picture, *bases, numbers, *self._drawn(picture.programmes))
        return found

    def _drawn(self, programmes: Iterable[str]) -> list[Basis]:
        """Return the estimates of the programmes of a chart, where they are few."""
        chosen = [p for p in self.data.programme_ids if p in set(programmes)]
        if len(chosen) > MOST_SOURCES:
            return []
        return [self.estimates(p, self.theme) for p in chosen] + [self.facts.programme(p) for p in chosen]

    def _table(self, name: str) -> TablePart:
        made = self.tables[name]
        owners = [p for p in self.data.programme_ids if p in made.owners]
        bases = [self.facts.comparison(c, owners) for c in self.comparisons]
        bases += [self.estimates(p, self.theme) for p in owners]
        bases += [self.readings(p, self.theme) for p in owners if name == "sensitivity"]
        bases += [self.facts.programme(p) for p in owners] if len(owners) <= MOST_SOURCES else []
        bases.append(self.facts.choices("choices", rows_of(Choice, self.data.choices)))
        rows = [count(f"rows of {name}", number, "value") for number in made.counts]
        facts = (*rows, *self._reported, *self._reasons)
        return self.table(made, *bases, Basis(f"table {name}", facts))

    @cached_property
    def _reported(self) -> list[Fact]:
        """How many programmes report each measure and each cell, and how many do not, by type."""
        known = self.data.programme_ids
        states: dict[tuple[str, str], str] = {}
        cells: dict[str, set[str]] = {}
        for row in self.rows:
            pair = (row.measure, row.programme_id)
            states[pair] = min(states.get(pair, "not_reported"), row.absence, key=_STATES.index)
            if row.has_value:
                cell = "/".join(filter(None, (getattr(row, name) for name in _CELL)))
                cells.setdefault(cell, set()).add(row.programme_id)
        facts = []
        for measure in self.measures_of(self.theme):
            found = Counter(states.get((measure, programme), "not_reported") for programme in known)
            for state in ("", *ABSENCES):
                name = f"programmes with {measure} {state.replace('_', ' ') or 'reported'}"
                facts.append(count(name, found[state], "programme"))
        facts += [count(f"programmes with {cell}", len(own), "programme") for cell, own in cells.items()]
        return [*facts, count("programmes in all", len(known), "programme")]

    @cached_property
    def _reasons(self) -> list[Fact]:
        frame = self.data.tables["estimates"]
        chosen = frame[(frame["theme"] == self.theme) & (frame["absence"] != "")]
        return [
            fact
            for reason in sorted(set(chosen["reason"]))
            for fact in self.facts.quote("reason of an absence", self.labels.reason(reason))
        ]


def _ends(comparison: Comparison) -> list[str]:
    """Return the programmes that a sentence names: the two highest and the lowest, or all counts."""
    if not comparison.is_rate and len(comparison.ranked) <= MOST_COUNTS:
        return comparison.programmes
    owners = [row.programme for row in comparison.ranked]
    second = next((owner for owner in owners if owner != owners[0]), owners[0])
    return [owners[0], second, owners[-1]]


def _command(theme: str) -> str:
    """Return the command that writes all tables of a theme."""
    return f"analysis tables --theme {theme}"


@dataclass(frozen=True)
class CutTable(Table):
    """A table, the programmes that its rows rest on, and how many rows it shows of how many."""

    owners: frozenset[str] = frozenset()
    counts: tuple[int, ...] = ()


@dataclass(frozen=True)
class MemoTables(ComparisonTables):
    """Makes the tables of a comparison with as many rows as a memo can hold."""

    def one(self, name: str) -> CutTable:
        """Return one table by its name; without rows where there is nothing to show."""
        made = getattr(self, name.replace("-", "_"))()
        assert isinstance(made, CutTable)
        return made

    def finish(
        self,
        table: Table | None,
        name: str,
        *,
        file: str = "",
        nothing: str = "",
        owners: Iterable[str] = (),
        total: int = 0,
    ) -> CutTable:
        """Return a table cut to ``MOST_ROWS``; one that is cut says which command writes them all."""
        if table is None:
            return CutTable(name, "", (), ())
        total = max(total, len(table.rows))
        short = cut_rows(table, MOST_ROWS)
        notes = [self.text("comparison.method_1")] if name in ("rankings", "flips") else []
        if any("CNY" in row.unit for row in self.subject.span_rows) and name not in _NO_MONEY:
            notes.append(self.price_note)
        if total > len(short.rows):
            numbers = {"shown": self.text.number(len(short.rows)), "total": self.text.number(total)}
            notes.append(self.text("memo.cut", command=_command(self.subject.themes[0]), **numbers))
        return CutTable(
            name, short.title, short.columns, short.rows, short.group, tuple(notes), "",
            frozenset(owners), (len(short.rows), total),
        )  # fmt: skip
