"""The curator's desk: one draft that is edited, checked and saved at every step, and every step taken back.

What is saved is what ``intake`` writes and a spreadsheet reads. A file that somebody else has changed in the
meantime is read anew, never written over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.curation.acceptance import DRAFT_LINES, FILES, Draft, DraftRows, read_draft, read_file
from analysis.curation.draft import (
    DRAFT_COLUMNS,
    DRAFTS,
    NUMERALS,
    IntakeError,
    check_ids,
    documents_folder,
    raw_tables,
    to_csv,
)
from analysis.curation.sheets import DeskError, Sheets
from analysis.estimates.measures import Estimate, from_frame
from analysis.estimates.themes import estimates_and_series
from analysis.evidence import checks
from analysis.evidence.checks import Problem
from analysis.evidence.checks.apart import only
from analysis.evidence.checks.problems import integer
from analysis.evidence.dataset import Dataset, from_raw_tables
from analysis.evidence.raw import RawTable
from analysis.evidence.schema import TABLES, Field, Table
from analysis.evidence.sources import Document
from analysis.evidence.uncoded import Uncoded, uncoded
from analysis.files import write_file

DECIDED = Table("decided", "decided.csv", "Numerals that a person has decided on.", ("start",),
                (Field("start", "offset"), Field("end", "offset")))  # fmt: skip
SHEETS = {name.removesuffix(".csv"): table for name, table in FILES.items()} | {"decided": DECIDED}
MOST_STEPS = 200
ROUNDS = 5  # of leaving out what rests on a row at fault
NOT_ENTERED, UNKNOWN_YEAR = "?", "2000"  # what stands for a required cell while estimates are computed


@dataclass(frozen=True)
class Left:
    """How much there is still to do."""

    undecided: int
    faults: int
    uncoded: tuple[Uncoded, ...]

    @property
    def done(self) -> bool:
        """Whether the draft can be accepted."""
        return not (self.undecided or self.faults)


class Desk:
    """A draft on the desk; raises ``IntakeError`` without one.

    ``sheets`` is how it stands, on disk too; ``other`` how that of another person stood, ``beside`` it.
    """

    def __init__(self, root: Path, draft: str, documents: Path | None = None, beside: str = "") -> None:
        source_id, _, coder = draft.partition(".")
        check_ids(source_id=source_id, **({"coder": coder} if coder else {}))
        self.root, self.source_id, self.documents = root, source_id, documents
        self.folder = root / DRAFTS / draft
        if not self.folder.is_dir():
            raise IntakeError(
                f"no draft {DRAFTS.as_posix()}/{draft}; begin with analysis intake FILE --programme ID"
            )
        self._past: list[Sheets] = []
        self._undone: list[Sheets] = []
        self.sheets = self._read()
        self.other = Desk(root, beside, documents).sheets if beside else None

    # Reading and saving

    def _read(self) -> Sheets:
        """Return the draft as it is on disk and remember it; raises ``DeskError`` for a broken file."""
        seen = self._bytes()
        tables: Mapping[str, RawTable] = raw_tables(self.root)
        rows = {}
        for name, table in SHEETS.items():
            if (path := self.folder / f"{name}.csv").exists() or name == "numerals":
                found = read_file(path, table)
                if isinstance(found, Problem):
                    raise DeskError("unreadable", fault=found)
                rows[name] = tuple(row for _, row in found)
        rows.setdefault("decided", ())
        source = Draft(self.source_id, tables, {"sources": list(enumerate(rows.get("sources", ())))}).source
        path = documents_folder(self.root, self.documents) / source.get("file", f"{self.source_id}.txt")
        document = Document.load(path, self.source_id, source.get("encoding", "utf-8"))
        self.programme_id = source.get("programme_id", "")
        self._raw = only(tables, self.programme_id)
        self._known = {*checks.check_tables(self._raw)}  # a choice of all that only others use, for one
        for line, row in enumerate(rows["numerals"], start=2):
            start, end, paragraph = (integer(row[name]) for name in ("start", "end", "paragraph"))
            if None in (start, end, paragraph) or not (start or 0) < (end or 0) <= len(document.raw):
                raise DeskError("misplaced", row=line)
        self._seen = seen  # what cannot be read stays new, and is not written over
        return Sheets(document, rows, source.get("published", "") if _is_stated(source) else "")

    def _bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.folder.glob("*.csv"))}

    def refresh(self) -> bool:
        """Read the draft anew where somebody else has changed it, and return whether somebody has."""
        if self._bytes() == self._seen:
            return False
        self._past, self._undone = [], []
        self.sheets = self._read()
        return True

    def _save(self, sheets: Sheets) -> None:
        for name, table in SHEETS.items():
            rows = sheets.rows.get(name, ())
            if rows == self.sheets.rows.get(name, ()):
                continue
            content = to_csv(DRAFT_COLUMNS.get(name, table.columns), rows).encode("utf-8-sig")
            write_file(self.folder / f"{name}.csv", content)
            self._seen[f"{name}.csv"] = content
        self.sheets = sheets

    # Steps

    def do(self, edit: Callable[[Sheets], Sheets]) -> None:
        """Make an edit and save it; raises ``DeskError`` where it cannot be made and changes nothing then."""
        if self.refresh():
            raise DeskError("changed")
        changed = edit(self.sheets)
        if changed.rows != self.sheets.rows:
            self._past = [*self._past, self.sheets][-MOST_STEPS:]
            self._undone = []
            self._save(changed)

    def undo(self, *, again: bool = False) -> None:
        """Take the last step back, or with ``again`` make the last one that was taken back once more."""
        if self.refresh():
            raise DeskError("changed")
        taken, kept = (self._undone, self._past) if again else (self._past, self._undone)
        if taken:
            kept.append(self.sheets)
            self._save(taken.pop())

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step that was taken back."""
        return bool(self._undone)

    # What is to be seen of it

    def terms(self, field: str) -> list[tuple[str, str, str]]:
        """Return the codes of a column of ``terms.csv`` with their names."""
        raw = self._raw["terms"]
        rows = zip(*(raw.column(name) for name in ("field", "code", "label", "label_zh")), strict=True)
        return [(code, en, zh) for name, code, en, zh in rows if name == field]

    def faults(self) -> list[Problem]:
        """Return the faults that ``intake --accept`` would name, but for ids that another programme has."""
        draft, problems = read_draft(self.folder, self.source_id, self._raw)
        found = problems or draft.faults(self.root, self.documents)
        return [each for each in found if each not in self._known]

    def data(self) -> Dataset | None:
        """Return the dataset with those rows of the draft that are sound so far; none where it cannot be."""
        draft, problems = read_draft(self.folder, self.source_id, self._raw)
        rows = {
            name: [(line, _filled(name, row, self._raw)) for line, row in found]
            for name, found in draft.rows.items()
        }
        for _ in range(0 if problems else ROUNDS):
            tables = replace(draft, rows=rows).joined()
            found = {*checks.check_tables(tables)} - self._known
            if not found:
                return from_raw_tables(self.root, tables, "")
            rows = _without(rows, found)
        return None

    def estimates(self, data: Dataset | None) -> list[Estimate]:
        """Return what the codings of the draft come to, one estimate for each reading."""
        coded = {row["coding_id"] for row in self.sheets.rows.get("codings", ())}
        found = from_frame(estimates_and_series(data)[0]) if data else []
        return [each for each in found if each.coding_id in coded]

    def left(self, faults: Iterable[Problem], data: Dataset | None) -> Left:
        """Return what is still to do, with the faults and the dataset as they stand.

        What is at fault with a numeral that nobody has decided on yet is not counted beside it.
        """
        places = self.places("numerals")
        numerals = self.sheets.numerals
        undecided = {row for row in range(len(numerals)) if not self.sheets.is_decided(row)}
        counted = [
            each
            for each in faults
            if Path(each.file).name != NUMERALS or places.get(each.line or 0) not in undecided
        ]
        silent = [each for each in (uncoded(data) if data else ()) if each.programme_id == self.programme_id]
        return Left(len(undecided), len(counted), tuple(silent))

    def places(self, sheet: str) -> dict[int, int]:
        """Return which row of a sheet begins in each line of its file."""
        found = read_file(self.folder / f"{sheet}.csv", SHEETS[sheet])
        return {} if isinstance(found, Problem) else {line: row for row, (line, _) in enumerate(found)}


def _is_stated(source: Mapping[str, str]) -> bool:
    return source.get("date_basis") == "stated"


def _filled(table: str, row: dict[str, str], raw: Mapping[str, RawTable]) -> dict[str, str]:
    """Return a row with something in each required cell that is empty, so that the others can be computed."""
    fields = [field for field in TABLES[table].fields if field.required and not row[field.name]]
    return row | {field.name: _filler(field, raw) for field in fields}


def _filler(field: Field, raw: Mapping[str, RawTable]) -> str:
    if field.codes:
        return next(iter(field.codes))
    if field.term:
        terms = zip(raw["terms"].column("field"), raw["terms"].column("code"), strict=True)
        return next((code for name, code in terms if name == field.term), "")
    return UNKNOWN_YEAR if field.name == "published" else NOT_ENTERED


def _without(rows: Mapping[str, DraftRows], faults: Iterable[Problem]) -> dict[str, DraftRows]:
    """Return the rows of a draft without those at fault."""
    wrong = {(Path(fault.file).stem, (fault.line or 0) - DRAFT_LINES) for fault in faults}
    return {
        name: [(line, row) for line, row in found if (name, line) not in wrong]
        for name, found in rows.items()
    }
