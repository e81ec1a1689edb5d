"""A comparison of like with like: values under all readings, their order, and what must be said beside it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

import pandas as pd

from analysis.estimates.measures import Estimate, to_frame
from analysis.estimates.regions import series_choices
from analysis.estimates.robustness import Pair, Ranked, Robustness
from analysis.evidence import units
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import NOMINAL, parse_when
from analysis.evidence.rows import group_by, rows_of


def _shared_choices(data: Dataset) -> frozenset[str]:
    """Return the choices that are answered alike for all places."""
    shared = data.choices.loc[data.choices["programme_id"] == "", "choice_id"]
    return frozenset(shared) | series_choices(data)


class LeftOut(NamedTuple):
    """A programme that is not compared: the type of absence, what it reports instead, and why, as a code."""

    programme_id: str
    absence: str
    other: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """The programmes that report one measure of the same thing, under all their feasible readings.

    ``key`` are the dimensions that all share; ``across`` those that may differ and are then named in
    ``caveats``. ``rows`` are the estimates, one for each item and feasible reading with a value, and
    ``item_of`` the item of each: a programme, or ``programme:code`` where one programme has several codes of
    a dimension under the same reading; codes that it has under different readings are joined. ``definitions``
    are the readings of definitional choices that it is made under, where others would compare something
    else. ``out`` are the programmes that are not compared, each with the reason. ``silent`` counts, for a
    programme some of whose readings give no value, those that do and all. Counts are shown, in the order of
    the data, and never ranked: the places differ in size.

    >>> money = analysis.compare(data, "office_money", object="office_funds", place="village", stage="after")
    >>> money.ranking()[["item", "rank"]].to_dict("list")
    {'item': ['ludian', 'shangzhou'], 'rank': [1, 2]}
    >>> money.given(**{"shangzhou.year-2014-2016": "2014"}).programmes
    ['shangzhou', 'ludian']
    """

    data: Dataset
    measure: str
    unit: str
    price_basis: str
    key: Mapping[str, str]
    across: tuple[str, ...]
    rows: Sequence[Estimate]
    item_of: Sequence[str]
    out: Sequence[LeftOut]
    silent: Mapping[str, tuple[int, int]]
    definitions: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        what = ", ".join(value for value in self.key.values() if value)
        counted = f"{len(self.programmes)} programmes, {self.unit}, {self.price_basis}"
        return f"Comparison({self.measure}: {what}; {counted})"

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """The estimates as a frame, with the ``item`` of each."""
        return to_frame(self.rows).assign(item=list(self.item_of))

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """The programmes that are not compared as a frame; the columns are those of ``LeftOut``."""
        return pd.DataFrame(self.out, columns=list(LeftOut._fields))

    @cached_property
    def programmes(self) -> list[str]:
        """The programmes compared, in the order of the data."""
        with_value = {row.programme_id for row in self.rows}
        return [programme for programme in self.data.programme_ids if programme in with_value]

    @cached_property
    def levels(self) -> list[str]:
        """The administrative levels compared; more than one must be said."""
        frame = self.data.programmes
        return list(dict.fromkeys(frame.loc[frame["programme_id"].isin(self.programmes), "admin_level"]))

    @cached_property
    def caveats(self) -> dict[str, dict[str, list[str]]]:
        """The dimensions in which the programmes compared differ: dimension, then code, then programmes.

        A standard for villages and communities alike stands beside one for villages, and this says so.
        """
        found: dict[str, dict[str, list[str]]] = {}
        for name in dict.fromkeys((*self.across, "place")):
            pairs = dict.fromkeys((getattr(row, name), row.programme_id) for row in self.rows)
            codes = group_by(pairs, itemgetter(0))
            if len(codes) > 1:
                found[name] = {code: [owner for _, owner in same] for code, same in codes.items()}
        return found

    @cached_property
    def differences(self) -> list[str]:
        """In what the programmes compared differ, and what must be said beside the order.

        Dimensions named in ``across``, then ``level`` (administrative), ``status`` (planned or achieved),
        ``region`` (whose income or prices the values go by), and ``year`` for money that is not in the prices
        of one year, or where a place has a series of years and is compared in its latest.
        """
        found = list(self.caveats)
        if len(self.levels) > 1:
            found.append("level")
        evidence = self.evidence.values()
        if len({row["status"] for row in evidence}) > 1:
            found.append("status")
        if len({row["region"] for row in evidence}) > 1:
            found.append("region")
        printed = self.price_basis == NOMINAL and self.unit.startswith("CNY")
        if (printed or self._has_series) and len({row["year"] for row in evidence}) > 1:
            found.append("year")
        return found

    @cached_property
    def _has_series(self) -> bool:
        """Whether a programme compared reports the same for several years."""
        series = self.data.tables["series"]
        if series.empty:
            return False
        kept = (series["measure"] == self.measure) & series["programme_id"].isin(self.programmes)
        for name, code in self.key.items():
            kept &= series[name] == code
        return bool(kept.any())

    @property
    def is_rate(self) -> bool:
        """Whether the values are rates, which may be ranked, and no counts or totals."""
        return not self.unit or units.is_rate(self.unit)

    @cached_property
    def robustness(self) -> Robustness:
        """How firmly the order stands over the readings."""
        return Robustness.of_rows(self.rows, self.item_of, self.data.once(_shared_choices))

    @property
    def turned(self) -> tuple[Pair, ...]:
        """The neighbours whose order some reading turns; counts have no order."""
        return self.robustness.turned if self.is_rate else ()

    @cached_property
    def items(self) -> dict[str, list[Estimate]]:
        """The estimates of each item, one for each reading."""
        pairs = group_by(zip(self.item_of, self.rows, strict=True), itemgetter(0))
        return {item: [row for _, row in same] for item, same in pairs.items()}

    @cached_property
    def evidence(self) -> dict[str, dict[str, Any]]:
        """The estimate of each item under the default readings: what its value rests on."""
        chosen = {
            item: next((row for row in rows if row.is_default), rows[0]) for item, rows in self.items.items()
        }
        return {item: row._asdict() for item, row in chosen.items()}

    def given(self, **readings: str) -> Comparison:
        """Return the comparison with choices settled: ``given(**{"minjia.investment-scope": "…"})``.

        Raises ``ValueError`` for a choice that touches no estimate here, or a reading it does not have.
        """
        touching = {choice for row in self.rows for choice in parse_when(row.reading)}
        for choice, reading in readings.items():
            known = set(self.data.readings.loc[self.data.readings["choice_id"] == choice, "reading"])
            if choice not in touching:
                raise ValueError(
                    f"choice {choice!r} touches no estimate of this comparison; "
                    f"those that do are {', '.join(sorted(touching)) or 'none'}"
                )
            if reading not in known:
                raise ValueError(
                    f"choice {choice!r} has no reading {reading!r}; it has {', '.join(sorted(known))}"
                )
        wanted = readings.items()
        kept = [
            all(parse_when(row.reading).get(choice, reading) == reading for choice, reading in wanted)
            for row in self.rows
        ]
        rows, items = (
            tuple(itertools.compress(self.rows, kept)),
            tuple(itertools.compress(self.item_of, kept)),
        )
        return replace(self, rows=rows, item_of=items)

    def ranking(self) -> pd.DataFrame:
        """Return the items from the highest default value down; counts in the order of the programmes.

        Columns: ``item, value, low, high`` (over readings), ``rank`` under the defaults (ties share
        the better rank), ``best_rank`` and ``worst_rank`` over all readings, ``higher_than_next`` and
        ``of_readings`` (in how many pairs of readings the order to the next place holds), ``margin`` (the
        smallest difference to it in any pair of readings; negative where the order flips). Ranks count
        places, not rows. Counts have no ranks and no order.
        """
        ranking = self.robustness.ranking()
        if self.is_rate:
            return ranking
        place = {programme: number for number, programme in enumerate(self.data.programme_ids)}
        owners = ranking["item"].str.split(":").str[0].map(place)
        shown = ranking.loc[owners.sort_values(kind="stable").index].reset_index(drop=True)
        for column in ("rank", "best_rank", "worst_rank", "higher_than_next", "of_readings"):
            shown[column] = pd.array([None] * len(shown), dtype="Int64")
        return shown.assign(margin=float("nan"))

    @cached_property
    def ranked(self) -> list[Ranked]:
        """The rows of the ranking; none where nothing has a value."""
        if not self.programmes or self.is_rate:
            return self.robustness.ranked if self.programmes else []
        return rows_of(Ranked, self.ranking())

    def cited(self) -> pd.DataFrame:
        """Return the ranking as a table to export, each row with what it rests on.

        Columns: those of ``ranking``, then ``unit, price_basis, figure_ids, printed`` (the numerals as
        printed), ``source, published, sha256``.
        """
        figures = self.data.figures.set_index("figure_id")
        sources = self.data.sources.set_index("source_id")
        ranking = self.ranking()
        evidence = []
        for item in ranking["item"]:
            names = self.evidence[item]["figure_ids"].split()
            source = sources.loc[str(figures.loc[names[0], "source_id"])]
            evidence.append(
                {
                    "unit": self.evidence[item]["unit"],
                    "price_basis": self.price_basis,
                    "figure_ids": " ".join(names),
                    "printed": "; ".join(figures.loc[names, "printed"]),
                    "source": source["title"],
                    "published": source["published"],
                    "sha256": source["sha256"],
                }
            )
        return pd.concat([ranking, pd.DataFrame(evidence)], axis=1)
