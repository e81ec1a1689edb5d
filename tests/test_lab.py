"""JupyterLab in a real browser: every notebook runs from top to bottom, the panel answers to its controls."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browsers import PATIENCE, launched

from analysis.curation.draft import intake

AT_ONCE = 2  # notebooks that run side by side
RAN = """() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];
  const texts = prompts.map(prompt => prompt.textContent.trim());
  return texts.length > 0 && texts.every(text => /^\\[\\d+\\]:$/.test(text));
}"""
STARTED = """() => [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')]
  .some(prompt => /\\[(\\*|\\d+)\\]/.test(prompt.textContent))"""
FAULTS = ", ".join(
    f'.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.{kind}"]' for kind in ("error", "stderr")
)


# JupyterLab takes arrows and letters for commands on cells, also from a radio button or a list in an output.
SETTINGS = Path("config/jupyter/labconfig/default_setting_overrides.json")
SHORTCUTS = "@jupyterlab/shortcuts-extension:shortcuts"
ANYWHERE = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
OUTSIDE_WIDGETS = f"{ANYWHERE}:not(.jupyter-widgets):not(.jupyter-widgets *)"


def shortcuts_outside_widgets() -> list[dict[str, Any]]:
    """Return the shortcuts that keep the commands of JupyterLab on cells away from widgets."""
    schemas = sorted((Path(sys.prefix) / "share/jupyter/lab/schemas").rglob("*.json"))
    declared = [json.loads(schema.read_text(encoding="utf-8")) for schema in schemas]
    found = [each for schema in declared for each in schema.get("jupyter.lab.shortcuts", [])]
    taken = [each for each in found if each["selector"] == ANYWHERE]
    moved = [{**each, "selector": OUTSIDE_WIDGETS} for each in taken]
    return [*({**each, "disabled": True} for each in taken), *moved]


class Lab:
    """A JupyterLab on a copy of the notebooks, with the settings of the research desk."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.notebooks, self.folder = folder / "notebooks", folder
        shutil.copytree(root / "notebooks", self.notebooks, ignore=shutil.ignore_patterns(".*", "charts"))
        settings = root / "config/jupyter"
        source = os.pathsep.join(path for path in (str(root / "src"), os.environ.get("PYTHONPATH")) if path)
        self.environment = {
            **os.environ, "PYTHONPATH": source, "ANALYSIS_DATA": str(root),
            "JUPYTER_CONFIG_PATH": str(settings),
            "JUPYTER_PREFER_ENV_PATH": "1", "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "IPYTHONDIR": str(folder / "ipython"),
        }  # fmt: skip
        workspaces = f"workspaces_dir={folder / 'workspaces'}"
        layout = settings / "desk.jupyterlab-workspace"
        imported = self._jupyter(
            "labworkspaces", "import", f"--LabWorkspaceImportApp.{workspaces}", str(layout)
        )
        assert imported.wait(PATIENCE) == 0
        self.process = self._jupyter(
            "lab", "--no-browser", "--allow-root", f"--port={free_port()}", f"--LabApp.{workspaces}",
            f"--ServerApp.root_dir={self.notebooks}",
        )  # fmt: skip
        self.address, self.token = self._where()

    def _jupyter(self, command: str, *arguments: str) -> subprocess.Popen:
        start = {"lab": "from jupyterlab.labapp import main", "labworkspaces": LAYOUTS}[command]
        with (self.folder / "lab.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", f"{start}; main()", *arguments],
                cwd=self.folder, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip

    def _where(self) -> tuple[str, str]:
        """Return the address and the token, once the server has written them down."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            for file in (self.folder / "runtime").glob("jpserver-*.json"):
                server = json.loads(file.read_text(encoding="utf-8") or "{}")
                if server.get("url"):
                    return f"http://127.0.0.1:{server['port']}", server["token"]
            time.sleep(0.1)
        self.end()
        pytest.fail(f"JupyterLab did not start:\n{(self.folder / 'lab.log').read_text()[-3000:]}")

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


LAYOUTS = (
    "import sys; sys.argv.remove('import'); from jupyterlab.labapp import LabWorkspaceImportApp as App; "
    "main = App.launch_instance"
)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def lab(project_root, tmp_path_factory, chromium) -> Iterator[Lab]:
    started = Lab(project_root, tmp_path_factory.mktemp("lab"))
    yield started
    started.end()


@pytest.fixture(scope="module")
def browser(lab, chromium) -> Iterator[Any]:
    with launched(chromium) as opened:
        context = opened.new_context(viewport={"width": 1400, "height": 1000}, locale="en-US")
        context.set_default_timeout(PATIENCE * 1000)
        yield context


def opened(lab: Lab, browser: Any, name: str) -> Any:
    """Return a page with a notebook whose kernel is ready; each in a layout of its own."""
    page = browser.new_page()
    layout = name.removesuffix(".ipynb")
    page.goto(f"{lab.address}/lab/workspaces/{layout}/tree/{name}?token={lab.token}")
    ready(page)
    return page


def ready(page: Any) -> None:
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    # The indicator of the notebook says idle before the kernel is connected; the status bar does not.
    page.get_by_text(re.compile(r"\| Idle$")).first.wait_for()


def start_all_cells(page: Any) -> None:
    """Run all cells from the menu; once more where the notebook had shown its kernel before it had one."""
    from playwright.sync_api import TimeoutError as NotStarted

    for patience in (10_000, 30_000, PATIENCE * 1000):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        try:
            page.wait_for_function(STARTED, timeout=patience)
            return
        except NotStarted:
            continue
    pytest.fail(f"{page.url}: no cell was started")


def faults_after_run(page: Any) -> list[str]:
    page.wait_for_function(RAN)
    return page.locator(FAULTS).all_inner_texts()


def test_keys_in_a_widget_are_left_to_the_widget(project_root):
    settings = json.loads((project_root / SETTINGS).read_text(encoding="utf-8"))
    assert settings[SHORTCUTS]["shortcuts"] == shortcuts_outside_widgets(), (
        "JupyterLab has other shortcuts now; write them anew with `.venv/bin/python tests/test_lab.py`"
    )


def test_every_notebook_runs_from_top_to_bottom_without_an_error(lab, browser):
    names = sorted(path.name for path in lab.notebooks.glob("*.ipynb"))
    faults = {}
    for start in range(0, len(names), AT_ONCE):
        pages = {name: opened(lab, browser, name) for name in names[start : start + AT_ONCE]}
        for page in pages.values():
            start_all_cells(page)
        for name, page in pages.items():
            faults[name] = faults_after_run(page)
            page.close()
    assert len(faults) >= 9 and not any(faults.values()), faults


def test_the_desk_opens_on_the_first_hour_with_its_contents_beside_it(lab, browser):
    page = browser.new_page()
    page.goto(f"{lab.address}/?token={lab.token}")
    ready(page)
    assert page.url.endswith("/lab/workspaces/desk/tree/00_first_hour.ipynb")
    page.locator(".jp-TableOfContents").get_by_text("Which places, years").wait_for()
    assert page.get_by_text("news", exact=False).count() == 0
    page.close()


ALT = "document.querySelector('.analysis-panel svg.desktop').getAttribute('aria-label')"


def test_the_panel_answers_to_the_keyboard_and_opens_the_evidence(lab, browser):
    page = opened(lab, browser, "01_explore.ipynb")
    start_all_cells(page)
    panel = page.locator(".analysis-panel").first
    picture = panel.locator("figure.chart svg.desktop")
    picture.wait_for()
    before = {"alt": picture.get_attribute("aria-label"), "drawn": picture.inner_html()}
    sentence = panel.locator('[role="status"]').first.inner_text()
    assert faults_after_run(page) == []

    # The readings are one group of radio buttons: Tab leads into it, the arrow keys change it.
    reading = panel.get_by_label(re.compile("all readings, as a range")).first
    reading.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    chosen = panel.get_by_label(re.compile("for the four new village venues together"))
    page.wait_for_function(f"before => {ALT} !== before", arg=before["alt"])
    panel.get_by_text("Readings chosen:", exact=False).first.wait_for()
    # The year of the other document is still open.
    settled = panel.get_by_text("at least 1.11 million yuan (planned or done) in Minjia", exact=False).first
    settled.wait_for()
    assert chosen.is_checked() and chosen.evaluate("input => input === document.activeElement")
    assert picture.inner_html() != before["drawn"]
    assert panel.locator('[role="status"]').first.inner_text() != sentence

    # From the value to the figure it rests on, and to what it is evidence for.
    panel.get_by_role("combobox", name="Open the evidence for").select_option(label="Ludian County")
    figure = panel.locator("li > details", has_text="ludian.village-venues.amount").first
    figure.locator("summary").first.focus()
    page.keyboard.press("Enter")
    figure.get_by_text("5956万元").first.wait_for()

    panel.get_by_role("combobox", name="Language").select_option(label="繁體中文")
    panel.get_by_role("combobox", name="指標").wait_for()
    page.wait_for_function(f"() => {ALT}.includes('魯甸縣')")

    panel.get_by_role("button", name="將圖表和依據寫入文件").click()
    panel.get_by_text("panel.py", exact=True).wait_for()
    assert list(lab.notebooks.glob("charts/*/comparison_cost_per_venue.zh-Hant.memo.standalone.svg"))
    page.close()


SIZES = {"desktop": (1440, 900), "zoomed to 150 %": (960, 600), "narrow": (800, 900)}
IN_VIEW = """panel => {
  const inner = panel.closest('.jp-WindowedPanel-outer').getBoundingClientRect();
  const drawn = [...panel.querySelectorAll('.analysis-chart svg')].find(each => each.clientWidth);
  const controls = [...panel.querySelectorAll('.analysis-settings :is(select, input, button)')];
  const outside = controls.filter(control => {
    control.scrollIntoView({ block: 'start' });
    const box = drawn.getBoundingClientRect(), own = control.getBoundingClientRect();
    const chart = panel.querySelector('.analysis-chart').getBoundingClientRect();
    const beside = own.right < chart.left || own.top >= chart.bottom;
    return !beside || box.top < inner.top - 1 || box.bottom > inner.bottom + 1;
  });
  return outside.map(control => control.outerHTML.slice(0, 80));
}"""


@pytest.fixture(scope="module")
def explored(lab, browser) -> Any:
    page = opened(lab, browser, "01_explore.ipynb")
    start_all_cells(page)
    assert faults_after_run(page) == []
    return page


@pytest.mark.parametrize("size", SIZES)
def test_the_chart_stays_in_view_while_any_control_is_used(explored, size):
    wide, high = SIZES[size]
    explored.set_viewport_size({"width": wide, "height": high})
    panel = explored.locator(".analysis-panel").first
    panel.locator(".analysis-chart svg").first.wait_for(state="attached")
    explored.wait_for_timeout(500)  # the notebook is laid out anew
    assert panel.evaluate(IN_VIEW) == []


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_a_mark_of_the_chart_opens_what_it_rests_on(explored, way):
    explored.set_viewport_size({"width": 1440, "height": 900})
    panel = explored.locator(".analysis-panel").first
    places = panel.get_by_role("combobox", name="Open the evidence for")
    other = "Minjia township" if way == "mouse" else "Ludian County"
    mark = panel.get_by_role("button", name=re.compile(f"^{other}: "))
    assert mark.locator("title").text_content().endswith("Click to open the evidence")
    if way == "mouse":
        places.select_option(label="Ludian County")
        mark.locator("text").last.click()
    else:
        mark.focus()
        explored.keyboard.press("Enter")
    card = panel.locator("article.card[aria-label^='Estimate']", has_text=f"{other}: Cost per venue").first
    card.wait_for()
    assert card.evaluate("card => card.getBoundingClientRect().top < window.innerHeight")


def test_what_is_exported_is_a_link_that_saves_the_file(explored):
    panel = explored.locator(".analysis-panel").first
    panel.get_by_role("button", name="Write chart and evidence to files").click()
    with explored.expect_download() as saved:
        panel.get_by_role("link", name="panel.py", exact=True).click()
    assert "analysis.explore(data" in saved.value.path().read_text(encoding="utf-8")


LENGTH = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')];
  return cells.at(-1).getBoundingClientRect().bottom - cells[0].getBoundingClientRect().top;
}"""
CLIPPED = """() => [...document.querySelectorAll('.jp-OutputArea-output :is(th, td)')].filter(cell => {
  const words = document.createRange();
  words.selectNodeContents(cell);
  const box = cell.getBoundingClientRect();
  return [...words.getClientRects()].some(each => each.right > box.right + 1 || each.left < box.left - 1);
}).map(cell => cell.textContent)"""


def test_the_first_hour_shows_a_chart_at_once_and_can_be_read_in_one_go(lab, browser):
    page = opened(lab, browser, "00_first_hour.ipynb")
    page.set_viewport_size({"width": 1440, "height": 900})
    start_all_cells(page)
    assert faults_after_run(page) == []
    first = page.locator("figure.chart svg.desktop").first
    page.locator(".jp-Notebook .jp-Cell").first.scroll_into_view_if_needed()
    box = first.bounding_box()
    assert box["y"] + box["height"] < 900
    page.set_viewport_size({"width": 1440, "height": 9000})  # all cells are drawn
    page.wait_for_timeout(1000)
    assert page.evaluate(LENGTH) <= 6000
    assert page.evaluate(CLIPPED) == []
    assert page.locator(".jp-OutputArea-output table.dataframe").count() == 0
    page.close()


def test_the_desk_of_a_curator_works_in_a_notebook(lab, browser, project_root, monkeypatch):
    project = lab.folder / "project"
    for name in ("data/raw", "params"):
        shutil.copytree(project_root / name, project / name)
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    intake(project_root / "tests/fixtures/songquan.txt", "songquan", project)
    forget = "import os\nos.environ.pop('ANALYSIS_SOURCES', None)"  # it has the five, and not this article
    code = f"{forget}\nimport analysis\nanalysis.desk('songquan', root={str(project)!r})"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbformat.write(book, lab.notebooks / "curator.ipynb")
    page = opened(lab, browser, "curator.ipynb")
    start_all_cells(page)
    frame = page.frame_locator("iframe[title='Desk']")
    frame.locator("mark", has_text="三抓三促").click()
    page.keyboard.press("Enter")
    frame.locator("mark.exclusion", has_text="三抓三促").wait_for()
    assert "\n58,62\n" in (project / "data/draft/songquan/decided.csv").read_text(encoding="utf-8")
    page.close()


def write_shortcuts() -> None:
    """Write the shortcuts of the installed JupyterLab into the settings of the desk."""
    file = Path(__file__).resolve().parents[1] / SETTINGS
    settings = json.loads(file.read_text(encoding="utf-8"))
    settings[SHORTCUTS] = {"shortcuts": shortcuts_outside_widgets()}
    file.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_shortcuts()
