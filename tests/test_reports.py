"""Reports: papermill runs that are whole or absent, and pages that load nothing."""

import base64
import re
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from lxml.html import fragment_fromstring
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.operate import execution, reports
from analysis.show.html import Html, folded, heading
from analysis.show.navigation import Neighbour
from analysis.show.page import to_html
from analysis.show.params import ReportParameters
from analysis.show.sanitizer import check, clean

PIXEL = base64.b64encode(b"\x89PNG not really a picture").decode()
PARAMETERS = (
    "programme = 'ludian'\nlanguage = 'en'\nprice_year = None\nwith_sentences = False\npeers = None\n"
    "charts_dir = 'charts'"
)


def code(source: str, *outputs: nbformat.NotebookNode, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def shown(metadata: dict | None = None, **data: object) -> nbformat.NotebookNode:
    """An output by MIME type; ``text_html`` stands for ``text/html``."""
    bundle = {mime.replace("_", "/", 1): content for mime, content in data.items()}
    return new_output("display_data", data=bundle, metadata=metadata or {})


def stream(name: str, text: str) -> nbformat.NotebookNode:
    return new_output("stream", name=name, text=text)


def page(*cells: nbformat.NotebookNode, language: str = "en") -> BeautifulSoup:
    notebook = new_notebook(cells=list(cells), metadata={"language_info": {"name": "python"}})
    return BeautifulSoup(to_html(notebook, language, "ludian"), "html.parser")


def assert_loads_nothing(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.select("script, link, iframe, object, embed, base, form, audio, video, source, track")
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            assert not name.startswith("on"), element
            if name in ("src", "srcset", "data", "poster", "background", "action", "xlink:href"):
                assert str(value).startswith("data:image/"), element
            if name == "href":
                assert element.name == "a" or str(value).startswith("#"), element
    assert not re.search(r"@import|url\(\s*['\"]?(?!data:)", html)


# The page


def test_the_page_names_language_and_title_and_forbids_everything_remote():
    soup = page(new_markdown_cell("# 鲁甸县 <b>县级</b>报告"), language="zh-Hans")
    assert (soup.html["lang"], soup.title.string) == ("zh-Hans", "鲁甸县 县级报告")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert soup.find("meta", attrs={"name": "viewport"})["content"] == "width=device-width, initial-scale=1"


def test_a_page_without_heading_is_called_by_its_name():
    assert page(code("1")).title.string == "ludian"


@pytest.mark.parametrize(("language", "label"), [("en", "Code"), ("zh-Hans", "代码"), ("zh-Hant", "代碼")])
def test_code_is_folded_under_a_label_in_the_language_of_the_report(language, label):
    fold = page(code("figures = 1 < 2"), language=language).select_one("details.code")
    assert fold.summary.string == label
    assert fold.pre.get_text().strip() == "figures = 1 < 2"
    assert "open" not in fold.attrs


def test_tags_hide_code_outputs_and_cells():
    soup = page(
        code("defaults = 1", tags=("parameters",)),
        code("programme = 'ludian'", tags=("injected-parameters",)),
        code("hidden = 1", stream("stdout", "seen"), tags=("remove-input",)),
        code("kept = 1", stream("stdout", "unseen"), tags=("remove-output",)),
        code("nothing = 1", stream("stdout", "nowhere"), tags=("remove-cell",)),
    )
    assert [fold.summary.string for fold in soup.select("details.code")] == [
        "Parameters of this report",
        "Code",
    ]
    assert [pre.string for pre in soup.select("pre.text")] == ["seen"]


def test_the_page_begins_with_its_title_and_set_up_comes_last():
    soup = page(
        code("import analysis", tags=("setup",)), new_markdown_cell("# Ludian"), new_markdown_cell("text")
    )
    first, *_, last = soup.main.find_all(["h1", "p", "details"])
    assert (first.name, last.name) == ("h1", "details")


def test_contents_list_the_sections_with_anchors_of_their_own():
    soup = page(
        new_markdown_cell("# Ludian\n\n## Pay\n\n### Before\n\n## Money"),
        code("show()", shown(text_html="<h2 id='pay'>Before</h2>"), shown(text_html="<h2 id='pay'>Pay</h2>")),
    )
    links = soup.select("header nav.contents a")
    assert [link.string for link in links] == ["Pay", "Money", "Before", "Pay"]
    assert len({link["href"] for link in links}) == len(links)
    assert [soup.find(id=link["href"][1:]).get_text() for link in links] == [link.string for link in links]


def test_one_section_needs_no_contents():
    assert page(new_markdown_cell("# Ludian\n\n## Pay")).select_one("nav.contents") is None


def test_a_page_leads_to_that_of_all_reports_and_to_its_neighbours():
    found = (Neighbour("pay", theme="stipends"), Neighbour("ludian-zh", language="zh-Hans"))
    soup = BeautifulSoup(to_html(new_notebook(), "en", "ludian", found), "html.parser")
    assert [(link.get_text(), link["href"]) for link in soup.select("header nav.site a")] == [
        ("All reports", "../index.html"),
        ("Pay and operating funds", "../pay/report.html"),
        ("简体中文", "../ludian-zh/report.html"),
    ]
    assert soup.select_one("nav.site a[lang]")["lang"] == "zh-Hans"


def test_all_the_evidence_opens_with_one_link_where_there_is_some():
    evidence = folded(heading("figures", "All figures"), Html("<p>1</p>"))
    soup = page(code("figures", shown(text_html=evidence.content)), new_markdown_cell("## Method"))
    assert "open" not in soup.select_one("details.evidence").attrs
    assert [link.string for link in soup.select("nav.contents a")] == ["All figures", "Method"]
    assert soup.find(id=soup.select_one(".open-all a")["href"][1:]).name == "body"
    assert not page(new_markdown_cell("## Method")).select(".open-all")


def test_a_picture_keeps_its_alt_text_and_one_without_says_so():
    chart = shown({"image/png": {"alt": 'Bars: "pay" <of heads>'}}, image_png=PIXEL)
    tagged = code("draw()", shown(image_png=PIXEL))
    tagged.metadata.alt = "Bars & dots"
    soup = page(code("draw()", chart), tagged, code("draw()", shown(image_png=PIXEL)), language="en")
    alts = [image["alt"] for image in soup.find_all("img")]
    assert alts == ['Bars: "pay" <of heads>', "Bars & dots", "Chart without a description"]
    assert soup.img["src"] == f"data:image/png;base64,{PIXEL}"


def test_html_goes_before_a_picture_and_plain_text_comes_last():
    soup = page(code("show()", shown(text_html="<p id='own'>own</p>", image_png=PIXEL, text_plain="plain")))
    assert soup.find(id="own") and not soup.img and "plain" not in soup.main.get_text()


def test_text_is_escaped():
    label = "<script>alert(1)</script>"
    soup = page(code("show()", stream("stdout", label), stream("stderr", label), shown(text_plain=label)))
    assert [pre.get_text() for pre in soup.select("pre.text, .notice pre")] == [label] * 3


def test_what_runs_or_loads_is_removed_and_links_stay():
    hostile = (
        "<script>alert(1)</script><img src='https://example.org/a.png'><iframe src='//example.org'></iframe>"
        "<p onclick='x()' style='background:url(https://example.org/b)'>text</p>"
        "<style>@import 'https://example.org/c.css'; p { background: url(//example.org/d) }</style>"
        "<a href='javascript:x()'>bad</a> <a href='https://example.org/'>good</a>"
        "<svg><image href='https://example.org/e.svg'/><use href='#mark'/></svg>"
    )
    html = to_html(
        new_notebook(cells=[new_markdown_cell(hostile), code("show()", shown(text_html=hostile))]),
        "en",
        "ludian",
    )
    assert_loads_nothing(html)
    links = BeautifulSoup(html, "html.parser").select("main a")
    assert [link.get("href") for link in links] == [None, "https://example.org/"] * 2


@pytest.mark.parametrize(
    "output",
    [
        "</main></body><meta http-equiv=refresh content='0;url=https://example.org'>",
        "</div></div></main><link rel=preconnect href=https://example.org>",
        "<base href=https://example.org><form action=https://example.org><button>go</button></form>",
        "<p><!-- </main> --><svg></p><style><img src=x onerror=alert(1)></style></svg>",
        "<table><tr><td></main><iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a><math><mtext></main></mtext></math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<details open ontoggle=alert(1)><summary></main><object data=x></object></summary></details>",
    ],
)
def test_an_output_neither_leaves_its_place_nor_acts(output):
    html = to_html(new_notebook(cells=[code("show()", shown(text_html=output))]), "en", "ludian")
    assert_loads_nothing(html)
    soup = BeautifulSoup(html, "html.parser")
    assert [element.name for element in soup.body.find_all(True, recursive=False)] == ["a", "header", "main"]
    assert len(soup.select("meta")) == 4 and not soup.select("main meta")
    assert not soup.select("noscript, math, style ~ style")


def test_a_chart_as_svg_keeps_what_it_draws():
    drawn = (
        '<svg viewBox="0 0 10 10" role="img" aria-label="Pay"><clipPath id="c"><rect width="5" height="5"/>'
        '</clipPath><g clip-path="url(#c)" style="fill: #0072b2">'
        '<path d="M0 0L9 9" stroke-width="2"/></g></svg>'
    )
    svg = page(code("chart", shown(text_html=f"<figure>{drawn}</figure>"))).svg
    assert (svg["viewbox"], svg["aria-label"], svg.path["d"]) == ("0 0 10 10", "Pay", "M0 0L9 9")
    assert (svg.g["clip-path"], svg.g["style"]) == ("url(#c)", "fill:#0072b2")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<p><iframe></iframe></p>", "the page holds <iframe>, which no report may; it is not written"),
        ("<p onclick='x()'></p>", "the page holds <p onclick='x()'>, which no report may; it is not written"),
        ("<a href='javascript:x'>b</a>",
         "the page holds <a href='javascript:x'>, which no report may; it is not written"),
    ],
)  # fmt: skip
def test_a_finished_page_is_read_once_more(body, message):
    with pytest.raises(ValueError) as caught:
        check(fragment_fromstring(f"<main>{body}</main>"))
    assert str(caught.value) == message


