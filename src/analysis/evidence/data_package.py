"""The raw tables as the Data Package standard describes them, made from their declaration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis.evidence.folders import RAW, find_root, hash_files
from analysis.evidence.schema import TABLES, Field, Table
from analysis.version import __version__

PACKAGE = Path("datapackage.json")


def versions(start: Path | None) -> str:
    """Return in words the version of the suite, and version, hash and place of the data, if there are any."""
    try:
        root = find_root(start)
    except FileNotFoundError as error:
        return f"analysis {__version__}\nno data: {error}"
    package = root / PACKAGE
    known = json.loads(package.read_text(encoding="utf-8")) if package.is_file() else {}
    return (
        f"analysis {__version__}\n"
        f"data {known.get('version', 'without a version')}, hash {hash_files(root / RAW)[:12]}, in {root}"
    )


def data_package(version: str) -> dict[str, Any]:
    """Return the descriptor of the raw tables in the Data Package standard (tabular data package)."""
    return {
        "profile": "tabular-data-package",
        "name": "county-party-building-programmes",
        "title": "Figures reported by county Party-building programmes",
        "version": version,
        "licenses": [{"name": "MIT", "title": "MIT; the figures themselves are facts"}],
        "resources": [_resource(table) for table in TABLES.values()],
    }


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field_descriptor(field) for field in table.fields],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    references = [field for field in table.fields if field.refers_to]
    if references:
        schema["foreignKeys"] = [_foreign_key(field) for field in references]
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "path": f"data/raw/{table.path}",
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": schema,
    }


def _field_descriptor(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if field.required:
        constraints["required"] = True
    if field.pattern:
        constraints["pattern"] = field.pattern
    if field.codes:
        constraints["enum"] = list(field.codes)
    if field.minimum is not None:
        constraints["minimum"] = field.minimum
    descriptor: dict[str, Any] = {"name": field.name, "type": field.kind, "description": field.description}
    return {**descriptor, "constraints": constraints} if constraints else descriptor


def _foreign_key(field: Field) -> dict[str, Any]:
    table, column = str(field.refers_to).split(".")
    return {"fields": field.name, "reference": {"resource": table.replace("_", "-"), "fields": column}}
