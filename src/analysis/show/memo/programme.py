"""The memo on one programme: what its documents say, how firm it is, and what they do not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from analysis.draw.tables import Column, Table
from analysis.estimates.comparison import Comparison
from analysis.estimates.measures import Estimate
from analysis.estimates.reasons import NOT_PRINTED
from analysis.estimates.series import Dated, series_of
from analysis.estimates.spans import Span
from analysis.estimates.themes import THEMES
from analysis.evidence.register import CONTRADICTION, MEASURES, parse_when
from analysis.evidence.rows import Figure, rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.show.county.choices import readings_table
from analysis.show.county.estimates import estimates_table, missing_table, series_table
from analysis.show.county.figures import figures_table
from analysis.show.county.programme_view import ProgrammeView
from analysis.show.memo.facts import Basis, counts, estimate_name, number_sources
from analysis.show.memo.passages import ChartPart, Memo, Passage, Section, TablePart
from analysis.show.memo.writer import MemoWriter
from analysis.words.comparisons import MOST_COUNTS, comparison_sentence, value_phrase
from analysis.words.phrases import count_readings, strip_denominators
from analysis.words.series import contradictions, series_sentence

LISTED = 3  # values of a measure that are said one by one
# Values that differ in one of these are in no range together: a subsidy is no cost, pay before no pay after.
ALIKE = ("measure", "unit", "object", "funder", "stage")
RANKED = 3  # comparisons of a theme that are said
PROFILED = 10  # rows that a profile may have to be legible on a page


@dataclass(frozen=True)
class ProgrammeMemo(MemoWriter):
    """Writes the memo on one programme."""

    programme: str = ""

    @cached_property
    def place(self) -> str:
        """The name of the place."""
        return self.labels.programme(self.programme)

    @cached_property
    def view(self) -> ProgrammeView:
        """The rows of the programme; its peers are for the charts."""
        return ProgrammeView(self.data, self.programme, self.language, self.own_year, peers=())

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures of the programme's documents."""
        return rows_of(Figure, self.data.figures_of(self.programme))

    @cached_property
    def with_value(self) -> list[Span]:
        """The estimates of the programme that have a value, at the prices of the memo."""
        return [row for row in self.spans[self.programme] if row.has_value]

    @cached_property
    def used(self) -> list[Figure]:
        """The figures that the estimates of the programme rest on."""
        named = [row.figure_ids for row in self.with_value] + [row.figure_ids for row in self._disputed]
        named += [each.span.figure_ids for each in chain.from_iterable(self.series)]
        used = {name for ids in named for name in ids.split()}
        return [row for row in self.figures if row.figure_id in used]

    @cached_property
    def series(self) -> list[list[Dated]]:
        """What the documents report of several years, at the prices of the memo."""
        found = (series_of(self.data, self.programme, theme, self.own_year) for theme in THEMES)
        return list(chain.from_iterable(found))

    @cached_property
    def _disputed(self) -> list[Estimate]:
        """The estimates under the readings of documents that contradict each other."""
        choices = set(filter(CONTRADICTION.owns, (row.choice_id for row in self.view.choices)))
        return [row for row in self.view.own_estimates if choices & parse_when(row.reading).keys()]

    @cached_property
    def choices(self) -> Basis:
        """The open questions that touch the programme."""
        return self.facts.choices(f"choices of {self.programme}", self.view.choices)

    @cached_property
    def compared(self) -> dict[str, list[Comparison]]:
        """The comparisons that the programme is in, by theme."""
        return {
            theme: [c for c in found if self.programme in c.programmes]
            for theme, found in self.book.comparisons.items()
        }

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers of the documents cited: those of the programme first."""
        beside = {p for found in self.compared.values() for c in found for p in _ends(c)}
        others = (p for p in self.data.programme_ids if p in beside and p != self.programme)
        sources = (source for p in (self.programme, *others) for source in self.number_documents([p]))
        return {source: number for number, source in enumerate(dict.fromkeys(sources), start=1)}

    def memo(self) -> Memo:
        """Return the memo."""
        charts, tables = self._charts(), self._tables()
        reported = {row.theme for row in self.with_value}
        shown = [theme.chart for theme in THEMES.values() if theme.code in reported]
        shown += (
            ["profile"] if "profile" in charts and len(charts["profile"].picture.rows) <= PROFILED else []
        )
        return Memo(
            name=self.programme,
            language=self.language,
            about=self.about(programme=self.programme),
            title=self._title(),
            lead=self._lead(),
            findings=tuple(self._section(theme) for theme in THEMES),
            charts={name: charts[name] for name in shown if name in charts},
            tables=tables,
            notes=self._notes(),
            sources=self.list_sources(self.numbers, self.used),
            method=self.method(),
            caution=self.say("report.caution"),
            made=self.made(),
            more_charts={name: part for name, part in charts.items() if name not in shown},
        )

    def _title(self) -> Passage:
        name = self.labels.of(self.view.place, "programme_name")
        about = self.facts.programme(self.programme)
        return self.say("memo.title", about, place=self.place, programme=name)

    def _lead(self) -> Passage:
        years = [figure.year_basis for figure in self.figures]
        numbers: dict[str, int] = {
            "documents": len(self.view.sources),
            "figures": len(self.figures),
            "inferred": years.count("inferred"),
            "unknown": years.count("unknown"),
            "choices": len(self.view.choices),
            "measures": len({row.measure for row in self.with_value}),
            "all": len(MEASURES),
        }
        bases = counts(f"of {self.programme}", **numbers), self.facts.programme(self.programme)
        return self.say("memo.lead", *bases, place=self.place, **numbers)

    def _notes(self) -> tuple[Passage, ...]:
        own = self.labels.of(self.view.place, "note")
        notes = (self.passage(own, self.facts.programme(self.programme)),) if own else ()
        return (*notes, *(self.levels() if any(self.compared.values()) else ()))

    # Findings

    def _section(self, theme: str) -> Section:
        several = self._years(theme), self._contradictions(theme)
        found = [*self._values(theme), *chain(*several), *self._standings(theme), *self._gaps(theme)]
        return Section(self.say(f"report.section_{theme}"), tuple(found))

    def _values(self, theme: str) -> Iterator[Passage]:
        """Yield what the documents report of each measure."""
        number = len(self.measures_of(theme))
        rests = (
            self.estimates(self.programme, theme),
            number_sources(self.numbers),
            counts(f"of {theme}", measure=number),
        )
        rows = sorted((row for row in self.with_value if row.theme == theme), key=self._order)
        waiting = any(row.absence == "not_coded" and row.theme == theme for row in self.spans[self.programme])
        if not rows and not waiting:
            yield self.say("memo.silent", *rests, place=self.place, number=number)
        for measure in dict.fromkeys(row.measure for row in rows):
            groups = _alike(row for row in rows if row.measure == measure)
            listed = self.join(map(self._list_values, groups))
            sentence = self.text("memo.values", measure=self.labels.measure(measure), values=listed)
            sizes = {f"values {place}": len(group) for place, group in enumerate(groups)}
            numbers = counts(f"of {measure} of {self.programme}", **sizes)
            yield self.passage(self.cite(sentence, self.numbers, [self.programme]), *rests, numbers)

    def _years(self, theme: str) -> Iterator[Passage]:
        """Yield what the documents report of one thing for several years."""
        for series in self.series:
            if series[0].span.theme == theme:
                sentence = self.cite(series_sentence(self.labels, series), self.numbers, [self.programme])
                bases = self._of_years(estimate_name(series[0].span), series)
                yield self.passage(sentence, *bases, number_sources(self.numbers))

    def _of_years(self, of: str, found: list[Dated]) -> tuple[Basis, ...]:
        """Return what words on values of several years rest on."""
        name = f"series of {of}"
        years = {f"year {each.time}": int(end) for each in found for end in each.time.split("/")}
        return self.facts.estimates(name, (each.span for each in found)), counts(name, **years)

    def _contradictions(self, theme: str) -> Iterator[Passage]:
        """Yield what the documents print different values for."""
        rows = [row for row in self._disputed if row.theme == theme]
        for row, sentence in contradictions(self.labels, rows):
            name = f"disputed {estimate_name(row)} under {row.reading}"
            bases = self.choices, self.facts.estimates(name, [row]), number_sources(self.numbers)
            yield self.passage(self.cite(sentence, self.numbers, [self.programme]), *bases)

    def _order(self, row: Span) -> tuple[object, ...]:
        ranks = (self.labels.rank(name, getattr(row, name)) for name in DIMENSIONS)
        return (list(MEASURES).index(row.measure), row.unit, *ranks)

    def _list_values(self, rows: list[Span]) -> str:
        """Return estimates that are alike: each of a few, or the smallest and the largest of many."""
        if len(rows) <= LISTED:
            return self.join(map(self._describe, rows))
        low, high = min(rows, key=lambda row: row.value), max(rows, key=lambda row: row.value)
        key = "memo.values_same" if low.value == high.value else "memo.values_many"
        ends = {"low": self._describe(low, brief=True), "high": self._describe(high, brief=True)}
        return self.text(key, number=len(rows), **ends)

    def _describe(self, row: Span, *, brief: bool = False) -> str:
        """Return one estimate in words: of what, how much, and what is uncertain about it."""
        text, of = self.text, self.labels.dimensions(row)
        value = text.interval(row.value, row.lower, row.upper, row.unit)
        details = []
        if row.low < row.high:
            value = text.quantity(row.value, row.unit, short=True)
            span = text.span(row.low, row.high, strip_denominators(row.unit))
            details.append(text("memo.depends", span=span))
        details.append(count_readings(self.labels, row))
        details.append(text.code("status", row.status) if row.status == "planned" else "")
        details.append("" if brief else self._year(row))
        shown = self.labels.with_detail(value, details)
        return text("memo.of", what=of, value=shown) if of else shown

    def _year(self, row: Span) -> str:
        if not row.year:
            return self.text("memo.year_unknown")
        known = self.text.code("year_basis", "inferred") if row.year_basis == "inferred" else ""
        return self.labels.attributes((self.labels.year(row.year, "stated"), known))

    def _standings(self, theme: str) -> Iterator[Passage]:
        """Yield where the programme stands beside others."""
        found = self.compared[theme]
        for comparison in found[:RANKED]:
            near = [self.programme, *_ends(comparison)]
            bases = self.facts.comparison(comparison, near), number_sources(self.numbers)
            for sentence in self._ranks(comparison):
                yield self.passage(self.cite(sentence, self.numbers, near), *bases)

    def _ranks(self, comparison: Comparison) -> Iterator[str]:
        first, *others = ranked = comparison.ranked
        if len(others) == 1 or not comparison.is_rate:
            yield self.text("memo.ended", sentence=comparison_sentence(self.labels, comparison))
            return
        for row in ranked:
            if row.programme == self.programme:
                firm = row.best_rank == row.worst_rank
                yield self.text(
                    "memo.rank" if firm else "memo.rank_open",
                    name=self.labels.comparison(comparison),
                    place=self.labels.item(row.item),
                    rank=row.rank,
                    best=row.best_rank,
                    worst=row.worst_rank,
                    number=len(ranked),
                    first=self.labels.item(first.item),
                    first_value=value_phrase(self.labels, first, comparison),
                )

    def _gaps(self, theme: str) -> Iterator[Passage]:
        """Yield what has no value: first what the documents explain, then what they are silent on."""
        basis = self.estimates(self.programme, theme)
        gaps = [row for row in self.spans[self.programme] if row.theme == theme and not row.has_value]
        explained = [row for row in gaps if row.reason != NOT_PRINTED]
        by_reason: dict[tuple[str, str], list[Span]] = {}
        for row in explained:
            by_reason.setdefault((row.absence, self.labels.reason(row.reason)), []).append(row)
        for (absence, reason), rows in by_reason.items():
            what, kind = self.join(dict.fromkeys(map(self._what, rows))), self.text.code("absence", absence)
            yield self.say("memo.gap", basis, what=what, reason=reason, kind=kind[:1].upper() + kind[1:])
        have = {row.measure for row in self.with_value}
        named, measures = have | {row.measure for row in explained}, self.measures_of(theme)
        silent = [self.labels.measure(code) for code in measures if code not in named]
        if silent and have & set(measures):
            yield self.say("memo.not_reported", basis, measures=self.join(silent))

    def _what(self, row: Span) -> str:
        of, name = self.labels.dimensions(row), self.labels.measure(row.measure)
        return self.text("comparison.name", measure=name, object=of) if of else name

    # Charts and tables

    def _own(self) -> tuple[Basis, ...]:
        return self.estimates(self.programme), self.readings(self.programme)

    def _charts(self) -> dict[str, ChartPart]:
        compared = (each for found in self.book.comparisons.values() for each in found)
        conditions = [self.facts.conditions(each) for each in compared if self.programme in each.programmes]
        codings = map(self.facts.codings, self.data.programme_ids)
        bases = (*self._own(), self.facts.programme(self.programme), self.choices, *conditions, *codings)
        return {picture.name: self.chart(picture, *bases) for picture in self.book.programme(self.programme)}

    def _tables(self) -> dict[str, TablePart]:
        own = self._own()
        if self.own_year is not None:
            # Estimates as printed stand in the tables beside those in constant prices.
            printed = self.facts.estimates(f"estimates {self.programme} as printed", self.view.own_spans)
            own = (*own, printed)
        own = (*own, self.facts.codings(self.programme))
        figures = self.facts.figures(f"figures of {self.programme}", self.figures)
        cited = number_sources(self.numbers)
        printed_series = chain.from_iterable(series_of(self.data, self.programme, theme) for theme in THEMES)
        several = list(chain.from_iterable((*self.series, *printed_series)))
        series = self._of_years(self.programme, several)
        found: list[tuple[Table | None, tuple[Basis, ...]]] = [
            *((estimates_table(self.view, theme), (*own, figures, cited)) for theme in THEMES),
            *((series_table(self.view, theme), (*own, *series, figures, cited)) for theme in THEMES),
            (missing_table(self.view), own),
            (readings_table(self.view), (*own, self.choices, figures)),
            (self._figures_cited(), (figures, cited)),
        ]
        return {
            table.name: self.table(self._with_places(table), *bases)
            for table, bases in found
            if table is not None and table.rows
        }

    def _with_places(self, table: Table) -> Table:
        """Return a table with the paragraphs that its rows rest on in the place of figure ids."""
        if table.name == "figures" or not any(column.key == "figures" for column in table.columns):
            return table
        places = Column("figures", self.text("memo.column_places"))
        columns = (places if column.key == "figures" else column.alone() for column in table.columns)
        rows = ({**row, "figures": self._places(row["figures"].split())} for row in table.rows)
        return replace(table, columns=tuple(columns), rows=tuple(rows))

    def _places(self, figure_ids: Iterable[str]) -> str:
        """Return where some figures stand: ``[1] ¶3, ¶5``."""
        rows = {row.figure_id: row for row in self.figures}
        found: dict[int, set[int]] = {}
        for row in map(rows.__getitem__, figure_ids):
            found.setdefault(self.numbers[row.source_id], set()).add(row.paragraph)
        return self.join(
            f"[{number}] "
            + self.labels.attributes(self.text("memo.paragraph", paragraph=p) for p in sorted(paragraphs))
            for number, paragraphs in sorted(found.items())
        )

    def _figures_cited(self) -> Table:
        """Return the figures that the memo rests on: as printed, their value, and their exact place."""
        sources = {row.figure_id: self.numbers[row.source_id] for row in self.used}
        table = figures_table(self.view)
        columns = {column.key: column for column in table.columns}
        shown = (columns[key].alone() for key in ("subject", "printed", "value", "year", "place", "id"))
        rows = (
            {**row, "place": f"[{sources[row['id']]}] {row['place']}"}
            for row in table.rows
            if row["id"] in sources
        )
        title = self.text("memo.caption_figures")
        return Table("figures", title, (*shown, columns["theme"]), tuple(rows), group="theme")


def _ends(comparison: Comparison) -> list[str]:
    """Return the programmes that a sentence on a comparison names: the highest and the lowest; all counts."""
    if not comparison.is_rate and len(comparison.ranked) <= MOST_COUNTS:
        return comparison.programmes
    return [comparison.ranked[0].programme, comparison.ranked[-1].programme]


def _alike(rows: Iterable[Span]) -> list[list[Span]]:
    groups: dict[tuple[str, ...], list[Span]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, name) for name in ALIKE), []).append(row)
    return list(groups.values())
