"""Charts: what they claim, what they draw, and that all of it can be read."""

import math
import re
from io import BytesIO
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from charting import assert_readable, drawn, texts
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image
from qingxi import SCOPE, VALID, Rows, bilingual, coding, figure, term, write

from analysis.draw import Chart, ChartRow, Group, Picture, sheet, style
from analysis.draw.text_metrics import drawable, text_width, wrap
from analysis.estimates import processed
from analysis.estimates.spans import spans
from analysis.evidence.dataset import Dataset
from analysis.evidence.themes import THEMES
from analysis.show.chartbook import question_chart
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES

QUESTIONS = {code: theme.questions[0] for code, theme in THEMES.items()}
PROGRAMMES = ("shangzhou", "ludian", "wushan", "weinan", "minjia")
# The charts that there are: of a theme of which a place reports two values or more.
SHOWN = (
    ("investment", "ludian"), ("investment", "minjia"), ("stipends", "shangzhou"), ("stipends", "ludian"),
    ("branches", "ludian"), ("branches", "wushan"), ("collective_economy", "ludian"),
    ("oversight", "ludian"), ("oversight", "weinan"),
)  # fmt: skip


@pytest.fixture(scope="module")
def data(project_root) -> Dataset:
    return processed.checked(project_root)


@pytest.fixture(scope="module")
def every_span(data) -> pd.DataFrame:
    return spans(data, data.tables["estimates"])


@pytest.fixture(scope="module")
def real(data, every_span):
    """Make the chart of a theme for a programme in a language."""

    def chart(theme: str, programme: str, language: str = "en") -> Chart | None:
        return question_chart(QUESTIONS[theme], Labels(data, Text.of(language)), every_span, programme)

    return chart


def chart(*rows: ChartRow, mark: str = "dot", unit: str = "CNY", **fields: object) -> Chart:
    words = {"title": "Title", "subtitle": "Subtitle", "note": "Note.", "source": "Source"}
    given = {"name": "test", "language": "en", "groups": (Group("Heading", rows),), **words, **fields}
    return Chart(mark=mark, unit=unit, **given)


# Everything can be read


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", SHOWN)
def test_no_text_of_a_real_chart_is_cut_off_or_covered(real, place, language):
    assert_readable(real(*place, language))


def test_the_memo_variant_and_the_slide_width_can_be_read_too(real):
    assert_readable(real("branches", "ludian"), standalone=False)
    assert_readable(real("branches", "ludian").at("slide"))


def assert_fits_slide(part: Picture, standalone: bool = True) -> None:
    width, height = part.figure(standalone=standalone).get_size_inches()
    assert height / width <= 9 / 16


