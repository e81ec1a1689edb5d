"""Building data/processed and reading it back: same bytes, whole or absent, and never out of date."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from packaging.requirements import Requirement
from qingxi import VALID, figure, with_cells, write

from analysis import __version__
from analysis.estimates import processed
from analysis.estimates.processed import build, checked, load
from analysis.evidence import checks
from analysis.evidence.checks import DataError
from analysis.evidence.dataset import Dataset
from analysis.evidence.folders import DATABASE, PROCESSED, RAW, hash_files
from analysis.evidence.schema import TABLES

NAMES = [*TABLES, "estimates", "series"]
FILES = sorted([*(f"{name}.{kind}" for name in NAMES for kind in ("csv", "parquet")), "manifest.json"])


def built_files(root: Path) -> dict[str, bytes]:
    """Return what is committed: the database is not, and has tests of its own."""
    files = sorted((root / PROCESSED).iterdir())
    return {path.name: path.read_bytes() for path in files if path.name != DATABASE.name}


def manifest(root: Path) -> dict[str, Any]:
    return json.loads((root / PROCESSED / "manifest.json").read_text(encoding="utf-8"))


def add_a_venue(root: Path) -> None:
    """Print 9 venues instead of 8 in the raw data."""
    every = figure("venues.all", 1, 40, "9个", "9", "venue")
    figures = [row if row["figure_id"] != every["figure_id"] else every for row in VALID["figures"]]
    identity = VALID["identities"][0] | {"left": "qingxi.venues.new + 6 venue"}
    write(root, VALID | {"figures": figures, "identities": [identity]})


def venues(data: Dataset) -> float:
    return data.amounts["qingxi.venues.all"].value


def equal(left: Dataset, right: Dataset) -> bool:
    """Return whether two datasets hold the same; raises with the difference if not."""
    assert (left.root, left.data_hash) == (right.root, right.data_hash)
    assert list(left.tables) == list(right.tables)
    for name, frame in left.tables.items():
        pd.testing.assert_frame_equal(frame, right.tables[name], obj=name)
    return True


# The same bytes.


def test_a_build_writes_each_table_twice_and_a_manifest(tmp_path: Path) -> None:
    data = build(write(tmp_path))
    assert list(data.tables) == NAMES
    assert list(built_files(tmp_path)) == FILES


def test_a_build_has_the_same_bytes_in_any_folder_and_on_any_run(tmp_path: Path) -> None:
    here, there = write(tmp_path / "here"), write(tmp_path / "there")
    build(here)
    build(there)
    first = built_files(here)
    assert first == built_files(there)
    build(here)
    assert built_files(here) == first


@pytest.mark.process
def test_a_build_does_not_depend_on_the_seed_of_hashes(tmp_path: Path, project_root: Path) -> None:
    builds = []
    for seed in ("1", "2"):
        root = tmp_path / seed
        shutil.copytree(project_root / RAW, root / RAW)
        command = (
            "import sys, pathlib; from analysis.estimates.processed import build; "
            "build(pathlib.Path(sys.argv[1]))"
        )
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(project_root / "src")}
        subprocess.run([sys.executable, "-c", command, str(root)], env=environment, check=True)
        builds.append(built_files(root))
    assert builds[0] == builds[1]


def test_what_is_committed_is_what_the_build_makes_today(tmp_path: Path, project_root: Path) -> None:
    """Parquet is compared by content, and byte by byte under the locked version of its library."""
    shutil.copytree(project_root / RAW, tmp_path / RAW)
    build(tmp_path)
    made, committed = built_files(tmp_path), built_files(project_root)
    assert list(committed) == list(made) == FILES
    remedy = "run `analysis build` and commit data/processed"
    for name, content in made.items():
        if name.endswith(".csv") or _locked(project_root, "pyarrow"):
            assert committed[name] == content, f"{name} is out of date: {remedy}"
        if name.endswith(".parquet"):
            tables = (pq.read_table(folder / PROCESSED / name) for folder in (project_root, tmp_path))
            assert next(tables).equals(next(tables)), f"{name} is out of date: {remedy}"


def _locked(project_root: Path, package: str) -> bool:
    """Return whether the version that constraints.txt locks is the one installed."""
    lines = (project_root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    locked = [Requirement(line) for line in lines if line.startswith(f"{package}==")]
    return any(requirement.specifier.contains(version(package)) for requirement in locked)


# Read back.


def test_what_is_read_back_is_what_was_built(tmp_path: Path) -> None:
    """With types; also where a table has no row, or a column no value."""
    empty = {"identities": [], "exclusions": []}
    write(tmp_path, VALID | empty | {"figures": [row | {"value_to": ""} for row in VALID["figures"][:-1]]})
    assert equal(build(tmp_path), load(tmp_path))


def test_the_real_data_are_read_back_as_built(tmp_path: Path, project_root: Path) -> None:
    shutil.copytree(project_root / RAW, tmp_path / RAW)
    assert equal(build(tmp_path), load(tmp_path))


def test_the_figures_are_built_with_their_programme_and_bounds(tmp_path: Path) -> None:
    figures = build(write(tmp_path)).figures.set_index("figure_id")
    columns = ["programme_id", "lower", "upper"]
    assert list(figures.loc["qingxi.venues.amount", columns]) == ["qingxi", 0, 1_600_000]
    assert list(figures.loc["qingxi.weeks", columns]) == ["qingxi", 1, 2]


def test_a_csv_says_the_same_as_its_parquet(tmp_path: Path) -> None:
    build(write(tmp_path))
    for name in NAMES:
        table = pq.read_table(tmp_path / PROCESSED / f"{name}.parquet").to_pandas()
        text = pd.read_csv(tmp_path / PROCESSED / f"{name}.csv", keep_default_na=False, dtype=str)
        assert list(text.columns) == list(table.columns)
        assert len(text) == len(table)


# Up to date.


def test_unchanged_data_are_read_and_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Content decides: a raw file that is saved anew, as it was, changes nothing."""
    build(write(tmp_path))
    (tmp_path / RAW / "figures.csv").touch()
    monkeypatch.setattr(processed, "checked", lambda root: pytest.fail("built again"))
    assert venues(load(tmp_path)) == 8


