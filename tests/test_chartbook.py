"""The chart book: what each chart claims, for five programmes and for thousands."""

import re
from collections.abc import Callable
from functools import cache, partial
from itertools import product

import pytest
from bs4 import BeautifulSoup
from charting import assert_readable
from country import country
from written import WRITTEN

from analysis.draw import Chart, ChartRow, Matrix, Picture
from analysis.estimates.selection import LABELLED
from analysis.estimates.themes import THEMES
from analysis.show.chartbook import Book, profile_chart
from analysis.show.chartbook.chart_rows import outliers

PROGRAMMES = ("shangzhou", "ludian", "wushan", "weinan", "minjia")
# Traditional characters are converted one by one and are as wide: they need the room of the Simplified ones.


@pytest.fixture(scope="module")
def many(data) -> Book:
    """Hundreds of programmes beside the five; the benchmarks have a whole country."""
    return Book(country(data, 300))


@pytest.fixture(scope="module")
def books(data) -> Callable[[str], Book]:
    """Return what makes the book of a language, each once."""
    return cache(partial(Book, data))


@pytest.fixture(scope="module")
def book(books) -> Book:
    return books("en")


def chart(charts: list[Picture], name: str) -> Chart:
    [found] = [each for each in charts if each.name == name]
    return found


def words(picture: Picture) -> dict[str, str]:
    """What is said beside each labelled row of a chart."""
    return {row.label: row.text for row in picture.rows if row.label}


# Everything can be read


@pytest.mark.parametrize(("programme", "language"), [*product(PROGRAMMES, WRITTEN), ("ludian", "zh-Hant")])
def test_no_text_of_a_chart_on_a_programme_is_cut_off_or_covered(books, programme, language):
    charts = books(language).programme(programme)
    drawn_elsewhere = {"cost_per_venue", "yearly_pay", "branches"}  # test_charts.py
    for picture in charts:
        if picture.name not in drawn_elsewhere:
            assert_readable(picture)


@pytest.mark.parametrize(("theme", "language"), [*product(THEMES, WRITTEN), ("stipends", "zh-Hant")])
def test_no_text_of_a_chart_on_a_theme_is_cut_off_or_covered(books, theme, language):
    for picture in books(language).theme(theme):
        assert_readable(picture)


def test_a_slide_can_be_read_in_either_variant(book):
    for standalone in (True, False):
        for part in chart(book.programme("ludian"), "yearly_pay").slides(standalone=standalone):
            assert_readable(part, standalone)


@pytest.mark.parametrize("language", WRITTEN)
def test_every_chart_of_the_five_fits_slides(books, language):
    book = books(language)
    charts = [*map(book.programme, PROGRAMMES), *map(book.theme, THEMES)]
    for picture in (each for found in charts for each in found):
        for part in picture.slides():
            drawing = part._drawing(standalone=True)
            assert drawing.height() <= drawing.width * 9 / 16, part.name


def test_a_country_can_be_read(many):
    for picture in (*many.programme("synthetic-0001"), *many.theme("investment")):
        assert_readable(picture)


# What the charts claim


def test_each_programme_has_a_chart_for_each_question(book):
    assert [picture.name for picture in book.programme("minjia", ("investment", "branches"))] == [
        "cost_per_venue",
        "readings_cost_per_venue",
        "readings_cost_per_m2",
        "readings_average_subsidy",
        "coverage",
        "profile",
    ]
    assert [picture.name for picture in book.theme("branches")] == [
        "coverage",
        "comparison_organisations_rectified",
    ]


def test_the_rise_of_pay_is_a_multiple_beside_a_line_at_no_change(book):
    rise = chart(book.programme("ludian"), "pay_rise")
    assert rise.title == "Ludian County raised pay to between 1.78 and 4.33 times what it was"
    assert rise.reference == 1.0
    assert words(rise) == {
        "Head with both posts": "1.91 times",
        "Head with one post": "2.10 times",
        "Deputy": "1.78 times",
        "Committee member": "4.33 times",
    }
    assert [row.value for row in rise.rows][:4] == pytest.approx([50.4 / 26.4, 2.1, 38.4 / 21.6, 31.2 / 7.2])
    assert book.chart("pay_rise", programme="wushan") is None


