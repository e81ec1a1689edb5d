"""What is declared in one place holds in all: packages, locked versions, release number, tracked files."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import analysis

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# conda-forge splits some packages; the smaller part is what the suite imports.
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
# Needed by conda itself or given by requires-python, and no dependency of ours.
CONDA_ONLY = {"python", "pip"}
HEAVY = {"torch", "tensorflow", "jax", "pyspark", "selenium"}
MACHINE_PATH = re.compile(r"(?<![\w.:/~$)}*-])/(?:home|Users|root|work|tmp|opt|mnt)/[\w.]+|\b[A-Z]:\\Users\\")


def bounds(lines: list[str]) -> dict[str, str]:
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): str(each.specifier) for each in requirements}


def runtime() -> dict[str, str]:
    return bounds(PROJECT["dependencies"])


def optional(*extras: str) -> dict[str, str]:
    return bounds([line for extra in extras for line in PROJECT["optional-dependencies"][extra]])


def development() -> dict[str, str]:
    return optional(*PROJECT["optional-dependencies"])


def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def conda_lines() -> list[str]:
    return [entry for entry in environment()["dependencies"] if isinstance(entry, str)]


def pip_lines() -> list[str]:
    [section] = [entry["pip"] for entry in environment()["dependencies"] if isinstance(entry, dict)]
    return section


def locked_lines() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


@cache
def project_files() -> list[Path]:
    """Files that git tracks or would track; none where the project is no git checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return []
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def needs_git() -> None:
    if not project_files():
        pytest.skip("this is no git checkout: which files belong to the project is not known")


class TestEnvironment:
    def test_conda_and_pip_together_hold_every_runtime_dependency_with_its_bounds(self) -> None:
        conda = {CONDA_NAMES.get(name, name): spec for name, spec in bounds(conda_lines()).items()}
        pip = bounds([line for line in pip_lines() if line != "-e ."])
        assert not conda.keys() & pip.keys()
        declared = {name: spec for name, spec in (conda | pip).items() if name not in CONDA_ONLY}
        assert declared == runtime()

    def test_every_library_that_the_suite_runs_with_has_an_upper_bound(self) -> None:
        assert [name for name, spec in runtime().items() if "<" not in spec] == []

    def test_python_is_the_one_of_the_project(self) -> None:
        assert bounds(conda_lines())["python"] == PROJECT["requires-python"]

    def test_conda_forge_is_the_only_channel(self) -> None:
        assert environment()["channels"] == ["conda-forge"]

    def test_the_project_itself_is_installed(self) -> None:
        assert "-e ." in pip_lines()


class TestLock:
    def test_every_line_is_one_exact_version(self) -> None:
        for line in locked_lines():
            assert re.fullmatch(r"[\w.-]+==[\w.!+]+( ; .+)?", line), line

    def test_every_direct_dependency_is_pinned_within_its_bounds(self) -> None:
        pins: dict[str, list[str]] = {}
        for pin in map(Requirement, locked_lines()):
            [version] = [each.version for each in pin.specifier]
            pins.setdefault(canonicalize_name(pin.name), []).append(version)
        for name, spec in (runtime() | development()).items():
            assert name in pins, f"{name} is not locked; run make lock"
            assert all(version in SpecifierSet(spec) for version in pins[name]), f"{name}{spec}: {pins[name]}"

    def test_no_index_address_and_nothing_huge(self) -> None:
        text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
        assert "://" not in text
        names = {canonicalize_name(Requirement(line).name) for line in locked_lines()}
        assert not {name for name in names if name in HEAVY or name.startswith("nvidia-")}


class TestRelease:
    def test_version_citation_and_newest_section_of_the_changelog_are_in_step(self) -> None:
        changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        newest, day = re.findall(r"^## \[(.+)\] - (unreleased|\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE)[0]
        citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
        assert {citation["version"], newest} == {analysis.__version__}
        assert str(citation.get("date-released", "unreleased")) == day

    def test_citation_has_what_its_format_asks_for_and_the_licence(self) -> None:
        citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
        assert citation["cff-version"] == "1.2.0"
        assert {"message", "title", "authors"} <= citation.keys()
        assert citation["license"] == PROJECT["license"]

    def test_the_command_names_a_function_that_is_there(self) -> None:
        module, function = PROJECT["scripts"]["analysis"].split(":")
        assert callable(getattr(importlib.import_module(module), function))


def imported_packages(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("folder", "declared"),
    [("src", runtime() | optional("cluster")), ("tests", runtime() | development())],
    ids=["src", "tests"],
)
def test_every_library_that_is_imported_is_declared(folder: str, declared: dict[str, str]) -> None:
    distributions = packages_distributions()
    files = sorted((ROOT / folder).rglob("*.py"))
    beside = {path.stem for path in (ROOT / "benchmarks").iterdir()}
    own = {"analysis", *beside, *(path.stem for path in files), *(path.parent.name for path in files)}
    undeclared = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in imported_packages(path)
        if name not in sys.stdlib_module_names | own
        and not {canonicalize_name(each) for each in distributions.get(name, [])} & declared.keys()
    }
    assert undeclared == set(), "declare them in pyproject.toml and environment.yml, then run make lock"


class TestHouse:
    def test_no_module_is_longer_than_one_reading(self) -> None:
        lines = {
            path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
            for path in (ROOT / "src").rglob("*.py")
        }
        assert {name: length for name, length in lines.items() if length > 400} == {}

    def test_what_is_new_goes_into_a_folder(self) -> None:
        modules = {path.stem for path in (ROOT / "src/analysis").glob("*.py")} - {"__init__"}
        assert len(modules) <= 6, sorted(modules)


class TestProjectFiles:
    def test_no_file_names_a_path_of_a_machine(self) -> None:
        needs_git()
        found = []
        for path in project_files():
            text = path.read_bytes().decode("utf-8", errors="ignore")
            found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in MACHINE_PATH.finditer(text)]
        assert found == []

    def test_no_source_document_or_built_report_is_tracked(self) -> None:
        needs_git()
        tops = {path.relative_to(ROOT).parts[0] for path in project_files()}
        assert not tops & {"sources", "reports", ".venv"}

    def test_notebooks_carry_no_outputs_and_stable_cell_ids(self) -> None:
        for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
            nbformat.validate(notebook)
            ids = [cell.get("id") for cell in notebook.cells]
            assert all(ids) and len(set(ids)) == len(ids), f"{path.name}: cells without an id of their own"
            code = [cell for cell in notebook.cells if cell.cell_type == "code"]
            run = [cell["id"] for cell in code if cell.outputs or cell.execution_count is not None]
            assert run == [], f"{path.name}: clear the outputs of these cells and save"


@pytest.mark.parametrize(
    ("text", "is_machine_path"),
    [
        ("open('/" + "home/wang/data.csv')", True),
        ("/" + "Users/wang/report.html", True),
        ("C:" + "\\Users\\wang", True),
        ("https://example.org/home/page", False),
        ("../shared/sources", False),
        ("data/work/units.csv", False),
        ("12/30", False),
    ],
)
def test_machine_paths_are_told_from_other_paths(text: str, is_machine_path: bool) -> None:
    assert bool(MACHINE_PATH.search(text)) is is_machine_path
