"""The codebook of exported tables: every column and every code, with its name and what it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from analysis.evidence.dataset import Dataset
from analysis.show.export.csvfile import csv_file
from analysis.show.tablekit.columns import COLUMNS, MEANINGS, DataColumn
from analysis.show.tablekit.rows import DataTable
from analysis.show.tablekit.wording import Wording
from analysis.words.labels import Labels
from analysis.words.language import Text

HEADER = ("table", "column", "code", "label", "label_zh", "description", "description_zh")


class Entry(NamedTuple):
    """A column, or one code of it, in one language."""

    tables: tuple[str, ...]
    column: str
    code: str
    label: str
    description: str


def codebook(data: Dataset, tables: Iterable[DataTable], language: str) -> list[Entry]:
    """Return the columns of the tables, each followed by its codes.

    Of measures, units and the terms of the curator those codes are listed that the tables hold; of closed
    vocabularies all.
    """
    wording = Wording(Labels(data, Text.of(language)))
    tables = list(tables)
    found: dict[str, list[DataTable]] = {}
    for table in tables:
        for key in table.columns:
            found.setdefault(key, []).append(table)
    return [entry for key, holders in found.items() for entry in _column(wording, COLUMNS[key], holders)]


def codebook_csv(data: Dataset, tables: Iterable[DataTable]) -> bytes:
    """Return the codebook in English and Simplified Chinese as a CSV file."""
    tables = list(tables)
    english, chinese = (codebook(data, tables, language) for language in ("en", "zh-Hans"))
    rows = (
        (" ".join(en.tables), en.column, en.code, en.label, zh.label, en.description, zh.description)
        for en, zh in zip(english, chinese, strict=True)
    )
    return csv_file(HEADER, rows)


def _column(wording: Wording, column: DataColumn, holders: list[DataTable]) -> Iterator[Entry]:
    names = tuple(table.name for table in holders)
    described = wording.text(f"workbook.describes.{column.key}")
    yield Entry(names, column.key, "", wording.heading(column.key), described)
    if column.kind == "words":
        described = wording.text("workbook.describes.in_chinese", column=column.key)
        yield Entry(names, f"{column.key}_zh", "", wording.heading(column.key), described)
    for code in _codes(column, holders):
        label, meaning = _meaning(wording, column, code)
        yield Entry(names, column.key, code, label, meaning)


def _codes(column: DataColumn, holders: list[DataTable]) -> Iterable[str]:
    """Return the codes to list: those of a closed vocabulary, else those that stand in the tables."""
    if column.kind == "flag":
        return ("true", "false")
    if column.kind == "code" and column.codes in MEANINGS and column.codes != "measure":
        return MEANINGS[column.codes]
    if column.kind not in ("code", "unit", "prices", "differences"):
        return ()
    held = dict.fromkeys(row.get(column.key, "") for table in holders for row in table.rows)
    # A ranking may name several differences in one cell.
    return dict.fromkeys(code for cell in held for code in cell.split())


def _meaning(wording: Wording, column: DataColumn, code: str) -> tuple[str, str]:
    """Return the name of a code and what it means; a term of the curator says it by its name."""
    text = wording.text
    if column.kind in ("unit", "prices", "differences"):
        shown = {"unit": text.unit, "prices": wording.prices, "differences": wording.difference}
        return shown[column.kind](code), text(f"workbook.describes.{column.key}")
    if column.kind == "flag":
        label = text("workbook.yes" if code == "true" else "workbook.no")
        return label, text(f"workbook.describes.{column.key}")
    label = wording.code(column.codes, code)
    if column.codes in MEANINGS:
        return label, text(f"workbook.meaning.{column.codes}.{code}")
    return label, text("workbook.term")
