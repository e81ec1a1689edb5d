"""Parameters that enter elsewhere than through a file: in a notebook, through plain papermill, in a call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.project import Project
from analysis.show.memo import MemoRequest, memo_on
from analysis.words.languages import Language

PAY = {"post": "deputy", "place": "village", "stage": "after"}
TAKERS: dict[str, Callable[[Project, object], object]] = {
    "CountyReport": lambda data, year: analysis.CountyReport(data, "ludian", price_year=year),
    "ComparisonReport": lambda data, year: analysis.ComparisonReport(data, "stipends", price_year=year),
    "Book": lambda data, year: analysis.Book(data, price_year=year),
    "compare": lambda data, year: analysis.compare(data, "yearly_pay", price_year=year, **PAY),
    "comparisons": lambda data, year: analysis.comparisons(data, "stipends", price_year=year),
    "explore": lambda data, year: analysis.explore(data, price_year=year),
    "workbook": lambda data, year: analysis.workbook(data, programme="ludian", price_year=year),
    "memo": lambda data, year: MemoRequest(("ludian",), price_year=year).validate(data),
}
EXPECTED = "a year of the price series, 2011 to 2024, as a plain number, 'printed' or None"


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize(
    ("year", "remedy"),
    [
        ("2021", "write 2021"),
        (2021.0, "write 2021"),
        (date(2021, 1, 1), "write 2021"),
        (True, "choose another year"),
        (1990, "choose another year"),
        ("latest", "choose another year"),
    ],
)
def test_what_is_no_year_of_prices_is_refused_at_once(data, taker, year, remedy):
    with pytest.raises(ValueError) as caught:
        TAKERS[taker](data, year)
    assert str(caught.value) == f"price_year: {year!r} — expected {EXPECTED}; {remedy}"


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize("year", [2021, np.int64(2021), "printed", None])
def test_a_year_of_prices_is_taken(data, taker, year):
    assert TAKERS[taker](data, year) is not None


def test_printed_prices_of_a_county_are_those_it_shows_anyway(data):
    printed = analysis.CountyReport(data, "ludian", price_year="printed")
    assert printed.price_year is analysis.CountyReport(data, "ludian").price_year is None


def test_a_text_is_one_peer_and_not_its_letters(data):
    report = analysis.CountyReport(data, "ludian", peers="minjia")
    assert report.selected.programme_ids == ["ludian", "minjia"]
    with pytest.raises(ValueError, match="unknown programme 'minja'; did you mean 'minjia'"):
        analysis.CountyReport(data, "ludian", peers="minja")


@pytest.mark.parametrize("peers", [("minjia",), {"minjia"}, np.array(["minjia"]), pd.Series(["minjia"])])
def test_peers_are_a_list_of_any_kind(data, peers):
    assert analysis.CountyReport(data, "ludian", peers=peers).selected.programme_ids == ["ludian", "minjia"]


def test_peers_that_can_be_read_once_are_not_lost(data):
    report = analysis.CountyReport(data, "ludian", peers=(name for name in ["minjia"]))
    assert report.selected.programme_ids == ["ludian", "minjia"]


KNOWN = "known are shangzhou, ludian, wushan, weinan, minjia"
ODD = {
    "peers": (5, "peers: 5 — expected a list of programmes, or None for all"),
    "mapped peers": ({"minjia": 1}, "peers: {'minjia': 1} — expected a list of programmes, or None for all"),
    "one peer": (["minjia", 5], f"unknown programme 5; {KNOWN}"),
    "programme": (5, f"unknown programme 5; {KNOWN}"),
    "listed programme": (["ludian"], "unknown programme ['ludian']; did you mean 'ludian'?"),
    "language": (None, "unknown language None; allowed are en, zh-Hans, zh-Hant"),
    "charts_dir": (5, "charts_dir: 5 — expected the name of a folder, or None"),
}


@pytest.mark.parametrize(("name", "value", "said"), [(name.split()[-1], *rest) for name, rest in ODD.items()])
def test_what_is_of_another_kind_is_refused_at_once(data, name, value, said):
    given = {"programme": "ludian", {"peer": "peers"}.get(name, name): value}
    with pytest.raises(ValueError) as caught:
        analysis.CountyReport(data, **given)
    assert str(caught.value) == said


def test_a_theme_and_a_folder_of_another_kind_are_refused_in_a_comparison(data):
    with pytest.raises(ValueError, match=r"unknown theme \['stipends'\]; allowed are investment, "):
        analysis.ComparisonReport(data, ["stipends"])
    with pytest.raises(ValueError, match="charts_dir: 5 — expected the name of a folder, or None"):
        analysis.ComparisonReport(data, "stipends", charts_dir=5)


SPELLINGS = {
    "zh-CN": "zh-Hans", "zh_CN": "zh-Hans", "cn": "zh-Hans", "zh-SG": "zh-Hans",
    "zh-TW": "zh-Hant", "zh_TW": "zh-Hant", "tw": "zh-Hant", "zh-HK": "zh-Hant", "EN": "en", "en_GB": "en",
}  # fmt: skip


@pytest.mark.parametrize(("spelling", "code"), SPELLINGS.items())
def test_a_language_is_what_people_mean_wherever_it_is_named(data, spelling, code):
    assert Language.parse(spelling).code == code
    made = [
        (analysis.CountyReport(data, "weinan", each).opening()._repr_html_(),
         analysis.ComparisonReport(data, "branches", each).opening()._repr_html_(),
         str(data.source("weinan", each)),
         analysis.workbook(data, programme="weinan", language=each).language,
         memo_on(data, {"programme": "weinan", "language": each}).language)
        for each in (spelling, code)
    ]  # fmt: skip
    assert made[0] == made[1]