LONG = "Shuangjiang Lahu, Va, Blang and Dai Autonomous County of the city of Lincang (community committee)"
WORST = {
    "a very long name": chart(
        ChartRow(LONG, "3.8 million yuan", 3.8e6, highlight=True), ChartRow("short", "1", 1.0)
    ),
    "a word without a break": chart(ChartRow("x" * 90, "y" * 90, 5.0)),
    "long value texts": chart(
        ChartRow("a", "12,345 yuan per village " * 6, 10.0, 1.0, 20.0), ChartRow("b", "1", 1.0)
    ),
    "a long Chinese name": chart(
        ChartRow("双江拉祜族佤族布朗族傣族自治县" * 3, "七万元" * 20, 7e4), language="zh-Hans"
    ),
    "one row": chart(ChartRow("a", "1 yuan", 1.0)),
    "one value of zero": chart(ChartRow("a", "0 yuan", 0.0)),
    "only absences": chart(
        ChartRow("a", "not reported", highlight=True), ChartRow("", "Not reported by b and c")
    ),
    "nothing": chart(groups=()),
    "negative only": chart(ChartRow("a", "−83", -83.0), ChartRow("b", "−1", -1.0), mark="bar", unit="branch"),
    "both signs": chart(ChartRow("a", "−83 (−83 to 94)", -83.0, -83.0, 94.0), mark="bar", unit="branch"),
    "long words below zero": chart(
        ChartRow("a", "−83 branches, if all were dissolved " * 3, -83.0), ChartRow("b", "−80 branches", -80.0)
    ),
    "a long list of others": chart(
        ChartRow("a", "1", 1.0, aside="Ludian County 754k yuan; " * 9, others=(ChartRow("b", "2", 2.0),)),
        axis="own",
    ),
    "huge and tiny": chart(ChartRow("a", "9 bn", 9e12), ChartRow("b", "0.001", 0.001)),
    "tiny": chart(ChartRow("a", "0.0001", 0.0001), unit="ratio"),
    "open bounds": chart(ChartRow("a", "≥ 5", 5.0, 5.0, math.inf), ChartRow("b", "≤ 4", 4.0, -math.inf, 4.0)),
    "before and after": chart(
        ChartRow("a", "9 (was 1)", 9.0, before=1.0), ChartRow("b", "1 (was 12)", 1.0, before=12.0)
    ),
    "a long heading": chart(groups=(Group(LONG * 2, (ChartRow("a", "1", 1.0),)),)),
    "long title and note": chart(
        ChartRow("a", "1", 1.0), title=LONG * 2, subtitle=LONG, note=LONG * 3, source=LONG
    ),
    "forty rows": chart(*(ChartRow(f"county {n}", f"{n} yuan", float(n)) for n in range(40))),
}


@pytest.mark.parametrize("case", WORST)
@pytest.mark.parametrize("standalone", [True, False])
def test_no_text_of_a_worst_case_is_cut_off_or_covered(case, standalone):
    assert_readable(WORST[case], standalone)


def test_long_words_break_and_chinese_punctuation_stays_with_its_character():
    assert wrap("鲁甸县（新建），计划。", text_width("鲁甸县（新建", 8), 8) == [
        "鲁甸县（新",
        "建），计划。",
    ]
    assert wrap("one two", text_width("one tw", 8), 8) == ["one", "two"]
    assert wrap("投入380万元", text_width("投入380", 8), 8) == ["投入", "380万元"]
    assert "".join(wrap("x" * 50, 1, 8)) == "x" * 50
    assert all(text_width(line, 8) <= 1 for line in wrap("x" * 50, 1, 8))
    assert wrap("  ", 1, 8) == wrap("", 1, 8) == []


@pytest.mark.parametrize("dpi", [72, 130, 300])
def test_a_line_is_as_wide_as_it_was_measured_at_any_resolution(dpi):
    with mpl.rc_context(style.settings()):
        drawing = Figure(figsize=(9, 1), dpi=dpi)
        for line in ("线段为各种理解下的最小值至最大值", "Line between square ends"):
            text = drawing.text(0, 0, line, size=style.SMALL)
            box = text.get_window_extent(mpl.backends.backend_agg.FigureCanvasAgg(drawing).get_renderer())
            assert box.width / dpi == pytest.approx(text_width(line, style.SMALL), rel=0.015)


# What the marks say


def bars(chart: Chart) -> list[tuple[float, float]]:
    return bars_of(drawn(chart).axes[0])


def bars_of(axes: Axes) -> list[tuple[float, float]]:
    return [(bar.get_x(), bar.get_width()) for bar in axes.patches]


def test_bars_begin_at_zero():
    rows = (ChartRow("a", "7", 7.0), ChartRow("b", "-3", -3.0))
    assert bars(chart(*rows, mark="bar", unit="branch")) == [(0, 7), (0, -3)]


@pytest.mark.parametrize("value", [5.0, -5.0, 1e9])
def test_zero_is_always_within_the_axis_and_has_a_tick(value):
    axes = drawn(chart(ChartRow("a", "x", value))).axes[0]
    low, high = axes.get_xlim()
    assert low < 0 < high
    assert "0" in [label.get_text() for label in axes.get_xticklabels()]


