"""Read the raw tables into one object, and find the folder that holds them."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import arithmetic
from analysis.arithmetic import Amount
from analysis.schema import TABLES, Field, Table

if TYPE_CHECKING:
    from analysis.cards import ChoiceCard, EstimateCard, FigureCard, SourceCard
    from analysis.comparison import Comparison
    from analysis.tables import Table as ShownTable

CHECKOUT = Path(__file__).resolve().parents[2]
"""The project that the package is installed from, where it is a checkout; any folder elsewhere."""
RAW = Path("data/raw")
PROCESSED = Path("data/processed")
PARAMS = Path("params")
NOTEBOOKS = Path("notebooks")


def find_root(start: Path | None = None) -> Path:
    """Return the project folder: ``start`` or the working folder, or the nearest parent, with ``data/raw``.

    Without ``start`` it may also be the folder that ``ANALYSIS_DATA`` names, or else the checkout that the
    package is installed from. The checkout does not stand in for a project that has lost its data: a folder
    with ``data/raw``, ``data/processed`` or parameter files. Raises ``FileNotFoundError`` saying where it
    looked.
    """
    here = (start or Path.cwd()).resolve()
    candidates, looked = [here, *here.parents], f"{here} or above"
    if start is None:
        if named := os.environ.get("ANALYSIS_DATA"):
            candidates.append(Path(named).resolve())
            looked += f", nor in {candidates[-1]}, which ANALYSIS_DATA names"
        elif lost := next(filter(_is_a_project, candidates), None):
            looked += f", although {lost} looks like a project"
        else:
            candidates.append(CHECKOUT)
    for folder in candidates:
        if (folder / RAW / TABLES["figures"].path).is_file():
            return folder
    raise FileNotFoundError(
        f"no data/raw/figures.csv in {looked}; change to the project folder, or name it with "
        "--data DIR or ANALYSIS_DATA"
    )


def _is_a_project(folder: Path) -> bool:
    """Whether a folder holds something of a project, with or without its tables."""
    data = (folder / RAW).is_dir() or (folder / PROCESSED).is_dir()
    return data or any((folder / PARAMS).glob("*.yaml"))


def notebooks_of(root: Path) -> Path:
    """Return the folder of the report notebooks: that of the project or, where it has none, the package's."""
    shipped = Path(__file__).parent / NOTEBOOKS
    offered = (root / NOTEBOOKS, shipped, CHECKOUT / NOTEBOOKS)
    return next((folder for folder in offered if folder.is_dir()), root / NOTEBOOKS)


def notebooks_run_in(root: Path) -> Path:
    """Return the folder in which report notebooks run, and from which they find the data of the project."""
    return root / NOTEBOOKS if (root / NOTEBOOKS).is_dir() else root


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

    def figures_of(self, programme_id: str) -> pd.DataFrame:
        """Return the figures of all sources of one programme."""
        sources = self.sources.loc[self.sources["programme_id"] == programme_id, "source_id"]
        return self.figures[self.figures["source_id"].isin(sources)]

    def figure(self, figure_id: str, language: str = "en", sources: str | Path | None = None) -> FigureCard:
        """Return the card of a figure: its sentence, place, codings, and every estimate that uses it.

        ``language`` is ``en``, ``zh-Hans`` or ``zh-Hant``; ``sources`` the folder of the documents, if it is
        neither ``sources/`` nor named in ``ANALYSIS_SOURCES``. Raises ``KeyError`` naming the closest ids.

        >>> card = data.figure("ludian.village-venues.amount")
        >>> card.value, card.row["printed"]
        ('59,560,000 yuan', '5956万元')
        """
        return import_module("analysis.cards").figure(self, figure_id, language, sources)

    def source(self, source_id: str, language: str = "en", sources: str | Path | None = None) -> SourceCard:
        """Return the card of a source document; arguments and errors as for ``figure``.

        >>> data.source("ludian").row["published"]
        '2021-09-26'
        """
        return import_module("analysis.cards").source(self, source_id, language, sources)

    def choice(self, choice_id: str, language: str = "en", sources: str | Path | None = None) -> ChoiceCard:
        """Return the card of a choice and its readings; arguments and errors as for ``figure``.

        >>> list(data.choice("wushan.within-year").readings["reading"])
        ['target', 'result']
        """
        return import_module("analysis.cards").choice(self, choice_id, language, sources)

    def estimate(
        self,
        programme: str,
        measure: str,
        language: str = "en",
        sources: str | Path | None = None,
        **dimensions: str,
    ) -> EstimateCard:
        """Return the card of one estimate: ``estimate("ludian", "cost_per_venue", object="village_venue")``.

        ``dimensions`` are ``object``, ``works``, ``funder``, ``place``, ``post`` and ``stage``, as many as it
        takes. Raises ``ValueError`` listing the estimates there are where not exactly one fits.

        >>> round(data.estimate("ludian", "cost_per_venue", object="village_venue").row["value"])
        753924
        """
        cards = import_module("analysis.cards")
        return cards.estimate(self, programme, measure, dimensions, language, sources)

    def show(
        self,
        what: str | pd.DataFrame | Comparison,
        language: str = "en",
        *,
        columns: Iterable[str] = (),
        rows: int = 40,
        **where: object,
    ) -> ShownTable:
        """Return a table to read, with headings in words and units: of a table, a frame, or a comparison.

        ``what`` is the name of one of ``tables``, a frame taken from one, or a comparison; ``language`` is
        ``en``, ``zh-Hans`` or ``zh-Hant``; ``columns`` are those to show, ``rows`` the most of them, and
        ``where`` keeps rows: ``show("estimates", programme_id="ludian", measure="yearly_pay")``. Raises
        ``ValueError`` for a name or value that there is not, with those that there are.

        >>> shown = data.show("estimates", programme_id="ludian", measure="branches_established")
        >>> [row["value"] for row in shown.rows]
        ['94 Party branches']
        """
        display = import_module("analysis.display")
        return display.show(self, what, language, columns=columns, rows=rows, **where)

    @cached_property
    def amounts(self) -> dict[str, Amount]:
        """Each figure as an amount with bounds, by figure id."""
        return amounts_of(self.figures)

    @cached_property
    def terms(self) -> dict[tuple[str, str], tuple[int, str, str]]:
        """Rank, English and Chinese label by (field, code)."""
        frame = self.tables["terms"]
        keys = zip(frame["field"], frame["code"], strict=True)
        values = zip(frame["rank"].astype(int), frame["label"], frame["label_zh"], strict=True)
        return dict(zip(keys, values, strict=True))


