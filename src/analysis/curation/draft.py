"""Take a new document in: its text into the folder of the documents, the draft of its rows into a folder.

The draft is for a spreadsheet: one sheet of all numerals in reading order, each with its sentence, and the
other tables as far as they can be filled. Nothing here touches ``data/raw``; ``accept`` does, when the
draft is finished.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.curation.ambiguity import choices
from analysis.curation.candidates import Candidate, candidates
from analysis.curation.coding import codings
from analysis.curation.glossary import learn
from analysis.curation.incoming import Incoming, read_incoming, script_of
from analysis.curation.metadata import metadata_of
from analysis.curation.sums import identities
from analysis.curation.sureness import Guesses, unsure_cells
from analysis.evidence import checks, sources
from analysis.evidence.characters import numeral_spans
from analysis.evidence.checks.names import file_name_fault
from analysis.evidence.errors import InputError
from analysis.evidence.raw import RawTable
from analysis.evidence.schema import ID, TABLES
from analysis.evidence.sources import Document
from analysis.files import write_file

DRAFTS = Path("data/draft")
NUMERALS = "numerals.csv"
PARAMETERS = "params.yaml"
UNSURE = "unsure"  # a helper column: the guesses of a row to look at before it is accepted
HELPERS = ("context", "reason", UNSURE)
INTERPRETATION = ("choices", "readings", "codings", "identities")
MAX_BYTES = 20_000_000
CellRows = list[dict[str, str]]
DRAFT_COLUMNS = (
    {name: table.columns for name, table in TABLES.items()}
    | {"numerals": [*HELPERS, *TABLES["figures"].columns]}
    | {name: [UNSURE, *TABLES[name].columns] for name in INTERPRETATION}
)


class IntakeError(InputError):
    """A document or draft that cannot be taken in; ``problems`` holds the faults of a draft, all of them."""

    def __init__(self, message: str, problems: Iterable[checks.Problem] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__(message)


@dataclass(frozen=True)
class IntakeSummary:
    """What was written for a new document and what is left to decide; printed as text.

    ``unsure`` are the guesses that nobody should accept unseen, and ``open_cells`` the empty cells of columns
    that must be filled, by file and column; ``drafted`` the rows of the interpretation, by table.
    """

    source_id: str
    folder: Path
    document: Path
    origin: str
    paragraphs: int
    numerals: int
    figures: int
    exclusions: dict[str, int]
    damaged: int
    unsure: dict[str, dict[str, int]]
    open_cells: dict[str, dict[str, int]]
    drafted: dict[str, int]

    def __str__(self) -> str:
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.exclusions.items())
        damage = f"  {self.damaged} places with damaged characters: read them in the document"
        lines = [
            f"{self.source_id}: {self.numerals} numerals in {self.paragraphs} paragraphs ({self.origin})",
            f"document  {self.document.as_posix()}",
            f"draft     {self.folder.as_posix()}/: {self.figures} figures, "
            f"{sum(self.exclusions.values())} exclusions" + (f" ({reasons})" if reasons else ""),
            "left to decide",
            *([damage] if self.damaged else []),
            *(f"  {file}: unsure of {_count(cells)}" for file, cells in self.unsure.items()),
            *(f"  {file}: {_count_cells(cells)}" for file, cells in self.open_cells.items()),
            f"  {NUMERALS}: whether each other guess is right",
            f"  whether the drafts are right, and what they lack: {_count(self.drafted)}",
            f"next: finish the draft with analysis desk {self.folder.name}, or in a spreadsheet, as "
            "docs/curation.md says",
        ]
        return "\n".join(lines)


def _count(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({number})" for name, number in numbers.items())


def _count_cells(cells: Mapping[str, int]) -> str:
    return ", ".join(f"{column} ({count} empty)" if count > 1 else column for column, count in cells.items())


def intake(
    file: Path,
    programme_id: str,
    root: Path,
    source_id: str | None = None,
    documents: Path | None = None,
    coder: str = "",
) -> IntakeSummary:
    """Write the document of a file and the draft of its rows, and return what is left to decide.

    ``source_id`` is the programme's id, or its id and a number, unless it is given; ``documents`` is the
    folder of the documents, by default ``ANALYSIS_SOURCES`` or ``sources`` in the project; ``coder`` who
    codes it a second time, in a draft of their own. Raises ``IntakeError`` where something would be
    overwritten or an id has no proper form, ``SourceError`` where the file is no text in a known encoding,
    and ``DataError`` where the raw tables cannot be read.
    """
    tables = raw_tables(root)
    check_ids(
        programme_id=programme_id,
        source_id=source_id or programme_id,
        **({"coder": coder} if coder else {}),
    )
    incoming = read_incoming(_content(file), str(file))
    source_id = source_id or (programme_id if coder else _free_id(programme_id, tables, root))
    draft = root / DRAFTS / (f"{source_id}.{coder}" if coder else source_id)
    place = documents_folder(root, documents) / f"{source_id}.txt"
    _check_free(source_id, incoming, tables, draft, place)
    document = Document.from_text(incoming.text, source_id, incoming.sha256)
    rows = _draft_rows(document, incoming, programme_id, tables)
    files = {f"{name}.csv": to_csv(DRAFT_COLUMNS[name], rows[name]) for name in rows}
    if not (root / "params" / f"{programme_id}.yaml").exists():
        files[PARAMETERS] = f"programme: {programme_id}\nlanguage: en\n"
    if not place.exists():
        write_file(place, incoming.content)
    _write_folder(draft, files)
    place = place.relative_to(root) if place.is_relative_to(root) else place
    return _summarise(document, incoming, rows, DRAFTS / draft.name, place)


def raw_tables(root: Path) -> dict[str, RawTable]:
    """Return the raw tables as they stand; raises ``DataError`` where one cannot be read."""
    tables, problems = checks.read_tables(root)
    if problems:
        raise checks.DataError(problems)
    return tables


def documents_folder(root: Path, named: Path | None = None) -> Path:
    """Return the folder of the documents: the one named, ``ANALYSIS_SOURCES``, or ``sources``."""
    given = named or os.environ.get(sources.ENVIRONMENT)
    return (given and sources.find_sources(named, root)) or root / "sources"


def to_csv(columns: list[str], rows: Iterable[Mapping[str, str]], *, header: bool = True) -> str:
    """Return rows as CSV text with those columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise IntakeError(f"{file}: cannot be read ({error.strerror}); check the name") from error
    if len(content) > MAX_BYTES:
        raise IntakeError(f"{file}: more than {MAX_BYTES:,} bytes; save the article alone, as text or HTML")
    return content