def test_an_absence_is_no_mark():
    axes = drawn(WORST["only absences"]).axes[0]
    assert (list(axes.lines), list(axes.patches), list(axes.get_xticklabels())) == ([], [], [])
    both = drawn(chart(ChartRow("a", "not reported"), ChartRow("b", "5", 5.0))).axes[0]
    assert [line.get_xdata()[0] for line in both.lines] == [5.0]


def test_a_range_has_ends_alike_and_its_value_is_a_small_diamond_that_does_not_read_as_the_value():
    for value in (3.0, 5.0, 9.0):
        axes = drawn(chart(ChartRow("a", "x", value, 3.0, 9.0))).axes[0]
        assert [(list(line.get_xdata()), line.get_marker()) for line in axes.lines] == [
            ([3.0, 9.0], "|"),
            ([value], "D"),
        ]
        assert bars_of(axes) == [(3.0, 6.0)]
    opened = drawn(WORST["open bounds"]).axes[0]
    arrows = [note for note in opened.texts if getattr(note, "arrow_patch", None)]
    assert [(arrow.xy[0], arrow.get_position()[0] > 0) for arrow in arrows] == [(5.0, True), (4.0, False)]


@pytest.mark.parametrize(
    ("low", "high", "solid"),
    [(2.0, 9.0, [(0.0, 2.0)]), (0.0, 9.0, []), (-9.0, 4.0, []), (-9.0, -2.0, [(0.0, -2.0)])],
)
def test_a_bar_is_solid_as_far_as_all_values_of_its_range_go(low, high, solid):
    axes = drawn(chart(ChartRow("a", "x", low, low, high), mark="bar", unit="branch")).axes[0]
    assert bars_of(axes) == [*solid, (low, high - low)]


def test_a_range_that_its_dot_hides_is_not_drawn():
    for low, high, marks in ((99.9, 100.1, ["o"]), (99.9, 150.0, ["|", "D"])):
        one = chart(ChartRow("a", "100", 100.0, low, high))
        assert [line.get_marker() for line in drawn(one).axes[0].lines] == marks
        assert one.shows_range(one.rows[0]) is (len(marks) == 2)


# Where the words stand


def side_of(row: ChartRow, *others: ChartRow, **fields: object) -> str:
    shown = chart(row, *others, **fields)
    mark = {"o": 0, "D": 0}
    drawing = drawn(shown)
    [box] = [box for word, box in texts(drawing) if word.replace("\n", " ") == drawable(row.text)]
    [dot] = [line.get_window_extent() for line in drawing.axes[0].lines if line.get_marker() in mark][:1]
    if box.y1 <= dot.y0 + 1:
        return "under"
    return "right" if box.x0 > dot.x1 else "left" if box.x1 < dot.x0 else "over"


def test_words_stand_at_the_outer_side_of_their_mark_also_below_zero():
    assert side_of(ChartRow("a", "5 yuan", 5.0)) == "right"
    assert side_of(ChartRow("a", "−5 yuan", -5.0), ChartRow("b", "4 yuan", 4.0)) == "left"
    assert side_of(ChartRow("a", "0 yuan", 0.0), ChartRow("b", "4 yuan", 4.0)) == "right"


def test_words_without_room_beside_their_mark_stand_under_it():
    said = "50,400 yuan (26,400 yuan before the rise; a value in 1 of 2 readings)"
    assert side_of(ChartRow("a", said, 5.0)) == "under"
    assert side_of(ChartRow("a", said, 1.0), ChartRow("b", "9", 9.0)) == "right"
    assert side_of(ChartRow("a", "5 yuan", 5.0), axis="own") == "under"


def test_a_minus_is_said_as_a_minus_and_drawn_as_wide_as_a_plus():
    shown = chart(ChartRow("a", Text.of("zh-Hans").quantity(-83, "branch"), -83.0), unit="branch")
    assert shown.rows[0].text == "−83个支部"
    drawing = drawn(shown)
    assert {word for word, _ in texts(drawing) if "83" in word or word.startswith("–")} >= {"–83个支部"}
    assert "−" in shown.alt
    assert text_width("−83", 8) == pytest.approx(text_width("+83", 8), rel=0.02)


