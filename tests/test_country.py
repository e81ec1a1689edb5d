"""The synthetic country: it passes every check, holds every awkward case, and is the same on every run."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from invented import COPIED, Country, country, write_country
from invented.__main__ import main

from analysis.estimates.processed import checked
from analysis.evidence import checks
from analysis.evidence.audit import audit
from analysis.evidence.dataset import Dataset
from analysis.evidence.folders import RAW
from analysis.evidence.register import CONTRADICTION, OPEN_YEAR
from analysis.evidence.schema import CODED_ABSENCES, QUALIFIERS, TABLES, YEAR_BASES
from analysis.evidence.sources import Document
from analysis.show import params


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> Path:
    """A written country of twelve, with its documents."""
    folder = tmp_path_factory.mktemp("country")
    write_country(folder, 12, 1, root=project_root, sources=True)
    return folder


@pytest.fixture(scope="module")
def small(folder: Path) -> Dataset:
    """That country, checked and computed."""
    return checked(folder)


@pytest.fixture(scope="module")
def twelve() -> Country:
    """The rows of that country."""
    return country(12, 1)


def test_it_passes_every_check(folder: Path, small: Dataset) -> None:
    assert checks.problems_of(folder) == []
    assert len(small.programmes) == 12
    assert 30 <= len(small.figures) / 12 <= 55


def test_its_parameter_files_can_be_used(folder: Path, small: Dataset) -> None:
    reports = params.read_folder(folder / "params", small.programme_ids).checked()
    assert len(reports) == 12 + len(params.THEMES)
    assert reports["synthetic-0006"] == params.ReportParameters(
        programme="synthetic-0006",
        price_year=2024,
        peers=["synthetic-0002", "synthetic-0003", "synthetic-0004", "synthetic-0005"],
    )


def test_every_numeral_of_its_documents_is_accounted_for(folder: Path, small: Dataset) -> None:
    documents = {
        row["source_id"]: Document.load(folder / "sources" / row["file"], row["source_id"], row["encoding"])
        for row in small.sources.to_dict("records")
    }
    accounts = audit(documents, small.sources, small.figures, small.tables["exclusions"])
    assert [account.findings for account in accounts if not account.passed] == []


def test_every_row_says_that_it_is_synthetic(twelve: Country) -> None:
    for name, rows in twelve.tables.items():
        key = TABLES[name].key[0]
        assert rows and all(row[key].startswith("synthetic-") for row in rows), name
    for row in twelve.tables["programmes"]:
        assert "Synthetic" in row["label"] and "合成" in row["label_zh"]
        assert "Synthetic" in row["programme_name"] and "合成" in row["programme_name_zh"]
        assert "Synthetic" in row["note"] and "合成" in row["note_zh"]
        assert "Synthetic" in row["province"] and "合成" in row["province_zh"]
    assert all("合成" in row["title"] and "Synthetic" in row["title_en"] for row in twelve.tables["sources"])
    assert all(row["note"] and row["note_zh"] for row in twelve.tables["figures"] + twelve.tables["choices"])


def test_it_holds_every_kind_of_figure(twelve: Country) -> None:
    figures = twelve.tables["figures"]
    assert {row["qualifier"] for row in figures} == set(QUALIFIERS)
    assert {row["year_basis"] for row in figures} == set(YEAR_BASES)
    assert {row["period"] for row in figures} >= {"month", "year", "none", "cumulative"}
    assert {row["basis"] for row in figures} >= {"total", "per_unit", "share"}
    assert {row["status"] for row in figures} == {"achieved", "planned", "standard", "reported"}
    assert any("/" in row["year"] for row in figures), "a range of years"
    assert any(row["value_to"] for row in figures), "a printed range"
    assert any(row["printed"][0] in "一两三四五六七八九十" for row in figures), "a numeral in characters"
    assert {row["reason"] for row in twelve.tables["exclusions"]} >= {"ordinal", "date", "name", "idiom"}
    assert len(twelve.tables["sources"]) > 12, "two documents of one programme"
    assert {row["date_basis"] for row in twelve.tables["sources"]} == {"stated", "inferred"}
    assert {row["encoding"] for row in country(40, 1).tables["sources"]} == {"utf-8", "gb18030"}


def test_documents_and_years_are_open_at_the_rates_of_real_ones() -> None:
    tables = country(400, 1).tables
    published = [row["published"] for row in tables["sources"]]
    shares = {
        "undated": sum("-" not in day for day in published) / len(published),
        "years": sum("/" in day for day in published) / len(published),
        "open figures": sum("/" in row["year"] for row in tables["figures"]) / len(tables["figures"]),
        "reported": sum(row["status"] == "reported" for row in tables["figures"]) / len(tables["figures"]),
    }
    assert 0.3 < shares["undated"] < 0.5
    assert 0.1 < shares["years"] < 0.3
    assert 0.1 < shares["open figures"] < 0.4
    assert 0.1 < shares["reported"] < 0.3


def test_some_places_have_a_later_document(small: Dataset, twelve: Country) -> None:
    later = [row["source_id"] for row in twelve.tables["sources"] if row["source_id"].endswith("-later")]
    assert len(later) >= 3
    assert small.tables["series"]["programme_id"].nunique() >= 2, "pay of two years"
    assert any(map(CONTRADICTION.owns, small.choices["choice_id"])), "documents that contradict each other"
    sources = [row["source_id"] for row in country(400, 1).tables["sources"]]
    assert 0.03 < sum(source.endswith("-later") for source in sources) / 400 < 0.1


def test_it_holds_every_kind_of_interpretation(small: Dataset, twelve: Country) -> None:
    codings = twelve.tables["codings"]
    assert {row.get("absence", "") for row in codings} == {"", *CODED_ABSENCES}
    assert {row.get("bound", "") for row in codings} == {"", "upper"}
    assert any(row.get("funder") == "county_subsidy" for row in codings), "an exact subsidy"
    assert {row["expected"] for row in twelve.tables["identities"]} == {"holds", "fails"}
    choices = [row["choice_id"] for row in twelve.tables["choices"]]
    years = {choice for choice in choices if OPEN_YEAR.readings_of(choice)}
    assert years, "years that are open"
    asked = {choice.partition(".")[2] for choice in choices if choice not in years}
    assert asked == {
        "investment-scope", "works-status", "venues-within-year", "platform-scope", "combined-post-pay",
        "group-leader-pay", "funds-period", "dissolved-wording", "within-year",
    }  # fmt: skip
    assert not small.readings["feasible"].all(), "an infeasible reading"
    assert set(small.choices["kind"]) == {"uncertain", "definitional"}
    estimates = small.tables["estimates"]
    valued = estimates[estimates["absence"] == ""]
    assert set(valued["unit"]) >= {
        "CNY/venue",
        "CNY/facility",
        "CNY/m2",
        "CNY/person/year",
        "branch",
        "ratio",
    }


def test_the_same_seed_gives_the_same_country(twelve: Country) -> None:
    assert country(12, 1) == twelve
    assert country(12, 2) != twelve


def test_a_larger_country_begins_with_the_smaller(twelve: Country) -> None:
    larger = country(30, 1)
    for name, rows in twelve.tables.items():
        assert larger.tables[name][: len(rows)] == rows, name
    assert {name: larger.documents[name] for name in twelve.documents} == twelve.documents


def test_written_bytes_are_the_same_and_terms_those_of_the_project(
    folder: Path, tmp_path: Path, project_root: Path
) -> None:
    write_country(tmp_path, 12, 1, root=project_root)
    for table in TABLES.values():
        assert (tmp_path / RAW / table.path).read_bytes() == (folder / RAW / table.path).read_bytes()
    for name in COPIED:
        path = RAW / TABLES[name].path
        copied, own = (
            (root / path).read_text(encoding="utf-8").splitlines() for root in (tmp_path, project_root)
        )
        assert set(copied) <= set(own) and len(copied) > len(own) - 3, (
            "but what rests on a real place's choice"
        )
    assert not (tmp_path / "sources").exists()
    with (tmp_path / RAW / "choices.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["choice_id"] == "annualisation"


def test_nobodys_data_is_overwritten(folder: Path, project_root: Path, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError) as caught:
        write_country(folder, 1, 1, root=project_root)
    assert str(caught.value) == f"{folder / RAW} is there already; name another folder, or remove it first"
    with pytest.raises(ValueError, match=r"^n is -1; expected at least 0$"):
        write_country(tmp_path / "none", -1, 1, root=project_root)
    assert not (tmp_path / "none").exists()


def test_the_command_writes_a_country(
    tmp_path: Path, project_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project_root)
    main([str(tmp_path / "it"), "--programmes", "2"])
    assert capsys.readouterr().out == f"wrote 2 synthetic programmes to {tmp_path / 'it'}\n"
    assert (tmp_path / "it/params/synthetic-0002.yaml").is_file()
    with pytest.raises(SystemExit) as caught:
        main([str(tmp_path / "it")])
    assert caught.value.code == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.process
def test_the_benchmark_measures_a_stage_beside_its_plain_way(project_root: Path) -> None:
    command = [sys.executable, "benchmarks/country.py", "--sizes", "2", "3", "--stages", "load"]
    done = subprocess.run(command, cwd=project_root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[:2] for row in rows[1:7]] == [
        [size, stage] for size in ("2", "3") for stage in ("write", "build", "load")
    ]
    assert len(rows[6]) == 7, "seconds, growth, power, memory and the ratio to the plain way"
    assert "within the 2048 MiB allowed" in done.stdout
