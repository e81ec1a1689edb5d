"""Reports are published once, whole, and before the page that leads to them."""

import sys
from pathlib import Path

import pytest
from running import NAMES, run

from analysis import cli
from analysis.operate.runs import PublishError
from analysis.operate.runs.files import Files
from analysis.operate.runs.ledger import open_ledger
from analysis.operate.runs.publishing import publish


@pytest.fixture
def store():
    """The store in memory, empty."""
    fsspec = pytest.importorskip("fsspec", reason="the extra cluster is not installed")
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


@pytest.mark.parametrize("place", ["file://{}/web/site", "{}/web/site", "web/site"])
def test_a_folder_is_a_place_to_publish_to_without_further_packages(run_project, made, monkeypatch, place):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert run(publish=place.format(run_project)).exit_status == 0
    published = {path.relative_to("web").as_posix() for path in Path("web").rglob("*") if path.is_file()}
    assert {f"/{name}" for name in published} == FILES


def test_a_store_that_fails_is_told_and_tried_again(run_project, made, store, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError("no key")

    with monkeypatch.context() as patch:
        patch.setattr("analysis.operate.runs.publishing.RemoteStore.write", refuse)
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


@pytest.fixture
def entered(run_project, made):
    """A folder of reports whose first holds more than a report consists of, as its ledger knows it."""
    number = run().run
    folder = Path("reports/first")
    (folder / "charts").mkdir()
    (folder / "charts/a.svg").write_text("<svg/>")
    (folder / "charts/a.exe").write_text("MZ")
    (folder / "notes.txt").write_text("notes")
    with open_ledger(Path("reports"), write=True) as ledger:
        other = ledger.results(number)[0]._replace(name="first-again")
        folder.rename("reports/first-again")
        ledger.enter(number, other, {"programme": "qingxi"}, Files.of(Path("reports/first-again")))
        yield ledger


def published() -> set[str]:
    folder = Path("web/first-again")
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_only_what_a_report_consists_of_is_published(entered):
    publish(Path("reports"), "web", entered)
    assert published() == {"report.html", "charts/a.svg"}


def test_a_page_that_leads_to_a_memo_is_left_since_no_memo_is_published(entered):
    folder = Path("reports/led")
    folder.mkdir()
    (folder / "report.html").write_text('<a href="../../memos/qingxi.en.docx">Memo</a>')
    number = entered.runs()[0].id
    result = entered.results(number)[0]._replace(name="led")
    entered.enter(number, result, {"programme": "qingxi"}, Files.of(folder))
    assert publish(Path("reports"), "web", entered) == {
        "led": "its page leads to a memo, and memos are not published"
    }
    assert published() and not Path("web/led").exists()


def test_a_run_says_which_pages_are_left(run_project, made, monkeypatch):
    monkeypatch.setattr(
        "analysis.operate.runs.runner.publish",
        lambda *_: {"first": "its page quotes sentences of the documents, and these are not published"},
    )
    summary = run(publish=Path("web").resolve().as_posix())
    assert summary.problems == (
        "first: not published as it stands: its page quotes sentences of the documents, and these are not "
        "published; publish a run that has this report in it",
    )
    assert summary.exit_status == 1


@pytest.mark.parametrize("name", ["report.html", "charts/a.svg", "charts", "."])
def test_nothing_is_published_through_a_link(entered, name):
    path, aside = Path("reports/first-again", name), Path("aside")
    path.rename(aside)
    path.symlink_to(aside.resolve())
    publish(Path("reports"), "web", entered)
    assert published() == set()
