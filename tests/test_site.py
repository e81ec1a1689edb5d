"""The site of all reports: what it shows of runs, data and changes, escaped, and loading nothing."""

import base64
import gzip
import hashlib
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from country import country
from qingxi import with_cells, write
from running import MAKER, NAMES, causes, maker, run, write_parameters

from analysis.evidence.dataset import records
from analysis.operate.runs import site
from analysis.operate.runs.failures import failed_cell
from analysis.operate.runs.key_figures import COLUMNS, key_figures
from analysis.operate.runs.ledger import open_ledger
from analysis.operate.runs.site_figures import figures_packed
from analysis.operate.runs.site_rows import Filter, Option, ProgrammeRow, filters
from analysis.operate.runs.summary import RunSummary
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES

INDEX = Path("reports/index.html")


def soup() -> BeautifulSoup:
    return BeautifulSoup(INDEX.read_text(encoding="utf-8"), "html.parser")


def cells(page: BeautifulSoup) -> list[str]:
    return [cell.get_text("|", strip=True) for cell in page.select("table.programmes tbody tr > *")]


# Rows and key figures


def test_a_programme_has_its_key_figures_and_its_reports(run_project, made):
    run()
    page = soup()
    assert [head.get_text() for head in page.select("table.programmes thead th")] == [
        "Programme", "Cost per village venue", "Yearly pay of a village or community head",
        "Branches dissolved", "Branches established", "Weak organisations rectified", "Report",
    ]  # fmt: skip
    name, cost, pay, *branches, links = cells(page)
    assert name == "青溪县|county|青溪县|set what heads receive a year."
    # Its venues are coded without object and funder: no cost of a village venue.
    assert (cost, branches) == ("not reported", ["not reported"] * 3)
    assert pay == "50,400 yuan|head_split, 2021"
    assert re.fullmatch(r"first\|[\d-]{10}\|second\|[\d-]{10}\|third\|[\d-]{10}", links)
    assert page.select_one("tbody th a")["href"] == "first/report.html"
    assert page.select_one("td[data-v]")["data-v"] == "50400.0"


def test_the_real_key_figures_with_their_spans(data):
    figures = key_figures(data, Labels(data, Text.of("en")))
    by_name = {
        name: dict(zip([c.name for c in COLUMNS], found, strict=True)) for name, found in figures.items()
    }
    assert by_name["ludian"]["cost"].text == "754,000 yuan"
    assert by_name["ludian"]["cost"].detail == "new and upgraded, 2018–2021 (inferred)"
    assert by_name["ludian"]["pay"].text == "50,400 yuan"
    assert by_name["ludian"]["dissolved"].text == "177 Party branches (0 to 177)"
    assert by_name["minjia"]["cost"].text == "3.8 million yuan (760,000 to 3.8 million yuan)"
    assert by_name["minjia"]["cost"].detail == "planned or done, year unknown"
    rectified = by_name["wushan"]["rectified"]
    assert (rectified.value, rectified.detail) == (7, "planned or done")
    assert (by_name["weinan"]["cost"].text, by_name["weinan"]["cost"].value) == ("not reported", None)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Reports on county programmes"),
        ("zh-Hans", "各地党建工作报告"),
        ("zh-Hant", "各地黨建工作報告"),
    ],
)
def test_the_site_speaks_the_language_of_the_run(run_project, made, language, title):
    run(language=language)
    assert (soup().html["lang"], soup().h1.string) == (language, title)


def test_the_first_report_by_name_decides_between_two_languages(run_project, made):
    write_parameters("third", "programme: qingxi\nlanguage: zh-Hans\n")
    run("third")
    run("first")
    page = soup()
    assert page.html["lang"] == "en"
    assert cells(page)[-1].startswith("first|")


def test_every_language_has_every_word(data, tmp_path):
    for language in LANGUAGES:
        with open_ledger(tmp_path) as ledger:
            shown = site.site(tmp_path, data, ledger, RunSummary(run=1), language)
        assert len(shown.rows) == 5 and "<h1>" in site.render(shown)


# What has changed


def test_a_first_run_has_nothing_to_compare_with(run_project, made):
    run()
    assert "The runs so far have seen the same data." in soup().select_one("section:last-of-type").get_text()


def test_figures_and_estimates_that_changed_since_the_run_before(run_project, made):
    run()
    changed = {"printed": "近240万元", "value": "2400000", "end": "26"}
    write(run_project, with_cells("figures", 2, **changed))
    run()
    section = soup().select_one("section:last-of-type")
    assert re.match(r"Since run 2, .+ \(UTC.+\) the data is as it is now", section.p.get_text())
    assert [line.get_text() for line in section.select("li")] == [
        "figures.csv: 1 changed", "Estimates: 1 moved, 0 new, 0 gone.",
    ]  # fmt: skip
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in section.select("tbody tr")]
    assert rows == [
        ["青溪县 · Cost per venue", "≤ 200,000 yuan per venue (0 to 533,333 yuan per venue)",
         "≤ 300,000 yuan per venue (0 to 800,000 yuan per venue)"],
        ["qingxi.venues.amount · As printed", "近160万元", "近240万元"],
        ["qingxi.venues.amount · Value", "1600000", "2400000"],
    ]  # fmt: skip

    run()
    section = soup().select_one("section:last-of-type")
    assert section.p.get_text().startswith("Since run 2, ")


