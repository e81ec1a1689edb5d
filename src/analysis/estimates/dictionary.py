"""The data dictionary and ``datapackage.json``, written from the declarations that the code itself uses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.estimates.measures import Estimate
from analysis.evidence.checks.tables import form_of
from analysis.evidence.data_package import data_package
from analysis.evidence.folders import PROCESSED, RAW
from analysis.evidence.register import ANNUALISATION, CONTRADICTION, MEASURES, NATION, OPEN_YEAR, PRICE_INDEX
from analysis.evidence.schema import DIMENSIONS, TABLES, Field, Table
from analysis.evidence.units import UNITS
from analysis.version import __version__

DICTIONARY = Path("docs/data-dictionary.md")
PACKAGE = Path("datapackage.json")

INTRODUCTION = f"""\
# Data dictionary

This page is generated from the code by `analysis build`: edit `schema.py`, `units.csv` or `themes/` in
`src/analysis/evidence/`, or the catalogues in `src/analysis/words/text/`, not this page. `datapackage.json`
says the same for machines, in the [Data Package](https://specs.frictionlessdata.io/tabular-data-package/)
standard.

- [Raw tables](#raw-tables): what people edit, in `{RAW.as_posix()}/`.
- [Units](#units) and [measures](#measures): the vocabularies that the tables use.
- [Processed tables](#processed-tables): what `analysis build` makes of them, in `{PROCESSED.as_posix()}/`.
"""
RAW_TABLES = """\
## Raw tables

CSV in UTF-8, with commas and a header line; the columns may stand in any order. An empty cell says that there
is no value. Numbers have neither separators nor units, and are in base units: 元 and never 万元, a share as a
fraction. Text comes in English and, in the column of the same name ending in `_zh`, in Simplified Chinese.
`analysis check` finds what is not as described here.
"""
EXPRESSIONS = """\
### Arithmetic in cells

Some cells hold arithmetic over figure ids: sums and differences of products, with a space on either side of
`+`, `-` and `*`, since ids contain hyphens. A factor is a figure id or a number, and a number that counts
something carries its unit: `3 venue * minjia.subsidy.new-village-venue + 1 venue * minjia.subsidy.daping`.
Units have to go together: `CNY/venue` times `venue` is `CNY`, and only like is added to like. A condition
(`requires`) joins two sides by `=`, `<=` or `>=`.
"""
COMPUTED_CHOICES = f"""\
### Choices that the code answers

These choices stand in `choices.csv` like the others, and no coding names them, since the code computes each
of their readings:

- `{ANNUALISATION.name}`, for all programmes, with the readings `{"` and `".join(ANNUALISATION.readings)}`:
  how monthly pay becomes yearly pay. It is always needed.
- `{PRICE_INDEX.name}`, for all programmes, with the readings `{"` and `".join(PRICE_INDEX.readings)}`: whose
  consumer prices convert money. It is needed to name what a comparison in provincial prices is made under.
- `{OPEN_YEAR.id_for("<programme>", "2018/2021")}`, with a reading for each year from 2018 to 2021: of which
  year something is that is dated to this range. It is needed where a coding uses money of several years.

One choice is in no raw table. Where documents print different values for the same thing and year, the build
adds `{CONTRADICTION.id_for("<programme>", "<coding>")}` to the processed `choices` and `readings`, with a
reading for each of the documents; the one that appeared last is the default.
"""
UNITS_TEXT = """\
## Units

A unit code is one to three different atoms joined by `/`: `CNY`, `CNY/venue`, `CNY/person/month`. Time comes
last. A source may print any of the words beside an atom; 个 stands for many of them.
"""
MEASURES_TEXT = f"""\
## Measures

A unit that ends in `/…` takes any further atom. A derived measure is computed from others and takes no
coding. A monthly rate becomes a yearly one under the choice `{ANNUALISATION.name}`.
"""
PROCESSED_TEXT = """\
## Processed tables

Every table as Parquet and as CSV, the same bytes on every build; `manifest.json` holds the version of the
code, the SHA-256 of the raw tables that they were made from, and that of each Parquet file. Each raw table is
there with its columns in the order of this page and with types. Two have more:

| table | column | type | description |
| --- | --- | --- | --- |
| figures | `programme_id` | string | programme of the source |
| figures | `lower` | number | smallest value that the qualifier allows |
| figures | `upper` | number | largest value that the qualifier allows; `inf` is open |
| readings | `feasible` | boolean | whether the arithmetic that the reading requires holds |

Two are computed: `estimates` holds every measure of every programme under every reading, in the latest year
of each; `series` holds what has several years, with the columns of `estimates` and `time`: the year or years,
and for undated figures the year in which their document appeared.
"""
ESTIMATES_TEXT = """\
### estimates

One row for each programme, measure, dimensions and combination of the readings that touch it. A measure that
a programme does not report has one row that says so.
"""
ESTIMATE_DESCRIPTIONS: dict[str, tuple[str, str]] = {
    "programme_id": ("string", "programme"),
    "theme": ("string", "theme of the measure"),
    "measure": ("string", "measure; see the list of measures"),
    **{name: ("string", TABLES["codings"].field(name).description) for name in DIMENSIONS},
    "value": ("number", "value in `unit`; empty where there is none"),
    "lower": ("number", "smallest value that the qualifiers of the figures allow; `-inf` is open"),
    "upper": ("number", "largest value that the qualifiers of the figures allow; `inf` is open"),
    "unit": ("string", "unit with its denominator"),
    "price_basis": ("string", "`nominal`: money as printed; `constant-2021`: in prices of that year"),
    "year": ("string", "year of the figures, or first/last year of their range; empty where unknown"),
    "year_basis": ("string", "how the year is known: stated, inferred (one figure at least) or unknown"),
    "status": ("string", "achieved, planned (one figure at least), standard or reported"),
    "reading": (
        "string",
        "`choice=reading`, several joined by `; `; empty where no choice touches the value",
    ),
    "is_default": ("boolean", "whether every reading is the default of its choice"),
    "feasible": ("boolean", "whether the arithmetic of every reading holds; an infeasible one is never used"),
    "figure_ids": ("string", "ids of the figures that the value rests on, separated by spaces"),
    "coding_id": ("string", "coding that the value comes from; empty for a derived measure"),
    "absence": ("string", "type of absence where there is no value: see `absence` of codings"),
    "reason": (
        "string",
        "why there is no value, or what rules the reading out: a code with its words in the catalogues "
        "(`reasons`), `coding:<coding_id>` for the note of a coding, `reading:<choice>=<reading>` for that "
        "of a reading",
    ),
    "region": (
        "string",
        f"code of the region whose reference series the value uses, `{NATION}` for the whole country; empty "
        "where the series of the country is used for all places alike",
    ),
}


def write(root: Path, formulas: Mapping[str, str]) -> None:
    """Write ``docs/data-dictionary.md`` and ``datapackage.json`` below ``root``; same bytes on every run."""
    (root / DICTIONARY).parent.mkdir(parents=True, exist_ok=True)
    (root / DICTIONARY).write_bytes(data_dictionary(formulas).encode())
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
    return "\n".join(
        [
            INTRODUCTION,
            RAW_TABLES,
            EXPRESSIONS,
            *(_table_section(table) for table in TABLES.values()),
            COMPUTED_CHOICES,
            UNITS_TEXT,
            _units(),
            MEASURES_TEXT,
            _measures(formulas),
            PROCESSED_TEXT,
            ESTIMATES_TEXT,
            _estimates(),
        ]
    )


def _table_section(table: Table) -> str:
    rows = [
        (f"`{field.name}`", field.kind, _needed(table, field), _described(field)) for field in table.fields
    ]
    columns = _markdown(("column", "type", "cell", "description"), rows)
    lists = [_codes(field.name, field.codes) for field in table.fields if field.codes]
    return "\n".join(
        [f"### {table.name}\n\n`{RAW.as_posix()}/{table.path}`. {table.description}\n", columns, *lists]
    )


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


def _codes(name: str, codes: Mapping[str, str]) -> str:
    return f"Codes of `{name}`:\n\n" + _markdown(
        ("code", "meaning"), ((f"`{c}`", m) for c, m in codes.items())
    )


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


def _estimates() -> str:
    rows = ((f"`{name}`", *ESTIMATE_DESCRIPTIONS[name]) for name in Estimate._fields)
    return _markdown(("column", "type", "description"), rows)


def _markdown(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(_lines([header, ("---",) * len(header), *rows]))


def _lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        # A bar ends a cell, even between backticks.
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"