def test_what_is_remembered_is_loaded_once_and_never_when_the_data_have_changed(tmp_path: Path) -> None:
    write(tmp_path)
    processed.remember(tmp_path)
    assert processed._remembered == {}  # nothing is built that somebody did not ask for
    built = build(tmp_path)
    processed.remember(tmp_path)
    first, second = load(tmp_path), load(tmp_path)
    assert equal(first, built)
    assert equal(second, built)
    assert first is not second
    processed.remember(tmp_path)
    add_a_venue(tmp_path)
    assert venues(load(tmp_path)) == 9


def test_changed_data_are_built_again_whatever_their_date(tmp_path: Path) -> None:
    build(write(tmp_path))
    add_a_venue(tmp_path)
    os.utime(tmp_path / RAW / "figures.csv", (0, 0))
    assert venues(load(tmp_path)) == 9
    assert manifest(tmp_path)["data_hash"] == hash_files(tmp_path / RAW)


def test_another_version_of_the_code_builds_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(write(tmp_path))
    monkeypatch.setattr(processed, "__version__", "9.9.9")
    load(tmp_path)
    assert manifest(tmp_path)["version"] == "9.9.9" != __version__


def test_the_folder_is_found_from_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    monkeypatch.chdir(notebooks)
    assert load().root == load(str(notebooks)).root == tmp_path.resolve()


# Whole or absent.


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: (folder / "manifest.json").write_text("{", encoding="utf-8"),
        lambda folder: (folder / "manifest.json").write_text("[]", encoding="utf-8"),
        lambda folder: (folder / "manifest.json").write_bytes(b"\xff"),
        lambda folder: (folder / "estimates.parquet").unlink(),
        lambda folder: (folder / "estimates.parquet").write_bytes(b""),
        lambda folder: (folder / "codings.parquet").write_bytes((folder / "choices.parquet").read_bytes()),
        lambda folder: shutil.rmtree(folder),
    ],
    ids=["no manifest", "half a manifest", "no mapping", "no text", "file lost", "file empty", "other file",
         "no folder"],
)  # fmt: skip
def test_a_build_that_is_not_whole_is_made_again(tmp_path: Path, damage: object) -> None:
    whole = build(write(tmp_path))
    files = built_files(tmp_path)
    assert callable(damage)
    damage(tmp_path / PROCESSED)
    assert equal(load(tmp_path), whole)
    assert built_files(tmp_path) == files


def test_an_interrupted_build_leaves_no_manifest_and_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(write(tmp_path))
    add_a_venue(tmp_path)
    replace, count = os.replace, iter(range(100))

    def interrupted(source: str, target: Path) -> None:
        if next(count) == 3:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path)
    monkeypatch.undo()
    assert list(built_files(tmp_path)) == [name for name in FILES if name != "manifest.json"]
    assert venues(load(tmp_path)) == 9
    assert list(built_files(tmp_path)) == FILES


