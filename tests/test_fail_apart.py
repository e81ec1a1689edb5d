"""What is wrong with one programme fails that programme: the rest is made, and what was left out is named."""

from __future__ import annotations

import copy
import html
import json
from pathlib import Path

import pytest
from qingxi import Rows, as_csv, with_twin, write
from running import causes, request, run, write_notebook, write_parameters

from analysis import cli
from analysis.evidence.checks import DataError, check_tables
from analysis.evidence.checks.apart import leave_out
from analysis.evidence.raw import parse_csv
from analysis.evidence.schema import TABLES
from analysis.operate import runs
from analysis.operate.runs.ledger import open_ledger

VALUE = (
    "data/raw/figures.csv:9: value: '16' — expected 1600000, as printed in 近160万元; correct the cell or "
    "the printed text [value-disagrees]"
)


def spoilt(table: str, line: int, **cells: str) -> Rows:
    tables = copy.deepcopy(with_twin())
    tables[table][line - 2] |= cells
    return tables


@pytest.fixture
def two(run_project: Path, made: list[str]) -> list[str]:
    """A project with a report on each of two counties, and the names of the reports that runs have made."""
    write(run_project, with_twin())
    for name in ("second", "third"):
        Path("params", f"{name}.yaml").unlink()
    write_parameters("second", "programme: baishui\n")
    return made


def apart(tables: Rows) -> dict[str, list[str]]:
    raw = {name: parse_csv(TABLES[name], as_csv(name, rows)) for name, rows in tables.items()}
    kept, faults = leave_out(raw, check_tables(raw), check_tables)
    assert check_tables(kept) == []
    return {programme: [problem.code for problem in found] for programme, found in faults.items()}


@pytest.mark.parametrize(
    ("table", "line", "cells", "codes"),
    [
        ("figures", 9, {"value": "16"}, ["value-disagrees"]),
        ("programmes", 3, {"admin_level": "realm"}, ["unknown-code"]),
        ("choices", 5, {"kind": "open"}, ["unknown-code"]),
        ("readings", 9, {"label": ""}, ["required"]),
        ("codings", 7, {"measure": "cost"}, ["unknown-code"]),
        ("identities", 3, {"expected": "fails"}, ["identity"]),
        ("exclusions", 3, {"reason": "because"}, ["unknown-code"]),
        ("sources", 3, {"published": "2021-02-30"}, ["date"]),
    ],
)
def test_a_fault_of_a_row_is_one_of_its_programme(table, line, cells, codes):
    assert apart(spoilt(table, line, **cells)) == {"baishui": codes}


def test_a_misspelt_programme_of_a_source_is_one_of_the_programme_that_lacks_it():
    found = apart(spoilt("sources", 3, programme_id="baishiu"))
    assert "no-source" in found["baishui"] and "dangling-id" in found["baishiu"]
    assert "qingxi" not in found


@pytest.mark.parametrize(
    ("table", "line", "cells"),
    [
        ("terms", 2, {"label": ""}),
        ("reference_series", 2, {"value": "much"}),
        ("readings", 2, {"label": ""}),
        ("figures", 9, {"figure_id": "elsewhere.x", "source_id": "nowhere"}),
    ],
)
def test_a_fault_of_what_all_share_stops_all(table, line, cells):
    with pytest.raises(DataError):
        apart(spoilt(table, line, **cells))


def test_a_table_that_is_missing_stops_all(two, capsys):
    Path("data/raw/codings.csv").unlink()
    assert (cli.main(["run"]), two) == (2, [])


def test_the_rest_is_made_and_what_was_left_out_is_named(two, run_project, capsys):
    write(run_project, spoilt("figures", 9, value="16"))
    assert cli.main(["run"]) == 1
    assert two == ["first"]
    assert f"failed  second: {VALUE}\n" in capsys.readouterr().out
    told = json.loads(Path("reports/summary.json").read_text(encoding="utf-8"))
    assert (told["status"], told["exit_status"], told["problems"]) == ("failed", 1, [])
    assert told["failed"] == [{"name": "second", "error": VALUE, "notebook": None, "kept": False}]
    assert VALUE in html.unescape(Path("reports/index.html").read_text(encoding="utf-8"))


def test_once_it_is_corrected_the_rest_is_made(two, run_project, capsys):
    write(run_project, spoilt("figures", 9, value="16"))
    cli.main(["run"])
    write(run_project, with_twin())
    assert causes()["second"] == "failed last time"
    assert cli.main(["run"]) == 0
    assert set(two) == {"first", "second"}


def test_a_report_of_an_earlier_run_stays_and_keeps_its_place_in_the_site(two, run_project, capsys):
    assert cli.main(["run"]) == 0
    write_parameters("second", "programme: baishui\nlangauge: en\n")
    assert cli.main(["run"]) == 1
    assert capsys.readouterr().out.endswith("site: " + f"{run_project.as_posix()}/reports/index.html\n")
    with open_ledger(Path("reports")) as ledger:
        report = ledger.reports()["second"]
    assert report.parameters["programme"] == "baishui" and report.made_run == 1
    assert report.error and report.error.startswith(
        f"{run_project.as_posix()}/params/second.yaml:2: langauge"
    )
    assert "second/report.html" in Path("reports/index.html").read_text(encoding="utf-8")


def test_what_no_report_was_asked_of_is_named_too(two, run_project, capsys):
    write(run_project, spoilt("figures", 9, value="16"))
    assert cli.main(["run", "first"]) == 1
    assert f"baishui was left out: {VALUE}\n" in capsys.readouterr().out


def test_a_report_beside_a_programme_that_was_left_out_cannot_be_made(two, run_project, capsys):
    write(run_project, spoilt("figures", 9, value="16"))
    write_parameters("first", "programme: qingxi\npeers: [baishui]\n")
    write_parameters("third")
    assert cli.main(["run"]) == 1
    assert (two, f"failed  first: {VALUE}\n" in capsys.readouterr().out) == (["third"], True)


def test_a_dry_run_names_what_cannot_be_made(two, run_project, capsys):
    write(run_project, spoilt("figures", 9, value="16"))
    assert cli.main(["run", "--dry-run"]) == 1
    assert capsys.readouterr().out == (
        f"first: no report yet\nsecond: cannot be made: {VALUE}\n"
        "reports: 1 to make, 0 up to date, 1 cannot be made\n"
    )


@pytest.mark.parametrize("spoil", ["rows", "parameters"])
def test_strict_runs_nothing(two, run_project, capsys, spoil):
    if spoil == "rows":
        write(run_project, spoilt("figures", 9, value="16"))
    else:
        write_parameters("second", "programme: baishiu\n")
    assert cli.main(["run", "--strict"]) == 2
    assert two == []


def test_where_every_report_has_faults_nothing_is_run(two):
    write_parameters("first", "programme: qingx\n")
    write_parameters("second", "programme: baishiu\n")
    summary = run()
    assert (summary.exit_status, len(summary.faults), two) == (2, 2, [])


@pytest.mark.kernel
def test_notebooks_see_the_data_without_what_was_left_out(run_project, capsys):
    write_notebook("import analysis\ndata = analysis.load()", "assert data.programme_ids == ['qingxi']")
    write(run_project, spoilt("figures", 9, value="16"))
    with runs.sound_data(run_project) as (data, left_out):
        summary = runs.run(request("first", run_in=data.root / "notebooks"), data, left_out, quiet=True)
    assert (summary.failed, summary.problems) == ((), (f"baishui was left out: {VALUE}",))
    assert not data.root.exists()
