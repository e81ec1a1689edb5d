"""What is in the tables and says nothing yet: figures of a theme whose measures have no coding."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES
from analysis.evidence.themes import THEMES


@dataclass(frozen=True)
class Uncoded:
    """A programme with figures of a theme and no coding of any of its measures; printed as text."""

    programme_id: str
    theme: str
    figures: int

    def __str__(self) -> str:
        count = f"{self.figures} figure" + ("s" if self.figures > 1 else "")
        return (
            f"{self.programme_id}: {count} of {self.theme} and no coding of its measures, so reports say "
            "“not coded yet”; add rows to codings.csv, or one with an absence and a note [not-coded]"
        )


def uncoded(data: Dataset) -> list[Uncoded]:
    """Return each programme and theme with figures and without codings, in the order of the tables."""
    owners = dict(zip(data.sources["source_id"], data.sources["programme_id"], strict=True))
    figures = zip(data.figures["source_id"], data.figures["theme"], strict=True)
    counts = Counter((owners[source], theme) for source, theme in figures)
    coded = {
        (programme, MEASURES[measure].theme)
        for programme, measure in zip(data.codings["programme_id"], data.codings["measure"], strict=True)
    }
    return [
        Uncoded(programme, code, number)
        for programme in data.programme_ids
        for code, theme in THEMES.items()
        if (programme, code) not in coded
        and (number := sum(counts[programme, name] for name in (code, *theme.tells)))
    ]
