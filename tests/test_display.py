"""Frames and comparisons as tables to read."""

import pandas as pd
import pytest

import analysis
from analysis.project import Project
from analysis.words.languages import LANGUAGES


@pytest.fixture(scope="module")
def data(data) -> Project:
    return Project(data.root, data.tables, data.data_hash)


def shown(data, *args, **options) -> pd.DataFrame:
    table = data.show(*args, **options)
    return table.frame().rename(columns={column.key: column.label for column in table.columns})


def test_headings_codes_and_numbers_are_in_words(data):
    frame = shown(data, "estimates", programme_id="ludian", measure="cost_per_venue", object="village_venue")
    [row] = frame.to_dict("records")
    assert row["Place"] == "Ludian County"
    assert row["What"] == "Village venue, new and upgraded, total cost"
    assert row["Value"] == "753,924 yuan per venue"
    assert row["Year"] == "2018–2021 (inferred)"


def test_an_absence_is_named_and_an_empty_cell_is_none(data):
    frame = shown(data, "estimates", programme_id="weinan", measure="yearly_pay")
    assert frame["Value"].to_list() == ["not reported"]
    assert not (shown(data, "figures") == "").any(axis=None)


def test_a_subsidy_is_the_amount_that_is_printed(data):
    frame = shown(
        data, "estimates", "zh-Hans", programme_id="minjia", measure="cost_per_venue", works="new",
        object="village_venue", funder="county_subsidy",
    )  # fmt: skip
    assert frame["数值"].to_list() == ["960,000元/场所"]


def test_the_columns_asked_for_are_those_shown(data):
    table = data.show("estimates", measure="yearly_pay", columns=["programme_id", "lower"])
    assert [column.key for column in table.columns] == ["programme_id", "lower"]


def test_a_long_table_says_how_much_of_it_is_shown(data):
    table = data.show("figures", rows=3)
    assert len(table.rows) == 3
    assert table.notes[-1] == f"The first 3 of {len(data.figures)} rows; the argument rows shows more."


def test_a_frame_taken_from_a_table_is_shown_like_the_table(data):
    pay = data.tables["estimates"].query("measure == 'pay_rise' and post == 'deputy' and absence == ''")
    assert shown(data, pay)["Value"].to_list() == ["1.78"]


def test_a_comparison_is_its_ranking_with_the_unit_below(data):
    pay = analysis.compare(data, "yearly_pay", post="deputy", stage="after", across=["place"])
    table = data.show(pay)
    assert [row["place"] for row in table.rows] == [
        "Ludian County", "Shangzhou District (community)", "Shangzhou District (village)",
    ]  # fmt: skip
    assert table.notes == ("Unit: yuan per person per year, prices of 2021",)


def test_who_reports_what_has_places_for_headings(data):
    frame = shown(data, analysis.coverage(data), "zh-Hans")
    assert frame.columns.to_list() == ["指标", "商州区", "鲁甸县", "武山县", "渭南高新区", "民家"]
    assert set(frame["商州区"]) == {"有报告", "未报告"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_can_be_shown_with_headings_in_words(data, language):
    for name in data.tables:
        table = data.show(name, language, rows=5)
        assert (table.rows or data.tables[name].empty) and "<table" in table._repr_html_()
        if language != "en":
            assert all(not column.label.isascii() or column.label == "SHA-256" for column in table.columns)


def test_the_table_itself_is_left_as_it_is(data):
    before = data.figures.copy()
    data.show("figures")
    pd.testing.assert_frame_equal(data.figures, before)


def test_a_name_that_there_is_not_is_answered_with_those_that_there_are(data):
    with pytest.raises(
        ValueError, match=r"^no table 'estimate'; did you mean 'estimates'\? There are terms, "
    ):
        data.show("estimate")
    with pytest.raises(ValueError, match=r"^no table 'xyz'; there are terms, programmes, "):
        data.show("xyz")
    with pytest.raises(
        ValueError, match=r"^no column 'programme' to choose rows by; there are programme_id, "
    ):
        data.show("estimates", programme="ludian")
    with pytest.raises(ValueError, match=r"^no column 'place_id'; there are programme_id, "):
        data.show("estimates", columns=["place_id"])
    with pytest.raises(ValueError) as caught:
        data.show("programmes", programme_id="ludan")
    assert str(caught.value) == (
        "no row has programme_id='ludan'; those left have 'shangzhou', 'ludian', 'wushan', 'weinan', 'minjia'"
    )
