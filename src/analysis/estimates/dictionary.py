"""The data dictionary and ``datapackage.json``, written from the declarations that the code itself uses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Template

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
TEMPLATE = Path(__file__).with_name("data-dictionary.md.j2")

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
    template = Template(TEMPLATE.read_text(encoding="utf-8"), trim_blocks=True)
    return template.render(
        raw=RAW.as_posix(), processed=PROCESSED.as_posix(), tables=TABLES.values(),
        annualisation=ANNUALISATION, price_index=PRICE_INDEX, open_year=OPEN_YEAR,
        contradiction=CONTRADICTION, fields=_fields, codes=_codes,
        units=_units(), measures=_measures(formulas), estimates=_estimates(),
    )  # fmt: skip


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


def _estimates() -> str:
    rows = ((f"`{name}`", *ESTIMATE_DESCRIPTIONS[name]) for name in Estimate._fields)
    return _markdown(("column", "type", "description"), rows)


def _markdown(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(_lines([header, ("---",) * len(header), *rows]))


def _lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        # A bar ends a cell, even between backticks.
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"
