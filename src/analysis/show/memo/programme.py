"""The memo on one programme: what it did, beside other places, what is uncertain, and what to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from analysis.draw.tables import Column, Table
from analysis.estimates.findings import Finding
from analysis.estimates.findings.contrasts import Contrast, contrasts, top
from analysis.estimates.questions import Question
from analysis.estimates.series import Dated, series_of
from analysis.estimates.themes import THEMES
from analysis.evidence.rows import Figure, rows_of
from analysis.show.county.choices import readings_table
from analysis.show.county.estimates import estimates_table, missing_table, series_table
from analysis.show.county.figures import figures_table
from analysis.show.county.indicators import indicator_table
from analysis.show.county.programme_view import ProgrammeView
from analysis.show.county.sections import theme_title
from analysis.show.memo.drawing import OF
from analysis.show.memo.facts import Basis, counts, number_sources
from analysis.show.memo.passages import ChartPart, Later, Memo, Passage, Section, TablePart
from analysis.show.memo.writer import MemoWriter
from analysis.words.findings.doubts import doubts
from analysis.words.findings.opening import adds_no_number
from analysis.words.findings.paragraphs import paragraphs, section_of

IN_SUMMARY = 2  # messages after the headline
MOST_SECTIONS = 4  # paragraphs on themes
LEAST_SECTIONS, ROOM = 3, 0.4  # of them, and all within so much of the length of an opening
MOST_BESIDE = 1  # measures by which the place is compared in the body
MOST_DOUBTS = 2
MOST_HEADLINE = 4  # rows of the table in the body

Said = tuple[str, tuple[Finding, ...]]


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
    def used(self) -> list[Figure]:
        """The figures that the estimates and the findings of the programme rest on."""
        named = {name for row in self.spans[self.programme] for name in row.figure_ids.split()}
        named |= {name for row in self.view.own_estimates for name in row.figure_ids.split()}
        named |= {name for each in chain.from_iterable(self.series) for name in each.span.figure_ids.split()}
        named |= {name for finding in self.view.account.findings for name in finding.figure_ids}
        return [row for row in self.figures if row.figure_id in named]

    @cached_property
    def series(self) -> list[list[Dated]]:
        """What the documents report of several years, at the prices of the memo."""
        found = (series_of(self.data, self.programme, theme, self.own_year) for theme in THEMES)
        return list(chain.from_iterable(found))

    @cached_property
    def compared(self) -> list[Contrast]:
        """The comparisons that the programme is in, those that matter most first."""
        found = chain.from_iterable(map(contrasts, self.book.comparisons.values()))
        own = (each for each in found if self._stands_out(each))
        return sorted(own, key=lambda each: -each.weight)

    def _stands_out(self, contrast: Contrast) -> bool:
        """Return whether what is said of a contrast is said of the programme."""
        first = contrast.comparisons[0]
        if self.programme not in first.programmes:
            return False
        if contrast.kind in ("beside", "spread"):
            return True
        return self.programme in {item.split(":")[0] for item in (top(first).first, top(first).second)}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers of the documents of the programme."""
        return self.number_documents([self.programme])

    def memo(self) -> Memo:
        """Return the memo."""
        charts = Later(self._charts)
        shown = self._main_chart(charts)
        note = self.labels.of(self.view.place, "note")
        return Memo(
            name=self.programme,
            language=self.language,
            about=self.about(programme=self.programme),
            title=self._title(),
            lead=self._lead(),
            findings=tuple(self._sections()),
            beside=self._beside(),
            doubts=tuple(self.passage(words, *self.bases) for words in self._doubts()),
            questions=self.asked(self.questions),
            charts=shown,
            headline=self._headline(),
            tables={**self._tables(), **self.question_table(self.questions)},
            notes=(*((self.passage(note, *self.bases),) if note else ()), *self.levels()),
            sources=self.list_sources(self.numbers, self.used),
            method=self.method(),
            caution=self.say("report.caution"),
            made=self.made(),
            more_charts=Later(lambda: {name: part for name, part in charts.items() if name not in shown}),
            issuer=self.signed("issuer"),
            addressee=self.signed("addressee"),
            date=self.signed("date"),
        )

    @cached_property
    def questions(self) -> list[Question]:
        """What to ask the place."""
        return self.to_ask([self.programme])

    @cached_property
    def bases(self) -> tuple[Basis, ...]:
        """What sentences on the programme rest on."""
        return self.own(self.programme)

    def _title(self) -> Passage:
        name = self.labels.of(self.view.place, "programme_name")
        return self.say("memo.title", *self.bases, place=self.place, programme=name)

    def _lead(self) -> Passage:
        """Return the headline and the first sentence of the strongest messages as one paragraph."""
        account = self.view.account
        messages = account.messages[:IN_SUMMARY]
        words = self.labels.sentences([account.headline, *(each.sentences[0] for each in messages)])
        found = [each.findings[0] for each in messages]
        return self._cited(words, found or account.findings[:IN_SUMMARY])

    def _cited(self, words: str, findings: Iterable[Finding]) -> Passage:
        names = (name for finding in findings for name in finding.figure_ids)
        return self.cite(self.passage(words, *self.bases), self.figures_named(names))

    def _sections(self) -> Iterator[Section]:
        """Yield what else the programme did, a paragraph for each theme, as far as there is room."""
        for theme, said in self._within(self._themes()).items():
            words = [self.passage(each, *self.bases) for each, _ in said]
            cited = self._cited(said[-1][0], chain.from_iterable(found for _, found in said))
            yield Section(self.passage(theme_title(self.view, theme)), (*words[:-1], cited))

    def _themes(self) -> dict[str, list[Said]]:
        """Return what the lead leaves to say of each theme; one of which there are only gaps comes last."""
        account = self.view.account
        said: dict[str, list[Said]] = {}
        for number, message in enumerate(account.messages):
            for words, finding in list(zip(message.sentences, message.findings, strict=True))[
                number < IN_SUMMARY :
            ]:
                said.setdefault(section_of(finding.theme), []).append((words, (finding,)))
        for paragraph in paragraphs(self.labels, self.programme, account):
            found = tuple(each for each in account.left if section_of(each.theme) == paragraph.theme)
            said.setdefault(paragraph.theme, []).extend((words, found) for words in paragraph.sentences)
        lead = self._lead().text
        # A gap is said once, with what to ask of it.
        asked = " ".join(passage.text for passage in self.asked(self.questions))
        said = {
            theme: [
                each
                for each in found
                if each[0] not in asked and not adds_no_number(self.text.rules, each[0], lead)
            ]
            for theme, found in said.items()
        }
        themes = [theme for theme in said if theme and said[theme]]
        themes.sort(key=lambda theme: all(each.kind == "gap" for _, found in said[theme] for each in found))
        return {theme: said[theme] for theme in themes[:MOST_SECTIONS]}

    def _within(self, themes: dict[str, list[Said]]) -> dict[str, list[Said]]:
        """Return as many sentences as an opening may have: the first of each theme, then the second."""
        rules = self.text.rules
        left, kept = ROOM * rules.opening, {theme: said[:1] for theme, said in themes.items()}
        left -= sum(rules.length(said[0][0]) for said in kept.values())
        if left < 0 and len(kept) > LEAST_SECTIONS:
            kept.popitem()
        for theme, said in themes.items():
            for each in said[1:] if theme in kept else ():
                if (left := left - rules.length(each[0])) >= 0:
                    kept[theme].append(each)
        return kept

    def _beside(self) -> tuple[Passage, ...]:
        """Return how the programme stands beside other places."""
        if not self.compared:
            return (self.say("memo.alone", place=self.place),)
        return tuple(map(self.beside, self.compared[:MOST_BESIDE]))

    def _doubts(self) -> list[str]:
        """Return what the text leaves open, with what it changes."""
        account = self.view.account
        said = [each for message in account.messages for each in message.findings]
        explained = {choice for each in (*said, *account.left) for choice in each.choices}
        return list(doubts(self.pieces(self.programme), account.findings, explained))[:MOST_DOUBTS]

    def _of_years(self, of: str, found: list[Dated]) -> tuple[Basis, ...]:
        """Return what words on values of several years rest on."""
        name = f"series of {of}"
        years = {f"year {each.time}": int(end) for each in found for end in each.time.split("/")}
        return self.facts.estimates(name, (each.span for each in found)), counts(name, **years)

    def _headline(self) -> TablePart | None:
        """Return the table of headline indicators."""
        table = indicator_table(self.view)
        if table is None:
            return None
        short = table.first(MOST_HEADLINE)
        return self.with_source(self.table(short, *self.bases), [self.programme])

    def _main_chart(self, charts: Mapping[str, ChartPart]) -> dict[str, ChartPart]:
        """Return the chart of the body: of the first comparison that has one, or of the programme alone."""
        if drawn := self.first_order(self.compared):
            return drawn
        themes = (section_of(each.theme) for each in self.view.account.findings)
        names = (THEMES[theme].chart for theme in themes if theme in THEMES)
        return next(({name: charts[name]} for name in names if name in charts), {})

    # Charts and tables

    def _valued(self) -> tuple[Basis, ...]:
        return self.estimates(self.programme), self.readings(self.programme)

    def _charts(self) -> dict[str, ChartPart]:
        conditions = [
            self.facts.conditions(each)
            for each in self.book.all.comparisons
            if self.programme in each.programmes
        ]
        codings = map(self.facts.codings, self.data.programme_ids)
        bases = (*self._valued(), *self.bases, *conditions, *codings)
        return {picture.name: self.chart(picture, *bases) for picture in self.book.programme(self.programme)}

    def _tables(self) -> dict[str, TablePart]:
        own = (*self._valued(), *self.bases)
        if self.own_year is not None:
            # Estimates as printed stand in the tables beside those in constant prices.
            printed = self.facts.estimates(f"estimates {self.programme} as printed", self.view.own_spans)
            own = (*own, printed)
        figures = self.facts.figures(f"figures of {self.programme}", self.figures)
        cited = number_sources(self.numbers)
        printed_series = chain.from_iterable(series_of(self.data, self.programme, theme) for theme in THEMES)
        several = list(chain.from_iterable((*self.series, *printed_series)))
        series = self._of_years(self.programme, several)
        found: list[tuple[Table | None, tuple[Basis, ...]]] = [
            *((estimates_table(self.view, theme), (*own, figures, cited)) for theme in THEMES),
            *((series_table(self.view, theme), (*own, *series, figures, cited)) for theme in THEMES),
            (missing_table(self.view), own),
            (readings_table(self.view), (*own, figures)),
            (self._figures_cited(), (figures, cited)),
        ]
        return {
            table.name: self.with_source(self.table(self._with_places(table), *bases), [self.programme])
            for table, bases in found
            if table is not None and table.rows
        }

    def _with_places(self, table: Table) -> Table:
        """Return a table with the paragraphs that its rows rest on in the place of figure ids."""
        if table.name == "figures" or not any(column.key == "figures" for column in table.columns):
            return table
        places = Column("figures", self.text("memo.column_places"))
        columns = (places if column.key == "figures" else column.alone() for column in table.columns)
        rows = (
            {**row, OF: row["figures"], "figures": self._places(row["figures"].split())} for row in table.rows
        )
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
            {**row, OF: row["id"], "place": f"[{sources[row['id']]}] {row['place']}"}
            for row in table.rows
            if row["id"] in sources
        )
        title = self.text("memo.caption_figures")
        return Table("figures", title, (*shown, columns["theme"]), tuple(rows), group="theme")


def table_names() -> set[str]:
    """Return the names of all tables that the memo on a programme may have."""
    return {*THEMES, *(f"series-{theme}" for theme in THEMES), "figures", "missing", "questions", "readings"}
