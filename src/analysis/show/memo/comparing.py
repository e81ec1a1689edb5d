"""The memo on a theme: what can be compared and how firmly, what cannot, and what is not reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from analysis.draw.tables import Table
from analysis.estimates.comparison import Comparison
from analysis.estimates.reasons import NOT_PRINTED
from analysis.estimates.robustness import Pair
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.schema import ABSENCES
from analysis.show.memo.content import ChartPart, Memo, Section, TablePart
from analysis.show.memo.facts import Basis, Passage, count
from analysis.show.memo.writer import MOST_SOURCES, Writer
from analysis.show.tablekit.comparing import ComparisonTables
from analysis.show.tablekit.layout import row_shares
from analysis.show.tablekit.rows import Subject
from analysis.words.comparisons import comparison_sentence, value_phrase
from analysis.words.phrases import list_programmes, price_phrase, with_values

SAID = 8  # comparisons that are said in sentences
DRAWN = 3  # measures that are drawn
MOST_ROWS = 40  # rows of a table
BESIDE = 6  # programmes in columns on A4
TABLES = ("rankings", "flips", "coverage", "side-by-side", "not-compared")
MORE_TABLES = ("sensitivity",)


def theme_memo(data: Dataset, theme: str, language: str = "en", price_year: int | None = None) -> Memo:
    """Return the memo that compares all programmes in a theme."""
    return ThemeMemo(data, language, price_year, theme).memo()


@dataclass(frozen=True)
class ThemeMemo(Writer):
    """Writes the memo on a theme."""

    theme: str = ""

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """The comparisons of the theme, like with like first."""
        return self.book.comparisons[self.theme]

    @cached_property
    def named(self) -> list[str]:
        """The programmes that sentences and tables name, in the order of the data."""
        found = {p for comparison in self.comparisons[:SAID] for p in self._ends(comparison)}
        found |= {owner for table in self.tables.values() for owner in table.owners}
        few = len(self.data.programme_ids) <= MOST_SOURCES
        return [p for p in self.data.programme_ids if few or p in found]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers of the documents cited."""
        return self.numbered(self.named)

    def _ends(self, comparison: Comparison) -> list[str]:
        """Return the programmes that a sentence names: the two highest and the lowest."""
        items = [row["item"].split(":")[0] for row in self.ranking(comparison)]
        second = next((item for item in items if item != items[0]), items[0])
        return [items[0], second, items[-1]]

    @cached_property
    def tables(self) -> dict[str, CutTable]:
        """The tables of the theme, cut to what a memo can hold."""
        subject = Subject(self.data, (self.theme,), price_year=self.price_year)
        made = MemoTables(subject, self.language, BESIDE)
        return {name: made.one(name) for name in (*TABLES, *MORE_TABLES)}

    def memo(self) -> Memo:
        """Return the memo."""
        charts, tables = self._charts(), self._tables()
        compared = [name for name in charts if name.startswith("comparison_")]
        shown = [*compared[:DRAWN], "coverage"]
        year = "" if self.price_year is None else str(self.price_year)
        return Memo(
            name=f"comparison-{self.theme}",
            language=self.language,
            about={"theme": self.theme, "price_year": year, "data": self.data.data_hash},
            title=self.say("memo.title_theme", theme=self.text(f"report.section_{self.theme}")),
            lead=self._lead(),
            findings=tuple(self._findings(charts["coverage"])),
            charts={name: charts[name] for name in shown},
            tables={name: tables[name] for name in TABLES if name in tables},
            notes=tuple(self._notes()),
            sources=tuple(self._sources()),
            method=(self.say("comparison.method_1"), self.say("comparison.method_2"), *self.method()),
            caution=self.say("report.caution"),
            made=self.made(),
            more_charts={name: part for name, part in charts.items() if name not in shown},
            more_tables={name: tables[name] for name in MORE_TABLES if name in tables},
        )

    def _lead(self) -> Passage:
        alike = sum(not comparison.across for comparison in self.comparisons)
        basis = "nominal" if self.price_year is None else f"constant-{self.price_year}"
        numbers = {
            "programmes": len(self.data.programme_ids),
            "alike": alike,
            "across": len(self.comparisons) - alike,
        }
        return self.say(
            "memo.lead_theme",
            self.counts(f"of comparisons in {self.theme}", **numbers),
            theme=self.text(f"report.section_{self.theme}"),
            prices=price_phrase(self.labels, basis),
            **numbers,
        )

    # Findings

    def _findings(self, coverage: ChartPart) -> Iterator[Section]:
        compared = tuple(self._compared())
        yield Section(self.say("comparison.section_rankings"), compared)
        yield Section(self.say("comparison.section_flips"), tuple(self._flips()))
        if left := tuple(self._left_out()):
            yield Section(self.say("comparison.section_out"), left)
        said = self.passage(self._ended(coverage.title.text), *coverage.title.rests_on)
        yield Section(self.say("comparison.section_coverage"), (said, *self._unreported()))

    def _compared(self) -> Iterator[Passage]:
        for comparison in self.comparisons[:SAID]:
            basis = self.comparison(comparison, self._ends(comparison))
            cite = self.cite(self.numbers, self._ends(comparison))
            said = [
                self.text("memo.ended", sentence=comparison_sentence(self.labels, comparison)),
                self._extent(comparison),
            ]
            yield self.passage(
                self.cited_sentence(self.labels.sentences(said), cite), basis, self.cited(self.numbers)
            )
        if not self.comparisons:
            yield self.say("comparison.none")
        if (more := len(self.comparisons) - SAID) > 0:
            basis = self.counts(f"left of {self.theme}", comparison=more)
            yield self.say("memo.more_comparisons", basis, number=more)

    def _extent(self, comparison: Comparison) -> str:
        """Return between which values the programmes lie, where they are more than two."""
        ranking = self.ranking(comparison)
        if len(ranking) < 3:
            return ""
        high, low = (value_phrase(self.labels, row, comparison) for row in (ranking[0], ranking[-1]))
        places = [self.labels.item(ranking[0]["item"]), self.labels.item(ranking[-1]["item"])]
        number = self.text.number(len(ranking))
        return self.text(
            "memo.extent", number=number, low=low, high=high, lowest=places[1], highest=places[0]
        )

    def _flips(self) -> Iterator[Passage]:
        turned = 0
        for comparison in self.comparisons:
            for pair in comparison.robustness.turned:
                turned += 1
                if turned <= SAID:
                    yield self._flip(comparison, pair)
        if not turned:
            yield self.say("comparison.no_flip" if self.comparisons else "comparison.none")
        if turned > SAID:
            basis = self.counts(f"turned in {self.theme}", value=turned - SAID)
            yield self.say("memo.more_flips", basis, number=self.text.number(turned - SAID))

    def _flip(self, comparison: Comparison, pair: Pair) -> Passage:
        owners = [item.split(":")[0] for item in (pair.first, pair.second)]
        choices = [row for row in records(self.data.choices) if row["choice_id"] in set(pair.deciding)]
        decided = self.text("number.item_separator").join(self.labels.of(row, "question") for row in choices)
        return self.say(
            "memo.flip",
            self.comparison(comparison, owners),
            self.evidence.choices(f"choices {' '.join(pair.deciding)}", choices),
            name=self.labels.comparison(comparison),
            first=self.labels.item(pair.first),
            second=self.labels.item(pair.second),
            order=self.text("comparison.of", number=pair.higher, all=pair.total),
            deciding=decided or self.text("comparison.none_alone"),
        )

    def _left_out(self) -> Iterator[Passage]:
        """Yield who is left out of each comparison though the documents say something, and why."""
        for comparison in self.comparisons[:SAID]:
            reasons: dict[tuple[str, str], list[str]] = {}
            for row in records(comparison.left_out):
                if row["reason"] != NOT_PRINTED:
                    key = (row["absence"], self.labels.reason(row["reason"]))
                    reasons.setdefault(key, []).append(row["programme_id"])
            said = [
                self.text(
                    "memo.left_out",
                    names=list_programmes(self.labels, owners),
                    kind=self.text.code("absence", kind),
                    reason=reason,
                )
                for (kind, reason), owners in list(reasons.items())[:SAID]
            ]
            if said:
                numbers = [
                    count("programmes left out", len(owners), "programme") for owners in reasons.values()
                ]
                basis = self.comparison(comparison, ())
                yield self.passage(
                    self.text(
                        "number.labelled",
                        label=self.labels.comparison(comparison),
                        value=self.labels.sentences(said),
                    ),
                    basis,
                    Basis(f"left out of {self.labels.comparison(comparison)}", tuple(numbers)),
                )

    def _unreported(self) -> Iterator[Passage]:
        reported = {row["measure"] for rows in self.spans.values() for row in with_values(rows)}
        silent = [self.labels.measure(code) for code in self.measures_of(self.theme) if code not in reported]
        if silent:
            yield self.say("memo.nobody", measures=self.text("number.item_separator").join(silent))

    def _ended(self, sentence: str) -> str:
        return self.text("memo.ended", sentence=sentence)

    # Charts and tables

    def _charts(self) -> dict[str, ChartPart]:
        found: dict[str, ChartPart] = {}
        for picture in self.book.theme(self.theme):
            measure = picture.name.partition("_")[2]
            about = [c for c in self.comparisons if c.measure == measure and c.unit]
            bases = [self.comparison(c, self._ends(c)) for c in about]
            counts = Counter(row["measure"] for rows in self.spans.values() for row in with_values(rows))
            numbers = self.counts(
                f"of measures in {self.theme}", measure=len(self.measures_of(self.theme)), value=len(counts)
            )
            found[picture.name] = self.chart(picture, *bases, numbers, *self._about(picture.programmes))
        return found

    def _about(self, programmes: Iterable[str]) -> list[Basis]:
        """Return the estimates of some programmes, where they are few."""
        chosen = [p for p in self.data.programme_ids if p in set(programmes)]
        if len(chosen) > MOST_SOURCES:
            return []
        return [self.estimates(p, self.theme) for p in chosen] + [self.dates(p) for p in chosen]

    def _tables(self) -> dict[str, TablePart]:
        found = {}
        for name, made in self.tables.items():
            if not made.rows:
                continue
            owners = [p for p in self.data.programme_ids if p in made.owners]
            bases = [self.comparison(c, owners) for c in self.comparisons]
            bases += [self.estimates(p, self.theme) for p in owners]
            bases += [self.readings(p, self.theme) for p in owners if name == "sensitivity"]
            bases += [self.dates(p) for p in owners] if len(owners) <= MOST_SOURCES else []
            bases.append(self.evidence.choices("choices", records(self.data.choices)))
            facts = [count(f"rows of {name}", number, "value") for number in made.counts]
            facts += [*self._reported(), *self._reasons()]
            found[name] = self.table(made, *bases, Basis(f"table {name}", tuple(facts)))
        return found

    def _reported(self) -> list[Any]:
        """Return how many programmes report each measure and each cell, and how many do not, by type."""
        facts, total = [], len(self.data.programme_ids)
        cells: dict[tuple[Any, ...], set[str]] = {}
        states: dict[tuple[str, str], str] = {}
        for programme, rows in self.spans.items():
            for row in rows:
                if row["theme"] != self.theme:
                    continue
                pair = (row["measure"], programme)
                states[pair] = min(states.get(pair, "not_reported"), row["absence"], key=_STATES.index)
                if not row["absence"]:
                    cells.setdefault(tuple(row[name] for name in _CELL), set()).add(programme)
        for measure in self.measures_of(self.theme):
            found = Counter(states.get((measure, p), "not_reported") for p in self.data.programme_ids)
            for state in ("", *ABSENCES):
                name = f"programmes with {measure} {state.replace('_', ' ') or 'reported'}"
                facts.append(count(name, found[state], "programme"))
        for cell, owners in cells.items():
            facts.append(count(f"programmes with {'/'.join(filter(None, cell))}", len(owners), "programme"))
        return [*facts, count("programmes in all", total, "programme")]

    def _reasons(self) -> Iterator[Any]:
        frame = self.data.tables["estimates"]
        chosen = frame[(frame["theme"] == self.theme) & (frame["absence"] != "")]
        for reason in sorted(set(chosen["reason"])):
            yield from self.evidence.quoted("reason of an absence", self.labels.reason(reason))

    def _notes(self) -> Iterator[Passage]:
        levels = list(dict.fromkeys(self.data.programmes["admin_level"]))
        if len(levels) > 1:
            listed = self.text.listing([self.labels.term("admin_level", level) for level in levels])
            yield self.say("report.levels", levels=listed)
        total, shown = len(self.data.sources), len(self.numbers)
        if total > shown:
            basis = Basis(
                "documents",
                (count("documents", total, "document"), count("documents named", shown, "document")),
            )
            yield self.say(
                "memo.sources_cut",
                basis,
                total=self.text.number(total),
                shown=self.text.number(shown),
                command=command(self.theme),
            )

    def _sources(self) -> Iterator[Passage]:
        used = {name for p in self.named for row in with_values(self.spans[p]) if row["theme"] == self.theme
                for name in row["figure_ids"].split()}  # fmt: skip
        figures = records(self.data.figures[self.data.figures["figure_id"].isin(used)])
        rows = {row["source_id"]: row for row in records(self.data.sources)}
        for source, number in self.numbers.items():
            yield self.source(number, rows[source], [f for f in figures if f["source_id"] == source])


