"""The export kit: each chart as pictures, with its data, its evidence, its caption and its words."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from analysis.draw import ChartRow, Picture
from analysis.evidence.dataset import Dataset, records
from analysis.files import write_file
from analysis.show.chartbook.book import Book
from analysis.show.export import BESIDE_CHARTS, CHART_FORMATS
from analysis.show.export.citation import citation
from analysis.show.export.csvfile import Cell, csv_file
from analysis.show.export.request import Request, Topic
from analysis.version import __version__
from analysis.words.language import Text

DATA_COLUMNS = (
    "group", "label", "programme_id", "drawn_as", "value", "low", "high", "before", "unit", "price_basis",
    "absence", "words", "reading", "figure_ids",
)  # fmt: skip


def write_charts(data: Dataset, request: Request, out: Path) -> Iterator[Path]:
    """Write the charts that are asked for below ``out`` and yield the files; same bytes on every run.

    ``<subject>/<chart>.<language>.<width>.<variant>.<format>``, and beside it, for each language,
    ``<chart>.<language>.csv`` (the data drawn), ``.json`` (figures, readings, prices, data hash, citation)
    and ``.txt`` (title, caption, words for those who do not see it). Each file appears by rename. Raises
    ``KitError`` before anything is written.
    """
    request = request.validate(data, CHART_FORMATS)
    for language in request.languages:
        book = Book(data, language, request.price_year)
        for topic in request.topics:
            for chart in _charts(book, topic):
                for name, content in files_of(chart, data, request):
                    yield write_file(out / topic.folder / name, content)


def _charts(book: Book, topic: Topic) -> list[Picture]:
    if topic.programme:
        return book.programme(topic.programme, topic.themes)
    return book.theme(topic.themes[0])


def files_of(chart: Picture, data: Dataset, request: Request) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one chart by name, in the formats, widths and variants of a checked request."""
    pictures = []
    for width in request.widths:
        for variant in request.variants:
            standalone = variant == "standalone"
            for part in chart.slides(standalone=standalone) if width == "slide" else [chart.at(width)]:
                for kind in request.formats:
                    name = f"{part.name}.{chart.language}.{width}.{variant}.{kind}"
                    pictures.append(name)
                    yield name, picture(part, kind, standalone=standalone)
    sidecar = json.dumps(evidence(chart, data, pictures), ensure_ascii=False, indent=2)
    contents = (data_csv(chart), f"{sidecar}\n".encode(), caption(chart).encode())
    for kind, content in zip(BESIDE_CHARTS, contents, strict=True):
        yield f"{chart.name}.{chart.language}.{kind}", content


def picture(chart: Picture, kind: str, *, standalone: bool = True) -> bytes:
    """Return a chart as ``svg``, ``png`` or ``pdf``."""
    draw = {"svg": chart.svg, "png": chart.png, "pdf": chart.pdf}[kind]
    return draw(standalone=standalone)


def data_csv(chart: Picture) -> bytes:
    """Return what is drawn as CSV: one row for each value and each absence.

    Columns: ``group, label, programme_id, drawn_as`` (``row``, or ``other`` for a value without a label),
    ``value, low, high, before, unit, price_basis, absence, words, reading, figure_ids``. An open bound is
    ``inf`` or ``-inf``; a value that is absent is an empty cell with the type of absence.
    """
    return csv_file(DATA_COLUMNS, [_cells(chart, *row) for row in _data_rows(chart)])


def _data_rows(chart: Picture) -> Iterator[tuple[str, str, ChartRow]]:
    for group in chart.groups:
        for row in group.rows:
            if row.label and (row.value is not None or row.absence or not row.others):
                yield group.heading, "row", row
            within = " · ".join(part for part in (group.heading, row.label) if part)
            for other in row.others:
                yield within, "other", other


def _cells(chart: Picture, group: str, role: str, row: ChartRow) -> list[Cell]:
    basis = chart.price_basis if row.unit.startswith("CNY") else ""
    words = "; ".join(part for part in (row.text, row.aside) if part)
    return [
        group, row.label, row.programme, role, row.value, row.low,
        math.inf if row.is_open else row.high, row.before, row.unit, basis,
        row.absence, words, row.reading, row.figure_ids,
    ]  # fmt: skip


def evidence(chart: Picture, data: Dataset, files: Iterable[str] = ()) -> dict[str, Any]:
    """Return what a chart rests on: figures, readings, sources, prices, data hash, citation."""
    rows = [each for row in chart.rows for each in row.all()]
    programmes = sorted(chart.programmes - {""})
    sources = data.sources[data.sources["programme_id"].isin(programmes)]
    keys = ("source_id", "title", "publisher", "published", "date_basis", "sha256")
    cited = citation(data)
    return {
        "chart": chart.name,
        "kind": chart.kind,
        "language": chart.language,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "note": chart.note,
        "source": chart.source,
        "alt": chart.alt,
        "price_basis": chart.price_basis,
        "programmes": programmes,
        "figure_ids": sorted({name for row in rows for name in row.figure_ids.split()}),
        "readings": sorted({row.reading for row in rows if row.reading}),
        "sources": [{key: row[key] for key in keys} for row in records(sources)],
        "data_hash": data.data_hash,
        "version": __version__,
        "citation": f"{cited['title']}, {cited['version']}, data {data.data_hash[:12]}",
        "files": list(files),
    }


def caption(chart: Picture) -> str:
    """Return the words that go with a chart in a memo: title, subtitle, note, source, alternative text."""
    text = Text.of(chart.language)
    lines = [
        (text(f"chart.caption_{key}"), words)
        for key, words in (
            ("title", chart.title), ("subtitle", chart.subtitle), ("note", chart.note),
            ("source", chart.source), ("alt", chart.alt),
        )
        if words
    ]  # fmt: skip
    return "".join(f"{text('number.labelled', label=label, value=words)}\n\n" for label, words in lines)
