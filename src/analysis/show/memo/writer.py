"""What the memos on a programme and on a theme share: passages, charts, tables, sources, method."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.draw import Picture
from analysis.draw.tables import Table
from analysis.estimates.measures import Estimate
from analysis.estimates.prices import PriceYear
from analysis.estimates.spans import Span
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES
from analysis.evidence.rows import Figure, Source, rows_of
from analysis.show.chartbook import Book
from analysis.show.export.citation import data_version
from analysis.show.memo.chart_facts import chart_facts
from analysis.show.memo.facts import Basis, Fact, FactMaker, count, number_sources, tidy
from analysis.show.memo.passages import ChartPart, Passage, TablePart
from analysis.show.memo.scan import has_numeral
from analysis.words.labels import Labels
from analysis.words.language import Text

METHOD_LINES = 6
MOST_SOURCES = 30  # documents that are listed


@dataclass(frozen=True)
class MemoWriter:
    """Writes passages of a memo in one language; ``price_year`` is as in ``Book``."""

    data: Dataset
    language: str = "en"
    price_year: PriceYear = None

    @cached_property
    def text(self) -> Text:
        """The wording."""
        return Text.of(self.language)

    @cached_property
    def labels(self) -> Labels:
        """The names of everything."""
        return Labels(self.data, self.text)

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
        found: dict[str, list[Span]] = {programme: [] for programme in self.data.programme_ids}
        for row in rows_of(Span, self.book.spans):
            found[row.programme_id].append(row)
        return found

    def about(self, **subject: str) -> dict[str, str]:
        """Return what the memo is made from."""
        year = "" if self.price_year is None else str(self.price_year)
        return {**subject, "price_year": year, "data": self.data.data_hash}

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
        compared = (each for found in self.book.comparisons.values() for each in found)
        bases = {f"constant-{self.own_year}", *(each.price_basis for each in compared)}
        years = sorted({int(year) for base in bases if (year := base.partition("-")[2]).isdecimal()})
        prices = (Fact("year of the prices", float(year), "#year") for year in years)
        return self.facts.common, Basis("prices", tuple(prices))

    @property
    def own_year(self) -> int | None:
        """The year in whose prices estimates are given; ``None`` as printed."""
        return self.price_year if isinstance(self.price_year, int) else None

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
        """Return the estimates of a programme under each reading, those ruled out included."""
        rows = rows_of(Estimate, self.book.estimates, programme_id=programme)
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
        cells = tuple({c.key: tidy(row[c.key]) for c in table.columns} for row in table.rows)
        notes = tuple(self.passage(note, *rests_on) for note in table.lines if note)
        named = {basis for row in cells for text in row.values() for basis in self._names_in(text)}
        bases = (*rests_on, *self.always, *sorted(named, key=lambda basis: basis.name))
        shown = Table(table.name, table.title, table.columns, cells, table.group)
        return TablePart(table.name, shown, self.passage(table.title, *rests_on), notes, bases)

    # Sources and method

    def number_documents(self, programmes: Sequence[str]) -> dict[str, int]:
        """Return the number of each document in the list of sources, by source id."""
        rows = [row for row in self._sources if row.programme_id in set(programmes)]
        return {row.source_id: place for place, row in enumerate(rows[:MOST_SOURCES], start=1)}

    @cached_property
    def _sources(self) -> list[Source]:
        return rows_of(Source, self.data.sources)

    def cite(self, sentence: str, numbers: Mapping[str, int], programmes: Iterable[str]) -> str:
        """Return a sentence with the numbers of the documents of some programmes before its full stop."""
        owners = set(programmes)
        rows = (row for row in self._sources if row.programme_id in owners and row.source_id in numbers)
        cited = "".join(f"[{numbers[row.source_id]}]" for row in rows)
        if not cited or sentence[-1:] not in (".", "。"):
            return f"{sentence}{cited}"
        return f"{sentence[:-1]}{self.text.rules.space}{cited}{sentence[-1]}"

    def list_sources(self, numbers: Mapping[str, int], figures: Sequence[Figure]) -> tuple[Passage, ...]:
        """Return the list of sources, each with the paragraphs of the ``figures`` that the memo rests on."""
        rows = {row.source_id: row for row in self._sources}
        return tuple(
            self._entry(number, rows[source], [row for row in figures if row.source_id == source])
            for source, number in numbers.items()
        )

    def _entry(self, number: int, row: Source, used: Sequence[Figure]) -> Passage:
        text, own = self.text, f"source {row.source_id}"
        day, *basis = self.labels.publication(row)
        translated = text("report.translated", title=row.title_en, original=row.title)
        paragraphs = sorted({figure.paragraph for figure in used})
        entry = text(
            "memo.source_used" if paragraphs else "memo.source",
            number=number,
            title=text.pick(translated, row.title),
            publisher=text.convert(row.publisher) or text("memo.no_publisher"),
            date=self.labels.with_detail(day, basis),
            paragraphs=text.listing(text("memo.paragraph", paragraph=p) for p in paragraphs),
            figures=len(used),
            hash=row.sha256[:12],
        )
        short = Fact(f"{own}, sha256", text=row.sha256[:12])
        return self.passage(
            entry,
            Basis(own, tuple(self.facts.source(row))),
            Basis(f"entry of {row.source_id}", (short, count("figures used", len(used), "figure"))),
            number_sources({row.source_id: number}),
            self.facts.figures(f"figures used of {row.source_id}", used),
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
