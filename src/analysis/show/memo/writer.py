"""What the memos on a programme and on a theme share: passages with facts, charts, sources, method."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.draw import Picture, Row, style
from analysis.draw.tables import Table
from analysis.estimates.comparison import Comparison
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES
from analysis.show.chartbook import Book
from analysis.show.export.citation import citation, data_version
from analysis.show.memo.content import ChartPart, TablePart
from analysis.show.memo.facts import Basis, Evidence, Fact, Passage, cell_name, count, tidy
from analysis.show.memo.scan import has_numeral
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import strip_denominators

METHOD_LINES = 6
MOST_SOURCES = 30  # documents that are listed


@dataclass(frozen=True)
class Writer:
    """Writes passages of a memo in one language, with money as printed or in the prices of ``price_year``."""

    data: Dataset
    language: str = "en"
    price_year: int | None = None

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
    def evidence(self) -> Evidence:
        """What makes facts."""
        return Evidence(self.labels)

    @cached_property
    def spans(self) -> dict[str, list[dict[str, Any]]]:
        """The estimates with their spans over readings, by programme."""
        found: dict[str, list[dict[str, Any]]] = {programme: [] for programme in self.data.programme_ids}
        for row in records(self.book.spans):
            found[row["programme_id"]].append(row)
        return found

    # Passages

    def passage(self, text: str, *rests_on: Basis) -> Passage:
        """Return a text with what it rests on; the names of programmes with a numeral in them come along."""
        shown = tidy(text)
        named = [Basis(f"programme {p}, label", (fact,)) for p, fact in self._numbered if fact.text in shown]
        return Passage(shown, (*rests_on, *self.always, *named))

    def say(self, key: str, *rests_on: Basis, **values: object) -> Passage:
        """Return a message as a passage."""
        return self.passage(self.text(key, **values), *rests_on)

    @cached_property
    def always(self) -> tuple[Basis, ...]:
        """What every passage may rest on."""
        prices: tuple[Fact, ...] = ()
        if self.price_year is not None:
            prices = (Fact("year of the prices", float(self.price_year), "#year"),)
        return self.evidence.common, Basis("prices", prices)

    @cached_property
    def _numbered(self) -> list[tuple[str, Fact]]:
        pairs = ((p, self.labels.programme(p)) for p in self.data.programme_ids)
        return [(p, Fact(f"programme {p}, label", text=tidy(name))) for p, name in pairs if has_numeral(name)]

    def counts(self, name: str, **numbers: float) -> Basis:
        """Return counts of things as a basis: ``counts("of ludian", figures=85)``."""
        facts = (count(f"{what} {name}", n, what.split()[0].removesuffix("s")) for what, n in numbers.items())
        return Basis(f"counts {name}", tuple(facts))

    # Facts of several kinds

    def estimates(self, programme: str, theme: str = "") -> Basis:
        """Return the estimates of a programme in a theme, or in all, with each of their readings."""
        name = f"estimates {programme} {theme}".strip()
        if name not in self._made:
            wanted = [row for row in self.spans[programme] if theme in ("", row["theme"])]
            self._made[name] = self.evidence.estimates(name, wanted)
        return self._made[name]

    @cached_property
    def _made(self) -> dict[str, Basis]:
        return {}

    def readings(self, programme: str, theme: str = "") -> Basis:
        """Return the estimates of a programme under each reading, those ruled out included."""
        frame = self.book.estimates
        rows = records(frame[frame["programme_id"] == programme])
        wanted = [row for row in rows if row["reading"] and theme in ("", row["theme"])]
        return self.evidence.estimates(f"estimates {programme} {theme} under each reading", wanted)

    def comparison(self, comparison: Comparison, programmes: Iterable[str]) -> Basis:
        """Return the facts of a comparison for some of its programmes: values, ranks, margins, counts."""
        name = f"comparison {comparison.measure}/{'/'.join(filter(None, comparison.key.values()))}"
        wanted, unit = set(programmes), comparison.unit
        facts = [count(f"programmes in {name}", len(comparison.programmes), "programme")]
        ranking = self.ranking(comparison)
        facts.append(count(f"items in {name}", len(ranking), "value"))
        facts.append(count(f"items of {name} without a label", len(ranking) - style.LABELLED, "value"))
        for place, row in enumerate(ranking):
            below = ranking[place + 1]["item"].split(":")[0] if place + 1 < len(ranking) else ""
            if row["item"].split(":")[0] in wanted or below in wanted:
                facts += _ranked(name, row, unit, comparison.evidence[row["item"]])
        for found, total in (comparison.silent[p] for p in wanted if p in comparison.silent):
            facts += [count(f"readings in {name}", number, "reading") for number in (found, total)]
        if len(ranking) > 1:
            facts += self._first_pair(name, comparison)
        for reason in sorted(set(comparison.left_out["reason"])):
            facts += self.evidence.quoted(f"{name}, reason", self.labels.reason(reason))
        return Basis(f"{name} for {' '.join(sorted(wanted))}", tuple(facts))

    def ranking(self, comparison: Comparison) -> list[dict[str, Any]]:
        """Return the rows of a ranking, computed once."""
        if id(comparison) not in self._rankings:
            self._rankings[id(comparison)] = records(comparison.ranking())
        return self._rankings[id(comparison)]

    @cached_property
    def _rankings(self) -> dict[int, list[dict[str, Any]]]:
        return {}

    def _first_pair(self, name: str, comparison: Comparison) -> list[Fact]:
        items = [row["item"] for row in self.ranking(comparison)]
        others = [item for item in items if item.split(":")[0] != items[0].split(":")[0]]
        if not others:
            return []
        pair = comparison.robustness.pair(items[0], others[0])
        return [
            Fact(f"{name}, margin of the first", float(pair.margin), comparison.unit),
            count(f"readings in which the first of {name} is above the next", pair.higher, "reading"),
            count(f"pairs of readings of the first two of {name}", pair.total, "reading"),
        ]

    # Charts

    def chart(self, chart: Picture, *rests_on: Basis) -> ChartPart:
        """Return a chart as a part of a memo; what it draws comes along as facts."""
        labelled = self._labelled(chart)
        near = (*map(self.estimates, labelled), *map(self.dates, self._credited(chart)))
        bases = (*rests_on, self.drawn(chart), *near)
        return ChartPart(
            chart.name,
            chart,
            title=self.passage(chart.title, *bases),
            subtitle=self.passage(chart.subtitle, *bases),
            note=self.passage(chart.note, *bases),
            source=self.passage(chart.source, *bases),
            alt=self.passage(chart.alt, *bases),
        )

    def _labelled(self, chart: Picture) -> list[str]:
        """Return the programmes whose values a chart labels."""
        found = {row.programme for row in chart.rows}
        found |= {
            o.programme for row in chart.rows if not row.is_distribution for o in row.others if o.figure_ids
        }
        return [p for p in self.data.programme_ids if p in found][:MOST_SOURCES]

    def _credited(self, chart: Picture) -> list[str]:
        """Return the programmes whose documents the source line of a chart names."""
        known = self.data.programme_ids
        drawn = chart.programmes if len(known) > MOST_SOURCES else set(known)
        return [p for p in known if p in drawn] if len(drawn) <= MOST_SOURCES else []

    def dates(self, programme: str) -> Basis:
        """Return the texts of a programme and its documents."""
        return self.evidence.programme(programme)

    def drawn(self, chart: Picture) -> Basis:
        """Return what a chart draws and says of it: values, their number, median and quartiles."""
        name = f"chart {chart.name}"
        total = len(chart.programmes)
        facts = [count(f"programmes in {name}", total, "programme")]
        unit = str(getattr(chart, "unit", ""))
        for row in chart.rows:
            label = row.label or row.programme
            facts += _row_facts(f"{name}, {label}", row, unit)
            facts.append(count(f"others in {name}, {label}", len(row.others), "value"))
            if row.is_distribution:
                facts += _spread_facts(f"{name}, {label}", row, chart)
            else:
                for other in row.others:
                    facts += _row_facts(f"{name}, {other.label}", other, unit)
            facts += self.evidence.quoted(f"reading in {name}", row.label)
        facts += _beyond(name, chart)
        facts += self._measure_counts(name, chart)
        return Basis(name, tuple(facts))

    def _measure_counts(self, name: str, chart: Picture) -> list[Fact]:
        """Return the counts that the title of a chart of coverage and of a profile states."""
        states = [row for row in chart.rows if row.others or row.value is not None]
        shown = [
            sum(other.value is not None for other in row.others) or int(row.value or 0) for row in states
        ]
        own = sum(row.highlight for row in chart.rows)
        numbers = {
            "rows": len(states),
            "rows that two or more programmes report": sum(number > 1 for number in shown),
            "rows that no programme reports": sum(number == 0 for number in shown),
            "rows of the programme": own,
            "readings": len([row for row in chart.rows if row.reading]),
        }
        highlight = getattr(chart, "highlight", None)
        if highlight is not None:
            reported = [row.others[highlight].value is not None for row in chart.rows if row.others]
            numbers["rows that the programme reports"] = sum(reported)
        return [count(f"{what} of {name}", number, "measure") for what, number in numbers.items()]

    # Tables

    def table(self, table: Table, *rests_on: Basis) -> TablePart:
        """Return a table as a part of a memo, its text as a memo can hold it."""
        cells = tuple({c.key: tidy(row[c.key]) for c in table.columns} for row in table.rows)
        notes = tuple(self.passage(note, *rests_on) for note in table.lines if note)
        named = [self.passage(text).rests_on[2:] for text in {t for row in cells for t in row.values()}]
        labels = {basis.name: basis for found in named for basis in found}
        bases = (*rests_on, *self.always, *(labels[name] for name in sorted(labels)))
        shown = Table(table.name, table.title, table.columns, cells, table.group)
        return TablePart(table.name, shown, self.passage(table.title, *rests_on), notes, bases)

    # Sources and method

    def numbered(self, programmes: Sequence[str]) -> dict[str, int]:
        """Return the number of each document in the list of sources, by source id."""
        frame = self.data.sources
        wanted = set(programmes)
        ids = [s for s, p in zip(frame["source_id"], frame["programme_id"], strict=True) if p in wanted]
        return {source: place for place, source in enumerate(ids[:MOST_SOURCES], start=1)}

    def cite(self, numbers: Mapping[str, int], programmes: Iterable[str]) -> str:
        """Return the numbers of the documents of some programmes as a citation: ``[1][3]``."""
        owners = set(programmes)
        frame = self.data.sources
        pairs = zip(frame["source_id"], frame["programme_id"], strict=True)
        return "".join(f"[{numbers[s]}]" for s, p in pairs if p in owners and s in numbers)

    def cited_sentence(self, sentence: str, cite: str) -> str:
        """Return a sentence with its citation before the full stop."""
        if not cite or sentence[-1:] not in (".", "。"):
            return f"{sentence}{cite}"
        return f"{sentence[:-1]}{self.text.rules.space}{cite}{sentence[-1]}"

    def cited(self, numbers: Mapping[str, int]) -> Basis:
        """Return the numbers of the documents as facts."""
        facts = (Fact(f"number of source {s}", float(n), "#source", f"[{n}]") for s, n in numbers.items())
        return Basis(f"sources {' '.join(numbers)}", tuple(facts))

    def source(self, number: int, row: Mapping[str, Any], used: Sequence[Mapping[str, Any]]) -> Passage:
        """Return one entry of the list of sources, with the paragraphs that the memo rests on."""
        day, *basis = self.labels.publication(row)
        translated = self.text("report.translated", title=row["title_en"], original=row["title"])
        paragraphs = sorted({int(each["paragraph"]) for each in used})
        listed = self.text.listing(self.text("memo.paragraph", paragraph=p) for p in paragraphs)
        said = self.text(
            "memo.source_used" if paragraphs else "memo.source",
            number=number,
            title=self.text.pick(translated, row["title"]),
            publisher=self.text.convert(row["publisher"]) or self.text("memo.no_publisher"),
            date=self.labels.with_detail(day, basis),
            paragraphs=listed,
            figures=len(used),
            hash=row["sha256"][:12],
        )
        own = Basis(f"source {row['source_id']}", tuple(self.evidence.source(row)))
        short = Fact(f"source {row['source_id']}, sha256", text=row["sha256"][:12])
        extra = Basis(f"entry of {row['source_id']}", (short, count("figures used", len(used), "figure")))
        cited = self.cited({row["source_id"]: number})
        figures = self.evidence.figures(f"figures used of {row['source_id']}", used)
        return self.passage(said, own, extra, cited, figures)

    def method(self) -> tuple[Passage, ...]:
        """Return how the values were made, and what they cannot say."""
        number = len(self.data.programme_ids)
        lines = [self.say(f"report.method_{line}", number=number) for line in range(1, METHOD_LINES)]
        # With many programmes the last line would say what is not so.
        few = [self.say("report.method_few", number=number)] if number < 10 else []
        prices = [self.say("report.price_note", year=self.price_year)] if self.price_year else []
        return (*lines, *few, *prices)

    def made(self) -> Passage:
        """Return from which data the memo was made."""
        version = data_version(self.data)
        facts = tuple(Fact(f"{key} of the dataset", text=version[key]) for key in ("hash", "version"))
        return self.say("memo.made", Basis("version", facts), command="analysis memo --audit", **version)

    @cached_property
    def authors(self) -> str:
        """Who made the suite, as the file's author."""
        cited = citation(self.data)
        return cited["authors"] or cited["title"]

    def measures_of(self, theme: str) -> list[str]:
        """Return the measures of a theme, in the order of the register."""
        return [code for code, measure in MEASURES.items() if measure.theme == theme]