def test_a_new_figure_is_counted_and_what_stays_is_not_compared(run_project, made):
    run()
    write(run_project, with_cells("figures", 3, subject="venues"))
    run()
    section = soup().select_one("section:last-of-type")
    assert [line.get_text() for line in section.select("li")] == ["figures.csv: 1 changed"]
    assert not section.select("tbody tr")


def test_only_the_tables_of_the_latest_data_are_kept(run_project, made):
    for number in range(3):
        write(run_project, with_cells("figures", 3, subject=f"venues {number}"))
        run()
    with closing(sqlite3.connect("reports/runs.sqlite")) as connection:
        kept = connection.execute("SELECT run, tables IS NOT NULL FROM state").fetchall()
    assert kept == [(1, 0), (2, 0), (3, 1)]


# Failures


def test_a_failure_stands_on_the_page_with_its_error_and_leads_to_its_own_page(run_project, monkeypatch):
    monkeypatch.setattr(MAKER, maker([], {"second": "cell [3]: ValueError: <b>no</b>"}))
    run()
    [failure] = soup().select(".failures li")
    assert failure.get_text() == "second cell [3]: ValueError: <b>no</b>"
    assert failure.a["href"] == ".failed/second/report.html"
    assert Path("reports", failure.a["href"]).is_file()
    assert cells(soup())[-1].endswith("|failed")

    monkeypatch.setattr(MAKER, maker([]))
    run()
    assert not soup().select(".failures") and "failed" not in cells(soup())[-1]


def test_a_report_that_was_deleted_has_no_link(run_project, made):
    run("first")
    Path("reports/first/report.html").unlink()
    run("second")
    assert [link["href"] for link in soup().select("tbody a")] == ["second/report.html"] * 2


# Safety, size


def test_text_from_data_is_escaped(run_project, made):
    hostile = "<script>alert(1)</script>"
    write(run_project, with_cells("programmes", 2, label=hostile, label_zh=f'"{hostile}'))
    run()
    page = soup()
    assert page.select_one("tbody th a").get_text() == hostile
    assert hostile in page.select_one("tbody tr")["data-s"] and len(page.select("script:not([type])")) == 1


def test_the_policy_knows_the_one_script_and_the_one_style_by_their_hashes(run_project, made):
    run()
    page = soup()
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    script = hash_of(page.select_one("script:not([type])"))
    assert policy == (
        f"default-src 'none'; script-src '{script}'; style-src '{hash_of(page.style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not page.select("link, img, iframe, object, embed, form, [style], [src], [onclick]")
    assert all(not link["href"].startswith(("http", "//")) for link in page.select("a"))
    assert not re.search(
        r"@import|url\(|fetch|XMLHttp|innerHTML", str(page.select("script")) + str(page.style)
    )


def hash_of(element) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(element.string.encode()).digest()).decode()


def test_without_a_script_there_is_no_dead_control(run_project, made):
    run()
    page = soup()
    assert not page.select(":is(button, select, input):not(.search *)")
    assert page.select_one(".search").has_attr("hidden")
    assert page.label["for"] == page.input["id"]


def test_a_country_of_programmes_is_one_page_of_moderate_size(data, tmp_path):
    everywhere = country(data, 2844)
    with open_ledger(tmp_path) as ledger:
        shown = site.site(tmp_path, everywhere, ledger, RunSummary(run=1))
    page = site.render(shown)
    assert len(shown.rows) == 2849
    assert len(page.encode()) < 2_500_000
    table = BeautifulSoup(page, "html.parser").select_one("table.programmes")
    # Laid out row by row, it says of itself that it is a table.
    assert (table["class"], table["role"]) == (["programmes", "long"], "table")
    assert {cell["role"] for cell in table.select("th, td")} == {"columnheader", "rowheader", "cell"}


def test_a_failed_report_has_a_page_with_its_error_its_cell_and_the_traceback(run_project, monkeypatch):
    monkeypatch.setattr(MAKER, maker([], {"second": "cell [3] f(): ValueError: <b>no</b>"}))
    run("first", "second")
    error = {"output_type": "error", "ename": "ValueError", "evalue": "<b>no</b>",
             "traceback": ["\x1b[31mValueError\x1b[39m: <b>no</b>\x07"]}  # fmt: skip
    failed = Path("reports/.failed/second")
    (failed / "report.ipynb").write_text(
        json.dumps({"cells": [{"source": ["a = 1\n", "f()"], "outputs": [error]}]}), encoding="utf-8"
    )
    run("first")
    page = BeautifulSoup((failed / "report.html").read_text(encoding="utf-8"), "html.parser")
    assert page.h1.string == "Report second: not made"
    assert page.select_one(".error").string == "The report was not made: cell [3] f(): ValueError: <b>no</b>"
    assert [pre.get_text() for pre in page.select("pre")] == ["a = 1\nf()", "ValueError: <b>no</b>"]
    assert [link["href"] for link in page.select("a")] == ["../../index.html", "report.ipynb"]
    assert not page.select("script, link, img, b")