def records(frame: pd.DataFrame, **wanted: str) -> list[dict[str, Any]]:
    """Return the rows of a frame with those values in those columns, as mappings by column."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    # Several times as fast as to_dict, which asks for one cell after another.
    columns = [str(column) for column in frame.columns]
    rows = zip(*(_cells(frame[column]) for column in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _cells(column: pd.Series) -> list[Any]:
    """Return the cells of a column; one that is missing is NaN, whatever the column has for it."""
    cells = column.to_list()
    return [math.nan if cell is pd.NA else cell for cell in cells] if column.hasnans else cells


def amounts_of(figures: pd.DataFrame) -> dict[str, Amount]:
    """Return each row of a figures frame as an amount, by figure id."""
    columns = ("figure_id", "value", "value_to", "qualifier", "unit")
    rows = zip(*(figures[column].to_list() for column in columns), strict=True)
    return {
        figure_id: arithmetic.amount_of(figure_id, value, None if pd.isna(to) else to, qualifier, unit)
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


@dataclass(frozen=True)
class RawTable:
    """One CSV file as read: cells are text, and each row knows its line."""

    table: Table
    header: list[str]
    rows: list[list[str]]
    lines: list[int]

    def column(self, name: str) -> list[str]:
        """Return the cells of a column; an absent one is empty text in every row."""
        if name not in self.header:
            return [""] * len(self.rows)
        position = self.header.index(name)
        return [row[position] if position < len(row) else "" for row in self.rows]

    def frame(self) -> pd.DataFrame:
        """Return the rows as a typed frame with the declared columns; empty text is a missing number."""
        return pd.DataFrame(
            {field.name: _typed(field, self.column(field.name)) for field in self.table.fields}
        )


def _typed(field: Field, cells: list[str]) -> pd.Series:
    if field.kind == "boolean":
        return pd.Series([cell.lower() == "true" for cell in cells], dtype="bool")
    if field.kind == "string":
        return pd.Series(cells, dtype="str")
    numbers = pd.to_numeric(pd.Series([cell or None for cell in cells], dtype="object"), errors="coerce")
    return numbers.astype("Int64" if field.kind == "integer" else "float64")


class RowError(csv.Error):
    """A row that is no CSV; ``line`` is where it begins."""

    def __init__(self, reason: str, line: int) -> None:
        self.line = line
        super().__init__(reason)


def parse_csv(table: Table, content: str) -> RawTable:
    """Return a CSV text as rows with their line numbers; raises ``RowError`` where it is no CSV."""
    _, header = next(records := _records(content), (1, []))
    kept = [(line, row) for line, row in records if row]
    return RawTable(table, header, [row for _, row in kept], [line for line, _ in kept])


def _records(content: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line it begins in: a quoted cell may hold line breaks."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise RowError(str(error), line) from error
        if row is None:
            return
        yield line, row


def hash_files(folder: Path) -> str:
    """Return one SHA-256 over the names and bytes of the raw tables in ``folder``.

    A file that cannot be read counts by its name alone: it is for the checks to report it.
    """
    digest = hashlib.sha256()
    for table in TABLES.values():
        digest.update(table.path.encode() + b"\0")
        path = folder / table.path
        with suppress(OSError):
            if path.is_file():  # a pipe would never end
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def from_raw_tables(root: Path, raw: Mapping[str, RawTable], data_hash: str) -> Dataset:
    """Return the dataset of raw tables that have passed the checks."""
    tables = {name: table.frame() for name, table in raw.items()}
    data = Dataset(root, tables, data_hash)
    tables["readings"] = with_feasibility(tables["readings"], data.amounts)
    return data