def test_each_reading_has_its_value_and_one_that_arithmetic_rules_out_has_no_mark(book):
    cost = chart(book.programme("minjia"), "readings_cost_per_venue")
    assert cost.title == (
        "Cost per venue (Village venue, newly built, total cost) in Minjia township "
        "is 950,000 to 3.8 million yuan, depending on the reading"
    )
    [new] = cost.groups
    drawn = [(row.text, row.value, row.highlight) for row in new.rows if row.value is not None]
    assert drawn == [
        ("3.8 million yuan (default)", 3.8e6, True),
        ("3.8 million yuan", 3.8e6, False),
        ("950,000 yuan", 950e3, False),
    ]
    [left] = [row for row in new.rows if row.value is None]
    assert left.text == "Without a value: 5 of 8 readings (not comparable; ruled out)"
    assert [row.text for row in left.others] == ["not comparable", *["ruled out"] * 4]


def test_a_reading_that_only_bounds_a_value_is_a_range_of_its_own(book):
    net = chart(book.programme("ludian"), "readings_net_branches")
    assert (
        net.title == "Net change of branches (Party branch) in Ludian County is −83 to 94 Party branches, "
        "depending on the reading"
    )
    assert [(row.low, row.high) for row in net.rows] == [(None, None), (-83.0, 94.0)]
    assert "Light bar between two strokes: what the words of the text leave open" in net.note


def test_what_the_analyst_decides_is_no_reading_of_the_text(book):
    pay = chart(book.programme("ludian"), "readings_pay_to_rural_income")
    assert not any("annualisation" in row.reading for row in pay.rows)


def test_readings_that_move_no_value_have_no_chart(book):
    """Some readings of a text leave its head with pay and without; none says another amount."""
    assert book.chart("readings_yearly_pay", programme="ludian") is None


def test_the_coverage_of_few_programmes_is_a_table_of_signs(book):
    picture = chart(book.programme("ludian"), "coverage")
    assert isinstance(picture, Matrix)
    assert picture.title == (
        "Ludian County reports 30 of 39 measures; 15 are reported by two or more of 5 places"
    )
    assert picture.columns[picture.highlight] == "Ludian County"
    assert {row.label: [cell.absence for cell in row.others] for row in picture.rows}[
        "Venues built or upgraded per village"
    ] == ["not_reported", "", "not_reported", "", "not_comparable"]


def test_the_key_of_a_table_of_signs_shows_each_sign_on_a_page_too(book):
    page = BeautifulSoup(chart(book.programme("ludian"), "coverage")._repr_html_(), "lxml")
    for drawn in page.select("svg"):
        line = drawn.find("text", string="not reported")["y"]
        words = [float(text["x"]) for text in drawn.select(f'text[y="{line}"]')]
        places = [float(sign.get("cx") or sign["d"][1:].split()[0]) for sign in drawn.select("circle, path")]
        for word in words:
            assert [place for place in places if word - 12 < place < word]


def test_the_coverage_of_many_programmes_is_a_count(many):
    picture = chart(many.programme("synthetic-0001", ("stipends",)), "coverage")
    assert (picture.kind, words(picture)["Yearly pay"]) == ("bar", "202 of 305 (reported)")
    assert words(picture)["Pension subsidy per person and year"] == "1 of 305 (not reported)"


def test_counts_have_no_ranks_and_two_places_neither(book):
    names = [picture.name for theme in THEMES for picture in book.theme(theme)]
    assert [name for name in names if name.startswith("ranks_")] == ["ranks_venues_covered"]
    assert book.chart("ranks_cost_per_venue", theme="investment") is None


def test_a_rank_has_its_range_over_readings(book):
    ranks = chart(book.theme("investment"), "ranks_venues_covered")
    assert ranks.axis == "rank"
    places = [(row.label, row.value, row.low, row.high) for row in ranks.groups[0].rows if row.value]
    assert places == [
        ("Ludian County", 1.0, 1.0, 1.0),
        ("Weinan High-tech Zone", 2.0, 2.0, 2.0),
        ("Minjia township", 3.0, 2.0, 3.0),
    ]
    assert "best and worst rank over all readings; diamond" in ranks.note


