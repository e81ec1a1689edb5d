"""Reports are published once, whole, and before the page that leads to them."""

from pathlib import Path

import pytest
from running import NAMES, run

from analysis import cli
from analysis.operate.runs import PublishError

fsspec = pytest.importorskip("fsspec", reason="the extra cluster is not installed")


@pytest.fixture
def store():
    """The store in memory, empty."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    yield memory.store
    memory.store.clear()


FILES = {"/site/index.html", "/site/published.json", *(f"/site/{name}/report.html" for name in NAMES)}


def test_reports_and_page_are_published(run_project, made, store):
    assert run(publish="memory://site").exit_status == 0
    assert set(store) == FILES
    assert store["/site/first/report.html"].getvalue() == b"<p>en</p>"
    assert list(store)[-2:] == ["/site/index.html", "/site/published.json"]


def test_what_is_published_is_not_copied_again(run_project, made, store):
    run(publish="memory://site")
    store["/site/first/report.html"] = store["/site/second/report.html"] = None
    Path("params/second.yaml").write_text("programme: qingxi\nlanguage: zh-Hans\n")
    run(publish="memory://site")
    assert store["/site/first/report.html"] is None
    assert store["/site/second/report.html"].getvalue() == b"<p>zh-Hans</p>"


def test_what_was_made_before_is_published_too(run_project, made, store):
    run()
    assert run(publish="memory://site").up_to_date == NAMES
    assert set(store) == FILES


def test_a_folder_is_a_place_to_publish_to(run_project, made):
    assert run(publish=f"file://{run_project}/web/site").exit_status == 0
    published = {path.relative_to("web").as_posix() for path in Path("web").rglob("*") if path.is_file()}
    assert {f"/{name}" for name in published} == FILES


def test_a_store_that_fails_is_told_and_tried_again(run_project, made, store, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError("no key")

    with monkeypatch.context() as patch:
        patch.setattr("analysis.operate.runs.publishing._put", refuse)
        summary = run(publish="memory://site")
    assert (summary.exit_status, summary.problems) == (1, ("publishing: PermissionError: no key",))
    assert (run(publish="memory://site").exit_status, set(store)) == (0, FILES)


def test_a_store_that_nobody_knows_is_refused_before_anything_runs(run_project, made, capsys):
    assert cli.main(["run", "--publish", "smoke://signals"]) == 2
    assert capsys.readouterr().err == (
        "--publish smoke://signals: Protocol not known: smoke; give a URL such as s3://bucket/reports, and "
        "install what its store needs\n"
    )
    assert (made, Path("reports").exists()) == ([], False)
    with pytest.raises(PublishError):
        run(publish="smoke://signals")
