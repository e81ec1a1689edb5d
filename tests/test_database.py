"""The database that R, SQL and spreadsheets read: whole, keyed, described, and what the build says today."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pages import FENCE
from qingxi import write as write_raw
from test_processed import add_a_venue

from analysis import files
from analysis.estimates import database, processed
from analysis.estimates.computed import tables
from analysis.estimates.selection import Selection
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.folders import DATABASE, RAW
from analysis.evidence.schema import TABLES
from analysis.words.themes import formulas

PAGE = Path("docs/sql.md")


def made(root: Path) -> bytes:
    return database.write(processed.build(root), formulas()).read_bytes()


@pytest.fixture(scope="module")
def project(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real data with its database."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(project_root / RAW, root / RAW)
    made(root)
    return root


@pytest.fixture
def connection(project: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{project / DATABASE}?mode=ro", uri=True)) as opened:
        yield opened


def frame(connection: sqlite3.Connection, query: str, *given: Any) -> pd.DataFrame:
    return pd.read_sql_query(query, connection, params=given)


# What it holds


def test_it_is_sound_and_every_key_holds(connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    # Each key is one that the library keeps, not only one that the description names.
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: figures\.figure_id"):
            copy.execute("INSERT INTO figures SELECT * FROM figures LIMIT 1")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed"):
            copy.execute("UPDATE estimate_readings SET reading = 'nobody-reads-it-so'")


@pytest.mark.parametrize("name", [*TABLES, "estimates", "series"])
def test_a_table_holds_what_the_processed_file_holds(
    connection: sqlite3.Connection, project: Path, name: str
) -> None:
    """Cell by cell: what is empty in the file is absent in the database."""
    text = pd.read_csv(project / f"data/processed/{name}.csv", dtype=str, keep_default_na=False)
    held = frame(connection, f'SELECT * FROM "{name}"')
    kinds = {field.name: field.kind for field in tables()[name][1].fields}
    assert len(held) == len(text)
    for column in text:
        cells = zip(text[column], held[column].astype(object), strict=True)
        wrong = [(cell, kept) for cell, kept in cells if not same(cell, kept, kinds[column])]
        assert not wrong, (column, wrong[:3])


def same(cell: str, kept: Any, kind: str) -> bool:
    if cell == "":
        return kept == "" or pd.isna(kept)
    if kind == "boolean":
        return (cell == "True") == bool(kept)
    return float(cell) == kept if kind in ("integer", "number") else cell == kept


def test_an_estimate_has_its_default_its_span_and_the_questions_it_hangs_on(
    connection: sqlite3.Connection, data: Dataset
) -> None:
    found = frame(connection, "SELECT * FROM each_estimate ORDER BY span_id")
    expected = Selection(data).spans
    assert len(found) == len(expected) == 325
    for name in ("programme_id", "measure", "value", "low", "high", "n_readings", "n_values", "status"):
        pd.testing.assert_series_equal(
            found[name], expected[name].replace("", None), check_dtype=False, check_exact=True
        )
    venue = frame(
        connection,
        "SELECT value, low, high, choices, printed FROM each_estimate WHERE programme_id = 'minjia' "
        "AND measure = 'cost_per_venue' AND works = 'new' AND funder = 'total'",
    )
    assert records(venue) == [
        {"value": 3_800_000, "low": 950_000, "high": 3_800_000, "choices": "minjia.investment-scope",
         "printed": "380万元"}
    ]  # fmt: skip


def test_a_comparison_is_that_of_the_reports(connection: sqlite3.Connection, data: Dataset) -> None:
    expected = Selection(data).comparisons
    assert [count for (count,) in connection.execute("SELECT count(*) FROM comparisons")] == [len(expected)]
    for number, comparison in enumerate(expected, start=1):
        columns = [name for name in comparison.ranking().columns]
        query = f"SELECT {', '.join(columns)} FROM comparison_items WHERE comparison_id = ? ORDER BY position"
        held = frame(connection, query, number)
        pd.testing.assert_frame_equal(
            held.astype(object).where(held.notna(), None),
            comparison.ranking().astype(object).where(comparison.ranking().notna(), None),
            check_exact=True, check_dtype=False,
        )  # fmt: skip
        left_out = frame(connection, "SELECT * FROM comparison_left_out WHERE comparison_id = ?", number)
        assert set(left_out["programme_id"]) == set(comparison.left_out["programme_id"])


def test_a_figure_knows_its_document_and_what_rests_on_it(
    connection: sqlite3.Connection, data: Dataset
) -> None:
    held = frame(connection, "SELECT * FROM each_figure").set_index("figure_id")
    assert len(held) == len(data.figures)
    amount = held.loc["ludian.village-venues.amount"]
    assert (amount["printed"], amount["published"]) == ("5956万元", "2021-09-26")
    uses = data.tables["estimates"]["figure_ids"].str.split().explode().value_counts()
    assert held["n_estimates"].to_dict() == uses.reindex(held.index, fill_value=0).to_dict()


# What it says of itself


def test_every_column_of_every_table_and_view_is_described(connection: sqlite3.Connection) -> None:
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type != 'index'")]
    told = frame(connection, "SELECT * FROM columns ORDER BY position")
    assert sorted(names) == sorted(frame(connection, "SELECT table_name FROM tables")["table_name"])
    for name in names:
        rows = connection.execute(f"PRAGMA table_info({name})").fetchall()
        own = told[told["table_name"] == name]
        assert own["column_name"].tolist() == [row[1] for row in rows]
        assert own["description"].notna().all()
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    assert all(f"### {view.name}\n" in page for view in database.views())


def test_it_names_the_data_it_was_made_of(connection: sqlite3.Connection, data: Dataset) -> None:
    assert dict(connection.execute("SELECT * FROM about"))["data_hash"] == data.data_hash


# The same bytes; whole or absent; never of other data


@pytest.mark.process
def test_the_same_data_give_the_same_bytes_in_any_folder_and_under_any_seed(
    project: Path, project_root: Path, tmp_path: Path
) -> None:
    shutil.copytree(project / RAW, tmp_path / RAW)
    command = "import sys; from analysis import cli; sys.exit(cli.main(['--data', sys.argv[1], 'build']))"
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(project_root / "src")}
    subprocess.run([sys.executable, "-c", command, str(tmp_path)], env=environment, check=True)
    content = (tmp_path / DATABASE).read_bytes()
    assert content == (project / DATABASE).read_bytes()
    # Which version of the library wrote it is not told.
    assert content[:16] == b"SQLite format 3\0" and content[96:100] == bytes(4)


def test_a_database_of_other_data_does_not_stay(tmp_path: Path) -> None:
    first = made(write_raw(tmp_path))
    processed.load(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == first
    add_a_venue(tmp_path)
    processed.load(tmp_path)
    assert not (tmp_path / DATABASE).exists()
    assert made(tmp_path) != first


def test_a_database_that_cannot_be_written_is_absent_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = processed.build(write_raw(tmp_path))
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "same")
    (tmp_path / DATABASE).with_name(".same.new").write_bytes(b"in the way")
    with pytest.raises(OSError, match="file is not a database: nothing was written") as caught:
        database.write(data, formulas())
    assert caught.value.filename == str(tmp_path / DATABASE)
    assert [path.name for path in (tmp_path / DATABASE).parent.iterdir() if "sqlite" in path.name] == []


# The examples of the page


def examples(project_root: Path, language: str) -> list[tuple[str, str]]:
    """Return the examples of a language with what they print."""
    blocks = FENCE.findall((project_root / PAGE).read_text(encoding="utf-8"))
    pairs = itertools.pairwise(blocks)
    return [(code, said) for (kind, code), (shown, said) in pairs if (kind, shown) == (language, "text")]


def test_the_examples_in_sql_print_what_the_page_says(
    project_root: Path, connection: sqlite3.Connection
) -> None:
    found = examples(project_root, "sql")
    assert len(found) == 2
    for query, said in found:
        assert "".join("|".join(map(str, row)) + "\n" for row in connection.execute(query)) == said


@pytest.mark.process
def test_the_example_in_r_prints_what_the_page_says(project_root: Path, project: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("there is no R: apt install r-base-core r-cran-rsqlite")
    [(script, said)] = examples(project_root, "r")
    run = subprocess.run(["Rscript", "-e", script], cwd=project, capture_output=True, text=True, check=False)
    if re.search("there is no package called ‘?'?(RSQLite|DBI)", run.stderr):
        pytest.skip("R lacks RSQLite: apt install r-cran-rsqlite")
    assert (run.stdout, run.stderr) == (said, "")
