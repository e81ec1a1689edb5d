"""Every command and every piece of Python in the documents is run, page by page, in a copy of the project."""

import ast
import doctest
import re
import shlex
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from invented.__main__ import main as invent
from pages import FENCE, PAGES, TRANSLATIONS, commands_in_sentences, lines_of, text_of, words_of

from analysis import cli
from analysis.show.memo import default_template

NOT_RUN = {
    "make": "sets up .venv or runs the tests; its recipes are commands of their own",
    "pip install": "installs",
    "systemctl": "changes the services of the machine",
    "loginctl": "changes the services of the machine",
    "dask": "starts a service: tests/test_cluster.py",
    "prefect": "starts a service: tests/test_prefect.py",
    "python deploy/prefect_flow.py": "waits for a service: tests/test_prefect.py",
    "analysis run --cluster": "needs a scheduler: tests/test_cluster.py",
    "papermill": "tests/test_notebooks.py runs both notebooks under papermill",
    "analysis document ludian": "waits for a reader, or needs the documents: tests/test_document.py",
    "analysis desk songquan": "waits for a curator: tests/test_desk_page.py",
    "analysis intake --accept songquan": "needs the finished draft: tests/test_intake.py",
    "analysis run songquan": "needs the accepted draft: tests/test_intake.py",
    "analysis intake --redate songquan": "needs a draft: tests/test_redating.py",
    "analysis remove songquan": "needs the accepted draft: tests/test_removal.py",
}
PYTHON_NOT_RUN = {
    "from dask_jobqueue import": "needs a Slurm cluster",
}
FILE = re.compile(r"# (params/[\w-]+\.yaml)\n")
GIT = ("git", "-c", "user.name=nobody", "-c", "user.email=nobody@example.org")


@pytest.fixture
def project(project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project as the working folder, with the template that an office has edited."""
    for name in ("data", "params", "notebooks", "docs", "tests/fixtures"):
        ignored = shutil.ignore_patterns("images", ".*", "draft")
        shutil.copytree(project_root / name, tmp_path / name, ignore=ignored)
    shutil.copy(project_root / "datapackage.json", tmp_path)
    (tmp_path / "office.docx").write_bytes(default_template("en"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    return tmp_path


@pytest.fixture
def committed(project: Path) -> Path:
    """The same under git."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "As it was")):
        subprocess.run([*GIT, *arguments], check=True, capture_output=True)
    return project


@pytest.fixture
def documents(request: pytest.FixtureRequest, project: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the copy has the source documents in ``sources/``; no other folder of documents is known."""
    try:
        shutil.copytree(request.getfixturevalue("sources_dir"), project / "sources")
        return True
    except pytest.skip.Exception:
        return False
    finally:
        monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)


# A translation has the commands of its original, which test_documents.py compares.
@pytest.mark.usefixtures("committed", "forked")
@pytest.mark.parametrize("page", [page for page in PAGES if page not in TRANSLATIONS])
def test_what_the_page_says_can_be_done(
    page: str, documents: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, object] = {}
    printed = ""
    for language, block in FENCE.findall(text_of(page)):
        if language in ("sh", "console"):
            printed = "".join(
                done(line, documents, capsys, language == "console") for line in lines_of(block)
            )
            continue
        if language == "text" and printed:
            assert fits(printed, block), f"{page}: what is printed is\n{printed}"
        elif language == "python" and not any(sign in block for sign in PYTHON_NOT_RUN):
            run_python(block, page, names)
        elif language == "pycon":
            run_examples(block, page, names)
        elif language == "yaml" and (named := FILE.match(block)):
            Path(named[1]).write_text(block, encoding="utf-8")
        printed = ""
    for line in commands_in_sentences(page):
        done(line, documents, capsys)


def done(line: str, documents: bool, capsys: pytest.CaptureFixture[str], may_fail: bool = False) -> str:
    """Run a command and return what it prints; nothing where it is one of those that are not run.

    ``may_fail`` is for a command whose output the page shows, such as a fault that is found.
    """
    words = words_of(line)
    if words[0] == ".venv/bin/analysis":
        words[0] = "analysis"
    if reason_against(words) or (words[:2] == ["analysis", "audit"] and not documents):
        return ""  # the documents are not in the repository
    capsys.readouterr()
    if words[:3] == ["python", "-m", "invented"]:
        invent(words[3:])
    elif words[0] == "sqlite3":
        with sqlite3.connect(words[1]) as ledger:
            ledger.execute(words[2])
    else:
        assert words[0] == "analysis", f"{line!r} is neither run nor on the list of what is not"
        status = cli.main(lighter(words[1:]))
        assert status == 0 or may_fail, f"{line}: status {status}: {capsys.readouterr().err}"
    return "".join(capsys.readouterr())


def reason_against(words: list[str]) -> str:
    """Why a command is not run; empty where it is."""
    line = shlex.join(words)
    return next((reason for start, reason in NOT_RUN.items() if line.startswith(start)), "")


def lighter(words: list[str]) -> list[str]:
    """The same command with less work: one report is made where one is named, else it is only planned."""
    options = cli.parser().parse_args(words)
    if words[:2] == ["memo", "all"]:
        return ["memo", "minjia", "wushan", *words[2:]]
    if words[0] == "run" and len(options.names) != 1:
        return [*words, "--dry-run"]
    if words[0] == "charts":
        one = [] if options.theme else ["--theme", "branches"]
        return [*words, *one, *([] if options.format else ["--format", "svg"])]
    return words


def fits(printed: str, shown: str) -> bool:
    """Whether a text is what is printed; ``…`` stands for anything in a line, and alone for any lines."""
    pattern = "".join(
        r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in shown.splitlines()
    )
    return re.fullmatch(pattern, printed) is not None


def run_python(block: str, page: str, names: dict[str, object]) -> None:
    for statement in ast.parse(block).body:
        exec(compile(ast.Module([statement], []), page, "exec"), names)  # our own page


def run_examples(block: str, page: str, names: dict[str, object]) -> None:
    """Run an interactive example; the next one on the page knows what it has defined."""
    if page == "docs/api.md":
        return  # made of docstrings, which tests/test_api.py runs
    example = doctest.DocTestParser().get_doctest(block, names, page, page, 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    runner.run(example, out=said.append, clear_globs=False)
    names.update(example.globs)
    assert not runner.failures, "".join(said)


def test_each_entry_of_the_list_is_still_needed() -> None:
    lines = [shlex.join(words_of(line)) for page in PAGES for line in commands_of(page)]
    unused = {start for start in NOT_RUN if not any(line.startswith(start) for line in lines)}
    assert unused == set()
    python = "".join(
        block for page in PAGES for name, block in FENCE.findall(text_of(page)) if name == "python"
    )
    assert {sign for sign in PYTHON_NOT_RUN if sign not in python} == set()


def commands_of(page: str) -> list[str]:
    blocks = [block for language, block in FENCE.findall(text_of(page)) if language in ("sh", "console")]
    return [*(line for block in blocks for line in lines_of(block)), *commands_in_sentences(page)]


@pytest.mark.parametrize(
    ("printed", "shown", "does"),
    [
        ("1 made in 3 s\n", "1 made in … s\n", True),
        ("1 made in 3 s\nsite\n", "1 made in … s\n", False),
        ("first\nsecond\nlast\n", "first\n…\nlast\n", True),
        ("first\nlast\n", "first\n…\nlast\n", True),
        ("2 made\n", "1 made\n", False),
    ],
)
def test_what_is_printed_fits_what_a_page_shows(printed: str, shown: str, does: bool) -> None:
    assert fits(printed, shown) is does
