"""The export kit of charts: pictures, data, evidence and words, for memos and slides."""

import csv
import io
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from PIL import Image
from programs import path_of, text_of

from analysis import cli
from analysis.draw import Chart, ChartRow, Group, style, truetype
from analysis.show.chartbook import Book
from analysis.show.chartbook.chart_files import (
    DATA_COLUMNS,
    caption,
    data_csv,
    evidence,
    files_of,
    picture,
    write_charts,
)
from analysis.show.export import CHART_FORMATS
from analysis.show.export.request import Request


@pytest.fixture(scope="module")
def minjia(data) -> Chart:
    return Book(data).chart("cost_per_venue", programme="minjia")


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# The files


def test_each_chart_comes_with_its_pictures_its_data_its_evidence_and_its_words(data, tmp_path):
    asked = Request(
        themes=("branches",), widths=("memo", "slide"), variants=("standalone", "memo"), formats=("svg",)
    )
    written = [path.relative_to(tmp_path).as_posix() for path in write_charts(data, asked, tmp_path)]
    assert [name for name in written if "/comparison_" in name] == [
        "comparison-branches/comparison_organisations_rectified.en.memo.standalone.svg",
        "comparison-branches/comparison_organisations_rectified.en.memo.memo.svg",
        "comparison-branches/comparison_organisations_rectified.en.slide.standalone.svg",
        "comparison-branches/comparison_organisations_rectified.en.slide.memo.svg",
        "comparison-branches/comparison_organisations_rectified.en.csv",
        "comparison-branches/comparison_organisations_rectified.en.json",
        "comparison-branches/comparison_organisations_rectified.en.txt",
    ]
    assert sorted(written) == sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    )


def test_what_no_slide_holds_is_several_pictures_with_one_set_of_data(data):
    chart = Book(data).chart("coverage", programme="ludian")
    request = Request(themes=("branches",), widths=("slide",), variants=("memo",), formats=("svg",))
    names = [name for name, _ in files_of(chart, data, request)]
    assert names[:2] == ["coverage-1.en.slide.memo.svg", "coverage-2.en.slide.memo.svg"]
    assert names[-3:] == ["coverage.en.csv", "coverage.en.json", "coverage.en.txt"]


def test_the_same_data_gives_the_same_bytes_whatever_was_drawn_before(data, minjia):
    first = {kind: picture(minjia, kind) for kind in CHART_FORMATS}
    # A further chart makes the fonts of a PDF hold further characters.
    Book(data, "zh-Hant").chart("yearly_pay", programme="ludian").pdf()
    again = Book(data).chart("cost_per_venue", programme="minjia")
    assert {kind: picture(again, kind) for kind in CHART_FORMATS} == first
    assert data_csv(again) == data_csv(minjia)


def test_a_slide_is_wider_and_its_type_larger(minjia):
    sizes = {}
    for width in ("memo", "slide"):
        figure = minjia.at(width).figure()
        sizes[width] = (
            round(figure.get_figwidth() * 25.4),
            min(text.get_fontsize() for text in figure.texts),
        )
    assert sizes == {"memo": (156, 7.5), "slide": (254, 11.25)}
    with pytest.raises(ValueError, match="unknown width 'poster'; allowed are memo, slide"):
        minjia.at("poster")


def test_a_png_has_300_dots_per_inch_and_no_transparency(minjia):
    with Image.open(io.BytesIO(minjia.png())) as image:
        assert image.size[0] == pytest.approx(156 / 25.4 * 300, abs=1)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert image.convert("RGBA").getextrema()[3] == (255, 255)


# PDF


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_the_text_of_a_pdf_can_be_selected_and_searched(data, language, tmp_path):
    chart = Book(data, language).chart("cost_per_venue", programme="minjia")
    file = tmp_path / "chart.pdf"
    file.write_bytes(chart.pdf())
    found = re.sub(r"\s", "", text_of(file))
    for line in (chart.title, chart.subtitle, chart.note, *(row.label for row in chart.rows)):
        assert re.sub(r"\s", "", line) in found
    fonts = subprocess.run([path_of("pdffonts", "poppler-utils"), file], capture_output=True, text=True)
    assert (fonts.returncode, fonts.stderr) == (0, "")
    embedded = [line.split() for line in fonts.stdout.splitlines()[2:]]
    assert embedded and all(
        line[1:3] == ["CID", "TrueType"] and line[4:7] == ["yes"] * 3 for line in embedded
    )


def test_a_font_of_the_system_with_the_same_name_is_left_aside():
    found = font_manager.fontManager.ttflist
    found.append(font_manager.FontEntry(fname="/usr/share/fonts/NotoSansCJK-Regular.ttc", name=style.FAMILY))
    style.register_fonts.cache_clear()
    style.register_fonts()
    files = {
        Path(entry.fname).name for entry in font_manager.fontManager.ttflist if entry.name == style.FAMILY
    }
    assert files == {f"NotoSansCJKsc-{weight}.otf" for weight in ("Light", "Regular", "Medium", "Bold")}


