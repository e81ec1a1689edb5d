"""Guess again the years that hang on the date of a document, when that date has been corrected.

A year hangs on it where it is what the intake would guess for some date; a year that a curator has entered is
left as it is. Works on a draft, and on rows that were accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.curation.ambiguity import year_choice
from analysis.curation.draft import (
    DRAFT_COLUMNS,
    DRAFTS,
    NUMERALS,
    UNSURE,
    IntakeError,
    documents_folder,
    drafted_row,
    to_csv,
)
from analysis.curation.incoming import detect_encoding
from analysis.curation.metadata import first_year
from analysis.curation.sureness import Guess
from analysis.curation.years import year_of
from analysis.evidence.folders import RAW
from analysis.evidence.raw import RawTable, parse_csv
from analysis.evidence.schema import TABLES, Table
from analysis.evidence.sources import Document
from analysis.files import write_file


@dataclass(frozen=True)
class Redated:
    """The figures whose year was guessed again, with the years as they were and are; printed as text."""

    source_id: str
    published: str
    years: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        lines = [f"  {figure}: {old or 'unknown'} → {new or 'unknown'}" for figure, old, new in self.years]
        years = "1 year" if len(self.years) == 1 else f"{len(self.years)} years"
        head = f"{self.source_id}: published {self.published}; {years} guessed again"
        return "\n".join([head, *lines])


def redate(source_id: str, root: Path, documents: Path | None = None) -> Redated:
    """Write the years of a document that hang on its date, and return those that changed.

    The draft is taken where there is one, else the raw tables. Raises ``IntakeError`` where there is neither,
    and ``SourceError`` where the document is not at hand.
    """
    draft = root / DRAFTS / source_id
    folder = draft if draft.is_dir() else root / RAW
    sources = _read(folder / "sources.csv", TABLES["sources"])
    rows = [dict(zip(sources.header, row, strict=False)) for row in sources.rows]
    source = next((row for row in rows if row["source_id"] == source_id), None)
    if source is None:
        raise IntakeError(f"no draft and no source {source_id!r}; check the id")
    path = documents_folder(root, documents) / source["file"]
    document = Document.load(path, source_id, source["encoding"])
    file = folder / (NUMERALS if folder == draft else "figures.csv")
    table = _read(file, TABLES["figures"])
    changed = list(_guessed_again(table, document, source["published"]))
    years = tuple((table.rows[at][table.header.index("figure_id")], old, new) for at, old, new in changed)
    if changed:
        mark = b"\xef\xbb\xbf" if folder == draft else b""
        write_file(file, mark + table.text().encode())
    if folder == draft:
        _ask_for_years(draft, source["programme_id"], table)
    return Redated(source_id, source["published"], years)


def _ask_for_years(draft: Path, programme_id: str, table: RawTable) -> None:
    """Add the choice of the year to a draft, for each range of years that its money is dated to."""
    money = (
        year for year, unit in zip(table.column("year"), table.column("unit"), strict=True) if "CNY" in unit
    )
    asked = [year_choice(programme_id, years) for years in sorted({year for year in money if "/" in year})]
    for name in ("choices", "readings"):
        path = draft / f"{name}.csv"
        known = set(_read(path, TABLES[name]).column("choice_id"))
        rows = [
            row for choice in asked for row in getattr(choice, name) if row["choice_id"].value not in known
        ]
        added = to_csv(DRAFT_COLUMNS[name], map(drafted_row, rows), header=False)
        write_file(path, path.read_bytes() + added.encode())


def _read(path: Path, table: Table) -> RawTable:
    content = path.read_bytes()
    return parse_csv(table, content.decode(detect_encoding(content, str(path))[0]))


def _guessed_again(table: RawTable, document: Document, published: str) -> Iterator[tuple[int, str, str]]:
    """Change the rows of a document whose year hangs on its date; yield their places and both years."""
    place = {name: table.header.index(name) for name in ("source_id", "start", "end", "year", "year_basis")}
    helpers = (table.header.index(name) if name in table.header else None for name in ("reason", UNSURE))
    reason, unsure = helpers
    for at, row in enumerate(table.rows):
        if row[place["source_id"]] != document.source_id or (reason is not None and row[reason]):
            continue
        before, _, _ = document.sentence(int(row[place["start"]]), int(row[place["end"]]))
        old = row[place["year"]], row[place["year_basis"]]
        new = _years(before, document, published)
        if (new[0].value, new[1].value) == old or not _hangs(before, document, old):
            continue
        row[place["year"]], row[place["year_basis"]] = (guess.value for guess in new)
        if unsure is not None:
            row[unsure] = _unsure(row[unsure], new)
        yield at, old[0], new[0].value


def _years(before: str, document: Document, published: str) -> tuple[Guess, Guess]:
    return year_of(before, published, first_year(document.clean, published))


def _hangs(before: str, document: Document, old: tuple[str, str]) -> bool:
    """Return whether a year is the guess for some date: its own, its end, the year after."""
    last = old[0].rpartition("/")[2]
    dates = ["", old[0], last, *([str(int(last) + 1)] if last else [])]
    guesses = (_years(before, document, date) for date in dates)
    return any((year.value, basis.value) == old for year, basis in guesses)


def _unsure(cell: str, guesses: Sequence[Guess]) -> str:
    """Return the cell of what is unsure with what now holds of the years."""
    kept = [
        part for part in cell.split("; ") if part and part.partition(":")[0] not in ("year", "year_basis")
    ]
    names = zip(("year", "year_basis"), guesses, strict=True)
    return "; ".join([*kept, *(f"{name}: {guess}" for name, guess in names if guess.sure == "unsure")])