def _free_id(programme_id: str, tables: Mapping[str, RawTable], root: Path) -> str:
    """Return the programme's id, or with the first number under which there is no source and no draft."""
    taken = {*tables["sources"].column("source_id"), *(path.name for path in (root / DRAFTS).glob("*"))}
    names = [programme_id, *(f"{programme_id}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def check_ids(**ids: str) -> None:
    """Raise ``IntakeError`` for an id that no file or folder should be named with."""
    for name, value in ids.items():
        if not re.fullmatch(ID, value):
            raise IntakeError(
                f"{name} {value!r}: expected lower-case letters, digits and hyphens, beginning with a "
                "letter, such as ludian or ludian-2"
            )
        if expected := file_name_fault(value):
            raise IntakeError(f"{name} {value!r}: expected {expected}; choose another")


def _check_no_draft_of(incoming: Incoming, draft: Path) -> None:
    """Raise ``IntakeError`` where the document has a draft of the same person, under whatever id."""
    for path in sorted(draft.parent.glob("*/sources.csv")):
        if path.parent.suffix == draft.suffix and incoming.sha256 in path.read_text(
            encoding="utf-8", errors="replace"
        ):
            name = path.parent.name
            raise IntakeError(
                f"this document was taken in before, and its draft is not accepted yet: "
                f"{DRAFTS.as_posix()}/{name}; finish it with analysis intake --accept {name}, or remove the "
                "folder to begin anew"
            )


def _check_free(
    source_id: str, incoming: Incoming, tables: Mapping[str, RawTable], draft: Path, place: Path
) -> None:
    """Raise ``IntakeError`` where the document is known already, or something would be overwritten."""
    known = dict(zip(tables["sources"].column("sha256"), tables["sources"].column("source_id"), strict=True))
    if incoming.sha256 in known:
        raise IntakeError(
            f"this document is in the register already, as {known[incoming.sha256]}: "
            "correct its rows in data/raw"
        )
    _check_no_draft_of(incoming, draft)
    if source_id in known.values():
        raise IntakeError(
            f"source {source_id!r} has curated rows, which are never overwritten: "
            f"choose another id with --source, such as {source_id}-2"
        )
    if draft.exists():
        raise IntakeError(
            f"{DRAFTS.as_posix()}/{draft.name} exists: finish it with analysis intake --accept {source_id}, "
            "or remove the folder to begin anew"
        )
    if place.exists() and place.read_bytes() != incoming.content:
        raise IntakeError(f"{place}: another document has this name; choose another id with --source")


def _draft_rows(
    document: Document, incoming: Incoming, programme_id: str, tables: Mapping[str, RawTable]
) -> dict[str, CellRows]:
    """Return the rows of each table of the draft, by its name."""
    source = _source_row(document, incoming, programme_id)
    glossary = learn(tables)
    found = candidates(document, source["published"], glossary)
    open_choices = choices(found, codings(found, programme_id, glossary), programme_id)
    rows = {
        "numerals": _numeral_rows(found, document.source_id),
        "sources": [source],
        **{
            name: list(map(drafted_row, getattr(open_choices, name)))
            for name in ("choices", "readings", "codings")
        },
        "identities": list(map(drafted_row, identities(found, document.source_id))),
    }
    if programme_id not in tables["programmes"].column("programme_id"):
        rows["programmes"] = [{"programme_id": programme_id}]
    return rows


def _numeral_rows(found: list[Candidate], source_id: str) -> CellRows:
    numbers: Counter[int] = Counter()
    rows = []
    for candidate in found:
        numbers[candidate.paragraph] += 1
        rows.append(numeral_row(candidate, source_id, numbers[candidate.paragraph]))
    return rows


def numeral_row(candidate: Candidate, source_id: str, number: int) -> dict[str, str]:
    """Return the row of a numeral in the draft; it is the one of that number in its paragraph."""
    return {
        # No cell of text from outside begins with a sign that a spreadsheet takes for a formula.
        "context": f"¶{candidate.paragraph} {candidate.context}",
        "reason": candidate.reason,
        UNSURE: candidate.unsure,
        "figure_id": f"{source_id}.p{candidate.paragraph}-{number}",
        "source_id": source_id,
        "printed": candidate.printed,
        **{name: str(getattr(candidate, name)) for name in ("paragraph", "start", "end")},
        **{column: cell for column, cell in candidate.cells.items() if cell},
    }


def drafted_row(guesses: Guesses) -> dict[str, str]:
    """Return a drafted row of the interpretation, with what is unsure in it."""
    cells = {
        column: guess.value
        for column, guess in guesses.items()
        if column != "requires" or "reading" in guesses
    }
    return {UNSURE: unsure_cells(guesses), **cells}


def _source_row(document: Document, incoming: Incoming, programme_id: str) -> dict[str, str]:
    """Return the row of the register, with what the document says of itself."""
    paragraphs = [document.text(*span) for span in document.paragraphs]
    found = metadata_of(paragraphs, incoming.title)
    return {
        "source_id": document.source_id,
        "programme_id": programme_id,
        "title": _plain(found.title),
        "author": _plain(found.author),
        "publisher": _plain(found.publisher),
        "published": found.published,
        "date_basis": "stated" if found.published else "",
        "script": script_of(document),
        "file": f"{document.source_id}.txt",
        "encoding": incoming.encoding,
        "sha256": document.sha256,
        "paragraphs": str(len(paragraphs)),
    }


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return text.strip("\ufeff \t\r\n").lstrip("=+-@\t\r ")


def _write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files into a folder that appears whole; with a mark that spreadsheets know UTF-8 by."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, text in files.items():
            encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
            (work / name).write_text(text, encoding=encoding, newline="")
        os.chmod(work, 0o755)
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _summarise(
    document: Document, incoming: Incoming, rows: Mapping[str, CellRows], folder: Path, place: Path
) -> IntakeSummary:
    figures = [row for row in rows["numerals"] if not row["reason"]]
    reasons = Counter(row["reason"] for row in rows["numerals"] if row["reason"])
    empty = {NUMERALS: _empty_cells("figures", figures)}
    empty |= {f"{name}.csv": _empty_cells(name, rows.get(name, [])) for name in ("sources", "programmes")}
    return IntakeSummary(
        source_id=document.source_id,
        folder=folder,
        document=place,
        origin=incoming.origin,
        paragraphs=len(document.paragraphs),
        numerals=len(numeral_spans(document.raw)),
        figures=len(figures),
        exclusions=dict(sorted(reasons.items())),
        damaged=len(document.damaged),
        unsure={f"{name}.csv": cells for name, table in rows.items() if (cells := _unsure_columns(table))},
        drafted={name: len(rows[name]) for name in reversed(INTERPRETATION) if rows[name]},
        open_cells={file: cells for file, cells in empty.items() if cells},
    )


def _unsure_columns(rows: CellRows) -> dict[str, int]:
    """Return how many rows of a table are unsure of each column."""
    cells = (part for row in rows for part in row.get(UNSURE, "").split("; ") if part)
    return dict(Counter(cell.partition(":")[0] for cell in cells))


def _empty_cells(table: str, rows: CellRows) -> dict[str, int]:
    """Return how many required cells of a table are empty, by column."""
    required = [field.name for field in TABLES[table].fields if field.required]
    counts = {column: sum(not row.get(column) for row in rows) for column in required}
    return {column: count for column, count in counts.items() if count}