_STATES = ("", "not_comparable", "not_applicable", "not_reported")
_CELL = ("measure", "object", "works", "funder", "place", "post", "stage")


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

    def finished(
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
        short = cut(table, MOST_ROWS)
        notes = [self.text("comparison.method_1")] if name in ("rankings", "flips") else []
        if any("CNY" in row["unit"] for row in self.subject.span_rows) and name not in _NO_MONEY:
            notes.append(self.priced)
        if total > len(short.rows):
            shown = {"shown": len(short.rows), "total": total}
            said = {key: self.text.number(number) for key, number in shown.items()}
            notes.append(self.text("memo.cut", command=command(self.subject.themes[0]), **said))
        return CutTable(
            name, short.title, short.columns, short.rows, short.group, tuple(notes), "",
            frozenset(owners), (len(short.rows), total),
        )  # fmt: skip


_NO_MONEY = ("flips", "coverage", "not-compared")


def command(theme: str) -> str:
    """Return the command that writes all tables of a theme."""
    return f"analysis tables --theme {theme}"


def cut(table: Table, most: int) -> Table:
    """Return the table with so many rows at most, the first under each heading."""
    if len(table.rows) <= most:
        return table
    headings = [row[table.group] if table.group else "" for row in table.rows]
    sizes = Counter(headings)
    left = dict(zip(sizes, row_shares(list(sizes.values()), most), strict=True))
    kept = []
    for row, heading in zip(table.rows, headings, strict=True):
        if left[heading]:
            left[heading] -= 1
            kept.append(row)
    return replace(table, rows=tuple(kept))
