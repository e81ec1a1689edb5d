"""The data dictionary, the page on SQL and ``datapackage.json``, from the declarations that the code uses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Template

from analysis.estimates.computed import ADDED, ESTIMATES
from analysis.estimates.computed import DATABASE as COMPUTED
from analysis.estimates.database import view_columns, views
from analysis.evidence.checks.tables import form_of
from analysis.evidence.data_package import PACKAGE, data_package
from analysis.evidence.folders import DATABASE, PROCESSED, RAW
from analysis.evidence.register import ANNUALISATION, CONTRADICTION, MEASURES, OPEN_YEAR, PRICE_INDEX
from analysis.evidence.schema import TABLES, Field, Table
from analysis.evidence.units import UNITS
from analysis.version import __version__

DICTIONARY = Path("docs/data-dictionary.md")
SQL_PAGE = Path("docs/sql.md")


def write(root: Path, formulas: Mapping[str, str]) -> None:
    """Write both pages and ``datapackage.json`` below ``root``; same bytes on every run."""
    (root / DICTIONARY).parent.mkdir(parents=True, exist_ok=True)
    (root / DICTIONARY).write_bytes(data_dictionary(formulas).encode())
    (root / SQL_PAGE).write_bytes(sql_page().encode())
    (root / PACKAGE).write_bytes(package_json(root).encode())


def package_json(root: Path) -> str:
    """Return the Data Package descriptor of the raw tables below ``root``, with their hashes and sizes."""
    package = data_package(__version__)
    for resource in package["resources"]:
        resource |= _fingerprint(root / resource["path"])
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def changed_since_build(root: Path) -> list[str]:
    """Return the raw tables that are not those of ``datapackage.json``, which ``analysis build`` writes.

    A changed digit that the text of a document cannot contradict, such as that of an inferred year, is
    found by this alone. Without a descriptor nothing was built, and nothing is returned.
    """
    try:
        package = json.loads((root / PACKAGE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [
        resource["path"]
        for resource in package["resources"]
        if resource.get("hash") != _fingerprint(root / resource["path"]).get("hash")
    ]


def _fingerprint(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    return {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}


def data_dictionary(formulas: Mapping[str, str]) -> str:
    """Return the data dictionary in Markdown; ``formulas`` are those of the measures in words."""
    return _template("data-dictionary").render(
        raw=RAW.as_posix(), processed=PROCESSED.as_posix(), tables=TABLES.values(),
        annualisation=ANNUALISATION, price_index=PRICE_INDEX, open_year=OPEN_YEAR,
        contradiction=CONTRADICTION, fields=_fields, codes=_codes,
        units=_units(), measures=_measures(formulas), added=_added(), estimates=_columns(ESTIMATES.fields),
        estimates_of=ESTIMATES.description,
    )  # fmt: skip


def sql_page() -> str:
    """Return the page on the database in Markdown: examples, its tables and its views."""
    return _template("sql").render(
        database=DATABASE.as_posix(), raw=TABLES.values(), computed=COMPUTED.values(), views=views(),
        columns=_columns, of_table=_of_table, view_columns=view_columns(), key=", ".join,
    )  # fmt: skip


def _template(page: str) -> Template:
    file = Path(__file__).with_name(f"{page}.md.j2")
    return Template(file.read_text(encoding="utf-8"), trim_blocks=True)


def _fields(table: Table) -> str:
    rows = ((f"`{each.name}`", each.kind, _needed(table, each), _described(each)) for each in table.fields)
    return _markdown(("column", "type", "cell", "description"), rows)


def _needed(table: Table, field: Field) -> str:
    return "key" if field.name in table.key else "required" if field.required else ""


def _described(field: Field) -> str:
    parts = [field.description]
    if field.refers_to:
        table, column = field.refers_to.split(".")
        parts.append(f"a `{column}` of [{table}](#{table})")
    if field.term:
        parts.append(f"a `code` of the field `{field.term}` in [terms](#terms)")
    if field.minimum is not None:
        parts.append(f"{field.minimum} or more")
    if field.pattern:
        parts.append(form_of(field))
    return "; ".join(parts)


def _codes(codes: Mapping[str, str]) -> str:
    return _markdown(("code", "meaning"), ((f"`{code}`", meaning) for code, meaning in codes.items()))


def _units() -> str:
    rows = (
        (
            f"`{unit.code}`",
            unit.dimension,
            unit.meaning,
            ", ".join(filter(None, dict.fromkeys(unit.printed))),
        )
        for unit in UNITS.values()
    )
    return _markdown(("atom", "dimension", "English", "words in sources"), rows)


def _measures(formulas: Mapping[str, str]) -> str:
    rows = (
        (
            f"`{measure.code}`",
            measure.theme,
            formulas[measure.code],
            ", ".join(f"`{form}`" for form in measure.shown_units),
            "yes" if measure.derived else "",
        )
        for measure in MEASURES.values()
    )
    return _markdown(("measure", "theme", "formula", "unit", "derived"), rows)


def _added() -> str:
    rows = (
        (table, f"`{field.name}`", field.kind, field.description)
        for table, fields in ADDED.items()
        for field in fields
    )
    return _markdown(("table", "column", "type", "description"), rows)


def _columns(fields: Iterable[Field]) -> str:
    rows = ((f"`{field.name}`", field.kind, field.description) for field in fields)
    return _markdown(("column", "type", "description"), rows)


def _of_table(table: Table) -> str:
    rows = (
        (f"`{field.name}`", field.kind, f"`{field.refers_to}`" if field.refers_to else "", field.description)
        for field in table.fields
    )
    return _markdown(("column", "type", "refers to", "description"), rows)


def _markdown(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(_lines([header, ("---",) * len(header), *rows]))


def _lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        # A bar ends a cell, even between backticks.
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"
