"""The memo on a theme: what can be compared and how firmly, what cannot, and what is not reported."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.draw.tables import Table
from analysis.estimates.comparison import Comparison
from analysis.estimates.findings import Finding, findings
from analysis.estimates.findings.contrasts import Contrast, contrasts
from analysis.estimates.findings.finding import deciding
from analysis.estimates.questions import Question
from analysis.estimates.selection import best_states
from analysis.estimates.spans import Span
from analysis.evidence.rows import Choice, Figure, rows_of
from analysis.evidence.schema import ABSENCES
from analysis.show.comparison.matrix import FIRM, NOT_COMPARABLE, RAISED, READING, YEAR, Matrix
from analysis.show.export.request import name_themes
from analysis.show.memo.facts import Basis, Fact, count, counts
from analysis.show.memo.found import contrasted, ends
from analysis.show.memo.passages import ChartPart, Later, Memo, Passage, Section, TablePart
from analysis.show.memo.writer import MOST_SOURCES, MemoWriter
from analysis.show.tablekit.comparison_tables import ComparisonTables
from analysis.show.tablekit.subject import Subject
from analysis.show.tablekit.table_maker import cut_rows
from analysis.words.findings.contrasts import compared, contrast_sentences
from analysis.words.findings.doubts import spans
from analysis.words.findings.pieces import Pieces, inside, noted
from analysis.words.findings.sentences import MOST_NUMBERS, sentence
from analysis.words.labels import capitalised
from analysis.words.phrases import list_programmes

MOST_PLACES = 5  # that a paragraph each tells of
MOST_SAID = 2  # findings on a place
MOST_CONTRASTS = 3  # measures that are said, the first of them in the lead
MOST_DOUBTS = 2
MOST_HEADLINE = 4  # rows of the table in the body
MOST_ROWS = 40  # rows of a table
BESIDE = 6  # programmes in columns on A4
TABLES = ("rankings", "flips", "coverage", "side-by-side", "not-compared")
MORE_TABLES = ("sensitivity",)
_NUMBERED = re.compile(f"([{FIRM}{READING}{YEAR}{NOT_COMPARABLE}])[{RAISED}]+")
_NO_MONEY = ("flips", "coverage", "not-compared")


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
        found = {
            p for contrast in self.found[:MOST_CONTRASTS] for each in contrast.comparisons for p in ends(each)
        }
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
        tables = {name: self._table(name) for name in self.tables}
        shown = self.first_order(self.found)
        asked = [p for p in self.data.programme_ids if any(p in each.programmes for each in self.found)]
        questions, headline = self.to_ask(asked, self.theme), self._matrix()
        annex = {name: tables[name] for name in TABLES if name in tables}
        return Memo(
            name=f"comparison-{name_themes(self.theme)}",
            language=self.language,
            about=self.about(theme=self.theme),
            title=self.say("memo.title_theme", theme=self.title),
            lead=self._lead(),
            findings=tuple(self._sections()),
            beside=self._beside(),
            doubts=tuple(self._doubts())[:MOST_DOUBTS],
            questions=self.asked(questions),
            charts=shown,
            headline=headline,
            tables=annex | self.question_table(questions),
            notes=tuple(self._notes()),
            sources=self._sources_used(),
            method=(self.say("comparison.method_1"), self.say("comparison.method_2"), *self.method()),
            caution=self.say("report.caution"),
            made=self.made(),
            more_charts=Later(lambda: {n: part for n, part in self._charts().items() if n not in shown}),
            more_tables={name: part for name, part in tables.items() if name in MORE_TABLES},
            issuer=self.signed("issuer"),
            addressee=self.signed("addressee"),
            date=self.signed("date"),
        )

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

    @cached_property
    def found(self) -> list[Contrast]:
        """What the comparisons say, that which matters most first."""
        return contrasts(self.comparisons)

    def _lead(self) -> Passage:
        """Return the answer: who reports what is asked, and the first of what the places have in common."""
        said = compared(self.labels, self.theme, self.comparisons)
        first = self.found[:1]
        words = self.labels.sentences(
            [said.headline, *(each for c in first for each in contrast_sentences(self.labels, c))]
        )
        bases = [basis for c in first for basis in contrasted(self.facts, c)]
        named = [p for c in first for p in c.programmes][:MOST_SOURCES]
        bases += [basis for p in named for basis in self.own(p)]
        numbers = counts(
            f"of places in {self.theme}", programme=len(self.data.programme_ids), value=len(named)
        )
        widest = Basis(
            "places that report",
            tuple(count("places that report", len(c.programmes), "programme") for c in first),
        )
        passage = self.passage(words, numbers, widest, *bases)
        return self.cite(passage, [f for p in named for f in self._in_theme(p)])

    def _in_theme(self, programme: str) -> list[Figure]:
        """Return the figures of a programme that its estimates in the theme rest on."""
        rows = (row for row in self.spans[programme] if row.theme == self.theme)
        return self.figures_named(name for row in rows for name in row.figure_ids.split())

    def _sections(self) -> Iterator[Section]:
        """Yield what each place did in the theme, a paragraph each; of many, those that reported most."""
        told = [
            p
            for p in self.data.programme_ids
            if any(r.theme == self.theme and r.has_value for r in self.spans[p])
        ]
        told.sort(key=lambda p: -sum(row.theme == self.theme and row.has_value for row in self.spans[p]))
        for programme in told[:MOST_PLACES]:
            chosen = (each for each in findings(self.data, programme) if each.theme == self.theme)
            own = [each for each in chosen if each.kind not in ("gap", "tension")][:MOST_SAID]
            words = _worded(self.pieces(programme), own)
            if words:
                shown = [self.passage(each, *self.own(programme)) for each in words]
                names = (name for each in own for name in each.figure_ids)
                shown[-1] = self.cite(shown[-1], self.figures_named(names))
                yield Section(self.passage(self.labels.programme(programme)), tuple(shown))

    def _beside(self) -> tuple[Passage, ...]:
        """Return what the places have in common besides what the lead says."""
        # Many counts have their place in the table.
        telling = [
            each for each in self.found[1:] if each.kind != "beside" or each.most_values <= MOST_NUMBERS
        ]
        more = tuple(map(self.beside, telling[: MOST_CONTRASTS - 1]))
        silent = [
            self.labels.programme(p)
            for p in self.data.programme_ids
            if not any(r.theme == self.theme and r.has_value for r in self.spans[p])
        ]
        if silent and len(silent) <= MOST_PLACES:
            more = (
                *more,
                self.say("memo.silent", places=self.text.listing(silent), theme=inside(self.title)),
            )
        return more or (self.say("comparison.none"),)

    def _doubts(self) -> Iterator[Passage]:
        """Yield what turns orders, a sentence for each choice that does so alone."""
        asked = dict.fromkeys(choice for each in self.found for choice in each.choices)
        rows = {row.choice_id: row for row in rows_of(Choice, self.data.choices)}
        for choice in list(asked)[:MOST_DOUBTS]:
            owner = rows[choice].programme_id
            turned = [e for e in self.found if choice in e.choices]
            what = self.text.listing(inside(self.labels.measure(each.measure)) for each in turned)
            pieces = self.pieces(owner)
            places = itertools.chain.from_iterable(each.turned_by(choice) for each in turned)
            values = {
                "place": self.labels.programme(owner), "matter": pieces.matter([choice]), "what": what,
                "places": list_programmes(self.labels, dict.fromkeys(places), MOST_PLACES),
            }  # fmt: skip
            key = "memo.turns_elsewhere" if choice in pieces.of_series else "memo.turns"
            yield self.say(key, *self.own(owner), **values)
        for first in self.found[:1] if len(self.data.programme_ids) <= MOST_SOURCES else ():
            for words in noted(self.labels, first.estimates()):
                yield self.passage(words, *(basis for p in first.programmes for basis in self.own(p)))
        for contrast in self.found if not asked else ():
            yield from self._open_values(contrast.comparisons[0])

    def _open_values(self, comparison: Comparison) -> Iterator[Passage]:
        """Yield the values of a comparison that hang on what the text leaves open."""
        for row in comparison.ranked[:MOST_PLACES]:
            rows = comparison.items[row.item]
            if (choices := deciding(rows)) and row.low < row.high:
                pieces = self.pieces(row.programme)
                words = spans(pieces, rows, self.labels.programme(row.programme))
                yield self.passage(
                    pieces.hanging(words, choices),
                    self.facts.comparison(comparison, [row.programme]),
                    *self.own(row.programme),
                )

    # Charts and tables

    def _matrix(self) -> TablePart | None:
        """Return the headline indicators of the places that report any, where all fit beside each other."""
        table = (
            Matrix(self.labels, self.comparisons).table() if len(self.data.programme_ids) <= BESIDE else None
        )
        if table is None:
            return None
        rows = [{key: _NUMBERED.sub(r"\1", cell) for key, cell in row.items()} for row in table.rows][
            :MOST_HEADLINE
        ]
        columns = tuple(
            c for c in table.columns if c.key in ("group", "measure") or any(row[c.key] for row in rows)
        )
        shown = replace(table, columns=columns, rows=tuple(rows), notes=table.notes[:1])
        bases = [basis for contrast in self.found for basis in contrasted(self.facts, contrast)]
        part = self.table(shown, *bases, *(b for p in self.data.programme_ids for b in self.own(p)))
        return self.with_source(part, [column.key for column in columns])

    def _charts(self) -> dict[str, ChartPart]:
        reported = {row.measure for rows in self.spans.values() for row in rows if row.has_value}
        measures = len(self.measures_of(self.theme))
        numbers = counts(f"of measures in {self.theme}", measure=measures, value=len(reported))
        found = {}
        for picture in self.book.theme(self.theme):
            measure = picture.name.partition("_")[2]
            about = [c for c in self.comparisons if c.measure == measure and c.unit]
            bases = [self.facts.comparison(c, (*ends(c), *self._labelled(picture))) for c in about]
            said = [basis for each in self.found if each.measure == measure for basis in self._said(each)]
            found[picture.name] = self.chart(
                picture, *bases, *said, numbers, *self._drawn(picture.programmes)
            )
        return found

    def _said(self, contrast: Contrast) -> Iterator[Basis]:
        """Yield what sentences on a contrast rest on."""
        named = list(dict.fromkeys(p for each in contrast.comparisons for p in ends(each)))
        yield from contrasted(self.facts, contrast)
        yield from (basis for p in named for basis in self.own(p))

    def _ask(self, question: Question) -> str:
        """Return a question in words, with whom it is put to."""
        place = self.labels.programme(question.programme_id)
        words = inside(super()._ask(question))
        return capitalised(self.text("found.in_place", place=place, sentence=words))

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
        known, states = self.data.programme_ids, best_states(self.rows)
        cells: dict[str, set[str]] = {}
        for row in self.rows:
            if row.has_value:
                cells.setdefault("/".join(filter(None, row.cell)), set()).add(row.programme_id)
        facts = []
        for measure in self.measures_of(self.theme):
            found = Counter(states.get((measure, programme), "not_reported") for programme in known)
            for state in ("value", *ABSENCES):
                shown = "reported" if state == "value" else state.replace("_", " ")
                facts.append(count(f"programmes with {measure} {shown}", found[state], "programme"))
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


def _worded(pieces: Pieces, found: Iterable[Finding]) -> list[str]:
    """Return a sentence for each finding; what the text leaves open is said once."""
    explained: set[str] = set()
    words = []
    for finding in found:
        new = tuple(choice for choice in finding.choices if choice not in explained)
        explained.update(new)
        words.append(sentence(pieces, replace(finding, choices=new)))
    return words


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
            name, short.title, short.columns, short.rows, short.group, tuple(notes),
            owners=frozenset(owners), counts=(len(short.rows), total),
        )  # fmt: skip
