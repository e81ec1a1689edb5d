"""How well the draft of a document guesses, by document and field, against its curated tables.

    ANALYSIS_SOURCES=sources python benchmarks/intake.py

Nothing is learnt from the tables yet, so every document is scored with the same rules; what will be learnt
has to be learnt from the others only. The rules were written with these five at hand: it is of memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.curation.candidates import Candidate, candidates
from analysis.estimates import processed
from analysis.evidence.characters import numeral_spans
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.sources import Document, find_sources

CELLS = ("unit", "qualifier", "period", "basis", "status", "theme")


def scores(data: Dataset, sources: Path) -> pd.DataFrame:
    """Return for each document and field how many guesses there are and how many agree with the tables.

    ``decided`` is whether a numeral is a figure, ``excluded`` whether one that the draft excludes is none,
    and ``reason`` whether it is excluded for the curated reason.
    """
    found = [
        {"document": source["source_id"], "field": field, "agrees": agrees}
        for source in records(data.sources)
        for field, agrees in _agreement(data, source, sources)
    ]
    grouped = pd.DataFrame(found).groupby(["document", "field"], sort=False)["agrees"]
    return grouped.agg(["sum", "count"]).reset_index()


def shares(scored: pd.DataFrame, by: str = "field") -> pd.Series:
    """Return the share of guesses that agree."""
    sums = scored.groupby(by, sort=False)[["sum", "count"]].sum()
    return sums["sum"] / sums["count"]


def _agreement(data: Dataset, source: dict[str, Any], sources: Path) -> Iterator[tuple[str, bool]]:
    document = Document.load(sources / source["file"], source["source_id"], source["encoding"])
    rows = candidates(document, source["published"] if source["date_basis"] == "stated" else "")
    figures = records(data.figures, source_id=source["source_id"])
    exclusions = records(data.tables["exclusions"], source_id=source["source_id"])
    guessed = _by_offset((row.start, row.end, row.reason) for row in rows)
    curated = _by_offset((row["start"], row["end"], row.get("reason", "")) for row in [*figures, *exclusions])
    for start, _ in numeral_spans(document.raw):
        truth, guess = curated[start], guessed[start]
        yield "decided", bool(truth) == bool(guess)
        if guess:
            yield "excluded", bool(truth)
            yield "reason", truth == guess
    yield from _cells(figures, rows)


def _by_offset(spans: Iterable[tuple[int, int, str]]) -> dict[int, str]:
    return {offset: reason for start, end, reason in spans for offset in range(start, end)}


def _cells(figures: list[dict[str, Any]], rows: list[Candidate]) -> Iterator[tuple[str, bool]]:
    """Yield for each cell of each curated figure whether the guess is the same."""
    guesses = {(row.start, row.end): row.cells for row in rows if not row.reason}
    for figure in figures:
        cells = guesses.get((figure["start"], figure["end"]), {})
        yield "place", bool(cells)
        yield "value", bool(cells) and float(cells["value"]) == figure["value"]
        for column in CELLS:
            yield column, cells.get(column) == figure[column]


def main() -> None:
    """Print the shares, a row for each field and a column for each document."""
    root = Path(__file__).resolve().parent.parent
    sources = find_sources(None, root)
    if sources is None:
        raise SystemExit("the documents are not at hand; name their folder in ANALYSIS_SOURCES")
    scored = scores(processed.checked(root), sources)
    counts = scored.set_index(["field", "document"])
    table = counts["sum"] / counts["count"]
    wide = table.unstack().reindex(scored["field"].unique())[list(scored["document"].unique())]
    print(wide.assign(all=shares(scored)).map("{:.0%}".format).to_string())


if __name__ == "__main__":
    main()
