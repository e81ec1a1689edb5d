"""What a report hands to its page: the card of each estimate and figure, and the values that it explains."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.estimates.measures import Estimate, figures_of
from analysis.estimates.selection import LABELLED
from analysis.estimates.spans import Span
from analysis.evidence.dataset import Dataset
from analysis.evidence.rows import Figure, rows_of
from analysis.evidence.sources import find_sources
from analysis.show.cards.card_content import CardContent, as_html
from analysis.show.cards.kinds import EstimateCard, FigureCard
from analysis.show.cards.uses import Cell, estimate_anchor, estimates_by_cell
from analysis.show.html import Html
from analysis.show.packing import GROUNDS, packed
from analysis.words.labels import capitalised
from analysis.words.language import Text
from analysis.words.phrases import in_percent, price_phrase

Value = tuple[float, str]
YEAR, READING = "#year", "#reading"


@dataclass(frozen=True)
class Ground:
    """One thing that numbers may be: its card, the figures that it rests on, the values that it explains.

    ``opens`` are the cards that it leads to.
    """

    title: str
    card: str
    figures: tuple[str, ...]
    values: tuple[Value, ...]
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Grounded(Html):
    """A fragment that a notebook displays, which hands to its page what the numbers of it rest on."""

    grounds: Mapping[str, Ground]
    with_sentences: bool

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        if not self.grounds:
            return {"text/html": self.content}
        found = {anchor: vars(ground) for anchor, ground in self.grounds.items()}
        given = {"grounds": found, "with_sentences": self.with_sentences}
        return {"text/html": self.content, GROUNDS: packed(given)}


def grounded(
    shown: Html, data: Dataset, text: Text, converted: Iterable[Span | Estimate], *, with_sentences: bool
) -> Grounded:
    """Return a fragment with what the numbers of its page rest on.

    ``converted`` are estimates in other prices, which the page shows too. Where places are so many that they
    are not named one by one, nothing is handed over.
    """
    if len(data.programme_ids) > LABELLED:
        return Grounded(shown.content, {}, with_sentences)
    makers = _Maker(data, text, tuple(converted), with_sentences)
    return Grounded(shown.content, dict(makers.all()), with_sentences)


@dataclass(frozen=True)
class _Maker:
    """Makes the grounds of a dataset."""

    data: Dataset
    text: Text
    converted: Sequence[Span | Estimate]
    with_sentences: bool

    def all(self) -> Iterator[tuple[str, Ground]]:
        for cell, rows in self.data.once(estimates_by_cell).items():
            if any(row.has_value for row in rows):
                yield estimate_anchor(cell), self._estimate(cell, rows)
        for row in self._told.values():
            yield f"figure-{row.figure_id}", self._figure(row)

    @cached_property
    def _told(self) -> dict[str, Figure]:
        """The figures that the report has been told all of."""
        return {row.figure_id: row for row in rows_of(Figure, self.data.figures) if row.printed}

    @cached_property
    def _folder(self) -> Path | None:
        return find_sources(None, self.data.root) if self.with_sentences else None

    @cached_property
    def _other_prices(self) -> dict[Cell, list[Span | Estimate]]:
        found: dict[Cell, list[Span | Estimate]] = {}
        for row in self.converted:
            found.setdefault((row.programme_id, *row.cell), []).append(row)
        return found

    def _estimate(self, cell: Cell, rows: Sequence[Estimate]) -> Ground:
        card = EstimateCard(self.data, self.text, None, cell)
        content, others = card.content(), self._other_prices.get((cell[0], *rows[0].cell), [])
        sections = tuple(each for each in content.sections if each[0] != "figures")
        told = [figure for figure in card.figures if figure.figure_id in self._told]
        lines = (("figures", tuple(figure.line for figure in told)),) if told else ()
        content = replace(content, facts=(*content.facts, *self._in_other_prices(card, others)))
        content = replace(content, sections=(*sections, *lines))
        values = (*_values((card.record, *rows)), *_values(others))
        opens = tuple(figure.anchor for figure in told)
        return self._ground(content, figures_of(rows), values, opens)

    def _in_other_prices(
        self, card: EstimateCard, others: Iterable[Span | Estimate]
    ) -> Iterator[tuple[str, str]]:
        """Yield the value in constant prices by default, under the name of these."""
        for row in others:
            if row.has_value and row.is_default and row.price_basis != card.record.price_basis:
                yield capitalised(price_phrase(card.labels, row.price_basis)), card.value_of(row)
                return

    def _figure(self, row: Figure) -> Ground:
        card = FigureCard(self.data, self.text, self._folder, row.figure_id)
        content = card.content()
        if not content.sentence or content.sentence.missing or not self.with_sentences:
            content = replace(content, sentence=None)
        amount = card.amount
        found = [(value, amount.unit) for value in (amount.value, amount.lower, amount.upper, row.value_to)]
        places = [(float(place), "") for place in (row.paragraph, row.start, row.end)]
        values = [value for value in (*found, *_years(row.year), *places) if math.isfinite(value[0])]
        return self._ground(content, [row.figure_id], values)

    def _ground(
        self,
        content: CardContent,
        figures: Iterable[str],
        values: Iterable[Value],
        opens: tuple[str, ...] = (),
    ) -> Ground:
        card = as_html(content, self.text, style="", linked=True)
        return Ground(content.title, card, tuple(figures), tuple(dict.fromkeys(values)), opens)


def _values(rows: Iterable[Span | Estimate]) -> Iterator[Value]:
    """Yield the values of an estimate under its readings, with their bounds, their spans and their years."""
    for row in rows:
        ends: tuple[float, ...] = (row.value, row.lower, row.upper)
        if isinstance(row, Span):
            yield from ((float(number), READING) for number in (row.n_values, row.n_readings))
            ends = (*ends, row.low, row.high)
        for unit in dict.fromkeys((row.unit, in_percent(row.measure, row.unit))):
            yield from ((float(value), unit) for value in ends if math.isfinite(value))
        yield from _years(row.year)


def _years(year: str) -> Iterator[Value]:
    return ((float(end), YEAR) for end in year.split("/") if end.isdigit())


def listed(title: str, members: Iterable[tuple[str, str]]) -> str:
    """Return a card that leads to others, each by its anchor and title."""
    items = "".join(f'<li><a data-card="{anchor}">{html.escape(name)}</a></li>' for anchor, name in members)
    heading = f'<div class="card-title" role="heading" aria-level="3">{html.escape(title)}</div>'
    return f'<article class="card">{heading}<ul>{items}</ul></article>'
