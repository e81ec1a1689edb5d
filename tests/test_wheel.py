"""The wheel as it is released: what it holds, and that it works without the checkout, on a folder of data."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import analysis

NEEDED_BESIDE_THE_CODE = {
    "analysis/curation/ambiguities.csv",
    "analysis/curation/ambiguity_readings.csv",
    "analysis/curation/dimensions.csv",
    "analysis/curation/measures.csv",
    "analysis/curation/words.csv",
    "analysis/draw/picture.css",
    "analysis/draw/table.css",
    "analysis/estimates/data-dictionary.md.j2",
    "analysis/estimates/sql.md.j2",
    "analysis/estimates/views.sql",
    "analysis/evidence/units.csv",
    "analysis/notebooks/comparison_report.ipynb",
    "analysis/notebooks/county_report.ipynb",
    "analysis/operate/runs/ledger.sql",
    "analysis/operate/templates/crontab",
    "analysis/operate/templates/systemd.sh",
    "analysis/operate/templates/windows.ps1",
    "analysis/py.typed",
    "analysis/show/cards/card.css",
    "analysis/show/templates/base.css",
    "analysis/show/templates/desk/desk.css",
    "analysis/show/templates/desk/desk.html",
    "analysis/show/templates/desk/desk.js",
    "analysis/show/templates/desk/local.js",
    "analysis/show/templates/document/document.css",
    "analysis/show/templates/document/document.html",
    "analysis/show/templates/document/document.js",
    "analysis/show/templates/failure/page.html.j2",
    "analysis/show/templates/memo/memo.en.docx",
    "analysis/show/templates/memo/memo.zh-Hans.docx",
    "analysis/show/templates/memo/memo.zh-Hant.docx",
    "analysis/show/templates/panel/mark.js",
    "analysis/show/templates/panel/panel.css",
    "analysis/show/templates/report/answers.js",
    "analysis/show/templates/report/cards.js",
    "analysis/show/templates/report/conf.json",
    "analysis/show/templates/report/index.html.j2",
    "analysis/show/templates/report/page.js",
    "analysis/show/templates/report/report.css",
    "analysis/show/templates/site/index.html.j2",
    "analysis/show/templates/site/site.css",
    "analysis/show/templates/site/site.js",
    "analysis/show/templates/table/page.html.j2",
    "analysis/words/text/en.yaml",
    "analysis/words/text/zh-Hans.yaml",
    "analysis/show/memo/claims/vocabulary.yaml",
    "analysis/words/traditional.yaml",
}


@pytest.fixture(scope="module")
def wheel(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=project_root, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked, as an installer does it."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def desk(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty working folder, and beside it a folder with the data and the parameter files."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("data", "params"):
        shutil.copytree(project_root / name, folder / "county" / name)
    shutil.copy(project_root / "datapackage.json", folder / "county")
    (folder / "empty").mkdir()
    return folder / "empty"


@pytest.fixture
def call(installed: Path, desk: Path):
    """Runs the installed command in the empty folder, on the data beside it, and returns what it prints."""
    # Of another Python the checkout may be an editable install: the unpacked wheel goes before it.
    environment = {name: value for name, value in os.environ.items() if name != "ANALYSIS_DATA"}
    environment["PYTHONPATH"] = str(installed)

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "analysis.cli", *arguments]
        ran = subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    return run


def test_it_holds_all_that_the_code_reads_and_nothing_of_the_project(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    beside = {name for name in names if name.startswith("analysis/") and not name.endswith(".py")}
    assert beside == NEEDED_BESIDE_THE_CODE
    assert {name.split("/")[0] for name in names} == {
        "analysis",
        f"county_programme_analysis-{analysis.__version__}.dist-info",
    }


def test_its_notebooks_are_those_of_the_project(project_root: Path, installed: Path) -> None:
    for shipped in (installed / "analysis/notebooks").glob("*.ipynb"):
        assert shipped.read_bytes() == (project_root / "notebooks" / shipped.name).read_bytes()


def test_it_says_its_version_and_that_of_the_data(call, desk: Path, data) -> None:
    assert call("--data", "../county", "--version") == (
        f"analysis {analysis.__version__}\n"
        f"data {analysis.__version__}, hash {data.data_hash[:12]}, in {desk.parent.resolve() / 'county'}\n"
    )


def test_without_data_it_says_where_it_looked(call, desk: Path) -> None:
    assert call("--version") == (
        f"analysis {analysis.__version__}\nno data: no data/raw/figures.csv in {desk.resolve()} or above; "
        "change to the project folder, or name it with --data DIR or ANALYSIS_DATA\n"
    )


def test_it_checks_the_data_and_makes_a_report_of_them(call, desk: Path) -> None:
    assert call("--data", "../county", "check").startswith("no faults: 5 programmes")
    call("--data", "../county", "run", "minjia")
    page = (desk.parent / "county/reports/minjia/report.html").read_text(encoding="utf-8")
    assert BeautifulSoup(page, "html.parser").h1.get_text().startswith("Minjia township")
    executed = (desk.parent / "county/reports/minjia/report.ipynb").read_text(encoding="utf-8")
    assert desk.parent.resolve().as_posix() not in executed
    assert list(desk.iterdir()) == []


def test_it_gives_the_template_of_memos_to_edit(call, desk: Path) -> None:
    call("--data", "../county", "memo", "--save-template", "../office.docx", "--language", "zh-Hans")
    assert zipfile.is_zipfile(desk.parent / "office.docx")
