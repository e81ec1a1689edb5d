"""The codebook of exported tables: every column and every code, with its name and what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from analysis.evidence.dataset import Dataset
from analysis.show.export.csvfile import csv_file
from analysis.show.tablekit.cell_words import CellWords
from analysis.show.tablekit.columns import COLUMNS, MEANINGS, DataColumn
from analysis.show.tablekit.subject import DataTable
from analysis.words.language import Text

HEADER = ("table", "column", "code", "label", "label_zh", "description", "description_zh")


class Entry(NamedTuple):
    """A column, or one code of it, in one language."""

    tables: tuple[str, ...]
    column: str
    code: str
    label: str
    description: str


def codebook(labels: CellWords, tables: Iterable[DataTable]) -> list[Entry]:
    """Return the columns of the tables, each followed by its codes.

    Of measures, units and the terms of the curator those codes are listed that the tables hold; of closed
    vocabularies all.
    """
    found: dict[str, list[DataTable]] = {}
    for table in tables:
        for key in table.columns:
            found.setdefault(key, []).append(table)
    return [entry for key, holders in found.items() for entry in _entries(labels, COLUMNS[key], holders)]


def codebook_csv(data: Dataset, tables: Sequence[DataTable]) -> bytes:
    """Return the codebook in English and Simplified Chinese as a CSV file."""
    english, chinese = (
        codebook(CellWords(data, Text.of(language)), tables) for language in ("en", "zh-Hans")
    )
    rows = (
        (" ".join(en.tables), en.column, en.code, en.label, zh.label, en.description, zh.description)
        for en, zh in zip(english, chinese, strict=True)
    )
    return csv_file(HEADER, rows)


def _entries(labels: CellWords, column: DataColumn, holders: list[DataTable]) -> Iterator[Entry]:
    names, key, text = tuple(table.name for table in holders), column.key, labels.text
    heading, description = labels.heading(key), text(f"workbook.describes.{key}")
    yield Entry(names, key, "", heading, description)
    if column.kind == "words":
        yield Entry(names, f"{key}_zh", "", heading, text("workbook.describes.in_chinese", column=key))
    for code in _codes(column, holders):
        yield Entry(names, key, code, _name(labels, column, code), _meaning(text, column, code))


def _codes(column: DataColumn, holders: list[DataTable]) -> Iterable[str]:
    """Return the codes to list: those of a closed vocabulary, else those that stand in the tables."""
    if column.kind == "flag":
        return ("true", "false")
    if column.key in MEANINGS and column.key != "measure":
        return MEANINGS[column.key]
    if column.kind not in ("code", "unit", "prices", "differences"):
        return ()
    cells = dict.fromkeys(row.get(column.key, "") for table in holders for row in table.rows)
    # A ranking may name several differences in one cell.
    return dict.fromkeys(code for cell in cells for code in cell.split())


def _name(labels: CellWords, column: DataColumn, code: str) -> str:
    match column.kind:
        case "unit":
            return labels.text.unit(code)
        case "prices":
            return labels.prices(code)
        case "differences":
            return labels.difference(code)
        case "flag":
            return labels.text("workbook.yes" if code == "true" else "workbook.no")
    return labels.code(column.key, code)


def _meaning(text: Text, column: DataColumn, code: str) -> str:
    """Return what a code means; a term of the curator says it by its name."""
    if column.kind != "code":
        return text(f"workbook.describes.{column.key}")
    return text(f"workbook.meaning.{column.key}.{code}" if column.key in MEANINGS else "workbook.term")