def test_standard_error_and_errors_stand_in_a_notice():
    failed = new_output("error", ename="KeyError", evalue="'a'", traceback=["\x1b[31mKeyError\x1b[0m: '<a>'"])
    soup = page(code("f()", stream("stderr", "FutureWarning: <b>")), code("g()", failed), language="zh-Hant")
    assert [notice.p.string for notice in soup.select(".notice")] == ["計算過程中的提示", "錯誤"]
    assert [notice.pre.get_text().strip() for notice in soup.select(".notice")] == [
        "FutureWarning: <b>",
        "KeyError: '<a>'",
    ]


def test_widgets_are_dropped_with_the_text_that_stands_for_them():
    widget = new_output(
        "display_data", data={"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Slider()"}
    )
    assert "Slider" not in page(code("slider", widget)).main.get_text().replace("slider", "")


def test_a_table_scrolls_in_a_box_of_its_own():
    soup = page(code("t", shown(text_html="<table><caption>Pay</caption><tr><td>1</td></tr></table>")))
    assert soup.table.parent["class"] == ["scroll"]
    assert (soup.table.parent["aria-label"], soup.table.parent["tabindex"]) == ("Pay", "0")


# A folder in its place


@pytest.fixture
def folder(tmp_path):
    """Make a folder with one file of the given text."""

    def folder(name: str, text: str) -> Path:
        path = tmp_path / name
        path.mkdir()
        (path / "report.html").write_text(text)
        return path

    return folder


