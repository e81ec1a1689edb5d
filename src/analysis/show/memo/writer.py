"""What the memos on a programme and on a theme share: passages, charts, tables, sources, method."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from analysis.draw import Picture
from analysis.draw.tables import Table
from analysis.estimates.findings import Place
from analysis.estimates.findings.contrasts import Contrast
from analysis.estimates.measures import Estimate, choices_of
from analysis.estimates.prices import PriceYear
from analysis.estimates.questions import KINDS, Question, Unsettled, open_things, questions
from analysis.estimates.spans import Span
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES
from analysis.evidence.rows import Figure, Source, group_by, rows_of
from analysis.show.chartbook import Book, comparison_chart
from analysis.show.county.questions import settling_table
from analysis.show.export.citation import data_version
from analysis.show.memo.chart_facts import chart_facts
from analysis.show.memo.drawing import OF
from analysis.show.memo.facts import Basis, Fact, FactMaker, count, number_sources, tidy
from analysis.show.memo.found import contrasted, ends, found_in, years_of
from analysis.show.memo.passages import ChartPart, Passage, TablePart
from analysis.words.findings.contrasts import contrast_sentences
from analysis.words.findings.pieces import Pieces
from analysis.words.labels import Worded
from analysis.words.phrases import source_line
from analysis.words.questions import ask
from analysis.words.scan import has_numeral

Kept = TypeVar("Kept")
METHOD_LINES = 6
MOST_SOURCES = 30  # documents that are listed
MOST_CITED = 6  # documents in one note
MOST_GROUPS = 1  # kinds of a measure in one chart
MOST_ASKED, MOST_LISTED = 2, 10  # questions in the body, and in the annex
SIGNATURE = ("issuer", "addressee", "date")
"""Who writes, to whom, and when."""


@dataclass(frozen=True)
class MemoWriter(Worded):
    """Writes passages of a memo in one language; ``price_year`` is as in ``Book``.

    ``given`` is who writes, to whom, and when, as far as that is known.
    """

    data: Dataset
    language: str = "en"
    price_year: PriceYear = None
    given: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def book(self) -> Book:
        """The charts."""
        return Book(self.data, self.language, self.price_year)

    @cached_property
    def facts(self) -> FactMaker:
        """What makes facts."""
        return FactMaker(self.labels)

    @cached_property
    def spans(self) -> dict[str, list[Span]]:
        """The estimates with their spans over readings, by programme."""
        found = group_by(self.book.all.span_rows, lambda row: row.programme_id)
        return {programme: found.get(programme, []) for programme in self.data.programme_ids}

    def about(self, **subject: str) -> dict[str, str]:
        """Return what the memo is made from."""
        year = "" if self.price_year is None else str(self.price_year)
        given = {name: self.given[name] for name in SIGNATURE if self.given.get(name)}
        return {**subject, **given, "price_year": year, "data": self.data.data_hash}

    def measures_of(self, theme: str) -> list[str]:
        """Return the measures of a theme, in the order of the register."""
        return [code for code, measure in MEASURES.items() if measure.theme == theme]

    # Passages

    def passage(self, text: str, *rests_on: Basis) -> Passage:
        """Return a text with what it rests on; the names of programmes with a numeral in them come along."""
        shown = tidy(text)
        return Passage(shown, (*rests_on, *self.always, *self._names_in(shown)))

    def say(self, key: str, *rests_on: Basis, **words: object) -> Passage:
        """Return a message as a passage."""
        return self.passage(self.text(key, **words), *rests_on)

    def join(self, parts: Iterable[str]) -> str:
        """Return things in a row."""
        return self.text("number.item_separator").join(parts)

    @cached_property
    def always(self) -> tuple[Basis, ...]:
        """What every passage may rest on."""
        bases = {f"constant-{self.own_year}", *(each.price_basis for each in self.book.all.comparisons)}
        years = sorted({int(year) for base in bases if (year := base.partition("-")[2]).isdecimal()})
        prices = (Fact("year of the prices", float(year), "#year") for year in years)
        return self.facts.common, Basis("prices", tuple(prices))

    @property
    def own_year(self) -> int | None:
        """The year in whose prices estimates are given; ``None`` as printed."""
        return self.book.all.own_year

    def _names_in(self, text: str) -> list[Basis]:
        return [basis for basis in self._numbered_names if basis.facts[0].text in text]

    @cached_property
    def _numbered_names(self) -> list[Basis]:
        """The names of programmes with a numeral in them, as facts."""
        names = {f"programme {p}, label": tidy(self.labels.programme(p)) for p in self.data.programme_ids}
        return [Basis(name, (Fact(name, text=text),)) for name, text in names.items() if has_numeral(text)]

    # Facts

    @cached_property
    def _estimates(self) -> dict[str, Basis]:
        return {}

    def estimates(self, programme: str, theme: str = "") -> Basis:
        """Return the estimates of a programme in a theme, or in all, with their spans over readings."""
        name = f"estimates {programme} {theme}".strip()
        if name not in self._estimates:
            rows = [row for row in self.spans[programme] if theme in ("", row.theme)]
            self._estimates[name] = self.facts.estimates(name, rows)
        return self._estimates[name]

    def readings(self, programme: str, theme: str = "") -> Basis:
        """Return the estimates of a programme under each reading, the ruled out too, and as printed."""
        frames = [self.data.tables["estimates"], *([self.book.all.estimates] if self.own_year else [])]
        rows = (row for frame in frames for row in rows_of(Estimate, frame, programme_id=programme))
        chosen = [row for row in rows if row.reading and theme in ("", row.theme)]
        return self.facts.estimates(f"estimates {programme} {theme} under each reading", chosen)

    # Charts and tables

    def chart(self, chart: Picture, *rests_on: Basis) -> ChartPart:
        """Return a chart as a part of a memo; what it draws comes along as facts."""
        near = (
            *map(self.estimates, self._labelled(chart)),
            *map(self.facts.programme, self._credited(chart)),
        )
        bases = (*rests_on, chart_facts(self.facts, chart), *near)
        words = (chart.title, chart.subtitle, chart.note, chart.source, chart.alt)
        return ChartPart(chart.name, chart, *(self.passage(text, *bases) for text in words))

    def first_order(self, contrasts: Iterable[Contrast]) -> dict[str, ChartPart]:
        """Return the chart of the first order that there is, as low as a page of prose can hold."""
        for contrast in contrasts:
            drawn = [each for each in contrast.comparisons if each.unit][:MOST_GROUPS]
            if contrast.kind != "beside" and drawn:
                picture = comparison_chart(self.labels, drawn)
                own = (basis for p in self._labelled(picture) for basis in self.own(p))
                bases = (*contrasted(self.facts, contrast), *own)
                finding = self.passage(picture.title, *bases)
                # In prose, the sentence above says what the chart shows.
                picture = replace(picture, title=picture.subtitle, subtitle="")
                return {picture.name: replace(self.chart(picture, *bases), finding=finding)}
        return {}

    def _labelled(self, chart: Picture) -> list[str]:
        """Return the programmes whose values a chart labels."""
        found = {row.programme for row in chart.rows}
        for row in chart.rows:
            if not row.is_distribution:
                found |= {other.programme for other in row.others if other.figure_ids}
        return [p for p in self.data.programme_ids if p in found][:MOST_SOURCES]

    def _credited(self, chart: Picture) -> list[str]:
        """Return the programmes whose documents the source line of a chart names."""
        known = self.data.programme_ids
        drawn = chart.programmes if len(known) > MOST_SOURCES else set(known)
        return [p for p in known if p in drawn] if len(drawn) <= MOST_SOURCES else []

    def table(self, table: Table, *rests_on: Basis) -> TablePart:
        """Return a table as a part of a memo, its text as a memo can hold it."""
        of = {OF: ""} if any(OF in row for row in table.rows) else {}
        cells = tuple(
            {c.key: tidy(row[c.key]) for c in table.columns} | {key: row.get(key, "") for key in of}
            for row in table.rows
        )
        notes = tuple(self.passage(note, *rests_on) for note in table.lines if note)
        said = (
            *(column.label for column in table.columns),
            *(text for row in cells for text in row.values()),
        )
        named = {basis for text in said for basis in self._names_in(text)}
        bases = (*rests_on, *self.always, *sorted(named, key=lambda basis: basis.name))
        shown = Table(table.name, table.title, table.columns, cells, table.group)
        return TablePart(table.name, shown, self.passage(table.title, *rests_on), notes, bases)

    def with_source(self, part: TablePart, programmes: Iterable[str]) -> TablePart:
        """Return a table with the line that names the documents of some places."""
        chosen = [p for p in self.data.programme_ids if p in set(programmes)]
        documents = sum(row.programme_id in chosen for row in self._sources)
        number = Basis("documents of the table", (count("documents of the table", documents, "programme"),))
        named = map(self.facts.programme, chosen if len(chosen) <= MOST_SOURCES else ())
        return replace(part, source=self.passage(source_line(self.labels, chosen), number, *named))

    # Sources and method

    def number_documents(self, programmes: Sequence[str]) -> dict[str, int]:
        """Return the number of each document in the list of sources, by source id."""
        rows = [row for row in self._sources if row.programme_id in set(programmes)]
        return {row.source_id: place for place, row in enumerate(rows[:MOST_SOURCES], start=1)}

    @cached_property
    def _sources(self) -> list[Source]:
        return rows_of(Source, self.data.sources)

    def cite(self, passage: Passage, figures: Iterable[Figure]) -> Passage:
        """Return a passage with a note on its sources: each document, and where in it the figures stand."""
        places: dict[str, set[int]] = {}
        for figure in figures:
            places.setdefault(figure.source_id, set()).add(figure.paragraph)
        rows = [row for row in self._sources if row.source_id in places][:MOST_CITED]
        entries = (self._entry("memo.note_source", row, sorted(places[row.source_id])) for row in rows)
        shown = self.say("memo.note", entries=self.text("number.list_separator").join(entries))
        bases = [Basis(f"source {row.source_id}", tuple(self.facts.source(row))) for row in rows]
        bases += [self._paragraphs(row.source_id) for row in rows]
        note = Passage(shown.text, (*shown.rests_on, *bases))
        return replace(passage, note=note) if rows else passage

    def _paragraphs(self, source: str) -> Basis:
        """Return the paragraphs of a document that figures stand in, as they are cited."""
        rows = (row for row in rows_of(Figure, self.data.figures) if row.source_id == source)
        shown = dict.fromkeys(self.text("memo.paragraph", paragraph=row.paragraph) for row in rows)
        facts = (Fact(f"paragraph of {source}", text=words) for words in shown)
        return Basis(f"paragraphs of {source}", tuple(facts))

    def figures_named(self, names: Iterable[str]) -> list[Figure]:
        """Return the figures of some ids."""
        wanted = set(names)
        return [row for row in rows_of(Figure, self.data.figures) if row.figure_id in wanted]

    # What stands in every memo

    def signed(self, name: str) -> Passage:
        """Return who writes, to whom, or when: as given, or a field that is left to fill in."""
        shown = tidy(self.given.get(name, ""))
        if not shown:
            return self.say(f"memo.field_{name}")
        return Passage(shown, (Basis(f"{name} of the memo", (Fact(f"{name} as given", text=shown),)),))

    def to_ask(self, programmes: Sequence[str], theme: str = "") -> list[Question]:
        """Return what to ask some places, of one theme if it is named, what settles most first."""
        chosen = programmes[:MOST_SOURCES]
        if len(self.data.programme_ids) > MOST_SOURCES:
            data, found = (limited := self.data.limited_to(chosen)), list(open_things(limited))
        else:
            data, found = self.data, self.data.once(_open_in)
        unsettled = [each for each in found if theme in ("", each.theme)]
        return [each for each in questions(data, chosen, unsettled) if each.touched]

    def asked(self, found: Sequence[Question]) -> tuple[Passage, ...]:
        """Return the first questions in words."""
        return tuple(self.passage(self._ask(each), *self._asking(each)) for each in found[:MOST_ASKED])

    def _ask(self, question: Question) -> str:
        """Return a question in words."""
        return ask(self.labels, question)

    def question_table(self, found: Sequence[Question]) -> dict[str, TablePart]:
        """Return the questions with what each answer settles, as a table by its name."""
        table = settling_table(self.labels, found[:MOST_LISTED])
        if table is None:
            return {}
        return {
            table.name: self.table(
                table, *(basis for each in found[:MOST_LISTED] for basis in self._asking(each))
            )
        }

    def _asking(self, question: Question) -> tuple[Basis, ...]:
        """Return what the words on a question rest on: the place, and how much is settled."""
        words = ask(self.labels, question)
        about = getattr(question.about, "choice_id", getattr(question.about, "coding_id", "years"))
        # Two questions may have the same words.
        name = f"question to {question.programme_id}, {about}, {words}"
        numbers = {"touched": len(question.touched)} | {kind: question.least(kind) for kind in KINDS}
        facts = [count(f"{what} by {name}", number, "value") for what, number in numbers.items()]
        facts += self.facts.quote(name, words)
        return (*self.own(question.programme_id), Basis(name, tuple(facts)))

    @cached_property
    def _known(self) -> dict[str, Place]:
        return self._kept(_places)

    def pieces(self, programme: str) -> Pieces:
        """Return what sentences on a place are made of."""
        if programme not in self._known:
            self._known[programme] = self.data.once(Place, programme)
        return Pieces(self.labels, self._known[programme])

    @cached_property
    def _own(self) -> dict[str, tuple[Basis, ...]]:
        return self._kept(_bases, self.language)

    def _kept(self, make: Callable[..., Kept], *given: str) -> Kept:
        """Return what the memos of a dataset keep for each other; with many places each keeps its own."""
        few = len(self.data.programme_ids) <= MOST_SOURCES
        return self.data.once(make, *given) if few else make(self.data, *given)

    def own(self, programme: str) -> tuple[Basis, ...]:
        """Return what sentences on the findings of a place rest on."""
        if programme not in self._own:
            place = self.pieces(programme).place
            years = Basis(f"open years of {programme}", tuple(years_of(choices_of(self.data, programme))))
            self._own[programme] = (found_in(self.facts, place), years, self.facts.programme(programme))
        return self._own[programme]

    def beside(self, contrast: Contrast) -> Passage:
        """Return what a measure says of several places, with its sources."""
        named = list(dict.fromkeys(p for each in contrast.comparisons for p in ends(each)))
        bases = [basis for p in named for basis in self.own(p)]
        words = self.labels.sentences(contrast_sentences(self.labels, contrast))
        said = self.passage(words, *contrasted(self.facts, contrast), *bases)
        rows = [row for each in contrast.comparisons for row in records(each.estimates)]
        texts = (row["figure_ids"] for row in rows if row["programme_id"] in named)
        return self.cite(said, self.figures_named(name for text in texts for name in text.split()))

    def list_sources(self, numbers: Mapping[str, int], figures: Sequence[Figure]) -> tuple[Passage, ...]:
        """Return the list of sources, each with the paragraphs of the ``figures`` that the memo rests on."""
        rows = {row.source_id: row for row in self._sources}
        return tuple(
            self._listed(number, rows[source], [row for row in figures if row.source_id == source])
            for source, number in numbers.items()
        )

    def _listed(self, number: int, row: Source, used: Sequence[Figure]) -> Passage:
        own, paragraphs = f"source {row.source_id}", sorted({figure.paragraph for figure in used})
        key = "memo.source_used" if used else "memo.source"
        entry = self._entry(key, row, paragraphs, number=number, figures=len(used), hash=row.sha256[:12])
        short = Fact(f"{own}, sha256", text=row.sha256[:12])
        return self.passage(
            entry,
            Basis(own, tuple(self.facts.source(row))),
            Basis(f"entry of {row.source_id}", (short, count("figures used", len(used), "figure"))),
            number_sources({row.source_id: number}),
            self.facts.figures(f"figures used of {row.source_id}", used),
        )

    def _entry(self, key: str, row: Source, paragraphs: Iterable[int], **values: object) -> str:
        """Return a document: its title, who published it and when, and some of its paragraphs."""
        text = self.text
        day, *basis = self.labels.publication(row)
        translated = text("report.translated", title=row.title_en, original=row.title)
        return text(
            key,
            title=text.pick(translated, row.title),
            publisher=text.convert(row.publisher) or text("memo.no_publisher"),
            date=self.labels.with_detail(day, basis),
            paragraphs=text.listing(text("memo.paragraph", paragraph=p) for p in paragraphs),
            **values,
        )

    def levels(self) -> tuple[Passage, ...]:
        """Return that the programmes are of several administrative levels, where they are."""
        levels = list(dict.fromkeys(self.data.programmes["admin_level"]))
        names = self.text.listing([self.labels.term("admin_level", level) for level in levels])
        return (self.say("report.levels", levels=names),) if len(levels) > 1 else ()

    def method(self) -> tuple[Passage, ...]:
        """Return how the values were made, and what they cannot say."""
        number = len(self.data.programme_ids)
        lines = [self.say(f"report.method_{line}", number=number) for line in range(1, METHOD_LINES)]
        # With many programmes the last line would say what is not so.
        few = [self.say("report.method_few", number=number)] if number < 10 else []
        prices = [self.say("report.price_note", year=self.own_year)] if self.own_year else []
        return (*lines, *few, *prices)

    def made(self) -> Passage:
        """Return from which data the memo was made."""
        version = data_version(self.data)
        facts = tuple(Fact(f"{key} of the dataset", text=version[key]) for key in ("hash", "version"))
        return self.say("memo.made", Basis("version", facts), command="analysis memo --audit", **version)


def _places(data: Dataset) -> dict[str, Place]:
    """Return where places are kept by name."""
    return {}


def _bases(data: Dataset, language: str) -> dict[str, tuple[Basis, ...]]:
    """Return where what sentences on places rest on is kept by name, in a language."""
    return {}


def _open_in(data: Dataset) -> list[Unsettled]:
    """Return all that is open in a dataset."""
    return list(open_things(data))
