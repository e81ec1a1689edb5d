"""Faults as data, and the raw tables as the checks read them: rows that know where they stand."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.evidence import arithmetic, units
from analysis.evidence.arithmetic import Amount
from analysis.evidence.errors import InputError
from analysis.evidence.folders import RAW
from analysis.evidence.occasions import Documents
from analysis.evidence.raw import RawTable
from analysis.evidence.rows import Coding
from analysis.evidence.schema import TABLES, Table

MAX_SHOWN = 120
MOST_TOLD = 100
# So many digits are exact in a float, and fit any column type.
_INTEGER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class Problem:
    """One fault: where it stands, what was found and what was expected there, and what to do about it."""

    code: str
    file: str
    line: int | None
    field: str | None
    value: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        place = self.file + (f":{self.line}" if self.line else "") + (f": {self.field}" if self.field else "")
        return one_line(f"{place}: {self.value} — expected {self.expected}; {self.remedy} [{self.code}]")


class DataError(InputError):
    """The raw tables have faults; ``problems`` holds all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = f"{len(problems)} fault" + ("s" if len(problems) != 1 else "")
        super().__init__("\n".join([f"the raw data has {count}:", *told(problems)]))


def told(faults: Sequence[object]) -> list[str]:
    """Return the first ``MOST_TOLD`` faults, a line each, and how many more there are of each kind."""
    lines, rest = [str(fault) for fault in faults[:MOST_TOLD]], faults[MOST_TOLD:]
    if rest:
        kinds = Counter(getattr(each, "code", "") or getattr(each, "key", "") or "other" for each in rest)
        counts = ", ".join(f"{number:,} {kind}" for kind, number in kinds.most_common())
        lines.append(f"and {len(rest):,} more: {counts}")
    return lines


def one_line(text: str) -> str:
    """Return a message with what no terminal should be sent, line breaks among it, as escapes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def shown(cell: str) -> str:
    """Return a cell as messages show it: quoted, shortened, or the word ``empty``."""
    return repr(cell if len(cell) <= MAX_SHOWN else cell[:MAX_SHOWN] + "…") if cell else "empty"


def file_of(table: str) -> str:
    """Return the path of a raw table as messages show it."""
    return f"{RAW}/{TABLES[table].path}"


@dataclass(frozen=True)
class RawRow:
    """One row of a raw table, which knows how to report a fault of one of its cells."""

    table: Table
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def problem(self, code: str, name: str, expected: str, remedy: str, found: str | None = None) -> Problem:
        """Return a fault of the cell ``name``; ``found`` replaces the cell where only a part is at fault."""
        value = shown(self[name] if found is None else found)
        return Problem(code, f"{RAW}/{self.table.path}", self.line, name, value, expected, remedy)


@dataclass(frozen=True)
class RawData:
    """The rows of the raw tables, with the look-ups that several checks share."""

    rows: Mapping[str, list[RawRow]]

    @staticmethod
    def of(tables: Mapping[str, RawTable]) -> RawData:
        """Return the rows of tables whose header is right; a short row ends in empty cells."""
        return RawData({name: _rows(raw) for name, raw in tables.items()})

    def ids(self, table: str, column: str) -> set[str]:
        """Return the values of a column."""
        return {row[column] for row in self.rows[table]}

    @cached_property
    def known_programmes(self) -> set[str]:
        """Ids of the programmes."""
        return self.ids("programmes", "programme_id")

    @cached_property
    def amounts(self) -> dict[str, Amount]:
        """Figures that can be read as amounts; the faults of the others are reported elsewhere."""
        found = {}
        qualifiers = codes("figures", "qualifier")
        for row in self.rows["figures"]:
            value = number(row["value"])
            if value is not None and is_unit(row["unit"]) and row["qualifier"] in qualifiers:
                facts = (value, number(row["value_to"]), row["qualifier"], row["unit"])
                found[row["figure_id"]] = arithmetic.amount_of(row["figure_id"], *facts)
        return found

    @cached_property
    def codings(self) -> list[Coding]:
        """What figures are evidence for."""
        return [Coding(*(row.cells.get(name, "") for name in Coding._fields)) for row in self.rows["codings"]]

    @cached_property
    def years(self) -> dict[str, str]:
        """Year or range of years of each figure, as text."""
        return {row["figure_id"]: row["year"] for row in self.rows["figures"]}

    @cached_property
    def superseded(self) -> set[str]:
        """Figures that a later document corrects."""
        return {row["figure_id"] for row in self.rows["figures"] if row["status"] == "superseded"}

    @cached_property
    def documents(self) -> Documents:
        """Of which document and year each figure is, and when each document appeared."""
        sources = {row["figure_id"]: row["source_id"] for row in self.rows["figures"]}
        published = {row["source_id"]: row["published"] for row in self.rows["sources"]}
        return Documents(sources, self.years, published)

    @cached_property
    def programmes(self) -> dict[str, str]:
        """Programme of each figure."""
        owners = {row["source_id"]: row["programme_id"] for row in self.rows["sources"]}
        return {row["figure_id"]: owners.get(row["source_id"], "") for row in self.rows["figures"]}

    @cached_property
    def unreadable(self) -> set[str]:
        """Figures that are no amounts: what rests on them cannot be checked until they are corrected."""
        return self.programmes.keys() - self.amounts.keys()

    @cached_property
    def readings(self) -> dict[str, list[str]]:
        """Readings of each choice, in the order of the table."""
        found: dict[str, list[str]] = {row["choice_id"]: [] for row in self.rows["choices"]}
        for row in self.rows["readings"]:
            found.setdefault(row["choice_id"], []).append(row["reading"])
        return found


def _rows(raw: RawTable) -> list[RawRow]:
    width = len(raw.header)
    return [
        RawRow(raw.table, line, dict(zip(raw.header, [*cells, *[""] * width], strict=False)))
        for cells, line in zip(raw.rows, raw.lines, strict=True)
    ]


def is_true(cell: str) -> bool:
    """Return whether a cell is true; spreadsheets write it in capitals."""
    return cell.lower() == "true"


def codes(table: str, column: str) -> Mapping[str, str]:
    """Return the closed codes of a column with their meaning."""
    return TABLES[table].field(column).codes or {}


def listing(names: Sequence[str]) -> str:
    """Return names as a person lists them: a, b and c."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def number(cell: str) -> float | None:
    """Return a cell as a finite number, or ``None``."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def integer(cell: str) -> int | None:
    """Return a cell as a whole number from zero, or ``None``."""
    return int(cell) if _INTEGER.fullmatch(cell) else None


def is_unit(code: str) -> bool:
    """Return whether a cell is a code of the unit vocabulary."""
    try:
        return bool(units.atoms(code))
    except units.UnitError:
        return False
