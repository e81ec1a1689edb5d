"""Cards: one figure, estimate, source or choice with all that belongs to it.

A card is looked up by id, displays in a notebook and prints in a terminal. A sentence is quoted from the
document on disk, and only from the document that the register describes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.estimates.spans import CELL
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError, closest_names, list_names
from analysis.evidence.register import MEASURES
from analysis.evidence.schema import DIMENSIONS
from analysis.evidence.sources import find_sources
from analysis.show.cards.card import AnyCard, Card
from analysis.show.cards.card_content import Sentence
from analysis.show.cards.kinds import ChoiceCard, EstimateCard, FigureCard, SourceCard
from analysis.words.language import Text

__all__ = [
    "ChoiceCard", "EstimateCard", "FigureCard", "Sentence", "SourceCard", "UnknownIdError", "estimate",
    "find_card",
]  # fmt: skip
MOST_LISTED = 12
_NAMES: dict[Callable[..., Card], str] = {FigureCard: "figure", SourceCard: "source", ChoiceCard: "choice"}


class UnknownIdError(InputError, KeyError):
    """An id or code that the dataset does not hold; the message names the closest ones."""

    def __str__(self) -> str:
        # KeyError would show its message in quotation marks.
        return str(self.args[0])


def find_card(
    kind: Callable[..., AnyCard], data: Dataset, card_id: str, language: str = "en",
    sources: str | Path | None = None,
) -> AnyCard:  # fmt: skip
    """Return the card of a figure, source or choice, as its class says; raises ``UnknownIdError``."""
    name = _NAMES[kind]
    _must_be_known(name, card_id, data.tables[f"{name}s"][f"{name}_id"])
    return kind(data, Text.of(language), _folder(data, sources), card_id)


def estimate(
    data: Dataset,
    programme: str,
    measure: str,
    dimensions: Mapping[str, str],
    language: str = "en",
    sources: str | Path | None = None,
    price_basis: str = "",
) -> EstimateCard:
    """Return the card of the one estimate of a programme that has the measure and the dimensions.

    ``price_basis`` says which one is meant where the dataset holds it in several prices.

    Raises ``UnknownIdError`` for an unknown programme or measure, and ``ValueError`` where the dimensions fit
    no estimate or several, listing those there are.
    """
    _must_be_known("programme", programme, data.programme_ids)
    _must_be_known("measure", measure, MEASURES)
    if unknown := dimensions.keys() - set(DIMENSIONS):
        raise ValueError(f"no dimension {', '.join(sorted(unknown))}; known are {', '.join(DIMENSIONS)}")
    frame = data.tables["estimates"]
    frame = frame[(frame["programme_id"] == programme) & (frame["measure"] == measure)]
    cells = _cells(frame[frame["price_basis"] == price_basis] if price_basis else frame)
    wanted = dimensions.items()
    fitting = [cell for cell in cells if wanted <= dict(zip(CELL, cell, strict=True)).items()]
    if len(fitting) != 1:
        raise ValueError(_not_one(f"{programme} {measure}", dimensions, fitting, cells))
    return EstimateCard(data, Text.of(language), _folder(data, sources), fitting[0])


def _cells(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(dict.fromkeys(frame[list(CELL)].itertuples(index=False, name=None)))


def _not_one(
    what: str, dimensions: Mapping[str, str], fitting: list[tuple[Any, ...]], cells: list[tuple[Any, ...]]
) -> str:
    asked = f" with {_arguments(dimensions)}" if dimensions else ""
    found = f"{len(fitting)} estimates fit; add one of" if fitting else "there are"
    listed = [_arguments(dict(zip(CELL, cell, strict=True))) or "(no dimension)" for cell in fitting or cells]
    lines = "".join(f"\n  {line}" for line in listed)
    return f"no single estimate {what}{asked}: {found}{lines}"


def _arguments(row: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={row[name]!r}" for name in DIMENSIONS if row.get(name))


def _must_be_known(kind: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        close = closest_names(name, names, 3, 0.6)
        hint = (
            f"did you mean {' or '.join(close)}?" if close else f"known are {list_names(names, MOST_LISTED)}"
        )
        raise UnknownIdError(f"no {kind} {name!r}; {hint}")


def _folder(data: Dataset, sources: str | Path | None) -> Path | None:
    return find_sources(Path(sources) if sources is not None else None, data.root)