def test_the_embedded_font_has_the_widths_of_the_drawn_one(minjia):
    with mpl.rc_context(style.settings()):
        drawn, converted = minjia.figure(), minjia.figure()
        truetype.embed(converted)
        widths = [
            [text.get_window_extent(figure.canvas.get_renderer()).width for text in figure.texts]
            for figure in (drawn, converted)
        ]
    assert widths[1] == pytest.approx(widths[0], rel=0.01)


# Data, evidence, words


def test_the_data_holds_every_value_and_every_absence(minjia):
    rows = rows_of(data_csv(minjia))
    assert tuple(rows[0]) == DATA_COLUMNS
    first, second = rows[:2]
    assert first == {
        "group": "Village venue, total cost",
        "label": "Minjia township",
        "programme_id": "minjia",
        "drawn_as": "row",
        "value": "3800000",
        "low": "760000",
        "high": "3800000",
        "before": "",
        "unit": "CNY/venue",
        "price_basis": "nominal",
        "absence": "",
        "words": "3.8 million yuan (760,000 to 3.8 million yuan; planned or done)",
        "reading": "minjia.investment-scope=per-venue-replaces",
        "figure_ids": "minjia.total-investment",
    }
    assert (second["value"], second["figure_ids"]) == (
        "753924.0506329114",
        "ludian.village-venues.amount ludian.village-venues.count",
    )
    silent = [row["programme_id"] for row in rows if row["absence"] == "not_reported"]
    assert silent == [*["shangzhou"] * 3, *["wushan"] * 3, *["weinan"] * 3, "ludian", "ludian"]
    assert all(row["value"] == "" for row in rows if row["absence"])


def test_an_open_bound_is_infinity_in_the_data(data):
    """What undated money is in prices of a year is known from below only."""
    rows = rows_of(data_csv(Book(data, price_year=2021).chart("cost_per_venue", programme="minjia")))
    bounds = {
        row["high"] for row in rows if row["group"] == "Village venue, county subsidy only" and row["value"]
    }
    assert bounds == {"inf"}


def test_the_data_of_a_table_of_signs_names_each_cell(data):
    rows = rows_of(data_csv(Book(data).chart("coverage", theme="branches")))
    assert len(rows) == 10 * 5
    assert {(row["programme_id"], row["absence"], row["value"]) for row in rows} >= {
        ("ludian", "", "1"),
        ("minjia", "not_reported", ""),
    }


def test_text_from_the_data_cannot_become_a_formula(minjia):
    evil = ChartRow("=cmd()", "@SUM(A1)", -5.0, programme="+x", figure_ids="-y")
    [row] = rows_of(data_csv(replace(minjia, groups=(Group("\tg", (evil,)),))))
    assert (row["label"], row["words"], row["programme_id"], row["group"]) == (
        "'=cmd()",
        "'@SUM(A1)",
        "'+x",
        "'\tg",
    )
    assert row["value"] == "-5"


def test_the_evidence_names_figures_readings_sources_and_the_data(data, minjia):
    found = evidence(minjia, data, ["a.svg"])
    assert found["figure_ids"][:2] == ["ludian.village-venues.amount", "ludian.village-venues.count"]
    assert found["readings"] == ["minjia.investment-scope=per-venue-replaces"]
    assert [source["source_id"] for source in found["sources"]] == ["ludian", "minjia"]
    assert all(re.fullmatch("[0-9a-f]{64}", source["sha256"]) for source in found["sources"])
    assert (found["data_hash"], found["price_basis"]) == (data.data_hash, "nominal")
    assert found["citation"].endswith(f"data {data.data_hash[:12]}")
    assert set(found["figure_ids"]) <= set(data.figures["figure_id"])
    assert json.loads(json.dumps(found)) == found


def test_the_words_are_in_the_language_of_the_chart(data):
    chart = Book(data, "zh-Hant").chart("branches", programme="wushan")
    assert caption(chart).splitlines()[0] == f"標題：{chart.title}"
    assert "武山縣" in chart.title
    assert "替代文本：" in caption(chart)


# The command


def test_the_command_writes_the_kit_and_names_the_files(project_root, tmp_path, capsys):
    call = ["--data", str(project_root), "charts", "--programme", "weinan", "--theme", "branches"]
    assert cli.main([*call, "--format", "svg", "--out", str(tmp_path / "kit")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "weinan-branches/coverage.en.memo.standalone.svg"
    assert lines[-1] == f"{len(lines) - 1} files in {tmp_path / 'kit'}"
    assert all(Path(tmp_path, "kit", name).is_file() for name in lines[:-1])


def test_the_command_names_every_fault_and_writes_nothing(project_root, tmp_path, capsys):
    call = [
        "--data",
        str(project_root),
        "charts",
        "--programme",
        "ludain",
        "--format",
        "bmp",
        "--language",
        "fr",
    ]
    assert cli.main([*call, "--out", str(tmp_path / "kit")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "programme: 'ludain' is not known; allowed are shangzhou, ludian, wushan, weinan, minjia; "
        "did you mean 'ludian'?",
        "language: 'fr' is not known; allowed are en, zh-Hans, zh-Hant; choose one of these",
        "format: 'bmp' is not known; allowed are svg, png, pdf; choose one of these",
    ]
    assert not (tmp_path / "kit").exists()
