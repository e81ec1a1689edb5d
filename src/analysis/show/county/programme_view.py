"""What a report on one programme draws on: its rows of the dataset, its peers, and the words for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Self

import pandas as pd

from analysis.draw.tables import Column
from analysis.estimates.answers import Answers, answered
from analysis.estimates.findings import Place
from analysis.estimates.measures import Estimate, choices_of, from_frame, to_frame
from analysis.estimates.prices import PRINTED, checked_price_year, in_prices_of
from analysis.estimates.spans import Span, spans
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset
from analysis.evidence.rows import Choice, Figure, Source, rows_of
from analysis.words.findings.opening import Opening, opening
from analysis.words.findings.pieces import Pieces
from analysis.words.labels import Labels, Worded
from analysis.words.languages import Language

FIGURE = "figure"
_RIGHT = ("value", "span", "constant")


def _names(peers: object) -> tuple[str, ...] | None:
    """Return the peers that are named; papermill hands over a text where it is one."""
    if peers is None:
        return None
    if isinstance(peers, str):
        return (peers,)
    if isinstance(peers, Mapping) or not isinstance(peers, Iterable):
        raise ValueError(f"peers: {peers!r} — expected a list of programmes, or None for all")
    return tuple(peers)


@dataclass(frozen=True)
class ProgrammeView(Worded):
    """One programme of a dataset, in one language.

    ``peers`` are the programmes shown beside it (all, if ``None``); ``price_year`` adds constant prices.
    Raises ``ValueError`` for an unknown language, programme or year, naming those that there are.
    """

    data: Dataset
    programme: str
    language: str = "en"
    price_year: int | None = None
    peers: Sequence[str] | None = None

    def __post_init__(self) -> None:
        Language.parse(self.language)
        peers = _names(self.peers)
        self.data.check_programmes(self.programme, *(peers or ()))
        year = checked_price_year(self.data, self.price_year)
        object.__setattr__(self, "peers", peers)
        object.__setattr__(self, "price_year", None if year == PRINTED else year)

    def under(self, answers: Answers) -> Self:
        """Return the view as it would be had the county answered, saying the same things in the same order.

        What it is given has been chosen already; ``InputError`` as of ``answered``.
        """
        view = object.__new__(type(self))
        vars(view).update({each.name: getattr(self, each.name) for each in fields(self)})
        vars(view).update(data=answered(self.data, answers), like=self.account)
        return view

    @cached_property
    def labels(self) -> Labels:
        """The names of everything, limited to the programme and its peers."""
        return Labels(self.selected, self.text)

    @cached_property
    def selected(self) -> Dataset:
        """The dataset with the programme and its peers only."""
        if self.peers is None:
            return self.data
        return self.data.limited_to({self.programme, *self.peers})

    @cached_property
    def place(self) -> dict[str, Any]:
        """The row of the programme."""
        return self.data.programme(self.programme)

    @cached_property
    def sources(self) -> list[Source]:
        """The source documents of the programme."""
        return rows_of(Source, self.data.sources, programme_id=self.programme)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The figures of the programme's documents."""
        return self.data.figures_of(self.programme)

    @cached_property
    def own_figures(self) -> dict[str, Figure]:
        """Each of these figures by its id."""
        return {row.figure_id: row for row in rows_of(Figure, self.figures)}

    like: ClassVar[Opening | None] = None
    """The opening whose things are said in the same order; that of the report without answers."""

    @cached_property
    def account(self) -> Opening:
        """What the programme did in a sentence, what is most worth saying of it, and what else there is."""
        return opening(self.labels, self.programme, like=self.like)

    @cached_property
    def pieces(self) -> Pieces:
        """What sentences on its findings are made of."""
        return Pieces(self.labels, self.data.once(Place, self.programme))

    @cached_property
    def spans(self) -> pd.DataFrame:
        """Estimates of the programme and its peers with their spans over readings, nominal."""
        estimates = self.data.tables["estimates"]
        chosen = estimates[estimates["programme_id"].isin(self.selected.programme_ids)]
        return spans(self.data, chosen)

    @cached_property
    def own_spans(self) -> list[Span]:
        """Estimates of the programme with their spans over readings, nominal."""
        return rows_of(Span, self.spans, programme_id=self.programme)

    @cached_property
    def own_estimates(self) -> list[Estimate]:
        """Estimates of the programme, one for each reading, nominal."""
        return rows_of(Estimate, self.data.tables["estimates"], programme_id=self.programme)

    @cached_property
    def deflated(self) -> list[Estimate]:
        """The programme's estimates in prices of ``price_year``; none without a price year."""
        if self.price_year is None:
            return []
        return from_frame(in_prices_of(self.data, to_frame(self.own_estimates), self.price_year))

    @cached_property
    def constant(self) -> dict[tuple[str, ...], Span]:
        """Spans in prices of ``price_year``, by cell; empty without a price year."""
        if not self.deflated:
            return {}
        return {row.cell: row for row in rows_of(Span, spans(self.data, to_frame(self.deflated)))}

    @cached_property
    def choices(self) -> list[Choice]:
        """The choices that touch an estimate of the programme, and those of its own."""
        return choices_of(self.data, self.programme)

    def quantity(self, amount: Amount) -> str:
        """Return an amount with its unit."""
        return self.text.quantity(amount.value, amount.unit)

    def columns(self, *keys: str) -> tuple[Column, ...]:
        """Return the columns of a table: headings, alignment and widths by their keys."""
        return tuple(self._column(key) for key in keys)

    def _column(self, key: str) -> Column:
        label = self.text(f"table.{key}", year=self.price_year)
        align = "right" if key in _RIGHT else "left"
        refers = FIGURE if key == "figures" else ""
        return Column(key, label, align, refers_to=refers)  # type: ignore[arg-type]