def test_english_quotes_are_straight_where_the_font_would_draw_them_full_width():
    """matplotlib applies font features to single lines only."""
    for words in ("if read as “all heads”", "if the text is read as “4,200 yuan for all heads” " * 4):
        notes = drawn(chart(ChartRow("a", words, 5.0))).axes[0].texts
        [text] = [note.get_text() for note in notes if "read as" in note.get_text()]
        assert ("“" in text) is ("\n" not in text)


def test_the_programme_of_the_report_is_told_from_its_peers_without_colour():
    own, peer = drawn(chart(ChartRow("a", "1", 1.0, highlight=True), ChartRow("b", "1", 1.0))).axes[0].lines
    assert (own.get_markerfacecolor(), peer.get_markerfacecolor()) == (style.HIGHLIGHT, "white")
    own, peer = (
        drawn(chart(ChartRow("a", "1", 1.0, highlight=True), ChartRow("b", "1", 1.0), mark="bar"))
        .axes[0]
        .patches
    )
    assert (own.get_hatch(), peer.get_hatch()) == (None, "////")


def test_the_alternative_text_says_kind_message_values_and_gaps():
    rows = (ChartRow("Ludian", "754,000 yuan", 754e3), ChartRow("", "Not reported by Wushan"))
    assert chart(*rows, title="One costs 754,000").alt == (
        "Dot chart. One costs 754,000. Heading · Ludian: 754,000 yuan; Heading: Not reported by Wushan."
    )


# Files


def test_every_run_gives_the_same_bytes(real):
    one, other = (real("investment", "ludian", "zh-Hant") for _ in range(2))
    assert one.png(dpi=90) == other.png(dpi=90)
    assert one.svg() == other.svg()


def test_the_files_hold_no_date_no_software_and_no_letters(real, tmp_path):
    chart = real("branches", "wushan", "zh-Hans")
    svg = chart.save(tmp_path / "charts")
    assert svg.name == "branches.svg"
    with Image.open(BytesIO(chart.png())) as image:
        assert image.size[0] == pytest.approx(156 / 25.4 * 300, abs=1)
        assert not {"Software", "Creation Time"} & image.info.keys()
    drawing = svg.read_text(encoding="utf-8")
    assert "<text" not in drawing and "dc:date" not in drawing


def test_the_html_is_one_escaped_figure_with_title_note_and_source_as_text():
    html = chart(ChartRow("<b>", "<script>", 1.0), title="<i>", note="<n>", source="<s>")._repr_html_()
    page = BeautifulSoup(html, "html.parser")
    assert not page.select("script, b, i, n, s")
    assert {each["aria-label"] for each in page.select("svg")} == {"Dot chart. <i>. Heading · <b>: <script>."}
    assert page.select_one("svg.desktop text[text-anchor=end]").get_text() == "<b>"
    assert [part.get_text() for part in page.select("figcaption p")] == ["<n>", "<s>"]
    assert page.strong.get_text() == "<i>"


def test_a_phone_gets_a_picture_drawn_for_its_width():
    page = BeautifulSoup(chart(ChartRow("a", "1", 1.0))._repr_html_(), "html.parser")
    wide, narrow = (float(each["viewbox"].split()[2]) for each in page.select("svg"))
    assert narrow / wide == pytest.approx(92 / 156, rel=0.01)
    assert [each["class"] for each in page.select("svg")] == [["desktop"], ["phone"]]


def test_a_picture_in_a_page_scrolls_where_a_window_is_too_narrow():
    page = BeautifulSoup(chart(ChartRow("a", "1", 1.0))._repr_html_(), "html.parser")
    assert page.select_one(".picture")["tabindex"] == "0"
    # 27rem are 432 pixels: the smallest type, 7.5 points at 156 mm, is then 7 pixels high.
    assert "min-width: min(27rem, 85vw)" in page.style.get_text()
    assert 7.5 / 72 * 96 * 432 / (156 / 25.4 * 96) > 7