def names(path: Path) -> list[str]:
    return sorted(child.name for child in path.iterdir())


def test_a_finished_report_replaces_the_old_one(tmp_path, folder):
    reports.put(folder(".ludian.new", "new"), folder("ludian", "old"))
    assert names(tmp_path) == ["ludian"]
    assert (tmp_path / "ludian/report.html").read_text() == "new"


def test_a_run_killed_between_the_renames_is_undone(tmp_path, folder):
    folder(".ludian.old", "old")
    folder(".ludian.new", "half")
    reports.recover(tmp_path / "ludian")
    assert names(tmp_path) == ["ludian"]
    assert (tmp_path / "ludian/report.html").read_text() == "old"


def test_a_run_killed_after_the_renames_is_tidied(tmp_path, folder):
    folder("ludian", "new")
    folder(".ludian.old", "old")
    reports.recover(tmp_path / "ludian")
    assert names(tmp_path) == ["ludian"]
    assert (tmp_path / "ludian/report.html").read_text() == "new"


def test_an_interrupted_report_leaves_the_old_one_and_nothing_else(tmp_path, folder, monkeypatch):
    folder("ludian", "old")
    monkeypatch.setattr(
        "analysis.operate.execution.build", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        execution.make(
            reports.Job("ludian", ReportParameters(programme="ludian"), tmp_path / "n.ipynb", tmp_path)
        )
    assert names(tmp_path) == ["ludian"]


# Runs


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project folder with one notebook, as the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_notebook(*sources: str, parameters: str = PARAMETERS) -> Path:
    cells = [code(parameters, tags=("parameters",)), *map(code, sources)]
    kernel = {"name": "a-kernel-nobody-has", "display_name": "none", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), "county_report.ipynb")
    return Path("county_report.ipynb")


