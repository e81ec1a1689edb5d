"""Texts that want to be code stay texts wherever they are shown; and whatever is read, nothing breaks."""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from hostile.texts import EVIL, PLAIN, project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output
from qingxi import write

from analysis.curation.draft import IntakeError, intake
from analysis.draw import Chart
from analysis.estimates import processed
from analysis.evidence import checks, numerals
from analysis.evidence.arithmetic import ExpressionError, amount_of, evaluate
from analysis.evidence.dataset import Dataset
from analysis.evidence.raw import RowError, parse_csv
from analysis.evidence.schema import TABLES
from analysis.evidence.sources import SourceError
from analysis.evidence.units import UnitError
from analysis.show import params
from analysis.show.chartbook.chart_files import write_charts
from analysis.show.county import CountyReport
from analysis.show.export.request import Request
from analysis.show.page import to_html
from analysis.show.tablekit import write_kit

SIGNS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return processed.checked(project(tmp_path_factory.mktemp("hostile"), EVIL))


def pieces(data: Dataset, programme: str, **options: object) -> list[str]:
    """Return what the county report shows beside its charts, as HTML."""
    report = CountyReport(data, programme, **options)
    shown = [report.opening(), report.terms(), report.indicators(), report.questions(), report.themes()]
    shown += [report.evidence()]
    return [piece._repr_html_() for piece in shown]


# Reports


def test_a_report_shows_the_text_as_it_stands(hostile: Dataset) -> None:
    outputs = [new_output("display_data", data={"text/html": html}) for html in pieces(hostile, "qingxi")]
    notebook = new_notebook(cells=[new_code_cell("show()", outputs=outputs)])
    html = to_html(notebook, "en", EVIL)
    page = BeautifulSoup(html.replace("<wbr>", "").replace("<wbr/>", ""), "html.parser")
    assert not page.select("script, b, iframe, a[href^=javascript]")
    assert EVIL in page.title.get_text() and EVIL in page.h1.get_text()
    assert page.main.get_text().count(EVIL) > 20


def test_a_page_without_heading_is_called_by_its_escaped_name() -> None:
    page = BeautifulSoup(to_html(new_notebook(), "en", EVIL), "html.parser")
    assert page.title.get_text() == EVIL and not page.select("script")


def test_the_report_on_another_county_does_not_change(hostile: Dataset, tmp_path: Path) -> None:
    plain = processed.checked(project(tmp_path, PLAIN))
    assert pieces(hostile, "baisha", peers=["baisha"]) == pieces(plain, "baisha", peers=["baisha"])


# Charts


