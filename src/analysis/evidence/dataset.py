"""The raw tables as one object, typed and checked."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.evidence.errors import InputError
from analysis.evidence.occasions import Documents, Version, choice_between, contradictions
from analysis.evidence.raw import RawTable
from analysis.evidence.register import CONTRADICTION
from analysis.evidence.rows import Choice, Coding, Reading, Source, cells_of, rows_of

if TYPE_CHECKING:
    import pandas as pd

Computed = TypeVar("Computed")


@dataclass(frozen=True)
class Dataset:
    """All tables, typed and checked. The frames are shared: copy one before you change it."""

    root: Path
    tables: Mapping[str, pd.DataFrame]
    data_hash: str

    def __repr__(self) -> str:
        return (
            f"Dataset({len(self.programmes)} programmes, {len(self.figures)} figures, "
            f"{len(self.sources)} sources, data {self.data_hash[:12]})"
        )

    @property
    def programmes(self) -> pd.DataFrame:
        """Programmes, one row each."""
        return self.tables["programmes"]

    @property
    def sources(self) -> pd.DataFrame:
        """Source documents, one row each."""
        return self.tables["sources"]

    @property
    def figures(self) -> pd.DataFrame:
        """Figures, one row each; the columns are in the data dictionary."""
        return self.tables["figures"]

    @property
    def codings(self) -> pd.DataFrame:
        """Codings: what figures are evidence for."""
        return self.tables["codings"]

    @property
    def choices(self) -> pd.DataFrame:
        """Choices: open questions about what figures mean."""
        return self.tables["choices"]

    @property
    def readings(self) -> pd.DataFrame:
        """Readings of each choice; ``feasible`` says whether the arithmetic they require holds."""
        return self.tables["readings"]

    @cached_property
    def programme_ids(self) -> list[str]:
        """Ids of the programmes, in the order of the table."""
        return list(self._programmes)

    @cached_property
    def _programmes(self) -> dict[str, dict[str, Any]]:
        return {row["programme_id"]: row for row in records(self.programmes)}

    def programme(self, programme_id: str) -> dict[str, Any]:
        """Return the row of one programme; raises ``KeyError`` naming the known ids.

        >>> data.programme("ludian")["label"]
        'Ludian County'
        """
        if programme_id not in self._programmes:
            raise KeyError(f"no programme {programme_id!r}; known are {', '.join(self.programme_ids)}")
        return self._programmes[programme_id]

    def check_programmes(self, *programmes: object) -> None:
        """Raise ``InputError`` for an id of no programme, with the closest ids, or those known."""
        for name in programmes:
            if isinstance(name, str) and name in self._programmes:
                continue
            close = difflib.get_close_matches(str(name), self.programme_ids, n=3)
            hint = f"did you mean {' or '.join(map(repr, close))}?" if close else ""
            known = f"known are {', '.join(self.programme_ids[:20])}"
            raise InputError(f"unknown programme {name!r}; {hint or known}")

    def figures_of(self, programme_id: str) -> pd.DataFrame:
        """Return the figures of all sources of one programme."""
        sources = self.sources.loc[self.sources["programme_id"] == programme_id, "source_id"]
        return self.figures[self.figures["source_id"].isin(sources)]

    def limited_to(self, programmes: Collection[str]) -> Dataset:
        """Return the dataset as if there were no other programmes; the other tables stay whole."""
        rows = self.programmes[self.programmes["programme_id"].isin(programmes)]
        return replace(self, tables={**self.tables, "programmes": rows})

    def each_alone(self) -> Iterator[tuple[str, Dataset]]:
        """Yield each programme with the dataset of what is about it or about all, in time linear in all."""
        owners = dict(zip(self.sources["source_id"], self.sources["programme_id"], strict=True))
        asked = dict(zip(self.choices["choice_id"], self.choices["programme_id"], strict=True))
        keys = {
            name: self.tables[name]["programme_id"] for name in ("estimates", "codings", "sources", "choices")
        }
        keys |= {name: self.tables[name]["source_id"].map(owners) for name in ("figures", "identities")}
        keys["readings"] = self.readings["choice_id"].map(asked)
        parts = {name: dict(list(self.tables[name].groupby(key))) for name, key in keys.items()}
        for programme in self.programme_ids:
            own = {name: _joined(self.tables[name], part, programme) for name, part in parts.items()}
            yield programme, Dataset(self.root, {**self.tables, **own}, self.data_hash)

    @cached_property
    def amounts(self) -> dict[str, Amount]:
        """Each figure as an amount with bounds, by figure id."""
        return amounts_of(self.figures)

    @cached_property
    def computed(self) -> dict[tuple[Hashable, ...], Any]:
        """What the layers above have computed of the dataset, whose tables never change, by what it is."""
        return {}

    def once(self, compute: Callable[..., Computed], *given: Hashable) -> Computed:
        """Return ``compute(self, *given)``, computed once for the dataset, whose tables never change."""
        key = (compute, *given)
        if key not in self.computed:
            self.computed[key] = compute(self, *given)
        found: Computed = self.computed[key]
        return found

    @cached_property
    def terms(self) -> dict[tuple[str, str], tuple[int, str, str]]:
        """Rank, English and Chinese label by (field, code)."""
        frame = self.tables["terms"]
        keys = zip(frame["field"], frame["code"], strict=True)
        values = zip(frame["rank"].astype(int), frame["label"], frame["label_zh"], strict=True)
        return dict(zip(keys, values, strict=True))


def _joined(frame: pd.DataFrame, parts: Mapping[str, pd.DataFrame], programme: str) -> pd.DataFrame:
    """Return the rows of a table that are about a programme, or about none and so about all."""
    from pandas import concat

    found = [parts[name] for name in ("", programme) if name in parts]
    return concat(found) if len(found) > 1 else next(iter(found), frame.iloc[:0])


def records(frame: pd.DataFrame, **wanted: str) -> list[dict[str, Any]]:
    """Return the rows of a frame with those values in those columns, as mappings by column."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    # Several times as fast as to_dict, which asks for one cell after another.
    columns = [str(column) for column in frame.columns]
    rows = zip(*(cells_of(frame[column]) for column in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def amounts_of(figures: pd.DataFrame) -> dict[str, Amount]:
    """Return each row of a figures frame as an amount, by figure id."""
    columns = ("figure_id", "value", "value_to", "qualifier", "unit")
    rows = zip(*(figures[column].to_list() for column in columns), strict=True)
    return {
        figure_id: arithmetic.amount_of(figure_id, value, None if math.isnan(to) else to, qualifier, unit)
        for figure_id, value, to, qualifier, unit in rows
    }


def with_feasibility(readings: pd.DataFrame, amounts: Mapping[str, Amount]) -> pd.DataFrame:
    """Return the readings with ``feasible``: whether the arithmetic that each requires holds."""
    return readings.assign(feasible=[_is_feasible(required, amounts) for required in readings["requires"]])


def _is_feasible(required: str, amounts: Mapping[str, Amount]) -> bool:
    if not required:
        return True
    left, relation, right = arithmetic.split_relation(required)
    return arithmetic.holds(arithmetic.evaluate(left, amounts), relation, arithmetic.evaluate(right, amounts))


def from_raw_tables(root: Path, raw: Mapping[str, RawTable], data_hash: str) -> Dataset:
    """Return the dataset of raw tables that have passed the checks."""
    tables = {name: table.frame() for name, table in raw.items()}
    data = Dataset(root, tables, data_hash)
    tables |= _with_contradictions(data)
    tables["readings"] = with_feasibility(tables["readings"], data.amounts)
    return data


def documents_of(data: Dataset) -> Documents:
    """Return of which document and year each figure is, and when each document appeared."""
    figures, sources = data.figures, data.sources
    names = figures["figure_id"].to_list()
    return Documents(
        dict(zip(names, figures["source_id"].to_list(), strict=True)),
        dict(zip(names, figures["year"].to_list(), strict=True)),
        dict(zip(sources["source_id"].to_list(), sources["published"].to_list(), strict=True)),
    )


def contradictions_of(data: Dataset, programme: str = "") -> list[list[Version]]:
    """Return what documents print differently for one thing and year, of all programmes or of one."""
    owner = {"programme_id": programme} if programme else {}
    codings = rows_of(Coding, data.codings, **owner)
    return list(contradictions(codings, documents_of(data), data.amounts))


def _with_contradictions(data: Dataset) -> dict[str, pd.DataFrame]:
    """Return choices and readings with those between documents that contradict each other."""
    printed = dict(zip(data.figures["figure_id"], data.figures["printed"], strict=True))
    titles = {row.source_id: row for row in rows_of(Source, data.sources)}
    asked: list[Choice] = []
    answers: list[Reading] = []
    for found in contradictions_of(data):
        choice, programme = choice_between(found), found[0].codings[0].programme_id
        numerals = [", ".join(printed[name] for name in version.figures) for version in found]
        en, zh = (
            question.format(sign.join(numerals))
            for question, sign in zip(CONTRADICTION.QUESTION, (" / ", "、"), strict=True)
        )
        asked.append(Choice(choice, programme, "uncertain", en, zh, *CONTRADICTION.MATTER, "", ""))
        for rank, version in enumerate(found, start=1):
            sources = [titles[name] for name in version.sources]
            names = dict.fromkeys(row.title_en or row.title for row in sources)
            names_zh = dict.fromkeys(row.title for row in sources)
            numeral = numerals[rank - 1]
            labels = f"{'; '.join(names)} ({numeral})", f"{'；'.join(names_zh)}（{numeral}）"
            answers.append(Reading(choice, version.name, rank, rank == 1, *labels, "", "", "", True))
    if not asked:
        return {}
    import pandas as pd

    choices = pd.DataFrame(asked).astype(data.choices.dtypes)
    readings = pd.DataFrame(answers)[list(data.readings.columns)].astype(data.readings.dtypes)
    return {
        "choices": pd.concat([data.choices, choices], ignore_index=True),
        "readings": pd.concat([data.readings, readings], ignore_index=True),
    }
