"""The command: exit status and message of each outcome."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from qingxi import VALID, with_cells, write

from analysis import __version__, cli


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project about an invented county, as the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    write(tmp_path)
    (tmp_path / "docs").mkdir()
    write_parameters("qingxi")
    return tmp_path


def write_parameters(name: str, text: str = "programme: qingxi\n") -> None:
    Path("params").mkdir(exist_ok=True)
    Path(f"params/{name}.yaml").write_text(text, encoding="utf-8")


def spoil(root: Path) -> None:
    write(root, with_cells("figures", 2, value="16"))


CONTENTS = "1 programmes, 1 sources, 7 figures, 1 exclusions, 5 codings, 3 choices, 7 readings, 1 identities"
FAULT = "data/raw/figures.csv:2: value: '16' —"


def test_version_names_the_suite_and_the_data(project_root, data, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--data", str(project_root), "--version"])
    assert (end.value.code, capsys.readouterr().out.splitlines()) == (
        0,
        [f"analysis {__version__}", f"data 0.1.0, hash {data.data_hash[:12]}, in {project_root}"],
    )


def test_version_without_data_says_so(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--data", str(tmp_path), "--version"])
    suite, none = capsys.readouterr().out.splitlines()
    assert (end.value.code, suite) == (0, f"analysis {__version__}")
    assert none.startswith(f"no data: no data/raw/figures.csv in {tmp_path} or above; ")


@pytest.mark.parametrize("arguments", [[], ["chek"], ["run", "--language", "xx"]])
def test_a_wrong_call_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: analysis")


def test_check_without_faults(project, capsys):
    assert cli.main(["check"]) == 0
    assert capsys.readouterr() == (f"no faults: {CONTENTS}\n", "")


def test_check_lists_faults_of_data_and_parameters_at_once(project, capsys):
    spoil(project)
    write_parameters("other", "programme: qingx\n")
    assert cli.main(["check"]) == 2
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == "" and lines[0].startswith(FAULT)
    assert lines[-2].endswith(
        "params/other.yaml:1: programme: 'qingx' — expected one of the programmes qingxi; "
        "did you mean 'qingxi'?"
    )
    assert lines[-1] == f"{len(lines) - 1} faults"


def test_build_says_what_it_built(project, capsys):
    assert cli.main(["build"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"built data/processed: {CONTENTS}, ") and out.endswith(" estimates\n")
    assert (project / "data/processed/estimates.csv").is_file() and err == ""


def test_build_of_faulty_data_writes_nothing(project, capsys):
    spoil(project)
    assert cli.main(["build"]) == 2
    assert FAULT in capsys.readouterr().err
    assert not (project / "data/processed").exists()


def test_data_names_the_project(project, tmp_path_factory, monkeypatch, capsys):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    assert cli.main(["--data", str(project), "check"]) == 0
    assert cli.main(["--data", str(elsewhere), "check"]) == 2
    assert capsys.readouterr().err == (
        f"no data/raw/figures.csv in {elsewhere} or above; change to the project folder, or name it with "
        "--data DIR or ANALYSIS_DATA\n"
    )


# Reports


@pytest.fixture
def runnable(project, project_root) -> Path:
    shutil.copytree(project_root / "notebooks", project / "notebooks")
    return project


def test_run_of_an_unknown_report_runs_nothing(runnable, capsys):
    assert cli.main(["run", "qingx"]) == 2
    assert capsys.readouterr().err == (
        f"{runnable.as_posix()}/params: report: 'qingx' — expected one of the reports qingxi; "
        "did you mean 'qingxi'?\nfaults: 1; nothing was run\n"
    )
    assert not (runnable / "reports").exists()


def test_run_with_a_bad_parameter_file_runs_nothing(runnable, capsys):
    write_parameters("qingxi", "programme: qingxi\nprice_yaer: 2024\n")
    assert cli.main(["run"]) == 2
    [fault, _] = capsys.readouterr().err.splitlines()
    assert "params/qingxi.yaml:2: price_yaer: unknown key — expected one of the keys" in fault
    assert fault.endswith("did you mean 'price_year'?")


def test_run_of_faulty_data_runs_nothing(runnable, capsys):
    spoil(runnable)
    assert cli.main(["run"]) == 2
    assert FAULT in capsys.readouterr().err
    assert not (runnable / "reports").exists()


def test_run_refuses_a_year_outside_the_price_series(runnable, capsys):
    write_parameters("qingxi", "programme: qingxi\nprice_year: 1990\n")
    assert cli.main(["run", "--out", "made"]) == 2
    assert "price_year: 1990 — expected a year of the price series" in capsys.readouterr().err
    assert not (runnable / "made").exists()


@pytest.mark.kernel
def test_run_ends_with_1_when_a_report_fails(runnable, capsys, monkeypatch):
    write_parameters("qingxi", "programme: qingxi\nprice_year: 1990\n")
    monkeypatch.setattr("analysis.operate.runs.inputs.price_years", lambda data: range(1978, 2101))
    assert cli.main(["run", "--out", "made"]) == 1
    out, err = capsys.readouterr()
    assert "failed  qingxi: cell" in err and "failed  qingxi" not in out
    assert (runnable / "made/.failed/qingxi/report.ipynb").is_file()


# Sources


def test_audit_without_a_folder_of_documents(project, capsys):
    assert cli.main(["audit"]) == 2
    assert capsys.readouterr().err == (
        "no source documents: put them in sources/, or name their folder with --sources or ANALYSIS_SOURCES\n"
    )


def test_audit_of_a_folder_that_is_not_there(project, capsys):
    assert cli.main(["audit", "--sources", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_audit_of_another_document_fails(project, capsys):
    (project / "sources").mkdir()
    (project / "sources" / VALID["sources"][0]["file"]).write_text("青溪县新建3个场所。", encoding="utf-8")
    assert cli.main(["audit"]) == 1
    assert "qingxi" in capsys.readouterr().out
    assert cli.main(["audit", "--json"]) == 1
    assert capsys.readouterr().out.startswith(("[", "{"))


# Figures, intake, changes


def test_figure_prints_its_card(project, capsys):
    figure_id = VALID["figures"][0]["figure_id"]
    assert cli.main(["figure", figure_id]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Figure {figure_id}\n")
    assert "Sentence" in out and "not shown: no source documents here" in out


def test_figure_in_traditional_chinese(project, capsys):
    assert cli.main(["figure", VALID["figures"][0]["figure_id"], "--language", "zh-Hant"]) == 0
    assert capsys.readouterr().out.startswith("數字")


def test_an_unknown_figure_is_answered_with_the_closest_ids(project, capsys):
    figure_id = VALID["figures"][0]["figure_id"]
    assert cli.main(["figure", figure_id[:-1]]) == 2
    assert capsys.readouterr().err.startswith(f"no figure {figure_id[:-1]!r}; did you mean {figure_id}")


def test_intake_without_a_programme(project, capsys):
    assert cli.main(["intake", "article.txt"]) == 2
    assert capsys.readouterr().err == (
        "--programme is missing; name the programme that the document reports\n"
    )


def test_intake_drafts_the_rows_of_an_article(project, capsys):
    Path("article.txt").write_text("松泉县新建村级活动场所12个,投入近160万元。\n", encoding="utf-8")
    assert cli.main(["intake", "article.txt", "--programme", "songquan"]) == 0
    assert "2 figures" in capsys.readouterr().out
    assert (project / "data/draft/songquan/numerals.csv").is_file()


def test_accepting_a_draft_that_is_not_there(project, capsys):
    assert cli.main(["intake", "--accept", "songquan"]) == 2
    assert "songquan" in capsys.readouterr().err


def test_changes_between_two_folders(project, tmp_path_factory, capsys):
    other = tmp_path_factory.mktemp("other")
    write(other)
    assert cli.main(["changes", str(other)]) == 0
    assert "no row of the raw data changed" in capsys.readouterr().out
    assert cli.main(["changes", str(other), "--json"]) == 0
    assert capsys.readouterr().out.startswith("{")


def test_changes_since_something_that_is_not_there(project, capsys):
    assert cli.main(["changes", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_audit_names_a_table_that_was_changed_after_the_build(project, capsys, monkeypatch):
    document = "青溪县新建3个场所。"
    monkeypatch.setattr("analysis.evidence.audit.audit", lambda *_: [])
    (project / "sources").mkdir()
    (project / "sources" / VALID["sources"][0]["file"]).write_text(document, encoding="utf-8")
    assert cli.main(["build"]) == 0
    assert cli.main(["audit"]) == 0
    with Path("data/raw/terms.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    capsys.readouterr()
    assert cli.main(["audit"]) == 1
    assert capsys.readouterr().err == (
        "data/raw/terms.csv: changed since `analysis build`; run it again if the change is meant\n"
    )


@pytest.mark.parametrize(
    ("command", "spared"),
    [
        (
            ["figure", "ludian.village-venues.amount"],
            {"matplotlib", "great_tables", "scipy", "analysis.evidence.checks"},
        ),
        (["check"], {"pandas", "numpy", "pyarrow"}),
        (["--version"], {"pandas", "numpy", "pydantic", "yaml"}),
    ],
)
def test_a_command_starts_without_what_it_does_not_use(project_root, command, spared):
    code = (
        "import contextlib, sys\nfrom analysis.cli import main\n"
        f"with contextlib.suppress(SystemExit):\n    main({command})\n"
        f"print(*{spared} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project_root, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == ""