@pytest.fixture
def no_mathematics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where matplotlib takes a text for TeX."""

    def parsed(*arguments: object, **_: object) -> None:
        raise AssertionError(f"taken for mathematics: {arguments}")

    monkeypatch.setattr("matplotlib.mathtext.MathTextParser.parse", parsed)


@pytest.mark.usefixtures("no_mathematics")
def test_a_chart_draws_the_text_as_it_stands(hostile: Dataset) -> None:
    chart = next(iter(CountyReport(hostile, "qingxi").charts.values()))
    assert isinstance(chart, Chart) and b"<svg" in chart.svg()
    page = BeautifulSoup(chart._repr_html_(), "html.parser")
    assert not page.select("script, b") and EVIL in page.svg["aria-label"]
    assert chart.png().startswith(b"\x89PNG")


@pytest.mark.filterwarnings("ignore:Glyph .* missing")
@pytest.mark.parametrize(
    "text", ["\U0001f642", "\u0645\u0631\u062d\u0628\u0627", "\ue000", "z\u0301" * 9, "a\r\nb"]
)
def test_a_character_that_the_font_lacks_stops_no_chart(text: str, tmp_path: Path) -> None:
    data = processed.checked(project(tmp_path, text))
    chart = next(iter(CountyReport(data, "qingxi").charts.values()))
    assert b"<svg" in chart.svg() and chart.pdf().startswith(b"%PDF")


# Kits


def cells(content: bytes) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]


def is_formula(cell: str) -> bool:
    return cell.startswith(SIGNS) and not re.fullmatch(r"-?[0-9.]+|-inf", cell)


def test_the_kit_of_tables_holds_no_formula_and_no_markup(hostile: Dataset, tmp_path: Path) -> None:
    written = write_kit(hostile, Request(programmes=("qingxi",)), tmp_path)
    for path in written:
        if path.suffix == ".csv":
            assert not any(map(is_formula, cells(path.read_bytes()))), path.name
        elif path.suffix == ".html":
            assert not BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select("script, b")
        elif path.suffix == ".xlsx":
            sheets = openpyxl.load_workbook(path).worksheets
            assert "f" not in {cell.data_type for sheet in sheets for row in sheet.rows for cell in row}
    assert {path.suffix for path in written} == {".csv", ".html", ".xlsx"}


@pytest.mark.usefixtures("no_mathematics")
def test_the_kit_of_charts_holds_no_formula(hostile: Dataset, tmp_path: Path) -> None:
    request = Request(programmes=("qingxi",), themes=("investment",), formats=("svg",))
    written = list(write_charts(hostile, request, tmp_path))
    for path in written:
        assert path.resolve().is_relative_to(tmp_path.resolve())
        if path.suffix == ".csv":
            assert not any(map(is_formula, cells(path.read_bytes()))), path.name
        elif path.suffix == ".svg":
            assert not BeautifulSoup(path.read_bytes(), "xml").select("script")
    assert any(path.suffix == ".csv" for path in written)


# Whatever is read


NUMERALS = st.text(
    "0123456789０９,.，．〇一二两三四五六七八九十百千万亿点分之半多余近约至~-/%‰元个月年人次"
    "成壹拾仟\ud800é\u0301 "
)
MARKUP = st.sampled_from(
    [
        *(
            "<html>",
            "<p>",
            "</p>",
            "<script>",
            "<!--",
            "-->",
            "<table><tr><td>",
            "<br",
            ">",
            "<h1>",
            "<style>",
        ),
        *("&#0;", "&amp", "<![CDATA[", "<pre>", "<ruby>县<rt>xiàn", "<a href='../../x'>", "3个", "村", "../"),
        *("\0", "\ufeff", "\n", " "),
    ]
)
FACTORS = st.sampled_from(
    ["a", "b", "0", "1.5", "2 venue", "1 CNY/venue", "9" * 400, "()", "1 / 0", "__import__", "", "٣", "3 x"]
)
AMOUNTS = {name: amount_of(name, 2.0, None, "exact", unit) for name, unit in (("a", "venue"), ("b", "CNY"))}


@given(NUMERALS)
def test_a_numeral_is_read_or_refused(text: str) -> None:
    for quantity in numerals.find(text):
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert quantity.text == text[quantity.start : quantity.end] and math.isfinite(quantity.value)
    try:
        whole = numerals.read(text)
    except numerals.NumeralError as error:
        assert repr(text) in str(error)
    else:
        assert (whole.start, whole.end) == (0, len(text))


@given(st.text(st.sampled_from('",\n\r;ab\ufeff\0')))
def test_csv_is_rows_or_refused(text: str) -> None:
    try:
        table = parse_csv(TABLES["terms"], text)
    except RowError as error:
        assert 1 <= error.line <= len(re.split("\r\n|\r|\n", text))
    else:
        assert table.lines == sorted(set(table.lines)) and all(table.rows)
        again = io.StringIO(newline="")
        csv.writer(again).writerows([table.header, *table.rows])
        assert table.header == [] or parse_csv(TABLES["terms"], again.getvalue()).rows == table.rows


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(sorted(TABLES)))
def test_any_bytes_in_place_of_a_table_are_faults(tmp_path: Path, content: bytes, name: str) -> None:
    path = write(tmp_path) / "data/raw" / TABLES[name].path
    path.write_bytes(content)
    found = checks.problems_of(tmp_path)
    assert any(problem.file.endswith(TABLES[name].path) for problem in found)
    assert all(str(problem).isprintable() for problem in found)


@given(st.lists(FACTORS, min_size=1, max_size=8), st.data())
def test_an_expression_is_an_amount_or_refused(factors: list[str], data: st.DataObject) -> None:
    text = factors[0]
    for factor in factors[1:]:
        text += data.draw(st.sampled_from([" + ", " - ", " * ", "*", " ** ", "\n"])) + factor
    with suppress(ExpressionError, UnitError):
        assert set(evaluate(text, AMOUNTS).figure_ids) <= {"a", "b"}


YAML = st.sampled_from(
    [
        *(
            "programme",
            "language",
            "peers",
            "price_year",
            "qingxi",
            "en",
            "2021",
            "0x",
            "1:1",
            "~",
            "<<",
            "@",
        ),
        *(": ", ":", "[", "]", "{", "}", ", ", "- ", "? ", "|\n", ">", "'", '"', "#", "---\n", "%", "\\"),
        *("&a ", "*a", "!!int ", "!x ", "\0", "\ud7ff", " ", "\n", "\n  ", "\t"),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(YAML, max_size=30).map("".join), st.booleans())
def test_a_parameter_file_is_read_or_refused(tmp_path: Path, text: str, begun: bool) -> None:
    path = tmp_path / "report.yaml"
    path.write_text("programme: qingxi\n" * begun + text, encoding="utf-8")
    try:
        assert params.load(path, ["qingxi"]).model_dump()["programme"] == "qingxi"
    except params.ParameterError as error:
        assert error.faults and all(str(fault).isprintable() for fault in error.faults)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MARKUP | st.text(max_size=5), max_size=12).map("".join) | st.binary(max_size=60))
def test_a_document_is_drafted_or_refused_and_nothing_else_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | bytes
) -> None:
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    root = tmp_path / "project"
    if not root.exists():
        write(root)
    article = tmp_path / "article"
    article.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    try:
        intake(article, "songquan", root)
    except (IntakeError, SourceError) as error:
        assert str(error)
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    draft, document = root / "data/draft/songquan", root / "sources/songquan.txt"
    assert all(path == document or path.parent == draft for path in written)
    for path in draft.glob("*.csv"):
        assert not any(map(is_formula, cells(path.read_bytes()))), path.name
    shutil.rmtree(draft, ignore_errors=True)
    document.unlink(missing_ok=True)
