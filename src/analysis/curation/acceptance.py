"""Move a finished draft into the raw tables: every fault at once, or every row.

The rows are checked together with those that are there already, and the document is audited: each of its
numerals is in exactly one row, and each row says what the document says at its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.curation.draft import (
    DRAFTS,
    HELPERS,
    INTERPRETATION,
    NUMERALS,
    PARAMETERS,
    UNSURE,
    IntakeError,
    check_ids,
    documents_folder,
    raw_tables,
    to_csv,
)
from analysis.curation.incoming import detect_encoding
from analysis.evidence import audit, checks
from analysis.evidence.checks import Problem
from analysis.evidence.checks.problems import integer, shown
from analysis.evidence.folders import RAW
from analysis.evidence.raw import RawTable, RowError, parse_csv
from analysis.evidence.schema import TABLES, Field, Table
from analysis.evidence.sources import Document, SourceError
from analysis.files import write_file

# Rows of a draft are checked under line numbers of their own, which no table reaches.
DRAFT_LINES = 10_000_000
_DRAFT_LINE = re.compile(r"line 1([0-9]{7})(?: of (\S+))?")
_NUMERALS = Table(
    "numerals",
    NUMERALS,
    "All numerals of a document, in its order.",
    ("figure_id",),
    (*(Field(name, "") for name in HELPERS), *TABLES["figures"].fields),
)
FILES = (
    {NUMERALS: _NUMERALS}
    | {f"{name}.csv": TABLES[name] for name in ("programmes", "sources")}
    | {
        f"{name}.csv": replace(TABLES[name], fields=(Field(UNSURE, ""), *TABLES[name].fields))
        for name in INTERPRETATION
    }
)

DraftRows = list[tuple[int, dict[str, str]]]
"""Rows by column, with their lines."""


@dataclass(frozen=True)
class AcceptSummary:
    """How many rows went into each raw table; printed as text."""

    source_id: str
    programme_id: str
    rows: dict[str, int]
    parameters: str

    def __str__(self) -> str:
        moved = ", ".join(f"{name} {count}" for name, count in self.rows.items())
        lines = [
            f"{self.source_id}: "
            + (f"moved into data/raw: {moved}" if moved else "all rows are in data/raw already")
        ]
        if self.parameters:
            lines.append(f"wrote {self.parameters}")
        lines.append(f"next: analysis build, then: analysis run {self.programme_id}")
        return "\n".join(lines)


def accept(source_id: str, root: Path, documents: Path | None = None) -> AcceptSummary:
    """Append the rows of a finished draft to the raw tables and return how many.

    Raises ``IntakeError`` with every fault of the draft (nothing is then written), and ``SourceError`` where
    its document is not at hand. Rows that are in the tables already, cell for cell, are passed over, so that
    an interrupted move can be repeated; another row of the same id is a fault.
    """
    check_ids(source_id=source_id)
    folder = root / DRAFTS / source_id
    if not folder.is_dir():
        raise IntakeError(
            f"no draft {DRAFTS.as_posix()}/{source_id}; begin with analysis intake FILE --programme ID"
        )
    tables = raw_tables(root)
    draft, problems = read_draft(folder, source_id, tables)
    problems = problems or draft.faults(root, documents)
    if problems:
        count = f"{len(problems)} fault" + ("s" if len(problems) != 1 else "")
        lines = [f"the draft has {count}; nothing was moved:", *map(str, problems)]
        raise IntakeError("\n".join(lines), problems)
    fresh = {name: new for name in draft.rows if (new := draft.new_rows(name))}
    _append(root, tables, fresh)
    programme = draft.source["programme_id"]
    counts = {name: len(new) for name, new in fresh.items()}
    return AcceptSummary(source_id, programme, counts, _add_parameters(root, folder, programme))


def read_draft(folder: Path, source_id: str, tables: Mapping[str, RawTable]) -> tuple[Draft, list[Problem]]:
    """Return a draft beside the raw tables, and the faults of files that cannot be read; then it is empty."""
    found: dict[str, DraftRows] = {}
    problems: list[Problem] = []
    for name, table in FILES.items():
        if name != NUMERALS and not (folder / name).exists():
            continue
        rows = read_file(folder / name, table)
        if isinstance(rows, Problem):
            problems.append(rows)
        else:
            found[table.name] = rows
    if problems:
        return Draft(source_id, tables, {}), problems
    return Draft(source_id, tables, _split(found), tuple(_unsure(source_id, found))), []


def read_file(path: Path, table: Table) -> DraftRows | Problem:
    file = _file(path.parent.name, path.name)
    try:
        content = path.read_bytes()
        # Spreadsheets on a Chinese Windows save CSV in GB18030.
        raw = parse_csv(table, content.decode(detect_encoding(content, file)[0]))
    except OSError as error:
        return Problem("missing-file", file, None, None, error.strerror or "", "a CSV file", "restore it")
    except SourceError as error:
        return Problem("encoding", file, None, None, str(error), "text in UTF-8", "save it as CSV UTF-8")
    except RowError as error:
        return Problem("csv", file, error.line, None, str(error), "rows of CSV", "close the quotation marks")
    dispensable = {"context", UNSURE, *(field.name for field in table.fields if field.optional)}
    missing = [column for column in table.columns if column not in (*raw.header, *dispensable)]
    unknown = [column for column in raw.header if column not in table.columns]
    if missing or unknown:
        expected = f"the columns {', '.join(table.columns)}, with commas between them"
        wrong = (("no", missing), ("unknown", unknown))
        value = "; ".join(f"{what} {', '.join(map(repr, names))}" for what, names in wrong if names)
        return Problem("missing-column", file, 1, None, value, expected, "restore the first line")
    wide = [line for row, line in zip(raw.rows, raw.lines, strict=True) if any(row[len(raw.header) :])]
    if wide:
        expected = f"{len(raw.header)} cells, as in the first line"
        return Problem("row-width", file, wide[0], None, "more cells", expected, "remove a comma too many")
    rows = zip(raw.lines, zip(*(raw.column(name) for name in table.columns), strict=True), strict=True)
    return [
        (line, dict(zip(table.columns, map(str.strip, cells), strict=True)))
        for line, cells in rows
        if any(cells)
    ]


def _unsure(source_id: str, found: Mapping[str, DraftRows]) -> Iterator[Problem]:
    """Yield the rows of guesses that nobody has looked at."""
    expected, advice = "an empty cell", "look at these columns, correct or keep them, and empty the cell"
    for name, rows in found.items():
        for line, row in rows:
            doubt = row.get(UNSURE, "")
            # What is no figure has no other cells to doubt than why.
            if doubt and (not row.get("reason") or doubt.startswith("reason:")):
                file = _file(source_id, f"{name}.csv")
                yield Problem("unsure", file, line, UNSURE, shown(doubt), expected, advice)


def _split(found: Mapping[str, DraftRows]) -> dict[str, DraftRows]:
    """Return the rows by raw table: a numeral with a reason is an exclusion, one without is a figure."""
    numerals = found["numerals"]
    figures = [(line, row) for line, row in numerals if not row["reason"]]
    exclusions = [(line, row) for line, row in numerals if row["reason"]]
    by_table = {**found, "figures": figures, "exclusions": exclusions}
    return {
        name: [(line, {column: row[column] for column in table.columns}) for line, row in by_table[name]]
        for name, table in TABLES.items()
        if by_table.get(name)
    }


@dataclass(frozen=True)
class Draft:
    """The rows of a draft by raw table, beside the raw tables as they stand."""

    source_id: str
    tables: Mapping[str, RawTable]
    rows: Mapping[str, DraftRows]
    unsure: tuple[Problem, ...] = ()

    @property
    def numerals(self) -> DraftRows:
        """The figures, then the exclusions."""
        return [*self.rows.get("figures", []), *self.rows.get("exclusions", [])]

    @property
    def source(self) -> dict[str, str]:
        """The row of the register, from the draft or, where it was moved already, from the table."""
        raw = self.tables["sources"]
        known = [dict(zip(raw.header, cells, strict=False)) for cells in raw.rows]
        rows = [*(row for _, row in self.rows.get("sources", [])), *known]
        return next((row for row in rows if row["source_id"] == self.source_id), {})

    def new_rows(self, name: str) -> DraftRows:
        """Return the rows that the table does not hold, cell for cell."""
        raw = self.tables[name]
        columns = raw.table.columns
        held = set(zip(*(raw.column(column) for column in columns), strict=True))
        rows = self.rows.get(name, [])
        return [(line, row) for line, row in rows if tuple(row[column] for column in columns) not in held]

    def joined(self) -> dict[str, RawTable]:
        """Return the raw tables with the rows of the draft below their own."""
        return {name: _join(raw, self.new_rows(name)) for name, raw in self.tables.items()}

    def faults(self, root: Path, documents: Path | None) -> list[Problem]:
        """Return the faults of the tables with the rows of the draft, those of the document among them."""
        return [
            *(self._locate(problem) for problem in checks.check_tables(self.joined())),
            *self._of_other_documents(),
            *self._provisional_ids(),
            *self._audit(root, documents),
            *self.unsure,
        ]

    def _locate(self, problem: Problem) -> Problem:
        """Return a fault with the file and line of the draft, where it stands in one."""
        expected = _DRAFT_LINE.sub(lambda line: f"line {int(line[1])} of the draft", problem.expected)
        if (problem.line or 0) <= DRAFT_LINES:
            return replace(problem, expected=expected)
        name = Path(problem.file).name
        file = _file(self.source_id, NUMERALS if name in ("figures.csv", "exclusions.csv") else name)
        return replace(problem, file=file, line=(problem.line or 0) - DRAFT_LINES, expected=expected)

    def _of_other_documents(self) -> Iterator[Problem]:
        """Yield the rows of another document: a draft is about one."""
        for name, rows in (("sources.csv", self.rows.get("sources", [])), (NUMERALS, self.numerals)):
            for line, row in rows:
                if row["source_id"] != self.source_id:
                    value, file = shown(row["source_id"]), _file(self.source_id, name)
                    yield Problem(
                        "source", file, line, "source_id", value, self.source_id, "correct the cell"
                    )

    def _provisional_ids(self) -> Iterator[Problem]:
        """Yield the ids that intake gave: an id is kept for ever, so it has to say what is counted."""
        for line, row in self.rows.get("figures", []):
            if re.fullmatch(rf"{self.source_id}\.p[0-9]+-[0-9]+", row["figure_id"]):
                expected = f"an id that says what is counted, such as {self.source_id}.village-venues.count"
                file, value = _file(self.source_id, NUMERALS), shown(row["figure_id"])
                yield Problem("provisional-id", file, line, "figure_id", value, expected, "rename it")

    def _audit(self, root: Path, documents: Path | None) -> Iterator[Problem]:
        """Yield what does not agree with the document.

        Nothing is audited where a place is no number: that is a fault of its own.
        """
        source, places = self.source, ("paragraph", "start", "end")
        readable = all(integer(row[name]) is not None for _, row in self.numerals for name in places)
        if not source or not readable:
            return
        path = documents_folder(root, documents) / source["file"]
        document = Document.load(path, self.source_id, source["encoding"])
        frames = [
            _join(replace(self.tables[name], rows=[], lines=[]), self.rows.get(name, [])).frame()
            for name in ("figures", "exclusions")
        ]
        account = audit.audit({self.source_id: document}, pd.DataFrame([source]), *frames)[0]
        lines = {
            row.get("figure_id") or f"exclusion {row['start']}..{row['end']}": line
            for line, row in self.numerals
        }
        expected = "every numeral in exactly one row, as the document prints it"
        for finding in account.findings:
            line, value = lines.get(finding.row), finding.context or shown(self.source_id)
            file = _file(self.source_id, NUMERALS)
            yield Problem(finding.kind, file, line, finding.field, value, expected, finding.message)


def _join(raw: RawTable, rows: DraftRows) -> RawTable:
    """Return a raw table with rows of the draft below its own."""
    cells = [[row.get(column, "") for column in raw.header] for _, row in rows]
    lines = [DRAFT_LINES + line for line, _ in rows]
    return RawTable(raw.table, raw.header, [*raw.rows, *cells], [*raw.lines, *lines])


def _file(source_id: str, name: str) -> str:
    return f"{DRAFTS.as_posix()}/{source_id}/{name}"


def _append(root: Path, tables: Mapping[str, RawTable], fresh: Mapping[str, DraftRows]) -> None:
    """Write the tables with their new rows; each file is whole at any time."""
    for name, rows in fresh.items():
        path = root / RAW / TABLES[name].path
        content = path.read_bytes()
        ending = b"" if content.endswith(b"\n") else b"\n"
        new = to_csv(tables[name].header, (row for _, row in rows), header=False)
        write_file(path, content + ending + new.encode())


def _add_parameters(root: Path, folder: Path, programme_id: str) -> str:
    """Write the parameter file of a new programme and return its name, or ``""`` where there is one."""
    file, drafted = root / "params" / f"{programme_id}.yaml", folder / PARAMETERS
    if file.exists() or not drafted.exists():
        return ""
    write_file(file, drafted.read_bytes())
    return f"params/{file.name}"