# Within a page


def svg(*rows: ChartRow, **fields: Any) -> BeautifulSoup:
    return BeautifulSoup(chart(*rows, **fields)._drawing(standalone=False).sheet(), "xml")


def test_a_chart_within_a_page_has_its_words_as_words_as_wide_as_they_were_laid_out():
    drawn = svg(ChartRow("a", "75.39万元", 1.0), ChartRow("b", "“quoted”", 2.0))
    words = {each.get_text(): float(each["textLength"]) for each in drawn.select("text")}
    assert words["75.39万元"] == pytest.approx(text_width("75.39万元", style.BODY) * 72, abs=0.01)
    assert words["“quoted”"] == pytest.approx(text_width('"quoted"', style.BODY) * 72, abs=0.01)


def test_a_chart_within_a_page_has_every_mark_that_matplotlib_draws():
    rows = (
        ChartRow("dot", "1", 1.0, highlight=True),
        ChartRow("range", "2", 2.0, 1.0, 3.0),
        ChartRow("rise", "3", 3.0, before=1.0),
        ChartRow("bound", "1 or more", 1.0, 1.0, math.inf),
        ChartRow("gap", "not reported", absence="not_reported"),
    )
    drawn = svg(*rows, unit="venue")
    [one, two, three] = [row for row in drawn.select("circle") if row["r"] == "3"]
    assert (one["fill"], two["fill"], three["fill"]) == ("#0072b2", "#ffffff", "#ffffff")
    [before] = [row for row in drawn.select("circle") if row["r"] == "2.25"]
    places = {label.get_text(): float(label["x"]) for label in drawn.select("text[text-anchor=middle]")}
    # The scale of the page is that of the axis: 1 is where the tick of 1 is.
    assert float(one["cx"]) == float(before["cx"]) == pytest.approx(places["1"], abs=0.01)
    assert len(drawn.select('rect[fill="#d5dadf"]')) == 1, "the range"
    assert len(drawn.select('path[stroke-width="1.2"]')) == 2, "the line of the rise, and the arrow"


def test_a_bar_of_a_peer_is_hatched_and_what_lies_beyond_the_axis_is_not_drawn():
    bars = svg(ChartRow("a", "1", 10.0, highlight=True), ChartRow("b", "1", 10.0), mark="bar", limit=5.0)
    own, peer = bars.select("rect[stroke]")
    assert (own["fill"], peer["fill"]) == ("#0072b2", "#ffffff")
    assert len(bars.select('path[stroke-width="0.6"]')) == 1
    edge = max(float(each["x"]) + float(each["width"]) for each in (own, peer))
    assert edge <= float(bars.svg["viewBox"].split()[2])


def test_a_page_in_the_dark_has_charts_in_its_own_ink():
    rules = sheet.CSS
    for colour in (style.INK, style.SOFT, style.PEER, style.HIGHLIGHT):
        assert f'[fill="{colour.lower()}"]' in rules and f'[stroke="{colour.lower()}"]' in rules
    assert "@media screen and (prefers-color-scheme: dark)" in rules


# Slides


def rows(number: int) -> tuple[ChartRow, ...]:
    return tuple(ChartRow(f"county {n}", f"{n} yuan", float(n)) for n in range(number))


def test_a_chart_that_fits_a_slide_is_one_picture():
    [one] = chart(*rows(4)).slides()
    assert (one.name, one.title, one.scale) == ("test", "Title", 1.5)
    [dense] = chart(*rows(9)).slides()
    assert (dense.name, dense.scale) == ("test", 1.2)


