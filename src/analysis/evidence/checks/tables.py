"""Checks of each table against its declaration: columns, cells, keys, and the ids it refers to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from analysis.evidence.checks.problems import Problem, RawData, RawRow, file_of, shown
from analysis.evidence.raw import RawTable
from analysis.evidence.schema import CODE, DOTTED_ID, ID, TABLES, YEARS, Field

_FORMS = {
    ID: "an id of lower-case letters, digits and hyphens, such as village-venues",
    DOTTED_ID: "ids joined by dots, of lower-case letters, digits and hyphens, such as ludian.villages.count",
    CODE: "a code of lower-case letters, digits and underscores, such as village_venue",
    YEARS: "a year such as 2021, or the first and last year of a range, such as 2018/2021",
}
_DIVISION = "a code of six digits (GB/T 2260), such as 611002"
_NAMED_FORMS = {
    "division_code": _DIVISION,
    "region_code": _DIVISION,
    "choice_id": "an id such as annualisation, or ids joined by dots, such as ludian.year-2018-2021",
    "published": "a date such as 2021-09-26, a year such as 2021, or a range such as 2018/2021",
    "file": "the name of a file, without a folder",
    "sha256": "64 hexadecimal digits in lower case",
}
_KINDS = {
    "integer": ("[0-9]{1,15}", "a whole number of at most 15 digits, such as 12"),
    "number": (
        r"-?[0-9]{1,15}(\.[0-9]{1,15})?",
        "a number such as 12 or 0.98, of at most 15 digits, without separators and units",
    ),
    "boolean": ("true|false|TRUE|FALSE", "true or false"),
}
# What nobody sees and no cell needs: control and zero-width characters, and those that turn the direction.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# Characters for which nothing is drawn, although they count as letters or signs.
_NOTHING = re.compile(
    "[\\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d173-\U0001d17a"
    "\U000e0100-\U000e01ef]*"
)
# A name stands in charts and headings, where a line holds some dozens of characters.
LONGEST_NAME, LONGEST_TEXT = 300, 5_000
_NAMES = {"label", "label_zh", "label_zh_hant", "parent", "parent_zh", "province", "province_zh"}
_OWNERS = {
    "figures": "source_id",
    "choices": "programme_id",
    "codings": "programme_id",
    "identities": "source_id",
}


def header(raw: RawTable) -> Iterator[Problem]:
    """Yield the faults of the first line: the columns are those of the declaration, in any order."""
    name, columns = file_of(raw.table.name), raw.table.columns
    expected = f"the columns {', '.join(columns)}"
    if not set(raw.header) & set(columns):
        found = shown(",".join(raw.header))
        remedy = "restore the first line, with commas between the names"
        yield Problem("missing-column", name, 1, None, found, expected, remedy)
        return
    for column in columns:
        if column not in raw.header and not raw.table.field(column).optional:
            yield Problem("missing-column", name, 1, column, "no such column", expected, "add the column")
    for column in dict.fromkeys(raw.header):
        if column not in columns:
            remedy = "rename or remove the column"
            yield Problem("unknown-column", name, 1, None, shown(column), expected, remedy)
        elif raw.header.count(column) > 1:
            found = f"{raw.header.count(column)} columns of this name"
            yield Problem("duplicate-column", name, 1, column, found, "one", "remove the others")


def widths(raw: RawTable) -> Iterator[Problem]:
    """Yield the rows that have more or fewer cells than the header."""
    width = len(raw.header)
    remedy = "look for a comma too many or too few, or a missing quotation mark"
    for cells, line in zip(raw.rows, raw.lines, strict=True):
        if len(cells) != width:
            found = f"{len(cells)} cell" + ("s" if len(cells) != 1 else "")
            name = file_of(raw.table.name)
            yield Problem("row-width", name, line, None, found, f"{width}, as in the header", remedy)


def cells(data: RawData) -> Iterator[Problem]:
    """Yield the cells that are empty, of another type or form, or of an unknown code."""
    terms: dict[str, list[str]] = {}
    for row in data.rows.get("terms", []):
        terms.setdefault(row["field"], []).append(row["code"])
    for name, rows in data.rows.items():
        checks = [_cell_check(field, terms) for field in TABLES[name].fields]
        pairs = [column for column in TABLES[name].columns if f"{column}_zh" in TABLES[name].columns]
        for row in rows:
            yield from (problem for check in checks if (problem := check(row)))
            yield from (problem for column in pairs if (problem := _untranslated(row, column)))


def form_of(field: Field) -> str:
    """Return in words what the pattern of a text column allows."""
    return _NAMED_FORMS.get(field.name) or _FORMS.get(field.pattern or "") or f"the form {field.pattern}"


def _cell_check(field: Field, terms: Mapping[str, list[str]]) -> Callable[[RawRow], Problem | None]:
    """Return the check of one column's cells: required, type, form, smallest number, code."""
    pattern, form = _KINDS.get(field.kind) or (field.pattern or ".*", form_of(field))
    matches = re.compile(pattern, re.DOTALL).fullmatch
    wrong = "form" if field.kind == "string" else "type"
    longest = LONGEST_NAME if field.name in _NAMES else LONGEST_TEXT
    codes = list(field.codes) if field.codes else terms.get(field.term, []) if field.term and terms else None
    sound = set() if field.required else {""}  # most cells say what another has said

    def check(row: RawRow) -> Problem | None:
        cell = row.cells[field.name]
        if cell in sound:
            return None
        if not cell:
            return row.problem("required", field.name, field.description, "fill in the cell")
        if not cell.isprintable() and (hidden := _HIDDEN.search(cell)):
            return row.problem("control-character", field.name, "text", "remove it", hidden[0])
        if len(cell) > longest:
            return row.problem("too-long", field.name, f"at most {longest:,} characters", "shorten it")
        if _NOTHING.fullmatch(cell):
            return row.problem("blank", field.name, "text, or nothing", "fill in or empty the cell")
        if not matches(cell):
            return row.problem(wrong, field.name, form, "correct the cell")
        if field.minimum is not None and int(cell) < field.minimum:
            return row.problem(wrong, field.name, f"{field.minimum} or more", "correct the cell")
        if codes is not None and cell not in codes:
            remedy = "correct the code" + (f", or add it to {file_of('terms')}" if field.term else "")
            return row.problem("unknown-code", field.name, f"one of {', '.join(codes) or 'none'}", remedy)
        sound.add(cell)
        return None

    return check