def test_of_a_long_error_a_failure_shows_begin_and_end(tmp_path):
    error = {"output_type": "error", "traceback": ["begin", "x" * 1_000_000, "end"]}
    (tmp_path / "report.ipynb").write_text(json.dumps({"cells": [{"source": "f()", "outputs": [error]}]}))
    shown = failed_cell(tmp_path / "report.ipynb").traceback
    assert shown.startswith("begin\nxxx") and "xx\n…\nxx" in shown and shown.endswith("xxx\nend")
    assert len(shown) < 50_000


@pytest.mark.parametrize("content", ['{"cells": [{"sou', "{}", '{"cells": [{"outputs": [{}]}]}', None])
def test_of_a_notebook_half_written_a_failure_shows_no_cell(tmp_path, content):
    path = tmp_path / "report.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert failed_cell(path) is None


def test_a_memo_beside_the_reports_is_linked(run_project, made):
    Path("memos").mkdir()
    Path("memos/qingxi.en.docx").touch()
    run()
    [memo] = [link for link in soup().select("table.programmes a") if link.get_text() == "Memo (Word)"]
    assert memo["href"] == "../memos/qingxi.en.docx"


def test_a_page_is_made_anew_when_its_memo_has_come_or_gone(run_project, made):
    run()
    Path("memos").mkdir()
    memo = Path("memos/qingxi.en.docx")
    memo.touch()
    assert causes() == dict.fromkeys(NAMES, "navigation changed")
    assert run().up_to_date == ()
    assert run().up_to_date == NAMES
    memo.unlink()
    assert run().up_to_date == ()


def test_a_page_that_is_published_leads_to_no_memo_which_is_not(run_project, made):
    Path("memos").mkdir()
    Path("memos/qingxi.en.docx").touch()
    run(publish=Path("elsewhere").resolve().as_posix())
    assert "memos/" not in Path("elsewhere/index.html").read_text(encoding="utf-8")


# What the page is filtered and searched by


def options(page: BeautifulSoup) -> dict[str, list[str]]:
    return {
        label.get_text(): [option.get_text() for option in label.find_next("select").select("option")]
        for label in page.select(".search label")[1:]
    }


def test_the_filters_offer_what_tells_the_places_apart(data, tmp_path):
    with open_ledger(tmp_path) as ledger:
        shown = site.site(tmp_path, data, ledger, RunSummary(run=1), "en")
    page = BeautifulSoup(site.render(shown), "html.parser")
    assert options(page) == {
        "Province": ["all", "Gansu (1)", "Shaanxi (2)", "Yunnan (1)", "not stated (1)"],
        "Level": ["all", "county (2)", "district (1)", "development zone (1)", "township (1)"],
        # Of all places, which report something of a theme: investment tells none from another.
        "Reports on": options(page)["Reports on"],
    }  # fmt: skip
    reports = data.tables["estimates"].query("absence == '' and feasible")
    told = dict(re.fullmatch(r"(.+) \((\d)\)", each).groups() for each in options(page)["Reports on"][1:])
    names = {row["label"]: row["code"] for row in records(data.tables["terms"], field="theme")}
    assert {names[label]: int(number) for label, number in told.items()} == (
        reports.groupby("theme")["programme_id"].nunique().to_dict()
    )


def test_a_place_says_that_its_rows_have_changed_and_leads_to_what_failed(run_project, made, monkeypatch):
    run()
    write(run_project, with_cells("figures", 3, subject="venues"))
    run()
    assert cells(soup())[-1].endswith("|data changed")
    monkeypatch.setattr(MAKER, maker([], {"second": "cell [3]: ValueError: no"}))
    run(force=True)
    assert soup().select_one("td a.status")["href"] == ".failed/second/report.html"


def test_a_filter_offers_its_options_with_how_many_each_keeps_and_none_where_all_are_alike(data):
    kept = ("level:county status:failed status:changed", "level:county status:changed", "level:county")
    rows = [ProgrammeRow("", "", "", (), (), tuple(each.split())) for each in kept]
    assert filters(Labels(data, Text.of("zh-Hant")), rows) == (
        Filter("status", (Option("status:failed", "生成失敗", 1), Option("status:changed", "數據有變動", 2))),
    )


def test_the_search_knows_every_figure_of_every_place(data):
    packed = figures_packed(Labels(data, Text.of("en")))
    found = json.loads(gzip.decompress(base64.b64decode(packed)))
    for programme, row in zip(data.programme_ids, found["rows"], strict=True):
        figures = data.figures_of(programme)
        told = {
            (printed, found["subjects"][number]) for printed, number in zip(row[::2], row[1::2], strict=True)
        }
        assert told == set(zip(figures["printed"], figures["subject"], strict=True))
    traditional = figures_packed(Labels(data, Text.of("zh-Hant")))
    assert "5956萬元" in gzip.decompress(base64.b64decode(traditional)).decode()
    assert packed == figures_packed(Labels(data, Text.of("en")))