def test_the_manifest_is_written_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, targets = os.replace, []

    def recorded(source: str, target: Path) -> None:
        targets.append(target.name)
        replace(source, target)

    monkeypatch.setattr(os, "replace", recorded)
    build(write(tmp_path))
    assert sorted(targets) == FILES
    assert targets[-1] == "manifest.json"


def test_files_of_two_builds_are_never_read_as_one(tmp_path: Path) -> None:
    """A slow process may replace a file of a newer build: the manifest then fits no build."""
    build(write(tmp_path))
    slow = (tmp_path / PROCESSED / "estimates.parquet").read_bytes()
    add_a_venue(tmp_path)
    build(tmp_path)
    (tmp_path / PROCESSED / "estimates.parquet").write_bytes(slow)
    estimates = load(tmp_path).tables["estimates"]
    assert 1_600_000 / 9 in set(estimates["value"])


def test_what_is_saved_during_a_build_counts_as_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The curator saves 9 venues just after the tables with 8 were read."""
    read = checks.load

    def then_saved(root: Path) -> Dataset:
        data = read(root)
        add_a_venue(root)
        return data

    monkeypatch.setattr(checks, "load", then_saved)
    assert venues(build(write(tmp_path))) == 8
    monkeypatch.undo()
    assert venues(load(tmp_path)) == 9


@pytest.mark.process
def test_processes_that_build_at_once_leave_one_whole_build(tmp_path: Path, project_root: Path) -> None:
    """Several reports start after the data have changed: each loads the same, whoever builds."""
    write(tmp_path)
    command = (
        "import sys; from analysis.estimates.processed import load\n"
        "for _ in range(5): print(load(sys.argv[1]).amounts['qingxi.venues.all'].value)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(project_root / "src")}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", command, str(tmp_path)], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    said = [process.communicate(timeout=120) for process in running]
    # Of an interpreter that stumbles over its threads at its very end the work is done.
    assert [out for out, _ in said] == ["8.0\n" * 5] * 3
    assert list(built_files(tmp_path)) == FILES
    assert equal(load(tmp_path), checked(tmp_path))


# Where nothing can be written.


def test_a_folder_that_takes_no_files_is_read_as_well(tmp_path: Path) -> None:
    (write(tmp_path) / PROCESSED).write_text("in the way", encoding="utf-8")
    assert equal(load(tmp_path), checked(tmp_path))


@pytest.mark.parametrize("built", [True, False])
def test_a_read_only_project(tmp_path: Path, built: bool) -> None:
    write(tmp_path)
    if built:
        build(tmp_path)
        add_a_venue(tmp_path)
    folders = [tmp_path / "data", *(path for path in (tmp_path / "data").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        if os.access(folders[0], os.W_OK):
            pytest.skip("this user may write everywhere")
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert venues(load(tmp_path)) == (9 if built else 8)
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_a_build_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """``load`` is content without the files; ``build`` is asked for them."""
    (write(tmp_path) / PROCESSED).write_text("in the way", encoding="utf-8")
    with pytest.raises(FileExistsError):
        build(tmp_path)


# Bad data.


@pytest.mark.parametrize("make", [build, load])
def test_all_faults_are_reported_and_nothing_is_written(tmp_path: Path, make: object) -> None:
    assert callable(make)
    build(write(tmp_path))
    before = built_files(tmp_path)
    faulty = with_cells("figures", 3, value="4") | {
        "codings": with_cells("codings", 4, measure="pay")["codings"]
    }
    write(tmp_path, faulty)
    with pytest.raises(DataError) as caught:
        make(tmp_path)
    assert [problem.code for problem in caught.value.problems] == [
        "value-disagrees", "unknown-code", "identity",
    ]  # fmt: skip
    assert str(caught.value).splitlines()[0] == "the raw data has 3 faults:"
    assert built_files(tmp_path) == before


@pytest.mark.parametrize("make", [build, load])
def test_a_lost_table_is_reported_with_the_other_faults(tmp_path: Path, make: object) -> None:
    assert callable(make)
    raw = write(tmp_path, with_cells("sources", 2, sha256="abc")) / RAW
    (raw / "terms.csv").unlink()
    with pytest.raises(DataError) as caught:
        make(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["missing-file", "form"]
    assert not (tmp_path / PROCESSED).exists()


def test_no_project(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        load(tmp_path)
    assert str(caught.value).startswith(f"no data/raw/figures.csv in {tmp_path.resolve()} or above;")
