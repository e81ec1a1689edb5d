"""What has changed in the data, as the site shows it: in the language of the reader, the rest counted."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.evidence.register import NOMINAL
from analysis.evidence.schema import TABLES
from analysis.operate.runs.ledger import State
from analysis.words.labels import Labels
from analysis.words.phrases import price_phrase

SHOWN_COLUMNS = ("printed", "value", "qualifier", "period", "status", "year")


@dataclass(frozen=True)
class Change:
    """One line: what has changed, as it was and as it is."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Changed:
    """What one run found changed against the run before it; ``counts`` are sentences."""

    run: int
    counts: tuple[str, ...] = ()
    moves: tuple[Change, ...] = ()
    moves_left: int = 0
    figures: tuple[Change, ...] = ()
    figures_left: int = 0


def changed(labels: Labels, states: list[State]) -> Changed | None:
    """Return the latest change of the data; ``None`` where the runs have seen one state only."""
    if not states or states[0].changes is None:
        return None
    found = json.loads(states[0].changes)
    figures = [change for row in found["figures"] for change in _cells(labels, row)]
    all_figures = found["rows"].get("figures", {}).get("changed", 0)
    return Changed(
        states[0].run,
        counts=tuple(_counts(labels, found)),
        moves=tuple(_move(labels, move) for move in found["moves"]),
        moves_left=max(0, found["moved"] - len(found["moves"])),
        figures=tuple(figures),
        figures_left=max(0, all_figures - len(found["figures"])),
    )


def _counts(labels: Labels, found: Mapping[str, Any]) -> Iterator[str]:
    text = labels.text
    for table, kinds in found["rows"].items():
        parts = (text(f"site.{kind}", number=text.number(number)) for kind, number in kinds.items())
        yield text("site.rows", table=TABLES[table].path, counts=labels.attributes(parts))
    if any(found[kind] for kind in ("moved", "gained", "lost")):
        numbers = {kind: text.number(found[kind]) for kind in ("moved", "gained", "lost")}
        yield text("site.estimates", **numbers)


def _cells(labels: Labels, row: Mapping[str, Any]) -> Iterator[Change]:
    for cell in row["cells"]:
        if cell["column"] in SHOWN_COLUMNS:
            column = labels.text(f"table.{cell['column']}")
            yield Change(f"{row['key']} · {column}", cell["old"], cell["new"])


def _move(labels: Labels, move: Mapping[str, Any]) -> Change:
    """Return a moved estimate in the words of the reports; in its codes, where the data has lost a name."""
    try:
        name = _name(labels, move["cell"])
        return Change(name, _state(labels, move["old"]), _state(labels, move["new"]))
    except (KeyError, ValueError):
        codes = " · ".join(filter(None, move["cell"].values()))
        return Change(codes, *(state["value_text"] for state in (move["old"], move["new"])))


def _name(labels: Labels, cell: Mapping[str, str]) -> str:
    basis = cell["price_basis"]
    prices = "" if basis == NOMINAL else price_phrase(labels, basis)
    parts = (labels.programme(cell["programme_id"]), labels.measure(cell["measure"]), labels.dimensions(cell))
    return " · ".join(filter(None, (*parts, prices)))


def _state(labels: Labels, state: Mapping[str, Any]) -> str:
    """Return one side of a move in full digits: a value in short may not have moved."""
    text = labels.text
    if state["absence"]:
        return text.code("absence", state["absence"])
    lower, upper = state["lower"], state["upper"]
    ends = -math.inf if lower is None else lower, math.inf if upper is None else upper
    value = text.interval(state["value"], *ends, state["unit"], short=False)
    spread = state["low"] is not None and state["low"] < state["high"]
    span = text.span(state["low"], state["high"], state["unit"], short=False) if spread else ""
    return labels.with_detail(value, [span])
