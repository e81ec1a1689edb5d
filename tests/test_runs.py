"""Runs: what is made again and why, what is wrong with the input, what is really made."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from qingxi import with_cells, write
from running import MAKER, NAMES, causes, maker, run, write_notebook, write_parameters

from analysis import cli
from analysis.operate.runs.files import Files
from analysis.operate.runs.fingerprints import versions_changed
from analysis.operate.runs.ledger import open_ledger

# What is made again, and why


def test_what_is_up_to_date_is_not_made_again(run_project, made):
    assert causes() == dict.fromkeys(NAMES, "no report yet")
    assert run().exit_status == 0
    assert (causes(), run().up_to_date, made) == ({}, NAMES, [*NAMES])


def test_a_run_of_some_leaves_the_others(run_project, made):
    run("second")
    assert (made, list(causes())) == (["second"], ["first", "third"])


def test_a_changed_notebook(run_project, made):
    run()
    write_notebook("1")
    assert causes() == dict.fromkeys(NAMES, "notebook changed")


def test_changed_parameters(run_project, made):
    run()
    write_parameters("second", "programme: qingxi\nprice_year: 2021\n")
    assert causes() == {"second": "parameters changed"}


def test_parameters_that_say_the_same_in_other_words_have_not_changed(run_project, made):
    run()
    write_parameters("second", "# the county\nlanguage: en\nprogramme: 'qingxi'\n")
    assert causes() == {}


def test_another_language_is_another_parameter(run_project, made):
    run()
    assert causes(language="zh-Hans") == dict.fromkeys(NAMES, "parameters changed")


def test_changed_data(run_project, made):
    run()
    write(run_project, with_cells("figures", 3, subject="venues built"))
    assert causes() == dict.fromkeys(NAMES, "its own rows changed")


def test_changed_code(run_project, made, monkeypatch):
    run()
    monkeypatch.setattr("analysis.operate.runs.fingerprints.code_hash", lambda: "other code")
    assert causes() == dict.fromkeys(NAMES, "code changed")


def test_changed_libraries_are_named(run_project, made, monkeypatch):
    run()
    monkeypatch.setattr("analysis.operate.runs.fingerprints.library_versions", lambda: {"numpy": "2.2"})
    write_notebook("1")
    cause = "notebook changed, library versions changed (numpy 2.1 → 2.2)"
    assert causes() == dict.fromkeys(NAMES, cause)


def test_many_changed_libraries_are_counted():
    old = {"a": "1", "b": "1", "c": "1", "d": "1", "e": "1"}
    new = {"a": "2", "c": "1", "d": "2", "e": "2", "f": "1"}
    assert versions_changed(old, new) == "a 1 → 2, b removed, d 1 → 2, 2 more"


def test_force_makes_all(run_project, made):
    run()
    assert causes(force=True) == dict.fromkeys(NAMES, "forced")


def test_a_missing_or_edited_report_is_made_again(run_project, made):
    run()
    Path("reports/first/report.html").unlink()
    Path("reports/second/report.html").write_text("<p>EN</p>")
    Path("reports/third/notes.txt").write_text("a reader's own file")
    assert causes() == {
        "first": "report file missing: report.html", "second": "report file altered: report.html",
    }  # fmt: skip


def test_a_report_that_was_only_copied_is_up_to_date(run_project, made):
    run()
    os.utime("reports/first/report.html", (0, 0))
    assert causes() == {}


def test_a_dry_run_writes_nothing(run_project, made, capsys):
    assert cli.main(["run", "--dry-run"]) == 0
    assert capsys.readouterr() == (
        "first: no report yet\nsecond: no report yet\nthird: no report yet\n"
        "reports: 3 to make, 0 up to date\n",
        "",
    )
    assert cli.main(["run", "--dry-run", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)
    assert planned["to_make"][0] == {"name": "first", "cause": "no report yet"}
    assert not Path("reports").exists()


def test_a_dry_run_needs_no_library_that_draws_or_runs():
    heavy = "{'matplotlib', 'papermill', 'statsmodels', 'great_tables'}"
    modules = "analysis.cli, analysis.operate.runs, analysis.estimates.processed"
    script = f"import sys, {modules}\nprint({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# Failures


def test_a_failed_report_is_named_and_tried_again(run_project, monkeypatch):
    names: list[str] = []
    monkeypatch.setattr(MAKER, maker(names, {"second": "cell [3]: ValueError: no"}))
    summary = run()
    assert (summary.exit_status, [result.name for result in summary.failed]) == (1, ["second"])
    assert causes() == {"second": "failed last time"}
    monkeypatch.setattr(MAKER, maker(names))
    assert (run().exit_status, causes()) == (0, {})


def test_a_report_that_was_made_before_it_failed_is_tried_again(run_project, made, monkeypatch):
    run()
    monkeypatch.setattr(MAKER, maker([], {"second": "no"}))
    assert run(force=True).exit_status == 1
    assert causes() == {"second": "failed last time"}
    with open_ledger(Path("reports")) as ledger:
        assert (ledger.reports()["second"].made_run, ledger.reports()["second"].failed_run) == (1, 2)


def test_what_goes_wrong_beside_the_reports_is_told_and_stops_nothing(run_project, made, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("analysis.operate.runs.site.write_site", broken)
    summary = run()
    assert (summary.exit_status, summary.problems, made) == (1, ("site: OSError: disk full",), [*NAMES])
    assert json.loads(Path("reports/summary.json").read_text())["problems"] == ["site: OSError: disk full"]


# Input


def test_nothing_runs_when_a_fault_concerns_all(run_project, made, capsys):
    write_notebook(parameters="programme = ''\nlanguage == 'en'")
    write_parameters("second", "programme: qingxi\nlangauge: en\n")
    summary = run("first", "second", "fourth")
    assert (summary.exit_status, summary.results, Path("reports").exists()) == (2, (), False)
    assert str(summary).splitlines() == [
        "params: report: 'fourth' — expected one of the reports first, second, third; did you mean 'first'?",
        "notebooks/county_report.ipynb: language, price_year, with_sentences, peers, charts_dir not set — "
        "expected a notebook with a cell tagged 'parameters' that sets programme, language, price_year, "
        "with_sentences, peers, charts_dir; add to that cell",
        "params/second.yaml:2: langauge: unknown key — expected one of the keys programme, language, "
        "price_year, with_sentences, peers; did you mean 'language'?",
        "faults: 3; nothing was run",
    ]


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (None, "FileNotFoundError"),
        ("{", "JSONDecodeError"),
        ("[]", "TypeError"),
        ('{"cells": [{}]}', "KeyError"),
    ],
)
def test_a_notebook_that_is_none_is_a_fault(run_project, content, value):
    path = Path("notebooks/county_report.ipynb")
    path.unlink() if content is None else path.write_text(content)
    [fault] = run().faults
    assert str(fault).startswith(f"{path.as_posix()}: {value}: ")


def test_language_overrides_the_parameter_files(run_project, made):
    run(language="zh-Hant")
    assert Path("reports/first/report.html").read_text() == "<p>zh-Hant</p>"


# Files


def test_files_are_compared_by_size_and_time_then_by_content(tmp_path):
    page = tmp_path / "report.html"
    page.write_text("aaaa")
    files = Files.from_json(Files.of(tmp_path).to_json())
    assert files == Files.of(tmp_path) and files.find_alteration(tmp_path) == ""
    page.write_text("bbbb")
    os.utime(page, (1, 1))
    assert files.find_alteration(tmp_path) == "altered: report.html"
    page.write_text("bbbbb")
    assert files.find_alteration(tmp_path) == "altered: report.html"
    page.unlink()
    assert files._replace(content="").find_alteration(tmp_path) == "missing: report.html"


# Under papermill


@pytest.mark.kernel
@pytest.mark.usefixtures("forked")
def test_reports_are_made_and_a_forced_run_gives_the_same_bytes(run_project):
    write_notebook(
        "from pathlib import Path\nfrom IPython.display import Markdown\n"
        "Path(charts_dir, 'a.svg').write_text('<svg/>')\nprint(charts_dir)",
        "Markdown(f'# {programme} in {language}')",
        "assert language != 'zh-Hant', 'no figures'",
    )
    write_parameters("second", "programme: qingxi\nlanguage: zh-Hant\n")
    summary = run("first", "second", processes=2)
    assert summary.exit_status == 1
    [failed] = summary.failed
    assert str(failed).startswith("failed  second: cell [5] assert language != 'zh-Hant', 'no figures': ")
    assert sorted(path.as_posix() for path in Path("reports").rglob("*") if path.is_file()) == [
        "reports/.failed/second/report.html",
        "reports/.failed/second/report.ipynb",
        "reports/.run.lock",
        "reports/first/charts/a.svg",
        "reports/first/report.html",
        "reports/first/report.ipynb",
        "reports/index.html",
        "reports/runs.sqlite",
        "reports/summary.json",
    ]
    html = Path("reports/first/report.html").read_bytes()
    executed = Path("reports/first/report.ipynb").read_bytes()
    assert b"<title>qingxi in en</title>" in html and str(run_project).encode() not in html + executed

    assert run("first", "second", force=True).exit_status == 1
    assert Path("reports/first/report.html").read_bytes() == html
    assert Path("reports/first/report.ipynb").read_bytes() == executed


@pytest.mark.kernel
@pytest.mark.usefixtures("forked")
def test_a_report_that_takes_too_long_fails(run_project):
    write_notebook("import time\ntime.sleep(600)")
    [failed] = run("first", timeout=2.0).failed
    assert "not done after 2 s" in str(failed.error)


@pytest.mark.kernel
@pytest.mark.usefixtures("forked")
def test_a_page_leads_to_the_same_report_in_another_language_once_there_is_one(run_project):
    write_notebook("language")
    write_parameters("second", "programme: qingxi\nlanguage: zh-Hans\n")
    run("first")
    page = Path("reports/first/report.html")
    assert "../second/report.html" not in page.read_text(encoding="utf-8")

    assert [result.name for result in run("first", "second").results] == ["first", "second"]
    link = '<a href="../second/report.html" lang="zh-Hans" hreflang="zh-Hans">简体中文</a>'
    assert link in page.read_text(encoding="utf-8")
    assert run("first").up_to_date == ("first",)