def _ranked(name: str, row: Mapping[str, Any], unit: str, rests: Mapping[str, Any]) -> list[Fact]:
    figures = str(rests["figure_ids"])
    facts = [
        Fact(f"{cell_name(rests)}, {aspect}", float(row[aspect]), unit or str(rests["unit"]), figures=figures)
        for aspect in ("value", "low", "high")
    ]
    facts += [count(f"{aspect} of {row['item']} in {name}", row[aspect], "rank") for aspect in _RANKS]
    if not pd.isna(row["of_readings"]):
        facts.append(Fact(f"{name}, margin of {row['item']}", float(row["margin"]), unit))
        for aspect in ("higher_than_next", "of_readings"):
            facts.append(count(f"{aspect} of {row['item']} in {name}", float(row[aspect]), "reading"))
    return facts


_RANKS = ("rank", "best_rank", "worst_rank")


def _row_facts(name: str, row: Row, unit: str) -> list[Fact]:
    own = row.unit or unit
    pairs = (("value", row.value), ("low", row.low), ("high", row.high), ("before", row.before))
    return [
        Fact(f"{name}, {aspect}", float(value), own, figures=row.figure_ids)
        for aspect, value in pairs
        if value is not None and math.isfinite(value)
    ]


def _spread_facts(name: str, row: Row, chart: Picture) -> list[Fact]:
    values = [other.value for other in row.others if other.value is not None]
    quartiles = zip(
        ("lower quartile", "median", "upper quartile"), np.quantile(values, (0.25, 0.5, 0.75)), strict=True
    )
    unit = row.unit or str(getattr(chart, "unit", ""))
    facts = [Fact(f"{name}, {what}", float(value), unit) for what, value in quartiles]
    facts += [
        Fact(f"{name}, {what}", each, unit) for what, each in (("least", min(values)), ("most", max(values)))
    ]
    facts.append(count(f"values in {name}", len(values), "value"))
    for own in chart.rows:
        if own.highlight and own.value is not None:
            below = sum(value < own.value for value in values)
            facts.append(Fact(f"{own.label}, share of {name} that is lower", below / len(values), "share"))
    return facts


def _beyond(name: str, chart: Picture) -> list[Fact]:
    """Return where the axis of a chart ends before some values, and how many those are."""
    limit = getattr(chart, "limit", None)
    if limit is None:
        return []
    values = [o.value for row in chart.rows if row.is_distribution for o in row.others if o.value is not None]
    beyond = sum(value > limit for value in values)
    unit = strip_denominators(str(getattr(chart, "unit", "")))
    return [
        Fact(f"end of the axis of {name}", float(limit), unit),
        count(f"values beyond {name}", beyond, "value"),
    ]