def make(notebook: Path, name: str) -> reports.ReportResult:
    job = reports.Job(name, ReportParameters(programme=name), notebook, Path("reports"))
    return execution.make(job, engine="stock")


@pytest.mark.kernel
def test_the_kernel_is_the_python_that_runs_us_and_dies_alone(project, monkeypatch):
    kernel = project / "home/kernels/python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["false"], "display_name": "wrong", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(project / "home"))
    executable = repr(sys.executable)
    notebook = write_notebook(
        f"import os, sys\nassert sys.executable == {executable}\nprogramme == 'ludian' and os._exit(1)"
    )
    errors = [make(notebook, name).error for name in ("ludian", "wushan")]
    assert errors == ["cell [3] import os, sys: DeadKernelError: Kernel died", None]


def test_a_failed_report_leaves_the_earlier_one_in_place(project, monkeypatch):
    def full(_: reports.Job, work: Path, *__: object) -> None:
        (work / "report.ipynb").write_text("half")
        raise OSError("disk full")

    def whole(_: reports.Job, work: Path, *__: object) -> None:
        (work / "report.html").write_text("new")

    Path("reports/ludian").mkdir(parents=True)
    Path("reports/ludian/report.html").write_text("earlier")
    monkeypatch.setattr("analysis.operate.execution.build", full)
    assert str(make(write_notebook(), "ludian")) == (
        "failed  ludian: OSError: disk full; executed notebook: reports/.failed/ludian/report.ipynb; "
        "the report of an earlier run was left in place"
    )
    assert Path("reports/ludian/report.html").read_text() == "earlier"

    monkeypatch.setattr("analysis.operate.execution.build", whole)
    assert make(write_notebook(), "ludian").error is None
    assert Path("reports/ludian/report.html").read_text() == "new"
    assert names(Path("reports/.failed")) == []


def test_what_a_mark_in_a_table_means_stays_in_the_page() -> None:
    mark = '<abbr tabindex="0" title="Ludian, depends on its year">○¹</abbr>'
    assert 'title="Ludian, depends on its year"' in clean(mark)


@pytest.mark.parametrize(
    "srcset",
    [
        "https://elsewhere.example/spy.png",
        f"data:image/png;base64,{PIXEL} 1x, https://elsewhere.example/spy.png 2x",
        "data:text/html;base64,PHNjcmlwdD4=",
    ],
)
def test_a_picture_for_phones_is_within_the_page_or_left_out(srcset: str) -> None:
    picture = '<picture><source media="(max-width: 40rem)" srcset="{}"></picture>'
    own = f"data:image/png;base64,{PIXEL}"
    assert own in clean(picture.format(own))
    assert "srcset" not in clean(picture.format(srcset))
    with pytest.raises(ValueError, match="the page holds <source srcset="):
        check(fragment_fromstring(f"<main>{picture.format(srcset)}</main>"))
