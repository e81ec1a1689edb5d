"""Names of what the data holds, in three languages."""

from copy import deepcopy

import pytest
from qingxi import VALID, write

from analysis.evidence import checks
from analysis.evidence.dataset import Dataset
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES


@pytest.fixture(scope="module")
def qingxi(tmp_path_factory) -> Dataset:
    return checks.load(write(tmp_path_factory.mktemp("labels")))


@pytest.fixture
def labels(qingxi, request) -> Labels:
    return Labels(qingxi, Text.of(getattr(request, "param", "en")))


in_languages = pytest.mark.parametrize


def test_names_come_from_the_terms(labels):
    assert labels.programme("qingxi") == "青溪县"
    assert (labels.term("post", "deputy"), labels.term("post", "")) == ("deputy", "")
    assert (labels.rank("post", "deputy"), labels.rank("post", "")) == (1, 0)
    assert labels.measure("pay_rise") == "Pay after the rise as a multiple of before"


def test_dimensions_begin_with_a_capital_and_leave_out_what_is_empty(labels):
    assert labels.dimensions({"object": "village_venue", "funder": "county_subsidy", "post": ""}) == (
        "Village_venue, county_subsidy"
    )
    assert labels.dimensions({}) == ""


def test_the_place_of_an_investment_is_left_out(labels):
    row = {"object": "village_venue", "place": "village"}
    assert labels.dimensions(row) == "Village_venue, village"
    assert labels.dimensions({**row, "theme": "investment"}) == "Village_venue"


@in_languages(
    ("labels", "detailed", "attributes", "sentences"),
    [
        ("en", "Ludian (a; b)", "a, b", "One. Two."),
        ("zh-Hans", "Ludian（a；b）", "a，b", "One.Two."),
        ("zh-Hant", "Ludian（a；b）", "a，b", "One.Two."),
    ],
    indirect=["labels"],
)
def test_phrases_are_put_together_in_the_punctuation_of_the_language(labels, detailed, attributes, sentences):
    assert labels.with_detail("Ludian", ["a", "", "b"]) == detailed
    assert labels.with_detail("Ludian", ["", ""]) == "Ludian"
    assert labels.attributes(["a", "", "b"]) == attributes
    assert labels.sentences(["One.", "", "Two."]) == sentences


@pytest.mark.parametrize(
    ("year", "basis", "shown"),
    [
        ("2021", "stated", "2021"),
        ("2018/2021", "inferred", "2018–2021 (inferred)"),
        ("", "unknown", "unknown"),
    ],
)
def test_a_year_says_how_it_is_known(labels, year, basis, shown):
    assert labels.year(year, basis) == shown


@in_languages(
    ("labels", "published", "basis", "shown"),
    [
        ("en", "2021-09-26", "stated", ("26 September 2021",)),
        ("zh-Hant", "2021-09-26", "stated", ("2021年9月26日",)),
        ("en", "2022/2024", "inferred", ("2022–2024", "inferred")),
        ("zh-Hans", "2015", "inferred", ("2015", "推断")),
    ],
    indirect=["labels"],
)
def test_the_date_of_a_source_is_a_day_or_years(labels, published, basis, shown):
    assert labels.publication({"published": published, "date_basis": basis}) == shown


def test_a_place_is_named_in_traditional_characters_as_its_own_column_has_it(tmp_path):
    tables = deepcopy(VALID)
    tables["programmes"][0] |= {"label_zh": "钟山县", "label_zh_hant": "鐘山縣"}
    data = checks.load(write(tmp_path, tables))
    named = {code: Labels(data, Text.of(code)).programme("qingxi") for code in LANGUAGES}
    assert named == {"en": "青溪县", "zh-Hans": "钟山县", "zh-Hant": "鐘山縣"}
