"""What a memo says, before it has any layout: texts with what they rest on, charts, tables, sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from analysis.draw import Picture
from analysis.draw.tables import Table
from analysis.show.memo.facts import Basis
from analysis.words.sentences import split_sentences


@dataclass(frozen=True)
class Passage:
    """A piece of text of a memo with what its numerals rest on, and the note on its sources, if any."""

    text: str
    rests_on: tuple[Basis, ...] = field(default=(), compare=False)
    note: Passage | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Section:
    """Findings under a heading: one paragraph."""

    heading: Passage
    sentences: tuple[Passage, ...]

    @property
    def passages(self) -> Iterator[Passage]:
        """Every text of it."""
        yield from (self.heading, *self.sentences)


@dataclass(frozen=True)
class ChartPart:
    """A chart of a memo: its picture, and its words as text; ``finding`` where its title does not say it."""

    name: str
    picture: Picture
    title: Passage
    subtitle: Passage
    note: Passage
    source: Passage
    alt: Passage
    finding: Passage = Passage("")

    @property
    def passages(self) -> Iterator[Passage]:
        """Every text of it."""
        yield from (self.title, self.subtitle, self.note, self.source, self.alt, self.finding)


@dataclass(frozen=True)
class TablePart:
    """A table of a memo, the lines below it, what its cells rest on, and the documents they are from."""

    name: str
    table: Table
    title: Passage
    notes: tuple[Passage, ...]
    rests_on: tuple[Basis, ...]
    source: Passage = Passage("")

    @property
    def passages(self) -> Iterator[Passage]:
        """Every text of it, each once."""
        yield from (self.title, *self.notes, self.source)
        heads = [column.label for column in self.table.columns]
        cells = [row[column.key] for row in self.table.rows for column in self.table.columns]
        yield from (Passage(text, self.rests_on) for text in dict.fromkeys([*heads, *cells]) if text)


Part = TypeVar("Part")


@dataclass(frozen=True, eq=False)
class Later(Mapping[str, Part]):
    """Parts by name that are made when one of them is first asked for."""

    make: Callable[[], Mapping[str, Part]]

    @cached_property
    def _made(self) -> Mapping[str, Part]:
        return self.make()

    def __getitem__(self, name: str) -> Part:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


@dataclass(frozen=True)
class Memo:
    """A memo in one language: ``name`` is that of its file, ``about`` what it is made from.

    The body is ``lead`` to ``questions`` with the first chart and ``headline``, the table of what matters
    most; ``tables``, ``sources`` and ``method`` are the annex. ``more_charts`` and ``more_tables`` are what a
    template may ask for besides, ``placed`` the values that one has named.
    """

    name: str
    language: str
    about: dict[str, str]
    title: Passage
    lead: Passage
    findings: tuple[Section, ...]
    beside: tuple[Passage, ...]
    doubts: tuple[Passage, ...]
    questions: tuple[Passage, ...]
    charts: dict[str, ChartPart]
    headline: TablePart | None
    tables: dict[str, TablePart]
    notes: tuple[Passage, ...]
    sources: tuple[Passage, ...]
    method: tuple[Passage, ...]
    caution: Passage
    made: Passage
    issuer: Passage
    addressee: Passage
    date: Passage
    more_charts: Mapping[str, ChartPart] = field(default_factory=dict)
    more_tables: Mapping[str, TablePart] = field(default_factory=dict)
    placed: tuple[Passage, ...] = ()

    @property
    def passages(self) -> Iterator[Passage]:
        """Every text of the memo and of what a template may ask for besides."""
        yield from self.shown
        for chart in self.more_charts.values():
            yield from chart.passages
        for table in self.more_tables.values():
            yield from table.passages

    @property
    def shown(self) -> Iterator[Passage]:
        """Every text of the memo, notes included, and each sentence of its paragraphs.

        Where a hand changes one sentence of a paragraph, the others stand as they were made.
        """
        paragraphs = (self.lead, *self.beside, *(each for part in self.findings for each in part.sentences))
        for passage in paragraphs:
            sentences = split_sentences(passage.text)
            yield from (Passage(each, passage.rests_on) for each in sentences if len(sentences) > 1)
        for passage in self._texts:
            yield passage
            if passage.note:
                yield passage.note

    @property
    def _texts(self) -> Iterator[Passage]:
        yield from (self.title, self.lead, *self.beside, *self.doubts, *self.questions, *self.notes)
        yield from (*self.sources, *self.method, self.caution, self.made)
        yield from (self.issuer, self.addressee, self.date, *self.placed)
        parts: tuple[Section | ChartPart | TablePart, ...] = (
            *self.findings, *self.charts.values(), *self.tables.values(),
            *([self.headline] if self.headline else []),
        )  # fmt: skip
        for part in parts:
            yield from part.passages
