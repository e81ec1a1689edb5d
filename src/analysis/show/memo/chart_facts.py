"""What a chart draws and says of it, as facts: values, how many there are, median and quartiles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.draw import ChartRow, Picture
from analysis.show.chartbook.chart_rows import NAMED_OUTLIERS, outliers
from analysis.show.memo.facts import Basis, Fact, FactMaker, count, tidy, values
from analysis.words.phrases import strip_denominators


def chart_facts(maker: FactMaker, chart: Picture) -> Basis:
    """Return the facts of a chart."""
    name = f"chart {chart.name}"
    facts = [count(f"programmes in {name}", len(chart.programmes), "programme")]
    for row in chart.rows:
        own = f"{name}, {tidy(row.label) or row.programme}"
        facts += _row_facts(own, row, chart)
        facts.append(count(f"others in {own}", len(row.others), "value"))
        places = {other.programme for other in row.others}
        facts.append(count(f"programmes in {own}", len(places), "programme"))
        if row.is_distribution:
            facts += _spread_facts(own, row, chart)
        else:
            for other in row.others:
                facts += _row_facts(f"{name}, {tidy(other.label)}", other, chart)
        facts += maker.quote(f"reading in {name}", row.label)
    facts += [count(f"rows of a group in {name}", len(group.rows), "reading") for group in chart.groups]
    facts += [*_beyond_axis(name, chart), *_row_counts(name, chart)]
    return Basis(name, tuple(facts))


def _unit(chart: Picture) -> str:
    return str(getattr(chart, "unit", ""))


def _row_facts(name: str, row: ChartRow, chart: Picture) -> list[Fact]:
    known = {"value": row.value, "low": row.low, "high": row.high, "before": row.before}
    return values(name, row.unit or _unit(chart), row.figure_ids, **known)


def _spread_facts(name: str, row: ChartRow, chart: Picture) -> Iterator[Fact]:
    found = [other.value for other in row.others if other.value is not None]
    lower, median, upper = np.quantile(found, (0.25, 0.5, 0.75))
    ends = {"least": min(found), "most": max(found)}
    yield from values(
        name, row.unit or _unit(chart), lower_quartile=lower, median=median, upper_quartile=upper, **ends
    )
    yield count(f"values in {name}", len(found), "value")
    far = outliers(row.others)
    yield count(f"values far out in {name}, but those named", len(far) - NAMED_OUTLIERS, "value")
    for other in far[:NAMED_OUTLIERS]:
        yield from _row_facts(f"{name}, {tidy(other.label)}", other, chart)
    for own in chart.rows:
        if own.highlight and own.value is not None:
            below = sum(value < own.value for value in found)
            yield Fact(f"{tidy(own.label)}, share of {name} that is lower", below / len(found), "share")


def _beyond_axis(name: str, chart: Picture) -> Iterator[Fact]:
    """Yield where the axis of a chart ends before some values, and how many those are."""
    if (limit := getattr(chart, "limit", None)) is not None:
        others = [other.value for row in chart.rows if row.is_distribution for other in row.others]
        beyond = sum(value is not None and value > limit for value in others)
        yield Fact(f"end of the axis of {name}", float(limit), strip_denominators(_unit(chart)))
        yield count(f"values beyond {name}", beyond, "value")


def _row_counts(name: str, chart: Picture) -> Iterator[Fact]:
    """Yield the counts that the title of a chart of coverage and of a profile states."""
    states = [row for row in chart.rows if row.others or row.value is not None]
    shown = [sum(other.value is not None for other in row.others) or int(row.value or 0) for row in states]
    numbers = {
        "rows": len(states),
        "rows that two or more programmes report": sum(number > 1 for number in shown),
        "rows that no programme reports": sum(number == 0 for number in shown),
        "rows of the programme": sum(row.highlight for row in chart.rows),
        "readings": sum(bool(row.reading) for row in chart.rows),
    }
    highlight = getattr(chart, "highlight", None)
    if highlight is not None:
        reported = [row.others[highlight].value is not None for row in chart.rows if row.others]
        numbers["rows that the programme reports"] = sum(reported)
    for what, number in numbers.items():
        yield count(f"{what} of {name}", number, "measure")
    for group in chart.groups:
        readings = [bool(each.reading) for row in group.rows for each in row.all()]
        for number in sorted({sum(readings), sum(bool(row.reading) for row in group.rows)}):
            yield count(f"readings in {group.heading or 'a group'} of {name}", number, "reading")