def test_a_chart_with_more_rows_is_several_pictures_with_one_axis():
    parts = chart(*rows(40)).slides()
    assert [part.name for part in parts] == [f"test-{n}" for n in range(1, len(parts) + 1)]
    assert parts[0].title == f"Title (1/{len(parts)})"
    assert {part.reach for part in parts} == {(0.0, 39.0)}
    assert {part.groups[0].heading for part in parts} == {"Heading"}
    assert [row for part in parts for row in part.rows] == list(rows(40))
    for part in parts:
        assert_fits_slide(part)


def test_a_line_that_says_who_is_silent_does_not_stand_alone_on_a_slide():
    for number in range(8, 30):
        silent = Group("", (ChartRow("", "Not reported by Wushan"),))
        [*_, last] = chart(groups=(Group("Heading", rows(number)), silent)).slides()
        assert last.rows[0].is_drawn


# What the charts of the three themes claim

TITLES = {
    ("investment", "ludian"): "Ludian County put 754,000 yuan into each new or upgraded village venue",
    (
        "investment",
        "minjia",
    ): "Minjia township puts each village venue at between 760,000 yuan and 3.8 million yuan",
    ("stipends", "shangzhou"): "Shangzhou District gives a village head with one post a subsidy of "
    "24,000 yuan a year",
    ("stipends", "ludian"): "Ludian County raised the pay of a village or community head with one post from "
    "24,000 yuan to 50,400 yuan a year",
    ("branches", "ludian"): "Ludian County dissolved up to 177 Party branches while founding 94",
    ("branches", "wushan"): "Wushan County put seven weak Party organisations in order, or plans to",
}


@pytest.mark.parametrize("place", TITLES)
def test_the_titles_state_the_findings(real, place):
    assert real(*place).title == TITLES[place]


def test_a_place_that_reports_fewer_than_two_values_has_no_chart(real):
    found = [(theme, place) for place in PROGRAMMES for theme in QUESTIONS if real(theme, place)]
    assert sorted(found) == sorted(SHOWN)


@pytest.mark.parametrize("place", SHOWN)
def test_the_coverage_and_the_sources_are_those_of_the_rows_drawn(real, data, place):
    shown = real(*place)
    rows = [row for group in shown.groups for row in group.rows if row.value is not None]
    owners = {figure_id.split(".")[0] for row in rows for figure_id in row.figure_ids.split()}
    assert shown.programmes == owners
    assert f"reported by {len(owners)} of 5 places" in shown.subtitle
    titles = data.sources.set_index("programme_id")["title_en"]
    assert {owner for owner in PROGRAMMES if titles[owner] in shown.source} == owners


@pytest.mark.parametrize("place", SHOWN)
def test_who_reports_nothing_is_said_once(real, data, place):
    shown = real(*place)
    for programme, name in zip(data.programmes["programme_id"], data.programmes["label"], strict=True):
        if programme not in shown.programmes:
            assert shown.alt.count(name) == 1
    said = [row.text for row in shown.rows if row.text.startswith("Not reported")]
    assert len(said) == (len(shown.programmes) < len(PROGRAMMES))


def test_who_reports_a_part_is_said_and_the_data_names_the_part(real):
    [silent, partial] = real("branches", "ludian").groups[-1].rows
    assert silent.text == "Not reported by Shangzhou District, Weinan High-tech Zone and Minjia township"
    assert partial.text == "Reported in part by Wushan County"
    assert [gap.label for gap in partial.others] == [
        "Wushan County (Branches dissolved)",
        "Wushan County (Branches established)",
        "Wushan County (Net change of branches)",
        "Wushan County (Model branches)",
    ]


def test_works_that_differ_and_years_are_said(real):
    note = real("investment", "ludian").note
    assert "The works differ (new and upgraded; depending on the reading): compare with care." in note
    assert "Years: Ludian County 2018–2021 (inferred); Minjia township unknown." in note


def test_each_kind_of_mark_that_is_drawn_has_its_meaning_said(real):
    assert real("stipends", "ludian").note.startswith(
        "Filled: Ludian County; hollow: the others. Small hollow dot: before the rise."
    )
    assert "diamond: the default reading, one among them." in real("branches", "ludian").note
    assert "diamond" not in real("branches", "wushan").note
    assert "A county subsidy is given as the amount paid." in real("investment", "minjia").note
    assert "Arrow" not in real("investment", "minjia").note
    assert "Arrow" not in real("investment", "ludian").note


