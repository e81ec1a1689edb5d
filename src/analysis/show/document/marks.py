"""The marks of a document: every figure and every exclusion, with the characters that it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError, closest_names
from analysis.evidence.rows import Exclusion, Figure, Source, rows_of
from analysis.evidence.sources import Document, SourceError, existing_sources

FIGURE, EXCLUSION = "figure", "exclusion"


@dataclass(frozen=True, order=True)
class Mark:
    """One numeral of a document: its span in the decoded file, and what it is.

    ``code`` is the theme of a figure, or why an exclusion is none; ``figure_id`` is empty for an exclusion.
    ``exact`` are the characters of the span as they stand in the file.
    """

    start: int
    end: int
    kind: str
    code: str
    figure_id: str
    exact: str


@dataclass(frozen=True)
class Marked:
    """A document at hand with its row in the register and its marks, in the order of the text."""

    source: Source
    document: Document
    marks: tuple[Mark, ...]


def marked(data: Dataset, source_id: str, folder: Path | None = None) -> Marked:
    """Return a document with its marks.

    Raises ``InputError`` for an unknown source, and ``SourceError`` where its document is not at hand or is
    not the one that the register describes.
    """
    known = {row.source_id: row for row in rows_of(Source, data.sources)}
    if source_id not in known:
        close = closest_names(source_id, [*known], 3, 0.6)
        hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(known)}"
        raise InputError(f"no source {source_id!r}; {hint}")
    source = known[source_id]
    document = _document(source, existing_sources(folder, data.root))

    def mark(row: Figure | Exclusion, kind: str, code: str, figure_id: str = "") -> Mark:
        return Mark(row.start, row.end, kind, code, figure_id, document.raw[row.start : row.end])

    figures = rows_of(Figure, data.figures, source_id=source_id)
    exclusions = rows_of(Exclusion, data.tables["exclusions"], source_id=source_id)
    marks = [
        *(mark(row, FIGURE, row.theme, row.figure_id) for row in figures),
        *(mark(row, EXCLUSION, row.reason) for row in exclusions),
    ]
    return Marked(source, document, tuple(sorted(marks)))


def _document(source: Source, folder: Path) -> Document:
    path = folder / source.file
    document = Document.load(path, source.source_id, source.encoding)
    if document.sha256 != source.sha256:
        raise SourceError(
            f"{path}: its SHA-256 is {document.sha256[:12]}…, registered is {source.sha256[:12]}…, and the "
            "places of the figures do not fit it: use the document that they were read from"
        )
    return document
