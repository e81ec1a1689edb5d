"""What a ratio to the series of the nearest region is divided by, in words."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.estimates.derivations import levels_of
from analysis.estimates.measures import Estimate
from analysis.estimates.prices import years_of
from analysis.estimates.regions import Level
from analysis.estimates.spans import Span
from analysis.evidence.register import MEASURES
from analysis.evidence.theme import RelativeToSeries
from analysis.words.labels import Labels


def level_phrases(labels: Labels, row: Span | Estimate) -> Iterator[str]:
    """Yield the values in print that a ratio is divided by, one phrase for each year that it may be of.

    ``2015 Shangzhou District 7,744 yuan``; nothing for what goes by no region.
    """
    declared = MEASURES[row.measure].derivation
    if not row.region or not isinstance(declared, RelativeToSeries):
        return
    levels, division = levels_of(labels.data, declared), labels.data.programme(row.programme_id)
    for year in years_of(row.year):
        if found := levels.nearest(division["division_code"], year):
            values = labels.text("report.level_or").join(_value(labels, level) for level in found)
            region = labels.region(found[0].region)
            yield labels.text("report.level", year=year, region=region, values=values)


def _value(labels: Labels, level: Level) -> str:
    """Return a value; one of several in print by the name of its reading."""
    return labels.readings(level.when) or labels.text.quantity(level.value, "CNY")
