"""Regional reference series: the nearest region, two values in print, and provincial prices."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from qingxi import VALID, Rows, bilingual, coding, figure, problems, reading, series, write

from analysis.draw.tables import Table
from analysis.estimates.comparable import compare
from analysis.estimates.measures import Estimate, from_frame, to_frame
from analysis.estimates.prices import at_prices, in_prices_of, price_years
from analysis.estimates.processed import checked
from analysis.estimates.regions import province_of, wider_regions
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import CPI, REGIONAL_CPI, parse_when
from analysis.evidence.rows import Programme, RegionalValue, rows_of
from analysis.evidence.theme import RURAL_INCOME
from analysis.show.cards import FigureCard, find_card
from analysis.show.county.report import CountyReport

INCOME, WHICH = "qingxi.income", "qingxi.year-2014-2016"
NAMES = {"610000": ("Shaanxi", "陕西省"), "611000": ("Shangluo", "商洛市"), "611002": ("Shangzhou", "商州区")}


def regional(name: str, code: str, when: str = "", **values: str) -> list[dict[str, str]]:
    region, region_zh = NAMES[code]
    common = {"region_code": code, "region": region, "region_zh": region_zh, "when": when}
    return [row | common for row in series(name, "yuan", **values)]


LATER, FEATURE = f"{INCOME}=later", f"{INCOME}=feature"
REGIONAL = [
    *regional(RURAL_INCOME, "610000", y2013="7092", y2016="9396"),
    *regional(RURAL_INCOME, "611000", y2015="7732", y2017="9000"),
    *regional(RURAL_INCOME, "611002", LATER, y2015="7744"),
    *regional(RURAL_INCOME, "611002", FEATURE, y2015="8020"),
    *regional(REGIONAL_CPI, "610000", y2015="101.0", y2016="101.3", y2017="101.6"),
]
PAY = figure(
    "head", 1, 20, "2.4万元", "24000", "CNY/person/year", period="year", basis="per_unit", theme="stipends"
)
TABLES: Rows = VALID | {
    "programmes": [row | {"division_code": "611002"} for row in VALID["programmes"]],
    "figures": [PAY | {"year": "2015"}],
    "exclusions": [],
    "codings": [coding("head", "yearly_pay", "qingxi.head", post="head_split", stage="after")],
    "choices": [
        {"choice_id": "annualisation", "kind": "definitional"} | bilingual(question="Yearly?"),
        {"choice_id": "price-index", "kind": "definitional"} | bilingual(question="Whose prices?"),
        {"choice_id": INCOME, "programme_id": "qingxi", "kind": "uncertain"} | bilingual(question="Income?"),
        {"choice_id": WHICH, "programme_id": "qingxi", "kind": "uncertain"} | bilingual(question="Year?"),
    ],
    "readings": [
        reading("annualisation", "twelve", default=True), reading("annualisation", "as-printed"),
        reading("price-index", "national", default=True), reading("price-index", "provincial"),
        reading(INCOME, "later", default=True), reading(INCOME, "feature"),
        reading(WHICH, "2014"), reading(WHICH, "2015", default=True), reading(WHICH, "2016"),
    ],
    "identities": [],
    "reference_series": [
        *series(CPI, "percent", y2014="2.0", y2015="1.4", y2016="2.0", y2017="1.6", y2018="2.1"),
        *series(RURAL_INCOME, "yuan", y2013="9430", y2014="10489", y2015="11422", y2016="12363"),
    ],
    "regional_series": REGIONAL,
}  # fmt: skip


def dataset(
    root: Path, year: str = "2015", division: str = "611002", **tables: list[dict[str, str]]
) -> Dataset:
    """Return a place whose head is paid 24,000 yuan in a year, with whatever tables are given."""
    own = {
        "figures": [PAY | {"year": year, "year_basis": "stated" if year else "unknown"}],
        "programmes": [row | {"division_code": division} for row in TABLES["programmes"]],
    }
    return checked(write(root, TABLES | own | tables))


def ratios(data: Dataset, measure: str = "pay_to_regional_income") -> list[Estimate]:
    frame = data.tables["estimates"]
    return from_frame(frame[frame["measure"] == measure])


# The nearest region.


@pytest.mark.parametrize(
    ("code", "regions"),
    [
        ("611002", ["611002", "611000", "610000"]),
        ("611000", ["611000", "610000"]),
        ("610000", ["610000"]),
        ("", []),
    ],
)
def test_the_regions_that_a_division_is_in(code: str, regions: list[str]) -> None:
    assert list(wider_regions(code)) == regions


@pytest.mark.parametrize(
    ("year", "division", "region", "value"),
    [
        ("2015", "611021", "611000", 24_000 / 7_732),  # the prefecture, as the county has no value
        ("2016", "611002", "610000", 24_000 / 9_396),  # the province
        ("2014", "611002", "CN", 24_000 / 10_489),  # no region below the country has the year
        ("2015", "530621", "CN", 24_000 / 11_422),  # no series of that province
        ("2015", "", "CN", 24_000 / 11_422),  # nobody knows where it is
    ],
)
def test_pay_is_divided_by_the_income_of_the_nearest_region_that_has_the_year(
    tmp_path: Path, year: str, division: str, region: str, value: float
) -> None:
    (found,) = ratios(dataset(tmp_path, year, division))
    assert (found.region, found.value, found.is_default) == (region, pytest.approx(value), True)


def test_the_national_ratio_stays_beside_it(tmp_path: Path) -> None:
    (found,) = ratios(dataset(tmp_path), "pay_to_rural_income")
    assert (found.region, found.value, found.reading) == ("", pytest.approx(24_000 / 11_422), "")


@pytest.mark.parametrize(("year", "reason"), [("2012", "year_outside_series"), ("", "value_without_year")])
def test_a_year_that_no_region_has(tmp_path: Path, year: str, reason: str) -> None:
    (found,) = ratios(dataset(tmp_path, year))
    assert (found.absence, found.reason, found.region) == ("not_comparable", reason, "")


def test_a_year_that_only_a_region_has(tmp_path: Path) -> None:
    (found,) = ratios(dataset(tmp_path, "2017"))
    assert (found.region, found.value) == ("611000", pytest.approx(24_000 / 9_000))


# Two values in print, and an open year.


def test_each_of_two_values_in_print_is_a_reading(tmp_path: Path) -> None:
    assert [(row.reading, row.value, row.is_default) for row in ratios(dataset(tmp_path))] == [
        (LATER, pytest.approx(24_000 / 7_744), True),
        (FEATURE, pytest.approx(24_000 / 8_020), False),
    ]


def test_an_open_year_takes_the_region_of_each_year(tmp_path: Path) -> None:
    found = ratios(dataset(tmp_path, "2014/2016"))
    assert [(row.reading, row.region, row.value) for row in found] == [
        (f"{LATER}; {WHICH}=2014", "CN", pytest.approx(24_000 / 10_489)),
        (f"{FEATURE}; {WHICH}=2014", "CN", pytest.approx(24_000 / 10_489)),
        (f"{LATER}; {WHICH}=2015", "611002", pytest.approx(24_000 / 7_744)),
        (f"{FEATURE}; {WHICH}=2015", "611002", pytest.approx(24_000 / 8_020)),
        (f"{LATER}; {WHICH}=2016", "610000", pytest.approx(24_000 / 9_396)),
        (f"{FEATURE}; {WHICH}=2016", "610000", pytest.approx(24_000 / 9_396)),
    ]
    assert [row.is_default for row in found] == [False, False, True, False, False, False]


# What readers see.


def pay_table(data: Dataset, language: str) -> Table:
    table = CountyReport(data, "qingxi", language=language).estimates("stipends")
    assert table
    return table


@pytest.mark.parametrize(
    ("language", "cell", "levels"),
    [
        (
            "en",
            "3.10 (Shangzhou; 2.29 to 3.10)",
            "2014 the whole country 10,489 yuan; 2015 Shangzhou later or feature; 2016 Shaanxi 9,396 yuan",
        ),
        (
            "zh-Hans",
            "3.10（商州区；2.29至3.10）",
            "2014年全国10,489元；2015年商州区later或feature；2016年陕西省9396元",
        ),
    ],
)
def test_the_county_report_has_the_regional_ratio_beside_the_national_one(
    tmp_path: Path, language: str, cell: str, levels: str
) -> None:
    table = pay_table(dataset(tmp_path, "2014/2016"), language)
    assert [row["regional"] for row in table.rows] == ["", cell]
    assert levels in table.notes[-1]


def test_where_no_region_has_a_year_the_note_says_that_it_is_the_country(tmp_path: Path) -> None:
    table = pay_table(dataset(tmp_path, division="530621"), "en")
    assert "regional" not in [column.key for column in table.columns]
    assert "2015 the whole country 11,422 yuan" in table.notes[-1]


def test_a_ratio_that_only_a_region_has_is_a_row_of_its_own(tmp_path: Path) -> None:
    table = pay_table(dataset(tmp_path, "2017"), "en")
    assert [row["what"] for row in table.rows] == [
        "Head_split, after", "Head_split, after (Shangluo)"
    ]  # fmt: skip


def test_the_card_names_the_region_and_the_national_ratio(tmp_path: Path) -> None:
    (card,) = (
        card for card in find_card(FigureCard, dataset(tmp_path), "qingxi.head").estimates
        if card.record.measure == "pay_to_regional_income"
    )  # fmt: skip
    said = str(card).splitlines()
    assert "Reference region: Shangzhou" in said
    assert "Yearly pay as a multiple of national rural disposable income per head: 2.10" in said
    assert [line for line in said if "(Shang" in line] == ["  - 3.10 (Shangzhou)", "  - 2.99 (Shangzhou)"]


# Provincial prices.


def money(data: Dataset, year: int, index: str) -> list[Estimate]:
    return from_frame(in_prices_of(data, data.tables["estimates"], year, index))


@pytest.mark.parametrize(
    ("index", "region", "value"), [("national", "", 24_480), ("provincial", "610000", 24_312)]
)
def test_money_in_the_prices_of_the_country_and_of_the_province(
    tmp_path: Path, index: str, region: str, value: float
) -> None:
    """From 2015 to 2016 prices rose by 2.0 percent in the country and by 1.3 in Shaanxi."""
    found = [row for row in money(dataset(tmp_path), 2016, index) if row.has_value]
    assert [(row.region, row.value) for row in found] == [(region, pytest.approx(value))]


def test_back_over_two_years_of_the_province(tmp_path: Path) -> None:
    (found,) = [row for row in money(dataset(tmp_path, "2017"), 2015, "provincial") if row.has_value]
    assert found.value == pytest.approx(24_000 / 1.016 / 1.013)


def test_without_a_known_province_the_national_prices_are_used_and_it_is_said(tmp_path: Path) -> None:
    (found,) = [row for row in money(dataset(tmp_path, division=""), 2016, "provincial") if row.has_value]
    assert (found.region, found.value) == ("CN", pytest.approx(24_480))


def test_provincial_prices_reach_as_far_as_those_of_every_province(tmp_path: Path) -> None:
    data = dataset(tmp_path)
    assert (price_years(data), price_years(data, "provincial")) == (range(2013, 2019), range(2014, 2018))
    with pytest.raises(ValueError) as caught:
        money(data, 2018, "provincial")
    assert str(caught.value) == "no consumer prices for 2018; the series covers 2014 to 2017"


def test_an_unknown_index(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as caught:
        at_prices(dataset(tmp_path), to_frame([]), 2016, "province")
    assert str(caught.value) == "unknown price index 'province'; allowed are national, provincial"


def test_a_comparison_in_provincial_prices_names_them(tmp_path: Path) -> None:
    chosen = {"price-index": "provincial"}
    found = compare(
        dataset(tmp_path), "yearly_pay", post="head_split", stage="after", price_year=2016, definitions=chosen
    )
    assert (found.definitions, found.estimates["value"].to_list()) == (chosen, [pytest.approx(24_312)])


def test_a_comparison_says_that_regions_differ(tmp_path: Path) -> None:
    other = {"programme_id": "baisha", "division_code": "530621"}
    source = {"source_id": "baisha", "programme_id": "baisha", "file": "baisha.txt", "sha256": "1" * 64}
    pay = {"figure_id": "baisha.head", "source_id": "baisha", "year": "2015"}
    coded = {"coding_id": "baisha.head", "programme_id": "baisha", "numerator": "baisha.head"}
    data = dataset(
        tmp_path,
        programmes=[*TABLES["programmes"], TABLES["programmes"][0] | other],
        sources=[*TABLES["sources"], TABLES["sources"][0] | source],
        figures=[*TABLES["figures"], PAY | pay],
        codings=[*TABLES["codings"], TABLES["codings"][0] | coded],
    )
    by_region, national = (
        compare(data, measure, post="head_split", stage="after")
        for measure in ("pay_to_regional_income", "pay_to_rural_income")
    )
    assert (by_region.differences, national.differences) == (["region"], [])
    # One truth for all: in 1 of 2 readings on both sides alike.
    assert by_region.robustness.pair("qingxi", "baisha").total == 2


# The real data.


def test_a_head_of_shangzhou_by_year_and_region(data: Dataset) -> None:
    found = [r for r in ratios(data) if r.figure_ids == "shangzhou.pay.village-head-split" and r.has_value]
    year = "shangzhou.year-2014-2016"
    assert {(parse_when(row.reading)[year], row.region, round(row.value, 2)) for row in found} == {
        ("2014", "CN", 2.29), ("2015", "611002", 3.10), ("2015", "611002", 2.99), ("2016", "610000", 2.55),
    }  # fmt: skip


def test_ludian_is_measured_by_the_country(data: Dataset) -> None:
    """Yunnan has a value of 2017 only, and the pay is of 2020 or 2021."""
    assert {row.region for row in ratios(data) if row.programme_id == "ludian" and row.has_value} == {"CN"}


def test_minjia_has_no_province_and_goes_by_national_prices(data: Dataset) -> None:
    found = [row for row in money(data, 2021, "provincial") if row.has_value]
    regions = {(row.programme_id, row.region) for row in found}
    assert regions == {
        ("shangzhou", "610000"), ("ludian", "530000"), ("wushan", "620000"), ("minjia", "CN")
    }  # fmt: skip


def test_each_place_is_in_the_region_that_its_code_names(data: Dataset) -> None:
    regions = {
        row.region_code: row.region_zh for row in rows_of(RegionalValue, data.tables["regional_series"])
    }
    codes = {row.programme_id: row.division_code for row in rows_of(Programme, data.programmes)}
    assert codes == {
        "shangzhou": "611002", "ludian": "530621", "wushan": "620524", "weinan": "610500", "minjia": "",
    }  # fmt: skip
    for row in rows_of(Programme, data.programmes):
        assert regions.get(province_of(row.division_code), "") == row.province_zh
    assert (regions["611002"], regions["611000"]) == ("商州区", "商洛市")


@pytest.mark.parametrize("name", ["reference_series", "regional_series"])
def test_a_source_is_named_by_its_release_and_not_by_a_page(data: Dataset, name: str) -> None:
    sources = set(data.tables[name]["source"])
    assert not [source for source in sources if re.search(r"\b\w+\.(com|cn|org|net)\b|://|\bvia\b", source)]


# Checks.


def wrong(*rows: dict[str, str], **tables: list[dict[str, str]]) -> list[str]:
    found = problems(TABLES | {"regional_series": [*rows]} | tables)
    return [str(problem).removeprefix("data/raw/") for problem in found]


def test_a_choice_that_only_a_series_names_is_used() -> None:
    assert wrong(*REGIONAL) == []


def test_a_choice_that_nothing_names() -> None:
    assert wrong(*regional(RURAL_INCOME, "611002", y2015="7744")) == [
        "choices.csv:4: choice_id: 'qingxi.income' — expected a choice that a coding or a value of a "
        "regional series names in its column when; name it there, or remove the choice [unused-choice]"
    ]


PAIR = [
    *regional(RURAL_INCOME, "611002", LATER, y2015="7744"),
    *regional(RURAL_INCOME, "611002", FEATURE, y2015="8020"),
]
FILE = "reference/regional_series.csv"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"when": "qingxi.incom=later"}, (
            "when: 'qingxi.incom=later' — expected a choice and a reading of data/raw/readings.csv; "
            "correct it, or add the row there [dangling-id]"
        )),
        ({"when": "qingxi.income=latter"}, (
            "when: 'qingxi.income=latter' — expected a choice and a reading of data/raw/readings.csv; "
            "correct it, or add the row there [dangling-id]"
        )),
        ({"when": "later"}, (
            "when: 'later' — expected one choice=reading, or an empty cell; correct the cell [series-when]"
        )),
        ({"when": f"{LATER}; annualisation=twelve"}, (
            "when: 'qingxi.income=later; annualisation=twelve' — expected one choice=reading, or an empty "
            "cell; correct the cell [series-when]"
        )),
        ({"when": "annualisation=twelve"}, (
            "when: 'annualisation=twelve' — expected no such condition: the suite computes every reading of "
            "this choice; remove it [series-when]"
        )),
        ({"series": REGIONAL_CPI, "value": "101", "when": LATER}, (
            "when: 'qingxi.income=later' — expected no condition: prices are chained from one value a year; "
            "empty the cell [series-when]"
        )),
        ({"when": LATER}, (
            "when: 'qingxi.income=later' — expected a row for each reading of qingxi.income, also for "
            "feature; add the missing row, or empty the cell [series-when]"
        )),
        ({"value": "0"}, "value: '0' — expected more than 0; correct the value [series]"),
        ({"value": "-8"}, "value: '-8' — expected more than 0; correct the value [series]"),
        ({"region_code": "61100"}, (
            "region_code: '61100' — expected a code of six digits (GB/T 2260), such as 611002; correct the "
            "cell [form]"
        )),
        ({"region_code": "611002"}, (
            "region: 'Shangluo' — expected 'Shangzhou', as line 2 names 611002; correct the name or the code "
            "[series]"
        )),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong(row: dict[str, str], expected: str) -> None:
    (changed,) = regional(RURAL_INCOME, "611000", y2016="8400")
    assert wrong(*PAIR, changed | row)[:1] == [f"{FILE}:4: {expected}"]


def test_values_of_one_year_of_which_one_has_no_reading() -> None:
    more = regional(RURAL_INCOME, "611002", y2015="8000")
    assert wrong(*PAIR, *more) == [
        f"{FILE}:4: when: empty — expected one value of 611002 in 2015, or one for each reading of one "
        "choice; correct the cell, that of line 2, or remove a row [series-when]"
    ]


def test_a_year_that_prices_cannot_be_chained_over() -> None:
    assert wrong(*PAIR, *regional(REGIONAL_CPI, "610000", y2015="101.0", y2017="101.6")) == [
        f"{FILE}:5: year: '2017' — expected 2016: prices are chained from each year after 2015; add the "
        "missing rows, or correct the year [series]"
    ]


def test_a_value_that_stands_twice() -> None:
    again = regional(RURAL_INCOME, "611000", y2015="7732")
    assert wrong(*PAIR, *again, *again) == [
        f"{FILE}:5: when: empty — expected one value of 611000 in 2015, or one for each reading of one "
        "choice; correct the cell, that of line 4, or remove a row [series-when]"
    ]