def _untranslated(row: RawRow, column: str) -> Problem | None:
    """Return the fault of a text that stands in one language only; a required one is reported as empty."""
    empty = [name for name in (column, f"{column}_zh") if not row[name]]
    if len(empty) != 1 or row.table.field(empty[0]).required:
        return None
    filled = f"{column}_zh" if empty == [column] else column
    expected = f"a text, since {filled} has one"
    return row.problem("translation", empty[0], expected, "translate it, or empty both cells")


def keys(data: RawData) -> Iterator[Problem]:
    """Yield the rows whose key another row of the table has already."""
    for name, rows in data.rows.items():
        key = TABLES[name].key
        seen: dict[tuple[str, ...], int] = {}
        for row in rows:
            value = tuple(row[column] for column in key)
            if value in seen and all(value):
                expected = f"each {' and '.join(key)} once, and line {seen[value]} has it already"
                remedy = "remove the row, or give it an id of its own"
                yield row.problem("duplicate-key", key[-1], expected, remedy, " ".join(value))
            seen.setdefault(value, row.line)


def references(data: RawData) -> Iterator[Problem]:
    """Yield the ids that no row of the table they refer to has."""
    for name, rows in data.rows.items():
        for field in (field for field in TABLES[name].fields if field.refers_to):
            table, column = str(field.refers_to).split(".")
            known = data.ids(table, column)
            for row in rows:
                if row[field.name] and row[field.name] not in known:
                    expected, remedy = f"a {column} of {file_of(table)}", "correct it, or add the row there"
                    yield row.problem("dangling-id", field.name, expected, remedy)


def prefixes(data: RawData) -> Iterator[Problem]:
    """Yield the ids that do not begin with the id of what they belong to, so that they say where to look."""
    for name, owner in _OWNERS.items():
        key = TABLES[name].key[0]
        for row in data.rows[name]:
            if row[owner] and not row[key].startswith(f"{row[owner]}."):
                yield row.problem(
                    "id-prefix", key, f"an id that begins with {row[owner] + '.'!r}", "rename it"
                )
    for row in data.rows["choices"]:
        if not row["programme_id"] and "." in row["choice_id"]:
            expected = f"the programme of {row['choice_id']}: only a choice for all programmes has none"
            yield row.problem("id-prefix", "programme_id", expected, "fill in the cell")
