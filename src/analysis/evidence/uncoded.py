"""What is in the tables and says nothing yet: figures of a theme whose measures have no coding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
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
    return uncoded_in(lambda table, name: data.tables[table][name])


def uncoded_in(column: Callable[[str, str], Iterable[str]]) -> list[Uncoded]:
    """Return the same of tables of which ``column`` returns a column by the names of both."""
    owners = dict(zip(column("sources", "source_id"), column("sources", "programme_id"), strict=True))
    figures = zip(column("figures", "source_id"), column("figures", "theme"), strict=True)
    counts = Counter((owners[source], theme) for source, theme in figures)
    coded = {
        (programme, MEASURES[measure].theme)
        for programme, measure in zip(
            column("codings", "programme_id"), column("codings", "measure"), strict=True
        )
    }
    return [
        Uncoded(programme, code, number)
        for programme in column("programmes", "programme_id")
        for code, theme in THEMES.items()
        if (programme, code) not in coded
        and (number := sum(counts[programme, name] for name in (code, *theme.tells)))
    ]
