"""The export kit: the tables on a comparison or a programme as HTML, CSV and XLSX files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.draw.tables import Table
from analysis.estimates.prices import PriceYear
from analysis.evidence.dataset import Dataset
from analysis.files import write_file
from analysis.show.export.request import Request
from analysis.show.tablekit.codebook import codebook_csv
from analysis.show.tablekit.comparison_tables import ComparisonTables
from analysis.show.tablekit.html_page import page, words
from analysis.show.tablekit.programme_tables import programme_tables
from analysis.show.tablekit.subject import Subject
from analysis.show.tablekit.subject_workbook import SubjectWorkbook
from analysis.show.tablekit.xlsx import Workbook

FORMATS = ("html", "csv", "xlsx")
# How many programmes stand beside each other; more stand in rows.
BESIDE = {"memo": 6, "slide": 8}


def write_kit(data: Dataset, request: Request, out: Path) -> list[Path]:
    """Write the tables that are asked for below ``out`` and return the files; same bytes on every run.

    ``<subject>/<table>.csv``, ``<subject>/<table>.<language>.<width>.<variant>.html`` (with ``.txt`` beside
    it for the memo variant) and ``<subject>/<subject>.<language>.xlsx``. Each file appears by rename. Raises
    ``KitError`` before anything is written.
    """
    request = request.validate(data, FORMATS)
    written = []
    for topic in request.topics:
        subject = Subject(data, topic.themes, topic.programme, request.price_year)
        for name, content in _files(topic.folder, subject, request):
            written.append(write_file(out / topic.folder / name, content))
    return written


def _files(folder: str, subject: Subject, request: Request) -> Iterator[tuple[str, bytes]]:
    if "csv" in request.formats:
        yield from ((f"{table.name}.csv", table.csv()) for table in subject.tables)
        yield "codebook.csv", codebook_csv(subject.data, subject.tables)
    for language in request.languages:
        if "html" in request.formats:
            for width in request.widths:
                yield from _pages(subject, language, width, request.variants)
        if "xlsx" in request.formats:
            yield f"{folder}.{language}.xlsx", SubjectWorkbook(subject, language).workbook().content


def _pages(
    subject: Subject, language: str, width: str, variants: Sequence[str]
) -> Iterator[tuple[str, bytes]]:
    for table in tables_of(subject, language, width):
        for variant in variants:
            name = f"{table.name}.{language}.{width}.{variant}"
            yield f"{name}.html", page(table, language, width, variant).encode()
            if variant == "memo":
                yield f"{name}.txt", words(table).encode()


def tables_of(subject: Subject, language: str, width: str = "memo") -> list[Table]:
    """Return the tables on a subject as they fit that width."""
    if subject.programme:
        return programme_tables(subject, language)
    return ComparisonTables(subject, language, BESIDE[width]).all()


def workbook(
    data: Dataset,
    *,
    theme: str = "",
    programme: str = "",
    language: str = "en",
    price_year: PriceYear = None,
) -> Workbook:
    """Return the workbook on the programmes compared, or on one programme; ``save`` writes it.

    Without ``theme`` it holds all themes. ``price_year`` is as in ``Subject``. Raises
    ``KitError`` for an unknown theme, programme, language or price year, naming what is allowed.

    >>> book = analysis.workbook(data, programme="ludian", language="zh-Hans")
    >>> hasattr(book, "save")
    True
    """
    named = Request(
        (theme,) if theme else (), (programme,) if programme else (), (language,), price_year=price_year
    ).validate(data, FORMATS)
    subject = Subject(data, named.themes, programme, named.price_year)
    return SubjectWorkbook(subject, named.languages[0]).workbook()