# What an invented county reports


def qingxi_chart(
    root, theme: str, *codings: dict[str, str], figures=(), terms=(), other: bool = False
) -> Chart:
    unused = ("choices", "readings")
    tables: Rows = VALID | {
        **{name: [row for row in VALID[name] if row["choice_id"] != SCOPE] for name in unused},
        "codings": list(codings),
        "figures": [*VALID["figures"], *figures],
        "terms": [*VALID["terms"], *terms],
    }
    if other:
        place = {"programme_id": "baisha", "admin_level": "county"} | bilingual(
            label="白沙县", programme_name="固"
        )
        source = VALID["sources"][0] | {"source_id": "baisha", "programme_id": "baisha", "file": "baisha.txt"}
        tables["programmes"] = [*VALID["programmes"], place]
        tables["sources"] = [*VALID["sources"], source]
    data = processed.checked(write(root, tables))
    every = spans(data, data.tables["estimates"])
    return question_chart(QUESTIONS[theme], Labels(data, Text.of("en")), every, "qingxi")


def test_a_county_subsidy_is_the_amount_that_is_printed_and_bounds_the_cost(tmp_path):
    shown = qingxi_chart(
        tmp_path,
        "investment",
        coding("sub", "cost_per_venue", "qingxi.sub", object="village_venue", funder="county_subsidy"),
        coding("tea", "cost_per_venue", "qingxi.sub", object="tea_house", funder="county_subsidy"),
        figures=[figure("sub", 3, 95, "50万元", "500000", "CNY/venue", basis="per_unit")],
        terms=[term("object", "tea_house")],
    )
    assert shown.title == "青溪县 pays a county subsidy of 500,000 yuan for each village_venue"
    assert "The cost of the venue may be higher" in shown.note


def test_absences_keep_their_type(tmp_path):
    common, tea = {"object": "village_venue", "funder": "total"}, {"object": "tea_house"}
    baisha = {"programme_id": "baisha", "coding_id": "baisha.cost"}
    shown = qingxi_chart(
        tmp_path,
        "investment",
        coding("cost", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.new", **common),
        coding("tea", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.new", **common | tea),
        coding("", "cost_per_venue", "", absence="not_applicable", **common, **baisha),
        terms=[term("funder", "total"), term("object", "tea_house")],
        other=True,
    )
    [silent] = shown.groups[-1].rows
    assert silent.text == "Not applicable to 白沙县"
    assert [gap.absence for gap in silent.others] == ["not_reported", "not_applicable"]


def test_a_county_without_a_head_still_reports_pay(tmp_path):
    shown = qingxi_chart(
        tmp_path,
        "stipends",
        coding("deputy", "yearly_pay", "qingxi.pay.deputy", post="deputy", stage="before"),
        coding("clerk", "yearly_pay", "qingxi.pay.deputy", post="clerk", stage="before"),
        terms=[term("post", "clerk")],
    )
    assert shown.title == "青溪县 gave a deputy 36,000 yuan a year before the rise"
    assert [row.text for row in shown.groups[0].rows] == ["36,000 yuan (before)", "36,000 yuan (before)"]


def test_a_county_with_model_branches_only_is_not_said_to_report_none(tmp_path):
    shown = qingxi_chart(
        tmp_path,
        "branches",
        coding("models", "model_branches", "qingxi.models", object="village_venue"),
        coding("tea", "model_branches", "qingxi.models", object="tea_house"),
        figures=[figure("models", 3, 95, "1个", "1", "branch", theme="branches")],
        terms=[term("theme", "branches"), term("object", "tea_house")],
    )
    assert shown.title == "青溪县 reports 1 Party branch for model branches (village_venue)"
    assert not re.search(r"\b1 Party branches", shown.alt)
