"""Several years and several documents of one place in words: its years, and what documents contradict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.estimates.measures import Estimate
from analysis.estimates.series import Dated
from analysis.evidence.register import CONTRADICTION, parse_when
from analysis.words.labels import Labels


def year_phrase(labels: Labels, each: Dated) -> str:
    """Return the year of a value; of one without a year, when its document appeared."""
    if each.span.year:
        return labels.year(each.span.year, each.span.year_basis)
    return labels.text("series.undated", year=each.time)


def contradictions(labels: Labels, estimates: Iterable[Estimate]) -> Iterator[tuple[Estimate, str]]:
    """Yield a sentence on each thing of which documents print different values, with one of its estimates."""
    said: set[str] = set()
    for row in estimates:
        for choice in parse_when(row.reading):
            # A derived measure only inherits the contradiction.
            if CONTRADICTION.owns(choice) and row.coding_id and choice not in said:
                said.add(choice)
                yield row, _contradiction(labels, row, choice)


def _contradiction(labels: Labels, row: Estimate, choice: str) -> str:
    readings = labels.data.readings[labels.data.readings["choice_id"] == choice]
    values = labels.text("number.item_separator").join(
        labels.readings(f"{choice}={reading}") for reading in readings["reading"]
    )
    key = "series.contradiction" if row.year else "series.contradiction_undated"
    year = labels.year(row.year, row.year_basis)
    return labels.text(key, thing=labels.thing_of(row), values=values, year=year)
