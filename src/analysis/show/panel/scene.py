"""What the panel shows under its settings: choices, comparison, chart, order, words, evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.draw import Chart
from analysis.draw.tables import Table
from analysis.estimates.comparable import at_one_price
from analysis.estimates.comparison import Comparison
from analysis.estimates.measures import Estimate, Readings, to_frame
from analysis.estimates.robustness import Ranked
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import parse_when
from analysis.evidence.rows import Choice, Reading, rows_of
from analysis.evidence.schema import DIMENSIONS
from analysis.show import cards
from analysis.show.cards import EstimateCard
from analysis.show.display import ranking_table
from analysis.show.panel.question_chart import MOST_ROWS, out_table, question_chart
from analysis.show.panel.state import Desk, PanelState, arguments
from analysis.words.comparisons import value_phrase
from analysis.words.findings.contrasts import contrast_title
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.phrases import unit_phrase

# More open questions than this are not set out: the programmes have to be narrowed first.
MOST_CHOICES = 6
MOST_NAMED = 5


@dataclass(frozen=True)
class OpenChoice:
    """A choice that touches what is shown. ``chosen`` is the reading settled, or empty for all of them."""

    choice_id: str
    question: str
    definitional: bool
    answers: tuple[Reading, ...]
    chosen: str

    @property
    def possible(self) -> tuple[Reading, ...]:
        """The readings that arithmetic allows."""
        return tuple(answer for answer in self.answers if answer.feasible)

    @property
    def ruled_out(self) -> tuple[Reading, ...]:
        """The readings that arithmetic rules out: they are named with their reason, and never used."""
        return tuple(answer for answer in self.answers if not answer.feasible)


@dataclass(frozen=True)
class Scene:
    """What the panel shows under its settings; everything is computed once, when it is asked for.

    ``documents`` is the folder of the source documents, if they are not where the cards look for them.
    """

    desk: Desk
    state: PanelState
    documents: Path | None = None

    @cached_property
    def text(self) -> Text:
        """The wording."""
        return Text.of(self.state.language)

    @cached_property
    def labels(self) -> Labels:
        """The names of everything."""
        return Labels(self.desk.data, self.text)

    @cached_property
    def _chosen(self) -> Labels:
        """The names of what is shown; what they count are the programmes chosen."""
        return Labels(self.data, self.text)

    @cached_property
    def _rows(self) -> pd.DataFrame:
        """The estimates of the measure, of the programmes and in the prices chosen, under every reading."""
        frame = self.desk.data.tables["estimates"]
        measured = rows_of(Estimate, frame, measure=self.state.measure)
        rows = to_frame(at_one_price(self.desk.data, measured, self.state.price_year))
        return rows[rows["programme_id"].isin(self.state.programmes)] if self.state.programmes else rows

    @cached_property
    def _touching(self) -> tuple[str, ...]:
        """The choices that touch the question, in the order of the data."""
        asked = self.state.question.holds
        found = {c for row in rows_of(Estimate, self._rows) if asked(row) for c in parse_when(row.reading)}
        return tuple(choice for choice in self.desk.data.choices["choice_id"] if choice in found)

    @cached_property
    def settled(self) -> dict[str, str]:
        """The readings chosen, of the choices that touch the question."""
        return {c: self.state.readings[c] for c in self._touching if c in self.state.readings}

    @cached_property
    def choices(self) -> tuple[OpenChoice, ...]:
        """The choices that touch the question; none where they are more than can be set out."""
        return () if self.unlisted else self._all_choices

    @cached_property
    def _all_choices(self) -> tuple[OpenChoice, ...]:
        rows = {row.choice_id: row for row in rows_of(Choice, self.desk.data.choices)}
        return tuple(self._choice(rows[choice]) for choice in self._touching)

    @property
    def unlisted(self) -> int:
        """The number of choices that are too many to set out, else 0."""
        return len(self._touching) if len(self._touching) > MOST_CHOICES else 0

    def _choice(self, row: Choice) -> OpenChoice:
        frame = self.desk.data.readings.sort_values("rank")
        answers = tuple(rows_of(Reading, frame, choice_id=row.choice_id))
        definitional = row.kind == "definitional"
        default = next(answer.reading for answer in answers if answer.is_default)
        chosen = self.settled.get(row.choice_id, default if definitional else "")
        question = self.labels.of(row, "question")
        if row.programme_id:
            place = self.labels.programme(row.programme_id)
            question = self.text("number.labelled", label=place, value=question)
        return OpenChoice(row.choice_id, question, definitional, answers, chosen)

    @cached_property
    def data(self) -> Dataset:
        """The dataset narrowed to what is shown; what is settled is the only and default reading there."""
        tables, readings = self.desk.data.tables, self.desk.data.readings
        defaults = [
            self.settled[choice] == reading if choice in self.settled else default
            for choice, reading, default in zip(
                readings["choice_id"], readings["reading"], readings["is_default"], strict=True
            )
        ]
        settled = replace(self.desk.data, tables={**tables, "readings": readings.assign(is_default=defaults)})
        programmes = tables["programmes"]
        if self.state.programmes:
            programmes = programmes[programmes["programme_id"].isin(self.state.programmes)]
        narrow = {"programmes": programmes, "estimates": self._standing(Readings.of(settled))}
        return replace(settled, tables={**settled.tables, **narrow})

    def _standing(self, register: Readings) -> pd.DataFrame:
        """Return the estimates that stand under what is settled, with the defaults that follow from it."""
        answers = [parse_when(row) for row in self._rows["reading"]]
        stands = [all(found.get(c, r) == r for c, r in self.settled.items()) for found in answers]
        rows = self._rows.assign(is_default=[register.is_default(found) for found in answers])
        return rows[pd.Series(stands, rows.index, dtype="bool")]

    @cached_property
    def comparison(self) -> Comparison:
        """The comparison that is shown; it may hold one programme, or none."""
        return self.state.question.answer(self.data, self._definitions)

    @property
    def _definitions(self) -> dict[str, str]:
        """What the analyst has decided where other definitions would give other values."""
        asked = [row for row in rows_of(Estimate, self._rows) if self.state.question.holds(row)]
        pairs = {pair for row in asked if row.has_value for pair in parse_when(row.reading).items()}
        several = Counter(choice for choice, _ in pairs)
        decided = [choice for choice in self._all_choices if choice.definitional]
        return {each.choice_id: each.chosen for each in decided if several[each.choice_id] > 1}

    @cached_property
    def ranking(self) -> list[Ranked]:
        """The rows of the ranking, the highest first; none where nothing has a value."""
        return self.comparison.ranked if self.comparison.programmes else []

    @cached_property
    def settled_words(self) -> str:
        """The readings chosen in a sentence; empty where none is."""
        if not self.settled:
            return ""
        when = "; ".join(f"{choice}={reading}" for choice, reading in self.settled.items())
        return self.text("explore.note_settled", readings=self.labels.readings(when))

    @cached_property
    def chart(self) -> Chart:
        """The values with their ranges over the readings that are open; the note names what is settled."""
        return question_chart(self._chosen, self.comparison, self.finding, self.settled_words)

    @cached_property
    def finding(self) -> str:
        """Who is above whom, in how many readings; or who alone reports it; or that nobody does."""
        name = self.labels.comparison(self.comparison)
        if len(self.comparison.programmes) > 1:
            return contrast_title(self.labels, [self.comparison])
        if not self.ranking:
            return self.text("explore.nothing")
        value = value_phrase(self.labels, self.ranking[0], self.comparison)
        place = self.labels.item(self.ranking[0].item)
        return self.text("explore.only", place=place, value=value) if name else ""

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The finding, what decides the order or what to do where there is none, and the readings chosen."""
        finding = self.text(
            "number.labelled", label=self.labels.comparison(self.comparison), value=self.finding
        )
        finding += self.text.rules.full_stop
        return tuple(s for s in (finding, self._deciding, self._next, self.settled_words) if s)

    @cached_property
    def _next(self) -> str:
        """What to do where fewer than two programmes can be compared."""
        if len(self.comparison.programmes) > 1:
            return ""
        whole = replace(self.state, programmes=(), readings={})
        shown = set(self.comparison.programmes)
        others = [p for p in Scene(self.desk, whole).comparison.programmes if p not in shown]
        if not others or not self.state.programmes:
            return self.text("explore.try_measure")
        names = [self.labels.programme(programme) for programme in others[:MOST_NAMED]]
        return self.text("explore.try_programmes", places=self.text.listing(names))

    @cached_property
    def _deciding(self) -> str:
        """What decides between the two highest, where one choice alone does."""
        ranking = self.ranking if self.comparison.is_rate else []
        second = next((row.item for row in ranking if row.programme != ranking[0].programme), None)
        if second is None:
            return ""
        deciding = self.comparison.robustness.pair(ranking[0].item, second).deciding
        named = self.text("number.item_separator").join(map(self.labels.question, deciding))
        return self.text("explore.decided", questions=named) if named else ""

    @property
    def unit(self) -> str:
        """The unit and the prices in words."""
        return unit_phrase(self.labels, self.comparison.unit, self.comparison.price_basis)

    @cached_property
    def order(self) -> Table | None:
        """The ranking in words, its first rows where they are many; none where nothing has a value."""
        if not self.ranking:
            return None
        table = ranking_table(self._chosen, self.comparison, rows=MOST_ROWS)
        return replace(table, title=self.text("comparison.caption_rankings"))

    @cached_property
    def left_out(self) -> Table | None:
        """The programmes that are not compared, and why; none where all are."""
        return None if self.comparison.left_out.empty else out_table(self._chosen, self.comparison)

    @cached_property
    def items(self) -> dict[str, str]:
        """What evidence can be opened for, with its name: the items at the head of the ranking."""
        shown = self.ranking[:MOST_ROWS]
        return {row.item: self.labels.item(row.item) for row in shown}

    def evidence(self, item: str) -> EstimateCard:
        """Return the card of an item's estimate, in the prices that are shown; its figures open from there.

        Readings that are settled are no open ones there, either.
        """
        row = self.comparison.evidence[item]
        dimensions = {name: row[name] for name in DIMENSIONS if row[name]}
        return cards.estimate(
            self._priced, row["programme_id"], row["measure"], dimensions, self.state.language,
            self.documents, row["price_basis"],
        )  # fmt: skip

    @cached_property
    def _priced(self) -> Dataset:
        """The whole dataset under the readings that are settled, with what is shown in its prices as well."""
        frame = self.desk.data.tables["estimates"]
        settled = self.settled.items()
        stands = [all(parse_when(text).get(c, r) == r for c, r in settled) for text in frame["reading"]]
        shown = self.data.tables["estimates"]
        constant = shown[shown["price_basis"].str.startswith("constant-")]
        rows = pd.concat([frame[pd.Series(stands, frame.index, dtype="bool")], constant], ignore_index=True)
        tables = {**self.desk.data.tables, "readings": self.data.readings, "estimates": rows}
        return replace(self.desk.data, tables=tables)

    @property
    def code(self) -> str:
        """The call that shows the same: to keep it, or to work on with the comparison."""
        return f"panel = analysis.explore({', '.join(self._arguments())})\npanel.comparison.ranking()"

    def _arguments(self) -> Iterator[str]:
        state = self.state
        yield "data"
        yield f"language={state.language!r}"
        yield f"measure={state.measure!r}"
        if state.question.key:
            yield arguments(state.question.key)
        if state.programmes:
            yield f"programmes={list(state.programmes)!r}"
        if state.price_year is not None:
            yield f"price_year={state.price_year!r}"
        if self.settled:
            yield f"readings={self.settled!r}"
