"""The notebooks: each runs, and one file is run by our runner, plain papermill and nbclient alike."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import papermill
import pytest
import yaml
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbclient import NotebookClient
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets.config import Config

from analysis.operate import execution
from analysis.operate.reports import Job
from analysis.show.params import ComparisonParameters, ReportParameters

CHARTS = ["problems_per_village.svg"]
SECTIONS = ("indicators", "questions", "themes", "evidence")


@pytest.fixture(scope="module")
def path(project_root) -> Path:
    return project_root / "notebooks/county_report.ipynb"


@pytest.fixture(scope="module")
def notebook(path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def html_of(notebook: nbformat.NotebookNode) -> str:
    shown = [output.data["text/html"] for cell in notebook.cells for output in cell.get("outputs", [])]
    return "\n".join(shown)


def test_the_parameters_are_those_of_the_parameter_files(notebook):
    [cell] = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    defaults = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(cell.source).body}
    assert defaults.keys() == {*ReportParameters.model_fields, "charts_dir"}
    ReportParameters(**{name: value for name, value in defaults.items() if name != "charts_dir"})


def test_the_notebook_is_stored_without_outputs_and_counts(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    nbformat.validate(notebook)


def test_it_shows_every_section_and_theme_and_computes_nothing(notebook):
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    for section in ("opening", "first_chart", "terms", *SECTIONS):
        assert f"report.{section}()" in source
    assert not any(
        isinstance(node, ast.BinOp | ast.For | ast.FunctionDef) for node in ast.walk(ast.parse(source))
    )


@pytest.mark.kernel
def test_plain_papermill_runs_it_from_a_parameter_file(path, project_root, tmp_path):
    parameters = yaml.safe_load((project_root / "params/ludian.yaml").read_text(encoding="utf-8"))
    executed = papermill.execute_notebook(
        path, tmp_path / "out.ipynb", parameters, kernel_name="python3", progress_bar=False, cwd=project_root
    )
    page = BeautifulSoup(html_of(executed), "html.parser")
    assert page.h1.get_text().startswith("Ludian County")
    assert [heading["id"] for heading in page.select("h2")] == list(SECTIONS)
    assert page.select("details.evidence h3")


@pytest.mark.kernel
def test_nbclient_runs_it_with_its_defaults(notebook, project_root):
    executed = NotebookClient(
        nbformat.from_dict(notebook), kernel_name="python3", resources={"metadata": {"path": project_root}}
    ).execute()
    assert "Ludian County" in html_of(executed)


@pytest.mark.kernel
def test_our_runner_makes_the_page_and_the_charts(path, project_root, tmp_path, monkeypatch):
    monkeypatch.chdir(project_root)
    parameters = ReportParameters(programme="weinan", language="zh-Hans", price_year=2024)
    result = execution.make(Job("weinan", parameters, path, tmp_path))
    assert result.error is None
    assert sorted(os.listdir(tmp_path / "weinan/charts")) == CHARTS
    html = (tmp_path / "weinan/report.html").read_text(encoding="utf-8")
    assert len(html) < 1_000_000
    page = BeautifulSoup(html, "html.parser")
    links = [link["href"] for link in page.select("td a[href]")]
    assert links and all(page.find(id=link.removeprefix("#")) for link in links)
    assert len(page.select("figure.chart svg.desktop[aria-label]")) == len(CHARTS)


DESK = (
    "00_first_hour", "01_explore", "10_investment_per_venue", "20_stipend_levels", "30_branch_restructuring",
    "50_sources_and_evidence", "60_readings", "70_models_at_size",
)  # fmt: skip
TEMPLATES = DESK[1:]


def read(project_root: Path, name: str) -> nbformat.NotebookNode:
    return nbformat.read(project_root / f"notebooks/{name}.ipynb", as_version=4)


def code_of(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def shell(project_root, tmp_path, monkeypatch) -> Iterator[InteractiveShell]:
    """What runs the cells of a kernel, without the process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANALYSIS_DATA", str(project_root))
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("name", [*DESK, "comparison_report"])
def test_it_runs_from_top_to_bottom_without_a_complaint(project_root, shell, name):
    # Those with parameters show themselves in another language.
    parameters = {"language": "zh-Hant"} if name in TEMPLATES else {}
    notebook = load_notebook_node(str(project_root / f"notebooks/{name}.ipynb"))
    shown = ""
    for source in code_of(parameterize_notebook(notebook, parameters) if parameters else notebook):
        with capture_output() as captured:
            ran = shell.run_cell(source)
        ran.raise_error()
        assert captured.stderr == ""
        shown += captured.stdout + "".join(str(output.data) for output in captured.outputs)
    expected = "穩健泊松" if name == "70_models_at_size" else "魯甸縣"
    assert (expected in shown) is bool(parameters)


@pytest.mark.parametrize("name", DESK)
def test_notebooks_call_and_narrate_in_short_cells(project_root, name):
    for source in code_of(read(project_root, name)):
        assert len(source.splitlines()) <= 12, source
        formulas = (ast.BinOp, ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.ClassDef)
        assert not any(isinstance(node, formulas) for node in ast.walk(ast.parse(source))), source


@pytest.mark.parametrize("name", DESK)
def test_no_number_stands_in_the_prose_that_the_data_could_outdate(project_root, name):
    prose = [cell.source for cell in read(project_root, name).cells if cell.cell_type == "markdown"]
    plain = re.sub(r"`[^`]*`|\]\([^)]*\)|^#+ \d+(–\d+)?\.", "", "\n".join(prose), flags=re.MULTILINE)
    # Question 9 of the first hour quotes a numeral of a document; × 12 is a definition.
    assert set(re.findall(r"\d[\d.,]*\d|\d", plain)) <= {"3.8", "12"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_begins_with_what_to_change(project_root, name):
    [first, *_] = [cell for cell in read(project_root, name).cells if cell.cell_type == "code"]
    assert first.metadata.get("tags") == ["parameters"]
    names = [node.targets[0].id for node in ast.parse(first.source).body]
    assert names[0] == "language" and all(
        isinstance(node, ast.Assign) for node in ast.parse(first.source).body
    )


def test_the_comparison_takes_the_parameters_of_its_files(project_root):
    notebook = nbformat.read(project_root / "notebooks/comparison_report.ipynb", as_version=4)
    [cell] = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    defaults = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(cell.source).body}
    assert defaults.keys() == {*ComparisonParameters.keys(), "charts_dir"}


def test_the_first_hour_answers_twenty_questions_in_cells_of_their_own(project_root):
    notebook = nbformat.read(project_root / "notebooks/00_first_hour.ipynb", as_version=4)
    asked = [cell.source for cell in notebook.cells if cell.source.startswith("## ")]
    numbers = [heading.removeprefix("## ").split(".")[0].split("–") for heading in asked]
    covered = [n for each in numbers for n in range(int(each[0]), int(each[-1]) + 1)]
    answers = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.id.startswith("a")]
    assert covered == list(range(1, 21)) and len(answers) == len(asked) + 1  # questions 3 and 4
