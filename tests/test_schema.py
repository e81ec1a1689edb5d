"""The declaration of the raw tables, and what is generated from it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from frictionless import Package, Report, validate

from analysis import __version__
from analysis.estimates import dictionary
from analysis.estimates.computed import ESTIMATES
from analysis.estimates.measures import Estimate
from analysis.evidence.raw import parse_csv
from analysis.evidence.register import MEASURES
from analysis.evidence.schema import TABLES, YEARS, Field, Table
from analysis.evidence.units import UNITS
from analysis.words.themes import formulas

ORE_FIELDS = (Field("ore_id", "id"), Field("tons", "weight", kind="integer"))
ORES = Table("ores", "ores.csv", "Ores.", ("ore_id",), ORE_FIELDS)


def test_parse_csv_keeps_text_and_lines() -> None:
    raw = parse_csv(ORES, 'ore_id,tons\n"a\nb",1\n\nc,2\n')
    assert (raw.header, raw.rows, raw.lines) == (["ore_id", "tons"], [["a\nb", "1"], ["c", "2"]], [2, 5])


def test_a_frame_has_the_declared_columns_and_types() -> None:
    frame = parse_csv(ORES, "tons,ore_id,color\n1,a,red\n,b,\n").frame()
    assert frame["ore_id"].tolist() == ["a", "b"]
    assert frame["tons"].to_numpy("float64", na_value=-1).tolist() == [1, -1]
    assert frame.dtypes.astype(str).to_dict() == {"ore_id": "str", "tons": "Int64"}


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_table_is_declared_without_contradiction(table: Table) -> None:
    assert len(set(table.columns)) == len(table.columns)
    for name in table.key:
        # A value that holds under every reading says of none.
        assert table.field(name).required or name == "when", f"{name} identifies the row"
    for field in table.fields:
        assert field.description
        if field.pattern:
            re.compile(field.pattern)
        if field.refers_to:
            other, column = field.refers_to.split(".")
            assert TABLES[other].key == (column,)
        assert not (field.codes and field.term)


@pytest.mark.parametrize(
    ("year", "valid"), [("2021", True), ("2018/2021", True), ("2021年", False), ("２０２１", False)]
)
def test_years_are_written_in_plain_digits(year: str, valid: bool) -> None:
    assert bool(re.fullmatch(YEARS, year)) == valid


@pytest.mark.parametrize(
    ("file", "valid"), [("鲁甸.txt", True), ("..", False), ("a/b.txt", False), (".a", False)]
)
def test_a_file_name_cannot_leave_its_folder(file: str, valid: bool) -> None:
    pattern = TABLES["sources"].field("file").pattern
    assert pattern and bool(re.fullmatch(pattern, file)) == valid


def test_raw_files_have_the_declared_columns_in_order(project_root: Path) -> None:
    for table in TABLES.values():
        header = (project_root / "data/raw" / table.path).read_text(encoding="utf-8").partition("\n")[0]
        assert header.split(",") == table.columns


def test_the_committed_files_are_what_is_generated_today(project_root: Path, tmp_path: Path) -> None:
    shutil.copytree(project_root / "data/raw", tmp_path / "data/raw")
    dictionary.write(tmp_path, formulas())
    for path in ("docs/data-dictionary.md", "docs/sql.md", "datapackage.json"):
        assert (project_root / path).read_bytes() == (tmp_path / path).read_bytes(), (
            f"run `analysis build`: {path}"
        )


def test_the_dictionary_describes_everything() -> None:
    text = dictionary.data_dictionary(formulas())
    columns = {column for table in TABLES.values() for column in table.columns}
    codes = {code for table in TABLES.values() for field in table.fields for code in field.codes or {}}
    for name in {*TABLES, *columns, *codes, *UNITS, *MEASURES, *Estimate._fields}:
        assert f"| `{name}` |" in text or f"### {name}\n" in text


def test_the_dictionary_describes_the_columns_of_estimates() -> None:
    assert tuple(ESTIMATES.columns) == Estimate._fields


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    lines = dictionary.data_dictionary(formulas()).splitlines()
    header = None
    for line in lines:
        bars = len(re.findall(r"(?<!\\)\|", line))
        header = (header or bars) if bars else None
        assert bars == (header or 0), line


def test_the_package_describes_each_table_once(project_root: Path) -> None:
    package = json.loads((project_root / "datapackage.json").read_text(encoding="utf-8"))
    assert package["version"] == __version__
    paths = [resource["path"] for resource in package["resources"]]
    assert paths == [f"data/raw/{table.path}" for table in TABLES.values()]


def test_a_change_after_the_build_is_named(project_root: Path, tmp_path: Path) -> None:
    """Also one that no document contradicts: the digit of an inferred year."""
    shutil.copytree(project_root / "data/raw", tmp_path / "data/raw")
    assert dictionary.changed_since_build(tmp_path) == []
    dictionary.write(tmp_path, formulas())
    assert dictionary.changed_since_build(tmp_path) == []
    path = tmp_path / "data/raw/figures.csv"
    content = path.read_bytes()
    for place in [match.start() for match in re.finditer(rb"(?<=,)20\d\d,inferred", content)]:
        path.write_bytes(content[: place + 3] + bytes([content[place + 3] ^ 1]) + content[place + 4 :])
        assert dictionary.changed_since_build(tmp_path) == ["data/raw/figures.csv"]


def test_frictionless_accepts_the_package(project_root: Path) -> None:
    report = validate(str(project_root / "datapackage.json"))
    assert report.valid, report.to_summary()
    assert report.stats == report.stats | {"tasks": len(TABLES), "errors": 0, "warnings": 0}
    assert all(task.stats["rows"] for task in report.tasks)


def _validate_copy(project_root: Path, folder: Path, table: str, old: str, new: str) -> Report:
    shutil.copytree(project_root / "data/raw", folder / "data/raw")
    shutil.copy(project_root / "datapackage.json", folder)
    path = folder / "data/raw" / TABLES[table].path
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return Package(str(folder / "datapackage.json")).validate()


@pytest.mark.parametrize(
    ("table", "old", "new", "error"),
    [
        ("figures", ",exact,", ",exactly,", "constraint-error"),
        ("figures", ",2021,", ",2021年,", "constraint-error"),
        ("figures", ",ludian,", ",loudian,", "foreign-key"),
        ("terms", "county,1,", "county,one,", "type-error"),
        ("programmes", "weinan,", "ludian,", "primary-key"),
    ],
)
def test_frictionless_finds_the_faults_that_the_package_declares(
    project_root: Path, tmp_path: Path, table: str, old: str, new: str, error: str
) -> None:
    report = _validate_copy(project_root, tmp_path, table, old, new)
    assert (table, error) in [(task.name, found.type) for task in report.tasks for found in task.errors]
