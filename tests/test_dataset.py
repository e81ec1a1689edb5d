"""Reading CSV into typed tables, finding the project folder, and what a dataset can be asked."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from qingxi import SCOPE, VALID, as_csv, reading, write

from analysis.evidence import checks
from analysis.evidence.arithmetic import Amount
from analysis.evidence.dataset import Dataset, amounts_of, records, with_feasibility
from analysis.evidence.folders import RAW, find_root, hash_files, notebooks_of, notebooks_run_in
from analysis.evidence.raw import RowError, parse_csv
from analysis.evidence.schema import TABLES

TERMS = TABLES["terms"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return checks.load(write(tmp_path_factory.mktemp("qingxi")))


# CSV.


def test_rows_know_their_lines() -> None:
    """A cell may hold a line break, and an empty line is no row."""
    raw = parse_csv(TERMS, 'field,code,label\npost,a,"one\ntwo"\n\npost,b,three\n')
    assert raw.header == ["field", "code", "label"]
    assert raw.rows == [["post", "a", "one\ntwo"], ["post", "b", "three"]]
    assert raw.lines == [2, 5]


def test_an_absent_column_and_a_short_row_are_empty_text() -> None:
    raw = parse_csv(TERMS, "field,code\npost,a\npost\n")
    assert raw.column("code") == ["a", ""]
    assert raw.column("label") == ["", ""]


def test_an_empty_file_has_no_rows() -> None:
    raw = parse_csv(TERMS, "")
    assert (raw.header, raw.rows) == ([], [])
    assert list(raw.frame().columns) == TERMS.columns


def test_a_quotation_that_is_not_closed_is_placed_where_its_row_begins() -> None:
    with pytest.raises(RowError) as caught:
        parse_csv(TERMS, 'field,code\npost,a\npost,"b\npost,c\n')
    assert (caught.value.line, str(caught.value)) == (3, "unexpected end of data")


def test_cells_are_typed_as_declared() -> None:
    figures = parse_csv(TABLES["figures"], as_csv("figures", VALID["figures"])).frame()
    assert {name: str(figures[name].dtype) for name in ("printed", "paragraph", "value", "value_to")} == {
        "printed": "str", "paragraph": "Int64", "value": "float64", "value_to": "float64",
    }  # fmt: skip
    assert list(figures["value"])[:3] == [1_600_000, 3, 8]
    assert figures["value_to"].isna().sum() == 6, "an empty number is missing, and not zero"
    assert list(figures["year"])[-1] == "", "an empty text is empty"


@pytest.mark.parametrize(
    ("cell", "value"), [("true", True), ("TRUE", True), ("True", True), ("false", False), ("FALSE", False)]
)
def test_a_spreadsheet_may_shout_its_booleans(cell: str, value: bool) -> None:
    raw = parse_csv(TABLES["readings"], as_csv("readings", [reading("a", "b") | {"is_default": cell}]))
    assert list(raw.frame()["is_default"]) == [value]


# The folder.


def test_the_project_is_the_folder_or_its_nearest_parent_with_raw_data(tmp_path: Path) -> None:
    write(tmp_path)
    below = tmp_path / "notebooks" / "drafts"
    below.mkdir(parents=True)
    assert find_root(tmp_path) == find_root(below) == find_root(tmp_path / RAW) == tmp_path.resolve()


def test_without_a_folder_it_is_the_working_folder_then_the_named_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, named = write(tmp_path / "here"), write(tmp_path / "named")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("ANALYSIS_DATA", str(named))
    monkeypatch.chdir(here)
    assert find_root() == here.resolve()
    monkeypatch.chdir(elsewhere)
    assert find_root() == named.resolve()


def test_without_any_it_is_the_checkout_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project_root: Path
) -> None:
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert find_root() == project_root


@pytest.mark.parametrize("left", ["data/raw/sources.csv", "data/processed/figures.csv", "params/ludian.yaml"])
def test_the_checkout_does_not_stand_in_for_a_project_that_has_lost_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    (tmp_path / left).parent.mkdir(parents=True)
    (tmp_path / left).touch()
    below = tmp_path / "notebooks"
    below.mkdir()
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    monkeypatch.chdir(below)
    with pytest.raises(FileNotFoundError) as caught:
        find_root()
    project = tmp_path.resolve()
    assert str(caught.value) == (
        f"no data/raw/figures.csv in {project / 'notebooks'} or above, although {project} looks like a "
        "project; change to the project folder, or name it with --data DIR or ANALYSIS_DATA"
    )


def test_a_folder_that_only_has_such_a_name_is_no_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project_root: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "params").mkdir()
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert find_root() == project_root


def test_report_notebooks_are_those_of_the_project_or_else_those_of_the_package(
    tmp_path: Path, project_root: Path
) -> None:
    assert notebooks_of(tmp_path) == project_root / "notebooks"
    assert notebooks_run_in(tmp_path) == tmp_path
    own = tmp_path / "notebooks"
    own.mkdir()
    assert notebooks_of(tmp_path) == notebooks_run_in(tmp_path) == own


def test_a_named_folder_is_not_replaced_by_another_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANALYSIS_DATA", str(tmp_path / "mistyped"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError) as caught:
        find_root()
    folder = tmp_path.resolve()
    assert str(caught.value) == (
        f"no data/raw/figures.csv in {folder} or above, nor in {folder / 'mistyped'}, which ANALYSIS_DATA "
        "names; change to the project folder, or name it with --data DIR or ANALYSIS_DATA"
    )


def test_a_folder_without_raw_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        find_root(tmp_path)
    assert str(caught.value) == (
        f"no data/raw/figures.csv in {tmp_path.resolve()} or above; change to the project folder, or name "
        "it with --data DIR or ANALYSIS_DATA"
    )


# The hash.


def test_the_hash_changes_with_every_byte_of_every_table(tmp_path: Path) -> None:
    raw = write(tmp_path) / RAW
    seen = {hash_files(raw)}
    for table in TABLES.values():
        path = raw / table.path
        path.write_bytes(path.read_bytes() + b"\n")
        seen.add(hash_files(raw))
    assert len(seen) == len(TABLES) + 1


def test_the_hash_does_not_depend_on_place_time_or_other_files(tmp_path: Path) -> None:
    here, there = write(tmp_path / "here") / RAW, write(tmp_path / "there") / RAW
    (there / "notes.txt").write_text("…", encoding="utf-8")
    assert hash_files(here) == hash_files(there)


def test_content_moved_from_one_table_to_another_is_another_hash(tmp_path: Path) -> None:
    raw = write(tmp_path) / RAW
    before = hash_files(raw)
    choices, readings = (raw / TABLES[name].path for name in ("choices", "readings"))
    content = choices.read_bytes()
    choices.write_bytes(readings.read_bytes())
    readings.write_bytes(content)
    assert hash_files(raw) != before


def test_a_table_that_is_not_there_has_a_hash_for_the_checks_to_report_it(tmp_path: Path) -> None:
    raw = write(tmp_path) / RAW
    before = hash_files(raw)
    (raw / "terms.csv").unlink()
    missing = hash_files(raw)
    (raw / "terms.csv").mkdir()
    assert hash_files(raw) == missing != before


# The dataset.


def test_a_dataset_says_what_it_holds(data: Dataset) -> None:
    assert repr(data) == f"Dataset(1 programmes, 7 figures, 1 sources, data {data.data_hash[:12]})"
    assert data.programme_ids == ["qingxi"]
    assert list(data.tables) == list(TABLES)


def test_a_programme_is_a_row(data: Dataset) -> None:
    assert data.programme("qingxi")["label_zh"] == "青溪县"


def test_an_unknown_programme(data: Dataset) -> None:
    with pytest.raises(KeyError) as caught:
        data.programme("baishi")
    assert caught.value.args == ("no programme 'baishi'; known are qingxi",)


def test_the_figures_of_a_programme_are_those_of_its_sources(data: Dataset) -> None:
    assert list(data.figures_of("qingxi")["figure_id"]) == list(data.figures["figure_id"])
    assert data.figures_of("baishi").empty


def test_figures_are_amounts_with_bounds(data: Dataset) -> None:
    amounts = data.amounts
    assert amounts["qingxi.venues.amount"] == Amount(
        1_600_000, 0, 1_600_000, "CNY", ("qingxi.venues.amount",)
    )
    assert amounts["qingxi.finished"] == Amount(0.98, 0.98, 1, "share", ("qingxi.finished",))
    assert amounts["qingxi.weeks"] == Amount(1, 1, 2, "month", ("qingxi.weeks",))
    assert amounts == amounts_of(data.figures)


def test_terms_have_a_rank_and_two_labels(data: Dataset) -> None:
    assert data.terms[("post", "deputy")] == (1, "deputy", "deputy")


def test_records_are_rows_with_the_values_wanted(data: Dataset) -> None:
    assert [row["reading"] for row in records(data.readings, choice_id=SCOPE)] == ["all", "new"]
    assert records(data.readings, choice_id=SCOPE, reading="none") == []


# Feasibility.


@pytest.mark.parametrize(
    ("requires", "feasible"),
    [
        ("", True),
        ("qingxi.venues.new <= qingxi.venues.all", True),
        ("qingxi.venues.all <= qingxi.venues.new", False),
        ("qingxi.venues.new + 5 venue = qingxi.venues.all", True),
        ("qingxi.venues.all >= 9 venue", False),
    ],
)
def test_a_reading_is_feasible_where_its_arithmetic_holds(
    data: Dataset, requires: str, feasible: bool
) -> None:
    readings = pd.DataFrame({"requires": [requires]})
    assert list(with_feasibility(readings, data.amounts)["feasible"]) == [feasible]
