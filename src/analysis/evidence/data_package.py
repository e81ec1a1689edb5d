"""The raw tables as the Data Package standard describes them, made from their declaration."""

from __future__ import annotations

from typing import Any

from analysis.evidence.schema import TABLES, Field, Table


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