def test_a_profile_gives_each_row_its_own_scale_and_names_the_others(book):
    profile = chart(book.programme("weinan"), "profile")
    assert (profile.axis, profile.title) == (
        "own",
        "Weinan High-tech Zone reports 4 values that others report too",
    )
    assert [(row.text, row.aside) for row in profile.rows] == [
        ("8 venues (5 to 8 venues)", "Ludian County 79 venues"),
        (
            "8 venues (5 to 8 venues)",
            "Ludian County 79 venues; Wushan County 60 venues; Minjia township (newly built) 4 venues; "
            "Minjia township (extended or upgraded) 1 venue",
        ),
        ("50% (31.3 to 50%)", "Ludian County 76.7%; Minjia township 31.3%"),
        ("≥ 70 people", "Shangzhou District 3,636 people; Wushan County ≥ 3,000 people"),
    ]
    assert "Each row has its own scale" in profile.note


def test_a_profile_without_anything_in_common_is_none(book):
    assert profile_chart(book.labels, [], "weinan") is None


# Too many to label


def test_many_others_are_a_distribution_and_the_programme_is_marked(many):
    cost = chart(many.programme("synthetic-0001"), "cost_per_venue")
    own, others, absent = cost.rows
    assert own.highlight and own.text == "243,000 yuan (higher than 15% of the others)"
    assert (others.label, others.value, len(others.others)) == ("201 others", None, 201)
    assert others.text == "median 478,000 yuan; middle half 319,000 to 672,000 yuan"
    assert others.aside.startswith("far out: Minjia township 3.8 million yuan; Synthetic programme 0")
    assert re.search(r" yuan and \d+ more$", others.aside)
    assert absent.text == "Not reported by 103 programmes"
    assert "outside the picture" in cost.note
    assert cost.source == "Sources: reports of 202 programmes; the data names them."


def test_the_values_outside_the_picture_are_counted_and_the_labelled_ones_never_are(many):
    cost = chart(many.programme("synthetic-0001"), "cost_per_venue")
    values = [other.value for row in cost.rows for other in row.others if other.value is not None]
    beyond = sum(value > cost.limit for value in values)
    assert 0 < beyond < 0.03 * len(values)
    assert f"{beyond} of the values lie above 2.03 million yuan, outside the picture." in cost.note
    own = chart(many.programme("minjia"), "cost_per_venue")
    assert own.limit is None or own.limit >= 3.8e6


def test_pay_of_many_is_a_distribution_under_each_post(many):
    pay = chart(many.programme("synthetic-0001"), "yearly_pay")
    [own, others, _] = pay.rows
    assert (own.label, own.before) == ("Head with one post", own.value / 2)
    assert "higher than" in own.text
    assert len(others.others) > LABELLED


def test_a_comparison_of_many_is_a_distribution_and_its_title_names_none_of_them(many):
    costs = chart(many.theme("investment"), "comparison_cost_per_venue")
    assert costs.title == (
        "The cost of a village venue is known of 202 places; at the default readings "
        "the median is 508,000 yuan, and the middle half is 362,000 to 727,000 yuan"
    )
    [row] = costs.groups[0].rows
    assert (row.label, row.value) == ("202 programmes", None)
    assert row.aside.startswith("far out: Minjia township 4.53 million yuan; ")
    assert "filled" not in costs.note
    assert "Grey bars: how many places lie where" in costs.note


def test_what_lies_far_out_is_named_from_the_farthest_on():
    rows = [ChartRow(f"county {n}", "", 100.0 + n) for n in range(20)]
    far = [ChartRow("low", "", -50.0), ChartRow("high", "", 900.0)]
    assert [row.label for row in outliers([*rows, *far])] == ["high", "low"]
    assert outliers(rows) == []


def test_ranks_of_many_are_not_drawn(many):
    assert many.chart("ranks_cost_per_venue", theme="investment") is None


# Prices, errors


def test_money_in_prices_of_a_year_says_so_and_counts_stay(data):
    charts = Book(data, price_year=2024).programme("ludian")
    assert "prices of 2024" in chart(charts, "cost_per_venue").subtitle
    assert chart(charts, "cost_per_venue").price_basis == "constant-2024"
    assert words(chart(charts, "branches"))["Ludian County"] == "77 organisations"


def test_an_unknown_programme_or_theme_is_named(book):
    with pytest.raises(ValueError, match="unknown theme 'roads'; allowed are investment, stipends, branches"):
        book.theme("roads")
    with pytest.raises(ValueError, match="unknown programme 'nowhere'; known are shangzhou, ludian, wushan"):
        book.programme("nowhere")
